"""The fields that say when a reminder is due: there only for who wishes for it, and gone when there is none to come."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

import pytest

from streak_core.domain.events import Event, EventKind
from streak_core.store import documents
from streak_core.store.reminding import NOT_REMINDED, Reminding, after_events, gone, read_reminding, reminding_fields
from streak_core.store.unreadable import UnreadableStreakError
from testing.pure_user import PureUser
from tests.support.shipped_policy import POLICY

NOW: Final = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)
DUE: Final = datetime(2026, 3, 3, 11, 30, tzinfo=UTC)


def kept(*wishes: dict[str, Any]) -> PureUser:
    user = PureUser(POLICY)
    for number, wish in enumerate(wishes):
        user.step({"at": f"2026-03-02T10:0{number}:00Z", "do": "choose_notices", **wish})
    user.step({"at": "2026-03-02T12:00:00Z", "do": "check_in"})
    return user


def fields(user: PureUser, known: Reminding = NOT_REMINDED, now: datetime = NOW) -> dict[str, Any]:
    assert user.streak
    return reminding_fields(user.streak, user.state(now).view, known)


def test_a_document_of_who_wishes_for_no_reminder_has_no_field_for_it() -> None:
    for user in (kept(), kept({"language": "de"})):
        assert user.streak
        document = documents.streak_document("u", user.streak, user.state(NOW).view, user.settled_through)
        assert not {"remind_at", "reminded"} & document.keys()


def test_a_document_says_when_the_next_reminder_is_due() -> None:
    user = kept({"channels": {"reminder": ["push"]}})
    assert fields(user) == {"remind_at": DUE}
    assert fields(user, Reminding(reminded=date(2026, 3, 2))) == {"remind_at": DUE, "reminded": "2026-03-02"}
    assert fields(user, Reminding(reminded=date(2026, 3, 3))) == {"reminded": "2026-03-03"}


def test_a_field_that_says_nothing_any_more_is_taken_out() -> None:
    user = kept({"channels": {"reminder": ["push"]}}, {"channels": {"reminder": []}})
    assert fields(user, Reminding(remind_at=DUE)) == {}
    assert gone(Reminding(remind_at=DUE), {}) == ("remind_at",)
    assert gone(Reminding(remind_at=DUE), {"remind_at": DUE}) == gone(NOT_REMINDED, {}) == ()


MILESTONE: Final = Event(
    event_id="milestone_reached.2026-03-02.7",
    kind=EventKind.MILESTONE_REACHED,
    day=date(2026, 3, 2),
    at=NOW,
    details={"length": 7},
)


def test_what_waits_stands_in_the_document_and_the_run_looks_at_the_user_when_it_may_be_told() -> None:
    user = kept({"channels": {"milestone": ["push"]}})
    assert user.streak
    view = user.state(NOW).view
    known = after_events(NOT_REMINDED, user.streak, view, {MILESTONE.event_id: MILESTONE})
    late = NOW.replace(hour=23)
    stored = fields(user, known, late)
    assert stored.keys() == {"remind_at", "notices_waiting"}
    assert stored["remind_at"] == datetime(2026, 3, 3, 8, tzinfo=UTC)
    assert read_reminding(stored) == replace(known, remind_at=stored["remind_at"])
    assert after_events(known, user.streak, view, {MILESTONE.event_id: None}) == NOT_REMINDED
    assert gone(read_reminding(stored), {}) == ("remind_at", "notices_waiting")


def test_what_waits_of_who_wishes_for_nothing_any_more_is_forgotten_and_nobody_else_s_begins() -> None:
    wishing, other = kept({"channels": {"milestone": ["push"]}}), kept()
    assert wishing.streak
    assert other.streak
    told, view = {MILESTONE.event_id: MILESTONE}, wishing.state(NOW).view
    known = after_events(NOT_REMINDED, wishing.streak, view, told)
    assert after_events(known, other.streak, view, told) == NOT_REMINDED
    assert after_events(NOT_REMINDED, other.streak, view, told) is NOT_REMINDED


@pytest.mark.parametrize(
    "text", ["", "[1]", '[{"event_id":"e","kind":"pigeon","day":"2026-03-02","at":"2026-03-02T09:00:00Z"}]']
)
def test_what_does_not_read_as_events_is_refused(text: str) -> None:
    with pytest.raises(UnreadableStreakError):
        read_reminding({"notices_waiting": text})


def test_nobody_is_reminded_of_what_they_may_not_do() -> None:
    user = kept({"channels": {"reminder": ["push"]}})
    user.step({"at": "2026-03-02T12:20:00Z", "do": "block", "until": "2026-03-03T00:00:00Z", "reason": "spam"})
    assert fields(user) == {}
    assert fields(user, now=datetime(2026, 3, 3, tzinfo=UTC)) == {"remind_at": DUE}


def test_both_fields_are_read_as_they_were_written_and_a_day_that_is_none_is_refused() -> None:
    assert read_reminding({}) == NOT_REMINDED
    known = Reminding(remind_at=DUE, reminded=date(2026, 3, 2))
    assert read_reminding({"remind_at": DUE, "reminded": "2026-03-02"}) == known
    with pytest.raises(UnreadableStreakError):
        read_reminding({"reminded": "yesterday"})
