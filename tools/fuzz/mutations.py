"""Makes hostile requests of valid ones, by chance: in the body, the path, the query, the headers, the framing.

It must not know what is answered. All chance comes from the random numbers that are handed in.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Final
from urllib.parse import quote

from emulator.token import unsigned_token
from tools.fuzz import hostile
from tools.fuzz.wire import Sent

BODY_BYTES_MAX: Final = 32 * 1024
_SIZES: Final = (BODY_BYTES_MAX - 1, BODY_BYTES_MAX, BODY_BYTES_MAX + 1, 3 * BODY_BYTES_MAX, 400_000)
_MANY_CHANGES: Final = (1, 1, 1, 2, 3)
_VALUE: Final = re.compile(rb'(?<=[:\[,])\s*(?:"[^"]*"|[-\w.]+|\{\}|\[\])')
_CONTROL: Final = re.compile(r"[\x00-\x20\x7f]")


def hostile_request(sent: Sent, chance: Random) -> Sent:
    """The request after one to three changes."""
    for change in chance.choices(_CHANGES, k=chance.choice(_MANY_CHANGES)):
        sent = change(sent, chance)
    return sent


def body_value(sent: Sent, chance: Random) -> Sent:
    """Another value in the place of one of the body's."""
    places = list(_VALUE.finditer(sent.body))
    value = json_value(chance).encode("utf-8", "surrogatepass")
    if not places:
        return json_body(sent, b'{"%s":%s}' % (chance.choice([b"a", b"date", b"activity_type", b"time_zone"]), value))
    place = chance.choice(places)
    return json_body(sent, sent.body[: place.start()] + value + sent.body[place.end() :])


def body_member(sent: Sent, chance: Random) -> Sent:
    """A member more, one of them twice, or one less."""
    names = re.findall(rb'"(\w+)"\s*:', sent.body) or [b"activity_type"]
    member = b'"%s":%s' % (chance.choice([*names, b"user_id", b"", b"__proto__"]), json_value(chance).encode())
    if _happens(chance, 30):
        return json_body(sent, re.sub(rb'"\w+"\s*:[^,{}\[\]]*,?', b"", sent.body, count=1))
    first = b"{" + member + (b"," if b":" in sent.body else b"")
    return json_body(sent, sent.body.replace(b"{", first, 1) or b"{%s}" % member)


def body_bytes(sent: Sent, chance: Random) -> Sent:
    """Cut, doubled, turned bytes, other encodings, and sizes around the limit."""
    body = sent.body or b"{}"
    at = chance.randrange(len(body))
    size = chance.choice(_SIZES)
    turned = body[:at] + chance.randbytes(chance.randint(1, 8)) + body[at + 1 :]
    encoded = body.decode("utf-8", "replace").encode(chance.choice(["utf-16", "utf-32", "utf-8-sig"]))
    sized = (body.ljust(size), b"{" * size, b'{"a":"' + b"a" * size + b'"}', chance.randbytes(size // 100))
    return json_body(sent, chance.choice([body[:at], body + body, turned, encoded, *sized]))


def media_type(sent: Sent, chance: Random) -> Sent:
    """Another content type, or none."""
    return sent.with_header("Content-Type", chance.choice([None, *hostile.MEDIA_TYPES]))


def packed(sent: Sent, chance: Random) -> Sent:
    """A packed body, or one that is said to be; the largest would be a thousand times its size."""
    plain = chance.choice([sent.body, sent.body, b" " * chance.choice([100, 5_000_000])])
    content = chance.choice([plain[:100], gzip.compress(plain, mtime=0)])
    coding = chance.choice(["gzip", "deflate", "br", "identity", "x", "gzip, gzip"])
    return json_body(sent, content).with_header("Content-Encoding", coding)


def framing(sent: Sent, chance: Random) -> Sent:
    """A length that is none or another one's, and chunks that are right, wrong or endless."""
    body, size = sent.body, b"%x" % len(sent.body)
    if _happens(chance, 40):
        lengths = ["-1", "abc", "", "0", "1", "9" * 20, "9" * 6_000, "+5", "5, 5", f"{len(body) + 7}", "0x10"]
        return sent.with_header("Content-Length", chance.choice(lengths))
    chunks = (size + b"\r\n" + body + b"\r\n0\r\n\r\n", b"zz\r\n" + body, b"-5\r\n" + body, size + b";x=y\r\n" + body)
    broken = (b"f" * 17 + b"\r\n" + body, b"5\r\nabcdefgh\r\n0\r\n\r\n", size + b"\n" + body + b"\n0\n\n")
    codings = (*("chunked",) * 3, "gzip, chunked", "identity", "chunked, chunked", "xchunked")
    framed = replace(sent, body=chance.choice([*chunks, *broken, chance.randbytes(40)])).with_header(
        "Content-Length", None
    )
    return framed.with_header("Transfer-Encoding", chance.choice(codings))


def header(sent: Sent, chance: Random) -> Sent:
    """A header more, one of them twice, or with another value."""
    if _happens(chance, 50) or not sent.headers:
        return replace(sent, headers=(*sent.headers, chance.choice(hostile.ODD_HEADERS)))
    name, value = chance.choice(sent.headers)
    if _happens(chance, 50):
        return replace(sent, headers=(*sent.headers, (name, chance.choice([value, "x", ""]))))
    return sent.with_header(name, chance.choice([None, *hostile.TEXTS]))


def command_key(sent: Sent, chance: Random) -> Sent:
    """An idempotency key."""
    key = chance.choice(["a", '"a"', '""', '"', *hostile.IDS])
    return sent.with_header("Idempotency-Key", key.encode().decode("latin-1"))


def moment(sent: Sent, chance: Random) -> Sent:
    """Another time that counts as now."""
    return sent.with_header("X-Simulated-Time", chance.choice(hostile.INSTANTS).encode().decode("latin-1"))


def path(sent: Sent, chance: Random) -> Sent:
    """Another id or day in the path, another path, or none at all."""
    if _happens(chance, 30):
        return replace(sent, target=chance.choice(hostile.PATHS))
    front, _, query = sent.target.partition("?")
    segments = front.split("/")
    text = chance.choice([*hostile.IDS, *hostile.DATES])
    raw = text.encode("utf-8", "surrogatepass").decode("latin-1")
    segment = chance.choice([quote(text, safe=""), quote(text), _CONTROL.sub("", raw), raw])
    segments[chance.randrange(len(segments)) if _happens(chance, 20) else -1] = segment
    return replace(sent, target="/".join(segments) + (f"?{query}" if query else ""))


def query(sent: Sent, chance: Random) -> Sent:
    """A parameter more, twice, or with another value."""
    name = chance.choice(["days", "page_size", "page_token", "shard", "run_id", "uid", "user_id", "%00", "days[]", ""])
    token = base64.urlsafe_b64encode(json.dumps(["2026-03-02T09:00:00+00:00", "a", "0" * 16]).encode()).decode()
    known = [token, token[:-1], token.rstrip("="), "1", "0", "366", "367", "-1", "1.0", "1e2", "\u0661", "9" * 5_000]
    value = quote(chance.choice([*known, *hostile.TEXTS, *hostile.DATES]), safe=chance.choice(["", "=&"]))
    times = chance.choice([1, 1, 1, 2, 300])
    joined = "&".join([f"{name}={value}"] * times)[:60_000]
    return replace(sent, target=f"{sent.target}{'&' if '?' in sent.target else '?'}{joined}")


def method(sent: Sent, chance: Random) -> Sent:
    """Another method."""
    return replace(sent, method=chance.choice(hostile.METHODS))


def identity(sent: Sent, chance: Random) -> Sent:
    """No token, a broken one, another user's, or one of a user whose name is strange."""
    own = dict(sent.headers).get("Authorization", "Bearer a.b.c").removeprefix("Bearer ")
    strange = unsigned_token(chance.choice([*hostile.IDS, "\ud800", "u" * 128, "u" * 129])[:200])
    deep = f"e30.{base64.urlsafe_b64encode(b'[' * 3000).decode()}."
    broken = (own[:-5], own + "A", own + ", x", own.replace(".", "..", 1), own.swapcase())
    token = chance.choice([*broken, strange, deep, "", "a.b.c", "e30.e30."])
    headers = (f"Bearer {token}", f"Basic {own}", own, f"bearer  {own}", f"Bearer\t{own}", "")
    return sent.with_header("Authorization", chance.choice([None, chance.choice(headers)]))


def _happens(chance: Random, percent: int) -> bool:
    return chance.random() * 100 < percent


def json_value(chance: Random) -> str:
    """A value as it stands in a JSON text, or in what is none."""
    texts = (*hostile.TEXTS, *hostile.IDS, *hostile.DATES, *hostile.INSTANTS, *hostile.ZONES)
    quoted = json.dumps(chance.choice(texts), ensure_ascii=_happens(chance, 50))
    return chance.choice([quoted, quoted, chance.choice(hostile.NUMBERS), chance.choice(hostile.OTHER_JSON)])


def json_body(sent: Sent, body: bytes) -> Sent:
    """The same request with this body, whatever it is, as JSON."""
    typed = any(name == "Content-Type" for name, _ in sent.headers)
    return sent.with_body(body) if typed else sent.with_body(body).with_header("Content-Type", "application/json")


_CHANGES: Final[tuple[Callable[[Sent, Random], Sent], ...]] = (
    *(body_value, body_value, body_value, body_member, body_bytes, media_type, packed, framing),
    *(header, command_key, moment, path, path, query, query, method, identity),
)
