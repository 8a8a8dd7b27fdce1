"""Whether a policy may be published or withdrawn at a moment: nobody is to be surprised by one that begins.

It must not know users, nor where policies are kept.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from streak_core.domain.days import ONE_DAY, zone_day
from streak_core.domain.errors import Conflict, NotFound, Unprocessable
from streak_core.domain.rules import KNOWN_AFTER, PolicyInTime, Rules

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from streak_core.domain.policy import Policy

# So long after the latest label that any zone has a policy may begin, so that every process knows it in time.
NOTICE: Final = 2 * ONE_DAY
# No zone is ahead of this one; in the names of these the sign is turned round.
_FIRST_ZONE: Final = "Etc/GMT-14"
_A_MOMENT: Final = timedelta(microseconds=1)


class TooSoon(Unprocessable):
    """A policy would be in force before every process knows of it."""

    code = "too_soon"
    message = (
        "A policy takes effect {days} days after the latest date that any time zone has now, or later: on {earliest} "
        "at the earliest, so that every process knows it in time."
    )


class TailsTooShort(Unprocessable):
    """A policy would accept activities, or undo some, of days that are kept of nobody any more by then."""

    code = "tails_too_short"
    message = (
        "It lets activities up to {days} days back change (the larger of activities.late_days_max and undo_days_max), "
        "and on {effective_from} so many are not kept of everybody yet. Publish it for {earliest} or later: what is "
        "kept grows from now on."
    )


class PolicyNotFound(NotFound):
    """There is no such policy."""

    code = "policy_not_found"
    message = "No policy has that number. GET /admin/policies lists them."


class PolicyHasBegun(Conflict):
    """A policy that is in force, or was, can't be withdrawn."""

    code = "policy_has_begun"
    message = (
        "Policy {number} is in force from {effective_from} on, which has come somewhere or will within minutes: it "
        "stays. Publish one that is in force after it."
    )


class TooManyPolicies(Conflict):
    """There are as many policies as there can be."""

    code = "too_many_policies"
    message = "There are {most} policies, as many as there can be."


def latest_label(rules: Rules, at: datetime) -> date:
    """The latest label that any zone has at a moment."""
    return zone_day(_FIRST_ZONE, at, rules.known_at(at).day_starts)


def earliest_beginning(rules: Rules, now: datetime) -> date:
    """The first label from which on a policy that is published now may be in force."""
    return latest_label(rules, now) + NOTICE


def check_publishable(rules: Rules, effective_from: date, policy: Policy, now: datetime) -> None:
    """Raises `TooSoon`, and `TailsTooShort` where it would accept what is kept of nobody any more."""
    earliest = earliest_beginning(rules, now)
    if effective_from < earliest:
        raise TooSoon(days=NOTICE.days, earliest=earliest)
    served = held_since(rules, now) + policy.days_back_max * ONE_DAY
    if effective_from < served:
        raise TailsTooShort(days=policy.days_back_max, effective_from=effective_from, earliest=served)


def held_since(rules: Rules, now: datetime) -> date:
    """The first label that the tail of every user reaches back to, who is written at any time up to `now`.

    A tail begins later only with time, or where a policy that asked for a long one is over or withdrawn; it never
    begins earlier again. So the moments just before a policy counted, and the one at which this one will, say all.
    """
    return max(_tail_start(rules, at) for at in (*_before_changes(rules, now), now + KNOWN_AFTER))


def _tail_start(rules: Rules, at: datetime) -> date:
    known = rules.known_at(at)
    return known.tail_start(latest_label(rules, at))


def _before_changes(rules: Rules, now: datetime) -> Iterator[datetime]:
    """Each moment up to now just before the rules were others than those that were known."""
    for one in rules.policies:
        for told in (one.published_at, one.withdrawn_at):
            if told is not None and told + KNOWN_AFTER <= now:
                yield told + KNOWN_AFTER - _A_MOMENT


def check_withdrawable(rules: Rules, one: PolicyInTime, now: datetime) -> None:
    """Raises `PolicyHasBegun` where it is in force for somebody before everybody knows that it is withdrawn."""
    if one.effective_from <= latest_label(rules, now + KNOWN_AFTER):
        raise PolicyHasBegun(number=one.number, effective_from=one.effective_from)
