"""What of a project is another app's, each with its nearest that is ours; and which settings in force would change."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from emulator.places import ROOT
from functions.catalogue import CATALOGUE
from tests.packaging.gcloud_commands import EVERYTHING, PLAIN, SENDING, indexes
from tests.support.all_collections import BELOW, HOMES, NOBODYS, SHARED
from tools.deploy.backups import LABEL, kept
from tools.deploy.differences import chosen, differences, planned
from tools.deploy.foreign import AGREE, collections, findings, is_deployed, ours_of, told
from tools.deploy.live import Index, Job, Kept, Live, Service
from tools.deploy.rules_text import merged
from tools.deploy.services import deployed
from tools.deploy.settings import SCHEDULER_ACCOUNT, WEBHOOKS, Settings
from tools.deploy.trigger import Trigger, filters, troubles

OURS = (ROOT / "firestore.rules").read_text(encoding="utf-8")
OPEN = (
    "service cloud.firestore {\n  match /databases/{d}/documents {\n"
    "    match /{any=**} { allow read: if true; }\n  }\n}\n"
)
STREAK = PLAIN.account("unbroken-streak")
THEIRS = "app@demo-prod.iam.gserviceaccount.com"
EVERY = ("backups", "indexes", "functions", "rules", "queue", "scheduler")


def service(account: str, labels: dict[str, str] | None = None, **settings: str) -> Service:
    return Service(account=account, labels=labels or {}, settings=settings)


def found(live: Live, settings: Settings = PLAIN, documents: tuple[str, ...] = ()) -> list[str]:
    return [one.what for one in findings(settings, live, indexes(), documents)]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (service(STREAK), service(THEIRS)),
        (service(THEIRS, {"app": "unbroken"}), service(THEIRS, {"app": "other"})),
    ],
)
def test_a_service_is_ours_by_its_label_or_by_the_account_it_runs_as(ours: Service, theirs: Service) -> None:
    assert (found(Live(services={"streak": ours})), is_deployed(PLAIN, Live(services={"streak": ours}))) == ([], True)
    other = Live(services={"streak": theirs})
    assert (found(other), is_deployed(PLAIN, other)) == ([f"the service streak, which runs as {THEIRS}"], False)
    assert found(Live(services={"shop": theirs})) == []
    assert found(other, replace(PLAIN, prefix="unbroken-")) == []


def test_a_job_is_ours_by_whose_identity_it_carries_and_a_queue_where_we_are_deployed() -> None:
    job = Job(schedule="0 * * * *", time_zone="Etc/UTC", account=THEIRS)
    for name in ("maintenance", "backup", "backup-drill"):
        assert found(Live(jobs={name: job})) == [f"the job {name} of Cloud Scheduler"]
        assert found(Live(jobs={name: replace(job, account=PLAIN.account(SCHEDULER_ACCOUNT))})) == []
    assert found(Live(jobs={"newsletter": job})) == []
    fanned, queue = replace(PLAIN, is_fanned_out=True), frozenset({"maintenance"})
    assert found(Live(queues=queue), fanned) == ["the queue maintenance of Cloud Tasks"]
    assert found(Live(queues=queue)) == [], "without a fan-out it is not touched"
    assert found(Live(queues=queue, services={"streak": service(STREAK)}), fanned) == []


def test_an_index_of_our_collections_is_ours_where_it_is_declared() -> None:
    declared = json.loads(indexes())
    fields = tuple((one["fieldPath"], one["order"]) for one in declared["indexes"][0]["fields"])
    ours = Index(group=declared["indexes"][0]["collectionGroup"], fields=fields, text="one")
    assert found(Live(indexes=(ours,))) == []
    assert found(Live(indexes=(replace(ours, fields=fields[:1]),))) == ["one"]
    assert found(Live(indexes=(replace(ours, group="posts", fields=fields[:1]),))) == []
    override = declared["fieldOverrides"][0]
    exempt = Index(
        group=override["collectionGroup"], fields=((override["fieldPath"], ""),), text="two", is_exemption=True
    )
    assert found(Live(indexes=(exempt,))) == []
    assert found(Live(indexes=(replace(exempt, is_exemption=False),))) == ["two"], "somebody wants that index"


def test_a_bucket_of_our_name_is_ours_by_its_label() -> None:
    theirs = found(Live(kept=Kept(labels={"app": "shop"})))
    assert theirs == [
        "the bucket demo-prod-unbroken-backups, in which all that is older than a few days would be deleted"
    ]
    (one,) = findings(PLAIN, Live(kept=Kept(labels={})), indexes(), ())
    assert (one.step, "--update-labels=app=unbroken" in told((one,), OURS)) == ("backups", True)
    assert found(Live(kept=Kept(labels={"app": "unbroken", "team": "a"}))) == []
    assert found(Live(kept=Kept(labels=None))) == [], "there is none"


def test_documents_are_looked_at_before_the_first_deployment_only() -> None:
    assert found(Live(), documents=("streaks/ada",)) == ["the document streaks/ada"]
    assert found(Live(services={"streak": service(STREAK)}), documents=("streaks/ada",)) == []


def test_our_collections_are_all_that_the_store_has_with_the_prefix() -> None:
    assert collections(indexes(), "").keys() == HOMES | BELOW | SHARED | NOBODYS.keys()
    named = collections(indexes(), "unbroken_")
    assert (named["unbroken_policies"].top, named["unbroken_events"].top) == ("unbroken_policies", "unbroken_streaks")
    assert named["unbroken_shards"].top == "unbroken_maintenance_runs"
    assert all(one.startswith("unbroken_") for one in named)


def test_a_rule_that_opens_ours_is_told_even_beside_our_lines_and_can_be_agreed_to() -> None:
    live = Live(rules=merged(OPEN, OURS))
    (one,) = findings(PLAIN, live, indexes(), ())
    assert (one.remedy, "lets others at our documents" in one.what) == (AGREE, True)
    assert "narrow their rule" in told((one,), OURS)
    assert found(Live(rules=OURS)) == []


def in_force(settings: Settings) -> Live:
    """What a deployment of these settings leaves."""
    services = {
        settings.named(one.name): Service(account="", labels={"app": "unbroken"}, settings=planned(settings, one))
        for one in deployed(settings)
    }
    job = Job(schedule=settings.schedule, time_zone=settings.time_zone, account=settings.account(SCHEDULER_ACCOUNT))
    hourly, drill = (replace(job, schedule=f"{minute} * * * *") for minute in (0, 30))
    jobs = {"maintenance": job, "backup": hourly, "backup-drill": drill}
    database, bucket = kept(settings)
    return Live(
        services=services,
        jobs={settings.named(name): one for name, one in jobs.items()},
        triggers=_triggers(settings),
        kept=Kept(database=database, bucket=bucket, labels=dict([LABEL]), location="eur3"),
    )


def _triggers(settings: Settings) -> tuple[Trigger, ...]:
    where, account = settings.webhook_trigger_location, settings.account(SCHEDULER_ACCOUNT)
    one = Trigger(name=settings.named(WEBHOOKS), location=where, account=account, filters=filters(settings))
    return (one,) if where else ()


@pytest.mark.parametrize("settings", [PLAIN, EVERYTHING, SENDING])
def test_the_same_settings_again_change_nothing(settings: Settings) -> None:
    assert differences(replace(settings, commit="4f2d1c9"), in_force(settings), EVERY) == ()
    assert [*troubles(settings, in_force(settings))] == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (replace(EVERYTHING, environment=()), "STREAK_POLICY_FILE is '/policy/policy.toml', and would be dropped"),
        (replace(EVERYTHING, secrets=()), "/policy/policy.toml is 'streak-policy:3', and would be dropped"),
        (replace(EVERYTHING, cors_origins=""), "STREAK_CORS_ORIGINS is 'https://app.example.com,"),
        (replace(EVERYTHING, database="restored"), "FIRESTORE_DATABASE is 'unbroken', and would become 'restored'"),
        (replace(EVERYTHING, is_fanned_out=False), "MAINTENANCE_FANOUT is 'cloud-tasks', and would be dropped"),
        (replace(EVERYTHING, schedule="0 4 * * *"), "schedule is '*/30 * * * *', and would become '0 4 * * *'"),
        (
            replace(EVERYTHING, environment=(*EVERYTHING.environment, ("BACKUP_TIME", "02:30"))),
            "the job unbroken-backup: schedule is '0 * * * *', and would become '30 * * * *'",
        ),
        (
            replace(EVERYTHING, backup_days=14),
            "the database unbroken: daily backups are kept is '7 days', and would become '14 days'",
        ),
        (
            replace(EVERYTHING, backup_days=14),
            "the bucket demo-prod-unbroken-backups: objects are kept is '7 days', and would become '14 days'",
        ),
    ],
)
def test_what_would_be_dropped_or_changed_is_told(change: Settings, told: str) -> None:
    assert any(told in one for one in differences(change, in_force(EVERYTHING), EVERY))
    assert differences(change, in_force(EVERYTHING), ("rules",)) == ()


def test_what_others_have_under_our_names_is_neither_a_setting_in_force_nor_begun_with() -> None:
    there = in_force(EVERYTHING)
    bare = replace(PLAIN, prefix=EVERYTHING.prefix)
    ours = ours_of(bare, there)
    assert (len(ours.services), set(ours.jobs)) == (
        len(CATALOGUE),
        {"unbroken-maintenance", "unbroken-backup", "unbroken-backup-drill"},
    )
    services = {name: replace(one, account=THEIRS, labels={}) for name, one in there.services.items()}
    jobs = {name: replace(one, account=THEIRS) for name, one in there.jobs.items()}
    theirs = ours_of(bare, Live(services=services, jobs=jobs, rules=OPEN))
    assert theirs == Live(rules=OPEN)
    assert chosen(bare, theirs) == dict(bare.variables)


def test_what_is_new_is_no_difference() -> None:
    assert differences(replace(PLAIN, environment=(("STREAK_TENANT", "a"),)), in_force(PLAIN), EVERY) == ()
    assert differences(PLAIN, Live(), EVERY) == ()


def test_a_site_takes_the_place_of_the_address_that_share_has_by_itself_and_of_no_other() -> None:
    by_itself, sited = in_force(PLAIN), replace(PLAIN, address="https://one.example")
    assert differences(sited, by_itself, EVERY) == ()
    (line,) = differences(replace(PLAIN, address="https://two.example"), in_force(sited), EVERY)
    assert line.endswith("STREAK_PUBLIC_URL is 'https://one.example', and would become 'https://two.example'")
    assert any("STREAK_PUBLIC_URL" in one for one in differences(PLAIN, in_force(sited), EVERY))


def test_what_is_in_force_is_what_a_settings_file_is_begun_with() -> None:
    bare = Settings(
        project="demo-prod",
        region="europe-west1",
        prefix="unbroken-",
        collection_prefix="unbroken_",
        project_number="123456789012",
    )
    begun = chosen(bare, in_force(EVERYTHING))
    assert begun["SCHEDULE"] == EVERYTHING.schedule
    assert begun["FANOUT"] == "cloud-tasks"
    assert begun["DATABASE"] == "unbroken"
    assert begun["CORS_ORIGINS"] == EVERYTHING.cors_origins
    assert begun["SECRETS"] == "/policy/policy.toml=streak-policy:3"
    assert begun["ENV"] == "MAINTENANCE_THREADS=4;STREAK_POLICY_FILE=/policy/policy.toml"
    assert len(CATALOGUE) == len(in_force(EVERYTHING).services)
    sending = chosen(bare, in_force(SENDING))
    assert ("WEBHOOK_TRIGGER_LOCATION" in begun, sending["WEBHOOK_TRIGGER_LOCATION"]) == (False, "eur3")
    assert {*sending["ENV"].split(";")} == {"=".join(one) for one in SENDING.environment}
    assert {*sending["SECRETS"].split(",")} == {f"{one.target}={one.name}:{one.version}" for one in SENDING.secrets}


def test_what_another_function_was_given_of_whoever_sends_is_told_before_it_is_taken_away() -> None:
    there = in_force(SENDING)
    name = SENDING.named("streak")
    before = replace(there.services[name], settings={**there.services[name].settings, "STREAK_SMTP_PASSWORD": "mail:1"})
    services = {**there.services, name: before}
    (line,) = differences(SENDING, replace(there, services=services), EVERY)
    assert line == f"{name}: STREAK_SMTP_PASSWORD is 'mail:1', and would be dropped"
