"""What an app notes of its users is in their audit trail, once, and can't be taken for what the service did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from emulator.firestore import HOST_VARIABLE
from emulator.token import unsigned_token
from streak_core.records.kinds import shipped_kinds_text
from tests.e2e.client import problem, wrong_fields
from tests.e2e.one_function import OneFunction
from tests.support.unkept import HTTP

if TYPE_CHECKING:
    from pathlib import Path

    from emulator.firestore import FirestoreEmulator
    from tests.e2e.client import Json, User

NOTE: Final = {"action": "lesson.opened", "entity_type": "lesson", "entity_id": "7", "status": "success"}


def trail(admin: User, user: User) -> list[Json]:
    entries: list[Json] = admin.get(f"/admin/users/{user.uid}/audit")["entries"]
    return entries


def test_a_note_is_in_the_users_trail(user: User, admin: User) -> None:
    noted = user.do("POST", "/log", {**NOTE, "details": {"from": "search"}})
    [entry] = trail(admin, user)
    assert (entry["action"], entry["entity_type"], entry["entity_id"]) == ("app.lesson.opened", "lesson", "7")
    assert (entry["status"], entry["details"]) == ("success", {"from": "search"})
    assert entry["actor"] == entry["subject"] == {"kind": "user", "id": user.uid}
    assert noted == {name: entry[name] for name in ("id", "seq", "at", "hash")}


def test_a_server_notes_for_a_user_and_support_does_not(user: User, admin: User, support: User) -> None:
    path = f"/admin/users/{user.uid}/log"
    # Of whom nothing is stored no refusal is told in a trail of their own.
    user.record()
    assert support.refusal("POST", path, NOTE) == (403, "forbidden")
    admin.do("POST", path, {**NOTE, "status": "failed"})
    noted, refused = trail(admin, user)
    assert (noted["actor"]["kind"], noted["status"], noted["code"]) == ("admin", "failed", None)
    assert (refused["actor"]["kind"], refused["code"]) == ("support", "forbidden")


def test_a_note_under_a_key_is_noted_once_and_another_one_is_refused(user: User, admin: User) -> None:
    first = user.ask("POST", "/log", NOTE, key="k1")
    again = user.ask("POST", "/log", NOTE, key="k1", at="2026-03-02T10:00:00Z")
    assert (again.status_code, again.json(), again.headers["Idempotent-Replayed"]) == (201, first.json(), "true")
    assert "Idempotent-Replayed" not in first.headers
    assert problem(user.ask("POST", "/log", {**NOTE, "entity_id": "8"}, key="k1")) == (422, "idempotency_key_reused")
    user.do("POST", "/log", NOTE)
    user.do("POST", "/log", NOTE, key="k2")
    assert [one["seq"] for one in trail(admin, user)] == [3, 2, 1]


def test_every_wrong_field_is_named_at_once(user: User, admin: User) -> None:
    sent = {"action": "Opened", "entity_type": "", "entity_id": 7, "status": "fine", "details": [], "more": 1}
    assert wrong_fields(user.ask("POST", "/log", sent)) == [*NOTE, "details", "more"]
    assert wrong_fields(user.ask("POST", "/log", {})) == [*NOTE]
    assert wrong_fields(user.ask("POST", "/log", {**NOTE, "details": {"a": "x" * 2048}})) == ["details"]
    assert trail(admin, user) == []


def test_whoever_is_blocked_notes_nothing_and_what_was_noted_stays_answered(user: User, admin: User) -> None:
    noted = user.do("POST", "/log", NOTE, key="before")
    until = "2026-03-09T09:00:00Z"
    admin.do("POST", f"/admin/users/{user.uid}/block", {"until": until, "reason": "spam"})
    refused = user.ask("POST", "/log", NOTE)
    assert (problem(refused), refused.json()["until"]) == ((403, "blocked"), until)
    assert user.do("POST", "/log", NOTE, key="before") == noted
    admin.do("POST", f"/admin/users/{user.uid}/log", NOTE)
    assert user.ask("POST", "/log", NOTE, at=until).status_code == 201


def test_of_who_was_erased_nothing_is_noted_until_they_sign_in_anew(user: User, admin: User) -> None:
    user.record()
    user.sign_in()
    user.do("DELETE", "/streak")
    assert user.refusal("POST", "/log", NOTE) == (410, "user_erased")
    assert admin.refusal("POST", f"/admin/users/{user.uid}/log", NOTE) == (410, "user_erased")
    user.sign_in(seconds_ago=-3)
    user.do("POST", "/log", NOTE)
    assert [one["action"] for one in trail(admin, user)] == ["app.lesson.opened", "erase"]
    # Whoever began anew with a note alone is erased again like anybody.
    user.do("DELETE", "/streak")
    assert [one["action"] for one in trail(admin, user)] == ["erase"]


@pytest.mark.parametrize("action", ["grant_freezes", "erase"])
def test_no_note_can_be_taken_for_an_act_of_the_service(user: User, admin: User, action: str) -> None:
    user.do("POST", "/log", {**NOTE, "action": action})
    assert [one["action"] for one in trail(admin, user)] == [f"app.{action}"]


MORE: Final = '[kinds.log.fields.lesson]\ntype = "whole"\nminimum = 1\nmaximum = 9\noptional = true\n'


def test_an_app_has_fields_and_limits_of_its_own(emulator: FirestoreEmulator, tmp_path: Path) -> None:
    file = tmp_path / "records.toml"
    file.write_text(shipped_kinds_text().replace("count_a_day = 2000", "count_a_day = 1") + MORE)
    own = {"FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9", "STREAK_RECORDS_FILE": str(file)}
    headers = {"Authorization": f"Bearer {unsigned_token('limited')}", "X-Simulated-Time": "2026-03-02T09:00:00Z"}
    with OneFunction("log", {HOST_VARIABLE: emulator.host, **own}) as one:
        assert one.starts(), one.output()
        refused = HTTP.post(f"{one.url}/log", json={**NOTE, "lesson": 10}, headers=headers, timeout=30)
        assert [each["field"] for each in refused.json()["errors"]] == ["lesson"]
        assert HTTP.post(f"{one.url}/log", json={**NOTE, "lesson": 9}, headers=headers, timeout=30).status_code == 201
        full = HTTP.post(f"{one.url}/log", json=NOTE, headers=headers, timeout=30)
    assert (full.status_code, full.json()["code"], full.headers["Retry-After"]) == (429, "quota_exceeded", "68400")
