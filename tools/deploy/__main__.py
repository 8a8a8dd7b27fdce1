"""The command line of a deployment (`python -m tools.deploy COMMAND NAME=VALUE …`), behind `make deploy` and its like.

Must not know how a command does its work. Names are those of make's variables; what is not given is looked for in the
environment, as make does.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from emulator.places import ROOT
from functions.catalogue import FUNCTIONS
from tools.deploy import settings as chosen
from tools.deploy.errors import DeploymentStopped, WrongUse
from tools.monitoring.variables import NOBODY_IS_TOLD
from tools.monitoring.variables import VARIABLES as OF_MONITORING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tools.deploy.action import Step

WRONG_USE: Final = 2
INTERRUPTED: Final = 130
CHOICES: Final = (
    *("SCHEDULE", "TIME_ZONE", "FANOUT", "CORS_ORIGINS", "ENV", "SECRETS", "CANARY", "COMMIT"),
    *(one.name for one in OF_MONITORING),
)
_WHERE: Final = ("PROJECT", "REGION")
# How a command is called where make has another name for it, or none.
_CALLED: Final = {"all": "make deploy", "monitoring": "make deploy-monitoring", "rules": "python -m tools.deploy rules"}
NEXT: Final = """deployed. Next:
  gcloud scheduler jobs run {job} --location={region} --project={project}
  the dashboard: https://console.cloud.google.com/monitoring/dashboards?project={project}
  docs/operations.md says what to look at; docs/rollback.md how to go back"""

# By name; what was not given is empty.
Options = dict[str, str]


def main(arguments: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Run one command. The answer is the exit status: 0 done, 1 stopped, 2 wrong use."""
    try:
        command, options = parse(sys.argv[1:] if arguments is None else arguments, environ)
        COMMANDS[command][0](options)
    except WrongUse as error:
        print(f"error: {error}", file=sys.stderr)
        return WRONG_USE
    except DeploymentStopped as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; what was done stays, and doing it again changes nothing", file=sys.stderr)
        return INTERRUPTED
    return 0


def parse(arguments: Sequence[str], environ: Mapping[str, str]) -> tuple[str, Options]:
    """The command, and what was given for each name that it knows. Raises `WrongUse` for any other name."""
    command, *given = arguments or [""]
    if command not in COMMANDS:
        message = f"name a command: {', '.join(COMMANDS)}"
        raise WrongUse(message)
    known = COMMANDS[command][1]
    options = {name: environ.get(name, "") for name in known}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals or name not in known:
            message = f"{_CALLED.get(command, f'make {command}')} does not take {name}; it takes {', '.join(known)}"
            raise WrongUse(message)
        options[name] = value
    return command, options


def _settings(options: Options) -> chosen.Settings:
    return replace(
        chosen.project_and_region(options["PROJECT"], options["REGION"]),
        schedule=chosen.schedule(options["SCHEDULE"] or chosen.SCHEDULE),
        time_zone=chosen.time_zone(options["TIME_ZONE"] or chosen.TIME_ZONE),
        is_fanned_out=chosen.fan_out(options["FANOUT"]),
        cors_origins=chosen.cors_origins(options["CORS_ORIGINS"]),
        environment=chosen.environment(options["ENV"]),
        secrets=chosen.secrets(options["SECRETS"]),
        canary_percent=chosen.canary(options["CANARY"]),
        monitoring=chosen.monitoring({one.name: options[one.name] for one in OF_MONITORING}),
        commit=chosen.commit(options["COMMIT"]),
    )


def _all(options: Options) -> None:
    from tools.deploy import runner, steps
    from tools.deploy.gcloud import DRY_RUN_ASKS_NOTHING, commit_of, number_of, require_gcloud

    settings = _settings({**options, "COMMIT": options["COMMIT"] or commit_of(ROOT)})
    indexes = (ROOT / "firestore.indexes.json").read_text(encoding="utf-8")

    def wanted(known: chosen.Settings) -> tuple[Step, ...]:
        every = steps.steps(known, indexes=indexes, python=_python())
        return steps.chosen(every, only=options["STEP"], first=options["FROM"])

    planned = wanted(settings)
    if "monitoring" in [one.name for one in planned] and not options["NOTIFICATION_CHANNELS"]:
        print(NOBODY_IS_TOLD, file=sys.stderr)
    if _is_on(options["DRY_RUN"]):
        runner.show(planned, settings.project)
        return
    require_gcloud(DRY_RUN_ASKS_NOTHING)
    number = chosen.project_number(number_of(settings.project))
    # The call of make that was this one, without what it began with.
    again = ("make", "deploy", *(f"{name}={options[name]}" for name in (*_WHERE, *CHOICES) if options[name]))
    runner.run(wanted(replace(settings, project_number=number)), again, by_name=bool(options["STEP"]))
    if planned[-1].name == "smoke":
        print(NEXT.format(job=chosen.MAINTENANCE, region=settings.region, project=settings.project))


def _python() -> str:
    """This Python as a person would call it from the project's folder."""
    executable = Path(sys.executable)
    return str(executable.relative_to(ROOT)) if executable.is_relative_to(ROOT) else sys.executable


def _monitoring(options: Options) -> None:
    from tools.deploy.gcloud import DRY_RUN_ASKS, number_of, require_gcloud
    from tools.deploy.monitoring import monitoring_variables
    from tools.monitoring.deploy.deployment import Deployment
    from tools.monitoring.deploy.kinds import google_clients

    settings = _settings({**dict.fromkeys(CHOICES, ""), **options})
    require_gcloud(DRY_RUN_ASKS)
    known = replace(settings, project_number=chosen.project_number(number_of(settings.project)))
    deployment = Deployment(
        project=known.project,
        environ=monitoring_variables(known),
        make_clients=google_clients,
        is_dry=_is_on(options["DRY_RUN"]),
    )
    if status := deployment.run():
        message = f"monitoring was not deployed (status {status})"
        raise DeploymentStopped(message)


def _rollback(options: Options) -> None:
    from tools.deploy.gcloud import DRY_RUN_ASKS, require_gcloud
    from tools.deploy.rollback import carry_out, plan

    settings = chosen.project_and_region(options["PROJECT"], options["REGION"])
    names = [chosen.function_named(options["FUNCTION"]).name] if options["FUNCTION"] else list(FUNCTIONS)
    if options["TO"] and not options["FUNCTION"]:
        message = "TO names a revision of one function: give FUNCTION, too"
        raise WrongUse(message)
    require_gcloud(DRY_RUN_ASKS)
    moves = [plan(settings, name, options["TO"]) for name in names]
    carry_out(settings, moves, dry_run=_is_on(options["DRY_RUN"]))


def _smoke(options: Options) -> None:
    from tools.deploy.gcloud import number_of, require_gcloud
    from tools.deploy.smoke import base_url, smoke

    if options["BASE_URL"]:
        url = base_url(options["BASE_URL"])
        smoke(lambda _: url, is_local=url.startswith("http://"))
        return
    settings = chosen.project_and_region(options["PROJECT"], options["REGION"])
    require_gcloud()
    known = replace(settings, project_number=chosen.project_number(number_of(settings.project)))
    smoke(known.url)


def _rules(options: Options) -> None:
    from tools.deploy import rules

    text = (ROOT / rules.FILE).read_text(encoding="utf-8")
    has_changed = rules.release(rules.session(options["PROJECT"]), options["PROJECT"], text)
    print("released" if has_changed else "released already")


def _is_on(switch: str) -> bool:
    return switch not in {"", "0"}


# By its name: what it does, and which names it knows.
COMMANDS: Final[Mapping[str, tuple[Callable[[Options], None], tuple[str, ...]]]] = {
    "all": (_all, (*_WHERE, *CHOICES, "STEP", "FROM", "DRY_RUN")),
    "monitoring": (_monitoring, (*_WHERE, "SCHEDULE", *(one.name for one in OF_MONITORING), "DRY_RUN")),
    "rollback": (_rollback, (*_WHERE, "FUNCTION", "TO", "DRY_RUN")),
    "smoke": (_smoke, (*_WHERE, "BASE_URL")),
    "rules": (_rules, ("PROJECT",)),
}

if __name__ == "__main__":
    sys.exit(main())
