"""Which project the local environment plays. Must not know who is of it."""

import os
import re
from collections.abc import Mapping
from typing import Final

from emulator.errors import SetupError
from emulator.token import PROJECT

# What a function is told its project by, and streakctl too.
PROJECT_VARIABLE: Final = "GOOGLE_CLOUD_PROJECT"
_ID: Final = re.compile(r"[a-z][a-z0-9-]{4,28}[a-z0-9]", re.ASCII)


def requested_project(environment: Mapping[str, str] = os.environ) -> str:
    """The project that the variable PROJECT names, or the default. Raises SetupError when that can be none's id."""
    text = environment.get("PROJECT", "").strip() or PROJECT
    if not _ID.fullmatch(text):
        message = (
            f"PROJECT={text} is not a project's id: 6 to 30 of a-z, 0-9 and -, a letter first and no - last, "
            f"as in PROJECT=demo-my-app"
        )
        raise SetupError(message)
    return text
