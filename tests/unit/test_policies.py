"""Publishing and withdrawing policies, with a store in memory."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from streak_core.domain.commands.base import REASON_LENGTH_MAX
from streak_core.domain.errors import Malformed
from streak_core.domain.publishing import PolicyHasBegun, PolicyNotFound, TooManyPolicies, TooSoon
from streak_core.domain.refusals import ReasonRequired
from streak_core.domain.rules import PolicyInTime
from streak_core.old_form import NotAvailableYet
from streak_core.policies import Policies, PolicyState, Publishing, state_of
from streak_core.store.policies import POLICIES_MAX
from streak_core.store.writing import Writer, nothing_else
from tests.support.shipped_policy import RULES, TEXT

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
CHEAPER = TEXT.replace("xp_per_freeze = 500", "xp_per_freeze = 300")


@dataclass
class Kept:
    """A store of policies without a database."""

    policies: dict[int, PolicyInTime] = field(default_factory=dict)

    def published(self) -> tuple[PolicyInTime, ...]:
        return tuple(self.policies.values())

    def add(self, one: PolicyInTime, also: Writer) -> None:
        assert also is nothing_else
        assert one.number not in self.policies
        self.policies[one.number] = one

    def withdraw(self, number: int, at: datetime, also: Writer) -> None:
        assert also is nothing_else
        self.policies[number] = replace(self.policies[number], withdrawn_at=at)


def service(store: Kept | None = None, form: int = 2) -> Policies:
    return Policies(store or Kept(), RULES.policies[0], form)  # type: ignore[arg-type]


def publishing(**fields: Any) -> Publishing:
    sent = {"effective_from": date(2026, 3, 9), "text": CHEAPER, "by": "admin:ops", "reason": "freezes are too dear"}
    return Publishing(**{**sent, **fields})


def test_a_policy_is_published_under_the_next_number() -> None:
    policies = service()
    one, rules = policies.publish(publishing(), NOW)
    assert (one.number, one.published_at, one.policy.freezes.xp_per_freeze) == (1, NOW, 300)
    assert [known.number for known in rules.policies] == [0, 1]
    other, _ = policies.publish(publishing(effective_from=date(2026, 3, 10)), NOW)
    assert other.number == 2


@pytest.mark.parametrize(
    ("changed", "places"),
    [
        ({"held_max = 5": "held_max = 101"}, ["toml.freezes.held_max"]),
        (
            {"held_max = 5": 'held_max = "many"', "late_days_max = 14": "late_days_max = 0"},
            ["toml.activities.late_days_max", "toml.freezes.held_max"],
        ),
        ({"[repair]": "[mending]"}, ["toml.repair", "toml.mending"]),
        ({"[repair]": "[repair"}, ["toml"]),
        ({'"guide"]': "]"}, ["toml"]),
    ],
)
def test_a_policy_that_does_not_validate_is_refused_with_every_field(
    changed: dict[str, str], places: list[str]
) -> None:
    text = CHEAPER
    for before, after in changed.items():
        assert before in text
        text = text.replace(before, after, 1)
    store = Kept()
    with pytest.raises(Malformed) as refused:
        service(store).publish(publishing(text=text), NOW)
    assert [one.field for one in refused.value.errors] == places
    assert not store.policies


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_without_a_reason_nothing_is_published(reason: str) -> None:
    with pytest.raises(ReasonRequired):
        service().publish(publishing(reason=reason), NOW)


def test_a_reason_has_a_bound() -> None:
    service().publish(publishing(reason="r" * REASON_LENGTH_MAX), NOW)
    with pytest.raises(Malformed):
        service().publish(publishing(reason="r" * (REASON_LENGTH_MAX + 1)), NOW)


def test_a_policy_that_begins_too_soon_is_not_published() -> None:
    store = Kept()
    with pytest.raises(TooSoon):
        service(store).publish(publishing(effective_from=date(2026, 3, 3)), NOW)
    assert not store.policies


def test_nothing_is_published_while_the_program_before_may_still_answer() -> None:
    with pytest.raises(NotAvailableYet):
        service(form=1).publish(publishing(), NOW)


def test_there_is_a_bound_to_how_many_there_can_be() -> None:
    one, _ = service().publish(publishing(), NOW)
    store = Kept({number: replace(one, number=number, reason="other") for number in range(1, POLICIES_MAX)})
    service(store).publish(publishing(), NOW)
    with pytest.raises(TooManyPolicies):
        service(store).publish(publishing(reason="one more"), NOW)
    # Also where numbers are missing: a list with a higher one could not be read whole.
    with pytest.raises(TooManyPolicies):
        service(Kept({POLICIES_MAX: store.policies[POLICIES_MAX]})).publish(publishing(reason="one more"), NOW)


def test_the_same_policy_is_published_anew_once_it_was_withdrawn() -> None:
    policies = service()
    policies.publish(publishing(), NOW)
    policies.withdraw(1, NOW)
    assert policies.publish(publishing(), NOW)[0].number == 2


def test_withdrawing_twice_is_once() -> None:
    policies = service()
    policies.publish(publishing(), NOW)
    one, _ = policies.withdraw(1, NOW + timedelta(hours=1))
    again, _ = policies.withdraw(1, NOW + timedelta(days=30))
    assert one == again
    assert one.withdrawn_at == NOW + timedelta(hours=1)


def test_what_has_begun_and_what_was_never_published_stays() -> None:
    policies = service()
    policies.publish(publishing(), NOW)
    with pytest.raises(PolicyHasBegun):
        policies.withdraw(0, NOW)
    with pytest.raises(PolicyHasBegun):
        policies.withdraw(1, NOW + timedelta(days=7))
    with pytest.raises(PolicyNotFound):
        policies.withdraw(2, NOW)


def test_how_a_policy_stands_is_told_by_whoever_is_furthest_ahead() -> None:
    policies = service()
    policies.publish(publishing(), NOW)
    policies.publish(publishing(effective_from=date(2026, 3, 20)), NOW)
    policies.withdraw(2, NOW)
    states = {
        at: [state_of(one, policies.rules(), at).value for one in policies.rules().policies]
        for at in (NOW, NOW + timedelta(days=7), NOW + timedelta(days=60))
    }
    assert list(states.values()) == [
        [PolicyState.IN_FORCE, PolicyState.TO_COME, PolicyState.WITHDRAWN],
        [PolicyState.OVER, PolicyState.IN_FORCE, PolicyState.WITHDRAWN],
        [PolicyState.OVER, PolicyState.IN_FORCE, PolicyState.WITHDRAWN],
    ]
