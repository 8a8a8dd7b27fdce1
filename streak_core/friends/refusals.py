"""What is refused of friends, each with a code of its own. Must not know HTTP.

Nobody learns from a refusal that somebody has blocked them: it is the same as for a code that there never was.
"""

from __future__ import annotations

from streak_core.domain.errors import Conflict, NotFound


class InvitationNotFound(NotFound):
    """There is no such invitation for whoever asks."""

    code = "invitation_not_found"
    message = "No invitation with that code is open. It works once, and not for long: ask for a new one."


class TooManyInvitations(Conflict):
    """A user has as many invitations as can be open."""

    code = "too_many_invitations"
    message = (
        "{most} invitations are open, as many as there can be, the first until {until}. Withdraw one: DELETE "
        "/friends/invitations/{{code}}."
    )


class OwnInvitation(Conflict):
    """A user accepts an invitation of their own."""

    code = "own_invitation"
    message = "This is an invitation of your own. Somebody else accepts it."


class AlreadyFriends(Conflict):
    """Two who are friends can't become so."""

    code = "already_friends"
    message = "You have a friend streak with whoever has made this invitation. It stays open for somebody else."


class TooManyFriends(Conflict):
    """One of two has as many friends as can be."""

    code = "too_many_friends"
    message = "One of you has {most} friend streaks, as many as there can be. End one: DELETE /friends/{{friend_id}}."


class FriendNotFound(NotFound):
    """There is no such friend, or no more."""

    code = "friend_not_found"
    message = "No friend of this user has that id, or it has ended. GET /friends lists them."


class BlockNotFound(NotFound):
    """The user has blocked nobody under that id."""

    code = "block_not_found"
    message = "This user has blocked nobody under that id. GET /friends/blocks lists them."


class TooManyBlocks(Conflict):
    """A user has blocked as many as can be."""

    code = "too_many_blocks"
    message = (
        "{most} users are blocked, as many as can be. Unblock one (DELETE /friends/blocks/{{friend_id}}), or end the "
        "friend streak: DELETE /friends/{{friend_id}}."
    )
