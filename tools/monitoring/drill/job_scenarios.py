"""What could happen to the maintenance job in some days, as `scenarios` has it for all.

It must not know metrics, nor which policy is to fire.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from streak_core.store.sharding import SHARDS
from tools.monitoring.drill.platform import failed_attempt, memory, memory_of, request
from tools.monitoring.drill.recording import Lines, Recordings
from tools.monitoring.drill.scenario import (
    BEGIN,
    DAY,
    HOUR,
    IDLE_MINUTES,
    NIGHT,
    NOON,
    QUARTER,
    SHORT,
    TRIES,
    Scenario,
)
from tools.monitoring.drill.series import Measurement, Placement


def runs(run: Lines, moments: Iterable[int], used: Sequence[Measurement] | None = None) -> list[Placement]:
    """Runs, and the memory of their instances, as their lines tell it unless it is given."""
    measured = memory_of(run) if used is None else used
    return [
        part
        for at in moments
        for part in (
            Placement(entries=run, at=at),
            Placement(measurements=measured, at=at, every=1, until=at + IDLE_MINUTES),
        )
    ]


def daily_runs(run: Lines, days: float) -> list[Placement]:
    """A run each night."""
    return runs(run, [BEGIN, *range(NIGHT, round(days * DAY), DAY)])


def hourly_runs(run: Lines, until: int, *, begin: int = HOUR) -> list[Placement]:
    """A run each hour."""
    return runs(run, [*([BEGIN] if begin == HOUR else []), *range(begin, until, HOUR)])


def failing_tries(lines: Lines, at: int, status: str, counted: Sequence[Measurement] = ()) -> list[Placement]:
    """Every try of Cloud Scheduler fails, and it logs each."""
    tried = [*lines, failed_attempt(status)]
    return [Placement(entries=tried, measurements=counted, at=at + later) for later in TRIES]


def failing_daily(lines: Recordings) -> list[Scenario]:
    """A daily job that fails."""
    before, later = runs(lines.night, [BEGIN]), DAY + NIGHT
    failed = failing_tries(lines.failed_run, later, "UNAVAILABLE")
    killed = failing_tries(lines.killed_run, NIGHT, "UNAVAILABLE", [request(503)])
    refused = failing_tries((), NIGHT, "PERMISSION_DENIED")
    return [
        Scenario("failing_job", [*daily_runs(lines.night, 1), *failed], days=2.2, trouble_at=later),
        Scenario("killed_job", [*before, *killed], days=SHORT, trouble_at=NIGHT),
        Scenario("refused_scheduler", [*before, *refused], days=SHORT, trouble_at=NIGHT),
    ]


def failing_hourly(lines: Recordings) -> list[Scenario]:
    """Each from six o'clock to noon."""
    good = [*hourly_runs(lines.night, QUARTER), *hourly_runs(lines.night, round(SHORT * DAY), begin=NOON)]
    hours = range(QUARTER, NOON, HOUR)
    timed_out = [failed_attempt("DEADLINE_EXCEEDED")]
    troubles = {
        "failing_job_hourly": [one for at in hours for one in failing_tries(lines.failed_run, at, "UNAVAILABLE")],
        "killed_job_hourly": [
            Placement(entries=timed_out, measurements=[request(503)], at=at + HOUR // 2) for at in hours
        ],
        "refused_scheduler_hourly": [one for at in hours for one in failing_tries((), at, "UNAUTHENTICATED")],
    }
    return [
        Scenario(name, [*good, *trouble], days=SHORT, trouble_at=QUARTER, ends_well=True, is_hourly=True)
        for name, trouble in troubles.items()
    ]


def missing_jobs(lines: Recordings) -> list[Scenario]:
    """A job that nobody calls."""
    ended = hourly_runs(lines.night, QUARTER)
    return [
        Scenario("missing_job", daily_runs(lines.night, 1), days=2, trouble_at=DAY + NIGHT),
        Scenario("missing_job_hourly", ended, days=SHORT, trouble_at=QUARTER, is_hourly=True),
        Scenario("job_never_ran", []),
    ]


def memory_troubles(lines: Recordings) -> list[Scenario]:
    """Memory that grows, and a single spike of it."""
    before = hourly_runs(lines.night, QUARTER)
    growing = [one for number, run in enumerate(lines.leaking_runs) for one in runs(run, [QUARTER + number * HOUR])]
    peaks = [runs(lines.night, [QUARTER], [memory(0.95)]), runs(lines.night, [QUARTER + 5], [memory(0.5)])]
    after = hourly_runs(lines.night, round(SHORT * DAY), begin=QUARTER + HOUR)
    return [
        Scenario("leak", [*before, *growing], days=0.55, trouble_at=QUARTER, is_hourly=True),
        Scenario(
            "peak_between_small_runs",
            [*before, *peaks[0], *peaks[1], *after],
            days=SHORT,
            trouble_at=QUARTER,
            ends_well=True,
            is_hourly=True,
        ),
    ]


def failing_shard(lines: Recordings) -> list[Scenario]:
    """In the runs from six o'clock to noon; each is called again until the last try."""
    good = [*hourly_runs(lines.night, QUARTER), *hourly_runs(lines.night, round(SHORT * DAY), begin=NOON)]
    failing = hourly_runs(lines.failing_shard_run, NOON, begin=QUARTER)
    trouble = [*good, *failing]
    return [Scenario("failing_shard", trouble, days=SHORT, trouble_at=QUARTER, ends_well=True, is_hourly=True)]


def fanned_out(lines: Recordings) -> list[Scenario]:
    """A task a shard; in the runs from six o'clock to noon these fail, and are tried again until the hour is over."""
    good = [*lines.enqueuing, *lines.tasks]
    usual = [*hourly_runs(good, QUARTER), *hourly_runs(good, round(SHORT * DAY), begin=NOON)]
    hours = range(QUARTER, NOON, HOUR)
    failing: dict[str, tuple[Lines, Lines, Sequence[Measurement]]] = {
        # What comes once, what comes with each try, and what is counted with it.
        "tasks_without_database": (lines.enqueuing, lines.tasks_without_database, ()),
        "tasks_killed": (lines.enqueuing, (), [request(503)] * SHARDS),
        "tasks_failing": (lines.enqueuing, list(lines.failing_task) * SHARDS, ()),
        "one_task_failing": ([*lines.enqueuing, *lines.other_tasks], lines.failing_task, ()),
        "one_task_killed": ([*lines.enqueuing, *lines.other_tasks], (), [request(503)]),
        "tasks_not_delivered": (lines.enqueuing, (), ()),
    }
    return [
        Scenario("fanned_out", hourly_runs(good, round(SHORT * DAY)), days=SHORT, is_hourly=True),
        *(
            Scenario(
                name,
                [*usual, *(Placement(entries=once, at=at) for at in hours), *_tried(tries, counted, hours)],
                days=SHORT,
                trouble_at=QUARTER,
                ends_well=True,
                is_hourly=True,
            )
            for name, (once, tries, counted) in failing.items()
        ),
    ]


def _tried(tries: Lines, counted: Sequence[Measurement], hours: Iterable[int]) -> list[Placement]:
    """Cloud Tasks tries each minute or so, for an hour."""
    return [Placement(entries=tries, measurements=counted, at=at, every=5, until=at + HOUR) for at in hours]


def unreadable(lines: Recordings) -> list[Scenario]:
    """Users who cannot be read, three nights long."""
    nights = [one for night, run in enumerate(lines.poisoned_runs) for one in runs(run, [NIGHT + night * DAY])]
    return [Scenario("unreadable_users", [*runs(lines.night, [BEGIN]), *nights], days=2.5, trouble_at=NIGHT)]
