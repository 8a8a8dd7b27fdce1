"""The environment of a process, and the values that variables of it may have.

Nothing else in the functions and the core reads the environment. What is wrong is added to a list, each line naming its
variable and never what it says.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

# What the Firebase CLI's emulator sets to true.
FUNCTIONS_EMULATOR: Final = "FUNCTIONS_EMULATOR"
_ON: Final = "on"
_OFF: Final = "off"


def own_environment() -> Mapping[str, str]:
    """What the environment of this process says."""
    return os.environ


def is_deployed(environ: Mapping[str, str]) -> bool:
    """Whether the platform runs this process.

    The Firebase CLI's emulator names a service as the platform does, and says what it is; of Cloud Run's own
    configuration it knows nothing, so that nobody is taken for it by that one word.
    """
    says_emulator, is_configured = environ.get(FUNCTIONS_EMULATOR) == "true", bool(environ.get("K_CONFIGURATION"))
    return bool(environ.get("K_SERVICE")) and (is_configured or not says_emulator)


@contextmanager
def set_meanwhile(name: str, text: str) -> Iterator[None]:
    """Sets a variable that a library looks at while it is imported, and at no other time."""
    before = os.environ.get(name)
    os.environ[name] = text
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def is_on(environ: Mapping[str, str], name: str, wrong: list[str], *, default: bool = False) -> bool:
    """Whether a variable says on; the default where it says nothing."""
    chosen = environ.get(name) or (_ON if default else _OFF)
    if chosen not in {_ON, _OFF}:
        wrong.append(f"{name}: must be on or off")
    return chosen == _ON


def whole_number(environ: Mapping[str, str], name: str, default: int, largest: int, wrong: list[str]) -> int:
    """The number that a variable says, from 1 on; the default where it says nothing."""
    text = environ.get(name) or str(default)
    if not re.fullmatch(r"[0-9]{1,9}", text) or not 1 <= int(text) <= largest:
        wrong.append(f"{name}: must be a whole number from 1 to {largest}")
        return default
    return int(text)


def file_text(environ: Mapping[str, str], name: str, wrong: list[str], check: Callable[[str], object]) -> str | None:
    """What the file has that a variable names; None where it names none, or one that `check` raises `ValueError` of."""
    file = environ.get(name)
    if not file:
        return None
    try:
        text = Path(file).read_text(encoding="utf-8")
        check(text)
    except OSError as error:
        wrong.append(f"{name}: can't be read: {error.strerror}")
    except UnicodeDecodeError:
        wrong.append(f"{name}: can't be read: it is not UTF-8")
    except ValueError as error:
        wrong.append(f"{name}: {error}")
    else:
        return text
    return None
