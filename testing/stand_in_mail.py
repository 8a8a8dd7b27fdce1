"""A stand-in of a mail server that keeps the contract of SMTP as far as a letter needs it. Must not know what is said.

It has no TLS: whoever insists on that is let down here.
"""

from __future__ import annotations

import base64
import socketserver
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

_ENDS: Final = b".\r\n"
_TAKEN: Final = 250


@dataclass
class StandInMail:
    """Keeps letters; answers some recipients with a code of their own, and may be full or want a password."""

    password: str | None = None
    # Of recipients, and of every letter's content.
    refusals: dict[str, int] = field(default_factory=dict)
    content_code: int = _TAKEN
    letters: list[EmailMessage] = field(default_factory=list)
    is_in: bool = False

    def speak(self, lines: socketserver.StreamRequestHandler) -> None:
        """One connection."""
        lines.wfile.write(b"220 here\r\n")
        self.is_in = self.password is None
        while line := lines.rfile.readline().decode().strip():
            lines.wfile.write(f"{self._answer(line, lines)}\r\n".encode())

    def _answer(self, line: str, lines: socketserver.StreamRequestHandler) -> str:
        command, _, rest = line.partition(" ")
        match command.upper():
            case "EHLO":
                return "250-here\r\n250 AUTH PLAIN" if self.password else "250 here"
            case "AUTH":
                self.is_in = base64.b64decode(rest.partition(" ")[2]).decode().split("\0")[-1] == self.password
                return "235 welcome" if self.is_in else "535 who are you"
            case "MAIL":
                return "250 fine" if self.is_in else "530 sign in"
            case "RCPT":
                return f"{self.refusals.get(rest[4:-1], 250)} so be it"
            case "DATA":
                lines.wfile.write(b"354 go on\r\n")
                text = b"".join(iter(lines.rfile.readline, _ENDS))
                if self.content_code == _TAKEN:
                    self.letters.append(message_from_bytes(text, policy=policy.default))
                return f"{self.content_code} so be it"
            case "QUIT":
                return "221 bye"
            case _:
                return "250 fine"


class _Server(socketserver.ThreadingTCPServer):
    # Who is cut off in the middle of a connection is not waited for.
    daemon_threads = True
    block_on_close = False


@contextmanager
def listening_mail(mail: StandInMail, host: str = "127.0.0.1") -> Iterator[int]:
    """Serves it; gives the port."""

    class Connection(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            mail.speak(self)

    with _Server((host, 0), Connection) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()
            thread.join()
