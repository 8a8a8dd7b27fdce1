"""Chooses what a user is told of without asking, by which channels, and when not.

It must not know HTTP or storage, nor who tells.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Final

from streak_core.domain.commands.base import BaseCommand, BaseContent, Sent
from streak_core.domain.entries import EntryKind, LedgerEntry
from streak_core.domain.errors import FieldError, Malformed
from streak_core.domain.habit import is_kept
from streak_core.domain.notices import NO_CHOICES, Channel, NoticeChoices, NoticeKind, QuietHours, is_language

if TYPE_CHECKING:
    from streak_core.domain.entries import Found
    from streak_core.domain.model import Streak
    from streak_core.domain.rules import Rules
    from streak_core.domain.state import UserState

# In place of a time: the one at which the user usually comes.
USUAL: Final = "usual"
_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticesChosen(BaseContent):
    """All that holds from now on."""

    kind: ClassVar[EntryKind] = EntryKind.NOTICES

    choices: NoticeChoices

    def apply(self, streak: Streak, entry: LedgerEntry, rules: Rules) -> Streak:
        """In place of what was chosen before; the habit is forgotten where nothing goes by it any more."""
        del entry, rules
        settings = replace(streak.settings, notices=None if self.choices == NO_CHOICES else self.choices)
        return replace(streak, settings=settings, habit=streak.habit if is_kept(self.choices) else {})


@dataclass(frozen=True, kw_only=True, slots=True)
class ChooseNotices(BaseCommand):
    """Choose what to be told of; what is None, and a kind that is not named, stays. Times are local, such as 18:30."""

    name: ClassVar[str] = "choose_notices"
    kind: ClassVar[EntryKind] = EntryKind.NOTICES

    channels: Mapping[str, Sequence[str]] | None = None
    # From when until when; the same twice is at no time.
    quiet_hours: tuple[str, str] | None = None
    # Or `usual`.
    remind_at: str | None = None
    language: str | None = None

    def request(self) -> Sent:
        """What is to change."""
        quiet = None if self.quiet_hours is None else dict(zip(("from", "until"), self.quiet_hours, strict=True))
        channels = None if self.channels is None else {kind: list(names) for kind, names in self.channels.items()}
        sent = {"channels": channels, "quiet_hours": quiet, "remind_at": self.remind_at, "language": self.language}
        return {name: value for name, value in sent.items() if value is not None}

    def check(self, rules: Rules) -> None:
        """Raises `Malformed` for kinds, channels, times and languages that there are not."""
        del rules
        self._chosen(NO_CHOICES)

    def decide(self, state: UserState, found: Mapping[str, Found]) -> NoticesChosen | None:
        """What holds already changes nothing."""
        del found
        before = state.streak.settings.notices or NO_CHOICES
        chosen = self._chosen(before)
        return None if chosen == before else NoticesChosen(choices=chosen)

    def _chosen(self, choices: NoticeChoices) -> NoticeChoices:
        for kind, names in (self.channels or {}).items():
            choices = choices.with_channels(_kind(kind), frozenset(_channel(kind, name) for name in names))
        if self.quiet_hours is not None:
            first, last = (_minute("quiet_hours", text) for text in self.quiet_hours)
            quiet = QuietHours(from_minute=first, until_minute=last) if first != last else None
            choices = replace(choices, quiet=quiet)
        if self.remind_at is not None:
            minute = None if self.remind_at == USUAL else _minute("remind_at", self.remind_at)
            choices = replace(choices, remind_at_minute=minute)
        if self.language is not None:
            if not is_language(self.language):
                raise Malformed(FieldError("language", "must be a language such as en or pt-BR"))
            choices = replace(choices, language=self.language)
        return choices


def _kind(name: str) -> NoticeKind:
    if name not in set(NoticeKind):
        raise Malformed(FieldError("channels", f"must be of: {', '.join(NoticeKind)}"))
    return NoticeKind(name)


def _channel(kind: str, name: str) -> Channel:
    if name not in set(Channel):
        raise Malformed(FieldError(f"channels.{kind}", f"must be of: {', '.join(Channel)}"))
    return Channel(name)


def _minute(field: str, text: str) -> int:
    found = _TIME.fullmatch(text)
    if found is None:
        also = f", or {USUAL}" if field == "remind_at" else ""
        raise Malformed(FieldError(field, f"must be a local time such as 18:30{also}"))
    return 60 * int(found[1]) + int(found[2])


def time_text(minute: int) -> str:
    """A minute of the local day as it is chosen, such as 18:30."""
    return f"{minute // 60:02d}:{minute % 60:02d}"
