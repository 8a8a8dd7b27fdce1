"""What a person chooses about a deployment, judged before anything is run. Must not know any command."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final
from zoneinfo import available_timezones

from functions.catalogue import FUNCTIONS
from streak_core.config.mail import PASSWORD
from streak_core.config.webhooks import EVENTS, FILE
from tools.deploy.errors import WrongUse
from tools.deploy.schedule import missing_window, values_of
from tools.monitoring.variables import VARIABLES, VariableError, filled

# What stands for the project's number until somebody has asked for it.
NUMBER_UNKNOWN: Final = "__PROJECT_NUMBER__"
DEFAULT_DATABASE: Final = "(default)"
SCHEDULE: Final = "0 * * * *"
TIME_ZONE: Final = "Etc/UTC"
# How long managed backups and exports are kept.
BACKUP_DAYS: Final = 7
CLOUD_TASKS: Final = "cloud-tasks"
SCHEDULER_ACCOUNT: Final = "unbroken-scheduler"
# Who deploys from Cloud Build, and who makes the images of the functions.
DEPLOY_ACCOUNT: Final = "unbroken-deploy"
BUILD_ACCOUNT: Final = "unbroken-build"
MAINTENANCE: Final = "maintenance"
ADMIN: Final = "admin"
BACKUP: Final = "backup"
REMINDERS: Final = "reminders"
# The queue by which that function's runs are fanned out.
REMINDER_SHARDS: Final = "reminder-shards"
# The queue by which the function `reminders` has servers of the app's told, and the trigger that calls it.
WEBHOOKS: Final = "webhooks"
SMTP_URL: Final = "STREAK_SMTP_URL"
PUBLIC_URL: Final = "STREAK_PUBLIC_URL"
# The job that has an export read back; its path is of the function `backup`.
BACKUP_DRILL: Final = "backup-drill"
SHARE: Final = "share"
TRUSTED_CALLERS: Final = "STREAK_TRUSTED_CALLERS"
# How the newest revision is asked where it has but a share of the requests.
CANARY_TAG: Final = "canary"

_VARIABLE: Final = re.compile(r"([A-Z][A-Z0-9_]*)=([^;]*)")
_SECRET: Final = re.compile(r"([A-Z][A-Z0-9_]*|/[A-Za-z0-9._/-]+)=([A-Za-z0-9_-]{1,255}):([1-9][0-9]*)")
# What must never be set where real tokens are checked, and what the deployment itself sets.
_EMULATORS: Final = re.compile(r"\w*EMULATOR\w*")
_SET_BY_US: Final = re.compile(
    r"GOOGLE_CLOUD_PROJECT|FIRESTORE_DATABASE|THREADS|PORT|K_SERVICE|FUNCTION_.*"
    r"|STREAK_(CORS_ORIGINS|COMMIT|COLLECTION_PREFIX|TRUSTED_AUDIENCE)"
    r"|MAINTENANCE_(SERVICE_ACCOUNT|AUDIENCE|FANOUT|QUEUE|URL)|(REMINDER|REMINDER_SHARD|WEBHOOK)_(QUEUE|URL)|REMINDER_FANOUT"
)


def _form(pattern: str) -> Callable[[str], object]:
    return re.compile(pattern).fullmatch


# By the name of make's variable: what is taken, and what is said of anything else.
_FORMS: Final[Mapping[str, tuple[Callable[[str], object], str]]] = {
    "PROJECT": (_form(r"[a-z][a-z0-9-]{4,28}[a-z0-9]"), "is not a project's id, as in PROJECT=my-streaks"),
    "REGION": (_form(r"[a-z]+-[a-z]+[0-9]{1,2}"), "is not a region, as in REGION=europe-west1"),
    "TIME_ZONE": (
        lambda text: text in available_timezones(),
        f"is not an IANA time zone, as in TIME_ZONE={TIME_ZONE}",
    ),
    "FANOUT": (_form(CLOUD_TASKS), f"must be {CLOUD_TASKS}, or not be set"),
    "REMINDER_FANOUT": (_form(CLOUD_TASKS), f"must be {CLOUD_TASKS}, or not be set"),
    "WEBHOOK_TRIGGER_LOCATION": (
        _form(r"[a-z]+[0-9]|[a-z]+-[a-z]+[0-9]{1,2}"),
        "is no location of a database, as in WEBHOOK_TRIGGER_LOCATION=eur3 or europe-west1",
    ),
    # The configuration of the functions judges each.
    "CORS_ORIGINS": (_form(r"[^;]*"), "must be origins that are separated by commas"),
    "PREFIX": (_form(r"[a-z][a-z0-9-]{0,30}-"), "must be small letters, digits and hyphens, as in PREFIX=unbroken-"),
    "DATABASE": (_form(r"\(default\)|[a-z][a-z0-9-]{2,61}[a-z0-9]"), "is no database's name, as in DATABASE=unbroken"),
    "ADDRESS": (_form(r"https://[a-z0-9.-]+"), "is not an address, as in ADDRESS=https://my-streaks.web.app"),
    # As long as Firestore keeps a managed backup.
    "BACKUP_DAYS": (_form(r"[1-9]|[1-8][0-9]|9[0-8]"), "must be from 1 to 98, in days, as in BACKUP_DAYS=7"),
    "APP_CHECK_KEY": (_form(r"[A-Za-z0-9_-]{20,100}"), "is no site key of reCAPTCHA Enterprise, which begins with 6L"),
    "CANARY": (_form(r"[1-9][0-9]?"), "must be from 1 to 99, in per cent"),
    "COMMIT": (_form(r"[0-9a-f]{7,40}(-dirty)?"), "is not a commit, as `git rev-parse HEAD` names it"),
    "RULES": (_form("merge|replace"), "must be merge or replace, or not be set"),
    "FUNCTION": (lambda text: text in FUNCTIONS, f"is no function; there are {', '.join(FUNCTIONS)}"),
}


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
    # What stands before the name of each service, job and queue, and of each collection; and the database.
    prefix: str = ""
    collection_prefix: str = ""
    database: str = DEFAULT_DATABASE
    # The one address under which clients find all functions; empty where each has its own only.
    address: str = ""
    # The site key of reCAPTCHA Enterprise by which the page proves itself to App Check; empty where it does not.
    app_check_key: str = ""
    schedule: str = SCHEDULE
    time_zone: str = TIME_ZONE
    # Whether a run is a task a shard: maintenance, and that over those who are to be reminded.
    is_fanned_out: bool = False
    is_reminding_fanned_out: bool = False
    # Where the trigger lies by which servers are told within seconds: where the database does; empty for none.
    webhook_trigger_location: str = ""
    # How long managed backups and exports are kept.
    backup_days: int = BACKUP_DAYS
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

    def member(self, name: str) -> str:
        """A service account of the project, as one that is given a role."""
        return f"serviceAccount:{self.account(name)}"

    @property
    def place(self) -> dict[str, object]:
        """Where a service of Cloud Run is, as flags; nobody is asked anything."""
        return {"region": self.region, "project": self.project, "quiet": True}

    def named(self, name: str) -> str:
        """What a function, the job or the queue is called in the project."""
        return f"{self.prefix}{name}"

    def url(self, function: str) -> str:
        """The address of a function, known before it is deployed."""
        return f"https://{self.named(function)}-{self.project_number}.{self.region}.run.app"

    def canary_url(self, function: str) -> str:
        """The address that leads to the newest revision of a function alone, whatever share of requests it has."""
        return f"https://{CANARY_TAG}---{self.url(function).removeprefix('https://')}"

    @property
    def variables(self) -> dict[str, str]:
        """Where everything is, by the names of make's variables, as one step tells another; defaults are left out."""
        found = {"PREFIX": self.prefix, "STREAK_COLLECTION_PREFIX": self.collection_prefix, "ADDRESS": self.address}
        found["DATABASE"] = "" if self.database == DEFAULT_DATABASE else self.database
        place = {"PROJECT": self.project, "REGION": self.region}
        return place | {name: value for name, value in found.items() if value}

    @property
    def monitoring_variables(self) -> dict[str, str]:
        """What the files of monitoring leave open: what was given, else what follows from the deployment."""
        host, window = self.url("health").removeprefix("https://"), missing_window(self.schedule)
        prefix = {"SERVICE_PREFIX": self.prefix} if self.prefix else {}
        return {"HEALTH_HOST": host, "MAINTENANCE_WINDOW": window, **prefix, **dict(self.monitoring)}

    @property
    def backup_bucket(self) -> str:
        """The bucket that the database is exported to each day."""
        return dict(self.environment).get("BACKUP_BUCKET") or f"{self.project}-unbroken-backups"

    def secrets_of(self, function: str) -> tuple[Secret, ...]:
        """The secrets that a function is given: all but those of whoever sends, which are for that one alone."""
        if function == REMINDERS:
            return self.secrets
        senders = {PASSWORD, dict(self.environment).get(FILE)}
        return tuple(one for one in self.secrets if one.target not in senders)

    @property
    def has_webhooks(self) -> bool:
        """Whether any server of the app's is told what happened."""
        return EVENTS in dict(self.environment)

    def queue(self, function: str) -> str:
        """The full name of the queue that tasks of a function go through."""
        return f"projects/{self.project}/locations/{self.region}/queues/{self.named(function)}"


def read(options: Mapping[str, str]) -> Settings:
    """What was chosen, by the names of make's variables; what is empty is as it is by default. Raises `WrongUse`."""
    given = {"PROJECT": "", "REGION": ""} | {name: text for name, text in options.items() if text}
    for name, (is_taken, complaint) in _FORMS.items():
        _require(name not in given or is_taken(given[name]), f"{name}={given.get(name)} {complaint}")
    variables = environment(given.get("ENV", ""))
    chosen = Settings(
        project=given["PROJECT"],
        region=given["REGION"],
        prefix=given.get("PREFIX", ""),
        collection_prefix=given.get("STREAK_COLLECTION_PREFIX", ""),
        database=given.get("DATABASE", DEFAULT_DATABASE),
        address=given.get("ADDRESS", ""),
        app_check_key=given.get("APP_CHECK_KEY", ""),
        schedule=given.get("SCHEDULE", SCHEDULE),
        time_zone=given.get("TIME_ZONE", TIME_ZONE),
        is_fanned_out="FANOUT" in given,
        is_reminding_fanned_out="REMINDER_FANOUT" in given,
        webhook_trigger_location=given.get("WEBHOOK_TRIGGER_LOCATION", ""),
        backup_days=int(given.get("BACKUP_DAYS", BACKUP_DAYS)),
        cors_origins=given.get("CORS_ORIGINS", ""),
        environment=tuple(variables.items()),
        secrets=secrets(given.get("SECRETS", ""), variables),
        canary_percent=int(given["CANARY"]) if "CANARY" in given else None,
        monitoring=_monitoring(given),
        commit=given.get("COMMIT", ""),
    )
    values_of(chosen.schedule)
    return chosen


def environment(text: str) -> dict[str, str]:
    """Further variables of the functions, as in `A=1;B=2`. Raises `WrongUse`."""
    found: dict[str, str] = {}
    for one in filter(None, text.split(";")):
        match = _VARIABLE.fullmatch(one)
        if match is None:
            message = f"ENV: {one!r} is not of the form NAME=value, as in ENV='MAINTENANCE_THREADS=8;NAME=value'"
            raise WrongUse(message)
        _require_settable("ENV", match[1], found)
        found[match[1]] = match[2]
    return found


def secrets(text: str, variables: Collection[str] = ()) -> tuple[Secret, ...]:
    """References to secrets, as in `NAME=secret:3,/policy/policy.toml=policy:1`. Raises `WrongUse`.

    `variables` are the names that ENV sets.
    """
    found: dict[str, Secret] = {}
    for one in filter(None, text.split(",")):
        match = _SECRET.fullmatch(one)
        if match is None:
            message = (
                f"SECRETS: {one.partition('=')[0]!r} does not name a secret and its version by number, as in "
                "SECRETS=NAME=my-secret:3; a value is never given here, and `latest` can't be rolled back"
            )
            raise WrongUse(message)
        _require_settable("SECRETS", match[1], found)
        _require(match[1] not in variables, f"SECRETS: {match[1]} is set by ENV, too; leave it out of one of them")
        found[match[1]] = Secret(target=match[1], name=match[2], version=match[3])
    return tuple(found.values())


def _require_settable(where: str, name: str, others: Collection[str]) -> None:
    it = f"{where}: {name}"
    _require(not _EMULATORS.fullmatch(name), f"{it} can't be set; it is for this machine alone, so leave it out")
    _require(not _SET_BY_US.fullmatch(name), f"{it} can't be set; the deployment sets what it needs, so leave it out")
    _require(name not in others, f"{it} is set twice; leave one of them out")


def _monitoring(given: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Of the variables that the files of monitoring leave open, those that were given. Raises `WrongUse`."""
    chosen = {one.name: given[one.name] for one in VARIABLES if one.name in given}
    try:
        filled([f"${{{name}}}" for name in chosen], chosen)
    except VariableError as error:
        raise WrongUse(str(error)) from error
    return tuple(chosen.items())


def _require(holds: object, message: str) -> None:
    if not holds:
        raise WrongUse(message)
