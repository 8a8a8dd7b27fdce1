"""A browser, and the served functions as a page of another origin sees them. Must not know what is tested."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from emulator.firestore import HOST_VARIABLE, FirestoreEmulator
from emulator.port import free_port
from testing.chromium import FLAGS
from testing.local_server import LocalServer, serve_command
from testing.offering import offering_text
from testing.pages import Pages
from tests.support.wanted import found
from tests.web.gallery import NARROW
from tests.web.running import CLIENT, COMPONENTS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Playwright


@pytest.fixture(scope="session")
def pages() -> Iterator[Pages]:
    """The origin of an app: the client's sources as they are, and an empty page."""
    with Pages(CLIENT) as origin:
        yield origin


@pytest.fixture(scope="session")
def gallery() -> Iterator[str]:
    """The address of a page with every element in its states."""
    with Pages(COMPONENTS) as origin:
        yield f"{origin.url}/gallery/index.html"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of its own, on the screen of a small phone."""
    context = browser.new_context(viewport=NARROW)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def service(emulator: FirestoreEmulator, pages: Pages) -> Iterator[str]:
    """The base URL of all functions, open to that origin."""
    own = {HOST_VARIABLE: emulator.host, "PORT": str(free_port()), "STREAK_CORS_ORIGINS": pages.url}
    with LocalServer(serve_command(), {**os.environ, **own}) as server:
        yield server.wait_until_ready()
        assert server.stop() == 0, server.errors()


@pytest.fixture(scope="session")
def offering(emulator: FirestoreEmulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL of all functions under a policy that offers achievements, and challenges of these days."""
    file = tmp_path_factory.mktemp("policy") / "policy.toml"
    file.write_text(offering_text(datetime.now(UTC).date()), encoding="utf-8")
    own = {HOST_VARIABLE: emulator.host, "PORT": str(free_port()), "STREAK_POLICY_FILE": str(file)}
    with LocalServer(serve_command(), {**os.environ, **own}) as server:
        yield server.wait_until_ready()
        assert server.stop() == 0, server.errors()


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """What drives browsers."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A browser that runs."""
    running = playwright.chromium.launch(executable_path=found("chromium"), args=list(FLAGS))
    yield running
    running.close()


@pytest.fixture(scope="module")
def context(browser: Browser) -> BrowserContext:
    """A browser with nothing in it."""
    return browser.new_context()
