"""What users do with features is counted once, of features that there are, and is in no line of the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import httpx

from emulator.firestore import HOST_VARIABLE
from emulator.token import unsigned_token
from functions.usage import EVENTS_MAX
from streak_core.records.kinds import shipped_kinds, shipped_kinds_text
from testing import contract
from tests.e2e.client import problem, wrong_fields
from tests.e2e.one_function import OneFunction
from tests.support.unkept import HTTP

if TYPE_CHECKING:
    from pathlib import Path

    from emulator.firestore import FirestoreEmulator
    from tests.e2e.client import User

EVENT: Final[dict[str, Any]] = {"feature": "chat", "duration_seconds": 42.5, "metadata": {"room": "kitchen"}}
MOMENTS: Final = {"at": "2026-03-02T09:00:00Z", "expires_at": "2027-04-06T09:00:00Z"}


def test_events_are_counted_once_under_a_key(user: User) -> None:
    sent = {"events": [EVENT, {"feature": "calendar"}]}
    first = user.ask("POST", "/usage", sent, key="u1")
    assert (first.status_code, first.json()) == (201, {"counted": 2, **MOMENTS})
    again = user.ask("POST", "/usage", sent, key="u1", at="2026-03-02T10:00:00Z")
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (first.json(), "true")
    assert "Idempotent-Replayed" not in first.headers
    assert problem(user.ask("POST", "/usage", {"events": [EVENT]}, key="u1")) == (422, "idempotency_key_reused")


def test_fifty_events_are_taken_and_neither_none_nor_one_more(user: User) -> None:
    assert user.do("POST", "/usage", {"events": [EVENT] * EVENTS_MAX})["counted"] == EVENTS_MAX == 50
    for wrong in ([EVENT] * (EVENTS_MAX + 1), []):
        assert wrong_fields(user.ask("POST", "/usage", {"events": wrong})) == ["events"]
    assert wrong_fields(user.ask("POST", "/usage", {})) == ["events"]


def test_a_feature_that_there_is_not_is_refused_with_what_may_have_been_meant_and_nothing_is_counted(
    user: User,
) -> None:
    refused = user.ask("POST", "/usage", {"events": [EVENT, {"feature": "calender", "duration_seconds": -1}]})
    assert wrong_fields(refused) == ["events.1.feature", "events.1.duration_seconds"]
    assert refused.json()["errors"][0]["message"].endswith("; did you mean calendar?")
    assert '"collection": "usage"' not in user.ask("GET", "/streak/export").text


def test_a_server_counts_for_a_user_and_who_is_blocked_counts_nothing(user: User, admin: User, support: User) -> None:
    path = f"/admin/users/{user.uid}/usage"
    admin.do("POST", path, {"events": [EVENT]}, key="u")
    assert support.refusal("POST", path, {"events": [EVENT]}) == (403, "forbidden")
    admin.do("POST", f"/admin/users/{user.uid}/block", {"reason": "spam"})
    assert user.refusal("POST", "/usage", {"events": [EVENT]}) == (403, "blocked")
    trail = admin.get(f"/admin/users/{user.uid}/audit")["entries"]
    assert [(one["action"], one["status"]) for one in trail] == [
        ("block", "success"),
        ("count_usage", "failed"),
        ("count_usage", "success"),
    ]
    assert "kitchen" not in str(trail)


def test_what_was_counted_is_exported_and_erased_with_the_user(user: User) -> None:
    user.do("POST", "/usage", {"events": [EVENT]}, key="u")
    exported = user.ask("GET", "/streak/export").text
    assert '"collection": "usage"' in exported
    assert '"room": "kitchen"' in exported
    user.sign_in()
    user.do("DELETE", "/streak")
    assert user.refusal("POST", "/usage", {"events": [EVENT]}) == (410, "user_erased")
    user.sign_in(seconds_ago=-3)
    assert "kitchen" not in user.ask("GET", "/streak/export").text


def test_the_contract_has_the_features_that_are_shipped() -> None:
    field = shipped_kinds().kinds["usage"].fields["feature"]
    assert tuple(contract.DOCUMENT["components"]["schemas"]["UsageEvent"]["properties"]["feature"]["enum"]) == (
        field.values if field.type == "choice" else ()
    )


def test_an_app_has_features_of_its_own_and_no_line_of_the_log_says_what_was_done(
    emulator: FirestoreEmulator, tmp_path: Path
) -> None:
    file = tmp_path / "records.toml"
    file.write_text(shipped_kinds_text().replace('"chat", "ideas"', '"garden"').replace("= 5000", "= 1"))
    own = {"FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9", "STREAK_RECORDS_FILE": str(file)}
    headers = {"Authorization": f"Bearer {unsigned_token('using')}", "X-Simulated-Time": "2026-03-02T09:00:00Z"}
    with OneFunction("usage", {HOST_VARIABLE: emulator.host, **own}) as one:
        assert one.starts(), one.output()

        def send(**more: Any) -> httpx.Response:
            sent = {"events": [{**EVENT, "feature": "garden", **more}]}
            return HTTP.post(f"{one.url}/usage", json=sent, headers=headers, timeout=30)

        assert send().status_code == 201
        assert [each["field"] for each in send(feature="chat").json()["errors"]] == ["events.0.feature"]
        full = send()
        lines = one.output()
    assert (full.status_code, full.json()["code"], full.headers["Retry-After"]) == (429, "quota_exceeded", "68400")
    assert lines.count("request_completed") >= 3
    for private in ("garden", "kitchen", "42.5"):
        assert private not in lines
