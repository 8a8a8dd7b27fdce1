"""The store reads form 1, makes it form 2 with the next command, and writes form 1 where it is told to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from streak_core.commands import StreakCommands
from streak_core.domain.commands import CheckIn, RecordActivity, RedoActivity, ResetStreak, UndoActivity
from streak_core.domain.settlement import settle
from streak_core.old_form import NotAvailableYet
from streak_core.queries import StreakQueries
from streak_core.store.documents import FORM_1
from streak_core.store.due import DueStore, Settled
from streak_core.store.users import UserStore
from tests.support.shipped_policy import RULES, policies
from tests.support.stored_life import documents_of

if TYPE_CHECKING:
    from google.cloud import firestore

    from streak_core.domain.commands import Command
    from tests.support.recorded_client import RecordedClient, Recorder

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def give(client: firestore.Client, command: Command, at: datetime, key: str | None = None, form: int = FORM_1) -> Any:
    return StreakCommands(UserStore(client, policies, form), policies).execute("ada", at, command, key)


def guide(name: str) -> Command:
    return RecordActivity(activity_id=name, activity_type="study_guide_completed", metadata={})


def active(client: firestore.Client, days: int) -> datetime:
    for day in range(days):
        give(client, guide(f"a{day}"), NOW + timedelta(days=day))
    return NOW + timedelta(days=days - 1, hours=1)


def test_form_1_is_written_with_the_ids_and_without_the_fields_that_the_program_before_does_not_know(
    client: RecordedClient,
) -> None:
    at = active(client, 3)
    give(client, CheckIn(key="k"), at, "k")
    give(client, ResetStreak(), at + timedelta(minutes=1), "l")
    give(client, UndoActivity(activity_id="a2"), at + timedelta(minutes=2), "m")
    stored = documents_of(client, "ada")
    ledger = {path.rpartition("/")[2] for path in stored if "/ledger/" in path}
    assert ledger == {"activity.a0", "activity.a1", "activity.a2", "activity.check-in.2026-03-04.1", "key.l", "undo.a2"}
    assert stored["streaks/ada"]["schema_version"] == FORM_1
    assert "timeline" not in stored["streaks/ada"]
    assert not [path for path, one in stored.items() if "/ledger/" in path and "undone" in one]


def test_a_key_of_a_release_that_wrote_form_1_is_known_to_the_next_one(client: RecordedClient) -> None:
    at = active(client, 3)
    first = give(client, ResetStreak(), at, "l")
    for form in (FORM_1, 2):
        again = give(client, ResetStreak(), at + timedelta(minutes=5), "l", form)
        assert again.replayed
        assert again.response == first.response


def test_what_form_1_cannot_hold_is_refused_and_nothing_is_written_until_form_2_is(client: RecordedClient) -> None:
    at = active(client, 3)
    give(client, UndoActivity(activity_id="a2"), at)
    before = documents_of(client, "ada")
    with pytest.raises(NotAvailableYet):
        give(client, RedoActivity(activity_id="a2"), at)
    assert documents_of(client, "ada") == before
    redone = give(client, RedoActivity(activity_id="a2"), at, form=2).response
    assert redone["streak"]["current_streak"] == 3
    stored = documents_of(client, "ada")
    assert stored["streaks/ada"]["schema_version"] == 2
    assert stored["streaks/ada/ledger/activity.a2"]["undone"] is False
    assert [
        one["undone"] for one in StreakQueries(UserStore(client, policies), policies).activities("ada", 9, None).items
    ] == [
        False,
        False,
        False,
    ]


@pytest.mark.parametrize("form", [FORM_1, 2])
def test_a_user_in_form_1_has_the_active_days_that_were_decided_and_costs_one_batch_get_more(
    client: RecordedClient, recorder: Recorder, form: int
) -> None:
    at = active(client, 40)
    give(client, ResetStreak(), at)
    ask = StreakQueries(UserStore(client, policies, form), policies)
    recorder.calls.clear()
    assert ask.streak("ada", at)["active_days_total"] == 40
    assert recorder.methods() == ["BatchGetDocuments", "BatchGetDocuments"]
    answer = give(client, guide("b"), at + timedelta(days=1), form=form).response["streak"]
    assert (answer["current_streak"], answer["active_days_total"]) == (1, 41)
    recorder.calls.clear()
    assert ask.streak("ada", at + timedelta(days=1))["active_days_total"] == 41
    assert len(recorder.methods()) == (2 if form == FORM_1 else 1)


def test_the_job_writes_of_a_user_in_form_1_what_that_form_has(client: RecordedClient) -> None:
    active(client, 2)
    due = DueStore(client)
    night = NOW + timedelta(days=4)
    user = due.reload("ada")
    assert user
    assert user.streak
    due.commit([Settled(user=user, settlement=settle(user.streak, user.settled_through, RULES, night))], lambda _: None)
    stored = documents_of(client, "ada")["streaks/ada"]
    assert (stored["current_streak"], stored["schema_version"]) == (0, FORM_1)
    assert "timeline" not in stored
