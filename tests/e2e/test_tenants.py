"""Whose users are users here: those of the one tenant that is named, or of none; two tenants share ids, not people."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import httpx
import pytest

from emulator.firestore import FirestoreEmulator
from testing import contract
from tests.e2e.client import problem
from tests.e2e.google_stand_in import GoogleStandIn
from tests.e2e.one_function import OneFunction
from tests.e2e.verifying import USER, Verifying

TENANT: Final = "acme-x1y2z"
WRONG: Final[tuple[Any, ...]] = ("other-x1y2z", "ACME-x1y2z", "acme-x1y2", "", 7)


def signed_in(tenant: object) -> dict[str, Any]:
    """The claims of somebody who signed in at a tenant; None at none."""
    return {**USER, "firebase": {"sign_in_provider": "password", **({} if tenant is None else {"tenant": tenant})}}


@pytest.mark.parametrize("claims", [USER, signed_in(None), {**USER, "firebase": "x"}])
def test_where_no_tenant_is_named_a_user_of_none_is_taken(verifying: Verifying, claims: dict[str, Any]) -> None:
    assert verifying.status("streak", claims) == 200


@pytest.mark.parametrize("tenant", [TENANT, *WRONG])
def test_where_no_tenant_is_named_a_user_of_any_is_refused(verifying: Verifying, tenant: object) -> None:
    answer = verifying.answer("streak", verifying.google.signing.token(signed_in(tenant)))
    assert problem(answer) == (401, "wrong_tenant")


def test_an_admin_of_a_tenant_is_no_admin_where_none_is_named(verifying: Verifying) -> None:
    assert verifying.status("maintenance", {**signed_in(TENANT), "admin": True}) == 401
    assert verifying.status("maintenance", {**signed_in(None), "admin": True}) == 200


@dataclass(frozen=True)
class OfTenant:
    """The function streak of a deployment for one tenant, which asks about revoked users."""

    google: GoogleStandIn
    url: str
    http: httpx.Client

    def answer(self, claims: dict[str, Any]) -> httpx.Response:
        """What it answers to the bearer of a token with these claims."""
        token = self.google.signing.token(claims)
        answer = self.http.get(f"{self.url}/streak", headers={"Authorization": f"Bearer {token}"})
        contract.check_answer("GET", "/streak", answer)
        return answer


@pytest.fixture(scope="module")
def of_tenant(
    emulator: FirestoreEmulator, http: httpx.Client, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OfTenant]:
    """A deployment for one tenant."""
    with GoogleStandIn(tmp_path_factory.mktemp("google")) as google:
        settings = {"STREAK_TENANT": TENANT, "STREAK_CHECK_REVOKED": "on"}
        own = {"FIRESTORE_EMULATOR_HOST": emulator.host, **google.environment, **settings}
        with OneFunction("streak", own) as streak:
            assert streak.starts(), streak.output()
            yield OfTenant(google, streak.url, http)


def known(of_tenant: OfTenant, **account: Any) -> str:
    """The id of a user whose account is like that."""
    uid = f"user-{uuid.uuid4().hex}"
    of_tenant.google.accounts[uid] = {"tenantId": TENANT, **account}
    return uid


def test_a_user_of_the_tenant_is_taken(of_tenant: OfTenant) -> None:
    uid = known(of_tenant)
    assert of_tenant.answer({**signed_in(TENANT), "sub": uid}).json()["user_id"] == uid


@pytest.mark.parametrize("tenant", [None, *WRONG])
def test_a_user_of_another_tenant_or_of_none_is_refused_and_not_asked_about(
    of_tenant: OfTenant, tenant: object
) -> None:
    uid = known(of_tenant)
    assert problem(of_tenant.answer({**signed_in(tenant), "sub": uid})) == (401, "wrong_tenant")
    assert uid not in of_tenant.google.asked


def test_a_disabled_user_of_the_tenant_is_refused(of_tenant: OfTenant) -> None:
    uid = known(of_tenant, disabled=True)
    assert problem(of_tenant.answer({**signed_in(TENANT), "sub": uid})) == (401, "unauthenticated")
