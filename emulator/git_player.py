"""Plays a history through the HTTP API as check-ins of one user, each at its own time.

Must not know git, the terminal, or how a streak is counted: every number comes from the API.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

from emulator.client import Client, Refused
from emulator.errors import SetupError, WrongUseError
from emulator.git_history import Commit, History

PAGE_SIZE: Final = 100
VERSIONS_MAX: Final = 50
WAITS_MAX: Final = 3

_TOO_LATE: Final = frozenset({"occurred_too_long_ago", "undo_too_late"})


class RewrittenError(Exception):
    """What was played to this user is not the beginning of this history, and too old to be taken back."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """What to play: the user is one and the same for the same repository, author and zone."""

    history: History
    author: str
    zone: str

    def user_id(self, version: int) -> str:
        """The user of the first version of this history, and of those after it was rewritten."""
        words = "\0".join((str(self.history.git_dir), self.author, self.zone))
        name = f"git-{hashlib.sha256(words.encode()).hexdigest()[:12]}"
        return f"{name}-{version}" if version else name


@dataclass(frozen=True, kw_only=True)
class Played:
    """Where a history has been played, how much of it just now, and the days it is on."""

    user_id: str
    sent: int
    days: frozenset[date]


@dataclass
class _Known:
    """What the server has of a user already."""

    days: dict[str, date] = field(default_factory=dict)
    undone: set[str] = field(default_factory=set)
    last_at: datetime | None = None


def play(base_url: str, source: Source, show: Callable[[int], None]) -> Played:
    """Play what has not been played yet; `show` is called with the number of commits that are done.

    Stopped anywhere and started again it counts nothing twice. Where the history was rewritten further back than
    the rules let anyone mend, it is played anew to another user. Raises WrongUseError, SetupError.
    """
    for version in range(VERSIONS_MAX):
        user_id = source.user_id(version)
        with Client(base_url, user_id) as client:
            try:
                return _Player(client, source).play(user_id, show)
            except RewrittenError:
                continue
    message = f"this history was rewritten {VERSIONS_MAX} times; start the server anew to forget the old ones"
    raise SetupError(message)


class _Player:
    """Plays one history to one user."""

    def __init__(self, client: Client, source: Source) -> None:
        self._client = client
        self._source = source
        self._commits = source.history.commits
        self._now: datetime | None = None

    def play(self, user_id: str, show: Callable[[int], None]) -> Played:
        known = self._known(show)
        names = {commit.name for commit in self._commits}
        if known.undone & names or (known.last_at and known.last_at > self._commits[-1].authored_at):
            raise RewrittenError
        self._choose_zone()
        days = {name: day for name, day in known.days.items() if name in names}
        show(len(days))
        open_commits = [commit for commit in self._commits if commit.name not in days]
        for commit in open_commits:
            days[commit.name] = self._record(commit)
            show(len(days))
        # After the recording: where that is refused, nothing needed to be taken back.
        for gone in known.days.keys() - names:
            self._undo(gone)
        return Played(user_id=user_id, sent=len(open_commits), days=frozenset(days.values()))

    def _known(self, show: Callable[[int], None]) -> _Known:
        known = _Known()
        for item in self._recorded():
            recorded_at = datetime.fromisoformat(item["recorded_at"])
            known.last_at = max(known.last_at or recorded_at, recorded_at)
            if item["undone"]:
                known.undone.add(item["activity_id"])
            else:
                known.days[item["activity_id"]] = date.fromisoformat(item["day"])
                show(min(len(known.days), len(self._commits)))
        return known

    def _recorded(self) -> Iterator[dict[str, Any]]:
        page = f"/streak/activities?page_size={PAGE_SIZE}"
        token = ""
        while True:
            content = self._client.ask("GET", page + token).content
            yield from content["activities"]
            if content["next_page_token"] is None:
                return
            token = f"&page_token={content['next_page_token']}"

    def _choose_zone(self) -> None:
        try:
            self._client.ask(
                "PATCH", "/streak/settings", at=self._commits[0].authored_at, body={"time_zone": self._source.zone}
            )
        except Refused as refusal:
            if refusal.status != HTTPStatus.UNPROCESSABLE_ENTITY:
                raise SetupError(str(refusal)) from refusal
            raise WrongUseError(refusal.detail) from refusal

    def _record(self, commit: Commit) -> date:
        # Were its own moment left out, a commit that comes late would count for the day of the last one.
        body = {"activity_type": "check_in", "occurred_at": commit.authored_at.isoformat()}
        content = self._command("POST", "/streak/activities", at=commit.authored_at, body=body, key=commit.name)
        return date.fromisoformat(content["activity"]["day"])

    def _undo(self, name: str) -> None:
        self._command("DELETE", f"/streak/activities/{name}", at=self._commits[-1].authored_at)

    def _command(
        self, method: str, path: str, at: datetime, body: Mapping[str, Any] | None = None, key: str | None = None
    ) -> dict[str, Any]:
        for _ in range(WAITS_MAX):
            # The server's now never goes back: what was put off is before what comes after it.
            self._now = at = max(at, self._now or at)
            try:
                return self._client.ask(method, path, at=at, body=body, key=key).content
            except Refused as refusal:
                if refusal.code in _TOO_LATE:
                    raise RewrittenError from refusal
                if refusal.retry_after_seconds is None:
                    raise SetupError(str(refusal)) from refusal
                # A history that was imported has more commits at one moment than a user may send: they come a bit late.
                at += timedelta(seconds=refusal.retry_after_seconds)
        message = f"{method} {path} was put off {WAITS_MAX} times"
        raise SetupError(message)
