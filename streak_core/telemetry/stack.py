"""What is said of an exception in the log: where it was raised and led through, and never what it was given.

It must not log. A `ValueError` or a `KeyError` quotes what somebody sent; so only messages are kept that speak of the
code, or that are Google's answer, and addresses and tokens are taken out of them.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Final

FRAMES_MAX: Final = 30
EXCEPTIONS_MAX: Final = 5
MESSAGE_CHARACTERS_MAX: Final = 500

_PACKAGE: Final = "streak_core"
_ABOUT_THE_CODE: Final = (AttributeError, TypeError, NameError, ImportError, ArithmeticError, RecursionError)
_GOOGLES: Final = "google.api_core.exceptions"
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*|(?i:bearer)\s+\S+")
_ADDRESS: Final = re.compile(r"[^\s@<>'\"]+@[^\s@<>'\"]+")


def stack_of(error: BaseException) -> str:
    """The stacks of an exception and of those that led to it, the first one first, as Error Reporting reads them."""
    parts = [_one(each) for each in _chain(error)]
    return "\nThis led to:\n\n".join(reversed(parts))


def kind_of(error: BaseException) -> str:
    """The name of its class."""
    return type(error).__qualname__


def described(error: BaseException) -> str:
    """Its class and the place in this package that it was raised at or came through; never empty, never content."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if _PACKAGE in Path(frame.filename).parts]
    place = next(iter(ours[::-1] or frames[::-1]), None)
    return f"{kind_of(error)} at {Path(place.filename).name}:{place.lineno}" if place else kind_of(error)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    for _ in range(EXCEPTIONS_MAX):
        if error is None:
            return
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _one(error: BaseException) -> str:
    frames = "".join(traceback.format_tb(error.__traceback__, -FRAMES_MAX))
    said = message_of(error)
    return f"Traceback (most recent call last):\n{frames}{kind_of(error)}{': ' if said else ''}{said}\n"


def message_of(error: BaseException) -> str:
    """What it says, where that is about the code or Google's answer, without addresses and tokens; else nothing."""
    is_googles = any(one.__module__ == _GOOGLES for one in type(error).__mro__)
    if not is_googles and not isinstance(error, _ABOUT_THE_CODE):
        return ""
    return _ADDRESS.sub("[address]", _TOKEN.sub("[token]", str(error)[:MESSAGE_CHARACTERS_MAX]))
