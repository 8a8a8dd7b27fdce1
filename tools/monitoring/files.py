"""Reads the YAML files of monitoring strictly: one document, each name once.

It must not know what the files are for.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


class NotReadableError(Exception):
    """The file is no YAML document of names and values; the message says where."""


class _Strict(yaml.SafeLoader):
    """PyYAML takes the last of two equal names in silence; a lost line of a policy is a lost alert."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML's signature
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                message = f"{key!r} stands twice"
                raise yaml.constructor.ConstructorError(None, None, message, key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


def read_document(path: Path) -> dict[str, Any]:
    """The document of a file. Raises `NotReadableError`."""
    found = read_any(path)
    if not isinstance(found, dict):
        message = f"{path.name}: is not a document of names and values"
        raise NotReadableError(message)
    return found


def read_any(path: Path) -> Any:  # noqa: ANN401 - whatever the file holds
    """The one document of a file, of any kind. Raises `NotReadableError`."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), _Strict)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        message = f"{path.name}: {error}"
        raise NotReadableError(message) from error
