"""Which endpoints a file describes, and what is said of one that does not; nothing that it says is said."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Final

import pytest

from streak_core.config import ConfigError, load_config
from streak_core.config.webhooks import NO_WEBHOOKS, WebhookRules
from streak_core.domain.events import EventKind

if TYPE_CHECKING:
    from pathlib import Path

SECRET: Final = f"whsec_{base64.b64encode(b's' * 24).decode()}"
GOOD: Final = f"""
[endpoints.crm]
url = "https://app.example.com:8443/in?key=1"
secrets = ["{SECRET}"]
events = ["streak_broken", "bonus_earned"]
"""
EMULATED: Final = {"FIRESTORE_EMULATOR_HOST": "127.0.0.1:1"}


def loaded(path: Path, text: str, **more: str) -> WebhookRules:
    (path / "webhooks.toml").write_text(text, encoding="utf-8")
    file = str(path / "webhooks.toml")
    return load_config({"GOOGLE_CLOUD_PROJECT": "p", "STREAK_WEBHOOKS_FILE": file, **more}).webhooks


def complaint(path: Path, text: str, **more: str) -> str:
    with pytest.raises(ConfigError) as refused:
        loaded(path, text, **more)
    (line,) = refused.value.wrong
    assert line.startswith("STREAK_WEBHOOKS_FILE: ")
    return line


def test_an_endpoint_has_an_address_secrets_and_events(tmp_path: Path) -> None:
    rules = loaded(tmp_path, GOOD)
    assert rules.endpoints["crm"].url == "https://app.example.com:8443/in?key=1"
    assert rules.endpoints["crm"].secrets == (b"s" * 24,)
    assert set(rules.chosen.endpoints) == {EventKind.STREAK_BROKEN, EventKind.BONUS_EARNED}


def test_nobody_is_told_where_no_file_is_named() -> None:
    assert load_config({"GOOGLE_CLOUD_PROJECT": "p"}).webhooks is NO_WEBHOOKS


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("[endpoints.crm]", "[endpoints.crm", "is no TOML"),
        ("[endpoints.crm]", "[others.crm]", "one to 4 tables"),
        ("[endpoints.crm]", "[endpoints.CRM]", "its name must be"),
        ("https://app", "http://app", "url is not of a form"),
        ("https://app", "https://ada:pw@app", "url is not of a form"),
        (":8443", ":99999", "url is not of a form"),
        ("?key=1", "#key", "url is not of a form"),
        ("streak_broken", "streak_brokn", "events must name some of streak_imported"),
        ('["streak_broken", "bonus_earned"]', "[]", "events must name"),
        ("events =", "event =", "must have events, secrets, url"),
        (f'["{SECRET}"]', "[]", "secrets must be the one in use"),
        (f'["{SECRET}"]', f'["{SECRET}", "{SECRET}", "{SECRET}"]', "secrets must be the one in use"),
        ("whsec_", "sec_", "secret 1 does not begin with whsec_"),
        ("whsec_", "whsec_*", "secret 1 is not Base64"),
    ],
)
def test_what_is_wrong_is_told_without_what_it_says(tmp_path: Path, before: str, after: str, said: str) -> None:
    line = complaint(tmp_path, GOOD.replace(before, after))
    assert said in line
    assert SECRET.removeprefix("whsec_")[:8] not in line
    assert "app.example.com:" not in line
    assert "key" not in line


def test_two_secrets_sign_while_one_takes_the_place_of_the_other(tmp_path: Path) -> None:
    other = f"whsec_{base64.b64encode(b'n' * 32).decode()}"
    rules = loaded(tmp_path, GOOD.replace(f'"{SECRET}"', f'"{other}", "{SECRET}"'))
    assert rules.endpoints["crm"].secrets == (b"n" * 32, b"s" * 24)


def test_there_are_at_most_four_endpoints(tmp_path: Path) -> None:
    many = "".join(GOOD.replace("crm", f"crm{number}") for number in range(5))
    assert "one to 4 tables" in complaint(tmp_path, many)


def test_an_emulator_needs_no_tls(tmp_path: Path) -> None:
    text = GOOD.replace("https://app.example.com:8443", "http://127.0.0.1:9999")
    assert "url" in complaint(tmp_path, text)
    assert list(loaded(tmp_path, text, **EMULATED).endpoints) == ["crm"]
