"""The schemas of words and bounds that the code or the policy owns: codes, verdicts, events, categories, milestones.

It must not know any activity's type.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages
from typing import TYPE_CHECKING, Any, Final

import functions
import streak_core
from functions.http.problems import INTERNAL_ERROR
from streak_core.domain.errors import StreakError
from streak_core.domain.events import EventKind
from streak_core.domain.model import Status, Verdict
from streak_core.domain.offers import OfferKind
from tools.openapi.activities import pascal, told_apart

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streak_core.domain.policy import Policy

Schema = dict[str, Any]

_REF: Final = "#/components/schemas/"
_ROOMS: Final = (functions.__name__, streak_core.__name__)
# Which of the schemas written by hand the details of an event have.
_DETAILS: Final = {
    EventKind.STREAK_IMPORTED: "ImportedLengthDetails",
    EventKind.STREAK_STARTED: "LengthDetails",
    EventKind.STREAK_EXTENDED: "LengthDetails",
    EventKind.STREAK_BROKEN: "EndedLengthDetails",
    EventKind.STREAK_RESTORED: "RestoredLengthDetails",
    EventKind.STREAK_RESET: "EndedLengthDetails",
    EventKind.FREEZE_EARNED: "EarnedFreezesDetails",
    EventKind.FREEZE_APPLIED: "HeldFreezesDetails",
    EventKind.FREEZE_REFUNDED: "HeldFreezesDetails",
    EventKind.BONUS_EARNED: "BonusDetails",
    EventKind.MILESTONE_REACHED: "LengthDetails",
    EventKind.ACHIEVEMENT_UNLOCKED: "AchievementDetails",
    EventKind.CHALLENGE_COMPLETED: "ChallengeDetails",
    EventKind.PLACED: "PlacedDetails",
    EventKind.FREEZES_GRANTED: "GrantedFreezesDetails",
    EventKind.DAYS_EXCUSED: "ExcusedDaysDetails",
    EventKind.DAY_RESTORED: "ByDetails",
    EventKind.XP_GRANTED: "GrantedXpDetails",
    EventKind.USER_BLOCKED: "BlockedDetails",
    EventKind.USER_UNBLOCKED: "ByDetails",
}
_VERDICTS: Final = (
    "`none` before the first counted activity; `active`; `amnesty` excused for everybody; `excused` for this user; "
    "`paused`; `rest` a rest weekday; `travel` taken away by a change of zone; `pending` today, still without activity"
    "; `repaired`; `frozen` a freeze was spent; `missed`."
)
_STATUSES: Final = (
    "`none` the streak is 0; `extended` active today; `protected` today needs no activity; `pending` today still needs "
    "an activity."
)
_OFFERS: Final = (
    "`freeze`: `POST /streak/freezes` for `day`; `repair`: `POST /streak/repair`; `redo`: of the activity "
    "`activity_id`; `resume`: `DELETE /streak/pauses/{pause_id}`."
)


def word_schemas(policy: Policy) -> dict[str, Schema]:
    """Each by its name."""
    return {
        "ActivityType": _words(policy.activity_types, "What an activity is, by the policy."),
        "Category": _words(policy.categories, "What an activity counts for in a week, by the policy."),
        "CategoriesOfWeek": _categories(policy),
        "RestWeekdays": _rest_weekdays(policy),
        "Milestone": _milestone(policy),
        "Verdict": _words(Verdict, _VERDICTS),
        "Status": _words(Status, _STATUSES),
        "OfferKind": _words(OfferKind, _OFFERS),
        "ProblemCode": _words(sorted(codes()), "The reason for programs; it never changes. There may be new ones."),
        **_events(),
    }


def codes() -> set[str]:
    """Every code that a refusal of ours can have: those of the family of errors, and of what should not happen."""
    for room in (functions, streak_core):
        for module in walk_packages(room.__path__, f"{room.__name__}."):
            import_module(module.name)
    ours = {kind for kind in _below(StreakError) if kind.__module__.partition(".")[0] in _ROOMS}
    return {kind.code for kind in ours if kind.code != StreakError.code} | {INTERNAL_ERROR}


def _below(kind: type[StreakError]) -> Iterator[type[StreakError]]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


def _words(words: Iterable[str], description: str) -> Schema:
    return {"type": "string", "enum": [str(one) for one in words], "description": description}


def _categories(policy: Policy) -> Schema:
    return {
        "type": "object",
        "description": "Whether the week has a counted activity of each category.",
        "required": list(policy.categories),
        "properties": {name: {"type": "boolean"} for name in policy.categories},
    }


def _rest_weekdays(policy: Policy) -> Schema:
    return {
        "type": "array",
        "items": {"$ref": f"{_REF}Weekday"},
        "uniqueItems": True,
        "maxItems": policy.rest.weekdays_max,
        "description": "Weekdays that need no activity.",
    }


def _milestone(policy: Policy) -> Schema:
    days = ", ".join(str(length) for length in policy.milestones.days)
    return {
        "type": "integer",
        "minimum": 1,
        "description": f"A length that is worth an event: {days}, then every {policy.milestones.then_every}.",
    }


def _events() -> dict[str, Schema]:
    names = {kind.value: f"{pascal(kind)}Event" for kind in EventKind}
    one_of = {"description": "What happened; `type` says what.", **told_apart("type", names)}
    return {"Event": one_of} | {names[kind]: _event(kind) for kind in EventKind}


def _event(kind: EventKind) -> Schema:
    return {
        "type": "object",
        "required": ["event_id", "type", "date", "occurred_at", "details"],
        "properties": {
            "event_id": {"type": "string", "description": "The same event has the same id in every answer."},
            "type": {"type": "string", "const": kind.value},
            "date": {"$ref": f"{_REF}Day"},
            "occurred_at": {"$ref": f"{_REF}UtcInstant"},
            "details": {"$ref": _REF + _DETAILS[kind]},
        },
    }
