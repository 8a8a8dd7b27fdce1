"""Hostile values in every place of a body: refused with a code, and nothing of them is stored."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.client import JSON_TYPE, User, problem
from tests.e2e.stored_user import stored
from tools.fuzz import hostile

RECORD = ("POST", "/streak/activities")
CHECK_IN = {"activity_type": "check_in"}
# Where a value goes, and the values that are no hostile ones there.
PLACES: dict[tuple[str, str, str], set[str]] = {
    (*RECORD, '{"activity_type": %s}'): set(),
    (*RECORD, '{"activity_type": "check_in", "metadata": %s}'): {"{}"},
    (*RECORD, '{"activity_type": "check_in", "metadata": {"x": %s}}'): set(),
    (*RECORD, '{"activity_type": "check_in", "occurred_at": %s}'): {"null"},
    (*RECORD, '{"activity_type": "check_in", "activity_id": %s}'): {"null", '"true"', '"1"'},
    (*RECORD, '{"activity_type": "flashcard_set_completed", "metadata": {"correct": %s}}'): {"0", "-0", "1e-400"},
    (*RECORD, '{"activity_type": "quiz_completed", "metadata": {"difficulty": %s, "score": 60}}'): set(),
    (*RECORD, '{"activity_type": "quiz_completed", "metadata": {"difficulty": "easy", "score": %s}}'): {
        *("0", "-0", "0.5", "1e-400")
    },
    (*RECORD, '{"activity_type": "evaluation_completed", "metadata": {"grade": %s}}'): set(),
    ("POST", "/streak/freezes", '{"date": %s}'): set(),
    ("PUT", "/streak/pause", '{"from": %s, "until": "2026-03-09"}'): set(),
    ("PUT", "/streak/pause", '{"from": "2026-03-09", "until": %s}'): set(),
    ("PATCH", "/streak/settings", '{"time_zone": %s}'): {"null"},
    ("PATCH", "/streak/settings", '{"auto_freeze": %s}'): {"null", "true", "false"},
    ("PATCH", "/streak/settings", '{"rest_weekdays": %s}'): {"null", "[]"},
    ("POST", "/streak/reset", "%s"): {"{}"},
}


def hostile_values(accepted: set[str]) -> Iterator[str]:
    """All that is wrong in a place, as it stands in a JSON text."""
    yield from (value for value in (*hostile.NUMBERS, *hostile.OTHER_JSON) if value not in accepted)


@pytest.mark.parametrize("place", PLACES, ids=" ".join)
def test_a_value_of_another_type_is_refused_everywhere(user: User, place: tuple[str, str, str]) -> None:
    method, path, form = place
    before = stored(user.uid)
    for value in hostile_values(PLACES[place]):
        answer = user.send(method, path, (form % value).encode(), headers={"Content-Type": JSON_TYPE})
        assert problem(answer) in {(422, "invalid_request"), (413, "content_too_large")}, value[:80]
    assert stored(user.uid) == before


@pytest.mark.parametrize("place", [place for place, accepted in PLACES.items() if accepted], ids=" ".join)
def test_its_neighbour_is_accepted(user: User, place: tuple[str, str, str]) -> None:
    method, path, form = place
    for value in PLACES[place]:
        answer = user.send(method, path, (form % value).encode(), headers={"Content-Type": JSON_TYPE})
        assert answer.is_success, (value, answer.text)


def assert_texts_are_refused(
    user: User, method: str, path: str, form: Any, texts: tuple[str, ...], *codes: str
) -> None:
    """Each text is refused in its place, and none leaves a trace."""
    before = stored(user.uid)
    for text in texts:
        answer = user.ask(method, path, form(text))
        assert problem(answer)[1] in codes, text[:80]
    assert stored(user.uid) == before


def test_a_zone_that_is_none_is_refused_as_is_a_path(user: User) -> None:
    zones = tuple(zone for zone in hostile.ZONES if zone not in {"UTC", "null"})
    assert_texts_are_refused(
        user, "PATCH", "/streak/settings", lambda text: {"time_zone": text}, zones, "invalid_request"
    )
    changed = user.do("PATCH", "/streak/settings", {"time_zone": "Europe/Amsterdam"})
    assert changed["settings"]["time_zone"] == "Europe/Amsterdam"


ACCEPTED_IDS = {
    *("...", "____x", "__a", "a" * 128, "check-in", "~", "-", ":", "a:b"),
    *("0", "null", "undefined", "NaN", "true", "-1", "1e309"),
}


# A longer header is refused by the server itself.
KEY_BYTES_MAX = 8_000


def test_an_id_that_is_none_is_refused(user: User) -> None:
    ids = tuple(text for text in hostile.IDS if text not in ACCEPTED_IDS)
    assert_texts_are_refused(user, *RECORD, lambda text: {**CHECK_IN, "activity_id": text}, ids, "invalid_request")
    before = stored(user.uid)
    for text in ids:
        if text.isascii() and text.isprintable() and text.strip() and len(text) < KEY_BYTES_MAX:
            assert user.refusal("POST", "/streak/reset", key=text) == (422, "invalid_request"), text[:80]
    assert stored(user.uid) == before


@pytest.mark.parametrize("text", sorted(ACCEPTED_IDS))
def test_an_id_that_only_looks_hostile_is_one(user: User, text: str) -> None:
    assert user.record(activity_id=text)["activity"]["activity_id"] == text
    assert user.ask("DELETE", f"/streak/activities/{text}").is_success


SOME_INSTANT = re.compile(r"2026-03-02T0[08]:00:00(\.9+)?Z", re.ASCII)


def test_a_date_that_is_none_is_refused(user: User) -> None:
    in_range = {"1970-01-02", "2199-12-31"}
    dates = tuple(text for text in (*hostile.DATES, *hostile.TEXTS) if text not in in_range)
    assert_texts_are_refused(user, "POST", "/streak/freezes", lambda text: {"date": text}, dates, "invalid_request")
    assert_texts_are_refused(
        user, "POST", "/streak/freezes", lambda text: {"date": text}, tuple(sorted(in_range)), "date_out_of_range"
    )
    instants = tuple(text for text in (*hostile.INSTANTS, *hostile.TEXTS) if not SOME_INSTANT.fullmatch(text))
    assert_texts_are_refused(user, *RECORD, lambda text: {**CHECK_IN, "occurred_at": text}, instants, "invalid_request")


PACKED = {
    "an activity": gzip.compress(json.dumps(CHECK_IN).encode()),
    "twenty million spaces": gzip.compress(b" " * 20_000_000),
    "one in the other": gzip.compress(gzip.compress(b"0" * 1_000_000)),
}


@pytest.mark.parametrize("name", PACKED)
@pytest.mark.parametrize("coding", ["gzip", "GZIP", "deflate", "br", "x", "gzip, gzip", "identity, gzip"])
def test_a_packed_body_is_never_unpacked(user: User, name: str, coding: str) -> None:
    before = stored(user.uid)
    headers = {"Content-Type": JSON_TYPE, "Content-Encoding": coding}
    for content in (PACKED[name], json.dumps(CHECK_IN).encode()):
        assert problem(user.send(*RECORD, content, headers=headers)) == (415, "unsupported_media_type")
    assert problem(user.send(*RECORD, PACKED[name], headers={"Content-Type": JSON_TYPE})) == (422, "invalid_request")
    assert stored(user.uid) == before


@pytest.mark.parametrize("coding", ["", "identity", "Identity"])
def test_a_body_as_it_is_may_say_so(user: User, coding: str) -> None:
    headers = {"Content-Type": JSON_TYPE, "Content-Encoding": coding}
    assert user.send(*RECORD, json.dumps(CHECK_IN).encode(), headers=headers).status_code == 201
