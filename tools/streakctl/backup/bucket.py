"""Backups in a bucket of Cloud Storage: brought there and fetched from there by Google's own client, file by file.

It must not know databases, nor what is in a file. On the way everything lies in a folder of this machine.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from google.api_core import exceptions
from google.auth.exceptions import GoogleAuthError

from tools.streakctl.backup.manifest import MANIFEST, Kept, is_old, moment_of, read_manifest
from tools.streakctl.backup.parts import FOLDER_MODE, DamagedError
from tools.streakctl.database import WrongUseError
from tools.streakctl.whole_file import whole_file

SCHEME: Final = "gs://"
_PLACE: Final = re.compile(r"gs://(?P<bucket>[a-z0-9][a-z0-9._-]{1,61}[a-z0-9])(?:/(?P<path>[\w./=-]*))?", re.ASCII)
_SECONDS_MAX: Final = 60
# Objects are asked for by bucket and name; no project is needed, and the client wants one.
_NO_PROJECT: Final = "streakctl"


def bucket_of(place: str) -> BucketPlace | None:
    """The place in a bucket; None for a folder of this machine. Raises `WrongUseError`."""
    if not place.startswith(SCHEME):
        return None
    named = _PLACE.fullmatch(place)
    if named is None or ".." in place:
        message = f"{place} is no place in a bucket, as gs://my-bucket/backups is"
        raise WrongUseError(message)
    return BucketPlace(name=named["bucket"], path=(named["path"] or "").strip("/"))


@dataclass(frozen=True, kw_only=True)
class BucketPlace:
    """A bucket and what names of objects there begin with. Everything raises `WrongUseError` where Google says no."""

    name: str
    path: str

    def __str__(self) -> str:
        """As it was given."""
        return f"{SCHEME}{self.name}/{self.path}"

    @property
    def taking(self) -> Path:
        """The folder that backups are made in, before they are brought."""
        return self._cache / "taking"

    @property
    def _cache(self) -> Path:
        home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        return home / "streakctl" / self.name / self.path

    @cached_property
    def _bucket(self) -> Any:  # noqa: ANN401 - the library has no types
        from google.cloud import storage  # type: ignore[attr-defined]

        return storage.Client(project=_NO_PROJECT).bucket(self.name)

    @property
    def _fetched(self) -> Path:
        return self._cache / "fetched"

    def unbrought(self, database: str) -> Kept | None:
        """A backup of that database that an earlier call has finished and not brought to its end."""
        finished = [one for one in sorted(self.taking.glob("*")) if moment_of(one)]
        kept = [Kept(folder=one, manifest=read_manifest(one)) for one in finished]
        return next((one for one in kept if one.manifest.database == database), None)

    def clear(self) -> None:
        """Of what was fetched nothing stays on this machine."""
        shutil.rmtree(self._fetched, ignore_errors=True)

    def bring(self, folder: Path) -> None:
        """Brings the files of a backup, its manifest last, and keeps none; what is there already is not sent again.

        Google compares what has come with a checksum of what was sent.
        """
        for file in sorted(folder.iterdir(), key=lambda one: (one.name == MANIFEST, one.name)):
            name = self._named(folder.name, file.name)
            with self._asking():
                try:
                    self._bucket.blob(name).upload_from_filename(
                        str(file), checksum="crc32c", if_generation_match=0, timeout=_SECONDS_MAX
                    )
                except exceptions.PreconditionFailed:
                    there = self._bucket.get_blob(name, timeout=_SECONDS_MAX)
                    if there is None or there.md5_hash != _md5(file):
                        message = f"{SCHEME}{self.name}/{name} is there already, and is another file"
                        raise WrongUseError(message) from None
        shutil.rmtree(folder)

    def fetch(self, to_time: datetime | None) -> Path:
        """A folder with the backup that is there, or the last one of `to_time` or before. Raises `DamagedError`."""
        whole = {
            name: files
            for name, files in self._backups().items()
            if MANIFEST in files and (not name or to_time is None or (moment_of(Path(name)) or to_time) <= to_time)
        }
        if not whole:
            when = f" of {to_time.isoformat()} or before" if to_time else ""
            message = f"there is no finished backup{when} in {self}"
            raise WrongUseError(message)
        chosen = max(whole)
        folder = self._fetched / chosen
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        for name, blob in whole[chosen].items():
            self._fetch(blob, folder / name)
        # What a call before has fetched of another one.
        for file in folder.iterdir():
            if file.name not in whole[chosen]:
                file.unlink()
        return folder

    def forget_old(self, days: int, now: datetime) -> list[str]:
        """Deletes the backups of more than so many days ago; answers which."""
        old = {name: files for name, files in self._backups().items() if is_old(Path(name), days, now)}
        for files in old.values():
            # Without its manifest it is none any more.
            for blob in sorted(files.values(), key=lambda one: not one.name.endswith(f"/{MANIFEST}")):
                with self._asking():
                    blob.delete(timeout=_SECONDS_MAX)
        return [f"{self}/{name}" for name in old]

    def _fetch(self, blob: Any, file: Path) -> None:  # noqa: ANN401 - as above
        from google.cloud.storage.exceptions import DataCorruption  # type: ignore[import-untyped]

        if file.exists() and _md5(file) == blob.md5_hash:
            return
        with self._asking(), whole_file(file) as written:
            try:
                blob.download_to_file(written, checksum="crc32c", raw_download=True, timeout=_SECONDS_MAX)
            except DataCorruption as error:
                raise DamagedError(file.name, "came otherwise than the bucket says that it is") from error

    def _backups(self) -> Mapping[str, Mapping[str, Any]]:
        """The files of each backup by its name, which is empty where the place is one itself."""
        begin = f"{self.path}/" if self.path else ""
        found: dict[str, dict[str, Any]] = {}
        with self._asking():
            for blob in self._listed(begin):
                folder, _, file = blob.name.removeprefix(begin).rpartition("/")
                if file and (not folder or moment_of(Path(folder))):
                    found.setdefault(folder, {})[file] = blob
        return found

    def _listed(self, begin: str) -> Iterable[Any]:
        found: Iterable[Any] = self._bucket.list_blobs(prefix=begin, timeout=_SECONDS_MAX)
        return found

    def _named(self, folder: str, file: str) -> str:
        return "/".join(filter(None, (self.path, folder, file)))

    @contextmanager
    def _asking(self) -> Iterator[None]:
        try:
            yield
        except (exceptions.GoogleAPICallError, GoogleAuthError) as error:
            message = f"{self} can't be used: {getattr(error, 'message', None) or error}"
            raise WrongUseError(message) from error


def _md5(file: Path) -> str:
    """As Cloud Storage says it, to know a file again; nothing is trusted for it."""
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, lambda: hashlib.md5(usedforsecurity=False)).digest()
    return base64.b64encode(digest).decode()
