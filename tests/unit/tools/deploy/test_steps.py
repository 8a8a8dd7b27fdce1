"""The plan of a deployment: its order, what each function is given, and what is refused before anything is run."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from functions.catalogue import CATALOGUE, Access, Ingress, Invoker
from streak_core.config import load_config
from streak_core.store.runs import LEASE
from streak_core.store.verify_databases import NAME
from tests.packaging.gcloud_commands import EVERYTHING, PLAIN, SENDING, indexes, plan
from tests.support.cloud_scheduler import backoffs
from tools.deploy.__main__ import parse
from tools.deploy.accounts import ACT_AS, LOOKS_UP, grants
from tools.deploy.errors import WrongUse
from tools.deploy.indexes import BUSY, index_actions
from tools.deploy.live import Index
from tools.deploy.scheduler import ATTEMPT_DEADLINE_SECONDS
from tools.deploy.services import deployed, environment
from tools.deploy.settings import BACKUP, BACKUP_DRILL, MAINTENANCE, REMINDERS, WEBHOOKS, Settings, secrets
from tools.deploy.steps import MOUNTED, OWNERS_STEPS, chosen, steps

if TYPE_CHECKING:
    from tools.deploy.action import Action


def action(settings: Settings, step: str, *words: str) -> Action:
    """The one action of a step whose command has these words."""
    found = [
        one for each in plan(settings) if each.name == step for one in each.actions if set(words) <= set(one.command)
    ]
    assert len(found) == 1, (words, found)
    return found[0]


def flag(command: tuple[str, ...], name: str) -> str:
    return next(word.partition("=")[2] for word in command if word.startswith(f"--{name}="))


def test_what_is_needed_comes_before_what_needs_it() -> None:
    names = [one.name for one in plan(PLAIN)]
    assert names == [*OWNERS_STEPS, "indexes", "functions", "rules", "monitoring", "queue", "scheduler", "smoke"]


@pytest.mark.parametrize("settings", [PLAIN, EVERYTHING])
def test_every_function_starts_with_the_variables_it_is_given(settings: Settings) -> None:
    for one in deployed(settings):
        given = environment(settings, one)
        for mounted in MOUNTED:
            given.pop(mounted, None)
        config = load_config({"K_SERVICE": one.name, **given})
        assert config.project == "demo-prod"
        assert (config.scheduler.account is not None) == (one.invoker is Invoker.SCHEDULER)
        assert (config.backup.bucket is not None) == (one.name == BACKUP)
        assert (config.maintenance_queue is not None) == (one.name == MAINTENANCE and settings.is_fanned_out)
        assert (config.reminder_queue is not None) == (one.name == REMINDERS)
        is_fanned_out = one.name == REMINDERS and settings.is_reminding_fanned_out
        assert (config.reminder_shard_queue is not None) == is_fanned_out


@pytest.mark.parametrize("function", [MAINTENANCE, REMINDERS, BACKUP])
@pytest.mark.parametrize("settings", [PLAIN, EVERYTHING])
def test_the_scheduler_carries_the_identity_and_the_audience_that_is_believed(
    settings: Settings, function: str
) -> None:
    for name in [function, *([BACKUP_DRILL] if function == BACKUP else [])]:
        _believes(settings, function, name)


def _believes(settings: Settings, function: str, name: str) -> None:
    job = action(settings, "scheduler", settings.named(name)).command
    believed = environment(settings, next(one for one in CATALOGUE if one.name == function))
    assert flag(job, "oidc-service-account-email") == believed["MAINTENANCE_SERVICE_ACCOUNT"]
    assert flag(job, "oidc-token-audience") == believed["MAINTENANCE_AUDIENCE"]
    assert flag(job, "uri") == f"{believed['MAINTENANCE_AUDIENCE']}/{name.replace('-', '/')}"
    invoker = action(settings, "functions", "add-iam-policy-binding", settings.named(function)).command
    assert flag(invoker, "member") == f"serviceAccount:{believed['MAINTENANCE_SERVICE_ACCOUNT']}"
    assert flag(invoker, "role") == "roles/run.invoker"


def test_a_run_ends_before_its_call_and_its_call_with_the_schedulers_patience() -> None:
    job = next(one for one in CATALOGUE if one.name == MAINTENANCE)
    deadline = load_config({"GOOGLE_CLOUD_PROJECT": "demo-prod"}).maintenance_rules.deadline_seconds
    assert deadline + 60 <= job.timeout_seconds <= ATTEMPT_DEADLINE_SECONDS <= 1800


def test_a_call_that_is_killed_is_tried_again_after_its_lease_and_until_the_longest_run_is_over() -> None:
    waits = backoffs(action(PLAIN, "scheduler", MAINTENANCE).command)
    assert 1 <= len(waits) <= 5, "what Cloud Scheduler allows"
    assert waits[0] > LEASE.total_seconds()
    # A call that got lost at its very start may be at work for as long, and be killed at its end.
    longest = load_config({"GOOGLE_CLOUD_PROJECT": "demo-prod"}).maintenance_rules.deadline_seconds
    assert sum(waits) > longest + LEASE.total_seconds()
    assert sum(waits) < 3600, "before the next run of an hourly schedule"


@pytest.mark.parametrize(("seconds", "fits"), [("1740", True), ("1741", False)])
def test_a_run_that_would_outlive_its_call_is_refused(seconds: str, *, fits: bool) -> None:
    settings = replace(PLAIN, environment=(("MAINTENANCE_DEADLINE_SECONDS", seconds),))
    if fits:
        plan(settings)
    else:
        with pytest.raises(WrongUse, match="at most 1740"):
            plan(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAINTENANCE_THREADS", "0"),
        ("STREAK_POLICY_FILE", "/nowhere/policy.toml"),
        ("STREAK_RECORDS_FILE", "/nowhere/records.toml"),
        ("STREAK_NOTICE_TEXTS_FILE", "/nowhere/texts.toml"),
        ("STREAK_WEBHOOKS_FILE", "/nowhere/webhooks.toml"),
        ("STREAK_WEBHOOK_EVENTS", "crm:streak_brokn"),
    ],
)
def test_variables_that_a_function_would_not_start_with_are_refused(name: str, value: str) -> None:
    with pytest.raises(WrongUse, match=f"would not start.*\n.*{name}"):
        plan(replace(PLAIN, environment=((name, value),)))


def test_the_functions_of_clients_are_public_and_maintenance_is_not() -> None:
    for one in CATALOGUE:
        command = action(PLAIN, "functions", "deploy", one.name).command
        is_public = "--allow-unauthenticated" in command
        assert is_public is (one.invoker is Invoker.EVERYBODY) is (one.name not in {MAINTENANCE, REMINDERS, BACKUP})
        assert ("--no-allow-unauthenticated" in command) is not is_public
        assert flag(command, "ingress") == (Ingress.ALL if is_public else Ingress.INTERNAL)


def test_as_many_threads_as_requests_at_a_time() -> None:
    for one in deployed(EVERYTHING):
        threads = int(environment(EVERYTHING, one)["THREADS"])
        assert threads >= one.concurrency
        assert threads > 1
        assert one.concurrency == 1 or one.cpu >= 1


def test_a_fanned_out_run_has_a_place_for_every_task_at_once_and_one_for_the_scheduler() -> None:
    job = next(one for one in deployed(EVERYTHING) if one.name == MAINTENANCE)
    queue = action(EVERYTHING, "queue", EVERYTHING.named(MAINTENANCE))
    tasks = int(flag(queue.command, "max-concurrent-dispatches"))
    assert tasks <= job.concurrency * (job.instances_max - 1)


@pytest.mark.parametrize("settings", [PLAIN, EVERYTHING])
def test_notices_have_a_queue_of_their_own_and_leave_places_for_the_runs(settings: Settings) -> None:
    queues = next(one for one in plan(settings) if one.name == "queue").actions
    assert len(queues) == 1 + settings.is_fanned_out + settings.is_reminding_fanned_out
    sender = next(one for one in deployed(settings) if one.name == REMINDERS)
    queue = action(settings, "queue", settings.named(REMINDERS))
    tasks = int(flag(queue.command, "max-concurrent-dispatches"))
    assert tasks <= sender.concurrency * (sender.instances_max - 1)
    given = environment(settings, sender)
    assert given["REMINDER_QUEUE"].endswith(f"/queues/{settings.named(REMINDERS)}")
    assert given["REMINDER_URL"].startswith(given["MAINTENANCE_AUDIENCE"])


def test_only_the_function_that_sends_may_read_what_it_proves_itself_with() -> None:
    told = SENDING
    for one in CATALOGUE:
        given, sends = environment(told, one), one.name == REMINDERS
        deploy = action(told, "functions", "deploy", told.named(one.name)).command
        mine = {each.partition("=")[0] for each in flag(deploy, "set-secrets").split(",")}
        assert mine == {"/policy/policy.toml", *(("/webhooks/webhooks.toml", "STREAK_SMTP_PASSWORD") if sends else ())}
        assert ("STREAK_WEBHOOKS_FILE" in given) is sends
        # Whoever writes events knows of what servers are told, and whoever takes wishes that there is a mail server.
        assert given["STREAK_WEBHOOK_EVENTS"] == "crm:streak_broken"
        assert given["STREAK_SMTP_URL"] == f"smtps://{'us%40er@' if sends else ''}smtp.example.com"
        own = {"STREAK_SMTP_PASSWORD": "s"} if sends else {}
        assert load_config({**given, "STREAK_POLICY_FILE": "", "STREAK_WEBHOOKS_FILE": "", **own}).mail
    readers = [one.command for each in plan(told) for one in each.actions if "secrets" in one.command]
    of_sender = [one for one in readers if not {"streak-policy"} & set(one)]
    assert len(readers) == len(CATALOGUE) + len(of_sender)
    assert {flag(one, "member") for one in of_sender} == {told.member("unbroken-reminders")}
    assert {one[3] for one in of_sender} == {"streak-webhooks", "mail"}


def test_servers_that_are_told_of_something_are_somewhere() -> None:
    with pytest.raises(WrongUse, match="STREAK_WEBHOOKS_FILE"):
        plan(replace(PLAIN, environment=(("STREAK_WEBHOOK_EVENTS", "crm:streak_broken"),)))


def test_webhooks_have_a_queue_of_their_own_where_there_is_a_file_and_leave_places_for_notices() -> None:
    told = SENDING
    sender = next(one for one in deployed(told) if one.name == REMINDERS)
    tasks = sum(
        int(flag(action(told, "queue", told.named(name)).command, "max-concurrent-dispatches"))
        for name in (REMINDERS, WEBHOOKS)
    )
    assert tasks <= sender.concurrency * (sender.instances_max - 1)
    given = environment(told, sender)
    assert given["WEBHOOK_QUEUE"].endswith(f"/queues/{told.named(WEBHOOKS)}")
    assert given["WEBHOOK_URL"] == f"{given['MAINTENANCE_AUDIENCE']}/reminders/webhooks"
    assert not [name for one in deployed(EVERYTHING) for name in environment(EVERYTHING, one) if "WEBHOOK" in name]


def test_an_account_that_only_reads_can_not_write() -> None:
    roles = {(one.account, one.role) for one in grants(PLAIN)}
    for one in CATALOGUE:
        assert ((one.service_account, "roles/datastore.user") in roles) is (one.access is Access.WRITES)
        assert ((one.service_account, "roles/datastore.viewer") in roles) is (one.access is Access.READS)


@pytest.mark.parametrize(("chosen", "minute"), [((), "0"), ((("BACKUP_TIME", "03:30"),), "30")])
def test_backups_are_looked_after_each_hour_at_the_minute_of_their_time_and_one_account_may_export(
    chosen: tuple[tuple[str, str], ...], minute: str
) -> None:
    settings = replace(PLAIN, environment=chosen, time_zone="Europe/Kyiv")
    job = action(settings, "scheduler", BACKUP).command
    assert flag(job, "schedule") == f"{minute} * * * *"
    given = environment(settings, next(one for one in CATALOGUE if one.name == BACKUP))
    assert (flag(job, "time-zone"), given["BACKUP_TIME_ZONE"]) == ("Europe/Kyiv", "Europe/Kyiv")
    exporter = "roles/datastore.importExportAdmin"
    assert [one.account for one in grants(settings) if one.role == exporter] == ["unbroken-backup"]


def test_what_reads_backups_back_can_delete_the_databases_that_it_makes_and_no_other() -> None:
    owners = [one for one in grants(EVERYTHING) if one.role == "roles/datastore.owner"]
    assert [(one.account, one.on_databases) for one in owners] == [("unbroken-backup", "verify-")]
    bound = action(PLAIN, "accounts", "--role=roles/datastore.owner").command
    expression = 'resource.name.startsWith("projects/demo-prod/databases/verify-")'
    assert flag(bound, "condition") == f"title=unbroken-verify,expression={expression}"
    assert NAME.startswith("verify-")
    others = [one for one in grants(EVERYTHING) if one.account == "unbroken-backup" and not one.on_databases]
    assert {one.role for one in others} == {
        "roles/datastore.user",
        "roles/datastore.importExportAdmin",
        "roles/datastore.cloneAdmin",
    }


def test_a_time_of_backups_that_is_none_is_refused() -> None:
    with pytest.raises(WrongUse, match="BACKUP_TIME"):
        plan(replace(PLAIN, environment=(("BACKUP_TIME", "2:00"),)))


def test_every_role_has_a_reason_and_none_is_a_master_key() -> None:
    for one in grants(EVERYTHING):
        assert one.reason
        assert one.role not in {"roles/owner", "roles/editor", "roles/iam.securityAdmin"}
        assert one.role != ACT_AS or one.on_account, "acting as every account of the project is too much"


def test_fan_out_alone_lets_maintenance_enqueue_as_reminders_always_may() -> None:
    enqueuer = "roles/cloudtasks.enqueuer"
    found = [[one.account for one in grants(each) if one.role == enqueuer] for each in (PLAIN, EVERYTHING)]
    assert found == [["unbroken-reminders"], ["unbroken-reminders", "unbroken-maintenance"]]


def test_every_account_that_a_command_names_is_created() -> None:
    created = {one.command[4] for each in plan(PLAIN) for one in each.actions if "create" in one.command[:5]}
    named = {one.account for one in grants(EVERYTHING)} | {one.on_account for one in grants(EVERYTHING)} - {None}
    assert named <= created
    assert all(6 <= len(one) <= 30 for one in named if one), "as long as Google allows"


def test_every_declared_index_is_deployed() -> None:
    declared = json.loads(indexes())
    actions = next(one for one in plan(PLAIN) if one.name == "indexes").actions
    ttls = [one for one in declared["fieldOverrides"] if one.get("ttl")]
    assert len(actions) == len(declared["indexes"]) + len(declared["fieldOverrides"]) + len(ttls)
    deployed_ttls = [one.command[5] for one in actions if "--enable-ttl" in one.command]
    assert deployed_ttls == [one["fieldPath"] for one in ttls] == ["expire_at"] * 14


def test_indexes_are_made_one_after_another_and_what_is_there_takes_no_time() -> None:
    actions = next(one for one in plan(EVERYTHING) if one.name == "indexes").actions
    assert all(one.busy == BUSY for one in actions)
    assert not [one for one in actions if "--async" in one.command], "each is waited for"
    assert all(flag(one.command, "collection-group").startswith("unbroken_") for one in actions)
    assert {flag(one.command, "database") for one in actions} == {"unbroken"}
    exempt = [one for one in actions if "--disable-indexes" in one.command]
    there = [
        Index(group=flag(one.command, "collection-group"), fields=((one.command[5], ""),), text="", is_exemption=True)
        for one in exempt[1:]
    ]
    left = index_actions(EVERYTHING, indexes(), there)
    assert [one for one in left if "--disable-indexes" in one.command] == exempt[:1]


def test_asking_whether_a_token_is_revoked_needs_a_role_of_every_function() -> None:
    checking = replace(PLAIN, environment=(("STREAK_CHECK_REVOKED", "on"),))
    unchecked = replace(PLAIN, environment=(("STREAK_CHECK_REVOKED", "off"),))
    accounts = {one.service_account for one in CATALOGUE}
    assert {one.account for one in grants(checking) if one.role == LOOKS_UP} == accounts
    for settings in (PLAIN, unchecked):
        assert {one.account for one in grants(settings) if one.role == LOOKS_UP} == {"unbroken-admin"}
    roles = [one[:2] + one[3:] for one in grants(checking)]
    assert len(roles) == len(set(roles)), "none is given twice"


def test_letters_need_a_role_of_the_function_that_sends_them_and_a_password_that_is_a_secret() -> None:
    mail = (("STREAK_SMTP_URL", "smtps://u@smtp.example.com"), ("STREAK_MAIL_FROM", "a@example.com"))
    found = grants(replace(PLAIN, environment=mail))
    assert {one.account for one in found if one.role == LOOKS_UP} == {"unbroken-admin", "unbroken-reminders"}
    both = [one[:2] + one[3:] for one in grants(replace(PLAIN, environment=(*mail, ("STREAK_CHECK_REVOKED", "on"))))]
    assert len(both) == len(set(both)), "none is given twice"
    with pytest.raises(WrongUse, match="STREAK_SMTP_PASSWORD"):
        plan(replace(PLAIN, environment=mail))
    plan(replace(PLAIN, environment=mail, secrets=secrets("STREAK_SMTP_PASSWORD=mail:1")))


def test_one_image_is_built_once_and_every_function_is_made_of_it() -> None:
    actions = next(one for one in plan(PLAIN) if one.name == "functions").actions
    builds = [place for place, one in enumerate(actions) if one.command[:3] == ("gcloud", "builds", "submit")]
    deploys = [place for place, one in enumerate(actions) if one.command[:3] == ("gcloud", "run", "deploy")]
    assert (len(builds), len(deploys)) == (1, len(CATALOGUE))
    assert builds[0] < min(deploys)
    (built,) = {flag(actions[place].command, "pack").partition("=")[2] for place in builds}
    assert {flag(actions[place].command, "image") for place in deploys} == {built}


def test_a_canary_is_asked_by_the_address_of_its_tag() -> None:
    deploy = action(EVERYTHING, "functions", "deploy", EVERYTHING.named("streak")).command
    assert (
        EVERYTHING.canary_url("streak")
        == f"https://{flag(deploy, 'tag')}---unbroken-streak-123456789012.europe-west1.run.app"
    )
    assert "--no-traffic" in deploy
    assert not [word for word in action(PLAIN, "functions", "deploy", "streak").command if word.startswith("--tag")]
    (smoke,) = next(one for one in plan(EVERYTHING) if one.name == "smoke").actions
    assert "CANARY=10" in smoke.command


def test_every_step_of_ours_is_told_where_everything_is() -> None:
    where = {"PREFIX=unbroken-", "STREAK_COLLECTION_PREFIX=unbroken_", "DATABASE=unbroken"}
    for name in ("rules", "smoke"):
        (own,) = next(one for one in plan(EVERYTHING) if one.name == name).actions
        assert where <= set(own.command)
    (monitoring,) = next(one for one in plan(EVERYTHING) if one.name == "monitoring").actions
    assert "SERVICE_PREFIX=unbroken-" in monitoring.command


def test_an_override_that_is_no_exemption_is_refused() -> None:
    override = {"collectionGroup": "streaks", "fieldPath": "shard", "indexes": [{"order": "ASCENDING"}]}
    with pytest.raises(WrongUse, match=r"streaks\.shard"):
        index_actions(PLAIN, json.dumps({"indexes": [], "fieldOverrides": [override]}))


def test_other_secrets_are_references_and_every_function_may_read_them() -> None:
    for one in CATALOGUE:
        deploy = action(EVERYTHING, "functions", "deploy", EVERYTHING.named(one.name)).command
        assert flag(deploy, "set-secrets") == "/policy/policy.toml=streak-policy:3"
        assert "--clear-secrets" in action(PLAIN, "functions", "deploy", one.name).command
    readers = [one for each in plan(EVERYTHING) for one in each.actions if "secrets" in one.command]
    assert len(readers) == len(CATALOGUE)


def test_a_deployment_of_everything_deploys_monitoring_whatever_the_environment_says_of_that_alone() -> None:
    (monitoring,) = next(one for one in plan(PLAIN) if one.name == "monitoring").actions
    assert monitoring.command[:3] == ("python", "-m", "tools.deploy")
    _, options = parse(
        monitoring.command[3:], {"DRY_RUN": "1", "PRUNE": "1", "YES": "", "HEALTH_HOST": "other.example"}
    )
    assert (options["YES"], options["DRY_RUN"], options["PRUNE"]) == ("1", "0", "0")
    assert options["HEALTH_HOST"] == PLAIN.monitoring_variables["HEALTH_HOST"]


def test_steps_are_chosen_by_name_or_from_one_on() -> None:
    every = steps(PLAIN, indexes=indexes(), python="python")
    assert [one.name for one in chosen(every, only="smoke rules", first="")] == ["rules", "smoke"]
    assert [one.name for one in chosen(every, only="", first="queue")] == ["queue", "scheduler", "smoke"]
    assert chosen(every, only="", first="") == every
    for only, first in (("smok", ""), ("", "smok"), ("smoke", "queue")):
        with pytest.raises(WrongUse):
            chosen(every, only=only, first=first)
