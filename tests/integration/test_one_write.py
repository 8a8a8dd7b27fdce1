"""The one write, against the emulator: what it costs, and that it is once and whole whatever happens meanwhile."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from google.api_core import exceptions
from google.cloud import firestore

from streak_core.commands import Outcome, StreakCommands
from streak_core.domain.commands import ChangeSettings, Command, RecordActivity, RepairStreak, ResetStreak, UndoActivity
from streak_core.domain.errors import DatabaseUnavailable, Malformed, UserBusy
from streak_core.domain.judging_anew import rebuild
from streak_core.domain.policy import RestRules
from streak_core.domain.refusals import IdempotencyKeyReused
from streak_core.domain.rules import always
from streak_core.queries import StreakQueries
from streak_core.store.documents import read_entry, read_streak
from streak_core.store.users import UserStore
from tests.support.one_user import NOW, guide, service
from tests.support.recorded_client import RecordedClient, Recorder
from tests.support.shipped_policy import POLICY, RULES, policies

# So often a command is asked for at most; on a machine that does nothing else, once.
ASKED_MAX = 100


@dataclass(frozen=True)
class Asked:
    """What came of a command, and how often it was asked for: a good client asks again where it is told to."""

    outcome: Outcome
    times: int


def insisting(user: StreakCommands, name: str) -> Asked:
    """Records an activity, however slow the machine is that answers: what is busy says so, and is asked again."""
    for times in range(1, ASKED_MAX + 1):
        with suppress(UserBusy, DatabaseUnavailable):
            return Asked(user.execute("ada", NOW, guide(name)), times)
    message = f"{name} was never answered"
    raise AssertionError(message)


def test_recording_is_one_batch_get_of_two_documents_and_one_transaction(
    client: RecordedClient, recorder: Recorder
) -> None:
    user = service(client)
    for day in range(2):
        recorder.calls.clear()
        user.execute("ada", NOW + timedelta(days=day), guide(f"a{day}"))
        assert recorder.methods() == ["BatchGetDocuments", "BeginTransaction", "Commit"]
        assert recorder.documents_read() == [["streaks/ada", f"streaks/ada/ledger/activity.a{day}"]]
        told = "streak_extended" if day else "streak_started"
        assert recorder.documents_written() == [
            "streaks/ada",
            f"streaks/ada/ledger/activity.a{day}",
            f"streaks/ada/events/{day + 1:010d}.{told}.2026-03-0{day + 2}",
        ]


def test_asking_for_the_streak_reads_one_document_and_a_year_at_most_fourteen_in_one_batch_get(
    client: RecordedClient, recorder: Recorder
) -> None:
    for day in range(0, 400, 20):
        service(client).execute("ada", NOW + timedelta(days=day), guide(f"a{day}"))
    ask = StreakQueries(UserStore(client, policies), policies)
    for ahead in range(0, 365, 9):
        recorder.calls.clear()
        ask.calendar("ada", NOW + timedelta(days=400 + ahead), 365)
        assert recorder.methods() == ["BatchGetDocuments"]
        assert len(recorder.documents_read()[0]) <= 14
        recorder.calls.clear()
        ask.insights("ada", NOW + timedelta(days=400 + ahead))
        assert recorder.methods() == ["BatchGetDocuments"]
        assert len(recorder.documents_read()[0]) <= 14
    recorder.calls.clear()
    ask.streak("ada", NOW)
    assert recorder.documents_read() == [["streaks/ada"]]
    recorder.calls.clear()
    version = ask.version("ada", NOW + timedelta(days=400))
    assert recorder.documents_read() == [["streaks/ada"]]
    assert ask.versioned_calendar("ada", NOW + timedelta(days=400), 365).version == version
    assert ask.insights("ada", NOW + timedelta(days=400, hours=1)).version == version
    assert ask.version("ada", NOW + timedelta(days=401)) != version


def test_a_year_of_calendar_shows_what_left_the_tail_long_ago(client: firestore.Client) -> None:
    user = service(client)
    active = [day for day in range(400) if day % 3]
    for day in active:
        user.execute("ada", NOW + timedelta(days=day), guide(f"a{day}"))
    rows = StreakQueries(user.store, policies).calendar("ada", NOW + timedelta(days=399), 366)["days"]
    expected = {(NOW + timedelta(days=day)).date().isoformat() for day in active if day > 399 - 366}
    assert {row["date"] for row in rows if row["has_activity"]} == expected
    assert {row["verdict"] for row in rows} == {"active", "missed", "frozen", "pending"}
    assert [row["xp"] for row in rows if row["has_activity"]] == [15] * len(expected)


def test_thirty_two_threads_with_four_activities_each_leave_all_of_them_and_none_twice(
    client: firestore.Client,
) -> None:
    user = service(client)
    names = [f"t{thread}.{number}" for thread in range(32) for number in range(4)]
    with ThreadPoolExecutor(32) as pool:
        asked = list(pool.map(lambda name: insisting(user, name), names))
    assert len(asked) == 128
    # What was told to ask again may have been recorded; nothing else is answered as what was there before.
    assert not any(one.outcome.replayed for one in asked if one.times == 1)
    totals = sorted(one.outcome.response["streak"]["xp_total"] for one in asked)
    assert totals == [15 * number for number in range(1, 129)]
    home = client.collection("streaks").document("ada")
    streak, _ = read_streak(home.get().to_dict() or {})
    entries = [read_entry(one.to_dict() or {}) for one in home.collection("ledger").stream()]
    assert streak.activities == streak.seq == len(entries) == 128
    assert rebuild(sorted(entries, key=lambda entry: entry.seq), RULES) == streak


def test_thirty_two_threads_with_the_same_key_record_one_activity_and_get_one_answer(
    client: firestore.Client,
) -> None:
    user = service(client)
    with ThreadPoolExecutor(32) as pool:
        asked = list(pool.map(lambda _: insisting(user, "same"), range(32)))
    assert [one.outcome.response for one in asked] == [asked[0].outcome.response] * 32
    was_new = sum(not one.outcome.replayed for one in asked)
    # Whose activity it was may have been told to ask again.
    assert was_new == 1 or (was_new == 0 and any(one.times > 1 for one in asked))
    assert user.store.load("ada").streak is not None
    assert len(list(client.collection("streaks").document("ada").collection("ledger").stream())) == 1


def test_the_first_command_creates_the_streak_and_only_one_of_many_at_once_says_so(client: firestore.Client) -> None:
    user = service(client)
    with ThreadPoolExecutor(8) as pool:
        asked = list(pool.map(lambda n: insisting(user, f"a{n}"), range(8)))
    assert sum(one.outcome.response["streak"]["streak_created"] for one in asked) == 1


def test_a_key_makes_any_command_once_and_another_command_under_it_is_refused(client: firestore.Client) -> None:
    user = service(client)
    for name in ("a", "b"):
        user.execute("ada", NOW - timedelta(days=2), guide(name))
        user.execute("ada", NOW, guide(f"{name}2"))
    first = user.execute("ada", NOW, RepairStreak(), "k1")
    again = user.execute("ada", NOW, RepairStreak(), "k1")
    assert (first.replayed, again.replayed) == (False, True)
    assert again.response == first.response
    with pytest.raises(IdempotencyKeyReused):
        user.execute("ada", NOW, ResetStreak(), "k1")
    with pytest.raises(IdempotencyKeyReused):
        user.execute("ada", NOW, RecordActivity(activity_id="a", activity_type="check_in", metadata={}))


@pytest.mark.parametrize(
    ("command", "key", "newer"),
    [
        (guide("a"), None, {"activity_types": {"check_in": POLICY.activity_types["check_in"]}}),
        (ChangeSettings(rest_weekdays=("sunday",)), "k", {"rest": RestRules(weekdays_max=0)}),
    ],
    ids=["an activity type that is gone", "fewer rest weekdays"],
)
def test_what_was_accepted_is_answered_again_also_under_a_policy_that_would_refuse_it(
    client: firestore.Client, command: Command, key: str | None, newer: dict[str, object]
) -> None:
    first = service(client).execute("ada", NOW, command, key)
    rules = always(POLICY.model_copy(update=newer))
    later = StreakCommands(UserStore(client, lambda: rules), lambda: rules)
    again = later.execute("ada", NOW, command, key)
    assert (again.replayed, again.response) == (True, first.response)
    with pytest.raises(Malformed):
        later.execute("bob", NOW, command, key)


def test_a_known_key_with_other_content_that_can_not_be_is_malformed_before_it_is_reused(
    client: firestore.Client,
) -> None:
    service(client).execute("ada", NOW, guide("a"))
    with pytest.raises(Malformed):
        service(client).execute("ada", NOW, RecordActivity(activity_id="a", activity_type="nothing", metadata={}))
    with pytest.raises(IdempotencyKeyReused):
        service(client).execute("ada", NOW, RecordActivity(activity_id="a", activity_type="check_in", metadata={}))


def test_a_command_whose_reply_was_lost_is_answered_as_if_it_had_not_been(
    client: RecordedClient, recorder: Recorder
) -> None:
    user = service(client)
    for name in ("a", "b"):
        user.execute("ada", NOW - timedelta(days=2), guide(name))
        user.execute("ada", NOW, guide(f"{name}2"))
    recorder.after["Commit"] = [exceptions.Aborted("lost")]
    outcome = user.execute("ada", NOW, RepairStreak())
    assert (outcome.retries, outcome.replayed) == (1, False)
    assert [event["type"] for event in outcome.response["events"]] == ["streak_restored"]
    recorder.after["Commit"] = [exceptions.DeadlineExceeded("lost")]
    again = user.execute("ada", NOW, guide("c"))
    assert (again.replayed, again.response["streak"]["xp_total"]) == (False, 75)


def test_activities_and_events_are_paged_without_loss_or_repetition(client: firestore.Client) -> None:
    user, ask = service(client), StreakQueries(UserStore(client, policies), policies)
    for number in range(11):
        user.execute("ada", NOW + timedelta(days=number // 2), guide(f"a{number}"))
    user.execute("ada", NOW + timedelta(days=6), UndoActivity(activity_id="a3"))
    seen, after = [], None
    for _ in range(4):
        page = ask.activities("ada", 3, after)
        seen += page.items
        after = page.after
    assert after is None
    assert [item["activity_id"] for item in seen] == [f"a{number}" for number in range(10, -1, -1)]
    assert [item["activity_id"] for item in seen if item["undone"]] == ["a3"]
    at = NOW + timedelta(days=9)
    whole = [event["event_id"] for event in ask.events("ada", at, 100, None).items]
    assert "2026-03-08.streak_broken" in whole
    paged, after = [], None
    while True:
        listed = ask.events("ada", at, 2, after)
        paged += [event["event_id"] for event in listed.items]
        after = listed.after
        if after is None:
            break
    assert paged == whole
    assert len(set(paged)) == len(paged)


def test_a_clock_behind_the_last_command_still_sees_the_whole_calendar(client: firestore.Client) -> None:
    user = service(client)
    for day in range(0, 60, 2):
        user.execute("ada", NOW + timedelta(days=day), guide(f"a{day}"))
    ask = StreakQueries(UserStore(client, policies), policies)
    assert ask.calendar("ada", NOW - timedelta(days=90), 60) == ask.calendar("ada", NOW + timedelta(days=58), 60)


def test_a_user_id_that_firestore_would_not_take_as_it_is_has_a_document_of_its_own(client: firestore.Client) -> None:
    user = service(client)
    ids = ["a/b", "a%2Fb", ".", "..", "__x__", "ada@example.com", "名前"]
    for user_id in ids:
        user.execute(user_id, NOW, ChangeSettings(time_zone="Asia/Tokyo"))
    assert len(list(client.collection("streaks").stream())) == len(ids)
    assert {user.store.load(user_id).streak is not None for user_id in ids} == {True}


def test_what_leaves_the_tail_is_kept_by_month_and_a_return_after_years_keeps_no_more_than_a_calendar_shows(
    client: firestore.Client,
) -> None:
    user = service(client)
    user.execute("ada", NOW, guide("a"))
    user.execute("ada", NOW + timedelta(days=3 * 365), guide("b"))
    months = [one.id for one in client.collection("streaks").document("ada").collection("months").stream()]
    assert len(months) <= 15
    rows = StreakQueries(user.store, policies).calendar("ada", NOW + timedelta(days=3 * 365), 366)["days"]
    assert {row["verdict"] for row in rows[:-1]} == {"missed"}
    assert rows[-1]["date"] == date(2029, 3, 1).isoformat()
