"""Makes a PNG of a picture, with the one font that is shipped. Must not know what it shows.

Whoever asks for none loads no renderer.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from streak_core.sharing.names import FONT_FILE
from streak_core.sharing.picture import FONT_FAMILY

# Each is as large as a small photograph; whoever is looked at is so by many at once.
KEPT_MAX: Final = 32


@lru_cache(maxsize=KEPT_MAX)
def png(svg: bytes) -> bytes:
    """The picture as a PNG of its own size. Nothing is fetched or read for it but the font."""
    from resvg_py import svg_to_bytes

    return svg_to_bytes(
        svg_string=svg.decode(),
        font_files=[str(FONT_FILE)],
        skip_system_fonts=True,
        font_family=FONT_FAMILY,
        sans_serif_family=FONT_FAMILY,
    )
