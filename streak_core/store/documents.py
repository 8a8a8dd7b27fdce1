"""How the model is written as Firestore documents, and read back.

It must not know queries or transactions. Whatever does not read as what it should be is an `UnreadableStreakError`.

What only this program reads is one text of JSON: the client makes a message object of every value of a map, which cost
more than everything else about a recording. What queries, rules and listening clients want stands beside it as fields.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Final
from urllib.parse import unquote

from pydantic import BeforeValidator, TypeAdapter

from streak_core.store.forms import to_v1, upgrade, v1, v1_entries, v2, v2_entries
from streak_core.store.forms.entries_from_model import entry_text
from streak_core.store.forms.entries_to_model import entry_of
from streak_core.store.forms.from_model import (
    calendar_day_text,
    event_fields,
    streak_text,
    text_of,
    timeline_text,
)
from streak_core.store.forms.to_model import calendar_day_of, event_of, streak_of
from streak_core.store.reminding import NOT_REMINDED, REMINDING, Reminding, reminding_fields
from streak_core.store.sharding import shard_of
from streak_core.store.unreadable import ForeignDocument, StoredByNewerVersion, UnreadableStreakError, reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from streak_core.domain.calendar import CalendarDay
    from streak_core.domain.entries import LedgerEntry
    from streak_core.domain.events import Event
    from streak_core.domain.model import Streak
    from streak_core.domain.replay import View

STREAKS: Final = "streaks"
MONTHS: Final = "months"
LEDGER: Final = "ledger"
EVENTS: Final = "events"
# The number of the last event of a user's that an app's server is told of (`outbox`).
WEBHOOK_LAST: Final = "webhook_last"

SCHEMA_VERSION: Final = v2.VERSION
FORM_1: Final = v1.VERSION
_VERSIONS: Final = (v1.VERSION, v2.VERSION)

# All that is read of any document; the other fields are for queries and for who listens.
NEEDED: Final = (
    "schema_version",
    "state",
    "settled_through",
    "entry",
    "request_id",
    "request",
    "answer",
    "days",
    "command",
    "undone",
    *REMINDING,
    WEBHOOK_LAST,
    # Of users who were erased (`tombstones`).
    "erased_at",
    "erasing",
    "signed_in_after",
    "begun_anew",
)

Document = dict[str, Any]

_MONTHS_MAX: Final = 1_200

_JSON: Final = TypeAdapter(dict[str, Any])
_NAME_OF_COMMAND: Final = TypeAdapter(str | None)
_FLAG: Final = TypeAdapter(bool | None)
_NUMBER: Final = TypeAdapter(int | None)
_MOVED_FROM: Final = "moved_from"
_DATE: Final = TypeAdapter(date | None)


def _version(document: Mapping[str, Any], *, default: int | None = None) -> int:
    """The form of a document, 1 or 2. Raises `UnreadableStreakError` for any other."""
    version = document.get("schema_version", default)
    # Exactly so: True is no version.
    if type(version) is int and version in _VERSIONS:
        return version
    if type(version) is int and version > SCHEMA_VERSION:
        raise StoredByNewerVersion("schema_version")
    told = version if type(version) is int else f"a {type(version).__name__}"
    message = f"schema_version is {told}, known are {_VERSIONS}"
    raise UnreadableStreakError(message)


def user_doc_id(user_id: str) -> str:
    """The id of a user's document: the user id, with what Firestore does not allow in an id percent-encoded."""
    encoded = user_id.replace("%", "%25").replace("/", "%2F")
    if encoded in {".", ".."}:
        return encoded.replace(".", "%2E")
    return f"%5F{encoded[1:]}" if encoded.startswith("__") else encoded


def user_id_of(doc_id: str) -> str:
    """The user whose document has that id: each percent sign in it is one that `user_doc_id` put there."""
    return unquote(doc_id)


def streak_document(
    user_id: str,
    streak: Streak,
    view: View,
    settled_through: date | None,
    form: int = SCHEMA_VERSION,
    reminding: Reminding = NOT_REMINDED,
) -> Document:
    """The whole streak document: the state, and what queries and listening clients want to see of it."""
    return {
        "state": to_v1.streak_text(streak) if form == v1.VERSION else streak_text(streak),
        "created_at": streak.created_at,
        "updated_at": streak.updated_at,
        "schema_version": form,
        "shard": shard_of(user_id),
        **derived_fields(view, settled_through, form),
        **reminding_fields(streak, view, reminding),
    }


def derived_fields(view: View, settled_through: date | None, form: int = SCHEMA_VERSION) -> Document:
    """The fields that time changes, as of the view. No answer is made from them."""
    fields = {
        "current_streak": view.current_streak,
        "longest_streak": view.longest_streak,
        "freezes_available": view.freezes_available,
        "xp_total": view.xp_total,
        "last_active_date": _iso(view.last_active_date),
        "expires_at": view.expires_at,
        "settled_through": _iso(settled_through),
    }
    if form == v1.VERSION:
        # The program before would leave the others as they are, until they are wrong.
        return fields
    return {
        **fields,
        "time_zone": view.zone_line.time_zone,
        "today": view.today.isoformat(),
        "status": view.status.value,
        "bonus_active": view.bonus_active,
        "timeline": timeline_text(view),
        "timeline_until": view.timeline.until,
    }


def form_of(document: Mapping[str, Any]) -> int:
    """The form of a streak document. Raises `UnreadableStreakError`."""
    require_ours(document)
    return _version(document)


def read_streak(document: Mapping[str, Any]) -> tuple[Streak, date | None]:
    """The state, and the last day whose time events are written. Raises `UnreadableStreakError`."""
    require_ours(document)
    version = _version(document)
    with reading():
        settled_through = _DATE.validate_python(document.get("settled_through"))
        if version == v1.VERSION:
            return streak_of(upgrade.streak(v1.STREAK.validate_json(document["state"]))), settled_through
        return streak_of(v2.STREAK.validate_json(document["state"])), settled_through


def require_ours(document: Mapping[str, Any]) -> None:
    """Every streak that was ever written says its form. Raises `ForeignDocument` where that is missing."""
    if "schema_version" not in document:
        raise ForeignDocument


def plain_utc(stamp: datetime) -> datetime:
    """A Firestore timestamp as a plain datetime in UTC."""
    return datetime(
        stamp.year, stamp.month, stamp.day, stamp.hour, stamp.minute, stamp.second, stamp.microsecond, tzinfo=UTC
    )


# A field of a stored type of which it is known that it is a moment.
Moment = Annotated[datetime, BeforeValidator(lambda found: plain_utc(found) if isinstance(found, datetime) else found)]


def entry_document(
    entry: LedgerEntry,
    request_id: str,
    command: str,
    request: Mapping[str, Any],
    answer: Mapping[str, Any],
    form: int = SCHEMA_VERSION,
) -> Document:
    """A ledger entry with what was asked, by which request and command, and what was answered."""
    fields = {
        "kind": entry.kind.value,
        "seq": entry.seq,
        "at": entry.at,
        "request_id": request_id,
        "command": command,
        "request": text_of(request),
        "answer": text_of(answer),
    }
    if form == v1.VERSION:
        # Without a mark: the program before would not keep it.
        return {**fields, "entry": to_v1.entry_text(entry)}
    # An activity that is undone is marked so by later commands.
    return {**fields, "schema_version": SCHEMA_VERSION, "entry": entry_text(entry), "undone": False}


def form_of_entry(document: Mapping[str, Any]) -> int:
    """The form of a ledger document; one that says none is of form 1. Raises `UnreadableStreakError`."""
    return _version(document, default=v1.VERSION)


def read_entry(document: Mapping[str, Any]) -> LedgerEntry:
    """The entry. Raises `UnreadableStreakError`."""
    version = form_of_entry(document)
    with reading():
        if version == v1.VERSION:
            return v1_entries.entry_of(v1.ENTRY.validate_json(document["entry"]))
        return entry_of(v2_entries.ENTRY.validate_json(document["entry"]))


def read_exchange(document: Mapping[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """The id of the request that led to an entry, what it asked, and what it was answered."""
    with reading():
        asked, answered = (_JSON.validate_json(document[name]) for name in ("request", "answer"))
        return document.get("request_id", ""), asked, answered


def read_marks(document: Mapping[str, Any]) -> tuple[str | None, bool | None]:
    """The command of an entry, and whether its activity is undone; None where form 1 did not say."""
    command, undone = document.get("command"), document.get("undone")
    with reading():
        return _NAME_OF_COMMAND.validate_python(command), _FLAG.validate_python(undone)


def moved_entry_fields(entry: LedgerEntry, moved_from: int | None) -> Document:
    """The fields of an entry that has another number, or label, than it was written with, and which number it had."""
    fields = {"seq": entry.seq, "at": entry.at, "entry": entry_text(entry)}
    return fields if moved_from is None else {**fields, _MOVED_FROM: moved_from}


def read_moved_from(document: Mapping[str, Any]) -> int | None:
    """The number that an entry had when it was answered, where it has another one since."""
    with reading():
        return _NUMBER.validate_python(document.get(_MOVED_FROM))


def answer_field(answer: Mapping[str, Any]) -> Document:
    """What was answered, as an entry keeps it."""
    return {"answer": text_of(answer)}


def event_document(event: Event) -> Document:
    """An event, to be kept under its own id."""
    return event_fields(event)


def read_event(document: Mapping[str, Any]) -> Event:
    """The event. Raises `UnreadableStreakError`."""
    with reading():
        return event_of(v2.EVENT.validate_python({**document, "at": plain_utc(document["at"])}))


def month_id(day: date) -> str:
    """The id of the document of the month that `day` is in."""
    return f"{day.year:04d}-{day.month:02d}"


def months_between(first: date, last: date) -> list[str]:
    """The ids of the months of those days; of a century, if it is more."""
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in numbers[-_MONTHS_MAX:]]


def month_documents(rows: Iterable[CalendarDay]) -> dict[str, Document]:
    """Decided days by month, to be merged into what the months hold already."""
    months: dict[str, Document] = {}
    for row in rows:
        days = months.setdefault(month_id(row.day), {"days": {}})["days"]
        days[f"{row.day.day:02d}"] = calendar_day_text(row)
    return months


def read_month(document: Mapping[str, Any]) -> list[CalendarDay]:
    """The decided days of a month. Raises `UnreadableStreakError`."""
    with reading():
        return [calendar_day_of(v2.CALENDAR_DAY.validate_json(row)) for row in document["days"].values()]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
