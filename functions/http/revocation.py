"""Whether a user's sign-in still holds: asked of Firebase, and remembered for a minute.

It must not know routes, or how a token is verified. A process loads it only where its configuration asks for it.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from firebase_admin import auth, exceptions
from google.auth.exceptions import GoogleAuthError

from functions.http.problems import IdentityUnavailable
from streak_core.channels.auth_client import auth_client

if TYPE_CHECKING:
    from collections.abc import Callable

    import firebase_admin

# So long a revoked token may still be believed, and so often a busy user is asked about.
MEMORY_SECONDS: Final = 60.0
USERS_MAX: Final = 10_000
_MS: Final = 1000


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What Firebase knows of a user's account."""

    may_sign_in: bool
    # Tokens issued before this Unix time were revoked.
    tokens_valid_after_ms: int = 0

    def holds(self, issued_at_seconds: int) -> bool:
        """Whether a token that was issued then is still worth something."""
        return self.may_sign_in and issued_at_seconds * _MS >= self.tokens_valid_after_ms


class Standings:
    """The standings of many users: each is at most `MEMORY_SECONDS` old, and at most `USERS_MAX` are kept."""

    def __init__(self, ask: Callable[[str], Standing], clock: Callable[[], float] = time.monotonic) -> None:
        """`ask` may raise; nothing is remembered then."""
        self._ask = ask
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[float, Standing]] = OrderedDict()

    def of(self, user_id: str) -> Standing:
        """The standing of a user, at most `MEMORY_SECONDS` old."""
        now = self._clock()
        with self._lock:
            asked_at, standing = self._kept.get(user_id, (now, None))
        if standing is None or now - asked_at >= MEMORY_SECONDS:
            standing = self._ask(user_id)
            self._keep(user_id, now, standing)
        return standing

    def _keep(self, user_id: str, now: float, standing: Standing) -> None:
        with self._lock:
            self._kept[user_id] = now, standing
            self._kept.move_to_end(user_id)
            while len(self._kept) > USERS_MAX:
                self._kept.popitem(last=False)


def standings_of(app: firebase_admin.App, tenant: str | None) -> Standings:
    """The standings of the users of a Firebase project, or of one tenant of it."""
    return Standings(lambda user_id: _asked(user_id, lambda: auth_client(app, tenant)))


def _asked(user_id: str, client: Callable[[], auth.Client]) -> Standing:
    """Raises `IdentityUnavailable`: whoever can't be asked about is not let in."""
    try:
        user = client().get_user(user_id)
    except auth.UserNotFoundError:
        return Standing(may_sign_in=False)
    except (exceptions.FirebaseError, GoogleAuthError) as error:
        raise IdentityUnavailable from error
    return Standing(may_sign_in=not user.disabled, tokens_valid_after_ms=user.tokens_valid_after_timestamp)
