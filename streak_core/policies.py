"""What operators do with the policies in time: publish one, withdraw one, look at all of them.

It must not know HTTP or Firestore's client, nor what a number of a policy is for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from streak_core.domain.commands.base import check_reason
from streak_core.domain.errors import FieldError, Malformed
from streak_core.domain.policy import PolicyError, parse_new_policy
from streak_core.domain.publishing import (
    PolicyHasBegun,
    PolicyNotFound,
    TooManyPolicies,
    check_publishable,
    check_withdrawable,
    latest_label,
)
from streak_core.domain.rules import PolicyInTime, Rules
from streak_core.old_form import NotAvailableYet
from streak_core.retry import Attempts
from streak_core.store.documents import FORM_1
from streak_core.store.failures import CommitFailed, WriteConflict
from streak_core.store.policies import POLICIES_MAX
from streak_core.store.writing import no_audit, why

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from streak_core.domain.policy import Policy
    from streak_core.store.policies import PolicyStore
    from streak_core.store.writing import Audit

_WHAT: Final = "a policy in time"


class PolicyState(StrEnum):
    """How a policy stands, by the latest label that any zone has."""

    IN_FORCE = "in_force"
    TO_COME = "to_come"
    # Another one is in force since.
    OVER = "over"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True)
class Publishing:
    """A policy as it is sent: what it says as TOML, from which label on, by whom and why."""

    effective_from: date
    text: str
    by: str
    reason: str

    def policy(self) -> Policy:
        """What it says. Raises `ReasonRequired`, and `Malformed`, which names each wrong field of the policy."""
        check_reason(self.reason)
        try:
            return parse_new_policy(self.text)
        except PolicyError as error:
            wrong = (FieldError(f"toml.{field}".rstrip("."), message) for field, message in error.fields)
            raise Malformed(*wrong) from error

    def told(self) -> dict[str, str]:
        """What the audit trail says of it; the text is kept with the policy."""
        return {"effective_from": self.effective_from.isoformat(), "reason": self.reason}

    def is_of(self, one: PolicyInTime) -> bool:
        """Whether it is this very policy, sent once more."""
        sent = (self.effective_from, self.text, self.by, self.reason)
        return one.withdrawn_at is None and (one.effective_from, one.text, one.by, one.reason) == sent


@dataclass(frozen=True)
class Policies:
    """The policies in time; `first` is number 0. `now` is always timezone-aware."""

    store: PolicyStore
    first: PolicyInTime
    stored_form: int
    attempts: Callable[[], Attempts] = field(default=Attempts)
    # Of what is published and withdrawn, in the same commit.
    audit: Audit = no_audit

    def rules(self) -> Rules:
        """All of them as they are stored now. Raises `PolicyUnreadable`, `DatabaseUnavailable`."""
        return Rules((self.first, *self.store.published()))

    def find(self, number: int) -> tuple[PolicyInTime, Rules]:
        """One of them, and all. Raises `PolicyNotFound`."""
        rules = self.rules()
        found = next((one for one in rules.policies if one.number == number), None)
        if found is None:
            raise PolicyNotFound
        return found, rules

    def publish(self, publishing: Publishing, now: datetime) -> tuple[PolicyInTime, Rules]:
        """Publishes a policy under the next number; one that is sent once more is answered as it is.

        Raises what `Publishing.policy` does, `TooSoon`, `TailsTooShort`, `TooManyPolicies`, and `NotAvailableYet` while
        the program before, which knows of no policies in time, may still answer.
        """
        policy, attempts, taken = publishing.policy(), self.attempts(), 0
        if self.stored_form == FORM_1:
            raise NotAvailableYet(what=_WHAT)
        while True:
            rules = self.rules()
            known = next((one for one in rules.policies if publishing.is_of(one)), None)
            if known:
                return known, rules
            check_publishable(rules, publishing.effective_from, policy, now)
            # Of one that was withdrawn and does not read here only its number is known, from the conflict.
            number = max(known.number for known in rules.policies) + 1 + taken
            if number > POLICIES_MAX:
                raise TooManyPolicies(most=POLICIES_MAX)
            one = PolicyInTime(
                number=number,
                effective_from=publishing.effective_from,
                policy=policy,
                text=publishing.text,
                published_at=now,
                by=publishing.by,
                reason=publishing.reason,
            )
            try:
                self.store.add(one, self.audit("publish_policy", str(number), publishing.told(), now))
            except CommitFailed as failure:
                # Somebody else took the number, or it is there, or still comes, and the reply was lost: what is stored
                # tells, and the same number again keeps it from being there twice.
                taken += isinstance(failure, WriteConflict)
                attempts.again(failure)
                continue
            return one, Rules((*rules.policies, one))

    def withdraw(self, number: int, now: datetime, reason: str = "") -> tuple[PolicyInTime, Rules]:
        """Withdraws a policy that has not begun; twice is once. The `reason`, where one is given, is the trail's alone.

        Raises `PolicyNotFound`, `PolicyHasBegun`.
        """
        attempts = self.attempts()
        while True:
            one, rules = self.find(number)
            if one.withdrawn_at is not None:
                return one, rules
            if one.published_at is None:
                raise PolicyHasBegun(number=number, effective_from=one.effective_from)
            check_withdrawable(rules, one, now)
            try:
                self.store.withdraw(number, now, self.audit("withdraw_policy", str(number), why(reason), now))
            except CommitFailed as failure:
                attempts.again(failure)


def state_of(one: PolicyInTime, rules: Rules, now: datetime) -> PolicyState:
    """How it stands at a moment, for whoever is furthest ahead."""
    if one.withdrawn_at is not None:
        return PolicyState.WITHDRAWN
    latest = latest_label(rules, now)
    if one.effective_from > latest:
        return PolicyState.TO_COME
    return PolicyState.IN_FORCE if rules.standing.in_force(latest) == one else PolicyState.OVER
