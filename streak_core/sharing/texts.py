"""The words on shared pictures and of their pages, in each language. Must not know how a picture is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from streak_core.sharing.snapshot import Language

if TYPE_CHECKING:
    from streak_core.sharing.snapshot import Snapshot


class Texts(NamedTuple):
    """What is said of a streak; weekdays from Monday on, in so few letters as fit."""

    day_in_a_row: str
    days_in_a_row: str
    longest: str
    milestone: str
    next_milestone: str
    weekdays: tuple[str, ...]


TEXTS: Final = {
    Language.EN: Texts(
        day_in_a_row="day in a row",
        days_in_a_row="days in a row",
        longest="longest",
        milestone="milestone",
        next_milestone="next milestone",
        weekdays=("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"),
    ),
    Language.DE: Texts(
        day_in_a_row="Tag in Folge",
        days_in_a_row="Tage in Folge",
        longest="am längsten",
        milestone="Meilenstein",
        next_milestone="nächster Meilenstein",
        weekdays=("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
    ),
}


def headline(snapshot: Snapshot) -> str:
    """The streak in words, as in "12 days in a row"."""
    return f"{snapshot.current_streak} {unit(snapshot)}"


def unit(snapshot: Snapshot) -> str:
    """What the streak is counted in."""
    texts = TEXTS[snapshot.language]
    return texts.day_in_a_row if snapshot.current_streak == 1 else texts.days_in_a_row


def title(snapshot: Snapshot) -> str:
    """The same with the name, if there is one: behind it, so that one from right to left moves nothing else."""
    return f"{headline(snapshot)} · {snapshot.name}" if snapshot.name else headline(snapshot)


def facts(snapshot: Snapshot) -> list[tuple[str, int]]:
    """What else is told of the streak, each number with its word."""
    texts = TEXTS[snapshot.language]
    milestone = snapshot.milestone
    told = (texts.next_milestone, snapshot.next_milestone) if milestone is None else (texts.milestone, milestone)
    return [(texts.longest, snapshot.longest_streak), told]


def description(snapshot: Snapshot) -> str:
    """All that the picture shows besides, in one line."""
    told = [f"{word}: {number}" for word, number in facts(snapshot)]
    return " · ".join([*told, snapshot.today.isoformat()])
