"""How far a migration is, is said after two seconds and then now and then, for each time through all users anew."""

from __future__ import annotations

from io import StringIO
from typing import Final

from rich.console import Console

from streak_core.migrations.chain import Chain, Step, kept_in
from streak_core.store.documents import FORM_1, SCHEMA_VERSION
from streak_core.store.migrations import Counts, Progress
from tools.streakctl.migrating.report import ShownUsers

UP: Final = Chain(kept_in(), SCHEMA_VERSION).way(FORM_1, SCHEMA_VERSION)[0]


class Shown:
    """Says it to a text, on a clock that is moved."""

    def __init__(self, total: int = 1_000) -> None:
        self.seconds, self.asked, self.text = 100.0, 0, StringIO()
        self.total = total
        self.users = ShownUsers(Console(file=self.text, width=40), self.count, lambda: self.seconds)

    def count(self) -> int:
        self.asked += 1
        return self.total

    def tell(self, seconds: float, changed: int, failed: int = 0, step: Step = UP, run: str = "r") -> list[str]:
        self.seconds += seconds
        self.users.tell(step, Progress(run=run, counts=Counts(changed=changed, failed=failed)))
        return self.text.getvalue().splitlines()


def test_nothing_is_said_of_what_is_done_at_once() -> None:
    shown = Shown()
    assert shown.tell(0, 0) == []
    assert shown.tell(1.9, 100) == []
    assert shown.asked == 0


def test_the_rate_is_of_this_call_and_the_number_of_all() -> None:
    shown = Shown()
    shown.tell(0, 500)
    assert shown.tell(2, 700) == ["0002_second_edition up: 700 of 1,000 users, 100.0 users/s, 0 left alone"]
    assert len(shown.tell(4.9, 720)) == 1
    assert shown.tell(0.1, 750, 3)[1:] == ["0002_second_edition up: 753 of 1,000 users, 36.1 users/s, 3 left alone"]
    assert shown.asked == 1
    assert shown.users.seconds == 7.0


def test_a_look_is_told_from_a_run_and_begins_anew() -> None:
    shown = Shown(total=0)
    down = Step(migration=UP.migration, is_down=True)
    shown.tell(0, 0, step=down, run="")
    assert shown.tell(2, 20, step=down, run="") == [
        "0002_second_edition down, looking: 20 users, 10.0 users/s, 0 left alone"
    ]
    shown.tell(4, 0, step=down)
    assert shown.tell(1, 30, step=down)[1:] == ["0002_second_edition down: 30 users, 30.0 users/s, 0 left alone"]


def test_broken_off_it_says_how_far_it_was() -> None:
    shown = Shown()
    shown.tell(0, 1_200)
    shown.users.broken_off()
    assert "broken off after 1,200 users" in shown.text.getvalue()
