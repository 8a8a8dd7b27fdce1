"""How far a user has come with the challenges that they joined, and which are done.

The days of the tail and the checkpoint count; replay gives what is earned. It must not know events or storage.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from streak_core.domain.challenge_rules import DAYS_MAX
from streak_core.domain.joined import Joined, Terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from streak_core.domain.challenge_rules import Challenge
    from streak_core.domain.model import Streak
    from streak_core.domain.replay import View


def terms_of(name: str, challenge: Challenge) -> Terms:
    """What the policy says of a challenge."""
    return Terms(
        name=name,
        from_day=challenge.from_,
        until_day=challenge.until,
        categories=challenge.categories,
        activity_types=challenge.activity_types,
        target=challenge.target,
        xp=challenge.reward.xp,
        freezes=challenge.reward.freezes,
    )


def open_challenges(streak: Streak, today: date) -> list[Joined]:
    """Those that the user has joined and that are not over."""
    return [one for one in streak.settings.challenges if one.terms.until_day >= today]


def progress_of(one: Joined, view: View) -> int:
    """How many activities count for it."""
    return view.walk_through_today.challenges.get(one.key, 0)


def is_done(one: Joined, view: View) -> bool:
    """Whether there are enough of them."""
    return progress_of(one, view) >= one.terms.target


def done_by(before: View, streak: Streak, after: View) -> Iterator[Joined]:
    """What a command completed."""
    return (one for one in streak.settings.challenges if is_done(one, after) and not is_done(one, before))


def rewarded_until(streak: Streak, counts: Mapping[str, int], next_day: date) -> dict[str, date]:
    """Of what was done and is over by then the last days, by name: once no day can change, nothing else says so.

    As long as a challenge that can still be joined may have begun by then.
    """
    found = dict(streak.checkpoint.rewarded)
    for one in streak.settings.challenges:
        terms = one.terms
        if terms.until_day < next_day and counts.get(one.key, 0) >= terms.target:
            found[terms.name] = max(terms.until_day, found.get(terms.name, terms.until_day))
    first = next_day - timedelta(days=DAYS_MAX - 1)
    return {name: until_day for name, until_day in found.items() if until_day >= first}


def is_rewarded(name: str, from_day: date, streak: Streak, view: View) -> bool:
    """Whether a challenge of that name was done that has a day from that one on: its reward is there once."""
    done = (one for one in streak.settings.challenges if one.terms.name == name and is_done(one, view))
    last_days = [one.terms.until_day for one in done]
    if name in streak.checkpoint.rewarded:
        last_days.append(streak.checkpoint.rewarded[name])
    return any(last_day >= from_day for last_day in last_days)


def offered(view: View) -> Iterator[Terms]:
    """What the policy of today has that is not over."""
    for name, challenge in view.policy.challenges.items():
        if challenge.until >= view.today:
            yield terms_of(name, challenge)
