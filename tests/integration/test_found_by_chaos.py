"""What the simulation has found, each as small as it was told, so that it stays mended."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NoReturn

import pytest
from google.api_core import exceptions

from streak_core.commands import StreakCommands
from streak_core.domain.commands import ChangeSettings, CheckIn, RecordActivity
from streak_core.domain.errors import DatabaseUnavailable
from streak_core.maintenance.run import Maintenance
from streak_core.queries import StreakQueries
from streak_core.store.due import DueStore
from streak_core.store.runs import RunStore
from streak_core.store.sharding import shard_of
from streak_core.store.users import Loaded, UserStore
from testing.logged import Logged
from tests.support.recorded_client import RecordedClient, Recorder
from tests.support.shipped_policy import policies

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streak_core.store.reading import Cursor

NOW = datetime(2026, 3, 3, 15, tzinfo=UTC)


@pytest.mark.parametrize("failures", [1, 4])
def test_a_shard_whose_progress_meets_a_conflict_keeps_it_all_the_same(
    client: RecordedClient, recorder: Recorder, failures: int
) -> None:
    recorder.before["Commit"] = [exceptions.Aborted("busy")] * failures
    report = Maintenance(DueStore(client), RunStore(client), policies).run_shard("run", 0, NOW)
    assert report.status == "success"
    assert RunStore(client).shard_progress("run", 0, NOW).is_done


def test_a_shard_whose_progress_can_not_be_kept_is_a_database_that_does_not_answer(
    client: RecordedClient, recorder: Recorder
) -> None:
    recorder.before["Commit"] = [exceptions.Aborted("busy")] * 5
    with pytest.raises(DatabaseUnavailable):
        Maintenance(DueStore(client), RunStore(client), policies).run_shard("run", 0, NOW)


class Away(DueStore):
    """The database is away, and the platform ends the process meanwhile."""

    def __init__(self, client: RecordedClient, stopping: threading.Event) -> None:
        super().__init__(client)
        self.stopping = stopping

    def page(self, shard: int, now: datetime, after: Cursor | None, limit: int) -> NoReturn:
        del shard, now, after, limit
        self.stopping.set()
        raise DatabaseUnavailable


def test_a_shard_that_can_not_note_down_how_far_it_came_was_stopped_and_has_not_failed(
    client: RecordedClient, recorder: Recorder
) -> None:
    recorder.before["Commit"] = [exceptions.Aborted("busy")] * 5
    stopping = threading.Event()
    job = Maintenance(Away(client, stopping), RunStore(client), policies, stopping=stopping)
    with Logged() as logged:
        report = job.run_shard("run", 0, NOW)
    assert recorder.before["Commit"] == []
    assert (report.status, report.stopped_by, report.errors) == ("partial", "shutdown", 0)
    assert logged.of("shard_failed") == []


class Flying(UserStore):
    """Right after it is read for the first time, the user flies to where it is tomorrow already."""

    def __init__(self, client: RecordedClient) -> None:
        super().__init__(client, policies)
        self.other = StreakCommands(UserStore(client, policies), policies)
        self.has_flown = False

    def load(self, user_id: str, entry_ids: Iterable[str] = (), months: Iterable[str] = ()) -> Loaded:
        loaded = super().load(user_id, entry_ids, months)
        if not self.has_flown:
            self.has_flown = True
            flight = ChangeSettings(time_zone="Pacific/Kiritimati")
            self.other.execute(user_id, NOW, flight)
        return loaded


def test_a_check_in_during_a_flight_is_no_second_one_of_the_day_it_arrives_in(client: RecordedClient) -> None:
    store = Flying(client)
    activity = RecordActivity(activity_id="a", activity_type="study_guide_completed", metadata={})
    store.other.execute("ada", datetime(2026, 3, 2, 9, tzinfo=UTC), activity)
    device = StreakCommands(store, policies)
    # What was decided on the day before the flight does not fit any more, and is decided anew.
    for _ in range(2):
        assert device.execute("ada", NOW, CheckIn()).response["activity"]["day"] == "2026-03-04"
    today = StreakQueries(store, policies).calendar("ada", NOW, 1)["days"][0]
    assert (today["date"], today["activity_count"]) == ("2026-03-04", 1)


class Settling(UserStore):
    """The job settles the user right after it was read, and before its events are."""

    def __init__(self, client: RecordedClient, run_at: datetime) -> None:
        super().__init__(client, policies)
        self.job = Maintenance(DueStore(client), RunStore(client), policies)
        self.run_at = run_at

    def load(self, user_id: str, entry_ids: Iterable[str] = (), months: Iterable[str] = ()) -> Loaded:
        loaded = super().load(user_id, entry_ids, months)
        self.job.run_shard("run", shard_of(user_id), self.run_at)
        return loaded


def test_an_event_that_the_job_writes_while_it_is_asked_for_is_listed_once(client: RecordedClient) -> None:
    activity = RecordActivity(activity_id="a", activity_type="study_guide_completed", metadata={})
    StreakCommands(UserStore(client, policies), policies).execute("ada", NOW, activity)
    run_at = NOW + timedelta(days=3)
    page = StreakQueries(Settling(client, run_at), policies).events("ada", run_at, 2, None)
    assert [event["type"] for event in page.items] == ["streak_broken", "streak_started"]
    assert page.after is None
