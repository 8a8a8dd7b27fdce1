"""What keeps the data safe: point-in-time recovery, managed daily backups, and the bucket of the exports.

Must not know what an export is, nor whether a bucket of that name is ours: that is looked at before.
"""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any, Final

from functions.catalogue import CATALOGUE
from tools.deploy.action import FOUND, Action, gcloud
from tools.deploy.settings import BACKUP

if TYPE_CHECKING:
    from tools.deploy.settings import Settings

# By which a bucket is known to be ours: in it everything is deleted in time.
LABEL: Final = ("app", "unbroken")
# Where gcloud finds what is to become of the objects.
LIFECYCLE_FILE: Final = "build/backups-lifecycle.json"
PITR: Final = "POINT_IN_TIME_RECOVERY_ENABLED"
# Google's words for a bucket that no setting opens to the public.
CLOSED: Final = "enforced"
# A database has one daily schedule at most, and one of its weeks, which is left as it is.
DAILY: Final = "NOT weeklyRecurrence:*"


def backup_actions(settings: Settings) -> tuple[Action, ...]:
    """Switches on what is to be on; each is brought up to date where it is there."""
    place = {"database": settings.database, "project": settings.project}
    keeping = {"retention": f"{settings.backup_days}d", "quiet": True}
    return (
        Action(
            what=f"point-in-time recovery of the database {settings.database}",
            command=gcloud("firestore databases update", enable_pitr=True, **place, quiet=True),
        ),
        Action(
            what=f"managed daily backups, kept for {settings.backup_days} days",
            listing=gcloud("firestore backups schedules list", filter=DAILY, format="value(name.basename())", **place),
            command=gcloud("firestore backups schedules create", recurrence="daily", **place, **keeping),
            update=gcloud("firestore backups schedules update", backup_schedule=FOUND, **place, **keeping),
        ),
        *_bucket_actions(settings),
    )


def _bucket_actions(settings: Settings) -> tuple[Action, ...]:
    name, project = settings.backup_bucket, settings.project
    url = f"gs://{name}"
    written = f"mkdir -p build && printf %s {shlex.quote(json.dumps(lifecycle(settings)))} >{LIFECYCLE_FILE}"
    closed = {"uniform_bucket_level_access": True, "public_access_prevention": True}
    account = next(one.service_account for one in CATALOGUE if one.name == BACKUP)
    grant = {"member": settings.member(account), "role": "roles/storage.admin", "format": "none"}
    return (
        Action(
            what=f"the bucket {name}",
            # Names of buckets are everybody's: of those of this project alone.
            listing=gcloud("storage buckets list", filter=f"name={name}", format="value(name)", project=project),
            command=gcloud("storage buckets create", url, location=settings.region, **closed, project=project),
        ),
        Action(what="when its objects are deleted", command=("sh", "-c", written)),
        Action(
            what=f"{name}: closed to the public, and each object is deleted after {settings.backup_days} days",
            command=gcloud(
                "storage buckets update",
                url,
                lifecycle_file=LIFECYCLE_FILE,
                update_labels="=".join(LABEL),
                **closed,
                project=project,
            ),
        ),
        Action(
            what=f"{account}: storage.admin on {name} (on its behalf Firestore writes the exports)",
            command=gcloud("storage buckets add-iam-policy-binding", url, **grant, project=project),
        ),
    )


def kept(settings: Settings) -> tuple[dict[str, str], dict[str, str]]:
    """What will be set of the database and of the bucket, by the names that what is in force has."""
    days = f"{settings.backup_days} days"
    database = {"point-in-time recovery": PITR, "daily backups are kept": days}
    return database, {"objects are kept": days, "public access": CLOSED}


def lifecycle(settings: Settings) -> dict[str, Any]:
    """What becomes of the objects, as Cloud Storage says it."""
    return {"rule": [{"action": {"type": "Delete"}, "condition": {"age": settings.backup_days}}]}
