"""`make demo`: lives a git history as a streak, and prints what became of it.

Must not know how a history is read or played, nor how a streak is counted.
"""

import re
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from emulator.calendar_picture import calendar_picture, legend
from emulator.client import Client, Refused, UnreachableError
from emulator.errors import SetupError, WrongUseError
from emulator.git_history import read_history
from emulator.git_player import Source, play
from emulator.port import HOST, PORTS, chosen_ports, is_taken, requested_port
from emulator.progress import shown_count
from emulator.project import requested_project
from emulator.server import serve

WRONG_USE: Final = 2
CALENDAR_DAYS: Final = 365
OWN_URL: Final = re.compile(rf"http://(?:{re.escape(HOST)}|localhost):([0-9]{{1,5}})/?")

Json = Mapping[str, Any]


def demo(repo: Path, author: str, zone: str, base_url: str) -> int:
    """Play the history of `repo`, and show it; an empty `base_url` is where `make serve` serves, or would.

    Answers the exit status. Raises SetupError.
    """
    try:
        named = _named_port(base_url)
        project = requested_project()
        source = Source(history=read_history(repo, author), author=author, zone=zone)
        url = served_at(named)
        if url:
            _play_and_show(url, source)
            return 0
        ports = chosen_ports(named=named)
        at = f"http://{HOST}:{ports.http}"
        print(f"no server at {at}: starting one for as long as this takes", file=sys.stderr, flush=True)
        return serve(ports, project=project, use=lambda own_url: _play_and_show(own_url, source), stay=False)
    except WrongUseError as error:
        print(f"error: {error}", file=sys.stderr)
        return WRONG_USE
    except KeyboardInterrupt:
        print("stopped; the same command goes on from there", file=sys.stderr)
        return 0


def _named_port(base_url: str) -> int | None:
    if not base_url:
        return requested_port("PORT")
    match = OWN_URL.fullmatch(base_url)
    if match is None:
        message = f"BASE_URL={base_url} is no address of a server on this machine, such as http://{HOST}:8080"
        raise WrongUseError(message)
    return int(match[1])


def served_at(named: int | None, defaults: Sequence[int] = PORTS) -> str | None:
    """Where the functions are served; with no port named, past whoever else is at those that `make serve` would take.

    Raises SetupError when something else is at the port that was named.
    """
    for port in (named,) if named else defaults:
        url = f"http://{HOST}:{port}"
        try:
            if _is_served(url):
                return url
        except SetupError:
            if named:
                raise
            continue
        if named or not is_taken(port):
            break
    return None


def _is_served(url: str) -> bool:
    """Whether the functions are served there. Raises SetupError when something else is."""
    try:
        with Client(url, "git-demo") as client:
            content = client.ask("GET", "/streak").content
    except UnreachableError:
        return False
    except Refused as refusal:
        content = {"code": refusal.code}
    if "current_streak" not in content:
        message = (
            f"what answers at {url} is not the local server of project {requested_project()}; choose another address, "
            "as in PORT=8081, or the project that it is of, as in PROJECT=demo-my-app"
        )
        raise SetupError(message)
    return True


def _play_and_show(url: str, source: Source) -> None:
    history, begun = source.history, time.monotonic()
    with shown_count("commits", len(history.commits)) as show:
        played = play(url, source, show)
    seconds, before = time.monotonic() - begun, len(history.commits) - played.sent
    print(f"user: {played.user_id}")
    print(f"commits: {played.sent} played in {seconds:.1f} s, {before} played before")
    if history.skipped:
        print(f"commits skipped, dated before 1970-01-02 or after 2199: {history.skipped}")
    last_at = history.commits[-1].authored_at
    with Client(url, played.user_id) as client:
        then = client.ask("GET", "/streak", at=last_at).content
        now = client.ask("GET", "/streak").content
        # A history that ended years ago is shown as it ended, not as a year of missed days.
        as_it_ended = datetime.now(UTC) - last_at > timedelta(days=CALENDAR_DAYS)
        path = f"/calendar?days={CALENDAR_DAYS}"
        days = client.ask("GET", path, at=last_at if as_it_ended else None).content["days"]
    print(_standing(then, f"on the last commit's day, {then['today']}"))
    print(_standing(now, f"now, {now['today']}"))
    print(f"active days: {len(played.days)}, from {min(played.days)} to {max(played.days)}, in {source.zone}\n")
    console = Console(highlight=False)
    console.print(calendar_picture(days, console.width), legend(row["verdict"] for row in days), sep="\n\n")
    sys.stdout.flush()


def _standing(streak: Json, when: str) -> str:
    return f"current streak {streak['current_streak']}, longest streak {streak['longest_streak']} ({when})"
