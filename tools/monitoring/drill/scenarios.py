"""What could happen in some days: the recorded lines and the platform's own points, placed in their minutes.

It must not know metrics, nor which policy is to fire; that stands in expectations.yaml.
"""

from __future__ import annotations

from tools.monitoring.drill.job_scenarios import (
    daily_runs,
    failing_daily,
    failing_hourly,
    failing_shard,
    failing_tries,
    fanned_out,
    hourly_runs,
    memory_troubles,
    missing_jobs,
    runs,
    unreadable,
)
from tools.monitoring.drill.platform import PLACES, failed_attempt, probes, request
from tools.monitoring.drill.recording import NOTHING, Recordings
from tools.monitoring.drill.scenario import (
    BEGIN,
    DAY,
    HOUR,
    NIGHT,
    NOON,
    QUARTER,
    SHORT,
    TROUBLE_MINUTES,
    Scenario,
    answering,
    backed_up,
    during,
    reminding,
)
from tools.monitoring.drill.series import Placement


def scenarios(lines: Recordings) -> list[Scenario]:
    """All of them, the good days first."""
    kinds = (
        *(_good_days, _small_troubles, failing_daily, failing_hourly, missing_jobs, memory_troubles, unreadable),
        *(failing_shard, fanned_out, _troubles_of_the_api, _seen_from_outside, _backups, _reminders, _records),
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
    troubles += [lines.untold_refusal, lines.unchecked_night, lines.unplaced_night]
    return [
        during(lines.traffic, 0, days),
        answering(days),
        reminding(lines.reminded, BEGIN, days),
        *runs(lines.night, range(HOUR, days, HOUR)),
        *(Placement(entries=one, at=NOON + number * HOUR, times=2) for number, one in enumerate(troubles)),
    ]


def _good_days(lines: Recordings) -> list[Scenario]:
    release = DAY + NOON
    two_releases = [during(lines.traffic, 0, release), during(lines.traffic, release, 2 * DAY, revision=2)]
    return [
        Scenario("usual_days", [*two_releases, *daily_runs(lines.night, 2)], days=2, has_traffic=False),
        Scenario("usual_days_hourly", hourly_runs(lines.night, 2 * DAY), days=2, is_hourly=True),
        Scenario("no_traffic", daily_runs(lines.night, 2), days=2, has_traffic=False),
    ]


def _small_troubles(lines: Recordings) -> list[Scenario]:
    usual, night = daily_runs(lines.night, 1), NIGHT - HOUR
    failed_at_night = [during(lines.traffic[:2], 0, DAY), Placement(entries=lines.failed_request, at=night)]
    failed_once = Placement(entries=[*lines.failed_run, failed_attempt("UNAVAILABLE")], at=NIGHT)
    called_again = failing_tries((), NIGHT - 20, "UNAVAILABLE", [request(503)])
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
        Scenario("second_try", [*runs(lines.night, [BEGIN, NIGHT + 2]), failed_once], trouble_at=NIGHT),
        Scenario("called_twice", [*usual, *called_again], days=SHORT, trouble_at=NIGHT - 20),
        Scenario("one_place_without_a_way", [*usual, *seen], is_answering=False, days=SHORT, trouble_at=begin),
    ]


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
                [*daily_runs(lines.night, 1), *trouble],
                trouble_at=begin,
                ends_well=True,
                has_traffic=name != "outage",
            )
            for name, trouble in troubles.items()
        ),
        Scenario("few_failures_all_day", [*daily_runs(lines.night, 1.25), few], days=1.25, trouble_at=QUARTER),
    ]


def _seen_from_outside(lines: Recordings) -> list[Scenario]:
    usual, begin, end = daily_runs(lines.night, SHORT), QUARTER, QUARTER + TROUBLE_MINUTES
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
            name, [*daily_runs(lines.night, SHORT), usual, *trouble], days=SHORT, trouble_at=QUARTER, is_backed_up=False
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
        Scenario(name, [*daily_runs(lines.night, SHORT), *trouble], days=SHORT, trouble_at=QUARTER, is_reminding=False)
        for name, trouble in troubles.items()
    ]


def _records(lines: Recordings) -> list[Scenario]:
    """At six o'clock one refusal is not told, counters are not checked or standings fail; or no heads are logged."""
    end = round(SHORT * DAY)
    usual, before = hourly_runs(lines.night, end), hourly_runs(lines.night, QUARTER)
    after = hourly_runs(lines.night, end, begin=QUARTER + HOUR)
    troubles: dict[str, list[Placement]] = {
        "refusal_not_told": [*usual, Placement(entries=lines.untold_refusal, at=QUARTER)],
        "counters_not_checked": [*before, *runs(lines.unchecked_night, [QUARTER]), *after],
        "standings_not_gone_on_with": [*before, *runs(lines.unplaced_night, [QUARTER]), *after],
        "heads_not_logged": [*before, *hourly_runs(lines.night_without_heads, end, begin=QUARTER)],
    }
    return [
        Scenario(name, trouble, days=SHORT, trouble_at=QUARTER, ends_well=name != "heads_not_logged", is_hourly=True)
        for name, trouble in troubles.items()
    ]
