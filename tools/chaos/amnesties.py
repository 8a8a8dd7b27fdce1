"""Amnesties as operators change them in a bad night, two at once, killed, unanswered; and how processes hear of them.

It must not know what an amnesty does to anybody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeVar

from google.cloud import firestore

from streak_core.amnesties import Amnesties, Declaring
from streak_core.domain.errors import Unavailable
from streak_core.domain.rules import Amnesty, Rules
from streak_core.store.amnesties import AmnestyStore
from streak_core.store.concerned import ConcernedStore, PutOffStore
from streak_core.store.documents import SCHEMA_VERSION
from streak_core.store.rules_in_time import RulesInTime
from streak_core.store.runs import RunStore
from testing.amnesties import since_last_change, standing_ids
from testing.steps import Step
from tools.chaos.devices import TRIES_MAX, NeverAnsweredError, quick_attempts
from tools.chaos.faults import Plan
from tools.chaos.faulty_client import FaultInterceptor, ProcessKilledError, process

R = TypeVar("R")
Content = tuple[datetime, datetime]

_OPERATOR: Final = "operator"
_REASON: Final = "outage"


def service_over(client: firestore.Client, wall: Callable[[], datetime]) -> Amnesties:
    """What operators and the job do with amnesties."""
    return Amnesties(
        AmnestyStore(client),
        RunStore(client),
        lambda one: ConcernedStore(client, one),
        lambda one: PutOffStore(client, one),
        SCHEMA_VERSION,
        attempts=quick_attempts,
        wall=wall,
    )


@dataclass
class AmnestyList:
    """The list of one environment's database; `clean` reads it without faults."""

    project: str
    first: Rules
    plan: Plan
    clean: firestore.Client
    interceptors: list[FaultInterceptor] = field(default_factory=list)
    changes: int = 0
    killed: int = 0

    def __post_init__(self) -> None:
        """No process has read it yet."""
        self._held = RulesInTime(self.first.policies[0], self._read, lambda: self.first.policies[1:])
        self._reader = 0, ""

    def change(self, step: Step) -> str | None:
        """Carries out what a step changes, all of it at once; what is wrong with the list afterwards."""
        before = self.stored()
        at = since_last_change(before, datetime.fromisoformat(step["at"]))
        changes = [self._meant(one, before) for one in step["changes"]]
        with ThreadPoolExecutor(len(changes)) as pool:
            lanes = [pool.submit(self._until_answered, step, lane, one, at) for lane, one in enumerate(changes)]
        answered = [one for lane in lanes if (one := lane.result())]
        self.changes += len(answered)
        after = self.stored()
        if unlisted := [one for one in answered if one not in after.amnesties]:
            return f"answered with {unlisted[0]}, which the list does not have"
        expected, got = _expected(before, changes), Counter(map(_content, _standing(after)))
        return None if got == expected else f"the amnesties that stand: expected {expected}, got {got}"

    def stored(self) -> Rules:
        """The rules with the whole list as it is stored."""
        return Rules(self.first.policies, AmnestyStore(self.clean).declared())

    def heard_of(self, number: int) -> Rules:
        """The rules as a process has them that has read the list anew, in the step of that number."""
        revision = self.stored().revision
        for again in range(TRIES_MAX):
            self._reader = number, f"process {again}"
            self._held.forget()
            with suppress(Unavailable):
                if (known := self._held()).revision == revision:
                    return known
        raise NeverAnsweredError

    def _read(self) -> tuple[Amnesty, ...]:
        return self._call(*self._reader, lambda client: AmnestyStore(client).declared())

    def _meant(self, change: Step, before: Rules) -> Declaring | str | None:
        """What is declared, or the id of what is withdrawn; None where there is nothing to withdraw."""
        if "withdraws" in change:
            standing = standing_ids(before)
            return standing[change["withdraws"] % len(standing)] if standing else None
        begins, ends = (datetime.fromisoformat(change[name]) for name in ("from", "until"))
        return Declaring(from_instant=begins, until=ends, by=_OPERATOR, reason=_REASON)

    def _until_answered(self, step: Step, lane: int, change: Declaring | str | None, at: datetime) -> Amnesty | None:
        """As an operator does whose call fails: the same again; what it is answered at last."""
        if change is None:
            return None
        for again in range(TRIES_MAX):
            rpcs_until_killed = None if again else step["rpcs_until_killed"]
            try:
                return self._call(
                    step["number"],
                    f"operator {lane} {again}",
                    lambda client: _carried_out(service_over(client, lambda: at), change, at),
                    rpcs_until_killed,
                )
            except ProcessKilledError:
                self.killed += 1
            except Unavailable:
                continue
        raise NeverAnsweredError

    def _call(
        self, number: int, device: str, call: Callable[[firestore.Client], R], rpcs_until_killed: int | None = None
    ) -> R:
        interceptor = FaultInterceptor(self.plan)
        self.interceptors.append(interceptor)
        with process(self.project, interceptor, number, device, rpcs_until_killed) as client:
            return call(client)


def _carried_out(amnesties: Amnesties, change: Declaring | str, now: datetime) -> Amnesty:
    if isinstance(change, str):
        return amnesties.withdraw(change, _OPERATOR, now)
    return amnesties.declare(change, now)


def _standing(rules: Rules) -> Sequence[Amnesty]:
    return [one for one in rules.amnesties if one.withdrawn_at is None]


def _content(one: Any) -> Content:  # noqa: ANN401 - what is declared, before and after
    return one.from_instant, one.until


def _expected(before: Rules, changes: Sequence[Declaring | str | None]) -> Counter[Content]:
    """What stands afterwards: whatever is declared, however often, stands once."""
    left = {_content(one) for one in _standing(before) if one.amnesty_id not in changes}
    return Counter({*left, *(_content(one) for one in changes if isinstance(one, Declaring))})
