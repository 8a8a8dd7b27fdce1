"""The projects that tests of this run work in, each an empty database of its own. Must not know what is in them."""

import uuid
from typing import Final

_NAMED: Final[list[str]] = []


def new_project() -> str:
    """A project id that no other test uses."""
    _NAMED.append(f"demo-{uuid.uuid4().hex[:8]}")
    return _NAMED[-1]


def projects_of_this_run() -> tuple[str, ...]:
    """Every project id that was given out until now, of those that are still there."""
    return tuple(_NAMED)


def forget_projects() -> None:
    """They are gone."""
    _NAMED.clear()
