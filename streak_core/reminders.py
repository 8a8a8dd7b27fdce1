"""Reminds users: a run over those whose reminder is due, and the sending of one notice, decided anew at that moment.

It must not know HTTP, Firestore's client, or how a channel reaches anybody.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from streak_core.domain.devices import without_addresses
from streak_core.domain.errors import Unavailable
from streak_core.domain.judging_anew import standing
from streak_core.domain.notices import NO_CHOICES, Channel
from streak_core.domain.refusals import TimeZoneUnknown, UserErased
from streak_core.domain.reminders import is_due, reminder
from streak_core.notice_texts import message
from streak_core.store.failures import CommitFailed
from streak_core.store.reminding import NOT_REMINDED, wish_of
from streak_core.store.unreadable import ForeignDocument

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from streak_core.domain.devices import Device
    from streak_core.domain.notices import Notice
    from streak_core.domain.rules import Rules
    from streak_core.notice_texts import Message
    from streak_core.store.due import Settled
    from streak_core.store.notices import Addressee, NoticeStore


class Push(Protocol):
    """A channel that reaches devices."""

    def send(self, devices: Sequence[Device], message: Message) -> frozenset[str]:
        """Sends a message to each; answers the addresses that reach nobody any more. Raises `Unavailable`."""


class NoticeNotWritten(Unavailable):
    """A reminder came to be sent before it was written down, or never was."""

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


def due_reminder(settled: Settled) -> Notice | None:
    """The reminder of a user as settled now; None where it is not the moment for one."""
    view, user = settled.settlement.view, settled.user
    streak = settled.settlement.judged_anew or user.streak
    if streak is None or not is_due(view, wish_of(streak, view.now, user.reminding)):
        return None
    return reminder(view)


@dataclass(frozen=True)
class ReminderSender:
    """Sends single reminders, as often as it is asked to: whoever is told twice sees one, since both have one name."""

    store: NoticeStore
    push: Push
    policies: Callable[[], Rules]

    def send(self, user_id: str, notice_id: str, now: datetime) -> Sending:
        """Sends a reminder if it still is right at `now`.

        Raises `Unavailable` where it is to be tried again: the notice is not written, or a channel does not answer.
        """
        try:
            found = self.store.addressee(user_id, notice_id)
        except (UserErased, ForeignDocument):
            return Sending.SILENCED
        if found.is_settled:
            return Sending.BEFORE
        is_right = self._is_right(user_id, found, now)
        if found.notice is None:
            if is_right:
                raise NoticeNotWritten
            return Sending.SILENCED
        if is_right:
            self._push(user_id, found, found.notice)
        self._settle(user_id, notice_id, now, is_shown=is_right)
        return Sending.SENT if is_right else Sending.SILENCED

    def _is_right(self, user_id: str, found: Addressee, now: datetime) -> bool:
        if found.streak is None:
            return False
        ledger = self.store.ledger
        try:
            state = standing(found.streak, found.settled_through, self.policies(), now, lambda: ledger(user_id))
        except TimeZoneUnknown:
            # Nobody knows what day it is there.
            return False
        is_of_today = found.notice is None or found.notice.day == state.view.today
        # That it was reminded of today is why it is sent.
        return is_of_today and is_due(state.view, wish_of(state.streak, state.view.now, NOT_REMINDED))

    def _push(self, user_id: str, found: Addressee, notice: Notice) -> None:
        choices = (found.streak and found.streak.settings.notices) or NO_CHOICES
        if Channel.PUSH not in choices.channels.get(notice.kind, ()) or not found.devices:
            return
        gone = self.push.send(found.devices, message(notice, choices.language))
        if gone and found.version:
            # Who registers a device meanwhile goes before; the next notice finds what is gone once more.
            with suppress(CommitFailed):
                self.store.write_devices(user_id, found.version, without_addresses(found.devices, gone))

    def _settle(self, user_id: str, notice_id: str, now: datetime, *, is_shown: bool) -> None:
        try:
            self.store.settle(user_id, notice_id, now, is_shown=is_shown)
        except CommitFailed as failure:
            raise NotSent from failure
