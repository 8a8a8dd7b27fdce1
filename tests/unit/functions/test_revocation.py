"""What is remembered of a user's standing: for a minute, for a bounded number of users, and never a failure."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from functions.http.problems import IdentityUnavailable
from functions.http.revocation import MEMORY_SECONDS, USERS_MAX, Standing, Standings

GOOD = Standing(may_sign_in=True)


@dataclass
class Firebase:
    """Answers what it is told to, and remembers whom it was asked about."""

    standing: Standing = GOOD
    is_down: bool = False
    asked: list[str] = field(default_factory=list)

    def ask(self, user_id: str) -> Standing:
        """The same of everybody."""
        self.asked.append(user_id)
        if self.is_down:
            raise IdentityUnavailable
        return self.standing


@dataclass
class Clock:
    """A clock that stands still."""

    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("standing", "issued_at", "holds"),
    [
        (Standing(may_sign_in=True), 0, True),
        (Standing(may_sign_in=False), 1_000, False),
        (Standing(may_sign_in=True, tokens_valid_after_ms=1_000_000), 1_000, True),
        (Standing(may_sign_in=True, tokens_valid_after_ms=1_000_000), 999, False),
        (Standing(may_sign_in=True, tokens_valid_after_ms=1_000_500), 1_000, False),
        (Standing(may_sign_in=False, tokens_valid_after_ms=1_000_000), 1_000, False),
    ],
)
def test_a_token_holds_unless_it_was_issued_before_the_revocation(
    standing: Standing, issued_at: int, *, holds: bool
) -> None:
    assert standing.holds(issued_at) is holds


def test_a_user_is_asked_about_once_a_minute() -> None:
    firebase, clock = Firebase(), Clock()
    standings = Standings(firebase.ask, clock)
    assert standings.of("ada") == GOOD
    clock.now += MEMORY_SECONDS - 0.001
    firebase.standing = Standing(may_sign_in=False)
    assert standings.of("ada") == GOOD
    clock.now += 0.001
    assert standings.of("ada") == firebase.standing
    assert standings.of("grace") == firebase.standing
    assert firebase.asked == ["ada", "ada", "grace"]


def test_a_failure_is_not_remembered_and_lets_nobody_in() -> None:
    firebase, clock = Firebase(is_down=True), Clock()
    standings = Standings(firebase.ask, clock)
    with pytest.raises(IdentityUnavailable):
        standings.of("ada")
    firebase.is_down = False
    assert standings.of("ada") == GOOD
    firebase.is_down = True
    assert standings.of("ada") == GOOD
    clock.now += MEMORY_SECONDS
    with pytest.raises(IdentityUnavailable):
        standings.of("ada")


def test_the_users_asked_about_longest_ago_are_forgotten_first() -> None:
    firebase = Firebase()
    standings = Standings(firebase.ask, Clock())
    for number in range(USERS_MAX + 1):
        standings.of(f"user-{number}")
    firebase.asked.clear()
    standings.of("user-1")
    assert firebase.asked == []
    standings.of("user-0")
    assert firebase.asked == ["user-0"]
    standings.of("user-1")
    assert firebase.asked == ["user-0", "user-1"]


def test_a_user_asked_about_again_is_kept_longer() -> None:
    firebase, clock = Firebase(), Clock()
    standings = Standings(firebase.ask, clock)
    standings.of("ada")
    standings.of("grace")
    clock.now += MEMORY_SECONDS
    standings.of("ada")
    for number in range(USERS_MAX - 1):
        standings.of(f"user-{number}")
    firebase.asked.clear()
    standings.of("ada")
    assert firebase.asked == []
