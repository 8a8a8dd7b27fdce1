"""The trigger of webhooks: made where it is chosen and nowhere else, and what of one can't be changed is told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from functions.http.triggers import user_of_written
from functions.reminders import FUNCTION
from tests.packaging.gcloud_commands import EVERYTHING, PLAIN, SENDING, indexes, plan
from tools.deploy.accounts import grants
from tools.deploy.differences import chosen, differences
from tools.deploy.errors import DeploymentStopped, WrongUse
from tools.deploy.foreign import findings, ours_of
from tools.deploy.guard import Files, Guard
from tools.deploy.live import Kept, Live, look
from tools.deploy.settings import SCHEDULER_ACCOUNT, Settings
from tools.deploy.trigger import PATH, Trigger, filters, left, read_trigger, troubles

if TYPE_CHECKING:
    from tools.deploy.action import Action, Words

WEBHOOKS: Final = tuple(one for one in SENDING.environment if "WEBHOOK" in one[0])
HERE: Final = replace(PLAIN, environment=WEBHOOKS, secrets=SENDING.secrets, webhook_trigger_location="eur3")
NOT_HERE: Final = replace(HERE, webhook_trigger_location="")
DELETED: Final = "gcloud eventarc triggers delete webhooks --location=eur3 --project=demo-prod"
CALLS: Final = (
    "--event-data-content-type=application/protobuf",
    "--destination-run-service={prefix}reminders",
    "--destination-run-region=europe-west1",
    "--destination-run-path=/reminders/webhooks/written",
    "--service-account=unbroken-scheduler@demo-prod.iam.gserviceaccount.com",
    "--quiet",
)


def there(**others: str) -> Trigger:
    """The trigger as a deployment leaves it, with other filters."""
    return Trigger(
        name="webhooks",
        location="eur3",
        account=HERE.account(SCHEDULER_ACCOUNT),
        filters=filters(HERE) | others,
    )


def made(settings: Settings) -> list[Action]:
    return [one for step in plan(settings) for one in step.actions if "eventarc" in one.command]


@pytest.mark.parametrize(
    ("settings", "prefix", "database", "document"),
    [
        (HERE, "", "(default)", "streaks/{user}/outbox/{event}"),
        (SENDING, "unbroken-", "unbroken", "unbroken_streaks/{user}/unbroken_outbox/{event}"),
    ],
)
def test_it_lies_where_the_database_does_and_calls_the_function_of_the_region(
    settings: Settings, prefix: str, database: str, document: str
) -> None:
    (action,) = made(settings)
    place = (f"{prefix}webhooks", "--location=eur3", "--project=demo-prod")
    which = (
        f"--event-filters=type=google.cloud.firestore.document.v1.created,database={database}",
        f"--event-filters-path-pattern=document={document}",
    )
    calls = tuple(one.format(prefix=prefix) for one in CALLS)
    verb = ("gcloud", "eventarc", "triggers")
    assert action.command == (*verb, "create", *place, *which, *calls)
    assert action.update == (*verb, "update", *place, *calls)
    assert action.question == (*verb, "describe", *place)


def test_what_it_is_told_of_and_calls_is_what_the_function_takes() -> None:
    assert PATH.removeprefix("/reminders") in {one.path for one in FUNCTION.routes}
    for settings in (HERE, SENDING):
        (action,) = made(settings)
        (pattern,) = [one for one in action.command if one.startswith("--event-filters-path-pattern=document=")]
        assert user_of_written(pattern.rpartition("=")[2].format(user="ada", event="1")) == "ada"


def test_its_api_and_its_roles_are_there_where_it_is_and_a_deployment_without_it_is_what_it_was() -> None:
    with_it, without = plan(HERE), plan(NOT_HERE)
    new = {
        (step.name, one.command[1:4])
        for step, other in zip(with_it, without, strict=True)
        for one in step.actions
        if one not in other.actions
    }
    assert new == {
        ("apis", ("services", "enable", "artifactregistry.googleapis.com")),
        ("accounts", ("projects", "add-iam-policy-binding", "demo-prod")),
        ("scheduler", ("eventarc", "triggers", "create")),
    }
    assert not [one for step in without for one in step.actions if any("eventarc" in word for word in one.command)]
    roles = {(one.account, one.role) for one in set(grants(HERE)) - set(grants(NOT_HERE))}
    assert roles == {
        ("unbroken-scheduler", "roles/eventarc.eventReceiver"),
        ("unbroken-deploy", "roles/eventarc.developer"),
    }
    (enabled,) = with_it[0].actions
    assert set(enabled.command) - set(without[0].actions[0].command) == {"eventarc.googleapis.com"}


def test_it_is_refused_where_nobody_is_told_of_anything() -> None:
    with pytest.raises(WrongUse, match="=eur3: no server is told of anything; say by STREAK_WEBHOOK_EVENTS"):
        plan(replace(PLAIN, webhook_trigger_location="eur3"))
    plan(HERE)
    plan(NOT_HERE)


def test_a_trigger_is_read_as_google_tells_it() -> None:
    told = {
        "name": "projects/demo-prod/locations/eur3/triggers/webhooks",
        "serviceAccount": HERE.account(SCHEDULER_ACCOUNT),
        "eventFilters": [
            {"attribute": "type", "value": "google.cloud.firestore.document.v1.created"},
            {"attribute": "document", "operator": "match-path-pattern", "value": "streaks/{user}/outbox/{event}"},
            {"attribute": "database", "value": "(default)"},
        ],
    }
    assert read_trigger(told) == there()


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"database": "restored"}, "database is restored, not (default)"),
        ({"type": "google.cloud.firestore.document.v1.written"}, "document.v1.written, not google.cloud"),
        ({"document": "streaks/{user}/outbox/{event}"}, "document is streaks/{user}/outbox/{event}, not streaks/"),
    ],
)
def test_filters_that_differ_are_named_with_what_deletes_it_and_stop_a_deployment_whatever_is_agreed(
    other: dict[str, str], told: str
) -> None:
    live = Live(triggers=(there(**other),))
    (line,) = troubles(HERE, live)
    assert told in line
    assert line.endswith(DELETED)
    guarded = Guard(settings=HERE, files=Files(rules="", indexes=indexes()), live=live, documents=())
    with pytest.raises(DeploymentStopped, match="is told of other documents"):
        guarded.require_harmless(("scheduler",), choice="", is_agreed=True)
    guarded.require_harmless(("queue",), choice="", is_agreed=False)


def test_one_as_it_is_wanted_is_no_trouble_also_with_what_google_adds() -> None:
    for one in (there(), there(namespace="(default)")):
        assert [*troubles(HERE, Live(triggers=(one,)))] == []
        assert differences(HERE, Live(triggers=(one,)), ("scheduler",)) == ()
    assert [*troubles(HERE, Live())] == []


def test_another_location_than_that_of_the_database_is_refused_where_that_is_known() -> None:
    (line,) = troubles(HERE, Live(kept=Kept(location="nam5")))
    assert line.endswith("lies in nam5, and its trigger has to lie there, too; say nam5")
    for live in (Live(kept=Kept(location="eur3")), Live()):
        assert [*troubles(HERE, live)] == []
    assert [*troubles(NOT_HERE, Live(kept=Kept(location="nam5")))] == []


@pytest.mark.parametrize("location", ["", "nam5"])
def test_one_that_the_settings_have_no_more_is_told_and_is_not_deleted(location: str) -> None:
    settings, live = replace(HERE, webhook_trigger_location=location), Live(triggers=(there(),))
    (line,) = left(settings, live)
    assert line.endswith(DELETED)
    assert differences(settings, live, ("scheduler",)) == (line,)
    assert differences(settings, live, ("queue",)) == ()
    assert not [one for one in made(settings) if "delete" in one.command]


def test_it_is_ours_by_whose_identity_it_carries() -> None:
    theirs = replace(there(type="another"), account="app@demo-prod.iam.gserviceaccount.com")
    live = Live(triggers=(theirs,))
    assert [one.what for one in findings(HERE, live, indexes(), ())] == ["the trigger webhooks of Eventarc in eur3"]
    # Each location has names of its own, and with a prefix ours is another.
    for settings in (NOT_HERE, replace(HERE, webhook_trigger_location="nam5"), replace(HERE, prefix="unbroken-")):
        assert findings(settings, live, indexes(), ()) == ()
    assert findings(HERE, Live(triggers=(there(),)), indexes(), ()) == ()
    assert [*troubles(HERE, live), *left(NOT_HERE, live)] == []
    assert ours_of(HERE, Live(triggers=(theirs, there()))).triggers == (there(),)


def test_a_settings_file_is_begun_with_it_where_servers_are_told() -> None:
    live = Live(triggers=(there(),))
    assert "WEBHOOK_TRIGGER_LOCATION" not in chosen(NOT_HERE, live), "alone it would be refused"


@pytest.mark.parametrize(("settings", "is_told"), [(HERE, True), (NOT_HERE, False), (EVERYTHING, False)])
def test_whoever_may_not_look_is_told_so_where_it_was_chosen(settings: Settings, *, is_told: bool) -> None:
    asked: list[Words] = []

    def denied(words: Words) -> str:
        asked.append(words)
        if words[1] == "services":
            return "eventarc.googleapis.com"
        message = "PERMISSION_DENIED: Permission 'eventarc.triggers.list' denied"
        raise DeploymentStopped(message)

    if is_told:
        with pytest.raises(DeploymentStopped, match=r"eventarc\.triggers\.list"):
            look(settings, denied, None, with_backups=False)
    else:
        assert look(settings, denied, None, with_backups=False).triggers == ()
    assert [one[1:4] for one in asked[1:]] == [("eventarc", "triggers", "list")]
