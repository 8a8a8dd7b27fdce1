"""Whatever one user's data does to the code is that user's error: named, skipped, tried again; nobody else is touched.

Must not know how a streak is worked out.
"""

from __future__ import annotations

import copy
import json
import os
import re
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import grpc
import pytest
from google.api_core import exceptions
from google.cloud.firestore_v1.base_query import FieldFilter
from google.cloud.firestore_v1.services.firestore import FirestoreClient
from google.cloud.firestore_v1.services.firestore.transports import FirestoreGrpcTransport
from google.cloud.firestore_v1.types import CommitRequest, Document, DocumentMask, Value, Write
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st

from emulator.firestore import HOST_VARIABLE
from streak_core.config.maintenance import MaintenanceRules
from streak_core.maintenance.run import Maintenance
from streak_core.retry import Attempts, RetryRules
from streak_core.store.documents import read_streak
from streak_core.store.due import DueStore, DueUser
from streak_core.store.run_report import RunReport
from streak_core.store.runs import RunStore
from streak_core.store.sharding import shard_of
from testing.logged import Logged
from tests.support.population import write_due_users
from tests.support.recorded_client import RecordedClient, Recorder
from tests.support.shipped_policy import policies
from tests.support.thoroughness import examples

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from google.cloud import firestore

# When everybody is due.
NIGHT: Final = datetime(2026, 3, 4, 5, tzinfo=UTC)
SHARD: Final = 7
# Users of one shard, who all fit into one batch; the first one is damaged.
NAMES: Final = [name for number in range(600) if shard_of(name := f"u{number}") == SHARD][:8]
POISON, *HEALTHY = NAMES
CONTENT: Final = "what somebody did"

# A state with something in each of its parts.
STATE: Final[dict[str, Any]] = {
    "seq": 9,
    "created_at": "2026-02-20T09:00:00Z",
    "updated_at": "2026-03-02T09:00:00Z",
    "activities": 3,
    "checkpoint": {
        "next_day": "2026-02-23",
        "length": 3,
        "run_started_on": "2026-02-20",
        "longest": 3,
        "freezes": 1,
        "xp_total": 400,
        "first_counted_day": "2026-02-20",
        "last_active_date": "2026-02-22",
        "last_grace": "2026-02-20",
        "week_was_consistent": True,
        "week_consistent_since": "2026-02-21T09:00:00Z",
        "last_repaired": "2026-02-21",
        "active_days": 3,
        "told_length": 3,
        "consistent_weeks": 1,
        "consistent_weeks_longest": 1,
    },
    "tail": {
        "2026-02-24": {"activity_count": 1, "xp": 25, "categories": {"study": 1}, "check_ins_ever": 1,
                       "check_ins": [{"activity_id": "check-in.2026-02-24.1", "seq": 2}]},
        "2026-03-02": {"activity_count": 2, "resets": [{"seq": 4, "at": "2026-03-02T08:00:00Z", "counted": 1}]},
    },
    "settings": {
        "zones": [
            {"from_instant": None, "time_zone": "Europe/Amsterdam", "floor": None},
            {"from_instant": "2026-02-25T10:00:00Z", "time_zone": "Asia/Tokyo", "floor": "2026-02-25", "used": True,
             "said": [1772100000000000]},
        ],
        "zone_known": True,
        "first_zone": {"time_zone": "Europe/Amsterdam", "seq": 3, "first_day": "2026-02-23"},
        "auto_freeze": [{"from_day": "2026-02-24", "on": False, "at": "2026-02-24T09:00:00Z"}],
        "rest_weekdays": [{"from_day": "2026-02-25", "weekdays": [6], "at": "2026-02-24T09:00:00Z"}],
        "pauses": [{"pause_id": "pause-6", "from_day": "2026-02-26", "until_day": "2026-02-27"}],
        "planned_freezes": ["2026-03-01"],
        "repairs": [{"day": "2026-02-23", "at": "2026-02-24T09:00:00Z"}],
    },
    "pace": {"window": 1, "accepted": 1, "accepted_before": 0},
    "consistent_since": {"2026-02-23": "2026-02-24T09:00:00Z"},
    "told": [{"day": "2026-02-24", "length": 3}],
}  # fmt: skip


def with_change(*path: Any, to: Any) -> str:
    """The state with something else in one place."""
    state = copy.deepcopy(STATE)
    place: Any = state
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return json.dumps(state)


NEXT_DAY_AT_THE_END: Final = with_change("checkpoint", "next_day", to="9999-12-31")
UNKNOWN_ZONE: Final = with_change("settings", "zones", 1, "time_zone", to="Mars/Olympus")
TOO_LARGE: Final = with_change("checkpoint", "xp_total", to=10**30)


def job(client: firestore.Client, due: type[DueStore] = DueStore) -> Maintenance:
    attempts = lambda: Attempts(rules=RetryRules(attempts_max=3), sleep=lambda _: None)  # noqa: E731
    return Maintenance(
        due(client), RunStore(client), policies, rules=MaintenanceRules(is_paced=False), attempts=attempts
    )


def run_shard(client: firestore.Client, due: type[DueStore] = DueStore) -> RunReport:
    """The shard's part of a run of its own."""
    return job(client, due).run_shard(uuid.uuid4().hex, SHARD, NIGHT)


def populate(client: firestore.Client, **damage: Any) -> None:
    """Everybody, as new; one user's document with something else in it."""
    write_due_users(client, NAMES)
    client.document(f"streaks/{POISON}").set(damage, merge=True)


def settled(client: firestore.Client) -> set[str]:
    """Who is no longer due."""
    due = client.collection("streaks").where(filter=FieldFilter("expires_at", "<=", NIGHT)).select(["shard"])
    return set(NAMES) - {one.id for one in due.stream()}


def test_the_state_that_is_damaged_here_is_whole(client: RecordedClient) -> None:
    populate(client, state=json.dumps(STATE))
    assert read_streak(client.document(f"streaks/{POISON}").get().to_dict() or {})[0].seq == 9
    report = run_shard(client)
    assert (report.status, report.users_processed, report.errors) == ("success", len(NAMES), 0)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (NEXT_DAY_AT_THE_END, r"IndexError at \w+\.py:\d+"),
        (UNKNOWN_ZONE, r"\w+"),
        (TOO_LARGE, r"\w+Error at \w+\.py:\d+"),
        ("no JSON", "json_invalid"),
        (7, "json_type"),
        (with_change("seq", to="many"), "seq"),
    ],
)
def test_a_user_who_cannot_be_worked_out_or_written_is_named_and_everybody_else_is_settled(
    client: RecordedClient, state: object, reason: str
) -> None:
    populate(client, state=state)
    with Logged() as logged:
        report = run_shard(client)
    assert settled(client) == set(HEALTHY)
    assert (report.status, report.errors, report.shards_unfinished) == ("degraded", 1, ())
    assert report.users_processed == len(HEALTHY)
    assert logged.of("shard_failed") == []
    (failed,) = logged.of("user_failed")
    assert (failed["user_id"], failed["shard"]) == (POISON, SHARD)
    assert report.unreadable == ({"user_id": POISON, "reason": failed["reason"]},)
    assert re.fullmatch(reason, failed["reason"]), failed["reason"]


def test_a_damaged_user_is_read_once_a_run_and_tried_again_by_the_next_one(
    client: RecordedClient, recorder: Recorder
) -> None:
    populate(client, state=NEXT_DAY_AT_THE_END)
    run_shard(client)
    recorder.calls.clear()
    again = run_shard(client)
    assert (again.users_processed, again.errors, again.documents_read) == (0, 1, 1)
    assert recorder.methods().count("RunQuery") == 1
    write_due_users(client, [POISON])
    mended = run_shard(client)
    assert (mended.users_processed, mended.errors) == (1, 0)


def write_value(client: RecordedClient, name: str, value: Value) -> None:
    """A value as a client of another kind writes it, into one field of the damaged user's document."""
    database = f"projects/{client.project}/databases/(default)"
    content = Document(name=f"{database}/documents/streaks/{POISON}", fields={name: value})
    write = Write(update=content, update_mask=DocumentMask(field_paths=[name]))
    emulator = FirestoreClient(
        transport=FirestoreGrpcTransport(channel=grpc.insecure_channel(os.environ[HOST_VARIABLE]))
    )
    emulator.commit(CommitRequest(database=database, writes=[write]), metadata=[("authorization", "Bearer owner")])


def test_a_value_that_the_client_cannot_even_decode_is_its_users_error(client: RecordedClient) -> None:
    populate(client)
    elsewhere = "projects/another/databases/(default)/documents/streaks/somebody"
    write_value(client, "settled_through", Value(reference_value=elsewhere))
    report = run_shard(client)
    assert settled(client) == set(HEALTHY)
    assert (report.status, report.users_processed) == ("degraded", len(HEALTHY))
    assert [one["user_id"] for one in report.unreadable] == [POISON]


def test_a_page_with_such_a_value_goes_on_where_the_query_ended_whoever_is_gone_by_then(client: RecordedClient) -> None:
    populate(client)
    elsewhere = "projects/another/databases/(default)/documents/streaks/somebody"
    write_value(client, "settled_through", Value(reference_value=elsewhere))
    gone = next(user.user_id for user in DueStore(client).page(SHARD, NIGHT, None, 1).users)

    class Gone(DueStore):
        def reload(self, user_id: str) -> DueUser | None:
            return None if user_id == gone else super().reload(user_id)

    due, met, after = Gone(client), set(), None
    while True:
        # The first page has all but the last one.
        page = due.page(SHARD, NIGHT, after, len(HEALTHY))
        met |= {user.user_id for user in page.users}
        after = page.cursor
        if after is None:
            break
    assert met | {gone} == {POISON, *HEALTHY}


@pytest.mark.parametrize(
    "damage",
    [
        {"schema_version": b"x" * 300_000},
        {"schema_version": "x" * 300_000},
        {"state": json.dumps({**STATE, "n" * 900_000: 1})},
        {"state": json.dumps({**STATE, "tail": {f"{number} of ada": {} for number in range(20_000)}})},
    ],
    ids=["version of bytes", "version of text", "name of a field", "names of days"],
)
def test_however_large_the_damage_is_what_is_said_of_it_is_short_and_nothing_of_it(
    client: RecordedClient, damage: dict[str, Any]
) -> None:
    populate(client, **damage)
    report = run_shard(client)
    assert settled(client) == set(HEALTHY)
    (named,) = report.unreadable
    assert named["user_id"] == POISON
    assert 0 < len(named["reason"]) <= 200
    assert [word for word in ("xxx", "nnn", "of ada") if word in named["reason"]] == []


@pytest.mark.parametrize("field", ["state", "settled_through", "schema_version"])
def test_the_reason_is_never_empty(client: RecordedClient, field: str) -> None:
    populate(client, **{field: CONTENT})
    (named,) = run_shard(client).unreadable
    assert named["user_id"] == POISON
    assert named["reason"].strip()


def refuses(error: Callable[[], Exception]) -> type[DueStore]:
    """A database that takes no commit with the damaged user in it."""

    class Refuses(DueStore):
        def commit(self, batch: Any, also: Any) -> None:
            if POISON in {settled.user.user_id for settled in batch}:
                raise error()
            super().commit(batch, also)

    return Refuses


@pytest.mark.parametrize(
    "error",
    [
        lambda: exceptions.InvalidArgument(CONTENT),
        lambda: exceptions.OutOfRange(CONTENT),
        lambda: ValueError(CONTENT),
        lambda: KeyError(CONTENT),
    ],
)
def test_a_batch_that_is_refused_leaves_out_the_guilty_user_alone(
    client: RecordedClient, error: Callable[[], Exception]
) -> None:
    populate(client)
    with Logged() as logged:
        report = run_shard(client, refuses(error))
    assert settled(client) == set(HEALTHY)
    assert (report.status, report.errors, report.users_processed) == ("degraded", 1, len(HEALTHY))
    (failed,) = logged.of("user_failed")
    assert failed["user_id"] == POISON
    assert failed["reason"].startswith(type(error()).__name__)
    assert CONTENT not in failed["reason"]


@pytest.mark.parametrize("error", [exceptions.PermissionDenied("no"), exceptions.Unauthenticated("no")])
def test_who_asks_being_refused_is_no_users_fault_and_fails_the_shard(
    client: RecordedClient, recorder: Recorder, error: Exception
) -> None:
    populate(client)
    recorder.before["Commit"] = [error] * 2
    with Logged() as logged:
        report = run_shard(client)
    assert (report.status, report.stopped_by, report.shards_unfinished) == ("partial", "failure", (SHARD,))
    assert logged.of("user_failed") == []
    (failed,) = logged.of("shard_failed")
    assert (failed["shard"], failed["reason"]) == (SHARD, "database_unavailable")


def test_a_user_whose_deadline_is_no_moment_any_more_when_it_is_read_again_is_named(client: RecordedClient) -> None:
    populate(client)

    class Meanwhile(DueStore):
        def commit(self, batch: Any, also: Any) -> None:
            if POISON in {settled.user.user_id for settled in batch}:
                client.document(f"streaks/{POISON}").update({"expires_at": "soon"})
            super().commit(batch, also)

    report = run_shard(client, Meanwhile)
    assert [one["user_id"] for one in report.unreadable] == [POISON]
    assert report.users_processed == len(HEALTHY)


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in the state."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [*([path] if path else []), *(one for key, each in inner for one in paths(each, (*path, key)))]


GONE: Final = "to be left out"
WRONG: Final[st.SearchStrategy[Any]] = st.sampled_from(
    [
        *(GONE, None, "", CONTENT, "Mars/Olympus", "Etc/../UTC"),
        *("9999-12-31", "9999-12-27", "1900-01-01", "2026-03-04", "2026-13-01"),
        *("9999-12-31T23:59:59Z", "1900-01-01T00:00:00Z", "2026-03-02T09:00:00"),
        *(0, -1, 10**30, -(10**30), 1.5, True, (), {"2026-03-02": {}}),
    ]
)
DAMAGES: Final = st.lists(st.tuples(st.sampled_from(paths(STATE)), WRONG), min_size=1, max_size=3)


def damaged(damages: Sequence[tuple[tuple[Any, ...], Any]]) -> str:
    """The state with all of it done, as far as each place is still there."""
    state = copy.deepcopy(STATE)
    for path, wrong in damages:
        place: Any = state
        try:
            for step in path[:-1]:
                place = place[step]
            if wrong == GONE:
                del place[path[-1]]
            else:
                place[path[-1]] = wrong
        except (KeyError, IndexError, TypeError):
            continue
    return json.dumps(state)


@given(damages=DAMAGES, settled_through=st.sampled_from(["2026-03-01", None, "9999-12-31", "0001-01-01", CONTENT, 7]))
@example(damages=[(("checkpoint", "next_day"), "9999-12-31")], settled_through="2026-03-01")
@example(damages=[(("checkpoint", "freezes"), 10**30)], settled_through="2026-03-01")
@examples(60, suppressed=[HealthCheck.function_scoped_fixture])
def test_whatever_is_damaged_everybody_else_is_settled_and_the_damaged_one_is_settled_or_named(
    client: RecordedClient, damages: Sequence[tuple[tuple[Any, ...], Any]], settled_through: object
) -> None:
    populate(client, state=damaged(damages), settled_through=settled_through)
    with Logged() as logged:
        report = run_shard(client)
    assert set(HEALTHY) <= settled(client)
    assert (report.shards_unfinished, logged.of("shard_failed")) == ((), [])
    named = report.unreadable
    assert (report.users_processed, [one["user_id"] for one in named]) in (
        (len(NAMES), []),
        (len(HEALTHY), [POISON]),
    )
    assert all(one["reason"] for one in named)
    assert CONTENT not in str(logged.of("user_failed"))
