"""What a process does before it serves a function: looks at its configuration, and chooses where log lines go.

It must not know what any function does.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from functions.http import runtime
from functions.http.logs import log_as_json
from streak_core.config import ConfigError
from streak_core.telemetry import LogEvent, log

if TYPE_CHECKING:
    from streak_core.config import Config

# The one function that is of use with a wrong configuration: all it answers then is what is wrong.
HEALTH: Final = "health"
# The one whose answers lead to itself, which nobody but the deployment can say where it is.
_SHARE: Final = "share"


@cache
def start(function: str) -> None:
    """Raises `ConfigError`: with a wrong or dangerous configuration, nothing but its health is served."""
    wrong = runtime.wrong_settings()
    log_as_json(None if wrong else runtime.config())
    for line in wrong:
        log(LogEvent.CONFIGURATION_WRONG, line)
    if function != HEALTH:
        _check_site(function, runtime.config())


def _check_site(function: str, config: Config) -> None:
    if function == _SHARE and not config.public_url and not config.is_emulated:
        raise ConfigError(["STREAK_PUBLIC_URL: is not set; no link is made of the host that a request names"])
