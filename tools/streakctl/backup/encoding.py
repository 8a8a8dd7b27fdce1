"""A document as one line of JSON, in the form of Firestore's REST API, with every type of value exactly.

It must not know files or databases. Protobuf's own JSON does the work, also of NaN, -0, bytes and vectors.
"""

from __future__ import annotations

import json
from typing import Any, Final

from google.cloud.firestore_v1.types import Document
from google.protobuf import json_format  # type: ignore[import-untyped]

_SEPARATORS: Final = (",", ":")

# The message itself, without the wrapper that the client puts around it.
Message = Any


class NoDocumentError(ValueError):
    """A line is not that of a document."""


def message(document: Document) -> Message:
    """The message that the client has wrapped."""
    return Document.pb(document)


def path_of(name: str) -> str:
    """The path of a document within its database, as in `streaks/ada`."""
    return name.partition("/documents/")[2]


def collection_of(path: str) -> str:
    """The ids of the collections that a path goes through, as in `streaks/ledger`."""
    return "/".join(path.split("/")[::2])


def line_of(document: Message) -> bytes:
    """The path and the fields of a document, always in the same order; without the end of the line."""
    # Names as the messages have them: their JSON names follow the locale, as of Turkish.
    fields = json_format.MessageToDict(document, preserving_proto_field_name=True).get("fields", {})
    content = {"path": path_of(document.name), "fields": fields}
    text = json.dumps(content, sort_keys=True, separators=_SEPARATORS, ensure_ascii=False, allow_nan=False)
    return text.encode()


def document_of(line: bytes, database: str) -> Message:
    """The document of a line, in that database (`projects/…/databases/…`). Raises `NoDocumentError`."""
    try:
        content = json.loads(line)
        named = {"name": f"{database}/documents/{content['path']}", "fields": content["fields"]}
        return json_format.ParseDict(named, message(Document()))
    except (ValueError, KeyError, TypeError, json_format.ParseError) as error:
        raise NoDocumentError from error


def path_of_line(line: bytes) -> str:
    """The path of the document of a line, without reading the rest of it."""
    path: str = json.loads(line)["path"]
    return path
