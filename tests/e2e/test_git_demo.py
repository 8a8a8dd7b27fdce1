"""A git history lived as a streak agrees with what git says. Must not know how it is played."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from emulator.child import tethered
from emulator.client import Client
from emulator.errors import SetupError
from emulator.firestore import HOST_VARIABLE, FirestoreEmulator
from emulator.git_demo import served_at
from emulator.git_history import read_history
from emulator.git_player import Played, Source, play
from emulator.places import ROOT
from emulator.port import free_port
from streak_core.config import shipped_policy
from tests.support.wanted import needs

ANN: Final = "Ann <ann@example.org>"
BOB: Final = "Bob <bob@example.org>"

# In UTC three runs of days: several offsets, several commits a day, and both sides of 04:00.
HISTORY: Final = (
    (ANN, "2025-03-02T23:30:00+02:00"),
    (ANN, "2025-03-03T09:00:00+00:00"),
    (ANN, "2025-03-03T10:00:00+09:00"),
    (BOB, "2025-03-04T18:00:00-07:00"),
    (ANN, "2025-03-06T03:59:59+00:00"),
    (ANN, "2025-03-06T04:00:00+00:00"),
    (ANN, "2025-03-06T22:15:00+05:30"),
    (BOB, "2025-03-11T12:00:00+00:00"),
    (ANN, "2025-03-12T05:00:00+01:00"),
    (ANN, "2025-03-13T04:59:00+01:00"),
    (ANN, "2025-03-14T08:00:00-08:00"),
    (BOB, "2025-03-15T03:00:00+00:00"),
    (ANN, "2025-03-15T21:00:00+00:00"),
)
ZONES: Final = ("UTC", "Asia/Tokyo", "America/Los_Angeles", "Asia/Kolkata")


def git(repo: Path, *words: str, at: str = "2025-03-20T12:00:00+00:00", author: str = ANN) -> str:
    """Git, with an author's clock."""
    name, _, address = author.partition(" ")
    who = {"GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": address.strip("<>"), "GIT_AUTHOR_DATE": at}
    committer = {key.replace("AUTHOR", "COMMITTER"): value for key, value in who.items()}
    # Neither the settings of whoever runs the tests nor a hook that runs them may change the examples.
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **who, **committer}
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")} | own
    return subprocess.run(
        ["git", "-C", str(repo), *words], env=environment, capture_output=True, text=True, check=True
    ).stdout


def commit(repo: Path, author: str, at: str, *more: str) -> None:
    git(repo, "commit", "--quiet", "--allow-empty", "--message=x", *more, at=at, author=author)


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet")
    for author, at in HISTORY:
        commit(tmp_path, author, at)
    return tmp_path


def days_by_git(repo: Path, zone: str, author: str = "") -> set[date]:
    """The days of the commits, from nothing but git's own dates."""
    log = git(repo, "log", "--format=%aI", f"--author={author}").split()
    return {(datetime.fromisoformat(at).astimezone(ZoneInfo(zone)) - timedelta(hours=4)).date() for at in log}


def runs_of(days: set[date]) -> list[int]:
    """The lengths of the runs of days without a gap, in order."""
    lengths: list[int] = []
    for day in sorted(days):
        if day - timedelta(days=1) in days:
            lengths[-1] += 1
        else:
            lengths.append(1)
    return lengths


def nothing(_done: int) -> None:
    """Show nothing."""


def played(
    base_url: str, repo: Path, zone: str = "UTC", author: str = "", show: Callable[[int], None] = nothing
) -> Played:
    return play(base_url, Source(history=read_history(repo, author), author=author, zone=zone), show)


def assert_told_as_by_git(base_url: str, repo: Path, done: Played, zone: str = "UTC", author: str = "") -> None:
    """What the API says as of the last commit is what git says."""
    expected = days_by_git(repo, zone, author)
    runs = runs_of(expected)
    last_at = read_history(repo, author).commits[-1].authored_at
    with Client(base_url, done.user_id) as client:
        streak = client.ask("GET", "/streak", at=last_at).content
        calendar = client.ask("GET", "/calendar?days=366", at=last_at).content["days"]
    assert (streak["current_streak"], streak["longest_streak"]) == (runs[-1], max(runs))
    assert {date.fromisoformat(row["date"]) for row in calendar if row["has_activity"]} == expected
    assert done.days == expected
    commits = len(git(repo, "log", "--format=%H", f"--author={author}").split())
    assert sum(row["activity_count"] for row in calendar) == commits


def test_a_history_with_more_commits_at_one_moment_than_a_user_may_send_is_played_whole(
    served: str, tmp_path: Path
) -> None:
    git(tmp_path, "init", "--quiet")
    size = shipped_policy().limits.commands_max + 20
    told = "".join(
        f"commit refs/heads/imported\nauthor {ANN} 1741000000 +0000\ncommitter {ANN} 1741000000 +0000\ndata 1\nx\n"
        for _ in range(size)
    )
    subprocess.run(["git", "-C", str(tmp_path), "fast-import", "--quiet"], input=told, text=True, check=True)
    git(tmp_path, "symbolic-ref", "HEAD", "refs/heads/imported")
    done = played(served, tmp_path)
    assert done.sent == size
    assert_told_as_by_git(served, tmp_path, done)


def command(repo: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """The command behind `make demo`."""
    line = [sys.executable, "-m", "emulator", "demo", "--repo", str(repo), *options]
    return subprocess.run(tethered(line), cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("zone", ZONES)
def test_streaks_and_active_days_are_those_of_git(zone: str, served: str, repo: Path) -> None:
    assert_told_as_by_git(served, repo, played(served, repo, zone), zone)


def test_the_examples_tell_one_zone_from_another(repo: Path) -> None:
    assert len({tuple(sorted(days_by_git(repo, zone))) for zone in ZONES}) == len(ZONES)
    assert runs_of(days_by_git(repo, "UTC")) == [5, 2, 2]


def test_one_author_alone_is_another_user(served: str, repo: Path) -> None:
    everybody, ann = played(served, repo), played(served, repo, author="Ann")
    assert everybody.user_id != ann.user_id
    assert len(ann.days) < len(everybody.days)
    assert_told_as_by_git(served, repo, ann, author="Ann")


def test_played_twice_nothing_is_counted_twice(served: str, repo: Path) -> None:
    first, second = played(served, repo), played(served, repo)
    assert (first.sent, second.sent) == (len(HISTORY), 0)
    assert first.user_id == second.user_id
    assert_told_as_by_git(served, repo, second)


@pytest.mark.parametrize("stopped_after", [0, 1, 6, len(HISTORY)])
def test_stopped_anywhere_it_goes_on_from_there(stopped_after: int, served: str, repo: Path) -> None:
    def stop(done: int) -> None:
        if done == stopped_after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        played(served, repo, show=stop)
    done = played(served, repo)
    assert done.sent == len(HISTORY) - stopped_after
    assert_told_as_by_git(served, repo, done)


def test_new_commits_go_on_the_streak(served: str, repo: Path) -> None:
    played(served, repo)
    commit(repo, ANN, "2025-03-16T10:00:00+00:00")
    done = played(served, repo)
    assert done.sent == 1
    assert_told_as_by_git(served, repo, done)


def test_an_amended_commit_takes_the_place_of_the_one_before(served: str, repo: Path) -> None:
    first = played(served, repo)
    git(repo, "commit", "--quiet", "--allow-empty", "--amend", "--message=better")
    done = played(served, repo)
    assert done.user_id == first.user_id
    assert done.sent == 1
    assert_told_as_by_git(served, repo, done)


def test_an_amended_commit_that_moved_to_another_day_leaves_its_old_day(served: str, repo: Path) -> None:
    played(served, repo)
    commit(repo, ANN, "2025-03-18T10:00:00+00:00", "--amend", "--date=2025-03-18T10:00:00+00:00")
    assert_told_as_by_git(served, repo, played(served, repo))


def test_a_branch_of_some_days_ago_is_counted_on_its_own_days(served: str, repo: Path) -> None:
    first = played(served, repo)
    commit(repo, BOB, "2025-03-10T10:00:00+00:00")
    done = played(served, repo)
    assert done.user_id == first.user_id
    assert_told_as_by_git(served, repo, done)


def rewrite_all(repo: Path) -> None:
    git(repo, "checkout", "--quiet", "--orphan", "rewritten")
    for author, at in HISTORY:
        commit(repo, author, at, "--message=otherwise")


def add_a_commit_of_long_ago(repo: Path) -> None:
    commit(repo, BOB, "2025-03-05T10:00:00-04:00")


def forget_the_last_commit(repo: Path) -> None:
    git(repo, "reset", "--quiet", "HEAD~1")


@pytest.mark.parametrize("rewrite", [rewrite_all, add_a_commit_of_long_ago, forget_the_last_commit])
def test_a_history_rewritten_too_far_back_is_told_to_another_user(
    rewrite: Callable[[Path], None], served: str, repo: Path
) -> None:
    commit(repo, ANN, "2025-03-20T10:00:00+00:00")
    first = played(served, repo)
    rewrite(repo)
    done = played(served, repo)
    assert done.user_id != first.user_id
    assert_told_as_by_git(served, repo, done)
    again = played(served, repo)
    assert (again.user_id, again.sent) == (done.user_id, 0)


@pytest.mark.parametrize(
    ("seconds", "is_taken"),
    [(0, False), (86_399, False), (86_400, True), (7_258_118_399, True), (7_258_118_400, False), (99**5, False)],
)
def test_commits_are_taken_from_1970_01_02_to_2199(seconds: int, *, is_taken: bool, repo: Path) -> None:
    commit(repo, ANN, f"@{seconds} +1400")
    history = read_history(repo)
    assert (len(history.commits), history.skipped) == (len(HISTORY) + is_taken, int(not is_taken))


def test_commits_of_absurd_dates_are_left_out_and_counted(served: str, repo: Path) -> None:
    commit(repo, ANN, "@0 +0000")
    commit(repo, BOB, "@99999999999 +0000")
    answer = command(repo, "--base-url", served)
    assert answer.returncode == 0, answer.stderr
    assert f"commits: {len(HISTORY)} played" in answer.stdout
    assert "commits skipped, dated before 1970-01-02 or after 2199: 2\n" in answer.stdout
    assert "from 2025-03-02 to 2025-03-15, in UTC\n" in answer.stdout


def test_the_command_says_how_it_ended_and_how_it_is_now(served: str, repo: Path) -> None:
    days = days_by_git(repo, "Asia/Tokyo", "Ann")
    current, longest = runs_of(days)[-1], max(runs_of(days))
    answer = command(repo, "--base-url", served, "--zone", "Asia/Tokyo", "--author", "Ann")
    assert answer.returncode == 0, answer.stderr
    ended = f"current streak {current}, longest streak {longest} (on the last commit's day, {max(days)})\n"
    assert ended in answer.stdout
    assert f"current streak 0, longest streak {longest} (now, 20" in answer.stdout
    assert f"active days: {len(days)}, from {min(days)} to {max(days)}, in Asia/Tokyo\n" in answer.stdout
    assert "A active" in answer.stdout


def test_the_server_that_runs_is_found_past_whoever_else_is_there(served: str, emulator: FirestoreEmulator) -> None:
    here, firestores, nobodys = int(served.rpartition(":")[2]), int(emulator.host.rpartition(":")[2]), free_port()
    assert served_at(None, (firestores, here)) == served_at(here) == served
    assert served_at(None, (nobodys, here)) is None
    assert served_at(None, (firestores,)) is None
    with pytest.raises(SetupError, match=r"or is out of order|is not the local server"):
        served_at(firestores)


def test_a_server_of_another_project_is_not_taken_for_ones_own(served: str, monkeypatch: pytest.MonkeyPatch) -> None:
    here = int(served.rpartition(":")[2])
    monkeypatch.setenv("PROJECT", "my-app")
    with pytest.raises(SetupError, match=r"not the local server of project my-app; .* as in PROJECT="):
        served_at(here)
    assert served_at(None, (here,)) is None


def test_where_no_server_is_running_one_is_started_and_that_is_said(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    # Whose tokens are taken there is its own project's, as in everything that is local.
    monkeypatch.setenv("PROJECT", "my-app")
    answer = command(repo, "--base-url", url)
    assert answer.returncode == 0, answer.stderr
    assert "GOOGLE_CLOUD_PROJECT=my-app\n" in answer.stderr
    assert answer.stderr.startswith(f"no server at {url}: starting one")
    assert "NOTICE" not in answer.stderr
    assert "current streak 2, longest streak 5 (on the last commit's day, 2025-03-15)" in answer.stdout


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--repo", "/"], "not a git repository"),
        (["--repo", "no such folder"], "No such file or directory"),
        (["--author", "nobody"], "has no commits by an author like 'nobody'"),
        (["--zone", "Mars/Olympus"], "time_zone: is not a time zone"),
        (["--base-url", "https://example.org"], "is no address of a server on this machine"),
    ],
)
def test_wrong_use_is_told_in_a_line(options: list[str], message: str, served: str, repo: Path) -> None:
    answer = command(repo, "--base-url", served, *options)
    assert (answer.returncode, answer.stdout) == (2, "")
    line = answer.stderr.splitlines()[-1]
    assert line.startswith("error: ")
    assert message in line
    assert "Traceback" not in answer.stderr


def test_a_repository_without_commits_is_told(served: str, tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    answer = command(tmp_path, "--base-url", served)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr == f"error: {tmp_path} has no commits\n"


# A network of one's own, in which the machine reaches itself by ::1 alone.
IPV6_ALONE: Final = (
    *("unshare", "--net", "--map-root-user", "sh", "-ec"),
    'ip link set lo up; ip address delete 127.0.0.1/8 dev lo; exec "$@"',
    "sh",
)


@needs("a network of its own")
def test_a_machine_that_reaches_itself_by_ipv6_alone_serves_and_plays(repo: Path) -> None:
    if subprocess.run([*IPV6_ALONE, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no network of one's own can be had here")
    own = {name: value for name, value in os.environ.items() if name not in {"PORT", HOST_VARIABLE}}
    words = [*IPV6_ALONE, sys.executable, "-m", "emulator", "demo", f"--repo={repo}"]
    done = subprocess.run(words, cwd=ROOT, env=own, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "http://[::1]:8080" in done.stdout + done.stderr
