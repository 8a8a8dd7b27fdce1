"""Who may do what for users: one table of every route of the function `admin`, by role.

It must not know what a route does. A route that has no row may be used by nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from functions.http.problems import Forbidden
from streak_core.domain.actor import ActorKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from functions.http.dispatch import Route
    from functions.http.identity import Caller

_ADMIN, _SUPPORT, _SERVER = ActorKind.ADMIN, ActorKind.SUPPORT, ActorKind.SERVER
# Support reads, grants freezes and excuses days.
_ALL: Final = frozenset({_ADMIN, _SUPPORT, _SERVER})
_ACTING: Final = frozenset({_ADMIN, _SERVER})
# What concerns everybody.
_PEOPLE_WHO_DECIDE: Final = frozenset({_ADMIN})
# What people did is for people to look at.
_PEOPLE: Final = frozenset({_ADMIN, _SUPPORT})

MAY_USE: Final[Mapping[tuple[str, str], frozenset[ActorKind]]] = {
    ("GET", "/users/<uid>/streak"): _ALL,
    ("GET", "/users/<uid>/streak/export"): _ALL,
    ("GET", "/users/<uid>/streak/offers"): _ALL,
    ("GET", "/users/<uid>/streak/activities"): _ALL,
    ("GET", "/users/<uid>/streak/pauses"): _ALL,
    ("GET", "/users/<uid>/streak/settings"): _ALL,
    ("GET", "/users/<uid>/streak/explain"): _ALL,
    ("GET", "/users/<uid>/streak/events"): _ALL,
    ("GET", "/users/<uid>/calendar"): _ALL,
    ("GET", "/users/<uid>/consistency"): _ALL,
    ("GET", "/users/<uid>/policy"): _ALL,
    ("GET", "/users/<uid>/insights"): _ALL,
    ("GET", "/users/<uid>/achievements"): _ALL,
    ("GET", "/users/<uid>/challenges"): _ALL,
    ("POST", "/users/<uid>/challenges/<challenge>/join"): _ACTING,
    ("DELETE", "/users/<uid>/challenges/<challenge>/join"): _ACTING,
    ("GET", "/users/<uid>/leaderboard/me"): _ALL,
    ("PUT", "/users/<uid>/leaderboard/me"): _ACTING,
    ("DELETE", "/users/<uid>/leaderboard/me"): _ACTING,
    ("PUT", "/users/<uid>/leaderboard/hidden"): _ACTING,
    ("DELETE", "/users/<uid>/leaderboard/hidden"): _ACTING,
    ("POST", "/users/<uid>/log"): _ACTING,
    ("GET", "/users/<uid>/profile"): _ALL,
    ("PATCH", "/users/<uid>/profile"): _ACTING,
    ("GET", "/users/<uid>/conversations"): _ALL,
    ("DELETE", "/users/<uid>/conversations/<session_id>"): _ACTING,
    ("GET", "/users/<uid>/conversations/<session_id>/messages"): _ALL,
    ("POST", "/users/<uid>/conversations/<session_id>/messages"): _ACTING,
    ("GET", "/users/<uid>/usage"): _ALL,
    ("POST", "/users/<uid>/usage"): _ACTING,
    ("GET", "/users/<uid>/quotas"): _ALL,
    ("GET", "/users/<uid>/ideas"): _ALL,
    ("POST", "/users/<uid>/ideas"): _ACTING,
    ("GET", "/users/<uid>/ideas/<idea_id>"): _ALL,
    ("PATCH", "/users/<uid>/ideas/<idea_id>"): _ACTING,
    ("DELETE", "/users/<uid>/ideas/<idea_id>"): _ACTING,
    ("POST", "/users/<uid>/ideas/<idea_id>/refinements"): _ACTING,
    ("GET", "/users/<uid>/records/<kind>"): _ALL,
    ("POST", "/users/<uid>/records/<kind>"): _ACTING,
    ("DELETE", "/users/<uid>/records/<kind>/<record_id>"): _ACTING,
    ("GET", "/users/<uid>/notices/preferences"): _ALL,
    ("PATCH", "/users/<uid>/notices/preferences"): _ACTING,
    ("POST", "/import"): _ACTING,
    ("DELETE", "/users/<uid>/streak"): _ACTING,
    ("POST", "/users/<uid>/streak/activities"): _ACTING,
    ("DELETE", "/users/<uid>/streak/activities/<activity_id>"): _ACTING,
    ("POST", "/users/<uid>/streak/activities/<activity_id>/redo"): _ACTING,
    ("POST", "/users/<uid>/streak/activities:batch"): _ACTING,
    ("POST", "/users/<uid>/streak/update"): _ACTING,
    ("POST", "/users/<uid>/streak/reset"): _ACTING,
    ("DELETE", "/users/<uid>/streak/reset"): _ACTING,
    ("POST", "/users/<uid>/streak/freezes"): _ACTING,
    ("DELETE", "/users/<uid>/streak/freezes/<date>"): _ACTING,
    ("POST", "/users/<uid>/streak/repair"): _ACTING,
    ("POST", "/users/<uid>/streak/pauses"): _ACTING,
    ("DELETE", "/users/<uid>/streak/pauses/<pause_id>"): _ACTING,
    ("PUT", "/users/<uid>/streak/pause"): _ACTING,
    ("DELETE", "/users/<uid>/streak/pause"): _ACTING,
    ("PATCH", "/users/<uid>/streak/settings"): _ACTING,
    ("POST", "/policies"): _PEOPLE_WHO_DECIDE,
    ("GET", "/policies"): _PEOPLE_WHO_DECIDE,
    ("GET", "/policies/<number>"): _PEOPLE_WHO_DECIDE,
    ("DELETE", "/policies/<number>"): _PEOPLE_WHO_DECIDE,
    ("POST", "/users/<uid>/grants"): _ALL,
    ("POST", "/users/<uid>/excuses"): _ALL,
    ("POST", "/users/<uid>/restorations"): _ACTING,
    ("POST", "/users/<uid>/xp"): _ACTING,
    ("GET", "/users/<uid>/block"): _ALL,
    ("POST", "/users/<uid>/block"): _ACTING,
    ("DELETE", "/users/<uid>/block"): _ACTING,
    ("GET", "/users/<uid>/audit"): _PEOPLE,
    ("GET", "/audit"): _PEOPLE,
    ("GET", "/runs"): _PEOPLE,
    ("GET", "/backups"): _PEOPLE,
    ("GET", "/reports/<name>"): _PEOPLE,
    ("GET", "/users"): _ALL,
    ("POST", "/users:find"): _ALL,
    ("POST", "/grants"): _ALL,
    ("POST", "/excuses"): _ALL,
    ("POST", "/activities:batch"): _ACTING,
    ("GET", "/amnesties"): _ALL,
    ("GET", "/amnesties/<amnesty_id>"): _ALL,
    ("POST", "/amnesties"): _PEOPLE_WHO_DECIDE,
    ("DELETE", "/amnesties/<amnesty_id>"): _PEOPLE_WHO_DECIDE,
}


def check_role(caller: Caller, route: Route) -> None:
    """Raises `Forbidden` unless the table lets the caller use the route."""
    if caller.actor is None or caller.actor.kind not in MAY_USE.get((route.method, route.path), ()):
        raise Forbidden
