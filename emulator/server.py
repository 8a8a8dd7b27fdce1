"""Runs the Firestore emulator and all functions until told to stop. Must not know what they store."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from emulator.child import Child
from emulator.errors import SetupError
from emulator.firestore import HOST_VARIABLE, FirestoreEmulator
from emulator.places import MAIN, ROOT
from emulator.port import HOST, Ports, require_free
from emulator.project import PROJECT_VARIABLE
from emulator.stopping import stop_signals_interrupt
from emulator.token import PROJECT

# Nothing listens there, and nothing needs to: the variable alone makes firebase-admin take unsigned tokens.
AUTH_EMULATOR_HOST: Final = f"{HOST}:9099"
THREADS: Final = 16
GRACEFUL_SECONDS: Final = 2
POLL_SECONDS: Final = 0.1
# The page answers before any of them has been asked; this one needs no token, and so writes no line of a refusal.
ANY_FUNCTION: Final = "health"

UseServer = Callable[[str], None]


def serve(
    ports: Ports, *, project: str = PROJECT, main: Path = MAIN, use: UseServer | None = None, stay: bool = True
) -> int:
    """Serve a project, print `ready URL`, call `use` with that URL, and stay until SIGINT, SIGTERM or SIGHUP.

    SIGINT and SIGHUP stay ignored where they were so at the start, as under nohup.
    Answers the exit status. Raises SetupError when something is missing or taken, or when a child dies.
    """
    require_free(ports.http)
    url = f"http://{HOST}:{ports.http}"
    try:
        with (
            stop_signals_interrupt(),
            FirestoreEmulator(port=ports.firestore) as firestore,
            _functions(ports.http, firestore.host, project, main) as functions,
        ):
            firestore.warm_up(project)
            functions.wait_until_it_answers(f"{url}/{ANY_FUNCTION}")
            print(f"ready {url}", flush=True)
            of_project = "" if project == PROJECT else f" {PROJECT_VARIABLE}={project}"
            place = f"{HOST_VARIABLE}={firestore.host}{of_project}"
            print(f"the database, for streakctl: {place}", file=sys.stderr, flush=True)
            if use is not None:
                use(url)
            while stay:
                _require_alive(functions, firestore)
                time.sleep(POLL_SECONDS)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr, flush=True)
    return 0


def _functions(port: int, firestore_host: str, project: str, main: Path) -> Child:
    environment = {
        "FIREBASE_AUTH_EMULATOR_HOST": AUTH_EMULATOR_HOST,
        # The emulator takes seconds over its first answers; that is no news.
        "STREAK_SLOW_MS": "5000",
        **os.environ,
        HOST_VARIABLE: firestore_host,
        PROJECT_VARIABLE: project,
    }
    options = {
        "--bind": f"{HOST}:{port}",
        "--chdir": str(ROOT),
        "--worker-class": "gthread",
        "--workers": "1",
        "--threads": str(THREADS),
        "--graceful-timeout": str(GRACEFUL_SECONDS),
        "--log-level": "warning",
        # Nothing stands in front of it whose headers could be believed.
        "--forwarded-allow-ips": "",
    }
    flat = [word for option in options.items() for word in option]
    application = f"emulator.wsgi:local_app({str(main)!r})"
    command = [sys.executable, "-m", "gunicorn", "--no-control-socket", *flat, application]
    # Standard output stays our own: whoever waits for the ready line reads nothing else there.
    return Child("functions' server", command, output=sys.stderr.fileno(), environment=environment)


def _require_alive(functions: Child, firestore: FirestoreEmulator) -> None:
    if functions.exit_status is not None:
        message = f"the {functions.name} ended with status {functions.exit_status}; everything is stopped"
        raise SetupError(message)
    if firestore.child is not None and firestore.child.exit_status is not None:
        message = f"the {firestore.child.name} ended with status {firestore.child.exit_status}\n{firestore.log_tail()}"
        raise SetupError(message)
