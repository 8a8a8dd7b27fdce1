"""What must not be set where a process is deployed, or without the emulator of the database.

It must not know the rest of the configuration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streak_core.config.environment import FUNCTIONS_EMULATOR, is_deployed

if TYPE_CHECKING:
    from collections.abc import Mapping

_EMULATORS: Final = (
    "FIRESTORE_EMULATOR_HOST",
    "FIREBASE_AUTH_EMULATOR_HOST",
    "CLOUD_TASKS_EMULATOR_HOST",
    "FIRESTORE_ADMIN_EMULATOR_HOST",
)
_WHY: Final = {
    "FIREBASE_AUTH_EMULATOR_HOST": "it accepts any token",
    "CLOUD_TASKS_EMULATOR_HOST": "no task would ever come",
    "FIRESTORE_ADMIN_EMULATOR_HOST": "nothing would ever be exported",
}


def dangerous(environ: Mapping[str, str]) -> list[str]:
    """Settings under which a process would believe self-made tokens or clocks where it matters."""
    found = [name for name in _EMULATORS if environ.get(name)]
    if is_deployed(environ):
        found += [FUNCTIONS_EMULATOR] if environ.get(FUNCTIONS_EMULATOR) else []
        return [f"{name}: must not be set in a deployed function" for name in found]
    if "FIRESTORE_EMULATOR_HOST" in found:
        return []
    return [f"{name}: must not be set without FIRESTORE_EMULATOR_HOST; {_WHY[name]}" for name in found]
