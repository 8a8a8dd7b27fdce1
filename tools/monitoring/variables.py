"""The variables that the files of monitoring leave open, and how they are filled in from the environment.

It must not know which file uses which. `${NAME}` in capitals is ours; `${policy.display_name}` and the like are
Google's own and stay as they are. A file that still has its variables is valid YAML.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

_PLACEHOLDER: Final = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")
_CHANNEL: Final = re.compile(r"projects/[^/\s]+/notificationChannels/[^/\s]+")


class VariableError(Exception):
    """A variable is missing, unknown or malformed; the message names each."""


@dataclass(frozen=True, kw_only=True)
class Variable:
    """One variable. A list is separated by commas, and takes the place of the list item that it stands in."""

    name: str
    meaning: str
    form: re.Pattern[str]
    # With what the files are checked.
    example: str
    is_list: bool = False
    # Another variable whose value it has where it is not set.
    fallback: str = ""
    # What it is where it is not set; None where it must be.
    default: str | None = None


VARIABLES: Final = (
    Variable(
        name="NOTIFICATION_CHANNELS",
        meaning="who is told at once: projects/…/notificationChannels/…, several separated by commas; not set, nobody",
        form=_CHANNEL,
        example="projects/p/notificationChannels/1",
        is_list=True,
        default="",
    ),
    Variable(
        name="TICKET_CHANNELS",
        meaning="who is told what can wait until the morning; the same as NOTIFICATION_CHANNELS where it is not set",
        form=_CHANNEL,
        example="projects/p/notificationChannels/2",
        is_list=True,
        fallback="NOTIFICATION_CHANNELS",
        default="",
    ),
    Variable(
        name="PLAYBOOKS_URL",
        meaning="where docs/playbooks can be read in a browser, without a slash at the end",
        form=re.compile(r"https?://[^\s]+[^\s/]"),
        example="https://example.com/playbooks",
        default="docs/playbooks",
    ),
    Variable(
        name="HEALTH_HOST",
        meaning="the host of the function health, as in health-123456789.europe-west1.run.app",
        form=re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+"),
        example="health.example.com",
    ),
    Variable(
        name="MAINTENANCE_WINDOW",
        meaning="a quarter of an hour less than three intervals of maintenance, and 24h45m at most, as in 2h45m",
        form=re.compile(r"\d{1,2}h(\d{1,2}m)?|\d{1,3}m"),
        example="24h45m",
        # Three intervals of an hour.
        default="2h45m",
    ),
    Variable(
        name="SERVICE_PREFIX",
        meaning="what stands before the name of each function and of the job, as in unbroken-",
        form=re.compile(r"(?:[a-z][a-z0-9-]*-)?"),
        example="",
        default="",
    ),
)
EXAMPLES: Final[Mapping[str, str]] = {one.name: one.example for one in VARIABLES}
NOBODY_IS_TOLD: Final = (
    "WARNING: NOTIFICATION_CHANNELS is not set: alerts are seen in the console alone, nobody is told"
)


def placeholders(content: object) -> set[str]:
    """The names of the variables in a parsed document, or in any part of one."""
    if isinstance(content, str):
        return set(_PLACEHOLDER.findall(content))
    if isinstance(content, Mapping):
        return set().union(*(placeholders(part) for pair in content.items() for part in pair))
    if isinstance(content, list):
        return set().union(*(placeholders(part) for part in content))
    return set()


def filled(content: Any, environ: Mapping[str, str]) -> Any:  # noqa: ANN401 - any part of a document
    """The document with every variable filled in; what it holds otherwise stays. Raises `VariableError`."""
    wanted = placeholders(content)
    values, wrong = _values(wanted, environ)
    if wrong:
        raise VariableError("\n".join(wrong))
    return _filled(content, values)


def _values(wanted: set[str], environ: Mapping[str, str]) -> tuple[dict[str, list[str]], list[str]]:
    known = {variable.name: variable for variable in VARIABLES}
    wrong = [f"{name}: is no variable of monitoring" for name in sorted(wanted - known.keys())]
    values = {}
    for name in sorted(wanted & known.keys()):
        variable = known[name]
        text = environ.get(name, "").strip() or environ.get(variable.fallback, "").strip()
        if text:
            values[name] = [part.strip() for part in text.split(",")] if variable.is_list else [text]
            misfits = [part for part in values[name] if not variable.form.fullmatch(part)]
            wrong += [f"{name}: {part!r} is not {variable.meaning}" for part in misfits]
        elif variable.default is None:
            wrong.append(f"{name}: is not set; {variable.meaning}")
        else:
            values[name] = [variable.default] if variable.default else []
    return values, wrong


def _filled(content: Any, values: Mapping[str, list[str]]) -> Any:  # noqa: ANN401 - any part of a document
    if isinstance(content, str):
        return _PLACEHOLDER.sub(lambda found: ",".join(values[found[1]]), content)
    if isinstance(content, Mapping):
        return {_filled(key, values): _filled(part, values) for key, part in content.items()}
    if isinstance(content, list):
        return [filled_part for part in content for filled_part in _filled_item(part, values)]
    return content


def _filled_item(part: Any, values: Mapping[str, list[str]]) -> list[Any]:  # noqa: ANN401 - any part of a document
    alone = _PLACEHOLDER.fullmatch(part) if isinstance(part, str) else None
    return values[alone[1]] if alone else [_filled(part, values)]
