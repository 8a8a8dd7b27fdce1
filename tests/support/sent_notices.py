"""Puts notices into a user's inbox as the run writes them, for tests of routes. Must not know when one is due."""

from __future__ import annotations

from datetime import datetime

from google.cloud import firestore

from emulator.token import PROJECT
from streak_core.domain.notices import Notice, NoticeKind
from streak_core.store.documents import user_doc_id
from streak_core.store.notices import NOTICES, notice_document


def put_reminders(user_id: str, *moments: str) -> None:
    """Reminders of those moments."""
    home = firestore.Client(project=PROJECT).document(f"streaks/{user_doc_id(user_id)}")
    for text in moments:
        at = datetime.fromisoformat(text)
        notice = Notice(
            notice_id=f"{at.date()}.reminder",
            kind=NoticeKind.REMINDER,
            day=at.date(),
            at=at,
            details={"current_streak": 12, "freezes_available": 0},
        )
        home.collection(NOTICES).document(notice.notice_id).set(notice_document(notice))
