"""What an operator does for a user: the user's own routes and answers, and who it was in the ledger."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pytest

from tests.e2e.client import QUESTIONS, problem, wrong_fields
from tests.e2e.stored_user import stored

if TYPE_CHECKING:
    from tests.e2e.client import Json, User

QUIZ: Final = {"activity_type": "quiz_completed", "metadata": {"difficulty": "hard", "score": 90}}


def actors(uid: str) -> list[Json]:
    """Who gave each command of a user, in order; None for the user."""
    entries = [fields for path, fields in stored(uid).items() if "/ledger/" in path]
    return [json.loads(one["entry"]).get("actor") for one in sorted(entries, key=lambda one: one["seq"])]


# What a user shares, what they were told, and their friends are the user's own affair: there is no route for it.
OWN_AFFAIRS: Final = frozenset({"/share", "/notices", "/friends", "/friends/invitations", "/friends/blocks"})


@pytest.mark.parametrize("path", sorted({*QUESTIONS} - OWN_AFFAIRS))
def test_a_question_about_a_user_has_the_user_s_own_answer(user: User, support: User, path: str) -> None:
    user.do("POST", "/streak/activities", QUIZ, key="quiz")
    own = user.ask("GET", path)
    asked = support.ask("GET", f"/admin/users/{user.uid}{path}")
    assert (asked.status_code, asked.json()) == (200, own.json())
    assert asked.headers["ETag"] == own.headers["ETag"]


def test_of_a_user_of_whom_nothing_is_known_there_is_a_streak_of_0_and_nothing_is_stored(
    other: User, support: User
) -> None:
    assert support.get(f"/admin/users/{other.uid}/streak")["current_streak"] == 0
    assert stored(other.uid)[f"streaks/{other.uid}"] is None


def test_a_command_for_a_user_is_the_user_s_and_the_ledger_says_who_gave_it(user: User, admin: User) -> None:
    home = f"/admin/users/{user.uid}/streak"
    user.do("POST", "/streak/activities", QUIZ, key="first")
    told = admin.do("POST", f"{home}/activities", QUIZ, key="second")
    assert told["streak"].items() <= user.get("/streak").items()
    admin.do("POST", f"{home}/reset")
    admin.do("DELETE", f"{home}/reset")
    operator = {"kind": "admin", "id": admin.uid}
    assert actors(user.uid) == [None, operator, operator, operator]
    listed = user.get("/streak/activities")["activities"]
    assert [one["activity_id"] for one in listed] == ["second", "first"]
    assert admin.uid not in json.dumps([user.get(path) for path in QUESTIONS])


def test_a_key_is_one_name_whoever_gave_the_command(user: User, admin: User) -> None:
    first = admin.ask("POST", f"/admin/users/{user.uid}/streak/activities", QUIZ, key="quiz")
    again = user.ask("POST", "/streak/activities", QUIZ, key="quiz")
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert actors(user.uid) == [{"kind": "admin", "id": admin.uid}]


@pytest.mark.parametrize("uid", ["u" * 129, "a%20b", "%00", "%7F"])
def test_what_can_be_no_user_s_id_is_refused(admin: User, uid: str) -> None:
    assert wrong_fields(admin.ask("GET", f"/admin/users/{uid}/streak")) == ["uid"]


def test_support_reads_and_may_give_no_command_of_the_user_s(user: User, support: User) -> None:
    home = f"/admin/users/{user.uid}/streak"
    assert problem(support.ask("POST", f"{home}/activities", QUIZ)) == (403, "forbidden")
    assert support.get(home)["xp_total"] == 0
