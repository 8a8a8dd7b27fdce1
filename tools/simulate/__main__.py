"""`python -m tools.simulate`: a day in the life of millions of users, printed, and written as docs/scale.md.

It must not compute: it reads what is asked, and shows what the other modules answer.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Sequence
from datetime import date, time
from pathlib import Path
from typing import Any, Final

from streak_core.config import shipped_policy
from streak_core.config.maintenance import DEADLINE_SECONDS, MaintenanceRules
from tools import markdown
from tools.simulate.advice import USERS_MAX, Study
from tools.simulate.costs import PRICES, PricesError, load_prices
from tools.simulate.page import page
from tools.simulate.plan import Assumptions
from tools.simulate.population import TABLE, PopulationError, load_population

SIZES: Final = (1_000_000, 10_000_000, 100_000_000)
DATE: Final = date(2026, 1, 15)
DAILY_AT: Final = time(5)
_YEARS: Final = range(2000, 2038)
_WRONG_USE: Final = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the simulation; answers the exit status, 2 for wrong use."""
    asked = _parser().parse_args(arguments)
    try:
        text = page(_study(asked), tuple(sorted(set(asked.users))))
        if asked.write:
            (asked.write / "scale.md").write_text(text, encoding="utf-8")
    except (PopulationError, PricesError) as error:
        print(f"error: {error}", file=sys.stderr)
        return _WRONG_USE
    except OSError as error:
        print(f"error: {asked.write} can't be written: {error.strerror}", file=sys.stderr)
        return _WRONG_USE
    markdown.show(text)
    return 0


def _parser() -> argparse.ArgumentParser:
    own = Assumptions()
    parser = argparse.ArgumentParser(
        prog="python -m tools.simulate",
        description="Plans a day of the maintenance job for large populations: load, time, limits and cost.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )

    def add(name: str, read: Callable[[str], object], default: object, about: str, **more: Any) -> None:  # noqa: ANN401
        parser.add_argument(f"--{name}", type=read, default=default, help=about, **more)

    whole, part, positive = _number(1, 1000, whole=True), _number(0, 1), _number(1e-6, 1e6)
    users = _number(1, USERS_MAX, whole=True)
    add("users", users, list(SIZES), "sizes to plan for, as in 1000000 or 2.5e6", nargs="+")
    add("due-share", part, own.due_share, "part of all users who become due in a day, 0 to 1")
    add("active-share", part, own.active_share, "part of all users who are active in a day")
    add("date", _date, DATE, "the day (UTC); try one on which clocks change")
    add("daily-at", _time, DAILY_AT, "when the daily run begins (UTC); hourly ones at its minute")
    add("users-per-second-instance", positive, own.users_per_second_instance, "of one instance; measure: make bench")
    add("max-instances", whole, own.max_instances, "of the maintenance function, when fanned out")
    add("tasks-per-instance", whole, own.tasks_per_instance, "that it takes at a time (concurrency)")
    add("deadline-seconds", _number(1, 3600), DEADLINE_SECONDS, "of one call of maintenance")
    add("memory-gib", positive, own.memory_gib, "of an instance, with one vCPU")
    add("headroom", positive, own.headroom, "advice is for so many times the due users")
    add("population", Path, TABLE, "people by time zone")
    add("prices", Path, PRICES, "prices and their date")
    add("write", Path, None, "write scale.md into this folder, as in docs", metavar="DIR")
    return parser


def _study(asked: argparse.Namespace) -> Study:
    return Study(
        population=load_population(asked.population),
        day_start_hour=shipped_policy().days.day_start_hour,
        date=asked.date,
        at=asked.daily_at,
        assumptions=Assumptions(
            due_share=asked.due_share,
            users_per_second_instance=asked.users_per_second_instance,
            max_instances=asked.max_instances,
            tasks_per_instance=asked.tasks_per_instance,
            memory_gib=asked.memory_gib,
            active_share=asked.active_share,
            headroom=asked.headroom,
            rules=MaintenanceRules(deadline_seconds=asked.deadline_seconds),
        ),
        prices=load_prices(asked.prices),
    )


def _number(least: float, most: float, *, whole: bool = False) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not least <= value <= most or (whole and not value.is_integer()):
            message = f"{text!r} is not a {'whole ' if whole else ''}number from {least:g} to {most:g}"
            raise argparse.ArgumentTypeError(message)
        return int(value) if whole else value

    return read


def _date(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if day.year not in _YEARS:
        message = f"{text!r} is not a date from {_YEARS[0]} to {_YEARS[-1]} such as {DATE}"
        raise argparse.ArgumentTypeError(message)
    return day


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text).replace(tzinfo=None)
    except ValueError as error:
        message = f"{text!r} is not a time of day such as 05:00"
        raise argparse.ArgumentTypeError(message) from error


if __name__ == "__main__":
    sys.exit(main())
