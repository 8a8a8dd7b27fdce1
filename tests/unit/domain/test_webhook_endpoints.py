"""Which endpoints a text describes, and what is said of one that does not; nothing that it says is said."""

from __future__ import annotations

import base64
from typing import Final

import pytest

from streak_core.domain.events import EventKind
from streak_core.domain.webhook_endpoints import parse_endpoints, parse_told

SECRET: Final = f"whsec_{base64.b64encode(b's' * 24).decode()}"
GOOD: Final = f"""
[endpoints.crm]
url = "https://app.example.com:8443/in?key=1"
secrets = ["{SECRET}"]
"""
TOLD: Final = parse_told("crm:streak_broken,bonus_earned")


def complaint(text: str) -> str:
    with pytest.raises(ValueError, match=r"endpoint|TOML|tables") as refused:
        parse_endpoints(text, TOLD)
    return str(refused.value)


def test_an_endpoint_has_an_address_secrets_and_events() -> None:
    crm = parse_endpoints(GOOD, TOLD)["crm"]
    assert (crm.url, crm.secrets) == ("https://app.example.com:8443/in?key=1", (b"s" * 24,))
    assert crm.kinds == {EventKind.STREAK_BROKEN, EventKind.BONUS_EARNED}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("[endpoints.crm]", "[endpoints.crm", "is no TOML"),
        ("[endpoints.crm]", "[others.crm]", "one to 4 tables"),
        ("[endpoints.crm]", "[endpoints.CRM]", "its name must be"),
        ("https://app", "http://app", "url is not of a form"),
        ("https://app", "https://ada:pw@app", "url is not of a form"),
        (":8443", ":99999", "url is not of a form"),
        (":8443", ":0", "url is not of a form"),
        ('"https://app.example.com:8443/in?key=1"', "5", "url is not of a form"),
        ("?key=1", "#key", "url is not of a form"),
        ("secrets =", "secret =", "must have secrets, url"),
        (f'["{SECRET}"]', "[]", "secrets must be the one in use"),
        (f'["{SECRET}"]', f'["{SECRET}", "{SECRET}", "{SECRET}"]', "secrets must be the one in use"),
        ("whsec_", "sec_", "secret 1 does not begin with whsec_"),
        ("whsec_", "whsec_*", "secret 1 is not Base64"),
    ],
)
def test_what_is_wrong_is_told_without_what_it_says(before: str, after: str, said: str) -> None:
    line = complaint(GOOD.replace(before, after))
    assert said in line
    assert SECRET.removeprefix("whsec_")[:8] not in line
    assert "app.example.com:" not in line
    assert "key" not in line


def test_two_secrets_sign_while_one_takes_the_place_of_the_other() -> None:
    other = f"whsec_{base64.b64encode(b'n' * 32).decode()}"
    found = parse_endpoints(GOOD.replace(f'"{SECRET}"', f'"{other}", "{SECRET}"'), TOLD)
    assert found["crm"].secrets == (b"n" * 32, b"s" * 24)


def test_there_are_at_most_four_endpoints() -> None:
    many = "".join(GOOD.replace("crm", f"crm{number}") for number in range(5))
    assert "one to 4 tables" in complaint(many)


def test_an_emulator_needs_no_tls() -> None:
    text = GOOD.replace("https://app.example.com:8443", "http://127.0.0.1:9999")
    assert "url" in complaint(text)
    assert list(parse_endpoints(text, TOLD, is_emulated=True)) == ["crm"]


def test_a_file_describes_those_who_are_told_of_something_and_nobody_else() -> None:
    for told in ("mail:streak_broken", "crm:streak_broken mail:streak_broken"):
        with pytest.raises(ValueError, match="must describe"):
            parse_endpoints(GOOD, parse_told(told))


def test_each_server_is_told_of_the_events_that_are_named_with_it() -> None:
    found = parse_told(" crm:streak_broken,bonus_earned  mail:streak_broken ")
    assert found == {
        "crm": {EventKind.STREAK_BROKEN, EventKind.BONUS_EARNED},
        "mail": {EventKind.STREAK_BROKEN},
    }
    assert [*parse_told(" ".join(f"crm{number}:bonus_earned" for number in range(4)))] == [f"crm{n}" for n in range(4)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (" ", "one to 4 servers"),
        (" ".join(f"crm{number}:bonus_earned" for number in range(5)), "one to 4 servers"),
        ("crm:bonus_earned crm:streak_broken", "each once"),
        ("CRM:bonus_earned", "server 1: its name must be small letters"),
        ("crm:streak_brokn", "server 1: events must be some of streak_imported"),
        ("crm", "server 1: events must be"),
        ("crm:bonus_earned, streak_broken", "server 1: events must be"),
    ],
)
def test_what_is_no_list_of_events_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_told(text)
