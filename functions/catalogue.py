"""The one declared list of the deployed functions. Must not know what any of them does."""

from typing import Final

FUNCTIONS: Final = ("streak", "calendar", "consistency", "maintenance")
