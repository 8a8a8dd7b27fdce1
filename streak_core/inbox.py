"""The inbox of a user: the notices that were sent, page by page, how many are unread, and up to where they were read.

It must not know HTTP or Firestore's client, and it decides nothing itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from streak_core.domain.decision import check_not_blocked, check_rate
from streak_core.domain.errors import FieldError, Malformed
from streak_core.domain.notices import NO_CHOICES
from streak_core.domain.rate_limit import count_command
from streak_core.notice_texts import message
from streak_core.notices_response import notice_response
from streak_core.retry import Attempts, note_retry
from streak_core.store.failures import CommitFailed

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from streak_core.domain.rules import Rules
    from streak_core.notice_texts import Texts
    from streak_core.response_types import NoticeResponse
    from streak_core.store.notices import NoticeStore
    from streak_core.store.reading import Cursor


@dataclass(frozen=True, kw_only=True)
class InboxPage:
    """Some notices, the last one first, how many of all are unread, and where the next page begins."""

    items: list[NoticeResponse]
    unread: int
    after: Cursor | None


@dataclass(frozen=True)
class Inbox:
    """What users have been told, to be read. `now` is always timezone-aware."""

    store: NoticeStore
    texts: Texts
    rules: Callable[[], Rules]
    attempts: Callable[[], Attempts] = field(default=Attempts)

    def page(self, user_id: str, now: datetime, page_size: int, after: Cursor | None) -> InboxPage:
        """A page: the user, the page's notices and a count are read. Raises `DatabaseUnavailable`, `UserErased`."""
        found = self.store.addressee(user_id)
        if found.streak is None:
            return InboxPage(items=[], unread=0, after=None)
        notices = self.store.inbox(user_id, now, page_size + 1, after)
        language = (found.streak.settings.notices or NO_CHOICES).language
        shown = notices[:page_size]
        return InboxPage(
            items=[notice_response(one, message(one, language, self.texts), found.read_until) for one in shown],
            unread=self.store.unread(user_id, now, found.read_until),
            after=(shown[-1].at, shown[-1].notice_id) if len(notices) > page_size else None,
        )

    def read(self, user_id: str, now: datetime, up_to: datetime) -> int:
        """Marks all up to a moment as read, and answers how many are not; what was read stays so.

        A notice is written in one commit with the user, as this mark is, and later than those before it: none that the
        user has not been shown is marked. Raises `Malformed`, `Blocked`, `RateLimited`, `UserBusy`, `UserErased`,
        `DatabaseUnavailable`.
        """
        if up_to > now:
            raise Malformed(FieldError("up_to", "must not lie in the future: send the `at` of the last notice shown"))
        attempts = self.attempts()
        while True:
            found = self.store.addressee(user_id)
            if found.version is None:
                return 0
            if found.streak is not None:
                check_not_blocked(found.streak, now)
            if found.read_until is not None and found.read_until >= up_to:
                return self.store.unread(user_id, now, found.read_until)
            limits = self.rules().on(now.date()).limits
            check_rate(found.written, now, limits)
            try:
                self.store.mark_read(user_id, found.version, up_to, count_command(found.written, now, limits))
            except CommitFailed as failure:
                note_retry(failure, "notices_read", attempts)
                attempts.again(failure)
            else:
                return self.store.unread(user_id, now, up_to)
