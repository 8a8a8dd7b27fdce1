"""What joining and leaving a challenge is refused for.

It must not know when.
"""

from __future__ import annotations

from streak_core.domain.errors import Conflict, NotFound


class ChallengeNotFound(NotFound):
    """The policy of today offers no such challenge."""

    code = "challenge_not_found"
    message = "No challenge of that name is offered today. GET /challenges lists those that are."


class ChallengeIsOver(Conflict):
    """The days of a challenge are over."""

    code = "challenge_is_over"
    message = "That challenge ended with {until}: it can't be joined any more."


class TooManyChallenges(Conflict):
    """The user has joined enough."""

    code = "too_many_challenges"
    message = (
        "{most} challenges that are not over are joined, as many as can be. "
        "Leave one: DELETE /challenges/{{challenge}}/join."
    )


class ChallengeCompleted(Conflict):
    """A challenge that is done can't be left."""

    code = "challenge_completed"
    message = "That challenge is done, and what it gave is the user's: it stays joined until it is over."
