"""Pages in a browser that must have no errors, served locally or as Hosting would. Must not know what is on a page."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import httpx
import pytest

from emulator.token import unsigned_token
from tests.support.unkept import HTTP
from tests.web.running import CLIENT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

SITE: Final = "https://streak.example"
AXE: Final = CLIENT / "node_modules" / "axe-core" / "axe.min.js"
WRONG: Final = """async () => (await axe.run()).violations.flatMap(
  ({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`))"""
# What Google's modules do, as far as a page asks them.
AUTH: Final = """
export const initializeApp = (configuration) => configuration;
export const getAuth = () => ({});
export class GoogleAuthProvider {}
let changed;
export const onAuthStateChanged = (_, heard) => { changed = heard; heard(null); };
export const signOut = async () => changed(null);
export const signInWithPopup = async () => changed({ uid: UID, displayName: "Ada L.", getIdToken: async () => TOKEN });
export class ReCaptchaEnterpriseProvider { constructor(key) { this.key = key; } }
export const initializeAppCheck = (_, { provider }) => provider;
export const getToken = async ({ key }) => ({ token: `proof-by-${key}` });
export const signInWithEmailAndPassword = async () => { throw { code: "auth/invalid-credential" }; };
"""


@contextmanager
def page_without_errors(browser: Browser, **context: Any) -> Iterator[Page]:
    """A page of its own; at the end it must have had no errors."""
    own = browser.new_context(**context)
    errors: list[str] = []
    one = own.new_page()
    one.set_default_timeout(15_000)
    one.on("pageerror", lambda error: errors.append(str(error)))
    # A refusal is told as an error too, and is none of the page's.
    refusal = "Failed to load resource"
    one.on(
        "console",
        lambda said: errors.append(said.text) if said.type == "error" and refusal not in said.text else None,
    )
    yield one
    # What is still on its way through a test's hands when it ends is no failure.
    one.unroute_all(behavior="ignoreErrors")
    own.close()
    assert errors == []


def hosted(page: Page, service: str, uid: str, *, admin: bool = False) -> set[str]:
    """The site as Hosting serves it, and Google signs in; what begins with a path of the answer can't be had."""
    cut: set[str] = set()

    def here(route: Route) -> None:
        path = urlsplit(route.request.url)
        if path.path.startswith(tuple(cut)):
            route.abort()
        elif path.path == "/__/firebase/init.json":
            route.fulfill(json={"projectId": "demo-streak"})
        else:
            route.fulfill(response=route.fetch(url=f"{service}{path.path}?{path.query}".rstrip("?")))

    module = AUTH.replace("UID", json.dumps(uid)).replace("TOKEN", json.dumps(unsigned_token(uid, admin=admin)))
    page.route(f"{SITE}/**", here)
    page.route(
        "https://www.gstatic.com/firebasejs/**",
        lambda route: route.fulfill(
            body=module, content_type="text/javascript", headers={"Access-Control-Allow-Origin": "*"}
        ),
    )
    return cut


def asked(service: str, uid: str, method: str, path: str, **body: object) -> Any:
    """What the service answers a user."""
    return answered(service, unsigned_token(uid), method, path, body).raise_for_status().json()


def answered(
    service: str, token: str, method: str, path: str, body: Mapping[str, object] | None = None, at: str | None = None
) -> httpx.Response:
    """What is answered to whom the token is of; `at` is the request's now."""
    headers = {"Authorization": f"Bearer {token}", **({"X-Simulated-Time": at} if at else {})}
    return HTTP.request(method, f"{service}{path}", headers=headers, json=body or None)


def until(is_so: Callable[[], bool]) -> None:
    """Looks often, for a while."""
    for _ in range(100):
        if is_so():
            return
        time.sleep(0.05)
    pytest.fail("it did not become so")
