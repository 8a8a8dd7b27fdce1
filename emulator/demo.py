"""`make run`: lets the demo users live the last two months through the real API, and prints what to try.

Must not know what they do (their stories say it), nor how a streak is counted.
"""

import sys
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from rich.columns import Columns
from rich.console import Console
from rich.table import Table
from rich.text import Text

from emulator.calendar_picture import calendar_picture, legend
from emulator.client import Client, Refused
from emulator.demo_stories import STORIES, Step, Story, maintenance_moments, usual_first_day
from emulator.progress import Show, shown_count

CALENDAR_DAYS_MAX: Final = 366
OPERATOR: Final = "operator"

Json = Mapping[str, Any]


def live(base_url: str, now: datetime | None = None) -> None:
    """Live everything that has happened until `now` (this moment), and show it.

    Lived again, on the same day or later, only what is new happens. Raises SetupError.
    """
    until = now or datetime.now(UTC)
    mornings = maintenance_moments(usual_first_day(until.date()), until)
    with ExitStack() as connections:
        clients = [connections.enter_context(Client(base_url, story.uid)) for story in STORIES]
        lives = [_Life.of(story, client, until) for story, client in zip(STORIES, clients, strict=True)]
        total = len(mornings) + sum(len(life.steps) for life in lives)
        with shown_count("demo users", total) as show:
            _live_together(base_url, lives, mornings, until, _Counter(show))
        _show(base_url, lives, now)


@dataclass
class _Life:
    """A story on its way through the API."""

    story: Story
    first_day: date
    client: Client
    steps: list[Step]
    lived: int = 0
    refused: int = 0

    @classmethod
    def of(cls, story: Story, client: Client, now: datetime) -> "_Life":
        """The story from where the user began it, so that telling it again another day continues it."""
        created_at = client.ask("GET", "/streak").content["created_at"]
        begun = datetime.fromisoformat(created_at).date() if created_at else usual_first_day(now.date())
        return cls(story=story, first_day=begun, client=client, steps=story.steps(begun, now))

    def live(self, until: datetime, stop: threading.Event, count: Callable[[], None]) -> None:
        """Take every step until then, in order."""
        while self.lived < len(self.steps) and self.steps[self.lived].at <= until and not stop.is_set():
            self._take(self.steps[self.lived])
            self.lived += 1
            count()

    def _take(self, step: Step) -> None:
        try:
            self.client.ask(step.method, step.path, at=step.at, body=step.body, key=step.key)
        except Refused:
            # Somebody has done something else with this user since.
            self.refused += 1


class _Counter:
    """Counts what several threads do."""

    def __init__(self, show: Show) -> None:
        self._show = show
        self._lock = threading.Lock()
        self._done = 0

    def __call__(self) -> None:
        with self._lock:
            self._done += 1
            self._show(self._done)


def _live_together(
    base_url: str, lives: Sequence[_Life], mornings: Iterable[datetime], now: datetime, count: _Counter
) -> None:
    """Each user in a thread of its own; at every maintenance all have come as far."""
    stop = threading.Event()
    with Client(base_url, OPERATOR, admin=True) as operator, ThreadPoolExecutor(len(lives)) as pool:
        try:
            for morning in mornings:
                _all_until(pool, lives, morning, stop, count)
                operator.ask("POST", "/maintenance", at=morning)
                count()
            _all_until(pool, lives, now, stop, count)
        except BaseException:
            # Also for Ctrl-C: leaving the pool waits for its threads, so they must come to an end.
            stop.set()
            raise


def _all_until(
    pool: ThreadPoolExecutor, lives: Sequence[_Life], moment: datetime, stop: threading.Event, count: _Counter
) -> None:
    for future in [pool.submit(life.live, moment, stop, count) for life in lives]:
        future.result()


def _show(base_url: str, lives: Sequence[_Life], at: datetime | None) -> None:
    console = Console(highlight=False)
    streaks = [life.client.ask("GET", "/streak", at=at).content for life in lives]
    calendars = [
        _calendar(life, date.fromisoformat(one["today"]), at) for life, one in zip(lives, streaks, strict=True)
    ]
    for life in lives:
        print(f"{life.story.uid}: {life.story.about}")
    console.print(_table(streaks))
    console.print()
    pictures = [
        Text.assemble((f"{life.story.uid}\n", "bold"), calendar_picture(days, console.width))
        for life, days in zip(lives, calendars, strict=True)
    ]
    console.print(Columns(pictures, padding=(0, 2)))
    console.print()
    console.print(legend(row["verdict"] for days in calendars for row in days))
    refused = sum(life.refused for life in lives)
    if refused:
        print(f"{refused} steps of their stories did not fit any more and were refused")
    print(_to_try(base_url))
    sys.stdout.flush()


def _calendar(life: _Life, today: date, at: datetime | None) -> Sequence[Json]:
    days = min((today - life.first_day).days + 1, CALENDAR_DAYS_MAX)
    rows: Sequence[Json] = life.client.ask("GET", f"/calendar?days={max(days, 1)}", at=at).content["days"]
    return rows


def _table(streaks: Sequence[Json]) -> Table:
    table = Table("user")
    for name in ("current", "longest"):
        table.add_column(name, justify="right")
    table.add_column("status")
    for name in ("freezes", "XP"):
        table.add_column(name, justify="right")
    table.add_column("zone")
    for one in streaks:
        lengths = str(one["current_streak"]), str(one["longest_streak"])
        held = str(one["freezes_available"]), str(one["xp_total"])
        table.add_row(one["user_id"], *lengths, one["status"], *held, one["time_zone"])
    return table


def _to_try(base_url: str) -> str:
    tomorrow = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
    ada = '-H "Authorization: Bearer $(make token UID=ada)"'
    return f"""
To try, in another terminal:
  curl {ada} {base_url}/streak
  curl {ada} "{base_url}/calendar?days=14"
  curl {ada} {base_url}/consistency
  curl {ada} "{base_url}/streak/explain?days=3"
  curl {ada} -X POST {base_url}/streak/update
  curl {ada} -H "X-Simulated-Time: {tomorrow}" {base_url}/streak
  curl -H "Authorization: Bearer $(make token UID=ops ADMIN=1)" -X POST {base_url}/maintenance
"""
