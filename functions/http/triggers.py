"""Calls of Firestore's triggers, as Eventarc sends them: whose document was written.

It must not know what is done then. The content of the document is not looked at: it is read as it is by then.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

from streak_core.domain.errors import FieldError, Malformed
from streak_core.store.documents import STREAKS, user_id_of
from streak_core.store.outbox_documents import OUTBOX

# The attribute of a CloudEvent that names the document, below the database.
DOCUMENT: Final = "Ce-Document"
# The names of collections may have a prefix.
_WRITTEN: Final = re.compile(rf"[a-z0-9_]*{STREAKS}/(?P<user>[^/]+)/[a-z0-9_]*{OUTBOX}/[^/]+")


def user_of_written(header: str) -> str:
    """The user below whose document something was written that is to be told. Raises `Malformed`."""
    # A header has no letters but those of ASCII: the others, and the percent sign, are encoded once more.
    found = _WRITTEN.fullmatch(unquote(header))
    if found is None:
        raise Malformed(FieldError(DOCUMENT, f"must name a document such as {STREAKS}/ada/{OUTBOX}/1"))
    return user_id_of(found["user"])
