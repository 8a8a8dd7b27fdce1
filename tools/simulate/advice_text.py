"""The advice in words: each sentence is made from the figures it rests on, so that it can't contradict them.

It must not hold a figure of its own.
"""

from __future__ import annotations

from streak_core.store.sharding import SHARDS
from tools.simulate.advice import (
    Study,
    advise,
    dearest,
    largest,
    limit_of,
    ramp_users_per_second,
    shards_suffice_until,
)
from tools.simulate.day import Verdict
from tools.simulate.formatting import dollars, duration, millions, number


def advice_lines(study: Study, sizes: tuple[int, ...]) -> tuple[str, ...]:
    """The advice, most important first."""
    return (
        schedule_advice(study, sizes),
        fan_out_advice(study),
        speed_advice(study, sizes[-1]),
        shard_advice(study, sizes),
        _beyond(study),
    )


def schedule_advice(study: Study, sizes: tuple[int, ...]) -> str:
    """Which schedule, and why."""
    advices = [advise(study, users) for users in sizes]
    chosen = {advice.schedule.name for advice in advices}
    choice = f"**Schedule: {chosen.pop()}**, at all of these sizes."
    if chosen:
        each = "; ".join(f"{advice.schedule.name} for {millions(advice.users)} users" for advice in advices)
        choice = f"**Schedule:** {each}."
    extras = ", ".join(f"{_extra(advice.hourly_extra_dollars)} at {millions(advice.users)}" for advice in advices)
    waits = [study.day(sizes[0], schedule).oldest_overdue_seconds for schedule in (study.daily, study.hourly)]
    return (
        f"{choice} One call a day ends in time {_until(limit_of(study, study.daily, Verdict.IN_TIME, fan_out=False))}. "
        f"Hourly runs cost, against a daily one, {extras} a day ({dearest(study).replace('_', '-')} prices). "
        f"At {millions(sizes[0])} users the longest wait is {duration(waits[1])} with hourly runs "
        f"and {duration(waits[0])} with a daily one."
    )


def fan_out_advice(study: Study) -> str:
    """At what size to turn on fan-out, if at all."""
    strained = study.with_headroom()
    alone = limit_of(strained, study.hourly, Verdict.IN_TIME, fan_out=False)
    fanned = limit_of(strained, study.hourly, Verdict.IN_TIME, fan_out=True)
    often = f"{study.assumptions.headroom:g} times the usual number of due users"
    gains = f"With {often}, one call an hour ends in time {_until(alone)}; fanned out, {_until(fanned)}."
    if alone is None or (fanned is not None and fanned <= alone):
        return f"**Fan-out: leave it off.** {gains}"
    later = limit_of(study, study.hourly, Verdict.CATCHES_UP, fan_out=False)
    return (
        f"**Fan-out: turn it on at about {millions(alone, rounded=True)} users** (`MAINTENANCE_FANOUT=cloud-tasks`). "
        f"{gains} On a usual day later calls make up for it {_until(later)}: waiting changes no answer, only when "
        f"events are written."
    )


def speed_advice(study: Study, users: int) -> str:
    """Whether the instance or the ramp is in the way, and what fan-out costs."""
    own, ramp = study.assumptions.users_per_second_instance, ramp_users_per_second(study)
    alone, fanned = (
        study.bill(study.day(users, study.hourly, fan_out=fan_out), dearest(study)).compute for fan_out in (False, True)
    )
    what = "the ramp, not the instance" if own >= ramp else "the instance"
    return (
        f"**What holds a long run back is {what}.** Just before its deadline the ramp lets a call write {number(ramp)} "
        f"users a second, and an instance is taken to manage {number(own)}. At {millions(users)} users compute is "
        f"{dollars(fanned)} a day fanned out and {dollars(alone)} otherwise: tasks are paid for while they wait for "
        f"the budget that they share. Let an instance take several."
    )


def shard_advice(study: Study, sizes: tuple[int, ...]) -> str:
    """How many shards."""
    needed = max(advise(study, users).shards_needed for users in sizes)
    verdict = f"keep {SHARDS}" if needed <= SHARDS else f"{SHARDS} are too few, make it {needed}"
    return (
        f"**Shards: {verdict}.** The largest need among these sizes is {needed}, with what clients write and with "
        f"{study.assumptions.headroom:g} times the due users; {SHARDS} suffice "
        f"{_until(shards_suffice_until(study, study.hourly))}. A shard costs a read a run when nobody is due; "
        f"changing their number later means writing every user anew."
    )


def _beyond(study: Study) -> str:
    """Where even the advised set-up ends."""
    strained = study.with_headroom()
    end = largest(lambda users: strained.day(users, study.hourly, fan_out=True).verdict is not Verdict.FALLS_BEHIND)
    if end is None:
        return "**Beyond:** nothing here sets a limit."
    return (
        f"**Beyond about {millions(end, rounded=True)} users** hourly runs fall behind with "
        f"{study.assumptions.headroom:g} times the due users, fanned out or not, because each call begins with a "
        f"cold ramp. Then the budget has to be kept warm from one run to the next."
    )


def _until(end: int | None) -> str:
    return "at any size" if end is None else f"up to about {millions(end, rounded=True)} users"


def _extra(amount: float) -> str:
    return f"{dollars(abs(amount))} {'more' if amount >= 0 else 'less'}"
