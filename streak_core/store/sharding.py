"""How users are spread over the shards of the due index, so that no range of it is written by all.

It must not know documents or queries.
"""

from __future__ import annotations

import zlib
from typing import Final

SHARDS: Final = 64


def shard_of(user_id: str, shards: int = SHARDS) -> int:
    """Which shard of so many a user is in; the same for ever."""
    return zlib.crc32(user_id.encode()) % shards
