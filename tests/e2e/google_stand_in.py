"""Stands in for Google where identities are checked: real keys, real signatures, certificates served over TLS.

A process reaches it as its HTTPS proxy, and trusts it because it is told to; nothing in the process is replaced.
Must not know what the tokens are for.
"""

from __future__ import annotations

import json
import re
import socket
import ssl
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from typing import TYPE_CHECKING, Any, Final, Self

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from emulator.port import HOST

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

CERTIFICATES_HOST: Final = "www.googleapis.com"
ACCOUNTS_HOST: Final = "identitytoolkit.googleapis.com"
APP_CHECK_HOST: Final = "firebaseappcheck.googleapis.com"
HOSTS: Final = (CERTIFICATES_HOST, ACCOUNTS_HOST, APP_CHECK_HOST)
KEY_ID: Final = "stand-in"
ANSWER_SECONDS_MAX: Final = 10.0
_PIECE_BYTES: Final = 4096


class Key:
    """An RSA key with a certificate, signed by `issuer` or by itself."""

    def __init__(self, name: str, issuer: Key | None = None, *, hosts: Sequence[str] = ()) -> None:
        """Makes both, the certificate for these hosts."""
        self._private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = datetime.now(UTC)
        signer = issuer or self
        self._certificate = (
            x509.CertificateBuilder()
            .subject_name(self.name)
            .issuer_name(signer.name)
            .public_key(self._private.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(hours=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(one) for one in hosts or [name]]), critical=False)
            .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
            .sign(signer._private, hashes.SHA256())
        )

    @property
    def certificate(self) -> str:
        """The certificate as PEM."""
        return self._certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def private(self) -> str:
        """The private key as PEM."""
        form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        return self._private.private_bytes(serialization.Encoding.PEM, form, plain).decode()

    @property
    def public(self) -> dict[str, Any]:
        """The public key as a JSON web key."""
        found: dict[str, Any] = jwt.algorithms.RSAAlgorithm.to_jwk(self._private.public_key(), as_dict=True)
        return {**found, "kid": KEY_ID, "use": "sig", "alg": "RS256"}

    def token(self, claims: dict[str, Any], *, key_id: str | None = KEY_ID, **head: Any) -> str:
        """A token of an hour with these claims; None takes a usual claim, or the key's id, away."""
        now = int(time.time())
        usual = {"iat": now - 60, "exp": now + 3600, "sub": "ada"}
        kept = {name: value for name, value in (usual | claims).items() if value is not None}
        return jwt.encode(
            kept, self._private, algorithm="RS256", headers={**({"kid": key_id} if key_id else {}), **head}
        )


class GoogleStandIn:
    """Serves its signing key, and what it knows of accounts, while entered, unless it or that host is down."""

    def __init__(self, folder: Path) -> None:
        """Keeps its files in `folder`."""
        self.signing = Key("signing.example.com")
        self.is_down = False
        self.down_hosts: set[str] = set()
        # These take a request and say nothing, until `talk_again`.
        self.silent_hosts: set[str] = set()
        self._is_over = threading.Event()
        # What is known of a user's account, and whose were asked for.
        self.accounts: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []
        # How often the certificates were asked for, and how long they may be kept.
        self.certificates_served = 0
        self.cache_control = "no-store"
        authority = Key("stand-in.example.com")
        own = Key(CERTIFICATES_HOST, authority, hosts=HOSTS)
        self._files = {
            "authority.pem": authority.certificate,
            "own.pem": own.certificate + own.private,
            "account.json": json.dumps(_service_account(self.signing)),
        }
        self._folder = folder
        self._server = socket.create_server((HOST, 0))
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)

    @property
    def environment(self) -> dict[str, str]:
        """What a process must be told to take this for Google."""
        proxy = f"http://{HOST}:{self._server.getsockname()[1]}"
        return {
            **dict.fromkeys(("HTTPS_PROXY", "https_proxy"), proxy),
            **dict.fromkeys(("NO_PROXY", "no_proxy"), HOST),
            **dict.fromkeys(("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"), str(self._folder / "authority.pem")),
            "GOOGLE_APPLICATION_CREDENTIALS": str(self._folder / "account.json"),
        }

    def __enter__(self) -> Self:
        for name, content in self._files.items():
            (self._folder / name).write_text(content)
        self._tls.load_cert_chain(self._folder / "own.pem")
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def talk_again(self) -> None:
        """Lets go of whoever waits for a silent host, and answers from now on."""
        self.silent_hosts.clear()
        self._is_over.set()
        self._is_over = threading.Event()

    def __exit__(self, *_: object) -> None:
        self.talk_again()
        # Closing alone does not wake the thread that waits for a connection.
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=[connection], daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        # Whoever asks may have gone before the answer.
        with connection, suppress(OSError):
            connection.settimeout(ANSWER_SECONDS_MAX)
            self._speak(connection)

    def _speak(self, connection: socket.socket) -> None:
        asked = _request(connection)[0]
        host = next((one for one in HOSTS if asked.startswith(f"CONNECT {one}:443 ")), None)
        if host is None:
            return
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        with self._tls.wrap_socket(connection, server_side=True) as secure:
            line, body = _request(secure)
            is_over = self._is_over
            if host in self.silent_hosts:
                is_over.wait()
                return
            is_down = self.is_down or host in self.down_hosts
            content = {} if is_down else self._content(host, line, body)
            status = "503 Service Unavailable" if is_down else "200 OK"
            secure.sendall(_response(status, content, self.cache_control))

    def _content(self, host: str, line: str, body: bytes) -> dict[str, Any]:
        if host == APP_CHECK_HOST:
            return {"keys": [self.signing.public]}
        if host == ACCOUNTS_HOST:
            return self._account(json.loads(body))
        if line.startswith("POST /token "):
            return {"access_token": "stand-in", "expires_in": 3600, "token_type": "Bearer"}
        self.certificates_served += 1
        return {KEY_ID: self.signing.certificate}

    def _account(self, asked: dict[str, list[str]]) -> dict[str, Any]:
        if "email" in asked:
            known_by = {one.get("email"): user_id for user_id, one in self.accounts.items()}
            found = [known_by[email] for email in asked["email"] if email in known_by]
        else:
            found = asked["localId"]
        self.asked += found
        return {"users": [{"localId": one, **self.accounts[one]} for one in found if one in self.accounts]}


def _request(connection: socket.socket) -> tuple[str, bytes]:
    """The first line of a request, and its body."""
    found = b""
    while b"\r\n\r\n" not in found and (piece := connection.recv(_PIECE_BYTES)):
        found += piece
    head, _, body = found.partition(b"\r\n\r\n")
    length = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
    while length and len(body) < int(length[1]) and (piece := connection.recv(_PIECE_BYTES)):
        body += piece
    return head.partition(b"\r\n")[0].decode(), body


def _response(status: str, content: dict[str, Any], cache_control: str) -> bytes:
    body = json.dumps(content)
    head = {
        "Date": formatdate(usegmt=True),
        "Cache-Control": cache_control,
        "Connection": "close",
        "Content-Length": str(len(body)),
        "Content-Type": "application/json",
    }
    lines = (f"{name}: {value}" for name, value in head.items())
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", body]).encode()


def _service_account(key: Key) -> dict[str, str]:
    """Credentials that are never used: Firebase's library wants to have some."""
    return {
        "type": "service_account",
        "project_id": "demo-streak",
        "private_key_id": KEY_ID,
        "private_key": key.private,
        "client_email": "functions@demo-streak.iam.gserviceaccount.com",
        "token_uri": f"https://{CERTIFICATES_HOST}/token",
    }
