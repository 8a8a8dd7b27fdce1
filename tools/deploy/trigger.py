"""The trigger by which servers of the app's are told within seconds: how it is made, and what of it can't be changed.

Must not know what is done with its calls, nor delete one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tools.deploy.action import Action, gcloud, said
from tools.deploy.settings import REMINDERS, SCHEDULER_ACCOUNT, WEBHOOKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tools.deploy.action import Words
    from tools.deploy.live import Live
    from tools.deploy.settings import Settings

API: Final = "eventarc"
# What its account needs besides calling the function, and what whoever deploys it does.
RECEIVES: Final = "roles/eventarc.eventReceiver"
MAKES: Final = "roles/eventarc.developer"
CREATED: Final = "google.cloud.firestore.document.v1.created"
# Where the function takes its calls.
PATH: Final = f"/{REMINDERS}/{WEBHOOKS}/written"
# How a path is compared that has names in braces; what has no such word is equal.
PATTERN: Final = "match-path-pattern"
# The only form in which Firestore has its events sent.
CONTENT_TYPE: Final = "application/protobuf"
# Google's answer in the first minutes after its API was enabled.
BUSY: Final = ("Permission denied while using the Eventarc Service Agent",)


@dataclass(frozen=True, kw_only=True)
class Trigger:
    """A trigger of Eventarc that is there: where, whose identity it carries, and its filters by attribute."""

    name: str
    location: str
    account: str
    filters: Mapping[str, str]


def read_trigger(one: dict[str, Any]) -> Trigger:
    """A trigger as `gcloud eventarc triggers list --format=json` tells it."""
    _, _, _, location, _, name = str(one["name"]).split("/")
    return Trigger(
        name=name,
        location=location,
        account=one.get("serviceAccount", "").rpartition("/")[2],
        filters={each["attribute"]: _told(each["value"], each.get("operator")) for each in one.get("eventFilters", [])},
    )


def trigger_actions(settings: Settings) -> tuple[Action, ...]:
    """Makes the trigger, or brings what one calls up to date; nothing where no location is chosen for it."""
    location = settings.webhook_trigger_location
    if not location:
        return ()
    name = settings.named(WEBHOOKS)
    place = {"location": location, "project": settings.project}
    which = {
        "event_filters": f"type={CREATED},database={settings.database}",
        "event_filters_path_pattern": f"document={_documents(settings)}",
    }
    calls = {
        "event_data_content_type": CONTENT_TYPE,
        "destination_run_service": settings.named(REMINDERS),
        "destination_run_region": settings.region,
        "destination_run_path": PATH,
        "service_account": settings.account(SCHEDULER_ACCOUNT),
        "quiet": True,
    }
    made = Action(
        what=f"the trigger {name} in {location}: servers are told within seconds",
        question=gcloud("eventarc triggers describe", name, **place),
        command=gcloud("eventarc triggers create", name, **place, **which, **calls),
        update=gcloud("eventarc triggers update", name, **place, **calls),
        busy=BUSY,
    )
    return (made,)


def filters(settings: Settings) -> dict[str, str]:
    """Of which events it will be told, by attribute, as `Trigger` has them."""
    return {"type": CREATED, "database": settings.database, "document": _told(_documents(settings), PATTERN)}


def _documents(settings: Settings) -> str:
    # Most deployments have no trigger, and need not wait for the client of the database.
    from streak_core.store.documents import STREAKS
    from streak_core.store.outbox_documents import OUTBOX

    prefix = settings.collection_prefix
    return f"{prefix}{STREAKS}/{{user}}/{prefix}{OUTBOX}/{{event}}"


def _told(value: str, operator: str | None) -> str:
    return f"{value} ({operator})" if operator else value


def ours(settings: Settings, live: Live) -> tuple[Trigger, ...]:
    """Those of our name that carry our identity, wherever they are."""
    account, name = settings.account(SCHEDULER_ACCOUNT), settings.named(WEBHOOKS)
    return tuple(one for one in live.triggers if (one.name, one.account) == (name, account))


def troubles(settings: Settings, live: Live) -> Iterator[str]:
    """What of the trigger can't become what was chosen, each with how to mend it."""
    location, of_database = settings.webhook_trigger_location, live.kept.location
    if not location:
        return
    if of_database and of_database != location:
        yield (
            f"WEBHOOK_TRIGGER_LOCATION={location}: the database {settings.database} lies in {of_database}, and its "
            f"trigger has to lie there, too; say {of_database}"
        )
    wanted = filters(settings)
    for one in ours(settings, live):
        # Google may add what it takes for granted, such as the namespace.
        now = {name: one.filters.get(name, "nothing") for name in wanted}
        other = [f"{name} is {now[name]}, not {value}" for name, value in wanted.items() if now[name] != value]
        if one.location == location and other:
            yield (
                f"the trigger {one.name} in {location} is told of other documents: {', '.join(other)}. No deployment "
                f"changes that; delete it, and the next one makes it anew: {said(_deletion(settings, one))}"
            )


def left(settings: Settings, live: Live) -> Iterator[str]:
    """Triggers of ours that the settings do not have: they go on to call, and nothing here deletes one."""
    for one in ours(settings, live):
        if one.location != settings.webhook_trigger_location:
            yield (
                f"the trigger {one.name} in {one.location} is in no setting (WEBHOOK_TRIGGER_LOCATION), and would stay "
                f"as it is until it is deleted: {said(_deletion(settings, one))}"
            )


def _deletion(settings: Settings, one: Trigger) -> Words:
    return gcloud("eventarc triggers delete", one.name, location=one.location, project=settings.project)
