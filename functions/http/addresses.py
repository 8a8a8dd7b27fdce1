"""The address that a request came from, as far as anybody but its sender vouches for it, and as much as is kept of it.

It must not know headers' names, or what the address is for.
"""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network
from typing import Final, assert_never

from streak_core.config.audit import AuditIp

# With the port of the connection, as some balancers add it.
_WITH_PORT: Final = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::\d{1,5})?|(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}", re.ASCII)
# What is left of a truncated address is of a site and of no device.
_IPV4_BITS: Final = 24
_IPV6_BITS: Final = 48
_IPV4: Final = 4


def client_address(peer: str | None, forwarded_for: str, trusted_hops: int) -> str | None:
    """The address so many hops from the right of the list that proxies write; with 0 the peer's own.

    What stands further left the client may have written. None where there are fewer, or where it is no address.
    """
    if trusted_hops == 0:
        return _address(peer or "")
    hops = [one.strip() for one in forwarded_for.split(",")] if forwarded_for.strip() else []
    return _address(hops[-trusted_hops]) if len(hops) >= trusted_hops else None


def kept_address(address: str | None, kept: AuditIp) -> str | None:
    """As much of an address as is kept."""
    match kept:
        case AuditIp.OFF:
            return None
        case AuditIp.FULL:
            return address
        case AuditIp.TRUNCATED:
            return _truncated(address) if address else None
        case _:
            assert_never(kept)


def _truncated(address: str) -> str:
    bits = _IPV4_BITS if ip_address(address).version == _IPV4 else _IPV6_BITS
    return str(ip_network(f"{address}/{bits}", strict=False).network_address)


def _address(text: str) -> str | None:
    """The address in its one form; an IPv4 one that came over IPv6 as what it is."""
    if match := _WITH_PORT.fullmatch(text):
        text = match[1] or match[2]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if found.version != _IPV4 else None
    return str(mapped or found)
