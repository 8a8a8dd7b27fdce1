"""Draws calendars for a terminal: weeks as columns, verdicts as letters on colours. Must not know whose they are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from rich.text import Text

WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MARGIN: Final = 4
CELL_WIDE: Final = 2
DAYS_OF_A_WEEK: Final = len(WEEKDAYS)
MONTH_CHARACTERS: Final = 3


@dataclass(frozen=True)
class Look:
    """How a verdict is shown: the letter alone must tell it, for terminals and eyes without colour."""

    letter: str
    style: str


LOOKS: Final[Mapping[str, Look]] = {
    "active": Look("A", "bold black on green"),
    "frozen": Look("F", "bold black on bright_cyan"),
    "repaired": Look("R", "bold black on yellow"),
    "missed": Look("M", "bold white on red"),
    "travel": Look("T", "bold white on blue"),
    "rest": Look("W", "bold black on white"),
    "paused": Look("P", "bold white on magenta"),
    "excused": Look("E", "bold white on black"),
    "amnesty": Look("Y", "bold black on bright_yellow"),
    "pending": Look("?", "bold reverse"),
    "none": Look("·", "dim"),
}


def calendar_picture(days: Sequence[Mapping[str, Any]], width: int) -> Text:
    """The rows of `GET /calendar` as a grid at most `width` characters wide; the oldest weeks give way."""
    looks = {date.fromisoformat(row["date"]): LOOKS[row["verdict"]] for row in days}
    mondays = _mondays(min(looks), max(looks))
    cell = CELL_WIDE if MARGIN + CELL_WIDE * len(mondays) <= width else 1
    shown = mondays[-max(1, (width - MARGIN) // cell) :]
    picture = Text(_months_line(shown, cell), no_wrap=True)
    for number, name in enumerate(WEEKDAYS):
        picture.append(f"\n{name:<{MARGIN}}")
        for monday in shown:
            look = looks.get(monday + timedelta(days=number))
            picture.append(f"{look.letter if look else '':<{cell}}", look.style if look else "")
    return picture


def legend(verdicts: Iterable[str]) -> Text:
    """What the letters mean; only those that are shown."""
    shown = set(verdicts)
    line = Text()
    for verdict, look in LOOKS.items():
        if verdict in shown:
            line.append(look.letter, look.style)
            line.append(f" {verdict}  ")
    line.rstrip()
    return line


def _mondays(first: date, last: date) -> list[date]:
    monday = first - timedelta(days=first.weekday())
    return [monday + timedelta(days=gone) for gone in range(0, (last - monday).days + 1, DAYS_OF_A_WEEK)]


def _months_line(mondays: Sequence[date], cell: int) -> str:
    """The name of each month over the week that its first day is in, where there is room for it."""
    sundays = [monday + timedelta(days=DAYS_OF_A_WEEK - 1) for monday in mondays]
    begins = [number for number, day in enumerate(sundays) if number == 0 or day.month != sundays[number - 1].month]
    places = [MARGIN + number * cell for number in begins]
    line = ""
    for number, place, following in zip(begins, places, [*places[1:], None], strict=True):
        # Only the first month can be too short, for it may begin before the picture does.
        if following is None or following - place > MONTH_CHARACTERS:
            line = f"{line:<{place}}{sundays[number]:%b}"
    return line
