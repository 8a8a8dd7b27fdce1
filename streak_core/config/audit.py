"""The part of the configuration that says what the audit trail keeps of where a request came from.

It must not know the rest; what is wrong is added to a list, each line naming its variable.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from streak_core.config.environment import is_deployed

if TYPE_CHECKING:
    from collections.abc import Mapping

# In front of a function stands Google's own proxy, which writes the client's address at the right.
_DEPLOYED_HOPS: Final = 1
_HOPS_MAX: Final = 9


class AuditIp(StrEnum):
    """How much of an address the audit trail keeps."""

    FULL = "full"
    TRUNCATED = "truncated"
    OFF = "off"


@dataclass(frozen=True, kw_only=True)
class AuditRules:
    """How much of an address is kept, and which: so many hops from the right of what proxies write, 0 the peer's."""

    ip: AuditIp = AuditIp.TRUNCATED
    trusted_hops: int = 0


def audit_rules(environ: Mapping[str, str], wrong: list[str]) -> AuditRules:
    """What the environment says."""
    chosen = environ.get("AUDIT_IP") or AuditIp.TRUNCATED
    if chosen not in set(AuditIp):
        wrong.append(f"AUDIT_IP: must be one of {', '.join(AuditIp)}")
        chosen = AuditIp.TRUNCATED
    hops = environ.get("STREAK_TRUSTED_HOPS") or str(_DEPLOYED_HOPS if is_deployed(environ) else 0)
    if not re.fullmatch(f"[0-{_HOPS_MAX}]", hops):
        wrong.append(f"STREAK_TRUSTED_HOPS: must be a whole number from 0 to {_HOPS_MAX}")
        hops = "0"
    return AuditRules(ip=AuditIp(chosen), trusted_hops=int(hops))
