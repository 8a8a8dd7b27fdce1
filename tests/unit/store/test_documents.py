"""The model survives Firestore: what is written reads back as the same, and what is no streak is told where."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from streak_core.store import documents
from streak_core.store.sharding import SHARDS, shard_of
from streak_core.store.unreadable import ForeignDocument, UnreadableStreakError
from testing.lives import lives
from testing.pure_user import PureUser
from testing.steps import Step
from tests.support.kept_user import KeptUser
from tests.support.living import attempt, live
from tests.support.shipped_policy import POLICY
from tests.support.thoroughness import examples

GUIDE: Step = {"do": "record", "activity_id": "a", "activity_type": "study_guide_completed"}


@given(lives())
@examples(80)
def test_a_streak_its_ledger_events_and_days_read_back_as_they_were(life: list[Step]) -> None:
    user = live(life)
    if user.streak is None:
        return
    view = user.state(user.streak.updated_at).view
    stored = documents.streak_document("u", user.streak, view, user.settled_through)
    assert documents.read_streak(stored) == (user.streak, user.settled_through)
    for entry in user.entries:
        assert documents.read_entry(documents.entry_document(entry, "r", "record", {}, {})) == entry
    for event in user.events.values():
        assert documents.read_event(documents.event_document(event)) == event
    months = documents.month_documents(user.decided.values())
    rows = [row for month in months.values() for row in documents.read_month(month)]
    assert {row.day: row for row in rows} == user.decided


def test_by_how_many_amnesties_a_user_and_an_entry_go_reads_back_and_is_left_out_where_there_was_none() -> None:
    for amnesties in (0, 3):
        user = live([{**GUIDE, "at": "2026-03-02T09:00:00Z"}])
        assert user.streak
        streak, view = replace(user.streak, amnesties=amnesties), user.state(user.streak.updated_at).view
        stored = documents.streak_document("u", streak, view, None)
        assert documents.read_streak(stored)[0] == streak
        entry = replace(user.entries[0], amnesties=amnesties)
        kept = documents.entry_document(entry, "r", "record", {}, {})
        assert documents.read_entry(kept) == entry
        assert {"amnesties" in stored["state"], "amnesties" in kept["entry"]} == {bool(amnesties)}


@given(lives())
@examples(20)
def test_a_user_who_is_read_again_is_answered_as_the_command_was(life: list[Step]) -> None:
    user = KeptUser()
    for step in life:
        answer = attempt(user, step)
        if isinstance(answer, dict):
            streak, _ = user.read()
            assert streak
            assert user.answer(streak.updated_at) == {**answer["streak"], "streak_created": False}


def one() -> dict[str, Any]:
    user = PureUser(POLICY)
    user.step({**GUIDE, "at": "2026-03-02T09:00:00Z"})
    assert user.streak
    return documents.streak_document("u", user.streak, user.state(user.streak.updated_at).view, None)


@pytest.mark.parametrize("foreign", [{"days": 3, "state": "CA"}, {}, {"streak": {"count": 7}}])
def test_a_document_of_another_program_is_told_from_one_of_ours_that_is_damaged(foreign: dict[str, Any]) -> None:
    for read in (documents.read_streak, documents.form_of):
        with pytest.raises(ForeignDocument):
            read(foreign)
    with pytest.raises(UnreadableStreakError) as damaged:
        documents.read_streak({**foreign, "schema_version": 2})
    assert not isinstance(damaged.value, ForeignDocument)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"schema_version": 3}, "stored_by_newer_version"),
        ({"schema_version": None}, "schema_version"),
        ({"state": "{"}, None),
        ({"state": None}, None),
        ({"settled_through": "yesterday"}, None),
    ],
)
def test_a_document_that_is_no_streak_is_refused(change: dict[str, Any], told: str | None) -> None:
    assert documents.read_streak(one())
    with pytest.raises(UnreadableStreakError, match=told):
        documents.read_streak({**one(), **change})


def test_a_document_without_a_state_is_refused() -> None:
    with pytest.raises(UnreadableStreakError, match="state"):
        documents.read_streak({"schema_version": documents.SCHEMA_VERSION})


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"tail": {"2026-13-01": {}}}, "tail"),
        ({"checkpoint": {}}, "checkpoint.next_day"),
        ({"updated_at": "soon"}, "updated_at"),
    ],
)
def test_a_state_that_does_not_read_says_where_and_not_what(change: dict[str, Any], told: str) -> None:
    stored = one()
    state = json.dumps({**json.loads(stored["state"]), **change})
    with pytest.raises(UnreadableStreakError, match=told) as refused:
        documents.read_streak({**stored, "state": state})
    assert "soon" not in str(refused.value)


def test_what_a_request_asked_and_was_answered_reads_back_as_it_was() -> None:
    user = PureUser(POLICY)
    user.step({**GUIDE, "at": "2026-03-02T09:00:00Z"})
    (entry,) = user.entries
    asked, answered = {"metadata": {"score": 0.1, "name": "Ω\u2028"}}, {"streak": {"xp_total": 10, "day": None}}
    stored = documents.entry_document(entry, "r", "record", asked, answered)
    assert documents.read_exchange(stored) == ("r", asked, answered)
    with pytest.raises(UnreadableStreakError):
        documents.read_exchange({**stored, "answer": "[]"})
    with pytest.raises(UnreadableStreakError):
        documents.read_exchange({"request_id": "r"})


def test_a_recording_makes_few_values_whatever_the_tail_holds() -> None:
    user = PureUser(POLICY)
    user.step({**GUIDE, "at": "2026-03-02T09:00:00Z"})
    few = one()
    for day in range(3, 14):
        user.step({**GUIDE, "activity_id": str(day), "at": f"2026-03-{day:02d}T09:00:00Z"})
    assert user.streak
    many = documents.streak_document("u", user.streak, user.state(user.streak.updated_at).view, None)
    assert many.keys() == few.keys()
    assert not [name for name, value in many.items() if isinstance(value, dict | list)]


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
    homes = [documents.user_doc_id(user_id) for user_id in ids]
    assert len(set(homes)) == len(ids)
    assert not [home for home in homes if "/" in home or home in {".", ".."} or home.startswith("__")]
