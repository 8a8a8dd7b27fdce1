"""Records of kinds that an app has declared, over HTTP: their user's alone, bounded, and in no line of the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from emulator.firestore import HOST_VARIABLE
from streak_core.records.kinds import shipped_kinds_text
from tests.e2e.client import User, problem, wrong_fields
from tests.e2e.one_function import OneFunction
from tests.support.own_kinds import BOOK, MOOD

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from emulator.firestore import FirestoreEmulator

AUTH: Final = {"FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9099"}
GOOD: Final[dict[str, Any]] = {"record": {"mood": "good"}}
TITLE: Final = "a very private title"


@pytest.fixture(scope="module")
def process(emulator: FirestoreEmulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OneFunction]:
    """The function, where an app has kinds of its own."""
    file = tmp_path_factory.mktemp("kinds") / "records.toml"
    file.write_text(shipped_kinds_text() + MOOD + BOOK, encoding="utf-8")
    own = {**AUTH, HOST_VARIABLE: emulator.host, "STREAK_RECORDS_FILE": str(file)}
    with OneFunction("records", own) as running:
        assert running.starts(), running.output()
        yield running


def test_a_record_is_its_users_alone(http: httpx.Client, process: OneFunction) -> None:
    ada, eve = User(http, process.url), User(http, process.url)
    kept = ada.ask("POST", "/records/mood", GOOD, key="k")
    assert (kept.status_code, kept.json()["record"], kept.json()["kind"]) == (201, GOOD["record"], "mood")
    assert kept.json()["by"] == "user"
    again = ada.ask("POST", "/records/mood", GOOD, key="k")
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (kept.json(), "true")
    assert eve.get("/records/mood") == {"records": [], "next_page_token": None}
    name = f"/records/mood/{kept.json()['record_id']}"
    assert eve.refusal("DELETE", name) == (404, "record_not_found")
    ada.do("POST", "/records/mood", {"record": {"mood": "bad"}}, at="2026-03-02T10:00:00Z")
    first = ada.get("/records/mood", page_size=1)
    assert problem(eve.ask("GET", "/records/mood", page_token=first["next_page_token"])) == (422, "invalid_request")
    assert problem(ada.ask("GET", "/records/book", page_token=first["next_page_token"])) == (422, "invalid_request")
    rest = ada.get("/records/mood", page_size=1, page_token=first["next_page_token"])
    assert rest["records"] == [kept.json()]
    assert ada.do("DELETE", name) == {"record_id": kept.json()["record_id"]}
    assert ada.refusal("DELETE", name) == (404, "record_not_found")


def test_what_its_kind_does_not_allow_is_refused_by_each_field_and_nothing_of_it_is_in_the_log(
    http: httpx.Client, process: OneFunction
) -> None:
    ada = User(http, process.url)
    wrong = {"record": {"mood": "god", "stars": 5}}
    assert wrong_fields(ada.ask("POST", "/records/mood", wrong)) == ["record.mood", "record.stars"]
    assert wrong_fields(ada.ask("POST", "/records/mood", {})) == ["record"]
    assert wrong_fields(ada.ask("POST", "/records/mood", {**GOOD, "mood": "good"})) == ["mood"]
    ada.do("POST", "/records/book", {"record": {"title": TITLE}})
    for kind in ("weather", "profile"):
        assert ada.refusal("POST", f"/records/{kind}", GOOD) == (404, "unknown_kind")
        assert ada.refusal("GET", f"/records/{kind}") == (404, "unknown_kind")
    for _ in range(2):
        ada.do("POST", "/records/book", {"record": {"title": "another"}})
    assert ada.refusal("POST", "/records/book", {"record": {"title": "one more"}}) == (409, "too_many_records")
    for _ in range(5):
        ada.do("POST", "/records/mood", GOOD)
    refused = ada.ask("POST", "/records/mood", GOOD)
    assert (problem(refused), refused.headers["Retry-After"]) == ((429, "quota_exceeded"), str(19 * 3600))
    assert TITLE not in process.output()


def test_it_is_refused_to_who_is_blocked_and_done_for_users_by_admins(
    user: User, admin: User, support: User, http: httpx.Client, process: OneFunction
) -> None:
    ada = User(http, process.url, uid=user.uid)
    kept = ada.do("POST", "/records/mood", GOOD)
    admin.do("POST", f"/admin/users/{user.uid}/block", {"reason": "spam"})
    assert ada.refusal("POST", "/records/mood", GOOD) == (403, "blocked")
    assert ada.do("DELETE", f"/records/mood/{kept['record_id']}") == {"record_id": kept["record_id"]}
    # The function of operators here knows no such kind.
    for who in (admin, support):
        assert who.refusal("GET", f"/admin/users/{user.uid}/records/mood") == (404, "unknown_kind")
    assert support.refusal("POST", f"/admin/users/{user.uid}/records/mood", GOOD) == (403, "forbidden")
    assert admin.refusal("POST", f"/admin/users/{user.uid}/records/mood", GOOD) == (404, "unknown_kind")
