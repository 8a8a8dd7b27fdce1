"""The part of the configuration that says which kinds of records there are.

It must not know the rest; what is wrong is added to a list, each line naming its variable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from streak_core.config.environment import file_text

if TYPE_CHECKING:
    from collections.abc import Mapping


def kinds_text(environ: Mapping[str, str], wrong: list[str]) -> str | None:
    """The file of an app's own, as TOML that reads; None for the one that the package ships."""
    return file_text(environ, "STREAK_RECORDS_FILE", wrong, _check)


def _check(text: str) -> None:
    # Most processes have no such file, and must not pay for it.
    from streak_core.records.kinds import parse_kinds

    parse_kinds(text)
