"""Every query that the product sends, each at least once; and the places in the code that make queries.

Must not know indexes.
"""

from __future__ import annotations

import ast
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from google.cloud.firestore_v1.types import StructuredQuery

from emulator.places import ROOT
from streak_core.boards.pages import Board, BoardPages
from streak_core.domain.boards import SLOTS, Period, RankedBy, Span
from streak_core.domain.events import EventKind
from streak_core.domain.rules import Amnesty
from streak_core.proving.page import proved_page
from streak_core.proving.repository import ProofStore
from streak_core.proving.restored import counted
from streak_core.records.active_users import active_users
from streak_core.records.acts import Act, ActStatus, user
from streak_core.records.app_records import AppRecords
from streak_core.records.blocked import blocked_users
from streak_core.records.conversations import Conversations
from streak_core.records.heads import AuditHeads
from streak_core.records.ideas import Ideas
from streak_core.records.kinds import shipped_kinds
from streak_core.records.quotas import Quotas
from streak_core.records.recent_ideas import recent_ideas
from streak_core.records.recounting import Recounting
from streak_core.records.trails import Trails
from streak_core.records.usage import FeatureUsage
from streak_core.reminders import due_notices
from streak_core.rights import UserRights
from streak_core.store.amnesties import AmnestyStore
from streak_core.store.backups import BackupStore
from streak_core.store.concerned import ConcernedStore, PutOffStore
from streak_core.store.due import DueStore
from streak_core.store.event_counts import EventCounts
from streak_core.store.health import DatabaseProbe
from streak_core.store.migrated import MigratedUsers
from streak_core.store.migrations import MigrationStore
from streak_core.store.notices import NoticeStore
from streak_core.store.outbox import OutboxStore
from streak_core.store.policies import PolicyStore
from streak_core.store.remindees import RemindeeStore
from streak_core.store.runs import RunStore
from streak_core.store.shares import ShareStore
from streak_core.store.users import UserStore
from streak_core.store.whole_user import WholeUserStore
from tests.support.befriending import Befriending, befriended
from tests.support.board_world import entry
from tests.support.own_kinds import OWN_KINDS
from tests.support.shipped_policy import policies
from tests.support.stored_life import long_life, write_documents
from tests.support.told_world import write_parked
from tools.streakctl.show import OperatorStore

if TYPE_CHECKING:
    from google.cloud import firestore

    from tests.support.recorded_client import Recorder

NOW: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
AFTER: Final = (NOW, "a")

# What makes a query out of a collection, or one query out of another.
MAKING: Final = frozenset({"where", "order_by", "limit", "start_after", "count", "sum", "avg", "collection_group"})

# What asks one that it is given: whoever calls it has made that one, be it a whole collection.
ASKING: Final = frozenset({"read_page", "read_pages", "count_documents"})

PROVING: Final = (*(ROOT / "streak_core" / "proving").glob("*.py"), ROOT / "tools" / "streakctl" / "show.py")
READING: Final = ROOT / "streak_core" / "store" / "reading.py"
# Only puts a prefix before the names of those that others make.
PREFIXING: Final = ROOT / "streak_core" / "store" / "client.py"

Json = Any


# By all of which queries of boards are made.
_BOARD_PAGES: Final = ("__init__", "first", "ahead", "above", "below", "next_group", "_down", "_of", "_shown")


def _activities(client: firestore.Client) -> None:
    users = UserStore(client, policies)
    users.activities("ada", 10, None)
    users.activities("ada", 10, AFTER)


def _events(client: firestore.Client) -> None:
    users = UserStore(client, policies)
    users.events("ada", NOW, 10, None)
    users.events("ada", NOW, 10, AFTER)


def _inbox(client: firestore.Client) -> None:
    notices = NoticeStore(client)
    notices.inbox("ada", NOW, 10, None)
    notices.inbox("ada", NOW, 10, AFTER)
    notices.unread("ada", NOW, None)


def _outbox(client: firestore.Client) -> None:
    write_parked(client, "parked")
    store = OutboxStore(client)
    store.waiting("parked", 0, None)
    store.waiting("parked", 1, {"crm", "mail"})
    store.surplus("parked")
    list(store.due(NOW))
    list(store.parked())


def _due(client: firestore.Client) -> None:
    outage = Amnesty(amnesty_id="1", from_instant=NOW, until=NOW, reason="outage", number=1)
    for due in (DueStore(client), PutOffStore(client, outage), RemindeeStore(client, due_notices, lambda *_: None)):
        due.page(7, NOW, None, 10)
        due.page(7, NOW, AFTER, 10)


def _last(client: firestore.Client) -> None:
    operators = OperatorStore(client)
    operators.entries("ada", 10)
    operators.runs(10)


def _whole_lists(client: firestore.Client) -> None:
    proof = ProofStore(client)
    for each in (proof.ledger, proof.months, proof.events):
        list(each("ada"))


def _whole_user(client: firestore.Client) -> None:
    store = WholeUserStore(client)
    write_documents(client, long_life("gone", 3, NOW))
    list(store.everything("gone", store.home("gone").read_at))
    store.unfinished(10)
    UserRights(store).erase("gone")


def _trails(client: firestore.Client) -> None:
    trails = Trails(client)
    noted = Act(actor=user("ada"), action="noted", entity_type="user", entity_id="ada")
    trails.append(user("trailed"), noted, NOW)
    assert user("trailed") in trails.subjects()
    assert trails.stored(user("trailed")).entries


def _blocked(client: firestore.Client) -> None:
    client.document("records/blocked").set({"blocked_until": NOW + timedelta(days=1)})
    assert blocked_users(client, NOW, 10, None)
    blocked_users(client, NOW, 10, AFTER)


def _conversations(client: firestore.Client) -> None:
    talks = Conversations(Trails(client), Quotas(shipped_kinds(), policies))
    talks.all("ada", 10, None, NOW)
    talks.all("ada", 10, AFTER, NOW)


def _ideas(client: firestore.Client) -> None:
    ideas = Ideas(Trails(client), Quotas(shipped_kinds(), policies))
    ideas.page("ada", 10, None, lambda _: True)
    ideas.page("ada", 10, AFTER, lambda _: True)


def _used_features(client: firestore.Client) -> None:
    usage = FeatureUsage(Trails(client), Quotas(shipped_kinds(), policies))
    usage.page("ada", 10, None, NOW)
    usage.page("ada", 10, AFTER, NOW)


def _app_records(client: firestore.Client) -> None:
    own = AppRecords(Trails(client), Quotas(OWN_KINDS, policies))
    for kind in ("mood", "book"):
        own.page("ada", kind, 10, None, NOW)
        own.page("ada", kind, 10, AFTER, NOW)


def _latest(client: firestore.Client) -> None:
    _activities(client)
    _conversations(client)
    _ideas(client)
    _used_features(client)


def _heads(client: firestore.Client) -> None:
    _trails(client)
    said: list[str] = []
    AuditHeads(client, told=said.append).log_some(NOW)
    assert said


def _recounted(client: firestore.Client) -> None:
    failed = Act(actor=user("ada"), action="noted", entity_type="user", entity_id="ada", status=ActStatus.FAILED)
    Trails(client).append(user("counted"), failed, NOW)
    assert Recounting(client).recount(NOW.date(), 1_000)[1]
    Recounting(client).check_some(NOW + timedelta(days=1))
    assert "totals" in (client.document("counters/2026-03-02").get().to_dict() or {})


def _active_users(client: firestore.Client) -> None:
    write_documents(client, {f"records/active{one}": {"acts": {"d20260302": 1 + one % 2}} for one in range(25)})
    found, is_certain = active_users(client, [NOW.date()], 10)
    assert ({one.acts for one in found}, is_certain) == ({2}, True)
    active_users(client, [NOW.date()], 25)


def _event_counts(client: firestore.Client) -> None:
    day = NOW.date() + timedelta(days=7)
    event = {"kind": "streak_broken", "day": day.isoformat(), "at": NOW, "details": {"length": 3}}
    write_documents(client, {f"streaks/counted/events/e{number}": event for number in range(301)})
    counts, days, kinds = EventCounts(client), [day], [EventKind.STREAK_BROKEN]
    assert len(list(counts.each(kinds, days))) == counts.number(kinds, days)
    assert counts.by_length(EventKind.STREAK_BROKEN, [3], days) == {3: 301}
    counts.by_day(kinds, days)


def _concerned(client: firestore.Client) -> None:
    outage = Amnesty(amnesty_id="1", from_instant=NOW, until=NOW, reason="outage", number=1)
    write_documents(client, long_life("concerned", 3, NOW))
    home, lost = client.document("streaks/concerned"), {"kind": "streak_broken", "day": "2026-03-02", "at": NOW}
    for number in range(3):
        home.collection("events").document(f"e{number}").set(lost)
    store = ConcernedStore(client, outage)
    assert store.count() == 3
    for shard in range(8):
        page = store.page(shard, NOW, None, 2)
        while page.cursor:
            page = store.page(shard, NOW, page.cursor, 2)


def _shares(client: firestore.Client) -> None:
    ShareStore(client).places("ada")
    ShareStore(client).find("9vD1VbN4cXoQ2m7r5sT0wA")


def _friends(client: firestore.Client) -> None:
    doing, somebody = Befriending(client), f"friendly-{uuid.uuid4().hex}"
    befriended(client, somebody, NOW)
    doing.friendships.all(somebody, NOW)
    doing.friendships.blocks(somebody)
    doing.invitations.own(somebody, NOW)


def _migrated(client: firestore.Client) -> None:
    write_documents(client, long_life("migrated", 3, NOW))
    users = MigratedUsers(client, 2, policies, is_down=True)
    assert users.page(None, 10)
    users.page("a", 10)


def _boards(client: firestore.Client) -> None:
    write_documents(
        client, {f"streaks/{name}/leaderboard_entries/entry": entry(name, NOW) for name in ("ada", "bo", "cy")}
    )
    pages, today = BoardPages(client), NOW.date()
    weeks = [Period.of(Span.WEEK, today + timedelta(weeks=number)) for number in range(SLOTS)]
    months = [Period.of(Span.MONTH, today.replace(day=1) + timedelta(days=31 * number)) for number in range(SLOTS)]
    for board in (Board(period=one, by=by) for one in (None, *weeks, *months) for by in RankedBy):
        pages.ahead(board, 5)
        for row in pages.first(board, 2)[:1]:
            pages.above(board, row, 2)
            pages.below(board, row, 2)
    assert pages.next_group(None) == "g"
    assert pages.next_group("g") is None


# By the function that makes the query; private ones are reached through public ones.
QUERIES: Final[Mapping[str, Callable[[firestore.Client], object]]] = {
    "BackupStore.latest": lambda client: BackupStore(client).latest(),
    "DatabaseProbe.last_backup": lambda client: DatabaseProbe(lambda: client).last_backup(),
    "DatabaseProbe.migrated_to": lambda client: DatabaseProbe(lambda: client).migrated_to(),
    "DatabaseProbe.users": lambda client: DatabaseProbe(lambda: client).users(),
    "blocked_users": _blocked,
    "stored_entries": _trails,
    "AuditHeads._page": _heads,
    **dict.fromkeys((f"Recounting.{name}" for name in ("_query", "_records", "recount")), _recounted),
    "recent_ideas": lambda client: recent_ideas(client, 20),
    **dict.fromkeys(("_entries", "_messages", "_usage", "_ideas", "_app_records"), _recounted),
    "AppRecords.page": _app_records,
    "active_users": _active_users,
    "_of_day": _active_users,
    "EventCounts._of": _event_counts,
    "EventCounts.by_day": _event_counts,
    "EventCounts.by_length": _event_counts,
    "EventCounts.each": _event_counts,
    "EventCounts.number": _event_counts,
    "AmnestyStore.changes": lambda client: AmnestyStore(client).declared(),
    "ConcernedStore.__init__": _concerned,
    "ConcernedStore._lost": _concerned,
    "ConcernedStore.count": _concerned,
    "ConcernedStore.page": _concerned,
    "DueStore.page": _due,
    **dict.fromkeys((f"BoardPages.{one}" for one in _BOARD_PAGES), _boards),
    "MigratedUsers._newest_entry": _migrated,
    "MigratedUsers._read_ahead": _migrated,
    "whole_ledger": lambda client: list(UserStore(client, policies).ledger("ada")),
    "OperatorStore._last": _last,
    "MigrationStore._all": lambda client: MigrationStore(client).all(),
    "PolicyStore.published": lambda client: PolicyStore(client).published(),
    "NoticeStore.unread": _inbox,
    "_shown": _inbox,
    "ProofStore._all": _whole_lists,
    "ProofStore.count": lambda client: ProofStore(client).count(),
    "counted": counted,
    "proved_page": lambda client: [proved_page(client, policies(), after, NOW) for after in ("", "a")],
    "RunStore.named": lambda client: RunStore(client).named("0", ":", 3, NOW),
    "RunStore.shards_done": lambda client: RunStore(client).shards_done("r"),
    **dict.fromkeys(("_pairs", "blocks_of", "invitations_of"), _friends),
    **dict.fromkeys(("naming", "WholeUserStore._left", "WholeUserStore._shared"), _whole_user),
    **dict.fromkeys((f"OutboxStore.{name}" for name in ("waiting", "surplus", "due", "parked")), _outbox),
    "ShareStore.find": _shares,
    "ShareStore.places": _shares,
    "DatabaseProbe._erased": lambda client: DatabaseProbe(lambda: client).users(),
    "WholeUserStore._all": _whole_user,
    "WholeUserStore.delete_some": _whole_user,
    "WholeUserStore.everything": _whole_user,
    "WholeUserStore.unfinished": _whole_user,
    "latest_page": _latest,
    "activities_page": _activities,
    "UserStore.events": _events,
}


def makers() -> set[str]:
    """Every function of the store, and of the operator's tool, that makes a query, as `Class.method`."""
    found = set()
    rooms = ((ROOT / "streak_core" / name).glob("*.py") for name in ("store", "records", "friends", "boards"))
    for path in {*chain.from_iterable(rooms), *PROVING} - {READING, PREFIXING}:
        for name, function in _functions(ast.parse(path.read_text(encoding="utf-8"))):
            found |= {name for node in ast.walk(function) if _makes_a_query(node)}
    return found


def _functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.AST]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{node.name}.")
        elif isinstance(node, ast.FunctionDef):
            yield f"{prefix}{node.name}", node


def _makes_a_query(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Name):
        return node.func.id in ASKING
    return isinstance(node.func, ast.Attribute) and node.func.attr in MAKING


def single_fields(recorder: Recorder) -> set[tuple[str, str]]:
    """The fields, with their collections, that a recorded query looks for alone, in an index of that field."""
    found = set()
    for query in _sent(recorder):
        fields = set(_paths([query.get("where"), query.get("order_by")])) - {"__name__"}
        if len(fields) == 1:
            found.add((query["from_"][0]["collection_id"], *fields))
    return found


def _sent(recorder: Recorder) -> Iterator[Json]:
    for method, request in recorder.calls:
        if method == "RunQuery":
            yield StructuredQuery.to_dict(request.structured_query)
        if method == "RunAggregationQuery":
            yield StructuredQuery.to_dict(request.structured_aggregation_query.structured_query)


def _paths(node: Json) -> Iterable[str]:
    """Every field path in a part of a query."""
    if isinstance(node, list):
        return [path for one in node for path in _paths(one)]
    if not isinstance(node, dict):
        return []
    own = [node["field_path"]] if "field_path" in node else []
    return [*own, *(path for one in node.values() for path in _paths(one))]
