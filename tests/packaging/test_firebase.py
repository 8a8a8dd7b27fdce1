"""The Firebase CLI's way in deploys what `make deploy` does: each function, its variables, rules and indexes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from emulator.page import ADMIN_INDEX, INDEX, page_files
from emulator.places import ROOT
from functions.catalogue import CATALOGUE, FUNCTIONS, Invoker
from tests.packaging.gcloud_commands import EVERYTHING, PLAIN, indexes, plan
from tools.deploy import firebase
from tools.deploy.errors import WrongUse
from tools.deploy.guard import Files, ours
from tools.deploy.indexes import index_actions
from tools.deploy.settings import Secret, Settings

CONFIGURATION: Final[dict[str, Any]] = json.loads(firebase.CONFIGURATION.read_text(encoding="utf-8"))
OURS: Final = (ROOT / "firestore.rules").read_text(encoding="utf-8")
# Of what the CLI has words for.
OTHERS: Final = replace(
    EVERYTHING,
    environment=(("MAINTENANCE_THREADS", "4"),),
    secrets=(Secret(target="KEY", name="my-secret", version="3"),),
    canary_percent=None,
)
HERE: Final = Settings(project="demo-prod", region="europe-west1")
INGRESS: Final = {"all": "ALLOW_ALL", "internal": "ALLOW_INTERNAL_ONLY"}


def by_gcloud(settings: Settings) -> dict[str, dict[str, str]]:
    """The flags of each `gcloud run deploy` by service."""
    step = next(one for one in plan(settings) if one.name == "functions")
    deploys = [one.command for one in step.actions if one.command[:3] == ("gcloud", "run", "deploy")]
    return {words[3]: dict(one[2:].partition("=")[::2] for one in words[4:]) for words in deploys}


def as_endpoint(flags: dict[str, str]) -> dict[str, Any]:
    """What the flags say, in the words of the CLI's manifest."""
    variables = dict(one.partition("=")[::2] for one in flags["set-env-vars"].removeprefix("^;^").split(";"))
    secrets = [one.partition("=")[::2] for one in flags.get("set-secrets", "").split(",") if one]
    invoker = "public" if "allow-unauthenticated" in flags else "unbroken-scheduler@demo-prod.iam.gserviceaccount.com"
    return {
        "platform": "gcfv2",
        "entryPoint": variables["FUNCTION_TARGET"],
        "region": [flags["region"]],
        "httpsTrigger": {"invoker": [invoker]},
        "serviceAccount": flags["service-account"],
        "availableMemoryMb": int(flags["memory"].removesuffix("Mi")),
        "cpu": int(flags["cpu"]),
        "concurrency": int(flags["concurrency"]),
        "timeoutSeconds": int(flags["timeout"].removesuffix("s")),
        "minInstances": int(flags["min-instances"]),
        "maxInstances": int(flags["max-instances"]),
        "ingressSettings": INGRESS[flags["ingress"]],
        "labels": dict([flags["update-labels"].split("=")]),
        "secretEnvironmentVariables": [{"key": key, "secret": kept.partition(":")[0]} for key, kept in secrets],
    }


@pytest.fixture(params=[PLAIN, OTHERS], ids=["plain", "everything"])
def written(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Settings, Path]:
    """The folder as it is made for some settings."""
    settings, folder = request.param, tmp_path / "firebase"
    rules = ours(settings, Files(rules=OURS, indexes=indexes()))
    firebase.write(settings, rules=rules, indexes=indexes(), folder=folder)
    return settings, folder


def test_each_function_is_deployed_alike_in_both_ways(written: tuple[Settings, Path]) -> None:
    settings, folder = written
    endpoints = json.loads((folder / "functions.yaml").read_text(encoding="utf-8"))["endpoints"]
    assert endpoints == {name: as_endpoint(flags) for name, flags in by_gcloud(settings).items()}
    assert len(endpoints) == len(FUNCTIONS)


def test_each_function_has_the_same_variables_in_both_ways(written: tuple[Settings, Path]) -> None:
    settings, folder = written
    told = json.loads((folder / "environment.json").read_text(encoding="utf-8"))
    for name in FUNCTIONS:
        flags = by_gcloud(settings)[settings.named(name)]
        given = ";".join(f"{one}={text}" for one, text in ({"FUNCTION_TARGET": name} | told[name]).items())
        assert sorted(given.split(";")) == sorted(flags["set-env-vars"].removeprefix("^;^").split(";"))


def test_rules_and_indexes_are_the_same_in_both_ways(written: tuple[Settings, Path]) -> None:
    settings, folder = written
    prefix = settings.collection_prefix
    assert f"match /{prefix}streaks/" in (folder / "firestore.rules").read_text(encoding="utf-8")
    named = (folder / "firestore.indexes.json").read_text(encoding="utf-8")
    commands = [one.command for one in index_actions(settings, indexes())]
    assert [one.command for one in index_actions(replace(settings, collection_prefix=""), named)] == commands


def test_the_codebase_holds_what_the_bundle_does_and_what_the_cli_wants(written: tuple[Settings, Path]) -> None:
    _, folder = written
    of_cli = {"functions.yaml", "environment.json", "firestore.rules", "firestore.indexes.json", "public", "venv"}
    of_bundle = {"main.py", "requirements.txt", "functions", "streak_core"}
    assert {one.name for one in folder.iterdir()} == of_bundle | of_cli
    assert (folder / "venv").resolve() == Path(sys.prefix).resolve()


def test_the_site_is_the_page_that_is_served_locally_and_nothing_beside_it(written: tuple[Settings, Path]) -> None:
    _, folder = written
    public = folder / "public"
    files = {path.relative_to(public).as_posix(): path for path in public.rglob("*") if path.is_file()}
    assert {name: path.read_bytes() for name, path in files.items()} == {
        name: path.read_bytes() for name, path in page_files().items()
    }
    assert {INDEX, ADMIN_INDEX} <= files.keys()
    assert not [name for name in files if "test" in name or name.endswith(".json")]


@pytest.mark.parametrize("name", [INDEX, ADMIN_INDEX])
def test_a_site_key_is_in_the_page_with_what_it_loads_and_without_one_the_page_is_as_it_is(name: str) -> None:
    page = page_files()[name].read_text(encoding="utf-8")
    assert firebase.with_app_check(page, "") == page
    made = firebase.with_app_check(page, "6LcKEY-0123456789-abcdefghij")
    assert '<meta name="app-check-key" content="6LcKEY-0123456789-abcdefghij">' in made
    assert made.count("https://www.google.com/recaptcha/") == 3
    with pytest.raises(WrongUse, match="app-check-key"):
        firebase.with_app_check(made, "6LcKEY-0123456789-abcdefghij")


def test_the_entry_points_find_their_variables_beside_them(tmp_path: Path) -> None:
    """In a process that has nothing but what the platform sets."""
    settings, folder = replace(PLAIN, environment=(("STREAK_SLOW_MS", "200"),)), tmp_path / "firebase"
    firebase.write(settings, rules=OURS, indexes=indexes(), folder=folder)
    # One process for each, which share what packages take to be read.
    program = """
import json, os, sys, firebase_admin, flask, functions_framework, google.cloud.firestore
for name in sys.argv[1:]:
    if child := os.fork():
        if os.waitpid(child, 0)[1]:
            sys.exit(f"{name} does not come up")
        continue
    os.environ["FUNCTION_TARGET"] = name
    with flask.Flask("as the framework does").app_context():
        import main
        main.health
    print(json.dumps(dict(os.environ)), flush=True)
    os._exit(0)
"""
    command = [sys.executable, "-c", program, *FUNCTIONS]
    nothing = {"PATH": os.environ["PATH"]}
    done = subprocess.run(command, cwd=folder, env=nothing, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = {one["FUNCTION_TARGET"]: one for one in map(json.loads, done.stdout.splitlines())}
    assert list(found) == list(FUNCTIONS)
    for name, environment in found.items():
        assert firebase.environments(settings)[name].items() <= environment.items()


def test_the_function_that_sends_letters_alone_is_given_their_password() -> None:
    mail = (("STREAK_SMTP_URL", "smtps://u@smtp.example.com"), ("STREAK_MAIL_FROM", "a@example.com"))
    password = Secret(target="STREAK_SMTP_PASSWORD", name="mail", version="1")
    sending = replace(OTHERS, environment=mail, secrets=(*OTHERS.secrets, password))
    endpoints, variables = firebase.manifest(sending)["endpoints"], firebase.environments(sending)
    for one in CATALOGUE:
        names = [each["secret"] for each in endpoints[sending.named(one.name)]["secretEnvironmentVariables"]]
        assert names == (["my-secret", "mail"] if one.name == "reminders" else ["my-secret"])
        assert ("u@" in variables[one.name]["STREAK_SMTP_URL"]) is (one.name == "reminders")


def test_a_file_from_a_secret_is_refused_with_the_other_way() -> None:
    with pytest.raises(WrongUse, match=r"can't mount /policy/policy\.toml from a secret; deploy with `make deploy`"):
        firebase.manifest(EVERYTHING)


def test_firebase_json_leads_one_address_to_every_function_of_clients() -> None:
    assert [*firebase.problems(HERE, CONFIGURATION)] == []
    led = [one["function"]["functionId"] for one in CONFIGURATION["hosting"]["rewrites"]]
    assert led == [one.name for one in CATALOGUE for _ in one.segments if one.invoker is Invoker.EVERYBODY]


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (replace(HERE, prefix="unbroken-"), '"functionId": "unbroken-streak", "region": "europe-west1"'),
        (replace(HERE, region="us-central1"), '"functionId": "admin", "region": "us-central1"'),
        (replace(HERE, database="unbroken"), 'firestore.database is "(default)", and the settings say "unbroken"'),
    ],
)
def test_what_firebase_json_says_of_other_settings_is_told(settings: Settings, told: str) -> None:
    assert any(told in one for one in firebase.problems(settings, CONFIGURATION))


def test_it_is_one_codebase_of_a_runtime_as_the_image_has_and_hosting_never_is_a_site_that_nobody_named() -> None:
    (codebase,) = CONFIGURATION["functions"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    python = makefile.partition("DEPLOYED_PYTHON := ")[2].partition("\n")[0]
    assert (codebase["codebase"], codebase["runtime"]) == ("unbroken", f"python{python.replace('.', '')}")
    assert CONFIGURATION["hosting"]["target"] == "unbroken"
    looks = [codebase["predeploy"], CONFIGURATION["firestore"]["predeploy"], CONFIGURATION["hosting"]["predeploy"]]
    assert all("make --silent firebase " in one for (one,) in looks), "each looks at the project first"
