"""What a deployment remembers: its settings in a file, one for each environment, read by every step.

Must not know what a setting is used for, nor judge its value: that is done where a choice is read.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError

from tools.deploy.errors import WrongUse

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

DEFAULT: Final = "deploy/production.toml"
_SHOWN: Final = {"string_type": "must be text in quotes", "list_type": 'must be a list, as in ["one", "two"]'}


def _no_separator(separator: str) -> BeforeValidator:
    """What the parts are joined with may not stand in one of them."""

    def judged(value: object) -> object:
        if isinstance(value, str) and separator in value:
            message = f"may not contain {separator!r}"
            raise ValueError(message)
        return value

    return BeforeValidator(judged)


_Text = Annotated[str, StringConstraints(min_length=1)]
_Listed = Annotated[_Text, _no_separator(",")]
_Value = Annotated[str, _no_separator(";")]


class SettingsFile(BaseModel):
    """All that can be said; what is left out is as it is by default."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    project: _Text
    region: _Text
    prefix: _Text | None = None
    collection_prefix: _Text | None = None
    database: _Text | None = None
    address: _Text | None = None
    app_check_key: _Text | None = None
    schedule: _Text | None = None
    time_zone: _Text | None = None
    fanout: _Text | None = None
    reminder_fanout: _Text | None = None
    webhook_trigger_location: _Text | None = None
    backup_days: _Text | None = None
    cors_origins: list[_Listed] = []
    notification_channels: list[_Listed] = []
    ticket_channels: list[_Listed] = []
    playbooks_url: _Text | None = None
    environment: dict[str, _Value] = {}
    secrets: dict[str, _Listed] = {}

    @property
    def options(self) -> dict[str, str]:
        """By the names of make's variables; what is not said is not there."""
        found = {
            name: ",".join(value) if isinstance(value, list) else str(value or "")
            for name, value in self
            if not isinstance(value, dict)
        }
        named = {OPTIONS[name]: text for name, text in found.items()}
        named["ENV"] = ";".join(f"{name}={value}" for name, value in self.environment.items())
        named["SECRETS"] = ",".join(f"{target}={reference}" for target, reference in self.secrets.items())
        return {name: text for name, text in named.items() if text}


# What each is called on the command line.
OPTIONS: Final[Mapping[str, str]] = {name: name.upper() for name in SettingsFile.model_fields} | {
    "collection_prefix": "STREAK_COLLECTION_PREFIX",
    "environment": "ENV",
    "secrets": "SECRETS",
}


def read(path: Path) -> dict[str, str]:
    """The settings, by the names of make's variables. Raises `WrongUse`, with every problem and how to mend it."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"{path} can't be read: {error.strerror}; copy deploy/example.toml there, or name another: SETTINGS=…"
        raise WrongUse(message) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"{path} is no TOML: {error}"
        raise WrongUse(message) from error
    try:
        return SettingsFile.model_validate(content).options
    except ValidationError as error:
        lines = [_told(one["loc"], one["type"], one["msg"]) for one in error.errors(include_input=False)]
        raise WrongUse("\n".join([f"{path} is wrong:", *(f"  {line}" for line in lines)])) from error


def remembered(given: Mapping[str, str], path: Path, known: Collection[str]) -> dict[str, str]:
    """What was given, and of `known` names what the file says. Raises `WrongUse` where the two differ."""
    kept = {name: text for name, text in read(path).items() if name in known}
    told = [
        f"  {name}={text} was given, and {path} says {kept.get(name, 'nothing of it')}"
        for name, text in given.items()
        if text and name in OPTIONS.values() and text != kept.get(name)
    ]
    if told:
        hint = f"A deployment remembers its settings: change {path}, and leave it out of the command line."
        raise WrongUse("\n".join(["settings differ:", *told, hint]))
    return {**given, **kept}


def written(options: Mapping[str, str], head: Iterable[str] = ()) -> str:
    """The text of a file with these settings."""
    lines, tables = [f"# {one}" for one in head], []
    for name, option in OPTIONS.items():
        text = options.get(option, "")
        if text and option in {"ENV", "SECRETS"}:
            pairs = [one.partition("=") for one in text.split(";" if option == "ENV" else ",")]
            tables += ["", f"[{name}]", *(f"{_key(key)} = {_quoted(value)}" for key, _, value in pairs)]
        elif text:
            is_list = isinstance(SettingsFile.model_fields[name].default, list)
            parts = ", ".join(map(_quoted, text.split(",")))
            lines.append(f"{name} = [{parts}]" if is_list else f"{name} = {_quoted(text)}")
    return "\n".join([*lines, *tables, ""])


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _key(name: str) -> str:
    return name if re.fullmatch(r"\w+", name) else _quoted(name)


def _told(place: tuple[int | str, ...], kind: str, message: str) -> str:
    where = ".".join(map(str, place))
    if kind == "extra_forbidden":
        (near,) = difflib.get_close_matches(str(place[-1]), SettingsFile.model_fields, n=1) or ("",)
        return f"{where}: is no setting; " + (f"is {near} meant?" if near else f"there are {', '.join(OPTIONS)}")
    if kind == "missing":
        return f'{where}: is missing; say it, as in {where} = "…"'
    return f"{where}: {_SHOWN.get(kind, message.removeprefix('Value error, '))}"
