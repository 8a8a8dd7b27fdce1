"""Laws of what users are told of what happened, over random lives: zones, clocks that are turned, flights, pauses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, cast
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from streak_core.achievements_response import achievements_response
from streak_core.challenges_response import challenges_response
from streak_core.domain.devices import Device, Platform
from streak_core.domain.events import EventKind
from streak_core.domain.model import Verdict
from streak_core.domain.notices import Channel, NoticeKind
from streak_core.domain.reminders import MEETABLE
from streak_core.domain.told_events import TOLD_WITHIN
from streak_core.notice_texts import shipped_texts
from streak_core.reminders import NoticeNotWritten, NoticeSender, due_notices
from streak_core.store.notices import Addressee
from testing.lives import dice, lives
from testing.rules_in_time import ACHIEVEMENTS, CHALLENGES, NUMBERS, drawn_challenges, policy_with
from tests.support.living import attempt
from tests.support.shipped_policy import POLICY
from tests.support.thoroughness import examples
from tests.support.told_user import RUN, ToldUser

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from streak_core.domain.events import Event
    from streak_core.domain.notices import Notice, QuietHours
    from streak_core.domain.policy import Policy
    from streak_core.domain.replay import View
    from streak_core.domain.state import UserState
    from streak_core.notice_texts import Message
    from streak_core.store.notices import NoticeStore
    from testing.steps import Step

OF_EVENTS: Final = [kind for kind in NoticeKind if kind is not NoticeKind.REMINDER]
# Of which event each kind tells, written down once more.
TELLS: Final = {
    EventKind.FREEZE_APPLIED: {NoticeKind.FREEZE_USED, NoticeKind.LAST_FREEZE_USED},
    EventKind.STREAK_BROKEN: {NoticeKind.STREAK_BROKEN},
    EventKind.STREAK_RESTORED: {NoticeKind.STREAK_RESTORED},
    EventKind.MILESTONE_REACHED: {NoticeKind.MILESTONE},
    EventKind.BONUS_EARNED: {NoticeKind.BONUS_EARNED},
    EventKind.ACHIEVEMENT_UNLOCKED: {NoticeKind.ACHIEVEMENT_UNLOCKED},
    EventKind.CHALLENGE_COMPLETED: {NoticeKind.CHALLENGE_COMPLETED},
}
PHONE: Final = Device(
    device_id="phone", address="t", platform=Platform.IOS, registered_at=datetime(2026, 1, 1, tzinfo=UTC)
)
# Of a task, and of the queue's further tries.
DELAYS: Final = tuple(timedelta(minutes=minutes) for minutes in (0, 0, 1, 7, 59, 600))
KILLED: Final = 0.2
times: Final = st.integers(0, 24 * 60 - 1).map(lambda minute: f"{minute // 60:02d}:{minute % 60:02d}")
wishes: Final = st.fixed_dictionaries(
    {
        "channels": st.fixed_dictionaries({kind.value: st.sampled_from((["push"], ["inbox"])) for kind in OF_EVENTS}),
        "quiet_hours": st.fixed_dictionaries({"from": times, "until": times}),
    }
)


def lived(life: list[Step], wish: dict[str, Any], user: ToldUser) -> ToldUser:
    """The user, who wished it from the first moment, with this life and some days behind them, and all runs between."""
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


def offering(life: list[Step], dice: Random) -> Policy:
    """A policy with achievements and with challenges of the days of a life."""
    challenges = drawn_challenges(dice, datetime.fromisoformat(life[0]["at"]).date())
    return policy_with({ACHIEVEMENTS: dice.choice(NUMBERS[ACHIEVEMENTS][1:]), CHALLENGES: challenges}, POLICY)


def is_so(notice: Notice, state: UserState) -> bool:
    """Whether the user stands as the notice tells, by what everybody is answered."""
    view, length = state.view, int(notice.details.get("length", 0))
    judged = view.on(notice.day)
    if notice.kind is NoticeKind.ACHIEVEMENT_UNLOCKED:
        rows = achievements_response(state)["achievements"]
        return any(one["achievement"] == notice.details["achievement"] and one["earned_at"] for one in rows)
    if notice.kind is NoticeKind.CHALLENGE_COMPLETED:
        # Of several of that name each has another first day; what can't change any more is listed no more.
        listed = {f"{one['challenge']}.{one['from']}": one for one in challenges_response(state)["challenges"]}
        one = listed.get(notice.notice_id.removeprefix(f"{notice.kind}."))
        return judged is None if one is None else one["completed"]
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


@given(lives(may_come_along=False), wishes, dice)
@examples(60)
def test_law_what_happened_is_told_once_while_it_is_so_and_never_pushed_in_quiet_hours(
    life: list[Step], wish: dict[str, Any], dice: Random
) -> None:
    user = lived(life, wish, ToldUser(offering(life, dice)))
    # A challenge that is undone after it was told, and done again, is one notice, which is written anew.
    again = {NoticeKind.REMINDER, NoticeKind.CHALLENGE_COMPLETED}
    ids = [notice.notice_id for notice, _, _ in user.told if notice.kind not in again]
    assert len(ids) == len(set(ids))
    for (notice, state, choices), event in zip(user.told, user.events_told, strict=True):
        view = state.view
        assert choices
        assert is_so(notice, state)
        if Channel.PUSH in choices.channels[notice.kind]:
            assert not is_quiet(choices.quiet, view.zone_line.time_zone, view.now)
        assert event
        assert notice.kind in TELLS[event.kind]
        assert event.at <= view.now < event.at + TOLD_WITHIN
    assert user.reminding.waiting == ()
    assert user.plan is None


@given(lives(may_come_along=False), wishes)
@examples(40)
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
    # Of what happened last, too, it is told as long as it may be.
    user.until(last + timedelta(days=12))
    told = {notice.notice_id for notice, _, _ in user.told}
    view, quiet = user.state(last + timedelta(days=8)).view, user.streak.settings.notices.quiet
    for event_id in set(user.events) - before:
        event = user.events[event_id]
        if event.kind in TELLS and event.at > last - timedelta(hours=1):
            assert event_id in told or not has_room(quiet, event, view), event


@given(lives(may_come_along=False), dice)
@examples(40)
def test_law_whatever_is_unlocked_is_told_to_whoever_is_not_blocked_and_reads_it_and_nothing_else_is(
    life: list[Step], dice: Random
) -> None:
    may = [step for step in life if step["do"] != "block"]
    wish = {"channels": {NoticeKind.ACHIEVEMENT_UNLOCKED.value: ["inbox"]}}
    user = lived(may, wish, ToldUser(offering(life, dice)))
    # The first step goes before the wish.
    first = {event.event_id for event in user.events.values() if event.at <= datetime.fromisoformat(life[0]["at"])}
    unlocked = {one.event_id for one in user.events.values() if one.kind is EventKind.ACHIEVEMENT_UNLOCKED}
    told = [notice.notice_id for notice, _, _ in user.told]
    assert len(told) == len(set(told))
    if user.streak and user.streak.settings.notices:
        assert unlocked - first <= set(told) <= unlocked


@given(lives())
@examples(60)
def test_law_who_wishes_for_nothing_has_nothing_waiting(life: list[Step]) -> None:
    user = ToldUser(POLICY)
    for step in life:
        if step["do"] != "choose_notices":
            attempt(user, step)
    assert (user.reminding.waiting, user.plan, user.told) == ((), None, [])


class Sent(ToldUser):
    """A user whose notices are sent by tasks that come late, or twice; and some runs die between queue and commit.

    It is the store of the sender as well, and the channel that keeps what was pushed.
    """

    def __init__(self, policy: Policy, dice: Random) -> None:
        super().__init__(policy)
        self.dice = dice
        self.tasks: list[tuple[datetime, str]] = []
        self.names: set[str] = set()
        self.notices: dict[str, Notice] = {}
        self.done_ids: set[str] = set()
        self.pushed: list[str] = []
        self.last_run = datetime(1970, 1, 1, tzinfo=UTC)

    def run(self, now: datetime) -> list[Notice]:
        settled = self.settled(now)
        for notice in due_notices(settled).notices if settled else ():
            # The queue enqueues a name once, and delivers it once or twice.
            times = self.dice.choice((1, 1, 2)) if notice.notice_id not in self.names else 0
            self.names.add(notice.notice_id)
            self.tasks += [(now + self.dice.choice(DELAYS), notice.notice_id) for _ in range(times)]
        if self.dice.random() < KILLED:
            return []
        told = super().run(now)
        self.notices |= {notice.notice_id: notice for notice in told}
        return told

    def until(self, now: datetime) -> None:
        while True:
            run = None if self.plan is None else max(whole(self.plan), self.last_run + RUN)
            upcoming = [one for one in (run, *(at for at, _ in self.tasks)) if one is not None and one < now]
            if not upcoming:
                return
            at = min(upcoming)
            if due := sorted(task for task in self.tasks if task[0] == at):
                self.tasks.remove(due[0])
                self.deliver(*due[0])
            else:
                self.last_run = at
                self.run(at)

    def deliver(self, at: datetime, notice_id: str) -> None:
        sender = NoticeSender(cast("NoticeStore", self), self, lambda: self.rules, shipped_texts())
        before = len(self.pushed)
        try:
            sender.send("u", notice_id, at)
        except NoticeNotWritten:
            self.tasks.append((at + timedelta(minutes=1), notice_id))
        if len(self.pushed) == before:
            return
        state, choices = self.state(at), self.streak and self.streak.settings.notices
        view = state.view
        assert choices
        assert not is_quiet(choices.quiet, view.zone_line.time_zone, at)
        notice = self.notices[notice_id]
        if notice.kind is NoticeKind.STREAK_BROKEN:
            assert view.streak_started_on is None or view.streak_started_on > notice.day
        else:
            assert is_so(notice, state)

    # What the sender asks of its store.
    def addressee(self, _user_id: str, notice_id: str) -> Addressee:
        return Addressee(
            version=None,
            streak=self.streak,
            devices=(PHONE,),
            settled_through=self.settled_through,
            waiting=self.reminding.waiting,
            notice=self.notices.get(notice_id),
            is_done=notice_id in self.done_ids,
        )

    def mark_done(self, _user_id: str, notice_id: str, _at: datetime, *, is_shown: bool) -> None:
        del is_shown
        self.done_ids.add(notice_id)

    # And of its channel.
    def send(self, _devices: Sequence[Device], message: Message) -> frozenset[str]:
        self.pushed.append(message.message_id)
        return frozenset()


def whole(moment: datetime) -> datetime:
    """The next moment of a run."""
    return moment + (datetime.min.replace(tzinfo=UTC) - moment) % RUN


@given(lives(may_come_along=False), wishes, dice)
@examples(60)
def test_law_with_runs_that_die_and_tasks_that_are_doubled_or_late_each_is_pushed_once_at_most_while_it_is_so(
    life: list[Step], wish: dict[str, Any], dice: Random
) -> None:
    user = lived(life, wish, Sent(offering(life, dice), dice))
    assert isinstance(user, Sent)
    assert len(user.pushed) == len(set(user.pushed))
    assert set(user.pushed) <= user.done_ids
    # No task goes on for ever, and nothing is left to be told.
    assert user.tasks == []
    assert user.reminding.waiting == ()
    assert {notice.notice_id for notice, _, _ in user.told} == user.done_ids
