"""The deployed functions with one shard that fails as a whole, which only a defect of the code brings about.

It must not change anything else. functions-framework loads it instead of main.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import main as deployed
from streak_core.store import due

if TYPE_CHECKING:
    from datetime import datetime

    from streak_core.store.due import DuePage
    from streak_core.store.reading import Cursor

SHARD: Final = 5


class _Failing(due.DueStore):
    def page(self, shard: int, now: datetime, after: Cursor | None, limit: int) -> DuePage:
        """Pages as ever, but for one shard."""
        if shard == SHARD:
            message = "the drill has this shard fail"
            raise RuntimeError(message)
        return super().page(shard, now, after, limit)


# The job makes its store when it is first called, of the class that stands here by then.
due.DueStore = _Failing  # type: ignore[misc]

maintenance = deployed.maintenance
