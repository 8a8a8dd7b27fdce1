"""A ledger that an import has left with numbers twice leads to one state, and nothing answered is lost."""

from __future__ import annotations

import copy
import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streak_core.domain.commands import ActivityRecorded
from streak_core.domain.entries import Found
from streak_core.domain.policy import FlatXp
from streak_core.domain.rules import Rules, always
from streak_core.proving.audit import Audit
from streak_core.proving.repository import Mend
from streak_core.store import documents
from testing.lives import lives
from testing.rules_in_time import CHALLENGES, policy_with
from testing.steps import Step
from tests.support.kept_documents import KeptDocuments
from tests.support.kept_user import KeptUser
from tests.support.living import attempt
from tests.support.shipped_policy import POLICY, RULES
from tests.support.thoroughness import examples

Json = dict[str, Any]
BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)
# What an import brings back as it was, where it was there.
LATE = datetime(2041, 1, 1, tzinfo=UTC)


@dataclass
class AfterImport(KeptUser):
    """A user of whom entries are there that the state knows nothing of, and so no command."""

    def found(self) -> dict[str, Found]:
        streak, _ = self.read()
        return {name: one for name, one in super().found().items() if streak and one.entry.seq <= streak.seq}

    def step(self, step: Json) -> Json | None:
        # A first zone looks at entries of the other branch, too, once their numbers are reached: nothing is written.
        with suppress(LookupError):
            return super().step(step)
        return None


def recording(day: int, name: str, **more: Any) -> Step:
    at = (BEGIN + timedelta(days=day)).isoformat()
    return {"at": at, "do": "record", "activity_id": name, "activity_type": "study_guide_completed", **more}


def imported(old: Json, newer: Json) -> Json:
    """The documents of before over those of now, as Firestore's import leaves them."""
    parts = {name: {**newer[name], **old[name]} for name in ("ledger", "months", "events")}
    return copy.deepcopy({"streak": old["streak"], **parts})


def audit(found: Json, rules: Rules = RULES) -> Audit:
    return KeptDocuments(found).audit(LATE, rules=rules)


def mended(found: Json, mend: Mend) -> Json:
    """What is stored once a mend is written."""
    made = copy.deepcopy(found)
    made["streak"] = dict(mend.document)
    for name, fields in mend.entries.items():
        made["ledger"][name] |= fields
    for name, days in mend.months.items():
        made["months"][name] = documents.month_documents(days).get(name)
    for event_id, event in mend.events.items():
        made["events"][event_id] = documents.event_document(event) if event else None
    for part in ("months", "events"):
        made[part] = {name: one for name, one in made[part].items() if one is not None}
    return made


def whole_again(found: Json) -> Json:
    """What is stored once what an audit found is mended."""
    one = audit(found)
    assert one.fault is None
    assert one.mend
    return mended(found, one.mend)


def damaged(before: list[Step], newer: list[Step], after: list[Step], rules: Rules = RULES) -> Json:
    """A life of which the middle was written, and imported away, before the rest was lived."""
    user = AfterImport(rules=rules)
    for step in before:
        attempt(user, step)
    old = copy.deepcopy(user.documents)
    for step in newer:
        attempt(user, step)
    user.documents = imported(old, user.documents)
    for step in after:
        attempt(user, step)
    return user.documents


@given(lives(), st.data())
@examples(90)
def test_whatever_was_lived_before_and_after_an_import_is_in_one_order_and_mended_for_good(
    life: list[Step], data: st.DataObject
) -> None:
    first = data.draw(st.integers(1, len(life)))
    second = data.draw(st.integers(first, len(life)))
    # An import takes longer than the clocks of those who lived before it may differ.
    imported_at = max(step["at"] for step in life[:second])
    after = [step for step in life[second:] if step["at"] > imported_at]
    found = damaged(life[:first], life[first:second], after)
    if found["streak"] is None:
        return
    made = whole_again(found)
    again = audit(made)
    assert (again.fault, again.differences) == (None, ())
    assert {name: entry["answer"] for name, entry in made["ledger"].items()} == {
        name: entry["answer"] for name, entry in found["ledger"].items()
    }
    assert {json.loads(one["entry"])["seq"] for one in made["ledger"].values()} == {*range(1, len(found["ledger"]) + 1)}


def test_nothing_that_was_answered_before_or_after_the_import_is_lost() -> None:
    before = [recording(day, f"a{day}") for day in range(8)]
    newer = [recording(day, f"b{day}") for day in range(8, 11)]
    after = [recording(day, f"c{day}") for day in range(11, 14)]
    after += [{"at": (BEGIN + timedelta(days=13, hours=1)).isoformat(), "do": "undo", "activity_id": "c13"}]
    after += [{"at": (BEGIN + timedelta(days=13, hours=2)).isoformat(), "do": "redo", "activity_id": "c13"}]
    found = damaged(before, newer, after)
    assert found["streak"]["current_streak"] == 3
    made = whole_again(found)
    assert made["streak"]["current_streak"] == 14
    assert made["streak"]["xp_total"] == 14 * 15
    entries = [documents.read_entry(entry) for entry in made["ledger"].values()]
    assert sum(isinstance(entry.content, ActivityRecorded) for entry in entries) == 14
    assert made["ledger"]["activity.c11"]["moved_from"] == 9
    assert documents.read_entry(made["ledger"]["activity.c11"]).seq == 12
    undone = next(one for one in entries if one.kind == "undo")
    assert undone.content.of_seq == 14  # type: ignore[union-attr]
    assert "moved_from" not in made["ledger"]["activity.b8"]


def test_a_pause_of_after_the_import_that_was_ended_is_still_ended() -> None:
    before = [recording(day, f"a{day}") for day in range(3)]
    newer = [recording(day, f"b{day}") for day in range(3, 6)]
    at = (BEGIN + timedelta(days=7)).isoformat()
    pause = {"at": at, "do": "add_pause", "from": "2026-03-10", "until": "2026-03-12"}
    after = [recording(7, "c7"), pause, {"at": at, "do": "end_pause", "from": "2026-03-10"}]
    one = audit(damaged(before, newer, after))
    assert one.fault is None
    assert one.mend
    assert documents.read_streak(one.mend.document)[0].settings.pauses == ()


def test_a_challenge_of_after_the_import_that_was_left_is_still_left_and_another_one_counts() -> None:
    days = {"from": "2026-03-02", "until": "2026-03-31", "target": 9, "reward": {"xp": 1}}
    rules = always(policy_with({CHALLENGES: {"one": days, "other": days}}))
    before = [recording(day, f"a{day}") for day in range(3)]
    newer = [recording(day, f"b{day}") for day in range(3, 6)]
    at = (BEGIN + timedelta(days=7)).isoformat()
    join = [{"at": at, "do": "join_challenge", "challenge": name} for name in ("one", "other")]
    after = [*join, recording(7, "c7"), {"at": at, "do": "leave_challenge", "challenge": "one"}]
    one = audit(damaged(before, newer, after, rules), rules)
    assert (one.fault, one.mend is None) == (None, False)
    assert one.mend
    streak = documents.read_streak(one.mend.document)[0]
    assert [(one.seq, one.terms.name) for one in streak.settings.challenges] == [(8, "other")]
    assert [record.challenges for record in streak.tail.values() if record.challenges] == [{"8": 1}]


def test_a_length_given_to_a_streak_that_something_of_before_the_import_has_broken_tells_no_milestone() -> None:
    freeze: Step = {"at": BEGIN.isoformat(), "do": "grant_freezes", "count": 1, "reason": "asked for"}
    before = [*(recording(day, f"a{day}") for day in range(3)), {**freeze, "at": recording(2, "")["at"]}]
    newer: list[Step] = [{"at": recording(3, "")["at"], "do": "set_auto_freeze", "on": False}]
    restore: Step = {"at": recording(5, "")["at"], "do": "restore", "length": 2, "reason": "asked for"}
    found = damaged(before, newer, [recording(3, "c3"), restore])
    assert found["streak"]["current_streak"] == 6
    made = whole_again(found)
    assert made["streak"]["current_streak"] == 0
    assert (audit(made).fault, audit(made).differences) == (None, ())


def test_an_import_before_anybody_wrote_again_needs_no_new_numbers() -> None:
    before = [recording(day, f"a{day}") for day in range(3)]
    one = audit(damaged(before, [recording(3, "b")], []))
    assert one.fault is None
    assert one.differences
    assert one.mend
    assert one.mend.entries == {}


def test_a_ledger_that_also_lacks_an_entry_proves_nothing() -> None:
    before = [recording(day, f"a{day}") for day in range(3)]
    newer = [recording(day, f"b{day}") for day in range(3, 6)]
    found = damaged(before, newer, [recording(day, f"c{day}") for day in range(7, 12)])
    assert audit(found).fault is None
    del found["ledger"]["activity.c9"]
    assert audit(found).fault == "entry 6 is missing"


def test_an_entry_of_form_1_is_not_numbered_anew() -> None:
    user = KeptUser(form=documents.FORM_1)
    for day in range(3):
        user.step(recording(day, f"a{day}"))
    old = copy.deepcopy(user.documents)
    user.step(recording(3, "b"))
    user.documents = imported(old, user.documents)
    user.step(recording(4, "c"))
    assert "of form 1, which is not numbered anew" in str(audit(user.documents).fault)


def forged(found: Json, name: str, **changes: Any) -> None:
    """Other numbers in the activity of an entry."""
    entry = json.loads(found["ledger"][name]["entry"])
    entry["activity"] |= changes
    found["ledger"][name]["entry"] = json.dumps(entry)


@given(lives())
@examples(90)
def test_a_life_proves_its_prices_and_answers(life: list[Step]) -> None:
    user = KeptUser()
    for step in life:
        attempt(user, step)
    if user.documents["streak"] is not None:
        one = audit(user.documents)
        assert (one.fault, one.differences) == (None, ())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"xp": 999}, "entry 2 is priced at 999 XP of 15; by the rules it is 15 XP"),
        ({"xp": 22}, "entry 2 is priced at 22 XP of 15; by the rules it is 15 XP"),
        ({"base_xp": 50, "xp": 50}, "entry 2 is priced at 50 XP of 50"),
        ({"counted": False}, "entry 2 is priced at 15 XP of 15, not counted"),
        ({"category": "quiz"}, "entry 2 is priced at 15 XP of 15; by the rules"),
        ({"activity_type": "sleeping"}, "by the rules it is not known"),
    ],
)
def test_a_forged_price_is_found_and_not_believed(changes: Json, said: str) -> None:
    user = KeptUser()
    for day in range(3):
        user.step(recording(day, f"a{day}"))
    assert audit(user.documents).is_equal
    forged(user.documents, "activity.a1", **changes)
    assert said in str(audit(user.documents).fault)


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [("streak", "xp_total", 999), ("streak", "current_streak", 9), ("activity", "xp_awarded", 999)],
)
def test_a_forged_answer_is_found_by_its_number_and_would_be_mended(part: str, name: str, value: int) -> None:
    user = KeptUser()
    for day in range(3):
        user.step(recording(day, f"a{day}"))
    kept = user.documents["ledger"]["activity.a1"]
    right = json.loads(kept["answer"])
    kept["answer"] = json.dumps({**right, part: {**right[part], name: value}})
    one = audit(user.documents)
    assert [(each.document, each.field, each.stored) for each in one.differences] == [
        ("ledger/activity.a1", f"answer.{part}.{name}", value)
    ]
    assert one.mend
    assert json.loads(one.mend.entries["activity.a1"]["answer"]) == right


def test_what_an_earlier_policy_gave_is_right_where_that_is_named() -> None:
    user = KeptUser()
    for day in range(3):
        user.step(recording(day, f"a{day}"))
    dearer = POLICY.model_copy(
        update={
            "activity_types": {
                **POLICY.activity_types,
                "study_guide_completed": POLICY.activity_types["study_guide_completed"].model_copy(
                    update={"xp": FlatXp(rule="flat", xp=20)}
                ),
            }
        }
    )
    kept = KeptDocuments(user.documents)
    assert "by the rules it is 20 XP" in str(kept.audit(LATE, rules=always(dearer)).fault)
    assert kept.audit(LATE, [RULES], always(dearer)).is_equal
