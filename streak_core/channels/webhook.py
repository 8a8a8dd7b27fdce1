"""Sends messages to servers of the app's by HTTPS, and to no address that only this side of the network has.

It must not know what a message says, or when it is sent again.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from streak_core.domain.webhooks import Reply
from streak_core.telemetry import LogEvent, log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from streak_core.domain.webhook_messages import WebhookMessage
    from streak_core.domain.webhooks import Endpoint

    # The addresses of a host and a port. Raises `OSError`.
    Resolve = Callable[[str, int], Iterable[str]]

# From the first address that is tried to the answer.
ANSWER_SECONDS_MAX: Final = 15.0
_OK: Final = range(200, 300)
_GONE: Final = 410
# Addresses of IPv4 that are written as ones of IPv6, as some networks translate them.
_TRANSLATED: Final = ip_address("64:ff9b::"), 96


class AddressRefused(OSError):
    """A host has no address that anybody may be sent to."""


@dataclass(frozen=True, kw_only=True)
class WebhookChannel:
    """One connection a message: its address is asked for once, judged, and is the one that is connected to."""

    # This machine's own addresses, and without TLS; for an emulator alone.
    allows_own_machine: bool = False
    resolve: Resolve | None = None
    tls: ssl.SSLContext | None = None
    seconds_max: float = ANSWER_SECONDS_MAX

    def send(self, endpoint: Endpoint, message: WebhookMessage, at: datetime) -> Reply:
        """What the endpoint says; a redirection is followed by nobody, and no answer is read."""
        try:
            status = self._posted(endpoint, message, at)
        except (OSError, HTTPException, ValueError) as error:
            log(LogEvent.WEBHOOK_REFUSED, "an endpoint does not answer", error=error, endpoint=endpoint.name)
            return Reply.FAILED
        if status in _OK:
            return Reply.TAKEN
        log(LogEvent.WEBHOOK_REFUSED, "an endpoint does not take a message", endpoint=endpoint.name, status=status)
        return Reply.GONE if status == _GONE else Reply.FAILED

    def _posted(self, endpoint: Endpoint, message: WebhookMessage, at: datetime) -> int:
        url = urlsplit(endpoint.url)
        host, is_secure = url.hostname or "", url.scheme == "https"
        port = url.port or (443 if is_secure else 80)
        connection = (HTTPSConnection if is_secure else HTTPConnection)(host, port)
        until = time.monotonic() + self.seconds_max
        connected = _connected(self._addresses(host, port), port, until)
        # Whoever answers a byte at a time is cut off as well; TLS takes the socket itself away, and not this other one.
        same = connected.dup()
        cut_off = threading.Timer(until - time.monotonic(), _shut, (same,))
        cut_off.daemon = True
        cut_off.start()
        try:
            connection.sock = self._secured(connected, host) if is_secure else connected
            path = f"{url.path or '/'}{'?' if url.query else ''}{url.query}"
            sent = {"Content-Type": "application/json", "User-Agent": "unbroken-webhooks"}
            connection.request("POST", path, message.body, {**sent, **message.headers(endpoint.secrets, at)})
            return connection.getresponse().status
        finally:
            cut_off.cancel()
            for one in (connection, connected, same):
                one.close()

    def _secured(self, connected: socket.socket, host: str) -> ssl.SSLSocket:
        return (self.tls or ssl.create_default_context()).wrap_socket(connected, server_hostname=host)

    def _addresses(self, host: str, port: int) -> list[str]:
        """The addresses of a host, where all of them are everybody's. Raises `OSError`."""
        found = list((self.resolve or resolved)(host, port))
        if not found or not all(is_public(one) or self._is_own(one) for one in found):
            raise AddressRefused
        return found

    def _is_own(self, address: str) -> bool:
        return self.allows_own_machine and ip_address(address).is_loopback


def _connected(addresses: Iterable[str], port: int, until: float) -> socket.socket:
    """A connection to the first of them that takes one in time. Raises `OSError`."""
    failed: OSError = TimeoutError()
    for address in addresses:
        left = until - time.monotonic()
        if left <= 0:
            break
        try:
            return socket.create_connection((address, port), timeout=left)
        except OSError as error:
            failed = error
    raise failed


def resolved(host: str, port: int) -> list[str]:
    """The addresses of a host. Raises `OSError`."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def is_public(text: str) -> bool:
    """Whether everybody may have that address: not private, of a link or of this machine, and not such a one inside."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        inside = _inside(address)
        if inside is not None:
            return is_public(str(inside))
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inside(address: IPv6Address) -> IPv4Address | None:
    """The address of IPv4 that one of IPv6 leads to, by any of the ways there are; None for one that leads nowhere."""
    prefix, bits = _TRANSLATED
    if int(address) >> (128 - bits) == int(prefix) >> (128 - bits):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def _shut(connected: socket.socket) -> None:
    """Ends what anybody waits for at it."""
    try:
        connected.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
