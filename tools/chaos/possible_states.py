"""What may have happened to one user: the model, and everything that took effect, in an order that is possible.

It must not know Firestore, nor which of several orders it was.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, assert_never

from streak_core.domain.days import rfc3339
from streak_core.domain.entries import CHECK_IN_PREFIX, EntryKind, activity_entry_id, key_entry_id, undo_entry_id
from testing.drawing import WEEKDAYS
from testing.model import ModelUser, Refused
from testing.scenarios import as_json
from testing.steps import CommandStep, Step
from tools.chaos.lives import NAMED

Json = dict[str, Any]

# What makes a command the same under the same key.
_NOT_CONTENT: Final = frozenset({"at", "user", "number", "key"})


@dataclass(frozen=True)
class Response:
    """What a client was told: an answer, or the code of a refusal, or neither."""

    answer: Json | None = None
    refusal: str | None = None

    @property
    def is_unknown(self) -> bool:
        """Whether the client heard nothing that says what became of its command."""
        return self.answer is None and self.refusal is None


@dataclass(frozen=True)
class Try:
    """One request of a device, at its moment, and what it was told."""

    step: Step
    response: Response


@dataclass(frozen=True)
class Written:
    """An entry that the ledger has to hold: what its id begins with, and its moment."""

    entry: str
    at: datetime

    def fits(self, entry_id: str, at: datetime) -> bool:
        """Whether an entry of the ledger is this one."""
        same = entry_id.startswith(self.entry) if self.entry.endswith(".") else entry_id == self.entry
        return same and at == self.at


def entry_name(entry_id: str, sent: Mapping[str, Any]) -> str:
    """The id of an entry; of two settings at one moment, the ids say nothing and what they set tells them apart."""
    if not entry_id.endswith(".settings"):
        return entry_id
    content = {name: value for name, value in sent.items() if value is not None}
    return f"{entry_id} {json.dumps(content, sort_keys=True)}"


@dataclass
class PossibleState:
    """One user as the model has it, with everything that took effect, in order."""

    model: ModelUser = field(default_factory=ModelUser)
    journal: list[Written] = field(default_factory=list)
    # The commands that took effect, and what each was answered.
    lived: list[tuple[Step, Json]] = field(default_factory=list)
    # First answers by the ledger's id of their entry, and what was asked.
    firsts: dict[str, tuple[Json, Json]] = field(default_factory=dict)

    def fork(self) -> PossibleState:
        """Another state that is the same so far."""
        return PossibleState(copy.deepcopy(self.model), list(self.journal), list(self.lived), dict(self.firsts))

    def play(self, step: Step) -> tuple[Response, bool]:
        """What the rules say to a command, and whether it took effect."""
        key = key_entry_id(step["key"]) if "key" in step else None
        if key in self.firsts:
            content, answer = self.firsts[key]
            is_same = content == _content(step)
            return (Response(answer=answer) if is_same else Response(refusal="idempotency_key_reused")), False
        before = _fingerprint(self.model)
        was_created = self.model.last_accepted is not None
        try:
            given = None if _resets_again(self.model, step) else self.model.step(step)
        except Refused as refused:
            return Response(refusal=refused.code), False
        if _fingerprint(self.model) == before:
            return Response(answer=self._known(step) or self._unchanged(step)), False
        answer = self._answer(step, created=not was_created)
        if step["do"] == "record":
            answer["activity"] = given
        self._keep(step, key or _entry(step, self.model, len(self.journal) + 1), answer)
        return Response(answer=answer), True

    def ask(self, step: Step) -> Any:  # noqa: ANN401 - any JSON
        """The answer to a question."""
        return as_json(self.model.step(step))

    def _keep(self, step: Step, entry: str, answer: Json) -> None:
        self.journal.append(Written(entry, self.model.moment(datetime.fromisoformat(step["at"]))))
        self.lived.append((step, answer))
        self.firsts[_first_name(step, entry, self.model)] = (_content(step), answer)

    def _known(self, step: Step) -> Json | None:
        """The first answer, where the command is known by a name and was carried out before."""
        if step["do"] == "record":
            return self.firsts[activity_entry_id(step["activity_id"])][1]
        if step["do"] == "check_in":
            return self.firsts[_first_name(step, "", self.model)][1]
        return None

    def _unchanged(self, step: Step) -> Json:
        """What a command is answered that did nothing: of two that are alike, this tells the one that came second."""
        answer = self._answer(step)
        return answer if step["do"] in NAMED else {**answer, "events": []}

    def _answer(self, step: Step, *, created: bool = False) -> Json:
        streak = as_json(self.model.step({"at": step["at"], "do": "get_streak"}))
        updated = self.model.last_accepted
        return {"streak": {**streak, "streak_created": created, "updated_at": updated and rfc3339(updated)}}


def _content(step: Step) -> Json:
    return {name: value for name, value in step.items() if name not in _NOT_CONTENT}


def _fingerprint(model: ModelUser) -> tuple[object, ...]:
    return (
        *(len(kept) for kept in (model.activities, model.resets, model.planned, model.repaired)),
        *(len(kept) for kept in (model.rest_settings, model.auto_settings)),
        len(model.live()),
        sorted(model.planned),
        [(pause.first, pause.last) for pause in model.pauses],
        model.zone_line.zone,
    )


def _resets_again(model: ModelUser, step: Step) -> bool:
    """Whether it is a reset after which nothing was counted since the last one of today: it changes nothing."""
    if step["do"] != "reset":
        return False
    today = _today(step, model)
    last = max((reset.number for reset in model.resets if reset.day == today), default=None)
    return last is not None and not any(a.counted and a.day == today and a.number > last for a in model.live())


def _entry(step: Step, model: ModelUser, seq: int) -> str:
    """The id of the entry of a command that takes effect, or what it begins with."""
    name = name_of(step)
    if step["do"] == CommandStep.CHECK_IN:
        return f"{name}{_today(step, model)}."
    if not name.startswith("."):
        return name
    weekdays = sorted(step["weekdays"], key=WEEKDAYS.index) if "weekdays" in step else None
    sent = {"time_zone": step.get("time_zone"), "auto_freeze": step.get("on"), "rest_weekdays": weekdays}
    return entry_name(f"{seq:010d}{name}", sent)


def name_of(step: Step) -> str:
    """What the id of a command's entry has in it."""
    return key_entry_id(step["key"]) if "key" in step else _name_without_key(step)


def _name_without_key(step: Step) -> str:
    match CommandStep(step["do"]):
        case CommandStep.RECORD:
            return activity_entry_id(step["activity_id"])
        case CommandStep.CHECK_IN:
            return activity_entry_id(CHECK_IN_PREFIX)
        case CommandStep.UNDO:
            return undo_entry_id(step["activity_id"])
        case CommandStep.RESET | CommandStep.REPAIR | CommandStep.PAUSE | CommandStep.RESUME as named:
            return f".{EntryKind(named)}"
        case CommandStep.PLAN_FREEZE:
            return f".{EntryKind.FREEZE}"
        case CommandStep.UNPLAN_FREEZE:
            return f".{EntryKind.UNFREEZE}"
        case CommandStep.SET_TIME_ZONE | CommandStep.SET_REST_WEEKDAYS | CommandStep.SET_AUTO_FREEZE:
            return f".{EntryKind.SETTINGS}"
        case never:
            assert_never(never)


def _first_name(step: Step, entry: str, model: ModelUser) -> str:
    """Under which name a command's first answer is found again."""
    return f"check-in {_today(step, model)}" if step["do"] == CommandStep.CHECK_IN else entry


def _today(step: Step, model: ModelUser) -> date:
    return model.label(model.moment(datetime.fromisoformat(step["at"])))
