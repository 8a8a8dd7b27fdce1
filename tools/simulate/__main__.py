"""`python -m tools.simulate`: a day in the life of millions of users, printed, and written as docs/scale.md.

It must not compute: it reads what is asked, and shows what the other modules answer.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import Field, TypeAdapter, ValidationError

from streak_core.config import shipped_policy
from tools import markdown
from tools.simulate.advice import USERS_MAX, Study
from tools.simulate.costs import load_prices
from tools.simulate.page import page
from tools.simulate.plan import Assumptions
from tools.simulate.population import load_population

SIZES: Final = (1_000_000, 10_000_000, 100_000_000)
DATE: Final = date(2026, 1, 15)
DAILY_AT: Final = time(5)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the simulation; answers the exit status, 2 for wrong use."""
    own = Assumptions()
    parser = argparse.ArgumentParser(
        prog="python -m tools.simulate",
        description="Plans a day of the maintenance job for large populations: load, time, limits and cost.",
        epilog="What else is assumed is in tools/simulate/plan.py, and the prices in tools/simulate/data.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = parser.add_argument
    part, whole = _read(Annotated[float, Field(ge=0, le=1)]), _read(Annotated[int, Field(ge=1, le=1000)])
    positive = _read(Annotated[float, Field(ge=1e-6, le=1e6)])
    users = _read(Annotated[float, Field(ge=1, le=USERS_MAX, multiple_of=1)])
    day = _read(Annotated[date, Field(ge=date(2000, 1, 1), le=date(2037, 12, 31))])
    add("--users", type=users, default=list(SIZES), help="sizes to plan for, as in 1000000 or 2.5e6", nargs="+")
    add("--date", type=day, default=DATE, help="the day (UTC); try one on which clocks change")
    add("--due-share", type=part, default=own.due_share, help="part of all users who become due in a day")
    speed = own.users_per_second_instance
    add("--users-per-second-instance", type=positive, default=speed, help="measure it: make bench")
    add("--max-instances", type=whole, default=own.max_instances, help="of maintenance, when fanned out")
    add("--tasks-per-instance", type=whole, default=own.tasks_per_instance, help="that it takes at a time")
    add("--write", type=Path, help="write scale.md into this folder, as in docs", metavar="DIR")
    asked = vars(parser.parse_args(arguments))
    sizes, at, folder = asked.pop("users"), asked.pop("date"), asked.pop("write")
    study = Study(
        population=load_population(),
        day_start_hour=shipped_policy().days.day_start_hour,
        date=at,
        at=DAILY_AT,
        assumptions=Assumptions(**asked),
        prices=load_prices(),
    )
    text = page(study, tuple(sorted(set(map(int, sizes)))))
    if folder:
        (folder / "scale.md").write_text(text, encoding="utf-8")
    markdown.show(text)
    return 0


def _read(kind: Any) -> Callable[[str], Any]:  # noqa: ANN401 - a type
    """What argparse reads an option with: text of a kind, with its bounds."""
    adapter: TypeAdapter[Any] = TypeAdapter(kind)

    def read(text: str) -> Any:  # noqa: ANN401 - of that kind
        try:
            return adapter.validate_strings(text)
        except ValidationError as error:
            message = f"{text!r}: {error.errors()[0]['msg']}"
            raise argparse.ArgumentTypeError(message) from error

    return read


if __name__ == "__main__":
    sys.exit(main())
