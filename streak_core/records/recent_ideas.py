"""The ideas that were made last, whoever made them.

It must not know what an idea says.
"""

from __future__ import annotations

from collections.abc import Sequence

from google.cloud import firestore

from streak_core.records.counting import COUNTED_ON
from streak_core.records.homes import subject_of
from streak_core.records.idea import Idea, idea_of
from streak_core.records.ideas import IDEAS
from streak_core.store.reading import contents, read_page


def recent_ideas(client: firestore.Client, most: int) -> Sequence[tuple[str, Idea]]:
    """Their users and they, by a read each, the last first. Raises `RecordsUnreadable`, `DatabaseUnavailable`."""
    descending = firestore.Query.DESCENDING
    by_day = client.collection_group(IDEAS).order_by(COUNTED_ON, direction=descending)
    found = read_page(by_day.order_by("at", direction=descending), most)
    homes = [(subject_of(client, one.reference.parent.parent), one) for one in found]
    # An app's own collection may be called like ours.
    return [(home.id, idea_of(one.id, contents(one))) for home, one in homes if home]
