"""The kinds of records as validated, frozen data, parsed from TOML text: which fields each has, and how it is kept.

It must not know where the text came from, what a kind is for, or who sends a record.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import lru_cache
from importlib import resources
from typing import Annotated, Final

from pydantic import Field, ValidationError

from streak_core.records.fields import AnyField, ChoiceField, Data, TextField
from streak_core.records.own_kinds import OWN_KINDS, OwnField, OwnKind

KINDS_MAX: Final = 32
FIELDS_MAX: Final = 64
_COUNTED: Final = "is kept in counters, which belong to nobody: make it a choice, or a text with a pattern"

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]


class KindsError(ValueError):
    """The file of kinds does not say what it must; the message names each problem with its place."""

    def __init__(self, message: str, fields: Iterable[tuple[str, str]]) -> None:
        self.fields = tuple(fields)
        super().__init__(message)


class Quota(Data):
    """How much of a kind a user may have recorded on one day of their own; None is for no end."""

    count_a_day: int | None = Field(default=None, ge=1, le=1_000_000)
    bytes_a_day: int | None = Field(default=None, ge=1, le=1_000_000_000)


class Kind(Data):
    """One kind of record."""

    # What it is, for whoever reads the file.
    says: str = Field(min_length=1, max_length=200)
    quota: Quota = Field(default_factory=Quota)
    # After how many days one is deleted, and how many there are at most in one place; where a route goes by it.
    keep_days: int | None = Field(default=None, ge=1, le=3_650)
    count_max: int | None = Field(default=None, ge=1, le=1_000)
    # Of an app's own: the field by which a report counts it, and whether the trail is told what users do, too.
    counted_by: Name | None = None
    told: bool = False
    fields: dict[Name, AnyField] = Field(min_length=1, max_length=FIELDS_MAX)


class Kinds(Data):
    """All kinds, by their names."""

    kinds: dict[Name, Kind] = Field(min_length=1, max_length=KINDS_MAX)

    def problems(self) -> list[tuple[str, str]]:
        """What is wrong with a kind that a route of ours needs, and with those of an app's own."""
        found = []
        for name, own in OWN_KINDS.items():
            if name in self.kinds:
                found += [(f"kinds.{name}.{place}", message) for place, message in _problems(self.kinds[name], own)]
            else:
                found.append((f"kinds.{name}", "is missing; a route of the service keeps it"))
        for name in sorted(self.kinds.keys() - OWN_KINDS.keys()):
            found += [(f"kinds.{name}.{place}", message) for place, message in _app_problems(self.kinds[name])]
        return found

    def is_of_app(self, name: str) -> bool:
        """Whether it is a kind of an app's own, which the routes for those keep."""
        return name in self.kinds and name not in OWN_KINDS

    def kept_for(self, name: str) -> timedelta:
        """How long one of a kind is kept that has an end."""
        return timedelta(days=self.kinds[name].keep_days or 0)

    def count_max(self, name: str) -> int:
        """How many of a kind there are at most in one place."""
        return self.kinds[name].count_max or 0

    def is_counted_by_list(self, name: str) -> bool:
        """Whether what a kind is counted by is one of some words, and nothing that a user makes up."""
        kind = self.kinds[name]
        own = OWN_KINDS.get(name)
        return isinstance(kind.fields.get((own.counted if own else kind.counted_by) or ""), ChoiceField)


def _app_problems(kind: Kind) -> Iterator[tuple[str, str]]:
    """What a kind of an app's own lacks or has too much of."""
    if kind.quota.count_a_day is None:
        yield "quota.count_a_day", "is missing: nobody may have some recorded without end"
    if (kind.keep_days is None) is (kind.count_max is None):
        yield "keep_days", "say either after how many days one ends, or by count_max how many a user has at most"
    counted = kind.fields.get(kind.counted_by or "")
    if kind.counted_by and counted is None:
        yield "counted_by", "names no field of the kind"
    elif counted and not _is_bounded(counted):
        yield f"fields.{kind.counted_by}", _COUNTED


def _problems(kind: Kind, own: OwnKind) -> Iterator[tuple[str, str]]:
    """What the kind of a file lacks or has too much of for its route, by its place in it."""
    for name, wanted in own.fields.items():
        if field := kind.fields.get(name):
            yield from ((f"fields.{name}{place}", message) for place, message in _misfits(field, wanted))
        else:
            yield f"fields.{name}", "is missing; a route of the service needs it"
    for name in sorted(own.answered & kind.fields.keys()):
        yield f"fields.{name}", "is what the service itself answers; call it otherwise"
    counted = kind.fields.get(own.counted or "")
    if isinstance(counted, TextField) and not _is_bounded(counted):
        yield f"fields.{own.counted}", _COUNTED
    if kind.counted_by is not None or kind.told:
        yield "counted_by" if kind.counted_by else "told", "has no effect here"
    if (kind.keep_days is not None) is not own.is_mortal:
        yield "keep_days", "is missing" if own.is_mortal else "has no effect here"
    if (kind.count_max is None) is not (own.count_max is None):
        yield "count_max", "is missing" if own.count_max else "has no effect here"
    elif kind.count_max and own.count_max and kind.count_max > own.count_max:
        yield "count_max", f"must be at most {own.count_max}"


def _misfits(field: AnyField, wanted: OwnField) -> Iterator[tuple[str, str]]:
    """Why the route could not read, or keep whole, what this field takes."""
    if field.type not in wanted.types:
        yield ".type", f"must be {' or '.join(sorted(wanted.types))}, as which the route reads it"
    if wanted.is_needed and field.optional:
        yield ".optional", "must be false: the route needs the field"
    if wanted.words and isinstance(field, ChoiceField) and (strange := set(field.values) - wanted.words):
        known = ", ".join(sorted(wanted.words))
        yield ".values", f"the route does not know {', '.join(sorted(strange))}; it knows {known}"
    for what in ("characters_max", "bytes_max"):
        kept, asked = getattr(wanted, what), getattr(field, what, None)
        if kept and asked and asked > kept:
            yield f".{what}", f"must be at most {kept}, which is what is kept of it"


def _is_bounded(field: AnyField) -> bool:
    """Whether it says of which form its words are."""
    return isinstance(field, ChoiceField) or (isinstance(field, TextField) and field.pattern is not None)


def parse_kinds(text: str) -> Kinds:
    """The kinds that a TOML text describes. Raises `KindsError`, whose message names each problem."""
    try:
        kinds = Kinds.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        message = f"the kinds of records are not TOML: {error}"
        raise KindsError(message, [("", f"is not TOML: {error}")]) from error
    except ValidationError as error:
        raise _refused([(".".join(map(str, one["loc"])), one["msg"]) for one in error.errors()]) from error
    if problems := kinds.problems():
        raise _refused(problems)
    return kinds


def shipped_kinds_text() -> str:
    """The file that the package ships."""
    return resources.files("streak_core").joinpath("records", "records.toml").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def shipped_kinds() -> Kinds:
    """The kinds that the package ships."""
    return parse_kinds(shipped_kinds_text())


def _refused(fields: list[tuple[str, str]]) -> KindsError:
    lines = [f"{place or 'the file'}: {message}" for place, message in fields]
    return KindsError("the kinds of records are wrong:\n" + "\n".join(lines), fields)
