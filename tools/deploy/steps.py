"""The whole deployment as data: its steps in their order, judged before anything is run. Runs nothing.

Indexes come before the functions that ask for them; the scheduler comes after everything that it starts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streak_core.config import ConfigError, load_config
from streak_core.config.mail import PASSWORD
from streak_core.config.webhooks import EVENTS, FILE
from tools.deploy.accounts import account_actions, api_actions
from tools.deploy.action import Action, Step
from tools.deploy.backups import backup_actions
from tools.deploy.errors import WrongUse
from tools.deploy.indexes import index_actions
from tools.deploy.scheduler import queue_actions, scheduler_actions
from tools.deploy.services import deployed, environment, function_actions
from tools.deploy.settings import MAINTENANCE, NUMBER_UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.deploy.live import Index
    from tools.deploy.settings import Settings

# What ends a run in order needs some time of its own.
GRACE_SECONDS: Final = 60
# These need an owner of the project, once and when an account or a role is new; the others do with DEPLOY_ACCOUNT,
# which can delete no backup.
OWNERS_STEPS: Final = ("apis", "accounts", "backups")


def steps(
    settings: Settings, *, indexes: str, python: str, rules: Sequence[str] = (), there: Sequence[Index] = ()
) -> tuple[Step, ...]:
    """All steps, given the text of firestore.indexes.json and the Python to run our own commands with.

    `rules`: what was said of the rules that are released; `there`: indexes that need not be made again.

    Raises `WrongUse` for settings that a function would not start with.
    """
    _judge(settings)
    # They are told everything, so that no file of settings is read once more.
    known = ("SETTINGS=", *(f"{name}={value}" for name, value in settings.variables.items()))
    place = (f"PROJECT={settings.project}", f"REGION={settings.region}")
    release = Action(what="firestore.rules", command=(python, "-m", "tools.deploy", "rules", *known, *rules))
    variables = (f"{name}={value}" for name, value in settings.monitoring_variables.items())
    # What the environment says of a deployment of monitoring alone is not meant here.
    switches = ("YES=1", "DRY_RUN=0", "PRUNE=0")
    monitoring = (python, "-m", "tools.deploy", "monitoring", "SETTINGS=", *place, *switches, *variables)
    canary = (f"CANARY={settings.canary_percent}",) if settings.canary_percent else ()
    smoke = Action(what="each function answers", command=(python, "-m", "tools.deploy", "smoke", *known, *canary))
    return (
        Step(name="apis", why="the services of Google that are used", actions=api_actions(settings)),
        Step(name="accounts", why="who runs what, and what it may do", actions=account_actions(settings)),
        Step(name="backups", why="what was lost can be brought back", actions=backup_actions(settings)),
        Step(name="indexes", why="before the code that asks for them", actions=index_actions(settings, indexes, there)),
        Step(name="functions", why="each from the bundle, under its own account", actions=function_actions(settings)),
        Step(name="rules", why="what clients may read by themselves", actions=(release,)),
        Step(
            name="monitoring",
            why="log metrics, uptime check, alerts, dashboard",
            actions=(Action(what="what monitoring/ declares", command=monitoring),),
        ),
        Step(name="queue", why="for notices, and for a run that is fanned out", actions=queue_actions(settings)),
        Step(name="scheduler", why="starts maintenance, backups and reminders", actions=scheduler_actions(settings)),
        Step(name="smoke", why="what is deployed answers", actions=(smoke,)),
    )


def chosen(every: Sequence[Step], *, only: str, first: str) -> tuple[Step, ...]:
    """The steps that were asked for: those named, or those from one on. Raises `WrongUse`."""
    names = [one.name for one in every]
    wanted = only.split()
    if wanted and first:
        message = "STEP and FROM: give one of them"
        raise WrongUse(message)
    for variable, name in [*(("STEP", one) for one in wanted), *([("FROM", first)] if first else [])]:
        if name not in names:
            message = f"{variable}={name} is no step; there are {', '.join(names)}"
            raise WrongUse(message)
    start = names.index(first) if first else 0
    return tuple(one for one in every[start:] if not wanted or one.name in wanted)


# Files that a secret may be.
MOUNTED: Final = ("STREAK_POLICY_FILE", "STREAK_RECORDS_FILE", "STREAK_NOTICE_TEXTS_FILE", FILE)


def _judge(settings: Settings) -> None:
    """Lets the functions' own configuration judge what each would start with."""
    mounted = {one.target for one in settings.secrets}
    for one in deployed(settings):
        given = {"K_SERVICE": one.name, **environment(settings, one)}
        # A plan that nobody has asked for the project's number is judged as if it had one.
        variables = {name: value.replace(NUMBER_UNKNOWN, "0") for name, value in given.items()}
        if PASSWORD in {each.target for each in settings.secrets_of(one.name)}:
            variables[PASSWORD] = "of a secret"
        for name in MOUNTED:
            if variables.get(name) in mounted:
                # The file is a secret's, and is there only where the function runs.
                del variables[name]
        try:
            deadline = load_config(variables).maintenance_rules.deadline_seconds
        except ConfigError as error:
            message = f"the function {one.name} would not start; {error}"
            raise WrongUse(message) from error
        if one.name == MAINTENANCE and deadline > one.timeout_seconds - GRACE_SECONDS:
            message = f"MAINTENANCE_DEADLINE_SECONDS: at most {one.timeout_seconds - GRACE_SECONDS}; the call ends then"
            raise WrongUse(message)
    if settings.has_webhooks and FILE not in dict(settings.environment):
        message = f"{EVENTS}: say by {FILE} where these servers are, or nobody is told"
        raise WrongUse(message)
    if settings.webhook_trigger_location and not settings.has_webhooks:
        message = (
            f"WEBHOOK_TRIGGER_LOCATION={settings.webhook_trigger_location}: no server is told of anything; say by "
            f"{EVENTS} which are and of what, or leave it out"
        )
        raise WrongUse(message)
