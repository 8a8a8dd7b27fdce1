"""Entries of the ledger, compared with what carrying them out says of them: number, label, and what was answered.

It must not know the order that they come in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from streak_core.domain.decision import Decision
from streak_core.proving.answered import differences_of_answer, mended_answer
from streak_core.proving.proof import Difference, differences
from streak_core.proving.repository import KeptEntry
from streak_core.proving.side_by_side import DIFFERING_MAX
from streak_core.store.documents import LEDGER, answer_field, moved_entry_fields


@dataclass
class EntriesInStep:
    """Holds what differs, up to a bound: the rest is found once this is mended."""

    mends: dict[str, dict[str, Any]] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)

    def take(self, kept: KeptEntry, decision: Decision) -> None:
        """The next entry, and what it led to."""
        if len(self.mends) >= DIFFERING_MAX:
            return
        stored, entry = kept.stored or kept.entry, decision.entry
        if entry is not None and entry != stored:
            self.differences += differences(f"{LEDGER}/{kept.document_id}", stored, entry)
            self.mends[kept.document_id] = moved_entry_fields(entry, kept.moved_from)
        # What was answered before an entry moved was right then, and an entry of form 1 by the rules of before.
        if kept.moved_from is not None or kept.is_form_1:
            return
        if wrong := list(differences_of_answer(kept.answer, decision, kept.document_id)):
            self.differences += wrong
            self.mends[kept.document_id] = answer_field(mended_answer(kept.answer, wrong))
