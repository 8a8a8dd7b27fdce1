"""The command line of a deployment (`python -m tools.deploy`), behind `make deploy`, `make rollback`, `make smoke`.

Must not know how a command does its work.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from emulator.places import ROOT
from functions.catalogue import FUNCTIONS
from tools.deploy import settings as chosen
from tools.deploy.errors import DeploymentStopped, WrongUse
from tools.monitoring.variables import VARIABLES as OF_MONITORING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tools.deploy.action import Step

WRONG_USE: Final = 2
# The options of `all`, each with the make variable of the same meaning.
VARIABLES: Final = {
    "schedule": chosen.SCHEDULE,
    "time_zone": chosen.TIME_ZONE,
    "fanout": "",
    "cors_origins": "",
    "env": "",
    "secrets": "",
    "canary": "",
    **{one.name.lower(): "" for one in OF_MONITORING},
}
NEXT: Final = """deployed. Next:
  gcloud scheduler jobs run {job} --location={region} --project={project}
  the dashboard: https://console.cloud.google.com/monitoring/dashboards?project={project}
  docs/operations.md says what to look at; docs/rollback.md how to go back"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. The answer is the exit status: 0 done, 1 stopped, 2 wrong use."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], None] = options.command
    try:
        command(options)
    except WrongUse as error:
        print(f"error: {error}", file=sys.stderr)
        return WRONG_USE
    except DeploymentStopped as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; what was done stays, and doing it again changes nothing", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools.deploy", description="Deploys Unbroken to a Google Cloud project."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    every = commands.add_parser("all", help="every step of a deployment, or those named")
    every.set_defaults(command=_all)
    for name, default in VARIABLES.items():
        every.add_argument(f"--{name.replace('_', '-')}", default="", help=f"({default or 'not set'})")
    every.add_argument("--step", default="", help="these steps only, separated by spaces")
    every.add_argument("--from", dest="first", default="", help="this step and those after it")
    back = commands.add_parser("rollback", help="all requests to the revision before")
    back.set_defaults(command=_rollback)
    back.add_argument("--function", default="", help="one function (all)")
    back.add_argument("--to", default="", help="this revision")
    for each in (every, back):
        each.add_argument("--dry-run", action="store_true", help="print the commands, run none that changes anything")
    smoke = commands.add_parser("smoke", help="ask each function what shows that it runs and is guarded")
    smoke.set_defaults(command=_smoke)
    smoke.add_argument("--base-url", default="", help="one address of all functions, such as a local server")
    rules = commands.add_parser("rules", help="release firestore.rules")
    rules.set_defaults(command=_rules)
    for each in (every, back, smoke, rules):
        each.add_argument("--project", default="")
        each.add_argument("--region", default="")
    return parser


def _settings(options: argparse.Namespace) -> chosen.Settings:
    return replace(
        chosen.project_and_region(options.project, options.region),
        schedule=chosen.schedule(options.schedule or chosen.SCHEDULE),
        time_zone=chosen.time_zone(options.time_zone or chosen.TIME_ZONE),
        is_fanned_out=chosen.fan_out(options.fanout),
        cors_origins=chosen.cors_origins(options.cors_origins),
        environment=chosen.environment(options.env),
        secrets=chosen.secrets(options.secrets),
        canary_percent=chosen.canary(options.canary),
        monitoring=tuple((one.name, value) for one in OF_MONITORING if (value := getattr(options, one.name.lower()))),
    )


def _all(options: argparse.Namespace) -> None:
    from tools.deploy import runner, steps
    from tools.deploy.gcloud import number_of, require_gcloud

    settings = _settings(options)
    indexes = (ROOT / "firestore.indexes.json").read_text(encoding="utf-8")

    def wanted(known: chosen.Settings) -> tuple[Step, ...]:
        every = steps.steps(known, indexes=indexes, python=_python())
        return steps.chosen(every, only=options.step, first=options.first)

    planned = wanted(settings)
    missing = chosen.missing_of_monitoring(settings) if "monitoring" in [one.name for one in planned] else ()
    if options.dry_run:
        runner.show(planned, settings.project)
        if missing:
            print(f"# monitoring also needs {' and '.join(missing)}; docs/operations.md says how to get them")
        return
    if missing:
        message = f"give {' and '.join(missing)} (docs/operations.md), or name the steps to run, as in STEP=functions"
        raise WrongUse(message)
    require_gcloud()
    number = chosen.project_number(number_of(settings.project))
    runner.run(wanted(replace(settings, project_number=number)), _again(options), by_name=bool(options.step))
    if planned[-1].name == "smoke":
        print(NEXT.format(job=chosen.MAINTENANCE, region=settings.region, project=settings.project))


def _again(options: argparse.Namespace) -> tuple[str, ...]:
    """The call of make that was this one, without what it began with."""
    given = {name: getattr(options, name) for name in ("project", "region", *VARIABLES)}
    return ("make", "deploy", *(f"{name.upper()}={value}" for name, value in given.items() if value))


def _python() -> str:
    """This Python as a person would call it from the project's folder."""
    executable = Path(sys.executable)
    return str(executable.relative_to(ROOT)) if executable.is_relative_to(ROOT) else sys.executable


def _rollback(options: argparse.Namespace) -> None:
    from tools.deploy.gcloud import require_gcloud
    from tools.deploy.rollback import carry_out, plan

    settings = chosen.project_and_region(options.project, options.region)
    names = [chosen.function_named(options.function).name] if options.function else list(FUNCTIONS)
    if options.to and not options.function:
        message = "TO names a revision of one function: give FUNCTION, too"
        raise WrongUse(message)
    require_gcloud()
    moves = [plan(settings, name, options.to) for name in names]
    carry_out(settings, moves, dry_run=options.dry_run)


def _smoke(options: argparse.Namespace) -> None:
    from tools.deploy.gcloud import number_of, require_gcloud
    from tools.deploy.smoke import base_url, smoke

    if options.base_url:
        url = base_url(options.base_url)
        smoke(lambda _: url, is_local=url.startswith("http://"))
        return
    settings = chosen.project_and_region(options.project, options.region)
    require_gcloud()
    known = replace(settings, project_number=chosen.project_number(number_of(settings.project)))
    smoke(known.url)


def _rules(options: argparse.Namespace) -> None:
    from tools.deploy import rules

    text = (ROOT / rules.FILE).read_text(encoding="utf-8")
    has_changed = rules.release(rules.session(options.project), options.project, text)
    print("released" if has_changed else "released already")


if __name__ == "__main__":
    sys.exit(main())
