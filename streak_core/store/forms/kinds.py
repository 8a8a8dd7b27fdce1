"""Kinds of things as they are stored. Must not know what any of them means."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Mapping


class UnknownKindError(ValueError):
    """A kind of thing that this program has no name for: a later one has."""


Kind = TypeVar("Kind", bound=StrEnum)


def known(kinds: type[Kind], name: str) -> Kind:
    """The kind of that name. Raises `UnknownKindError`."""
    kind = _by_name(kinds).get(name)
    if kind is None:
        message = f"an unknown {kinds.__name__}"
        raise UnknownKindError(message)
    return cast("Kind", kind)


# A calendar of a year asks hundreds of times.
@lru_cache(maxsize=16)
def _by_name(kinds: type[StrEnum]) -> Mapping[str, StrEnum]:
    return {kind.value: kind for kind in kinds}
