"""For what a stolen token must not do, people must have signed in lately; by the server's own clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from functions.http.identity import RECENT, Caller, require_recent_sign_in
from functions.http.problems import RecentSignInRequired
from streak_core.domain.actor import Actor, ActorKind

# Far enough from the edge that the test may take its time.
MARGIN = timedelta(seconds=20)
PEOPLE = [None, ActorKind.ADMIN, ActorKind.SUPPORT]


def caller(kind: ActorKind | None, signed_in_at: datetime | None) -> Caller:
    actor = Actor(kind=kind, id="ops") if kind else None
    return Caller(user_id="ops", actor=actor, signed_in_at=signed_in_at)


@pytest.mark.parametrize("kind", PEOPLE)
@pytest.mark.parametrize("ago", [timedelta(), RECENT - MARGIN, -MARGIN])
def test_who_signed_in_lately_may(kind: ActorKind | None, ago: timedelta) -> None:
    require_recent_sign_in(caller(kind, datetime.now(UTC) - ago))


@pytest.mark.parametrize("kind", PEOPLE)
@pytest.mark.parametrize("ago", [RECENT + timedelta(milliseconds=1), timedelta(days=400)])
def test_who_signed_in_earlier_may_not(kind: ActorKind | None, ago: timedelta) -> None:
    with pytest.raises(RecentSignInRequired):
        require_recent_sign_in(caller(kind, datetime.now(UTC) - ago))


@pytest.mark.parametrize("kind", PEOPLE)
def test_who_does_not_say_when_may_not(kind: ActorKind | None) -> None:
    with pytest.raises(RecentSignInRequired):
        require_recent_sign_in(caller(kind, None))


def test_a_server_signs_in_with_each_token() -> None:
    require_recent_sign_in(caller(ActorKind.SERVER, None))
