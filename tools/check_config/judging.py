"""What is wrong with an environment, what would be dangerous where real users are, and what is merely worth knowing.

It must not read the environment itself, nor say any value.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from streak_core.config import Config, ConfigError, load_config
from tools.check_config.variables import VARIABLES

# Cloud Scheduler waits no longer for an answer.
SCHEDULER_SECONDS: Final = 1_800
_EMULATORS: Final = tuple(one.name for one in VARIABLES if one.name.endswith("_EMULATOR_HOST"))
_OWN: Final = ("STREAK_", "MAINTENANCE_", "MONITORING_")
# Accounts that everything of a project runs as unless it is told otherwise.
_SHARED: Final = ("-compute@developer.gserviceaccount.com", "@appspot.gserviceaccount.com")
_SERVICE_ACCOUNT: Final = re.compile(r"[^@]+@([a-z0-9.-]+\.)?gserviceaccount\.com")


class Level(StrEnum):
    """How bad something is."""

    # No function but health would start.
    WRONG = "wrong"
    # It works, and must not be so where real users are.
    DANGEROUS = "dangerous"
    NOTE = "note"


class Finding(NamedTuple):
    """What was found about a variable, or about two."""

    level: Level
    subject: str
    message: str

    @property
    def names(self) -> frozenset[str]:
        """The variables that it is about."""
        return frozenset(re.findall(r"[A-Z][A-Z_]+", self.subject))


class Judgement(NamedTuple):
    """All that was found; `config` is None where it is wrong."""

    config: Config | None
    findings: tuple[Finding, ...]

    @property
    def wrong(self) -> Mapping[str, Finding]:
        """What a function would refuse, by variable."""
        return {name: one for one in self.findings if one.level is Level.WRONG for name in one.names}


def judge(environ: Mapping[str, str]) -> Judgement:
    """Judges as a function does that starts in this environment, and further."""
    dangers = (*_of_environment(environ), *_unread(environ))
    try:
        config = load_config(environ)
    except ConfigError as error:
        wrong = tuple(Finding(Level.WRONG, *line.split(": ", 1)) for line in error.wrong)
        refused = {name for one in wrong for name in _EMULATORS if one.subject.startswith(name)}
        return Judgement(None, (*wrong, *(one for one in dangers if one.subject not in refused)))
    rules = (*_of_config(config), *_of_job(config))
    found = (Finding(level, subject, message) for level, subject, message, holds in rules if holds)
    return Judgement(config, (*dangers, *found))


def _of_environment(environ: Mapping[str, str]) -> Iterator[Finding]:
    """What no configuration says any more."""
    known = dict.fromkeys(_EMULATORS, "is for a machine of one's own; a deployed function refuses to start with it")
    known["GOOGLE_APPLICATION_CREDENTIALS"] = (
        "a deployed function runs as its own service account; a key in a file can be lost"
    )
    yield from (Finding(Level.DANGEROUS, name, message) for name, message in known.items() if environ.get(name))


def _unread(environ: Mapping[str, str]) -> Iterator[Finding]:
    """What looks like a setting and is read by nothing: a slip of the pen leaves the default in force, silently."""
    known = [one.name for one in VARIABLES]
    for name in sorted(environ):
        if name.startswith(_OWN) and name not in known:
            (near,) = difflib.get_close_matches(name, known, n=1) or ("",)
            yield Finding(Level.DANGEROUS, name, f"is read by nothing{f'; is {near} meant?' if near else ''}")


# What is found where the last one holds.
Rule = tuple[Level, str, str, bool]


def _of_config(config: Config) -> Iterator[Rule]:
    """What a function would start with all the same."""
    note, danger = Level.NOTE, Level.DANGEROUS
    origins, scheduler, monitoring = (
        config.cors_origins,
        config.scheduler.account,
        config.monitoring.account,
    )
    yield (
        *(danger, "GOOGLE_CLOUD_PROJECT", "begins with demo-, as projects do that only emulators have"),
        config.project.startswith("demo-"),
    )
    name = "STREAK_CORS_ORIGINS"
    yield note, name, "is not set: no browser may call", not origins
    yield danger, name, "lets the pages of every website call", "*" in origins
    yield danger, name, "has an origin without encryption", any(one.startswith("http://") for one in origins)
    name = "MONITORING_SERVICE_ACCOUNT"
    yield note, name, "is not set: only admins are told the number of users", monitoring is None
    both = monitoring is not None and monitoring == scheduler
    yield danger, name, "is Cloud Scheduler's as well: monitoring could run the maintenance job", both


def _of_job(config: Config) -> Iterator[Rule]:
    danger, name = Level.DANGEROUS, "MAINTENANCE_SERVICE_ACCOUNT"
    account, audience = config.scheduler.account or "", config.scheduler.audience or ""
    is_set, is_shared = bool(account and audience), account.endswith(_SHARED)
    is_person = is_set and not is_shared and not _SERVICE_ACCOUNT.fullmatch(account)
    yield (
        danger,
        name,
        "is not set: Cloud Scheduler is refused, and only an admin can run the maintenance job",
        not is_set,
    )
    yield (
        danger,
        name,
        "is an account that other things of the project run as too; give Cloud Scheduler its own",
        is_shared,
    )
    yield danger, name, "is a person's address, not that of a service account", is_person
    is_plain = is_set and not audience.startswith("https://")
    yield danger, "MAINTENANCE_AUDIENCE", "is not the https address of the function", is_plain
    queues = {
        "MAINTENANCE_URL": config.maintenance_queue,
        "REMINDER_URL": config.reminder_queue,
        "REMINDER_SHARD_URL": config.reminder_shard_queue,
        "WEBHOOK_URL": config.webhook_queue,
    }
    for name, queue in queues.items():
        is_plain = queue is not None and not queue.url.startswith("https://")
        yield danger, name, "is not an https address: tokens would travel unprotected", is_plain
    rules = config.maintenance_rules
    slow = "is off: writes may outrun what Firestore can take at once"
    yield danger, "MAINTENANCE_PACING", slow, not rules.is_paced
    late = f"Cloud Scheduler stops waiting after {SCHEDULER_SECONDS} seconds; a run must stop in order before"
    yield danger, "MAINTENANCE_DEADLINE_SECONDS", late, rules.deadline_seconds >= SCHEDULER_SECONDS
