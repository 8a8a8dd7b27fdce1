"""When an endpoint is tried, and of which events it is told. Must not know how it is reached."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from streak_core.domain.events import EventKind
from streak_core.domain.webhooks import (
    ATTEMPTS_MAX,
    NOBODY_TOLD,
    NOT_TRIED,
    ON_ITS_WAY,
    SPAN,
    Step,
    Waiting,
    after_failure,
    begun,
    chosen_by,
    next_step,
)
from tests.unit.domain.outgoing import NOW, endpoint, event

MOMENT: Final = timedelta(microseconds=1)


def test_ten_attempts_take_seventy_five_hours_and_the_last_that_fails_parks() -> None:
    waiting, moments = NOT_TRIED, [NOW]
    while after := after_failure(begun(waiting, moments[-1]), NOW, moments[-1]):
        assert after.due
        waiting, moments = after, [*moments, after.due]
    since = [(moment - NOW).total_seconds() / 60 for moment in moments]
    seconds = 5 / 60
    assert since == [0, seconds, *(minutes + seconds for minutes in (5, 35, 155, 455, 1055, 1895, 3095, 4535))]
    assert (len(moments), moments[-1] - NOW) == (ATTEMPTS_MAX, SPAN)


def test_nobody_tries_before_an_attempt_is_due_and_whoever_was_killed_in_the_last_one_parks() -> None:
    first = begun(NOT_TRIED, NOW)
    assert next_step(NOT_TRIED, NOW, is_enabled=True) is Step.SEND
    assert next_step(first, NOW + ON_ITS_WAY - MOMENT, is_enabled=True) is Step.WAIT
    assert next_step(first, NOW + ON_ITS_WAY, is_enabled=True) is Step.SEND
    last = Waiting(attempts=ATTEMPTS_MAX, due=NOW)
    assert next_step(last, NOW - MOMENT, is_enabled=True) is Step.WAIT
    assert next_step(last, NOW, is_enabled=True) is Step.PARK


def test_nothing_waits_for_an_endpoint_that_is_disabled() -> None:
    assert next_step(begun(NOT_TRIED, NOW), NOW, is_enabled=False) is Step.PARK


def test_what_waited_behind_another_event_for_three_days_has_one_attempt() -> None:
    first = begun(NOT_TRIED, NOW)
    assert after_failure(first, NOW - SPAN, NOW) is None
    assert after_failure(first, NOW - SPAN + MOMENT, NOW) is not None


def test_an_event_is_for_those_who_chose_its_kind_and_has_its_number_among_those_that_anybody_did() -> None:
    broken, earned = EventKind.STREAK_BROKEN, EventKind.BONUS_EARNED
    chosen = chosen_by([endpoint("crm", broken), endpoint("mail", broken, earned)])
    told = [event(broken, "1"), event(EventKind.FREEZE_APPLIED, "2"), event(earned, "3")]
    found = chosen.outgoing(told, 4, NOW)
    assert [(one.number, one.event.event_id, sorted(one.waiting)) for one in found] == [
        (5, "1", ["crm", "mail"]),
        (6, "3", ["mail"]),
    ]
    assert NOBODY_TOLD.outgoing(told, 4, NOW) == ()


def test_what_is_told_again_begins_anew_for_those_who_were_given_up_and_named_alone() -> None:
    (outgoing,) = chosen_by([endpoint("crm", EventKind.STREAK_BROKEN)]).outgoing([event()], 0, NOW)
    parked = outgoing.waiting_on("crm", Waiting(attempts=ATTEMPTS_MAX, due=NOW)).parking("crm")
    assert (len(parked.waiting), sorted(parked.parked)) == (0, ["crm"])
    assert parked.again("mail") == parked
    assert parked.again("crm") == outgoing


def test_a_secret_is_not_shown_with_its_endpoint() -> None:
    assert "sss" not in repr(endpoint("crm", EventKind.STREAK_BROKEN))
