"""A device: a client of one user, that asks the real service through faults, or over HTTP.

As a good client it tries again, with the same key, while it is told that nobody knows. It must not know what is right.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final, assert_never

import httpx

from emulator.token import unsigned_token
from streak_core.commands import StreakCommands
from streak_core.domain.errors import StreakError, Unavailable
from streak_core.domain.rules import Rules
from streak_core.queries import StreakQueries
from streak_core.retry import Attempts, RetryRules
from streak_core.store.reading import READ_SECONDS_MAX
from streak_core.store.sessions import signed_in
from streak_core.store.users import UserStore
from testing.scenario_commands import actor_of, command_of
from testing.scenario_requests import BY_OPERATORS, PARTS, REQUESTS, about, names_no_pause, told_of_one
from testing.steps import QueryStep, Step
from tools.chaos.faults import STREAMS, Code, Fault, Plan, Site
from tools.chaos.faulty_client import FaultInterceptor, FaultyClient
from tools.chaos.possible_states import Response, Try

# How often a client asks before it is said that it is never answered, and how much later it asks each time.
TRIES_MAX: Final = 60
ATTEMPTS_MAX: Final = 6
_TRY_AGAIN_AFTER: Final = timedelta(seconds=20)
_WAIT_SECONDS_MAX: Final = 0.003
_HTTP_WAIT_SECONDS: Final = 0.2
_ANSWER_SECONDS_MAX: Final = 30.0
_NO_PAUSE: Final = "pause-0"
# Of some answers the model says a part.
_PARTS: Final = {**PARTS, QueryStep.PAUSES: "pauses"}
_AGAIN: Final = (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS)


class NeverAnsweredError(Exception):
    """A client was told to come back more often than any fault explains."""


def until_answered(step: Step, respond: Callable[[Step], Response]) -> list[Try]:
    """Gives a command until it is told what became of it, a little later each time; all tries, in order."""
    tries: list[Try] = []
    while not tries or tries[-1].response.is_unknown:
        if len(tries) == TRIES_MAX:
            raise NeverAnsweredError(tries[-1].response.reason)
        now = datetime.fromisoformat(step["at"]) + len(tries) * _TRY_AGAIN_AFTER
        asked = {**step, "at": now.isoformat()}
        tries.append(Try(asked, respond(asked)))
    return tries


def quick_attempts() -> Attempts:
    """The service's own attempts, fewer of them, and with waits that only let another thread go first."""
    rules = RetryRules(attempts_max=ATTEMPTS_MAX, deadline_seconds=60.0)
    return Attempts(rules=rules, sleep=lambda seconds: time.sleep(min(seconds, _WAIT_SECONDS_MAX)))


@dataclass
class Device:
    """One client of one environment's database. `retries` counts the service's own."""

    name: str
    project: str
    policies: Callable[[], Rules]
    plan: Plan
    # When each user signed in.
    sign_ins: Mapping[str, datetime] = field(default_factory=dict)
    retries: int = 0
    asked_again: int = 0
    # Of the last command: how often it was told 503 though what it met is for the service to bear.
    unexplained: int = 0
    interceptor: FaultInterceptor = field(init=False)

    def __post_init__(self) -> None:
        """Connects when it first asks."""
        self.interceptor = FaultInterceptor(self.plan)
        self.client = FaultyClient(self.project, self.interceptor)
        store = UserStore(self.client, self.policies)
        self.service = StreakCommands(store, self.policies, quick_attempts)
        self.queries = StreakQueries(store, self.policies)

    def command(self, user_id: str, step: Step) -> list[Try]:
        """All tries of a command."""
        self.interceptor.begin(step["number"], self.name)
        self.unexplained = 0

        def respond(asked: Step) -> Response:
            met, begun = len(self.interceptor.met), time.monotonic()
            response = self._response(user_id, asked)
            self.interceptor.deliver_late()
            # Where the machine is so busy that a read runs into its own deadline, that is the reason.
            is_busy = time.monotonic() - begun >= READ_SECONDS_MAX / 2
            self.unexplained += response.is_unknown and not (is_busy or _explain(self.interceptor.met[met:]))
            return response

        tries = until_answered(self._with_pause_id(user_id, step), respond)
        self.asked_again += len(tries) - 1
        return tries

    def answer_to(self, user_id: str, step: Step) -> Any:  # noqa: ANN401 - any answer
        """The answer to a question of a life."""
        return self.ask(step["number"], user_id, lambda queries: answer_to(queries, user_id, step))

    def ask(self, number: int, user_id: str, question: Callable[[StreakQueries], Any]) -> Any:  # noqa: ANN401 - any answer
        """Asks until it is answered, for that user."""
        self.interceptor.begin(number, self.name)
        return self._answered(user_id, question)

    def _with_pause_id(self, user_id: str, step: Step) -> Step:
        """The step as it is asked for: of the pause that a life ends it says the first day alone."""
        if not names_no_pause(step):
            return step
        asked = {"do": QueryStep.PAUSES, "at": step["at"]}
        return _with_pause_id(step, self._answered(user_id, lambda queries: answer_to(queries, user_id, asked)))

    def _answered(self, user_id: str, question: Callable[[StreakQueries], Any]) -> Any:  # noqa: ANN401 - any answer
        reason = ""
        for _ in range(TRIES_MAX):
            try:
                with signed_in(user_id, self.sign_ins.get(user_id)):
                    return question(self.queries)
            except Unavailable as error:
                self.asked_again += 1
                reason = _reason(error)
        raise NeverAnsweredError(reason)

    def close(self) -> None:
        """Hangs up for good."""
        self.interceptor.deliver_late()
        self.client.hang_up()

    def _response(self, user_id: str, step: Step) -> Response:
        now = datetime.fromisoformat(step["at"])
        try:
            with signed_in(user_id, self.sign_ins.get(user_id)):
                outcome = self.service.execute(user_id, now, command_of(step), step.get("key"), actor_of(step))
        except Unavailable as error:
            return Response(reason=_reason(error))
        except StreakError as refused:
            return Response(refusal=refused.code)
        self.retries += outcome.retries
        return Response(answer=dict(outcome.response))


def _reason(error: Unavailable) -> str:
    """What Google said, where it was that."""
    return repr(error.__cause__ or error)


def _explain(met: Sequence[tuple[Site, Fault]]) -> bool:
    """Whether faults are reason enough for a 503.

    A read failed, or writes did about as often as they are tried, or as often as an overload is.
    """
    faults = [(site.rpc, fault) for site, fault in met if fault.code]
    overloads = sum(fault.code is not Code.ABORTED for _, fault in faults)
    is_overloaded = overloads >= RetryRules().overloads_max
    return any(rpc in STREAMS for rpc, _ in faults) or len(faults) >= ATTEMPTS_MAX // 2 or is_overloaded


_LISTED: Final[Mapping[QueryStep, Callable[[StreakQueries, str, datetime], Any]]] = {
    QueryStep.ACHIEVEMENTS: lambda queries, user_id, now: queries.achievements(user_id, now)["achievements"],
    QueryStep.CHALLENGES: lambda queries, user_id, now: queries.challenges(user_id, now)["challenges"],
    QueryStep.SEAT: lambda queries, user_id, now: queries.seat(user_id, now),
}


def answer_to(queries: StreakQueries, user_id: str, step: Step) -> Any:  # noqa: ANN401 - any answer
    """The answer to a question of a life, in the form of the model's."""
    now = datetime.fromisoformat(step["at"])
    match QueryStep(step["do"]):
        case QueryStep.STREAK:
            return queries.streak(user_id, now)
        case QueryStep.CALENDAR:
            return queries.calendar(user_id, now, step["days"])["days"]
        case QueryStep.CONSISTENCY:
            return queries.consistency(user_id, now)
        case QueryStep.ACHIEVEMENTS | QueryStep.CHALLENGES | QueryStep.SEAT as asked:
            return _LISTED[asked](queries, user_id, now)
        case QueryStep.OFFERS:
            return queries.offers(user_id, now)["offers"]
        case QueryStep.PAUSES:
            return queries.pauses(user_id, now)["pauses"]
        case QueryStep.EXPLAIN:
            return queries.explain(user_id, now, step["days"])["days"]
        case never:
            assert_never(never)


def _with_pause_id(step: Step, pauses: Sequence[Mapping[str, Any]]) -> Step:
    """The step with the id of the pause that begins on the day it says; an id of none where no such is listed."""
    return {**step, "pause_id": next((one["pause_id"] for one in pauses if one["from"] == step["from"]), _NO_PAUSE)}


class UnexpectedAnswerError(Exception):
    """An answer that no route documents."""


@dataclass
class HttpDevice:
    """One client. `endings` counts requests by how they ended, `took_ms` how long they took."""

    base_url: str
    endings: Counter[str] = field(default_factory=Counter)
    took_ms: list[float] = field(default_factory=list)
    # Whatever is answered, a worker may have been killed.
    unexplained: int = 0

    def __post_init__(self) -> None:
        """Connects when it first asks."""
        self._http = httpx.Client(base_url=self.base_url, timeout=_ANSWER_SECONDS_MAX)

    def command(self, user_id: str, step: Step) -> list[Try]:
        """All tries of a command."""
        if names_no_pause(step):
            asked = {"do": QueryStep.PAUSES, "at": step["at"]}
            step = _with_pause_id(step, self.answer_to(user_id, asked))
        return until_answered(step, lambda asked: self._response(user_id, asked))

    def answer_to(self, user_id: str, step: Step) -> Any:  # noqa: ANN401 - any JSON
        """The answer to a question, which is asked again for the same moment: answers say when they hold."""
        answered = until_answered(step, lambda _: self._response(user_id, step))[-1].response
        answer = answered.answer or {}
        part = _PARTS.get(QueryStep(step["do"]))
        return answer[part] if part else answer

    def _response(self, user_id: str, step: Step) -> Response:
        method, path, body = about(user_id, REQUESTS[step["do"]](step))
        token = unsigned_token("operator", admin=True) if step["do"] in BY_OPERATORS else unsigned_token(user_id)
        headers = {"Authorization": f"Bearer {token}", "X-Simulated-Time": step["at"]}
        if "key" in step:
            headers["Idempotency-Key"] = step["key"]
        begun = time.monotonic()
        try:
            answer = self._http.request(method, path, json=body, headers=headers)
        except httpx.TransportError as error:
            return self._unknown(f"connection: {type(error).__name__}")
        self.took_ms.append((time.monotonic() - begun) * 1_000)
        status, content = told_of_one(answer.status_code, answer.json())
        if status < HTTPStatus.BAD_REQUEST:
            self.endings["answered"] += 1
            return Response(answer=content)
        code = content["code"]
        told = f"{status} {code}"
        if status in _AGAIN:
            return self._unknown(told)
        is_our_fault = status >= HTTPStatus.INTERNAL_SERVER_ERROR
        self.endings[told if is_our_fault else "refused"] += 1
        if is_our_fault:
            message = f"{told} to {step['do']}"
            raise UnexpectedAnswerError(message)
        return Response(refusal=code)

    def _unknown(self, ending: str) -> Response:
        self.endings[ending] += 1
        time.sleep(_HTTP_WAIT_SECONDS)
        return Response(reason=ending)
