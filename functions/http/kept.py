"""What users have kept beside their streak, on top of what a process needs once; each is loaded by who asks for it.

It must not connect to anything at import.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from functions.http import runtime

if TYPE_CHECKING:
    from streak_core.boards.leaderboards import Leaderboards
    from streak_core.boards.pages import BoardPages
    from streak_core.boards.recent import RecentBoards
    from streak_core.friends.accepting import Accepting
    from streak_core.friends.friendships import Friendships
    from streak_core.friends.invitations import Invitations
    from streak_core.records.app_records import AppRecords
    from streak_core.records.conversations import Conversations
    from streak_core.records.ideas import Ideas
    from streak_core.records.kinds import Kinds
    from streak_core.records.profiles import Profiles
    from streak_core.records.quotas import Quotas
    from streak_core.records.usage import FeatureUsage


@lru_cache(maxsize=1)
def kinds() -> Kinds:
    """The kinds of records; only who keeps one loads them."""
    from streak_core.records.kinds import parse_kinds, shipped_kinds

    text = runtime.config().kinds_text
    return shipped_kinds() if text is None else parse_kinds(text)


def profiles() -> Profiles:
    """The profiles of users; only who asks for one loads them."""
    from streak_core.records.profiles import Profiles

    return Profiles(runtime.trails(), quotas())


def conversations() -> Conversations:
    """The conversations of users; only who asks for one loads them."""
    from streak_core.records.conversations import Conversations

    return Conversations(runtime.trails(), quotas())


def usage() -> FeatureUsage:
    """What users did with features; only who counts some loads it."""
    from streak_core.records.usage import FeatureUsage

    return FeatureUsage(runtime.trails(), quotas())


def ideas() -> Ideas:
    """The ideas of users; only who asks for one loads them."""
    from streak_core.records.ideas import Ideas

    return Ideas(runtime.trails(), quotas())


def app_records() -> AppRecords:
    """Records of kinds of an app's own; only who asks for one loads them."""
    from streak_core.records.app_records import AppRecords

    return AppRecords(runtime.trails(), quotas())


def quotas() -> Quotas:
    """What users may still have recorded; only who records something loads them."""
    from streak_core.records.quotas import Quotas

    return Quotas(kinds(), runtime.policies)


def invitations() -> Invitations:
    """The invitations of users; only who asks for one loads them."""
    from streak_core.friends.invitations import Invitations

    return Invitations(runtime.trails(), runtime.policies)


def accepting() -> Accepting:
    """What makes friends; only who accepts an invitation loads it."""
    from functools import partial

    from streak_core.friends.accepting import Accepting

    check_open = partial(runtime.write_gate().check, is_question=False)
    return Accepting(runtime.trails(), runtime.policies, check_open)


def friendships() -> Friendships:
    """The friends of users; only who asks for them loads them."""
    from functools import partial

    from streak_core.friends.friend_days import Noting
    from streak_core.friends.friendships import Friendships

    check = runtime.write_gate().check
    check_open = partial(check, is_question=False)
    return Friendships(
        runtime.trails(),
        runtime.queries().store,
        runtime.policies,
        Noting(runtime.database(), check_open),
        partial(check, is_question=True),
        check_open,
    )


def leaderboards() -> Leaderboards:
    """Who stands where; only the function `leaderboards` loads it."""
    from streak_core.boards.leaderboards import Leaderboards

    return Leaderboards(_board_pages(), runtime.queries().state, _recent_boards())


def _board_pages() -> BoardPages:
    from streak_core.boards.pages import BoardPages

    return BoardPages(runtime.database())


@lru_cache(maxsize=1)
def _recent_boards() -> RecentBoards:
    """Nothing is kept where requests may say what time it is: they want to see what they have just done."""
    from streak_core.boards.leaderboards import SHOWN_MAX
    from streak_core.boards.recent import KEPT_SECONDS, RecentBoards

    seconds = 0 if runtime.config().allows_simulated_time else KEPT_SECONDS
    return RecentBoards(lambda board: _board_pages().first(board, SHOWN_MAX), seconds)
