"""Rules as text: whose are those that are released, what is released next, and which rule of others reaches ours."""

from __future__ import annotations

import re

import pytest

from emulator.places import ROOT
from tools.deploy.errors import WrongUse
from tools.deploy.rules_text import (
    FILE,
    Standing,
    difference,
    merged,
    openings,
    planned,
    snippet,
    standing,
    with_prefix,
)

OURS = (ROOT / FILE).read_text(encoding="utf-8")
SHELL = "rules_version = '2';\nservice cloud.firestore {\n  match /databases/{db}/documents {\n%s  }\n}\n"
POSTS = "    match /posts/{post} {\n      allow read;\n      match /{below=**} { allow read: if true; }\n    }\n"
LOCKED = SHELL % "    // Nobody.\n    match /{document=**} {\n      allow read, write: if false;\n    }\n"


@pytest.mark.parametrize(
    ("released", "expected"),
    [
        (None, Standing.NOTHING),
        (LOCKED, Standing.LOCKED),
        (LOCKED.replace("if false", "if request.auth != null"), Standing.FOREIGN),
        (LOCKED.replace("    match /{", POSTS + "    match /{"), Standing.FOREIGN),
        (SHELL % POSTS, Standing.FOREIGN),
        (OURS, Standing.OURS),
        (OURS.replace("// unbroken: begin", "// begin"), Standing.FOREIGN),
        (merged(SHELL % POSTS, OURS), Standing.OURS),
    ],
)
def test_it_is_told_whose_rules_are_released(released: str | None, expected: Standing) -> None:
    assert standing(released) is expected


def test_our_lines_are_put_among_those_of_others_and_theirs_stay_as_they_are() -> None:
    together = merged(SHELL % POSTS, OURS)
    assert snippet(OURS) in together
    assert together.replace(snippet(OURS), "") == SHELL % POSTS
    assert planned(together, OURS) == together


def test_our_lines_are_brought_up_to_date_where_they_are_and_nothing_else_is_touched() -> None:
    together = merged(SHELL % POSTS, OURS)
    newer = OURS.replace("allow get: if isOwner();", "allow get: if isOwner() && true;")
    assert planned(together, newer) == merged(SHELL % POSTS, newer)
    assert planned(OURS, newer) == newer
    for nothing in (None, LOCKED):
        assert planned(nothing, newer) == newer


@pytest.mark.parametrize("text", ["service firebase.storage {}", SHELL % POSTS + SHELL % POSTS])
def test_where_a_place_for_ours_can_not_be_told_it_says_so(text: str) -> None:
    with pytest.raises(WrongUse, match="by hand"):
        merged(text, OURS)


def test_a_comment_is_no_place_for_ours() -> None:
    commented = "// match /databases/{db}/documents {\n" + SHELL % POSTS
    assert merged(commented, OURS).startswith("// match /databases/{db}/documents {\nrules_version")


@pytest.mark.parametrize(
    ("rule", "reaches"),
    [
        ("match /{document=**} { allow read, write: if request.auth != null; }", True),
        ("match /{document=**} { allow read; }", True),
        ("match /{document=**} { allow read, write: if false; }", False),
        ("match /{any}/{id} { allow write: if true; }", True),
        ("match /{any} { allow write: if true; }", False),
        ("match /streaks/{id} { allow write: if true; }", True),
        ("match /streaksters/{id} { allow write: if true; }", False),
        ("match /posts/{id} { match /{below=**} { allow write; } }", False),
        ("// match /{document=**} { allow read; }", False),
    ],
)
def test_a_rule_of_others_that_reaches_our_documents_is_seen(rule: str, *, reaches: bool) -> None:
    for text in (SHELL % f"    {rule}\n", merged(SHELL % f"    {rule}\n", OURS)):
        found = openings(text, "")
        assert bool(found) is reaches
        assert all(text.splitlines()[one.line - 1].strip().startswith(one.text) for one in found)


def test_with_a_prefix_the_rules_name_the_collections_that_have_it() -> None:
    prefixed = with_prefix(OURS, "unbroken_")
    assert prefixed.replace("unbroken_", "") == OURS
    for name in set(re.findall(r"match /(\w+)/\{\w+\} \{", OURS)) - {"databases"}:
        assert f"match /unbroken_{name}/{{" in prefixed
    assert openings(SHELL % "match /streaks/{id} { allow write; }", "unbroken_") == ()
    assert with_prefix(OURS, "") == OURS


def test_a_file_without_its_marks_is_not_released() -> None:
    with pytest.raises(WrongUse, match="as it was shipped"):
        snippet(OURS.replace("// unbroken: end", ""))


def test_what_changes_is_shown_line_by_line() -> None:
    shown = difference(SHELL % POSTS, merged(SHELL % POSTS, OURS))
    assert "+    match /streaks/{home} {" in shown
    assert not [line for line in shown.splitlines()[2:] if line.startswith("-")]
    assert difference(OURS, OURS) == ""
    assert difference(None, OURS).count("\n+") == 1 + len(OURS.splitlines())
