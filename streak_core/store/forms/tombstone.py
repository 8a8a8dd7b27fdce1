"""The stored form of a user who was erased. Once deployed, it changes no more.

It must not know what it means. Its version is higher than that of any form of a streak before it, so that an older
program says so, and leaves it alone.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, NotRequired

from pydantic import ConfigDict, TypeAdapter, with_config
from typing_extensions import TypedDict

VERSION: Final = 3


# Stored as fields: Firestore's moments are datetimes of its own.
@with_config(ConfigDict(extra="forbid"))
class Tombstone(TypedDict):
    """The fields of the user's document, and all that is kept."""

    schema_version: int
    erased_at: datetime
    # There as long as something may be left below the document; a query finds such by it.
    erasing: NotRequired[bool]
    # There where the user signed in again and has something beside a streak.
    begun_anew: NotRequired[bool]


TOMBSTONE: Final = TypeAdapter(Tombstone)
