"""The part of the configuration that says which kinds of records there are.

It must not know the rest; what is wrong is added to a list, each line naming its variable.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def kinds_text(environ: Mapping[str, str], wrong: list[str]) -> str | None:
    """The file of an app's own, as TOML that reads; None for the one that the package ships."""
    file = environ.get("STREAK_RECORDS_FILE")
    if not file:
        return None
    # Most processes have no such file, and must not pay for it.
    from streak_core.records.kinds import KindsError, parse_kinds

    try:
        text = Path(file).read_text(encoding="utf-8")
        parse_kinds(text)
    except OSError as error:
        wrong.append(f"STREAK_RECORDS_FILE: can't be read: {error.strerror}")
    except UnicodeDecodeError:
        wrong.append("STREAK_RECORDS_FILE: can't be read: it is not UTF-8")
    except KindsError as error:
        wrong.append(f"STREAK_RECORDS_FILE: {error}")
    else:
        return text
    return None
