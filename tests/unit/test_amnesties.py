"""Judging anew whom amnesties concern, with a list and a job in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from streak_core.amnesties import LOOKED_AFTER, Amnesties, JudgingState, run_id_of
from streak_core.domain.errors import DatabaseUnavailable
from streak_core.domain.rules import Amnesty
from streak_core.store.run_documents import UnreadableRun
from streak_core.store.runs import AlreadyRunning
from testing.logged import Logged

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def amnesty(number: int) -> Amnesty:
    until = NOW - timedelta(hours=number)
    return Amnesty(
        amnesty_id=str(number),
        from_instant=until - timedelta(hours=1),
        until=until,
        reason="away",
        number=number,
        declared_at=NOW,
    )


@dataclass
class Listed:
    """A list of amnesties without a database."""

    amnesties: tuple[Amnesty, ...]

    def declared(self) -> tuple[Amnesty, ...]:
        return self.amnesties


class NoRuns:
    """What is kept of runs, where none has begun."""

    def find(self, *_: Any) -> None:
        return None


@dataclass
class Job:
    """A job each of whose runs takes ten minutes; notes which it did, and what of the call's time was gone by then."""

    seconds: float = 0.0
    spent: float = 0.0
    runs: list[tuple[str, float]] = field(default_factory=list)
    # What a run can't be gone on with for.
    failures: dict[str, Exception] = field(default_factory=dict)

    def clock(self) -> float:
        return self.seconds

    def over(self, _: object, _log: object, spent_seconds: float) -> Job:
        self.spent = spent_seconds
        return self

    def run(self, run_id: str, _: datetime) -> None:
        if run_id in self.failures:
            raise self.failures[run_id]
        self.runs.append((run_id, self.spent))
        self.seconds += 600.0


def service(*amnesties: Amnesty, wall: datetime = NOW) -> Amnesties:
    def nobody(_: Amnesty) -> Any:
        return None

    return Amnesties(Listed(amnesties), NoRuns(), nobody, nobody, 2, wall=lambda: wall)  # type: ignore[arg-type]


def test_all_that_wait_share_the_time_that_is_left_of_a_call() -> None:
    job, waiting = Job(), [amnesty(number) for number in (1, 2, 3)]
    service(*waiting).judge_some(job, NOW, spent_seconds=60.0)  # type: ignore[arg-type]
    assert job.runs == [(run_id_of(one), 60.0 + 600.0 * before) for before, one in enumerate(waiting)]


@pytest.mark.parametrize(
    ("failure", "goes_on", "said"),
    [
        (UnreadableRun(), True, ["UnreadableRun"]),
        # No other one would fare better.
        (DatabaseUnavailable(), False, ["DatabaseUnavailable"]),
        (AlreadyRunning(timedelta(seconds=9)), False, []),
    ],
)
def test_a_run_that_does_not_read_is_in_the_way_of_no_other_one(
    failure: Exception, *, goes_on: bool, said: list[str]
) -> None:
    first, second = amnesty(1), amnesty(2)
    job = Job(failures={run_id_of(first): failure})
    with Logged() as logged:
        service(first, second).judge_some(job, NOW)  # type: ignore[arg-type]
    assert job.runs == ([(run_id_of(second), 0.0)] if goes_on else [])
    assert [line["error"] for line in logged.of("judging_failed")] == said


def test_what_no_call_begins_any_more_is_not_said_to_wait_for_one() -> None:
    one, job = amnesty(1), Job()
    for at, state in ((NOW + LOOKED_AFTER, JudgingState.WAITING), (NOW + LOOKED_AFTER * 1.01, JudgingState.DONE)):
        assert service(one, wall=at).judging(one).state is state
        service(one, wall=at).judge_some(job, at)  # type: ignore[arg-type]
    assert len(job.runs) == 1
