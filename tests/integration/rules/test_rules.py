"""What apps may do in Firestore themselves: users read what is theirs, and that is all."""

from __future__ import annotations

import httpx
import pytest

from streak_core.store.documents import user_doc_id
from tests.integration.rules.attempts import ADA, DENIED, HOME, OWN, SLASHED, STRANGERS
from tests.integration.rules.coverage import expressions, gaps
from tests.integration.rules.ruled import Person, RuledDatabase
from tests.integration.rules.stored import RULES, stored_under

NEVER_EVALUATED = "    match /forgotten/{any} {\n      allow read: if request.auth.uid == any;\n    }\n"


def with_a_forgotten_rule() -> str:
    head, end, tail = RULES.partition("    match /streaks/{home} {")
    assert end
    return head + NEVER_EVALUATED + end + tail


def attempt_all(database: RuledDatabase) -> None:
    for operation, path in (*OWN, *DENIED):
        for who in (ADA, *STRANGERS):
            database.ask(who, operation, path)


@pytest.mark.parametrize(("operation", "path"), OWN)
def test_a_user_reads_what_is_theirs_and_nobody_else_does(ruled: RuledDatabase, operation: str, path: str) -> None:
    assert ruled.ask(ADA, operation, path) == 200
    assert [ruled.ask(who, operation, path) for who in STRANGERS] == [403] * len(STRANGERS)


@pytest.mark.parametrize(("operation", "path"), DENIED)
def test_nobody_writes_and_nobody_reads_anything_else(ruled: RuledDatabase, operation: str, path: str) -> None:
    assert [ruled.ask(who, operation, path) for who in (ADA, *STRANGERS)] == [403] * (1 + len(STRANGERS))


@pytest.mark.parametrize(("operation", "path"), [("get", HOME), ("set", HOME), ("list", f"{HOME}/events")])
def test_what_is_no_token_is_refused_before_any_rule(ruled: RuledDatabase, operation: str, path: str) -> None:
    assert ruled.ask(Person(uid="ada", token="none.of.that"), operation, path) == 400  # noqa: S106 - that is the point


@pytest.mark.parametrize("uid", ["a/b", "ada", "a%", "100%", "a b", "ü", "..."])
def test_a_user_reads_the_document_that_the_functions_write_for_them(ruled: RuledDatabase, uid: str) -> None:
    own = f"streaks/{user_doc_id(uid)}"
    ruled.put(own)
    assert ruled.ask(Person(uid=uid), "batch_get", own) == 200
    assert ruled.ask(ADA if uid != "ada" else Person(uid="a/b"), "batch_get", own) == 403


@pytest.mark.parametrize("uid", ["a%2Fb", "a%2fb", "a%252Fb", "a", "b", "a\\/b"])
def test_a_user_who_looks_like_another_one_s_document_does_not_read_it(ruled: RuledDatabase, uid: str) -> None:
    assert ruled.ask(Person(uid="a/b"), "batch_get", SLASHED) == 200
    assert ruled.ask(Person(uid=uid), "batch_get", SLASHED) == 403


@pytest.mark.parametrize("uid", ["__a__", "."])
def test_the_few_ids_that_need_more_encoding_are_shut_out_rather_than_mixed_up(ruled: RuledDatabase, uid: str) -> None:
    own = f"streaks/{user_doc_id(uid)}"
    ruled.put(own)
    assert [ruled.ask(Person(uid=one), "batch_get", own) for one in (uid, user_doc_id(uid))] == [403, 403]


def test_every_expression_of_the_rules_is_evaluated_and_every_condition_both_ways(empty: RuledDatabase) -> None:
    database = stored_under(RULES, empty)
    attempt_all(database)
    report = database.coverage()
    assert expressions(report) >= RULES.count("allow ")
    assert gaps(report, RULES) == []


def test_an_expression_that_is_never_evaluated_is_found(empty: RuledDatabase) -> None:
    rules = with_a_forgotten_rule()
    database = stored_under(rules, empty)
    attempt_all(database)
    found = gaps(database.coverage(), rules)
    assert len(found) == 5
    assert all("was never evaluated" in gap for gap in found)
    assert any("'request.auth.uid == any'" in gap for gap in found)


def test_a_condition_that_was_never_false_is_found_and_so_is_what_a_short_circuit_left_out(
    empty: RuledDatabase,
) -> None:
    database = stored_under(RULES, empty)
    database.ask(ADA, "get", HOME)
    assert any("'request.auth != null' was always true" in gap for gap in gaps(database.coverage(), RULES))
    database.load(RULES)
    database.ask(Person(uid=None), "get", HOME)
    found = gaps(database.coverage(), RULES)
    assert any("'request.auth != null' was always false" in gap for gap in found)
    assert any("request.auth.uid.replace" in gap and "never evaluated" in gap for gap in found)


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("if isOwner()", "if isOwnr()", "Invalid function name: isOwnr."),
        ("allow get:", "allow gett:", "Invalid method name: gett."),
        ("request.auth.uid.replace", "request.auth.uid.remplace", "Invalid function name: remplace."),
    ],
)
def test_what_the_rules_name_and_is_not_there_is_an_issue(
    empty: RuledDatabase, right: str, wrong: str, told: str
) -> None:
    assert empty.load(RULES) == []
    assert right in RULES
    issues = empty.load(RULES.replace(right, wrong, 1))
    assert [told in issue["description"] for issue in issues[:1]] == [True], issues


def test_rules_that_are_none_are_not_loaded(empty: RuledDatabase) -> None:
    with pytest.raises(httpx.HTTPStatusError, match="400"):
        empty.load(RULES + "}")
