"""The file of endpoints is the one that the environment names, and is read as it starts."""

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


def test_what_is_wrong_is_told_under_the_name_of_the_variable(tmp_path: Path) -> None:
    assert "events must name some of" in complaint(tmp_path, GOOD.replace("streak_broken", "streak_brokn"))


def test_an_emulator_needs_no_tls(tmp_path: Path) -> None:
    text = GOOD.replace("https://app.example.com:8443", "http://127.0.0.1:9999")
    assert "url" in complaint(tmp_path, text)
    assert list(loaded(tmp_path, text, **EMULATED).endpoints) == ["crm"]
