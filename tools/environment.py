"""Keeps a virtual environment what the lock says: looks at it in milliseconds, makes it anew where it does not fit.

Must not know what runs in it, nor import anything but the standard library: it runs when there is nothing else.

    PYTHON            -I tools/environment.py make    FOLDER LOCK           with this Python
    FOLDER/bin/python -I tools/environment.py check   FOLDER LOCK [PYTHON]  says what does not fit, with status 1
    FOLDER/bin/python -I tools/environment.py install FOLDER LOCK           another lock's packages besides
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

STAMP: Final = "made-for.json"
# What programs are made of. Whatever else lies in an environment may come and go.
CODE: Final = (".py", ".so")
# Of what takes longer it is said that it is still at it.
TELL_SECONDS: Final = 10.0
VERSION: Final = "import platform; print(platform.python_version())"
# Each line of a lock and nothing that it asks for: the lock is whole, and nobody looks for what is newest.
LINES_ALONE: Final = ("install", "--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes", "--requirement")


def made_for(folder: Path, lock: Path) -> dict[str, str]:
    """What an environment at `folder` with this Python is made for."""
    return {
        "place": str(folder.resolve()),
        "Python": f"{platform.python_version()} in {sys.base_prefix}",
        "lock": hashlib.sha256(lock.read_bytes()).hexdigest(),
    }


def misfit(folder: Path, lock: Path, python: str = "") -> str:
    """Why the environment that runs this does not fit; empty when it does. `python` is one whose version is wanted."""
    try:
        stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
        was, files = stamp["made_for"], stamp["files"]
    except (OSError, ValueError, KeyError):
        return "it was not made to its end"
    for name, value in made_for(folder, lock).items():
        if was.get(name) != value:
            return f"it was made for another {name}"
    if python and _version_of(python) != platform.python_version():
        return f"{python} is wanted"
    site = sysconfig.get_path("purelib")
    gone = next((file for file in files if not os.path.exists(f"{site}/{file}")), None)  # noqa: PTH110  (thousands)
    return "" if gone is None else f"{gone} is gone"


def make(folder: Path, lock: Path) -> None:
    """Make the environment anew with the Python that runs this; one at a time, and not twice."""
    python, uv = str(folder / "bin" / "python"), shutil.which("uv")
    # Held until this program ends.
    fcntl.flock(os.open(folder.resolve().parent, os.O_RDONLY), fcntl.LOCK_EX)
    if _was_made_meanwhile(python, folder, lock):
        return
    if uv is None:
        _run(sys.executable, "-m", "venv", "--clear", str(folder))
    else:
        _run(uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(folder))
    for command in ("install", "stamp"):
        _run(python, "-I", __file__, command, str(folder), str(lock))


def _was_made_meanwhile(python: str, folder: Path, lock: Path) -> bool:
    command = (python, "-I", __file__, "check", str(folder), str(lock), sys.executable)
    try:
        return subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode == 0  # noqa: S603  (as above)
    except OSError:
        return False


def install(lock: Path) -> None:
    """Install the lines of `lock` into the environment that runs this."""
    _pip(*LINES_ALONE, str(lock))
    # What the lock forgot is said here.
    _pip("check")


def stamp(folder: Path, lock: Path) -> None:
    """Write down for what the environment that runs this was made, and of which files."""
    site = Path(sysconfig.get_path("purelib"))
    # `uv sync` takes pip away, which is of no lock.
    records = (record for record in site.glob("*.dist-info/RECORD") if not record.parent.name.startswith("pip-"))
    lines = (line for record in records for line in record.read_text("utf-8").splitlines())
    files = sorted(name for line in lines if (name := line.partition(",")[0]).endswith(CODE))
    text = json.dumps({"made_for": made_for(folder, lock), "files": files})
    (folder / STAMP).write_text(text, encoding="utf-8")


def _pip(command: str, *options: str) -> None:
    """By uv where there is one."""
    uv = shutil.which("uv")
    if uv is not None:
        _run(uv, "pip", command, "--python", sys.executable, *options)
        return
    if importlib.util.find_spec("pip") is None:  # an environment that uv made
        _run(sys.executable, "-m", "ensurepip")
    _run(sys.executable, "-m", "pip", "--disable-pip-version-check", command, *options)


def _run(*command: str) -> None:
    """Silent unless it fails, or takes its time."""
    status, said = waited_for(command, {**os.environ, **_caches()}, _still_at_it)
    if status:
        sys.stdout.buffer.write(said)
        sys.exit(status)


def _still_at_it(seconds: float) -> None:
    print(f"  still at it after {seconds:.0f} s", flush=True)


def waited_for(
    command: Sequence[str], environment: Mapping[str, str], tell: Callable[[float], None], every: float = TELL_SECONDS
) -> tuple[int, bytes]:
    """The status of a command and all that it said; `tell` hears at every so many seconds how long it has taken."""
    ended = threading.Event()
    begun = time.monotonic()

    def telling() -> None:
        while not ended.wait(every):
            tell(time.monotonic() - begun)

    teller = threading.Thread(target=telling, daemon=True)
    teller.start()
    try:
        done = subprocess.run(  # noqa: S603  (our own words)
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment, check=False
        )
    finally:
        ended.set()
        teller.join()
    return done.returncode, done.stdout


def _caches() -> dict[str, str]:
    """Where packages are kept when the home can't be written: uv would end there."""
    usual = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"))  # noqa: PTH111  (never raises)
    try:
        usual.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=usual):
            return {}
    except OSError:
        return {"XDG_CACHE_HOME": str(Path(".cache").resolve())}


def _version_of(python: str) -> str:
    try:
        # The program that the caller of make named.
        done = subprocess.run([python, "-c", VERSION], capture_output=True, text=True, check=False)  # noqa: S603
    except OSError:
        return ""
    return done.stdout.strip()


def main(command: str, folder: str, lock: str, python: str = "") -> None:
    """Run one command; the exit status is 0 when all fits."""
    place, pins = Path(folder), Path(lock)
    match command:
        case "make":
            make(place, pins)
        case "install":
            install(pins)
        case "stamp":
            stamp(place, pins)
        case "check":
            why = misfit(place, pins, python)
            print(why)
            sys.exit(bool(why))
        case _:
            sys.exit(f"error: {command} is no command of this program")


if __name__ == "__main__":
    main(*sys.argv[1:])
