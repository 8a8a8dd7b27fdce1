"""What is sent is judged by its kind as a whole: each wrong field is named, and nothing is made of it."""

from __future__ import annotations

from typing import Any, Final

import pytest

from functions.http import parsing
from streak_core.domain.errors import Malformed
from streak_core.records.forms import Readers, form_of
from streak_core.records.kinds import parse_kinds, shipped_kinds_text

KIND: Final = """
[kinds.log.fields.lesson]
type = "whole"
minimum = 1
maximum = 9
optional = true
[kinds.log.fields.said]
type = "text"
characters_max = 8
bytes_max = 8
optional = true
[kinds.log.fields.share]
type = "number"
minimum = 0
maximum = 1
optional = true
[kinds.log.fields.done]
type = "flag"
optional = true
[kinds.log.fields.day]
type = "date"
optional = true
[kinds.log.fields.begun]
type = "moment"
optional = true
[kinds.log.fields.tags]
type = "texts"
items_max = 2
characters_max = 3
optional = true
"""
FORM: Final = form_of(
    "log",
    parse_kinds(shipped_kinds_text() + KIND).kinds["log"],
    parsing.Body,
    Readers(day=parsing.day, instant=parsing.instant),
)
GOOD: Final[dict[str, Any]] = {"action": "opened", "entity_type": "lesson", "entity_id": "7", "status": "success"}
# The largest or the last that is taken, and the nearest that is not.
EDGES: Final[dict[str, tuple[Any, Any]]] = {
    "action": ("a" * 64, "a" * 65),
    "entity_type": ("a.b_1", "A"),
    "entity_id": ("x", ""),
    "status": ("error", "fine"),
    "details": ({"a": "x" * 2040}, {"a": "x" * 2041}),
    "lesson": (9, 10),
    # Of two bytes each.
    "said": ("ää" * 2, "ää" * 2 + "a"),
    "share": (0.5, 1.1),
    "done": (False, 0),
    "day": ("2026-03-02", "2026-3-2"),
    "begun": ("2026-03-02T09:00:00Z", "2026-03-02T09:00:00"),
    "tags": (["abc", "d"], ["abcd"]),
}


def wrong(sent: dict[str, Any]) -> list[str]:
    with pytest.raises(Malformed) as refusal:
        parsing.part(sent, FORM)
    return [one.field for one in refusal.value.errors]


@pytest.mark.parametrize("name", EDGES)
def test_a_field_is_taken_up_to_its_bound_and_not_beyond(name: str) -> None:
    good, bad = EDGES[name]
    parsing.part({**GOOD, name: good}, FORM)
    assert [one.partition(".")[0] for one in wrong({**GOOD, name: bad})] == [name]


def test_every_wrong_field_is_named_at_once() -> None:
    sent = {name: bad for name, (_, bad) in EDGES.items()}
    assert {one.partition(".")[0] for one in wrong({**sent, "more": 1})} == {*EDGES, "more"}
    assert wrong({}) == ["action", "entity_type", "entity_id", "status"]


def test_an_optional_field_may_be_left_out() -> None:
    assert parsing.part(GOOD, FORM).model_dump(exclude_none=True) == GOOD
