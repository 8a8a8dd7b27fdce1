"""What the functions need that tell users something, or ask what to tell: devices, the inbox, and the words.

It must not connect to anything at import.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from functions.http import runtime
from streak_core.inbox import Inbox
from streak_core.notice_texts import parse_texts, shipped_texts
from streak_core.notices import Notices
from streak_core.store.notices import NoticeStore

if TYPE_CHECKING:
    from streak_core.notice_texts import Texts


def notices() -> Notices:
    """The devices of users."""
    return Notices(NoticeStore(runtime.database()), runtime.policies)


def inbox() -> Inbox:
    """The notices that users were sent."""
    return Inbox(NoticeStore(runtime.database()), notice_texts(), runtime.policies)


@lru_cache(maxsize=1)
def notice_texts() -> Texts:
    """What notices say."""
    text = runtime.config().notice_texts
    return shipped_texts() if text is None else parse_texts(text)
