"""What the drill provokes with is real: deployed processes, a memory limit, a leak, a database that can be gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from emulator.errors import SetupError
from emulator.firestore import FirestoreEmulator
from tools.monitoring.drill.environment import ServedFunction, Stage, trouble
from tools.monitoring.drill.population import Call, scheduled, send
from tools.monitoring.drill.provoking import _expect, _limit_file, _said
from tools.monitoring.drill.settings import LEAK_MIB, LIMIT_FILE
from tools.monitoring.log_lines import Entry

NIGHT = datetime(2026, 3, 4, 4, 10, tzinfo=UTC)
LIMITED = Path("tools/monitoring/drill/limited_main.py").resolve()


@pytest.fixture
def stage(emulator: FirestoreEmulator) -> Iterator[Stage]:
    """A database of its own."""
    with Stage(emulator.host) as running:
        yield running


def started(stage: Stage, limit: Path, leak_mib: int = 0) -> ServedFunction:
    """The job under a limit."""
    settings = {LIMIT_FILE: str(limit), LEAK_MIB: str(leak_mib)}
    return stage.start("maintenance", main=LIMITED, **settings)


def told(entries: list[Entry], event: str) -> Entry:
    (found,) = [entry for entry in entries if entry.payload["event"] == event]
    return found


def test_a_run_tells_its_memory_against_the_limit_and_a_leak_makes_it_grow(stage: Stage) -> None:
    with _limit_file() as limit:
        job = started(stage, limit, leak_mib=64)
        ratios = []
        for hour in (0, 1):
            assert send([scheduled(job.url, NIGHT.replace(hour=hour))]) == [200]
            ended = told(job.entries(), "maintenance_completed").payload
            assert ended["memory_limit_mib"] == 512
            ratios.append(ended["memory_ratio"])
    # 64 of 512 MiB are an eighth.
    assert ratios[1] - ratios[0] == pytest.approx(0.125, abs=0.02)
    assert 0.2 < ratios[0] < 0.5


def test_while_the_database_is_gone_a_run_fails_and_says_so_and_then_it_does_not(stage: Stage) -> None:
    with _limit_file() as limit:
        job = started(stage, limit)
        with trouble(stage.line):
            assert send([scheduled(job.url, NIGHT)]) == [503]
        assert told(job.entries(), "maintenance_failed").payload["reason"] == "database_unavailable"
        assert send([scheduled(job.url, NIGHT.replace(minute=11))]) == [200]
        assert told(job.entries(), "maintenance_completed").payload["status"] == "success"


def test_lines_are_those_since_one_last_asked(stage: Stage) -> None:
    streak = stage.start("streak")
    assert streak.entries() == []
    assert send([Call(url=streak.url, path="/streak", token="")] * 2) == [401, 401]
    refused = [entry for entry in streak.entries() if entry.payload["event"] == "sign_in_refused"]
    assert [entry.content["resource"]["labels"]["service_name"] for entry in refused] == ["streak", "streak"]
    assert streak.entries() == []


def test_a_function_that_does_not_come_up_is_an_error_with_its_words(stage: Stage) -> None:
    with pytest.raises(SetupError, match="STREAK_SLOW_MS"):
        stage.start("streak", STREAK_SLOW_MS="never", K_SERVICE="")


def test_a_provocation_that_did_not_work_is_an_error(stage: Stage) -> None:
    assert stage.database
    _expect([200, 201], {200, 201})
    with pytest.raises(SetupError, match=r"\[503\] were answered"):
        _expect([200, 503], {200})
    with pytest.raises(SetupError, match="no line says transaction_retry"):
        _said([], "transaction_retry")
