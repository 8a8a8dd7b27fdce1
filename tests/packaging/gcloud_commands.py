"""Every gcloud command that the project runs or tells a person to run. Must not know whether it is a good one."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from emulator.places import ROOT
from tools.deploy.gcloud import number_command
from tools.deploy.settings import Secret, Settings
from tools.deploy.steps import steps

if TYPE_CHECKING:
    from pathlib import Path

    from tools.deploy.action import Step, Words

PLAIN: Final = Settings(project="demo-prod", region="europe-west1", project_number="123456789012")
EVERYTHING: Final = Settings(
    project="demo-prod",
    region="europe-west1",
    project_number="123456789012",
    schedule="*/30 * * * *",
    time_zone="Europe/Berlin",
    is_fanned_out=True,
    cors_origins="https://app.example.com,https://www.example.com",
    environment=(("MAINTENANCE_THREADS", "4"), ("STREAK_POLICY_FILE", "/policy/policy.toml")),
    secrets=(Secret(target="/policy/policy.toml", name="streak-policy", version="3"),),
    canary_percent=10,
    prefix="unbroken-",
    collection_prefix="unbroken_",
    database="unbroken",
)
# Where letters are sent, and servers of the app's are told what happened.
SENDING: Final = replace(
    EVERYTHING,
    webhook_trigger_location="eur3",
    environment=(
        *EVERYTHING.environment,
        ("STREAK_WEBHOOK_EVENTS", "crm:streak_broken"),
        ("STREAK_WEBHOOKS_FILE", "/webhooks/webhooks.toml"),
        ("STREAK_SMTP_URL", "smtps://us%40er@smtp.example.com"),
        ("STREAK_MAIL_FROM", "streaks@example.com"),
    ),
    secrets=(
        *EVERYTHING.secrets,
        Secret(target="/webhooks/webhooks.toml", name="streak-webhooks", version="1"),
        Secret(target="STREAK_SMTP_PASSWORD", name="mail", version="1"),
    ),
)
_BLOCK: Final = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)


def indexes() -> str:
    return (ROOT / "firestore.indexes.json").read_text(encoding="utf-8")


def plan(settings: Settings, python: str = "python") -> tuple[Step, ...]:
    return steps(settings, indexes=indexes(), python=python)


def planned() -> list[Words]:
    """What a deployment runs, a plain one, one with everything chosen and one that tells servers."""
    every = [
        number_command("demo-prod"),
        ("gcloud", "auth", "list", "--filter=status:ACTIVE", "--format=value(account)"),
    ]
    for settings in (PLAIN, EVERYTHING, SENDING):
        for step in plan(settings):
            for action in step.actions:
                words = (action.command, action.question, action.listing, action.update)
                every += [one for one in words if one]
    place = ("--project=demo-prod", "--format=json")
    for region in ("run services", "scheduler jobs", "tasks queues"):
        name = "region" if region.startswith("run") else "location"
        every.append(("gcloud", *region.split(), "list", f"--{name}=europe-west1", *place))
    every.append(("gcloud", "firestore", "databases", "list", *place))
    every.append(("gcloud", "eventarc", "triggers", "list", "--location=-", *place))
    every.append(("gcloud", "eventarc", "triggers", "delete", "webhooks", "--location=eur3", place[0]))
    every.append(("gcloud", "storage", "buckets", "list", "--filter=name=x", *place))
    for kind in ("composite", "fields"):
        every.append(("gcloud", "firestore", "indexes", kind, "list", "--database=unbroken", *place))
    every.append(("gcloud", "services", "list", "--format=value(config.name)", "--project=demo-prod", "--enabled"))
    at = ("--region=europe-west1", "--project=demo-prod", "--format=json")
    every += [
        ("gcloud", "run", "services", "describe", "streak", *at),
        ("gcloud", "run", "revisions", "list", "--service=streak", *at),
        (
            "gcloud",
            "run",
            "services",
            "update-traffic",
            "streak",
            "--to-revisions=streak-00001-abc=100",
            *at[:2],
            "--quiet",
        ),
    ]
    return [one for one in every if one[0] == "gcloud"]


def pages() -> list[Path]:
    """The pages that tell a person what to type."""
    return [
        ROOT / "docs" / "operations.md",
        ROOT / "docs" / "rollback.md",
        ROOT / "docs" / "apps" / "your-project.md",
        *sorted((ROOT / "docs").glob("playbooks/*.md")),
    ]


def lines_of(page: Path) -> list[str]:
    """The lines of the shell in a page, those that go on put together."""
    text = page.read_text(encoding="utf-8")
    blocks = "\n".join(match[1] for match in _BLOCK.finditer(text))
    joined = blocks.replace("\\\n", " ")
    return [line for line in map(str.strip, joined.splitlines()) if line and not line.startswith("#")]


def documented() -> list[Words]:
    """The gcloud commands of the pages, with words for the variables in them."""
    found = []
    for page in pages():
        for line in lines_of(page):
            inner = re.findall(r"\$\((gcloud [^()]*(?:\([^()]*\)[^()]*)*)\)", line)
            found += [_words(one) for one in (inner or [line]) if one.startswith("gcloud ")]
    return found


def _words(line: str) -> Words:
    """The words of the first command of a pipe, without a comment."""
    words = shlex.split(_filled(line), comments=True)
    return tuple(words[: words.index("|")] if "|" in words else words)


def _filled(line: str) -> str:
    """The line as a shell would pass it on, were each variable set."""
    known = {"PROJECT": "demo-prod", "REGION": "europe-west1", "MOMENT": "2026-03-02T04:00:00.00Z"}
    return re.sub(r"\$\{?([A-Z_]+)\}?", lambda one: known.get(one[1], "x"), line)
