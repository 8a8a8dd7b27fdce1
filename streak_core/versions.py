"""What tells whether answers of days differ, without the days: the version of all that they are made of.

It must not know HTTP or Firestore's client, nor what an answer says.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from streak_core.domain.zones import data_version

if TYPE_CHECKING:
    from datetime import datetime

    from streak_core.domain.state import UserState

Content = TypeVar("Content")


@dataclass(frozen=True, kw_only=True)
class Versioned(Generic[Content]):
    """An answer with the version of what it was made of."""

    version: str
    content: Content


def version_of(user_id: str, update_time: datetime | None, state: UserState) -> str:
    """The version of a user's days: of the document that was last written then, as seen today by these rules.

    Decided days are never written without that document. What is told of the moment itself has no part in it.
    """
    view = state.view
    parts = (user_id, update_time and update_time.isoformat(), view.today, view.rules.fingerprint, data_version())
    return hashlib.sha256(repr(parts).encode()).hexdigest()
