"""The shapes of all answers, with the names that clients read; instants and dates are texts, as JSON has them.

They must not know how they are made. `openapi.yaml` says what each field means.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NotRequired, TypedDict

# "from" is no name in Python.
PauseResponse = TypedDict("PauseResponse", {"pause_id": str, "from": str, "until": str})


class PausesResponse(TypedDict):
    """The pauses that are not over."""

    pauses: list[PauseResponse]


class BonusResponse(TypedDict):
    """Whether the weekly bonus holds, and by how much XP is multiplied."""

    bonus_active: bool
    bonus_multiplier: float


class StreakResponse(BonusResponse):
    """The streak as of now."""

    user_id: str
    current_streak: int
    longest_streak: int
    status: str
    today: str
    time_zone: str
    time_zone_known: bool
    last_active_date: str | None
    run_started_on: str | None
    freezes_available: int
    xp_total: int
    active_days_total: int
    next_milestone: int
    days_until_milestone: int
    consistent_weeks_current: int
    consistent_weeks_longest: int
    expires_at: str | None
    timeline: list[dict[str, str | int]]
    timeline_until: str
    streak_created: bool
    created_at: str | None
    updated_at: str | None


class OfferResponse(TypedDict):
    """Something that the user could do now; `activity_id` of what is redone, `pause_id` of what is ended."""

    kind: str
    day: str
    until: str
    needs: int
    current_streak_after: int
    activity_id: NotRequired[str]
    pause_id: NotRequired[str]


class OffersResponse(TypedDict):
    """What the user could do now."""

    offers: list[OfferResponse]


class StreakWithOffers(StreakResponse, OffersResponse):
    """The streak as of now, and what the user could do."""


class ActivityResponse(TypedDict):
    """One recorded activity."""

    activity_id: str
    activity_type: str
    category: str | None
    day: str
    counted: bool
    base_xp: int
    consistency_bonus: int
    xp_awarded: int


class ListedActivity(ActivityResponse):
    """An activity in a list, with its moments and whether it was undone."""

    occurred_at: str
    recorded_at: str
    undone: bool


class EventResponse(TypedDict):
    """One thing that happened."""

    event_id: str
    type: str
    date: str
    occurred_at: str
    details: Mapping[str, int | str]


class CalendarRow(TypedDict):
    """One day of a calendar."""

    date: str
    verdict: str
    has_activity: bool
    freeze_used: bool
    activity_count: int
    xp: int
    categories: list[str]


class CalendarResponse(TypedDict):
    """The last days, and how the streak stands."""

    days: list[CalendarRow]
    today: str
    current_streak: int
    longest_streak: int
    freezes_available: int


class ConsistencyResponse(BonusResponse):
    """The categories of this streak week."""

    week_start: str
    week_end: str
    categories: dict[str, bool]
    completed_count: int
    total_count: int
    progress: int


class SettingsResponse(TypedDict):
    """The settings as they hold now."""

    time_zone: str
    time_zone_known: bool
    auto_freeze: bool
    rest_weekdays: list[str]
    pause: PauseResponse | None
    planned_freezes: list[str]


QuietHoursResponse = TypedDict("QuietHoursResponse", {"from": str, "until": str})


class PreferencesResponse(TypedDict):
    """What the user is told of without asking, by which channels, and when."""

    channels: dict[str, list[str]]
    quiet_hours: QuietHoursResponse
    remind_at: str
    language: str


class NoticeResponse(TypedDict):
    """A notice of the inbox, in the language of the user."""

    notice_id: str
    kind: str
    date: str
    at: str
    title: str
    body: str
    is_read: bool


class DeviceResponse(TypedDict):
    """A device that the user is told something on."""

    device_id: str
    platform: str
    registered_at: str


class DevicesResponse(TypedDict):
    """All of them."""

    devices: list[DeviceResponse]


class ExplainedDay(TypedDict):
    """A day with its hours, its verdict and why."""

    date: str
    starts_at: str
    ends_at: str
    verdict: str
    because: str
    activity_count: int
    counted: int
    xp: int
    streak_after: int
    freezes_before: int
    freezes_after: int


class ExplainResponse(TypedDict):
    """The last days, explained."""

    today: str
    days: list[ExplainedDay]


class BlockResponse(TypedDict):
    """Whether a user is blocked, and until when; None is until it is lifted."""

    blocked: bool
    until: str | None


class StandingResponse(TypedDict):
    """What a user has come to."""

    xp: int
    streak: int


class PeriodStandingResponse(StandingResponse):
    """The same in a period: the Monday of a week, such as 2026-11-23, or a month, such as 2026-11."""

    period: str


class SeatResponse(TypedDict):
    """How a user takes part in leaderboards; the numbers are null where they do not."""

    joined: bool
    name: str | None
    group: str | None
    hidden: bool
    week: PeriodStandingResponse | None
    month: PeriodStandingResponse | None
    all: StandingResponse | None


class CommandResponse(TypedDict):
    """What every command answers; its own part where the command has one."""

    streak: StreakResponse
    events: list[EventResponse]
    activity: NotRequired[ActivityResponse]
    settings: NotRequired[SettingsResponse]
    pause: NotRequired[PauseResponse]
    block: NotRequired[BlockResponse]
    preferences: NotRequired[PreferencesResponse]
    leaderboard: NotRequired[SeatResponse]
