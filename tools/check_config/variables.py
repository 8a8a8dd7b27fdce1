"""Every variable that a function reads: what it is for, and how much of its value may be shown.

It must not judge values. What does not have the exact form that is expected is not shown: it may be a secret that was
put in the wrong place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from streak_core.config import ORIGIN

# What may be seen of a value; None for nothing.
Shown = Callable[[str], str | None]


class State(StrEnum):
    """Whether a variable says anything."""

    SET = "set"
    NOT_SET = "not set"
    MISSING = "missing"
    WRONG = "wrong"


class Variable(NamedTuple):
    """One variable of the environment."""

    name: str
    meaning: str
    shown: Shown


class Reading(NamedTuple):
    """A variable as it stands; `shown` is None where nothing is set, or where it is better not seen."""

    variable: Variable
    state: State
    shown: str | None


def _as_is(form: str) -> Shown:
    pattern = re.compile(form, re.ASCII)
    return lambda text: text if pattern.fullmatch(text) else None


def _origins(text: str) -> str | None:
    named = [one.strip() for one in text.split(",") if one.strip()]
    return ", ".join(named) if all(one == "*" or ORIGIN.fullmatch(one) for one in named) else None


def _address(text: str) -> str | None:
    """Where an address leads; a path may be a secret, and so may be what stands before the host."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not re.fullmatch(r"[A-Za-z0-9.-]{1,253}(:\d{1,5})?", parts.netloc):
        return None
    return f"{parts.scheme}://{parts.netloc}{'/…' if parts.path.strip('/') or parts.query else ''}"


def _mail_server(text: str) -> str | None:
    """Where mail is taken; a password may stand before the host."""
    found = re.fullmatch(r"(smtps?://)(?:[^@/]*@)?([A-Za-z0-9.-]{1,253}(?::\d{1,5})?)/?", text, re.ASCII)
    return "".join(found.groups()) if found else None


def _file(text: str) -> str | None:
    return text if Path(text).is_file() else None


def _accounts(text: str) -> str | None:
    named = [one.strip() for one in text.split(",") if one.strip()]
    return ", ".join(named) if all(map(_ACCOUNT, named)) else None


_HOST: Final = _as_is(r"[A-Za-z0-9.-]{1,100}:\d{1,5}")
_ACCOUNT: Final = _as_is(r"[A-Za-z0-9._-]{1,64}@[A-Za-z0-9.-]{1,100}")
_WHOLE: Final = _as_is(r"\d{1,9}")
_SWITCH: Final = _as_is(r"on|off")
_SERVICE: Final = _as_is(r"[a-z][a-z0-9-]{0,62}")

VARIABLES: Final = (
    Variable(
        "GOOGLE_CLOUD_PROJECT", "the project whose Firestore is used", _as_is(r"([a-z0-9.-]+:)?[a-z][a-z0-9-]{3,29}")
    ),
    Variable("FIRESTORE_DATABASE", "another database than (default)", _as_is(r"\(default\)|[a-z][a-z0-9-]{3,62}")),
    Variable(
        "STREAK_COLLECTION_PREFIX", "what stands before the name of each collection", _as_is(r"[a-z][a-z0-9_]{0,30}_")
    ),
    Variable("STREAK_POLICY_FILE", "a policy of your own", _file),
    Variable("STREAK_RECORDS_FILE", "kinds of records of your own", _file),
    Variable("STREAK_NOTICE_TEXTS_FILE", "words of notices of your own", _file),
    Variable("STREAK_WEBHOOK_EVENTS", "which servers of yours are told of which events", _as_is(r"[a-z0-9_:, ]+")),
    Variable("STREAK_WEBHOOKS_FILE", "where those servers are, with their secrets", _file),
    Variable("STREAK_SMTP_URL", "the server that takes mail", _mail_server),
    Variable("STREAK_SMTP_PASSWORD", "its password", lambda _: None),
    Variable("STREAK_MAIL_FROM", "whose letters they are", _ACCOUNT),
    Variable("STREAK_CORS_ORIGINS", "browser origins that may call", _origins),
    Variable("STREAK_PUBLIC_URL", "where everybody finds shared pictures", _address),
    Variable("STREAK_CHECK_REVOKED", "whether revoked users are refused at once", _SWITCH),
    Variable("STREAK_APP_CHECK", "whether the app must prove itself", _SWITCH),
    Variable("STREAK_TENANT", "the tenant whose users are users here", _as_is(r"[a-zA-Z][a-zA-Z0-9-]{3,35}")),
    Variable("STREAK_TRUSTED_CALLERS", "service accounts that may act for users", _accounts),
    Variable("STREAK_TRUSTED_AUDIENCE", "the audience of their tokens", _address),
    Variable("STREAK_STORED_FORM", "1 while programs run that know no other form, else 2", _as_is(r"[12]")),
    Variable("STREAK_SLOW_MS", "from when on an operation is logged as slow", _WHOLE),
    Variable("STREAK_GAUGES", "whether the job writes its gauges itself", _SWITCH),
    Variable("AUDIT_IP", "how much of an address the audit trail keeps", _as_is(r"full|truncated|off")),
    Variable("STREAK_TRUSTED_HOPS", "how many proxies of yours stand in front", _as_is(r"\d")),
    Variable("MAINTENANCE_SERVICE_ACCOUNT", "who Cloud Scheduler is", _ACCOUNT),
    Variable("MAINTENANCE_AUDIENCE", "the audience of its tokens", _address),
    Variable("MAINTENANCE_THREADS", "shards that a run works on at once", _WHOLE),
    Variable("MAINTENANCE_PAGE_USERS", "users that a query reads", _WHOLE),
    Variable("MAINTENANCE_BATCH_USERS", "users that a commit writes", _WHOLE),
    Variable("MAINTENANCE_DEADLINE_SECONDS", "when a run stops in order", _WHOLE),
    Variable("MAINTENANCE_PACING", "whether writes follow Firestore's ramp-up", _SWITCH),
    Variable("MAINTENANCE_FANOUT", "one task a shard", _as_is(r"cloud-tasks")),
    Variable(
        "MAINTENANCE_QUEUE", "the queue of those tasks", _as_is(r"projects/[\w.:-]+/locations/[\w-]+/queues/[\w-]+")
    ),
    Variable("MAINTENANCE_URL", "where those tasks go", _address),
    Variable("REMINDER_QUEUE", "the queue of notices", _as_is(r"projects/[\w.:-]+/locations/[\w-]+/queues/[\w-]+")),
    Variable("REMINDER_URL", "where notices go to be sent", _address),
    Variable("REMINDER_FANOUT", "one task a shard for reminders", _as_is(r"cloud-tasks")),
    Variable(
        "REMINDER_SHARD_QUEUE", "the queue of those tasks", _as_is(r"projects/[\w.:-]+/locations/[\w-]+/queues/[\w-]+")
    ),
    Variable("REMINDER_SHARD_URL", "where those tasks go", _address),
    Variable("WEBHOOK_QUEUE", "the queue of webhooks", _as_is(r"projects/[\w.:-]+/locations/[\w-]+/queues/[\w-]+")),
    Variable("WEBHOOK_URL", "where webhooks go to be sent", _address),
    Variable("BACKUP_TIME", "from when on the day's export is due", _as_is(r"\d\d:\d\d")),
    Variable("BACKUP_TIME_ZONE", "the zone of that time", _as_is(r"[A-Za-z0-9_+-]{1,20}(/[A-Za-z0-9_+-]{1,20}){0,2}")),
    Variable(
        "BACKUP_BUCKET", "the bucket that the database is exported to", _as_is(r"[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]")
    ),
    Variable("MONITORING_SERVICE_ACCOUNT", "who may see the number of users", _ACCOUNT),
    Variable("MONITORING_AUDIENCE", "the audience of its tokens", _address),
    Variable("FIRESTORE_EMULATOR_HOST", "an emulator in place of Firestore", _HOST),
    Variable("FIREBASE_AUTH_EMULATOR_HOST", "believes any self-made token", _HOST),
    Variable("CLOUD_TASKS_EMULATOR_HOST", "a stand-in for Cloud Tasks", _HOST),
    Variable("FIRESTORE_ADMIN_EMULATOR_HOST", "a stand-in for Firestore's admin API", _HOST),
    Variable("GOOGLE_APPLICATION_CREDENTIALS", "a file of credentials", _file),
    Variable("K_SERVICE", "set by the platform: the function runs there", _SERVICE),
    Variable("K_CONFIGURATION", "set by the platform, and not by the Firebase CLI's emulator", _SERVICE),
    Variable("FUNCTIONS_EMULATOR", "set by that emulator", _as_is("true")),
    Variable("K_REVISION", "set by the platform: what is deployed", _SERVICE),
    Variable("STREAK_COMMIT", "set by the deployment: the commit it was made from", _as_is(r"[0-9a-f]{7,40}(-dirty)?")),
)

REQUIRED: Final = frozenset({"GOOGLE_CLOUD_PROJECT"})


def readings(environ: Mapping[str, str], wrong: Mapping[str, object]) -> tuple[Reading, ...]:
    """Every variable as it stands; `wrong` has those that a function would refuse."""
    return tuple(_reading(one, environ.get(one.name, ""), is_wrong=one.name in wrong) for one in VARIABLES)


def _reading(variable: Variable, value: str, *, is_wrong: bool) -> Reading:
    if value:
        return Reading(variable, State.WRONG if is_wrong else State.SET, variable.shown(value))
    return Reading(variable, State.MISSING if is_wrong or variable.name in REQUIRED else State.NOT_SET, None)
