"""Which database the operator means: an emulator as the environment says, production only by name.

It must not connect to anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from streak_core.config import ConfigError, load_config
from streak_core.domain.policy import Policy
from streak_core.domain.rules import PolicyInTime, Rules, always

EMULATOR: Final = "FIRESTORE_EMULATOR_HOST"
# The project of `make run` and `make serve`.
LOCAL_PROJECT: Final = "demo-streak"
_PASSED_ON: Final = ("FIRESTORE_DATABASE", "STREAK_COLLECTION_PREFIX", "STREAK_POLICY_FILE", "STREAK_STORED_FORM")


class WrongUseError(Exception):
    """It can't be done as it was asked for; the message says what to do instead."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """A database, and the policy of those who write there."""

    project: str
    database: str
    collection_prefix: str
    # Number 0 of the policies in time: those that were published there come after it.
    first_policy: PolicyInTime
    # The form that is written there of users of whom nothing newer is stored.
    stored_form: int
    # Its address; None in production.
    emulator: str | None
    # By which activities were priced before.
    earlier: tuple[Rules, ...] = ()

    @property
    def policy(self) -> Policy:
        """What number 0 says."""
        return self.first_policy.policy

    def __str__(self) -> str:
        where = f"the emulator at {self.emulator}" if self.emulator else "Google Cloud"
        return f"database {self.database} of project {self.project}, {where}"


def find_target(
    environ: Mapping[str, str],
    project: str | None,
    database: str | None,
    policy_file: Path | None,
    earlier: Sequence[Path] = (),
) -> Target:
    """The target that the options and the environment name. Raises `WrongUseError`."""
    emulator = environ.get(EMULATOR) or None
    if emulator is None and not project:
        message = (
            "this would be production, so say which: --project PROJECT. "
            f"For an emulator set {EMULATOR}, as in {EMULATOR}=127.0.0.1:8081"
        )
        raise WrongUseError(message)
    known = {name: environ[name] for name in _PASSED_ON if environ.get(name)}
    known["GOOGLE_CLOUD_PROJECT"] = project or environ.get("GOOGLE_CLOUD_PROJECT") or LOCAL_PROJECT
    if database:
        known["FIRESTORE_DATABASE"] = database
    if policy_file:
        known["STREAK_POLICY_FILE"] = str(policy_file)
    try:
        config = load_config(known)
        priced_by = tuple(always(load_config({**known, "STREAK_POLICY_FILE": str(one)}).policy) for one in earlier)
    except ConfigError as error:
        raise WrongUseError(str(error)) from error
    return Target(
        project=config.project,
        database=config.database,
        collection_prefix=config.collection_prefix,
        first_policy=config.first_policy,
        earlier=priced_by,
        stored_form=config.stored_form,
        emulator=emulator,
    )
