"""Files that are there whole or not at all, and that only their owner may read.

It must not know what is in them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

FILE_MODE: Final = 0o600


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that is on the disk under its name once all is written, and not before."""
    half = path.with_name(f"{path.name}.half")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    half.rename(path)


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Writes it, whole."""
    with whole_file(path) as file:
        file.write(json.dumps(content, indent=1).encode() + b"\n")
