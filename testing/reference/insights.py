"""What a calendar tells of habits, counted once more from the answers that clients read: plain loops, every outcome.

It must not know how the product counts.
"""

from __future__ import annotations

import datetime as dt
import itertools
from fractions import Fraction
from typing import Any

from testing.reference.policy import WEEKDAYS
from testing.reference.zones import DAY, monday_of

LACKING = ("frozen", "repaired", "missed")
ENOUGH = 28


def date_of(row: dict[str, Any]) -> dt.date:
    return dt.date.fromisoformat(row["date"])


def told(calendar: list[dict[str, Any]], asking: list[dt.date], freezes: int | None) -> dict[str, Any]:
    """The answer but for `today`, from the rows before it; `freezes` is None where no streak is running."""
    rows = [row for row in calendar if row["verdict"] != "none"]
    days = len(rows)
    return {
        "period": {"days": days, "from": rows[0]["date"], "until": rows[-1]["date"]} if rows else None,
        "activities_per_day": shown(sum(row["activity_count"] for row in rows), days, 2) if days else 0.0,
        "xp_per_day": shown(sum(row["xp"] for row in rows), days, 2) if days else 0.0,
        "best_weekday": best_weekday(rows),
        "weekdays": [weekday_row(name, rows) for name in WEEKDAYS],
        "heatmap": heatmap(rows),
        "longest_gap": longest_gap(rows),
        **comebacks(rows),
        "keeping": None if freezes is None else keeping(rows, asking, freezes),
    }


def shown(part: int, of: int, digits: int) -> float:
    return float(round(Fraction(part, of), digits))


def on_weekday(rows: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return [row for row in rows if date_of(row).strftime("%A").lower() == name]


def done_and_lacking(rows: list[dict[str, Any]]) -> tuple[int, int]:
    verdicts = [row["verdict"] for row in rows]
    return verdicts.count("active"), sum(verdicts.count(one) for one in LACKING)


def weekday_row(name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    those = on_weekday(rows, name)
    done, lacking = done_and_lacking(those)
    return {
        "weekday": name,
        "asked": done + lacking,
        "active": done,
        "rate": shown(done, done + lacking, 3) if done + lacking else None,
        "activities": sum(row["activity_count"] for row in those),
        "xp": sum(row["xp"] for row in those),
    }


def likely(rows: list[dict[str, Any]], name: str) -> Fraction:
    """How likely a day of that name is done: its own days, and four more that are as all of them are."""
    done, lacking = done_and_lacking(rows)
    usual = Fraction(done + 1, done + lacking + 2)
    done, lacking = done_and_lacking(on_weekday(rows, name))
    return (done + 4 * usual) / (done + lacking + 4)


def best_weekday(rows: list[dict[str, Any]]) -> str | None:
    best = None
    for name in WEEKDAYS:
        asked = sum(done_and_lacking(on_weekday(rows, name)))
        if asked and len(rows) >= ENOUGH and (best is None or likely(rows, name) > likely(rows, best)):
            best = name
    return best


def heatmap(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if not rows:
        return []
    count = {row["date"]: row["activity_count"] for row in rows}
    weeks, monday = [], monday_of(date_of(rows[0]))
    while monday <= date_of(rows[-1]):
        activities = [count.get((monday + n * DAY).isoformat()) for n in range(7)]
        weeks.append({"week_start": monday.isoformat(), "activities": activities})
        monday += 7 * DAY
    return weeks


def longest_gap(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """For each day that lacked an activity, how many there were since the last active day; the last of the most."""
    longest = None
    for number, row in enumerate(rows):
        if row["verdict"] not in LACKING:
            continue
        since = rows[: number + 1]
        while any(one["verdict"] == "active" for one in since):
            since = since[1:]
        lacking = [one["date"] for one in since if one["verdict"] in LACKING]
        if longest is None or len(lacking) >= longest["days"]:
            longest = {"days": len(lacking), "from": lacking[0], "until": lacking[-1]}
    return longest


def comebacks(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """A break begins with the first missed day since an active one, and lasts until the next active one."""
    open_since, breaks, waited = None, 0, []
    for row in rows:
        if row["verdict"] == "missed" and open_since is None:
            open_since, breaks = date_of(row), breaks + 1
        if row["verdict"] == "active" and open_since is not None:
            waited.append((date_of(row) - open_since) // DAY)
            open_since = None
    waited.sort()
    middle = waited[(len(waited) - 1) // 2] if waited else None
    return {"breaks": breaks, "comebacks": len(waited), "comeback_days": middle}


def at_stake(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The days that asked, before which the last day that was active or missed was active."""
    found = []
    for number, row in enumerate(rows):
        turns = [one["verdict"] for one in rows[:number] if one["verdict"] in ("active", "missed")]
        if row["verdict"] in ("active", *LACKING) and turns[-1:] == ["active"]:
            found.append(row)
    return found


def keeping(rows: list[dict[str, Any]], asking: list[dt.date], freezes: int) -> dict[str, Any] | None:
    """The chance of each way in which the days may go, added up over those that spend no more than is held."""
    stake = at_stake(rows)
    if len(stake) < ENOUGH:
        return None
    chance = Fraction(0)
    for ways in itertools.product((True, False), repeat=len(asking)):
        if ways.count(False) <= freezes:
            product = Fraction(1)
            for day, is_done in zip(asking, ways, strict=True):
                rate = likely(stake, WEEKDAYS[day.weekday()])
                product *= rate if is_done else 1 - rate
            chance += product
    return {"chance": float(round(chance, 3)), "sample_days": len(stake)}
