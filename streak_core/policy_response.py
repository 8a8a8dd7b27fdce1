"""What apps build their forms from, and operators look at: a policy as an answer.

It must not know HTTP or storage, nor decide which policy is in force.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict, assert_never

from streak_core.achievements_response import ListedAchievement, listed_achievement
from streak_core.challenges_response import ListedChallenge, offered_by
from streak_core.domain.days import rfc3339
from streak_core.domain.policy import WHOLE_NUMBER_MAX, BelowOrFromXp, ChoiceFromXp, FlatXp, PerStepXp
from streak_core.policies import state_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from streak_core.domain.policy import ActivityType, Policy
    from streak_core.domain.rules import PolicyInTime, Rules


class TakenField(TypedDict, total=False):
    """A field of the metadata of an activity: a number with its bounds, or one of some words."""

    name: str
    kind: str
    minimum: int
    maximum: int
    choices: list[str]


class ListedType(TypedDict):
    """What may be sent of one type of activity."""

    activity_type: str
    category: str | None
    counts: str
    fields: list[TakenField]


class Beginning(TypedDict):
    """A policy by its number, and the first day that it is in force on."""

    number: int
    effective_from: str | None


class PolicyResponse(TypedDict):
    """The policy that is in force for a user, as far as an app needs it, and when the next one begins."""

    number: int
    effective_from: str | None
    day_start_hour: int
    categories: list[str]
    activity_types: list[ListedType]
    limits: dict[str, int]
    milestones: dict[str, Any]
    achievements: list[ListedAchievement]
    challenges: list[ListedChallenge]
    next: Beginning | None


class ListedPolicy(TypedDict):
    """A policy in time, without what it says."""

    number: int
    effective_from: str | None
    state: str
    published_at: str | None
    withdrawn_at: str | None
    by: str
    reason: str


class WholePolicy(ListedPolicy):
    """A policy in time with what it says, as TOML."""

    toml: str


def policy_response(rules: Rules, today: date) -> PolicyResponse:
    """What is in force on a day, by the rules as everybody knows them."""
    one, following = rules.in_force(today), rules.after(today)
    begins = _beginning(rules.in_force(following.effective_from)) if following else None
    policy = one.policy
    return {
        **_beginning(one),
        "day_start_hour": policy.days.day_start_hour,
        "categories": list(policy.categories),
        "activity_types": [_listed(name, kind) for name, kind in policy.activity_types.items()],
        "limits": _limits(policy),
        "milestones": {"days": list(policy.milestones.days), "then_every": policy.milestones.then_every},
        "achievements": [listed_achievement(name, one) for name, one in policy.achievements.items()],
        "challenges": offered_by(policy),
        "next": begins,
    }


def listed_policy(one: PolicyInTime, rules: Rules, now: datetime) -> ListedPolicy:
    """What operators are told of a policy among all of them."""
    return {
        **_beginning(one),
        "state": state_of(one, rules, now).value,
        "published_at": rfc3339(one.published_at) if one.published_at else None,
        "withdrawn_at": rfc3339(one.withdrawn_at) if one.withdrawn_at else None,
        "by": one.by,
        "reason": one.reason,
    }


def whole_policy(one: PolicyInTime, rules: Rules, now: datetime) -> WholePolicy:
    """The same with what it says."""
    return {**listed_policy(one, rules, now), "toml": one.text}


def _beginning(one: PolicyInTime) -> Beginning:
    return {"number": one.number, "effective_from": one.effective_from.isoformat() if one.number else None}


def _limits(policy: Policy) -> dict[str, int]:
    activities, limits, freezes = policy.activities, policy.limits, policy.freezes
    return {
        "late_days_max": activities.late_days_max,
        "undo_days_max": activities.undo_days_max,
        "future_minutes_max": activities.future_minutes_max,
        "base_xp_max": activities.base_xp_max,
        "activities_per_day_max": limits.activities_per_day_max,
        "commands_max": limits.commands_max,
        "window_seconds": limits.window_seconds,
        "xp_per_freeze": freezes.xp_per_freeze,
        "freezes_held_max": freezes.held_max,
        "plan_days_ahead_max": freezes.plan_days_ahead_max,
        "repair_cooldown_days": policy.repair.cooldown_days,
        "repair_activities_needed": policy.repair.activities_needed,
        "pause_days_max": policy.pause.days_max,
        "pauses_open_max": policy.pause.open_max,
        "rest_weekdays_max": policy.rest.weekdays_max,
    }


def _listed(name: str, kind: ActivityType) -> ListedType:
    return {"activity_type": name, "category": kind.category, "counts": kind.counts, "fields": _fields(kind)}


def _fields(kind: ActivityType) -> list[TakenField]:
    rule = kind.xp
    match rule:
        case FlatXp():
            return []
        case PerStepXp():
            return [{"name": rule.field, "kind": "whole_number", "minimum": 0, "maximum": WHOLE_NUMBER_MAX}]
        case ChoiceFromXp():
            choice: TakenField = {"name": rule.choice_field, "kind": "choice", "choices": list(rule.choices)}
            return [choice, _number(rule.field, rule.minimum, rule.maximum)]
        case BelowOrFromXp():
            return [_number(rule.field, rule.minimum, rule.maximum)]
        case _:  # pragma: no cover - the type checker knows that there is no other
            assert_never(rule)


def _number(name: str, minimum: int, maximum: int) -> TakenField:
    return {"name": name, "kind": "number", "minimum": minimum, "maximum": maximum}
