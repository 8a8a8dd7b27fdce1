"""What users have a right to, whatever is stored of them: to have all of it as one file, and to have it gone.

It must not know HTTP or Firestore's client, nor what any document means, but for who else is named in it. Both are told
to the user's audit trail, which goes with the user: of an erased one there stays that, when and by whom it was done.

Erasing puts a tombstone in the place of the user's document, and then deletes what is below. Every write of a user
goes by the version of that document, so that nothing is written once the tombstone is. Killed anywhere, it is gone on
with by whoever calls next: the user, an operator, or the maintenance job.
"""

from __future__ import annotations

import base64
import json
import math
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from streak_core.domain.days import rfc3339
from streak_core.domain.errors import StreakError
from streak_core.domain.refusals import Blocked, UserErased
from streak_core.records.acts import APP, Act, Party, PartyKind, user
from streak_core.records.homes import NEEDED, home_of
from streak_core.records.keys import ASKED, KEYS, Key
from streak_core.records.standing import check_may_write
from streak_core.records.trails import Trails
from streak_core.retry import Attempts, note_retry
from streak_core.store.deadlines import seconds_left
from streak_core.store.documents import plain_utc
from streak_core.store.failures import CommitFailed
from streak_core.store.sessions import sign_in_of
from streak_core.store.tombstones import check_admitted, is_from_before, is_since
from streak_core.store.unreadable import UnreadableStreakError
from streak_core.store.whole_user import BLOCKED_FOR_EVER
from streak_core.telemetry import LogEvent, log
from streak_core.write_gate import never_closed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from streak_core.store.whole_user import Home, StoredDocument, WholeUserStore

FORMAT_VERSION: Final = 1
# Of the time that a request has, so much is left for a last commit and for the answer.
_SECONDS_KEPT: Final = 3.0
_AMPLE_SECONDS: Final = 60.0
# What one call of the job does at most for those whose erasing broke off, ahead of its own work.
USERS_A_RUN_MAX: Final = 20
BATCHES_A_USER_MAX: Final = 50
# Fields that hold JSON as one text; a file for people has what it says.
_TEXTS: Final = frozenset(
    {
        "answer",
        "audit",
        "counted",
        "devices",
        "entry",
        "erasing_entry",
        "held",
        "notices_waiting",
        "notices_written",
        "profile",
        "quotas",
        "request",
        "seen",
        "snapshot",
        "state",
        "timeline",
    }
)
# And those of which all is the app's own, whatever it calls it.
_OWN_TEXTS: Final = frozenset({"message", "usage", "idea", "marks", "refinements", "record"})

# What was asked for, of an entry of the ledger.
_REQUEST: Final = "request"
# What an entry of the audit trail has of whoever did it.
# Its id goes as well: with it, the hash would confirm a guess of them.
_OF_WHO_DID_IT: Final = frozenset({"id", "ip_address", "user_agent"})
# Why somebody else did it: words for colleagues, in which others may be named.
_WHY: Final = "reason"
# Where messages to a device go: whoever has it can be taken for the app.
_ADDRESS: Final = "token"

Line = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Erasure:
    """A user who was erased at that moment (UTC); what is not finished goes on with the next call."""

    erased_at: datetime
    is_finished: bool


@contextmanager
def _left_to_the_next_call() -> Iterator[None]:
    try:
        yield
    except (StreakError, CommitFailed, UnreadableStreakError) as error:
        log(LogEvent.ERASING_FAILED, "an erasing could not be gone on with", error=error)


def _wall() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class UserRights:
    """Erasing and exporting single users. Moments are the server's own: sign-ins are told apart by them."""

    store: WholeUserStore
    attempts: Callable[[], Attempts] = field(default=Attempts)
    wall: Callable[[], datetime] = _wall
    # Where it is told, and who does it where it is not the user.
    trails: Trails | None = None
    by: Party | None = None

    def erase(self, user_id: str, reason: str | None = None, batches_max: int | None = None) -> Erasure:
        """Erases everything of a user, or goes on where it broke off; done again, it changes nothing.

        It ends unfinished where a request's time is used up, or after so many batches. `reason` is an operator's, for
        the log. Raises `UserErased` where a sign-in from before an earlier erasing asks, `Blocked` where the user is
        and no person asks for the user, `UserBusy`, `DatabaseUnavailable`.
        """
        attempts, batches = self.attempts(), 0
        while True:
            # All that is built on is read at once: whatever else were asked in between, others would write meanwhile.
            home = self.store.home(user_id, NEEDED)
            found = self._erasure(home)
            if found and (found.is_finished or self._is_time_up() or batches == batches_max):
                return found
            try:
                if found is None:
                    moment = self._moment(home)
                    self._check_not_blocked(home, moment)
                    records = home_of(home.records, user(user_id))
                    told = self._trails().erasing(records, self._act("erase", user_id), moment)
                    self.store.bury(home, moment, told)
                elif self.store.delete_some(home):
                    batches += 1
                else:
                    self.store.close(home)
                    log(LogEvent.USER_ERASED, "a user was erased", reason=reason)
                attempts = self.attempts()
            except CommitFailed as failure:
                note_retry(failure, "erase", attempts)
                attempts.again(failure)

    def finish_some(self, is_closed: Callable[[], bool] = never_closed) -> None:
        """Goes on with some of the erasings that broke off, until documents are restored.

        What fails is logged, and is the next call's to try.
        """
        with _left_to_the_next_call():
            unfinished = self.store.unfinished(USERS_A_RUN_MAX)
            for user_id in unfinished:
                if is_closed():
                    return
                with _left_to_the_next_call():
                    self.erase(user_id, batches_max=BATCHES_A_USER_MAX)

    def export(self, user_id: str) -> Iterator[Line]:
        """Everything stored of a user as of this moment: a line that begins, one a document, and one that ends.

        What has no last line broke off. Raises `UserErased`, `ErasingUnfinished` and `DatabaseUnavailable` before any
        line, and the last one also later.
        """
        home = self.store.home(user_id)
        check_admitted(user_id, home.tombstone, home.signed_in_after)
        # Of nothing there is nothing to tell.
        if home.version is not None or home.has_records:
            # A user's own exports are told once a day, else a loop of them would grow the trail without end. No key of
            # an app has an equals sign.
            once = None if self.by else Key.of(f"export={home.read_at:%Y-%m-%d}", {})
            self._trails().append(user(user_id), self._act("export", user_id), home.read_at, once)
        return self._lines(home)

    def _lines(self, home: Home) -> Iterator[Line]:
        yield {"format_version": FORMAT_VERSION, "user_id": home.user_id, "exported_at": rfc3339(home.read_at)}
        lines = 2
        for document in self.store.everything(home.user_id, home.read_at):
            if _would_confirm_a_guess(document):
                continue
            lines += 1
            yield _line(document)
        yield {"lines": lines}

    def _erasure(self, home: Home) -> Erasure | None:
        """What was begun already; None where a tombstone is to be written."""
        if home.signed_in_after and is_from_before(home.user_id, home.signed_in_after):
            raise UserErased
        if home.tombstone and home.has_records and is_from_before(home.user_id, home.tombstone.erased_at):
            raise UserErased
        # Whoever began anew may have done so with records alone.
        if home.tombstone is None or home.has_records or is_since(home.user_id, home.tombstone.erased_at):
            return None
        return Erasure(erased_at=home.tombstone.erased_at, is_finished=home.tombstone.is_finished)

    def _check_not_blocked(self, home: Home, moment: datetime) -> None:
        """Erasing would be a way out of a block, by an app's own server as well; a person may erase for the user."""
        if self.by is not None and self.by.kind is not PartyKind.SERVER:
            return
        # What the streak says holds, whatever became of the copy of it; what does not read can't keep anybody.
        with suppress(UnreadableStreakError):
            check_may_write(home.document, None, moment)
        if home.blocked_until and moment < home.blocked_until:
            is_for_ever = home.blocked_until >= BLOCKED_FOR_EVER
            raise Blocked(until=None if is_for_ever else rfc3339(home.blocked_until))

    def _trails(self) -> Trails:
        return self.trails or Trails(self.store.client)

    def _act(self, action: str, user_id: str) -> Act:
        return Act(actor=self.by or user(user_id), action=action, entity_type="user", entity_id=user_id)

    def _moment(self, home: Home) -> datetime:
        """Now, and never before an earlier erasing, or before the sign-in that asks: clocks differ by a little."""
        earlier = home.tombstone.erased_at if home.tombstone else home.signed_in_after
        return max(one for one in (self.wall(), earlier, sign_in_of(home.user_id)) if one)

    def _is_time_up(self) -> bool:
        return seconds_left(_AMPLE_SECONDS) < _SECONDS_KEPT


def _would_confirm_a_guess(document: StoredDocument) -> bool:
    """Of who looked, or was refused something: the name of such a key is a hash of who it was."""
    return document.collection == KEYS and document.document_id.count("=") > 1


def _line(document: StoredDocument) -> Line:
    data = {name: _said(name, value) for name, value in document.data.items() if name != ASKED}
    return {"collection": document.collection, "id": document.document_id, "data": data}


def _said(name: str, value: object) -> object:
    """A stored value as JSON; a text of ours that is JSON as what it says, and one that is none as it is."""
    if name in _TEXTS | _OWN_TEXTS and isinstance(value, str):
        with suppress(ValueError):
            said = json.loads(value)
            if name == _REQUEST:
                # No command that users give has one.
                return _without_why(said)
            return said if name in _OWN_TEXTS else _without_others(said)
    return _plain(value)


def _without_others(said: object) -> object:
    """An entry says that somebody else did it, as what and when; who it was, where, and in which words is not told."""
    if isinstance(said, list):
        return [_without_address(one) for one in said]
    if isinstance(said, dict) and isinstance(actor := said.get("actor"), dict):
        if actor.get("kind") == PartyKind.USER:
            return said
        theirs = {name: value for name, value in _without_why(said).items() if name not in _OF_WHO_DID_IT}
        if "details" in theirs and not str(said.get("action")).startswith(APP):
            theirs["details"] = _without_why(theirs["details"])
        return {**theirs, "actor": {name: value for name, value in actor.items() if name != "id"}}
    return said


def _without_why(said: Line) -> Line:
    return {name: value for name, value in said.items() if name != _WHY}


def _without_address(device: object) -> object:
    return {name: value for name, value in device.items() if name != _ADDRESS} if isinstance(device, dict) else device


def _plain(value: object) -> object:
    """Whatever Firestore holds, as JSON."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else str(value)
        case datetime():
            return rfc3339(plain_utc(value))
        case bytes():
            return base64.b64encode(value).decode()
        case dict():
            return {str(name): _plain(one) for name, one in value.items()}
        case list():
            return [_plain(one) for one in value]
        case _:
            return str(value)
