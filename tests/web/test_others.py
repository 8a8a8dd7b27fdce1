"""Friends and leaderboards in a real browser: what is begun, ended and typed there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.support.wanted import needs
from tests.web.gallery import NARROW, opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = needs("chromium")

# So many of the invitations that there are.
INVITED: Final = """(listed) => {
  const friends = document.querySelector("#streak-friends-two");
  window.all ??= friends.client.listInvitations;
  friends.client.listInvitations = async () => ({ invitations: (await window.all()).invitations.slice(0, listed) });
  return friends.reload();
}"""
# A client that ends what is ended, and knows the code that is accepted as the user's own.
BEFRIENDED: Final = """() => {
  const { client } = document.querySelector("#streak-friends-two");
  window.said = [];
  client.endFriend = async (input) => window.said.push(["endFriend", input]);
  client.acceptInvitation = async (input) => {
    window.said.push(["acceptInvitation", input]);
    throw { code: "own_invitation", status: 409 };
  };
}"""
# A client with one seat, in which no address is a name.
SEATED: Final = """async () => {
  const { client } = document.querySelector("#streak-leaderboard-away");
  const away = await client.getSeat();
  const ask = client.getLeaderboard;
  let seat = away;
  window.asked = [];
  client.getLeaderboard = async ({ span, by }) => {
    window.asked.push({ span, by });
    return { ...(await ask({ span, by })), span, by, period: span === "month" ? "2026-03" : "2026-03-02" };
  };
  client.getSeat = async () => seat;
  client.joinLeaderboard = async ({ name }) => {
    const problem = { errors: [{ field: "name", message: "no address" }] };
    if (name.includes("@")) throw { code: "name_not_allowed", status: 422, problem };
    seat = { ...away, joined: true, name };
  };
  client.leaveLeaderboard = async () => { seat = away; };
}"""


def test_a_friend_streak_is_ended_only_once_it_was_asked_again_and_codes_are_copied_and_accepted(
    browser: Browser, gallery: str
) -> None:
    context = browser.new_context(viewport=NARROW, permissions=["clipboard-read", "clipboard-write"])
    page = opened(context.new_page(), gallery)
    page.evaluate(BEFRIENDED)
    friends = page.locator("#streak-friends-two")
    friends.get_by_role("button", name="Block: Ben").press("Enter")
    friends.get_by_text("no invitation works between you").wait_for()
    friends.get_by_role("button", name="Cancel: Ben").click()
    friends.get_by_role("button", name="End: Ben").click()
    friends.get_by_role("button", name="End: Ben").click()
    friends.get_by_text("Done.").wait_for()
    friends.get_by_role("button", name="Copy: 7KQM-2XWA-9T4C").click()
    friends.get_by_text("Copied: 7KQM-2XWA-9T4C").wait_for()
    assert page.evaluate("() => navigator.clipboard.readText()") == "7KQM-2XWA-9T4C"
    accepting = friends.locator("form", has_text="Accept an invitation")
    accepting.get_by_label("Code").fill("7kqm 2xwa 9t4c")
    accepting.get_by_role("button", name="Accept").press("Enter")
    friends.get_by_text("This is an invitation of your own.").wait_for()
    # What was refused can be typed otherwise.
    assert accepting.get_by_label("Code").input_value() == "7kqm 2xwa 9t4c"
    assert page.evaluate("() => window.said") == [
        ["endFriend", {"friendId": "Ben"}],
        ["acceptInvitation", {"code": "7kqm 2xwa 9t4c", "name": "Ada"}],
    ]
    context.close()


def test_what_is_typed_stays_with_its_focus_where_something_before_it_comes_or_goes(page: Page, gallery: str) -> None:
    opened(page, gallery)
    friends = page.locator("#streak-friends-two")
    code = friends.locator("form", has_text="Accept an invitation").get_by_label("Code")
    code.fill("7kqm")
    for listed in (0, 1):
        page.evaluate(INVITED, listed)
        friends.get_by_role("button", name="Copy: ").wait_for(state="attached" if listed else "detached")
        assert code.input_value() == "7kqm"
        assert code.evaluate("(one) => one.getRootNode().activeElement === one")


def test_another_board_is_asked_for_by_a_tap_and_a_seat_is_taken_renamed_and_left(page: Page, gallery: str) -> None:
    opened(page, gallery)
    page.evaluate(SEATED)
    board = page.locator("#streak-leaderboard-away")
    board.get_by_role("button", name="Month", exact=True).press("Enter")
    board.get_by_text("March 2026").wait_for()
    board.get_by_role("button", name="Streak").click()
    board.get_by_role("button", name="Streak", pressed=True).wait_for()
    board.get_by_label("Your name there").fill("Ada@b.c")
    board.get_by_role("button", name="Take part").press("Enter")
    board.get_by_text("This name can't be used. no address").wait_for()
    board.get_by_label("Your name there").fill("Ada")
    board.get_by_role("button", name="Take part").press("Enter")
    board.get_by_text("You take part as Ada").wait_for()
    # What had the focus is gone each time.
    renames = board.locator(":focus", has_text="Change the name")
    renames.wait_for()
    renames.press("Enter")
    board.locator("input:focus").wait_for()
    board.get_by_role("button", name="Cancel").press("Enter")
    renames.wait_for()
    board.get_by_role("button", name="Take part no more").press("Enter")
    board.get_by_role("button", name="Take part no more").press("Enter")
    board.locator("form :focus", has_text="Take part").wait_for()
    assert page.evaluate("() => window.asked.at(-1)") == {"span": "month", "by": "streak"}
