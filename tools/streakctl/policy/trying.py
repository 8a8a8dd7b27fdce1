"""Tries a policy on real users: reads each ledger, lives it once more, and counts who would have had what.

It must not write to the database, nor know terminals. It keeps numbers and a few examples, for any number of users.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Final

from streak_core.domain.days import rfc3339
from streak_core.domain.errors import StreakError
from streak_core.domain.replay import View
from streak_core.domain.rules import Rules
from streak_core.proving.repository import ProofStore, UserDocument
from streak_core.store.unreadable import UnreadableStreakError
from tools.streakctl import Json
from tools.streakctl.database import WrongUseError
from tools.streakctl.policy.reliving import Reliving
from tools.streakctl.whole_file import write_json

NUMBERS: Final = ("current_streak", "longest_streak", "freezes_available", "xp_total")
EXAMPLES_MAX: Final = 20
DAYS_MAX: Final = 30
# Differences are counted by their size: from one bound up to the next.
BOUNDS: Final = (1, 2, 8, 31, 101, 1_001, 10_001)
# Users that are read before it is noted down how far it is.
AT_ONCE: Final = 32


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What came out about a user: each number as it is and as it would be; nothing where the ledger does not read."""

    user_doc: UserDocument
    numbers: dict[str, tuple[int, int]] = field(default_factory=dict)
    refused: int = 0

    @property
    def differs(self) -> bool:
        """Whether any number is another one."""
        return any(was != would_be for was, would_be in self.numbers.values())


@dataclass
class Totals:
    """All that is kept of the users so far; as JSON it is what an interrupted call goes on from."""

    users: int = 0
    unreadable: int = 0
    refused: int = 0
    # The user that was dealt with last, in the order of document ids.
    cursor: str = ""
    sizes: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in NUMBERS})
    examples: list[Json] = field(default_factory=list)

    def take(self, tried: Tried) -> None:
        """One user more."""
        self.users += 1
        self.cursor = tried.user_doc.user_doc_id
        self.refused += tried.refused
        self.unreadable += not tried.numbers
        for name, (was, would_be) in tried.numbers.items():
            self.sizes[name][size_of(would_be - was)] += 1


def size_of(difference: int) -> str:
    """The name of the class of differences that one is in: `0`, `1`, `2 to 7`, `-2 to -7`, `10001 and more`."""
    if not difference:
        return "0"
    sign, size = "-" if difference < 0 else "", abs(difference)
    low = max(bound for bound in BOUNDS if bound <= size)
    if low == BOUNDS[-1]:
        return f"{sign}{low} and more"
    high = BOUNDS[BOUNDS.index(low) + 1] - 1
    return f"{sign}{low}" if low == high else f"{sign}{low} to {sign}{high}"


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A policy on trial: the rules as they are, those with the policy since a label, and the moment to compare at."""

    store: ProofStore
    rules: Rules
    candidate: Rules
    since: date
    now: datetime
    threads: int = 8

    def run(self, totals: Totals, sample: float, users_max: int | None) -> Generator[Totals]:
        """Goes on from `totals`, and answers them after some users each time. Raises `DatabaseUnavailable`."""
        after = totals.cursor
        found = self.store.user_documents(lambda name: name > after and is_sampled(name, sample))
        left = None if users_max is None else max(0, users_max - totals.users)
        wanted = islice((one for one in found if one.document is not None), left)
        with ThreadPoolExecutor(self.threads, thread_name_prefix="trial") as pool:
            while some := list(islice(wanted, AT_ONCE)):
                for tried in pool.map(self.tried, some):
                    totals.take(tried)
                    if tried.differs and len(totals.examples) < EXAMPLES_MAX:
                        totals.examples.append(self.example(tried))
                yield totals

    def tried(self, user_doc: UserDocument) -> Tried:
        """One user under both rules."""
        try:
            was, would_be = self._relived(user_doc)
            before, after = was.view(self.now), would_be.view(self.now)
        except (UnreadableStreakError, StreakError):
            return Tried(user_doc=user_doc)
        if was.streak is None:
            # Nothing of what is stored of the user could be lived once more.
            return Tried(user_doc=user_doc)
        numbers = {name: (_number(before, name), _number(after, name)) for name in NUMBERS}
        return Tried(user_doc=user_doc, numbers=numbers, refused=max(0, would_be.refused - was.refused))

    def example(self, tried: Tried) -> Json:
        """A user with the days that have another verdict, the latest first."""
        lives = self._relived(tried.user_doc, with_verdicts=True)
        for life in lives:
            life.view(self.now)
        was, would_be = (life.verdicts or {} for life in lives)
        days = [day for day in sorted(was.keys() | would_be.keys(), reverse=True) if was.get(day) != would_be.get(day)]
        return {
            "user_id": tried.user_doc.user_id,
            **{name: {"is": pair[0], "would_be": pair[1]} for name, pair in tried.numbers.items()},
            "days": [
                {"date": day.isoformat(), "is": was.get(day), "would_be": would_be.get(day)} for day in days[:DAYS_MAX]
            ],
        }

    def _relived(self, user_doc: UserDocument, *, with_verdicts: bool = False) -> tuple[Reliving, Reliving]:
        """The life as it was and as it would have been; the ledger is read once."""
        was, would_be = (
            Reliving(rules=rules, since=self.since, verdicts={} if with_verdicts else None)
            for rules in (self.rules, self.candidate)
        )
        for kept in self.store.ledger(user_doc.user_doc_id):
            if kept.entry is None:
                raise UnreadableStreakError(kept.document_id)
            was.take(kept.entry)
            would_be.take(kept.entry)
        return was, would_be


def is_sampled(user_doc_id: str, sample: float) -> bool:
    """Whether a user is in the sample: the same ones each time, and those of a smaller one among them."""
    return zlib.crc32(user_doc_id.encode()[::-1]) < sample * 2**32


def _number(view: View, name: str) -> int:
    found: int = getattr(view, name)
    return found


def summary(trial: Trial, totals: Totals, *, is_complete: bool) -> Json:
    """All that came out, as JSON."""
    return {
        "type": "summary",
        "complete": is_complete,
        "since": trial.since.isoformat(),
        "now": rfc3339(trial.now),
        "users": totals.users,
        "unreadable": totals.unreadable,
        "refused": totals.refused,
        **{name: _spread(totals.sizes[name]) for name in NUMBERS},
        "examples": totals.examples,
    }


def _spread(sizes: Counter[str]) -> Json:
    less = sum(count for size, count in sizes.items() if size.startswith("-"))
    same = sizes["0"]
    return {
        "more": sum(sizes.values()) - less - same,
        "less": less,
        "same": same,
        "by": {size: sizes[size] for size in sorted(sizes, key=_place)},
    }


def _place(size: str) -> int:
    return int(size.split(" ", maxsplit=1)[0])


def kept_totals(file: Path, trial: Trial, text: str) -> Totals:
    """The totals of a call of the same trial that was broken off, or none yet. Raises `WrongUseError`."""
    if not file.exists():
        return Totals()
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        if kept["of"] != _identity(trial, text):
            message = f"{file} is of another trial: of another policy, day, or rules. Name another file, or remove it"
            raise WrongUseError(message)
        totals = kept["totals"]
        return Totals(**{**totals, "sizes": {name: Counter(found) for name, found in totals["sizes"].items()}})
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"{file} does not read as the progress of a trial; name another file, or remove it"
        raise WrongUseError(message) from error


def keep_totals(file: Path, trial: Trial, text: str, totals: Totals) -> None:
    """Notes down how far it is: either all of it is there, or what was there before. Raises `WrongUseError`."""
    try:
        write_json(file, {"of": _identity(trial, text), "totals": vars(totals)})
    except OSError as error:
        message = f"{file} can't be written: {error.strerror}"
        raise WrongUseError(message) from error


def _identity(trial: Trial, text: str) -> Json:
    numbers = [one.number for one in trial.rules.policies]
    lists = {"beside": numbers, "amnesties": trial.rules.revision}
    return {"policy": zlib.crc32(text.encode()), "since": trial.since.isoformat(), **lists}
