"""A user's conversations: theirs alone, numbered, paged, deleted for good, and in no line of the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import httpx

from emulator.firestore import HOST_VARIABLE
from emulator.token import unsigned_token
from streak_core.records.kinds import shipped_kinds, shipped_kinds_text
from testing import contract
from tests.e2e.client import problem, wrong_fields
from tests.e2e.one_function import OneFunction
from tests.support.unkept import HTTP

if TYPE_CHECKING:
    from pathlib import Path

    from emulator.firestore import FirestoreEmulator
    from tests.e2e.client import Json, User

CHAT: Final = "/conversations/chat/messages"
SAID: Final[dict[str, Any]] = {"role": "user", "content": "How do I begin?"}
WHOLE: Final = {
    **SAID,
    "role": "assistant",
    "intent": "planning",
    "response_time_ms": 820,
    "project_id": "p7",
    "context": {"page": 3},
}


def pages(user: User, path: str, name: str) -> list[list[Json]]:
    found, more = [], {"page_size": "2"}
    while True:
        answer = user.get(path, **more)
        found.append(answer[name])
        if answer["next_page_token"] is None:
            return found
        more["page_token"] = answer["next_page_token"]
        assert len(found) < 9


def test_the_first_message_begins_a_conversation_and_each_has_a_number(user: User) -> None:
    first = user.do("POST", CHAT, SAID)
    moments = {"at": "2026-03-02T09:00:00Z", "expires_at": "2026-08-29T09:00:00Z"}
    left_out = dict.fromkeys(("intent", "response_time_ms", "project_id", "context"))
    assert first == {"session_id": "chat", "seq": 1, **SAID, **left_out, **moments}
    second = user.do("POST", CHAT, WHOLE)
    assert second == {"session_id": "chat", "seq": 2, **WHOLE, **moments}
    assert user.get(CHAT) == {"messages": [second, first], "next_page_token": None}
    [listed] = user.get("/conversations")["conversations"]
    assert listed == {
        "session_id": "chat",
        "messages": 2,
        "started_at": moments["at"],
        "last_at": moments["at"],
        "expires_at": moments["expires_at"],
    }


def test_pages_have_everything_once_and_a_token_stays_where_it_belongs(user: User) -> None:
    for name in ("a", "b", "chat"):
        for number in range(5):
            user.do("POST", f"/conversations/{name}/messages", {**SAID, "content": f"{number}"})
    seen = [[one["seq"] for one in page] for page in pages(user, CHAT, "messages")]
    assert seen == [[5, 4], [3, 2], [1]]
    assert [[one["session_id"] for one in page] for page in pages(user, "/conversations", "conversations")] == [
        ["chat", "b"],
        ["a"],
    ]
    token = user.get(CHAT, page_size="2")["next_page_token"]
    for path in ("/conversations/a/messages", "/conversations"):
        assert wrong_fields(user.ask("GET", path, page_token=token)) == ["page_token"]


def test_the_same_key_adds_one_message(user: User) -> None:
    first = user.ask("POST", CHAT, SAID, key="k1")
    again = user.ask("POST", CHAT, SAID, key="k1", at="2026-03-02T10:00:00Z")
    assert (again.status_code, again.json(), again.headers["Idempotent-Replayed"]) == (201, first.json(), "true")
    assert "Idempotent-Replayed" not in first.headers
    assert problem(user.ask("POST", CHAT, WHOLE, key="k1")) == (422, "idempotency_key_reused")
    assert len(user.get(CHAT)["messages"]) == 1


def test_every_wrong_field_is_named_at_once(user: User) -> None:
    wrong = {"role": "model", "content": "", "intent": "A", "response_time_ms": -1, "context": [], "more": 1}
    assert sorted(wrong_fields(user.ask("POST", CHAT, wrong))) == sorted(wrong)
    assert wrong_fields(user.ask("POST", CHAT, {})) == ["role", "content"]
    user.do("POST", CHAT, {**SAID, "content": "ä" * 4096})
    refused = user.ask("POST", CHAT, {**SAID, "content": "ä" * 4096 + "a"})
    assert wrong_fields(refused) == ["content"]
    assert "8192 bytes" in refused.json()["errors"][0]["message"]
    for name in ("__chat__", ".a", "a b", "a" * 129):
        assert wrong_fields(user.ask("POST", f"/conversations/{name}/messages", SAID)) == ["session_id"]
    user.do("POST", f"/conversations/{'a' * 128}/messages", SAID)


def test_what_was_deleted_is_gone_and_takes_no_late_message(user: User) -> None:
    user.do("POST", CHAT, SAID, key="k1")
    deleted = user.do("DELETE", "/conversations/chat", at="2026-03-02T10:00:00Z")
    assert deleted == {"session_id": "chat", "deleted_at": "2026-03-02T10:00:00Z"}
    assert user.do("DELETE", "/conversations/chat", at="2026-03-02T11:00:00Z") == deleted
    assert user.refusal("GET", CHAT) == (404, "session_not_found")
    assert user.refusal("POST", CHAT, SAID) == (409, "session_closed")
    assert user.refusal("POST", CHAT, SAID, key="k1") == (409, "session_closed")
    assert user.get("/conversations")["conversations"] == []
    assert user.refusal("DELETE", "/conversations/never") == (404, "session_not_found")
    assert "How do I begin?" not in user.ask("GET", "/streak/export").text


def test_a_server_adds_what_an_assistant_says_and_support_reads_it(user: User, admin: User, support: User) -> None:
    path = f"/admin/users/{user.uid}{CHAT}"
    user.do("POST", CHAT, SAID)
    assert admin.do("POST", path, WHOLE)["seq"] == 2
    assert support.refusal("POST", path, WHOLE) == (403, "forbidden")
    assert support.refusal("DELETE", f"/admin/users/{user.uid}/conversations/chat") == (403, "forbidden")
    assert [one["role"] for one in support.get(path)["messages"]] == ["assistant", "user"]
    admin.do("DELETE", f"/admin/users/{user.uid}/conversations/chat")
    entries = admin.get(f"/admin/users/{user.uid}/audit")["entries"]
    trail = [one for one in entries if one["status"] == "success" and one["action"] != "look"]
    assert [one["action"] for one in trail] == ["delete_conversation", "add_message"]
    assert "How do I begin?" not in str(trail)


def test_whoever_is_blocked_reads_and_deletes_and_says_nothing(user: User, admin: User) -> None:
    user.do("POST", CHAT, SAID)
    admin.do("POST", f"/admin/users/{user.uid}/block", {"reason": "spam"})
    assert user.refusal("POST", CHAT, SAID) == (403, "blocked")
    assert len(user.get(CHAT)["messages"]) == 1
    user.do("DELETE", "/conversations/chat")


def test_a_conversation_is_exported_and_erased_with_the_user(user: User) -> None:
    user.do("POST", CHAT, WHOLE, key="k")
    exported = user.ask("GET", "/streak/export").text
    assert '"content": "How do I begin?"' in exported
    user.sign_in()
    user.do("DELETE", "/streak")
    assert user.refusal("GET", CHAT) == (410, "user_erased")
    user.sign_in(seconds_ago=-3)
    assert user.get("/conversations")["conversations"] == []
    assert "How do I begin?" not in user.ask("GET", "/streak/export").text


def test_the_contract_says_the_bounds_that_hold_without_a_file_of_ones_own() -> None:
    kind = shipped_kinds().kinds["message"]
    said = contract.operation_of("POST", CHAT)
    assert said is not None
    text = " ".join(said.content["description"].split())
    assert f"{kind.keep_days} days" in text
    assert f"{kind.count_max} messages at most" in text


MOOD: Final = '[kinds.message.fields.mood]\ntype = "choice"\nvalues = ["calm"]\noptional = true\n'


def test_an_app_has_fields_words_and_limits_of_its_own_and_nothing_said_is_in_a_line_of_the_log(
    emulator: FirestoreEmulator, tmp_path: Path
) -> None:
    file = tmp_path / "records.toml"
    more = (
        shipped_kinds_text().replace('"user", "assistant"', '"pupil"').replace("count_a_day = 1000", "count_a_day = 2")
    )
    file.write_text(more + MOOD)
    own = {"FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9", "STREAK_RECORDS_FILE": str(file)}
    headers = {"Authorization": f"Bearer {unsigned_token('talking')}", "X-Simulated-Time": "2026-03-02T09:00:00Z"}
    with OneFunction("conversations", {HOST_VARIABLE: emulator.host, **own}) as one:
        assert one.starts(), one.output()

        def say(**said: Any) -> httpx.Response:
            return HTTP.post(f"{one.url}{CHAT}", json={**WHOLE, "role": "pupil", **said}, headers=headers, timeout=30)

        assert say(mood="calm").json()["mood"] == "calm"
        assert say().json()["mood"] is None
        assert [each["field"] for each in say(role="user", mood="angry secret").json()["errors"]] == ["role", "mood"]
        full = say()
        lines = one.output()
    assert (full.status_code, full.json()["code"], full.headers["Retry-After"]) == (429, "quota_exceeded", "68400")
    assert lines.count("request_completed") >= 4
    for private in ("How do I", "planning", "p7", "calm", "angry secret"):
        assert private not in lines
