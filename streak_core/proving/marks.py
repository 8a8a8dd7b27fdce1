"""Fields that stand beside entries of the ledger, compared with what the entries themselves say.

It must not know the streak. It holds the activities that can still be undone or redone, and no others.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from streak_core.domain.commands import (
    COMMANDS,
    ActivityRecorded,
    CheckIn,
    Content,
    NothingChanged,
    RecordActivity,
    Restore,
    StreakLengthened,
)
from streak_core.domain.entries import LedgerEntry
from streak_core.proving.proof import Difference
from streak_core.proving.repository import KeptEntry
from streak_core.store.documents import LEDGER

Mark = str | bool | None


@dataclass
class _Beside:
    found: dict[str, Mark]
    expected: dict[str, Mark]
    # The day of an activity.
    day: date | None


@dataclass
class MarksInStep:
    """`command` and `undone` of every entry; the entries come in their order."""

    mends: dict[str, dict[str, Mark]] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    _open: dict[str, _Beside] = field(default_factory=dict)

    def take(self, kept: KeptEntry, entry: LedgerEntry, next_day: date) -> None:
        """The next entry, and the first day after it that something can still change."""
        content = entry.content
        if marks := content.marks:
            marked = self._open.get(marks[0])
            # In form 1 the entry itself is the mark.
            if marked and not kept.is_form_1:
                marked.expected["undone"] = marks[1]
        self._open[entry.entry_id] = _Beside(
            found={"command": kept.command, "undone": kept.undone},
            expected={
                # The program before did not keep it.
                "command": None if kept.is_form_1 and kept.command is None else command_name(content),
                "undone": None if kept.is_form_1 else False,
            },
            day=content.activity.day if isinstance(content, ActivityRecorded) else None,
        )
        over = [name for name, one in self._open.items() if one.day is None or one.day < next_day]
        self._compare(over)

    def end(self) -> None:
        """No more entries will come."""
        self._compare(list(self._open))

    def _compare(self, over: list[str]) -> None:
        for entry_id in over:
            beside = self._open.pop(entry_id)
            for name, expected in beside.expected.items():
                found = beside.found[name]
                if found != expected:
                    self.mends.setdefault(entry_id, {})[name] = expected
                    self.differences.append(
                        Difference(document=f"{LEDGER}/{entry_id}", field=name, stored=found, rebuilt=expected)
                    )


def command_name(content: Content) -> str:
    """The name of the command that leads to such a content."""
    if isinstance(content, NothingChanged):
        return content.command
    if isinstance(content, ActivityRecorded):
        return CheckIn.name if content.activity.is_check_in else RecordActivity.name
    if isinstance(content, StreakLengthened):
        return Restore.name
    return next(command.name for command in COMMANDS if command.kind is content.kind)
