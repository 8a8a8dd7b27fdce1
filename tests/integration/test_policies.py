"""The policies in time as they are stored: written once, withdrawn at most, and never read in part."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from google.api_core.exceptions import ServiceUnavailable

from streak_core.domain.policy import parse_policy
from streak_core.domain.rules import PolicyInTime
from streak_core.policies import Policies, Publishing
from streak_core.retry import Attempts
from streak_core.store.failures import WriteConflict, WriteRefused
from streak_core.store.policies import POLICIES, POLICIES_MAX, PolicyStore, PolicyUnreadable
from streak_core.store.writing import Writer, nothing_else
from tests.support.shipped_policy import RULES, TEXT

if TYPE_CHECKING:
    from tests.support.recorded_client import RecordedClient, Recorder

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
CHEAPER = TEXT.replace("xp_per_freeze = 500", "xp_per_freeze = 300")
ONE = PolicyInTime(
    number=1,
    effective_from=date(2026, 3, 9),
    policy=parse_policy(CHEAPER),
    text=CHEAPER,
    published_at=NOW,
    by="admin:ops",
    reason="freezes are too dear",
)


def publishing(**fields: Any) -> Publishing:
    sent = {"effective_from": date(2026, 3, 9), "text": CHEAPER, "by": "admin:ops", "reason": "freezes are too dear"}
    return Publishing(**{**sent, **fields})


def administration(client: RecordedClient) -> Policies:
    return Policies(PolicyStore(client), RULES.policies[0], 2)


def test_what_is_published_is_read_as_it_was_by_one_query(client: RecordedClient, recorder: Recorder) -> None:
    store = PolicyStore(client)
    store.add(replace(ONE, number=10))
    store.add(ONE)
    recorder.calls.clear()
    assert store.published() == (ONE, replace(ONE, number=10))
    assert recorder.methods() == ["RunQuery"]


def test_a_number_is_given_once(client: RecordedClient) -> None:
    store = PolicyStore(client)
    store.add(ONE)
    with pytest.raises(WriteConflict):
        store.add(replace(ONE, reason="another"))
    assert store.published() == (ONE,)


def test_a_policy_is_withdrawn_once_and_nothing_else_of_it_changes(client: RecordedClient) -> None:
    store = PolicyStore(client)
    store.add(ONE)
    store.withdraw(1, NOW + timedelta(hours=1))
    store.withdraw(1, NOW + timedelta(hours=2))
    assert store.published() == (replace(ONE, withdrawn_at=NOW + timedelta(hours=1)),)


@pytest.mark.parametrize(
    "damage",
    [
        {"schema_version": 2},
        {"later": "field"},
        {"number": 2},
        {"text": "categories = ["},
        {"text": CHEAPER + "\n[leagues]\nsize = 30\n"},
        {"effective_from": "soon"},
    ],
    ids=", ".join,
)
def test_a_policy_that_this_program_does_not_know_is_refused_and_never_left_out(
    client: RecordedClient, damage: dict[str, Any]
) -> None:
    store = PolicyStore(client)
    store.add(ONE)
    client.collection(POLICIES).document("1").update(damage)
    with pytest.raises(PolicyUnreadable, match="Policy 1 "):
        store.published()


def test_a_list_with_more_policies_than_there_can_be_is_refused_and_not_read_in_part(client: RecordedClient) -> None:
    store = PolicyStore(client)
    store.add(ONE)
    stored, batch = client.collection(POLICIES).document("1").get().to_dict() or {}, client.batch()
    for number in range(2, POLICIES_MAX + 1):
        batch.create(client.collection(POLICIES).document(str(number)), {**stored, "number": number})
    batch.commit()
    assert [one.number for one in store.published()] == list(range(1, POLICIES_MAX + 1))
    store.add(replace(ONE, number=POLICIES_MAX + 1))
    with pytest.raises(PolicyUnreadable):
        store.published()


def test_a_policy_that_a_later_program_has_withdrawn_is_in_nobodys_way(client: RecordedClient) -> None:
    store = PolicyStore(client)
    store.add(ONE)
    client.collection(POLICIES).document("1").update({"later": "field", "withdrawn_at": NOW})
    assert store.published() == ()
    # Its number is taken all the same.
    assert administration(client).publish(publishing(), NOW)[0].number == 2


def test_the_same_policy_sent_again_is_published_once_also_where_the_reply_was_lost(
    client: RecordedClient, recorder: Recorder
) -> None:
    policies = administration(client)
    recorder.after["Commit"] = [ServiceUnavailable("the reply was lost")]
    first, _ = policies.publish(publishing(), NOW)
    again, _ = policies.publish(publishing(), NOW + timedelta(hours=1))
    assert first == again
    assert first.number == 1
    assert len(PolicyStore(client).published()) == 1


class Held(PolicyStore):
    """A database that takes the first policy only when the second one comes, and says until then that it failed."""

    held: PolicyInTime | None = None

    def add(self, one: PolicyInTime, also: Writer = nothing_else) -> None:
        if self.held is None:
            self.held = one
            raise WriteRefused
        super().add(self.held, also)
        super().add(one, also)


def test_a_policy_that_arrives_after_it_is_said_to_have_failed_is_published_once(client: RecordedClient) -> None:
    policies = replace(administration(client), store=Held(client), attempts=lambda: Attempts(sleep=lambda _: None))
    assert policies.publish(publishing(), NOW)[0].number == 1
    assert [one.number for one in PolicyStore(client).published()] == [1]


def test_policies_that_are_published_at_once_have_numbers_of_their_own(client: RecordedClient) -> None:
    policies = administration(client)
    sent = [publishing(reason=f"reason {number}") for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda one: policies.publish(one, NOW), sent))
    stored = PolicyStore(client).published()
    assert sorted(one.reason for one in stored) == [one.reason for one in sent]
    assert len({one.number for one in stored}) == 4
