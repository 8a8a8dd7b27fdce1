"""`make screenshots`: a picture of each element in its states, and of the pages as demo users and operators see them.

Must not know what they show.
"""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from emulator.client import Client, Refused
from emulator.demo import live
from emulator.places import ROOT
from emulator.port import free_port
from testing.chromium import FLAGS
from testing.local_server import LocalServer, serve_command
from testing.offering import offering_text
from testing.pages import Pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

FOLDER: Final = ROOT / "build" / "screenshots"
COMPONENTS: Final = ROOT / "web" / "components"
GALLERIES: Final = {
    "light": "",
    "dark": "?theme=dark",
    "german-right-to-left": "?lang=de&dir=rtl",
}
DESKTOP: Final[Any] = {"width": 1200, "height": 900}
PHONE: Final[Any] = {"width": 390, "height": 844}
CARD: Final[Any] = {"width": 640, "height": 900}
# Who takes part in leaderboards besides the demo users, and how much they did today.
OTHERS: Final = {name: 2 + (5 * number) % 13 for number, name in enumerate(("dana", "eli", "fatima", "gus", "hana"))}
SHARE: Final = "#share button"
REQUESTS: Final = "button:has-text('Requests')"
GRANT: Final = "button:has-text('Grant freezes')"
DECLARE: Final = "button:has-text('Declare an amnesty')"
OPERATORS: Final = "operators/?as=admin#"
# The pages in their states: at which address, on which screen, in which colours, and what is done first.
STATES: Final[tuple[tuple[str, str, Any, Any, str | None], ...]] = (
    ("welcome", "", DESKTOP, "light", None),
    ("ada", "#ada", DESKTOP, "light", None),
    ("ada-dark", "#ada", DESKTOP, "dark", None),
    ("ben-phone", "#ben", PHONE, "light", None),
    ("ada-phone-german-shared", "?lang=de#ada", PHONE, "light", SHARE),
    ("chen-phone-dark-requests", "#chen", PHONE, "dark", REQUESTS),
    ("operators-welcome", "operators/", DESKTOP, "light", None),
    ("operators-user", f"{OPERATORS}/user/ben", DESKTOP, "light", GRANT),
    ("operators-user-phone-dark", f"{OPERATORS}/user/ben", PHONE, "dark", GRANT),
    ("operators-amnesties-phone", f"{OPERATORS}/amnesties", PHONE, "light", DECLARE),
    ("operators-policies-phone-german", "operators/?as=admin&lang=de#/policies", PHONE, "light", None),
    ("operators-policy-dark", f"{OPERATORS}/policy/1", DESKTOP, "dark", None),
    ("operators-operations", f"{OPERATORS}/operations", DESKTOP, "light", None),
    ("operators-report", f"{OPERATORS}/report/freezes", DESKTOP, "light", None),
    ("operators-report-phone-dark", f"{OPERATORS}/report/failed-actions", PHONE, "dark", None),
    ("operators-support-phone", "operators/?as=support#/operations", PHONE, "dark", None),
)
DRAWN: Final = """() => [...document.querySelectorAll("*")].filter((one) => one.localName.startsWith("streak-")).every(
  (one) => !one.client || (one.shadowRoot?.textContent && !one.shadowRoot.querySelector("[aria-busy=true]"))
) && !document.querySelector("[aria-busy=true]")"""


def main() -> int:
    """Write all of them; the answer is the exit status."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        print("error: there is no Chromium; on Debian: apt-get install chromium", file=sys.stderr)
        return 1
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        for number, path in enumerate(_pictures(browser), 1):
            print(f"{number} {path.relative_to(ROOT)}", flush=True)
        browser.close()
    return 0


def _pictures(browser: Browser) -> Iterator[Path]:
    shutil.rmtree(FOLDER, ignore_errors=True)
    with Pages(COMPONENTS) as origin:
        for name, query in GALLERIES.items():
            yield from _elements(browser, f"{origin.url}/gallery/index.html{query}", FOLDER / name)
    with ExitStack() as stack:
        policy = Path(stack.enter_context(TemporaryDirectory())) / "policy.toml"
        policy.write_text(offering_text(datetime.now(UTC).date()), encoding="utf-8")
        own = {"PORT": str(free_port()), "STREAK_POLICY_FILE": str(policy)}
        server = stack.enter_context(LocalServer(serve_command(), {**os.environ, **own}))
        url = server.wait_until_ready()
        live(url)
        _join(url)
        _befriend(url)
        _compete(url)
        _operate(url)
        for name, address, screen, scheme, pressed in STATES:
            page = browser.new_page(viewport=screen, color_scheme=scheme)
            page.goto(f"{url}/{address}")
            _wait(page)
            if pressed:
                page.click(pressed)
            if pressed == SHARE:
                page.locator("#share img").evaluate("(picture) => picture.decode()")
            if pressed != REQUESTS:
                # All of it, with what sticks to the window's edge at its end.
                height: int = page.evaluate("document.documentElement.scrollHeight")
                page.set_viewport_size({"width": screen["width"], "height": height})
                _wait(page)
            path = FOLDER / "page" / f"{name}.png"
            page.screenshot(path=path)
            page.close()
            yield path


def _join(url: str) -> None:
    """What the demo users set themselves: one challenge that they are in the middle of, and one that they do now."""
    guide = {"activity_type": "study_guide_completed", "metadata": {}}
    for uid in ("ada", "ben", "chen"):
        with Client(url, uid) as user:
            for name in ("busy_weeks", "two_guides"):
                user.ask("POST", f"/challenges/{name}/join", key=f"join-{name}")
            for number in range(2 if uid == "ada" else 1):
                user.ask("POST", "/streak/activities", body=guide, key=f"joined-{number}")


def _befriend(url: str) -> None:
    """Ada and two others, and an invitation that is open."""
    with Client(url, "ada") as ada:
        for uid in ("ben", "chen"):
            code = ada.ask("POST", "/friends/invitations", body={"name": "Ada"}, key=f"invited-{uid}").content["code"]
            with Client(url, uid) as other:
                name = uid.capitalize()
                other.ask("POST", "/friends", body={"code": code, "name": name}, key="befriended")
        ada.ask("POST", "/friends/invitations", body={"name": "Ada"}, key="invited-more")


def _compete(url: str) -> None:
    """Some who take part in the leaderboards; one of the demo users does not."""
    guide = {"activity_type": "study_guide_completed", "metadata": {}}
    for uid in ("ada", "ben", *OTHERS):
        with Client(url, uid) as user:
            user.ask("PUT", "/leaderboard/me", body={"name": uid.capitalize()}, key="takes-part")
            for number in range(OTHERS.get(uid, 0)):
                user.ask("POST", "/streak/activities", body=guide, key=f"competed-{number}")


def _operate(url: str) -> None:
    """What operators look at: what a user made and used, something given, an amnesty, and a policy to come."""
    with Client(url, "ben") as user:
        said = {
            "description": "Waters itself while you are away.",
            "tech_stack": ["python", "esp32"],
            "complexity": "beginner",
        }
        idea = user.ask(
            "POST", "/ideas", body={"title": "A garden of pots", "category": "hobby", **said}, key="made-once"
        ).content
        user.ask("PATCH", f"/ideas/{idea['idea_id']}", body={"selected": True, "rating": "liked"})
        used = [{"feature": "chat", "duration_seconds": 42.5}, {"feature": "chat"}, {"feature": "calendar"}]
        user.ask("POST", "/usage", body={"events": used}, key="used-once")
    hours = {"from": "2099-03-02T09:00:00Z", "until": "2099-03-02T11:30:00Z"}
    with Client(url, "olga", admin=True) as admin:
        given = {"count": 2, "reason": "The app was down on Sunday evening."}
        admin.ask("POST", "/admin/users/ben/grants", body=given, key="given-once")
        admin.ask("POST", "/admin/amnesties", body={**hours, "reason": "The database moves."})
        policy = admin.ask("GET", "/admin/policies/0").content["toml"].replace("held_max = 5", "held_max = 7")
        published = {"effective_from": "2099-01-01", "toml": policy, "reason": "Two more."}
        admin.ask("POST", "/admin/policies", body=published)
        admin.ask("POST", "/maintenance")
        with suppress(Refused):
            admin.ask("POST", "/admin/users/ben/grants", body={**given, "count": 100}, key="refused-once")


def _elements(browser: Browser, address: str, folder: Path) -> Iterator[Path]:
    page = browser.new_page(viewport=CARD, device_scale_factor=2)
    page.goto(address)
    _wait(page)
    for element in page.query_selector_all("main > [id]"):
        path = folder / f"{element.get_attribute('id')}.png"
        element.screenshot(path=path)
        yield path
    page.close()


def _wait(page: Page) -> None:
    """Until what is asked for has come."""
    page.wait_for_load_state("networkidle")
    page.wait_for_function(DRAWN)


if __name__ == "__main__":
    sys.exit(main())
