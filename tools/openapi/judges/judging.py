"""What each judge is asked, and what it finds: a list of faults, empty where the contract is fine.

It must not know how the tools came here.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from tools.openapi.judges.toolbox import HERE, pins
from tools.openapi.rendering import LOADER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tools.openapi.judges.toolbox import Ran, Toolbox

    Judge = Callable[[Toolbox, Path], list[str]]

Json = Any

CONTRACT: Final = "openapi.yaml"
_SHOWN: Final = 20
_STRICT: Final = (
    *("--strict", "--noEmit", "--skipLibCheck", "--target", "es2022", "--lib", "es2022,dom,dom.iterable"),
    *("--module", "esnext", "--moduleResolution", "bundler"),
)
# As bytes: the tool takes JSON and texts alone.
# What it knows no type of is bytes.
_BYTES: Final = ("application/x-ndjson", "image/png", "image/svg+xml")
_PYTHON_CLIENT: Final = f"content_type_overrides: {dict.fromkeys(_BYTES, 'application/octet-stream')}\npost_hooks: []\n"
# That each example and default is one is held by a test, `test_every_example_is_one`: it took thirty of this tool's
# thirty-two seconds, in which it compiles every schema anew for each.
_SPECTRAL: Final = """
extends: ["spectral:oas"]
rules: {oas3-valid-media-example: off, oas3-valid-schema-example: off}
"""
# Where a generator writes a model, and with which options it keeps "one of" apart.
_MODELS: Final[Mapping[str, tuple[str, dict[str, str]]]] = {
    "typescript-fetch": ("models/*.ts", {}),
    "kotlin": (
        "src/main/kotlin/**/models/*.kt",
        {"library": "jvm-retrofit2", "serializationLibrary": "gson", "generateOneOfAnyOfWrappers": "true"},
    ),
    "dart-dio": ("lib/src/model/*.dart", {}),
}


def openapi_typescript(tools: Toolbox, at: Path) -> list[str]:
    """Types that the example compiles with, and what it must not say does not."""
    made = tools.node("openapi-typescript", CONTRACT, "-o", "types.ts", at=at)
    shutil.copy(HERE / "example.ts", at)
    return _failed(made) or _failed(_compiled(tools, at, "example.ts"))


def hey_api(tools: Toolbox, at: Path) -> list[str]:
    """A client that compiles."""
    made = tools.node("openapi-ts", "-i", CONTRACT, "-o", "hey", at=at)
    return _failed(made) or _failed(_compiled(tools, at, "hey/sdk.gen.ts")) or _without_fields(at, "hey/types.gen.ts")


def orval(tools: Toolbox, at: Path) -> list[str]:
    """A client that compiles."""
    made = tools.node("orval", "--input", CONTRACT, "--output", "orval.ts", "--client", "fetch", at=at)
    return _failed(made) or _failed(_compiled(tools, at, "orval.ts")) or _without_fields(at, "orval.ts")


def openapi_python_client(tools: Toolbox, at: Path) -> list[str]:
    """A package that has every operation and warns of none; all of its modules can be imported."""
    (at / "config.yaml").write_text(_PYTHON_CLIENT, encoding="utf-8")
    options = ("--path", CONTRACT, "--config", "config.yaml", "--meta", "none", "--output-path", "client")
    made = tools.python("-m", "openapi_python_client", "generate", "--fail-on-warning", *options, at=at)
    have = {path.stem for path in at.glob("client/api/*/*.py")}
    missing = [f"no operation {name}" for name in _operation_ids(at) if name not in have]
    code = (
        "import importlib, pkgutil, client\n"
        "for one in pkgutil.walk_packages(client.__path__, 'client.'): importlib.import_module(one.name)\n"
    )
    return _failed(made) or missing or _failed(tools.python("-c", code, at=at))


def openapi_generator(tools: Toolbox, at: Path) -> list[str]:
    """Clients in three languages that lack no field; the one in TypeScript compiles."""
    return generated(tools, at, *_MODELS) or _failed(_compiled(tools, at, "typescript-fetch/index.ts"))


def linters(tools: Toolbox, at: Path) -> list[str]:
    """Nothing that is not explained, and nothing explained that neither of them says."""
    (at / "spectral.yaml").write_text(_SPECTRAL, encoding="utf-8")
    found = [*redocly(tools, at), *_spectral(tools, at)]
    explained = pins()["explained"]
    unexplained = [
        f"{rule} {place}: {text}" for rule, place, text in found if not explained.keys() & {rule, f"{rule} {place}"}
    ]
    said = {key for rule, place, _ in found for key in (rule, f"{rule} {place}")}
    return unexplained + [f"explained, and not said any more: {key}" for key in explained if key not in said]


def redocly(tools: Toolbox, at: Path) -> Iterator[tuple[str, str, str]]:
    """What it says, explained or not: the rule, the place, the words."""
    said = tools.node("redocly", "lint", "--extends", "recommended-strict", "--format", "json", CONTRACT, at=at).said
    for one in _json(said, "{")["problems"]:
        yield one["ruleId"], one["location"][0]["pointer"], one["message"]


def _spectral(tools: Toolbox, at: Path) -> Iterator[tuple[str, str, str]]:
    said = tools.node("spectral", "lint", CONTRACT, "-r", "spectral.yaml", "-f", "json", "--quiet", at=at).said
    for one in _json(said, "["):
        yield one["code"], f"#/{'/'.join(map(str, one['path']))}", one["message"]


def _json(said: str, opening: str) -> Json:
    """The JSON among what a program says, which may say something before and after."""
    return json.JSONDecoder().raw_decode(said, said.index(opening))[0]


def generated(tools: Toolbox, at: Path, *generators: str) -> list[str]:
    """What clients of openapi-generator's lack, which are made by one process: most of its time is its start."""
    for name in generators:
        asked = {
            "generatorName": name,
            "inputSpec": CONTRACT,
            "outputDir": name,
            "additionalProperties": _MODELS[name][1],
        }
        (at / f"{name}.json").write_text(json.dumps(asked), encoding="utf-8")
    made = tools.generator("batch", "--fail-fast", *(f"{name}.json" for name in generators), at=at)
    return _failed(made) or [
        f"{name}: {fault}" for name in generators for fault in _without_fields(at, f"{name}/{_MODELS[name][0]}")
    ]


def _without_fields(at: Path, pattern: str) -> list[str]:
    """Each field of a named object that is not in the file of its name, or in the one file that there is."""
    files = {_plain(path.stem): path.read_text(encoding="utf-8") for path in at.glob(pattern)}
    if not files:
        return [f"it made no {pattern}"]
    alone = next(iter(files.values())) if len(files) == 1 else ""
    return [
        f"{name} has no {field}"
        for name, schema in _contract(at)["components"]["schemas"].items()
        for field in schema.get("properties", ())
        if field not in files.get(_plain(name), alone)
    ]


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _operation_ids(at: Path) -> list[str]:
    paths = _contract(at)["paths"].values()
    return [one["operationId"] for item in paths for one in item.values() if "operationId" in one]


def _contract(at: Path) -> Json:
    return yaml.load((at / CONTRACT).read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506 - safe


def _compiled(tools: Toolbox, at: Path, *files: str) -> Ran:
    return tools.node("tsc", *_STRICT, *files, at=at)


def _failed(ran: Ran) -> list[str]:
    return ran.said.strip().splitlines()[-_SHOWN:] or ["it failed and said nothing"] if ran.status else []


JUDGES: Final[Mapping[str, Judge]] = {
    "openapi-typescript + openapi-fetch": openapi_typescript,
    "@hey-api/openapi-ts": hey_api,
    "orval": orval,
    "openapi-python-client": openapi_python_client,
    "openapi-generator typescript-fetch, kotlin, dart-dio": openapi_generator,
    "redocly lint, spectral": linters,
}
