"""A project that another app lives in: it is looked at, nothing of it is changed, and ours finds a place beside it."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pytest
from google.cloud import firestore
from google.cloud.logging_v2.types import LogMetric
from google.cloud.monitoring_dashboard_v1 import Dashboard
from google.cloud.monitoring_v3 import AlertPolicy, UptimeCheckConfig

from emulator.places import ROOT
from functions.catalogue import FUNCTIONS
from tests.packaging import gcloud_stand_in, gcloud_state
from tests.packaging.hosts import World
from tests.packaging.hosts import serving as serving_hosts
from tests.packaging.rules_api import RELEASE, RulesApi, released, serving
from tests.support.guide import FOLDER, examples
from tests.support.monitoring_stand_in import Serving, StandInGoogle
from tools.deploy import firebase
from tools.deploy.rules_text import snippet, with_prefix

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from emulator.firestore import FirestoreEmulator
    from tests.support.guide import Example

pytestmark = pytest.mark.usefixtures("deploying")
PROJECT: Final = "demo-prod"
WHERE: Final = ("SETTINGS=", f"PROJECT={PROJECT}", "REGION=europe-west1")
OURS: Final = (ROOT / "firestore.rules").read_text(encoding="utf-8")
RULES: Final = """rules_version = '2';
service cloud.firestore {
  match /databases/{database}/documents {
    match /posts/{post} {
      allow read: if request.auth != null;
    }
  }
}
"""
DOCUMENTS: Final[dict[str, dict[str, Any]]] = {
    "posts/1": {"title": "hello"},
    "streaks/ada": {"days": 3},
    "users/ada/events/1": {"title": "party"},
    "policies/home": {"insured": "a house"},
}
STEPS: Final = "STEP=apis accounts indexes functions rules queue scheduler"
BESIDE: Final = ("PREFIX=unbroken-", "STREAK_COLLECTION_PREFIX=unbroken_")


@dataclass(frozen=True, kw_only=True)
class Theirs:
    """The project of another app, and everything that stands in for Google in it."""

    state: Path
    api: RulesApi
    database: firestore.Client
    monitoring: StandInGoogle

    def held(self) -> dict[str, Any]:
        """All that the project has, by its kind; how often gcloud was called is none of it."""
        content: dict[str, Any] = json.loads(self.state.read_text(encoding="utf-8"))
        documents = {
            path: one.to_dict() for path in DOCUMENTS if (one := self.database.document(path).get(timeout=30)).exists
        }
        rules = dict(self.api.releases)
        return {**content, "calls": None, "rules": rules, "documents": documents, "watched": self.watched()}

    def watched(self) -> dict[str, bytes]:
        """Everything of monitoring, byte for byte."""
        kinds = self.monitoring
        every: dict[str, Any] = {**kinds.metrics, **kinds.policies, **kinds.dashboards, **kinds.checks}
        return {name: type(one).serialize(one) for name, one in every.items()}

    def make(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = ["make", *words, *(() if any(one.startswith("SETTINGS=") for one in words) else WHERE)]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def account(name: str) -> str:
    return f"{name}@{PROJECT}.iam.gserviceaccount.com"


def their_state() -> gcloud_state.State:
    """A service, a job, a queue, a trigger and an index that have our names, and are another app's."""
    flags = [["service-account", account("app")], ["set-env-vars", "^;^GREETING=hello"], ["memory", "256Mi"]]
    job = {"schedule": "0 3 * * *", "time-zone": "Etc/UTC", "oidc-service-account-email": account("app")}
    index = [
        *(["database", "(default)"], ["collection-group", "events"], ["query-scope", "collection"]),
        ["field-config", "field-path=title,order=ascending"],
        ["field-config", "field-path=at,order=descending"],
    ]
    trigger = {
        "project": PROJECT,
        "service-account": account("app"),
        "event-filters": "type=google.cloud.firestore.document.v1.written,database=(default)",
        "event-filters-path-pattern": "document=posts/{post}",
    }
    return gcloud_state.empty() | {
        "triggers": {"eur3/webhooks": trigger},
        "apis": [f"{one}.googleapis.com" for one in ("run", "cloudscheduler", "cloudtasks", "eventarc", "firestore")],
        "things": {
            f"account {account('app')}": {},
            "job maintenance": job,
            "job backup": job,
            "job reports": job,
            "queue maintenance": {},
        },
        "buckets": {f"{PROJECT}.appspot.com": {"project": PROJECT, "location": "us", "labels": {}}},
        "bindings": [[f"gcloud storage buckets gs://{PROJECT}.appspot.com", "allUsers", "roles/storage.objectViewer"]],
        "services": {"streak": {"revisions": ["streak-00001-abc"], "traffic": {"LATEST": 100}, "flags": flags}},
        "indexes": [index],
        "exempt": [["(default)", "ledger", "note"]],
    }


def their_monitoring() -> StandInGoogle:
    """A metric, an alert, a dashboard and an uptime check of another app."""
    google = StandInGoogle(PROJECT)
    google.metrics["orders"] = LogMetric(name="orders", filter='jsonPayload.event="order"')
    alert = AlertPolicy(name=f"projects/{PROJECT}/alertPolicies/theirs", display_name="Maintenance missing")
    google.policies[alert.name] = alert
    board = Dashboard(name=f"projects/1/dashboards/{'0' * 8}", display_name="The shop", etag="theirs")
    google.dashboards[board.name] = board
    check = UptimeCheckConfig(name=f"projects/{PROJECT}/uptimeCheckConfigs/shop", display_name="Health")
    google.checks[check.name] = check
    return google


@pytest.fixture
def theirs(tmp_path: Path, emulator: FirestoreEmulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Theirs]:
    assert emulator.host
    gcloud_stand_in.install(tmp_path)
    state, login = tmp_path / "state.json", tmp_path / "login.json"
    state.write_text(json.dumps(their_state()), encoding="utf-8")
    database = firestore.Client(project=PROJECT)
    for path, content in DOCUMENTS.items():
        database.document(path).set(content)
    google = their_monitoring()
    with serving() as api, Serving(google) as monitoring:
        monkeypatch.setenv("GOOGLE_MONITORING_HOST", monitoring.address)
        api.hold(RULES)
        api.login(login)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
        monkeypatch.setenv(gcloud_stand_in.STATE, str(state))
        monkeypatch.setenv("FIREBASE_RULES_URL", api.url)
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(login))
        for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS"):
            monkeypatch.delenv(name, raising=False)
        yield Theirs(state=state, api=api, database=database, monitoring=google)
    for path in DOCUMENTS:
        database.document(path).delete()


def test_a_look_at_it_tells_everything_and_what_to_do_and_changes_nothing(theirs: Theirs) -> None:
    before = theirs.held()
    assert "does not take CANARY" in theirs.make("adopt", "DRY_RUN=1", "CANARY=10").stderr
    events = "ENV=STREAK_WEBHOOK_EVENTS=crm:streak_broken;STREAK_WEBHOOKS_FILE=/webhooks/webhooks.toml"
    told_of = (events, "SECRETS=/webhooks/webhooks.toml=streak-webhooks:1", "WEBHOOK_TRIGGER_LOCATION=eur3")
    looked = theirs.make("adopt", "DRY_RUN=1", "CORS_ORIGINS=https://a.example,https://b.example", *told_of)
    assert looked.returncode == 0, looked.stderr
    assert 'cors_origins = ["https://a.example", "https://b.example"]' in looked.stdout
    for told in (
        f"the service streak, which runs as {account('app')}",
        "the job maintenance of Cloud Scheduler",
        "the job backup of Cloud Scheduler",
        "the trigger webhooks of Eventarc in eur3",
        'webhook_trigger_location = "eur3"',
        "the index of events by title, at",
        "an exemption of ledger by note alone",
        "the document streaks/ada",
        "the document users/ada/events/1",
        "the document policies/home",
        "rules of Firestore that are another app's",
        *("PREFIX=unbroken-", "STREAK_COLLECTION_PREFIX=unbroken_", "DATABASE=unbroken", "RULES=merge"),
        snippet(OURS),
    ):
        assert told in looked.stdout
    assert "posts" not in looked.stdout, "what is in nobody's way is not told"
    assert theirs.held() == before


def test_a_deployment_into_it_is_refused_whole_before_anything_is_changed(theirs: Theirs) -> None:
    before = theirs.held()
    for given in ((), ("YES=1",), ("YES=1", "RULES=merge"), ("PREFIX=unbroken-", "RULES=merge", "YES=1")):
        refused = theirs.make("deploy", STEPS, *given)
        assert refused.returncode == 2
        assert "This project has what is not ours:" in refused.stderr
        assert refused.stderr.count("Nothing was changed.") == 1
        assert theirs.held() == before


def test_the_firebase_cli_is_handed_nothing_before_the_project_was_looked_at(theirs: Theirs) -> None:
    before = theirs.held()
    shutil.rmtree(firebase.FOLDER, ignore_errors=True)
    refused = theirs.make("firebase")
    assert refused.returncode == 2
    assert "This project has what is not ours:" in refused.stderr
    assert "firebase.json is for other settings" in theirs.make("firebase", *BESIDE).stderr
    assert (firebase.FOLDER.exists(), theirs.held()) == (False, before)


def test_rules_that_both_apps_share_are_handed_on_with_theirs_as_they_were(theirs: Theirs) -> None:
    state = their_state() | {"things": {}, "services": {}, "indexes": [], "exempt": []}
    theirs.state.write_text(json.dumps(state), encoding="utf-8")
    for path in DOCUMENTS:
        theirs.database.document(path).delete()
    done = theirs.make("firebase", "RULES=merge", "YES=1")
    assert done.returncode == 0, done.stderr
    handed = (firebase.FOLDER / "firestore.rules").read_text(encoding="utf-8")
    assert handed.replace(snippet(OURS), "") == RULES
    assert released(theirs.api) == RULES


def test_only_the_steps_that_are_asked_for_are_looked_at(theirs: Theirs) -> None:
    refused = theirs.make("deploy", "STEP=scheduler")
    assert refused.returncode == 2
    assert "the job maintenance" in refused.stderr
    assert "the service streak" not in refused.stderr
    assert theirs.make("deploy", "STEP=apis").returncode == 0


def test_ours_is_put_beside_it_and_theirs_is_what_it_was_also_after_a_second_deployment(theirs: Theirs) -> None:
    before = theirs.held()
    asked = theirs.make("deploy", STEPS, *BESIDE, "RULES=merge")
    assert asked.returncode == 2
    ours = with_prefix(OURS, "unbroken_")
    assert snippet(ours) in asked.stderr, "the merged file"
    assert "+    match /unbroken_streaks/{home} {" in asked.stderr, "and its difference"
    assert theirs.held() == before
    # The second is that of rules that are merged already; of all steps it is tried by the guide, below.
    for given in ((STEPS, "RULES=merge", "YES=1"), ("STEP=rules",)):
        done = theirs.make("deploy", *BESIDE, *given)
        assert done.returncode == 0, done.stderr
        after = theirs.held()
        assert released(theirs.api).replace(snippet(ours), "") == RULES
        assert after["documents"] == before["documents"]
        assert after["services"]["streak"] == before["services"]["streak"]
        assert set(after["services"]) == {"streak", *(f"unbroken-{one}" for one in FUNCTIONS)}
        assert {name: after["things"][name] for name in before["things"]} == before["things"]
        assert before["indexes"][0] in after["indexes"]
        groups = [dict(one)["collection-group"] for one in after["indexes"][1:]]
        groups += [one[1] for one in (*after["exempt"][1:], *after["ttls"])]
        assert groups
        assert all(one.startswith("unbroken_") for one in groups)


def check_theirs(before: dict[str, Any], after: dict[str, Any], rules: Any) -> None:
    """What was theirs before is there as it was, with those rules, which they put ours into themselves."""
    assert (after["documents"], after["rules"]) == (before["documents"], rules)
    assert after["services"]["streak"] == before["services"]["streak"]
    for kind in ("things", "triggers", "buckets", "watched"):
        assert {name: after[kind][name] for name in before[kind]} == before[kind]
    for kind in ("bindings", "indexes", "exempt"):
        assert after[kind][: len(before[kind])] == before[kind]


def test_by_the_guide_alone_word_for_word_theirs_is_what_it_was(
    theirs: Theirs, served: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = examples(FOLDER / "your-project.md")
    typed = [shlex.split(line) for one in page if one.is_by_hand for line in one.text.splitlines()]
    look, begin, accounts, deploy, smoke = [
        [one.replace("my-project", PROJECT) for one in words[1:]] for words in typed
    ]
    file = tmp_path / "production.toml"
    settings = f"SETTINGS={file}"
    before = theirs.held()
    merged = looked_and_merged(theirs, look, begin, settings)

    def done(*words: str) -> str:
        """What they type, after which theirs is what it was."""
        ended = theirs.make(*words, settings)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        check_theirs(before, theirs.held(), merged)
        return ended.stdout

    done(*accounts)
    assert set(theirs.held()["buckets"]) == {*before["buckets"], f"{PROJECT}-unbroken-backups"}
    world = World(state=theirs.state, number=gcloud_stand_in.NUMBER, site=f"{PROJECT}.web.app", served=served, led={})
    with serving_hosts(world, tmp_path) as hosts:
        for name, value in hosts.variables.items():
            monkeypatch.setenv(name, value)
        assert "smoke: what is deployed answers" in done(*deploy)
        assert theirs.held()["things"].keys() - before["things"].keys() >= {
            *("job unbroken-maintenance", "job unbroken-backup"),
        }
        written = {name: theirs.watched()[name] for name in theirs.watched().keys() - before["watched"].keys()}
        assert len(written) > 20, "metrics, alerts, a dashboard and an uptime check of ours"
        world.led.update(led_by(page))
        (address,) = [one.text.replace("my-project", PROJECT) for one in page if one.text.startswith("address")]
        file.write_text(address + file.read_text(encoding="utf-8"), encoding="utf-8")
        for each in ("https://unbroken-streak-123456789012.europe-west1.run.app", f"https://{PROJECT}.web.app"):
            assert f"  ok     GET {each}/streak" in done(*smoke)
        check_nothing_new(theirs, lambda: done(*deploy))


def led_by(page: Sequence[Example]) -> dict[str, str]:
    """Which service each address leads to, as the page has the rewrites; with a prefix services are called after it."""
    (rewrites,) = [json.loads(one.text)["rewrites"] for one in page if one.tag == "firebase.json"]
    return {one["source"][1:].partition("{")[0]: f"unbroken-{one['run']['serviceId']}" for one in rewrites}


def looked_and_merged(theirs: Theirs, look: list[str], begin: list[str], settings: str) -> Any:
    """What their rules are once they have looked, begun a settings file, and put our lines into their rules by hand."""
    before = theirs.held()
    looked = theirs.make(*look, settings).stdout
    told = re.findall(r"^  ((?:PREFIX|STREAK_COLLECTION_PREFIX)=\S+)$", looked, re.MULTILINE)
    begun = theirs.make(*begin, settings, *told).stdout
    assert theirs.held() == before
    (lines,) = re.findall(r"^ *// unbroken: begin.*?// unbroken: end\n", begun, re.MULTILINE | re.DOTALL)
    database = "  match /databases/{database}/documents {\n"
    theirs.api.hold(RULES.replace(database, f"{database}{lines}"))
    return theirs.held()["rules"]


def check_nothing_new(theirs: Theirs, deploy: Callable[[], object]) -> None:
    """A second deployment brings new revisions of our functions, and nothing else."""
    state, calls = theirs.held(), len(theirs.monitoring.calls)
    deploy()
    again = theirs.held()
    assert all(call.startswith("List") for call in theirs.monitoring.calls[calls:]), "nothing is written twice"
    assert {**again, "services": None} == {**state, "services": None}
    services = {"streak", *(f"unbroken-{one}" for one in FUNCTIONS)}
    assert again["services"].keys() == state["services"].keys() == services


def test_in_a_database_of_its_own_nothing_of_theirs_is_in_the_way_but_names(theirs: Theirs) -> None:
    before = theirs.held()
    done = theirs.make("deploy", "STEP=apis accounts indexes functions rules", "PREFIX=unbroken-", "DATABASE=unbroken")
    assert done.returncode == 0, done.stderr
    after = theirs.held()
    assert {one["database"] for one in map(dict, after["indexes"][1:])} == {"unbroken"}
    assert {one[0] for one in (*after["exempt"][1:], *after["ttls"])} == {"unbroken"}
    assert (released(theirs.api), released(theirs.api, f"{RELEASE}/unbroken")) == (RULES, OURS)
    assert after["documents"] == before["documents"]
    given = dict(map(tuple, after["services"]["unbroken-streak"]["flags"]))["set-env-vars"]
    assert "FIRESTORE_DATABASE=unbroken;" in given


def test_of_what_is_deployed_a_setting_is_neither_dropped_nor_changed_unasked(theirs: Theirs, tmp_path: Path) -> None:
    first = theirs.make(
        "deploy", "STEP=apis accounts functions", "PREFIX=unbroken-", "DATABASE=unbroken", "ENV=STREAK_SLOW_MS=200"
    )
    assert first.returncode == 0, first.stderr
    before = theirs.held()
    again = ("deploy", "STEP=functions", "PREFIX=unbroken-", "DATABASE=unbroken")
    refused = theirs.make(*again)
    assert refused.returncode == 2
    assert "unbroken-streak: STREAK_SLOW_MS is '200', and would be dropped" in refused.stderr
    assert "STREAK_SLOW_MS is '200', and would become '300'" in theirs.make(*again, "ENV=STREAK_SLOW_MS=300").stderr
    assert theirs.held() == before
    file = tmp_path / "begun.toml"
    begun = theirs.make("adopt", f"SETTINGS={file}", *WHERE[1:], *again[2:])
    assert begun.returncode == 0, begun.stderr
    assert theirs.held() == before, "what adopt begins is a file here"
    assert 'STREAK_SLOW_MS = "200"' in file.read_text(encoding="utf-8")
    remembered = theirs.make("deploy", "STEP=functions", f"SETTINGS={file}")
    assert remembered.returncode == 0, remembered.stderr
    assert theirs.make(*again, "YES=1").returncode == 0
