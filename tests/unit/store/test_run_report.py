"""The report of a run has one form, which is that of the contract, and is read back as it was."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import pytest
from pydantic import TypeAdapter, ValidationError

from streak_core.maintenance.report import report_of
from streak_core.store.run_documents import Counts
from streak_core.store.run_report import RunReport, RunStatus, Stop, report_content
from testing.contract import DOCUMENT

NOW: Final = datetime(2026, 3, 4, 5, tzinfo=UTC)
SCHEMAS: Final = DOCUMENT["components"]["schemas"]
REPORT: Final = report_of(
    "2026-03-04T05:00:00Z",
    Counts(errors=1, oldest_deadline=NOW, unreadable=({"user_id": "ada", "reason": "state"},)),
    NOW,
    2.0,
    stops={5: Stop.FAILURE},
)


def read(content: dict[str, Any]) -> RunReport:
    return TypeAdapter(RunReport).validate_python(content)


def test_the_contract_has_the_same_statuses_and_reasons() -> None:
    told = SCHEMAS["MaintenanceReport"]["properties"]
    assert {*told["status"]["enum"], SCHEMAS["MaintenanceAccepted"]["properties"]["status"]["const"]} == set(RunStatus)
    # A call whose run was taken over answers no report.
    assert set(told["stopped_by"]["enum"]) == {None, *Stop} - {Stop.TAKEN_OVER}


@pytest.mark.parametrize("shard", [None, 0, 63])
def test_a_report_is_read_back_as_it_was_and_names_its_shard_where_it_is_of_one(shard: int | None) -> None:
    report = report_of("r", Counts(), NOW, 2.0, shard=shard)
    content = report_content(report)
    assert content.get("shard") == shard
    assert ("shard" in content) is (shard is not None)
    assert read(content) == report


def test_a_report_is_plain_json() -> None:
    content = report_content(REPORT)
    assert (content["status"], content["stopped_by"], content["shards_unfinished"]) == ("partial", "failure", [5])
    assert type(content["status"]) is str
    assert (content["timestamp"], content["unreadable"]) == (
        "2026-03-04T05:00:00Z",
        [{"user_id": "ada", "reason": "state"}],
    )
    assert read(content) == REPORT


@pytest.mark.parametrize("change", [{"to_come": 1}, {"status": "paused"}, {"stopped_by": "mood"}], ids=str)
def test_a_report_of_another_form_is_not_half_read(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        read(report_content(REPORT) | change)
