"""Some days of the service: traffic by the hour, a nightly job, and an outage, a rush and a spoilt document.

It must not know metrics. The same seed lives the same days.
"""

from __future__ import annotations

import math
import random
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from emulator.progress import shown_count
from tools.monitoring.drill.environment import trouble
from tools.monitoring.preview import population
from tools.monitoring.preview.sending import RequestContext, Sender

if TYPE_CHECKING:
    from collections.abc import Mapping

    from google.cloud import firestore

    from tools.monitoring.drill.tcp_proxy import Line

STEP: Final = timedelta(minutes=5)
JOB_AT: Final = time(5, 0, tzinfo=UTC)
JOB: Final = RequestContext(function="maintenance", method="POST", path="/", uid="operator", is_admin=True)
# Cloud Scheduler's own second try, and how long before the job the database begins not to answer.
SECOND_TRY: Final = timedelta(minutes=10)
OUTAGE: Final = timedelta(minutes=5)
USERS: Final = 60
REQUESTS_A_STEP_MAX: Final = 6
RUSH: Final = timedelta(minutes=15)
RUSH_REQUESTS: Final = 40
_RUSH_AT: Final = time(18, 0, tzinfo=UTC)
_SPOILT_AT: Final = time(12, 0, tzinfo=UTC)
_QUIETEST_HOUR: Final = 3
_STRANGERS: Final = 0.03
_READERS: Final = 0.6
_SEED: Final = 42
_READS: Final = (
    RequestContext(function="streak", method="GET", path="/"),
    RequestContext(function="calendar", method="GET", path="/?days=30"),
    RequestContext(function="consistency", method="GET", path="/"),
)
_ACTIVITIES: Final[tuple[tuple[str, Mapping[str, Any]], ...]] = (
    ("flashcard_set_completed", {"correct": 30}),
    ("quiz_completed", {"difficulty": "hard", "score": 80}),
    ("evaluation_completed", {"grade": 8}),
    ("study_guide_completed", {}),
)


@dataclass(kw_only=True)
class Life:
    """Everything that happens from `begin` until `end`; all moments are in UTC."""

    begin: datetime
    end: datetime
    client: firestore.Client
    sender: Sender
    # The one between the functions and the database.
    line: Line
    chance: random.Random = field(default_factory=lambda: random.Random(_SEED))  # noqa: S311 - no secret depends on it

    def live(self) -> None:
        """Lives it. Raises `httpx.HTTPError` when a function does not answer."""
        population.settle_in(
            self.client, self.begin, math.ceil((self.end - self.begin) / timedelta(days=1)), self.chance
        )
        steps = int((self.end - self.begin) / STEP)
        with shown_count("five minutes each", steps) as show:
            for number in range(1, steps + 1):
                self._step(self.begin + number * STEP)
                show(number)

    def _step(self, at: datetime) -> None:
        if at == self._nth(1, _SPOILT_AT):
            population.spoil_one(self.client, at - timedelta(days=2))
        requests = self._traffic(at)
        outage = self._nth(2, JOB_AT)
        if at.timetz() == JOB_AT or at == outage + SECOND_TRY:
            requests.append(JOB)
        if self._nth(1, _RUSH_AT) <= at < self._nth(1, _RUSH_AT) + RUSH:
            requests += [replace(self._activity(), uid="user-00")] * RUSH_REQUESTS
        is_cut = outage - OUTAGE <= at <= outage
        if is_cut:
            # Also at night somebody is up.
            requests += [replace(read, uid="user-00") for read in _READS]
        with trouble(self.line) if is_cut else nullcontext():
            self.sender.send(at, requests)

    def _nth(self, number: int, of_day: time) -> datetime:
        """When that time of day comes for the nth time."""
        first = datetime.combine(self.begin.date(), of_day)
        return first + timedelta(days=number - (first > self.begin))

    def _traffic(self, at: datetime) -> list[RequestContext]:
        """A few requests, the most in the afternoon."""
        wave = 0.5 - 0.5 * math.cos(2 * math.pi * (at.hour + at.minute / 60 - _QUIETEST_HOUR) / 24)
        return [self._request() for _ in range(self.chance.randint(0, 1) + round(REQUESTS_A_STEP_MAX * wave))]

    def _request(self) -> RequestContext:
        if self.chance.random() < _STRANGERS:
            return self.chance.choice(_READS)
        uid = f"user-{self.chance.randrange(USERS):02d}"
        if self.chance.random() < _READERS:
            return replace(self.chance.choice(_READS), uid=uid)
        return replace(self._activity(), uid=uid)

    def _activity(self) -> RequestContext:
        activity_type, metadata = self.chance.choice(_ACTIVITIES)
        body = {"activity_type": activity_type, "metadata": metadata}
        return RequestContext(function="streak", method="POST", path="/activities", body=body)
