"""How often a calendar is unchanged is counted by the metric `requests`, and costs one read where it is."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from typing import TYPE_CHECKING, Final

import httpx

from emulator.token import unsigned_token
from tests.e2e.client import User
from tests.e2e.logs import entries_of, lines_of
from tests.e2e.one_function import OneFunction
from tools.monitoring.checks.dashboard import DASHBOARD
from tools.monitoring.log_lines import read_metrics, select

if TYPE_CHECKING:
    from emulator.firestore import FirestoreEmulator

AUTH: Final = {"FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9099"}
YEAR: Final = "/calendar?days=366"


def test_each_unchanged_calendar_is_a_hit_and_each_other_one_is_none(
    emulator: FirestoreEmulator, http: httpx.Client, served: str
) -> None:
    user = User(http, served, uid=f"hit-{uuid.uuid4().hex[:8]}")
    user.now = None
    user.record()
    signed = {"Authorization": f"Bearer {unsigned_token(user.uid)}"}
    with OneFunction("calendar", {**AUTH, "FIRESTORE_EMULATOR_HOST": emulator.host}) as calendar:
        assert calendar.starts(), calendar.output()
        first = http.get(f"{calendar.url}{YEAR}", headers=signed)
        kept = {**signed, "If-None-Match": first.headers["ETag"]}
        again = [http.get(f"{calendar.url}{YEAR}", headers=kept).status_code for _ in range(3)]
        user.record()
        changed = http.get(f"{calendar.url}{YEAR}", headers=kept)
        assert (first.status_code, again, changed.status_code) == (200, [304] * 3, 200)
        found = select(read_metrics()["requests"], entries_of(calendar, "calendar"))
        lines = lines_of(calendar, "request_completed")
    counted = Counter(one.labels["status_class"] for one in found if one.labels["function"] == "calendar")
    assert counted == {"2xx": 2, "3xx": 3}
    _, *unchanged, last = [line["reads"] for line in lines]
    assert unchanged == [1, 1, 1]
    # A tag that is over costs one read more than none.
    assert 10 < last <= 15


def test_the_dashboard_shows_the_share() -> None:
    asked = 'monitored_resource="cloud_run_revision",function=~"calendar|insights"'
    tiles = json.loads(DASHBOARD.read_text(encoding="utf-8"))["mosaicLayout"]["tiles"]
    (shown,) = [one["widget"] for one in tiles if "unchanged" in one["widget"]["title"]]
    (query,) = [one["timeSeriesQuery"]["prometheusQuery"] for one in shown["xyChart"]["dataSets"]]
    for share in (f'{asked},status_class="3xx"', f'{asked},status_class=~"2xx|3xx"'):
        assert f"logging_googleapis_com:user_streak_requests{{{share}}}" in query
