"""The part of the configuration that says which servers of the app's are told what happened; none is by default.

It must not know the rest; what is wrong is added to a list, each line naming its variable and never what it says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from streak_core.config.environment import file_text
from streak_core.domain.webhooks import NOBODY_TOLD, Chosen, Endpoint, chosen_by

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE: Final = "STREAK_WEBHOOKS_FILE"


@dataclass(frozen=True, kw_only=True)
class WebhookRules:
    """The endpoints by their names, and which events any of them is told of."""

    endpoints: Mapping[str, Endpoint] = field(default_factory=dict)
    chosen: Chosen = NOBODY_TOLD


NO_WEBHOOKS: Final = WebhookRules()


def webhook_rules(environ: Mapping[str, str], wrong: list[str]) -> WebhookRules:
    """What the file says that the environment names; on an emulator an endpoint may do without TLS."""
    is_emulated = bool(environ.get("FIRESTORE_EMULATOR_HOST"))
    found: dict[str, Endpoint] = {}

    def read(text: str) -> None:
        # Most processes have no such file, and must not pay for it.
        from streak_core.domain.webhook_endpoints import parse_endpoints

        found.update(parse_endpoints(text, is_emulated=is_emulated))

    file_text(environ, FILE, wrong, read)
    return WebhookRules(endpoints=found, chosen=chosen_by(found.values())) if found else NO_WEBHOOKS
