"""A network between a client and the service that is cut at chosen bytes. Must not know what is sent through it."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import urlsplit

_CHUNK: Final = 65_536
# Closed so, a socket sends a reset, and nothing that still waits.
_RESET: Final = struct.pack("ii", 1, 0)


@dataclass(frozen=True, kw_only=True)
class Cut:
    """After how many bytes from the client, or to it, a connection is cut; None is never."""

    up: int | None = None
    down: int | None = None


WHOLE: Final = Cut()
REFUSED: Final = Cut(up=0)


class CuttingProxy:
    """Passes connections on to `url`; `plan` says where the next one is cut. `cuts` is how many were."""

    def __init__(self, url: str, plan: Callable[[], Cut] = lambda: WHOLE) -> None:
        """Listens at once."""
        self.plan = plan
        self.cuts = 0
        self.sent = bytearray()
        self.is_holding = False
        # From when on nothing is answered: once this was sent.
        self.holds_from: bytes | None = None
        self._target = (urlsplit(url).hostname, urlsplit(url).port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        self.cut_all()

    def cut_all(self) -> None:
        """Cuts every connection there is."""
        with self._lock:
            pairs = list(self._open)
        for one in pairs:
            self._reset(one)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        cut = self.plan()
        if cut.up == 0:
            self._count()
            self._reset(client)
            return
        service = socket.create_connection(self._target)
        for one in (client, service):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._lock:
            self._open |= {client, service}
        down = threading.Thread(
            target=self._pass, args=(service, client, cut.down), kwargs={"is_up": False}, daemon=True
        )
        down.start()
        self._pass(client, service, cut.up, is_up=True)
        down.join()
        with self._lock:
            self._open -= {client, service}

    def _pass(self, source: socket.socket, target: socket.socket, most: int | None, *, is_up: bool) -> None:
        passed = 0
        with contextlib.suppress(OSError):
            while chunk := source.recv(_CHUNK):
                if not is_up and self.is_holding:
                    continue
                if most is not None and passed + len(chunk) >= most:
                    target.sendall(chunk[: most - passed])
                    self._count()
                    break
                if is_up:
                    self.sent += chunk
                    self.is_holding = self.is_holding or (self.holds_from is not None and self.holds_from in chunk)
                target.sendall(chunk)
                passed += len(chunk)
        self._reset(target)
        self._reset(source)

    def _count(self) -> None:
        with self._lock:
            self.cuts += 1

    @staticmethod
    def _reset(one: socket.socket) -> None:
        with contextlib.suppress(OSError):
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            # What another thread waits for on it ends, too.
            one.shutdown(socket.SHUT_RDWR)
        one.close()
