"""The page with every element in its states, as tests look at it. Must not know what is tested."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from playwright.sync_api import Page

DRAWN: Final = """() => [...document.querySelectorAll("main > [id]")].every(
  (one) => one.shadowRoot?.textContent && !one.shadowRoot.querySelector("[aria-busy=true]"))"""
# The screen of a small phone.
NARROW: Final[Any] = {"width": 320, "height": 640}


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    page.wait_for_function(DRAWN)
    return page
