"""Tells users without being asked: what a run tells one who is due, and the sending of one notice, decided anew then.

It must not know HTTP, Firestore's client, or how a channel reaches anybody.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from streak_core.domain.devices import without_addresses
from streak_core.domain.errors import Unavailable
from streak_core.domain.judging_anew import standing
from streak_core.domain.notices import Channel, NoticeKind
from streak_core.domain.refusals import TimeZoneUnknown, UserErased
from streak_core.domain.reminders import is_due, reminder
from streak_core.domain.state import UserState
from streak_core.domain.told_events import as_of_now, is_quiet, notice_of, told_at
from streak_core.notice_texts import message
from streak_core.store.failures import CommitFailed
from streak_core.store.remindees import DueNotices
from streak_core.store.reminding import NOT_REMINDED, choices_of, wish_of
from streak_core.store.unreadable import ForeignDocument
from streak_core.telemetry import LogEvent, log

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from streak_core.domain.devices import Device
    from streak_core.domain.notices import Notice
    from streak_core.domain.rules import Rules
    from streak_core.notice_texts import Message, Texts
    from streak_core.store.due import Settled
    from streak_core.store.notices import Addressee, NoticeStore


class Mail(Protocol):
    """A channel that reaches users at an address of theirs."""

    def send(self, user_id: str, message: Message) -> None:
        """Sends the message, where there is an address. Raises `Unavailable`."""


class Push(Protocol):
    """A channel that reaches devices."""

    def send(self, devices: Sequence[Device], message: Message) -> frozenset[str]:
        """Sends a message to each; answers the addresses that reach nobody any more. Raises `Unavailable`."""


class NoticeNotWritten(Unavailable):
    """A notice came to be sent before it was written down, or never was."""

    code = "notice_not_written"
    message = "The notice is not written yet. Call again later."


class NotSent(Unavailable):
    """Whether a notice was sent could not be noted."""

    code = "notice_not_noted"
    message = "What became of the notice could not be noted. Call again later."


class Sending(StrEnum):
    """What has become of a notice."""

    SENT = "sent"
    # An earlier call has sent it, or was silenced.
    BEFORE = "before"
    # It is not right any more, or the user has gone.
    SILENCED = "silenced"


def due_notices(settled: Settled) -> DueNotices:
    """What a user as settled now is to be told, and what waits after it.

    What has only just happened waits for the next look at the user: once it is written, a task of it that comes before
    its notice can be told from one that is not right.
    """
    view, known, streak = settled.settlement.view, settled.planned(), settled.streak
    if streak is None:
        return DueNotices(notices=(), reminding=known)
    state = UserState(exists=True, streak=streak, settled_through=settled.settlement.settled_through, view=view)
    choices = choices_of(streak, view.now)
    written = {event.event_id for event in settled.user.reminding.waiting}
    due = [one for one in known.waiting if one.event_id in written and told_at(one, view, choices) <= view.now]
    notices = [notice for event in due if (notice := notice_of(event, state, choices))]
    if is_due(view, wish_of(streak, view.now, known)):
        notices.append(reminder(view))
        known = replace(known, reminded=view.today)
    left = tuple(event for event in known.waiting if event not in due)
    return DueNotices(notices=tuple(notices), reminding=replace(known, waiting=left))


@dataclass(frozen=True)
class NoticeSender:
    """Sends single notices, as often as it is asked to: whoever is told twice sees one, since both have one name."""

    store: NoticeStore
    push: Push
    policies: Callable[[], Rules]
    texts: Texts
    # None where no server is named.
    mail: Mail | None = None

    def send(self, user_id: str, notice_id: str, now: datetime) -> Sending:
        """Sends a notice if it still is right at `now`; what may not be pushed then stands in the inbox alone.

        Raises `Unavailable` where it is to be tried again: the notice is not written, or a channel does not answer.
        """
        try:
            found = self.store.addressee(user_id, notice_id)
        except (UserErased, ForeignDocument):
            return Sending.SILENCED
        if found.is_done:
            return Sending.BEFORE
        state = self._state(user_id, found, now)
        if found.notice is None:
            if state and _is_to_come(notice_id, found, state):
                raise NoticeNotWritten
            return Sending.SILENCED
        told = _still_right(found.notice, state) if state else None
        if told and state:
            self._deliver(user_id, found, told, state)
        self._mark_done(user_id, notice_id, now, is_shown=told is not None)
        return Sending.SENT if told else Sending.SILENCED

    def _state(self, user_id: str, found: Addressee, now: datetime) -> UserState | None:
        if found.streak is None:
            return None
        ledger = self.store.ledger
        try:
            return standing(found.streak, found.settled_through, self.policies(), now, lambda: ledger(user_id))
        except TimeZoneUnknown:
            # Nobody knows what day it is there.
            return None

    def _deliver(self, user_id: str, found: Addressee, notice: Notice, state: UserState) -> None:
        """By each channel that the user wishes for; what may be doubled and then shows twice is the last."""
        choices = choices_of(state.streak, state.view.now)
        channels = choices.channels.get(notice.kind, frozenset())
        if is_quiet(state.view, choices):
            return
        told = message(notice, choices.language, self.texts)
        try:
            if Channel.PUSH in channels and found.devices:
                self._push(user_id, found, told)
            if Channel.EMAIL in channels and self.mail is not None:
                self.mail.send(user_id, told)
        except Unavailable as error:
            why, kind = error.__cause__, notice.kind.value
            log(LogEvent.NOTICE_NOT_SENT, "a notice could not be sent", error=why, kind=kind, reason=error.code)
            raise

    def _push(self, user_id: str, found: Addressee, told: Message) -> None:
        gone = self.push.send(found.devices, told)
        if gone and found.version:
            # Who registers a device meanwhile goes before; the next notice finds what is gone once more.
            with suppress(CommitFailed):
                self.store.write_devices(user_id, found.version, without_addresses(found.devices, gone))

    def _mark_done(self, user_id: str, notice_id: str, now: datetime, *, is_shown: bool) -> None:
        try:
            self.store.mark_done(user_id, notice_id, now, is_shown=is_shown)
        except CommitFailed as failure:
            raise NotSent from failure


def _is_to_come(notice_id: str, found: Addressee, state: UserState) -> bool:
    """Whether a run that was killed has a notice still to write, which would be right."""
    if any(event.event_id == notice_id for event in found.waiting):
        return True
    due = is_due(state.view, wish_of(state.streak, state.view.now, NOT_REMINDED))
    return due and notice_id == reminder(state.view).notice_id


def _still_right(notice: Notice, state: UserState) -> Notice | None:
    """The notice as of now; None where it is not right any more."""
    view, streak = state.view, state.streak
    if notice.kind is not NoticeKind.REMINDER:
        return as_of_now(notice, state, choices_of(streak, view.now))
    # That it was reminded of today is why it is sent.
    return notice if notice.day == view.today and is_due(view, wish_of(streak, view.now, NOT_REMINDED)) else None
