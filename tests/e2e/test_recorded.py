"""What operators look at of a user's records: how much of quotas is used up, and what was done with features."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from tests.e2e.client import User

CHAT: Final[dict[str, Any]] = {"feature": "chat", "duration_seconds": 42.5, "metadata": {"room": "kitchen"}}
PATHS: Final = ("quotas", "usage")


def test_operators_see_what_a_user_used_up_and_until_when(user: User, support: User) -> None:
    user.do("PATCH", "/streak/settings", {"time_zone": "Asia/Kolkata"})
    user.do("POST", "/ideas", {"title": "t", "category": "game"})
    path = f"/admin/users/{user.uid}/quotas"
    user.do("POST", "/usage", {"events": [CHAT, {"feature": "ideas"}]})
    found = support.get(path)
    assert found["ideas"] == {"count": 1, "count_max": 50}
    quotas = {one["kind"]: one for one in found["quotas"]}
    assert {name: (one["count"], one["count_max"], one["bytes_max"]) for name, one in quotas.items()} == {
        "log": (0, 2_000, 1_000_000),
        "profile": (0, 100, None),
        "message": (0, 1_000, 2_000_000),
        "usage": (2, 5_000, 2_000_000),
        "idea": (1, 100, None),
        "idea_mark": (0, 1_000, None),
        "refinement": (0, 200, None),
    }
    assert quotas["usage"]["bytes"] > 0 == quotas["log"]["bytes"]
    # Four in the morning in Kolkata.
    assert {(one["day"], one["ends_at"]) for one in quotas.values()} == {("2026-03-02", "2026-03-02T22:30:00Z")}
    later = support.get(path, at="2026-03-02T22:30:00Z")
    assert {(one["day"], one["count"]) for one in later["quotas"]} == {("2026-03-03", 0)}
    assert later["ideas"]["count"] == 1


def test_operators_see_what_was_done_with_features_page_by_page(user: User, admin: User, support: User) -> None:
    path = f"/admin/users/{user.uid}/usage"
    user.do("POST", "/usage", {"events": [CHAT, {"feature": "ideas"}]})
    # What a server counts for the user is the user's, and uses nothing of the quota up.
    admin.do("POST", path, {"events": [CHAT]}, at="2026-03-02T10:00:00Z")
    first = support.get(path, page_size="1")
    assert first["usage"] == [{"at": "2026-03-02T10:00:00Z", "events": [CHAT]}]
    last = support.get(path, page_size="1", page_token=first["next_page_token"])
    nothing = {"duration_seconds": None, "metadata": None}
    assert last["usage"] == [{"at": "2026-03-02T09:00:00Z", "events": [CHAT, {"feature": "ideas", **nothing}]}]
    assert [one["at"] for one in admin.get(path)["usage"]] == ["2026-03-02T10:00:00Z", "2026-03-02T09:00:00Z"]
    quotas = support.get(f"/admin/users/{user.uid}/quotas")["quotas"]
    assert [one["count"] for one in quotas if one["kind"] == "usage"] == [2]


@pytest.mark.parametrize("name", PATHS)
def test_whoever_was_never_seen_has_used_nothing_and_whoever_was_erased_is_gone(
    user: User, admin: User, name: str
) -> None:
    path = f"/admin/users/{user.uid}/{name}"
    found = admin.get(path)
    assert (found.get("usage"), {one["count"] for one in found.get("quotas", ())}) in (([], set()), (None, {0}))
    user.do("POST", "/usage", {"events": [CHAT]})
    user.sign_in()
    user.do("DELETE", "/streak")
    assert admin.refusal("GET", path) == (410, "user_erased")
    assert user.refusal("GET", path) == (403, "forbidden")
