"""The part of the configuration that says what more than a good token a caller must have.

It must not know the rest; what is wrong is added to a list, each line naming its variable.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True)
class IdentityRules:
    """Whether revoked tokens and disabled users are refused, and whether the app itself must be the genuine one."""

    checks_revoked: bool = False
    checks_app: bool = False


def identity_rules(environ: Mapping[str, str], wrong: list[str]) -> IdentityRules:
    """What the environment says. The Auth emulator has neither accounts nor apps to ask about: there both are off."""
    is_emulated = bool(environ.get("FIREBASE_AUTH_EMULATOR_HOST"))
    return IdentityRules(
        checks_revoked=_is_on(environ, "STREAK_CHECK_REVOKED", wrong) and not is_emulated,
        checks_app=_is_on(environ, "STREAK_APP_CHECK", wrong) and not is_emulated,
    )


def _is_on(environ: Mapping[str, str], name: str, wrong: list[str]) -> bool:
    chosen = environ.get(name) or "off"
    if chosen not in {"on", "off"}:
        wrong.append(f"{name}: must be on or off")
    return chosen == "on"
