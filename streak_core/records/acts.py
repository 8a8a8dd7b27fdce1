"""What the audit trail tells: who did what to whom, how it ended, and where it came from.

It must not know how an act is stored, or how entries are chained.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from streak_core.domain.actor import Actor, ActorKind

if TYPE_CHECKING:
    from collections.abc import Mapping

DETAILS_BYTES_MAX: Final = 2_048
USER_AGENT_CHARACTERS_MAX: Final = 256
# Of a name or id in an entry.
NAME_CHARACTERS_MAX: Final = 256
# What stands before the action of what an app notes.
APP: Final = "app."
_PEOPLE: Final = frozenset({ActorKind.ADMIN, ActorKind.SUPPORT})
# What stands in the place of details that are longer than a trail keeps; the ledger has them whole.
_LEFT_OUT: Final = "details_left_out_bytes"


class PartyKind(StrEnum):
    """What can act, or be acted upon."""

    USER = "user"
    ADMIN = "admin"
    SUPPORT = "support"
    # Another program, by its service account.
    SERVER = "server"
    # A person with `streakctl`, who has the rights of the project.
    OPERATOR = "operator"
    # What concerns everybody: policies and amnesties.
    SERVICE = "service"


@dataclass(frozen=True, kw_only=True, slots=True)
class Party:
    """One who acts, or whom an act is about."""

    kind: PartyKind
    id: str


# The subject of what concerns everybody.
EVERYBODY: Final = Party(kind=PartyKind.SERVICE, id="rules")


class ActStatus(StrEnum):
    """How an act ended."""

    SUCCESS = "success"
    # It was refused.
    FAILED = "failed"
    # It broke.
    ERROR = "error"


@dataclass(frozen=True, kw_only=True)
class Act:
    """One thing that was done, or refused; `code` is the refusal's."""

    actor: Party
    action: str
    entity_type: str
    entity_id: str
    status: ActStatus = ActStatus.SUCCESS
    code: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def logged(self) -> str:
        """What a log line calls it: no word of an app's own."""
        return "note" if self.action.startswith(APP) else self.action


@dataclass(frozen=True, kw_only=True)
class Source:
    """The request that an act came with: its address as far as it is kept, and how long it had taken so far."""

    request_id: str
    ip_address: str | None = None
    user_agent: str | None = None
    duration_ms: int | None = None


def user(user_id: str) -> Party:
    """A user, as one who acts or whom an act is about."""
    return Party(kind=PartyKind.USER, id=user_id)


def by_hand(name: str) -> Party:
    """Who acts with `streakctl`, by the name that the machine has for them."""
    return Party(kind=PartyKind.OPERATOR, id=name)


def acting(user_id: str, actor: Actor | None) -> Party:
    """Who acts for a user: the actor, else the user."""
    return Party(kind=PartyKind(actor.kind.value), id=actor.id) if actor else user(user_id)


def is_person(actor: Actor | None) -> bool:
    """Whether somebody acts for a user with their own hands, which the trail is told of."""
    return actor is not None and actor.kind in _PEOPLE


def told_of(actor: Actor | None, action: str, entity_type: str, entity_id: str, user_id: str) -> Act | None:
    """What a person does for a user, told without what it says; None for what anybody else does."""
    if not is_person(actor):
        return None
    return Act(actor=acting(user_id, actor), action=action, entity_type=entity_type, entity_id=entity_id)


def json_text(content: object) -> str:
    """The one way to write it: two texts are the same where they say the same."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def bounded(details: Mapping[str, Any], kept: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
    """The details, or where they are longer than a trail keeps only `kept`, and how long they were."""
    size = len(json_text(details).encode())
    return details if size <= DETAILS_BYTES_MAX else {**(kept or {}), _LEFT_OUT: size}
