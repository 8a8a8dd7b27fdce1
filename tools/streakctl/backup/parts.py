"""The files of a backup: each has the documents of one span, gzipped lines under a first line that says whose they are.

It must not know databases. A file is there whole or not at all, and only its owner may read it.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from tools.streakctl.backup.encoding import NoDocumentError, collection_of, path_of_line
from tools.streakctl.backup.raw_database import Span
from tools.streakctl.whole_file import whole_file

FOLDER_MODE: Final = 0o700
_LEVEL: Final = 6


class Part(BaseModel):
    """One file, as the manifest has it: which span, how much of what, and the hashes of the file and of its lines."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    number: int
    file: str
    collection: str
    begin: str | None
    end: str | None
    documents: int
    collections: dict[str, int]
    bytes: int
    sha256: str
    # Of the documents alone: what is read back from a database has the same.
    content_sha256: str

    @property
    def span(self) -> Span:
        """The documents that are in it."""
        return Span(collection=self.collection, begin=self.begin, end=self.end)


class DamagedError(Exception):
    """What a backup holds is not what was written."""

    def __init__(self, file: str, how: str) -> None:
        super().__init__(f"{file} {how}")


@dataclass
class Content:
    """Counts and hashes lines, so that what is stored somewhere can be compared with what is stored elsewhere."""

    documents: int = 0
    collections: Counter[str] = field(default_factory=Counter)
    _hash: Any = field(default_factory=hashlib.sha256)

    def add(self, line: bytes) -> None:
        """One document more."""
        self.documents += 1
        self.collections[collection_of(path_of_line(line))] += 1
        self._hash.update(line + b"\n")

    @property
    def sha256(self) -> str:
        """Of all so far."""
        digest: str = self._hash.hexdigest()
        return digest

    def is_of(self, part: Part) -> bool:
        """Whether it is what the part holds."""
        return (self.documents, self.sha256) == (part.documents, part.content_sha256)


def file_name(number: int) -> str:
    """Of the part of that number."""
    return f"part-{number:06d}.ndjson.gz"


def write_part(folder: Path, backup: str, number: int, span: Span, lines: Iterable[bytes]) -> Part:
    """Writes all lines; what was written half before is written anew."""
    name, content = file_name(number), Content()
    with whole_file(folder / name) as raw, gzip.GzipFile("", "wb", _LEVEL, raw, mtime=0) as zipped:
        zipped.write(_first_line(backup, number) + b"\n")
        for line in lines:
            content.add(line)
            zipped.write(line + b"\n")
    return Part(
        number=number,
        file=name,
        collection=span.collection,
        begin=span.begin,
        end=span.end,
        documents=content.documents,
        collections=dict(sorted(content.collections.items())),
        bytes=(folder / name).stat().st_size,
        sha256=sha256_of(folder / name),
        content_sha256=content.sha256,
    )


def read_lines(folder: Path, backup: str, part: Part) -> Iterator[bytes]:
    """The documents of a part. Raises `DamagedError`."""
    try:
        with gzip.open(folder / part.file, "rb") as zipped:
            first = zipped.readline().rstrip(b"\n")
            if first != _first_line(backup, part.number):
                raise DamagedError(part.file, "is of another backup, or of another place in it")
            for line in zipped:
                yield line.rstrip(b"\n")
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise DamagedError(part.file, f"can't be read: {error}") from error


def check_part(folder: Path, backup: str, part: Part) -> None:
    """Reads every byte of a part. Raises `DamagedError`, which names the file and what is wrong with it."""
    path = folder / part.file
    if not path.is_file():
        raise DamagedError(part.file, "is missing")
    size = path.stat().st_size
    if size != part.bytes or sha256_of(path) != part.sha256:
        _check_whose(path, backup)
        if size < part.bytes:
            raise DamagedError(part.file, f"is cut off: it has {size:,} of {part.bytes:,} bytes")
        raise DamagedError(part.file, "was changed: its SHA-256 is not that of the manifest")
    content = Content()
    for line in read_lines(folder, backup, part):
        _add(content, line, part)
    if not content.is_of(part) or dict(content.collections) != part.collections:
        raise DamagedError(part.file, "does not hold the documents that the manifest says")


def _add(content: Content, line: bytes, part: Part) -> None:
    try:
        content.add(line)
    except (ValueError, KeyError, NoDocumentError) as error:
        raise DamagedError(part.file, "has a line that is no document") from error


def _check_whose(path: Path, backup: str) -> None:
    """Whether the file says itself that it is of another backup. Raises `DamagedError`."""
    try:
        with gzip.open(path, "rb") as zipped:
            whose = json.loads(zipped.readline()).get("backup")
    except (OSError, EOFError, ValueError, AttributeError, zlib.error):
        return
    if whose != backup:
        raise DamagedError(path.name, f"is of another backup ({whose}) than its manifest")


def _first_line(backup: str, number: int) -> bytes:
    return json.dumps({"backup": backup, "part": number}).encode()


def sha256_of(path: Path) -> str:
    """Of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_of_json(content: Mapping[str, Any]) -> str:
    """Of a content, however it is written."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
