"""`python -m tools.streakctl`, installed as `streakctl`."""

from __future__ import annotations

import logging
import sys


def main() -> None:
    """Runs one command, or says what is missing for it."""
    try:
        from tools.streakctl.app import app
    except ModuleNotFoundError as error:
        print(f"error: {error.name} is missing; streakctl needs what `pip install '.[cli]'` brings", file=sys.stderr)
        sys.exit(2)
    # What the service would log of a conflict, the command says itself.
    logging.getLogger("streak_core").setLevel(logging.CRITICAL)
    app(prog_name="streakctl")


if __name__ == "__main__":
    main()
