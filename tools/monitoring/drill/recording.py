"""Brings the real functions into each kind of trouble, and records the lines that they write in it.

It must not know metrics or policies. What was to happen is held against what was answered: a trouble that did not come
about is an error, and never a silent recording.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Final

import httpx
from google.cloud import firestore

from emulator.errors import SetupError
from emulator.token import PROJECT
from functions.http.at_once import COMMANDS_MAX
from streak_core.store.sharding import SHARDS
from tools.monitoring.drill.environment import Environment, ServedFunction, trouble
from tools.monitoring.drill.fan_out import fanned_out_job
from tools.monitoring.drill.population import Call, expect, scheduled, send
from tools.monitoring.log_lines import Entry

USERS: Final = 60
# One in ten.
POISONED: Final = 6
STORM_CALLS: Final = 60
CONNECTIONS: Final = 40
OUTAGE_CALLS: Final = 8
SLOW_CALLS: Final = 24
# Each answer of the database comes so much later: over the second that api_latency allows.
SLOW_SECONDS: Final = 1.2
LEAK_MIB_EACH: Final = 64
LEAKY_RUNS: Final = 6
WARM_CALLS_MAX: Final = 10
_MONDAY: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
# When those who were active on Monday are due, ten minutes after their deadline.
_WEDNESDAY_NIGHT: Final = datetime(2026, 3, 4, 4, 10, tzinfo=UTC)
# As failing_main.py has it, which only a function can import.
FAILING_SHARD: Final = 5
_FAILING: Final = Path(__file__).with_name("failing_main.py")
_LEAKING: Final = Path(__file__).with_name("leaking_main.py")
# As leaking_main.py names it, which only a function can import.
_LEAK_MIB: Final = "DRILL_LEAK_MIB"
_KILL_SECONDS_MAX: Final = 30.0

Lines = Sequence[Entry]


@dataclass(frozen=True, kw_only=True)
class Recordings:
    """The lines that the functions wrote: in a usual minute, in a usual night, and in each kind of trouble."""

    traffic: Lines
    night: Lines
    failed_run: Lines
    # What a run wrote before it was killed.
    killed_run: Lines
    # A run with one shard that fails.
    failing_shard_run: Lines
    # A run that is fanned out: the call that enqueues its tasks, and all of these.
    enqueuing: Lines
    tasks: Lines
    # Some tasks while the database is gone; one whose shard fails as a whole, and all the others of its run.
    tasks_without_database: Lines
    failing_task: Lines
    other_tasks: Lines
    # Runs of one process after each other, each with a little more memory.
    leaking_runs: Sequence[Lines]
    # Runs of three nights, with a tenth of the first night's users unreadable.
    poisoned_runs: Sequence[Lines]
    storm: Lines
    # One user with far more at once than a process answers.
    hot_user: Lines
    outage: Lines
    refusals: Lines
    slow: Lines
    # Calls of the function `backup`: all is well; the export fails, a day later; nobody has read one back.
    backup_call: Lines = ()
    failed_backup: Lines = ()
    unverified_backup: Lines = ()
    # Calls of the function `reminders`: a run, a notice that nobody takes, an event that a server of the app's was not
    # told of for three days, and a run while the database is gone.
    reminded: Lines = ()
    unsent_notice: Lines = ()
    parked_webhook: Lines = ()
    failed_reminders: Lines = ()
    # Of records: a refusal that can't be told, a run with a day whose counters can't be checked, and one whose heads of
    # audit trails are of long ago.
    untold_refusal: Lines = ()
    unchecked_night: Lines = ()
    night_without_heads: Lines = ()
    # A run whose final standings of leaderboards could not be gone on with.
    unplaced_night: Lines = ()

    @property
    def failed_request(self) -> Lines:
        """One request of the outage, and nothing around it."""
        failed = [entry for entry in self.outage if entry.payload["event"] == "request_completed"]
        return failed[:1]


NOTHING: Final = Recordings(**dict.fromkeys((one.name for one in fields(Recordings)), ()))


def record(emulator_host: str, tell: Callable[[str], None]) -> Recordings:
    """Brings about everything; `tell` is told what comes next. Raises `SetupError`."""
    with Environment(emulator_host) as environment:
        tell("a usual day")
        streak, calendar, consistency = (environment.start(name) for name in ("streak", "calendar", "consistency"))
        job = environment.start("maintenance")
        found: dict[str, Lines] = {
            "traffic": _traffic(streak, calendar, consistency),
            "night": _run(job, _after(day=0), {200}),
        }
        tell("strangers who try to sign in")
        found["refusals"] = _refusals(streak)
        tell("many devices of one user at once")
        # As many as a process answers at a time, so that they meet; and more, which is refused at once.
        found["storm"] = _at_once(streak, "storm", COMMANDS_MAX, "transaction_retry")
        found["hot_user"] = _at_once(streak, "hot", CONNECTIONS, "refused_at_once")
        tell("a slow database")
        found["slow"] = _slow(environment, streak)
        tell("an outage of the database, for the API and the job")
        found["outage"], found["failed_run"] = _outage(environment, streak), _failed_run(environment, job)
        tell("a shard that fails")
        found["failing_shard_run"] = _failing_shard_run(environment.start("maintenance", main=_FAILING))
        tell("a run that is killed")
        # In a process of its own: the other one may still wait for what the outage left unanswered.
        found["killed_run"] = kill_in_mid_run(environment, environment.start("maintenance"))
    with Environment(emulator_host) as environment:
        tell("a run that is fanned out")
        found |= _fanned_out(environment)
    with Environment(emulator_host) as environment:
        tell("a job that leaks")
        leaking = leaking_job(environment, LEAK_MIB_EACH)
        leaking_runs = [_run(leaking, _after(day=number), {200}) for number in range(LEAKY_RUNS)]
    with Environment(emulator_host) as environment:
        tell("documents that cannot be read")
        poisoned_runs = _poisoned(environment, environment.start("streak"), environment.start("maintenance"))
    return Recordings(**found, leaking_runs=leaking_runs, poisoned_runs=poisoned_runs)


def leaking_job(environment: Environment, leak_mib: int) -> ServedFunction:
    """The job, of which each call leaves so many MiB behind."""
    return environment.start("maintenance", main=_LEAKING, **{_LEAK_MIB: str(leak_mib)})


def _after(*, day: int) -> datetime:
    return _WEDNESDAY_NIGHT + timedelta(days=day)


def _traffic(streak: ServedFunction, calendar: ServedFunction, consistency: ServedFunction) -> Lines:
    """A minute of app clients: they read more than they write, and a few ask for what is not there."""
    functions = (streak, calendar, consistency)
    for function in functions:
        _warm(function)
    users = [f"user{number}" for number in range(USERS)]
    expect(_active(streak, users, _MONDAY), {201})
    calls = [
        *(Call(url=streak.url, path="/streak", user=user, at=_MONDAY) for user in users),
        *(Call(url=calendar.url, path="/calendar?days=30", user=user, at=_MONDAY) for user in users[:20]),
        *(Call(url=consistency.url, path="/consistency", user=user, at=_MONDAY) for user in users[:20]),
    ]
    # One after the other: how long a queue is says nothing of a usual minute.
    expect(send(calls, threads=1), {200})
    expect(send([Call(url=streak.url, path="/streak/nothing", user="ada", at=_MONDAY)]), {404})
    expect(send([Call(url=streak.url, path="/streak", token="")]), {401})
    return [entry for function in functions for entry in function.entries()]


def _warm(function: ServedFunction) -> None:
    """Until a process answers well: its first request connects to the database, which is no part of a usual minute."""
    call = Call(url=function.url, path=f"/{function.name}", user="first", at=_MONDAY)
    if not any(send([call]) == [HTTPStatus.OK] for _ in range(WARM_CALLS_MAX)):
        message = f"the function {function.name} does not answer"
        raise SetupError(message)
    function.entries()


def _active(streak: ServedFunction, users: Sequence[str], at: datetime) -> list[int]:
    path = "/streak/update"
    return send([Call(url=streak.url, method="POST", path=path, user=user, at=at) for user in users], threads=1)


def _run(job: ServedFunction, at: datetime, expected: set[int]) -> Lines:
    expect(send([scheduled(job.url, at)]), expected)
    return said(job.entries(), "maintenance_completed" if expected == {200} else "maintenance_failed")


def _refusals(streak: ServedFunction) -> Lines:
    tokens = ["", "Bearer", "x.y.z", "eyJhbGciOiJub25lIn0.e30.", "not a token"] * 8
    expect(send([Call(url=streak.url, path="/streak", token=token) for token in tokens]), {401})
    return said(streak.entries(), "sign_in_refused")


def _at_once(streak: ServedFunction, user: str, connections: int, event: str) -> Lines:
    """So many devices of one user, without a pause; such an event says that it was too much."""
    check_in = {"activity_type": "check_in"}
    path = "/streak/activities"
    call = Call(url=streak.url, method="POST", path=path, user=user, at=_MONDAY, body=check_in)
    expect(send([call] * STORM_CALLS, threads=connections), {201, 429, 503})
    return said(streak.entries(), event)


def _slow(environment: Environment, streak: ServedFunction) -> Lines:
    with trouble(environment.proxy, delay_seconds=SLOW_SECONDS):
        expect(send([Call(url=streak.url, path="/streak", user="ada", at=_MONDAY)] * SLOW_CALLS), {200})
    return streak.entries()


def _outage(environment: Environment, streak: ServedFunction) -> Lines:
    with trouble(environment.proxy):
        expect(send([Call(url=streak.url, path="/streak", user="ada", at=_MONDAY)] * OUTAGE_CALLS), {503})
    return said(streak.entries(), "firestore_error")


def _failed_run(environment: Environment, job: ServedFunction) -> Lines:
    with trouble(environment.proxy):
        return _run(job, _after(day=1), {503})


def _failing_shard_run(job: ServedFunction) -> Lines:
    expect(send([scheduled(job.url, _after(day=1) + timedelta(hours=1))]), {503})
    return said(said(job.entries(), "shard_failed"), "maintenance_completed")


def _fanned_out(environment: Environment) -> dict[str, Lines]:
    """The lines of a good run by what they are of, and those of tasks in trouble."""
    at, later, last = (_after(day=0) + timedelta(hours=hour) for hour in range(3))
    shards = range(SHARDS)
    found: dict[str, Lines] = {}
    with fanned_out_job(environment) as job:
        expect(job.call(at), {202})
        found["enqueuing"] = job.function.entries()
        expect(job.deliver(at, shards), {200})
        found["tasks"] = said(job.function.entries(), "maintenance_completed")
        expect(job.call(later), {202})
        job.function.entries()
        with trouble(environment.proxy):
            expect(job.deliver(later, shards[:OUTAGE_CALLS]), {503})
        found["tasks_without_database"] = said(job.function.entries(), "maintenance_failed")
    with fanned_out_job(environment, _FAILING) as job:
        expect(job.call(last), {202})
        job.function.entries()
        expect(job.deliver(last, [one for one in shards if one != FAILING_SHARD]), {200})
        found["other_tasks"] = said(job.function.entries(), "shard_completed")
        expect(job.deliver(last, [FAILING_SHARD]), {503})
        found["failing_task"] = said(job.function.entries(), "shard_failed")
    return found


def kill_in_mid_run(environment: Environment, job: ServedFunction) -> Lines:
    """Killed in mid-run, while the database takes its time; whoever called it gets no answer."""
    with trouble(environment.proxy, delay_seconds=SLOW_SECONDS), ThreadPoolExecutor(1) as pool:
        answer = pool.submit(send, [scheduled(job.url, _after(day=2))])
        found: list[Entry] = []
        deadline = time.monotonic() + _KILL_SECONDS_MAX
        while "maintenance_started" not in {entry.payload.get("event") for entry in found}:
            if time.monotonic() > deadline:
                message = "a trouble did not come about: no line says maintenance_started"
                raise SetupError(message)
            time.sleep(0.05)
            found += job.entries()
        job.kill()
        if not isinstance(answer.exception(), httpx.TransportError):
            message = "a trouble did not come about: the run that was killed was answered"
            raise SetupError(message)
    return [*found, *job.entries()]


def _poisoned(environment: Environment, streak: ServedFunction, job: ServedFunction) -> list[Lines]:
    """Three nights. In each, others are due, and those who cannot be read are due for a day longer."""
    streaks = firestore.Client(project=PROJECT, database=environment.database).collection("streaks")
    nights = []
    _warm(streak)
    for day in range(3):
        users = [f"night{day}user{number}" for number in range(USERS)]
        expect(_active(streak, users, _MONDAY + timedelta(days=day)), {201})
        # Of a version that nobody knows, as a rolled back release leaves them.
        for user in users[:POISONED] if day == 0 else ():
            streaks.document(user).update({"schema_version": 999})
        nights.append(_run(job, _after(day=day), {200}))
    return nights


def said(entries: Lines, event: str) -> Lines:
    """The same entries, one of which must be such an event. Raises `SetupError`."""
    if event not in {entry.payload.get("event") for entry in entries}:
        message = f"a trouble did not come about: no line says {event}"
        raise SetupError(message)
    return entries
