"""The command behind `make dashboard-preview`: records, asks for each widget's data, draws. Must not know how."""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from emulator.errors import SetupError
from emulator.firestore import HOST_VARIABLE, FirestoreEmulator
from tools.monitoring.checks.dashboard import DASHBOARD, dashboard_problems
from tools.monitoring.files import NotReadableError, read_document
from tools.monitoring.preview.prometheus import require_programs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import FrameType

OUTPUT: Final = Path("build/dashboard.svg")
INTERRUPTED: Final = 130
DAYS: Final = timedelta(days=2)
_ABOUT: Final = """Draw the dashboard with the data of a local run.

The real functions are brought into trouble on Google's Firestore emulator, as by `make drill`; their log lines become
metrics as Cloud Logging makes them, and Prometheus answers the dashboard's queries. Needs Debian's package prometheus.

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
    output: Annotated[Path, typer.Option(help="where the picture is written")] = OUTPUT,
    dashboard: Annotated[Path, typer.Option(help="the dashboard's file")] = DASHBOARD,
) -> None:
    """Parses, and hands over."""
    try:
        _preview(read_document(dashboard), output)
    except (SetupError, NotReadableError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        raise typer.Exit(1) from error
    except KeyboardInterrupt as stop:
        print("stopped", file=sys.stderr)
        raise typer.Exit(INTERRUPTED) from stop
    print(f"written: {output}")


def _preview(content: Mapping[str, Any], output: Path) -> None:
    """Raises `SetupError`: this machine lacks something, or the dashboard is wrong, or a widget has nothing to show."""
    if problems := dashboard_problems(content):
        raise SetupError("\n".join(problems))
    require_programs()
    # These take their time to import.
    from tools.monitoring.drill.recording import record
    from tools.monitoring.drill.scenarios import every_trouble
    from tools.monitoring.preview.data import ask
    from tools.monitoring.preview.drawing import draw

    with FirestoreEmulator() as emulator:
        os.environ[HOST_VARIABLE] = emulator.host
        recorded = record(emulator.host, lambda step: print(step, file=sys.stderr))
    end = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    tiles = ask(content["mosaicLayout"]["tiles"], every_trouble(recorded), end - DAYS, end)
    output.parent.mkdir(parents=True, exist_ok=True)
    draw(content["displayName"], tiles, output)
    if empty := [one.title for one in tiles if one.is_empty]:
        # In these days everything happens at least once: a query that finds nothing asks for something else.
        message = f"written: {output}, but nothing is to be seen in: {', '.join(empty)}"
        raise SetupError(message)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
