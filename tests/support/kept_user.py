"""A user whose documents are kept in memory as they are stored, in either form; each command reads and writes them.

Must not know what is expected of it. What `UserStore` does with Firestore, this does with dicts.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from streak_core.domain.calendar import sealed_rows
from streak_core.domain.commands import ActivityRecorded
from streak_core.domain.decision import Decision, decide
from streak_core.domain.entries import Found, named_entry_id, undo_entry_id
from streak_core.domain.model import Numbered
from streak_core.domain.replay import replay
from streak_core.domain.settlement import settle
from streak_core.domain.state import UserState, user_state
from streak_core.old_form import as_form_1, without_its_key
from streak_core.responses import command_response, pauses_response, streak_response
from streak_core.store import documents
from streak_core.store.documents import FORM_1, SCHEMA_VERSION
from streak_core.store.first_form import DecidedDays, completed
from streak_core.store.users import SEALED_DAYS_MAX
from testing.scenario_commands import actor_of, command_of
from tests.support.shipped_policy import RULES

if TYPE_CHECKING:
    from datetime import date

    from streak_core.domain.commands import Command
    from streak_core.domain.model import Streak
    from streak_core.domain.rules import Rules

Json = dict[str, Any]


def nothing() -> Json:
    """What is stored of nobody."""
    return {"streak": None, "ledger": {}, "months": {}, "events": {}}


@dataclass
class KeptUser:
    """`form` is written of a user of whom nothing newer is stored."""

    form: int = SCHEMA_VERSION
    documents: Json = field(default_factory=nothing)
    rules: Rules = RULES

    def read(self) -> tuple[Streak | None, date | None]:
        stored = self.documents["streak"]
        if stored is None:
            return None, None
        streak, settled_through = documents.read_streak(stored)
        if documents.form_of(stored) != FORM_1:
            return streak, settled_through
        decided = DecidedDays(self.rules)
        months = sorted(self.documents["months"].items())
        decided.add(sorted((row for _, one in months for row in documents.read_month(one)), key=lambda row: row.day))
        return completed(streak, self.rules, decided), settled_through

    def found(self) -> dict[str, Found]:
        ledger = self.documents["ledger"]
        found = {}
        for entry_id, stored in ledger.items():
            entry, (_, undone) = documents.read_entry(stored), documents.read_marks(stored)
            elsewhere = undo_entry_id(entry_id.removeprefix(named_entry_id(""))) in ledger
            found[entry_id] = Found(entry=entry, undone=elsewhere if undone is None else undone)
        return found

    def state(self, now: datetime, found: dict[str, Found] | None = None) -> UserState:
        streak, settled_through = self.read()
        recorded = (
            Numbered(activity=one.entry.content.activity, seq=one.entry.seq)
            for one in (found or self.found()).values()
            if isinstance(one.entry.content, ActivityRecorded) and not one.undone
        )
        state = user_state(streak, settled_through, self.rules, now, recorded=tuple(recorded))
        rows = (row for one in self.documents["months"].values() for row in documents.read_month(one))
        return replace(state, decided=tuple(rows))

    def step(self, step: Json) -> Json | None:
        """What a command is answered as far as it is new, None where nothing is written."""
        now = datetime.fromisoformat(step["at"])
        if step["do"] == "maintenance":
            self._settle(now)
            return None
        if step["do"] == "end_pause" and "pause_id" not in step:
            pauses = pauses_response(self.state(now).streak, self.state(now).view.today)["pauses"]
            step = {**step, "pause_id": next((one["pause_id"] for one in pauses if one["from"] == step["from"]), "")}
        command, key, found = command_of(step), step.get("key"), self.found()
        state = self.state(now, found)
        stored = self.documents["streak"]
        form = max(self.form, documents.form_of(stored) if stored else self.form)
        command = without_its_key(command) if form == FORM_1 else command
        decision = decide(state, command, found, key=key, actor=actor_of(step))
        if form == FORM_1:
            decision = as_form_1(decision, state, key)
        if decision.entry is None or decision.entry.entry_id in self.documents["ledger"]:
            return None
        answer = dict(command_response("ada", command, decision))
        self._write(decision, command, answer, form)
        return answer

    def answer(self, now: datetime) -> Json:
        streak, _ = self.read()
        assert streak
        return dict(streak_response("ada", replay(streak, self.rules, now), streak))

    def _write(self, decision: Decision, command: Command, answer: Json, form: int) -> None:
        assert decision.entry
        entry, kept = decision.entry, self.documents
        kept["streak"] = documents.streak_document(
            "ada", decision.streak, decision.view, decision.settled_through, form
        )
        kept["ledger"][entry.entry_id] = documents.entry_document(
            entry, "f00d", command.name, command.request(), answer, form
        )
        if (marks := entry.content.marks) and form != FORM_1:
            kept["ledger"][marks[0]] = {**kept["ledger"][marks[0]], "undone": marks[1]}
        rows = sealed_rows(decision.sealed[-SEALED_DAYS_MAX:], self.rules)
        for name, month in documents.month_documents(rows).items():
            kept["months"].setdefault(name, {"days": {}})["days"] |= month["days"]
        for event_id in decision.retracted:
            kept["events"].pop(event_id, None)
        for event in (*decision.settled, *decision.events):
            kept["events"][event.event_id] = documents.event_document(event)

    def _settle(self, now: datetime) -> None:
        streak, settled_through = self.read()
        if streak is None:
            return
        settlement, kept = settle(streak, settled_through, self.rules, now), self.documents
        through = max(settlement.settled_through, settled_through or settlement.settled_through)
        kept["streak"] |= documents.derived_fields(settlement.view, through, documents.form_of(kept["streak"]))
        for event in settlement.events:
            kept["events"][event.event_id] = documents.event_document(event)
