"""Each metric reads the lines that the real functions and the real job write, started as they are deployed."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest
from google.cloud import firestore

from emulator.places import ROOT
from emulator.port import free_port
from emulator.token import PROJECT, unsigned_token
from functions.catalogue import FUNCTIONS
from streak_core.domain.commands import CheckIn
from streak_core.rights import UserRights
from streak_core.store.whole_user import WholeUserStore
from streak_core.telemetry.catalogue import METRICS, Metric, MetricKind
from testing.stand_in_queue import StandInQueue, listening
from tests.e2e.logs import entries_of
from tests.e2e.one_function import OneFunction
from tests.e2e.reminding import LATE, NOTICE_ID, environment_of, write_users
from tests.support.population import due_population
from tests.support.told_world import NOON, ToldWorld
from tests.support.unkept import HTTP
from tools.monitoring.log_lines import Entry, Sample, read_metrics, select

if TYPE_CHECKING:
    from emulator.firestore import FirestoreEmulator

AUTH: Final = {"FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9099"}
LATER: Final = "2026-03-05T09:00:00Z"
MONDAY: Final = "2026-03-02T09:00:00Z"
AFTER_ALL: Final = "2026-03-06T12:00:00Z"
# Nobody listens at that port.
NOBODY_THERE: Final = """[endpoints.crm]
url = "http://127.0.0.1:9"
secrets = ["whsec_bm9ib2R5IGtub3dzIHRoaXMgb25lIGhlcmU="]
"""
FAILING_MAIN: Final = ROOT / "tools" / "monitoring" / "drill" / "failing_main.py"
USERS: Final = 30
AT_ONCE: Final = 12
CATEGORIES: Final[dict[str, dict[str, Any]]] = {
    "flashcard_set_completed": {"correct": 10},
    "quiz_completed": {"difficulty": "hard", "score": 80},
    "evaluation_completed": {"grade": 8},
    "study_guide_completed": {},
}
# What a label may say; a metric with another one would be a series that no alert looks at.
LABELS: Final[dict[str, set[str]]] = {
    "function": set(FUNCTIONS),
    "status": {"success", "degraded", "partial"},
    "status_class": {"2xx", "3xx", "4xx", "5xx"},
}
# What the story below must at least have led to: samples with these labels.
HAPPENED: Final[dict[str, list[dict[str, str]]]] = {
    "maintenance_runs": [{"status": "degraded"}, {"status": "success"}, {"status": "partial"}],
    "transaction_retries": [{"function": "streak"}],
    "firestore_errors": [{"function": "maintenance", "reason": "UNAVAILABLE"}],
    "slow_operations": [
        {"operation": "POST /streak/activities"},
        {"operation": "POST /maintenance"},
        {"operation": "firestore.batch_get"},
        {"operation": "firestore.commit"},
        {"operation": "firestore.query"},
    ],
    "sign_in_refusals": [
        {"function": "streak", "reason": "missing"},
        {"function": "streak", "reason": "malformed"},
        {"function": "maintenance", "reason": "forbidden"},
    ],
    "refused_at_once": [{"function": "streak"}],
    "request_failures": [{"function": "streak"}],
    "requests": [
        {"function": "streak", "status_class": "2xx"},
        {"function": "streak", "status_class": "4xx"},
        {"function": "streak", "status_class": "5xx"},
        {"function": "maintenance", "status_class": "2xx"},
        {"function": "maintenance", "status_class": "5xx"},
    ],
    "request_duration_ms": [{"function": "streak"}, {"function": "maintenance"}],
}


@dataclass(frozen=True)
class Told:
    """All entries of the story, and the reports that the job answered."""

    entries: list[Entry]
    reports: list[dict[str, Any]]


def token(uid: str, *, admin: bool = False) -> dict[str, str]:
    return {"Authorization": f"Bearer {unsigned_token(uid, admin=admin)}"}


def ask_streak(url: str, database: str) -> None:
    """A bonus is earned, many write at once, nobody knows who asks, and a document is no streak."""
    with httpx.Client(base_url=url, timeout=60) as http:
        for kind, metadata in CATEGORIES.items():
            sent = {"activity_type": kind, "metadata": metadata}
            headers = {**token("ada"), "X-Simulated-Time": MONDAY}
            assert http.post("/streak/activities", json=sent, headers=headers).status_code == 201
        with ThreadPoolExecutor(AT_ONCE) as pool:
            check_in = {"activity_type": "check_in", "metadata": {}}
            asked = [
                pool.submit(http.post, "/streak/activities", json=check_in, headers=token("grace"))
                for _ in range(AT_ONCE * 4)
            ]
        assert {each.result().status_code for each in asked} <= {201, 503}
        assert http.get("/streak").status_code == 401
        assert http.get("/streak", headers={"Authorization": "Bearer x"}).status_code == 401
        assert http.get("/streak/nowhere", headers=token("ada")).status_code == 404
        home = firestore.Client(project=PROJECT, database=database).document("streaks/unreadable")
        home.set({"schema_version": 0})
        assert http.get("/streak", headers=token("unreadable")).status_code == 500
        home.delete()


def run_job(url: str, database: str) -> list[dict[str, Any]]:
    """A night with a poison document, and one without."""
    client = firestore.Client(project=PROJECT, database=database)
    due_population(client, USERS)
    client.document("streaks/u7").update({"schema_version": 0})
    headers = {**token("ops", admin=True), "X-Simulated-Time": LATER}
    reports = []
    for night in ("2026-03-05T04:00:00Z", "2026-03-05T05:00:00Z"):
        scheduled = {**headers, "X-CloudScheduler-ScheduleTime": night}
        answer = HTTP.post(f"{url}/maintenance", headers=scheduled, timeout=120)
        assert answer.status_code == 200, answer.text
        reports.append(answer.json())
        client.document("streaks/u7").delete()
    assert HTTP.post(f"{url}/maintenance", headers=token("ada")).status_code == 403
    return reports


def run_with_a_failing_shard(url: str) -> dict[str, Any]:
    """A night in which one shard fails as a whole."""
    headers = {**token("ops", admin=True), "X-Simulated-Time": LATER, "X-CloudScheduler-ScheduleTime": LATER}
    answer = HTTP.post(f"{url}/maintenance", headers=headers, timeout=120)
    assert answer.status_code == 503, answer.text
    report: dict[str, Any] = answer.json()
    return report


def call_without_database(url: str) -> None:
    """Nothing listens where Firestore should be."""
    headers = {**token("ops", admin=True), "X-Simulated-Time": LATER}
    assert HTTP.post(f"{url}/maintenance", headers=headers, timeout=120).status_code == 503


def break_records(url: str, database: str) -> None:
    """A refusal that can't be told, since the trail does not read; and a day and a standing that somebody wrote in."""
    client = firestore.Client(project=PROJECT, database=database)
    client.document("records/eve").set({"schema_version": 0})
    body, headers = {"day": "2026-03-01", "reason": "asked"}, {**token("ops", admin=True), "X-Simulated-Time": LATER}
    refused = HTTP.post(f"{url}/admin/users/eve/restorations", json=body, headers=headers, timeout=60)
    assert refused.status_code == 409, refused.text
    client.document("records/eve").delete()
    client.document("counters/2026-03-04").set({"mended": "x"})
    client.document("leaderboard_standings/month.2026-02").set({"schema_version": 0})


def remind(url: str, database: str) -> None:
    """A run, a letter and an event that nobody takes; then those users are gone again."""
    headers = {**token("ops", admin=True), "X-Simulated-Time": LATE}
    assert HTTP.post(f"{url}/reminders", headers=headers, timeout=60).status_code == 200
    notice = {"user_id": "eve", "notice_id": NOTICE_ID}
    assert HTTP.post(f"{url}/reminders/send", headers=headers, json=notice, timeout=60).status_code == 503
    # Of kim a server is to be told for longer than anybody tries.
    late = {**headers, "X-Simulated-Time": AFTER_ALL}
    assert HTTP.post(f"{url}/reminders/webhooks", headers=late, json={"user_id": "kim"}, timeout=60).status_code == 200
    for uid in ("ada", "eve", "kim"):
        UserRights(WholeUserStore(firestore.Client(project=PROJECT, database=database))).erase(uid)
        firestore.Client(project=PROJECT, database=database).document(f"streaks/{uid}").delete()


@pytest.fixture(scope="module")
def told(emulator: FirestoreEmulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The whole story, told by processes of their own."""
    database = f"told-{uuid.uuid4().hex[:8]}"
    own = {**AUTH, "FIRESTORE_EMULATOR_HOST": emulator.host, "FIRESTORE_DATABASE": database, "STREAK_SLOW_MS": "1"}
    nowhere = {**AUTH, "FIRESTORE_EMULATOR_HOST": f"127.0.0.1:{free_port()}"}
    # Here is no Google that would take an export.
    google = {"FIRESTORE_ADMIN_EMULATOR_HOST": f"127.0.0.1:{free_port()}", "BACKUP_BUCKET": "backups"}
    write_users(database)
    ToldWorld(firestore.Client(project=PROJECT, database=database)).give("kim", NOON, CheckIn())
    webhooks = tmp_path_factory.mktemp("webhooks") / "webhooks.toml"
    webhooks.write_text(NOBODY_THERE, encoding="utf-8")
    reminding = {**own, "STREAK_WEBHOOKS_FILE": str(webhooks), "STREAK_WEBHOOK_EVENTS": "crm:streak_started"}
    with (
        listening(StandInQueue()) as queue_host,
        OneFunction("reminders", {**reminding, **environment_of(queue_host)}) as reminders,
        OneFunction("reminders", {**nowhere, **environment_of(queue_host)}) as silent,
        OneFunction("streak", own) as streak,
        OneFunction("maintenance", own) as maintenance,
        OneFunction("maintenance", own, source=FAILING_MAIN) as failing,
        OneFunction("maintenance", nowhere) as lost,
        OneFunction("backup", {**own, **google}) as backup,
        OneFunction("admin", own) as admin,
    ):
        started = [(streak, "streak"), (maintenance, "maintenance"), (failing, "maintenance"), (lost, "maintenance")]
        started += [(admin, "admin"), (backup, "backup"), (reminders, "reminders"), (silent, "reminders")]
        for function, _ in started:
            assert function.starts(), function.output()
        remind(reminders.url, database)
        headers = {**token("ops", admin=True), "X-Simulated-Time": LATE}
        assert HTTP.post(f"{silent.url}/reminders", headers=headers, timeout=120).status_code == 503
        ask_streak(streak.url, database)
        break_records(admin.url, database)
        reports = run_job(maintenance.url, database)
        reports.append(run_with_a_failing_shard(failing.url))
        call_without_database(lost.url)
        assert HTTP.post(f"{backup.url}/backup", headers=token("ops", admin=True), timeout=120).status_code == 503
        yield Told([entry for function, name in started for entry in entries_of(function, name)], reports)


def samples(told: Told, metric: Metric) -> list[Sample]:
    return select(read_metrics()[metric.name], told.entries)


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_a_metric_selects_all_lines_of_its_event_and_reads_them(told: Told, metric: Metric) -> None:
    found = samples(told, metric)
    of_event = [entry for entry in told.entries if entry.payload.get("event") == metric.event]
    assert len(found) == len(of_event) > 0
    for sample in found:
        assert sample.labels.keys() == set(metric.labels)
        assert not [name for name, value in sample.labels.items() if value not in LABELS.get(name, {value})]
        assert sample.value == 1 if metric.kind is MetricKind.COUNTER else sample.value >= 0


@pytest.mark.parametrize(("name", "labels"), [(name, one) for name, all_of in HAPPENED.items() for one in all_of])
def test_what_has_happened_is_counted(told: Told, name: str, labels: dict[str, str]) -> None:
    (metric,) = [one for one in METRICS if one.name == name]
    assert [sample for sample in samples(told, metric) if labels.items() <= sample.labels.items()]


def test_the_metrics_of_a_run_read_the_numbers_of_its_report(told: Told) -> None:
    assert [(one["status"], one["users_processed"], one["errors"]) for one in told.reports] == [
        # One of the population is poison, and ada of the first part is due as well.
        ("degraded", USERS - 1 + 1, 1),
        ("success", 0, 0),
        # The shard is counted, whose users nobody could work on.
        ("partial", 0, 1),
    ]
    of_runs = [one for one in METRICS if one.event == "maintenance_completed" and one.field]
    for metric in of_runs:
        assert [one.value for one in samples(told, metric)] == [report[metric.field] for report in told.reports]


def test_one_bonus_was_earned(told: Told) -> None:
    (metric,) = [one for one in METRICS if one.name == "bonuses_earned"]
    assert sum(one.value for one in samples(told, metric)) == 1


def test_a_line_that_is_not_ours_is_selected_by_no_metric(told: Told) -> None:
    others = [
        Entry(timestamp=one.timestamp, content={**one.content, "labels": {"python_logger": "another"}})
        for one in told.entries
    ]
    elsewhere = [
        Entry(timestamp=one.timestamp, content={**one.content, "resource": {"type": "gce_instance"}})
        for one in told.entries
    ]
    assert not [name for name, metric in read_metrics().items() if select(metric, others + elsewhere)]
