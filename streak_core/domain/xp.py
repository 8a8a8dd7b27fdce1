"""What an activity is worth: base XP and whether it counts, by the policy's rules over its metadata.

It must not know users, weeks or the bonus.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, assert_never

from streak_core.domain.errors import FieldError, Malformed
from streak_core.domain.near import did_you_mean
from streak_core.domain.policy import WHOLE_NUMBER_MAX, BelowOrFromXp, ChoiceFromXp, FlatXp, PerStepXp

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from streak_core.domain.policy import Policy, XpRule
    from streak_core.domain.rules import Rules


@dataclass(frozen=True, kw_only=True, slots=True)
class BaseXp:
    """Base XP of an activity, its category, and whether it counts for the streak."""

    category: str | None
    base_xp: int
    counts: bool


def base_xp_of(policy: Policy, activity_type: str, metadata: Mapping[str, object]) -> BaseXp:
    """What an activity is worth. Raises `Malformed`, naming each field, for what the policy does not know."""
    kind = policy.activity_types.get(activity_type)
    if kind is None:
        known = ", ".join(policy.activity_types)
        near = did_you_mean(activity_type, policy.activity_types)
        raise Malformed(FieldError("activity_type", f"must be one of: {known}{near}"))
    base = min(_base_xp(kind.xp, _Metadata(metadata)), policy.activities.base_xp_max)
    return BaseXp(category=kind.category, base_xp=base, counts=kind.counts == "always" or base > 0)


def check_known(rules: Rules, activity_type: str, metadata: Mapping[str, object]) -> None:
    """Raises `Malformed` for what no policy knows, as the newest one says it."""
    *earlier, newest = rules.standing.in_time
    try:
        base_xp_of(newest.policy, activity_type, metadata)
    except Malformed:
        if not any(_knows(one.policy, activity_type, metadata) for one in earlier):
            raise


def _knows(policy: Policy, activity_type: str, metadata: Mapping[str, object]) -> bool:
    try:
        base_xp_of(policy, activity_type, metadata)
    except Malformed:
        return False
    return True


def with_bonus(base_xp: int, multiplier: Fraction) -> int:
    """The XP awarded: base times multiplier, floored, without floating point."""
    return base_xp * multiplier.numerator // multiplier.denominator


class _Metadata:
    """Reads typed fields and collects what is wrong, so that a client sees all of it at once."""

    def __init__(self, sent: Mapping[str, object]) -> None:
        self._sent = sent
        self._known: set[str] = set()
        self._errors: list[FieldError] = []

    def whole(self, name: str) -> int:
        value = self._take(name)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= WHOLE_NUMBER_MAX:
            return value
        self._wrong(name, f"must be a whole number from 0 to {WHOLE_NUMBER_MAX}")
        return 0

    def number(self, name: str, minimum: int, maximum: int) -> float:
        value = self._take(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and minimum <= value <= maximum:
            return value
        self._wrong(name, f"must be a number from {minimum} to {maximum}")
        return minimum

    def choice(self, name: str, choices: Mapping[str, int]) -> int:
        value = self._take(name)
        if isinstance(value, str) and value in choices:
            return choices[value]
        self._wrong(name, f"must be one of: {', '.join(choices)}")
        return 0

    def check(self) -> None:
        """Raises `Malformed` when anything was wrong, missing or unknown."""
        for name in sorted(self._sent.keys() - self._known):
            # One that is there already is not what was meant.
            near = did_you_mean(name, self._known - self._sent.keys())
            self._wrong(name, f"is not known for this activity type{near or _takes(self._known)}")
        if self._errors:
            raise Malformed(*self._errors)

    def _take(self, name: str) -> object:
        self._known.add(name)
        return self._sent.get(name)

    def _wrong(self, name: str, message: str) -> None:
        self._errors.append(FieldError(f"metadata.{name}", message))


def _takes(known: Iterable[str]) -> str:
    return f", which takes {' and '.join(sorted(known)) or 'none'}"


def _base_xp(rule: XpRule, metadata: _Metadata) -> int:
    match rule:
        case FlatXp():
            xp = rule.xp
        case PerStepXp():
            xp = metadata.whole(rule.field) // rule.step * rule.xp_per_step
        case ChoiceFromXp():
            worth = metadata.choice(rule.choice_field, rule.choices)
            xp = worth if metadata.number(rule.field, rule.minimum, rule.maximum) >= rule.from_ else 0
        case BelowOrFromXp():
            reached = metadata.number(rule.field, rule.minimum, rule.maximum) >= rule.from_
            xp = rule.xp_from if reached else rule.xp_below
        case _:  # pragma: no cover - the type checker knows that there is no other
            assert_never(rule)
    metadata.check()
    return xp
