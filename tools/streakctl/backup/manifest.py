"""What a backup says of itself, and whether it is true: the manifest, and the folders that backups lie in.

It must not know databases.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from tools.streakctl.backup.parts import DamagedError, Part, check_part, sha256_of_json
from tools.streakctl.database import WrongUseError
from tools.streakctl.whole_file import write_json

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
UNFINISHED: Final = ".unfinished"
_NAMED: Final = "%Y%m%dT%H%M%S.%fZ"
# What no copy of documents holds, and how each comes back.
NOT_HELD: Final = {
    "security rules": "make deploy STEP=rules",
    "indexes": "make deploy STEP=indexes",
    "TTL policies": "make deploy STEP=indexes",
}
# Of the service itself, and over with it: whoever restores a database starts without.
LEFT_OUT: Final = ("backups", "health_checks", "maintenance_runs", "paces", "service")


class Manifest(BaseModel):
    """One backup: of which database and moment, and each of its files."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    format: int
    # By which files and restores name it.
    backup: str
    database: str
    # As of which moment it is, and when it was made (RFC 3339).
    moment: str
    begun_at: str
    ended_at: str
    documents: int
    collections: dict[str, int]
    left_out: list[str]
    not_held: dict[str, str]
    parts: list[Part]

    @property
    def at(self) -> datetime:
        """The moment."""
        return datetime.fromisoformat(self.moment)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A backup in its folder."""

    folder: Path
    manifest: Manifest


def counted(parts: Sequence[Part]) -> dict[str, int]:
    """Documents by collection."""
    return dict(sorted(sum((Counter(part.collections) for part in parts), Counter[str]()).items()))


def folder_name(moment: datetime) -> str:
    """Of the backup of a moment."""
    return moment.astimezone(UTC).strftime(_NAMED)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Writes it, with its own hash."""
    content = manifest.model_dump()
    write_json(folder / MANIFEST, {**content, "sha256": sha256_of_json(content)})


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a folder. Raises `DamagedError`."""
    try:
        content: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        said = content.pop("sha256", None)
        manifest = Manifest.model_validate(content)
    except FileNotFoundError as error:
        raise DamagedError(MANIFEST, "is missing: the backup was not finished") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise DamagedError(MANIFEST, "does not read as a manifest") from error
    if said != sha256_of_json(content):
        raise DamagedError(MANIFEST, "was changed: its own SHA-256 is not right")
    if manifest.format != FORMAT:
        raise DamagedError(MANIFEST, f"is of format {manifest.format}, known is {FORMAT}")
    return manifest


def check_backup(kept: Kept, tell: Callable[[int], None]) -> list[str]:
    """Everything that is wrong with the files, each with its name; told how many documents were read."""
    manifest, wrong = kept.manifest, []
    for part in manifest.parts:
        try:
            check_part(kept.folder, manifest.backup, part)
        except DamagedError as damaged:
            wrong.append(str(damaged))
        tell(part.documents)
    known = {MANIFEST, *(part.file for part in manifest.parts)}
    wrong += [f"{one.name} is none of this backup's files" for one in _files(kept.folder) if one.name not in known]
    if (manifest.documents, manifest.collections) != (
        sum(part.documents for part in manifest.parts),
        counted(manifest.parts),
    ):
        wrong.append(f"{MANIFEST} counts other documents than its files hold")
    return wrong


def _files(folder: Path) -> list[Path]:
    return sorted(one for one in folder.iterdir() if not one.name.startswith("."))


def find_backup(place: Path, to_time: datetime | None) -> Kept:
    """The backup that a folder is, or the last one in it, of `to_time` or before.

    Raises `WrongUseError` where there is none, and `DamagedError`.
    """
    if (place / MANIFEST).exists():
        folders = [place]
    elif place.is_dir():
        folders = sorted((one for one in place.iterdir() if moment_of(one)), key=lambda one: one.name)
    else:
        message = f"{place} is no folder"
        raise WrongUseError(message)
    chosen = [one for one in folders if to_time is None or one == place or (moment_of(one) or to_time) <= to_time]
    if not chosen:
        when = f" of {to_time.isoformat()} or before" if to_time else ""
        message = f"there is no finished backup{when} in {place}"
        raise WrongUseError(message)
    return Kept(folder=chosen[-1], manifest=read_manifest(chosen[-1]))


def moment_of(folder: Path) -> datetime | None:
    """As of which moment a folder of a finished backup is; None where it is none."""
    try:
        return datetime.strptime(folder.name, _NAMED).replace(tzinfo=UTC)
    except ValueError:
        return None


def forget_old(place: Path, days: int, now: datetime) -> list[Path]:
    """Deletes the backups of more than so many days (of UTC, today the last of them) ago; answers which."""
    old = [one for one in sorted(place.iterdir()) if is_old(one, days, now)]
    for folder in old:
        shutil.rmtree(folder)
    return old


def is_old(folder: Path, days: int, now: datetime) -> bool:
    """Whether a folder is that of a backup of more than so many days ago."""
    moment, first = _begun(folder), now.astimezone(UTC).date() - timedelta(days=days - 1)
    return moment is not None and moment.date() < first


def _begun(folder: Path) -> datetime | None:
    """As `moment_of`, also of one that was never finished."""
    return moment_of(folder.with_name(folder.name.removesuffix(UNFINISHED)))
