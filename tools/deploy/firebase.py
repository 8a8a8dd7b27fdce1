"""The same deployment as the Firebase CLI takes it: code with its manifest, rules, indexes and the page, in one folder.

Must not know what is in a project already; whoever calls it has looked.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from emulator.page import ADMIN_INDEX, INDEX, page_files
from emulator.places import ROOT
from functions.catalogue import CATALOGUE, Ingress, Invoker
from tools.deploy.errors import WrongUse
from tools.deploy.indexes import named_document
from tools.deploy.services import MARK, deployed, environment
from tools.deploy.settings import SCHEDULER_ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from functions.catalogue import DeployedFunction
    from tools.deploy.settings import Settings

FOLDER: Final = ROOT / "build" / "firebase"
CONFIGURATION: Final = ROOT / "firebase.json"
# What is deployed, as in the bundle; the file of the entry points is one of its own.
_SOURCE: Final = ("requirements.txt", "functions", "streak_core")
_NO_KEY: Final = '<meta name="app-check-key" content="">'
# What reCAPTCHA Enterprise loads, by the directives of the page's policy that it stands behind.
_RECAPTCHA: Final = (
    ("script-src 'self'", "https://www.google.com/recaptcha/ https://www.gstatic.com/recaptcha/"),
    ("connect-src 'self'", "https://www.google.com/recaptcha/"),
    ("frame-src", "https://www.google.com/recaptcha/"),
)
_INGRESS: Final = {Ingress.ALL: "ALLOW_ALL", Ingress.INTERNAL: "ALLOW_INTERNAL_ONLY"}


def manifest(settings: Settings) -> dict[str, Any]:
    """What the CLI reads in place of starting the code. Raises `WrongUse` for what it has no words for."""
    files = [one.target for one in settings.secrets if one.target.startswith("/")]
    if files:
        message = f"the firebase CLI can't mount {', '.join(files)} from a secret; deploy with `make deploy`"
        raise WrongUse(message)
    endpoints = {settings.named(one.name): _endpoint(settings, one) for one in deployed(settings)}
    return {"specVersion": "v1alpha1", "endpoints": endpoints}


def _endpoint(settings: Settings, one: DeployedFunction) -> dict[str, Any]:
    everybody = one.invoker is Invoker.EVERYBODY
    return {
        "platform": "gcfv2",
        "entryPoint": one.name,
        "region": [settings.region],
        "httpsTrigger": {"invoker": ["public" if everybody else settings.account(SCHEDULER_ACCOUNT)]},
        "serviceAccount": settings.account(one.service_account),
        "availableMemoryMb": one.memory_mib,
        "cpu": one.cpu,
        "concurrency": one.concurrency,
        "timeoutSeconds": one.timeout_seconds,
        "minInstances": one.instances_min,
        "maxInstances": one.instances_max,
        "ingressSettings": _INGRESS[one.ingress],
        "labels": dict([MARK]),
        "secretEnvironmentVariables": [
            {"key": each.target, "secret": each.name} for each in settings.secrets_of(one.name)
        ],
    }


def environments(settings: Settings) -> dict[str, dict[str, str]]:
    """The variables of each function, but for the one that the platform itself sets."""
    return {
        one.name: {name: text for name, text in environment(settings, one).items() if name != "FUNCTION_TARGET"}
        for one in deployed(settings)
    }


def problems(settings: Settings, configuration: dict[str, Any]) -> Iterator[str]:
    """Where firebase.json leads elsewhere than the settings say."""
    database = configuration["firestore"].get("database")
    if database != settings.database:
        yield f'firestore.database is "{database}", and the settings say "{settings.database}"'
    led = {one["source"]: one.get("function") for one in configuration["hosting"]["rewrites"]}
    ways = [(one, segment) for one in CATALOGUE for segment in one.segments if one.invoker is Invoker.EVERYBODY]
    for one, segment in ways:
        source, wanted = f"/{segment}{{,/**}}", {"functionId": settings.named(one.name), "region": settings.region}
        if led.get(source) != wanted:
            yield f'hosting.rewrites must have {{"source": "{source}", "function": {json.dumps(wanted)}}}'


def require_agreement(settings: Settings) -> None:
    """Raise `WrongUse` where firebase.json says something else than the settings."""
    found = [*problems(settings, json.loads(CONFIGURATION.read_text(encoding="utf-8")))]
    if found:
        raise WrongUse("\n".join(["firebase.json is for other settings; change it:", *(f"  {one}" for one in found)]))


def with_app_check(page: str, key: str) -> str:
    """The page with the site key that it proves itself with, and what it may load for that; as it is without a key."""
    changes = ((_NO_KEY, _NO_KEY.replace('""', f'"{key}"')), *((one, f"{one} {more}") for one, more in _RECAPTCHA))
    for place, text in changes if key else ():
        if page.count(place) != 1:
            message = f"the index.html of a page has no {place}"
            raise WrongUse(message)
        page = page.replace(place, text)
    return page


def write(settings: Settings, *, rules: str, indexes: str, folder: Path = FOLDER) -> None:
    """Make the folder anew; `rules` is what is to be released, `indexes` the text of firestore.indexes.json."""
    declared = manifest(settings)
    shutil.rmtree(folder, ignore_errors=True)
    for name, path in page_files().items():
        copied = folder / "public" / name
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copied)
    for name in (INDEX, ADMIN_INDEX):
        index = folder / "public" / name
        index.write_text(with_app_check(index.read_text(encoding="utf-8"), settings.app_check_key), encoding="utf-8")
    for name in _SOURCE:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder)
    shutil.copy(Path(__file__).with_name("firebase_main.py"), folder / "main.py")
    for name, content in (
        ("functions.yaml", declared),
        ("environment.json", environments(settings)),
        ("firestore.indexes.json", named_document(json.loads(indexes), settings.collection_prefix)),
    ):
        # What is JSON is YAML, too.
        (folder / name).write_text(f"{json.dumps(content, indent=2)}\n", encoding="utf-8")
    (folder / "firestore.rules").write_text(rules, encoding="utf-8")
    # The emulator starts the functions in an environment that lies beside them.
    (folder / "venv").symlink_to(sys.prefix, target_is_directory=True)
