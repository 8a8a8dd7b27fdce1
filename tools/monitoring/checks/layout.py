"""Checks where the tiles of a dashboard lie: inside the columns, beside each other, without holes.

It must not know what is on a tile.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

# As the reference of MosaicLayout states it.
COLUMNS_MAX: Final = 12


def layout_problems(dashboard: Any) -> list[str]:  # noqa: ANN401 - a generated message
    """What is wrong with the layout; nothing where all is well."""
    if dashboard.WhichOneof("layout") != "mosaic_layout":
        return ["must have a mosaicLayout"]
    layout = dashboard.mosaic_layout
    if not 1 <= layout.columns <= COLUMNS_MAX:
        return [f"has {layout.columns} columns; 1 to {COLUMNS_MAX} are allowed"]
    if not layout.tiles:
        return ["has no tiles"]
    outside = [problem for tile in layout.tiles for problem in _of_tile(tile, layout.columns)]
    return outside or list(_of_cells(layout))


def _of_tile(tile: Any, columns: int) -> Iterator[str]:  # noqa: ANN401 - a generated message
    name = tile.widget.title or "a tile"
    if tile.width < 1 or tile.height < 1:
        yield f"{name}: is {tile.width} wide and {tile.height} high; both are at least 1"
    if tile.x_pos < 0 or tile.y_pos < 0 or tile.x_pos + tile.width > columns:
        yield f"{name}: lies outside the {columns} columns"


def _of_cells(layout: Any) -> Iterator[str]:  # noqa: ANN401 - a generated message
    """A cell that two tiles cover, or that none covers above the last tile's end, looks broken."""
    covering: dict[tuple[int, int], list[str]] = defaultdict(list)
    for tile in layout.tiles:
        for y in range(tile.y_pos, tile.y_pos + tile.height):
            for x in range(tile.x_pos, tile.x_pos + tile.width):
                covering[x, y].append(tile.widget.title)
    overlapping = {" and ".join(sorted(titles)) for titles in covering.values() if len(titles) > 1}
    yield from (f"{titles}: overlap" for titles in sorted(overlapping))
    for y in range(max(y for _, y in covering) + 1):
        missing = [x for x in range(layout.columns) if (x, y) not in covering]
        if missing:
            yield f"there is a hole in row {y}, at column {missing[0]}"
