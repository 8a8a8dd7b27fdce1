"""How many of a kind a user has now: kept in the home of the user's records, so that a bound holds exactly.

It must not know what is kept. A text that does not read counts as nothing: a bound is no proof.
"""

from __future__ import annotations

import json

from streak_core.records.acts import json_text
from streak_core.records.homes import HELD
from streak_core.store.documents import Document


def held_of(text: object, kind: str) -> int:
    """How many of a kind there are, by what is stored."""
    try:
        return max(0, int(json.loads(text)[kind])) if isinstance(text, str) else 0
    except (ValueError, TypeError, KeyError):
        return 0


def with_held(text: object, kind: str, count: int) -> Document:
    """What the home says where there are so many of a kind."""
    try:
        said = dict(json.loads(text)) if isinstance(text, str) else {}
    except (ValueError, TypeError):
        said = {}
    return {HELD: json_text({**said, kind: max(0, count)})}
