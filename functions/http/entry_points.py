"""The entry points of the functions; each is imported when it is asked for, as a process serves one.

It must not know what any function does.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from functions.catalogue import FUNCTIONS
from functions.http.startup import start

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Request, Response


def entry_point(name: str) -> Callable[[Request], Response]:
    """The entry point of that name, as functions-framework looks for it."""
    if name not in FUNCTIONS:
        message = f"there is no function {name!r}; there are {', '.join(FUNCTIONS)}"
        raise AttributeError(message)
    # A process with a wrong or dangerous configuration must not start.
    start(name)
    found: Callable[[Request], Response] = getattr(import_module(f"functions.{name}"), name)
    return found


def names() -> list[str]:
    """The names that can be asked for."""
    return list(FUNCTIONS)
