"""Makes the unsigned tokens that the Firebase Auth emulator issues. Must not know who accepts them."""

import base64
import json
import time
from typing import Final, NamedTuple

PROJECT: Final = "demo-streak"
VALID_SECONDS: Final = 3600
# A little in the past, so that no clock finds the token to be issued in the future.
ISSUED_BEFORE_SECONDS: Final = 10


class Users(NamedTuple):
    """Whose users: a project's, or those of a tenant in it."""

    project: str = PROJECT
    tenant: str | None = None


OURS: Final = Users()


def unsigned_token(
    uid: str,
    *,
    admin: bool = False,
    support: bool = False,
    valid_seconds: int = VALID_SECONDS,
    now: float | None = None,
    of: Users = OURS,
) -> str:
    """A token of the user `uid`, valid for an hour or as long as said; `now` in Unix seconds.

    Only a process in emulator mode takes it.
    """
    issued = int(time.time() if now is None else now) - ISSUED_BEFORE_SECONDS
    claims: dict[str, object] = {
        "iss": f"https://securetoken.google.com/{of.project}",
        "aud": of.project,
        "sub": uid,
        "user_id": uid,
        "iat": issued,
        "auth_time": issued,
        "exp": issued + ISSUED_BEFORE_SECONDS + valid_seconds,
        "firebase": {"sign_in_provider": "custom", "identities": {}, **({"tenant": of.tenant} if of.tenant else {})},
    }
    claims |= {name: True for name, is_claimed in {"admin": admin, "support": support}.items() if is_claimed}
    return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(claims)}."


def _part(content: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()
