"""Erasing a user as a bad night brings it: killed anywhere and called again, while the user's devices go on.

It must not know what any device is answered.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from streak_core.domain.errors import Unavailable
from streak_core.domain.refusals import Blocked
from streak_core.records.acts import Party, PartyKind
from streak_core.rights import Erasure, UserRights
from streak_core.store.sessions import signed_in
from streak_core.store.whole_user import WholeUserStore
from testing.steps import Step
from tools.chaos.devices import TRIES_MAX, quick_attempts
from tools.chaos.faults import Plan
from tools.chaos.faulty_client import FaultInterceptor, ProcessKilledError, process

# When users signed in who were never erased.
FIRST_SIGN_IN: Final = datetime(2026, 1, 1, tzinfo=UTC)
_A_WHILE: Final = timedelta(hours=1)
_OPERATOR: Final = Party(kind=PartyKind.ADMIN, id="operator")


@dataclass
class Erasing:
    """Erases users of one environment; `wall` is the real time that sign-ins are told apart by."""

    project: str
    plan: Plan
    interceptors: list[FaultInterceptor] = field(default_factory=list)
    erased: int = 0
    killed: int = 0
    wall: datetime = FIRST_SIGN_IN

    def play(self, user_id: str, sign_in: datetime | None, step: Step) -> datetime:
        """Erases the user, who asks for it with a sign-in, or an operator does; a sign-in since then.

        Who is blocked can't be rid of it like that: an operator erases for them. Raises whatever erasing raises and
        should not.
        """
        self.wall += _A_WHILE
        try:
            with signed_in(user_id, sign_in) if sign_in else nullcontext():
                self._erase(user_id, step, None if sign_in else _OPERATOR)
        except Blocked:
            if sign_in is None:
                raise
            self._erase(user_id, step, _OPERATOR)
        self.erased += 1
        return self.wall + timedelta(seconds=1)

    def _erase(self, user_id: str, step: Step, by: Party | None) -> None:
        number = step["number"]
        try:
            self._call(user_id, by, number, "dying erasing", step["rpcs_until_killed"])
        except ProcessKilledError:
            self.killed += 1
        except Unavailable:
            pass
        for again in range(TRIES_MAX):
            try:
                if self._call(user_id, by, number, f"erasing {again}").is_finished:
                    return
            except Unavailable:
                continue
        message = "the erasing never ends"
        raise RuntimeError(message)

    def _call(
        self, user_id: str, by: Party | None, number: int, device: str, rpcs_until_killed: int | None = None
    ) -> Erasure:
        interceptor = FaultInterceptor(self.plan)
        self.interceptors.append(interceptor)
        with process(self.project, interceptor, number, device, rpcs_until_killed) as client:
            rights = UserRights(WholeUserStore(client), attempts=quick_attempts, wall=lambda: self.wall, by=by)
            return rights.erase(user_id)
