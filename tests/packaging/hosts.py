"""The hosts of a project as the world sees them: its services on Cloud Run and its site, behind a proxy here.

A service answers where gcloud's stand-in holds it and everybody may call it; what answers is a local server. Must not
know what is asked.
"""

from __future__ import annotations

import http.server
import ipaddress
import json
import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.support.unkept import HTTP

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

RUN: Final = ".europe-west1.run.app"
PUBLIC: Final = ["allow-unauthenticated", ""]


@dataclass(frozen=True, kw_only=True)
class World:
    """The project's services as gcloud's stand-in holds them, its site, and the local server behind them all.

    `led` says which service the site leads the first part of a path to; it is filled as the site is deployed.
    """

    state: Path
    number: str
    site: str
    served: str
    led: dict[str, str]

    def answer(self, method: str, host: str, path: str) -> tuple[int, str, bytes]:
        """Status, type and body, as Google's front end gives them."""
        name = self._service(host, path)
        services: Mapping[str, Any] = json.loads(self.state.read_text(encoding="utf-8"))["services"]
        if name is None or name not in services:
            return 404, "text/html", b"<h1>Not Found</h1>"
        if PUBLIC not in services[name]["flags"]:
            return 403, "text/html", b"<h1>Forbidden</h1>"
        answer = HTTP.request(method, f"{self.served}{path}", timeout=30)
        # Behind a deployment stands no emulator.
        body = answer.content.replace(b'"mode": "emulator"', b'"mode": "production"')
        return answer.status_code, answer.headers["Content-Type"], body

    def _service(self, host: str, path: str) -> str | None:
        if host == self.site:
            return self.led.get(path.split("/")[1])
        ending = f"-{self.number}{RUN}"
        return host.removesuffix(ending) if host.endswith(ending) else None


class Proxy(http.server.ThreadingHTTPServer):
    """Takes a connection to any host, and answers for it."""

    def __init__(self, world: World, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.world = world
        self.certificate = folder / "hosts.pem"
        self.certificate.write_bytes(_certificate(f"*{RUN}", world.site))
        self.encryption = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.encryption.load_cert_chain(self.certificate)

    @property
    def variables(self) -> dict[str, str]:
        """By which a program on this machine finds the hosts here, and believes that it is them."""
        address = f"http://127.0.0.1:{self.server_address[1]}"
        return {"HTTPS_PROXY": address, "NO_PROXY": "127.0.0.1", "SSL_CERT_FILE": str(self.certificate)}


class Handler(http.server.BaseHTTPRequestHandler):
    """A connection to one host."""

    server: Proxy
    host = ""

    def do_CONNECT(self) -> None:
        """What comes now is for that host."""
        self.host = self.path.partition(":")[0]
        if not self.host.endswith((RUN, self.server.world.site)):
            # Google's library asks of its own accord for what narrows a token.
            self.send_error(404, "no host of this project")
            return
        self.send_response(200)
        self.end_headers()
        self.connection = self.server.encryption.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb")
        self.handle_one_request()
        self.wfile.flush()
        self.close_connection = True

    def _any(self) -> None:
        status, media_type, body = self.server.world.answer(self.command, self.host, self.path)
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = _any  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _certificate(*names: str) -> bytes:
    """A key and a certificate of its own making, of a day."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "hosts of a test")])
    hosts = [*map(x509.DNSName, names), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(hosts), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    form = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key.private_bytes(serialization.Encoding.PEM, *form) + made.public_bytes(serialization.Encoding.PEM)


@contextmanager
def serving(world: World, folder: Path) -> Iterator[Proxy]:
    """It, on a port of its own."""
    with Proxy(world, folder) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        yield proxy
        proxy.shutdown()
