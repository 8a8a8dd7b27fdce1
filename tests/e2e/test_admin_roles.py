"""Every role on every route of the function `admin`, with tokens that are really verified."""

from __future__ import annotations

import re
import time
import uuid
from typing import TYPE_CHECKING, Any, Final

import pytest

from functions.admin import FUNCTION
from functions.operators.roles import MAY_USE
from streak_core.domain.actor import ActorKind
from testing import contract
from tests.e2e.client import MONDAY, problem
from tests.e2e.one_function import OneFunction
from tests.e2e.verifying import USER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx

    from emulator.firestore import FirestoreEmulator
    from tests.e2e.verifying import Verifying

AUDIENCE: Final = "https://admin-1.europe-west1.run.app"
SERVERS: Final = ("api@demo-streak.iam.gserviceaccount.com", "jobs@demo-streak.iam.gserviceaccount.com")
SERVER: Final = {
    "iss": "https://accounts.google.com",
    "aud": AUDIENCE,
    "email": SERVERS[0],
    "email_verified": True,
    "sub": "1234",
}
CLAIMS: Final[dict[ActorKind, dict[str, Any]]] = {
    ActorKind.ADMIN: {**USER, "admin": True},
    ActorKind.SUPPORT: {**USER, "support": True},
    ActorKind.SERVER: SERVER,
}
ROUTES: Final = [(one.method, one.path) for one in FUNCTION.routes]


@pytest.fixture(scope="module")
def admin_url(verifying: Verifying, emulator: FirestoreEmulator) -> Iterator[str]:
    """The function, told which servers it trusts."""
    own = {
        "FIRESTORE_EMULATOR_HOST": emulator.host,
        "STREAK_TRUSTED_CALLERS": ",".join(SERVERS),
        "STREAK_TRUSTED_AUDIENCE": AUDIENCE,
        **verifying.google.environment,
    }
    with OneFunction("admin", own) as process:
        assert process.starts(), process.output()
        yield process.url


def answer_to(verifying: Verifying, url: str, token: str | None, route: tuple[str, str]) -> httpx.Response:
    """What is answered to a request that says nothing but where it goes, to a user of whom nothing is known."""
    method, path = route[0], "/admin" + re.sub(r"<\w+>", "x", route[1].replace("<uid>", uuid.uuid4().hex))
    headers = {"X-Simulated-Time": MONDAY, **({"Authorization": f"Bearer {token}"} if token else {})}
    answer = verifying.http.request(method, url + path, headers=headers)
    contract.check_answer(method, path, answer)
    return answer


@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
def test_each_role_is_let_in_where_the_table_says_so(
    verifying: Verifying, admin_url: str, route: tuple[str, str]
) -> None:
    for kind, claims in CLAIMS.items():
        answer = answer_to(verifying, admin_url, verifying.google.signing.token(claims), route)
        assert (answer.status_code == 403) is (kind not in MAY_USE[route]), (kind, answer.text)


@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
def test_whoever_has_no_role_is_refused_everywhere(
    verifying: Verifying, admin_url: str, route: tuple[str, str]
) -> None:
    ordinary = verifying.google.signing.token({**USER, "sub": "x"})
    assert problem(answer_to(verifying, admin_url, ordinary, route)) == (403, "forbidden")
    assert problem(answer_to(verifying, admin_url, None, route)) == (401, "unauthenticated")


STRANGERS: Final[dict[str, tuple[dict[str, Any], int]]] = {
    "the second one that is trusted": ({**SERVER, "email": SERVERS[1]}, 200),
    "another account": ({**SERVER, "email": "stranger@demo-streak.iam.gserviceaccount.com"}, 403),
    "a part of an account's name": ({**SERVER, "email": SERVERS[0][1:]}, 403),
    "an address that nobody has verified": ({**SERVER, "email_verified": False}, 403),
    "no address": ({**SERVER, "email": None}, 403),
    "a token for another audience": ({**SERVER, "aud": "https://streak-1.europe-west1.run.app"}, 401),
    "a token without an audience": ({**SERVER, "aud": None}, 401),
    "a claim that is no true": ({**USER, "admin": "true", "support": 1}, 403),
    "support's claim that says no": ({**USER, "support": False}, 403),
}


@pytest.mark.parametrize("who", STRANGERS)
def test_a_server_is_known_by_its_address_and_its_audience(verifying: Verifying, admin_url: str, who: str) -> None:
    claims, status = STRANGERS[who]
    token = verifying.google.signing.token(claims)
    assert answer_to(verifying, admin_url, token, ("GET", "/users/<uid>/streak")).status_code == status


def test_where_no_server_is_trusted_none_is(verifying: Verifying, emulator: FirestoreEmulator) -> None:
    own = {"FIRESTORE_EMULATOR_HOST": emulator.host, **verifying.google.environment}
    with OneFunction("admin", own) as process:
        assert process.starts(), process.output()
        token = verifying.google.signing.token(SERVER)
        assert problem(answer_to(verifying, process.url, token, ("GET", "/users/<uid>/streak"))) == (403, "forbidden")
        admin = verifying.google.signing.token(CLAIMS[ActorKind.ADMIN])
        assert answer_to(verifying, process.url, admin, ("GET", "/users/<uid>/streak")).status_code == 200


# How a token says when whoever has it signed in, of the moment at which it is asked with.
SIGN_INS: Final[dict[str, tuple[dict[str, Any], Callable[[int], object], int]]] = {
    "an admin who has just signed in": (CLAIMS[ActorKind.ADMIN], lambda now: now, 200),
    "an admin of long ago": (CLAIMS[ActorKind.ADMIN], lambda now: now - 100_000, 401),
    "one whose token does not say when": (CLAIMS[ActorKind.ADMIN], lambda _: None, 401),
    "one whose token says no moment": (CLAIMS[ActorKind.ADMIN], str, 401),
    "one who is no moment": (CLAIMS[ActorKind.ADMIN], lambda _: True, 401),
    "a server, which has no sign-in": (SERVER, lambda _: None, 200),
}


@pytest.mark.parametrize("who", SIGN_INS)
def test_erasing_for_a_user_takes_a_person_s_recent_sign_in(verifying: Verifying, admin_url: str, who: str) -> None:
    claims, signed_in_at, status = SIGN_INS[who]
    token = verifying.google.signing.token({**claims, "auth_time": signed_in_at(int(time.time()))})
    assert answer_to(verifying, admin_url, token, ("DELETE", "/users/<uid>/streak")).status_code == status


def test_a_server_erases_nobody_who_is_blocked_and_an_admin_who_has_just_signed_in_does(
    verifying: Verifying, admin_url: str
) -> None:
    signing, uid = verifying.google.signing, uuid.uuid4().hex
    admin = signing.token({**CLAIMS[ActorKind.ADMIN], "auth_time": int(time.time())})

    def ask(token: str, method: str, path: str, body: Any = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"}
        answer = verifying.http.request(method, f"{admin_url}/admin/users/{uid}/{path}", headers=headers, json=body)
        contract.check_answer(method, f"/admin/users/{uid}/{path}", answer)
        return answer

    assert ask(admin, "POST", "block", {"reason": "spam"}).status_code == 200
    refused = ask(signing.token(SERVER), "DELETE", "streak")
    assert (problem(refused), refused.json()["until"]) == ((403, "blocked"), None)
    assert ask(admin, "DELETE", "streak").status_code == 200
