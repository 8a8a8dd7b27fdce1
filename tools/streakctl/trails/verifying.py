"""Proves the audit trails of some subjects or of all, and says what is wrong with each.

It must not know terminals or options.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from streak_core.records.acts import EVERYBODY, Party, PartyKind, user
from streak_core.records.chain import BrokenEntryError, Head, head_of
from streak_core.records.heads import logged_heads
from streak_core.records.proof import findings
from streak_core.records.trails import Trails
from streak_core.store.documents import user_id_of
from tools.streakctl.database import WrongUseError

# The heads by their numbers, as logged, of each subject.
Logged = Mapping[Party, Mapping[int, Head]]


@dataclass
class Proved:
    """What was looked at, and what is wrong."""

    trails: int = 0
    wrong: dict[Party, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class TrailProver:
    """Reads each trail whole; `tell` hears of each one that was looked at."""

    trails: Trails
    now: datetime
    logged: Logged = field(default_factory=dict)
    tell: Callable[[], object] = lambda: None

    def prove(self, user_ids: Iterable[str] = ()) -> Proved:
        """Those users, or everybody, and what concerns everybody. Raises `DatabaseUnavailable`."""
        proved = Proved()
        for subject in self._subjects([user(one) for one in user_ids]):
            stored = self.trails.stored(subject, self.logged.get(subject, {}))
            proved.trails += 1
            if wrong := list(findings(stored, self.now)):
                proved.wrong[subject] = wrong
            self.tell()
        return proved

    def _subjects(self, named: list[Party]) -> Iterator[Party]:
        if named:
            yield from named
            return
        seen = {EVERYBODY}
        yield EVERYBODY
        for one in self.trails.subjects():
            seen.add(one)
            yield one
        # Whoever was logged and is not there any more.
        yield from (one for one in self.logged if one not in seen)


def read_heads(path: Path) -> Logged:
    """The heads of a file of log lines, as `gcloud logging read --format=json` writes it, or a line of JSON each.

    Raises `WrongUseError`.
    """
    found: dict[Party, dict[int, Head]] = defaultdict(dict)
    try:
        for name, text in logged_heads(_texts(path.read_text(encoding="utf-8"))):
            head = head_of(text)
            found[_subject(name)][head.seq] = head
    except (OSError, ValueError, TypeError, KeyError, BrokenEntryError) as error:
        message = f"{path} is no file of log lines of the event audit_heads: {type(error).__name__}"
        raise WrongUseError(message) from error
    return found


def _texts(content: str) -> Iterator[str]:
    lines = json.loads(content) if content.lstrip().startswith("[") else map(json.loads, content.splitlines())
    for line in lines:
        said = line.get("jsonPayload", line)
        if said.get("event") == "audit_heads":
            yield said["heads"]


def _subject(name: str) -> Party:
    return EVERYBODY if name == f"{PartyKind.SERVICE}:{EVERYBODY.id}" else user(user_id_of(name))
