"""A user's ideas: theirs alone, listed by what they are, refined, deleted, and in no line of the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import httpx

from emulator.firestore import HOST_VARIABLE
from emulator.token import unsigned_token
from streak_core.records.kinds import shipped_kinds, shipped_kinds_text
from testing import contract
from tests.e2e.client import problem, wrong_fields
from tests.e2e.one_function import OneFunction

if TYPE_CHECKING:
    from pathlib import Path

    from emulator.firestore import FirestoreEmulator
    from tests.e2e.client import Json, User

SAID: Final[dict[str, Any]] = {"title": "A reading journal", "category": "habit"}
WHOLE: Final = {
    **SAID,
    "description": "One page a day.",
    "tech_stack": ["python"],
    "features": ["offline"],
    "complexity": "beginner",
    "estimated_duration": "two weekends",
    "prompt": "something calm",
    "model": "m-1",
    "project_id": "p7",
}
MOMENT: Final = "2026-03-02T09:00:00Z"


def titles(user: User, **wanted: str) -> list[str]:
    return [one["title"] for one in user.get("/ideas", **wanted)["ideas"]]


def make(user: User, **said: Json) -> str:
    found: str = user.do("POST", "/ideas", {**SAID, **said})["idea_id"]
    return found


def test_an_idea_is_kept_marked_refined_and_deleted(user: User) -> None:
    made = user.do("POST", "/ideas", WHOLE)
    own = {"idea_id": made["idea_id"], "selected": False, "rating": None, "refinement_count": 0}
    assert made == {**WHOLE, **own, "at": MOMENT, "updated_at": MOMENT}
    path = f"/ideas/{made['idea_id']}"
    later = "2026-03-02T10:00:00Z"
    marked = user.do("PATCH", path, {"selected": True, "rating": "liked"}, at=later)
    assert marked == {**made, "selected": True, "rating": "liked", "updated_at": later}
    assert user.do("PATCH", path, {"rating": None}, at=later)["rating"] is None
    step = user.do("POST", f"{path}/refinements", {"prompt": "Make it shorter.", "result": "Half a page."}, at=later)
    assert (step["number"], step["result"], step["model"], step["at"]) == (1, "Half a page.", None, later)
    whole = user.get(path)
    assert [one["prompt"] for one in whole["refinements"]] == ["Make it shorter."]
    assert whole["refinement_count"] == 1
    assert user.do("DELETE", path) == {"idea_id": made["idea_id"]}
    for method, body in (("GET", None), ("PATCH", {"selected": True}), ("DELETE", None)):
        assert user.refusal(method, path, body) == (404, "idea_not_found")
    assert user.refusal("POST", f"{path}/refinements", {"prompt": "more"}) == (404, "idea_not_found")


def test_ideas_are_listed_by_what_they_are_page_by_page(user: User) -> None:
    made = list[str]()
    for number, complexity in enumerate(("beginner", "advanced", "beginner")):
        user.now = f"2026-03-02T09:0{number}:00Z"
        made.append(make(user, title=f"{number}", complexity=complexity, category="game" if number else "habit"))
    user.do("PATCH", f"/ideas/{made[-1]}", {"selected": True, "rating": "disliked"})
    assert titles(user) == ["2", "1", "0"]
    assert titles(user, complexity="beginner") == ["2", "0"]
    assert titles(user, category="game", selected="false") == ["1"]
    assert titles(user, rating="disliked") == ["2"]
    assert titles(user, rating="liked") == []
    first = user.get("/ideas", page_size="1", complexity="beginner")
    token = first["next_page_token"]
    second = user.get("/ideas", page_size="1", complexity="beginner", page_token=token)
    assert ([one["title"] for one in second["ideas"]], second["next_page_token"]) == (["0"], None)
    assert wrong_fields(user.ask("GET", "/ideas", page_token=token)) == ["page_token"]


def test_a_filter_that_no_idea_could_fit_is_refused_by_its_name(user: User) -> None:
    refused = user.ask("GET", "/ideas", complexity="beginer", rating="5", selected="1", category="")
    assert wrong_fields(refused) == ["category", "complexity", "selected", "rating"]
    messages = [one["message"] for one in refused.json()["errors"]]
    assert messages[1].endswith("; did you mean beginner?")
    assert messages[2] == "must be true or false"


def test_the_same_key_keeps_one_idea_and_refines_once(user: User) -> None:
    first = user.ask("POST", "/ideas", SAID, key="i1")
    again = user.ask("POST", "/ideas", SAID, key="i1", at="2026-03-02T10:00:00Z")
    assert (again.status_code, again.json(), again.headers["Idempotent-Replayed"]) == (201, first.json(), "true")
    assert problem(user.ask("POST", "/ideas", WHOLE, key="i1")) == (422, "idempotency_key_reused")
    path = f"/ideas/{first.json()['idea_id']}/refinements"
    steps = [user.ask("POST", path, {"prompt": "shorter"}, key="r1") for _ in range(2)]
    assert [one.json()["number"] for one in steps] == [1, 1]
    assert ["Idempotent-Replayed" in one.headers for one in steps] == [False, True]


def test_every_wrong_field_is_named_at_once(user: User) -> None:
    wrong = {"title": "", "category": 1, "tech_stack": "python", "complexity": "hard", "more": 1}
    assert sorted({one.partition(".")[0] for one in wrong_fields(user.ask("POST", "/ideas", wrong))}) == sorted(wrong)
    # What reports count by is nobody's own words.
    assert wrong_fields(user.ask("POST", "/ideas", {**SAID, "category": "my own words"})) == ["category"]
    path = f"/ideas/{make(user)}"
    assert wrong_fields(user.ask("PATCH", path, {"selected": "yes", "rating": "meh"})) == ["selected", "rating"]
    assert wrong_fields(user.ask("POST", f"{path}/refinements", {})) == ["prompt"]
    assert wrong_fields(user.ask("GET", "/ideas/__x__")) == ["idea_id"]


def test_a_server_makes_ideas_for_a_user_and_support_reads_them(user: User, admin: User, support: User) -> None:
    path = f"/admin/users/{user.uid}/ideas"
    idea = admin.do("POST", path, WHOLE)["idea_id"]
    assert titles(user) == ["A reading journal"]
    assert support.get(f"{path}/{idea}")["title"] == "A reading journal"
    for method, more, body in (("POST", "", WHOLE), ("PATCH", f"/{idea}", {}), ("DELETE", f"/{idea}", None)):
        assert support.refusal(method, f"{path}{more}", body) == (403, "forbidden")
    entries = admin.get(f"/admin/users/{user.uid}/audit")["entries"]
    [entry] = (one for one in entries if one["status"] == "success" and one["action"] != "look")
    assert (entry["action"], entry["entity_id"]) == ("make_idea", idea)
    assert "journal" not in str(entry)


def test_whoever_is_blocked_reads_and_deletes_ideas_and_makes_none(user: User, admin: User) -> None:
    path = f"/ideas/{make(user)}"
    admin.do("POST", f"/admin/users/{user.uid}/block", {"reason": "spam"})
    assert user.refusal("POST", "/ideas", SAID) == (403, "blocked")
    assert user.refusal("PATCH", path, {"selected": True}) == (403, "blocked")
    assert user.refusal("POST", f"{path}/refinements", {"prompt": "more"}) == (403, "blocked")
    assert len(titles(user)) == 1
    user.do("DELETE", path)


def test_ideas_are_exported_and_erased_with_the_user(user: User) -> None:
    make(user)
    assert '"title": "A reading journal"' in user.ask("GET", "/streak/export").text
    user.sign_in()
    user.do("DELETE", "/streak")
    assert user.refusal("GET", "/ideas") == (410, "user_erased")
    user.sign_in(seconds_ago=-3)
    assert titles(user) == []


def test_the_contract_says_how_many_there_can_be() -> None:
    kinds = shipped_kinds()
    for path, most in (("/ideas", kinds.count_max("idea")), ("/ideas/i/refinements", kinds.count_max("refinement"))):
        said = contract.operation_of("POST", path)
        assert said is not None
        assert str(most) in said.content["description"]


def test_an_app_has_words_and_bounds_of_its_own_and_nothing_of_an_idea_is_in_a_line_of_the_log(
    emulator: FirestoreEmulator, tmp_path: Path
) -> None:
    file = tmp_path / "records.toml"
    file.write_text(
        shipped_kinds_text().replace('"liked", "neutral"', '"loved"').replace("count_max = 50", "count_max = 1")
    )
    own = {"FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9", "STREAK_RECORDS_FILE": str(file)}
    headers = {"Authorization": f"Bearer {unsigned_token('inventing')}", "X-Simulated-Time": MOMENT}
    with OneFunction("ideas", {HOST_VARIABLE: emulator.host, **own}) as one:
        assert one.starts(), one.output()
        with httpx.Client(base_url=one.url, headers=headers, timeout=30) as asking:
            idea = asking.post("/ideas", json=WHOLE).json()["idea_id"]
            assert asking.patch(f"/ideas/{idea}", json={"rating": "loved"}).json()["rating"] == "loved"
            assert asking.patch(f"/ideas/{idea}", json={"rating": "liked"}).status_code == 422
            full = asking.post("/ideas", json=WHOLE)
            asking.post(f"/ideas/{idea}/refinements", json={"prompt": "quieter"})
            assert len(asking.get("/ideas?category=habit").json()["ideas"]) == 1
        lines = one.output()
    assert (full.status_code, full.json()["code"]) == (409, "too_many_ideas")
    assert lines.count("request_completed") >= 6
    for private in ("journal", "One page", "calm", "weekends", "quieter", "loved", "habit"):
        assert private not in lines
