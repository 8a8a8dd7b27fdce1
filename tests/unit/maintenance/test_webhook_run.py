"""A run over users of whom a server of the app's is to be told: whom it looks at, and when it ends."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import pytest

from streak_core.domain.errors import DatabaseUnavailable
from streak_core.maintenance.webhook_run import RUN_SECONDS_MAX, WebhookRun
from streak_core.store.unreadable import ForeignDocument, UnreadableStreakError
from streak_core.telemetry import LogEvent
from testing.logged import Logged

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)


def due(_now: datetime) -> Iterator[tuple[str, datetime]]:
    yield from ((user_id, NOW) for user_id in ("ada", "ben", "eve"))


def test_a_run_whose_database_goes_away_is_logged_and_ends() -> None:
    def away(_now: datetime) -> Iterator[tuple[str, datetime]]:
        yield "ada", NOW
        raise DatabaseUnavailable

    with Logged() as lines:
        assert WebhookRun(away, lambda *_: None, threading.Event()).run(NOW) == 1
    assert [one["reason"] for one in lines.of(LogEvent.WEBHOOKS_FAILED)] == ["database_unavailable"]


@pytest.mark.parametrize("error", [ForeignDocument(), UnreadableStreakError("written by hand")])
def test_a_user_who_can_not_be_read_keeps_no_other_one_back(error: Exception) -> None:
    looked: list[str] = []

    def look_at(user_id: str, _since: datetime) -> None:
        looked.append(user_id)
        if user_id == "ada":
            raise error

    with Logged() as lines:
        assert WebhookRun(due, look_at, threading.Event()).run(NOW) == 3
    assert looked == ["ada", "ben", "eve"]
    assert [one["user_id"] for one in lines.of(LogEvent.WEBHOOKS_FAILED)] == ["ada"]


def test_a_process_that_is_to_end_looks_at_nobody_more() -> None:
    stopping = threading.Event()
    assert WebhookRun(due, lambda *_: stopping.set(), stopping).run(NOW) == 1


def test_once_documents_are_restored_a_run_looks_at_nobody_more() -> None:
    looked: list[str] = []
    run = WebhookRun(
        due, lambda user_id, _: looked.append(user_id), threading.Event(), is_closed=lambda: "ben" in looked
    )
    assert run.run(NOW) == 2
    assert looked == ["ada", "ben"]


def test_a_run_ends_before_the_next_one_comes() -> None:
    clock = iter([0.0, RUN_SECONDS_MAX - 1, RUN_SECONDS_MAX])
    assert WebhookRun(due, lambda *_: None, threading.Event(), lambda: next(clock)).run(NOW) == 1
