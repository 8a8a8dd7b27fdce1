"""The elements in a real browser: drawn under a strict policy, by keyboard, and without motion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.support.wanted import needs
from tests.web.gallery import NARROW, opened
from tests.web.looking import until
from tests.web.running import CLIENT

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = needs("chromium")

FOCUSED: Final = '() => document.querySelector("#streak-calendar-month").shadowRoot.activeElement?.dataset.day'
FLICKERS: Final = """() => [...document.querySelectorAll("main > [id]")].reduce(
  (sum, one) => sum + one.shadowRoot.getAnimations().length, 0)"""
AXE: Final = CLIENT / "node_modules" / "axe-core" / "axe.min.js"
# What is wrong, and what axe could not tell; and the rules that found something to look at.
FOUND: Final = """async () => {
  const { violations, incomplete, passes } = await axe.run();
  const told = ({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`);
  return { wrong: [...violations, ...incomplete].flatMap(told), asked: passes.map(({ id }) => id) };
}"""
# A client that notes up to when was read, once a test says so.
READ: Final = """() => {
  const { client } = document.querySelector("#streak-inbox-unread");
  const ask = client.listNotices;
  let until = "";
  client.readNotices = ({ upTo }) => new Promise((resolve) => { window.answer = () => resolve((until = upTo)); });
  client.listNotices = async (input) => {
    const page = await ask(input);
    const notices = page.notices.map((one) => ({ ...one, isRead: one.isRead || one.at <= until }));
    return { ...page, notices, unread: notices.filter((one) => !one.isRead).length };
  };
}"""
# A client that keeps what is chosen, but for one time.
CHOSEN: Final = """async () => {
  const { client } = document.querySelector("#streak-notice-preferences-usual");
  let known = await client.getPreferences();
  const errors = [{ field: "remind_at", message: "is quiet" }];
  window.sent = [];
  client.getPreferences = async () => known;
  client.chooseNotices = async (body) => {
    window.sent.push(body);
    if (body.remindAt === "03:00") throw { code: "invalid_request", status: 422, problem: { detail: "No.", errors } };
    known = { ...known, ...body, channels: { ...known.channels, ...body.channels } };
  };
}"""
# A client that notes what is left, and is refused it; nobody answers who joins.
LEFT: Final = """() => {
  const { client } = document.querySelector("#streak-challenges-three");
  window.left = [];
  client.leaveChallenge = async (input) => {
    window.left.push(input);
    throw { code: "challenge_completed", status: 409 };
  };
  client.joinChallenge = async () => { throw { code: "network_error", status: 0 }; };
}"""
UNTOUCHED: Final = """({ shadowRoot }) => [...shadowRoot.querySelectorAll("input, option")].every((one) =>
  one.type === "checkbox" ? one.checked === one.defaultChecked
    : one.localName === "option" ? one.selected === one.defaultSelected : one.value === one.defaultValue)"""


@pytest.mark.parametrize("query", ["", "?theme=dark&lang=de", "?dir=rtl&lang=ar"])
def test_every_element_is_drawn_under_a_strict_policy_and_fits_a_small_screen(
    page: Page, gallery: str, query: str
) -> None:
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    opened(page, gallery + query)
    assert errors == []
    assert page.evaluate("() => document.documentElement.scrollWidth") <= NARROW["width"]


@needs("the client's tools")
@pytest.mark.parametrize("query", ["", "?theme=dark&dir=rtl&lang=de"])
def test_axe_finds_nothing_in_any_element_in_any_state(page: Page, gallery: str, query: str) -> None:
    opened(page, gallery + query)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(FOUND)
    assert found["wrong"] == []
    assert {"color-contrast", "button-name", "svg-img-alt", "dlitem", "aria-required-children"} <= {*found["asked"]}


@pytest.mark.parametrize(("query", "key"), [("", "ArrowLeft"), ("?dir=rtl", "ArrowRight")])
def test_the_arrows_of_a_calendar_go_along_the_text_and_the_focus_goes_with_them(
    page: Page, gallery: str, query: str, key: str
) -> None:
    opened(page, gallery + query)
    page.locator("#streak-calendar-month [tabindex='0']").focus()
    days = [page.evaluate(FOCUSED)]
    for pressed in (key, key, "Home", "ArrowUp"):
        page.keyboard.press(pressed)
        days.append(page.evaluate(FOCUSED))
    assert days == ["2026-03-05", "2026-03-04", "2026-03-03", "2026-03-02", "2026-03-01"]
    assert page.locator("#streak-calendar-month [tabindex='0']").count() == 1


def test_an_offer_keeps_the_focus_while_it_is_taken_and_says_what_came_of_it(page: Page, gallery: str) -> None:
    opened(page, gallery)
    page.evaluate("""() => {
      const { client } = document.querySelector("#streak-offers-two");
      client.planFreeze = () => new Promise((resolve) => { window.answer = resolve; });
    }""")
    button = page.locator("#streak-offers-two button")
    button.focus()
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-disabled") == "true"
    assert button.evaluate("(one) => one.getRootNode().activeElement === one")
    page.evaluate("() => window.answer({})")
    page.get_by_text("Done.").wait_for()
    assert button.evaluate("(one) => one.getRootNode().activeElement === one")


def test_an_inbox_is_read_by_keyboard_up_to_what_is_shown_and_asked_for_anew(page: Page, gallery: str) -> None:
    opened(page, gallery)
    page.evaluate(READ)
    inbox = page.locator("#streak-inbox-unread")
    assert inbox.locator(".bubble").inner_text() == "2"
    assert inbox.evaluate("(one) => one.unread") == 2
    button = inbox.get_by_role("button", name="Mark all as read")
    button.focus()
    page.keyboard.press("Enter")
    assert inbox.get_by_role("button", name="One moment").get_attribute("aria-disabled") == "true"
    page.evaluate("() => window.answer()")
    inbox.get_by_text("All read").wait_for()
    assert inbox.locator(".new, .bubble").count() == inbox.evaluate("(one) => one.unread") == 0


def test_what_is_chosen_of_notices_is_sent_at_once_and_stays_as_it_was_typed_where_it_is_refused(
    page: Page, gallery: str
) -> None:
    opened(page, gallery)
    page.evaluate(CHOSEN)
    form = page.locator("#streak-notice-preferences-usual")
    form.get_by_label("Milestone reached: Push").press("Space")
    form.get_by_label("Remind me at").fill("03:00")
    form.get_by_role("button", name="Save").press("Enter")
    form.get_by_text("No. remind_at: is quiet").wait_for()
    assert form.get_by_label("Remind me at").input_value() == "03:00"
    form.get_by_label("Remind me at").fill("18:30")
    form.get_by_label("Language of notices").select_option("de")
    form.get_by_role("button", name="Save").click()
    form.get_by_text("Saved.").wait_for()
    milestone = {"channels": {"milestone": ["inbox", "push"]}}
    assert page.evaluate("() => window.sent") == [
        milestone | {"remindAt": "03:00"},
        milestone | {"remindAt": "18:30", "language": "de"},
    ]
    # Fields follow what is known again: what somebody else changes is seen.
    until(lambda: form.evaluate(UNTOUCHED))
    form.get_by_role("button", name="Save").click()
    form.get_by_text("Saved.").wait_for()
    assert len(page.evaluate("() => window.sent")) == 2


def test_a_challenge_is_left_only_once_it_was_asked_again_and_the_focus_lies_on_staying(
    page: Page, gallery: str
) -> None:
    opened(page, gallery)
    page.evaluate(LEFT)
    challenges = page.locator("#streak-challenges-three")
    challenges.get_by_role("button", name="Leave: Spring quizzes").press("Enter")
    challenges.get_by_text("will not count any more").wait_for()
    # A second tap by mistake stays.
    page.keyboard.press("Enter")
    assert challenges.get_by_role("button", name="Stay: Spring quizzes").count() == 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    challenges.get_by_text("You have completed this challenge before.").wait_for()
    assert page.evaluate("() => window.left") == [{"challenge": "spring_quizzes"}]
    challenges.get_by_role("button", name="Join: April guides").press("Enter")
    challenges.get_by_text("There was no answer.").wait_for()


@pytest.mark.parametrize(("motion", "moves"), [("no-preference", True), ("reduce", False)])
def test_nothing_moves_where_people_want_no_motion(page: Page, gallery: str, motion: Any, *, moves: bool) -> None:
    page.emulate_media(reduced_motion=motion)
    opened(page, gallery)
    assert (page.evaluate(FLICKERS) > 0) == moves


def test_who_signs_out_leaves_nothing_on_the_page(page: Page, gallery: str) -> None:
    opened(page, gallery)
    page.evaluate("() => { for (const one of document.querySelectorAll('main > [id]')) one.client = null; }")
    texts = page.evaluate(
        "() => [...document.querySelectorAll('main > [id]')].map((one) => one.shadowRoot.textContent)"
    )
    assert set(texts) == {""}
