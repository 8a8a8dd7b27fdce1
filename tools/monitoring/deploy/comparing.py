"""Compares what a file says with what the server has: as canonical JSON, object by object.

It must not know any kind of object.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from typing import Any, Final

from google.protobuf import json_format  # type: ignore[import-untyped]

Json = dict[str, Any]
REVISION_LETTERS: Final = 12


def as_json(message: Any) -> Json:  # noqa: ANN401 - any message of the three libraries
    """A proto-plus or protobuf message with the names that the API has for its fields; defaults are left out."""
    plain = type(message).pb(message) if hasattr(type(message), "pb") else message
    found: Json = json_format.MessageToDict(plain)
    return found


def canonical(content: Json) -> str:
    """The one text of a content."""
    return json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False)


def revision(content: Json) -> str:
    """A short name of a content: the same for the same, and another for another."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()[:REVISION_LETTERS]


def as_stated(found: Any, wanted: Any) -> Any:  # noqa: ANN401 - any JSON
    """Of what the server has, the part that the file says something about."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        return {name: as_stated(found[name], wanted[name]) for name in found.keys() & wanted.keys()}
    if isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        return [as_stated(one, other) for one, other in zip(found, wanted, strict=True)]
    return found


def difference(name: str, found: Json | None, wanted: Json) -> str:
    """The unified diff that leads from what the server has, if anything, to what the file says."""
    before = [] if found is None else canonical(found).splitlines()
    lines = difflib.unified_diff(
        before, canonical(wanted).splitlines(), f"deployed/{name}", f"folder/{name}", lineterm=""
    )
    return "\n".join(lines)
