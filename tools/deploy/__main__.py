"""The command line of a deployment (`python -m tools.deploy COMMAND NAME=VALUE …`), behind `make deploy` and its like.

Must not know how a command does its work. Names are those of make's variables; what is not given is looked for in the
environment, as make does.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from emulator.places import ROOT
from emulator.stopping import stop_signals_interrupt
from emulator.token import PROJECT
from functions.catalogue import FUNCTIONS
from tools.deploy import settings as chosen
from tools.deploy.errors import DeploymentStopped, WrongUse
from tools.deploy.settings_file import DEFAULT, OPTIONS, remembered
from tools.monitoring.variables import NOBODY_IS_TOLD
from tools.monitoring.variables import VARIABLES as OF_MONITORING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tools.monitoring.deploy.clients import Clients

WRONG_USE: Final = 2
INTERRUPTED: Final = 130
WHERE: Final = ("SETTINGS", "PROJECT", "REGION", "PREFIX", "STREAK_COLLECTION_PREFIX", "DATABASE", "ADDRESS")
_OF_MONITORING: Final = tuple(one.name for one in OF_MONITORING if one.name != "SERVICE_PREFIX")
CHOICES: Final = (
    *("SCHEDULE", "TIME_ZONE", "FANOUT", "REMINDER_FANOUT", "WEBHOOK_TRIGGER_LOCATION", "BACKUP_DAYS", "CORS_ORIGINS"),
    *("APP_CHECK_KEY", "ENV", "SECRETS", "CANARY", "COMMIT", "RULES", "YES"),
    *_OF_MONITORING,
)
# Of common names, or too much to be agreed to by what happens to be in the environment.
_ONLY_TYPED: Final = frozenset({"PREFIX", "DATABASE", "ADDRESS", "RULES", "YES"})
# How a command is called where make has another name for it, or none.
_CALLED: Final = {"all": "make deploy", "monitoring": "make deploy-monitoring", "rules": "python -m tools.deploy rules"}
NEXT: Final = """deployed. Next:
  gcloud scheduler jobs run {job} --location={region} --project={project}
  the dashboard: https://console.cloud.google.com/monitoring/dashboards?project={project}
  docs/operations.md says what to look at; docs/rollback.md how to go back"""

# By name; what was not given is empty.
Options = dict[str, str]


def main(arguments: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Run one command. The answer is the exit status: 0 done, 1 stopped, 2 wrong use, 130 interrupted."""
    try:
        command, options = parse(sys.argv[1:] if arguments is None else arguments, environ)
        return COMMANDS[command][0](options) or 0
    except WrongUse as error:
        print(f"error: {error}", file=sys.stderr)
        return WRONG_USE
    except DeploymentStopped as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; what was done stays, and doing it again changes nothing", file=sys.stderr)
        return INTERRUPTED


def parse(arguments: Sequence[str], environ: Mapping[str, str]) -> tuple[str, Options]:
    """The command, and what was given, or is remembered, for each name that it knows. Raises `WrongUse`."""
    command, *given = arguments or [""]
    if command not in COMMANDS:
        message = f"name a command: {', '.join(COMMANDS)}"
        raise WrongUse(message)
    known = COMMANDS[command][1]
    options = {name: environ[name] for name in known if environ.get(name) and name not in _ONLY_TYPED}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals or name not in known:
            message = f"{_CALLED.get(command, f'make {command}')} does not take {name}; it takes {', '.join(known)}"
            raise WrongUse(message)
        options[name] = value
    file = options.get("SETTINGS", DEFAULT if (ROOT / DEFAULT).exists() and "SETTINGS" in known else "")
    # What is to be adopted may have no file yet: it is begun there.
    if file and (command != "adopt" or (ROOT / file).exists()):
        options = remembered(options, ROOT / file, known)
    return command, {name: options.get(name, "") for name in known}


def _all(options: Options) -> None:
    from tools.deploy import deployment
    from tools.deploy.gcloud import commit_of

    settings = chosen.read({**options, "COMMIT": options["COMMIT"] or commit_of(ROOT)})
    planned = deployment.Planned(settings=settings, options=options, python=_python())
    if "monitoring" in planned.names and not options["NOTIFICATION_CHANNELS"]:
        print(NOBODY_IS_TOLD, file=sys.stderr)
    if _is_on(options["DRY_RUN"]):
        planned.show()
        return
    # The call of make that was this one, without what it began with.
    again = ("make", "deploy", *(f"{name}={options[name]}" for name in (*WHERE, *CHOICES) if options[name]))
    planned.run(again, is_agreed=_is_on(options["YES"]))
    if planned.names[-1] == "smoke":
        job = settings.named(chosen.MAINTENANCE)
        print(NEXT.format(job=job, region=settings.region, project=settings.project))


def _adopt(options: Options) -> None:
    from tools.deploy import deployment

    print(deployment.adopted(chosen.read(options), options, is_dry=_is_on(options["DRY_RUN"])))


def _python() -> str:
    """This Python as a person would call it from the project's folder."""
    executable = Path(sys.executable)
    return str(executable.relative_to(ROOT)) if executable.is_relative_to(ROOT) else sys.executable


def monitoring(options: Options, make_clients: Callable[[], Clients] | None = None) -> int:
    """Deploy what monitoring/ declares; the answer is the exit status. Google's services begin at `make_clients`."""
    from tools.deploy.deployment import numbered
    from tools.deploy.gcloud import DRY_RUN_ASKS
    from tools.monitoring.deploy.clients import google_clients
    from tools.monitoring.deploy.deployment import Deployment

    settings = chosen.read(options)
    # The number is for the host alone, which whoever deploys it all has told already.
    known = settings if options["HEALTH_HOST"] else numbered(settings, DRY_RUN_ASKS)
    return Deployment(
        project=known.project,
        environ=known.monitoring_variables,
        make_clients=make_clients or google_clients,
        is_dry=_is_on(options["DRY_RUN"]),
        is_agreed=_is_on(options["YES"]),
        prunes=_is_on(options["PRUNE"]),
    ).run()


def _rollback(options: Options) -> None:
    from tools.deploy.gcloud import DRY_RUN_ASKS, require_gcloud
    from tools.deploy.rollback import carry_out, plan

    settings = chosen.read(options)
    names = [options["FUNCTION"]] if options["FUNCTION"] else list(FUNCTIONS)
    if options["TO"] and not options["FUNCTION"]:
        message = "TO names a revision of one function: give FUNCTION, too"
        raise WrongUse(message)
    require_gcloud(DRY_RUN_ASKS)
    moves = [plan(settings, name, options["TO"]) for name in names]
    carry_out(settings, moves, dry_run=_is_on(options["DRY_RUN"]))


def _smoke(options: Options) -> None:
    from tools.deploy.deployment import numbered
    from tools.deploy.smoke import base_url, smoke

    if options["BASE_URL"]:
        url = base_url(options["BASE_URL"])
        smoke(lambda _: url, is_local=url.startswith("http://"))
        return
    settings = numbered(chosen.read(options))
    smoke(settings.canary_url if settings.canary_percent else settings.url)
    if settings.address and not settings.canary_percent:
        smoke(lambda _: settings.address)


def _rules(options: Options) -> None:
    from tools.deploy import deployment

    has_changed = deployment.release_rules(chosen.read(options), options["RULES"], is_agreed=_is_on(options["YES"]))
    print("released" if has_changed else "released already")


def _firebase(options: Options) -> None:
    from tools.deploy import deployment

    if _is_on(options["EMULATORS"]):
        deployment.write_for_emulators(chosen.Settings(project=PROJECT, region=options["REGION"] or "europe-west1"))
        return
    deployment.write_for_firebase(chosen.read(options), options["RULES"], is_agreed=_is_on(options["YES"]))


def _is_on(switch: str) -> bool:
    return switch not in {"", "0"}


# By its name: what it does, and which names it knows.
COMMANDS: Final[Mapping[str, tuple[Callable[[Options], int | None], tuple[str, ...]]]] = {
    "all": (_all, (*WHERE, *CHOICES, "STEP", "FROM", "DRY_RUN")),
    "adopt": (_adopt, (*WHERE, *(one for one in CHOICES if one in OPTIONS.values()), "DRY_RUN")),
    "monitoring": (monitoring, (*WHERE, "SCHEDULE", *(one.name for one in OF_MONITORING), "DRY_RUN", "YES", "PRUNE")),
    "rollback": (_rollback, (*WHERE, "FUNCTION", "TO", "DRY_RUN")),
    "smoke": (_smoke, (*WHERE, "CANARY", "BASE_URL")),
    "firebase": (_firebase, (*WHERE, *CHOICES, "EMULATORS")),
    "rules": (_rules, (*WHERE, "RULES", "YES")),
}

if __name__ == "__main__":
    with stop_signals_interrupt():
        sys.exit(main())
