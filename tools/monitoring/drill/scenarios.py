"""What could happen in some days: the recorded lines, placed in their minutes.

It must not know metrics, nor which policy is to fire; that stands in expectations.yaml.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tools.monitoring.drill.provoking import NOTHING, Lines, Recordings
from tools.monitoring.drill.series import Placement

HOUR: Final = 60
DAY: Final = 24 * HOUR
# The daily run is at 04:10; hourly ones are on the hour.
NIGHT: Final = 4 * HOUR + 10
# Cloud Scheduler tries six times: after two and a half minutes, five, and ten each.
TRIES: Final = (0, 3, 8, 18, 28, 38)
# The world is watched from midnight on; a run just then is what the run of the night before has left.
BEGIN: Final = 2
QUARTER: Final = 6 * HOUR
NOON: Final = 12 * HOUR
TROUBLE_MINUTES: Final = 30


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """Some days: what happens in them, from which minute on something is wrong, and whether it ends."""

    name: str
    title: str
    days: float
    placements: Sequence[Placement]
    trouble_at: int = 0
    # Whether all is well again long before the end, so that nothing may fire at it.
    ends_well: bool = False

    @property
    def minutes(self) -> int:
        """How many there are."""
        return round(self.days * DAY)


def scenarios(lines: Recordings) -> list[Scenario]:
    """All of them, the good days first."""
    return [*_good_days(lines), *_small_troubles(lines), *_troubles_of_the_job(lines), *_troubles_of_the_api(lines)]


def scenario_names() -> list[str]:
    """What they are called, whatever is recorded."""
    return [one.name for one in scenarios(NOTHING)]


def _daily(run: Lines, days: float) -> list[Placement]:
    return [_once(run, BEGIN), Placement(entries=run, at=NIGHT, every=DAY, until=round(days * DAY))]


def _hourly(run: Lines, until: int) -> list[Placement]:
    return [_once(run, BEGIN), Placement(entries=run, at=HOUR, every=HOUR, until=until)]


def _once(lines: Lines, at: int, times: int = 1) -> Placement:
    return Placement(entries=lines, at=at, times=times)


def _during(lines: Lines, begin: int, end: float, *, every: int = 1, times: int = 1, revision: int = 1) -> Placement:
    return Placement(entries=lines, at=begin, every=every, until=round(end), times=times, revision=revision)


def _good_days(lines: Recordings) -> list[Scenario]:
    release = DAY + NOON
    two_releases = [_during(lines.traffic, 0, release), _during(lines.traffic, release, 2 * DAY, revision=2)]
    return [
        Scenario(
            name="usual_days",
            title="Usual days, one run a night, a release at noon",
            days=2,
            placements=[*two_releases, *_daily(lines.night, 2)],
        ),
        Scenario(
            name="usual_days_hourly",
            title="Usual days, hourly runs",
            days=2,
            placements=[_during(lines.traffic, 0, 2 * DAY), *_hourly(lines.night, 2 * DAY)],
        ),
        Scenario(name="no_traffic", title="Nobody uses the API", days=2, placements=_daily(lines.night, 2)),
    ]


def _small_troubles(lines: Recordings) -> list[Scenario]:
    quiet = lines.traffic[:2]
    return [
        Scenario(
            name="one_failure_at_night",
            title="One request of a quiet night fails",
            days=1,
            placements=[
                _during(quiet, 0, DAY),
                *_daily(lines.night, 1),
                _once(lines.failed_request, NIGHT - HOUR),
            ],
            trouble_at=NIGHT - HOUR,
        ),
        Scenario(
            name="blip",
            title="The database is gone for a minute",
            days=1,
            placements=[
                _during(lines.traffic, 0, DAY),
                *_daily(lines.night, 1),
                _once(lines.outage, NOON),
            ],
            trouble_at=NOON,
        ),
        Scenario(
            name="second_try",
            title="A run fails, Cloud Scheduler's second try is fine",
            days=1,
            placements=[
                _during(lines.traffic, 0, DAY),
                _once(lines.night, BEGIN),
                _once(lines.failed_run, NIGHT),
                _once(lines.night, NIGHT + TRIES[1]),
            ],
            trouble_at=NIGHT,
        ),
    ]


def _troubles_of_the_job(lines: Recordings) -> list[Scenario]:
    return [*_failing(lines), _failing_shard(lines), *_missing(lines), *_leaking(lines), _poisoned(lines)]


def _failing(lines: Recordings) -> list[Scenario]:
    tries = [_once(lines.failed_run, DAY + NIGHT + later) for later in TRIES]
    failing_from, failing_until = DAY, DAY + 6 * HOUR
    return [
        Scenario(
            name="failing_job",
            title="The run of a night fails at every try",
            days=2.2,
            placements=[_during(lines.traffic, 0, 2.2 * DAY), *_daily(lines.night, 1), *tries],
            trouble_at=DAY + NIGHT,
        ),
        Scenario(
            name="failing_job_hourly",
            title="Hourly runs fail for six hours",
            days=1.5,
            placements=[
                _during(lines.traffic, 0, 1.5 * DAY),
                *_hourly(lines.night, DAY),
                _during(lines.failed_run, failing_from, failing_until, every=HOUR),
                _during(lines.night, failing_until, 1.5 * DAY, every=HOUR),
            ],
            trouble_at=failing_from,
            ends_well=True,
        ),
    ]


def _failing_shard(lines: Recordings) -> Scenario:
    failing_from, failing_until = DAY, DAY + 6 * HOUR
    return Scenario(
        name="failing_shard",
        title="One shard fails in the runs of six hours",
        days=1.5,
        placements=[
            _during(lines.traffic, 0, 1.5 * DAY),
            *_hourly(lines.night, DAY),
            _during(lines.failing_shard_run, failing_from, failing_until, every=HOUR),
            _during(lines.night, failing_until, 1.5 * DAY, every=HOUR),
        ],
        trouble_at=failing_from,
        ends_well=True,
    )


def _missing(lines: Recordings) -> list[Scenario]:
    return [
        Scenario(
            name="missing_job",
            title="The run of a night never comes",
            days=2,
            placements=[_during(lines.traffic, 0, 2 * DAY), *_daily(lines.night, 1)],
            trouble_at=DAY + NIGHT,
        ),
        Scenario(
            name="job_never_ran",
            title="Nobody made the scheduler's job",
            days=1,
            placements=[_during(lines.traffic, 0, DAY)],
        ),
    ]


def _leaking(lines: Recordings) -> list[Scenario]:
    growing = [_once(run, DAY + number * HOUR) for number, run in enumerate(lines.leaking_runs)]
    return [
        Scenario(
            name="leak",
            title="Hourly runs leak",
            days=1.25,
            placements=[_during(lines.traffic, 0, 1.25 * DAY), *_hourly(lines.night, DAY), *growing],
            trouble_at=DAY,
        ),
        Scenario(
            name="large_night",
            title="The run of one night takes nearly all memory",
            days=2.5,
            placements=[
                _during(lines.traffic, 0, 2.5 * DAY),
                *_daily(lines.night, 1),
                _once(lines.leaking_runs[-1], DAY + NIGHT),
                _once(lines.night, 2 * DAY + NIGHT),
            ],
            trouble_at=DAY + NIGHT,
            ends_well=True,
        ),
    ]


def _poisoned(lines: Recordings) -> Scenario:
    nights = [_once(run, NIGHT + night * DAY) for night, run in enumerate(lines.poisoned_runs)]
    return Scenario(
        name="unreadable_users",
        title="A tenth of a night's users cannot be read, for three nights",
        days=2.5,
        placements=[_during(lines.traffic, 0, 2.5 * DAY), _once(lines.night, BEGIN), *nights],
        trouble_at=NIGHT,
    )


def _troubles_of_the_api(lines: Recordings) -> list[Scenario]:
    begin, end = NOON, NOON + TROUBLE_MINUTES
    usual = [_during(lines.traffic, 0, DAY), *_daily(lines.night, 1)]
    gone = [_during(lines.traffic, 0, begin), _during(lines.traffic, end, DAY), *_daily(lines.night, 1)]

    def trouble(name: str, title: str, placements: list[Placement]) -> Scenario:
        return Scenario(name=name, title=title, days=1, placements=placements, trouble_at=begin, ends_well=True)

    return [
        trouble(
            "outage", "The database is gone for half an hour", [*gone, _during(lines.outage, begin, end, times=20)]
        ),
        trouble("storm", "Devices of one user storm for half an hour", [*usual, _during(lines.storm, begin, end)]),
        trouble(
            "sign_ins_refused",
            "Sign-ins are refused for half an hour",
            [*usual, _during(lines.refusals, begin, end, times=3)],
        ),
        trouble("slow_database", "The database is slow for half an hour", [*usual, _during(lines.slow, begin, end)]),
        Scenario(
            name="few_failures_all_day",
            title="One request in two hundred fails, all day",
            days=1.25,
            placements=[
                _during(lines.traffic, 0, 1.25 * DAY),
                *_daily(lines.night, 1.25),
                _during(lines.failed_request, QUARTER, 1.25 * DAY, every=4, times=3),
            ],
            trouble_at=QUARTER,
        ),
    ]
