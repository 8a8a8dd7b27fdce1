"""`make demo`: lives a git history as a streak, and prints what became of it.

Must not know how a history is read or played, nor how a streak is counted.
"""

import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from rich.console import Console

from emulator.calendar_picture import calendar_picture, legend
from emulator.client import Client, Refused, UnreachableError
from emulator.errors import SetupError, WrongUseError
from emulator.git_history import read_history
from emulator.git_player import Played, Wish, play
from emulator.port import ADDRESS, HOST, requested_port
from emulator.progress import shown_count
from emulator.server import serve

WRONG_USE: Final = 2
CALENDAR_DAYS: Final = 365
OWN_HOSTS: Final = frozenset({ADDRESS, "localhost"})

Json = Mapping[str, Any]


def demo(repo: Path, author: str, zone: str, base_url: str) -> int:
    """Play the history of `repo`, and show it; an empty `base_url` is the address of `make serve`.

    Answers the exit status. Raises SetupError.
    """
    try:
        url, port = _address(base_url)
        wish = Wish(history=read_history(repo, author), author=author, zone=zone)
        if _is_served(url):
            _play_and_show(url, wish)
            return 0
        print(f"no server at {url}: starting one for as long as this takes", file=sys.stderr, flush=True)
        return serve(port, use=lambda own_url: _play_and_show(own_url, wish), stay=False)
    except WrongUseError as error:
        print(f"error: {error}", file=sys.stderr)
        return WRONG_USE
    except KeyboardInterrupt:
        print("stopped; the same command goes on from there", file=sys.stderr)
        return 0


def _address(base_url: str) -> tuple[str, int]:
    """The server's URL and port."""
    if not base_url:
        port = requested_port()
        return f"http://{HOST}:{port}", port
    try:
        address = urlsplit(base_url)
        wanted = address.port
    except ValueError:
        wanted = None
    else:
        if address.scheme != "http" or address.hostname not in OWN_HOSTS or address.path.strip("/"):
            wanted = None
    if wanted is None:
        message = f"BASE_URL={base_url} is no address of a server on this machine, such as http://{HOST}:8080"
        raise WrongUseError(message)
    return f"http://{HOST}:{wanted}", wanted


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
        message = f"what answers at {url} is not the local server; choose another address, as in PORT=8081"
        raise SetupError(message)
    return True


def _play_and_show(url: str, wish: Wish) -> None:
    total = len(wish.history.commits)
    begun = time.monotonic()
    with shown_count("commits", total) as show:
        played = play(url, wish, show)
    print(_summary(wish, played, time.monotonic() - begun))
    _show(url, wish, played)


def _summary(wish: Wish, played: Played, seconds: float) -> str:
    before = len(wish.history.commits) - played.sent
    speed = f" ({played.sent / seconds:.0f} a second)" if played.sent else ""
    skipped = wish.history.skipped
    return "\n".join(
        [
            f"user: {played.user_id}",
            f"commits: {played.sent} played in {seconds:.1f} s{speed}, {before} played before",
            *([f"commits skipped, dated before 1970-01-02 or after 2199: {skipped}"] if skipped else []),
        ]
    )


def _show(url: str, wish: Wish, played: Played) -> None:
    last_at = wish.history.commits[-1].authored_at
    with Client(url, played.user_id) as client:
        then = client.ask("GET", "/streak", at=last_at).content
        now = client.ask("GET", "/streak").content
        # A history that ended years ago is shown as it ended, not as a year of missed days.
        as_it_ended = datetime.now(UTC) - last_at > timedelta(days=CALENDAR_DAYS)
        path = f"/calendar?days={CALENDAR_DAYS}"
        days = client.ask("GET", path, at=last_at if as_it_ended else None).content["days"]
    for line in _standing(then, now):
        print(line)
    print(f"active days: {len(played.days)}, from {min(played.days)} to {max(played.days)}, in {wish.zone}")
    _show_calendar(days)
    sys.stdout.flush()


def _standing(then: Json, now: Json) -> Sequence[str]:
    """How the streak stood on the last commit's day, and how it stands now where that is different."""
    last_day, today = then["today"], now["today"]
    numbers = [(one["current_streak"], one["longest_streak"]) for one in (then, now)]
    if numbers[0] == numbers[1]:
        since = f", and still on {today}" if today != last_day else ""
        return [_line(numbers[0], f"on the last commit's day, {last_day}{since}")]
    return [
        _line(numbers[0], f"on the last commit's day, {last_day}"),
        _line(numbers[1], f"now, {today}"),
    ]


def _line(numbers: tuple[int, int], when: str) -> str:
    current, longest = numbers
    return f"current streak {current}, longest streak {longest} ({when})"


def _show_calendar(days: Sequence[Json]) -> None:
    console = Console(highlight=False)
    console.print()
    console.print(calendar_picture(days, console.width))
    console.print()
    console.print(legend(row["verdict"] for row in days))
