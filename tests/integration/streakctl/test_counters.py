"""`streakctl counters` as an operator gives it: what was counted, and what the check of each day said."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from streak_core.records.acts import ActStatus
from streak_core.records.counting import totals_hash
from streak_core.records.recounting import Recounting
from tests.integration.records.trailed import ADA, NOTE, NOW, trails
from tests.integration.streakctl.calling import call
from tools.streakctl import show

if TYPE_CHECKING:
    import pytest

    from tests.support.recorded_client import RecordedClient

REFUSED = replace(NOTE, status=ActStatus.FAILED)
TOMORROW = NOW + timedelta(days=1)
AT = ("--now", "2026-03-03T10:00:00Z")


def test_each_day_is_shown_with_what_its_check_said(client: RecordedClient) -> None:
    for at in (NOW, NOW, TOMORROW):
        trails(client).append(ADA, REFUSED, at)
    part = next(one for one in client.collection("counters").stream() if one.id.startswith("2026-03-02."))
    part.reference.delete()
    Recounting(client).check_some(TOMORROW)
    found = json.loads(call(client.project, "counters", "--days", "2", "--json", *AT).stdout)["days"]
    unchecked = {"day": "2026-03-03", "checked_at": None, "parts_mended": None, "counted": {"failed-actions": 1}}
    unchecked["totals_hash"] = None
    checked = {"checked_at": "2026-03-03T09:00:00Z", "parts_mended": 1, "counted": {"failed-actions": 2}}
    checked["totals_hash"] = totals_hash((client.document("counters/2026-03-02").get().to_dict() or {})["totals"])
    assert found == [unchecked, {"day": "2026-03-02", **checked}]
    shown = call(client.project, "counters", *AT)
    assert shown.exit_code == 0
    assert "failed-actions 2" in shown.stdout


def test_totals_that_no_check_wrote_are_found_by_counting_the_records_once_more(
    client: RecordedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in (NOW, NOW, TOMORROW):
        trails(client).append(ADA, REFUSED, at)
    forged = {"totals": "{}", "checked_at": NOW, "mended": 0}
    client.document("counters/2026-03-02").set(forged, merge=True)
    found = json.loads(call(client.project, "counters", "--recount", "--json", *AT).stdout)["days"]
    assert [(one["day"], one["records"], one["recounted"]) for one in found] == [
        ("2026-03-03", 1, "the same"),
        ("2026-03-02", 2, {"failed-actions": 2}),
    ]
    monkeypatch.setattr(show, "RECOUNTED_MAX", 1)
    shown = call(client.project, "counters", "--recount", "--days", "2", *AT).stdout
    assert "too many records" in " ".join(shown.split())
    assert (client.document("counters/2026-03-02").get().to_dict() or {})["totals"] == "{}"


def test_where_nothing_was_counted_nothing_is_shown(client: RecordedClient) -> None:
    assert json.loads(call(client.project, "counters", "--json", *AT).stdout) == {"days": []}
