"""Whose pages may read answers: those that are named; where none is named, local ones from an emulator."""

from __future__ import annotations

import pytest
from flask import Request, Response
from werkzeug.test import EnvironBuilder

from functions.http.rendering import preflight, share
from streak_core.config import Config, load_config

DEPLOYED = {"GOOGLE_CLOUD_PROJECT": "a-project"}
EMULATED = {**DEPLOYED, "FIRESTORE_EMULATOR_HOST": "127.0.0.1:8081"}
NAMED = {"STREAK_CORS_ORIGINS": "https://app.example.com,capacitor://localhost,chrome-extension://abcdef"}
LOCAL = [
    *("http://localhost:5173", "http://127.0.0.1", "https://localhost", "http://[::1]:3000"),
    *("capacitor://localhost", "ionic://localhost", "tauri://localhost"),
]
ELSEWHERE = ["https://evil.example.com", "http://localhost.evil.com", "http://localhost:x", "null", "file://localhost"]


def opened(origin: str, config: Config) -> str | None:
    """The origin that an answer to one is opened for."""
    request = Request(EnvironBuilder(headers=[("Origin", origin)]).get_environ())
    return share(request, Response(), config).headers.get("Access-Control-Allow-Origin")


@pytest.mark.parametrize("origin", LOCAL)
def test_a_local_page_may_call_an_emulator_and_no_deployment(origin: str) -> None:
    assert opened(origin, load_config(EMULATED)) == origin
    assert opened(origin, load_config(DEPLOYED)) is None


@pytest.mark.parametrize("origin", ELSEWHERE)
def test_a_page_from_elsewhere_may_not_call_an_emulator_either(origin: str) -> None:
    assert opened(origin, load_config(EMULATED)) is None


def test_where_origins_are_named_they_are_those() -> None:
    for environ in (EMULATED, DEPLOYED):
        config = load_config({**environ, **NAMED})
        for origin in NAMED["STREAK_CORS_ORIGINS"].split(","):
            assert opened(origin, config) == origin
        assert opened("http://localhost:5173", config) is None
        assert opened("ionic://localhost", config) is None


def test_what_watches_over_an_app_may_send_its_headers() -> None:
    allowed = preflight(["POST"]).headers["Access-Control-Allow-Headers"].split(", ")
    assert {"traceparent", "baggage", "sentry-trace", "Idempotency-Key"} <= set(allowed)
    assert "Cookie" not in allowed
