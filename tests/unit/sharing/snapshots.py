"""Snapshots to be drawn. Must not know how."""

from __future__ import annotations

from datetime import date
from typing import Final

from hypothesis import strategies as st

from streak_core.domain.model import Verdict
from streak_core.sharing.names import drawn
from streak_core.sharing.snapshot import Language, Snapshot

HOSTILE: Final = (
    "<script>alert(1)</script>",
    '"/><image href="http://evil.example.com/x.png"/>',
    "</text></svg>&nbsp;&#x41;]]><!--",
    "Ada\x00\x07\x1b[31m\r\n\t",
    "Z\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309\u030a" * 30,
    "x" * 10_000,
    "W" * 40,
    "user\u202egnp.exe\u2066\u2069\u200f\u061c",
    "😀🔥👩‍👩‍👧‍👦 Ada 🇩🇪",
    "علي رضا",
    "שָׁלוֹם",
    "李明 Ada",
    "\ud800 half a character",
    "\u0301\u0301 marks first",
    "\u3000\u00a0 spaces \u2028\u2029 of all kinds ",
)
NAMES: Final = st.text(max_size=80) | st.sampled_from(HOSTILE)


def snapshot(
    name: str = "",
    current_streak: int = 12,
    language: Language = Language.EN,
    week: tuple[Verdict, ...] = (Verdict.ACTIVE, Verdict.FROZEN, Verdict.PENDING),
) -> Snapshot:
    """A streak as it stood on a Wednesday."""
    return Snapshot(
        current_streak=current_streak,
        longest_streak=max(30, current_streak),
        milestone=7 if current_streak >= 7 else None,
        next_milestone=14 if current_streak >= 7 else 7,
        today=date(2026, 3, 4),
        week=week,
        name=drawn(name),
        language=language,
    )
