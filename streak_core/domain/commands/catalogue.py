"""The commands that a user can give, each with what it reads and how it is decided.

It must not carry anything out (service does) or know HTTP.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from streak_core.domain.commands.protect import (
    PauseStreak,
    decide_pause,
    decide_plan_freeze,
    decide_repair,
    decide_resume,
    decide_unplan_freeze,
)
from streak_core.domain.commands.record import (
    RecordActivity,
    activity_entry_id,
    check_record,
    decide_check_in,
    decide_record,
)
from streak_core.domain.commands.settings import ChangeSettings, check_settings, decide_settings
from streak_core.domain.commands.undo import decide_reset, decide_undo, undo_entry_id
from streak_core.domain.model import EntryKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from streak_core.domain.decision import Decision, UserState
    from streak_core.domain.model import LedgerEntry
    from streak_core.domain.policy import Policy

    Decide = Callable[[UserState, Mapping[str, LedgerEntry]], Decision]


@dataclass(frozen=True, kw_only=True)
class Command:
    """One command. `decide` is pure; `request` is its content as sent, which tells the same from another one."""

    kind: EntryKind
    request: Mapping[str, Any]
    decide: Decide
    # Raises `Malformed` for what no state could make right; asked before anything else.
    check: Callable[[Policy], None]
    # Ledger entries that `decide` needs.
    reads: tuple[str, ...] = ()
    # The ledger entry that shows that this very command was carried out, where the client gave it a name.
    idempotency_entry_id: str | None = None


def record(wish: RecordActivity) -> Command:
    """Records an activity; its id is its name."""
    return Command(
        kind=EntryKind.ACTIVITY,
        request=wish.sent(),
        decide=lambda state, _: decide_record(state, wish),
        check=lambda policy: check_record(policy, wish),
        idempotency_entry_id=wish.entry_id,
    )


def check_in(named: RecordActivity) -> Command:
    """Records the check-in of today, under the name that `check_in_today` gave it."""
    return replace(record(named), decide=lambda state, _: decide_check_in(state, named))


def undo(activity_id: str) -> Command:
    """Takes an activity back. It needs no key: undoing twice is undoing once."""
    activity, undone = activity_entry_id(activity_id), undo_entry_id(activity_id)
    return Command(
        kind=EntryKind.UNDO,
        request={"activity_id": activity_id},
        decide=lambda state, entries: decide_undo(state, entries.get(activity), is_undone=undone in entries),
        check=_nothing_to_check,
        reads=(activity, undone),
    )


def reset(key: str | None) -> Command:
    """Sets the streak to 0."""
    return _command(EntryKind.RESET, key, {}, decide_reset)


def plan_freeze(day: date, key: str | None) -> Command:
    """Plans a freeze for a day."""
    return _command(EntryKind.FREEZE, key, {"date": day.isoformat()}, lambda state: decide_plan_freeze(state, day))


def unplan_freeze(day: date, key: str | None) -> Command:
    """Takes a planned freeze back."""
    return _command(EntryKind.UNFREEZE, key, {"date": day.isoformat()}, lambda state: decide_unplan_freeze(state, day))


def repair(key: str | None) -> Command:
    """Repairs yesterday."""
    return _command(EntryKind.REPAIR, key, {}, decide_repair)


def pause(wish: PauseStreak, key: str | None) -> Command:
    """Pauses the streak."""
    request = {"from": wish.from_day.isoformat(), "until": wish.until_day.isoformat()}
    return _command(EntryKind.PAUSE, key, request, lambda state: decide_pause(state, wish))


def resume(key: str | None) -> Command:
    """Ends the pause."""
    return _command(EntryKind.RESUME, key, {}, decide_resume)


def change_settings(wish: ChangeSettings, key: str | None) -> Command:
    """Changes settings."""
    weekdays = None if wish.rest_weekdays is None else list(wish.rest_weekdays)
    sent = {"time_zone": wish.time_zone, "auto_freeze": wish.auto_freeze, "rest_weekdays": weekdays}
    request = {name: value for name, value in sent.items() if value is not None}
    command = _command(EntryKind.SETTINGS, key, request, lambda state: decide_settings(state, wish))
    return replace(command, check=lambda policy: check_settings(policy, wish))


def _nothing_to_check(_: Policy) -> None:
    """What is sent with most commands is whole when it has the documented form."""


def _command(
    kind: EntryKind, key: str | None, request: Mapping[str, Any], decide: Callable[[UserState], Decision]
) -> Command:
    return Command(
        kind=kind,
        request=request,
        decide=lambda state, _: decide(state),
        check=_nothing_to_check,
        idempotency_entry_id=None if key is None else f"key.{key}",
    )
