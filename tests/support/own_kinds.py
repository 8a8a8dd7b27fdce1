"""Kinds of records as an app declares them by itself. Must not know how a record is kept."""

from __future__ import annotations

from typing import Final

from streak_core.records.kinds import Kinds, parse_kinds, shipped_kinds_text

# One that ends and is counted.
MOOD: Final = """
[kinds.mood]
says = "how it went"
quota = { count_a_day = 5 }
keep_days = 90
counted_by = "mood"

[kinds.mood.fields.mood]
type = "choice"
values = ["good", "bad"]
"""
# One that has no end and is told in the trail.
BOOK: Final = """
[kinds.book]
says = "what the user wants to read"
quota = { count_a_day = 50 }
count_max = 3
told = true

[kinds.book.fields.title]
type = "text"
characters_max = 200
"""
OWN_KINDS: Final[Kinds] = parse_kinds(shipped_kinds_text() + MOOD + BOOK)
