"""What is told is written in the commit of what it tells, once, in an order without gaps, and no user's own is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from google.api_core.exceptions import ServiceUnavailable

from streak_core.domain.actor import Actor, ActorKind
from streak_core.domain.commands import CheckIn, GrantFreezes, RecordActivity, ResetStreak, UnblockUser
from streak_core.domain.errors import StreakError
from streak_core.domain.refusals import FreezesFull, ReasonRequired, UserErased
from streak_core.records.acts import EVERYBODY, user
from streak_core.records.chain import Entry
from streak_core.records.homes import RecordsUnreadable
from streak_core.records.told_acts import told_if_refused
from streak_core.store.tombstones import tombstone_document
from testing.logged import Logged
from tests.integration.records.trailed import ADA, GRANT, NOTE, NOW, SUE, give, service, trails, wrong

if TYPE_CHECKING:
    from google.cloud import firestore

    from tests.support.recorded_client import RecordedClient, Recorder


def told(client: firestore.Client, uid: str = "ada") -> list[Entry]:
    """All of a user's trail, the first entry first."""
    return list(reversed(trails(client).page(user(uid), 100, None, NOW).entries))


def test_an_operators_command_and_its_entry_are_one_commit(client: RecordedClient, recorder: Recorder) -> None:
    give(client)
    assert recorder.methods() == ["BatchGetDocuments", "BatchGetDocuments", "BeginTransaction", "Commit"]
    assert recorder.documents_written() == [
        "streaks/ada",
        "streaks/ada/ledger/0000000001.xp",
        "streaks/ada/events/0000000001.xp_granted.2026-03-02",
        "records/ada",
        "records/ada/audit/000000000001",
    ]
    [entry] = told(client)
    assert (entry.act.actor.kind, entry.act.actor.id, entry.subject) == ("support", "sue", ADA)
    assert (entry.act.action, entry.act.entity_type, entry.act.entity_id) == (
        "grant_xp",
        "ledger_entry",
        "0000000001.xp",
    )
    assert (entry.act.status, entry.act.code, entry.at) == ("success", None, NOW)
    assert entry.act.details == {"amount": 5, "reason": "sorry"}
    assert (entry.source.ip_address, entry.source.user_agent, entry.source.duration_ms) == ("203.0.113.0", "curl", 3)
    assert wrong(client) == []


def test_a_users_own_command_reads_and_writes_nothing_more(client: RecordedClient, recorder: Recorder) -> None:
    service(client).execute("ada", NOW, CheckIn(time_zone=None, key=None))
    assert recorder.methods() == ["BatchGetDocuments", "BeginTransaction", "Commit"]
    assert {name.partition("/")[0] for name in recorder.documents_written()} == {"streaks"}
    assert trails(client).home(ADA).head is None


def test_of_a_server_only_what_operators_alone_can_do_is_told(client: RecordedClient) -> None:
    server, users = Actor(kind=ActorKind.SERVER, id="s@x.iam.gserviceaccount.com"), service(client)
    guide = RecordActivity(activity_id="a", activity_type="study_guide_completed", metadata={})
    users.execute("ada", NOW, guide, actor=server)
    users.execute("ada", NOW, GRANT, actor=server)
    users.execute("ada", NOW, ResetStreak(), actor=SUE)
    assert [one.act.action for one in told(client)] == ["grant_xp", "reset"]


def test_a_command_that_is_given_again_is_told_once_and_one_that_changes_nothing_not_at_all(
    client: RecordedClient,
) -> None:
    for _ in range(2):
        service(client).execute("ada", NOW, GRANT, "key", SUE)
    give(client, UnblockUser(reason="no block"))
    service(client).execute("ada", NOW, UnblockUser(reason="no block"), "another key", SUE)
    service(client).validate("ada", NOW, GRANT, SUE)
    assert [one.act.action for one in told(client)] == ["grant_xp"]


def test_a_refusal_is_told_with_its_code(client: RecordedClient) -> None:
    give(client, GrantFreezes(count=5, over_cap=False, reason="many"))
    more = GrantFreezes(count=1, over_cap=False, reason="one more")
    for actor in (SUE, None):
        with pytest.raises(FreezesFull), told_if_refused(lambda: trails(client), "ada", more, actor, NOW):
            service(client).execute("ada", NOW, more, actor=SUE)
    first, second = told(client)
    assert (second.act.status, second.act.code, second.act.details) == (
        "failed",
        "freezes_full",
        {"count": 1, "over_cap": False, "reason": "one more"},
    )
    assert second.previous_hash == first.hash
    assert wrong(client) == []


def test_what_says_no_reason_was_no_act(client: RecordedClient) -> None:
    with pytest.raises(ReasonRequired), told_if_refused(lambda: trails(client), "ada", GRANT, SUE, NOW):
        raise ReasonRequired
    assert told(client) == []


def test_of_an_erased_user_no_refusal_is_told(client: RecordedClient) -> None:
    client.document("streaks/ada").set(tombstone_document(NOW))
    with pytest.raises(UserErased), told_if_refused(lambda: trails(client), "ada", GRANT, SUE, NOW):
        give(client)
    with pytest.raises(UserErased):
        trails(client).append(ADA, NOTE, NOW)
    assert not client.document("records/ada").get().exists


def test_a_refusal_that_can_not_be_told_stays_the_answer_and_is_logged(client: RecordedClient) -> None:
    give(client)
    client.document("records/ada").update({"audit": "x"})
    with (
        Logged() as logged,
        pytest.raises(StreakError),
        told_if_refused(lambda: trails(client), "ada", GRANT, SUE, NOW),
    ):
        raise StreakError
    assert logged.events() == ["audit_failed"]


def test_on_a_head_that_does_not_read_nothing_is_written(client: RecordedClient) -> None:
    give(client)
    client.document("records/ada").update({"audit": "x"})
    before = client.document("streaks/ada").get().to_dict()
    with pytest.raises(RecordsUnreadable):
        give(client)
    assert client.document("streaks/ada").get().to_dict() == before


def test_sixteen_operators_at_once_leave_sixteen_entries_in_order(client: RecordedClient) -> None:
    users = service(client)
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda number: users.execute("ada", NOW, GRANT, f"k{number}", SUE), range(16)))
    entries = told(client)
    assert [one.seq for one in entries] == list(range(1, 17))
    assert len({one.act.entity_id for one in entries}) == 16
    assert wrong(client) == []


def test_notes_that_come_at_once_wait_for_nobody_of_another_subject(client: RecordedClient) -> None:
    kept = trails(client)
    names = [f"u{number % 4}" for number in range(16)]
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda name: kept.append(user(name), NOTE, NOW), names))
    assert [len(told(client, f"u{number}")) for number in range(4)] == [4] * 4
    assert not any(wrong(client, f"u{number}") for number in range(4))


def test_a_note_whose_reply_is_lost_is_told_once(client: RecordedClient, recorder: Recorder) -> None:
    recorder.after["Commit"] = [ServiceUnavailable("gone"), None, None]
    kept = trails(client)
    entry = kept.append(ADA, NOTE, NOW).entry
    assert told(client) == [entry]
    recorder.before["Commit"] = [ServiceUnavailable("away"), None, None]
    kept.append(ADA, NOTE, NOW)
    assert [one.seq for one in told(client)] == [1, 2]


def test_a_page_has_the_latest_first_and_names_the_next_one_and_nothing_that_expired(client: RecordedClient) -> None:
    kept = trails(client)
    for day in range(5):
        kept.append(ADA, NOTE, NOW + timedelta(days=day))
    first = kept.page(ADA, 2, None, NOW)
    second = kept.page(ADA, 2, first.after, NOW)
    third = kept.page(ADA, 2, second.after, NOW)
    assert [[one.seq for one in page.entries] for page in (first, second, third)] == [[5, 4], [3, 2], [1]]
    assert third.after is None
    # Two have expired, and the database has deleted neither.
    later = kept.page(ADA, 4, None, NOW + timedelta(days=401))
    assert ([one.seq for one in later.entries], later.after) == ([5, 4, 3], None)
    assert kept.page(user("nobody"), 2, None, NOW).entries == []
    assert kept.page(ADA, 2, 1, NOW).entries == []


def test_a_page_says_which_entries_somebody_has_removed(client: RecordedClient) -> None:
    kept = trails(client)
    for _ in range(4):
        kept.append(ADA, NOTE, NOW)
    for number in (4, 2):
        client.document(f"records/ada/audit/{number:012d}").delete()
    first = kept.page(ADA, 2, None, NOW)
    second = kept.page(ADA, 2, first.after, NOW)
    assert [([one.seq for one in page.entries], page.missing) for page in (first, second)] == [([3], [4]), ([1], [2])]
    assert (first.after, second.after) == (3, None)


def test_what_concerns_everybody_has_a_trail_of_its_own(client: RecordedClient) -> None:
    kept = trails(client)
    kept.append(EVERYBODY, NOTE, NOW)
    assert client.document("trails/rules/audit/000000000001").get().exists
    # Somebody may be called so.
    kept.append(user("rules"), NOTE, NOW)
    assert [one.subject.kind for one in kept.page(EVERYBODY, 9, None, NOW).entries] == ["service"]
    assert list(kept.subjects()) == [user("rules")]
