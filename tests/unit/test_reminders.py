"""Laws of what users are told of what happened, over random lives: zones, clocks that are turned, flights, pauses."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from streak_core.domain.events import EventKind
from streak_core.domain.model import Verdict
from streak_core.domain.notices import Channel, NoticeKind
from streak_core.domain.reminders import MEETABLE
from streak_core.domain.told_events import TOLD_WITHIN
from testing.lives import lives
from tests.support.living import attempt
from tests.support.shipped_policy import POLICY
from tests.support.thoroughness import examples
from tests.support.told_user import RUN, ToldUser

if TYPE_CHECKING:
    from streak_core.domain.events import Event
    from streak_core.domain.notices import Notice, QuietHours
    from streak_core.domain.replay import View
    from testing.steps import Step

OF_EVENTS: Final = [kind for kind in NoticeKind if kind is not NoticeKind.REMINDER]
# Of which event each kind tells, written down once more.
TELLS: Final = {
    EventKind.FREEZE_APPLIED: {NoticeKind.FREEZE_USED, NoticeKind.LAST_FREEZE_USED},
    EventKind.STREAK_BROKEN: {NoticeKind.STREAK_BROKEN},
    EventKind.STREAK_RESTORED: {NoticeKind.STREAK_RESTORED},
    EventKind.MILESTONE_REACHED: {NoticeKind.MILESTONE},
    EventKind.BONUS_EARNED: {NoticeKind.BONUS_EARNED},
}
times: Final = st.integers(0, 24 * 60 - 1).map(lambda minute: f"{minute // 60:02d}:{minute % 60:02d}")
wishes: Final = st.fixed_dictionaries(
    {
        "channels": st.fixed_dictionaries({kind.value: st.sampled_from((["push"], ["inbox"])) for kind in OF_EVENTS}),
        "quiet_hours": st.fixed_dictionaries({"from": times, "until": times}),
    }
)


def lived(life: list[Step], wish: dict[str, Any]) -> ToldUser:
    """A user who wished it from the first moment, with this life and some days behind them, and all runs in between."""
    user = ToldUser(POLICY)
    attempt(user, life[0])
    attempt(user, {**life[0], "do": "choose_notices", **wish})
    for step in life[1:]:
        now = datetime.fromisoformat(step["at"])
        user.until(now)
        # Further choices would make another wish of it; what they do is told elsewhere.
        if step["do"] != "choose_notices":
            attempt(user, step)
    last = datetime.fromisoformat(life[-1]["at"])
    for hours in range(6, 24 * 8, 6):
        user.until(last + timedelta(hours=hours))
        user.maintenance(last + timedelta(hours=hours))
    user.until(last + timedelta(days=12))
    return user


def is_quiet(quiet: QuietHours | None, time_zone: str, moment: datetime) -> bool:
    """By the wall clock alone."""
    if quiet is None:
        return False
    wall = moment.astimezone(ZoneInfo(time_zone))
    minute, begins, ends = 60 * wall.hour + wall.minute, quiet.from_minute, quiet.until_minute
    return begins <= minute < ends if begins < ends else minute >= begins or minute < ends


def is_so(notice: Notice, view: View) -> bool:
    """Whether the streak stands as the notice tells, by what everybody is answered."""
    judged, length = view.on(notice.day), notice.details.get("length", 0)
    if notice.kind in {NoticeKind.FREEZE_USED, NoticeKind.LAST_FREEZE_USED}:
        return judged is None or judged.verdict is Verdict.FROZEN
    if notice.kind is NoticeKind.STREAK_BROKEN:
        return judged is None or judged.broke == length > 0
    if notice.kind in {NoticeKind.STREAK_RESTORED, NoticeKind.MILESTONE}:
        return view.current_streak >= length > 0
    return True


def has_room(quiet: QuietHours | None, event: Event, view: View) -> bool:
    """Whether so soon after an event, in the zone of now, there was time for a run that no change of clocks touches."""
    place = ZoneInfo(view.zone_line.time_zone)
    points = [event.at + RUN * number for number in range((TOLD_WITHIN - MEETABLE) // RUN)]
    if len({one.astimezone(place).utcoffset() for one in points}) > 1:
        return False
    free = [not is_quiet(quiet, view.zone_line.time_zone, one) for one in points]
    return any(all(free[at : at + 4]) for at in range(len(free) - 4))


@given(lives(may_come_along=False), wishes)
@examples(100)
def test_law_what_happened_is_told_once_while_it_is_so_and_never_pushed_in_quiet_hours(
    life: list[Step], wish: dict[str, Any]
) -> None:
    user = lived(life, wish)
    ids = [notice.notice_id for notice, _, _ in user.told if notice.kind is not NoticeKind.REMINDER]
    assert len(ids) == len(set(ids))
    for notice, view, choices in user.told:
        assert choices
        assert is_so(notice, view)
        if Channel.PUSH in choices.channels[notice.kind]:
            assert not is_quiet(choices.quiet, view.zone_line.time_zone, view.now)
        event = user.events[notice.notice_id]
        assert notice.kind in TELLS[event.kind]
        assert event.at <= view.now < event.at + TOLD_WITHIN
    assert user.reminding.waiting == ()
    assert user.plan is None


@given(lives(may_come_along=False), wishes)
@examples(60)
def test_law_whatever_is_still_so_at_the_end_of_the_quiet_hours_is_told(life: list[Step], wish: dict[str, Any]) -> None:
    """Of lives after whose last step nothing happens any more but what time brings."""
    user = ToldUser(POLICY)
    for step in life:
        attempt(user, step)
    last = datetime.fromisoformat(life[-1]["at"])
    attempt(user, {"at": str(last), "do": "unblock", "reason": "law"})
    attempt(user, {"at": str(last), "do": "choose_notices", **wish})
    if user.streak is None or user.streak.settings.notices is None:
        return
    before = set(user.events)
    for hours in range(24 * 8):
        user.until(last + timedelta(hours=hours))
        user.maintenance(last + timedelta(hours=hours))
    told = {notice.notice_id for notice, _, _ in user.told}
    view, quiet = user.state(last + timedelta(days=8)).view, user.streak.settings.notices.quiet
    for event_id in set(user.events) - before:
        event = user.events[event_id]
        if event.kind in TELLS and event.at > last - timedelta(hours=1):
            assert event_id in told or not has_room(quiet, event, view), event


@given(lives())
@examples(60)
def test_law_who_wishes_for_nothing_has_nothing_waiting(life: list[Step]) -> None:
    user = ToldUser(POLICY)
    for step in life:
        if step["do"] != "choose_notices":
            attempt(user, step)
    assert (user.reminding.waiting, user.plan, user.told) == ((), None, [])
