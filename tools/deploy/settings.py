"""What a person chooses about a deployment, judged before anything is run. Must not know any command."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from zoneinfo import available_timezones

from functions.catalogue import CATALOGUE, DeployedFunction
from tools.deploy.errors import WrongUse
from tools.monitoring.variables import VariableError, filled

# What stands for the project's number until somebody has asked for it.
NUMBER_UNKNOWN: Final = "__PROJECT_NUMBER__"
SCHEDULE: Final = "0 * * * *"
TIME_ZONE: Final = "Etc/UTC"
CLOUD_TASKS: Final = "cloud-tasks"
SCHEDULER_ACCOUNT: Final = "unbroken-scheduler"
# Who deploys from Cloud Build, and who makes the images of the functions.
DEPLOY_ACCOUNT: Final = "unbroken-deploy"
BUILD_ACCOUNT: Final = "unbroken-build"
MAINTENANCE: Final = "maintenance"

_PROJECT: Final = re.compile(r"[a-z][a-z0-9-]{4,28}[a-z0-9]")
_REGION: Final = re.compile(r"[a-z]+-[a-z]+[0-9]{1,2}")
_NUMBER: Final = re.compile(r"[0-9]{1,20}")
_SCHEDULE: Final = re.compile(r"[0-9*,/-]+( [0-9A-Za-z*,/-]+){4}")
_VARIABLE: Final = re.compile(r"([A-Z][A-Z0-9_]*)=([^;]*)")
_SECRET: Final = re.compile(r"([A-Z][A-Z0-9_]*|/[A-Za-z0-9._/-]+)=([A-Za-z0-9_-]{1,255}):([1-9][0-9]*)")
_CANARY: Final = re.compile(r"[1-9][0-9]?")
_COMMIT: Final = re.compile(r"[0-9a-f]{7,40}(-dirty)?")
# What the deployment itself sets, and what must never be set where real tokens are checked.
_NOT_TO_BE_SET: Final = re.compile(
    r"GOOGLE_CLOUD_PROJECT|THREADS|PORT|K_SERVICE|FUNCTION_.*|STREAK_(CORS_ORIGINS|COMMIT)|.*EMULATOR.*"
    r"|MAINTENANCE_(SERVICE_ACCOUNT|AUDIENCE|FANOUT|QUEUE|URL)"
)


@dataclass(frozen=True, kw_only=True)
class Secret:
    """A version of a secret in Secret Manager, and the variable or the file that a function finds it in."""

    target: str
    name: str
    version: str


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One deployment."""

    project: str
    region: str
    project_number: str = NUMBER_UNKNOWN
    schedule: str = SCHEDULE
    time_zone: str = TIME_ZONE
    is_fanned_out: bool = False
    # As STREAK_CORS_ORIGINS takes them.
    cors_origins: str = ""
    environment: tuple[tuple[str, str], ...] = ()
    secrets: tuple[Secret, ...] = ()
    # The share of requests, in per cent, that new revisions get; None for all.
    canary_percent: int | None = None
    # What the files of monitoring leave open and was given, by its name in tools/monitoring/variables.py.
    monitoring: tuple[tuple[str, str], ...] = ()
    # The commit that is deployed, which /health tells; empty where nobody knows.
    commit: str = ""

    def account(self, name: str) -> str:
        """The e-mail address of a service account of the project."""
        return f"{name}@{self.project}.iam.gserviceaccount.com"

    def url(self, function: str) -> str:
        """The address of a function, known before it is deployed."""
        return f"https://{function}-{self.project_number}.{self.region}.run.app"

    @property
    def queue(self) -> str:
        """The full name of the queue that a run is fanned out through."""
        return f"projects/{self.project}/locations/{self.region}/queues/{MAINTENANCE}"


def function_named(name: str) -> DeployedFunction:
    """The function of the catalogue. Raises `WrongUse`."""
    for one in CATALOGUE:
        if one.name == name:
            return one
    message = f"FUNCTION={name} is no function; there are {', '.join(one.name for one in CATALOGUE)}"
    raise WrongUse(message)


def project_and_region(project: str, region: str) -> Settings:
    """The least that every command needs. Raises `WrongUse`."""
    _require(_PROJECT.fullmatch(project), f"PROJECT={project} is not a project's id, as in PROJECT=my-streaks")
    _require(_REGION.fullmatch(region), f"REGION={region} is not a region, as in REGION=europe-west1")
    return Settings(project=project, region=region)


def project_number(text: str) -> str:
    """What Google answered when asked for a project's number. Raises `WrongUse`."""
    _require(_NUMBER.fullmatch(text), f"{text!r} is not a project's number")
    return text


def schedule(text: str) -> str:
    """A schedule as Cloud Scheduler takes it, in cron's five fields. Raises `WrongUse`."""
    _require(
        _SCHEDULE.fullmatch(text), f"SCHEDULE={text} does not have cron's five fields, as in SCHEDULE='{SCHEDULE}'"
    )
    return text


def time_zone(text: str) -> str:
    """A time zone of the IANA database. Raises `WrongUse`."""
    _require(text in available_timezones(), f"TIME_ZONE={text} is not an IANA time zone, as in TIME_ZONE={TIME_ZONE}")
    return text


def fan_out(text: str) -> bool:
    """Whether runs are fanned out. Raises `WrongUse`."""
    _require(text in {"", CLOUD_TASKS}, f"FANOUT={text} must be {CLOUD_TASKS}, or not be set")
    return text == CLOUD_TASKS


def cors_origins(text: str) -> str:
    """Origins, separated by commas; the configuration of the functions judges each. Raises `WrongUse`."""
    _require(";" not in text, "CORS_ORIGINS: origins are separated by commas")
    return text


def environment(text: str) -> tuple[tuple[str, str], ...]:
    """Further variables of the functions, as in `A=1;B=2`. Raises `WrongUse`."""
    found = []
    for one in filter(None, text.split(";")):
        match = _VARIABLE.fullmatch(one)
        _require(match, f"ENV: {one!r} is not of the form NAME=value, as in ENV='MAINTENANCE_THREADS=8;NAME=value'")
        name, value = one.split("=", 1)
        _require(not _NOT_TO_BE_SET.fullmatch(name), f"ENV: {name} can't be set; the deployment sets what it needs")
        found.append((name, value))
    return tuple(found)


def secrets(text: str) -> tuple[Secret, ...]:
    """References to secrets, as in `NAME=secret:3,/policy/policy.toml=policy:1`. Raises `WrongUse`."""
    found = []
    for one in filter(None, text.split(",")):
        match = _SECRET.fullmatch(one)
        if match is None:
            message = (
                f"SECRETS: {one.partition('=')[0]!r} does not name a secret and its version by number, as in "
                "SECRETS=NAME=my-secret:3; a value is never given here, and `latest` can't be rolled back"
            )
            raise WrongUse(message)
        found.append(Secret(target=match[1], name=match[2], version=match[3]))
    return tuple(found)


def canary(text: str) -> int | None:
    """A share in per cent. Raises `WrongUse`."""
    _require(not text or _CANARY.fullmatch(text), f"CANARY={text} must be from 1 to 99, in per cent")
    return int(text) if text else None


def monitoring(given: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Of the variables that the files of monitoring leave open, those that were given. Raises `WrongUse`."""
    chosen = {name: text for name, text in given.items() if text}
    try:
        filled([f"${{{name}}}" for name in chosen], chosen)
    except VariableError as error:
        raise WrongUse(str(error)) from error
    return tuple(chosen.items())


def commit(text: str) -> str:
    """A commit as git names it. Raises `WrongUse`."""
    _require(not text or _COMMIT.fullmatch(text), f"COMMIT={text} is not a commit, as `git rev-parse HEAD` names it")
    return text


def _require(holds: object, message: str) -> None:
    if not holds:
        raise WrongUse(message)
