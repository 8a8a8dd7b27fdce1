"""The kinds of records are read whole: each problem is named with its place, and nothing is guessed."""

from __future__ import annotations

import re
from typing import Final

import pytest

from streak_core.records.kinds import KindsError, parse_kinds, shipped_kinds, shipped_kinds_text
from tests.support.own_kinds import MOOD

SHIPPED: Final = shipped_kinds_text()
SAYS: Final = 'says = "what an app notes of its users in the audit trail"'
ACTION: Final = '[kinds.log.fields.action]\ntype = "text"\ncharacters_max = 64\npattern = "^[a-z][a-z0-9_.]*$"\n'


def problems(text: str) -> list[str]:
    with pytest.raises(KindsError) as error:
        parse_kinds(text)
    return [place for place, _ in error.value.fields]


def with_field(content: str) -> str:
    return f"{SHIPPED}\n[kinds.log.fields.more]\n{content}\n"


def test_the_shipped_file_has_the_kinds_that_routes_keep() -> None:
    assert parse_kinds(SHIPPED) == shipped_kinds()
    assert set(shipped_kinds().kinds) == {"log", "profile", "message", "usage", "idea", "idea_mark", "refinement"}


@pytest.mark.parametrize(
    "content",
    [
        'type = "text"\ncharacters_max = 8192\nbytes_max = 8192',
        'type = "whole"\nminimum = 0\nmaximum = 0',
        'type = "number"\nminimum = -0.5\nmaximum = 1\noptional = true',
        'type = "flag"',
        'type = "date"',
        'type = "moment"',
        'type = "choice"\nvalues = ["a"]',
        'type = "texts"\nitems_max = 1\ncharacters_max = 1',
        'type = "object"\nbytes_max = 8192',
    ],
)
def test_an_app_has_further_fields_of_every_type(content: str) -> None:
    assert "more" in parse_kinds(with_field(content)).kinds["log"].fields


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ('type = "texte"', "kinds.log.fields.more"),
        ('type = "text"', "kinds.log.fields.more.text.characters_max"),
        ('type = "text"\ncharacters_max = 8193', "kinds.log.fields.more.text.characters_max"),
        ('type = "text"\ncharacters_max = 1\nbytes_max = 8193', "kinds.log.fields.more.text.bytes_max"),
        ('type = "text"\ncharacters_max = 0', "kinds.log.fields.more.text.characters_max"),
        ('type = "text"\ncharacters_min = 3\ncharacters_max = 2', "kinds.log.fields.more.text"),
        ('type = "text"\ncharacters_max = 2\npattern = "("', "kinds.log.fields.more.text"),
        # Which takes longer than linear time, and what judges the texts does not take it.
        ('type = "text"\ncharacters_max = 2\npattern = "^(?!x)[a-z]+$"', "kinds.log.fields.more.text"),
        ('type = "whole"\nminimum = 1\nmaximum = 0', "kinds.log.fields.more.whole"),
        ('type = "whole"\nminimum = 0.5\nmaximum = 1', "kinds.log.fields.more.whole.minimum"),
        ('type = "number"\nminimum = 1\nmaximum = inf', "kinds.log.fields.more.number.maximum"),
        ('type = "choice"\nvalues = []', "kinds.log.fields.more.choice.values"),
        ('type = "choice"\nvalues = ["a", "a"]', "kinds.log.fields.more.choice"),
        ('type = "object"\nbytes_max = 8193', "kinds.log.fields.more.object.bytes_max"),
        ('type = "flag"\ndefault = true', "kinds.log.fields.more.flag.default"),
    ],
)
def test_what_is_wrong_with_a_field_is_named_by_its_place(content: str, place: str) -> None:
    assert problems(with_field(content)) == [place]


COUNTED: Final = {"log": "action", "message": "intent", "usage": "feature", "idea": "category"}


def with_counted(kind: str, content: str) -> str:
    """The shipped file, in which the field that reports count by is another one."""
    begin = f"[kinds.{kind}.fields.{COUNTED[kind]}]\n"
    before, after = SHIPPED.split(begin)
    return f"{before}{begin}{content}\n\n{after.partition(chr(10) * 2)[2]}"


@pytest.mark.parametrize("kind", COUNTED)
def test_what_reports_count_by_is_a_choice_or_has_a_pattern(kind: str) -> None:
    for content in ('type = "choice"\nvalues = ["a"]', 'type = "text"\ncharacters_max = 9\npattern = "^[a-z]$"'):
        assert parse_kinds(with_counted(kind, content)).is_counted_by_list(kind) is ("choice" in content)
    for content, place in (
        ('type = "text"\ncharacters_max = 9', ""),
        ('type = "texts"\nitems_max = 1\ncharacters_max = 9', ".type"),
        ('type = "object"\nbytes_max = 9', ".type"),
    ):
        assert problems(with_counted(kind, content)) == [f"kinds.{kind}.fields.{COUNTED[kind]}{place}"]
    with pytest.raises(KindsError, match="make it a choice, or a text with a pattern"):
        parse_kinds(with_counted(kind, 'type = "text"\ncharacters_max = 9'))


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("", ["kinds"]),
        ("not TOML", [""]),
        (SHIPPED.replace("[kinds.log", "[kinds.notes"), ["kinds.log", "kinds.notes.keep_days"]),
        (
            f'{SHIPPED}\n[kinds.mood]\nsays = "how it went"\n[kinds.mood.fields.at]\ntype = "date"',
            ["kinds.mood.quota.count_a_day", "kinds.mood.keep_days"],
        ),
        (SHIPPED.replace(ACTION, ""), ["kinds.log.fields.action"]),
        # What has no effect is not taken.
        (SHIPPED.replace(SAYS, f"retention_days = 30\n{SAYS}"), ["kinds.log.retention_days"]),
        (SHIPPED.replace(SAYS, f"keep_days = 30\n{SAYS}"), ["kinds.log.keep_days"]),
        (SHIPPED.replace(SAYS, f"count_max = 30\n{SAYS}"), ["kinds.log.count_max"]),
        (SHIPPED.replace("keep_days = 180\n", ""), ["kinds.message.keep_days"]),
        (SHIPPED.replace("count_max = 400\n", ""), ["kinds.message.count_max"]),
        # As many as one commit deletes.
        (SHIPPED.replace("count_max = 400\n", "count_max = 401\n"), ["kinds.message.count_max"]),
        (
            SHIPPED.replace("[kinds.message.fields.intent]", "[kinds.message.fields.seq]"),
            [
                "kinds.message.fields.intent",
                "kinds.message.fields.seq",
            ],
        ),
        (SHIPPED.replace(SAYS, 'says = ""'), ["kinds.log.says"]),
    ],
)
def test_what_is_wrong_with_the_file_is_named(text: str, places: list[str]) -> None:
    assert problems(text) == places


STATUS: Final = 'type = "choice"\nvalues = ["success", "failed", "error"]'
DETAILS: Final = 'type = "object"\nbytes_max = 2048\noptional = true\n\n[kinds.profile]'
DETAILS_AS_TEXT: Final = DETAILS.replace("object", "text").replace("bytes_max", "characters_max")
ENTITY_ID: Final = "characters_max = 128\n\n[kinds.log"


@pytest.mark.parametrize(
    ("was", "becomes", "place"),
    [
        (STATUS, 'type = "choice"\nvalues = ["success", "gone"]', "kinds.log.fields.status.values"),
        (STATUS, 'type = "text"\ncharacters_max = 8', "kinds.log.fields.status.type"),
        (STATUS, f"{STATUS}\noptional = true", "kinds.log.fields.status.optional"),
        (DETAILS, DETAILS.replace("2048", "2049"), "kinds.log.fields.details.bytes_max"),
        (DETAILS, DETAILS_AS_TEXT, "kinds.log.fields.details.type"),
        (ENTITY_ID, ENTITY_ID.replace("128", "257"), "kinds.log.fields.entity_id.characters_max"),
        ('type = "flag"', 'type = "choice"\nvalues = ["yes"]', "kinds.idea_mark.fields.selected.type"),
        ('values = ["liked", "neutral", "disliked"]', 'values = ["liked"]', None),
        (STATUS, 'type = "choice"\nvalues = ["failed"]', None),
        (ENTITY_ID, ENTITY_ID.replace("128", "256"), None),
    ],
)
def test_a_route_s_own_fields_are_of_what_it_reads_and_no_longer_than_it_keeps(
    was: str, becomes: str, place: str | None
) -> None:
    assert was in SHIPPED
    text = SHIPPED.replace(was, becomes, 1)
    if place is None:
        parse_kinds(text)
    else:
        assert problems(text) == [place]


def test_every_problem_is_told_at_once_in_sentences() -> None:
    text = with_field('type = "whole"\nminimum = 1').replace("bytes_max = 2048", "bytes_max = 1")
    with pytest.raises(KindsError, match=re.escape("kinds.log.fields.details.object.bytes_max")) as error:
        parse_kinds(text)
    assert "kinds.log.fields.more.whole.maximum: Field required" in str(error.value)


def test_an_app_declares_kinds_of_its_own() -> None:
    kinds = parse_kinds(SHIPPED + MOOD)
    assert (kinds.is_of_app("mood"), kinds.is_counted_by_list("mood")) == (True, True)
    assert not any(kinds.is_of_app(one) for one in (*shipped_kinds().kinds, "unheard"))
    choice, text = 'type = "choice"\nvalues = ["good", "bad"]', 'type = "text"\ncharacters_max = 9\npattern = "^a$"'
    text = MOOD.replace(choice, text)
    assert not parse_kinds(SHIPPED + text).is_counted_by_list("mood")


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("quota = { count_a_day = 5 }\n", "", "quota.count_a_day"),
        ("quota = { count_a_day = 5 }\n", "quota = { bytes_a_day = 20 }\n", "quota.count_a_day"),
        ("keep_days = 90\n", "", "keep_days"),
        ("keep_days = 90\n", "keep_days = 90\ncount_max = 5\n", "keep_days"),
        ('counted_by = "mood"', 'counted_by = "other"', "counted_by"),
        ('type = "choice"\nvalues = ["good", "bad"]', 'type = "text"\ncharacters_max = 9', "fields.mood"),
    ],
)
def test_a_kind_of_an_apps_own_has_a_quota_and_an_end_or_a_bound(old: str, new: str, place: str) -> None:
    assert old in MOOD
    assert problems(SHIPPED + MOOD.replace(old, new)) == [f"kinds.mood.{place}"]


def test_a_kind_that_a_route_of_ours_keeps_is_counted_as_that_says() -> None:
    assert problems(SHIPPED.replace(SAYS, f'counted_by = "status"\n{SAYS}')) == ["kinds.log.counted_by"]
    assert problems(SHIPPED.replace(SAYS, f"told = true\n{SAYS}")) == ["kinds.log.told"]
