"""The request that goes on, as the audit trail keeps it: its id, its address as far as that is kept, and its client.

It must not know what is told of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from functions.http.addresses import client_address, kept_address
from streak_core.records.acts import Source
from streak_core.records.trails import no_source
from streak_core.telemetry.context import current
from streak_core.telemetry.operations import milliseconds_since

if TYPE_CHECKING:
    from streak_core.config.audit import AuditRules


def source_of_work(rules: AuditRules) -> Source:
    """Of the request that goes on in this thread; of work without one, an id."""
    work = current()
    if work is None or work.origin is None:
        return no_source()
    origin = work.origin
    address = client_address(origin.peer, origin.forwarded_for, rules.trusted_hops)
    return Source(
        request_id=work.request_id,
        ip_address=kept_address(address, rules.ip),
        user_agent=origin.user_agent,
        duration_ms=int(milliseconds_since(origin.begun)),
    )
