"""What may have happened to one user: the model, and everything that took effect, in an order that is possible.

It must not know Firestore, nor which of several orders it was.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from streak_core.domain.days import rfc3339
from streak_core.domain.entries import CHECK_IN_PREFIX, EntryKind, named_entry_id
from streak_core.domain.rules import Rules
from testing.amnesties import excused
from testing.drawing import WEEKDAYS
from testing.reference.answers import as_told
from testing.reference.policy import Refused
from testing.reference.user import Effect, ReferenceUser
from testing.rules_in_time import Published
from testing.steps import CommandStep, QueryStep, Step

Json = dict[str, Any]

# The kinds of the entries of commands that have no name, as the ledger's ids of them say.
_KINDS: Final = {
    CommandStep.UNDO: EntryKind.UNDO,
    CommandStep.REDO: EntryKind.REDO,
    CommandStep.RESET: EntryKind.RESET,
    CommandStep.TAKE_RESET_BACK: EntryKind.UNRESET,
    CommandStep.PLAN_FREEZE: EntryKind.FREEZE,
    CommandStep.UNPLAN_FREEZE: EntryKind.UNFREEZE,
    CommandStep.REPAIR: EntryKind.REPAIR,
    CommandStep.PAUSE: EntryKind.PAUSE,
    CommandStep.ADD_PAUSE: EntryKind.PAUSE,
    CommandStep.RESUME: EntryKind.RESUME,
    CommandStep.END_PAUSE: EntryKind.RESUME,
    CommandStep.SET_TIME_ZONE: EntryKind.SETTINGS,
    CommandStep.SET_REST_WEEKDAYS: EntryKind.SETTINGS,
    CommandStep.SET_AUTO_FREEZE: EntryKind.SETTINGS,
    CommandStep.CHOOSE_NOTICES: EntryKind.NOTICES,
    CommandStep.JOIN_CHALLENGE: EntryKind.JOIN,
    CommandStep.LEAVE_CHALLENGE: EntryKind.LEAVE,
    CommandStep.JOIN_LEADERBOARD: EntryKind.BOARD_JOIN,
    CommandStep.LEAVE_LEADERBOARD: EntryKind.BOARD_LEAVE,
    CommandStep.HIDE_FROM_LEADERBOARD: EntryKind.BOARD_HIDE,
    CommandStep.SHOW_ON_LEADERBOARD: EntryKind.BOARD_SHOW,
    CommandStep.GRANT_FREEZES: EntryKind.GRANT,
    CommandStep.EXCUSE_DAYS: EntryKind.EXCUSE,
    CommandStep.RESTORE: EntryKind.RESTORE,
    CommandStep.GRANT_XP: EntryKind.XP,
    CommandStep.BLOCK: EntryKind.BLOCK,
    CommandStep.UNBLOCK: EntryKind.UNBLOCK,
    CommandStep.OPEN: EntryKind.OPEN,
}

# In what was lived: so many changes of the list of amnesties were heard of.
HEARD: Final = "heard"
_NOTE: Final = f".{EntryKind.NOTE}"


@dataclass(frozen=True)
class Response:
    """What a client was told: an answer, or the code of a refusal, or neither, for some reason."""

    answer: Json | None = None
    refusal: str | None = None
    reason: str = ""

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
    """An entry that the ledger has to hold: its id, and its moment."""

    entry: str
    at: datetime

    def fits(self, entry_id: str, at: datetime) -> bool:
        """Whether an entry of the ledger is this one."""
        return entry_id == self.entry and at == self.at


def entry_name(entry_id: str, content: Mapping[str, Any]) -> str:
    """The id of an entry; of two of one kind at one moment, numbers say nothing and what they are about does."""
    if not entry_id[:1].isdigit():
        return entry_id
    told = {name: value for name, value in content.items() if value is not None}
    return f"{entry_id} {json.dumps(told, sort_keys=True)}"


@dataclass
class PossibleState:
    """One user as the model has it, with everything that took effect, in order."""

    model: ReferenceUser = field(default_factory=ReferenceUser)
    journal: list[Written] = field(default_factory=list)
    # The commands that took effect, and what each was answered; and what was heard of amnesties in between.
    lived: list[tuple[Step, Json]] = field(default_factory=list)
    # First answers by the name of their command.
    firsts: dict[str, Json] = field(default_factory=dict)

    @property
    def told(self) -> int:
        """How many of the commands that took effect were answered with what they had caused."""
        return sum("events" in answer for _, answer in self.lived)

    def hear(self, rules: Rules) -> None:
        """From now on everybody is excused from what these rules say."""
        self.model.excuse(excused(rules))
        self.lived.append(({"do": HEARD, "changes": rules.revision}, {}))

    def fork(self) -> PossibleState:
        """Another state that is the same so far."""
        # What the model holds is never changed: each command makes it anew.
        return PossibleState(copy.copy(self.model), list(self.journal), list(self.lived), dict(self.firsts))

    def play(self, step: Step) -> tuple[Response, bool]:
        """What the rules say to a command, and whether it took effect: the ledger holds an entry of it."""
        was_created = self.model.history.last_accepted is not None
        try:
            given = self.model.step(step)
        except Refused as refused:
            return Response(refusal=refused.code), False
        effect = self.model.effect
        answer: Json
        if effect is Effect.REPEATED:
            answer = self.firsts[self.model.name]
            return Response(answer={**answer, **self._streak(step)} if _is_check_in(step) else answer), False
        answer = self._streak(step, created=not was_created and effect is not Effect.NOTHING)
        if "activity" in given or step["do"] == CommandStep.RECORD:
            answer["activity"] = given.get("activity", given)
        if effect is not Effect.CHANGED:
            # Of two that are alike, this tells the one that came second.
            answer["events"] = []
        if effect is Effect.NOTHING:
            return Response(answer=answer), False
        self._keep(step, answer)
        return Response(answer=answer), True

    def ask(self, step: Step) -> Any:  # noqa: ANN401 - any JSON
        """The answer to a question."""
        return as_told(self.model.step(step))

    def _keep(self, step: Step, answer: Json) -> None:
        self.journal.append(Written(self._entry(step), self.model.now))
        self.lived.append((step, answer))
        if self.model.name:
            self.firsts.setdefault(self.model.name, answer)

    def _entry(self, step: Step) -> str:
        """The id of the entry of the command that has just taken effect."""
        named, number = named_entry_id(self.model.name), f"{self.model.history.numbers:010d}"
        if any(written.entry == named for written in self.journal):
            # A check-in without a key that was there already, and said a zone all the same.
            return entry_name(f"{number}{_NOTE}", {})
        if self.model.name and not _is_open(step):
            return named
        gifts = self.model.history.gifts
        given = {"amount": gifts[-1].amount} if gifts and gifts[-1].number == self.model.history.numbers else {}
        return entry_name(f"{number}{name_of(step)}", {**_content(step, self.model.now), **given})

    def _streak(self, step: Step, *, created: bool = False) -> Json:
        streak = self.ask({"at": step["at"], "do": QueryStep.STREAK})
        # What could be done next is told to those who ask for it.
        del streak["offers"]
        updated = self.model.history.last_accepted
        return {"streak": {**streak, "streak_created": created, "updated_at": updated and rfc3339(updated)}}


def begun(published: Iterable[Published], rules: Rules) -> PossibleState:
    """Nothing has happened yet, under policies in time and the amnesties that are known."""
    state = PossibleState()
    for one in published:
        state.model.publish(one.effective_from, one.at, one.numbers, one.withdrawn_at)
    state.hear(rules)
    return state


def _content(step: Step, moment: datetime) -> Json:
    """What a command is about, as its entry says it."""
    if _is_open(step):
        return {}
    weekdays = sorted(step["weekdays"], key=WEEKDAYS.index) if "weekdays" in step else None
    since = min(datetime.fromisoformat(step.get("since", moment.isoformat())), moment) if "time_zone" in step else None
    same = {name: step.get(name) for name in ("activity_id", "date", "time_zone", "day")}
    days = {} if step["do"] == CommandStep.END_PAUSE else {name: step.get(name) for name in ("from", "until")}
    if step["do"] == CommandStep.BLOCK and "until" in step:
        days["until"] = rfc3339(datetime.fromisoformat(step["until"]))
    settings = {"since": since and rfc3339(since), "auto_freeze": step.get("on"), "rest_weekdays": weekdays}
    return {**same, **days, **settings}


def _is_check_in(step: Step) -> bool:
    return bool(step["do"] == CommandStep.CHECK_IN)


def _is_open(step: Step) -> bool:
    """Whether it brings the user along, which is done once, whatever the key."""
    return bool(step["do"] == CommandStep.OPEN)


def names_of(step: Step) -> tuple[str, ...]:
    """What the id of a command's entry may have in it."""
    return (name_of(step), _NOTE) if _is_check_in(step) and "key" not in step else (name_of(step),)


def name_of(step: Step) -> str:
    """What the id of a command's entry has in it, where it is not that of a note."""
    if step["do"] == CommandStep.RECORD:
        return named_entry_id(step["activity_id"])
    if "key" in step and not _is_open(step):
        return named_entry_id(step["key"])
    if _is_check_in(step):
        return named_entry_id(CHECK_IN_PREFIX)
    if "length" in step:
        return f".{EntryKind.LENGTHEN}"
    return f".{_KINDS[CommandStep(step['do'])]}"
