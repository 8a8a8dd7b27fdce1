"""Laws 2, 5 and 6 where activities say their zone (semantics 1 and 7), in whichever order they arrive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from hypothesis import assume, given
from hypothesis import strategies as st

from streak_core.domain.days import ONE_DAY, days_from, zone_day, zone_starts_at
from testing.lives import lives, moments, zones
from testing.pure_user import PureUser
from testing.steps import Step
from tests.support.living import live
from tests.support.shipped_policy import POLICY, RULES
from tests.support.thoroughness import examples

if TYPE_CHECKING:
    from datetime import date

LAW: Final = examples(90)
STARTS: Final = RULES.day_starts
HOUR: Final = POLICY.days.day_start_hour
LATE_DAYS: Final = POLICY.activities.late_days_max
CHECKED: Final = ("current_streak", "longest_streak", "run_started_on", "today", "time_zone", "freezes_available")


def said(at: datetime, occurred_at: datetime, time_zone: str, name: str) -> Step:
    return {
        "at": at.isoformat(),
        "do": "record",
        "activity_id": name,
        "activity_type": "check_in",
        "metadata": {},
        "occurred_at": occurred_at.isoformat(),
        "time_zone": time_zone,
    }


@dataclass(frozen=True)
class Stay:
    """A time in a zone."""

    time_zone: str
    begins: datetime
    ends: datetime

    def days(self) -> list[date]:
        """Every label that the calendar there showed."""
        return list(days_from(zone_day(self.time_zone, self.begins, STARTS), self._last()))

    def _last(self) -> date:
        return zone_day(self.time_zone, self.ends - timedelta(seconds=1), STARTS)

    def moment(self, day: date, part: float) -> datetime:
        """An instant of that label while the user was there."""
        first = max(self.begins, zone_starts_at(self.time_zone, day, HOUR))
        last = min(self.ends, zone_starts_at(self.time_zone, day + ONE_DAY, HOUR)) - timedelta(seconds=1)
        return first + (last - first) * part


@st.composite
def travels(draw: st.DrawFn, stays_max: int = 5) -> list[Stay]:
    """Stays one after the other, of hours or days, all within the late window; each zone is lived in once."""
    at = draw(moments).replace(microsecond=0)
    names = draw(st.lists(zones, min_size=1, max_size=stays_max, unique=True))
    stays = []
    for name in names:
        ends = at + timedelta(minutes=draw(st.integers(60, 60 * 24 * LATE_DAYS // (stays_max + 1))))
        stays.append(Stay(name, at, ends))
        at = ends
    return stays


def every_day(stays: list[Stay], parts: list[float]) -> list[tuple[datetime, str]]:
    """One activity for each day that the calendar showed where the user was."""
    found = [(stay, day) for stay in stays for day in stay.days()]
    return [(stay.moment(day, parts[n % len(parts)]), stay.time_zone) for n, (stay, day) in enumerate(found)]


parts: Final = st.lists(st.floats(0, 1), min_size=1, max_size=9)


@given(travels(), parts, st.randoms(use_true_random=False), st.sampled_from([True, False]))
@LAW
def test_law_2_activities_that_say_their_zone_may_arrive_in_any_order(
    stays: list[Stay], when: list[float], order: Any, known: bool
) -> None:
    sent = every_day(stays, when)
    now = stays[-1].ends
    home = {"at": (stays[0].begins - timedelta(days=20)).isoformat(), "do": "set_time_zone", "time_zone": "Asia/Tokyo"}
    steps = [said(now, at, zone, f"a{number}") for number, (at, zone) in enumerate(sent)]
    asked: Step = {"at": now.isoformat(), "do": "get_streak"}
    answers = []
    for arriving in (steps, order.sample(steps, len(steps))):
        user = live([*([home] if known else []), *arriving])
        calendar = user.step({**asked, "do": "get_calendar", "days": 25})
        answers.append(({name: user.step(asked)[name] for name in CHECKED}, calendar))
    assert answers[0] == answers[1]


@given(travels(), parts, st.randoms(use_true_random=False), st.integers(0, 3))
@LAW
def test_law_5_one_activity_in_every_day_that_the_calendar_showed_there_never_breaks(
    stays: list[Stay], when: list[float], order: Any, batches: int
) -> None:
    sent = every_day(stays, when)
    now = stays[-1].ends
    steps = [said(now, at, zone, f"a{number}") for number, (at, zone) in enumerate(sent)]
    # Some as they happen, the others all at once at the end, as after days without a network.
    in_time = [{**step, "at": step["occurred_at"]} for step in steps[: len(steps) * batches // 3]]
    late = steps[len(in_time) :]
    user = live([*in_time, *order.sample(late, len(late))])
    at = now.isoformat()
    rows = user.step({"at": at, "do": "get_calendar", "days": 40})
    assert not [row for row in rows if row["verdict"] in {"missed", "frozen"}]
    assert user.step({"at": at, "do": "get_streak"})["current_streak"] == sum(row["has_activity"] for row in rows)


@given(lives(may_come_along=False))
@LAW
def test_law_6_hopping_between_zones_makes_at_most_two_days_more_than_there_were(life: list[Step]) -> None:
    moments_of = [datetime.fromisoformat(step.get("occurred_at") or step["at"]) for step in life]
    user = live(life)
    assume(user.streak is not None)
    rows = user.step({"at": max(moments_of).isoformat(), "do": "get_calendar", "days": 366})
    active = sum(row["has_activity"] for row in rows)
    passed = (max(moments_of).astimezone(UTC).date() - min(moments_of).astimezone(UTC).date()).days + 1
    assert active <= passed + 2


@given(travels(3), parts)
@LAW
def test_the_first_zone_said_late_is_as_if_it_had_been_said_first(stays: list[Stay], when: list[float]) -> None:
    """Activities of one tail without any zone, then the zone: as a user who said it before the first of them."""
    stay = Stay(stays[0].time_zone, stays[0].begins, stays[-1].ends)
    steps: list[Step] = [
        {"at": at.isoformat(), "do": "record", "activity_id": f"a{n}", "activity_type": "check_in"}
        for n, (at, _) in enumerate(every_day([stay], when))
    ]
    zone: Step = {"do": "set_time_zone", "time_zone": stay.time_zone}
    before, after = ({**zone, "at": at.isoformat()} for at in (stay.begins, stay.ends))
    asked: Step = {"at": stay.ends.isoformat(), "do": "get_streak"}
    late, early = live([*steps, after]), live([before, *steps])
    calendars = [user.step({**asked, "do": "get_calendar", "days": 20}) for user in (late, early)]
    assert calendars[0] == calendars[1]
    assert [late.step(asked)[name] for name in CHECKED] == [early.step(asked)[name] for name in CHECKED]


def test_before_any_zone_is_said_the_user_is_in_utc_and_told_so() -> None:
    user = PureUser(POLICY)
    at = "2026-03-02T23:30:00Z"
    streak = user.step({"at": at, "do": "get_streak"})
    assert (streak["time_zone"], streak["time_zone_known"], streak["today"]) == ("UTC", False, "2026-03-02")
    user.step({"at": at, "do": "set_time_zone", "time_zone": "UTC"})
    assert user.step({"at": at, "do": "get_streak"})["time_zone_known"] is True
