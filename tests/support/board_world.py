"""Entries of leaderboards as the product writes them, without the lives behind them. Must not know what is asked."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from google.cloud import firestore

from streak_core.domain.boards import SLOTS, Period, Span, Standing
from streak_core.domain.standings import Placed
from streak_core.store.board_entries import entry_document

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

Json = dict[str, Any]
SOME: Final = Standing(5, 2)


def entry(name: str, now: datetime, standing: Standing = SOME, *, group: str | None = "g") -> Json:
    """Somebody's whole entry: the same numbers in this and the next periods, which fill every slot."""
    today = now.date()
    weeks = [Period.of(Span.WEEK, today + timedelta(weeks=number)) for number in range(SLOTS)]
    months = [Period.of(Span.MONTH, today.replace(day=1) + timedelta(days=31 * number)) for number in range(SLOTS)]
    return entry_of(name, now, dict.fromkeys((*weeks, *months), standing), standing, group=group)


def entry_of(
    name: str,
    now: datetime,
    periods: Mapping[Period, Standing],
    all_time: Standing,
    *,
    group: str | None = None,
    is_shown: bool = True,
) -> Json:
    """An entry with these numbers, as a new document has them."""
    placed = Placed(name=name, group=group, is_shown=is_shown, periods=periods, all_time=all_time)
    document = entry_document(placed, now)
    return {field: value for field, value in document.items() if value is not firestore.DELETE_FIELD}
