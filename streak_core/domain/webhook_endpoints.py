"""The servers of the app's that are told what happened: of what, which is no secret, and where, by a file that is one.

It must not know where the file is, or what is sent. Whoever writes events knows of what servers are told, and whoever
sends the rest; no error says anything of the file.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from streak_core.domain.events import EventKind
from streak_core.domain.webhook_messages import secret_of
from streak_core.domain.webhooks import ENDPOINTS_MAX, Endpoint

if TYPE_CHECKING:
    from collections.abc import Mapping

SECRETS_MAX: Final = 2
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,29}", re.ASCII)
_URL: Final = re.compile(r"https?://[A-Za-z0-9.-]{1,253}(:\d{1,5})?(/[!-~]*)?", re.ASCII)
_OF_NAMES: Final = "its name must be small letters, digits and _, at most 30 of them"
_FIELDS: Final = frozenset({"url", "secrets"})
_KINDS: Final = frozenset(EventKind)


def parse_told(text: str) -> Mapping[str, frozenset[EventKind]]:
    """Of what each server is told, as in `crm:streak_broken,bonus_earned mail:streak_broken`, by name.

    Raises `ValueError`, with every problem.
    """
    parts = [(name, kinds.split(",")) for name, _, kinds in (one.partition(":") for one in text.split())]
    names = {name for name, _ in parts}
    problems = []
    if not 1 <= len(names) == len(parts) <= ENDPOINTS_MAX:
        problems.append(f"must name one to {ENDPOINTS_MAX} servers, each once, as in crm:streak_broken,bonus_earned")
    for number, (name, kinds) in enumerate(parts, 1):
        if not _NAME.fullmatch(name):
            problems.append(f"server {number}: {_OF_NAMES}")
        if not {*kinds} <= _KINDS:
            problems.append(f"server {number}: events must be some of {', '.join(EventKind)}")
    if problems:
        raise ValueError("; ".join(problems))
    return {name: frozenset(map(EventKind, kinds)) for name, kinds in parts}


def parse_endpoints(
    text: str, told: Mapping[str, frozenset[EventKind]], *, is_emulated: bool = False
) -> Mapping[str, Endpoint]:
    """The endpoints that a TOML text describes, by name, which must be those that are told of something.

    Raises `ValueError`, with every problem.
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        # What it says is a secret, also in an error.
        message = "is no TOML"
        raise ValueError(message) from None
    tables = content.get("endpoints")
    if content.keys() != {"endpoints"} or not isinstance(tables, dict) or not 1 <= len(tables) <= ENDPOINTS_MAX:
        message = f"must have one to {ENDPOINTS_MAX} tables such as [endpoints.crm], and nothing else"
        raise ValueError(message)
    problems = [
        f"endpoint {number}: {problem}"
        for number, (name, table) in enumerate(tables.items(), 1)
        for problem in _problems(name, table, is_emulated=is_emulated)
    ]
    if tables.keys() != told.keys():
        problems.append("must describe the servers that STREAK_WEBHOOK_EVENTS names, and no others")
    if problems:
        raise ValueError("; ".join(problems))
    return {name: _endpoint(name, table, told[name]) for name, table in tables.items()}


def _endpoint(name: str, table: Mapping[str, Any], kinds: frozenset[EventKind]) -> Endpoint:
    return Endpoint(
        name=name,
        url=table["url"],
        kinds=kinds,
        secrets=tuple(map(secret_of, table["secrets"])),
    )


def _problems(name: str, table: object, *, is_emulated: bool) -> list[str]:
    """What is wrong with an endpoint, without anything of what it says."""
    if not isinstance(table, dict) or table.keys() != _FIELDS:
        return [f"must have {', '.join(sorted(_FIELDS))}, and nothing else"]
    url = table["url"]
    found = [] if _NAME.fullmatch(name) else [_OF_NAMES]
    if not _is_address(url, is_emulated=is_emulated):
        found.append("url is not of a form such as https://app.example.com/webhooks")
    return [*found, *_problems_of_secrets(table["secrets"])]


def _is_address(url: object, *, is_emulated: bool) -> bool:
    if not isinstance(url, str) or not _URL.fullmatch(url):
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return port != 0 and not parts.fragment and (is_emulated or parts.scheme == "https")


def _problems_of_secrets(secrets: object) -> list[str]:
    if not isinstance(secrets, list) or not 1 <= len(secrets) <= SECRETS_MAX:
        return ["secrets must be the one in use, or the new one and the one that it takes the place of"]
    found = []
    for number, secret in enumerate(secrets, 1):
        try:
            secret_of(secret if isinstance(secret, str) else "")
        except ValueError as error:
            found.append(f"secret {number} {error}")
    return found
