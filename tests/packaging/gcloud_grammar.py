"""What gcloud's own parser takes of the commands that we use, as `gcloud meta lint-gcloud-commands` tells it.

Must not know what the commands are for. `python -m tests.packaging.gcloud_grammar` writes the file anew
where a gcloud is installed; without one the file judges alone.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).with_name("gcloud_grammar.json")
# Flags of every command; the parser's tree calls them global.
EVERYWHERE: Final = frozenset(
    {"project", "format", "filter", "quiet", "impersonate-service-account", "limit", "sort-by"}
)


@cache
def grammar() -> dict[str, dict[str, dict[str, Any]]]:
    """The flags of each command: type, and choices where there are some."""
    content: dict[str, dict[str, dict[str, Any]]] = json.loads(FILE.read_text(encoding="utf-8"))["commands"]
    return content


def command_of(words: Sequence[str], known: Sequence[str]) -> str | None:
    """The longest known command that these words begin with."""
    fitting = [name for name in known if list(words[: len(name.split())]) == name.split()]
    return max(fitting, key=len, default=None)


def trouble_with(words: Sequence[str]) -> str | None:
    """What gcloud would not take of these words, or None."""
    known = grammar()
    name = command_of(words, list(known))
    if name is None:
        return f"unknown command: {' '.join(words)}"
    for word in words[len(name.split()) :]:
        if word.startswith("--") and (wrong := _flag_trouble(word, known[name])):
            return f"{name}: {wrong}"
    return None


def _flag_trouble(word: str, flags: dict[str, dict[str, Any]]) -> str | None:
    flag, equals, value = word[2:].partition("=")
    if flag in EVERYWHERE:
        return None
    declared = flags.get(flag) or flags.get(flag.removeprefix("no-"))
    if declared is None:
        return f"--{flag} is no flag"
    if (declared["type"] == "bool") == bool(equals):
        return f"--{flag} {'takes no value' if equals else 'needs a value'}"
    choices = declared.get("choices")
    is_chosen = choices is None or value.lower() in [str(one).lower() for one in choices]
    return None if is_chosen else f"--{flag}={value} is none of {choices}"


def judged_by_gcloud(commands: Sequence[str]) -> list[dict[str, Any]]:
    """What the installed gcloud says of commands, without running one."""
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "commands.json"
        file.write_text(json.dumps([{"command_string": one} for one in commands]), encoding="utf-8")
        answer = subprocess.run(
            ["gcloud", "meta", "lint-gcloud-commands", f"--commands-file={file}"],
            env={**os.environ, "CLOUDSDK_CONFIG": place, "CLOUDSDK_CORE_DISABLE_PROMPTS": "1"},
            capture_output=True,
            text=True,
            check=True,
        )
    found: list[dict[str, Any]] = json.loads(answer.stdout)
    return found


def _flags(node: object) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every flag in gcloud's tree of arguments, whatever group it is in."""
    if isinstance(node, list):
        for one in node:
            yield from _flags(one)
    elif isinstance(node, dict):
        if "name" in node and not node.get("positional") and not node.get("global"):
            told = {"type": "bool" if node.get("type") == "bool" else "value"}
            yield node["name"], {**told, **({"choices": node["choices"]} if node.get("choices") else {})}
        for one in node.values():
            yield from _flags(one)


def main() -> int:
    """Write the file anew, for every command that the deployment and the pages use."""
    from tests.packaging.gcloud_commands import documented, planned
    from tools.deploy.action import said

    judged = judged_by_gcloud(sorted({said(one) for one in (*planned(), *documented())}))
    if wrong := [one for one in judged if not one["success"]]:
        sys.stderr.writelines(f"{one['command_string']}\n  {one['error_message']}\n" for one in wrong)
        return 1
    commands = {
        re.sub(r" +", " ", one["command_string_no_args"]): dict(sorted(_flags(one["args_structure"]))) for one in judged
    }
    version = subprocess.run(["gcloud", "version"], capture_output=True, text=True, check=True).stdout.splitlines()[0]
    FILE.write_text(json.dumps({"source": version, "commands": dict(sorted(commands.items()))}, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
