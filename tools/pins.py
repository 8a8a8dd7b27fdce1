"""Writes the pins anew: the versions in pyproject.toml, and from them the hashed files that pip takes.

Must not know what a package is for.

    python -m tools.pins            what pyproject.toml asks for now; versions that are pinned stay
    python -m tools.pins --upgrade  the newest of everything
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
PROJECT: Final = ROOT / "pyproject.toml"
# What each file holds, in the words of `uv pip compile`.
LOCKS: Final = {
    "requirements.txt": ("pyproject.toml",),
    "requirements-dev.txt": ("pyproject.toml", "--all-extras", "--group=dev"),
    "requirements-java.txt": ("--group=java",),
    "requirements-web.txt": ("--group=web",),
}
EVERYTHING: Final = ("pyproject.toml", "--all-extras", "--group=dev", "--group=java", "--group=web")
COMPILE: Final = ("uv", "pip", "compile", "--quiet", "--universal", "--python-version=3.11", "--no-strip-extras")
PLAIN: Final = ("--no-annotate", "--no-header", "--no-emit-index-url")
HEADER: Final = "# Made from pyproject.toml by `make pins`; do not edit.\n"
PINNED: Final = re.compile(r"(constraint-dependencies = \[\n)[^\]]*(\]\n)")
WITH_EXTRA: Final = re.compile(r"^(?P<name>[\w.-]+)\[[^\]]+\](?P<rest>==(?:[^\n]*\\\n)*[^\n]*\n)", re.MULTILINE)


def with_plain_names(lock: str) -> str:
    """`lock` with a pin of `name` beside each of `name[extra]`.

    Until version 24 pip takes the two for different things, and looks for the newest of the one that is not pinned.
    """
    return WITH_EXTRA.sub(r"\g<name>\g<rest>\g<0>", lock)


def without_extras(lock: str) -> list[str]:
    """The versions in `lock`, as constraints: these may name no extra."""
    return [re.sub(r"\[[^\]]+\]", "", line) for line in lock.splitlines()]


def _compiled(*options: str) -> str:
    command = [*COMPILE, *PLAIN, *options]
    return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout  # noqa: S603  (ours)


def _write_versions(versions: list[str]) -> None:
    lines = "".join(f'    "{one}",\n' for one in versions)
    text = PINNED.sub(lambda found: found[1] + lines + found[2], PROJECT.read_text(encoding="utf-8"))
    PROJECT.write_text(text, encoding="utf-8")


def main() -> None:
    """Write the versions, then each file of hashes."""
    if shutil.which("uv") is None:
        sys.exit("error: make pins needs uv, which alone knows the packages of every system: pip install uv")
    if "--upgrade" in sys.argv[1:]:
        _write_versions([])
    _write_versions(without_extras(_compiled(*EVERYTHING)))
    for name, options in LOCKS.items():
        lock = _compiled("--generate-hashes", *options)
        (ROOT / name).write_text(HEADER + with_plain_names(lock), encoding="utf-8")


if __name__ == "__main__":
    main()
