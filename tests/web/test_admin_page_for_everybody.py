"""The page of operators, of what concerns everybody: amnesties, policies and reports, each by clicking."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.support.wanted import needs
from tests.web.looking import answered, page_without_errors

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
from tests.web.operating import ADMIN, SMALL_PHONE, form_of, lived, opened, sent, trail

# Of what concerns everybody nothing is to change for other tests: it lies far ahead.
AHEAD: Final = ("2099-03-02T09:00", "2099-03-02T11:30")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that has no errors, on the smallest phone, far from UTC."""
    with page_without_errors(browser, viewport=SMALL_PHONE, timezone_id="Asia/Tokyo") as one:
        yield one


@needs("chromium")
def test_an_amnesty_is_declared_looked_after_and_withdrawn_each_with_its_reason(page: Page, service: str) -> None:
    opened(page, service, "amnesties")
    form = form_of(page, "Declare an amnesty", dict(zip(("From", "Until"), AHEAD, strict=True)))
    sent(form, "Declare an amnesty", "the machines move")
    # That it concerns everybody is to be said, too.
    assert form.get_by_role("checkbox").evaluate("(box) => !box.validity.valid")
    form.get_by_role("checkbox").check()
    sent(form, "Declare an amnesty", "the machines move")
    entry = page.locator(".entry", has_text="the machines move")
    entry.get_by_text("2099-03-02 09:00 UTC \u2013 2099-03-02 11:30 UTC").wait_for()
    entry.get_by_text("waits for the next maintenance").wait_for()
    answered(service, ADMIN, "POST", "/maintenance").raise_for_status()
    page.get_by_role("button", name="Look anew").click()
    entry.locator(".facts").get_by_text("done", exact=True).wait_for()
    entry.get_by_role("button", name="Withdraw the amnesty").click()
    page.locator("form.act").get_by_role("checkbox").check()
    sent(page.locator("form.act"), "Withdraw", "another day")
    page.get_by_text("Done: Withdraw.").wait_for()
    entry.get_by_role("button").wait_for(state="detached")
    told = trail(service, "/admin/audit?page_size=50")
    assert ("declare_amnesty", "admin:olga", "the machines move") in told
    assert ("withdraw_amnesty", "admin:olga", "another day") in told
    opened(page, service, "operations").locator(".entry", has_text="another day").get_by_text(
        "Amnesty withdrawn"
    ).wait_for()


@needs("chromium")
def test_a_policy_is_published_compared_with_the_one_in_force_and_withdrawn_each_with_its_reason(
    page: Page, service: str
) -> None:
    opened(page, service, "policies")
    shipped = answered(service, ADMIN, "GET", "/admin/policies/0").json()["toml"]
    page.wait_for_load_state("networkidle")
    form = form_of(page, "Publish a policy", {"First day": "2020-01-01"})
    # One begins with the policy in force.
    assert form.get_by_label("Policy file").input_value() == shipped
    form.get_by_label("Policy file").fill(shipped.replace("held_max = 5", "held_max = 7"))
    form.get_by_role("checkbox").check()
    sent(form, "Publish a policy", "two more")
    form.get_by_text("Choose a later day.").wait_for()
    form.get_by_label("First day").fill("2099-01-01")
    sent(form, "Publish a policy", "two more")
    page.get_by_text("Done: Publish a policy.").wait_for()
    page.locator("tr", has_text="two more").get_by_role("link").click()
    page.get_by_role("heading", name="Difference to policy 0, which is in force").wait_for()
    assert page.locator(".line.gone, .line.new").all_inner_texts() == ["- held_max = 5\n", "+ held_max = 7\n"]
    page.get_by_role("button", name="Withdraw policy").click()
    page.locator("form.act").get_by_role("checkbox").check()
    sent(page.locator("form.act"), "Withdraw", "not yet")
    page.get_by_text("Done: Withdraw.").wait_for()
    page.locator(".facts").get_by_text("withdrawn", exact=True).wait_for()
    told = [one for one in trail(service, "/admin/audit?page_size=50") if one[0].endswith("policy")]
    assert told[-2:] == [("publish_policy", "admin:olga", "two more"), ("withdraw_policy", "admin:olga", "not yet")]


def saved_as_csv(page: Page) -> tuple[str, list[str]]:
    """The name and the lines of the file that the report is saved as."""
    with page.expect_download() as saving:
        page.get_by_role("button", name="Download as CSV").click()
    return saving.value.suggested_filename, Path(saving.value.path()).read_text(encoding="utf-8").splitlines()


@needs("chromium")
def test_each_report_is_there_for_the_days_that_are_chosen_and_leads_to_the_users_in_it(
    page: Page, service: str
) -> None:
    uid, days = lived(service)
    refused = {"count": 99, "reason": "too many"}
    assert answered(service, ADMIN, "POST", f"/admin/users/{uid}/grants", refused).status_code == 409
    answered(service, ADMIN, "POST", f"/admin/users/{uid}/block", {"reason": "cheats"}).raise_for_status()
    opened(page, service, "reports", "support")
    for name in ("Most active users", "How long streaks last", "Comebacks", "Freezes", "Failed actions"):
        page.get_by_role("link", name=name).click()
        page.get_by_text("It cost ").wait_for()
        assert page.locator(".refusal").count() == 0
        if name != "Failed actions":
            page.get_by_role("link", name="All reports").click()
    page.locator("tr", has_text="grant_freezes").get_by_text("failed", exact=True).wait_for()
    assert page.locator("figure .bars li", has_text="grant_freezes").count() == 1
    page.get_by_label("From").fill("2020-01-01")
    page.get_by_role("button", name="Show").click()
    page.get_by_text("must be less than 92 days before to").wait_for()
    page.get_by_label("From").fill(days["today"])
    with page.expect_request(lambda request: f"from={days['today']}&to=" in request.url):
        page.get_by_role("button", name="Show").click()
    page.locator("tr", has_text="grant_freezes").wait_for()
    name, lines = saved_as_csv(page)
    assert name == f"failed-actions_{days['today']}_{page.get_by_label('Until').input_value()}.csv"
    assert lines[0] == '"action","status","times"'
    assert any(one.startswith('"grant_freezes","failed",') for one in lines)
    page.route("**/admin/reports/*format=csv*", lambda route: route.abort())
    page.get_by_role("button", name="Download as CSV").click()
    page.get_by_text("No answer came.").wait_for()
    page.get_by_role("link", name="All reports").click()
    page.get_by_role("link", name="Blocked users").click()
    page.get_by_role("link", name=uid, exact=True).click()
    page.get_by_text("Blocked until it is lifted.").wait_for()
    answered(service, ADMIN, "DELETE", f"/admin/users/{uid}/block", {"reason": "done"}).raise_for_status()
