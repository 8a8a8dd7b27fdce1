"""How calendars look without colour. Must not start anything."""

from datetime import date, timedelta
from typing import Any

from emulator.calendar_picture import LOOKS, calendar_picture, legend
from streak_core.domain.model import Verdict

WEDNESDAY = date(2026, 3, 25)


def rows(*verdicts: str, first: date = WEDNESDAY) -> list[dict[str, Any]]:
    return [
        {"date": (first + timedelta(days=number)).isoformat(), "verdict": verdict}
        for number, verdict in enumerate(verdicts)
    ]


def test_weeks_are_columns_that_begin_on_monday_under_the_name_of_their_month() -> None:
    verdicts = ["active", "frozen", "missed", "repaired", "travel", "paused", "rest", "amnesty", "pending"]
    assert [line.rstrip() for line in calendar_picture(rows(*verdicts), 80).plain.splitlines()] == [
        "      Apr",
        "Mon   P",
        "Tue   W",
        "Wed A Y",
        "Thu F ?",
        "Fri M",
        "Sat R",
        "Sun T",
    ]


def test_a_year_fits_into_eighty_characters_and_is_wider_where_there_is_room() -> None:
    year = rows(*["active"] * 365)
    widths = {room: max(map(len, calendar_picture(year, room).plain.splitlines())) for room in (80, 200)}
    assert widths == {80: 4 + 53, 200: 4 + 2 * 53}


def test_where_there_is_no_room_the_oldest_weeks_give_way() -> None:
    picture = calendar_picture(rows(*["missed"] * 360, *["active"] * 5), 10).plain
    assert "A" in picture.replace("Apr", "")
    assert max(map(len, picture.splitlines())) == 10


def test_each_verdict_has_a_letter_of_its_own() -> None:
    assert set(LOOKS) == set(Verdict)
    assert len({look.letter for look in LOOKS.values()}) == len(LOOKS)


def test_the_legend_names_what_is_shown_and_nothing_else() -> None:
    assert legend(["missed", "active", "active"]).plain == "A active  M missed"
