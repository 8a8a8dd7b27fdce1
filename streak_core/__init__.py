"""Streaks that are never broken unfairly: days and zones, replay, decisions, and the store they are kept in.

The modules of days, policy, model, replay and decisions are pure; only `streak_core.store` touches Firestore.
"""

from typing import Final

# The one place; pyproject.toml reads it from here.
__version__: Final = "0.1.0"
