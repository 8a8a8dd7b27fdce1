"""What is counted of what users say, use and make: the same when it is written and when its day is counted once more.

It must not know where records are kept, or how a counter is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from streak_core.records.counters import Count

Said = Mapping[str, Any]
# Messages, and of how many users; how long answers took, by intent; uses of features, of how many users and how long;
# ideas that were made, and that were selected for the first time, by category.
CONVERSATIONS: Final = "conversations"
RESPONSE_TIMES: Final = "response-times"
FEATURES: Final = "features"
IDEAS: Final = "ideas"
SELECTED: Final = "ideas-selected"
# Records of kinds of an app's own, and of how many users, by kind and word.
APP_RECORDS: Final = "records"
# In the place of what was not said.
UNSAID: Final = ""


def counts_of_message(said: Said, *, is_listed: bool = False) -> Sequence[Count]:
    """Of a message. `is_listed`, here and below: whether what it is counted by is one of some words."""
    counts = [Count(name=CONVERSATIONS, is_of_user=True)]
    if (milliseconds := _whole(said.get("response_time_ms"), 1)) is not None:
        key = (str(said.get("intent", UNSAID)),)
        counts.append(Count(name=RESPONSE_TIMES, key=key, values=(milliseconds,), is_listed=is_listed))
    return counts


def counts_of_usage(events: Sequence[Said], *, is_listed: bool = False) -> Sequence[Count]:
    """Of all events of one request, those of a feature together."""
    by_feature: dict[str, list[Said]] = {}
    for one in events:
        by_feature.setdefault(str(one.get("feature", UNSAID)), []).append(one)
    return [
        Count(
            name=FEATURES,
            key=(feature,),
            times=len(each),
            values=tuple(
                milliseconds for one in each if (milliseconds := _whole(one.get("duration_seconds"), 1_000)) is not None
            ),
            is_of_user=True,
            is_listed=is_listed,
        )
        for feature, each in by_feature.items()
    ]


def counts_of_idea(said: Said, *, is_listed: bool = False) -> Sequence[Count]:
    """Of an idea that was made."""
    return [Count(name=IDEAS, key=(str(said.get("category", UNSAID)),), is_listed=is_listed)]


def counts_of_selection(said: Said, *, is_listed: bool = False) -> Sequence[Count]:
    """Of an idea when its user selects it for the first time; who takes that back takes no number back."""
    return [Count(name=SELECTED, key=(str(said.get("category", UNSAID)),), is_listed=is_listed)]


def counts_of_app_record(by: Mapping[str, Any], *, is_listed: bool = False) -> Sequence[Count]:
    """Of a record of an app's own kind, by its kind and what that is counted by."""
    key = (str(by.get("kind", UNSAID)), str(by.get("word", UNSAID)))
    return [Count(name=APP_RECORDS, key=key, is_of_user=True, is_listed=is_listed)]


def _whole(number: object, of_one: int) -> int | None:
    """A number from 0 on, as so many of one; None for what an app has made something else of."""
    if isinstance(number, bool) or not isinstance(number, int | float) or number < 0:
        return None
    return round(number * of_one)
