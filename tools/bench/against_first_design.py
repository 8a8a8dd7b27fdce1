"""The present job against that of the first design: the same run, the same users, on the same emulator, in turn.

The first design is here as its documents describe it. It must not know how the present job works.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from google.cloud import firestore
from google.cloud.firestore_v1.base_document import DocumentSnapshot

from tools.bench.counting import DISTANCE_SECONDS, Counted, CountingClient
from tools.bench.measuring import Figure, Finding, Side, at_least, ratio, seconds
from tools.bench.runner import Bench, job, new_project
from tools.bench.users import NIGHT, Kind, night_population, write_population

PAGE_USERS: Final = 100
_GOAL: Final = at_least(25)
_ABOUT: Final = (
    "One run over {size:,} users: {active:,} active the day before and so not due, {frozen:,} who missed it and have a "
    "freeze, {lost:,} who lost their streak. The first design reads everybody in pages of 100, one by one, with a "
    "transaction for each freeze, an update for each break and an added event for each. Every round begins with an "
    "empty database. The emulator has no index: it answers each query by going through all users, for either job. It "
    "answers from the same machine, and computes on the same cores; a deployed database does none of this, so the same "
    "is measured with every call of either job held up for {distance_ms:.0f} ms."
)

Population = Mapping[Kind, int]
# Answers the freezes it applied and the streaks it broke.
Run = Callable[[firestore.Client], tuple[Any, Any]]


def measure(bench: Bench) -> Figure:
    """Both runs in turn, on this machine as it is, and with a database that is five milliseconds away."""
    size, distant_size, rounds = bench.size(10_000, 100), bench.size(2_000, 50), bench.size(3, 1)
    population, distance_ms = night_population(size), DISTANCE_SECONDS * 1_000
    nobody = {Kind.ACTIVE: size, Kind.FROZEN: 0, Kind.LOST: 0}
    _warm_up(bench)

    def of(
        run: Run, stored: Population, client: Callable[[], firestore.Client] = bench.client
    ) -> Callable[[int], float]:
        return lambda _: seconds(_prepared(run, client(), stored))

    def distant() -> firestore.Client:
        return CountingClient(new_project(), DISTANCE_SECONDS)

    near = {label: of(run, population) for label, run in _RUNS.items()}
    # The present job's queries alone, which the emulator answers without an index.
    scans = {"a run in which nobody is due": of(_present, nobody), "this run": of(_present, population)}
    far = {label: of(run, night_population(distant_size), distant) for label, run in _RUNS.items()}
    return Figure(
        title="Against the first design",
        about=_ABOUT.format(size=size, distance_ms=distance_ms, **population),
        findings=[
            ratio(
                "times as fast, the database on this machine",
                *bench.sides(near, "users/s", rounds=rounds, amount=size),
                goal=_GOAL,
            ),
            ratio(
                "of the present job's run is the emulator looking through all users",
                *bench.sides(scans, "s", rounds=rounds),
            ),
            ratio(
                f"times as fast, the database {distance_ms:.0f} ms away, {distant_size:,} users",
                *bench.sides(far, "users/s", rounds=rounds, amount=distant_size),
                goal=_GOAL,
            ),
            *_costs(bench, population),
        ],
    )


def _warm_up(bench: Bench) -> None:
    bench.tell("warming up: the first requests of an emulator's life are slow, whoever sends them")
    for run in _RUNS.values():
        _prepared(run, bench.client(), night_population(bench.size(1_000, 20)))()


def _prepared(run: Run, client: firestore.Client, population: Population) -> Callable[[], None]:
    """A run over users who are stored by now; it raises when it does not do what they need."""
    write_population(client, population)

    def do() -> None:
        done = run(client)
        if done != (population[Kind.FROZEN], population[Kind.LOST]):
            message = f"freezes and breaks were {done}, the population asks for others"
            raise RuntimeError(message)

    return do


def _costs(bench: Bench, population: Population) -> list[Finding]:
    """What both runs ask of the database, counted."""
    bench.tell("counting both runs")
    counted = {label: _counted(bench, run, population) for label, run in _RUNS.items()}
    asked: dict[str, Callable[[Counted], int]] = {
        "of the first design's calls": lambda one: one.calls.total(),
        "of its reads": lambda one: one.reads,
        "of its writes": lambda one: len(one.written),
    }
    return [
        ratio(name, *(Side(label=label, unit="", values=[count(one)]) for label, one in counted.items()))
        for name, count in asked.items()
    ]


def _counted(bench: Bench, run: Run, population: Population) -> Counted:
    stored = bench.client()
    write_population(stored, population)
    client = CountingClient(stored.project)
    run(client)
    return client.counted


def _present(client: firestore.Client) -> tuple[Any, Any]:
    report = job(client).run("night", NIGHT)
    return report.freezes_applied, report.streaks_broken


def _first(client: firestore.Client) -> tuple[int, int]:
    """Goes through all users once, page after page."""
    done, after = {"freeze_applied": 0, "streak_broken": 0, "": 0}, None
    query = client.collection("streaks").order_by("__name__").limit(PAGE_USERS)
    while True:
        page = list((query.start_after(after) if after else query).stream())
        for user in page:
            done[_deal_with(client, user, NIGHT)] += 1
        if len(page) < PAGE_USERS:
            return done["freeze_applied"], done["streak_broken"]
        after = page[-1]


_RUNS: Final[Mapping[str, Run]] = {"the present job": _present, "the first design": _first}


def _deal_with(client: firestore.Client, user: DocumentSnapshot[Any], now: datetime) -> str:
    """What happened to the user; empty for nothing."""
    known, yesterday = user.to_dict() or {}, now.date() - timedelta(days=1)
    if known["current_streak"] == 0 or date.fromisoformat(known["last_active_date"]) >= yesterday:
        return ""
    kind = "freeze_applied" if known["freezes_available"] > 0 else "streak_broken"
    if kind == "freeze_applied":
        _use_freeze(client.transaction(), user.reference, yesterday)
    else:
        user.reference.update({"current_streak": 0, "updated_at": now})
    details = {"streak": known["current_streak"], "freezes_left": known["freezes_available"]}
    user.reference.collection("events").add({"kind": kind, "at": now, "day": str(yesterday), "details": details})
    return kind


@firestore.transactional
def _use_freeze(transaction: firestore.Transaction, user_doc: firestore.DocumentReference, protected_day: date) -> None:
    known = user_doc.get(transaction=transaction).to_dict() or {}
    left = {"freezes_available": known["freezes_available"] - 1, "last_active_date": protected_day.isoformat()}
    transaction.update(user_doc, left)
