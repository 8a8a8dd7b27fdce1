"""One environment: its steps played through the real service and store, each answer judged as it is given.

It must not know how steps are drawn, or how a difference is told.
"""

from __future__ import annotations

import contextlib
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Final, assert_never

from google.cloud import firestore

from streak_core.domain.errors import UserBusy
from streak_core.domain.refusals import UserErased
from streak_core.domain.rules import Rules
from streak_core.store.due import DueStore
from streak_core.store.sharding import shard_of
from streak_core.telemetry import LogEvent
from testing.logged import Logged
from testing.rules_in_time import Published
from testing.scenarios import difference
from testing.steps import CommandStep, JobStep, QueryStep, Step, kind_of
from tools.chaos.amnesties import AmnestyList
from tools.chaos.devices import Device, HttpDevice
from tools.chaos.erasing import FIRST_SIGN_IN, Erasing
from tools.chaos.faults import Fault, Plan, Site, no_faults
from tools.chaos.faulty_client import FaultInterceptor
from tools.chaos.judge import Judge, is_plain
from tools.chaos.lives import CHANGE_AMNESTIES, ERASE, HEAR_OF_AMNESTIES, Way
from tools.chaos.maintenance import MaintenanceJob
from tools.chaos.possible_states import PossibleState, Try, begun
from tools.chaos.proof import AFTER_ALL, Proof, Stored, unproved, written_as

_DEVICES: Final = 3
_LEFT_BEHIND: Final = "the job says that all is done, and somebody is still due"
_UNEXPLAINED: Final = "told 503, and nothing that was met says why"
# Faults can keep a due user's batch and the user alone from being written for a whole run; the next run does it.
_EXPLAINED: Final = frozenset({UserBusy.code})


class DifferenceError(Exception):
    """An answer or what is stored is not what the rules say."""


@dataclass
class Environment:
    """Users of one database, as the service has them and as the model has them.

    They use devices of their own, on which the plan's faults come, or one that they are given.
    """

    user_ids: Sequence[str]
    policies: Callable[[], Rules]
    plan: Plan
    project: str = field(default_factory=lambda: f"demo-chaos-{uuid.uuid4().hex[:10]}")
    given: HttpDevice | None = None
    # What the model knows of the policies in time beside the shipped one.
    published: Sequence[Published] = ()
    commands: int = 0
    queries: int = 0

    def __post_init__(self) -> None:
        """Nobody has done anything yet."""
        self.rules = self.policies()
        self.sign_ins = dict.fromkeys(self.user_ids, FIRST_SIGN_IN)
        self.erased: set[str] = set()
        self.devices = [
            Device(f"device {n}", self.project, self.known, self.plan, self.sign_ins) for n in range(_DEVICES)
        ]
        self.first = self.given or self.devices[0]
        self.job = MaintenanceJob(self.project, self.known, self.plan, shard_of(self.user_ids[0]))
        self.erasing = Erasing(self.project, self.plan)
        self.states = [begun(self.published, self.rules) for _ in self.user_ids]
        self.clean = firestore.Client(project=self.project)
        self.amnesties = AmnestyList(self.project, self.rules, self.plan, self.clean)
        # Whom a run could not judge for all the faults.
        self.unjudged: set[str] = set()
        self.stored = [Stored(self.clean, user_id) for user_id in self.user_ids]
        self._pool = ThreadPoolExecutor(_DEVICES + 1)

    def known(self) -> Rules:
        """The rules as every process has them by now."""
        return self.rules

    def play(self, step: Step) -> None:
        """Takes one step. Raises `DifferenceError`."""
        try:
            with Logged() as logged:
                self._play(step)
        except DifferenceError:
            raise
        except Exception as error:
            what = f"{type(error).__name__} came out: {error}"
            raise DifferenceError(what) from error
        failed = [*logged.of(LogEvent.SHARD_FAILED), *logged.of(LogEvent.USER_FAILED)]
        wrong = [line for line in failed if line.get("reason") not in _EXPLAINED]
        if wrong:
            what = f"logged: {wrong[0]}"
            raise DifferenceError(what)
        self.unjudged |= {line["user_id"] for line in failed if "user_id" in line}

    def prove(self, moments: Sequence[str]) -> None:
        """Compares all that can be asked, and all that is stored, with the model. Raises `DifferenceError`."""
        with Logged():
            if self.amnesties.changes:
                self._hear(AFTER_ALL)
            for what in chain(self.differences(moments), self._wrong_once_settled(moments)):
                raise DifferenceError(what)

    def _wrong_once_settled(self, moments: Sequence[str]) -> Iterator[str]:
        """What is stored otherwise once the job could do its work: what queries and listening clients see."""
        if self.amnesties.changes:
            now = max(datetime.fromisoformat(moments[0]), self.job.settled_as_of).isoformat()
            self._run_well(AFTER_ALL, Way.JUDGE, now)
            self._run_well(AFTER_ALL, Way.SHARD, now)
            for stored, state in self._found_by_runs():
                yield from stored.wrong_numbers(state, now)
        self._run_well(AFTER_ALL + 1, Way.SHARD, moments[-1])
        for stored, state in self._found_by_runs():
            yield from stored.wrong_fields(state, moments[-1])
        yield from unproved(self.clean, self.rules, datetime.fromisoformat(moments[-1]))

    def _run_well(self, number: int, way: Way, at: str) -> None:
        job = MaintenanceJob(self.project, self.known, no_faults, self.job.shard, wall=self.job.wall)
        job.play({"do": JobStep.MAINTENANCE, "way": way, "at": at, "number": number})

    def _found_by_runs(self) -> Iterator[tuple[Stored, PossibleState]]:
        """The users but those whom a run of an amnesty does not find, as their gap began before it, or who failed."""
        is_whole = any(one.numbers.get("freezes.spend") == "whole_gap" for one in self.published)
        for stored, state in zip(self.stored, self.states, strict=True):
            if not (is_whole or stored.user_doc.id in self.unjudged) or stored.amnesties() == self.rules.revision:
                yield stored, state

    def differences(self, moments: Sequence[str]) -> Iterator[str]:
        """Whatever is asked and stored otherwise than the model has it."""
        for stored, state in zip(self.stored, self.states, strict=True):
            for what in Proof(self.devices[0], stored, state, moments).differences():
                yield f"{stored.user_id!r}: {what}"
            if stored.amnesties() == self.rules.revision:
                # One of before a change tells of what was known then, until the document is written next.
                yield from stored.wrong_timeline(state, moments)
            if stored.user_id in self.erased and not stored.keeps_away(FIRST_SIGN_IN):
                yield f"{stored.user_id!r} was erased, and a sign-in of before is let in again"

    def met(self) -> list[tuple[Site, Fault]]:
        """All faults so far."""
        return [one for each in self._interceptors() for one in each.met]

    def sent(self) -> Counter[str]:
        """All RPCs so far."""
        return sum((each.sent for each in self._interceptors()), Counter())

    def counts(self) -> Counter[str]:
        """What was done so far."""
        counts = {"commands": self.commands, "queries": self.queries}
        counts |= {name: sum(getattr(device, name) for device in self.devices) for name in ("retries", "asked_again")}
        counts |= {"job_runs": self.job.runs, "job_killed": self.job.killed}
        counts |= {"amnesties_changed": self.amnesties.changes, "operators_killed": self.amnesties.killed}
        return Counter({**counts, "erased": self.erasing.erased, "erasing_killed": self.erasing.killed})

    def close(self) -> None:
        """Hangs up everywhere."""
        self._pool.shutdown()
        for device in self.devices:
            device.close()
        with contextlib.suppress(Exception):
            self.clean._firestore_api.transport.close()  # noqa: SLF001 - the client's own `close` leaves it open

    def _interceptors(self) -> list[FaultInterceptor]:
        of_devices = [device.interceptor for device in self.devices]
        return [*of_devices, *self.job.interceptors, *self.erasing.interceptors, *self.amnesties.interceptors]

    def _play(self, step: Step) -> None:
        if any(part.get("way") == Way.JUDGE for part in step.get("lanes", [step])):
            # Whoever judges has heard of it.
            self._hear(step["number"])
        own = {ERASE: self._erase, CHANGE_AMNESTIES: self._change, HEAR_OF_AMNESTIES: self._hear_of}
        if step["do"] in own:
            own[step["do"]](step)
            return
        if "lanes" in step:
            self._command(step["user"], step["lanes"])
            return
        match kind_of(step):
            case CommandStep():
                self._command(step["user"], [step])
            case QueryStep():
                self._ask(step)
            case JobStep():
                self._settle(step)
            case never:
                assert_never(never)

    def _change(self, step: Step) -> None:
        """Operators change the list of amnesties; the devices and the job have not heard of it yet."""
        if what := self.amnesties.change(step):
            raise DifferenceError(what)

    def _hear_of(self, step: Step) -> None:
        self._hear(step["number"])

    def _hear(self, number: int) -> None:
        """All processes have read the list of amnesties anew."""
        rules = self.amnesties.heard_of(number)
        if rules != self.rules:
            self.rules = rules
            for state in self.states:
                state.hear(rules)

    def _settle(self, step: Step) -> None:
        now, users_max = datetime.fromisoformat(step["at"]), len(self.user_ids)
        if self.job.play(step) and DueStore(self.clean).page(self.job.shard, now, None, users_max).users:
            raise DifferenceError(_LEFT_BEHIND)

    def _erase(self, step: Step) -> None:
        """Erases a user while devices go on; whatever those are answered, nothing of it is left."""
        user = step["user"]
        user_id = self.user_ids[user]
        waiting = self._begun(user_id, step["lanes"])
        # An operator who erases somebody who began nothing anew changes nothing; the user is then erased as well.
        is_by_user = step["by_user"] or not self.states[user].journal
        signed_in_at = self.erasing.play(user_id, self.sign_ins[user_id] if is_by_user else None, step)
        for one in waiting:
            one.result()
        self._check_gone(user_id, step)
        for what in self.stored[user].left():
            raise DifferenceError(what)
        self.sign_ins[user_id], self.states[user] = signed_in_at, begun(self.published, self.rules)
        self.erased.add(user_id)

    def _check_gone(self, user_id: str, step: Step) -> None:
        """A device that signed in before an erasing is told so."""
        late = {"do": CommandStep.CHECK_IN, "at": step["at"], "number": step["number"]}
        told = [one.response.refusal for one in self.first.command(user_id, late)]
        if set(told) - {None} != {UserErased.code}:
            what = f"{user_id!r} was erased, and a device of before is told {told}"
            raise DifferenceError(what)

    def _ask(self, step: Step) -> None:
        self.queries += 1
        answer = self.first.answer_to(self.user_ids[step["user"]], step)
        found = difference(self.states[step["user"]].ask(step), answer)
        if found:
            raise DifferenceError(found)

    def _command(self, user: int, lanes: Sequence[Step]) -> None:
        tries = self._tries(self.user_ids[user], lanes)
        self.commands += len(tries)
        ledger = [] if is_plain(tries) else self.stored[user].ledger()
        judge = Judge([written_as(entry) for entry in ledger])
        possible_states = judge.explain(self.states[user], tries)
        if not possible_states:
            raise DifferenceError(judge.complaint or "no order of the commands explains the answers and the ledger")
        # Several orders that explain the answers and the ledger have led to the same.
        self.states[user] = possible_states[0]

    def _tries(self, user_id: str, lanes: Sequence[Step]) -> list[list[Try]]:
        if len(lanes) == 1 and lanes[0]["do"] != JobStep.MAINTENANCE:
            tries = self.first.command(user_id, lanes[0])
            if self.first.unexplained:
                # Nobody else was there, so there was no contention either.
                raise DifferenceError(_UNEXPLAINED)
            return [tries]
        return [tries for one in self._begun(user_id, lanes) if (tries := one.result())]

    def _begun(self, user_id: str, lanes: Sequence[Step]) -> list[Future[list[Try]]]:
        """All that comes at once, begun before any of it is waited for; the job leads to no tries."""
        commands = [lane for lane in lanes if lane["do"] != JobStep.MAINTENANCE]
        jobs = [self._pool.submit(self._run_job, lane) for lane in lanes if lane["do"] == JobStep.MAINTENANCE]
        asked = [
            self._pool.submit(device.command, user_id, lane)
            for device, lane in zip(self.devices, commands, strict=False)
        ]
        return [*jobs, *asked]

    def _run_job(self, step: Step) -> list[Try]:
        self.job.play(step)
        return []
