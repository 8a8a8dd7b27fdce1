"""Which notice comes of an event, when it may be told, and that none is told that was taken back (decision 0056)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pytest

from streak_core.domain.events import Event, EventKind
from streak_core.domain.notices import NO_CHOICES, Channel, Notice, NoticeChoices, NoticeKind, QuietHours
from streak_core.domain.told_events import (
    TOLD_WITHIN,
    WAITING_MAX,
    as_of_now,
    is_quiet,
    kinds_of,
    told_at,
    waiting_after,
)
from testing.rules_in_time import ACHIEVEMENTS, CHALLENGES, Published, policy_with, rules_of
from tests.support.in_march import at, did
from tests.support.shipped_policy import POLICY
from tests.support.told_user import ToldUser

EVERY: Final = {kind.value: ["push"] for kind in NoticeKind if kind is not NoticeKind.REMINDER}
PUSHED: Final = NoticeChoices(channels={kind: frozenset({Channel.PUSH}) for kind in NoticeKind})
READ: Final = NoticeChoices(channels={kind: frozenset({Channel.INBOX}) for kind in NoticeKind})
NINE: Final = datetime(2026, 3, 3, 9, tzinfo=UTC)


def wishing(channels: dict[str, list[str]] = EVERY, **more: Any) -> ToldUser:
    user = ToldUser(POLICY)
    user.step({"at": at(1, 8), "do": "choose_notices", "channels": channels, **more})
    return user


def told(user: ToldUser, day: int, hour: int = 9) -> list[Notice]:
    """What a run tells, and its next page those that were settled by the first."""
    now = datetime.fromisoformat(at(day, hour))
    return [*user.run(now), *user.run(now)]


def kinds(user: ToldUser, day: int, hour: int = 9) -> list[str]:
    return [notice.kind.value for notice in told(user, day, hour)]


def earning(wish: str, channel: str = "inbox") -> ToldUser:
    """Somebody who wishes for one kind, with a challenge that two guides of March complete."""
    guides = {"from": "2026-03-02", "until": "2026-03-31", "categories": ["guide"], "target": 2, "reward": {"xp": 100}}
    user = ToldUser(
        policy_with({ACHIEVEMENTS: {"two_days": {"by": "streak", "target": 2}}, CHALLENGES: {"go": guides}})
    )
    user.step({"at": at(1, 8), "do": "choose_notices", "channels": {wish: [channel]}})
    user.step({"at": at(2, 8), "do": "join_challenge", "challenge": "go"})
    return user


def event(kind: EventKind = EventKind.MILESTONE_REACHED, at: datetime = NINE, **details: int) -> Event:
    return Event(event_id=f"{kind}.{at}", kind=kind, day=at.date(), at=at, details=details)


def with_freezes(user: ToldUser, number: int) -> None:
    user.step({"at": at(1, 8), "do": "grant_freezes", "count": number, "reason": "asked"})


def test_of_a_freeze_that_was_the_last_one_it_is_said_so_to_whoever_wishes_that() -> None:
    applied = event(EventKind.FREEZE_APPLIED, freezes_available=0)
    assert kinds_of(applied) == (NoticeKind.LAST_FREEZE_USED, NoticeKind.FREEZE_USED)
    assert kinds_of(replace(applied, details={"freezes_available": 1})) == (NoticeKind.FREEZE_USED,)
    # A place is seen at the board.
    assert kinds_of(event(EventKind.PLACED)) == ()
    for wished, number, said in [
        (EVERY, 2, ["freeze_used"]),
        (EVERY, 1, ["last_freeze_used"]),
        ({"freeze_used": ["push"]}, 1, ["freeze_used"]),
        ({"last_freeze_used": ["push"]}, 1, ["last_freeze_used"]),
        ({"last_freeze_used": ["push"]}, 2, []),
    ]:
        user = wishing(wished)
        with_freezes(user, number)
        did(user, 2)
        assert kinds(user, 4) == said


def test_a_last_freeze_is_the_last_no_more_once_another_one_was_given() -> None:
    user = wishing()
    with_freezes(user, 1)
    did(user, 2)
    user.maintenance(datetime.fromisoformat(at(4, 5)))
    user.step({"at": at(4, 6), "do": "grant_freezes", "count": 1, "reason": "asked"})
    (notice,) = told(user, 4)
    assert (notice.kind, notice.details) == (NoticeKind.FREEZE_USED, {"freezes_available": 1})


def test_a_break_is_told_with_its_length_and_with_what_would_bring_it_back_as_long_as_that_is_offered() -> None:
    user = wishing()
    for day in (2, 3, 4):
        did(user, day)
    (notice,) = told(user, 6)
    assert (notice.notice_id, notice.kind, notice.day) == (
        "2026-03-05.streak_broken",
        NoticeKind.STREAK_BROKEN,
        date(2026, 3, 5),
    )
    assert notice.details["length"] == 3
    assert int(notice.details["current_streak_after"]) >= 3
    later = wishing()
    did(later, 2)
    later.maintenance(datetime.fromisoformat(at(4, 5)))
    (notice,) = told(later, 5, 20)
    assert notice.details == {"length": 1}


def test_what_was_taken_back_before_it_was_told_is_told_to_nobody() -> None:
    user = wishing()
    did(user, 2)
    did(user, 3)
    user.maintenance(datetime.fromisoformat(at(5, 5)))
    assert [one.kind for one in user.reminding.waiting] == [EventKind.STREAK_BROKEN]
    did(user, 5, "late", hour=6, occurred_at=at(4, 12))
    assert kinds(user, 5) == ["streak_restored"]


def test_a_milestone_that_an_undo_takes_back_in_the_night_is_not_told_in_the_morning() -> None:
    for undone, said in [(True, []), (False, ["milestone"])]:
        user = wishing({"milestone": ["push"]})
        for day in range(2, 8):
            did(user, day)
        did(user, 8, hour=23)
        assert kinds(user, 8, 23) == []
        assert user.plan == datetime.fromisoformat(at(9, 8))
        if undone:
            user.step({"at": at(9, 7), "do": "undo", "activity_id": "a8"})
        assert kinds(user, 9, 8) == said
        assert kinds(user, 9, 9) == []


def test_a_bonus_is_told_once_and_not_once_its_week_has_lost_a_category() -> None:
    for undone, said in [(True, []), (False, ["bonus_earned"])]:
        user = wishing({"bonus_earned": ["inbox"]})
        activities = [
            ("flashcard_set_completed", {"correct": 1_000}),
            ("quiz_completed", {"difficulty": "easy", "score": 60}),
            ("evaluation_completed", {"grade": 3}),
            ("study_guide_completed", {}),
        ]
        for activity_type, metadata in activities:
            did(user, 3, activity_type, activity_type=activity_type, metadata=metadata)
        assert [one.kind for one in user.reminding.waiting] == [EventKind.BONUS_EARNED]
        if undone:
            user.step({"at": at(3), "do": "undo", "activity_id": "quiz_completed3"})
        assert kinds(user, 3) == said


def test_an_achievement_is_told_by_its_name_once_and_for_ever_also_where_its_activity_is_undone() -> None:
    user = earning("achievement_unlocked")
    did(user, 2)
    did(user, 3)
    user.step({"at": at(3), "do": "undo", "activity_id": "a3"})
    (notice,) = told(user, 3)
    assert (notice.notice_id, notice.details) == ("achievement_unlocked.two_days", {"achievement": "two_days"})
    did(user, 3, "b")
    assert kinds(user, 3) == []
    gone = replace(notice, details={"achievement": "three_days"})
    assert as_of_now(notice, user.state(NINE), READ) == notice
    assert as_of_now(gone, user.state(NINE), READ) is None


def test_what_was_reached_before_it_was_offered_is_earned_and_told_to_nobody() -> None:
    offered = {ACHIEVEMENTS: {"two_days": {"by": "streak", "target": 2}, "four_days": {"by": "streak", "target": 4}}}
    since = Published(effective_from=date(2026, 3, 5), at=NINE.replace(day=1), numbers=offered)
    user = ToldUser(rules_of([since], POLICY))
    user.step({"at": at(1, 8), "do": "choose_notices", "channels": {"achievement_unlocked": ["inbox"]}})
    for day in (2, 3, 4, 5):
        did(user, day)
    assert user.streak
    assert user.streak.earned.keys() == {"two_days", "four_days"}
    assert [notice.notice_id for notice in told(user, 5)] == ["achievement_unlocked.four_days"]


def test_a_completed_challenge_is_told_once_with_what_it_gave() -> None:
    user = earning("challenge_completed")
    did(user, 2)
    did(user, 3)
    (notice,) = told(user, 3)
    assert notice.details == {"challenge": "go", "xp": 100, "freezes": 0}
    user.step({"at": at(3, 10), "do": "undo", "activity_id": "a3"})
    user.step({"at": at(3, 10), "do": "redo", "activity_id": "a3"})
    # The run writes it over its notice, which stays sent.
    assert {one.notice_id for one in told(user, 3, 10)} <= {notice.notice_id}


def test_a_challenge_that_an_undo_undoes_before_it_is_told_is_not_even_where_it_is_left_and_a_redo_tells_it() -> None:
    for also, said in [([], []), ([{"do": "leave_challenge", "challenge": "go"}], []),
                       ([{"do": "redo", "activity_id": "a3"}], ["challenge_completed"])]:  # fmt: skip
        user = earning("challenge_completed", "push")
        did(user, 2)
        did(user, 3, hour=23)
        assert [one.kind for one in user.reminding.waiting] == [EventKind.CHALLENGE_COMPLETED]
        for step in [{"do": "undo", "activity_id": "a3"}, *also]:
            user.step({"at": at(4, 5), **step})
        assert kinds(user, 4) == said


def test_between_run_and_sending_a_challenge_that_is_done_no_more_is_silenced_and_one_of_the_past_stays() -> None:
    user = earning("challenge_completed")
    did(user, 2)
    did(user, 3)
    (notice,) = told(user, 3)

    def stays() -> bool:
        assert user.streak
        return as_of_now(notice, user.state(user.streak.updated_at), READ) is not None

    assert stays()
    user.step({"at": at(3, 10), "do": "undo", "activity_id": "a3"})
    assert not stays()
    user.step({"at": at(3, 11), "do": "leave_challenge", "challenge": "go"})
    assert not stays()
    for month in (4, 5):
        did(user, 30, f"m{month}", occurred_at=at(30, 8, month), at=at(30, 9, month))
    assert stays()


def test_what_has_only_just_been_settled_waits_for_the_next_look_at_the_user() -> None:
    user = wishing()
    did(user, 2)
    now = datetime.fromisoformat(at(4))
    assert user.run(now) == []
    assert user.plan == now
    assert [one.kind for one in user.run(now)] == [NoticeKind.STREAK_BROKEN]
    assert user.plan is None


def test_who_is_blocked_or_has_taken_the_wish_back_is_told_nothing_more() -> None:
    for step in (
        {"do": "block", "reason": "spam"},
        {"do": "choose_notices", "channels": {kind: [] for kind in EVERY}},
    ):
        user = wishing()
        did(user, 2)
        user.maintenance(datetime.fromisoformat(at(4, 5)))
        assert user.reminding.waiting
        user.step({"at": at(4, 6), **step})
        assert user.reminding.waiting == ()
        assert user.plan is None
        assert kinds(user, 4) == []


def test_nothing_waits_of_what_nobody_wishes_or_what_is_long_ago_and_no_more_than_so_much() -> None:
    one = event()
    assert waiting_after([], {"a": one}, PUSHED, NINE) == (one,)
    assert waiting_after([], {"a": one}, NO_CHOICES, NINE) == ()
    assert waiting_after([], {"a": event(EventKind.STREAK_EXTENDED)}, PUSHED, NINE) == ()
    assert waiting_after([one], {}, PUSHED, NINE + TOLD_WITHIN - timedelta(seconds=1)) == (one,)
    assert waiting_after([one], {}, PUSHED, NINE + TOLD_WITHIN) == ()
    assert waiting_after([one], {one.event_id: None}, PUSHED, NINE) == ()
    many = {str(number): event(at=NINE + timedelta(seconds=number)) for number in range(WAITING_MAX + 1)}
    assert waiting_after([], many, PUSHED, NINE) == tuple(many.values())[1:]


@pytest.mark.parametrize(
    ("hour", "minute", "until"),
    [(21, 54, None), (21, 55, None), (21, 56, "2026-03-04T08:00"), (23, 0, "2026-03-04T08:00"), (8, 0, None)],
)
def test_what_is_pushed_waits_for_the_end_of_quiet_hours_also_where_they_are_about_to_begin(
    hour: int, minute: int, until: str | None
) -> None:
    user = ToldUser(POLICY)
    did(user, 1)
    now = NINE.replace(hour=hour, minute=minute)
    view = user.state(now).view
    expected = now if until is None else datetime.fromisoformat(f"{until}Z")
    assert told_at(event(), view, PUSHED) == expected
    assert told_at(event(), view, READ) == now
    assert told_at(event(), view, replace(PUSHED, quiet=None)) == now
    assert is_quiet(view, PUSHED) is (hour == 23)
    assert not is_quiet(view, replace(PUSHED, quiet=None))


def test_quiet_hours_that_leave_a_few_minutes_a_day_are_waited_out_to_those() -> None:
    user = ToldUser(POLICY)
    did(user, 1)
    hardly = replace(PUSHED, quiet=QuietHours(from_minute=4 * 60 + 10, until_minute=4 * 60))
    assert told_at(event(), user.state(NINE).view, hardly) == NINE.replace(hour=4) + timedelta(days=1)
    never = replace(PUSHED, quiet=QuietHours(from_minute=4 * 60 + 4, until_minute=4 * 60))
    assert told_at(event(), user.state(NINE).view, never) >= NINE + TOLD_WITHIN


def test_of_a_day_that_has_left_the_tail_what_was_told_of_it_stays_so_unless_its_streak_runs_again() -> None:
    user = wishing()
    did(user, 2)
    for day in range(4, 31):
        did(user, day)
    state = user.state(datetime.fromisoformat(at(30)))
    assert state.view.on(date(2026, 3, 3)) is None

    def still(kind: NoticeKind, day: int, **numbers: int) -> dict[str, int | str] | None:
        notice = Notice(notice_id="n", kind=kind, day=date(2026, 3, day), at=NINE, details=numbers)
        is_now = as_of_now(notice, state, PUSHED)
        return dict(is_now.details) if is_now else None

    assert still(NoticeKind.FREEZE_USED, 3) == {"freezes_available": 0}
    # The run that is going on began on the fourth.
    assert still(NoticeKind.STREAK_BROKEN, 3, length=1) == {"length": 1}
    assert still(NoticeKind.STREAK_BROKEN, 4, length=1) is None
    assert still(NoticeKind.STREAK_RESTORED, 4) == {"length": 27}
    assert still(NoticeKind.STREAK_RESTORED, 3) is None
    assert still(NoticeKind.REMINDER, 30) is None


def test_nobody_is_told_that_a_streak_is_back_which_does_not_run() -> None:
    state = wishing().state(NINE)
    notice = Notice(notice_id="n", kind=NoticeKind.STREAK_RESTORED, day=date(2026, 3, 2), at=NINE)
    assert as_of_now(notice, state, PUSHED) is None
    broken = replace(notice, kind=NoticeKind.STREAK_BROKEN, details={"length": 4}, day=date(2026, 1, 1))
    told = as_of_now(broken, state, PUSHED)
    assert told
    assert told.details == {"length": 4}
