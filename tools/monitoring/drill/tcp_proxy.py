"""A TCP proxy between the functions and the database that can be slow or cut.

It must not know what goes over it.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final, Self

from emulator.port import HOST

PIECE_BYTES: Final = 65_536
PATIENCE_SECONDS: Final = 10.0


@dataclass
class TcpProxy:
    """Serves while entered, at `address`. What is changed of it holds for what comes from then on."""

    target: str
    # How much later everything that the database says arrives.
    delay_seconds: float = 0.0
    address: str = ""
    _is_cut: bool = False

    def __enter__(self) -> Self:
        self._writers: set[asyncio.StreamWriter] = set()
        ready: Future[str] = Future()
        self._thread = threading.Thread(target=asyncio.run, args=[self._live(ready)], daemon=True)
        self._thread.start()
        self.address = ready.result(PATIENCE_SECONDS)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join(PATIENCE_SECONDS)

    def cut(self) -> None:
        """Closes all connections, and every new one at once."""
        self._is_cut = True
        self._loop.call_soon_threadsafe(self._close_all)

    def mend(self) -> None:
        """Lets connections through again, without delay."""
        self._is_cut = False
        self.delay_seconds = 0.0

    async def _live(self, ready: Future[str]) -> None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._serve, HOST, 0)
        ready.set_result(f"{HOST}:{server.sockets[0].getsockname()[1]}")
        await self._ended.wait()
        server.close()
        self._close_all()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, _, port = self.target.partition(":")
        with contextlib.suppress(OSError), contextlib.closing(writer):
            if self._is_cut:
                return
            far_reader, far_writer = await asyncio.open_connection(host, int(port))
            with contextlib.closing(far_writer):
                self._writers |= {writer, far_writer}
                await asyncio.gather(self._carry(reader, far_writer), self._carry(far_reader, writer, is_answer=True))
                self._writers -= {writer, far_writer}

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_answer: bool = False
    ) -> None:
        with contextlib.suppress(OSError):
            while piece := await reader.read(PIECE_BYTES):
                if is_answer and self.delay_seconds:
                    await asyncio.sleep(self.delay_seconds)
                writer.write(piece)
                await writer.drain()
        writer.close()

    def _close_all(self) -> None:
        for writer in self._writers:
            writer.transport.abort()
