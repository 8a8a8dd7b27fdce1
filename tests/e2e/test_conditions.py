"""A change of settings that is only made where they are still those that the client has read."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.e2e.client import User, problem, wrong_fields
from tests.e2e.stored_user import stored

if TYPE_CHECKING:
    import httpx

SETTINGS: Final = "/streak/settings"
FAILED: Final = (412, "precondition_failed")


def tag_of(user: User, path: str = SETTINGS) -> str:
    return user.ask("GET", path).headers["ETag"]


def changed(user: User, tag: str, body: Any, path: str = SETTINGS, key: str | None = None) -> httpx.Response:
    return user.ask("PATCH", path, body, headers={"If-Match": tag}, key=key)


def test_of_two_changes_that_are_made_of_the_same_settings_the_second_is_refused_and_told_how_to_mend_it(
    user: User,
) -> None:
    tag = tag_of(user)
    assert changed(user, tag, {"auto_freeze": False}).status_code == 200
    before = stored(user.uid)
    refused = changed(user, tag, {"rest_weekdays": ["sunday"]})
    assert problem(refused) == FAILED
    assert "Read them again (GET /streak/settings)" in refused.json()["detail"]
    assert stored(user.uid) == before
    assert changed(user, tag_of(user), {"rest_weekdays": ["sunday"]}).status_code == 200
    assert user.get(SETTINGS)["auto_freeze"] is False


def test_a_change_answers_the_tag_of_what_the_settings_are_now_so_that_the_next_needs_no_question(
    user: User, admin: User
) -> None:
    user.record()
    first = tag_of(user)
    for_user = f"/admin/users/{user.uid}{SETTINGS}"
    # The second one changes nothing, and its tag is the one before.
    bodies: list[Any] = [{"auto_freeze": False}, {"auto_freeze": False}, {"time_zone": "Asia/Tokyo"}]
    tags = [first]
    for body in bodies:
        answer = changed(user, tags[-1], body)
        assert answer.status_code == 200
        tags.append(answer.headers["ETag"])
        assert tag_of(user) == tags[-1]
    assert tags[1] == tags[2]
    assert len({*tags}) == 3
    assert problem(changed(user, tags[2], {"auto_freeze": True})) == FAILED
    without_condition = user.ask("PATCH", SETTINGS, {"rest_weekdays": ["sunday"]})
    assert problem(changed(user, tags[-1], {"auto_freeze": True})) == FAILED
    by_admin = changed(admin, without_condition.headers["ETag"], {"auto_freeze": True}, for_user)
    assert by_admin.headers["ETag"] == tag_of(user) == tag_of(admin, for_user)


def test_of_two_such_changes_at_once_one_is_made(user: User) -> None:
    user.record()
    tag = tag_of(user)
    bodies = [{"auto_freeze": False}, {"rest_weekdays": ["sunday"]}]
    with ThreadPoolExecutor(len(bodies)) as devices:
        answers = list(devices.map(lambda body: changed(user, tag, body), bodies))
    assert sorted(answer.status_code for answer in answers) == [200, 412]


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
def test_a_tag_is_known_however_it_came_through(user: User, form: str) -> None:
    user.record()
    assert changed(user, form.format(tag_of(user)), {"auto_freeze": False}).status_code == 200


@pytest.mark.parametrize("tag", ['"other"', 'W/"other"', "other", ""])
def test_whoever_names_no_tag_of_these_settings_changes_nothing(user: User, tag: str) -> None:
    user.record()
    before = stored(user.uid)
    assert problem(changed(user, tag, {"auto_freeze": False})) == FAILED
    assert stored(user.uid) == before


def test_without_a_tag_the_change_is_made_whatever_the_settings_are(user: User) -> None:
    for chosen in (False, True):
        user.do("PATCH", SETTINGS, {"auto_freeze": chosen})
        assert user.get(SETTINGS)["auto_freeze"] is chosen


def test_what_was_changed_is_answered_again_under_its_key_though_the_settings_are_others_now(user: User) -> None:
    tag = tag_of(user)
    first = changed(user, tag, {"auto_freeze": False}, key="one")
    user.do("PATCH", SETTINGS, {"rest_weekdays": ["sunday"]})
    again = changed(user, tag, {"auto_freeze": False}, key="one")
    assert (again.status_code, again.json(), again.headers["Idempotent-Replayed"]) == (200, first.json(), "true")
    # The tag is that of the settings which it tells, and those are not in force any more.
    assert again.headers["ETag"] == first.headers["ETag"] != tag_of(user)
    assert problem(changed(user, again.headers["ETag"], {"auto_freeze": True})) == FAILED


def test_what_was_refused_uses_no_key_up(user: User) -> None:
    assert problem(changed(user, '"other"', {"auto_freeze": False}, key="one")) == FAILED
    assert changed(user, tag_of(user), {"auto_freeze": False}, key="one").status_code == 200


def test_what_would_be_refused_anyway_is_refused_for_that(user: User, admin: User) -> None:
    assert wrong_fields(changed(user, '"other"', {"rest_weekdays": ["someday"]})) != []
    assert wrong_fields(changed(user, '"other"', {"time_zone": "Mars/Olympus"})) == ["time_zone"]
    admin.do("POST", f"/admin/users/{user.uid}/block", {"reason": "under investigation"})
    assert problem(changed(user, '"other"', {"auto_freeze": False})) == (403, "blocked")


def test_what_else_the_settings_tell_of_changes_their_tag_and_other_commands_have_no_condition(user: User) -> None:
    user.earn(1)
    tag = tag_of(user)
    plan = {"date": "2026-03-05"}
    assert user.ask("POST", "/streak/freezes", plan, headers={"If-Match": '"other"'}).status_code == 200
    assert problem(changed(user, tag, {"auto_freeze": False})) == FAILED
    planned = tag_of(user)
    user.now = "2026-03-06T09:00:00Z"
    assert problem(changed(user, planned, {"auto_freeze": False})) == FAILED


def test_who_changes_them_for_a_user_may_say_so_too(user: User, admin: User) -> None:
    path = f"/admin/users/{user.uid}{SETTINGS}"
    tag = tag_of(admin, path)
    assert tag == tag_of(user)
    assert changed(user, tag, {"auto_freeze": False}).status_code == 200
    assert problem(changed(admin, tag, {"auto_freeze": True}, path)) == FAILED
    assert changed(admin, tag_of(admin, path), {"auto_freeze": True}, path).status_code == 200
