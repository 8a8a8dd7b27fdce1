"""The advice in words: each sentence is made from the figures it rests on, so that it can't contradict them.

It must not hold a figure of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from streak_core.store.sharding import SHARDS
from tools.simulate.advice import advise, dearest, largest, limit_of, ramp_users_per_second, shards_suffice_until
from tools.simulate.day import Verdict
from tools.simulate.formatting import dollars, duration, millions, number

if TYPE_CHECKING:
    from tools.simulate.advice import Study


def advice_lines(study: Study, sizes: tuple[int, ...]) -> tuple[str, ...]:
    """The advice, most important first."""
    return (
        schedule_advice(study, sizes),
        fan_out_advice(study),
        speed_advice(study, sizes[-1]),
        shard_advice(study, sizes),
        beyond(study),
    )


def schedule_advice(study: Study, sizes: tuple[int, ...]) -> str:
    """Which schedule, and why."""
    advices = [advise(study, users) for users in sizes]
    chosen = {advice.schedule.name for advice in advices}
    if len(chosen) == 1:
        choice = f"**Schedule: {chosen.pop()}**, at {'each of these sizes' if len(sizes) > 1 else 'this size'}."
    else:
        each = "; ".join(f"{advice.schedule.name} for {millions(advice.users)} users" for advice in advices)
        choice = f"**Schedule:** {each}."
    extras = ", ".join(f"{_extra(advice.hourly_extra_dollars)} at {millions(advice.users)}" for advice in advices)
    waits = [study.day(sizes[0], schedule).oldest_overdue_seconds for schedule in (study.daily, study.hourly)]
    return (
        f"{choice} One call a day ends in time {_until(limit_of(study, study.daily, Verdict.IN_TIME, fan_out=False))}. "
        f"A day of hourly runs costs, against a daily one, {extras} "
        f"({dearest(study).replace('_', '-')} prices, each fanned out only where it must be). "
        f"At {millions(sizes[0])} users the longest wait is {duration(waits[1])} with hourly runs "
        f"and {duration(waits[0])} with a daily one."
    )


def fan_out_advice(study: Study) -> str:
    """At what size to turn on fan-out, if at all."""
    strained = study.with_headroom()
    alone = limit_of(strained, study.hourly, Verdict.IN_TIME, fan_out=False)
    fanned = limit_of(strained, study.hourly, Verdict.IN_TIME, fan_out=True)
    often = f"{study.assumptions.headroom:g} times the usual number of due users"
    if alone is None:
        return f"**Fan-out: leave it off.** One call an hour ends in time at any size, even with {often}."
    if fanned is not None and fanned <= alone:
        return (
            f"**Fan-out: leave it off.** With {often}, one call an hour ends in time {_until(alone)}; "
            f"fanned out, {_until(fanned)}."
        )
    usual = limit_of(study, study.hourly, Verdict.IN_TIME, fan_out=False)
    later = limit_of(study, study.hourly, Verdict.CATCHES_UP, fan_out=False)
    return (
        f"**Fan-out: turn it on at about {millions(alone, rounded=True)} users.** "
        f"(`MAINTENANCE_FANOUT=cloud-tasks`.) Below that, one call an hour "
        f"ends in time even with {often}; fanned out, {_until(fanned)}. On a usual day one call ends in time "
        f"{_until(usual)}, and later runs make up for it {_until(later)}: waiting changes no answer, only when "
        f"events are written."
    )


def speed_advice(study: Study, users: int) -> str:
    """Whether the instance or the ramp is in the way, and what fan-out costs."""
    own, ramp = study.assumptions.users_per_second_instance, ramp_users_per_second(study)
    place = dearest(study)
    alone, fanned = (
        study.bill(study.day(users, study.hourly, fan_out=fan_out), place).compute for fan_out in (False, True)
    )
    price = (
        f"At {millions(users)} users compute is {dollars(fanned)} a day fanned out and {dollars(alone)} otherwise: "
        f"tasks are paid for while they wait for the budget that they share. Let an instance take several."
    )
    if own >= ramp:
        return (
            f"**What holds a run back is the ramp, not the instance.** Just before its deadline a call may write "
            f"{number(ramp)} users a second, and an instance is taken to manage {number(own)}. Fan-out gains time only "
            f"because a task that reaches its deadline is delivered again at once, while the rest of a call waits "
            f"for the next run. {price}"
        )
    return (
        f"**What holds a long run back is the instance.** It is taken to manage {number(own)} users a second, "
        f"where the ramp lets it write {number(ramp)} just before its deadline: fan-out makes such runs "
        f"shorter. {price}"
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


def beyond(study: Study) -> str:
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
    if end is None:
        return "at any size"
    return f"up to about {millions(end, rounded=True)} users"


def _extra(amount: float) -> str:
    return f"{dollars(abs(amount))} {'more' if amount >= 0 else 'less'}"
