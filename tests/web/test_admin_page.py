"""The page of operators on a local server: each act for a user by clicking, by each role, then in the trail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import pytest

from emulator.page import WEB
from emulator.token import unsigned_token
from tests.support.wanted import needs
from tests.web.looking import AXE, SITE, WRONG, answered, asked, hosted, page_without_errors, until
from tests.web.running import run

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request, Route
from tests.web.operating import (
    ADMIN,
    HOSTILE,
    SMALL_PHONE,
    SUPPORT,
    form_of,
    lived,
    new_uid,
    opened,
    recorded,
    sent,
    trail,
)

ADMIN_PAGE: Final = WEB / "admin"
UNIT_TESTS: Final = sorted(path.name for path in (ADMIN_PAGE / "test").glob("*.test.js"))
# What an admin does for a user: the button, what is filled in, and as what the trail tells it.
ACTS: Final[dict[str, tuple[dict[str, str], str]]] = {
    "Grant freezes": ({"How many": "2"}, "Freezes granted"),
    "Excuse days": ({"From": "{today}", "Until": "{today}"}, "Days excused"),
    "Restore a day": ({"Day": "{missed}"}, "Restored"),
    "Restore a length": ({"Days": "9"}, "Restored"),
    "Change XP": ({"XP": "-5"}, "XP changed"),
    "Hide from leaderboards": ({}, "Hidden from leaderboards"),
    "Show on leaderboards": ({}, "Shown on leaderboards"),
    "Block": ({"Until": "2099-01-01T00:00"}, "Blocked"),
    "Unblock": ({}, "Unblocked"),
}
OF_SUPPORT: Final = ("Grant freezes", "Excuse days")
REPORTS: Final = ("reports", "report/failed-actions", "report/freezes")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that has no errors, on the smallest phone, far from UTC."""
    with page_without_errors(browser, viewport=SMALL_PHONE, timezone_id="Asia/Tokyo") as one:
        yield one


@needs("the client's tools")
def test_its_sources_are_what_their_types_say() -> None:
    run("tsc", "--project", ".", cwd=ADMIN_PAGE)


@needs("node")
def test_its_own_tests_pass_on_node() -> None:
    run("node", "--test", *(f"test/{name}" for name in UNIT_TESTS), cwd=ADMIN_PAGE)


def test_modules_are_small_say_what_they_must_not_know_and_read_nothing_as_html() -> None:
    for path in (*ADMIN_PAGE.glob("*.js"), *ADMIN_PAGE.glob("local/*.js")):
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) < 300, path
        assert "must not know" in text.partition("\n")[0].lower(), path
        for forbidden in ("innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "new Function", ".style."):
            assert forbidden not in text, f"{path}: {forbidden}"


@needs("chromium")
def test_an_admin_does_each_act_by_clicking_with_a_reason_and_it_is_in_the_trail(page: Page, service: str) -> None:
    uid, days = lived(service)
    opened(page, service, f"user/{uid}")
    for button, (filled, told) in ACTS.items():
        form = form_of(page, button, {label: text.format(**days) for label, text in filled.items()})
        # Without a reason nothing is sent.
        sent(form, button, "  ")
        assert form.get_by_label("Why").evaluate("(field) => !field.validity.valid")
        sent(form, button, f"because of {button}")
        page.get_by_text(f"Done: {button}. It is in the audit trail.").wait_for()
        newest = page.locator(".entry", has_text=f"because of {button}")
        newest.get_by_text(told, exact=True).wait_for()
        newest.get_by_text("admin olga").wait_for()
    hidden = ["hide_from_leaderboard", "show_on_leaderboard"]
    actions = ["grant_freezes", "excuse_days", "restore", "restore", "grant_xp", *hidden, "block", "unblock"]
    assert trail(service, f"/admin/users/{uid}/audit") == [
        (action, "admin:olga", f"because of {button}") for action, button in zip(actions, ACTS, strict=True)
    ]
    streak = asked(service, uid, "GET", "/streak")
    assert (streak["current_streak"], streak["freezes_available"], streak["xp_total"]) == (10, 2, 25)
    page.locator("streak-badge .length", has_text="10").wait_for()
    page.locator("streak-calendar td.v-repaired").wait_for()


@needs("chromium")
def test_an_admin_joins_and_leaves_a_challenge_for_a_user_and_it_is_in_the_trail(page: Page, offering: str) -> None:
    uid, _ = lived(offering)
    opened(page, offering, f"user/{uid}")
    page.locator("tr", has_text="first_step").get_by_text("2 of 1").wait_for()
    challenge, form = page.locator("tr", has_text="two_guides"), page.locator("form.act")
    for button, told, stands in (
        ("Join", "Challenge joined", "Joined"),
        ("Leave", "Challenge left", "Not joined"),
    ):
        challenge.get_by_role("button", name=f"{button} the challenge two_guides").click()
        form.get_by_role("heading", name=f"{button} the challenge two_guides ({uid})").wait_for()
        form.get_by_role("button", name=button, exact=True).click()
        page.get_by_text(f"Done: {button}. It is in the audit trail.").wait_for()
        challenge.get_by_text(stands, exact=True).wait_for()
        page.locator(".entry", has_text=told).get_by_text("admin olga").wait_for()
    assert [one[0] for one in trail(offering, f"/admin/users/{uid}/audit")] == ["join_challenge", "leave_challenge"]
    opened(page, offering, f"user/{uid}", "support")
    challenge.get_by_text("Not joined").wait_for()
    assert page.get_by_role("button", name="Join the challenge two_guides").count() == 0


@needs("chromium")
def test_support_does_what_its_role_may_and_has_no_button_for_what_the_service_refuses_it(
    page: Page, service: str
) -> None:
    uid, days = lived(service)
    opened(page, service, f"user/{uid}", "support")
    for button in OF_SUPPORT:
        filled, told = ACTS[button]
        sent(form_of(page, button, {label: text.format(**days) for label, text in filled.items()}), button, "asked us")
        page.locator(".entry", has_text=told).get_by_text("support sam").wait_for()
    assert trail(service, f"/admin/users/{uid}/audit") == [
        ("grant_freezes", "support:sam", "asked us"),
        ("excuse_days", "support:sam", "asked us"),
    ]
    buttons = page.locator("#screen .buttons button")
    assert buttons.all_inner_texts() == list(OF_SUPPORT)
    recorded(uid, service)
    page.reload()
    page.locator("tr", has_text="uses of features").get_by_text("2 of 5,000").wait_for()
    page.locator("tr", has_text="new ideas").get_by_text("1 of 100").wait_for()
    page.get_by_text("Ideas kept: 1 of 50").wait_for()
    for shown in ("Use of features", "Ideas"):
        page.get_by_role("button", name=f"Show: {shown}").click()
    page.locator("tr", has_text="chat").wait_for()
    assert page.locator("tr", has_text="chat").locator("td").all_inner_texts()[1:] == ["chat", "2", "85"]
    idea = page.locator(".entry", has_text=HOSTILE)
    idea.get_by_text("· game · selected").wait_for()
    idea.get_by_text("Details").click()
    idea.locator("dd", has_text=HOSTILE).wait_for()
    # Who looked is in the trail, and nobody who did not.
    assert [one for one in trail(service, f"/admin/users/{uid}/audit") if one[0] == "look"] == [
        ("look", "support:sam", None),
        ("look", "support:sam", None),
    ]
    assert page.locator("#places a").all_inner_texts() == ["Users", "Amnesties", "Reports", "Operations"]
    for path, body in (("restorations", {"length": 1}), ("xp", {"amount": 1}), ("block", {"reason": "r"})):
        assert answered(service, SUPPORT, "POST", f"/admin/users/{uid}/{path}", body).status_code == 403
    opened(page, service, "policies", "support").get_by_text("Only admins look at this.").wait_for()
    opened(page, service, "amnesties", "support").get_by_role("button", name="Look anew").wait_for()
    assert page.get_by_role("button", name="Declare an amnesty").count() == 0


@needs("chromium")
def test_a_user_is_told_that_nothing_is_for_them_asks_for_nothing_and_would_get_nothing(
    page: Page, service: str
) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    for place in ("user/ada", "amnesties", "policies", "reports", "operations"):
        opened(page, service, place, "user").get_by_text("Nothing here is for you").wait_for()
    assert [one for one in requests if "/admin/" in one or "/health" in one] == []
    assert page.locator("#places a").count() == 0
    token = unsigned_token("ada")
    for path in (
        "users/ada/streak",
        "users/ada/audit",
        "users/ada/quotas",
        "users/ada/usage",
        "audit",
        "amnesties",
        "policies",
        "runs",
        "backups",
        "reports/survival",
    ):
        assert answered(service, token, "GET", f"/admin/{path}").status_code == 403, path


@needs("chromium")
def test_a_refusal_says_what_to_do_and_what_nobody_answered_is_sent_again_under_its_key(
    page: Page, service: str
) -> None:
    uid, _ = lived(service)
    opened(page, service, f"user/{uid}")
    keys: list[str | None] = []
    path = f"**/admin/users/{uid}/grants"

    def noted(request: Request) -> None:
        if request.method == "POST":
            keys.append(request.headers.get("idempotency-key"))

    page.on("request", noted)
    form = form_of(page, "Grant freezes", {"How many": "6"})
    page.route(path, lambda route: route.abort())
    sent(form, "Grant freezes", "a bad evening")
    form.get_by_text("Send it again: it happens at most once.").wait_for()
    page.unroute(path)
    sent(form, "Grant freezes", "a bad evening")
    form.get_by_text("Send it again with “Also above the cap”").wait_for()
    form.get_by_label("Also above the cap").check()
    page.route(path, lambda route: (route.fetch(), route.abort()))
    sent(form, "Grant freezes", "a bad evening")
    form.get_by_text("Send it again: it happens at most once.").wait_for()
    page.unroute(path)
    sent(form, "Grant freezes", "a bad evening")
    page.get_by_text("Done: Grant freezes.").wait_for()
    assert keys[0] == keys[1]
    assert keys[2] == keys[3] != keys[0]
    assert asked(service, uid, "GET", "/streak")["freezes_available"] == 6
    page.locator(".entry", has_text="refused: freezes_full").wait_for()


@needs("chromium")
def test_what_people_wrote_is_text_and_never_markup_wherever_it_is_shown(page: Page, service: str) -> None:
    uid = f'"><img>{new_uid()}&amp;'
    asked(service, uid, "PATCH", "/profile", city=HOSTILE, country="GB")
    note = {"action": "opened", "entity_type": "page", "entity_id": HOSTILE, "status": "success"}
    answered(service, unsigned_token(uid), "POST", "/log", {**note, "details": {HOSTILE: [HOSTILE]}}).raise_for_status()
    token = unsigned_token(HOSTILE.replace(" ", "-"), admin=True)
    path = f"/admin/users/{quote(uid, safe='')}"
    answered(service, token, "POST", f"{path}/grants", {"count": 1, "reason": HOSTILE}).raise_for_status()
    message = {"role": "user", "content": HOSTILE}
    answered(service, unsigned_token(uid), "POST", "/conversations/chat-1/messages", message).raise_for_status()
    opened(page, service, "find")
    page.get_by_label("User id or e-mail").fill(uid)
    page.get_by_role("button", name="Open as an id").click()
    page.get_by_role("heading", name=f"User {uid}").wait_for()
    page.locator(".entry .reason", has_text=HOSTILE).wait_for()
    for shown in ("Profile", "Conversations"):
        page.get_by_role("button", name=f"Show: {shown}").click()
    page.locator(".facts").get_by_text(HOSTILE, exact=True).first.wait_for()
    # What was said is asked for when somebody wants to read it.
    assert page.locator(".message").count() == 0
    page.get_by_role("button", name="Read the conversation chat-1").click()
    page.locator(".message", has_text=HOSTILE).wait_for()
    page.get_by_role("button", name="Grant freezes", exact=True).click()
    page.get_by_role("heading", name=f"Grant freezes to {uid}").wait_for()
    assert page.locator("main img, main script").count() == 0
    assert page.evaluate("() => document.documentElement.scrollWidth") == SMALL_PHONE["width"]


@needs("chromium")
def test_a_user_is_found_by_e_mail_and_where_accounts_can_not_be_asked_the_page_says_so(
    page: Page, service: str
) -> None:
    uid, _ = lived(service)
    account = {"user_id": uid, "email": "ada@example.com", "email_verified": True, "disabled": False}
    opened(page, service, "find", "support")
    field = page.get_by_label("User id or e-mail")
    field.fill("ada@example.com")
    page.get_by_role("button", name="Find", exact=True).click()
    # A local server has no accounts.
    page.get_by_text("Firebase's accounts could not be asked.").wait_for()
    found = {"users": [{**account, "created_at": None, "last_sign_in_at": None}]}
    # An address is in no URL.
    page.route("**/admin/users:find", lambda route: route.fulfill(json=found))
    page.get_by_role("button", name="Try again").click()
    page.get_by_role("link", name="ada@example.com").click()
    page.locator("streak-badge .length", has_text="1").wait_for()
    page.get_by_role("heading", name=f"User {uid}").wait_for()


@needs("the client's tools")
@needs("chromium")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_screen_and_each_fits_the_smallest_phone(
    page: Page, service: str, scheme: Any
) -> None:
    page.emulate_media(color_scheme=scheme)
    uid, _ = lived(service)
    answered(service, ADMIN, "POST", f"/admin/users/{uid}/grants", {"count": 1, "reason": "r" * 200}).raise_for_status()
    recorded(uid, service)
    page.goto(f"{service}/operators/")
    page.get_by_role("link", name="olga").wait_for()
    axe = AXE.read_text(encoding="utf-8")
    page.evaluate(axe)
    assert page.evaluate(WRONG) == []
    opened(page, service, "find")
    page.evaluate(axe)
    for place in ("find", f"user/{uid}", "amnesties", "policies", "policy/0", "operations", *REPORTS):
        page.evaluate("(hash) => { location.hash = hash; }", f"/{place}")
        page.wait_for_load_state("networkidle")
        for button in ("Grant freezes", "Declare an amnesty", "Publish a policy"):
            if (found := page.get_by_role("button", name=button, exact=True)).count():
                found.click()
        for closed in page.get_by_role("button", name="Show: ").all()[::-1]:
            closed.click()
        until(lambda: page.locator("[aria-busy=true]").count() == 0)
        assert (place, page.evaluate(WRONG)) == (place, [])
        assert page.evaluate("() => document.documentElement.scrollWidth") == SMALL_PHONE["width"], place


@needs("chromium")
def test_what_is_still_asked_of_one_user_is_never_shown_as_another_s(page: Page, service: str) -> None:
    (one, _), other = lived(service), new_uid()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(f"**/admin/users/{one}/streak", hold)
    opened(page, service, f"user/{one}")
    until(lambda: len(held) == 1)
    page.evaluate("(hash) => { location.hash = hash; }", f"/user/{other}")
    page.locator("streak-badge .badge.none").wait_for()
    with page.expect_response(f"**/admin/users/{one}/streak"):
        held[0].continue_()
    # Longer than the page takes to show an answer.
    for _ in range(5):
        page.evaluate("() => fetch('/health')")
    page.locator("streak-badge .badge.none").wait_for()
    assert page.get_by_role("heading", level=1).inner_text() == f"User {other}"


@needs("chromium")
def test_elsewhere_an_operator_signs_in_with_firebase_and_leaves_nothing_behind(page: Page, service: str) -> None:
    uid, _ = lived(service)
    hosted(page, service, "olga", admin=True)
    page.goto(f"{SITE}/operators/#/user/{uid}")
    page.get_by_role("button", name="Continue with Google").click()
    page.locator("#who", has_text="Ada L.").wait_for()
    page.locator("streak-badge .length", has_text="1").wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Continue with Google").wait_for()
    assert page.locator("#screen").inner_html() == page.locator("#places").inner_html() == ""


@needs("chromium")
def test_the_page_speaks_german_with_all_that_is_on_it(page: Page, service: str) -> None:
    uid, _ = lived(service)
    page.goto(f"{service}/operators/?lang=de&as=support#/user/{uid}")
    sent_form = page.get_by_role("button", name="Freezes geben", exact=True)
    sent_form.click()
    form = page.locator("form.act")
    form.get_by_label("Wie viele").fill("1")
    form.get_by_label("Warum").fill("war krank")
    form.get_by_role("button", name="Freezes geben").click()
    page.locator(".entry", has_text="war krank").get_by_text("Freezes gegeben").wait_for()
    seen = page.locator("body").inner_text()
    assert [one for one in ("Sign out", "Audit", "Grant", "Profile", "Limits", "Users", "Done") if one in seen] == []
