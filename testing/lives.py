"""Random lives: sequences of scenario steps with every command mixed, as hypothesis strategies.

A life knows nothing of what will be answered: many of its commands are refused, late, doubled or senseless.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from hypothesis import strategies as st

from streak_core.domain.zones import zone_names

Step = dict[str, Any]

ZONES: Final = tuple(sorted(zone_names()))
# Far apart, or with unusual clocks: where travellers and the calendar meet most trouble.
HARD_ZONES: Final = (
    "Pacific/Kiritimati",
    "Etc/GMT+12",
    "America/Los_Angeles",
    "Asia/Tokyo",
    "Europe/London",
    "UTC",
    "Pacific/Apia",
    "Antarctica/Casey",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Asia/Kathmandu",
)
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FIRST_MOMENT: Final = datetime(2000, 1, 3, tzinfo=UTC)
LAST_MOMENT: Final = datetime(2037, 10, 1, tzinfo=UTC)

zones: Final = st.one_of(st.sampled_from(HARD_ZONES), st.sampled_from(ZONES))
moments: Final = st.one_of(
    st.datetimes(FIRST_MOMENT.replace(tzinfo=None), LAST_MOMENT.replace(tzinfo=None), timezones=st.just(UTC)),
    # The days on which Apia and Fakaofo lost a date, and an ordinary year of the future.
    st.datetimes(datetime(2011, 12, 15), datetime(2011, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
)

WORTH: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("study_guide_completed", {}),
    ("evaluation_completed", {"grade": 9}),
    ("evaluation_completed", {"grade": 3}),
    ("check_in", {}),
    ("flashcard_set_completed", {"correct": 9}),
    ("flashcard_set_completed", {"correct": 25}),
    ("flashcard_set_completed", {"correct": 1_000_000}),
    ("quiz_completed", {"difficulty": "hard", "score": 80}),
    ("quiz_completed", {"difficulty": "easy", "score": 59}),
)
# What a day brings, in minutes: moments, hours, about a day, some days, and weeks of absence.
_GAPS: Final = st.one_of(
    st.integers(0, 90),
    st.integers(0, 24 * 60),
    st.integers(0, 24 * 60),
    *(st.integers(20 * 60, 28 * 60) for _ in range(6)),
    st.integers(20 * 60, 60 * 60),
    st.integers(40 * 60, 56 * 60),
    st.integers(0, 12 * 24 * 60),
    st.sampled_from([-30, -600, 14 * 24 * 60, 29 * 24 * 60, 90 * 24 * 60]),
)


def _day(now: datetime, offset: int) -> str:
    return (now.date() + timedelta(days=offset)).isoformat()


@st.composite
def _records(draw: st.DrawFn, now: datetime, number: int) -> Step:
    kind, metadata = draw(st.sampled_from(WORTH))
    earlier = draw(st.sampled_from([0, 0, 0, 1])) and draw(st.integers(0, number))
    step: Step = {
        "do": "record",
        "activity_id": f"a{number - earlier}",
        "activity_type": kind,
        "metadata": metadata,
    }
    late = draw(st.one_of(st.none(), st.none(), st.integers(-6, 9 * 24 * 60), st.integers(0, 16 * 24 * 60)))
    if late is not None:
        step["occurred_at"] = (now - timedelta(minutes=late)).isoformat()
    if draw(st.sampled_from([True, False, False, False])):
        step["time_zone"] = draw(zones)
    return step


@st.composite
def _commands(draw: st.DrawFn, now: datetime, number: int) -> Step:
    do = draw(
        st.sampled_from(
            [
                *("undo", "undo", "redo", "redo", "reset", "take_reset_back", "plan_freeze", "plan_freeze"),
                *("unplan_freeze", "repair", "repair", "pause", "add_pause", "resume", "end_pause", "set_time_zone"),
                *(
                    "set_time_zone",
                    "flap",
                    "set_rest_weekdays",
                    "set_auto_freeze",
                    "check_in",
                    "check_in",
                    "maintenance",
                ),
            ]
        )
    )
    match do:
        case "undo" | "redo":
            return {"do": do, "activity_id": f"a{draw(st.integers(max(0, number - 8), number))}"}
        case "plan_freeze" | "unplan_freeze":
            return {"do": do, "date": _day(now, draw(st.integers(-3, 9)))}
        case "pause" | "add_pause":
            begin = draw(st.integers(-2, 5))
            days = draw(st.one_of(st.integers(0, 8), st.integers(86, 92)))
            return {"do": do, "from": _day(now, begin), "until": _day(now, begin + days)}
        case "end_pause":
            return {"do": do, "from": _day(now, draw(st.integers(-3, 5)))}
        case "set_time_zone":
            since = draw(st.one_of(st.none(), st.none(), st.integers(0, 16 * 24 * 60)))
            earlier = {} if since is None else {"since": (now - timedelta(minutes=since)).isoformat()}
            return {"do": do, "time_zone": draw(zones), **earlier}
        case "flap":
            # Back and forth between few: what is taken back was never said.
            return {"do": "set_time_zone", "time_zone": draw(st.sampled_from(HARD_ZONES[:3]))}
        case "check_in":
            key = draw(st.one_of(st.none(), st.integers(max(0, number - 3), number)))
            step = {"do": do} if key is None else {"do": do, "key": f"k{key}"}
            return {**step, "time_zone": draw(zones)} if draw(st.sampled_from([True, False, False])) else step
        case "set_rest_weekdays":
            return {"do": do, "weekdays": draw(st.lists(st.sampled_from(WEEKDAYS), max_size=3, unique=True))}
        case "set_auto_freeze":
            return {"do": do, "on": draw(st.booleans())}
        case _:
            return {"do": do}


# The life of somebody who comes nearly every day, and of somebody who does not.
_DAILY: Final = (
    st.one_of(st.integers(0, 240), st.integers(0, 240), *(st.integers(17 * 60, 30 * 60) for _ in range(4)), _GAPS),
    (*("record",) * 11, "many", *("command",) * 4),
)
_ANY: Final = (_GAPS, (*("record",) * 4, "many", *("command",) * 3))


@st.composite
def _one_step(draw: st.DrawFn, now: datetime, number: int, whats: tuple[str, ...]) -> list[Step]:
    what = draw(st.sampled_from(whats))
    if what == "command":
        return [draw(_commands(now, number))]
    if what == "many":
        # Enough XP for one or more freezes.
        worth = {"do": "record", "activity_type": "flashcard_set_completed", "metadata": {"correct": 1_000}}
        return [{**worth, "activity_id": f"a{number}.{i}"} for i in range(draw(st.integers(1, 3)))]
    return [draw(_records(now, number))]


@st.composite
def lives(draw: st.DrawFn, *, steps_max: int = 40) -> list[Step]:
    """A life of up to `steps_max` moments; most begin with a time zone, and some say it late or never."""
    now = draw(moments)
    first: Step = {"at": now.isoformat(), "do": "set_time_zone", "time_zone": draw(zones)}
    steps = [first] if draw(st.sampled_from([True, True, False])) else []
    gaps, whats = draw(st.sampled_from([_DAILY, _DAILY, _ANY]))
    for number in range(draw(st.integers(1, steps_max))):
        now = min(now + timedelta(minutes=draw(gaps)), LAST_MOMENT)
        steps += [{"at": now.isoformat(), **step} for step in draw(_one_step(now, number, whats))]
    return steps


def day_of(step: Step) -> date:
    """The UTC date of a step."""
    return datetime.fromisoformat(step["at"]).date()
