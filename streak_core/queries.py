"""Answers the questions of one user: each is load, replay, answer, and changes nothing.

It must not know HTTP or Firestore's client, and it decides nothing itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from streak_core import responses
from streak_core.achievements_response import achievements_response
from streak_core.challenges_response import challenges_response
from streak_core.domain.calendar import sealed_rows, shown_days
from streak_core.domain.commands import ActivityRecorded
from streak_core.domain.commands.settings import settings_now
from streak_core.domain.days import ONE_DAY
from streak_core.domain.events import time_events
from streak_core.domain.first_zone import day_of
from streak_core.domain.insights import DAYS_MAX, insights, week_ahead
from streak_core.domain.judging_anew import standing
from streak_core.domain.model import Numbered
from streak_core.domain.offers import offers
from streak_core.explained import explain_response
from streak_core.insights_response import insights_response
from streak_core.leaderboard_response import seat_response
from streak_core.notices_response import preferences_response
from streak_core.old_form import offers_in_form_1
from streak_core.policy_response import policy_response
from streak_core.store.documents import FORM_1, months_between
from streak_core.versions import Versioned, version_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime

    from streak_core.achievements_response import AchievementsResponse
    from streak_core.challenges_response import ChallengesResponse
    from streak_core.domain.calendar import CalendarDay
    from streak_core.domain.days import DayStarts
    from streak_core.domain.entries import LedgerEntry
    from streak_core.domain.events import Event
    from streak_core.domain.model import Activity, Streak
    from streak_core.domain.rules import Rules
    from streak_core.domain.state import UserState
    from streak_core.insights_response import InsightsResponse
    from streak_core.policy_response import PolicyResponse
    from streak_core.response_types import (
        BlockResponse,
        CalendarResponse,
        ConsistencyResponse,
        EventResponse,
        ExplainResponse,
        ListedActivity,
        OffersResponse,
        PausesResponse,
        PreferencesResponse,
        SeatResponse,
        SettingsResponse,
        StreakWithOffers,
    )
    from streak_core.store.reading import Cursor
    from streak_core.store.users import Loaded, UserStore

# A user's label of an instant is at most a day away from its date in UTC.
_LABEL_SLACK: Final = timedelta(days=1)


Item = TypeVar("Item")


@dataclass(frozen=True, kw_only=True)
class WithDays:
    """A user as of now with decided days; `update_time` is when their document was last written, None for nobody."""

    version: str
    update_time: datetime | None
    state: UserState
    decided: Mapping[date, CalendarDay]


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Item]):
    """Some items, the last one first, and where the next page begins; None after the last page."""

    items: list[Item]
    after: Cursor | None


@dataclass(frozen=True)
class StreakQueries:
    """Everything that can be asked about one user. `now` is always timezone-aware."""

    store: UserStore
    policies: Callable[[], Rules]

    def streak(self, user_id: str, now: datetime) -> StreakWithOffers:
        """The streak as of now; a user of whom nothing is stored has one of 0."""
        loaded = self.store.load(user_id)
        state = self._user_state(user_id, loaded, now)
        streak = responses.streak_response(user_id, state.view, state.streak)
        return {**streak, **_offers(loaded, state)}

    def offers(self, user_id: str, now: datetime) -> OffersResponse:
        """What the user could do now."""
        loaded = self.store.load(user_id)
        return _offers(loaded, self._user_state(user_id, loaded, now))

    def pauses(self, user_id: str, now: datetime) -> PausesResponse:
        """The pauses that are not over."""
        state = self.state(user_id, now)
        return responses.pauses_response(state.streak, state.view.today)

    def consistency(self, user_id: str, now: datetime) -> ConsistencyResponse:
        """The categories of this streak week."""
        state = self.state(user_id, now)
        return responses.consistency_response(state.view, state.streak)

    def settings(self, user_id: str, now: datetime) -> SettingsResponse:
        """The settings as they hold now."""
        state = self.state(user_id, now)
        return responses.settings_response(state.streak.settings, state.view.today)

    def preferences(self, user_id: str, now: datetime) -> PreferencesResponse:
        """What the user is told of without asking."""
        return preferences_response(self.state(user_id, now).streak.settings)

    def policy(self, user_id: str, now: datetime) -> PolicyResponse:
        """What is in force on the user's today."""
        state = self.state(user_id, now)
        return policy_response(state.rules, state.view.today)

    def achievements(self, user_id: str, now: datetime) -> AchievementsResponse:
        """How far the user has come with each achievement."""
        return achievements_response(self.state(user_id, now))

    def challenges(self, user_id: str, now: datetime) -> ChallengesResponse:
        """The challenges that are joined, and those that can be."""
        return challenges_response(self.state(user_id, now))

    def seat(self, user_id: str, now: datetime) -> SeatResponse:
        """How the user takes part in leaderboards."""
        state = self.state(user_id, now)
        return seat_response(state.streak, state.view)

    def explain(self, user_id: str, now: datetime, days: int) -> ExplainResponse:
        """The verdicts of the last days, with their reasons."""
        state = self.state(user_id, now)
        return explain_response(state.view, state.streak, days)

    def block(self, user_id: str, now: datetime) -> BlockResponse:
        """Whether the user may give commands."""
        state = self.state(user_id, now)
        return responses.block_response(state.streak, state.view)

    def calendar(self, user_id: str, now: datetime, days: int) -> CalendarResponse:
        """The last `days` days, today included; one BatchGet of the streak and the months that are decided."""
        return self.versioned_calendar(user_id, now, days).content

    def versioned_calendar(self, user_id: str, now: datetime, days: int) -> Versioned[CalendarResponse]:
        """The same, with the version of what it was made of."""
        found = self.with_days(user_id, now, days)
        content = responses.calendar_response(found.state.view, found.decided, days)
        return Versioned(version=found.version, content=content)

    def version(self, user_id: str, now: datetime) -> str:
        """The version of a calendar and of insights, by one read."""
        loaded = self.store.load(user_id)
        return version_of(user_id, loaded.update_time, self._user_state(user_id, loaded, now))

    def insights(self, user_id: str, now: datetime) -> Versioned[InsightsResponse]:
        """What the days before today tell of the user's habits; the same BatchGet as for a calendar of them."""
        found = self.with_days(user_id, now, DAYS_MAX + 1)
        state, view = found.state, found.state.view
        shown = shown_days(
            view.days, found.decided, state.rules, (view.today - timedelta(days=DAYS_MAX), view.yesterday)
        )
        settings = settings_now(state.streak.settings, view.today)
        ahead = week_ahead(view, settings.planned_freezes, automatic=settings.auto_freeze)
        content = insights_response(insights([row for _, row in shown], ahead), view.today)
        return Versioned(version=found.version, content=content)

    def with_days(self, user_id: str, now: datetime, days: int) -> WithDays:
        """The user with the decided days among the last `days`, today included; one BatchGet."""
        first = (now - _LABEL_SLACK).date() - timedelta(days=days - 1)
        last = (now + _LABEL_SLACK).date() - timedelta(days=self.policies().days_back_max(now.date()) + 1)
        loaded = self.store.load(user_id, months=_months(first, last))
        state = self._user_state(user_id, loaded, now)
        view = state.view
        wanted = _months(view.today - timedelta(days=days - 1), view.days[0].day - ONE_DAY)
        decided = dict(loaded.decided)
        if wanted - loaded.months:
            # The clock is far behind the user's last command.
            decided |= self.store.load(user_id, months=wanted - loaded.months).decided
        decided |= {row.day: row for row in sealed_rows(state.decided_anew, state.rules)}
        version = version_of(user_id, loaded.update_time, state)
        return WithDays(version=version, update_time=loaded.update_time, state=state, decided=decided)

    def activities(self, user_id: str, page_size: int, after: Cursor | None) -> Page[ListedActivity]:
        """Recorded activities, also the undone ones, each on the day where it lies now."""
        streak = self.store.load(user_id).streak
        entries = self.store.activities(user_id, page_size + 1, after)
        shown = entries[:page_size]
        starts = self.policies().standing.day_starts
        items = [
            responses.listed_activity(entry, _as_it_lies(streak, entry, entry.content.activity, starts), undone=undone)
            for entry, undone in shown
            if isinstance(entry.content, ActivityRecorded)
        ]
        last = shown[-1][0] if len(entries) > page_size else None
        return Page(items=items, after=(last.at, last.entry_id) if last else None)

    def events(self, user_id: str, now: datetime, page_size: int, after: Cursor | None) -> Page[EventResponse]:
        """What happened, also what time has decided and nobody has written down yet."""
        state = self.state(user_id, now)
        unwritten = (*state.told_anew, *time_events(state.view, state.settled_through)) if state.exists else ()
        pending = [event for event in unwritten if after is None or _cursor(event) < after]
        written = self.store.events(user_id, state.view.now, page_size + 1, after)
        # What was unwritten when the user was read, the job may have written since.
        once = {event.event_id: event for event in (*written, *pending)}
        found = sorted(once.values(), key=_cursor, reverse=True)
        shown = found[:page_size]
        items = [responses.event_response(event) for event in shown]
        return Page(items=items, after=_cursor(shown[-1]) if len(found) > page_size else None)

    def state(self, user_id: str, now: datetime) -> UserState:
        """The user as stored and as seen now, for whoever answers more than a streak."""
        return self._user_state(user_id, self.store.load(user_id), now)

    def _user_state(self, user_id: str, loaded: Loaded, now: datetime) -> UserState:
        rules = self.policies()
        return standing(loaded.streak, loaded.settled_through, rules, now, lambda: self.store.ledger(user_id))


def _as_it_lies(streak: Streak | None, entry: LedgerEntry, activity: Activity, starts: DayStarts) -> Activity:
    if streak is None:
        return activity
    return replace(activity, day=day_of(streak, Numbered(activity=activity, seq=entry.seq), starts))


def _offers(loaded: Loaded, state: UserState) -> OffersResponse:
    return responses.offers_response(offers_in_form_1(state) if loaded.form == FORM_1 else offers(state))


def _months(first: date, last: date) -> frozenset[str]:
    return frozenset(months_between(first, last)) if first <= last else frozenset()


def _cursor(event: Event) -> Cursor:
    return event.at, event.event_id
