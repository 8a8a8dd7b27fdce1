"""The function `health`: whether this deployment is alive, configured, and has a database that answers.

Handlers parse, call and render; they decide nothing. It is the only function that starts with a wrong configuration,
and then it says what is wrong and nothing else: no token is believed, nothing is read.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import functions_framework

from functions.http import problems, runtime
from functions.http.dispatch import ActsFor, Function, Limits, RequestContext, Route
from functions.http.identity import anybody, is_observer
from functions.http.rendering import answer
from streak_core import __version__
from streak_core.domain.days import rfc3339
from streak_core.schema_gate import MigratedByNewerVersion, is_newer
from streak_core.store.documents import SCHEMA_VERSION

if TYPE_CHECKING:
    from flask import Request, Response

DATABASE: Final = "FIRESTORE"
HEALTHY: Final = "healthy"


def get_health(_: RequestContext) -> Response:
    """GET /health. That it is answered at all says that the configuration is right."""
    content: dict[str, object] = {
        "status": HEALTHY,
        "configuration": "ok",
        "version": __version__,
        "commit": runtime.config().commit,
        "revision": runtime.config().revision,
        "timestamp": rfc3339(datetime.now(UTC)),
    }
    return answer(content)


def get_database_health(context: RequestContext) -> Response:
    """GET /health/database."""
    verdict = runtime.database_health().verdict()
    if not verdict.has_answered:
        raise problems.DatabaseSilent(database=DATABASE, timestamp=rfc3339(verdict.timestamp))
    if is_newer(runtime.database_health().migrated_to(), SCHEMA_VERSION):
        raise MigratedByNewerVersion
    content: dict[str, object] = {
        "status": HEALTHY,
        "database": DATABASE,
        "mode": "emulator" if runtime.config().is_emulated else "production",
        "latency_ms": verdict.latency_ms,
        "timestamp": rfc3339(verdict.timestamp),
    }
    if is_observer(context.request, runtime.config()):
        content |= _told_observers(verdict.timestamp)
    return answer(content)


def _told_observers(now: datetime) -> dict[str, object]:
    health = runtime.database_health()
    backup = health.last_backup()
    known = backup and {
        "moment": rfc3339(backup.moment),
        "age_seconds": max(0, round((now - backup.moment).total_seconds())),
        "verified": backup.is_verified,
    }
    forms = {"schema_version": runtime.config().stored_form, "migrated_to": health.migrated_to()}
    return {**forms, "last_backup": known, "user_count": health.users()}


FUNCTION: Final = Function(
    "health",
    anybody,
    [
        Route(method="GET", path="/", handler=get_health),
        Route(method="GET", path="/database", handler=get_database_health),
    ],
    Limits(acts_for=ActsFor.NOBODY, questions_max=None),
)


@functions_framework.http
def health(request: Request) -> Response:
    """The entry point."""
    wrong = runtime.wrong_settings()
    return problems.problem(problems.ConfigurationWrong(wrong)) if wrong else FUNCTION.handle(request)
