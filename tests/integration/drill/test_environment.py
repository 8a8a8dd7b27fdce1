"""What the drill records is real: deployed processes, a leak, a process that is killed, a database that can be gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from emulator.errors import SetupError
from emulator.firestore import FirestoreEmulator
from tools.monitoring.drill.environment import Environment, trouble
from tools.monitoring.drill.platform import memory_of
from tools.monitoring.drill.population import Call, expect, scheduled, send
from tools.monitoring.drill.recording import kill_in_mid_run, leaking_job, said
from tools.monitoring.log_lines import Entry

NIGHT = datetime(2026, 3, 4, 4, 10, tzinfo=UTC)


@pytest.fixture
def environment(emulator: FirestoreEmulator) -> Iterator[Environment]:
    """A database of its own."""
    with Environment(emulator.host) as running:
        yield running


def told(entries: list[Entry], event: str) -> Entry:
    (found,) = [entry for entry in entries if entry.payload["event"] == event]
    return found


def test_a_leak_makes_the_memory_of_a_run_grow(environment: Environment) -> None:
    job = leaking_job(environment, leak_mib=64)
    used = []
    for hour in (0, 1):
        assert send([scheduled(job.url, NIGHT.replace(hour=hour))]) == [200]
        (measured,) = memory_of(job.entries())
        used.append(measured.value)
    # 64 of 512 MiB are an eighth.
    assert used[1] - used[0] == pytest.approx(0.125, abs=0.02)
    assert 0.2 < used[0] < 0.5


def test_a_run_that_is_killed_has_begun_and_says_nothing_of_its_end(environment: Environment) -> None:
    events = {entry.payload["event"] for entry in kill_in_mid_run(environment, environment.start("maintenance"))}
    assert "maintenance_started" in events
    assert not events & {"maintenance_completed", "maintenance_failed", "request_completed"}


def test_while_the_database_is_gone_a_run_fails_and_says_so_and_then_it_does_not(environment: Environment) -> None:
    job = environment.start("maintenance")
    with trouble(environment.proxy):
        assert send([scheduled(job.url, NIGHT)]) == [503]
    assert told(job.entries(), "maintenance_failed").payload["reason"] == "database_unavailable"
    assert send([scheduled(job.url, NIGHT.replace(minute=11))]) == [200]
    assert told(job.entries(), "maintenance_completed").payload["status"] == "success"


def test_lines_are_those_since_one_last_asked(environment: Environment) -> None:
    streak = environment.start("streak")
    assert streak.entries() == []
    assert send([Call(url=streak.url, path="/streak", token="")] * 2) == [401, 401]
    refused = [entry for entry in streak.entries() if entry.payload["event"] == "sign_in_refused"]
    assert [entry.content["resource"]["labels"]["service_name"] for entry in refused] == ["streak", "streak"]
    assert streak.entries() == []


def test_a_function_that_does_not_come_up_is_an_error_with_its_words(environment: Environment) -> None:
    with pytest.raises(SetupError, match="STREAK_SLOW_MS"):
        environment.start("streak", STREAK_SLOW_MS="never", K_SERVICE="")


def test_a_trouble_that_did_not_come_about_is_an_error() -> None:
    expect([200, 201], {200, 201})
    with pytest.raises(SetupError, match=r"\[503\] were answered"):
        expect([200, 503], {200})
    with pytest.raises(SetupError, match="no line says transaction_retry"):
        said([], "transaction_retry")
