"""What notices say: in each language that is shipped, and in English where there is no other text."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final

import pytest

from streak_core.domain.notices import Notice, NoticeKind
from streak_core.notice_texts import message, shipped_texts

NOTICE: Final = Notice(
    notice_id="2026-03-03.reminder",
    kind=NoticeKind.REMINDER,
    day=date(2026, 3, 3),
    at=datetime(2026, 3, 3, 18, tzinfo=UTC),
    details={"current_streak": 12, "freezes_available": 0},
)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Keep your streak of 12"),
        ("en-GB", "Keep your streak of 12"),
        ("de", "Halte deine Serie von 12"),
        ("de-AT", "Halte deine Serie von 12"),
        ("fr", "Keep your streak of 12"),
    ],
)
def test_a_notice_is_told_in_the_language_that_was_chosen_or_in_english(language: str, title: str) -> None:
    told = message(NOTICE, language)
    assert (told.message_id, told.title) == (NOTICE.notice_id, title)


def test_every_language_has_the_same_texts_and_each_says_something() -> None:
    texts = shipped_texts()
    assert {frozenset(kinds) for kinds in texts.values()} == {frozenset(texts["en"])}
    assert all(one[name].strip() for kinds in texts.values() for one in kinds.values() for name in ("title", "body"))
