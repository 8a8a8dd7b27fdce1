"""One check of an environment, from reading it to the verdict. It must not know how it is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tools.check_config.database import Attempt, Tried, attempts
from tools.check_config.judging import Finding, Level, judge
from tools.check_config.variables import Reading, readings

if TYPE_CHECKING:
    from streak_core.config import Config

# As if deployed, where the platform does not say so.
_ANY_FUNCTION: Final = {"K_SERVICE": "check-config"}


@dataclass(frozen=True, kw_only=True)
class Report:
    """What was found; the database was not tried where the configuration is wrong, since nothing would ever ask it."""

    is_production: bool
    readings: tuple[Reading, ...]
    findings: tuple[Finding, ...]
    attempts: tuple[Attempt, ...]

    @property
    def is_fine(self) -> bool:
        """Whether a deployment may go ahead with it, or work on this machine where it is judged for that."""
        bad = {Level.WRONG, Level.DANGEROUS} if self.is_production else {Level.WRONG}
        return not any(one.level in bad for one in self.findings) and all(one.is_fine for one in self.attempts)


def check(environ: Mapping[str, str], *, is_production: bool, probe: Callable[[Config], Tried]) -> Report:
    """Judges an environment, as that of a deployed function where asked to, and tries the database that it names."""
    is_production = is_production or bool(environ.get("K_SERVICE"))
    judgement = judge({**_ANY_FUNCTION, **environ} if is_production else environ)
    return Report(
        is_production=is_production,
        readings=readings(environ, judgement.wrong),
        findings=judgement.findings,
        attempts=attempts(probe(judgement.config)) if judgement.config else (),
    )
