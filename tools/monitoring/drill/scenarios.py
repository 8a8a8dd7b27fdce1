"""What could happen in some days: the recorded lines and the platform's own points, placed in their minutes.

It must not know metrics, nor which policy is to fire; that stands in expectations.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from streak_core.store.sharding import SHARDS
from tools.monitoring.drill.platform import PLACES, failed_attempt, memory, memory_of, probes, request
from tools.monitoring.drill.recording import NOTHING, Lines, Recordings
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
    TROUBLE_MINUTES,
    Scenario,
    answering,
    backed_up,
    during,
    reminding,
)
from tools.monitoring.drill.series import Measurement, Placement


def scenarios(lines: Recordings) -> list[Scenario]:
    """All of them, the good days first."""
    kinds = (
        *(_good_days, _small_troubles, _failing_daily, _failing_hourly, _missing_jobs, _memory, _unreadable),
        *(_failing_shard, _fanned_out, _troubles_of_the_api, _seen_from_outside, _backups, _reminders, _records),
    )
    return [scenario.whole(lines) for kind in kinds for scenario in kind(lines)]


def scenario_names() -> list[str]:
    """What they are called, whatever is recorded."""
    return [one.name for one in scenarios(NOTHING)]


def every_trouble(lines: Recordings) -> list[Placement]:
    """Two days in which each of them comes once, so that each widget of the dashboard has something to show."""
    days = 2 * DAY
    troubles = [lines.outage, lines.storm, lines.refusals, lines.slow, *lines.poisoned_runs, lines.failed_run]
    troubles += [lines.failed_reminders, lines.unsent_notice, lines.parked_webhook]
    troubles += [lines.untold_refusal, lines.unchecked_night]
    return [
        during(lines.traffic, 0, days),
        answering(days),
        reminding(lines.reminded, BEGIN, days),
        *_runs(lines.night, range(HOUR, days, HOUR)),
        *(Placement(entries=one, at=NOON + number * HOUR, times=2) for number, one in enumerate(troubles)),
    ]


def _runs(run: Lines, moments: Iterable[int], used: Sequence[Measurement] | None = None) -> list[Placement]:
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


def _daily(run: Lines, days: float) -> list[Placement]:
    return _runs(run, [BEGIN, *range(NIGHT, round(days * DAY), DAY)])


def _hourly(run: Lines, until: int, *, begin: int = HOUR) -> list[Placement]:
    return _runs(run, [*([BEGIN] if begin == HOUR else []), *range(begin, until, HOUR)])


def _failing_tries(lines: Lines, at: int, status: str, counted: Sequence[Measurement] = ()) -> list[Placement]:
    """Every try of Cloud Scheduler fails, and it logs each."""
    tried = [*lines, failed_attempt(status)]
    return [Placement(entries=tried, measurements=counted, at=at + later) for later in TRIES]


def _good_days(lines: Recordings) -> list[Scenario]:
    release = DAY + NOON
    two_releases = [during(lines.traffic, 0, release), during(lines.traffic, release, 2 * DAY, revision=2)]
    return [
        Scenario("usual_days", [*two_releases, *_daily(lines.night, 2)], days=2, has_traffic=False),
        Scenario("usual_days_hourly", _hourly(lines.night, 2 * DAY), days=2, is_hourly=True),
        Scenario("no_traffic", _daily(lines.night, 2), days=2, has_traffic=False),
    ]


def _small_troubles(lines: Recordings) -> list[Scenario]:
    usual, night = _daily(lines.night, 1), NIGHT - HOUR
    failed_at_night = [during(lines.traffic[:2], 0, DAY), Placement(entries=lines.failed_request, at=night)]
    failed_once = Placement(entries=[*lines.failed_run, failed_attempt("UNAVAILABLE")], at=NIGHT)
    called_again = _failing_tries((), NIGHT - 20, "UNAVAILABLE", [request(503)])
    begin, end = QUARTER, QUARTER + HOUR
    some_places = Placement(
        measurements=[*probes(passed=False, places=PLACES[:1]), *probes(passed=True, places=PLACES[1:])],
        at=begin,
        every=1,
        until=end,
    )
    seen = [answering(begin), some_places, answering(SHORT * DAY, begin=end)]
    return [
        Scenario("one_failure_at_night", [*usual, *failed_at_night], has_traffic=False, trouble_at=night),
        Scenario("blip", [*usual, Placement(entries=lines.outage, at=NOON)], trouble_at=NOON),
        Scenario("second_try", [*_runs(lines.night, [BEGIN, NIGHT + 2]), failed_once], trouble_at=NIGHT),
        Scenario("called_twice", [*usual, *called_again], days=SHORT, trouble_at=NIGHT - 20),
        Scenario("one_place_without_a_way", [*usual, *seen], is_answering=False, days=SHORT, trouble_at=begin),
    ]


def _failing_daily(lines: Recordings) -> list[Scenario]:
    before, later = _runs(lines.night, [BEGIN]), DAY + NIGHT
    failed = _failing_tries(lines.failed_run, later, "UNAVAILABLE")
    killed = _failing_tries(lines.killed_run, NIGHT, "UNAVAILABLE", [request(503)])
    refused = _failing_tries((), NIGHT, "PERMISSION_DENIED")
    return [
        Scenario("failing_job", [*_daily(lines.night, 1), *failed], days=2.2, trouble_at=later),
        Scenario("killed_job", [*before, *killed], days=SHORT, trouble_at=NIGHT),
        Scenario("refused_scheduler", [*before, *refused], days=SHORT, trouble_at=NIGHT),
    ]


def _failing_hourly(lines: Recordings) -> list[Scenario]:
    """Each from six o'clock to noon."""
    good = [*_hourly(lines.night, QUARTER), *_hourly(lines.night, round(SHORT * DAY), begin=NOON)]
    hours = range(QUARTER, NOON, HOUR)
    timed_out = [failed_attempt("DEADLINE_EXCEEDED")]
    troubles = {
        "failing_job_hourly": [one for at in hours for one in _failing_tries(lines.failed_run, at, "UNAVAILABLE")],
        "killed_job_hourly": [
            Placement(entries=timed_out, measurements=[request(503)], at=at + HOUR // 2) for at in hours
        ],
        "refused_scheduler_hourly": [one for at in hours for one in _failing_tries((), at, "UNAUTHENTICATED")],
    }
    return [
        Scenario(name, [*good, *trouble], days=SHORT, trouble_at=QUARTER, ends_well=True, is_hourly=True)
        for name, trouble in troubles.items()
    ]


def _missing_jobs(lines: Recordings) -> list[Scenario]:
    ended = _hourly(lines.night, QUARTER)
    return [
        Scenario("missing_job", _daily(lines.night, 1), days=2, trouble_at=DAY + NIGHT),
        Scenario("missing_job_hourly", ended, days=SHORT, trouble_at=QUARTER, is_hourly=True),
        Scenario("job_never_ran", []),
    ]


def _memory(lines: Recordings) -> list[Scenario]:
    before = _hourly(lines.night, QUARTER)
    growing = [one for number, run in enumerate(lines.leaking_runs) for one in _runs(run, [QUARTER + number * HOUR])]
    peaks = [_runs(lines.night, [QUARTER], [memory(0.95)]), _runs(lines.night, [QUARTER + 5], [memory(0.5)])]
    after = _hourly(lines.night, round(SHORT * DAY), begin=QUARTER + HOUR)
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


def _failing_shard(lines: Recordings) -> list[Scenario]:
    """In the runs from six o'clock to noon; each is called again until the last try."""
    good = [*_hourly(lines.night, QUARTER), *_hourly(lines.night, round(SHORT * DAY), begin=NOON)]
    failing = _hourly(lines.failing_shard_run, NOON, begin=QUARTER)
    trouble = [*good, *failing]
    return [Scenario("failing_shard", trouble, days=SHORT, trouble_at=QUARTER, ends_well=True, is_hourly=True)]


def _fanned_out(lines: Recordings) -> list[Scenario]:
    """A task a shard; in the runs from six o'clock to noon these fail, and are tried again until the hour is over."""
    good = [*lines.enqueuing, *lines.tasks]
    usual = [*_hourly(good, QUARTER), *_hourly(good, round(SHORT * DAY), begin=NOON)]
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
        Scenario("fanned_out", _hourly(good, round(SHORT * DAY)), days=SHORT, is_hourly=True),
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


def _unreadable(lines: Recordings) -> list[Scenario]:
    nights = [one for night, run in enumerate(lines.poisoned_runs) for one in _runs(run, [NIGHT + night * DAY])]
    return [Scenario("unreadable_users", [*_runs(lines.night, [BEGIN]), *nights], days=2.5, trouble_at=NIGHT)]


def _troubles_of_the_api(lines: Recordings) -> list[Scenario]:
    begin, end = NOON, NOON + TROUBLE_MINUTES
    gone = [during(lines.traffic, 0, begin), during(lines.traffic, end, DAY)]
    troubles = {
        "outage": [*gone, during(lines.outage, begin, end, times=20)],
        "storm": [during(lines.storm, begin, end)],
        "hot_user": [during(lines.hot_user, begin, end)],
        "sign_ins_refused": [during(lines.refusals, begin, end, times=3)],
        "slow_database": [during(lines.slow, begin, end)],
    }
    few = during(lines.failed_request, QUARTER, 1.25 * DAY, every=4, times=3)
    return [
        *(
            Scenario(
                name,
                [*_daily(lines.night, 1), *trouble],
                trouble_at=begin,
                ends_well=True,
                has_traffic=name != "outage",
            )
            for name, trouble in troubles.items()
        ),
        Scenario("few_failures_all_day", [*_daily(lines.night, 1.25), few], days=1.25, trouble_at=QUARTER),
    ]


def _seen_from_outside(lines: Recordings) -> list[Scenario]:
    usual, begin, end = _daily(lines.night, SHORT), QUARTER, QUARTER + TROUBLE_MINUTES
    failing = Placement(measurements=probes(passed=False), at=begin, every=1, until=end)
    seen = [answering(begin), failing, answering(SHORT * DAY, begin=end)]
    return [
        Scenario("unreachable", [*usual, *seen], days=SHORT, is_answering=False, trouble_at=begin, ends_well=True),
        Scenario("no_uptime_check", [*usual, answering(begin)], days=SHORT, is_answering=False, trouble_at=begin),
    ]


def _backups(lines: Recordings) -> list[Scenario]:
    """From six o'clock on exports fail, or the function is not called, or of no backup anybody knows that it reads."""
    usual, end = backed_up(lines.backup_call, BEGIN, QUARTER), round(SHORT * DAY)
    troubles: dict[str, list[Placement]] = {
        "backups_failing": [backed_up(lines.failed_backup, QUARTER, end)],
        "backup_not_called": [],
        "backups_unverified": [backed_up(lines.unverified_backup, QUARTER, end)],
    }
    return [
        Scenario(
            name, [*_daily(lines.night, SHORT), usual, *trouble], days=SHORT, trouble_at=QUARTER, is_backed_up=False
        )
        for name, trouble in troubles.items()
    ]


def _reminders(lines: Recordings) -> list[Scenario]:
    """From six o'clock on each run fails, nobody calls it, notices or an event are not taken; and one run fails."""
    end, before = round(SHORT * DAY), reminding(lines.reminded, BEGIN, QUARTER)
    hours = QUARTER + 2 * HOUR
    well = reminding(lines.reminded, BEGIN, end)
    troubles: dict[str, list[Placement]] = {
        "reminders_failing": [before, reminding(lines.failed_reminders, QUARTER, end)],
        "reminders_not_called": [before],
        # Ten a run, each tried again and again.
        "notices_not_taken": [well, during(lines.unsent_notice, QUARTER, end, times=10)],
        "webhook_parked": [well, Placement(entries=lines.parked_webhook, at=QUARTER, times=1)],
        "one_run_of_reminders_fails": [well, Placement(entries=lines.failed_reminders, at=hours, times=1)],
    }
    return [
        Scenario(name, [*_daily(lines.night, SHORT), *trouble], days=SHORT, trouble_at=QUARTER, is_reminding=False)
        for name, trouble in troubles.items()
    ]


def _records(lines: Recordings) -> list[Scenario]:
    """At six o'clock one refusal is not told, or a day's counters are not checked; from then on no heads are logged."""
    end = round(SHORT * DAY)
    usual, before = _hourly(lines.night, end), _hourly(lines.night, QUARTER)
    after = _hourly(lines.night, end, begin=QUARTER + HOUR)
    troubles: dict[str, list[Placement]] = {
        "refusal_not_told": [*usual, Placement(entries=lines.untold_refusal, at=QUARTER)],
        "counters_not_checked": [*before, *_runs(lines.unchecked_night, [QUARTER]), *after],
        "heads_not_logged": [*before, *_hourly(lines.night_without_heads, end, begin=QUARTER)],
    }
    return [
        Scenario(name, trouble, days=SHORT, trouble_at=QUARTER, ends_well=name != "heads_not_logged", is_hourly=True)
        for name, trouble in troubles.items()
    ]
