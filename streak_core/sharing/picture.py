"""Draws a snapshot as SVG, 1200 by 630. Must not know how that becomes a PNG, or who asks for it.

It is built as a tree of elements, so that no text can become anything but text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple
from xml.etree.ElementTree import Element, SubElement, tostring

from streak_core.domain.model import Verdict
from streak_core.sharing import texts
from streak_core.sharing.names import width
from streak_core.sharing.snapshot import weekday_dates

if TYPE_CHECKING:
    from streak_core.sharing.snapshot import Snapshot

WIDTH: Final = 1200
HEIGHT: Final = 630
# Nothing is drawn nearer to the border.
MARGIN: Final = 72
FONT_FAMILY: Final = "DejaVu Sans"

_PAPER: Final = "#16181d"
_INK: Final = "#eceef2"
_FAINT: Final = "#a9b0bd"
_LINE: Final = "#3a3f4a"
_FLAME: Final = "#ff922b"
_GLOW: Final = "#ffec99"
_COLD: Final = "#74c0fc"
_MISSED: Final = "#faa2c1"

# Paths on a square of 24, as web/components draws them.
FLAME: Final = (
    "M12.6 1.8c.6 3.4-1 5.2-2.7 7.1-.5-1-.6-1.9-.5-3C6.7 7.9 4.8 10.9 4.8 14.2 4.8 18.7 8 22.2 12 22.2s7.2-3.5 "
    "7.2-8c0-5-3.2-9.2-6.6-12.4z"
)
CORE: Final = "M12.2 11.5c.4 2-2.9 3.4-2.9 6.3 0 1.9 1.3 3.2 2.8 3.2s2.8-1.3 2.8-3.1c0-2.5-1.2-4.9-2.7-6.4z"
_SHIELD: Final = "M12 3.5l7 2.5v5.5c0 4.5-3 7.5-7 9-4-1.5-7-4.5-7-9V6z"
SIGNS: Final = {
    Verdict.NONE: "",
    Verdict.ACTIVE: "M5 12.5 10 17.5 19 7",
    Verdict.REPAIRED: "M19 12a7 7 0 1 1-2.5-5.4M17 2.5v4.5h-4.5",
    Verdict.FROZEN: "M12 3v18M4.2 7.5l15.6 9M19.8 7.5l-15.6 9",
    Verdict.MISSED: "M6.5 6.5l11 11M17.5 6.5l-11 11",
    Verdict.PAUSED: "M9 6v12M15 6v12",
    Verdict.REST: "M18.5 14.5A7.5 7.5 0 1 1 9.5 5.5a6 6 0 0 0 9 9z",
    Verdict.TRAVEL: "M4 12h15M13.5 6.5 19 12l-5.5 5.5",
    Verdict.AMNESTY: _SHIELD,
    Verdict.EXCUSED: _SHIELD,
    Verdict.PENDING: "M12 8.5a3.5 3.5 0 1 0 .01 0",
}
_DONE: Final = frozenset({Verdict.ACTIVE, Verdict.REPAIRED})
_OPEN: Final = frozenset({Verdict.NONE, Verdict.PENDING})
_STEP: Final = (WIDTH - 2 * MARGIN) / 7
_RADIUS: Final = 44


class Spot(NamedTuple):
    """Where a text stands, how large it is at most, and how much room it has."""

    x: float
    y: float
    size: float
    room: float


def svg(snapshot: Snapshot) -> bytes:
    """The picture, in UTF-8. It asks for the shipped font, and for any other where a browser has not got that."""
    size = {"width": f"{WIDTH}", "height": f"{HEIGHT}", "viewBox": f"0 0 {WIDTH} {HEIGHT}"}
    root = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **size, "role": "img", "lang": snapshot.language})
    SubElement(root, "title").text = texts.title(snapshot)
    SubElement(root, "rect", {"width": f"{WIDTH}", "height": f"{HEIGHT}", "fill": _PAPER})
    everything = SubElement(root, "g", {"font-family": f"{FONT_FAMILY}, sans-serif", "font-weight": "700"})
    if snapshot.name:
        _write(everything, snapshot.name, Spot(MARGIN, 118, 56, WIDTH - 2 * MARGIN - 220))
    day = snapshot.today.isoformat()
    _write(everything, day, Spot(WIDTH - MARGIN, 110, 26, 200), color=_FAINT, anchor="end")
    _draw_streak(everything, snapshot)
    _draw_week(everything, snapshot)
    return tostring(root, encoding="unicode").encode()


def _draw_streak(parent: Element, snapshot: Snapshot) -> None:
    flame = SubElement(parent, "g", {"transform": f"translate({MARGIN - 40} 158) scale(10.5)"})
    if snapshot.current_streak:
        SubElement(flame, "path", {"d": FLAME, "fill": _FLAME})
        SubElement(flame, "path", {"d": CORE, "fill": _GLOW})
    else:
        SubElement(flame, "path", {"d": FLAME, "fill": "none", "stroke": _LINE, "stroke-width": "1"})
    _write(parent, f"{snapshot.current_streak}", Spot(310, 345, 210, 470))
    _write(parent, texts.unit(snapshot), Spot(318, 405, 40, 460), color=_FLAME)
    for row, (word, number) in enumerate(texts.facts(snapshot)):
        top = 240 + 124 * row
        _write(parent, f"{number}", Spot(820, top, 76, 308))
        _write(parent, word, Spot(822, top + 42, 30, 306), color=_FAINT)


def _draw_week(parent: Element, snapshot: Snapshot) -> None:
    names = texts.TEXTS[snapshot.language].weekdays
    for number, (day, name) in enumerate(zip(weekday_dates(snapshot.today), names, strict=True)):
        center = MARGIN + _STEP * (number + 0.5)
        verdict = snapshot.week[number] if number < len(snapshot.week) else None
        _draw_day(parent, verdict, center)
        color = _INK if day == snapshot.today else _FAINT
        _write(parent, name, Spot(center, 594, 26, _STEP), color=color, anchor="middle")


def _draw_day(parent: Element, verdict: Verdict | None, center: float) -> None:
    """A disc with the sign of the verdict; an empty one for a day that is still to come."""
    day = SubElement(parent, "g", {"transform": f"translate({center:.1f} 508)"})
    fill, color = _PAPER, _FAINT
    if verdict in _DONE:
        fill, color = _FLAME, _PAPER
    elif verdict is Verdict.MISSED:
        color = _MISSED
    elif verdict is not None and verdict not in _OPEN:
        color = _COLD
    border = {} if verdict else {"stroke-dasharray": "8 8"}
    stroke = _FLAME if verdict in _DONE else _LINE
    SubElement(day, "circle", {"r": f"{_RADIUS}", "fill": fill, "stroke": stroke, "stroke-width": "4", **border})
    if verdict and SIGNS[verdict]:
        pen = {"fill": "none", "stroke": color, "stroke-width": "2.4", "stroke-linecap": "round"}
        place = "translate(-28.8 -28.8) scale(2.4)"
        SubElement(day, "path", {"d": SIGNS[verdict], "transform": place, "stroke-linejoin": "round", **pen})


def _write(parent: Element, text: str, spot: Spot, color: str = _INK, anchor: str = "start") -> None:
    """Writes a text that is drawn, no larger than `size` and small enough to have room."""
    size = min(spot.size, spot.room / width(text))
    place = {"x": f"{spot.x:.1f}", "y": f"{spot.y:.1f}", "font-size": f"{size:.2f}"}
    SubElement(parent, "text", {**place, "fill": color, "text-anchor": anchor}).text = text
