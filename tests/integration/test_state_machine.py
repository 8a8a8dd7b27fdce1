"""The service against the model, one rule after the other as hypothesis likes: commands, time, the job, and faults."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from testing.lives import HARD_ZONES
from testing.model_time import WEEKDAYS
from tests.support.shipped_policy import POLICY
from tests.support.thoroughness import examples
from tools.chaos.environment import DifferenceError, Environment
from tools.chaos.faults import Code, Fault, Mode
from tools.chaos.lives import MAINTENANCE_WAYS, user_ids

if TYPE_CHECKING:
    from emulator.firestore import FirestoreEmulator
    from tools.chaos.faults import Site

Step = dict[str, Any]

_FAULTS: Final = st.builds(
    Fault,
    st.sampled_from([place for place in Mode if place is not Mode.SLOW]),
    st.sampled_from(list(Code)),
    st.integers(1, 2),
)
_KINDS: Final = st.sampled_from(
    [
        ("study_guide_completed", {}),
        ("evaluation_completed", {"grade": 9}),
        ("quiz_completed", {"difficulty": "hard", "score": 80}),
        ("flashcard_set_completed", {"correct": 1_000}),
        ("flashcard_set_completed", {"correct": 9}),
    ]
)


@st.composite
def _commands(draw: st.DrawFn) -> Step:
    """A command without its moment; dates are days from today, made when the moment is known."""
    do = draw(
        st.sampled_from(
            [
                *("record", "record", "record", "undo", "reset", "plan_freeze", "unplan_freeze", "repair", "pause"),
                *("resume", "set_time_zone", "set_rest_weekdays", "set_auto_freeze", "check_in"),
            ]
        )
    )
    match do:
        case "record":
            kind, metadata = draw(_KINDS)
            late = draw(st.one_of(st.none(), st.integers(0, 8 * 24)))
            step = {"do": do, "activity_id": f"a{draw(st.integers(0, 12))}", "activity_type": kind}
            return {**step, "metadata": metadata, **({} if late is None else {"hours_late": late})}
        case "undo":
            return {"do": do, "activity_id": f"a{draw(st.integers(0, 12))}"}
        case "plan_freeze" | "unplan_freeze":
            return {"do": do, "days": {"date": draw(st.integers(-2, 8))}}
        case "pause":
            begin = draw(st.integers(-1, 3))
            return {"do": do, "days": {"from": begin, "until": begin + draw(st.integers(0, 6))}}
        case "set_time_zone":
            return {"do": do, "time_zone": draw(st.sampled_from(HARD_ZONES))}
        case "set_rest_weekdays":
            return {"do": do, "weekdays": draw(st.lists(st.sampled_from(WEEKDAYS), max_size=3, unique=True))}
        case "set_auto_freeze":
            return {"do": do, "on": draw(st.booleans())}
    return {"do": do}


class _Coming:
    """The faults that hypothesis chose, one for each RPC to come."""

    def __init__(self) -> None:
        self.coming: list[Fault | None] = []

    def at(self, site: Site) -> Fault | None:  # noqa: ARG002 - whichever RPC comes next
        return self.coming.pop(0) if self.coming else None


class _OneUser(RuleBasedStateMachine):
    @initialize(zone=st.sampled_from(HARD_ZONES), minutes=st.integers(0, 7 * 24 * 60))
    def begin(self, zone: str, minutes: int) -> None:
        self.plan = _Coming()
        self.environment = Environment(user_ids(0)[:1], POLICY, self.plan)
        self.now = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(minutes=minutes)
        self.number = 0
        self.is_well = True
        self._play({"do": "set_time_zone", "time_zone": zone})

    @rule(minutes=st.one_of(st.integers(0, 26 * 60), st.integers(18 * 60, 30 * 60), st.integers(-60, 9 * 24 * 60)))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(faults=st.lists(st.one_of(st.none(), _FAULTS), min_size=1, max_size=6))
    def trouble_is_coming(self, faults: list[Fault | None]) -> None:
        self.plan.coming = list(faults)

    @rule(command=_commands(), has_key=st.booleans())
    def command(self, command: Step, *, has_key: bool) -> None:
        self._play(self._now(command, has_key=has_key))

    @rule(first=_commands(), second=st.one_of(st.none(), _commands()), has_key=st.booleans())
    def two_at_once(self, first: Step, second: Step | None, *, has_key: bool) -> None:
        """From two devices; without a second one both send the same."""
        one = self._now(first, has_key=has_key)
        other = dict(one) if second is None else self._now(second, has_key=has_key)
        self._play({"do": "at_once", "lanes": [one, {**other, "number": one["number"] + 1}]})

    @rule(way=st.sampled_from(MAINTENANCE_WAYS), hours=st.integers(-30, 30), rpcs_until_killed=st.integers(1, 10))
    def the_job_runs(self, way: str, hours: int, rpcs_until_killed: int) -> None:
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

    def _now(self, command: Step, *, has_key: bool) -> Step:
        """The command of this moment."""
        step = {name: value for name, value in command.items() if name not in ("days", "hours_late")}
        for name, days in command.get("days", {}).items():
            step[name] = (self.now.date() + timedelta(days=days)).isoformat()
        if "hours_late" in command:
            step["occurred_at"] = (self.now - timedelta(hours=command["hours_late"])).isoformat()
        self.number += 2
        if has_key and step["do"] not in ("record", "undo", "check_in"):
            step["key"] = f"k{self.number}"
        return {"user": 0, "at": self.now.isoformat(), **step, "number": self.number}

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
