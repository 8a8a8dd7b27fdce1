"""What is counted of all users together: numbers by name, day in UTC and key, which add up and belong to nobody.

It must not know where they are kept, who counts, or what a report makes of them.

Sums and means are exact. A percentile is told from a histogram of fixed bounds, each a quarter of a doubling above the
one before: it is never less than the true one, and at most a fifth more; up to 8 it is the true one.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Final, Self

from streak_core.records.acts import json_text

# Of one name on one day; what comes beyond is counted together.
KEYS_MAX: Final = 100
# Of those, what one user is the first with on that day, where a key is whatever somebody makes of it.
BROUGHT_MAX: Final = 5
# Of each part of a key: longer ones that begin alike are counted together.
KEY_CHARACTERS_MAX: Final = 64
_OTHER: Final = "other"
# 0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 13, 16 … up to 70 minutes in milliseconds; what is more counts as the last.
BOUNDS: Final = (0, *sorted({round(2 ** (step / 4)) for step in range(89)}))

# The numbers of a key: how often, of how many users, the sum of what was measured, and how many of that were at most a
# bound (`b` and its place) and more than the one before.
TIMES: Final = "times"
USERS: Final = "users"
SUM: Final = "sum"
_BOUND: Final = "b"
Numbers = Mapping[str, int]
# By name, and by the text of a key.
Counts = Mapping[str, Mapping[str, Numbers]]
_Growing = MutableMapping[str, dict[str, dict[str, int]]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """One thing that is counted: under which name and key, how often, what was measured, and whether of whom."""

    name: str
    key: tuple[str, ...] = ()
    times: int = 1
    # Whole numbers from 0 on, as milliseconds.
    values: tuple[int, ...] = ()
    # Whether the user counts as well, once a day.
    is_of_user: bool = False
    # Whether its key is one of a list, which no user makes longer.
    is_listed: bool = False


@dataclass(frozen=True)
class KnownKeys:
    """The keys that have a number of their own on a day, by name; all others are counted together."""

    of: Mapping[str, frozenset[str]] = field(default_factory=dict)
    # Whether there is room for no more.
    is_closed: bool = False

    @classmethod
    def read(cls, text: object) -> Self:
        """As they are stored; where what is stored is no such text, everything is counted together that day."""
        try:
            said = {} if text is None else json.loads(str(text))
            return cls({str(name): frozenset(map(str, keys)) for name, keys in said.items()})
        except (ValueError, TypeError, AttributeError):
            return cls(is_closed=True)

    @property
    def text(self) -> str:
        """As they are stored."""
        return json_text({name: sorted(keys) for name, keys in self.of.items()})

    def place(self, count: Count) -> str | None:
        """The text under which it is counted; None where it is new and there is room for it."""
        text, known = key_text(count.key), self.of.get(count.name, frozenset())
        if text in known:
            return text
        is_full = self.is_closed or len(known) >= KEYS_MAX
        return _other(count) if is_full else None

    def with_one(self, count: Count) -> KnownKeys:
        """With the key of this one."""
        known = self.of.get(count.name, frozenset())
        return KnownKeys({**self.of, count.name: known | {key_text(count.key)}})

    def counted_in(self, counts: Counts) -> KnownKeys:
        """Those of them that have a number there."""
        return KnownKeys({name: self.of[name] & counts[name].keys() for name in self.of.keys() & counts.keys()})


@dataclass(frozen=True)
class Seen:
    """Of one user, on which day they were last counted, and under which names and keys."""

    day: date = date.min
    of: frozenset[tuple[str, str]] = frozenset()
    # Of each name, how many keys they were the first with on that day.
    brought: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, text: object) -> Self:
        """As it is stored; what is no such text says that the user was never counted."""
        try:
            said = json.loads(text) if isinstance(text, str) else {}
            of = frozenset((str(name), str(key)) for name, key in said["of"])
            brought = {str(name): int(number) for name, number in said.get("brought", {}).items()}
            return cls(date.fromisoformat(said["day"]), of, brought)
        except (ValueError, TypeError, KeyError, AttributeError):
            return cls()

    @property
    def text(self) -> str:
        """As it is stored."""
        brought = {"brought": dict(self.brought)} if self.brought else {}
        return json_text({"day": self.day.isoformat(), "of": sorted(map(list, self.of)), **brought})

    @property
    def erased(self) -> Seen:
        """What is left of it once the user is erased: erasing gives no keys of the day back, and no key is named."""
        return replace(self, of=frozenset())

    def on(self, now: datetime) -> Seen:
        """What is known of the day on which that user is counted now: never one before the last, whose clock it was."""
        day = day_of(now)
        return self if day <= self.day else Seen(day)


def day_of(moment: datetime) -> date:
    """The day on which it is counted, in UTC."""
    return moment.astimezone(UTC).date()


def key_text(key: tuple[str, ...]) -> str:
    """A key as it is stored; whatever it says, Firestore takes it for the name of a field."""
    return json_text([part.encode(errors="replace").decode()[:KEY_CHARACTERS_MAX] for part in key])


def key_of(text: str) -> tuple[str, ...]:
    """The key of a text."""
    return tuple(map(str, json.loads(text)))


def with_new(counts: Iterable[Count], known: KnownKeys, seen: Seen) -> tuple[KnownKeys, Seen]:
    """The keys with what is new of one user's, as far as the user may bring it, and what is known of the user then."""
    brought = dict(seen.brought)
    for count in counts:
        if known.place(count) is not None:
            continue
        if not count.is_listed:
            if brought.get(count.name, 0) >= BROUGHT_MAX:
                continue
            brought[count.name] = brought.get(count.name, 0) + 1
        known = known.with_one(count)
    return known, replace(seen, brought=brought)


def tallied(counts: Iterable[Count], known: KnownKeys, seen: Seen) -> tuple[Counts, Seen]:
    """What one user's things add to the numbers of their day, and what is known of the user then.

    What has no place is counted with all others.
    """
    found: dict[str, dict[str, dict[str, int]]] = {}
    of = set(seen.of)
    for count in counts:
        text = known.place(count) or _other(count)
        more = {TIMES: count.times}
        if count.values:
            more[SUM] = sum(count.values)
        for value in count.values:
            bound = f"{_BOUND}{min(bisect_left(BOUNDS, value), len(BOUNDS) - 1)}"
            more[bound] = more.get(bound, 0) + 1
        if count.is_of_user and (count.name, text) not in of:
            of.add((count.name, text))
            more[USERS] = 1
        _add(found, {count.name: {text: more}})
    return found, replace(seen, of=frozenset(of))


def plain_count(records: Iterable[tuple[str, Iterable[Count]]], known: KnownKeys) -> Counts:
    """The same numbers counted once more, from all records of one day with the users whose they are."""
    found: dict[str, dict[str, dict[str, int]]] = {}
    seen: dict[str, Seen] = {}
    for user_id, counts in records:
        more, seen[user_id] = tallied(counts, known, seen.get(user_id, Seen()))
        _add(found, more)
    return found


def total(parts: Iterable[Counts]) -> Counts:
    """All of them together."""
    found: dict[str, dict[str, dict[str, int]]] = {}
    for part in parts:
        _add(found, part)
    return found


def times_by_name(counts: Counts) -> Mapping[str, int]:
    """How often anything was counted under each name."""
    return {name: sum(numbers.get(TIMES, 0) for numbers in keys.values()) for name, keys in counts.items()}


def mean(numbers: Numbers) -> float | None:
    """The mean of what was measured; None of nothing."""
    measured = sum(_spread(numbers).values())
    return numbers.get(SUM, 0) / measured if measured else None


def percentile(numbers: Numbers, share: float) -> int | None:
    """The least bound that at least this share of what was measured is not more than; None of nothing."""
    spread = _spread(numbers)
    wanted = share * sum(spread.values())
    reached = 0
    for place, times in sorted(spread.items()):
        reached += times
        if reached >= wanted:
            return BOUNDS[place]
    return None


def _other(count: Count) -> str:
    return key_text((_OTHER,) * len(count.key))


def _spread(numbers: Numbers) -> dict[int, int]:
    return {int(name[1:]): times for name, times in numbers.items() if name[0] == _BOUND}


def _add(found: _Growing, more: Counts) -> None:
    for name, keys in more.items():
        for text, numbers in keys.items():
            known = found.setdefault(name, {}).setdefault(text, {})
            for each, number in numbers.items():
                known[each] = known.get(each, 0) + number
