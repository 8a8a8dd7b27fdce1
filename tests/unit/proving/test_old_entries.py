"""A ledger that begins with entries of form 1 proves what is stored, and what is damaged is found all the same."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from emulator.places import ROOT
from streak_core.proving.marks import command_name
from streak_core.store import documents
from tests.support.kept_documents import KeptDocuments
from tests.support.kept_user import KeptUser

if TYPE_CHECKING:
    from streak_core.proving.audit import Audit

Json = dict[str, Any]
LAST = datetime.fromisoformat("2026-05-04T15:00:00+00:00")


def stamped(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"timestamp"}:
            return datetime.fromisoformat(value["timestamp"])
        return {name: stamped(inner) for name, inner in value.items()}
    return value


def old() -> KeptUser:
    """A user of the program before, of months, whose tail began a week later than it would now."""
    text = (ROOT / "tests" / "stored" / "v1" / "everything.json").read_text(encoding="utf-8")
    return KeptUser(documents=stamped(json.loads(text))["documents"])


def going_on(days: int) -> KeptUser:
    """The same user, some days into form 2."""
    user = old()
    for day in range(days):
        at = (LAST + timedelta(days=day, hours=1)).isoformat()
        user.step({"at": at, "do": "record", "activity_id": f"n{day}", "activity_type": "study_guide_completed"})
        later = (LAST + timedelta(days=day, hours=2)).isoformat()
        if day % 5 == 2:
            user.step({"at": later, "do": "undo", "activity_id": f"n{day}"})
        if day % 10 == 7:
            user.step({"at": later, "do": "redo", "activity_id": f"n{day}"})
    return user


def audit(user: KeptUser) -> Audit:
    return KeptDocuments(user.documents).audit(LAST + timedelta(days=60))


def found(user: KeptUser) -> dict[str, tuple[Any, Any]]:
    return {f"{one.document} {one.field}": (one.stored, one.rebuilt) for one in audit(user).differences}


@pytest.mark.parametrize("days", [0, 1, 3, 8, 15, 30])
def test_a_ledger_of_both_forms_proves_the_state_the_months_and_the_events(days: int) -> None:
    user = going_on(days)
    assert user.documents["streak"]["schema_version"] == (2 if days else 1)
    one = audit(user)
    assert (one.fault, one.differences) == (None, ())
    assert one.mend
    assert one.mend.document["schema_version"] == user.documents["streak"]["schema_version"]


@pytest.mark.parametrize("days", [0, 3, 30])
def test_damage_is_found_in_either_form(days: int) -> None:
    user = going_on(days)
    state = json.loads(user.documents["streak"]["state"])
    state["checkpoint"]["longest"] += 1
    state["checkpoint"]["xp_total"] += 1
    user.documents["streak"]["state"] = json.dumps(state)
    name, month = max(user.documents["months"].items())
    day, row = max(month["days"].items())
    user.documents["months"][name]["days"][day] = json.dumps({**json.loads(row), "xp": 999})
    assert found(user).keys() == {
        "streak state.checkpoint.longest_streak",
        "streak state.checkpoint.xp_total",
        f"months/{name} {name}-{day}.xp",
    }


def test_an_entry_of_form_1_after_one_of_form_2_proves_nothing() -> None:
    user = going_on(2)
    newest = max(user.documents["ledger"].values(), key=lambda one: int(one["seq"]))
    name = json.loads(newest["entry"])["entry_id"]
    entry = documents.read_entry(newest)
    user.documents["ledger"][name] = documents.entry_document(entry, "r", "record", {}, {}, documents.FORM_1)
    assert "can't be carried out again" in str(audit(user).fault)


@pytest.mark.parametrize(
    ("name", "value", "rebuilt"),
    [("undone", True, False), ("undone", None, False), ("command", "reset", "record"), ("command", None, "record")],
)
def test_a_mark_beside_an_entry_that_is_wrong_is_found_and_would_be_mended(
    name: str,
    value: bool | str | None,
    rebuilt: bool | str,
) -> None:
    user = going_on(9)
    user.documents["ledger"]["activity.n8"][name] = value
    assert found(user) == {f"ledger/activity.n8 {name}": (value, rebuilt)}
    mend = audit(user).mend
    assert mend
    assert mend.entries == {"activity.n8": {name: rebuilt}}


def test_the_last_of_several_marks_holds_and_an_activity_of_form_1_has_one_only_since_form_2() -> None:
    user = old()
    for hour, do in ((1, "undo"), (2, "redo"), (3, "undo")):
        at = (LAST + timedelta(hours=hour)).isoformat()
        assert user.step({"at": at, "do": do, "activity_id": "a118"})
    assert user.documents["ledger"]["activity.a118"]["undone"] is True
    assert found(user) == {}
    user.documents["ledger"]["activity.a118"]["undone"] = False
    user.documents["ledger"]["activity.a0"]["undone"] = True
    assert found(user) == {
        "ledger/activity.a118 undone": (False, True),
        "ledger/activity.a0 undone": (True, None),
    }


def test_each_kind_of_content_names_the_command_that_leads_to_it() -> None:
    text = (ROOT / "tests" / "stored" / "v2" / "everything.json").read_text(encoding="utf-8")
    ledger = stamped(json.loads(text))["documents"]["ledger"].values()
    assert {one["command"] for one in ledger} >= {"record", "check_in", "redo", "take_reset_back", "pause", "resume"}
    for one in ledger:
        assert command_name(documents.read_entry(one).content) == one["command"]


def test_a_timeline_may_have_been_told_at_any_moment_of_its_day_and_of_no_other_day() -> None:
    user = going_on(3)
    told = json.loads(user.documents["streak"]["timeline"])
    moment = datetime.fromisoformat(told[0]["from"])
    for late, is_right in ((0, True), (60, True), (60 * 30, False), (-60 * 30, False)):
        first = {**told[0], "from": (moment + timedelta(minutes=late)).isoformat().replace("+00:00", "Z")}
        user.documents["streak"]["timeline"] = json.dumps([first, *told[1:]], separators=(",", ":"))
        assert (found(user) == {}) is is_right
    user.documents["streak"]["timeline"] = json.dumps([{**told[0], "current_streak": 99}, *told[1:]])
    assert found(user).keys() == {"streak timeline"}
