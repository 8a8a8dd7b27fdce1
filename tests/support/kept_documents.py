"""One user's documents in memory, as `streakctl` reads and judges them. Must not know what is expected of it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from streak_core.proving.audit import Audit, Auditor
from streak_core.proving.repository import (
    KeptEntry,
    KeptEvent,
    KeptMonth,
    UserDocument,
    kept_entry,
    kept_event,
    kept_month,
)
from tests.support.shipped_policy import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from streak_core.domain.rules import Rules

Json = dict[str, Any]


@dataclass(frozen=True)
class KeptDocuments:
    """What is stored of a user: `streak`, and by their ids `ledger`, `months` and `events`."""

    documents: Mapping[str, Any]

    def ledger(self, _: str) -> Iterator[KeptEntry]:
        """By `seq`."""
        found = sorted(self.documents["ledger"].items(), key=lambda one: one[1]["seq"])
        return (kept_entry(name, document) for name, document in found)

    def ledger_by_moment(self, _: str) -> Iterator[KeptEntry]:
        """By `at`."""
        found = sorted(self.documents["ledger"].items(), key=lambda one: (one[1]["at"], one[0]))
        return (kept_entry(name, document) for name, document in found)

    def months(self, _: str) -> Iterator[KeptMonth]:
        """By month."""
        return (kept_month(name, document) for name, document in sorted(self.documents["months"].items()))

    def events(self, _: str) -> Iterator[KeptEvent]:
        """By moment."""
        found = sorted(self.documents["events"].items(), key=lambda one: (one[1]["at"], one[0]))
        return (kept_event(name, document) for name, document in found)

    def audit(self, now: datetime, earlier: Sequence[Rules] = (), rules: Rules = RULES) -> Audit:
        """What streakctl says of it."""
        document = self.documents["streak"]
        user_doc = UserDocument(user_doc_id="ada", document=document, update_time=document["updated_at"])
        return Auditor(self, rules, user_doc, now, threading.Event(), earlier).audit()
