"""What may have happened to one user: the model, and everything that took effect, in an order that is possible.

It must not know Firestore, nor which of several orders it was.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from emulator.client import rfc3339
from streak_core.domain.entries import CHECK_IN_PREFIX, activity_entry_id, key_entry_id, undo_entry_id
from testing.model import ModelUser, Refused
from testing.model_time import WEEKDAYS
from tools.chaos.lives import NAMED

Step = dict[str, Any]
Json = dict[str, Any]

# What makes a command the same under the same key.
_NOT_CONTENT: Final = frozenset({"at", "user", "number", "key"})
# What the ledger calls the commands that have no name of their own.
_KINDS: Final = {
    "reset": "reset",
    "plan_freeze": "freeze",
    "unplan_freeze": "unfreeze",
    "repair": "repair",
    "pause": "pause",
    "resume": "resume",
    "set_time_zone": "settings",
    "set_rest_weekdays": "settings",
    "set_auto_freeze": "settings",
}


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
        return plain(self.model.step(step))

    def _keep(self, step: Step, entry: str, answer: Json) -> None:
        self.journal.append(Written(entry, self._now(step)))
        self.lived.append((step, answer))
        self.firsts[_first_name(step, entry, self.model)] = (_content(step), answer)

    def _now(self, step: Step) -> datetime:
        """The moment that a command has, whatever the clock says."""
        return self.model.moment(datetime.fromisoformat(step["at"]))

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
        streak = plain(self.model.step({"at": step["at"], "do": "get_streak"}))
        updated = self.model.last_accepted
        return {"streak": {**streak, "streak_created": created, "updated_at": updated and rfc3339(updated)}}


def plain(answer: Any) -> Any:  # noqa: ANN401 - any JSON
    """An answer of the model with its instants as they are sent."""
    if isinstance(answer, dict) and isinstance(answer.get("expires_at"), datetime):
        return {**answer, "expires_at": rfc3339(answer["expires_at"])}
    return answer


def _content(step: Step) -> Json:
    return {name: value for name, value in step.items() if name not in _NOT_CONTENT}


def _fingerprint(model: ModelUser) -> tuple[object, ...]:
    return (
        *(len(kept) for kept in (model.activities, model.resets, model.planned, model.repaired)),
        *(len(kept) for kept in (model.rest_settings, model.auto_settings)),
        len(model.live()),
        sorted(model.planned),
        [(pause.first, pause.last) for pause in model.pauses],
        model.timeline.zone,
    )


def _resets_again(model: ModelUser, step: Step) -> bool:
    """Whether it is a reset after which nothing was counted since the last one of today: it changes nothing."""
    if step["do"] != "reset":
        return False
    today = model.label(model.moment(datetime.fromisoformat(step["at"])))
    last = max((reset.number for reset in model.resets if reset.day == today), default=None)
    return last is not None and not any(a.counted and a.day == today and a.number > last for a in model.live())


def _entry(step: Step, model: ModelUser, seq: int) -> str:
    match step["do"]:
        case "record" | "undo":
            return name_of(step)
        case "check_in":
            return f"{name_of(step)}{model.label(model.moment(datetime.fromisoformat(step['at'])))}."
        case _:
            weekdays = sorted(step["weekdays"], key=WEEKDAYS.index) if "weekdays" in step else None
            sent = {"time_zone": step.get("time_zone"), "auto_freeze": step.get("on"), "rest_weekdays": weekdays}
            return entry_name(f"{seq:010d}{name_of(step)}", sent)


def name_of(step: Step) -> str:
    """What the id of a command's entry has in it."""
    if "key" in step:
        return key_entry_id(step["key"])
    match step["do"]:
        case "record":
            return activity_entry_id(step["activity_id"])
        case "undo":
            return undo_entry_id(step["activity_id"])
        case "check_in":
            return activity_entry_id(CHECK_IN_PREFIX)
        case do:
            return f".{_KINDS[do]}"


def _first_name(step: Step, entry: str, model: ModelUser) -> str:
    """Under which name a command's first answer is found again."""
    if step["do"] == "check_in":
        today = model.label(model.moment(datetime.fromisoformat(step["at"])))
        return f"check-in {today}"
    return entry


def at(step: Step, moment: datetime) -> Step:
    """The same command, asked at another moment."""
    return {**step, "at": moment.isoformat()}
