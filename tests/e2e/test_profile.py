"""A user's profile: theirs alone, judged whole, told to the audit trail without a value, and in no line of the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import httpx

from emulator.firestore import HOST_VARIABLE
from emulator.token import unsigned_token
from tests.e2e.client import problem, wrong_fields
from tests.e2e.one_function import OneFunction
from tests.support.unkept import HTTP

if TYPE_CHECKING:
    from emulator.firestore import FirestoreEmulator
    from tests.e2e.client import User

ADA: Final[dict[str, Any]] = {
    "date_of_birth": "1990-12-10",
    "phone_number": "+91 98450 12345",
    "street_address": "12 Brunton Cross",
    "landmark": "Mayohall",
    "city": "Bengaluru",
    "state": "KA",
    "postal_code": "560001",
    "country": "IN",
}


def test_of_whom_nothing_is_stored_there_is_an_empty_one(user: User) -> None:
    found = user.get("/profile")
    assert {found[name] for name in ADA} == {None}
    assert (found["complete"], found["formatted_address"]) == (False, None)
    assert found["missing"] == [name for name in ADA if name != "landmark"]


def test_a_profile_becomes_complete_part_by_part(user: User) -> None:
    for name in reversed(ADA):
        assert user.do("PATCH", "/profile", {name: ADA[name]})[name] is not None
    told = user.get("/profile")
    assert (told["complete"], told["missing"]) == (True, [])
    assert told["formatted_address"] == "12 Brunton Cross\nMayohall\nBENGALURU 560001\nKarnataka\nINDIA"
    assert user.do("PATCH", "/profile", {}) == told
    assert user.do("PATCH", "/profile", {"city": None})["missing"] == ["city"]


def test_every_wrong_field_is_named_at_once_and_nothing_is_kept(user: User) -> None:
    sent = {**ADA, "phone_number": "12", "state": "California", "postal_code": "9", "date_of_birth": "2090-01-01"}
    names = ["date_of_birth", "phone_number", "state", "postal_code"]
    assert wrong_fields(user.ask("PATCH", "/profile", sent)) == names
    wrong = {"city": "", "country": "IND", "date_of_birth": "1990", "landmark": "x" * 201, "name": "Ada"}
    assert sorted(wrong_fields(user.ask("PATCH", "/profile", wrong))) == sorted(wrong)
    assert user.get("/profile")["missing"] == user.get("/profile", at="2026-03-03T09:00:00Z")["missing"]
    assert user.get("/profile")["city"] is None


def test_the_trail_has_the_names_of_what_was_changed_and_no_value(user: User, admin: User, support: User) -> None:
    user.do("PATCH", "/profile", ADA)
    user.do("PATCH", "/profile", ADA)
    path = f"/admin/users/{user.uid}/profile"
    assert support.get(path)["city"] == "Bengaluru"
    assert support.refusal("PATCH", path, {"city": "Mysuru"}) == (403, "forbidden")
    admin.do("PATCH", path, {"city": "Mysuru", "landmark": None})
    entries = admin.get(f"/admin/users/{user.uid}/audit")["entries"]
    second, first = (one for one in entries if one["action"] == "change_profile" and one["status"] == "success")
    assert [one["action"] for one in (first, second)] == ["change_profile"] * 2
    assert first["details"] == {"changed": sorted(ADA)}
    assert (second["details"], second["actor"]["kind"]) == ({"changed": ["city", "landmark"]}, "admin")
    assert "Bengaluru" not in str((first, second))


def test_whoever_is_blocked_reads_the_profile_and_changes_nothing(user: User, admin: User) -> None:
    admin.do("POST", f"/admin/users/{user.uid}/block", {"reason": "spam"})
    assert problem(user.ask("PATCH", "/profile", {"city": "Pune"})) == (403, "blocked")
    assert user.get("/profile")["city"] is None


def test_a_profile_is_exported_and_erased_with_the_user(user: User) -> None:
    user.do("PATCH", "/profile", ADA)
    exported = user.ask("GET", "/streak/export").text
    assert '"collection": "profiles"' in exported
    assert '"phone_number": "+919845012345"' in exported
    user.sign_in()
    user.do("DELETE", "/streak")
    assert user.refusal("GET", "/profile") == (410, "user_erased")
    assert user.refusal("PATCH", "/profile", ADA) == (410, "user_erased")
    user.sign_in(seconds_ago=-3)
    assert user.get("/profile")["city"] is None
    assert "Brunton" not in user.ask("GET", "/streak/export").text


def test_no_line_of_the_log_has_anything_personal(emulator: FirestoreEmulator) -> None:
    token = {"Authorization": f"Bearer {unsigned_token('logged')}"}
    with OneFunction("profile", {HOST_VARIABLE: emulator.host, "FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9"}) as one:
        assert one.starts(), one.output()
        for body in (ADA, {**ADA, "phone_number": "0198450", "state": "Nowhereland"}, {"city": ["Bengaluru"]}):
            httpx.patch(f"{one.url}/profile", json=body, headers=token)
        assert HTTP.get(f"{one.url}/profile", headers=token).json()["city"] == "Bengaluru"
        lines = one.output()
    assert lines.count("request_completed") >= 4
    for private in ("98450", "Brunton", "Mayohall", "engaluru", "1990-12-10", "560001", "Karnataka", "Nowhereland"):
        assert private not in lines
