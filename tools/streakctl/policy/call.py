"""One call of `streakctl policy try`: goes on where an earlier one stopped, and shows what came out.

It must not know how a user is tried.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.text import Text

from emulator.stopping import stop_signals_interrupt
from streak_core.maintenance.report import peak_memory_mib
from tools.streakctl import Json, tables
from tools.streakctl.policy.trying import NUMBERS, Totals, Trial, keep_totals, kept_totals, summary
from tools.streakctl.progress import ShownProgress
from tools.streakctl.session import Session
from tools.streakctl.verify import FINE, INTERRUPTED

_BAR_WIDTH = 40


@dataclass(frozen=True)
class Call:
    """What is tried, where it is shown, and the file that keeps how far it is."""

    trial: Trial
    text: str
    session: Session
    progress: ShownProgress
    resume: Path | None

    def run(self, sample: float, users_max: int | None) -> int:
        """Tries them, and sums up also where it is broken off. Answers the exit status."""
        totals = kept_totals(self.resume, self.trial, self.text) if self.resume else Totals()
        is_complete = False
        try:
            with (
                stop_signals_interrupt(),
                self.progress,
                closing(self.trial.run(totals, sample, users_max)) as steps,
            ):
                for _ in steps:
                    self._note(totals)
            is_complete = True
        except KeyboardInterrupt:
            return INTERRUPTED
        finally:
            shown = summary(self.trial, totals, is_complete=is_complete)
            took = {"seconds": round(self.progress.seconds, 3), "peak_memory_mib": peak_memory_mib()}
            self.session.show({**shown, **took}, show_trial)
        return FINE

    def _note(self, totals: Totals) -> None:
        while self.progress.users < totals.users:
            self.progress.count(differs=False)
        if self.resume:
            keep_totals(self.resume, self.trial, self.text, totals)


def show_trial(console: Console, shown: Json) -> None:
    """A row for each number, how large the differences are, and the examples with their days."""
    users = f"{shown['users']:,} users since {shown['since']}, as of {shown['now']}"
    console.print(Text(f"{users}; {shown['unreadable']:,} do not read; {shown['refused']:,} commands less accepted"))
    rows = ({"number": name, **{key: shown[name][key] for key in ("more", "less", "same")}} for name in NUMBERS)
    tables.show_rows(console, ("number", "more", "less", "same"), rows)
    for name in NUMBERS:
        _show_sizes(console, name, shown[name]["by"])
    for one in shown["examples"]:
        said = ", ".join(
            f"{name} {one[name]['is']} > {one[name]['would_be']}"
            for name in NUMBERS
            if one[name]["is"] != one[name]["would_be"]
        )
        console.print(Text(f"{tables.plain(one['user_id'])}: {said}"))
        days = ", ".join(f"{day['date']} {day['is'] or '-'} > {day['would_be'] or '-'}" for day in one["days"])
        if days:
            console.print(Text(f"  {days}", style="dim"))
    console.print(Text(f"in {shown['seconds']} s, with {shown['peak_memory_mib']} MiB", style="dim"))
    if not shown["complete"]:
        console.print(Text("not all users were tried", style="yellow"))


def _show_sizes(console: Console, name: str, sizes: Json) -> None:
    """How many users have a difference of each size, where any has one."""
    differing = {size: count for size, count in sizes.items() if size != "0"}
    if not differing:
        return
    console.print(Text(name.replace("_", " "), style="bold"))
    most = max(differing.values())
    for size, count in differing.items():
        bar = "█" * max(1, round(_BAR_WIDTH * count / most))
        console.print(Text(f"{size:>20}  {bar} {count:,}"))
