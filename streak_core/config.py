"""The configuration of a process: read once from the environment into one frozen object, or refused by name.

Nothing else in the functions and the core reads the environment.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final

from streak_core.config_maintenance import MaintenanceQueue, maintenance_queue, maintenance_rules
from streak_core.policy import Policy, PolicyError, parse_policy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.maintenance.rules import Rules

_ORIGIN: Final = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")
_EMULATORS: Final = ("FIRESTORE_EMULATOR_HOST", "FIREBASE_AUTH_EMULATOR_HOST")


class ConfigError(Exception):
    """The environment does not say what it must; the message names each variable. The process must not start."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """Everything that differs between one deployment and another."""

    project: str
    database: str
    policy: Policy
    # Browser origins that may call; "*" alone allows all.
    cors_origins: frozenset[str]
    # The identity of Cloud Scheduler, and the audience its tokens must name; None where only admins may call.
    maintenance_service_account: str | None
    maintenance_audience: str | None
    # How maintenance goes about its work, and the queue it fans out through; None where one call does it all.
    maintenance_rules: Rules
    maintenance_queue: MaintenanceQueue | None
    # Only against the Firestore emulator may a request bring its own clock.
    allows_simulated_time: bool


def load_config(environ: Mapping[str, str]) -> Config:
    """The configuration that an environment describes. Raises `ConfigError`, which names every wrong variable."""
    wrong: list[str] = list(_dangerous(environ))
    project = environ.get("GOOGLE_CLOUD_PROJECT", "")
    if not project:
        wrong.append("GOOGLE_CLOUD_PROJECT: is not set; it names the project whose Firestore is used")
    origins = frozenset(filter(None, (one.strip() for one in environ.get("STREAK_CORS_ORIGINS", "").split(","))))
    wrong += [
        f"STREAK_CORS_ORIGINS: {origin!r} is not an origin such as https://app.example.com"
        for origin in sorted(origins - {"*"})
        if not _ORIGIN.fullmatch(origin)
    ]
    account = environ.get("MAINTENANCE_SERVICE_ACCOUNT") or None
    audience = environ.get("MAINTENANCE_AUDIENCE") or None
    if account and not _EMAIL.fullmatch(account):
        wrong.append("MAINTENANCE_SERVICE_ACCOUNT: is not the e-mail address of a service account")
    if (account is None) != (audience is None):
        wrong.append("MAINTENANCE_SERVICE_ACCOUNT and MAINTENANCE_AUDIENCE: set both or none")
    policy = _policy(environ.get("STREAK_POLICY_FILE"), wrong)
    rules, queue = maintenance_rules(environ, wrong), maintenance_queue(environ, wrong)
    if wrong or policy is None:
        raise ConfigError("the configuration is wrong:\n" + "\n".join(wrong))
    return Config(
        project=project,
        database=environ.get("FIRESTORE_DATABASE") or "(default)",
        policy=policy,
        cors_origins=origins,
        maintenance_service_account=account,
        maintenance_audience=audience,
        maintenance_rules=rules,
        maintenance_queue=queue,
        allows_simulated_time=bool(environ.get("FIRESTORE_EMULATOR_HOST")),
    )


def _dangerous(environ: Mapping[str, str]) -> list[str]:
    """Settings under which a process would believe self-made tokens or clocks where it matters."""
    found = [name for name in _EMULATORS if environ.get(name)]
    if environ.get("K_SERVICE") and found:
        return [f"{name}: must not be set in a deployed function" for name in found]
    if found == ["FIREBASE_AUTH_EMULATOR_HOST"]:
        return ["FIREBASE_AUTH_EMULATOR_HOST: must not be set without FIRESTORE_EMULATOR_HOST; it accepts any token"]
    return []


def _policy(file: str | None, wrong: list[str]) -> Policy | None:
    try:
        if file:
            return parse_policy(Path(file).read_text(encoding="utf-8"))
        return shipped_policy()
    except (OSError, UnicodeDecodeError) as error:
        wrong.append(f"STREAK_POLICY_FILE: can't be read: {error}")
    except PolicyError as error:
        wrong.append(f"STREAK_POLICY_FILE: {error}")
    return None


@lru_cache(maxsize=1)
def shipped_policy() -> Policy:
    """The policy that the package ships: the numbers of the contract."""
    return parse_policy(resources.files("streak_core").joinpath("policy.toml").read_text(encoding="utf-8"))
