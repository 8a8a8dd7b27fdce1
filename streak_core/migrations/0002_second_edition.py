"""Form 1 as form 2: the users of the program before, with everything that is stored of them and form 1 did not keep.

It must not know when or by whom it is called. Entries of the ledger stay what they are: they say what was done then.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from streak_core.domain.days import ONE_DAY, ZoneLine
from streak_core.domain.replay import replay
from streak_core.migrations.migration import WouldLoseError
from streak_core.store.documents import STREAKS, derived_fields, form_of, read_streak
from streak_core.store.first_form import DecidedDays, completed
from streak_core.store.forms import to_v1, upgrade, v1, v2
from streak_core.store.forms.from_model import streak_text
from streak_core.store.tombstones import is_tombstone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from streak_core.domain.model import Streak
    from streak_core.store.documents import Document
    from streak_core.store.migrated import Beside

COLLECTIONS: Final = (STREAKS,)
# What of the rest decides what this does, and is closed.
MADE_OF: Final = (v1, upgrade)

_ENTRIES: Final = "entries of the ledger that are of form 2"
Json = dict[str, object]


def up(document: Document, beside: Beside) -> Document:
    """The same user in form 2; one who is so already, or erased, stays so. What form 1 has as fields stays, too."""
    if is_tombstone(document) or form_of(document) != v1.VERSION:
        return document
    streak, settled_through = read_streak(document)
    decided = DecidedDays(beside.rules.standing)
    decided.add(beside.decided)
    streak = completed(streak, beside.rules.standing, decided)
    fields = {**document, "state": streak_text(streak), "schema_version": v2.VERSION}
    return {**fields, **_told(streak, settled_through, beside)}


def down(document: Document, beside: Beside, *, accept_loss: bool = False) -> Document:
    """The same user in form 1; one who is so already, or erased, stays so.

    Raises `WouldLoseError` where `up` would not make the same of it again. Entries of form 2 are refused always: the
    program before would not read them.
    """
    if is_tombstone(document) or form_of(document) == v1.VERSION:
        return document
    if beside.newest_entry != v1.VERSION:
        raise WouldLoseError([_ENTRIES])
    streak, settled_through = read_streak(document)
    kept = {name: value for name, value in document.items() if name not in _told(streak, settled_through, beside)}
    older = {**kept, "state": to_v1.streak_text(streak), "schema_version": v1.VERSION}
    again = up(older, beside)["state"]
    lost = () if accept_loss else tuple(_differing(json.loads(streak_text(streak)), json.loads(again)))
    if lost:
        raise WouldLoseError(lost)
    return older


def _told(streak: Streak, settled_through: date | None, beside: Beside) -> Document:
    """The fields that form 2 has besides, as of when the others were written: the job finds the user as before.

    That was the last command, or a day since on which the job ran: the one after those that it has settled.
    """
    at = streak.updated_at
    if settled_through:
        zone_line = ZoneLine(streak.settings.zones, beside.rules.standing.day_starts)
        at = max(at, zone_line.starts_at(settled_through + ONE_DAY))
    view = replay(streak, beside.rules, at)
    older = derived_fields(view, None, v1.VERSION)
    return {name: value for name, value in derived_fields(view, None).items() if name not in older}


def _differing(before: Json, after: Json, place: str = "") -> Iterator[str]:
    """The names of the fields, and of those within fields, that are not the same."""
    for name in sorted(before.keys() | after.keys()):
        one, other = before.get(name), after.get(name)
        if isinstance(one, dict) and isinstance(other, dict) and not place:
            yield from _differing(one, other, f"{name}.")
        elif one != other:
            yield f"{place}{name}"
