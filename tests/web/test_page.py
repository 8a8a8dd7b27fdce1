"""The page `web/app` on a local server: elements that show what was done, its forms, its time, and signing in."""

from __future__ import annotations

import ast
import itertools
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest

from emulator.page import WEB
from tests.support.sent_notices import put_reminders
from tests.support.unkept import HTTP
from tests.support.wanted import found, needs
from tests.web.looking import AXE, SITE, WRONG, asked, hosted, page_without_errors, until
from tests.web.running import run
from tools.deploy.firebase import with_app_check

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request, Route

APP: Final = WEB / "app"
PHONE: Final[Any] = {"width": 390, "height": 844}
SLIDE: Final = """(days) => {
  const slider = document.querySelector("#local input[type=range]");
  slider.value = days;
  slider.dispatchEvent(new Event("input"));
}"""
SETTLED: Final = """() => [...document.querySelectorAll("#local .status")].every((one) => one.textContent !== "…")"""
FULL: Final = "() => { IDBObjectStore.prototype.put = () => { throw new Error('No room.'); }; }"
CLIPBOARD: Final = "() => navigator.clipboard.readText()"
RUN_FETCH: Final = """(text) => new Promise((log) => {
  const console = { log: (...said) => log(said) };
  return eval(`(async () => { ${text} })()`);
})"""
HOSTILE: Final = {
    "method": "POST",
    "url": "http://127.0.0.1/streak?a=1&b='$(x)'",
    "headers": {"Idempotency-Key": 'it\'s "$HOME" `id` \\ ü 🔥', "Accept": "application/json"},
    "body": '{"note": "it\'s\\n$(id) \\\\ \U0001f525"}',
}
_NUMBERS: Final = itertools.count()


def new_uid() -> str:
    return f"page-{next(_NUMBERS)}"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that has no errors, on a phone."""
    permissions = ["clipboard-read", "clipboard-write"]
    with page_without_errors(browser, viewport=PHONE, timezone_id="UTC", permissions=permissions) as one:
        yield one


def opened(page: Page, service: str, uid: str) -> Page:
    page.goto(f"{service}/#{uid}")
    page.get_by_role("button", name="Record it").wait_for()
    return page


@needs("the client's tools")
def test_its_sources_are_what_their_types_say() -> None:
    run("tsc", "--project", ".", cwd=APP)


@needs("node")
def test_its_own_tests_pass_on_node() -> None:
    run("node", "--test", "test/views.test.js", cwd=APP)


@needs("node")
def test_a_request_as_code_is_the_same_request_whatever_is_in_it() -> None:
    texts = json.loads(run("node", "test/as-code.mjs", json.dumps(HOSTILE), cwd=APP))
    shell = f"curl() {{ printf '%s\\0' \"$@\"; }}\n{texts['curl']}"
    words = subprocess.run(["/bin/sh", "-c", shell], capture_output=True, text=True, check=True).stdout.split("\0")[:-1]
    headers = [word for name, value in HOSTILE["headers"].items() for word in ("-H", f"{name}: {value}")]  # type: ignore[attr-defined]
    assert words == ["-X", "POST", HOSTILE["url"], *headers, "--data-raw", HOSTILE["body"]]
    (call,) = (one for one in ast.walk(ast.parse(texts["python"])) if isinstance(one, ast.Call) and one.keywords)
    told = {one.arg: one.value for one in call.keywords}
    assert ast.literal_eval(call.args[0]) == HOSTILE["url"]
    assert ast.literal_eval(told["headers"]) == HOSTILE["headers"]
    data = told["data"]
    assert isinstance(data, ast.Call)
    assert isinstance(data.func, ast.Attribute)
    assert ast.literal_eval(data.func.value) == HOSTILE["body"]


@needs("chromium")
def test_what_is_recorded_is_shown_by_every_element_and_what_was_undone_comes_back_by_a_tap(
    page: Page, service: str
) -> None:
    opened(page, service, uid := new_uid())
    # What was typed for one type is not another's.
    field = page.locator("#activity .fields input")
    field.first.fill("7")
    page.get_by_text("Evaluation completed").click()
    page.get_by_text("Grade, 1 to 10").wait_for()
    assert "7" not in [one.input_value() for one in field.all()]
    page.get_by_text("Study guide completed").click()
    page.get_by_role("button", name="Record it").click()
    page.get_by_text("Recorded: 15 XP.").wait_for()
    page.locator("streak-badge .length", has_text="1").wait_for()
    page.locator("streak-week .v-active.v-today").wait_for()
    page.locator("streak-week .tick.ticked", has_text="Study guide").wait_for()
    page.locator("streak-calendar .v-active.v-today").wait_for()
    page.get_by_role("button", name="Why? Streak started").click()
    page.locator("streak-history .why [lang=en]").wait_for()
    (activity,) = asked(service, uid, "GET", "/streak/activities")["activities"]
    asked(service, uid, "DELETE", f"/streak/activities/{activity['activity_id']}")
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    page.locator("streak-badge .length", has_text="0").wait_for()
    page.get_by_role("button", name="Bring back").click()
    page.get_by_text("Done.", exact=True).wait_for()
    page.locator("streak-badge .length", has_text="1").wait_for()


@needs("chromium")
def test_each_setting_is_saved_and_one_that_is_refused_is_shown_as_it_was(page: Page, service: str) -> None:
    opened(page, service, uid := new_uid())
    days = page.locator("#settings .chip")
    page.get_by_label("Time zone").select_option("Asia/Tokyo")
    for index in (5, 6, 0):
        days.nth(index).click()
    page.get_by_role("switch").click()
    until(lambda: asked(service, uid, "GET", "/streak/settings")["auto_freeze"] is False)
    settings = asked(service, uid, "GET", "/streak/settings")
    assert (settings["time_zone"], settings["rest_weekdays"]) == ("Asia/Tokyo", ["monday", "saturday", "sunday"])
    days.nth(1).click()
    page.locator("#settings .said", has_text="rest_weekdays").wait_for()
    assert [days.nth(index).locator("input").is_checked() for index in range(3)] == [True, False, False]
    page.locator("#settings").get_by_label("From").fill("2099-01-05")
    page.locator("#settings").get_by_label("Until").fill("2099-01-09")
    page.get_by_role("button", name="Pause the streak").click()
    page.get_by_role("button", name="End the pause").click()
    page.get_by_role("button", name="End the pause").wait_for(state="detached")
    assert asked(service, uid, "GET", "/streak/pauses") == {"pauses": []}


@needs("chromium")
def test_who_comes_after_another_finds_none_of_their_forms_even_where_there_are_none_of_their_own(
    page: Page, service: str
) -> None:
    opened(page, service, new_uid())
    page.route("**/policy", lambda route: route.abort())
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/policy")):
        page.evaluate("(uid) => { location.hash = uid; }", uid := new_uid())
    page.locator("#who", has_text=uid).wait_for()
    page.get_by_text("One activity begins a streak.").wait_for()
    assert [page.locator(f"#{place} > *").count() for place in ("activity", "settings")] == [0, 0]


@needs("chromium")
def test_what_is_still_being_saved_at_the_end_tells_nothing_to_who_comes_next(page: Page, service: str) -> None:
    opened(page, service, new_uid())
    saving: list[Route] = []
    page.route(
        "**/streak/settings",
        lambda route: saving.append(route) if route.request.method == "PATCH" else route.abort(),
    )
    with page.expect_request(lambda request: request.method == "PATCH"):
        page.get_by_role("switch").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("link", name="ada").wait_for()
    saving[0].abort()
    # Far longer than the page takes to ask for its settings, which it must not.
    for _ in range(5):
        page.evaluate("() => fetch('/streak/settings').catch(() => {})")
    assert page.locator("#who").inner_text() == ""


@needs("chromium")
def test_a_month_is_lived_by_the_slider_and_each_request_can_be_made_again_elsewhere(page: Page, service: str) -> None:
    opened(page, service, uid := new_uid())
    page.get_by_role("button", name="Record it").click()
    page.locator("streak-badge .length", has_text="1").wait_for()
    page.evaluate(SLIDE, 1)
    page.locator(".lead", has_text="Today still needs an activity.").wait_for()
    page.get_by_role("button", name="Record it").click()
    page.locator("streak-badge .length", has_text="2").wait_for()
    page.evaluate(SLIDE, 31)
    page.get_by_text("One activity begins a streak.").wait_for()
    # Time never lies before the last command: so far the slider goes back.
    page.evaluate(SLIDE, 0)
    page.locator(".lead", has_text="Done for today.").wait_for()
    page.get_by_role("button", name="Requests").click()
    said = []
    for name in ("curl", "fetch", "Python"):
        page.get_by_role("button", name=f"Copy GET /streak as {name}", exact=True).first.click()
        page.get_by_text(f"Copied: GET /streak as {name}").wait_for()
        text = page.evaluate(CLIPBOARD)
        assert "X-Simulated-Time" in text
        said.append((name, text))
    texts = dict(said)
    python = subprocess.run([sys.executable, "-c", texts["Python"]], capture_output=True, text=True, check=True).stdout
    status, _, content = python.partition(" ")
    streak = json.loads(content)
    assert (status, streak["user_id"], streak["current_streak"]) == ("200", uid, 2)
    assert page.evaluate(RUN_FETCH, texts["fetch"]) == [200, content.strip()]
    if found("curl"):
        answer = subprocess.run(["/bin/sh", "-c", texts["curl"]], capture_output=True, text=True, check=True).stdout
        assert json.loads(answer) == streak


@needs("chromium")
def test_a_month_can_be_lived_by_itself_and_stopped(page: Page, service: str) -> None:
    page.clock.install()
    opened(page, service, new_uid())
    page.get_by_label("Active on").select_option("always")
    page.get_by_role("button", name="Live a month").click()
    page.locator("streak-badge .length", has_text="3").wait_for()
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Live a month").wait_for()
    page.wait_for_function(SETTLED)
    lived = page.locator("#local output .muted").inner_text()
    # The pause after each day, many times over.
    page.clock.run_for(5_000)
    assert page.locator("#local output .muted").inner_text() == lived


@needs("the client's tools")
@needs("chromium")
def test_axe_finds_nothing_on_the_page_and_it_fits_a_phone(page: Page, service: str) -> None:
    page.goto(f"{service}/")
    page.get_by_role("link", name="ada").wait_for()
    axe = AXE.read_text(encoding="utf-8")
    page.evaluate(axe)
    assert page.evaluate(WRONG) == []
    opened(page, service, new_uid())
    page.get_by_role("button", name="Requests").click()
    page.locator("streak-insights p").wait_for()
    assert page.evaluate(WRONG) == []
    assert page.evaluate("() => document.documentElement.scrollWidth") == PHONE["width"]


@needs("chromium")
def test_elsewhere_one_signs_in_with_firebase_and_out_again(page: Page, service: str) -> None:
    hosted(page, service, new_uid())
    page.goto(f"{SITE}/")
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("Password", exact=True).fill("wrong")
    page.get_by_role("button", name="Sign in with a password").click()
    page.get_by_text("auth/invalid-credential").wait_for()
    page.get_by_role("button", name="Continue with Google").click()
    page.get_by_text("Ada L.").wait_for()
    page.get_by_role("button", name="Record it").click()
    page.locator("streak-badge .length", has_text="1").wait_for()
    assert page.locator("#local").is_hidden()
    page.evaluate(FULL)
    page.get_by_role("button", name="Record it").click()
    page.get_by_text("No room.").wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Continue with Google").wait_for()
    assert page.locator("streak-badge .length").count() == 0
    assert page.get_by_text("auth/invalid-credential").count() == 0


@needs("chromium")
def test_where_nobody_can_sign_in_the_page_says_so(page: Page, service: str) -> None:
    hosted(page, service, new_uid()).add("/__/")
    page.goto(f"{SITE}/")
    page.get_by_role("alert").filter(has_text="Nobody can sign in").wait_for()


@needs("chromium")
def test_opened_without_a_network_it_has_its_forms_when_the_network_is_back(page: Page, service: str) -> None:
    cut = hosted(page, service, uid := new_uid())
    activity = {"activity_type": "study_guide_completed", "metadata": {}}
    asked(service, uid, "POST", "/streak/activities", **activity)
    page.goto(f"{SITE}/")
    page.get_by_role("button", name="Continue with Google").click()
    page.locator("streak-badge .length", has_text="1").wait_for()
    cut |= {"/streak", "/policy"}
    page.reload()
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/streak/pauses")):
        page.get_by_role("button", name="Continue with Google").click()
    page.locator("streak-badge .length", has_text="1").wait_for()
    assert page.get_by_role("button", name="Record it").count() == 0
    cut.clear()
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    page.get_by_role("button", name="Record it").wait_for()
    page.get_by_role("switch").wait_for()


@needs("chromium")
def test_what_was_told_is_in_the_inbox_until_it_is_read_and_what_is_chosen_of_notices_stays(
    page: Page, service: str
) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    asked(service, uid := new_uid(), "POST", "/streak/activities", activity_type="study_guide_completed", metadata={})
    put_reminders(uid, *((now - timedelta(days=back)).isoformat() for back in (1, 2)))
    opened(page, service, uid)
    inbox, chosen = page.locator("streak-inbox"), page.locator("streak-notice-preferences")
    inbox.get_by_text("2 unread notices").wait_for()
    assert inbox.locator(".notice.new").count() == 2
    inbox.get_by_role("button", name="Mark all as read").click()
    inbox.get_by_text("All read").wait_for()
    assert asked(service, uid, "GET", "/notices")["unread"] == 0
    # What is told while nobody looks is there when somebody does.
    put_reminders(uid, now.isoformat())
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    inbox.get_by_text("1 unread notice").wait_for()
    chosen.get_by_label("Today still asks for an activity: Push").check()
    chosen.get_by_label("Remind me at").fill("18:30")
    chosen.get_by_label("Quiet until").fill("07:00")
    chosen.get_by_label("Language of notices").select_option("de")
    chosen.get_by_role("button", name="Save").click()
    chosen.get_by_text("Saved.").wait_for()
    known = asked(service, uid, "GET", "/notices/preferences")
    assert (known["channels"]["reminder"], known["channels"]["milestone"]) == (["push"], [])
    assert known["quiet_hours"] == {"from": "22:00", "until": "07:00"}
    assert (known["remind_at"], known["language"]) == ("18:30", "de")
    page.reload()
    chosen.get_by_label("Remind me at").wait_for()
    assert chosen.get_by_label("Remind me at").input_value() == "18:30"
    assert chosen.get_by_label("Today still asks for an activity: Push").is_checked()


@needs("chromium")
def test_a_challenge_is_joined_done_and_given_and_an_achievement_is_earned_with_the_activity_that_brings_it(
    page: Page, offering: str
) -> None:
    opened(page, offering, uid := new_uid())
    challenges, achievements = page.locator("streak-challenges"), page.locator("streak-achievements")
    achievements.get_by_text("0 of 6 earned").wait_for()
    challenges.get_by_role("button", name="Join: Two guides").click()
    challenges.get_by_text("0 of 2").wait_for()
    # What is left by mistake is asked for twice.
    challenges.get_by_role("button", name="Leave: Two guides").click()
    challenges.get_by_role("button", name="Stay: Two guides").click()
    page.get_by_text("Study guide completed").click()
    page.get_by_role("button", name="Record it").click()
    challenges.get_by_text("1 of 2").wait_for()
    achievements.get_by_text("1 of 6 earned").wait_for()
    achievements.locator(".earned", has_text="First step").wait_for()
    page.locator("streak-history").get_by_text("Achievement unlocked: First step").wait_for()
    challenges.get_by_role("button", name="Leave: Two guides").click()
    challenges.get_by_role("button", name="Leave: Two guides").click()
    challenges.get_by_role("button", name="Join: Two guides").click()
    challenges.get_by_text("0 of 2").wait_for()
    for done in (1, 2):
        page.get_by_role("button", name="Record it").click()
        challenges.get_by_text("Completed" if done > 1 else "1 of 2").wait_for()
    page.locator("streak-history").get_by_text("Challenge completed: Two guides").wait_for()
    assert challenges.locator(".goal", has_text="Two guides").get_by_role("button").count() == 0
    assert asked(offering, uid, "GET", "/streak")["xp_total"] == 3 * 15 + 40


@needs("chromium")
def test_a_friend_is_invited_by_a_code_kept_up_with_ended_and_blocked(page: Page, service: str) -> None:
    opened(page, service, uid := new_uid())
    friends, other = page.locator("streak-friends"), new_uid()
    inviting, accepting = (friends.locator("form", has_text=name) for name in ("Invite a friend", "Accept an inv"))
    inviting.get_by_label("Your name there").fill("ada@example.com")
    inviting.get_by_role("button", name="Make an invitation").click()
    friends.get_by_text("This name can't be used.").wait_for()
    inviting.get_by_label("Your name there").fill("Ada")
    inviting.get_by_role("button", name="Make an invitation").click()
    friends.get_by_text("works once, until").wait_for()
    (invitation,) = asked(service, uid, "GET", "/friends/invitations")["invitations"]
    friends.get_by_role("button", name="Copy: ").click()
    friends.get_by_text(f"Copied: {invitation['code']}").wait_for()
    assert page.evaluate(CLIPBOARD) == invitation["code"]
    accepting.get_by_label("Code").fill(invitation["code"])
    accepting.get_by_role("button", name="Accept").click()
    friends.get_by_text("This is an invitation of your own.").wait_for()
    asked(service, other, "POST", "/friends", code=invitation["code"], name="Ben <b>")
    asked(service, other, "POST", "/streak/activities", activity_type="study_guide_completed", metadata={})
    page.get_by_role("button", name="Record it").click()
    friends.locator(".person.kept", has_text="Ben <b>").get_by_text("1 day kept by both").wait_for()
    theirs = asked(service, other, "POST", "/friends/invitations", name="Ben")["code"]
    friends.get_by_role("button", name="End: Ben <b>").click()
    friends.get_by_role("button", name="End: Ben <b>").click()
    friends.locator(".person").wait_for(state="detached")
    assert asked(service, other, "GET", "/friends") == {"friends": []}
    accepting.get_by_label("Code").fill(theirs.lower().replace("-", " "))
    accepting.get_by_label("Your name there").fill("Ada")
    accepting.get_by_role("button", name="Accept").click()
    friends.get_by_role("button", name="Block: Ben").click()
    friends.get_by_role("button", name="Block: Ben").click()
    friends.get_by_role("button", name="Unblock: Ben").click()
    friends.get_by_role("button", name="Unblock: Ben").wait_for(state="detached")
    until(lambda: asked(service, uid, "GET", "/friends/blocks") == {"blocks": []})


@needs("chromium")
def test_a_seat_at_the_leaderboard_is_taken_under_a_name_renamed_and_left(page: Page, service: str) -> None:
    opened(page, service, uid := new_uid())
    board, other = page.locator("streak-leaderboard"), new_uid()
    asked(service, other, "PUT", "/leaderboard/me", name="Ben <b>")
    asked(service, other, "POST", "/streak/activities", activity_type="study_guide_completed", metadata={})
    board.get_by_label("Your name there").fill("ada@example.com")
    board.get_by_role("button", name="Take part", exact=True).click()
    board.get_by_text("This name can't be used.").wait_for()
    board.get_by_label("Your name there").fill("Ada")
    board.get_by_role("button", name="Take part", exact=True).click()
    board.get_by_text("You take part as Ada").wait_for()
    board.get_by_text("You are on it with your next activity").wait_for()
    page.get_by_text("Evaluation completed").click()
    page.get_by_label("Grade, 1 to 10").fill("10")
    page.get_by_role("button", name="Record it").click()
    own = board.locator(".me")
    own.get_by_text("Ada (you)").wait_for()
    board.locator("tr", has_text="Ben <b>").get_by_text("15 XP").wait_for()
    board.get_by_role("button", name="Month", exact=True).click()
    board.get_by_role("button", name="Streak").click()
    own.get_by_text("1 day").wait_for()
    board.get_by_role("button", name="Change the name").click()
    board.get_by_label("Your name there").fill("Ada L.")
    board.get_by_role("button", name="Change the name").click()
    own.get_by_text("Ada L. (you)").wait_for()
    board.get_by_role("button", name="Last month").click()
    board.get_by_text("Nobody was on it").wait_for()
    board.get_by_role("button", name="This month").click()
    own.get_by_text("Ada L. (you)").wait_for()
    board.get_by_role("button", name="Take part no more").click()
    board.get_by_role("button", name="Take part no more").click()
    board.get_by_role("button", name="Take part", exact=True).wait_for()
    assert asked(service, uid, "GET", "/leaderboard/me")["joined"] is False
    assert board.locator(".me").count() == 0


@needs("chromium")
def test_on_a_leaderboard_of_another_group_one_comes_over_by_a_tap_and_by_no_new_name(page: Page, service: str) -> None:
    opened(page, service, uid := new_uid())
    asked(service, uid, "PUT", "/leaderboard/me", name="Ada")
    board = page.locator("streak-leaderboard")
    board.evaluate("one => one.setAttribute('group', 'class-7')")
    board.get_by_role("button", name="Take part in this group").wait_for()
    board.get_by_role("button", name="Change the name").click()
    board.get_by_label("Your name there").fill("Ada L.")
    board.get_by_role("button", name="Change the name").click()
    board.get_by_text("You take part as Ada L.").wait_for()
    assert asked(service, uid, "GET", "/leaderboard/me")["group"] is None
    board.get_by_role("button", name="Take part in this group").click()
    until(lambda: asked(service, uid, "GET", "/leaderboard/me")["group"] == "class-7")
    board.get_by_role("button", name="Take part in this group").wait_for(state="detached")


@needs("chromium")
def test_a_picture_is_shared_shown_with_its_address_and_revoked(page: Page, service: str) -> None:
    opened(page, service, uid := new_uid())
    page.get_by_role("button", name="Share a picture").click()
    page.locator("#share .said", has_text="nothing to share yet").wait_for()
    asked(service, uid, "POST", "/streak/activities", activity_type="study_guide_completed", metadata={})
    page.get_by_label("Name on the picture").fill("Ada <b>")
    page.get_by_role("button", name="Share a picture").click()
    picture = page.locator("#share img")
    picture.wait_for()
    page.wait_for_function("() => document.querySelector('#share img').naturalWidth === 1200")
    address = page.locator("#share a").get_attribute("href") or ""
    (share,) = asked(service, uid, "GET", "/share")["shares"]
    assert (share["url"], share["name"]) == (address, "Ada <b>")
    with page.context.expect_page() as other:
        page.locator("#share a").click()
    other.value.wait_for_url(address)
    other.value.wait_for_load_state()
    assert other.value.title() == "1 day in a row · Ada <b>"
    page.get_by_role("button", name="Revoke").click()
    picture.wait_for(state="detached")
    page.locator("#share .said", has_text="Revoked.").wait_for()
    assert HTTP.get(address).status_code == httpx.codes.NOT_FOUND


@needs("chromium")
@pytest.mark.parametrize(("locale", "query"), [("de-AT", ""), ("en-US", "?lang=de")])
def test_the_page_speaks_german_with_all_that_is_on_it(browser: Browser, service: str, locale: str, query: str) -> None:
    context = browser.new_context(locale=locale, viewport=PHONE)
    page = context.new_page()
    page.goto(f"{service}/{query}#{new_uid()}")
    page.get_by_role("button", name="Eintragen").click()
    page.get_by_text("Eingetragen: ").wait_for()
    page.locator("streak-badge", has_text="Für heute erledigt").wait_for()
    # The shipped policy offers neither, so there are no cards for them.
    until(lambda: not any(page.get_by_text(one, exact=True).is_visible() for one in ("Herausforderungen", "Erfolge")))
    for said in (
        "Diese Woche",
        "Gewohnheiten",
        "Gemeinsame Serien",
        "Rangliste",
        "Jemanden einladen",
        "Ruhetage",
        "Bild teilen",
        "Einen Monat leben",
        "Abmelden",
    ):
        page.get_by_text(said, exact=True).first.wait_for()
    page.get_by_label("Heute fehlt noch eine Aktivität: Posteingang").wait_for()
    page.get_by_text("In den letzten 30 Tagen gab es keine Mitteilung").wait_for()
    assert page.evaluate("() => document.documentElement.lang") == locale.replace("en-US", "de")
    seen = page.locator("body").inner_text()
    assert [one for one in ("Record", "Settings", "Sign out", "Share", "Rest days", "Requests") if one in seen] == []
    context.close()


@needs("chromium")
def test_with_a_key_for_app_check_each_request_proves_that_it_is_the_page_and_without_one_nothing_is_loaded(
    page: Page, service: str
) -> None:
    hosted(page, service, new_uid())
    loaded: list[str] = []
    proofs: list[str | None] = []

    def noted(request: Request) -> None:
        loaded.append(request.url)
        if "authorization" in request.headers:
            proofs.append(request.headers.get("x-firebase-appcheck"))

    page.on("request", noted)
    page.goto(f"{SITE}/")
    page.get_by_role("button", name="Continue with Google").click()
    page.get_by_role("button", name="Record it").wait_for()
    assert set(proofs) == {None}
    assert not [one for one in loaded if "app-check" in one]
    proofs.clear()
    index = with_app_check(HTTP.get(f"{service}/").text, "6LcKEY-0123456789-abcdefghij")
    page.route(f"{SITE}/", lambda route: route.fulfill(body=index, content_type="text/html"))
    page.reload()
    page.get_by_role("button", name="Continue with Google").click()
    page.get_by_role("button", name="Record it").wait_for()
    assert set(proofs) == {"proof-by-6LcKEY-0123456789-abcdefghij"}
