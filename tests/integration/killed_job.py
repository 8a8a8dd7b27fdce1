"""One run of the job, `PROJECT RUN MOMENT`, in a process that a test kills. Must not know what becomes of it."""

from __future__ import annotations

import sys
from datetime import datetime

from google.cloud import firestore

from streak_core.config.maintenance import MaintenanceRules
from streak_core.maintenance.run import Maintenance
from streak_core.store.due import DueStore
from streak_core.store.runs import RunStore
from tests.support.shipped_policy import policies

READY = "ready"


def main(project: str, run: str, moment: str) -> None:
    """Says that it is ready, and runs the job."""
    client = firestore.Client(project=project)
    rules = MaintenanceRules(threads=2, page_users=6, batch_users=2)
    job = Maintenance(DueStore(client), RunStore(client), policies, rules=rules)
    sys.stdout.write(READY)
    sys.stdout.flush()
    job.run(run, datetime.fromisoformat(moment))


if __name__ == "__main__":
    main(*sys.argv[1:])
