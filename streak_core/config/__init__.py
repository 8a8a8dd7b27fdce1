"""The configuration of a process: read once from the environment into one frozen object, or refused by name.

It must not know who is configured.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from streak_core.config.audit import AuditRules, audit_rules
from streak_core.config.backup import BackupRules, backup_rules
from streak_core.config.dangers import dangerous
from streak_core.config.environment import is_on, own_environment
from streak_core.config.mail import MailRules, mail_rules
from streak_core.config.maintenance import (
    MaintenanceQueue,
    MaintenanceRules,
    maintenance_queue,
    maintenance_rules,
    reminder_queue,
    reminder_shard_queue,
    webhook_queue,
)
from streak_core.config.own_files import kinds_text, notice_texts
from streak_core.config.telemetry import TelemetryRules, telemetry_rules
from streak_core.config.webhooks import WebhookRules, webhook_rules
from streak_core.domain.policy import Policy, PolicyError, parse_new_policy, parse_policy
from streak_core.domain.rules import ALWAYS, PolicyInTime, Rules, always

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Of pages, of apps in a web view, and of browsers' extensions.
ORIGIN: Final = re.compile(
    r"(https?|capacitor|ionic|tauri|chrome-extension|moz-extension|safari-web-extension)"
    r"://[A-Za-z0-9.-]{1,253}(:\d{1,5})?",
    re.ASCII,
)
_TENANT: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9-]{3,35}", re.ASCII)
_SITE: Final = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")
# It may not be how one of our own names begins.
_PREFIX: Final = re.compile(r"(?!maintenance_|health_)[a-z](?:[a-z0-9]|_(?!_)){0,29}_", re.ASCII)
_STORED_FORMS: Final = ("1", "2")


class ConfigError(Exception):
    """The environment does not say what it must; the message names each variable. The process must not start.

    `wrong` has a line for each, which says what is wrong with it and never what it says: anybody may see these lines.
    """

    def __init__(self, wrong: Iterable[str]) -> None:
        self.wrong = tuple(wrong)
        super().__init__("\n".join(["the configuration is wrong:", *self.wrong]))


class ServiceCaller(NamedTuple):
    """A service account, and the audience that its tokens must name; None and None where there is no such identity."""

    account: str | None
    audience: str | None


@dataclass(frozen=True, kw_only=True)
class IdentityRules:
    """Whether revoked tokens and disabled users are refused, whether the app itself must be genuine, and whose users.

    `tenant` is the one tenant of Identity Platform whose users are users here; None where they are of none.
    `trusted_callers` are the service accounts that may act for users, with tokens for `trusted_audience`.
    """

    checks_revoked: bool = False
    checks_app: bool = False
    tenant: str | None = None
    trusted_callers: frozenset[str] = frozenset()
    trusted_audience: str | None = None


@dataclass(frozen=True, kw_only=True)
class Config:
    """Everything that differs between one deployment and another."""

    project: str
    database: str
    # What stands before the name of each collection; empty where nothing does.
    collection_prefix: str
    policy: Policy
    # What it was read from, as TOML.
    policy_text: str
    # The kinds of records of an app's own, as TOML; None for those that the package ships.
    kinds_text: str | None
    # The words of notices of an app's own, as TOML; None for those that the package ships.
    notice_texts: str | None
    # Browser origins that may call; "*" alone allows all.
    cors_origins: frozenset[str]
    # Where everybody finds the functions, such as https://app.example.com; None where each is found at its own host.
    public_url: str | None
    # Cloud Scheduler; where it has no identity only admins may call. The account is the same for each function that
    # acts for all users, and the audience is that function's own.
    scheduler: ServiceCaller
    # Who asks for more of the health function than everybody is told; where it has no identity only admins may.
    monitoring: ServiceCaller
    # How maintenance goes about its work, and the queue it fans out through; None where one call does it all.
    maintenance_rules: MaintenanceRules
    maintenance_queue: MaintenanceQueue | None
    # Those that notices are sent through, and shards of a run; None where nobody is reminded, or one call does it all.
    reminder_queue: MaintenanceQueue | None
    reminder_shard_queue: MaintenanceQueue | None
    # By which server e-mail is sent; None where none is.
    mail: MailRules | None
    # Which servers of the app's are told of which events, and the queue that has it done.
    webhooks: WebhookRules
    webhook_queue: MaintenanceQueue | None
    backup: BackupRules
    telemetry: TelemetryRules
    audit: AuditRules
    identity: IdentityRules
    # What the platform calls that which is deployed; None elsewhere.
    revision: str | None
    # The commit that it was made from; None where nobody has said it.
    commit: str | None
    # The form that is written of users of whom nothing newer is stored.
    stored_form: int
    # Only against the Firestore emulator may a request bring its own clock.
    allows_simulated_time: bool

    @property
    def first_policy(self) -> PolicyInTime:
        """Number 0 of the policies in time."""
        return PolicyInTime(number=0, effective_from=ALWAYS, policy=self.policy, text=self.policy_text)

    @property
    def is_emulated(self) -> bool:
        """Whether the database is the emulator."""
        return self.allows_simulated_time


def own_config() -> Config:
    """The configuration of this process. Raises `ConfigError`."""
    return load_config(own_environment())


def load_config(environ: Mapping[str, str]) -> Config:
    """The configuration that an environment describes. Raises `ConfigError`, which names every wrong variable."""
    wrong: list[str] = dangerous(environ)
    project = _project(environ, wrong)
    policy, policy_text = _policy(environ.get("STREAK_POLICY_FILE"), wrong)
    config = Config(
        project=project,
        database=environ.get("FIRESTORE_DATABASE") or "(default)",
        cors_origins=_origins(environ, wrong),
        public_url=_public_url(environ, wrong),
        scheduler=_identity(environ, "MAINTENANCE", wrong),
        monitoring=_identity(environ, "MONITORING", wrong),
        policy=policy,
        policy_text=policy_text,
        kinds_text=kinds_text(environ, wrong),
        notice_texts=notice_texts(environ, wrong),
        maintenance_rules=maintenance_rules(environ, wrong),
        maintenance_queue=maintenance_queue(environ, wrong),
        reminder_queue=reminder_queue(environ, wrong),
        reminder_shard_queue=reminder_shard_queue(environ, wrong),
        mail=mail_rules(environ, wrong),
        webhooks=webhook_rules(environ, wrong),
        webhook_queue=webhook_queue(environ, wrong),
        backup=backup_rules(environ, wrong),
        telemetry=telemetry_rules(environ, wrong),
        audit=audit_rules(environ, wrong),
        identity=identity_rules(environ, wrong),
        stored_form=_stored_form(environ, wrong),
        collection_prefix=_collection_prefix(environ, wrong),
        revision=environ.get("K_REVISION") or None,
        commit=environ.get("STREAK_COMMIT") or None,
        allows_simulated_time=bool(environ.get("FIRESTORE_EMULATOR_HOST")),
    )
    if wrong:
        raise ConfigError(wrong)
    return config


def _project(environ: Mapping[str, str], wrong: list[str]) -> str:
    project = environ.get("GOOGLE_CLOUD_PROJECT", "")
    if not project:
        wrong.append("GOOGLE_CLOUD_PROJECT: is not set; it names the project whose Firestore is used")
    return project


def _origins(environ: Mapping[str, str], wrong: list[str]) -> frozenset[str]:
    """The origins that are named, separated by commas."""
    named = [one.strip() for one in environ.get("STREAK_CORS_ORIGINS", "").split(",") if one.strip()]
    wrong += [
        f"STREAK_CORS_ORIGINS: origin {number} of {len(named)} is not of a form such as https://app.example.com or capacitor://localhost"
        for number, origin in enumerate(named, 1)
        if origin != "*" and not ORIGIN.fullmatch(origin)
    ]
    return frozenset(named)


def _public_url(environ: Mapping[str, str], wrong: list[str]) -> str | None:
    said = environ.get("STREAK_PUBLIC_URL") or None
    if said and not _SITE.fullmatch(said):
        wrong.append("STREAK_PUBLIC_URL: is not of a form such as https://app.example.com, without a path")
    return said


def _identity(environ: Mapping[str, str], prefix: str, wrong: list[str]) -> ServiceCaller:
    account, audience = (environ.get(f"{prefix}_{name}") or None for name in ("SERVICE_ACCOUNT", "AUDIENCE"))
    if account and not _EMAIL.fullmatch(account):
        wrong.append(f"{prefix}_SERVICE_ACCOUNT: is not the e-mail address of a service account")
    if (account is None) != (audience is None):
        wrong.append(f"{prefix}_SERVICE_ACCOUNT and {prefix}_AUDIENCE: set both or none")
    return ServiceCaller(account, audience)


def identity_rules(environ: Mapping[str, str], wrong: list[str]) -> IdentityRules:
    """What the environment says. The Auth emulator has neither accounts nor apps to ask about: there both are off."""
    is_emulated = bool(environ.get("FIREBASE_AUTH_EMULATOR_HOST"))
    tenant = environ.get("STREAK_TENANT") or None
    if tenant and not _TENANT.fullmatch(tenant):
        wrong.append("STREAK_TENANT: is not the id of a tenant, such as acme-x1y2z")
    callers, audience = _trusted(environ, wrong)
    return IdentityRules(
        tenant=tenant,
        trusted_callers=callers,
        trusted_audience=audience,
        checks_revoked=is_on(environ, "STREAK_CHECK_REVOKED", wrong) and not is_emulated,
        checks_app=is_on(environ, "STREAK_APP_CHECK", wrong) and not is_emulated,
    )


def _trusted(environ: Mapping[str, str], wrong: list[str]) -> tuple[frozenset[str], str | None]:
    """The service accounts that are named, separated by commas, and the audience that their tokens must name."""
    named = [one.strip() for one in environ.get("STREAK_TRUSTED_CALLERS", "").split(",") if one.strip()]
    audience = environ.get("STREAK_TRUSTED_AUDIENCE") or None
    wrong += [
        f"STREAK_TRUSTED_CALLERS: caller {number} of {len(named)} is not the e-mail address of a service account"
        for number, caller in enumerate(named, 1)
        if not _EMAIL.fullmatch(caller)
    ]
    if bool(named) != (audience is not None):
        wrong.append("STREAK_TRUSTED_CALLERS and STREAK_TRUSTED_AUDIENCE: set both or none")
    return frozenset(named), audience


def _collection_prefix(environ: Mapping[str, str], wrong: list[str]) -> str:
    prefix = environ.get("STREAK_COLLECTION_PREFIX", "")
    if prefix and not _PREFIX.fullmatch(prefix):
        wrong.append(
            "STREAK_COLLECTION_PREFIX: must be small letters, digits and single underscores, with one at its end, "
            "such as unbroken_; maintenance_ and health_ are how names of our own begin"
        )
    return prefix


def _stored_form(environ: Mapping[str, str], wrong: list[str]) -> int:
    chosen = environ.get("STREAK_STORED_FORM") or "2"
    if chosen not in _STORED_FORMS:
        wrong.append("STREAK_STORED_FORM: must be 1, for the release after which form 2 is written, or 2")
        return 2
    return int(chosen)


def _policy(file: str | None, wrong: list[str]) -> tuple[Policy, str]:
    """The policy and its text; those that are shipped where the one that is named does not read, and nothing starts."""
    try:
        if file:
            text = Path(file).read_text(encoding="utf-8")
            return parse_new_policy(text), text
    except OSError as error:
        wrong.append(f"STREAK_POLICY_FILE: can't be read: {error.strerror}")
    except UnicodeDecodeError:
        wrong.append("STREAK_POLICY_FILE: can't be read: it is not UTF-8")
    except PolicyError as error:
        wrong.append(f"STREAK_POLICY_FILE: {error}")
    return shipped_policy(), shipped_text()


@lru_cache(maxsize=1)
def shipped_policy() -> Policy:
    """The policy that the package ships: the numbers of the contract."""
    return parse_policy(shipped_text())


def shipped_text() -> str:
    """What that policy is read from."""
    return resources.files("streak_core").joinpath("policy.toml").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def shipped_rules() -> Rules:
    """That policy, as if no other one was ever in force."""
    return always(shipped_policy())
