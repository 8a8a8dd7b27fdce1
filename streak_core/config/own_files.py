"""The part of the configuration that names files of an app's own: the words of notices, and the kinds of records.

It must not know the rest; what is wrong is added to a list, each line naming its variable. What reads a file is loaded
where there is one: most processes have none, and must not pay for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from streak_core.config.environment import file_text

if TYPE_CHECKING:
    from collections.abc import Mapping


def notice_texts(environ: Mapping[str, str], wrong: list[str]) -> str | None:
    """In which words users are told something, as TOML that reads; None for the file that the package ships."""
    return file_text(environ, "STREAK_NOTICE_TEXTS_FILE", wrong, _check_texts)


def kinds_text(environ: Mapping[str, str], wrong: list[str]) -> str | None:
    """Which kinds of records there are, as TOML that reads; None for the file that the package ships."""
    return file_text(environ, "STREAK_RECORDS_FILE", wrong, _check_kinds)


def _check_texts(text: str) -> None:
    from streak_core.notice_texts import parse_texts

    parse_texts(text)


def _check_kinds(text: str) -> None:
    from streak_core.records.kinds import parse_kinds

    parse_kinds(text)
