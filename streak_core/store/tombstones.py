"""What stays of a user who was erased, and whose requests are refused because of it. It must not know queries.

A tombstone takes the place of the user's document and is written before anything is deleted. Whoever signs in anew
begins anew: in the document that takes its place, one field keeps those sign-ins away that were there before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from google.cloud.firestore_v1.base_query import FieldFilter

from streak_core.domain.errors import ErasingUnfinished
from streak_core.domain.refusals import UserErased
from streak_core.store.documents import plain_utc
from streak_core.store.forms.tombstone import TOMBSTONE, VERSION
from streak_core.store.sessions import sign_in_of
from streak_core.store.unreadable import reading

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.store.documents import Document

# The fields of a tombstone besides its version, and the one of a user who began anew.
ERASED_AT: Final = "erased_at"
ERASING: Final = "erasing"
SIGNED_IN_AFTER: Final = "signed_in_after"
BEGUN_ANEW: Final = "begun_anew"
NEEDED: Final = ("schema_version", ERASED_AT, ERASING, SIGNED_IN_AFTER, BEGUN_ANEW)
# Finds all of them, which alone have that field.
TOMBSTONES: Final = FieldFilter(ERASED_AT, ">", datetime(1970, 1, 1, tzinfo=UTC))


@dataclass(frozen=True, kw_only=True)
class Tombstone:
    """When the user was erased (UTC), whether nothing is left, and whether there are records of a new beginning."""

    erased_at: datetime
    is_finished: bool
    has_begun_anew: bool = False


def tombstone_document(erased_at: datetime) -> Document:
    """What is written first: from then on nothing else of the user is read or written."""
    return {"schema_version": VERSION, ERASED_AT: erased_at, ERASING: True}


def is_tombstone(document: Mapping[str, Any]) -> bool:
    """Whether a user's document is a tombstone, be it one that reads or not."""
    version = document.get("schema_version")
    # Exactly so: True is no version.
    return type(version) is int and version == VERSION


def tombstone_of(document: Mapping[str, Any]) -> Tombstone | None:
    """The tombstone that a user's document is, if it is one. Raises `UnreadableStreakError`."""
    if not is_tombstone(document):
        return None
    with reading():
        found = TOMBSTONE.validate_python(document)
        return Tombstone(
            erased_at=plain_utc(found["erased_at"]),
            is_finished=not found.get("erasing", False),
            has_begun_anew=found.get("begun_anew", False),
        )


def signed_in_after(document: Mapping[str, Any]) -> datetime | None:
    """The moment (UTC) after which users must have signed in, where they were erased once and began anew."""
    found = document.get(SIGNED_IN_AFTER)
    return None if found is None else plain_utc(found)


def erased_last(document: Mapping[str, Any]) -> datetime | None:
    """When the user was erased last (UTC), also if they began anew; None where the document says nothing of it."""
    found = document.get(ERASED_AT if is_tombstone(document) else SIGNED_IN_AFTER)
    return plain_utc(found) if isinstance(found, datetime) else None


def is_from_before(user_id: str, moment: datetime) -> bool:
    """Whether the user asks who signed in at that moment or earlier; nobody does where others ask, or a job."""
    signed_in_at = sign_in_of(user_id)
    return signed_in_at is not None and signed_in_at <= moment


def is_since(user_id: str, moment: datetime) -> bool:
    """Whether the user asks who signed in later than that."""
    signed_in_at = sign_in_of(user_id)
    return signed_in_at is not None and signed_in_at > moment


def checked(user_id: str, document: Mapping[str, Any]) -> Tombstone | None:
    """The tombstone in whose place the user who asks may begin anew; None where the document is none.

    Raises `UserErased`, `ErasingUnfinished`, `UnreadableStreakError`.
    """
    tombstone = tombstone_of(document)
    check_admitted(user_id, tombstone, signed_in_after(document))
    return tombstone


def check_admitted(user_id: str, tombstone: Tombstone | None, signed_in_after: datetime | None) -> None:
    """Raises `UserErased` for a sign-in from before an erasing, and `ErasingUnfinished` for one since then."""
    if signed_in_after is not None and is_from_before(user_id, signed_in_after):
        raise UserErased
    if tombstone is None:
        return
    # Only the user can begin anew, who signs in for it; then others may act for them again.
    is_of_others = tombstone.has_begun_anew and sign_in_of(user_id) is None
    if not is_of_others and not is_since(user_id, tombstone.erased_at):
        raise UserErased
    if not tombstone.is_finished:
        raise ErasingUnfinished
