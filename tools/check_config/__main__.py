"""The command `python -m tools.check_config`. It must not know how anything is judged."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from streak_core.store.client import firestore_client
from streak_core.store.health import DatabaseProbe
from tools.check_config.formatting import as_json, as_text
from tools.check_config.report import check

if TYPE_CHECKING:
    from streak_core.config import Config


def main(arguments: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Answers the exit status: 0 all is fine, 1 something is not, 2 wrong use."""
    options = _parser().parse_args(arguments)
    # What failed is in the report; the lines that a function would log of it would stand in between.
    logging.disable()
    report = check(environ, is_production=options.production, probe=_probe)
    print(as_json(report) if options.json else as_text(report))
    return 0 if report.is_fine else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools.check_config",
        description="Judges the environment as a function would, and tries the database that it names.",
        epilog="It asks the database as whoever you are; to ask as a function's service account, impersonate it: "
        "gcloud auth application-default login --impersonate-service-account=ACCOUNT",
    )
    parser.add_argument("--production", action="store_true", help="judge as if deployed (as where K_SERVICE is set)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


def _probe(config: Config) -> DatabaseProbe:
    return DatabaseProbe(lambda: firestore_client(config.project, config.database, config.collection_prefix))


if __name__ == "__main__":
    sys.exit(main())
