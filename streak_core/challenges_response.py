"""Makes the answers about challenges: what each asks for and gives, and how far the user has come.

It must not know HTTP or storage, nor decide what counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from streak_core.domain.challenges import is_done, offered, progress_of, terms_of

if TYPE_CHECKING:
    from streak_core.domain.joined import Terms
    from streak_core.domain.policy import Policy
    from streak_core.domain.state import UserState


class RewardResponse(TypedDict):
    """What a challenge gives; one of them is 0."""

    xp: int
    freezes: int


# "from" is no name in Python.
ListedChallenge = TypedDict(
    "ListedChallenge",
    {
        "challenge": str,
        "from": str,
        "until": str,
        "categories": list[str],
        "activity_types": list[str],
        "target": int,
        "reward": RewardResponse,
    },
)


class ChallengeResponse(ListedChallenge):
    """How a user stands with it."""

    joined: bool
    progress: int
    completed: bool


class ChallengesResponse(TypedDict):
    """Those that are joined, and then the others that are offered."""

    challenges: list[ChallengeResponse]


def challenges_response(state: UserState) -> ChallengesResponse:
    """Those that the user has joined, in the order of joining, and then what can be joined."""
    streak, view = state.streak, state.view
    rows: list[ChallengeResponse] = [
        {
            **listed_challenge(one.terms),
            "joined": True,
            "progress": progress_of(one, view),
            "completed": is_done(one, view),
        }
        for one in streak.settings.challenges
    ]
    taken = {one.terms.name for one in streak.settings.challenges if one.terms.until_day >= view.today}
    rows += [
        {**listed_challenge(terms), "joined": False, "progress": 0, "completed": False}
        for terms in offered(view)
        if terms.name not in taken
    ]
    return {"challenges": rows}


def offered_by(policy: Policy) -> list[ListedChallenge]:
    """All that a policy has."""
    return [listed_challenge(terms_of(name, one)) for name, one in policy.challenges.items()]


def listed_challenge(terms: Terms) -> ListedChallenge:
    """What it asks for and gives."""
    return {
        "challenge": terms.name,
        "from": terms.from_day.isoformat(),
        "until": terms.until_day.isoformat(),
        "categories": list(terms.categories),
        "activity_types": list(terms.activity_types),
        "target": terms.target,
        "reward": {"xp": terms.xp, "freezes": terms.freezes},
    }
