"""The part of the configuration that says which servers of the app's are told what happened; none is by default.

It must not know the rest; what is wrong is added to a list, each line naming its variable and never what a secret says.
Of which events servers are told every function knows that writes events; where they are, and how they know us, is in a
file that the function has alone that sends.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from streak_core.config.environment import file_text
from streak_core.domain.webhooks import NOBODY_TOLD, Chosen, Endpoint, chosen_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.domain.events import EventKind

EVENTS: Final = "STREAK_WEBHOOK_EVENTS"
FILE: Final = "STREAK_WEBHOOKS_FILE"


@dataclass(frozen=True, kw_only=True)
class WebhookRules:
    """The endpoints by their names, where this process knows them, and which events any of them is told of."""

    endpoints: Mapping[str, Endpoint] = field(default_factory=dict)
    chosen: Chosen = NOBODY_TOLD


NO_WEBHOOKS: Final = WebhookRules()


def webhook_rules(environ: Mapping[str, str], wrong: list[str]) -> WebhookRules:
    """What the environment says, and the file that it may name; on an emulator an endpoint may do without TLS."""
    is_emulated = bool(environ.get("FIRESTORE_EMULATOR_HOST"))
    told, found = _told(environ, wrong), dict[str, Endpoint]()

    def read(text: str) -> None:
        # Most processes have no such file, and must not pay for it.
        from streak_core.domain.webhook_endpoints import parse_endpoints

        found.update(parse_endpoints(text, told or {}, is_emulated=is_emulated))

    if told is not None:
        file_text(environ, FILE, wrong, read)
    return WebhookRules(endpoints=found, chosen=chosen_of(told)) if told else NO_WEBHOOKS


def _told(environ: Mapping[str, str], wrong: list[str]) -> Mapping[str, frozenset[EventKind]] | None:
    """Of what each endpoint is told; None where it does not read."""
    text = environ.get(EVENTS, "")
    if not text:
        if environ.get(FILE):
            wrong.append(f"{FILE}: say by {EVENTS} which events each server is told of, as in crm:streak_broken")
            return None
        return {}
    from streak_core.domain.webhook_endpoints import parse_told

    try:
        return parse_told(text)
    except ValueError as error:
        wrong.append(f"{EVENTS}: {error}")
        return None
