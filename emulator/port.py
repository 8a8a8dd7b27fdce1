"""Ports of this machine: which one was asked for, whether it is taken, which one is free.

Must not know who is going to listen.
"""

import contextlib
import http.client
import os
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from emulator.errors import SetupError

# Where the functions are served unless told otherwise, the first that is free. Firebase's own emulator of Firestore is
# at the first of them, and that of Pub/Sub at the one after the last.
PORTS: Final = range(8080, 8085)
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


class Ports(NamedTuple):
    """Where the functions are served, and where a Firestore emulator is started: None is any port that is free."""

    http: int
    firestore: int | None = None


def chosen_ports(
    environment: Mapping[str, str] = os.environ, defaults: Sequence[int] = PORTS, named: int | None = None
) -> Ports:
    """The ports that PORT, unless it is `named` here, and FIRESTORE_PORT say.

    With none for the functions it is the first of the defaults that nobody has, and told where that is another than
    usual. Raises SetupError.
    """
    http, firestore = named or requested_port("PORT", environment), requested_port("FIRESTORE_PORT", environment)
    if http is not None and http == firestore:
        message = f"PORT and FIRESTORE_PORT are both {http}: leave one of them out, or name another"
        raise SetupError(message)
    return Ports(_first_free(defaults, firestore) if http is None else http, firestore)


def requested_port(name: str, environment: Mapping[str, str] = os.environ) -> int | None:
    """The port that a variable names; None where it names none. Raises SetupError when it is not a port."""
    text = environment.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= PORT_MAX):
        message = f"{name}={text} is not a port: give a whole number from 1 to {PORT_MAX}, as in {name}=8081"
        raise SetupError(message)
    return int(text)


def _first_free(defaults: Sequence[int], other: int | None) -> int:
    free = next((port for port in defaults if port != other and not is_taken(port)), None)
    if free is None:
        message = f"the ports {defaults[0]} to {defaults[-1]} are all taken: name another one, as in PORT=9000"
        raise SetupError(message)
    if free != defaults[0]:
        why = "FIRESTORE_PORT" if defaults[0] == other else "taken, as by Firebase's own emulators, and left to them"
        message = f"port {defaults[0]} is {why}: serving at port {free} (PORT=… names another)"
        print(message, file=sys.stderr, flush=True)
    return free


def is_taken(port: int) -> bool:
    """Whether somebody listens on `port`, at either loopback address: who says localhost may mean either."""
    try:
        require_free(port)
    except SetupError:
        return True
    for address in ("127.0.0.1", "::1"):
        with contextlib.suppress(OSError), socket.create_connection((address, port), ANSWER_SECONDS_MAX):
            return True
    return False


def require_free(port: int, name: str = "PORT") -> None:
    """Raise SetupError, naming the variable to change, when somebody listens on `port` already or when we may not."""
    with socket.socket(_FAMILY) as probe:
        # As the server will do it: a port whose connections just closed counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except PermissionError as error:
            message = f"this user may not listen on port {port}; choose another one, as in {name}=8081"
            raise SetupError(message) from error
        except OSError as error:
            message = f"port {port} is taken: stop what listens there, or choose another, as in {name}={_other(port)}"
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
    return port + 1 if port < PORT_MAX else PORTS[0]
