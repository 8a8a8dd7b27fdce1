"""One environment: its steps played through the real service and store, each answer judged as it is given.

It must not know how steps are drawn, or how a difference is told.
"""

from __future__ import annotations

import contextlib
import logging
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Self

from google.cloud import firestore

from streak_core.domain.errors import UserBusy
from streak_core.domain.policy import Policy
from streak_core.store.due import DueStore, DueUser
from streak_core.store.sharding import shard_of
from streak_core.telemetry import LogEvent
from streak_core.telemetry.log import LOGGER
from testing.scenarios import difference
from tools.chaos.devices import Device
from tools.chaos.faults import Fault, NoFaults, Plan, Site
from tools.chaos.http_device import HttpDevice
from tools.chaos.judge import Judge, is_plain
from tools.chaos.maintenance import MaintenanceJob
from tools.chaos.possible_states import PossibleState, Try
from tools.chaos.proof import AFTER_ALL, prove, stored_ledger, written_as, wrong_fields

Step = dict[str, Any]

_QUESTIONS: Final = frozenset({"get_streak", "get_calendar", "get_consistency"})
_DEVICES: Final = 3
_LEFT_BEHIND: Final = "the job says that all is done, and somebody is still due"
_UNEXPLAINED: Final = "told 503, and nothing that was met says why"


# Faults can keep a due user's batch and the user alone from being written for a whole run; the next run does it.
_EXPLAINED: Final = frozenset({UserBusy.code})


class Listening(logging.Handler):
    """While entered, keeps errors that no injected fault explains in `wrong`, and everything else quiet."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.wrong: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Looks for a shard that failed, or a user that could not be read."""
        logged: dict[str, Any] = getattr(record, "json_fields", {})
        is_explained = logged.get("event") == LogEvent.USER_FAILED and logged.get("reason") in _EXPLAINED
        if logged.get("event") in {LogEvent.SHARD_FAILED, LogEvent.USER_FAILED} and not is_explained:
            self.wrong.append(f"logged: {record.getMessage()}: {logged}")

    def __enter__(self) -> Self:
        LOGGER.addHandler(self)
        LOGGER.propagate = False
        return self

    def __exit__(self, *_: object) -> None:
        LOGGER.removeHandler(self)
        LOGGER.propagate = True


class DifferenceError(Exception):
    """An answer or what is stored is not what the rules say."""

    def __init__(self, what: str, step: Step | None = None, user_id: str | None = None) -> None:
        super().__init__(what)
        self.what = what if user_id is None else f"{user_id!r}: {what}"
        self.step = step


@dataclass
class Environment:
    """Users of one database, as the service has them and as the model has them.

    They use devices of their own, on which the plan's faults come, or one that they are given.
    """

    user_ids: Sequence[str]
    policy: Policy
    plan: Plan
    project: str = field(default_factory=lambda: f"demo-chaos-{uuid.uuid4().hex[:10]}")
    given: HttpDevice | None = None
    commands: int = 0
    queries: int = 0

    def __post_init__(self) -> None:
        """Nobody has done anything yet."""
        self.devices = [Device(f"device {n}", self.project, self.policy, self.plan) for n in range(_DEVICES)]
        self.first = self.given or self.devices[0]
        self.job = MaintenanceJob(self.project, self.policy, self.plan, shard_of(self.user_ids[0]))
        self.states = [PossibleState() for _ in self.user_ids]
        self.clean = firestore.Client(project=self.project)
        self._pool = ThreadPoolExecutor(_DEVICES + 1)

    def play(self, step: Step) -> None:
        """Takes one step. Raises `DifferenceError`."""
        try:
            with Listening() as heard:
                self._play(step)
        except DifferenceError as found:
            raise DifferenceError(found.what, step) from None
        except Exception as error:
            what = f"{type(error).__name__} came out: {error}"
            raise DifferenceError(what, step) from error
        if heard.wrong:
            raise DifferenceError(heard.wrong[0], step)

    def prove(self, moments: Sequence[str]) -> None:
        """Compares all that can be asked, and all that is stored, with the model. Raises `DifferenceError`."""
        with Listening():
            self._prove(moments)

    def differences(self, moments: Sequence[str]) -> Iterator[DifferenceError]:
        """Whatever is asked and stored otherwise than the model has it."""
        for user_id, state in zip(self.user_ids, self.states, strict=True):
            for what in prove(self.devices[0], self.clean, user_id, state, moments):
                yield DifferenceError(what, user_id=user_id)

    def _prove(self, moments: Sequence[str]) -> None:
        for found in self.differences(moments):
            raise found
        # What queries and listening clients see is right once the job could do its work.
        job = MaintenanceJob(self.project, self.policy, NoFaults(), self.job.shard)
        job.play({"do": "maintenance", "way": "shard", "at": moments[-1], "number": AFTER_ALL})
        for user_id, state in zip(self.user_ids, self.states, strict=True):
            for what in wrong_fields(self.clean, user_id, state, moments[-1]):
                raise DifferenceError(what, user_id=user_id)

    def met(self) -> list[tuple[Site, Fault]]:
        """All faults so far."""
        everywhere = [*(device.interceptor for device in self.devices), *self.job.interceptors]
        return [one for each in everywhere for one in each.met]

    def sent(self) -> Counter[str]:
        """All RPCs so far."""
        everywhere = [*(device.interceptor for device in self.devices), *self.job.interceptors]
        return sum((each.sent for each in everywhere), Counter())

    def close(self) -> None:
        """Hangs up everywhere."""
        self._pool.shutdown()
        for device in self.devices:
            device.close()
        with contextlib.suppress(Exception):
            self.clean._firestore_api.transport.close()  # noqa: SLF001 - the client's own `close` leaves it open

    def _play(self, step: Step) -> None:
        if step["do"] == "maintenance":
            if self.job.play(step) and self._due(step):
                raise DifferenceError(_LEFT_BEHIND)
        elif step["do"] in _QUESTIONS:
            self._ask(step)
        else:
            self._command(step, step.get("lanes", [step]))

    def _due(self, step: Step) -> Sequence[DueUser]:
        """Who is still due as of the job's moment."""
        now = datetime.fromisoformat(step["at"])
        return DueStore(self.clean).page(self.job.shard, now, None, len(self.user_ids)).users

    def _ask(self, step: Step) -> None:
        self.queries += 1
        user_id = self.user_ids[step["user"]]
        answer = self.first.answer_to(user_id, step)
        found = difference(self.states[step["user"]].ask(step), answer)
        if found:
            raise DifferenceError(found)

    def _command(self, step: Step, lanes: Sequence[Step]) -> None:
        user = step["user"]
        at_once = [lane for lane in lanes if lane["do"] != "maintenance"]
        self.commands += len(at_once)
        tries = self._tries(user, lanes)
        judge = Judge([] if is_plain(tries) else self._ledger(user))
        possible_states = judge.explain(self.states[user], tries)
        if not possible_states:
            raise DifferenceError(judge.complaint or "no order of the commands explains the answers and the ledger")
        # Several orders that explain the answers and the ledger have led to the same.
        self.states[user] = possible_states[0]

    def _tries(self, user: int, lanes: Sequence[Step]) -> list[list[Try]]:
        user_id = self.user_ids[user]
        if len(lanes) == 1 and lanes[0]["do"] != "maintenance":
            tries = self.first.command(user_id, lanes[0])
            if self.first.unexplained:
                # Nobody else was there, so there was no contention either.
                raise DifferenceError(_UNEXPLAINED)
            return [tries]
        devices = iter(self.devices)
        # All are begun before any is waited for.
        jobs = [self._pool.submit(self.job.play, lane) for lane in lanes if lane["do"] == "maintenance"]
        asked = [
            self._pool.submit(next(devices).command, user_id, lane) for lane in lanes if lane["do"] != "maintenance"
        ]
        for job in jobs:
            job.result()
        return [one.result() for one in asked]

    def _ledger(self, user: int) -> list[tuple[str, datetime]]:
        return [written_as(entry) for entry in stored_ledger(self.clean, self.user_ids[user])]
