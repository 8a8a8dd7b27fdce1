"""Who may do what for users: one table, which has every route, and every role tried on each."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from functions.admin import FUNCTION
from functions.http.identity import Caller
from functions.http.problems import Forbidden
from functions.operators.named_users import checked_user_id
from functions.operators.roles import MAY_USE, check_role
from streak_core.domain.actor import Actor, ActorKind
from streak_core.domain.errors import Malformed

ROUTES: Final = {(one.method, one.path): one for one in FUNCTION.routes}
CALLERS: Final = [None, *ActorKind]
# What support may write: the rest is reading.
SUPPORT_WRITES: Final = {
    *(("POST", "/users/<uid>/grants"), ("POST", "/users/<uid>/excuses")),
    *(("POST", "/grants"), ("POST", "/excuses")),
}
# What is asked by POST, to keep it out of URLs.
ASKED: Final = {("POST", "/users:find")}
# What concerns everybody is for admins alone.
OF_ADMINS: Final = {("POST", "/amnesties"), ("DELETE", "/amnesties/<amnesty_id>")}
# What people did is for people to look at.
OF_PEOPLE: Final = {route for route in ROUTES if route[1].endswith(("/audit", "/runs", "/backups", "/reports/<name>"))}
# What holds for everybody, and is no single user's.
OF_ALL: Final = {route for route in ROUTES if route[1].startswith("/policies")}


def is_let_in(kind: ActorKind | None, route: tuple[str, str]) -> bool:
    """Whether somebody of that role, or of none, may use a route."""
    actor = Actor(kind=kind, id="ops") if kind else None
    try:
        check_role(Caller(user_id="ops", actor=actor), ROUTES[route])
    except Forbidden:
        return False
    return True


def test_the_table_has_every_route_and_no_other() -> None:
    assert MAY_USE.keys() == ROUTES.keys()
    assert len(ROUTES) == len(FUNCTION.routes)


@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
@pytest.mark.parametrize("kind", CALLERS)
def test_a_role_may_use_what_the_table_says_and_nothing_else(kind: ActorKind | None, route: tuple[str, str]) -> None:
    assert is_let_in(kind, route) is (kind in MAY_USE[route])


@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
def test_support_reads_grants_and_excuses_and_the_others_do_all(route: tuple[str, str]) -> None:
    reads, is_of_all = route[0] == "GET" or route in ASKED, route in OF_ALL
    assert is_let_in(ActorKind.SUPPORT, route) is ((reads or route in SUPPORT_WRITES) and not is_of_all)
    assert is_let_in(ActorKind.ADMIN, route)
    assert is_let_in(ActorKind.SERVER, route) is (route not in OF_ADMINS | OF_ALL | OF_PEOPLE)
    assert not is_let_in(None, route)


def test_a_route_without_a_row_is_for_nobody() -> None:
    route = replace(FUNCTION.routes[0], path="/users/<uid>/new")
    for kind in ActorKind:
        with pytest.raises(Forbidden):
            check_role(Caller(user_id="ops", actor=Actor(kind=kind, id="ops")), route)


@pytest.mark.parametrize("uid", ["a", "u" * 128, "ada@example.com", "x:y", "%", "é", "..", "__x__"])
def test_what_a_token_could_name_is_a_users_id(uid: str) -> None:
    assert checked_user_id(uid) == uid


@pytest.mark.parametrize("uid", ["", "u" * 129, "a b", "a\n", "\x00", "a/b", "\ud800", "a\x7f", "a\xa0"])
def test_what_can_be_no_users_id_is_refused_by_name(uid: str) -> None:
    with pytest.raises(Malformed) as refused:
        checked_user_id(uid)
    assert [one.field for one in refused.value.errors] == ["uid"]
