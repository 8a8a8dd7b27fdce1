"""Who gave a command, where it was not the user. Must not know how that was shown, or what anybody may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    """What may act for a user; each is a role, too, of which `functions/operators/roles.py` says what it may do."""

    ADMIN = "admin"
    SUPPORT = "support"
    # Another program, by its service account.
    SERVER = "server"


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """Who acts for a user. The ledger keeps both; what users read says that it was not they, and never who."""

    kind: ActorKind
    # The uid of a person, the e-mail address of a service account.
    id: str
