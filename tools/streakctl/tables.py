"""What is found, as tables for people. What comes from outside is shown as text: no markup, nothing a terminal obeys.

It must not read anything, nor decide what is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from tools.streakctl import Json
from tools.streakctl.proving import Proof

# What is longer is cut in a table; --json has it whole.
SHOWN_MAX: Final = 120
_STYLES: Final = {"differs": "red", "unprovable": "yellow", "mended": "green"}


def plain(value: object) -> str:
    """A value as text of printable characters, the others escaped; a user's id may hold anything."""
    text = "-" if value is None else value if isinstance(value, str) else str(value)
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def plain_lines(text: str) -> str:
    """The same of each line of a text."""
    return "\n".join(map(plain, text.split("\n")))


def show_proof(console: Console, proof: Proof) -> None:
    """A user that the ledger does not simply prove: what differs, or why nothing can be said."""
    said = Text(plain(proof.user_id), style="bold")
    said.append(f"  {proof.finding.value}", style=_STYLES.get(proof.finding.value, ""))
    said.append(f"  {_counted(proof.entries, 'ledger entry', 'ledger entries')}", style="dim")
    console.print(said)
    if proof.reason:
        console.print(Text(f"  {plain(proof.reason)}"))
    if proof.differences:
        rows = ([one.document, one.field, one.stored, one.rebuilt] for one in proof.differences)
        console.print(_table(("document", "field", "stored", "rebuilt"), rows))


def show_summary(console: Console, summary: Json) -> None:
    """What came out of all users, in two lines."""
    parts = [f"{summary[name]:,} {name}" for name in ("equal", "differing", "mended", "unprovable")]
    users = _counted(summary["users"], "user", "users")
    entries = _counted(summary["entries"], "ledger entry", "ledger entries")
    console.print(Text(f"{users}: {', '.join(parts)}", style="bold"))
    console.print(Text(f"{entries} in {summary['seconds']} s ({summary['users_per_second']} users/s)", style="dim"))
    if not summary["complete"]:
        console.print(Text("not all users were verified", style="yellow"))


def show_explained(console: Console, explained: Json, *, asked: int) -> None:
    """A row a day, and why there are fewer than were asked for."""
    names = ("date", "verdict", "because", "activities", "counted", "xp", "streak", "freezes")
    console.print(
        _table(
            names,
            (
                [
                    *(day[name] for name in ("date", "verdict", "because", "activity_count", "counted", "xp")),
                    day["streak_after"],
                    _change(day["freezes_before"], day["freezes_after"]),
                ]
                for day in explained["days"]
            ),
        )
    )
    shown = len(explained["days"])
    if shown < asked:
        why = "earlier ones lie before the user's first, or nothing can change them any more: the calendar has those"
        console.print(Text(f"{_counted(shown, 'day', 'days')} of {asked}: {why}", style="dim"))


def show_user(console: Console, shown: Json) -> None:
    """All of one user, table below table."""
    for title in ("streak", "settings", "freezes", "stored"):
        console.print(_pairs(title, shown[title]))
    if shown["pauses"]:
        pauses = ([one["pause_id"], one["from"], one["until"]] for one in shown["pauses"])
        console.print(_table(("id", "from", "until"), pauses, "pauses"))
    names = ("seq", "at", "kind", "today", "time zone", "what")
    rows = (
        [*(entry[name] for name in ("seq", "at", "kind", "today", "time_zone")), _what(entry)]
        for entry in shown["entries"]
    )
    console.print(_table(names, rows, "last entries"))


def show_runs(console: Console, shown: Json) -> None:
    """A row a run."""
    names = ("run", "state", "started", "lease until", "shards", "users", "frozen", "broken", "errors", "retries", "s")
    counted = ("users_processed", "freezes_applied", "streaks_broken", "errors", "transaction_retries")
    rows = (
        [
            *(run[name] for name in ("run_id", "state", "started_at")),
            run["lease_until"] if run["is_leased"] else None,
            f"{run['shards_done']}/{run['shards']}",
            *(run["counts"][name] for name in counted),
            (run["report"] or {}).get("duration_seconds"),
        ]
        for run in shown["runs"]
    )
    console.print(_table(names, rows))


def show_counters(console: Console, shown: Json) -> None:
    """A row a day."""
    names = ["day", "checked_at", "parts_mended", "totals_hash", "counted"]
    if any("recounted" in one for one in shown["days"]):
        names += ["records", "recounted"]
    rows = ({name: _listed(one[name]) for name in names} for one in shown["days"])
    show_rows(console, names, rows)


def show_rows(console: Console, names: Iterable[str], rows: Iterable[Json]) -> None:
    """A row for each, with those of its fields."""
    titles = list(names)
    console.print(_table((name.replace("_", " ") for name in titles), ([row[name] for name in titles] for row in rows)))


def show_changes(console: Console, shown: Json) -> None:
    """A row for each field that has another value."""
    if shown["changes"]:
        show_rows(console, ("field", "before", "after"), shown["changes"])
    else:
        console.print("they say the same")


def _pairs(title: str, content: Mapping[str, Any]) -> Table:
    return _table(("", ""), ([name.replace("_", " "), _listed(value)] for name, value in content.items()), title)


def _table(names: Iterable[str], rows: Iterable[Iterable[object]], title: str | None = None) -> Table:
    titles = list(names)
    table = Table(title=title, title_justify="left", show_header=any(titles), header_style="bold", box=None)
    for name in titles:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(Text(_cut(plain(cell))) for cell in row))
    return table


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_MAX else f"{text[: SHOWN_MAX - 1]}…"


def _listed(value: object) -> object:
    """A value of a pair: lists and mappings in one line."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {_listed(inner)}" for name, inner in value.items()) or None
    if isinstance(value, list):
        return ", ".join(str(_listed(inner)) for inner in value) or None
    return value


def _what(entry: Json) -> object:
    activity = entry["activity"]
    if activity is None:
        return _listed(entry["content"])
    return f"{activity['activity_type']} {activity['activity_id']} for {activity['day']}, {activity['xp_awarded']} XP"


def _change(before: int, after: int) -> str:
    return str(after) if before == after else f"{before} > {after}"


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
