"""What a wish for a shared picture is refused for. Must not know HTTP."""

from __future__ import annotations

from streak_core.domain.errors import Conflict, Limited, NotFound


class NothingToShare(Conflict):
    """Nothing is stored of the user."""

    code = "nothing_to_share"
    message = "There is nothing to share yet: record an activity first (POST /streak/activities)."


class TooManyShares(Conflict):
    """There are enough pictures that everybody can see."""

    code = "too_many_shares"
    message = (
        "There are {most} shared pictures, as many as there can be. Revoke one, DELETE /share/{{share_id}}, or wait "
        "until the first one ends at {until}."
    )


class SharedTooOften(Limited):
    """Pictures are shared and revoked too fast."""

    code = "shared_too_often"
    message = "{most} pictures were shared within the last hour, as many as can be. Try again in {seconds} seconds."

    def __init__(self, retry_after_seconds: int, *, most: int) -> None:
        super().__init__(retry_after_seconds, most=most)


class ShareNotFound(NotFound):
    """There is no such picture, or not any more."""

    code = "share_not_found"
    message = "There is no shared picture of this id: it was never there, has ended, or was revoked."
