"""Stored form 2 of ledger entries: one shape for each kind. Once deployed, they change no more.

They must not know what any of it means.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal, NotRequired, TypeAlias

from pydantic import Field, TypeAdapter
from typing_extensions import TypedDict

from streak_core.store.forms.closed import closed
from streak_core.store.forms.v2 import Activity, DayRecord, Notices
from streak_core.store.forms.v2_board_entries import BoardEntry
from streak_core.store.forms.v2_challenges import Terms
from streak_core.store.forms.v2_entry import AnyEntry


@closed
class ZoneSaid(TypedDict):
    """What was said of the zone."""

    time_zone: str
    since: datetime
    effect: str
    by_activity: bool
    used: bool
    tail: NotRequired[dict[date, DayRecord] | None]


@closed
class ActivityEntry(AnyEntry):
    """An activity was recorded."""

    kind: Literal["activity"]
    activity: Activity
    sent: dict[str, Any]
    zone: NotRequired[ZoneSaid | None]


@closed
class UndoEntry(AnyEntry):
    """An activity was undone."""

    kind: Literal["undo"]
    activity: Activity
    of_seq: int
    forgets_zones: NotRequired[bool]


@closed
class RedoEntry(AnyEntry):
    """An activity was redone."""

    kind: Literal["redo"]
    activity: Activity
    of_seq: int


@closed
class ResetEntry(AnyEntry):
    """The streak was reset."""

    kind: Literal["reset"]


@closed
class UnresetEntry(AnyEntry):
    """A reset was taken back."""

    kind: Literal["unreset"]
    day: date


@closed
class FreezeEntry(AnyEntry):
    """A freeze was planned."""

    kind: Literal["freeze"]
    day: date


@closed
class UnfreezeEntry(AnyEntry):
    """A planned freeze was taken back."""

    kind: Literal["unfreeze"]
    day: date


@closed
class RepairEntry(AnyEntry):
    """A day was repaired."""

    kind: Literal["repair"]
    day: date


@closed
class PauseEntry(AnyEntry):
    """A pause was planned."""

    kind: Literal["pause"]
    from_day: date
    until_day: date


@closed
class ResumeEntry(AnyEntry):
    """A pause was ended."""

    kind: Literal["resume"]
    pause_id: str | None
    last_day: date


@closed
class SettingsEntry(AnyEntry):
    """Settings were changed."""

    kind: Literal["settings"]
    zone: NotRequired[ZoneSaid | None]
    auto_freeze: NotRequired[bool | None]
    rest_weekdays: NotRequired[list[str] | None]
    replaces: NotRequired[list[str]]


@closed
class NoticesEntry(AnyEntry):
    """What to be told of was chosen."""

    kind: Literal["notices"]
    choices: Notices


@closed
class JoinEntry(AnyEntry):
    """A challenge was joined."""

    kind: Literal["join"]
    terms: Terms


@closed
class LeaveEntry(AnyEntry):
    """A challenge was left."""

    kind: Literal["leave"]
    of_seq: int


@closed
class GrantEntry(AnyEntry):
    """Freezes were granted."""

    kind: Literal["grant"]
    count: int
    over_cap: NotRequired[bool]


@closed
class ExcuseEntry(AnyEntry):
    """Days were excused."""

    kind: Literal["excuse"]
    from_day: date
    until_day: date


@closed
class RestoreEntry(AnyEntry):
    """A missed day was restored."""

    kind: Literal["restore"]
    day: date


@closed
class LengthenEntry(AnyEntry):
    """The streak that was running was given days."""

    kind: Literal["lengthen"]
    length: int
    started_on: NotRequired[date | None]


@closed
class XpEntry(AnyEntry):
    """XP were granted, or taken away."""

    kind: Literal["xp"]
    amount: int


@closed
class BlockEntry(AnyEntry):
    """The user was blocked."""

    kind: Literal["block"]
    until: datetime | None


@closed
class UnblockEntry(AnyEntry):
    """A block was lifted."""

    kind: Literal["unblock"]


@closed
class NoteEntry(AnyEntry):
    """A key was kept of a command that changed nothing."""

    kind: Literal["note"]
    command: str
    repeats: str | None
    zone: NotRequired[ZoneSaid | None]


@closed
class Numbers(TypedDict):
    """How a user stood elsewhere."""

    current_streak: int
    longest_streak: int
    last_active_date: date | None
    freezes: int
    xp_total: int
    active_days: list[date] | None


@closed
class OpenEntry(AnyEntry):
    """A user was brought along."""

    kind: Literal["open"]
    zone: ZoneSaid
    numbers: Numbers
    reason: str


# Of commands that only an operator, or an import, gives.
EntryForUser: TypeAlias = (
    GrantEntry | ExcuseEntry | RestoreEntry | LengthenEntry | XpEntry | BlockEntry | UnblockEntry | OpenEntry
)
ChallengeEntry: TypeAlias = JoinEntry | LeaveEntry
Entry: TypeAlias = (
    ActivityEntry
    | UndoEntry
    | RedoEntry
    | ResetEntry
    | UnresetEntry
    | FreezeEntry
    | UnfreezeEntry
    | RepairEntry
    | PauseEntry
    | ResumeEntry
    | SettingsEntry
    | NoticesEntry
    | ChallengeEntry
    | BoardEntry
    | NoteEntry
    | EntryForUser
)

ENTRY: Final[TypeAdapter[Entry]] = TypeAdapter(Annotated[Entry, Field(discriminator="kind")])
