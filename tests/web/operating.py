"""What a person does on the page of operators, and what is looked at then. Must not know what is tested."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from emulator.token import unsigned_token
from tests.web.looking import answered, asked

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


SMALL_PHONE: Final[Any] = {"width": 360, "height": 740}
# As the page has them to choose from.
ADMIN: Final = unsigned_token("olga", admin=True)
SUPPORT: Final = unsigned_token("sam", support=True)
GUIDE: Final = {"activity_type": "study_guide_completed", "metadata": {}}
HOSTILE: Final = '<img src="x" onerror="alert(1)">'
_NUMBERS: Final = itertools.count()


def new_uid() -> str:
    return f"operated-{next(_NUMBERS)}"


def opened(page: Page, service: str, place: str, role: str = "admin") -> Page:
    page.goto(f"{service}/operators/?as={role}#/{place}")
    page.locator("#screen h1").wait_for()
    return page


def lived(service: str) -> tuple[str, dict[str, str]]:
    """A user with an activity three days ago and one today, and thus with two days that were missed."""
    uid, now = new_uid(), datetime.now(UTC)
    for back in (3, 0):
        at = (now - timedelta(days=back)).isoformat()
        answered(service, unsigned_token(uid), "POST", "/streak/activities", GUIDE, at).raise_for_status()
    days = asked(service, uid, "GET", "/calendar?days=4")["days"]
    return uid, {"today": days[-1]["date"], "missed": days[-2]["date"]}


def recorded(uid: str, service: str) -> None:
    """What else is kept of the user: an idea that they selected, and what they did with features."""
    idea = asked(service, uid, "POST", "/ideas", title=HOSTILE, category="game", description=HOSTILE)
    asked(service, uid, "PATCH", f"/ideas/{idea['idea_id']}", selected=True)
    asked(service, uid, "POST", "/usage", events=[{"feature": "chat", "duration_seconds": 42.5}] * 2)


def form_of(page: Page, button: str, filled: dict[str, str]) -> Locator:
    page.get_by_role("button", name=button, exact=True).first.click()
    form = page.locator("form.act")
    for label, text in filled.items():
        form.get_by_label(label).first.fill(text)
    return form


def sent(form: Locator, button: str, reason: str) -> None:
    form.get_by_label("Why").fill(reason)
    form.get_by_role("button", name=button, exact=True).click()


def trail(service: str, path: str) -> list[tuple[str, str, str | None]]:
    """Actions, who gave them and why, in the order in which they were told."""
    entries = answered(service, ADMIN, "GET", path).raise_for_status().json()["entries"]
    return [
        (one["action"], f"{one['actor']['kind']}:{one['actor']['id']}", one["details"].get("reason"))
        for one in reversed(entries)
    ]
