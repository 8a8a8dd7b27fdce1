"""A run that is fanned out, with a stand-in of Cloud Tasks: what enqueues it writes, and what its tasks write.

It must not know what goes wrong with either.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from emulator.places import MAIN
from testing.stand_in_queue import StandInQueue, listening
from tools.monitoring.drill.environment import Environment, ServedFunction
from tools.monitoring.drill.population import Call, scheduled, send

_QUEUE: Final = {
    "MAINTENANCE_FANOUT": "cloud-tasks",
    "MAINTENANCE_QUEUE": "projects/p/locations/l/queues/q",
    "MAINTENANCE_URL": "https://maintenance.example.com/maintenance",
    "MAINTENANCE_AUDIENCE": "https://maintenance.example.com",
    "MAINTENANCE_SERVICE_ACCOUNT": "scheduler@p.iam.gserviceaccount.com",
}


@dataclass
class FannedOutJob:
    """The job as it is deployed with a queue, whose tasks are delivered when they are asked for."""

    function: ServedFunction
    queue: StandInQueue

    def call(self, at: datetime) -> list[int]:
        """Cloud Scheduler's call; answers its status."""
        self.queue.tasks.clear()
        return send([scheduled(self.function.url, at)])

    def deliver(self, at: datetime, shards: Sequence[int]) -> list[int]:
        """The tasks of those shards; answers their statuses."""
        queries = [urlsplit(task.http_request.url).query for task in self.queue.tasks.values()]
        wanted = [query for query in queries for shard in shards if query.startswith(f"shard={shard}&")]
        task = Call(url=self.function.url, method="POST", user="operator", is_admin=True, at=at)
        return send([replace(task, path=f"/maintenance?{query}") for query in wanted])


@contextmanager
def fanned_out_job(environment: Environment, main: Path = MAIN) -> Iterator[FannedOutJob]:
    """The job with its queue."""
    queue = StandInQueue()
    with listening(queue) as host:
        yield FannedOutJob(environment.start("maintenance", main=main, CLOUD_TASKS_EMULATOR_HOST=host, **_QUEUE), queue)
