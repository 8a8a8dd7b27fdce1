"""Policies are published, amnesties declared, nights pass while a tool is at it: each goes by the rules of then."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from streak_core.commands import StreakCommands
from streak_core.config.maintenance import MaintenanceRules
from streak_core.domain.actor import Actor, ActorKind
from streak_core.domain.commands import RecordActivity
from streak_core.domain.rules import KNOWN_AFTER, Rules
from streak_core.maintenance.run import Maintenance
from streak_core.policies import Policies, Publishing
from streak_core.proving.repository import ProofStore
from streak_core.store.amnesties import AmnestyStore, StoredChange
from streak_core.store.due import DueStore
from streak_core.store.policies import PolicyStore
from streak_core.store.rules_in_time import READ_EVERY_SECONDS, RulesInTime
from streak_core.store.runs import RunStore
from streak_core.store.users import UserStore
from tests.integration.streakctl.proving import NOW, prover
from tests.support.shipped_policy import RULES, TEXT
from tools.streakctl.bringing.forms import OWN
from tools.streakctl.bringing.importing import Fate, Importer
from tools.streakctl.bringing.mapping import RowReader
from tools.streakctl.bringing.rows import Row
from tools.streakctl.proving import Finding, Prover

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.recorded_client import RecordedClient

DAY = timedelta(days=1)


@dataclass
class Held:
    """What a tool holds, and the clock that it reads the lists anew by."""

    client: RecordedClient
    seconds: float = 0.0
    in_time: RulesInTime = field(init=False)

    def __post_init__(self) -> None:
        declared, published = AmnestyStore(self.client).declared, PolicyStore(self.client).published
        self.in_time = RulesInTime(RULES.policies[0], declared, published, clock=lambda: self.seconds)

    def by_now(self) -> Rules:
        """As a process has them that reads them each time."""
        return Rules((RULES.policies[0], *PolicyStore(self.client).published()), AmnestyStore(self.client).declared())

    def prover(self, moments: list[datetime]) -> Prover:
        held = prover(self.client)
        return replace(held, rules=self.in_time, forget=self.in_time.forget, now=lambda: moments[0])

    def record(self, user_id: str, at: datetime) -> None:
        wish = RecordActivity(activity_id=f"a{at:%d%H}", activity_type="study_guide_completed", metadata={})
        StreakCommands(UserStore(self.client, self.by_now), self.by_now).execute(user_id, at, wish)

    def publish(self, at: datetime) -> None:
        sent = Publishing(
            effective_from=(at + 5 * DAY).date(),
            text=TEXT.replace("day_start_hour = 4", "day_start_hour = 0"),
            by="ops",
            reason="days begin at midnight",
        )
        Policies(PolicyStore(self.client), RULES.policies[0], 2).publish(sent, at)

    def declare(self, at: datetime) -> None:
        change = StoredChange(
            number=1, at=at, by="ops", from_instant=at - DAY, until=at - timedelta(hours=23), reason="away"
        )
        AmnestyStore(self.client).add(change)


@pytest.mark.parametrize("change", [Held.publish, Held.declare])
def test_a_user_whose_writer_knew_more_than_was_held_is_proved_by_what_is_known_by_now(
    client: RecordedClient, change: Any
) -> None:
    held, moments = Held(client), [NOW]
    held.record("ada", NOW - 2 * DAY)
    proving, store = held.prover(moments), ProofStore(client)
    assert proving.prove(store.user_document("ada")).finding is Finding.EQUAL
    change(held, NOW)
    moments[0] = NOW + 2 * KNOWN_AFTER
    held.record("ada", moments[0])
    # Not a second has passed for what is held.
    assert replace(proving, forget=lambda: None).prove(store.user_document("ada")).finding is not Finding.EQUAL
    assert proving.prove(store.user_document("ada")).finding is Finding.EQUAL
    for name in ("current_streak", "xp_total"):
        client.document("streaks/ada").update({name: 99})
    assert proving.prove(store.user_document("ada")).finding is Finding.DIFFERS


def test_what_the_job_settles_in_the_night_while_users_are_proved_is_no_difference(client: RecordedClient) -> None:
    held, moments = Held(client), [NOW]
    proving, store = held.prover(moments), ProofStore(client)
    held.record("ada", NOW)
    assert proving.prove(store.user_document("ada")).finding is Finding.EQUAL
    unpaced = MaintenanceRules(is_paced=False, threads=1)
    Maintenance(DueStore(client), RunStore(client), held.by_now, rules=unpaced).run("night", NOW + 3 * DAY)
    # Of a moment that has not come nothing could have been settled.
    assert proving.prove(store.user_document("ada")).finding is Finding.DIFFERS
    moments[0] += 3 * DAY
    assert proving.prove(store.user_document("ada")).finding is Finding.EQUAL


def test_who_is_brought_along_after_a_policy_was_published_goes_by_it(client: RecordedClient) -> None:
    held, moments = Held(client), [NOW]

    def rows() -> Iterator[Row]:
        numbers = {"time_zone": "UTC", "current_streak": 3, "longest_streak": 5, "last_active_date": "2025-03-01"}
        for number, user_id in enumerate(("ada", "ben"), start=1):
            yield Row(number=number, values={**numbers, "user_id": user_id})
            if number == 1:
                held.publish(moments[0])
                moments[0] += 2 * KNOWN_AFTER
                held.seconds += READ_EVERY_SECONDS

    importer = Importer(
        commands=StreakCommands(UserStore(client, held.in_time), held.in_time),
        reader=RowReader(form=OWN, reason="moved", day_starts=RULES.day_starts),
        actor=Actor(kind=ActorKind.ADMIN, id="streakctl"),
        clock=lambda: moments[0],
    )
    assert [one.fate for one in importer.bring_all(rows())] == [Fate.IMPORTED] * 2
    timelines = [client.document(f"streaks/{name}").get(["timeline"]).to_dict() for name in ("ada", "ben")]
    assert ["2025-03-08T00:00:00Z" in str(one) for one in timelines] == [False, True]
    assert {held.prover(moments).prove(one).finding for one in ProofStore(client).user_documents()} == {Finding.EQUAL}
