"""Everything that the database has of a user, to be compared before and after. Must not know what should be there."""

from __future__ import annotations

import json
import os
from functools import lru_cache
from http.client import HTTPConnection
from typing import Any, Final
from urllib.parse import quote

from emulator.firestore import HOST_VARIABLE
from emulator.token import PROJECT
from streak_core.store.documents import user_doc_id

_DOCUMENTS: Final = f"projects/{PROJECT}/databases/(default)/documents"
_ALL_BELOW: Final = {"structuredQuery": {"from": [{"allDescendants": True}]}}


def stored(user_id: str) -> dict[str, Any]:
    """Each of the user's documents by its path, and the names of all collections that there are."""
    return _of(user_id, "streaks")


def stored_everywhere(user_id: str) -> dict[str, Any]:
    """As `stored`, with what is recorded beside the streak."""
    return _of(user_id, "streaks", "records", "profiles")


def _of(user_id: str, *collections: str) -> dict[str, Any]:
    homes = [f"{collection}/{user_doc_id(user_id)}" for collection in collections]
    own = _asked("", ":batchGet", {"documents": [f"{_DOCUMENTS}/{home}" for home in homes]})
    below = [one for home in homes for one in _asked(f"/{home}", ":runQuery", _ALL_BELOW)]
    found = [one.get("found") or one.get("document") for one in (*own, *below)]
    documents = {one["name"].removeprefix(f"{_DOCUMENTS}/"): _plain_map(one) for one in found if one}
    ids = _asked("", ":listCollectionIds", {"pageSize": 1_000}).get("collectionIds", [])
    return {**dict.fromkeys(homes), **documents, "collections": sorted(ids)}


def _asked(place: str, method: str, content: dict[str, Any]) -> Any:
    """What the emulator answers as JSON: one request for all of a user, where the client needs one a collection."""
    connection = _connection(os.environ[HOST_VARIABLE])
    headers = {"Authorization": "Bearer owner", "Content-Type": "application/json"}
    connection.request("POST", quote(f"/v1/{_DOCUMENTS}{place}{method}", safe="/:()"), json.dumps(content), headers)
    answer = connection.getresponse()
    text = answer.read()
    assert answer.status == 200, text
    return json.loads(text)


@lru_cache(maxsize=1)
def _connection(host: str) -> HTTPConnection:
    name, _, port = host.rpartition(":")
    return HTTPConnection(name.strip("[]"), int(port), timeout=30)


def _plain_map(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in fields.get("fields", {}).items()}


def _plain(value: dict[str, Any]) -> Any:
    """A value as Python has it; moments, bytes and references stay texts."""
    ((kind, content),) = value.items()
    match kind:
        case "mapValue":
            return _plain_map(content)
        case "arrayValue":
            return [_plain(one) for one in content.get("values", [])]
        case "integerValue":
            return int(content)
        case _:
            return content
