"""The command line of `python -m tools.monitoring.preview`. It must not know how any step is done."""

from __future__ import annotations

import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from emulator.errors import SetupError
from tools.monitoring.dashboard import DASHBOARD, NotADashboardError, read_dashboard

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

OUTPUT: Final = Path("build/dashboard.html")
DAYS: Final = 4
# The outage comes with the second night.
DAYS_MIN: Final = 2
DAYS_MAX: Final = 14
INTERRUPTED: Final = 130
_ABOUT: Final = """Draw the dashboard with the data of a local run, as one HTML page.

Some days are lived with the real functions and Google's Firestore emulator; their log lines become metrics as Cloud
Logging makes them, and Prometheus answers the dashboard's queries. Needs Debian's package prometheus.

Exit status: 0 done, 1 something is missing here or wrong with the dashboard, 2 wrong use, 130 interrupted."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; answers the exit status."""
    signal.signal(signal.SIGTERM, _interrupt)
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(help=_ABOUT)(_command)
    try:
        app(arguments, prog_name="python -m tools.monitoring.preview")
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def _command(
    output: Annotated[Path, typer.Option(help="where the page is written")] = OUTPUT,
    dashboard: Annotated[Path, typer.Option(help="the dashboard's file")] = DASHBOARD,
    days: Annotated[int, typer.Option(min=DAYS_MIN, max=DAYS_MAX, help="how many days are lived")] = DAYS,
) -> None:
    """Parses, and hands over."""
    # Drawing needs a library that takes its time to import.
    from tools.monitoring.preview.preview import preview

    try:
        preview(read_dashboard(dashboard), output, until=_this_hour(), length=timedelta(days=days))
    except (SetupError, NotADashboardError) as error:
        print(f"error: {error}", file=sys.stderr)
        raise typer.Exit(1) from error
    except KeyboardInterrupt as stop:
        print("stopped", file=sys.stderr)
        raise typer.Exit(INTERRUPTED) from stop
    print(f"written: {output}")


def _this_hour() -> datetime:
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
