"""Ports of this machine: which one was asked for, whether it is taken, which one is free.

Must not know who is going to listen.
"""

import http.client
import os
import socket
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Final

from emulator.errors import SetupError

PORT_DEFAULT: Final = 8080
PORT_MAX: Final = 65535
ANSWER_SECONDS_MAX: Final = 5.0


def loopback() -> str:
    """The address of this machine that only itself can reach: 127.0.0.1, or ::1 where there is no other."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", 0))
        except OSError:
            return "::1"
    return "127.0.0.1"


# To listen at, and the same as it stands in a URL.
ADDRESS: Final = loopback()
HOST: Final = f"[{ADDRESS}]" if ":" in ADDRESS else ADDRESS
_FAMILY: Final = socket.AF_INET6 if ":" in ADDRESS else socket.AF_INET


def requested_port(environment: Mapping[str, str] = os.environ) -> int:
    """The port that the variable PORT names, or the default. Raises SetupError when it is not a port."""
    text = environment.get("PORT", "").strip() or str(PORT_DEFAULT)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= PORT_MAX):
        message = f"PORT={text} is not a port: give a whole number from 1 to {PORT_MAX}, as in PORT=8081"
        raise SetupError(message)
    return int(text)


def require_free(port: int) -> None:
    """Raise SetupError when somebody listens on `port` already, or when we may not."""
    with socket.socket(_FAMILY) as probe:
        # As the server will do it: a port whose connections just closed counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except PermissionError as error:
            message = f"this user may not listen on port {port}; choose another one, as in PORT=8081"
            raise SetupError(message) from error
        except OSError as error:
            message = f"port {port} is taken: stop what listens there, or choose another, as in PORT={_other(port)}"
            raise SetupError(message) from error


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket(_FAMILY) as probe:
        probe.bind((ADDRESS, 0))
        port: int = probe.getsockname()[1]
        return port


def answers(url: str) -> bool:
    """Whether there is any answer at a URL of ours, be it a refusal."""
    try:
        with urllib.request.urlopen(url, timeout=ANSWER_SECONDS_MAX):  # noqa: S310  (http, to our own child)
            return True
    except urllib.error.HTTPError:
        return True
    except (OSError, http.client.HTTPException):
        return False


def _other(port: int) -> int:
    return port + 1 if port < PORT_MAX else PORT_DEFAULT
