"""The trouble of what is kept beside streaks: trails, counters or final standings that can't be gone on with.

It must not know metrics or policies.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Final

from google.cloud import firestore

from emulator.token import PROJECT
from tools.monitoring.drill.environment import Environment
from tools.monitoring.drill.population import Call, expect, scheduled, send
from tools.monitoring.drill.recording import WARM_CALLS_MAX, Recordings, said

_NIGHT: Final = datetime(2026, 3, 4, 4, 10, tzinfo=UTC)
_DAY: Final = timedelta(days=1)


def with_records(recorded: Recordings, emulator_host: str) -> Recordings:
    """What is recorded, with those lines. Raises `SetupError`."""
    with Environment(emulator_host) as environment:
        client = firestore.Client(project=PROJECT, database=environment.database)
        # A trail that does not read takes no refusal.
        client.document("records/ada").set({"schema_version": 0})
        admin = environment.start("admin")
        body = {"day": "2026-03-01", "reason": "asked"}
        path = "/admin/users/ada/restorations"
        refused = Call(url=admin.url, method="POST", path=path, user="ops", is_admin=True, body=body, at=_NIGHT)
        for _ in range(WARM_CALLS_MAX):
            if send([refused]) == [HTTPStatus.CONFLICT]:
                break
        admin.entries()
        expect(send([refused]), {HTTPStatus.CONFLICT})
        untold = said(admin.entries(), "audit_failed")
        job = environment.start("maintenance")
        expect(send([scheduled(job.url, _NIGHT)]), {HTTPStatus.OK})
        job.entries()
        # A day that somebody wrote in; and rounds that somebody put back again and again.
        client.document("counters/2026-03-04").set({"mended": "x"})
        expect(send([scheduled(job.url, _NIGHT + _DAY)]), {HTTPStatus.OK})
        unchecked = said(job.entries(), "counters_failed")
        client.document("counters/2026-03-04").delete()
        place = {"since": _NIGHT - 2 * _DAY, "until": _NIGHT - _DAY, "shard": 0}
        client.document("trails/heads").set(place)
        expect(send([scheduled(job.url, _NIGHT + 2 * _DAY)]), {HTTPStatus.OK})
        late = said(job.entries(), "audit_heads_checked")
        # What a newer program would have written of the month that was frozen last.
        client.document("leaderboard_standings/month.2026-02").set({"schema_version": 0})
        expect(send([scheduled(job.url, _NIGHT + 3 * _DAY)]), {HTTPStatus.OK})
        unplaced = said(job.entries(), "standings_failed")
    told = replace(recorded, untold_refusal=untold, unchecked_night=unchecked)
    return replace(told, night_without_heads=late, unplaced_night=unplaced)
