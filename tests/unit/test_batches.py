"""Activities sent in batches are answered as if each came alone; until one is refused, where a batch ends with it."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import cycle
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streak_core.batches import ActivityBatch, BatchOutcome
from streak_core.commands import Outcome
from streak_core.domain.commands import RecordActivity
from streak_core.domain.errors import FieldError, Malformed, NotTried, StreakError
from testing.lives import lives
from testing.pure_user import PureUser
from testing.reference.answers import as_told
from testing.reference.policy import Refused
from testing.reference.user import ReferenceUser
from testing.scenario_commands import command_of
from testing.scenarios import difference
from testing.steps import CommandStep, Step
from tests.support.living import attempt
from tests.support.pure_store import PureStore
from tests.support.shipped_policy import POLICY
from tests.support.thoroughness import examples

if TYPE_CHECKING:
    from collections.abc import Sequence

NOW: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)


def guide(name: str, **more: Any) -> RecordActivity:
    return RecordActivity(activity_id=name, activity_type="study_guide_completed", metadata={}, **more)


def recording(step: Step) -> RecordActivity:
    """The command of a step that records."""
    command = command_of(step)
    assert isinstance(command, RecordActivity)
    return command


TOO_LATE: Final = guide("late", occurred_at=datetime(2026, 1, 2, 9, tzinfo=UTC))
UNREADABLE: Final = Malformed(FieldError("score", "is unknown"))


def sent(
    store: PureStore, *each: RecordActivity | StreakError, now: datetime = NOW, stops: bool = True
) -> BatchOutcome:
    return ActivityBatch(store.commands(), "u", now, each).run(stop_at_refusal=stops)


def told(results: Sequence[Outcome | StreakError]) -> list[Any]:
    """What each is answered: its activity, or the code of its refusal."""
    return [one.code if isinstance(one, StreakError) else one.response["activity"] for one in results]


def codes(outcome: BatchOutcome) -> list[str]:
    return [one if isinstance(one, str) else "recorded" for one in told(outcome.results)]


@pytest.mark.parametrize("refused", [TOO_LATE, UNREADABLE], ids=["too late", "unreadable"])
def test_a_batch_ends_with_the_first_that_is_refused_and_of_the_rest_nothing_is_kept(
    refused: RecordActivity | Malformed,
) -> None:
    store = PureStore(PureUser(POLICY))
    outcome = sent(store, guide("a"), refused, guide("b"), TOO_LATE, guide("a"))
    code = "occurred_too_long_ago" if refused is TOO_LATE else "invalid_request"
    assert codes(outcome) == ["recorded", code, "not_tried", "not_tried", "not_tried"]
    assert list(store.user.ledger) == ["activity.a"]
    assert store.commits == 1


@pytest.mark.parametrize("refused", [TOO_LATE, UNREADABLE], ids=["too late", "unreadable"])
def test_one_that_is_refused_keeps_no_other_from_being_recorded_where_the_batch_does_not_end_with_it(
    refused: RecordActivity | Malformed,
) -> None:
    store = PureStore(PureUser(POLICY))
    outcome = sent(store, guide("a"), refused, guide("b"), stops=False)
    assert [one == "recorded" for one in codes(outcome)] == [True, False, True]
    assert list(store.user.ledger) == ["activity.a", "activity.b"]


def test_a_batch_whose_first_is_refused_writes_nothing_and_one_without_a_refusal_is_tried_whole() -> None:
    store = PureStore(PureUser(POLICY))
    assert codes(sent(store, UNREADABLE, guide("a"))) == ["invalid_request", "not_tried"]
    assert (store.commits, store.user.streak) == (0, None)
    assert codes(sent(store, guide("a"), guide("b"))) == ["recorded"] * 2


def test_sent_again_it_gives_the_first_answers_again_and_ends_at_the_same_place() -> None:
    store = PureStore(PureUser(POLICY))
    batch = guide("a"), guide("b"), TOO_LATE, guide("c")
    first, again = sent(store, *batch), sent(store, *batch)
    assert told(first.results) == told(again.results)
    assert [one.replayed for one in again.results if isinstance(one, Outcome)] == [True, True]
    assert store.commits == 1
    assert codes(sent(store, guide("c"))) == ["recorded"]


def test_what_was_tried_is_counted_by_the_rate_limit_and_what_was_not_is_not() -> None:
    limits = POLICY.limits.model_copy(update={"commands_max": 3})
    store = PureStore(PureUser(POLICY.model_copy(update={"limits": limits})))
    first = sent(store, guide("a"), TOO_LATE, guide("b"), guide("c"))
    assert first.quota
    assert first.quota.remaining == 2
    over = sent(store, guide("a"), guide("b"), guide("c"), guide("d"), guide("e"))
    assert codes(over) == ["recorded", "recorded", "recorded", "rate_limited", "not_tried"]


@given(
    life=lives(may_come_along=False),
    sizes=st.lists(st.integers(1, 9), min_size=1, max_size=6),
    stops=st.sampled_from([True, True, True, False]),
)
@examples(150)
def test_a_life_sent_in_batches_is_answered_as_if_each_came_alone(
    life: list[Step], sizes: list[int], *, stops: bool
) -> None:
    in_batches, size, waiting = Sending(stops=stops), cycle(sizes), list[Step]()
    most = next(size)
    for step in life:
        if step["do"] == CommandStep.RECORD:
            # It waited since it was done; any other command is given by another device meanwhile.
            waiting.append({**step, "occurred_at": step.get("occurred_at", step["at"])})
        else:
            in_batches.give(step)
        if len(waiting) >= most or step is life[-1]:
            in_batches.send([{**one, "at": step["at"]} for one in waiting])
            waiting.clear()
            most = next(size)


class Sending:
    """One user who sends in batches, the same who sends each alone, and what the model says of either."""

    def __init__(self, *, stops: bool) -> None:
        self.stops = stops
        self.store, self.alone, self.model = PureStore(PureUser(POLICY)), PureUser(POLICY), ReferenceUser()

    def send(self, waiting: list[Step]) -> None:
        """Sends all that waits; what was not tried is sent next, after what was refused."""
        while waiting:
            outcome = sent(
                self.store,
                *map(recording, waiting),
                now=datetime.fromisoformat(waiting[0]["at"]),
                stops=self.stops,
            )
            tried = [one for one in outcome.results if not isinstance(one, NotTried)]
            assert all(isinstance(one, NotTried) for one in outcome.results[len(tried) :])
            assert len(tried) == len(waiting) or (self.stops and isinstance(tried[-1], StreakError))
            for step, answer in zip(waiting, told(tried), strict=False):
                assert answer == attempt(self.alone, step), step
                assert difference(self._model(step), answer) is None, step
            self._check_same(waiting[0]["at"], outcome)
            waiting = waiting[len(tried) :]

    def give(self, step: Step) -> None:
        """Any other command, which goes alone."""
        assert attempt(self.store.user, step) == attempt(self.alone, step)
        self._model(step)

    def _check_same(self, at: str, outcome: BatchOutcome) -> None:
        ask = {"at": at, "do": "get_streak"}
        answer = self.alone.step(ask)
        assert {**answer, **outcome.streak, "streak_created": False} == answer
        assert difference(as_told(self.model.step(ask)), answer) is None
        assert (self.store.user.streak, self.store.user.ledger) == (self.alone.streak, self.alone.ledger)
        assert self.store.user.events == self.alone.events

    def _model(self, step: Step) -> Any:
        try:
            return as_told(self.model.step(step))
        except Refused as refused:
            return refused.code
