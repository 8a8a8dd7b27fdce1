"""`streakctl audit verify` as an operator gives it: what it finds, what it says, and how it ends."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from streak_core.records.acts import EVERYBODY
from streak_core.records.heads import AuditHeads
from tests.integration.records.trailed import ADA, NOTE, NOW, give, trails
from tests.integration.streakctl.calling import call

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result

    from tests.support.recorded_client import RecordedClient

AT = "2026-03-05T09:00:00Z"


@pytest.fixture
def trailed(client: RecordedClient) -> RecordedClient:
    """Two users and everybody, each with a trail."""
    give(client)
    give(client, uid="ben")
    trails(client).append(ADA, NOTE, NOW)
    trails(client).append(EVERYBODY, NOTE, NOW)
    return client


def verify(client: RecordedClient, *words: str) -> Result:
    return call(client.project, "audit", "verify", "--now", AT, *words)


def found(result: Result) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(result.stdout)
    return said


def test_trails_as_they_were_written_end_with_0(trailed: RecordedClient) -> None:
    result = verify(trailed)
    assert (result.exit_code, result.stdout) == (0, "3 trails, 0 of them not as they were written\n")
    assert found(verify(trailed, "--json")) == {"trails": 3, "wrong": []}
    assert found(verify(trailed, "--json", "--uid", "ben"))["trails"] == 1


def test_what_was_done_to_one_ends_with_1_and_is_said(trailed: RecordedClient) -> None:
    trailed.document("records/ada/audit/000000000001").delete()
    trailed.document("trails/rules/audit/000000000001").update({"hash": "x"})
    result = verify(trailed)
    assert result.exit_code == 1
    assert "user:ada: entry 000000000001 is missing, and would be kept until 2027-04-06" in result.stdout
    assert "service:rules: entry 000000000001 was edited: its hash is another one" in result.stdout
    assert [one["subject"] for one in found(verify(trailed, "--json"))["wrong"]] == ["service:rules", "user:ada"]
    assert verify(trailed, "--uid", "ben").exit_code == 0


@pytest.mark.parametrize("as_list", [True, False])
def test_a_trail_that_is_gone_is_missed_by_what_was_logged(
    trailed: RecordedClient, tmp_path: Path, *, as_list: bool
) -> None:
    said: list[str] = []
    AuditHeads(trailed, told=said.append).log_some(NOW + timedelta(hours=1))
    payloads = [{"jsonPayload": {"event": "audit_heads", "heads": one}} for one in said]
    payloads.append({"jsonPayload": {"event": "maintenance_started"}})
    file = tmp_path / "heads.json"
    file.write_text(json.dumps(payloads) if as_list else "\n".join(map(json.dumps, payloads)))
    assert found(verify(trailed, "--json", "--heads", str(file))) == {"trails": 3, "wrong": []}
    for path in ("records/ben", "records/ben/audit/000000000001"):
        trailed.document(path).delete()
    assert verify(trailed).exit_code == 0
    [wrong] = found(verify(trailed, "--json", "--heads", str(file)))["wrong"]
    assert wrong["subject"] == "user:ben"


@pytest.mark.parametrize("text", ["x", '{"event": "audit_heads"}', '{"event": "audit_heads", "heads": "[[1]]"}'])
def test_a_file_that_has_no_heads_ends_with_2(trailed: RecordedClient, tmp_path: Path, text: str) -> None:
    file = tmp_path / "heads.json"
    file.write_text(text)
    result = verify(trailed, "--heads", str(file))
    assert result.exit_code == 2
    assert "is no file of log lines of the event audit_heads" in result.output
