"""The part of the configuration that says when the database is exported, and where to.

It must not know the rest; what is wrong is added to a list, each line naming its variable.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING, Final

from streak_core.domain.zones import UTC_NAME, zone_names

if TYPE_CHECKING:
    from collections.abc import Mapping

_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class BackupRules:
    """From which time of a day on that day's export is due, in which zone, and the bucket that it goes to.

    Without a bucket nothing is exported.
    """

    at: time = time(2)
    time_zone: str = UTC_NAME
    bucket: str | None = None
    # Where a local stand-in of Firestore's admin API listens; None for Firestore itself.
    emulator_host: str | None = None


def backup_rules(environ: Mapping[str, str], wrong: list[str]) -> BackupRules:
    """What the environment says."""
    text = environ.get("BACKUP_TIME") or "02:00"
    at, time_zone = _TIME.fullmatch(text), environ.get("BACKUP_TIME_ZONE") or UTC_NAME
    bucket = environ.get("BACKUP_BUCKET") or None
    if at is None:
        wrong.append("BACKUP_TIME: is not a time of the day such as 02:00")
    if time_zone not in zone_names():
        wrong.append("BACKUP_TIME_ZONE: is not a time zone of the IANA database, such as Europe/Amsterdam")
    if bucket and not _BUCKET.fullmatch(bucket):
        wrong.append("BACKUP_BUCKET: is not the name of a bucket, which stands without gs:// and without a path")
    return BackupRules(
        at=time(int(at[1]), int(at[2])) if at else time(2),
        time_zone=time_zone,
        bucket=bucket,
        emulator_host=environ.get("FIRESTORE_ADMIN_EMULATOR_HOST") or None,
    )
