"""Streaks that are never broken unfairly: days and zones, replay, decisions, and the store they are kept in.

The modules of days, policy, model, replay and decisions are pure; only `streak_core.store` touches Firestore.
"""

from typing import Final

# As in pyproject.toml, which is not deployed.
__version__: Final = "0.0.0"
