"""The command `python -m tools.openapi`. It must not know what is rendered."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from emulator.places import ROOT
from streak_core.config import shipped_policy
from streak_core.domain.policy import PolicyError, parse_policy
from tools.openapi.rendering import RenderingError, rendered, without_examples

if TYPE_CHECKING:
    from collections.abc import Sequence

CONTRACT: Final = ROOT / "openapi.yaml"


def main(arguments: Sequence[str] | None = None) -> int:
    """Answers the exit status: 0 all is fine, 1 it can't be rendered, 2 wrong use."""
    options = _parser().parse_args(arguments)
    try:
        contract = CONTRACT.read_text(encoding="utf-8")
        if options.policy:
            policy = parse_policy(options.policy.read_text(encoding="utf-8"))
            sys.stdout.write(without_examples(rendered(contract, policy)))
        else:
            CONTRACT.write_text(rendered(contract, shipped_policy()), encoding="utf-8")
    except (OSError, PolicyError, RenderingError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools.openapi",
        description="Renders what openapi.yaml has of the policy and of the code, in its place.",
    )
    parser.add_argument(
        "--policy", type=Path, metavar="FILE", help="print the contract of a deployment with this policy instead"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
