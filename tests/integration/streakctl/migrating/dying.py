"""A process that dies at one of its calls of the database, and does nothing more. Must not know what is expected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from streak_core.store.migrated import MigratedUsers
from streak_core.store.migrations import MigrationStore
from streak_core.store.runs import RunStore

if TYPE_CHECKING:
    from collections.abc import Callable


class DiedError(BaseException):
    """As if the process had been killed."""


@dataclass
class Life:
    """So many moments are left."""

    moments_left: int

    def around(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """The call, before and after which the process may die."""

        def called(*given: Any, **named: Any) -> Any:
            self._pass()
            answer = call(*given, **named)
            self._pass()
            return answer

        return called

    def _pass(self) -> None:
        if self.moments_left <= 0:
            raise DiedError
        self.moments_left -= 1


class DyingStore(MigrationStore):
    """Each read and each write is a moment."""

    def __init__(self, client: Any, life: Life) -> None:
        super().__init__(client)
        self.life = life
        for name in ("find", "put"):
            setattr(self, name, life.around(getattr(self, name)))


class DyingUsers(MigratedUsers):
    """As above."""

    def __init__(self, client: Any, number: int, policies: Any, *, is_down: bool, life: Life) -> None:
        super().__init__(client, number, policies, is_down=is_down)
        for name in ("page", "commit"):
            setattr(self, name, life.around(getattr(self, name)))


class DyingRuns(RunStore):
    """As above."""

    def __init__(self, client: Any, life: Life) -> None:
        super().__init__(client)
        for name in ("claim", "renew", "release"):
            setattr(self, name, life.around(getattr(self, name)))
