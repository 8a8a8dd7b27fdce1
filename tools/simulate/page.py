"""What is printed and docs/scale.md holds: the advice, the figures behind it, and what those rest on.

It must not compute a figure of its own, nor say when it was written: the same figures make the same page.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from streak_core.domain.commands.notices import time_text
from streak_core.maintenance.pacing import GROWTH, GROWTH_EVERY_SECONDS, START_OPERATIONS_PER_SECOND
from streak_core.store.sharding import SHARDS
from tools.deploy.scheduler import NOTICES_AT_ONCE, NOTICES_AT_ONCE_MAX
from tools.markdown import table
from tools.simulate.advice import Study, advise, dearest, limit_of, ramp_users_per_second, shards_suffice_until
from tools.simulate.costs import reading_everybody
from tools.simulate.day import Day, Verdict
from tools.simulate.plan import INDEX_WRITES_PER_SECOND
from tools.simulate.reminding import (
    CHOSEN,
    CHOSEN_PART,
    ENQUEUE_SECONDS,
    MESSAGES_PER_MINUTE,
    USUAL_MINUTE,
    USUAL_SPREAD,
    WAIT_MAX,
    most_in_time,
    reminded_day,
    wished_slots,
)

# So many users who are reminded each day.
REMINDED: Final = (1_000_000, 10_000_000, 32_000_000)
SPEEDS: Final = (250.0, 500.0, 1000.0, 1500.0, 3000.0)
# Instances, and tasks that one takes at a time.
SHAPES: Final = ((64, 1), (16, 1), (16, 4), (4, 16))
# The text of the page, with a place for each figure.
_TEXT: Final = Path(__file__).parent / "data" / "page.md"


def page(study: Study, sizes: tuple[int, ...]) -> str:
    """The whole page, in Markdown."""
    return _TEXT.read_text(encoding="utf-8").format(
        choices=_choices(study, sizes),
        limits=_limits(study),
        ramp=number(ramp_users_per_second(study)),
        days=_days(study, sizes),
        rates=_rates(study, sizes),
        speeds=_speeds(study),
        shapes=_shapes(study, sizes[-1]),
        prices_of=study.prices.date,
        note=study.prices.note,
        costs=_costs(study, sizes),
        **_reminders(study),
        **_assumed(study),
    )


def _choices(study: Study, sizes: Iterable[int]) -> str:
    """What is advised, on a day with headroom."""
    rows = [
        (number(one.users), one.schedule.name, "on" if one.fan_out else "off", one.verdict.value,
         dollars(one.hourly_extra_dollars), one.shards_needed)
        for one in (advise(study, users) for users in sizes)
    ]  # fmt: skip
    header = ("users", "schedule", "fan-out", "outcome", f"hourly beyond daily, {dearest(study).replace('_', '-')}")
    return table((*header, f"shards needed, of {SHARDS}"), rows, "What to choose for a day with headroom")


def _limits(study: Study) -> str:
    """Up to how many users each way goes: searched for, and rounded down."""
    strained = study.with_headroom()
    in_time, headroom = Verdict.IN_TIME, f"{study.assumptions.headroom:g} times the usual number of due users"
    limits = {
        "one call a day ends in time": limit_of(study, study.daily, in_time, fan_out=False),
        f"one call an hour ends in time with {headroom}": limit_of(strained, study.hourly, in_time, fan_out=False),
        "the same, fanned out": limit_of(strained, study.hourly, in_time, fan_out=True),
        "later calls make up for it on a usual day": limit_of(study, study.hourly, Verdict.CATCHES_UP, fan_out=False),
        f"hourly and fanned out with {headroom}, it does not fall behind": limit_of(
            strained, study.hourly, Verdict.CATCHES_UP, fan_out=True
        ),
        f"{SHARDS} shards suffice": shards_suffice_until(study, study.hourly),
    }
    rows = [(name, most(users)) for name, users in limits.items()]
    return table(("what holds", "up to about so many users"), rows, "How far it holds")


def _ways(study: Study, sizes: Iterable[int]) -> Iterator[tuple[int, str, Day]]:
    for users in sizes:
        for schedule in (study.daily, study.hourly):
            yield users, schedule.name, study.day(users, schedule)
            yield users, f"{schedule.name}, fanned out", study.day(users, schedule, fan_out=True)


def _days(study: Study, sizes: tuple[int, ...]) -> str:
    """What the job meets and how it fares."""
    rows = []
    for users, name, day in _ways(study, sizes):
        billed = day.billed(study.assumptions.memory_gib)
        due = sum(study.around.due(users, study.assumptions.due_share).values())
        took, waited = duration(day.busiest.run.seconds), duration(day.oldest_overdue_seconds)
        used = map(number, (day.left_over, billed.requests, billed.instance_seconds / 3600))
        found = map(number, (due, day.largest_backlog))
        rows.append((number(users), name, *found, took, day.verdict.value, waited, *used))
    header = ("users", "schedule", "due a day", "largest run", "longest run", "outcome", "longest wait", "left over")
    return table((*header, "calls", "instance hours"), rows, "A day")


def _rates(study: Study, sizes: tuple[int, ...]) -> str:
    """Reads and writes a second when the longest run is fastest, against the limits."""
    at_once = min(study.assumptions.rules.threads, SHARDS)
    index = number(INDEX_WRITES_PER_SECOND * at_once)
    rows = []
    for users in sizes:
        for schedule in (study.daily, study.hourly):
            run = study.day(users, schedule).busiest.run
            speed = run.writes_per_second / run.load.writes
            rates = (speed * run.load.reads, run.writes_per_second, run.allowed_per_second, speed * run.done)
            progress = f"{speed * run.load.commits / at_once:.2f}"
            rows.append((number(users), schedule.name, *map(number, rates), index, progress, run.limit.value))
    header = ("users", "schedule", "reads/s", "writes/s", "ramp allows", "index writes/s", "index allows")
    return table((*header, "writes/s of one progress", "held back by"), rows, "When the longest run is fastest")


def _speeds(study: Study) -> str:
    """Up to which size every run ends in time, by the speed of an instance."""
    rows = []
    for speed in sorted({*SPEEDS, study.assumptions.users_per_second_instance}):
        own = study.assuming(users_per_second_instance=speed)
        ways = [(schedule, fan_out) for schedule in (own.daily, own.hourly) for fan_out in (False, True)]
        ends = (limit_of(own, schedule, Verdict.IN_TIME, fan_out=fan_out) for schedule, fan_out in ways)
        rows.append((number(speed), *map(most, ends)))
    header = ("users/s of an instance", "daily", "daily, fanned out", "hourly", "hourly, fanned out")
    return table(header, rows, "The most users for whom every run ends in time")


def _shapes(study: Study, users: int) -> str:
    """What the instances of a fanned-out run cost, by their number and by the tasks that each takes at a time."""
    rows = []
    for instances, tasks in SHAPES:
        own = study.assuming(max_instances=instances, tasks_per_instance=tasks)
        day = own.day(users, own.hourly, fan_out=True)
        compute = dollars(own.bill(day, next(iter(own.prices.firestore))).compute)
        rows.append((instances, tasks, duration(day.busiest.run.seconds), day.verdict.value, compute))
    header = ("instances", "tasks at a time each", "longest run", "outcome", "compute a day")
    return table(header, rows, f"Hourly and fanned out, {number(users)} users")


def _costs(study: Study, sizes: tuple[int, ...]) -> str:
    """What a day costs in each kind of location, and what reading everybody once would cost there."""
    first, *others = study.prices.firestore
    rows = []
    for users, name, day in _ways(study, sizes):
        bill = study.bill(day, first)
        parts = (bill.reads, bill.writes, bill.compute, bill.tasks + bill.scheduler, bill.total)
        elsewhere = (study.bill(day, location).total for location in others)
        everybody = reading_everybody(users, study.prices, first)
        undone = f", {day.verdict.value}" if day.verdict is Verdict.FALLS_BEHIND else ""
        rows.append((number(users), name + undone, *map(dollars, (*parts, *elsewhere, everybody))))
    header = ("users", "schedule", "reads", "writes", "compute", "tasks, scheduler", "a day")
    names = (*(location.replace("_", "-") for location in others), "reading everybody")
    return table((*header, *names), rows, f"Dollars a day, {first.replace('_', '-')}")


def _reminders(study: Study) -> dict[str, Any]:
    """What a day of reminders takes, by how many are reminded and whether anybody chooses a full hour."""
    own = study.assumptions
    wishes = {part: wished_slots(study.population, study.date, part) for part in (CHOSEN_PART, 0.0)}
    ways = [(users, part, fan_out) for users in REMINDED for part in wishes for fan_out in (False, True)]
    rows = []
    for users, part, fan_out in ways:
        day = reminded_day(users, wishes[part], own, fan_out=fan_out)
        waits = [duration(one.total_seconds()) for one in (day.wait_for_run, day.wait_in_queue)]
        queues = math.ceil(day.dispatches_needed / NOTICES_AT_ONCE_MAX)
        needed = (f"{number(day.dispatches_needed)}/s", queues, f"{day.part_of_messages:.0%}")
        shown = ("falls behind", "") if day.falls_behind else waits
        fanned = "on" if fan_out else "off"
        rows.append((number(users), f"{part:.0%}", number(day.due_max), fanned, *shown, *needed))
    header = ("users", "of them at full hours", "due", "fan-out", "wait for the run", "wait in the queue", "needed")
    limits = [most(most_in_time(wishes[CHOSEN_PART], own, fan_out=fan_out)) for fan_out in (False, True)]
    return {
        "reminders": table((*header, "queues", "of Cloud Messaging"), rows, "Reminders, at the worst of the day"),
        "in_time": limits[0],
        "in_time_usual": most(most_in_time(wishes[0.0], own)),
        "in_time_fanned_out": limits[1],
        "dispatches": NOTICES_AT_ONCE,
        "messages": number(MESSAGES_PER_MINUTE),
        "wait": WAIT_MAX // timedelta(minutes=1),
        "queue_max": NOTICES_AT_ONCE_MAX,
        "chosen_part": CHOSEN_PART,
        "chosen": ", ".join(f"{time_text(minute)} {part:.0%}" for minute, part in CHOSEN.items()),
        "usual": time_text(USUAL_MINUTE),
        "spread": USUAL_SPREAD,
        "enqueue": round(1_000 * ENQUEUE_SECONDS),
        "enqueued_alone": number(own.rules.threads / ENQUEUE_SECONDS),
        "enqueued_fanned_out": number(SHARDS / ENQUEUE_SECONDS),
    }


def _assumed(study: Study) -> dict[str, Any]:
    own, people, rules = study.assumptions, study.population, study.assumptions.rules
    return {
        **vars(study),
        **vars(own),
        **vars(people),
        **vars(rules),
        "at": f"{study.at:%H:%M}",
        "zones": len(people.millions),
        "covered": people.covered,
        "deadline": duration(rules.deadline_seconds),
        "shards": SHARDS,
        "ramp_start": number(START_OPERATIONS_PER_SECOND),
        "ramp_growth": GROWTH - 1,
        "ramp_seconds": number(GROWTH_EVERY_SECONDS),
        "index_writes": number(INDEX_WRITES_PER_SECOND),
        "speed": number(own.users_per_second_instance),
    }


def number(value: float) -> str:
    """A whole number with its thousands apart."""
    return f"{value:,.0f}"


def most(users: int | None) -> str:
    """A size that was searched for, rounded down to two digits; None is no limit."""
    step = 1 if users is None else 10 ** max(0, len(str(users)) - 2)
    return "no limit" if users is None else number(users // step * step)


def duration(seconds: float) -> str:
    """Hours, minutes and seconds, rounded up so that nothing looks shorter than it is."""
    return str(timedelta(seconds=math.ceil(seconds)))


def dollars(amount: float) -> str:
    """Dollars, to four digits."""
    return f"${amount:,.4g}"
