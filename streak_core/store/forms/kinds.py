"""Kinds of things as they are stored. Must not know what any of them means."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar


class UnknownKindError(ValueError):
    """A kind of thing that this program has no name for: a later one has."""


Kind = TypeVar("Kind", bound=StrEnum)


def known(kinds: type[Kind], name: str) -> Kind:
    """The kind of that name. Raises `UnknownKindError`."""
    try:
        return kinds(name)
    except ValueError:
        message = f"an unknown {kinds.__name__}"
        raise UnknownKindError(message) from None
