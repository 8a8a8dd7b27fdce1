"""The model survives Firestore: what is written reads back as the same, and what is no streak is told where."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from streak_core.sharding import SHARDS, shard_of
from streak_core.store import documents
from streak_core.store.documents import UnreadableStreakError
from tests.lives import Step, lives
from tests.pure_user import PureUser
from tests.shipped_policy import POLICY
from tests.unit.test_laws import live

GUIDE: Step = {"do": "record", "activity_id": "a", "activity_type": "study_guide_completed"}


@given(lives())
@settings(max_examples=80)
def test_a_streak_its_ledger_events_and_days_read_back_as_they_were(life: list[Step]) -> None:
    user = live(life)
    if user.streak is None:
        return
    view = user.here(user.streak.updated_at).view
    stored = documents.streak_document("u", user.streak, view, user.settled_through)
    assert documents.read_streak(stored) == (user.streak, user.settled_through)
    for entry in user.ledger.values():
        assert documents.read_entry(documents.entry_document(entry, "r", {}, {})) == entry
    for event in user.events.values():
        assert documents.read_event(documents.event_document(event)) == event
    months = documents.month_documents(user.decided.values())
    rows = [row for month in months.values() for row in documents.read_month(month)]
    assert {row.day: row for row in rows} == user.decided


def one() -> dict[str, Any]:
    user = PureUser(POLICY)
    user.step({**GUIDE, "at": "2026-03-02T09:00:00Z"})
    assert user.streak
    return documents.streak_document("u", user.streak, user.here(user.streak.updated_at).view, None)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"schema_version": 2}, "schema_version"),
        ({"schema_version": None}, "schema_version"),
        ({"tail": {"2026-13-01": {}}}, "tail"),
        ({"checkpoint": {}}, "checkpoint.next_day"),
        ({"updated_at": "soon"}, "updated_at"),
        ({"settled_through": "yesterday"}, None),
    ],
)
def test_a_document_that_is_no_streak_says_where(change: dict[str, Any], told: str | None) -> None:
    assert documents.read_streak(one())
    with pytest.raises(UnreadableStreakError, match=told):
        documents.read_streak({**one(), **change})


def test_other_documents_that_do_not_read_are_refused_too() -> None:
    for read in (documents.read_entry, documents.read_event, documents.read_month):
        with pytest.raises(UnreadableStreakError):
            read({"at": 1, "days": {"01": {"verdict": "splendid"}}})
        with pytest.raises(UnreadableStreakError):
            read({})


def test_users_are_spread_over_all_shards_and_stay_where_they_are() -> None:
    shards = [shard_of(f"user-{number}") for number in range(5_000)]
    assert set(shards) == set(range(SHARDS))
    assert max(shards.count(shard) for shard in range(SHARDS)) < 2 * 5_000 / SHARDS
    assert shard_of("ada") == shard_of("ada")


def test_no_two_users_share_a_document() -> None:
    ids = ["a/b", "a%2Fb", "a%252Fb", ".", "..", "%2E", "__x__", "%5F_x__", "_x", "a"]
    homes = [documents.home_id(user_id) for user_id in ids]
    assert len(set(homes)) == len(ids)
    assert not [home for home in homes if "/" in home or home in {".", ".."} or home.startswith("__")]
