"""Proves users in the order of their ids, a page after another. It must not write, nor know which database it is."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streak_core.proving.audit import Auditor
from streak_core.proving.repository import ProofStore, UserDocument
from streak_core.store.documents import STREAKS
from streak_core.store.reading import contents, read_page

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from google.cloud import firestore

    from streak_core.domain.rules import Rules

PAGE_USERS: Final = 40
_THREADS: Final = 4


@dataclass(frozen=True, kw_only=True)
class ProvedPage:
    """The id of the last one, None where there was nobody; how many there were, and who is not as the ledger says."""

    last: str | None
    users: int
    wrong: Sequence[str] = ()


def proved_page(client: firestore.Client, rules: Rules, after: str, now: datetime) -> ProvedPage:
    """The users whose ids come after that one, whom nobody changes meanwhile. Raises `DatabaseUnavailable`."""
    collection = client.collection(STREAKS)
    query = collection.order_by("__name__")
    if after:
        query = query.start_after({"__name__": collection.document(after)})
    found = [
        UserDocument(user_doc_id=one.id, document=contents(one), update_time=one.update_time)
        for one in read_page(query, PAGE_USERS)
    ]
    store, stopping = ProofStore(client), threading.Event()

    def is_right(one: UserDocument) -> bool:
        return one.is_erased or Auditor(store, rules, one, now, stopping).audit().is_equal

    with ThreadPoolExecutor(_THREADS, thread_name_prefix="proof") as pool:
        verdicts = list(pool.map(is_right, found))
    wrong = [one.user_id for one, right in zip(found, verdicts, strict=True) if not right]
    return ProvedPage(last=found[-1].user_doc_id if found else None, users=len(found), wrong=wrong)
