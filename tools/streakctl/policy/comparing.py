"""Two policies side by side: every field in which they differ.

It must not know which of them is in force, nor terminals.
"""

from __future__ import annotations

from pathlib import Path

from streak_core.domain.policy import Policy, PolicyError, parse_new_policy
from streak_core.proving.proof import flat
from tools.streakctl import Json
from tools.streakctl.database import WrongUseError


def policy_of(file: Path) -> tuple[Policy, str]:
    """The policy of a file, and its text. Raises `WrongUseError`, which names each wrong field."""
    try:
        text = file.read_text(encoding="utf-8")
        return parse_new_policy(text), text
    except (OSError, UnicodeDecodeError) as error:
        message = f"{file} can't be read: it is not there, or not UTF-8"
        raise WrongUseError(message) from error
    except PolicyError as error:
        message = f"{file}: {error}"
        raise WrongUseError(message) from error


def changes(before: Policy, after: Policy) -> list[Json]:
    """Each field that has another value, with both; null where a policy does not have it."""
    was, now = (flat(one.model_dump(mode="json", by_alias=True)) for one in (before, after))
    return [
        {"field": name, "before": was.get(name), "after": now.get(name)}
        for name in sorted(was.keys() | now.keys())
        if was.get(name) != now.get(name)
    ]
