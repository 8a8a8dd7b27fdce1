"""What people see: nothing that a terminal obeys, nothing lost, and progress only where it takes long."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from streak_core.proving.proof import Difference
from tools.streakctl import tables
from tools.streakctl.progress import LINE_EVERY_SECONDS, SILENT_SECONDS, NowAndThen, ShownProgress
from tools.streakctl.proving import Finding, Proof


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("ada@example.com", "ada@example.com"),
        ("名前 x", "名前 x"),
        ("\x1b[31m", r"\x1b[31m"),
        ("a\nb\tc\x00", r"a\nb\tc\x00"),
        ("\u202egnp", r"\u202egnp"),
        ("\ud800", r"\ud800"),
        (None, "-"),
        (5, "5"),
        (False, "False"),
    ],
)
def test_what_a_terminal_would_obey_is_escaped_and_everything_else_stays(value: object, shown: str) -> None:
    assert tables.plain(value) == shown


def console(*, width: int = 120) -> Console:
    return Console(file=io.StringIO(), width=width, highlight=False)


def said(shown: Console) -> str:
    assert isinstance(shown.file, io.StringIO)
    return shown.file.getvalue()


def test_markup_in_a_value_stays_text_and_long_values_are_cut() -> None:
    difference = Difference(document="events/[b]x[/b]", field="details", stored="[link=x]", rebuilt="y" * 500)
    out = console(width=400)
    tables.show_proof(out, Proof(user_id="[red]", finding=Finding.DIFFERS, entries=1, differences=(difference,)))
    shown = said(out)
    assert "[red]  differs  1 ledger entry" in shown
    assert "events/[b]x[/b]" in shown
    assert "[link=x]" in shown
    assert "y" * (tables.SHOWN_MAX - 1) + "…" in shown
    assert "y" * tables.SHOWN_MAX not in shown


def test_a_narrow_terminal_loses_nothing() -> None:
    difference = Difference(
        document="events/0000000001.streak_extended.2026-03-02", field="f", stored="s", rebuilt=None
    )
    out = console(width=30)
    tables.show_proof(out, Proof(user_id="ada", finding=Finding.DIFFERS, entries=2, differences=(difference,)))
    letters = "".join(said(out).split())
    assert all(part in letters for part in ("events", "2026", "streak"))


class Clock:
    """Stands until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_it_is_time_after_two_seconds_and_then_every_five() -> None:
    clock = Clock()
    lines = NowAndThen(clock)
    due = []
    for seconds in (1.9, 0.1, 4.9, 0.1, 20, 0):
        clock.now += seconds
        due.append(lines.is_due())
    assert due == [False, True, False, True, True, False]


def test_nothing_is_said_of_the_first_seconds_and_then_a_line_now_and_then() -> None:
    clock, out, asked = Clock(), console(), []

    def total() -> int:
        asked.append(1)
        return 1_000

    with ShownProgress(out, total, clock=clock) as progress:
        clock.now += SILENT_SECONDS - 0.1
        progress.count(differs=False)
        assert (said(out), asked) == ("", [])
        clock.now = 100 + SILENT_SECONDS
        progress.count(differs=True)
        clock.now += LINE_EVERY_SECONDS - 0.1
        progress.count(differs=False)
        assert said(out) == "verified 2 of 1,000 users, 1.0 users/s, 1 differ\n"
        clock.now = 100 + SILENT_SECONDS + LINE_EVERY_SECONDS
        progress.count(differs=False)
    assert said(out).splitlines()[1:] == ["verified 4 of 1,000 users, 0.6 users/s, 1 differ"]
    assert asked == [1]


def test_a_total_that_nobody_knows_is_left_out_and_asked_for_once() -> None:
    clock, out, asked = Clock(), console(), []

    def total() -> int:
        asked.append(1)
        return 0

    with ShownProgress(out, total, clock=clock) as progress:
        for _ in range(2):
            clock.now += LINE_EVERY_SECONDS
            progress.count(differs=False)
    assert said(out).splitlines()[0] == "verified 1 users, 0.2 users/s, 0 differ"
    assert asked == [1]


def day(number: int) -> dict[str, object]:
    counted = {"activity_count": 1, "counted": 1, "xp": 5, "streak_after": 1, "freezes_before": 0, "freezes_after": 0}
    return {"date": f"2026-03-{number:02}", "verdict": "active", "because": "a counted activity", **counted}


@pytest.mark.parametrize(
    ("asked", "told"), [(3, ""), (4, "3 days of 4: earlier ones lie before"), (366, "3 days of 366")]
)
def test_fewer_days_than_were_asked_for_are_explained(asked: int, told: str) -> None:
    out = console()
    tables.show_explained(out, {"today": "2026-03-04", "days": [day(2), day(3), day(4)]}, asked=asked)
    last = said(out).splitlines()[-1]
    assert told in last
    assert (" of " in last) is bool(told)
