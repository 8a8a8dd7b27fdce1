"""The service against the model, one rule after the other as hypothesis likes: commands, time, the job, and faults."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Final

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from testing.drawing import HARD_ZONES, Drawer
from testing.lives import dice
from testing.steps import CommandStep, Step
from tests.support.shipped_policy import policies
from tests.support.thoroughness import examples
from tools.chaos.environment import DifferenceError, Environment
from tools.chaos.faults import Code, Fault, Mode
from tools.chaos.lives import Way, user_ids

if TYPE_CHECKING:
    from emulator.firestore import FirestoreEmulator
    from tools.chaos.faults import Site

_FAULTS: Final = st.builds(
    Fault,
    st.sampled_from([place for place in Mode if place is not Mode.SLOW]),
    st.sampled_from(list(Code)),
    st.integers(1, 2),
)
_KINDS: Final = st.sampled_from([*(CommandStep.RECORD,) * 2, *CommandStep])


class _Coming:
    """The faults that hypothesis chose, one for each RPC to come."""

    def __init__(self) -> None:
        self.coming: list[Fault | None] = []

    def __call__(self, site: Site) -> Fault | None:  # noqa: ARG002 - whichever RPC comes next
        return self.coming.pop(0) if self.coming else None


class _OneUser(RuleBasedStateMachine):
    @initialize(zone=st.one_of(st.none(), st.sampled_from(HARD_ZONES)), minutes=st.integers(0, 7 * 24 * 60), dice=dice)
    def begin(self, zone: str | None, minutes: int, dice: Random) -> None:
        self.plan = _Coming()
        self.environment = Environment(user_ids(0)[:1], policies, self.plan)
        self.now = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(minutes=minutes)
        self.number, self.drawer = 0, Drawer(dice)
        self.is_well = True
        if zone:
            # Others say their first zone later, or never.
            self._play({"do": "set_time_zone", "time_zone": zone})

    @rule(minutes=st.one_of(st.integers(0, 26 * 60), st.integers(18 * 60, 30 * 60), st.integers(-60, 9 * 24 * 60)))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(faults=st.lists(st.one_of(st.none(), _FAULTS), min_size=1, max_size=6))
    def trouble_is_coming(self, faults: list[Fault | None]) -> None:
        self.plan.coming = list(faults)

    @rule(kind=_KINDS, dice=dice, has_key=st.booleans())
    def command(self, kind: CommandStep, dice: Random, *, has_key: bool) -> None:
        self._play(self._now(kind, dice, has_key=has_key))

    @rule(first=_KINDS, second=st.one_of(st.none(), _KINDS), dice=dice, has_key=st.booleans())
    def two_at_once(self, first: CommandStep, second: CommandStep | None, dice: Random, *, has_key: bool) -> None:
        """From two devices; without a second one both send the same."""
        one = self._now(first, dice, has_key=has_key)
        other = dict(one) if second is None else self._now(second, dice, has_key=has_key)
        self._play({"do": "at_once", "lanes": [one, {**other, "number": one["number"] + 1}]})

    @rule(way=st.sampled_from(Way), hours=st.integers(-30, 30), rpcs_until_killed=st.integers(1, 10))
    def the_job_runs(self, way: Way, hours: int, rpcs_until_killed: int) -> None:
        at = (self.now + timedelta(hours=hours)).isoformat()
        self._play({"do": "maintenance", "way": way, "rpcs_until_killed": rpcs_until_killed, "at": at})

    @invariant()
    def the_streak_is_what_the_model_says(self) -> None:
        if hasattr(self, "environment"):
            self._play({"do": "get_streak"})

    def teardown(self) -> None:
        if not hasattr(self, "environment"):
            return
        try:
            if self.is_well:
                # The job may have been a day ahead.
                self.environment.prove([(self.now + timedelta(days=days)).isoformat() for days in (2, 3, 12)])
        finally:
            self.environment.close()

    def _now(self, kind: CommandStep, dice: Random, *, has_key: bool) -> Step:
        """A command of this moment."""
        self.drawer.dice = dice
        step = self.drawer.command(kind, self.now)
        self.number += 2
        key = {"key": f"k{self.number}"} if has_key and kind is not CommandStep.RECORD and "key" not in step else {}
        return {"user": 0, **step, **key, "number": self.number}

    def _play(self, step: Step) -> None:
        self.number += 2
        try:
            self.environment.play({"user": 0, "at": self.now.isoformat(), "number": self.number, **step})
        except DifferenceError:
            self.is_well = False
            raise


def test_whatever_is_done_and_whatever_fails_the_streak_is_what_the_model_says(emulator: FirestoreEmulator) -> None:
    assert emulator.host
    run_state_machine_as_test(_OneUser, settings=settings(examples(25), stateful_step_count=20))
