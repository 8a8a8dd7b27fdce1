"""Of what servers are told stands in the environment, and where they are in a file that whoever sends reads alone."""

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
"""
TOLD: Final = "crm:streak_broken,bonus_earned"
EMULATED: Final = {"FIRESTORE_EMULATOR_HOST": "127.0.0.1:1"}


def loaded(path: Path, text: str, **more: str) -> WebhookRules:
    (path / "webhooks.toml").write_text(text, encoding="utf-8")
    file = str(path / "webhooks.toml")
    told = {"STREAK_WEBHOOK_EVENTS": TOLD, "STREAK_WEBHOOKS_FILE": file}
    return load_config({"GOOGLE_CLOUD_PROJECT": "p", **told, **more}).webhooks


def complaint(path: Path, text: str, **more: str) -> str:
    with pytest.raises(ConfigError) as refused:
        loaded(path, text, **more)
    (line,) = refused.value.wrong
    name, _, said = line.partition(": ")
    assert name in {"STREAK_WEBHOOKS_FILE", "STREAK_WEBHOOK_EVENTS"}
    return said


def test_an_endpoint_has_an_address_secrets_and_events(tmp_path: Path) -> None:
    rules = loaded(tmp_path, GOOD)
    assert rules.endpoints["crm"].url == "https://app.example.com:8443/in?key=1"
    assert rules.endpoints["crm"].secrets == (b"s" * 24,)
    assert set(rules.chosen.endpoints) == {EventKind.STREAK_BROKEN, EventKind.BONUS_EARNED}


def test_nobody_is_told_where_no_file_is_named() -> None:
    assert load_config({"GOOGLE_CLOUD_PROJECT": "p"}).webhooks is NO_WEBHOOKS


def test_what_is_wrong_is_told_under_the_name_of_the_variable(tmp_path: Path) -> None:
    assert "server 1: events must be some of" in complaint(tmp_path, GOOD, STREAK_WEBHOOK_EVENTS="crm:streak_brokn")
    assert "secrets" in complaint(tmp_path, GOOD.replace(f'["{SECRET}"]', "[]"))


def test_who_writes_events_knows_of_what_servers_are_told_and_nothing_of_where_they_are() -> None:
    rules = load_config({"GOOGLE_CLOUD_PROJECT": "p", "STREAK_WEBHOOK_EVENTS": TOLD}).webhooks
    assert (rules.endpoints, set(rules.chosen.endpoints)) == ({}, {EventKind.STREAK_BROKEN, EventKind.BONUS_EARNED})


def test_the_servers_of_the_file_are_those_that_are_told_of_something(tmp_path: Path) -> None:
    assert complaint(tmp_path, GOOD, STREAK_WEBHOOK_EVENTS="").startswith("say by STREAK_WEBHOOK_EVENTS")
    for told in ("mail:streak_broken", f"{TOLD} mail:streak_broken"):
        assert "must describe" in complaint(tmp_path, GOOD, STREAK_WEBHOOK_EVENTS=told)


def test_an_emulator_needs_no_tls(tmp_path: Path) -> None:
    text = GOOD.replace("https://app.example.com:8443", "http://127.0.0.1:9999")
    assert "url" in complaint(tmp_path, text)
    assert list(loaded(tmp_path, text, **EMULATED).endpoints) == ["crm"]
