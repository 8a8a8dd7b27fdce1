"""What is said of a stored document that does not read as what it should be: where, and nothing of its content.

It must not know any document or form.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from streak_core.domain.errors import Conflict, NewerVersionNeeded, StreakError
from streak_core.store.forms.kinds import UnknownKindError

if TYPE_CHECKING:
    from collections.abc import Iterator

# What is said of a document that does not read: so many places, of names as the forms have them.
_PLACES_MAX: Final = 5
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,40}", re.ASCII)

# What only a later program could have written: fields and kinds that no form here has.
_NEWER: Final = frozenset({"extra_forbidden", "union_tag_invalid"})


class UnreadableStreakError(Exception):
    """A stored document does not read as what it should be."""


class ForeignDocument(UnreadableStreakError, Conflict):
    """Where this user's document should be there is one that no version of this program wrote; it is left as it is."""

    code = "foreign_document"
    message = (
        "Another program keeps a document where this user's streak would be stored, so none can be kept. The operator "
        "of the service can give it collections of its own: STREAK_COLLECTION_PREFIX, or a database of its own."
    )


class StoredByNewerVersion(UnreadableStreakError, NewerVersionNeeded):
    """A later version of this program wrote the document; it alone may change it."""

    message = "This user was last changed by a newer version of the service, which alone can answer. Try again."
    retry_after_seconds = 5

    def __init__(self, place: str) -> None:
        """`place`: what is not known here, without its content."""
        self.place = place
        super().__init__()

    def __str__(self) -> str:
        return f"{self.code}: {self.place}"


@contextmanager
def reading() -> Iterator[None]:
    """Says where a document is wrong, without its content and within bounds: it is logged, and kept with a run."""
    try:
        yield
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        places = ", ".join(sorted({_place(each["loc"]) or each["type"] for each in found})[:_PLACES_MAX])
        if any(each["type"] in _NEWER for each in found):
            raise StoredByNewerVersion(places) from error
        raise UnreadableStreakError(places) from error
    except UnknownKindError as error:
        raise StoredByNewerVersion(str(error)) from error
    except KeyError as error:
        # A name of ours, which the document does not have.
        message = f"{type(error).__name__}: {error}"
        raise UnreadableStreakError(message) from error
    except (AttributeError, TypeError, ValueError, StreakError) as error:
        raise UnreadableStreakError(type(error).__name__) from error


def _place(location: tuple[int | str, ...]) -> str:
    """A path in a document; a name that is none of a form's may be anything, and is not repeated."""
    parts = (str(part) if _NAME.fullmatch(str(part)) else "…" for part in location[:_PLACES_MAX])
    return ".".join(parts)
