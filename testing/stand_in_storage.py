"""A stand-in of Cloud Storage's JSON API for objects, as Google's client asks it. Must not know who asks."""

from __future__ import annotations

import base64
import hashlib
import http.server
import json
import re
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

_OBJECTS: Final = re.compile(r"(?P<kind>/upload|/download)?/storage/v1/b/(?P<bucket>[^/]+)/o(?:/(?P<name>.+))?")


class StandInStorage(http.server.ThreadingHTTPServer):
    """Keeps objects by bucket and name; a name that is taken is not written again where that was asked for."""

    def __init__(self, *buckets: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.buckets: dict[str, dict[str, bytes]] = {name: {} for name in buckets}
        # How many objects it takes before it is gone; None for all.
        self.takes: int | None = None
        self.uploads = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(http.server.BaseHTTPRequestHandler):
    server: StandInStorage

    def do_GET(self) -> None:
        kind, bucket, name, asked = self._asked()
        if bucket is None or (name is not None and name not in bucket):
            self._tell(404, {"error": {"code": 404, "message": "there is no such object"}})
        elif name is None:
            begin = asked.get("prefix", [""])[0]
            self._tell(200, {"items": [_told(one, bucket[one]) for one in sorted(bucket) if one.startswith(begin)]})
        elif kind == "/download":
            self._send(200, bucket[name], "application/octet-stream")
        else:
            self._tell(200, _told(name, bucket[name]))

    def do_POST(self) -> None:
        _, bucket, _, asked = self._asked()
        body = self.rfile.read(int(self.headers["Content-Length"]))
        boundary = self.headers["Content-Type"].partition("boundary=")[2].strip("\"'").encode()
        described, content = (
            part.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n") for part in body.split(b"--" + boundary)[1:3]
        )
        named = json.loads(described)
        if bucket is None or self.server.takes == self.server.uploads:
            self._tell(403, {"error": {"code": 403, "message": "somebody may not write there"}})
            return
        if asked.get("ifGenerationMatch") == ["0"] and named["name"] in bucket:
            self._tell(412, {"error": {"code": 412, "message": "it is there already"}})
            return
        self.server.uploads += 1
        bucket[named["name"]] = content
        self._tell(200, _told(named["name"], content) | {"crc32c": named.get("crc32c")})

    def do_DELETE(self) -> None:
        _, bucket, name, _ = self._asked()
        if bucket is None or name is None or bucket.pop(name, None) is None:
            self._tell(404, {"error": {"code": 404, "message": "there is no such object"}})
        else:
            self._send(204, b"", "text/plain")

    def _asked(self) -> tuple[str | None, dict[str, bytes] | None, str | None, dict[str, list[str]]]:
        parts = urlsplit(self.path)
        found = _OBJECTS.fullmatch(parts.path)
        if found is None:
            return None, None, None, {}
        name = unquote(found["name"]) if found["name"] else None
        return found["kind"], self.server.buckets.get(found["bucket"]), name, parse_qs(parts.query)

    def _tell(self, status: int, content: dict[str, Any]) -> None:
        self._send(status, json.dumps(content).encode(), "application/json")

    def _send(self, status: int, body: bytes, media_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


def _told(name: str, content: bytes) -> dict[str, Any]:
    digest = base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()
    return {"kind": "storage#object", "name": name, "size": str(len(content)), "md5Hash": digest, "generation": "1"}


@contextmanager
def listening_storage(storage: StandInStorage) -> Iterator[str]:
    """Serves it; gives the address."""
    threading.Thread(target=storage.serve_forever, daemon=True).start()
    try:
        yield storage.url
    finally:
        storage.shutdown()
        storage.server_close()
