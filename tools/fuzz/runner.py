"""Sends requests of a seed from several threads until one is answered wrongly, or all are sent.

It must not know what is reported of them, or how they are served.
"""

from __future__ import annotations

import http.client
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Final

import httpx

from emulator.token import unsigned_token
from tools.fuzz import oracle
from tools.fuzz.mutations import hostile_request
from tools.fuzz.valid import assembled, valid_requests
from tools.fuzz.wire import Sent, exchange

# As many requests have the same user, so that they meet what was stored before.
REQUESTS_A_USER: Final = 20
THREADS: Final = 6
# Whoever is told to come again does so, as often as a good client would.
ATTEMPTS_MAX: Final = 6
_AGAIN: Final = frozenset({HTTPStatus.SERVICE_UNAVAILABLE})
_VALID_ONE_IN: Final = 5
_VALID: Final = valid_requests()
_ERASES: Final = frozenset({"erase_streak", "erase_streak_for_user"})
_OF_ALL: Final = ("/admin/amnesties", "/admin/policies")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A wrong answer, and how to see it again."""

    number: int
    what: str
    sent: Sent
    status: int | None = None
    text: str = ""


@dataclass(kw_only=True)
class Total:
    """What came of all requests; shared by the threads that count."""

    answers: Counter[tuple[int, str]] = field(default_factory=Counter)
    retries: int = 0
    faults: list[Fault] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, answer: httpx.Response, retries: int) -> int:
        """Counts an answer by its status and its code; answers how many there are."""
        with self.lock:
            self.answers[answer.status_code, _code(answer)] += 1
            self.retries += retries
            return self.answers.total()


@dataclass(frozen=True, kw_only=True)
class Fuzzing:
    """A seed, and where it is played; `salt` keeps the users of several runs on one database apart."""

    url: str
    seed: int
    salt: str = ""

    def request(self, number: int) -> Sent:
        """The request of that number: the same for ever, whichever thread sends it."""
        chance = random.Random(f"{self.seed}:{number}")  # noqa: S311 - no secret, and it must be the same again
        valid = chance.choice(_VALID)
        # Of a user who is erased no later request would meet anything that is stored.
        user = f"erased-{number}" if valid.operation.content["operationId"] in _ERASES else number // REQUESTS_A_USER
        uid = f"fuzz-{self.salt}{self.seed}-{user}"
        # What is done for users is done for the same ones, by somebody who may; what holds for everybody is only asked,
        # since to change it would change what the others are answered.
        changes_all = valid.operation.method != "GET" and valid.operation.path.startswith(_OF_ALL)
        is_admins = valid.operation.path.startswith("/admin/") and not changes_all
        if "uid" in valid.path:
            valid = replace(valid, path=valid.path | {"uid": uid})
        sent = assembled(valid, unsigned_token(f"admin-of-{uid}" if is_admins else uid, admin=is_admins))
        return sent if chance.randrange(_VALID_ONE_IN) == 0 else hostile_request(sent, chance)

    def play(self, requests: int, show: Callable[[int], None] = lambda _: None) -> Total:
        """Sends so many; the first fault ends it."""
        total = Total()
        users = range(-(-requests // REQUESTS_A_USER))
        with ThreadPoolExecutor(THREADS) as pool:
            for _ in pool.map(lambda user: self._play_user(user, requests, total, show), users):
                pass
        return total

    def play_until(self, number: int) -> Total:
        """Sends that one alone, after those of its user that came before it."""
        total = Total()
        self._play_user(number // REQUESTS_A_USER, number + 1, total, lambda _: None)
        return total

    def _play_user(self, user: int, end: int, total: Total, show: Callable[[int], None]) -> None:
        first = user * REQUESTS_A_USER
        for number in range(first, min(first + REQUESTS_A_USER, end)):
            if total.faults:
                return
            found = self._sent(number, total, show)
            if found:
                with total.lock:
                    total.faults.append(found)

    def _sent(self, number: int, total: Total, show: Callable[[int], None]) -> Fault | None:
        sent = self.request(number)
        try:
            answer, retries = self._answer(sent)
        except (OSError, http.client.HTTPException) as error:
            return Fault(number=number, what=f"there is no answer that can be read: {error!r}", sent=sent)
        wrong = oracle.fault(sent, answer)
        if answer is not None:
            show(total.count(answer, retries))
        if wrong is None:
            return None
        status, text = (answer.status_code, answer.text) if answer is not None else (None, "")
        return Fault(number=number, what=wrong, sent=sent, status=status, text=text)

    def _answer(self, sent: Sent) -> tuple[httpx.Response | None, int]:
        retries = 0
        answer = exchange(self.url, sent.raw, method=sent.method)
        while answer is not None and answer.status_code in _AGAIN and retries < ATTEMPTS_MAX:
            time.sleep(int(answer.headers.get("Retry-After", "1")))
            retries += 1
            answer = exchange(self.url, sent.raw, method=sent.method)
        return answer, retries


def _code(answer: httpx.Response) -> str:
    if oracle.is_servers_own(answer):
        return "(the server's own page)"
    if answer.is_success or not answer.content:
        return ""
    try:
        return str(answer.json()["code"])
    except (ValueError, LookupError):
        return "(none)"
