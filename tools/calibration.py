"""Writes how often streaks last that are told to last, as a page and a picture. Must not know how a chance is made.

python -m tools.calibration    a minute; docs/calibration.md and docs/calibration/reliability.svg
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from emulator.places import ROOT
from streak_core.config import shipped_policy
from testing.calibration import Bin, binned, error, told_to
from tools.markdown import table

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE: Final = ROOT / "docs" / "calibration.md"
PICTURE: Final = ROOT / "docs" / "calibration" / "reliability.svg"
USERS: Final = 400
WEEKS: Final = 40
SEED: Final = 20_261_126
_HEAD: Final = """# How good the chance of keeping a streak is

Written by `python -m tools.calibration`; do not edit. `GET /insights` says how likely the streak that runs lasts
through Sunday. {users} simulated users with a habit of their own (active on 50 % to 99 % of days, on weekends down to
60 % of that) lived {weeks} weeks by the shipped policy, freezes included, and each was told a chance once a week, on a
day of its own: {told:,} in all. Each row has those that were told much the same; a chance is good where the first two
columns are alike.

![What was told and what came of it: dots near the line are right](calibration/reliability.svg)

{table}
What was told and what came of it lie {error:.3f} apart, weighed by how many were told (the expected calibration
error), and in no row more than {most:.3f}. Freezes that are still to be earned in the week are not foreseen, nor are
repairs, which these users never make. A test holds a smaller sample to at most {bound}.
"""
_HEADER: Final = ("told", "lasted", "users were told so")
# What the smaller sample of the test is held to.
BOUND: Final = 0.06

_SIZE: Final = 360
_EDGE: Final = 40
_RADIUS_MAX: Final = 14


def page(bins: Sequence[Bin]) -> str:
    """The page about those."""
    rows = [(f"{one.told:.3f}", f"{one.lasted:.3f}", f"{one.users}") for one in bins]
    told = sum(one.users for one in bins)
    shown, most = table(_HEADER, rows), max(abs(one.told - one.lasted) for one in bins)
    numbers = {"users": USERS, "weeks": WEEKS, "told": told, "error": error(bins), "most": most, "bound": BOUND}
    return _HEAD.format(table=shown, **numbers)


def picture(bins: Sequence[Bin]) -> str:
    """A dot for each row, as large as many were told so, over the line on which all would be right."""
    size = {"width": f"{_SIZE}", "height": f"{_SIZE}", "viewBox": f"0 0 {_SIZE} {_SIZE}"}
    root = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **size, "role": "img", "font-family": "sans-serif"})
    SubElement(root, "title").text = "Reliability: what was told, and the share that lasted"
    SubElement(root, "rect", {"width": f"{_SIZE}", "height": f"{_SIZE}", "fill": "#fff"})
    left, right = f"{_place(0):g}", f"{_place(1):g}"
    top, bottom = f"{_SIZE - _place(1):g}", f"{_SIZE - _place(0):g}"
    SubElement(root, "path", {"d": f"M{left} {top}V{bottom}H{right}", "fill": "none", "stroke": "#555b67"})
    right_line = {"d": f"M{left} {bottom}L{right} {top}", "stroke": "#a9b0bd", "stroke-dasharray": "4 4"}
    SubElement(root, "path", right_line)
    most = max(one.users for one in bins)
    for one in bins:
        place = {"cx": f"{_place(one.told):.1f}", "cy": f"{_SIZE - _place(one.lasted):.1f}"}
        SubElement(root, "circle", {**place, "r": f"{_RADIUS_MAX * (one.users / most) ** 0.5:.1f}", "fill": "#c2410c"})
    axis = {"font-size": "13", "fill": "#1b1d22", "text-anchor": "middle"}
    SubElement(root, "text", {**axis, "x": f"{_SIZE / 2:g}", "y": f"{_SIZE - 12}"}).text = "told, 0 to 1"
    upright = f"translate(20 {_SIZE / 2:g}) rotate(-90)"
    SubElement(root, "text", {**axis, "transform": upright}).text = "lasted, 0 to 1"
    indent(root)
    return f"{tostring(root, encoding='unicode')}\n"


def _place(share: float) -> float:
    return _EDGE + share * (_SIZE - 2 * _EDGE)


def main() -> None:
    """Lives, and writes."""
    bins = binned(told_to(USERS, WEEKS, shipped_policy(), SEED, lambda number: _tell(f"{number} of {USERS} users")))
    _write(PAGE, page(bins))
    _write(PICTURE, picture(bins))


def _tell(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
