"""Fetches one file whose size and checksum are known, going on where an earlier attempt broke off.

Must not know what the file is for.
"""

import fcntl
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final

import httpx

from emulator.errors import SetupError
from emulator.progress import shown_progress

ATTEMPTS_MAX: Final = 20
ANSWER_SECONDS_MAX: Final = 30.0
CONTENT_RANGE: Final = re.compile(r"bytes (?P<first>\d+)-\d+/(?P<total>\d+)")

ShowBytes = Callable[[int], None]


@dataclass(frozen=True, kw_only=True)
class Download:
    """A file on the web, pinned."""

    name: str
    url: str
    size_bytes: int
    sha256: str

    def is_whole(self, file: Path) -> bool:
        """Whether `file` is there in full. Only what passed the checksum ever gets its final name."""
        return file.is_file() and file.stat().st_size == self.size_bytes


def fetch(download: Download, folder: Path) -> Path:
    """The checked file in `folder`. Raises SetupError; what arrived until then is kept to go on from."""
    target, part = folder / download.name, folder / f"{download.name}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _only_one_process(folder / f"{download.name}.lock"):
            if not download.is_whole(target):
                with shown_progress(download.name, download.size_bytes) as show:
                    _fill(download, part, show)
                _require_checksum(download, part)
                part.replace(target)
    except OSError as error:
        message = f"cannot keep {download.name} in {folder}: {error}"
        raise SetupError(message) from error
    return target


def _fill(download: Download, part: Path, show: ShowBytes) -> None:
    if _size_bytes(part) > download.size_bytes:
        part.unlink()
    for _ in range(ATTEMPTS_MAX):
        before = _size_bytes(part)
        if before == download.size_bytes:
            return
        broken_off_by = _receive(download, part, show)
        # Each attempt has to bring something, or the next would not either.
        if _size_bytes(part) == before:
            message = f"cannot download {download.url}: {broken_off_by or 'the connection closed early'}"
            raise SetupError(message)
    if _size_bytes(part) != download.size_bytes:
        message = f"cannot download {download.url}: it broke off {ATTEMPTS_MAX} times; try again to go on"
        raise SetupError(message)


def _receive(download: Download, part: Path, show: ShowBytes) -> httpx.TransportError | None:
    """Append to `part` what one request brings; the answer is what broke it off."""
    have = _size_bytes(part)
    headers = {"Range": f"bytes={have}-"} if 0 < have < download.size_bytes else {}
    try:
        with httpx.stream(
            "GET", download.url, headers=headers, timeout=ANSWER_SECONDS_MAX, follow_redirects=True
        ) as answer:
            if answer.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                part.unlink()
            if not answer.is_success:
                message = f"cannot download {download.url}: the answer is {answer.status_code} {answer.reason_phrase}"
                raise SetupError(message)
            resumes = _resumes_at(have, answer)
            _require_size(download, _total_bytes(answer), part)
            with part.open("ab" if resumes else "wb") as file:
                _append(download, answer, file.write, have if resumes else 0, show)
    except httpx.TransportError as error:
        return error
    _require_size(download, max(_size_bytes(part), download.size_bytes), part)
    return None


def _append(
    download: Download,
    answer: httpx.Response,
    write: Callable[[bytes], int],
    have: int,
    show: ShowBytes,
) -> None:
    show(have)
    for chunk in answer.iter_raw():
        write(chunk)
        have += len(chunk)
        show(have)
        # One byte too many is enough to know that this is another file.
        if have > download.size_bytes:
            return


def _resumes_at(have: int, answer: httpx.Response) -> bool:
    match = CONTENT_RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    return answer.status_code == HTTPStatus.PARTIAL_CONTENT and match is not None and int(match["first"]) == have


def _total_bytes(answer: httpx.Response) -> int | None:
    match = CONTENT_RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    if match is not None:
        return int(match["total"])
    length = answer.headers.get("Content-Length")
    return None if length is None else int(length)


def _require_size(download: Download, total_bytes: int | None, part: Path) -> None:
    if total_bytes not in {None, download.size_bytes}:
        part.unlink(missing_ok=True)
        message = f"{download.url} has {total_bytes} bytes, not {download.size_bytes}; it was not kept"
        raise SetupError(message)


def _require_checksum(download: Download, part: Path) -> None:
    with part.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != download.sha256:
        part.unlink()
        message = f"{download.url} has the SHA-256 {found}, not {download.sha256}; it was not kept"
        raise SetupError(message)


def _size_bytes(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


@contextmanager
def _only_one_process(lock: Path) -> Iterator[None]:
    """Two processes appending to one file would spoil it: the second waits, and finds the file whole."""
    descriptor = os.open(lock, os.O_CREAT | os.O_WRONLY, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
