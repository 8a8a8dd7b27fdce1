"""Makes the font of shared pictures out of DejaVu Sans Bold: the letters that names are written with, and their widths.

Must not know what is drawn with it. Rarely needed, so that nothing here depends on what it takes:

    uv run --no-project --with fonttools,pydantic python -m tools.share_font DejaVuSans-Bold.ttf

The file is that of Debian's package `fonts-dejavu-core`, in /usr/share/fonts/truetype/dejavu.
"""

from __future__ import annotations

import sys
from typing import Final

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from streak_core.sharing.names import FONT_FILE, WIDTHS_FILE

# Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic, Georgian, Vietnamese; punctuation, currencies, symbols, faces.
_RANGES: Final = (
    *((0x20, 0x7E), (0xA0, 0x24F), (0x2B0, 0x36F), (0x370, 0x3FF), (0x400, 0x52F), (0x531, 0x58F), (0x591, 0x5F4)),
    *((0x606, 0x6FF), (0x10A0, 0x10FF), (0x1E00, 0x1EFF), (0x2010, 0x205E), (0x20A0, 0x20BF), (0x2122, 0x2122)),
    *((0x2600, 0x26FF), (0x2701, 0x27BF), (0x1F600, 0x1F64F)),
)


def main(source: str) -> None:
    """Writes the font, and a line for each run of characters that it has: the first, and the width of each."""
    font = TTFont(source)
    wanted = [code for first, last in _RANGES for code in range(first, last + 1)]
    options = Options()
    options.hinting, options.notdef_outline, options.layout_features = False, True, ["*"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    # The same file again from the same source.
    font.recalcTimestamp = False
    font.save(FONT_FILE)
    em, glyphs, advances = font["head"].unitsPerEm, font.getBestCmap(), font["hmtx"]
    runs: dict[int, list[int]] = {}
    first = previous = -1
    for code in sorted(code for code in wanted if code in glyphs):
        first = first if code == previous + 1 else code
        # In hundredths of the size of the font, rounded up.
        runs.setdefault(first, []).append(-(-100 * advances[glyphs[code]][0] // em))
        previous = code
    lines = (f"{first:x} {' '.join(map(str, widths))}\n" for first, widths in runs.items())
    WIDTHS_FILE.write_text("".join(lines), encoding="ascii")


if __name__ == "__main__":
    main(*sys.argv[1:])
