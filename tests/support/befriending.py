"""Users who are friends, as the product makes them. Must not know what is counted of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from streak_core.commands import StreakCommands
from streak_core.domain.commands import CheckIn
from streak_core.friends.accepting import Accepted, Accepting
from streak_core.friends.friend_days import Noting
from streak_core.friends.friendships import Friendships
from streak_core.friends.invitations import Invitations
from streak_core.records.trails import Trails
from streak_core.retry import Attempts
from streak_core.store.shared_documents import INVITATIONS, PAIRS
from streak_core.store.users import UserStore
from tests.support.shipped_policy import policies

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from google.cloud import firestore

    from streak_core.domain.rules import Rules


def always_open(_user_id: str) -> None:
    """For a service that nobody has closed."""


@dataclass(frozen=True)
class Befriending:
    """All that can be done with friends, on one database."""

    client: firestore.Client
    rules: Callable[[], Rules] = policies
    attempts: Callable[[], Attempts] = field(default=Attempts)
    check_open: Callable[[str], None] = always_open

    @property
    def trails(self) -> Trails:
        return Trails(self.client, attempts=self.attempts)

    @property
    def invitations(self) -> Invitations:
        return Invitations(self.trails, self.rules)

    @property
    def accepting(self) -> Accepting:
        return Accepting(self.trails, self.rules, self.check_open)

    @property
    def friendships(self) -> Friendships:
        noting, check = Noting(self.client, self.check_open), self.check_open
        return Friendships(self.trails, UserStore(self.client, self.rules), self.rules, noting, check, check)

    def code(self, user_id: str, now: datetime) -> str:
        """The code of a new invitation."""
        return self.invitations.invite(user_id, f"The {user_id}", now, None)[0].code

    def befriend(self, one: str, other: str, now: datetime) -> str:
        """The id of two who are friends from now on."""
        accepted = Accepted(code=self.code(one, now), name=f"The {other}")
        return self.accepting.accept(other, accepted, now, None)[0]


def befriended(client: firestore.Client, user_id: str, now: datetime) -> list[str]:
    """Everything that there can be of friends of a user, by how an export calls what is the user's to know of it.

    A friend, one whom the user has blocked, one who has blocked the user, and an invitation.
    """
    doing = Befriending(client)
    friend, blocked, blocking = (doing.befriend(user_id, f"{user_id}-{number}", now) for number in range(3))
    doing.friendships.block(user_id, blocked, now)
    doing.friendships.block(f"{user_id}-2", blocking, now)
    code = doing.code(user_id, now)
    return [f"{PAIRS}/{friend}", f"{PAIRS}/{blocked}", f"{INVITATIONS}/{code}"]


def befriended_for_long(client: firestore.Client, one: str, other: str, now: datetime) -> str:
    """Two friends who have both checked in on each of 42 days, and of whom that is noted."""
    doing, service = Befriending(client), StreakCommands(UserStore(client, policies), policies)
    friend_id = doing.befriend(one, other, now)
    for day in range(42):
        for user_id in (one, other):
            service.execute(user_id, now + timedelta(days=day), CheckIn())
    doing.friendships.all(one, now + timedelta(days=41))
    return friend_id
