"""`python -m tools.simulate`: a day in the life of millions of users, in the terminal and as docs/scale.md.

It must not compute: it reads what is asked, and shows what the other modules answer.
"""

from __future__ import annotations

import argparse
import math
import sys
from datetime import date, time
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table as RichTable

from streak_core.config.maintenance import DEADLINE_SECONDS, MaintenanceRules
from streak_core.domain.policy import parse_policy
from tools.bench.tables import Table, cost_table, fan_out_table, load_table, rate_table, shard_table, speed_table
from tools.simulate.advice import USERS_MAX, Study
from tools.simulate.advice_words import advice_lines
from tools.simulate.costs import PRICES, PricesError, load_prices
from tools.simulate.plan import Assumptions
from tools.simulate.population import TABLE, PopulationError, load_population
from tools.simulate.scale_page import PLOTS, page

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SIZES: Final = (1_000_000, 10_000_000, 100_000_000)
DATE: Final = date(2026, 1, 15)
DAILY_AT: Final = time(5)
_YEARS: Final = range(2000, 2038)
_WRONG_USE: Final = 2
_CALL_SECONDS_MAX: Final = 3600
_INSTANCES_MAX: Final = 1000
_LARGEST: Final = 1_000_000
_PLAIN_WIDTH: Final = 120


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the simulation; answers the exit status, 2 for wrong use."""
    asked = _parser().parse_args(arguments)
    try:
        study = _study(asked)
    except (PopulationError, PricesError) as error:
        print(f"error: {error}", file=sys.stderr)
        return _WRONG_USE
    sizes = tuple(sorted(set(asked.users)))
    _show(study, sizes)
    if asked.write is None:
        return 0
    try:
        _write(study, sizes, asked.write)
    except OSError as error:
        print(f"error: {asked.write} can't be written: {error.strerror}", file=sys.stderr)
        return _WRONG_USE
    return 0


def _parser() -> argparse.ArgumentParser:
    own = Assumptions()
    parser = argparse.ArgumentParser(
        prog="python -m tools.simulate",
        description="Plans a day of the maintenance job for large populations: load, time, limits and cost.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = parser.add_argument
    add("--users", type=_users, nargs="+", default=list(SIZES), help="sizes to plan for, as in 1000000 or 2.5e6")
    add("--due-share", type=_part, default=own.due_share, help="part of all users who become due in a day, 0 to 1")
    add("--active-share", type=_part, default=own.active_share, help="part of all users who are active in a day")
    add("--date", type=_date, default=DATE, help="the day (UTC); try one on which clocks change")
    add("--daily-at", type=_time, default=DAILY_AT, help="when the daily run begins (UTC); hourly ones at its minute")
    speed = own.users_per_second_instance
    add("--users-per-second-instance", type=_positive, default=speed, help="speed of one instance; measure: make bench")
    add("--max-instances", type=_whole, default=own.max_instances, help="of the maintenance function, when fanned out")
    add(
        "--tasks-per-instance",
        type=_whole,
        default=own.tasks_per_instance,
        help="that it takes at a time (concurrency)",
    )
    add("--deadline-seconds", type=_seconds, default=DEADLINE_SECONDS, help="of one call of maintenance")
    add("--memory-gib", type=_positive, default=own.memory_gib, help="of an instance, with one vCPU")
    add("--headroom", type=_positive, default=own.headroom, help="advice is for so many times the due users")
    add("--population", type=Path, default=TABLE, help="people by time zone")
    add("--prices", type=Path, default=PRICES, help="prices and their date")
    add("--write", type=Path, metavar="DIR", help="write scale.md and its pictures into this folder, as in docs")
    return parser


def _study(asked: argparse.Namespace) -> Study:
    shipped = resources.files("streak_core").joinpath("policy.toml").read_text(encoding="utf-8")
    return Study(
        population=load_population(asked.population),
        day_start_hour=parse_policy(shipped).days.day_start_hour,
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


def _show(study: Study, sizes: tuple[int, ...]) -> None:
    console = Console(width=None if sys.stdout.isatty() else _PLAIN_WIDTH)
    costs = [cost_table(study, sizes, location) for location in study.prices.firestore]
    figures = [make(study, sizes) for make in (load_table, rate_table, fan_out_table, shard_table)]
    for table in (*figures, speed_table(study), *costs):
        console.print(_drawn(table))
    console.print(f"Prices of {study.prices.date}: {study.prices.note}.\n")
    console.print(Markdown("\n".join(f"- {line}" for line in advice_lines(study, sizes))))


def _drawn(table: Table) -> RichTable:
    drawn = RichTable(title=table.title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for name in table.header:
        drawn.add_column(name, overflow="fold")
    for row in table.rows:
        drawn.add_row(*row)
    return drawn


def _write(study: Study, sizes: tuple[int, ...], folder: Path) -> None:
    pictures = folder / "scale"
    pictures.mkdir(parents=True, exist_ok=True)
    console = Console(stderr=True)
    with console.status("writing the page"):
        (folder / "scale.md").write_text(page(study, sizes), encoding="utf-8")
    # Half a second to import, for those who want pictures.
    from tools.simulate.scale_plots import draw

    for name in PLOTS:
        with console.status(f"drawing {name}"):
            draw(name, study, sizes, pictures / name)
    print(f"wrote {folder / 'scale.md'} and {len(PLOTS)} pictures", file=sys.stderr)


def _number(text: str, what: str, is_good: Callable[[float], bool]) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and is_good(value)):
        message = f"{text!r} is not {what}"
        raise argparse.ArgumentTypeError(message)
    return value


def _users(text: str) -> int:
    what = f"a whole number of users from 1 to {USERS_MAX:g}"
    return int(_number(text, what, lambda value: 1 <= value <= USERS_MAX and value.is_integer()))


def _whole(text: str) -> int:
    what = f"a whole number from 1 to {_INSTANCES_MAX}"
    return int(_number(text, what, lambda value: 1 <= value <= _INSTANCES_MAX and value.is_integer()))


def _part(text: str) -> float:
    return _number(text, "a part from 0 to 1", lambda value: 0 <= value <= 1)


def _positive(text: str) -> float:
    what = f"a number above 0, at most {_LARGEST:,}"
    return _number(text, what, lambda value: 0 < value <= _LARGEST)


def _seconds(text: str) -> float:
    what = f"a number of seconds from 1 to {_CALL_SECONDS_MAX}, the most that a function may take"
    return _number(text, what, lambda value: 1 <= value <= _CALL_SECONDS_MAX)


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
        found = time.fromisoformat(text)
    except ValueError as error:
        message = f"{text!r} is not a time of day such as 05:00"
        raise argparse.ArgumentTypeError(message) from error
    return found.replace(tzinfo=None)


if __name__ == "__main__":
    sys.exit(main())
