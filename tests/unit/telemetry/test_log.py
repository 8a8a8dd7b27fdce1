"""One way to log: events of the catalogue, typed fields, the request that goes on, and never an error of its own."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

import pytest

from streak_core.telemetry import LogEvent, count, log
from streak_core.telemetry.context import Tally, Work, current, during
from streak_core.telemetry.log import LOGGER
from streak_core.telemetry.operations import SLOW_MS, call_slow_from, milliseconds_since, note_duration

WORK = Work(function="streak", request_id="ab" * 16)


class Kept(logging.Handler):
    """Keeps records; fails where a test wants it to."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []
        self.failure: Exception | None = None

    def handle(self, record: logging.LogRecord) -> bool:
        if self.failure:
            raise self.failure
        self.records.append(record)
        return True

    def lines(self) -> list[dict[str, Any]]:
        return [record.__dict__["json_fields"] for record in self.records]


@pytest.fixture
def kept() -> Iterator[Kept]:
    handler, before = Kept(), LOGGER.level
    LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.INFO)
    yield handler
    LOGGER.removeHandler(handler)
    LOGGER.setLevel(before)


def test_a_line_has_its_event_its_sentence_and_its_fields(kept: Kept) -> None:
    log(LogEvent.USER_FAILED, "a user has 100 % of %s", user_id="ada", attempts=3, is_new=True, ratio=0.5)
    assert kept.lines() == [{"event": "user_failed", "user_id": "ada", "attempts": 3, "is_new": True, "ratio": 0.5}]
    assert kept.records[0].getMessage() == "a user has 100 % of %s"
    assert kept.records[0].levelno == logging.ERROR
    assert kept.records[0].funcName == "test_a_line_has_its_event_its_sentence_and_its_fields"


def test_a_severity_that_is_said_wins_over_that_of_the_event(kept: Kept) -> None:
    log(LogEvent.MAINTENANCE_COMPLETED, "x")
    log(LogEvent.MAINTENANCE_COMPLETED, "x", severity=logging.WARNING)
    assert [record.levelno for record in kept.records] == [logging.INFO, logging.WARNING]


def test_what_is_none_or_no_number_is_left_out_and_nothing_and_zero_are_not(kept: Kept) -> None:
    log(LogEvent.SHARD_FAILED, "x", a=None, b=math.nan, c=math.inf, d=0, e="", f=False, g=0.0)
    assert kept.lines() == [{"event": "shard_failed", "d": 0, "e": "", "f": False, "g": 0.0}]


def test_a_line_names_the_request_that_goes_on_and_no_other(kept: Kept) -> None:
    with during(WORK):
        log(LogEvent.SHARD_FAILED, "x", function="another", request_id="another", event="another")
    log(LogEvent.SHARD_FAILED, "x")
    assert kept.lines() == [
        {"event": "shard_failed", "function": "streak", "request_id": WORK.request_id},
        {"event": "shard_failed"},
    ]
    assert current() is None


def test_threads_that_are_given_the_context_name_the_request_and_share_its_tally(kept: Kept) -> None:
    def work() -> None:
        for _ in range(1_000):
            count(reads=1, writes=2)
        log(LogEvent.SHARD_FAILED, "x")

    with during(Work(function="maintenance", request_id="r")) as request, ThreadPoolExecutor(8) as pool:
        for each in [pool.submit(copy_context().run, work) for _ in range(8)]:
            each.result()
        pool.submit(count, reads=1).result()
    assert (request.tally.reads, request.tally.writes) == (8_000, 16_000)
    assert kept.lines() == [{"event": "shard_failed", "function": "maintenance", "request_id": "r"}] * 8


def test_two_requests_have_tallies_of_their_own() -> None:
    with during(Work(function="x", request_id="1")) as first:
        count(reads=1)
        with during(Work(function="x", request_id="2")) as second:
            count(retries=1, bonuses_earned=1)
        count(writes=1)
    count(reads=100)
    tallies = [(one.reads, one.writes, one.retries, one.bonuses_earned) for one in (first.tally, second.tally)]
    assert tallies == [(1, 1, 0, 0), (0, 0, 1, 1)]
    assert Tally().reads == 0


def test_a_log_that_fails_does_not_fail_the_work(kept: Kept) -> None:
    kept.failure = OSError("no space left on device")
    log(LogEvent.SHARD_FAILED, "x")
    kept.failure = None
    log(LogEvent.SHARD_FAILED, "x", error=Unspeakable())
    assert len(kept.records) <= 1


class Unspeakable(TypeError):
    """An error that can't even be put into words."""

    def __str__(self) -> str:
        raise RuntimeError


def test_of_an_error_its_kind_and_stack_are_logged(kept: Kept) -> None:
    try:
        int("a secret")
    except ValueError as error:
        log(LogEvent.REQUEST_FAILED, "x", error=error)
    (line,) = kept.lines()
    assert line["error"] == "ValueError"
    assert "test_log.py" in line["stack_trace"]
    assert "secret" not in str({**line, "stack_trace": line["stack_trace"].replace('int("a secret")', "")})
    assert kept.records[0].exc_info is None


def test_what_nobody_listens_to_is_not_even_made(kept: Kept) -> None:
    LOGGER.setLevel(logging.WARNING)
    log(LogEvent.REQUEST_COMPLETED, "x")
    log(LogEvent.SIGN_IN_REFUSED, "x")
    log(LogEvent.TRANSACTION_RETRY, "x")
    assert [line["event"] for line in kept.lines()] == ["transaction_retry"]


def test_an_operation_is_slow_above_the_threshold_and_not_at_it(kept: Kept) -> None:
    assert SLOW_MS == 500
    note_duration("firestore.commit", 500.0, writes=3)
    note_duration("firestore.commit", 500.1, writes=3)
    call_slow_from(10)
    try:
        note_duration("GET /streak", 10.1, reads=1)
    finally:
        call_slow_from(SLOW_MS)
    slow = {"event": "slow_operation", "reads": 0, "writes": 0}
    assert kept.lines() == [
        {**slow, "operation": "firestore.commit", "duration_ms": 500.1, "writes": 3},
        {**slow, "operation": "GET /streak", "duration_ms": 10.1, "reads": 1},
    ]


def test_durations_are_in_milliseconds() -> None:
    assert 1_999 < milliseconds_since(time.perf_counter() - 2) < 60_000
