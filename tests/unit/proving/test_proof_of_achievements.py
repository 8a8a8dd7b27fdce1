"""A ledger proves which achievements are earned, since when, and what was told of it."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import pytest

from streak_core.domain.rules import always
from testing.rules_in_time import policy_with
from tests.support.kept_documents import KeptDocuments
from tests.support.stored_files import STORED, read

if TYPE_CHECKING:
    from collections.abc import Callable

Json = dict[str, Any]
KEPT: Final = read(STORED / "v2" / "earned_once_and_for_ever.json")
EVENT: Final = "achievement_unlocked.three_days"


def differing(documents: Json) -> set[tuple[str, str]]:
    audit = KeptDocuments(documents).audit(
        datetime.fromisoformat(KEPT["now"]), rules=always(policy_with(KEPT["policy"]))
    )
    assert audit.fault is None
    return {(one.document, one.field) for one in audit.differences}


def with_earned(documents: Json, change: Callable[[Json], object]) -> Json:
    state = json.loads(documents["streak"]["state"])
    change(state["earned"])
    documents["streak"]["state"] = json.dumps(state)
    return documents


def test_what_was_earned_and_undone_since_is_proved() -> None:
    assert differing(KEPT["documents"]) == set()
    assert KEPT["answers"]["streak"]["longest_streak"] == 2
    assert EVENT in KEPT["documents"]["events"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda earned: earned.pop("three_days"), "state.earned.three_days"),
        (lambda earned: earned.update(three_days="2026-03-03T09:00:00Z"), "state.earned.three_days"),
        (lambda earned: earned.update(back="2026-03-06T09:00:00Z"), "state.earned.back"),
    ],
)
def test_what_is_kept_as_earned_otherwise_than_the_ledger_has_it_is_named(
    change: Callable[[Json], object], field: str
) -> None:
    documents = with_earned(deepcopy(KEPT["documents"]), change)
    assert {name for _, name in differing(documents)} == {field}


def test_an_event_that_was_not_told_or_of_what_was_not_earned_is_named() -> None:
    documents = deepcopy(KEPT["documents"])
    told = documents["events"].pop(EVENT)
    documents["events"]["achievement_unlocked.back"] = {**told, "event_id": "achievement_unlocked.back"}
    assert {one.removeprefix("events/") for one, _ in differing(documents)} == {EVENT, "achievement_unlocked.back"}
