"""Reads the YAML files of monitoring strictly: one document, each name once.

It must not know what the files are for.
"""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError


class NotReadableError(Exception):
    """The file is no YAML document of names and values; the message says where."""


def read_document(path: Path) -> dict[str, Any]:
    """The document of a file. Raises `NotReadableError`."""
    found = read_any(path)
    if not isinstance(found, dict):
        message = f"{path.name}: is not a document of names and values"
        raise NotReadableError(message)
    return found


def read_any(path: Path) -> Any:  # noqa: ANN401 - whatever the file holds
    """The one document of a file, of any kind, for the caller to change. Raises `NotReadableError`."""
    try:
        return copy.deepcopy(_read(path.read_text(encoding="utf-8")))
    except (YAMLError, UnicodeDecodeError) as error:
        message = f"{path.name}: {error}"
        raise NotReadableError(message) from error


@cache
def _read(text: str) -> Any:  # noqa: ANN401 - whatever it holds
    """The document that a text is, read once: that takes a hundred times as long as to copy it."""
    # Which refuses a name that stands twice: a lost line of a policy is a lost alert.
    return YAML(typ="safe", pure=True).load(text)
