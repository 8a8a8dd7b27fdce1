"""Who stands at a leaderboard: the first of it, how many are ahead of a score, and who stands next to somebody.

It must not know who asks. Each question reads a bounded number of documents, however many take part. Another app of the
project may have a collection of the same name: what lies elsewhere than below a user stands at no board. Only a count
can't tell it apart, and has it among those ahead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from streak_core.store import documents
from streak_core.store.board_entries import BOARD_ENTRIES, ENTRY, GROUP, IS_SHOWN, NAME, STANDS_AT, key_of, part_of
from streak_core.store.reading import contents, count_documents, read_one, read_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streak_core.domain.boards import Period, RankedBy
    from streak_core.store.reading import Snapshot

# An aggregation is billed as one read for each thousand that it counts.
COUNTED_MAX: Final = 10_000


@dataclass(frozen=True, kw_only=True)
class Board:
    """One leaderboard: of a period, or of all days where that is None, by one of both scores, of all or of a group."""

    period: Period | None
    by: RankedBy
    group: str | None = None

    @property
    def part(self) -> str:
        """Where entries have its numbers."""
        return part_of(self.period)

    @property
    def key(self) -> str:
        """What those entries have that stand at it."""
        return key_of(self.period, self.group)

    @property
    def name(self) -> str:
        """What no other one is called."""
        span = "all" if self.period is None else self.period.span.value
        return ".".join((span, self.by.value, key_of(self.period, self.group).replace("/", ".")))


class Row(NamedTuple):
    """Somebody at a board: whose document it is, with what stands there; `place` is where paging goes on."""

    user_doc_id: str
    name: str
    score: int
    place: Snapshot


@dataclass(frozen=True, slots=True)
class Ahead:
    """How many have more; at least so many where it is not certain."""

    count: int
    is_certain: bool


class BoardPages:
    """All leaderboards."""

    def __init__(self, client: firestore.Client) -> None:
        """Uses `client`."""
        self._entries = client.collection_group(BOARD_ENTRIES)
        self._streaks = client.collection(documents.STREAKS)

    def first(self, board: Board, limit: int) -> list[Row]:
        """Those who stand first, best first and then by name. Raises `DatabaseUnavailable`."""
        return self._rows(board, read_page(self._down(board), limit))

    def own(self, board: Board, user_id: str) -> Row | None:
        """Somebody's own row; None of who does not stand at it. Raises `DatabaseUnavailable`."""
        user_doc = self._streaks.document(documents.user_doc_id(user_id))
        found = read_one(user_doc.collection(BOARD_ENTRIES).document(ENTRY))
        entry = contents(found)
        if not found.exists or not entry[IS_SHOWN] or board.key not in entry.get(board.part, {}).get(STANDS_AT, ()):
            return None
        row = _row(board, found)
        return row if row.score > 0 else None

    def ahead(self, board: Board, score: int) -> Ahead:
        """How many have more than a score. Raises `DatabaseUnavailable`."""
        more = self._of(board).where(filter=FieldFilter(_score_field(board), ">", score))
        # Ordered as the others, so that it needs no index of its own.
        ordered = more.order_by(_score_field(board), direction=firestore.Query.DESCENDING).order_by(NAME)
        count = count_documents(ordered.limit(COUNTED_MAX))
        return Ahead(count, is_certain=count < COUNTED_MAX)

    def above(self, board: Board, row: Row, limit: int) -> list[Row]:
        """Those right before somebody, the best of them first. Raises `DatabaseUnavailable`."""
        up = self._of(board).order_by(_score_field(board)).order_by(NAME, direction=firestore.Query.DESCENDING)
        ordered = up.order_by("__name__", direction=firestore.Query.DESCENDING)
        return self._rows(board, read_page(self._selected(board, ordered).start_after(row.place), limit))[::-1]

    def below(self, board: Board, row: Row, limit: int) -> list[Row]:
        """Those right behind somebody. Raises `DatabaseUnavailable`."""
        return self._rows(board, read_page(self._down(board).start_after(row.place), limit))

    def next_group(self, after: str | None) -> str | None:
        """The group that comes next by its name, of those that somebody is in; None behind the last.

        Raises `DatabaseUnavailable`.
        """
        # No group is called nothing, and what is no text is greater than none.
        later = self._shown().where(filter=FieldFilter(GROUP, ">", after or ""))
        found = read_page(later.order_by(GROUP).select((GROUP,)), 1)
        return str(contents(found[0])[GROUP]) if found else None

    def _rows(self, board: Board, found: Sequence[Snapshot]) -> list[Row]:
        return [_row(board, one) for one in found if self._is_entry(one.reference)]

    def _is_entry(self, ref: firestore.DocumentReference) -> bool:
        user_doc = ref.parent.parent
        return user_doc is not None and user_doc.path == f"{self._streaks.id}/{user_doc.id}" and ref.id == ENTRY

    def _down(self, board: Board) -> firestore.Query:
        down = self._of(board).where(filter=FieldFilter(_score_field(board), ">", 0))
        ordered = down.order_by(_score_field(board), direction=firestore.Query.DESCENDING).order_by(NAME)
        return self._selected(board, ordered.order_by("__name__"))

    def _of(self, board: Board) -> firestore.Query:
        return self._shown().where(filter=FieldFilter(f"{board.part}.{STANDS_AT}", "array_contains", board.key))

    def _shown(self) -> firestore.Query:
        return self._entries.where(filter=FieldFilter(IS_SHOWN, "==", True))  # noqa: FBT003 - a value to look for

    @staticmethod
    def _selected(board: Board, query: firestore.Query) -> firestore.Query:
        return query.select((NAME, _score_field(board)))


def _score_field(board: Board) -> str:
    return f"{board.part}.{board.by.value}"


def _row(board: Board, found: Snapshot) -> Row:
    entry = contents(found)
    return Row(
        user_doc_id=found.reference.parent.parent.id,
        name=str(entry[NAME]),
        score=int(entry[board.part][board.by.value]),
        place=found,
    )
