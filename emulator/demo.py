"""The demo data of `make run`: the demo users live the last two months through the real API, and prints what to try.

Must not know what they do (their stories say it), nor how a streak is counted.
"""

import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from rich.columns import Columns
from rich.console import Console
from rich.table import Table
from rich.text import Text

from emulator.calendar_picture import calendar_picture, legend
from emulator.client import Client, Refused
from emulator.demo_stories import STORIES, Step, maintenance_steps, usual_first_day
from emulator.progress import shown_count
from emulator.project import requested_project
from emulator.token import PROJECT

CALENDAR_DAYS_MAX: Final = 366
OPERATOR: Final = "operator"

Json = Mapping[str, Any]


def live(base_url: str, now: datetime | None = None) -> None:
    """Live everything that has happened until `now` (this moment), and show it.

    Lived again, on the same day or later, only what is new happens. Raises SetupError.
    """
    until = now or datetime.now(UTC)
    print(f"The page is at {base_url}/ and its users are alive in a moment.", flush=True)
    with ExitStack() as connections:
        operator = connections.enter_context(Client(base_url, OPERATOR, admin=True))
        clients = {story.uid: connections.enter_context(Client(base_url, story.uid)) for story in STORIES}
        first_days = {story.uid: _first_day(clients[story.uid], until) for story in STORIES}
        steps = [(clients[story.uid], step) for story in STORIES for step in story.steps(first_days[story.uid], until)]
        # Everybody has come as far when maintenance runs.
        steps += [(operator, step) for step in maintenance_steps(usual_first_day(until.date()), until)]
        refused = _take(sorted(steps, key=lambda one: one[1].at))
        _show(clients, first_days, now)
    if refused:
        print(f"{refused} steps of their stories did not fit any more and were refused")
    print(_to_try(base_url))
    sys.stdout.flush()


def _first_day(client: Client, now: datetime) -> date:
    """Where the user began the story, so that it goes on from there another day."""
    created_at = client.ask("GET", "/streak").content["created_at"]
    return datetime.fromisoformat(created_at).date() if created_at else usual_first_day(now.date())


def _take(steps: Sequence[tuple[Client, Step]]) -> int:
    """Takes all of them in their order; how many were refused, because somebody has done something else since."""
    refused = 0
    with shown_count("demo users", len(steps)) as show:
        for number, (client, step) in enumerate(steps):
            try:
                client.ask(step.method, step.path, at=step.at, body=step.body, key=step.key)
            except Refused:
                refused += 1
            show(number + 1)
    return refused


def _show(clients: Mapping[str, Client], first_days: Mapping[str, date], at: datetime | None) -> None:
    console = Console(highlight=False)
    streaks = [client.ask("GET", "/streak", at=at).content for client in clients.values()]
    pictures, verdicts = [], []
    for (uid, client), streak in zip(clients.items(), streaks, strict=True):
        days = (date.fromisoformat(streak["today"]) - first_days[uid]).days + 1
        path = f"/calendar?days={min(max(days, 1), CALENDAR_DAYS_MAX)}"
        rows = client.ask("GET", path, at=at).content["days"]
        pictures.append(Text.assemble((f"{uid}\n", "bold"), calendar_picture(rows, console.width)))
        verdicts += [row["verdict"] for row in rows]
    for each in (table_of(streaks), Columns(pictures, padding=(0, 2)), legend(verdicts)):
        console.print(each, end="\n\n")


def table_of(streaks: Sequence[Json]) -> Table:
    """A row a user, which fits into 80 columns; the stories stand below, where they have a line each."""
    table = Table(caption="\n".join(f"{story.uid}: {story.about}" for story in STORIES), caption_justify="left")
    for name in ("user", "current", "longest", "status", "freezes", "XP", "zone"):
        table.add_column(name, no_wrap=True)
    fields = ("user_id", "current_streak", "longest_streak", "status", "freezes_available", "xp_total", "time_zone")
    for one in streaks:
        table.add_row(*(str(one[field]) for field in fields))
    return table


def _to_try(base_url: str) -> str:
    tomorrow = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
    project = requested_project()
    of_project = "" if project == PROJECT else f" PROJECT={project}"
    ada = f'-H "Authorization: Bearer $(make token UID=ada{of_project})"'
    return f"""
To look at, in a browser, with a month to live through: {base_url}/
As an admin, as support, or as a user who gets nothing there: {base_url}/operators/

To try, in another terminal:
  curl {ada} {base_url}/streak
  curl {ada} "{base_url}/calendar?days=14"
  curl {ada} {base_url}/consistency
  curl {ada} "{base_url}/streak/explain?days=3"
  curl {ada} -X POST {base_url}/streak/update
  curl {ada} -H "X-Simulated-Time: {tomorrow}" {base_url}/streak
  curl -H "Authorization: Bearer $(make token UID=ops ADMIN=1{of_project})" -X POST {base_url}/maintenance
The time of X-Simulated-Time never lies before the user's last command: for the past, take a user who has done nothing.
"""
