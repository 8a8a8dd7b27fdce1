"""A gcloud for tests: takes what the real one takes, and keeps what it was told in a folder, as Google would.

Must not know who calls it. What is created twice is refused, what is not there is not found, and an account that is not
there can't be given a role or run anything. GCLOUD_FAILS names words; a command with all of them fails.
"""

from __future__ import annotations

import json
import socketserver
import threading
from functools import cache
from io import BufferedIOBase
from pathlib import Path
from typing import Any, Final

from tests.packaging import gcloud_backups, gcloud_eventarc, gcloud_run
from tests.packaging.gcloud_grammar import command_of, grammar, trouble_with
from tests.packaging.gcloud_state import Command, Flags, Refused, State, empty, require_account

STATE: Final = "GCLOUD_STATE"
FAILS: Final = "GCLOUD_FAILS"
NUMBER: Final = "123456789012"
NAMED: Final = {
    "gcloud iam service-accounts": "account",
    "gcloud scheduler jobs": "job",
    "gcloud tasks queues": "queue",
    "gcloud artifacts repositories": "repository",
}
# What is on the PATH says to the process of the tests what it was given: a Python of its own for each of hundreds of
# commands is what such tests would take their time for.
PROGRAM: Final = """#!/bin/bash
exec 3<>/dev/tcp/127.0.0.1/{port} || exit 70
printf '%s\\0' "$#" "$PWD" "$GCLOUD_STATE" "$GCLOUD_FAILS" "$@" >&3
IFS= read -r ended <&3
IFS= read -r -d '' said <&3
if [ "$ended" = 0 ]; then printf %s "$said"; else printf %s "$said" >&2; fi
exit "$ended"
"""


def install(folder: Path) -> None:
    """Put a `gcloud` into a folder that is on the PATH."""
    program = folder / "gcloud"
    program.write_text(PROGRAM.replace("{port}", str(_listening())), encoding="utf-8")
    program.chmod(0o755)
    # Pauses of a deployment are none here; how long each would have been is kept.
    sleep = folder / "sleep"
    sleep.write_text(f'#!/bin/sh\necho "$1" >>"{folder}/slept"\n', encoding="utf-8")
    sleep.chmod(0o755)


@cache
def _listening() -> int:
    """The port at which this process answers commands, until it ends."""

    class Command(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            count, cwd, state, fails = (_word(self.rfile) for _ in range(4))
            words = ["gcloud", *(_word(self.rfile) for _ in range(int(count)))]
            with one_at_a_time:
                ended, said = _told(Path(state), Path(cwd), words, fails.split())
            self.wfile.write(f"{ended}\n{said}\0".encode())

    one_at_a_time = threading.Lock()
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Command)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return int(server.server_address[1])


def _word(sent: BufferedIOBase) -> str:
    word = bytearray()
    # Whoever is killed in the middle of it says no more.
    while (one := sent.read(1)) not in {b"\0", b""}:
        word += one
    return word.decode()


def _told(place: Path, cwd: Path, words: list[str], fails: list[str]) -> tuple[int, str]:
    """How one command ends, and what it prints."""
    state = json.loads(place.read_text(encoding="utf-8")) if place.exists() else empty()
    state["calls"] += 1
    state["cwd"] = cwd
    try:
        _take(words, fails)
        answer = _answer(state, words)
    except Refused as refused:
        return 1, f"ERROR: {refused}\n"
    finally:
        del state["cwd"]
        place.write_text(json.dumps(state, indent=1), encoding="utf-8")
    return 0, f"{answer}\n" if answer else ""


def _take(words: list[str], fails: list[str]) -> None:
    """What the real one would not even begin with, and what the test wants to fail."""
    if trouble := trouble_with(words):
        raise Refused(trouble)
    if fails and all(any(each in word for word in words) for each in fails):
        message = "PERMISSION_DENIED: the stand-in was told to fail here"
        raise Refused(message)


def _answer(state: State, words: list[str]) -> str:
    name = command_of(words, list(grammar())) or ""
    rest = words[len(name.split()) :]
    flags = [one[2:].partition("=")[::2] for one in rest if one.startswith("--")]
    target = next((one for one in rest if not one.startswith("--")), "")
    group, _, verb = name.rpartition(" ")
    if verb == "http":
        group, _, verb = group.rpartition(" ")
    if group in NAMED and verb in {"create", "describe", "update"}:
        return _thing(state, f"{NAMED[group]} {target}", verb, dict(flags))
    known: dict[str, Command] = {
        **gcloud_run.COMMANDS,
        **gcloud_backups.COMMANDS,
        **gcloud_eventarc.COMMANDS,
        "gcloud auth list": lambda *_: "somebody@example.com",
        "gcloud projects describe": lambda *_: NUMBER,
        "gcloud services list": lambda state, *_: "\n".join(state["apis"]),
        "gcloud scheduler jobs list": _jobs,
        "gcloud tasks queues list": lambda state, *_: json.dumps(
            [{"name": f"p/{one}"} for one in _named(state, "queue")]
        ),
        "gcloud firestore indexes composite list": _composites,
        "gcloud firestore indexes fields list": _fields,
        "gcloud builds submit": _build,
        "gcloud firestore indexes composite create": _index,
        "gcloud firestore indexes fields update": _exemption,
        "gcloud firestore fields ttls update": _end_of_life,
    }
    if name == "gcloud services enable":
        return _enable(state, rest)
    if verb == "add-iam-policy-binding":
        return _bind(state, f"{group} {target}", flags)
    return known[name](state, target, flags)


def _thing(state: State, key: str, verb: str, flags: dict[str, str]) -> str:
    if key.startswith("account ") and "@" not in key:
        key = f"{key}@{flags['project']}.iam.gserviceaccount.com"
    exists = key in state["things"]
    if verb == "create" and exists:
        message = f"ALREADY_EXISTS: {key} exists"
        raise Refused(message)
    if verb != "create" and not exists:
        message = f"NOT_FOUND: {key}"
        raise Refused(message)
    if verb != "describe":
        for account in (value for flag, value in flags.items() if flag.endswith("service-account-email")):
            require_account(state, account)
        state["things"][key] = flags
    return f"name: {key}" if verb == "describe" else ""


def _bind(state: State, target: str, flags: Flags) -> str:
    given = dict(flags)
    require_account(state, given["member"].removeprefix("serviceAccount:"))
    binding = [target, given["member"], given["role"]]
    if binding not in state["bindings"]:
        state["bindings"].append(binding)
    return ""


def _enable(state: State, words: list[str]) -> str:
    asked = ("cloudscheduler", "cloudtasks", "eventarc", "firestore", "run", "storage")
    state["apis"] = sorted({*state["apis"], *(api for one in asked if (api := f"{one}.googleapis.com") in words)})
    return ""


def _index(state: State, _: str, flags: Flags) -> str:
    index = [list(one) for one in flags if one[0] in {"database", "collection-group", "query-scope", "field-config"}]
    if index in state["indexes"]:
        message = "(gcloud.firestore.indexes.composite.create) ALREADY_EXISTS: index already exists"
        raise Refused(message)
    state["indexes"].append(index)
    return ""


def _composites(state: State, _: str, flags: Flags) -> str:
    database = ["database", dict(flags)["database"]]
    return json.dumps([_composite(one) for one in state["indexes"] if database in one])


def _composite(index: list[list[str]]) -> dict[str, Any]:
    parts = [
        dict(one.partition("=")[::2] for one in value.split(",")) for flag, value in index if flag == "field-config"
    ]
    fields = [{"fieldPath": one["field-path"], **_found_by(one)} for one in parts]
    group = next(value for flag, value in index if flag == "collection-group")
    return {"name": f"p/collectionGroups/{group}/indexes/1", "fields": [*fields, {"fieldPath": "__name__"}]}


def _found_by(field: dict[str, str]) -> dict[str, str]:
    if "order" in field:
        return {"order": field["order"].upper()}
    return {"arrayConfig": field["array-config"].upper()}


def _fields(state: State, _: str, flags: Flags) -> str:
    """Those that differ from what all fields have: the exempt ones."""
    asked = dict(flags)["database"]
    return json.dumps(
        [
            {
                "name": f"p/collectionGroups/{group}/fields/{path}",
                "indexConfig": {},
                **({"ttlConfig": {"state": "ACTIVE"}} if [database, group, path] in state.get("ttls", []) else {}),
            }
            for database, group, path in state["exempt"]
            if database == asked
        ]
    )


def _field(field: str, flags: Flags) -> list[str]:
    given = dict(flags)
    return [given["database"], given["collection-group"], field]


def _exemption(state: State, field: str, flags: Flags) -> str:
    exempt = _field(field, flags)
    if exempt not in state["exempt"]:
        state["exempt"].append(exempt)
    return ""


def _end_of_life(state: State, field: str, flags: Flags) -> str:
    """One field a collection group, as Firestore has it."""
    ending = _field(field, flags)
    state["ttls"] = [ending, *(one for one in state.get("ttls", []) if one[:2] != ending[:2])]
    return ""


def _build(state: State, source: str, flags: Flags) -> str:
    given = dict(flags)
    require_account(state, given["service-account"].rpartition("/")[2])
    if not (state["cwd"] / source / "main.py").exists():
        message = f"there is no source at {source}"
        raise Refused(message)
    image = given["pack"].partition("=")[2]
    if f"repository {image.split('/')[2]}" not in state["things"]:
        message = f"NOT_FOUND: there is no repository for {image}"
        raise Refused(message)
    state["images"] = sorted({image, *state.get("images", [])})
    return ""


def _named(state: State, kind: str) -> dict[str, dict[str, str]]:
    return {name.partition(" ")[2]: one for name, one in state["things"].items() if name.startswith(f"{kind} ")}


def _jobs(state: State, _: str, __: Flags) -> str:
    found = [
        {
            "name": f"p/{name}",
            "schedule": flags["schedule"],
            "timeZone": flags["time-zone"],
            "httpTarget": {"oidcToken": {"serviceAccountEmail": flags["oidc-service-account-email"]}},
        }
        for name, flags in _named(state, "job").items()
    ]
    return json.dumps(found)
