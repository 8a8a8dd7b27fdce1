"""Clients that ask without pause, in a process of their own.

It must not know what the answers mean. The same clients ask over HTTP, or call the core in this very process.
"""

from __future__ import annotations

import http.client
import json
import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from typing import Any, Final

from emulator.token import unsigned_token
from streak_core.commands import StreakCommands
from streak_core.config import shipped_policy
from streak_core.domain.commands import RecordActivity
from streak_core.queries import StreakQueries
from streak_core.store.client import firestore_client
from streak_core.store.users import UserStore

# Of a hundred requests.
_SHARES: Final = {"record": 70, "streak": 20, "calendar": 10}
_USERS_A_CLIENT: Final = 25
_ANSWER_SECONDS_MAX: Final = 30.0

Ask = Callable[[str, str, str], Any]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Who asks whom for how long; `begin_at` is a moment (Unix seconds) that several processes agree on."""

    # Where an address is given it is asked, else the core is called on this project.
    port: int | None = None
    project: str = ""
    clients: int
    first_client: int
    begin_at: float
    seconds: float
    seed: int


@dataclass
class Seen:
    """Milliseconds by route, and what went wrong."""

    milliseconds: dict[str, list[float]] = field(default_factory=lambda: {route: [] for route in _SHARES})
    errors: list[str] = field(default_factory=list)

    @property
    def answers(self) -> int:
        """How many there were."""
        return sum(map(len, self.milliseconds.values()))


def ask_all(settings: Settings) -> Seen:
    """Has all clients ask until time is up; what they saw together."""
    with ThreadPoolExecutor(settings.clients) as pool:
        clients = range(settings.first_client, settings.first_client + settings.clients)
        return together(list(pool.map(lambda client: _ask_on(settings, client), clients)))


def together(seen: Sequence[Seen]) -> Seen:
    """All of it as one."""
    return Seen(
        {route: [one for each in seen for one in each.milliseconds[route]] for route in _SHARES},
        [reason for each in seen for reason in each.errors],
    )


def _ask_on(settings: Settings, client: int) -> Seen:
    seen = Seen()
    ask = _over_http(settings.port) if settings.port else _directly(settings.project)
    chance = random.Random(settings.seed * 1_000 + client)  # noqa: S311 - the same mix each time, not a secret
    number = 0
    time.sleep(max(0.0, settings.begin_at - time.time()))
    ends_at = time.monotonic() + settings.seconds
    while time.monotonic() < ends_at:
        number += 1
        (route,) = chance.choices(list(_SHARES), list(_SHARES.values()))
        user = f"caller-{client}-{chance.randrange(_USERS_A_CLIENT)}"
        begun = time.perf_counter()
        try:
            ask(route, user, f"{settings.seed}-{client}-{number}")
        except Exception as error:  # noqa: BLE001 - whatever it is, it is counted
            seen.errors.append(repr(error))
        else:
            seen.milliseconds[route].append((time.perf_counter() - begun) * 1_000)
    return seen


def _over_http(port: int) -> Ask:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_ANSWER_SECONDS_MAX)
    token_of = cache(unsigned_token)
    paths = {"streak": ("GET", "/streak"), "calendar": ("GET", "/calendar?days=30")}

    def ask(route: str, user: str, activity_id: str) -> None:
        method, path = paths.get(route, ("POST", "/streak/activities"))
        headers = {"Authorization": f"Bearer {token_of(user)}", "Content-Type": "application/json"}
        body = json.dumps({"activity_type": "check_in", "metadata": {}, "activity_id": activity_id})
        connection.request(method, path, body=body if method == "POST" else None, headers=headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status >= HTTPStatus.MULTIPLE_CHOICES:
            message = f"{answer.status} {content[:200]!r}"
            raise RuntimeError(message)

    return ask


def _directly(project: str) -> Ask:
    policy = shipped_policy()
    store = UserStore(firestore_client(project, "(default)"), policy)
    service, queries = StreakCommands(store, policy), StreakQueries(store, policy)

    def ask(route: str, user: str, activity_id: str) -> object:
        now = datetime.now(UTC)
        if route == "record":
            recorded = RecordActivity(activity_id=activity_id, activity_type="check_in", metadata={})
            return service.execute(user, now, recorded)
        return queries.streak(user, now) if route == "streak" else queries.calendar(user, now, 30)

    return ask
