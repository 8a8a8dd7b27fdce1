"""Makes `python -m tools.monitoring.deploy` the command line. It must not know what that does."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

from tools.monitoring.deploy.cli import main

if TYPE_CHECKING:
    from types import FrameType


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    # As Ctrl-C: what is done so far is said.
    signal.signal(signal.SIGTERM, _interrupt)
    sys.exit(main())
