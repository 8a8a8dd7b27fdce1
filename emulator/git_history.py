"""Reads the commits of a git repository, in the order their authors made them. Must not know what they are for."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from emulator.errors import WrongUseError

# The instants that the API takes; git itself takes any number.
FIRST_INSTANT: Final = datetime(1970, 1, 2, tzinfo=UTC)
END_INSTANT: Final = datetime(2200, 1, 1, tzinfo=UTC)

# A git that runs a hook names its own repository in these, over the one that we are asked for.
_FOREIGN: Final = ("GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE")


@dataclass(frozen=True, kw_only=True, order=True)
class Commit:
    """One commit; its order is that of the authors' clocks, made complete by the name."""

    authored_at: datetime
    name: str


@dataclass(frozen=True, kw_only=True)
class History:
    """The commits of a repository that can be played, oldest first, and how many cannot."""

    # The repository's own folder: the same from every folder inside its checkout.
    git_dir: Path
    commits: tuple[Commit, ...]
    skipped: int


def read_history(repo: Path, author: str = "") -> History:
    """The history of HEAD, of one author where given (as for `git log --author`). Raises WrongUseError."""
    git_dir = Path(_git(repo, "rev-parse", "--absolute-git-dir").strip())
    log = _git(repo, *_log_command(author)) if _has_commits(repo) else ""
    dated = dict(_dated(log))
    commits = sorted(Commit(authored_at=at, name=name) for name, at in dated.items() if at)
    if not commits:
        whose = f" by an author like {author!r}" if author else ""
        outside = f" that lie from 1970-01-02 to 2199 ({len(dated)} do not)" if dated else ""
        message = f"{repo} has no commits{whose}{outside}"
        raise WrongUseError(message)
    return History(git_dir=git_dir, commits=tuple(commits), skipped=len(dated) - len(commits))


def _log_command(author: str) -> list[str]:
    filters = [f"--author={author}"] if author else []
    return ["-c", "log.showSignature=false", "log", "--no-patch", "--format=%H %at", *filters, "HEAD", "--"]


def _dated(log: str) -> Iterator[tuple[str, datetime | None]]:
    """Each commit's name, and its author's instant where the API would take it."""
    for line in log.splitlines():
        name, _, seconds = line.partition(" ")
        # The offset beside an author's clock says how it looked there; the instant is in the seconds alone.
        is_number = seconds.removeprefix("-").isdecimal()
        inside = is_number and FIRST_INSTANT.timestamp() <= int(seconds) < END_INSTANT.timestamp()
        yield name, datetime.fromtimestamp(int(seconds), UTC) if inside else None


def _has_commits(repo: Path) -> bool:
    return _run(repo, "rev-parse", "--quiet", "--verify", "HEAD").returncode == 0


def _git(repo: Path, *words: str) -> str:
    done = _run(repo, *words)
    if done.returncode:
        said = (done.stderr.strip().splitlines() or [f"git ended with status {done.returncode}"])[0]
        message = f"{repo}: {said.removeprefix('fatal: ')}"
        raise WrongUseError(message)
    return done.stdout


def _run(repo: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment: Mapping[str, str] = {name: value for name, value in os.environ.items() if name not in _FOREIGN} | {
        "LC_ALL": "C"
    }
    try:
        return subprocess.run(  # noqa: S603  (our own words; what a caller chose is one word each)
            ["git", "-C", str(repo), *words],  # noqa: S607  (the git that the caller uses)
            env=environment,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except FileNotFoundError as error:
        message = "git is not installed, or not on the PATH"
        raise WrongUseError(message) from error
