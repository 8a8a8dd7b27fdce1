"""Whether a ledger entry says what was answered: its numbers, compared with those that its command leads to.

It must not know the ledger. What a later version answers besides, an earlier answer lacks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from streak_core.domain.commands import ActivityRecorded
from streak_core.domain.decision import Decision
from streak_core.proving.proof import Difference, Scalar, flat
from streak_core.responses import activity_response
from streak_core.store.documents import LEDGER

# What later entries build on; all else in an answer follows from it, and from texts and policies of its time.
_NUMBERS: Final = ("current_streak", "longest_streak", "freezes_available", "xp_total")


def differences_of_answer(answer: Mapping[str, Any], decision: Decision, entry_id: str) -> Iterator[Difference]:
    """Each number of an answer that is not what the command led to."""
    content = decision.entry.content if decision.entry else None
    view = decision.view
    numbers: dict[str, Scalar] = {name: getattr(view, name) for name in _NUMBERS}
    expected = {"streak": {**numbers, "today": view.today.isoformat(), "time_zone": view.zone_line.time_zone}}
    if isinstance(content, ActivityRecorded):
        expected["activity"] = flat(dict(activity_response(content.activity)))
    for part, rebuilt in expected.items():
        said = answer.get(part)
        found = flat(said) if isinstance(said, Mapping) else {}
        for name in sorted(rebuilt.keys() & found.keys()):
            if (type(found[name]), found[name]) != (type(rebuilt[name]), rebuilt[name]):
                field = f"answer.{part}.{name}"
                yield Difference(
                    document=f"{LEDGER}/{entry_id}", field=field, stored=found[name], rebuilt=rebuilt[name]
                )


def mended_answer(answer: Mapping[str, Any], wrong: Iterable[Difference]) -> dict[str, Any]:
    """The answer with what was rebuilt in place of what differs."""
    mended = dict(answer)
    for one in wrong:
        _, part, name = one.field.split(".")
        mended[part] = {**mended[part], name: one.rebuilt}
    return mended
