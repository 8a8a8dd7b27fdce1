"""What is wrong with an environment, what would be dangerous where real users are, and what is merely worth knowing.

It must not read the environment itself, nor say any value.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

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


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was found about a variable, or about two."""

    level: Level
    subject: str
    message: str

    @property
    def names(self) -> frozenset[str]:
        """The variables that it is about."""
        return frozenset(re.findall(r"[A-Z][A-Z_]+", self.subject))


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """All that was found; `config` is None where it is wrong."""

    config: Config | None
    findings: tuple[Finding, ...]

    @property
    def wrong(self) -> Mapping[str, Finding]:
        """What a function would refuse, by variable."""
        return {name: one for one in self.findings if one.level is Level.WRONG for name in one.names}


def judge(environ: Mapping[str, str]) -> Judgement:
    """Judges as a function does that starts in this environment, and further."""
    dangers = tuple(
        Finding(level=level, subject=subject, message=message)
        for level, subject, message in (*_of_environment(environ), *_unread(environ))
    )
    try:
        config = load_config(environ)
    except ConfigError as error:
        refused = {name for line in error.wrong for name in _EMULATORS if line.startswith(name)}
        wrong = tuple(_wrong(line) for line in error.wrong)
        return Judgement(config=None, findings=wrong + tuple(one for one in dangers if one.subject not in refused))
    more = (Finding(level=level, subject=subject, message=message) for level, subject, message in _of_config(config))
    return Judgement(config=config, findings=(*dangers, *more))


def _wrong(line: str) -> Finding:
    subject, _, message = line.partition(": ")
    return Finding(level=Level.WRONG, subject=subject, message=message)


Found = tuple[Level, str, str]


def _of_environment(environ: Mapping[str, str]) -> Iterator[Found]:
    """What no configuration says any more."""
    for name in _EMULATORS:
        if environ.get(name):
            yield Level.DANGEROUS, name, "is for a machine of one's own; a deployed function refuses to start with it"
    if environ.get("GOOGLE_APPLICATION_CREDENTIALS"):
        yield (
            Level.DANGEROUS,
            "GOOGLE_APPLICATION_CREDENTIALS",
            "a deployed function runs as its own service account; a key in a file can be lost",
        )


def _unread(environ: Mapping[str, str]) -> Iterator[Found]:
    """What looks like a setting and is read by nothing: a slip of the pen leaves the default in force, silently."""
    known = [one.name for one in VARIABLES]
    for name in sorted(environ):
        if name.startswith(_OWN) and name not in known:
            (near,) = difflib.get_close_matches(name, known, n=1) or ("",)
            yield Level.DANGEROUS, name, f"is read by nothing{f'; is {near} meant?' if near else ''}"


def _of_config(config: Config) -> Iterator[Found]:
    """What a function would start with all the same."""
    if config.project.startswith("demo-"):
        yield Level.DANGEROUS, "GOOGLE_CLOUD_PROJECT", "begins with demo-, as projects do that only emulators have"
    yield from _of_origins(config.cors_origins)
    yield from _of_scheduler(config)
    yield from _of_job(config)
    if config.monitoring_service_account is None:
        yield Level.NOTE, "MONITORING_SERVICE_ACCOUNT", "is not set: only admins are told the number of users"
    elif config.monitoring_service_account == config.maintenance_service_account:
        message = "is Cloud Scheduler's as well: monitoring could run the maintenance job"
        yield Level.DANGEROUS, "MONITORING_SERVICE_ACCOUNT", message


def _of_origins(origins: frozenset[str]) -> Iterator[Found]:
    if not origins:
        yield Level.NOTE, "STREAK_CORS_ORIGINS", "is not set: no browser may call"
    if "*" in origins:
        yield Level.DANGEROUS, "STREAK_CORS_ORIGINS", "lets the pages of every website call"
    if any(one.startswith("http://") for one in origins):
        yield Level.DANGEROUS, "STREAK_CORS_ORIGINS", "has an origin without encryption"


def _of_scheduler(config: Config) -> Iterator[Found]:
    account, audience = config.maintenance_service_account, config.maintenance_audience
    if account is None or audience is None:
        message = "is not set: Cloud Scheduler is refused, and only an admin can run the maintenance job"
        yield Level.DANGEROUS, "MAINTENANCE_SERVICE_ACCOUNT", message
        return
    if account.endswith(_SHARED):
        message = "is an account that other things of the project run as too; give Cloud Scheduler one of its own"
        yield Level.DANGEROUS, "MAINTENANCE_SERVICE_ACCOUNT", message
    elif not _SERVICE_ACCOUNT.fullmatch(account):
        yield Level.DANGEROUS, "MAINTENANCE_SERVICE_ACCOUNT", "is a person's address, not that of a service account"
    if not audience.startswith("https://"):
        yield Level.DANGEROUS, "MAINTENANCE_AUDIENCE", "is not the https address of the function"


def _of_job(config: Config) -> Iterator[Found]:
    queue = config.maintenance_queue
    if queue is not None and not queue.url.startswith("https://"):
        yield Level.DANGEROUS, "MAINTENANCE_URL", "is not an https address: tokens would travel unprotected"
    if not config.maintenance_rules.is_paced:
        yield Level.DANGEROUS, "MAINTENANCE_PACING", "is off: writes may outrun what Firestore can take at once"
    if config.maintenance_rules.deadline_seconds >= SCHEDULER_SECONDS:
        message = f"Cloud Scheduler stops waiting after {SCHEDULER_SECONDS} seconds; a run must stop in order before"
        yield Level.DANGEROUS, "MAINTENANCE_DEADLINE_SECONDS", message
