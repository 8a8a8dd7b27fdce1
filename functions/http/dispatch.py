"""One request from door to door: preflight, identity, route, handler, and every error in one form.

It must not know what any route does.
"""

from __future__ import annotations

import re
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Final, assert_never

from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import MethodNotAllowed as WrongMethod
from werkzeug.exceptions import NotFound as NoRoute
from werkzeug.routing import Map, RequestRedirect, Rule

from functions.catalogue import SEGMENTS
from functions.http import parsing, problems, runtime
from functions.http.at_once import COMMANDS_MAX, QUESTIONS_MAX, AtOnce
from functions.http.clock import request_time
from functions.http.correlation import REQUEST_ID_HEADER, work_of
from functions.http.receiving import leave_unread
from functions.http.rendering import preflight, share
from functions.http.request_log import RequestLog
from streak_core.domain.errors import StreakError
from streak_core.store.deadlines import waiting_at_most
from streak_core.store.sessions import signed_in
from streak_core.telemetry.context import during

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from flask import Request, Response
    from werkzeug.routing import MapAdapter

    from functions.http.identity import Caller
    from streak_core.config import Config
    from streak_core.domain.actor import Actor

    # Refuses a route that the caller may not use, by what its path names.
    Authorize = Callable[["RequestContext", "Route", Mapping[str, str]], None]


# Whoever waits longer has given up; a little is left for what comes before and after.
WAIT_SECONDS_MAX: Final = 9.0
_QUESTIONS: Final = frozenset({"GET", "HEAD"})
# No user's id.
_NOBODY: Final = ""
# What a template leaves open.
_NAMED: Final = re.compile(r"<\w+>")


@dataclass(frozen=True, kw_only=True)
class RequestContext:
    """A request with who asked and when: what every handler is given."""

    request: Request
    caller: Caller
    now: datetime
    # Whose streak it is about: the caller's, but where an actor acts for somebody else.
    user_id: str
    actor: Actor | None = None

    @property
    def is_question(self) -> bool:
        """Whether it changes nothing."""
        return self.request.method in _QUESTIONS


@dataclass(frozen=True, kw_only=True)
class Route:
    """One method and path of a function, and its handler; names in angle brackets are given to the handler.

    `parameters` are the names that its query may have, `below` is the first segment of its path in the contract, where
    that is not the function's name.
    """

    method: str
    path: str
    handler: Callable[..., Response]
    parameters: tuple[str, ...] = ()
    below: str | None = None


class ActsFor(Enum):
    """Whose documents the requests of a function are about: what decides whether a write lease closes it."""

    ITS_CALLER = auto()
    # Of each user that a request names its handler asks itself; here only whether everybody has to wait.
    WHOM_IT_NAMES = auto()
    # Its handlers ask themselves, so that what they say of a call that could do nothing is said of this, too.
    ALL_USERS = auto()
    NOBODY = auto()


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long a request waits for the database in all, and how many of one caller's are answered at a time.

    None is for what takes its time, and for whoever calls for others.
    """

    acts_for: ActsFor = ActsFor.ITS_CALLER
    wait_seconds_max: float | None = WAIT_SECONDS_MAX
    questions_max: int | None = QUESTIONS_MAX
    commands_max: int | None = COMMANDS_MAX


def _methods(routes: MapAdapter) -> list[str]:
    """The methods of a path: those of the template with most that is fixed, among those that it fits."""
    found = {method: routes.match(method=method, return_rule=True)[0].rule for method in routes.allowed_methods()}
    named = max(found.values(), key=lambda template: len(_NAMED.sub("", template)), default="")
    return sorted(method for method, template in found.items() if template == named and method != "OPTIONS")


def anything(_context: RequestContext, _route: Route, _named: Mapping[str, str]) -> None:
    """Whoever is let in may do all that the function does, since it is about the caller alone."""


class Function:
    """A deployed function: its routes, with and without its own name in front, who may call it, and how much."""

    def __init__(
        self,
        name: str,
        authenticate: Callable[[Request, Config], Caller],
        routes: Sequence[Route],
        limits: Limits | None = None,
        authorize: Authorize = anything,
    ) -> None:
        """`authenticate` answers who calls, or refuses; `authorize` refuses what that caller may not do."""
        self._name = name
        self.authenticate = authenticate
        self._authorize = authorize
        limits = limits or Limits()
        self._acts_for = limits.acts_for
        self._wait_seconds_max = limits.wait_seconds_max
        self._questions = limits.questions_max and AtOnce(limits.questions_max)
        self._commands = limits.commands_max and AtOnce(limits.commands_max)
        self.routes = tuple(routes)
        rules = [Rule(one.path, methods=[one.method], endpoint=one, strict_slashes=False) for one in routes]
        self._map = Map(rules, merge_slashes=False)

    def handle(self, request: Request) -> Response:
        """Answers a request; never raises."""
        lines = RequestLog(self._name, request)
        with (
            during(work_of(self._name, request.headers, request.remote_addr)) as work,
            waiting_at_most(self._wait_seconds_max),
        ):
            response = self._response(request, lines)
            leave_unread(request)
            response = share(request, response, runtime.config())
            response.headers[REQUEST_ID_HEADER] = work.request_id
            lines.completed(response)
        return response

    def _response(self, request: Request, lines: RequestLog) -> Response:
        try:
            return self._answered(request, lines)
        except StreakError as error:
            lines.refused(error)
            return problems.problem(error)
        except HTTPException as error:
            return problems.framework_problem(error)
        except Exception as error:  # noqa: BLE001 - the one place: whatever happens, the answer says nothing of the inside
            lines.failed(error)
            return problems.internal_problem()

    def _answered(self, request: Request, lines: RequestLog) -> Response:
        config = runtime.config()
        routes = self._map.bind("", path_info=self._own_path(request.path))
        if request.method == "OPTIONS":
            return preflight([*_methods(routes), "OPTIONS"])
        caller = self.authenticate(request, config)
        lines.authenticated(caller.user_id)
        if "//" in request.environ["PATH_INFO"]:
            raise problems.NoSuchRoute
        try:
            rule, named = routes.match(method=request.method, return_rule=True)
        except WrongMethod as error:
            raise problems.MethodNotAllowed(_methods(routes)) from error
        except (NoRoute, RequestRedirect) as error:
            raise problems.NoSuchRoute from error
        lines.matched(rule.rule)
        route: Route = rule.endpoint
        context = RequestContext(
            request=request, caller=caller, now=request_time(request, config), user_id=caller.user_id
        )
        self._authorize(context, route, named)
        parsing.check_parameters(request, route.parameters)
        with ExitStack() as place, signed_in(caller.user_id, caller.signed_in_at):
            place.enter_context(self._place_of(context))
            self._check_open(context)
            response = route.handler(context, **named)
            if response.is_streamed:
                # It is answered when all of it is sent.
                response.call_on_close(place.pop_all().close)
            return response

    def _check_open(self, context: RequestContext) -> None:
        """Raises `Restoring` while the documents that the request is about are restored, `MigratedByNewerVersion`."""
        match self._acts_for:
            case ActsFor.ITS_CALLER:
                runtime.schema_gate().check()
                runtime.write_gate().check(context.caller.user_id, is_question=context.is_question)
            case ActsFor.WHOM_IT_NAMES:
                runtime.schema_gate().check()
                runtime.write_gate().check(_NOBODY, is_question=context.is_question)
            case ActsFor.ALL_USERS | ActsFor.NOBODY:
                pass
            case never:
                assert_never(never)

    def _place_of(self, context: RequestContext) -> AbstractContextManager[None]:
        """A place among those of the caller. Raises `TooManyAtOnce`."""
        at_once = self._questions if context.is_question else self._commands
        return at_once.one_of(context.caller.user_id) if at_once else nullcontext()

    def _own_path(self, path: str) -> str:
        """The path without the function's own name, which a rewrite keeps and a direct call does not have."""
        segment, slash, rest = path.removeprefix("/").partition("/")
        return f"{slash}{rest}" or "/" if SEGMENTS.get(segment) == self._name else path
