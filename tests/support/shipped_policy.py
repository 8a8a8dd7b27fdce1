"""The policy that the package ships, for tests."""

from __future__ import annotations

from importlib import resources

from streak_core.domain.policy import parse_policy
from streak_core.domain.rules import Rules, always

TEXT = resources.files("streak_core").joinpath("policy.toml").read_text(encoding="utf-8")
POLICY = parse_policy(TEXT)
RULES = always(POLICY)


def policies() -> Rules:
    """What services ask for the policies in time."""
    return RULES
