"""What a user is told of without asking, over HTTP: preferences and devices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.support.sent_notices import put_reminders

if TYPE_CHECKING:
    from tests.e2e.client import User

DEVICE: Final = {"token": "cD:APA91b", "platform": "android"}
WISH: Final = {"channels": {"reminder": ["push"]}}


def test_preferences_are_answered_as_they_were_chosen_and_a_key_chooses_once(user: User) -> None:
    before = user.get("/notices/preferences")
    assert before["channels"]["reminder"] == []
    chosen = user.do("PATCH", "/notices/preferences", {**WISH, "remind_at": "18:30"}, key="k")["preferences"]
    assert chosen == {
        **before,
        "channels": {**before["channels"], "reminder": ["push"]},
        "remind_at": "18:30",
    }
    user.do("PATCH", "/notices/preferences", {"remind_at": None, "language": "de"})
    assert user.do("PATCH", "/notices/preferences", {**WISH, "remind_at": "18:30"}, key="k")["preferences"] == chosen
    assert user.get("/notices/preferences") == {**chosen, "language": "de"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"channels": {"reminder": ["pigeon"]}}, "channels.reminder.0"),
        ({"channels": {"snooze": ["push"]}}, "channels.snooze"),
        # Nobody has named a mail server here.
        ({"channels": {"milestone": ["email"], "reminder": ["push"]}}, "channels.milestone"),
        ({"quiet_hours": {"from": "22:00"}}, "quiet_hours.until"),
        ({"quiet_hours": {"from": "22:00", "until": "8:00"}}, "quiet_hours"),
        ({"remind_at": "noon"}, "remind_at"),
    ],
)
def test_what_can_not_be_chosen_is_refused_by_its_field(user: User, body: Any, field: str) -> None:
    refused = user.ask("PATCH", "/notices/preferences", body).json()
    assert (refused["code"], [one["field"] for one in refused["errors"]]) == ("invalid_request", [field])


def test_devices_are_registered_once_something_is_chosen_and_their_tokens_are_told_to_nobody(user: User) -> None:
    assert user.refusal("PUT", "/notices/devices/phone", DEVICE) == (409, "nothing_chosen")
    assert user.do("DELETE", "/notices/devices/phone") == {"devices": []}
    user.do("PATCH", "/notices/preferences", WISH)
    first = user.do("PUT", "/notices/devices/phone", DEVICE)
    assert [one.keys() for one in first["devices"]] == [{"device_id", "platform", "registered_at"}]
    assert user.do("PUT", "/notices/devices/phone", DEVICE) == first
    user.record()
    both = user.do("PUT", "/notices/devices/web", {"token": "other", "platform": "web"})
    assert [one["device_id"] for one in both["devices"]] == ["phone", "web"]
    assert [one["device_id"] for one in user.do("DELETE", "/notices/devices/phone")["devices"]] == ["web"]


def test_the_inbox_is_paged_in_the_language_that_was_chosen_and_read_up_to_a_moment(user: User) -> None:
    assert user.get("/notices") == {"notices": [], "unread": 0, "next_page_token": None}
    assert user.do("POST", "/notices/read", {"up_to": "2026-03-02T09:00:00Z"}) == {"unread": 0}
    user.do("PATCH", "/notices/preferences", {"language": "de"})
    put_reminders(user.uid, "2026-01-31T09:00:00Z", "2026-03-01T18:30:00.000001Z", "2026-03-02T08:30:00Z")
    page = user.get("/notices", page_size="1")
    assert page["unread"] == 2
    assert page["notices"] == [
        {
            "notice_id": "2026-03-02.reminder",
            "kind": "reminder",
            "date": "2026-03-02",
            "at": "2026-03-02T08:30:00Z",
            "title": "Halte deine Serie von 12",
            "body": "Heute fehlt noch etwas von dir.",
            "is_read": False,
        }
    ]
    following = user.get("/notices", page_size="1", page_token=page["next_page_token"])
    (older,) = following["notices"]
    # Of January there is none any more.
    assert (older["notice_id"], following["next_page_token"]) == ("2026-03-01.reminder", None)
    for _ in range(2):
        assert user.do("POST", "/notices/read", {"up_to": older["at"]}) == {"unread": 1}
    assert [one["is_read"] for one in user.get("/notices")["notices"]] == [False, True]
    assert user.do("POST", "/notices/read", {"up_to": "2026-03-02T09:00:00Z"}) == {"unread": 0}
    assert user.do("POST", "/notices/read", {"up_to": older["at"]}) == {"unread": 0}


def test_nothing_is_read_that_is_still_to_come(user: User) -> None:
    refused = user.ask("POST", "/notices/read", {"up_to": "2026-03-02T09:00:00.000001Z"}).json()
    assert (refused["code"], [one["field"] for one in refused["errors"]]) == ("invalid_request", ["up_to"])
    assert user.refusal("POST", "/notices/read", {}) == (422, "invalid_request")
