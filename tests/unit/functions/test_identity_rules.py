"""The two checks beyond a good token: off unless asked for, and off where there is nobody to ask."""

from __future__ import annotations

import pytest

from streak_core.config import IdentityRules, identity_rules

REVOKED, APP, TENANT = "STREAK_CHECK_REVOKED", "STREAK_APP_CHECK", "STREAK_TENANT"
EMULATED = {"FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9099"}


@pytest.mark.parametrize(
    ("environ", "rules"),
    [
        ({}, IdentityRules()),
        ({REVOKED: "", APP: ""}, IdentityRules()),
        ({REVOKED: "off", APP: "off"}, IdentityRules()),
        ({REVOKED: "on"}, IdentityRules(checks_revoked=True)),
        ({APP: "on"}, IdentityRules(checks_app=True)),
        ({REVOKED: "on", APP: "on"}, IdentityRules(checks_revoked=True, checks_app=True)),
        ({REVOKED: "on", APP: "on", **EMULATED}, IdentityRules()),
    ],
)
def test_a_check_is_on_where_it_is_asked_for(environ: dict[str, str], rules: IdentityRules) -> None:
    wrong: list[str] = []
    assert identity_rules(environ, wrong) == rules
    assert wrong == []


@pytest.mark.parametrize(("text", "tenant"), [("", None), ("acme-x1y2z", "acme-x1y2z"), ("Four", "Four")])
@pytest.mark.parametrize("emulated", [{}, EMULATED])
def test_a_tenant_is_named_or_there_is_none(text: str, tenant: str | None, emulated: dict[str, str]) -> None:
    wrong: list[str] = []
    assert identity_rules({TENANT: text, **emulated}, wrong).tenant == tenant
    assert wrong == []


@pytest.mark.parametrize("text", ["abc", "-abc", "4cme", "acme x", "acme_x", "acmé-x", "a" * 37, "acme-x\n"])
def test_what_can_be_no_tenant_is_wrong_and_is_not_quietly_none(text: str) -> None:
    wrong: list[str] = []
    identity_rules({TENANT: text}, wrong)
    assert wrong == [f"{TENANT}: is not the id of a tenant, such as acme-x1y2z"]


@pytest.mark.parametrize("name", [REVOKED, APP])
@pytest.mark.parametrize("text", ["On", "true", "1", "yes", " on"])
@pytest.mark.parametrize("emulated", [{}, EMULATED])
def test_anything_else_is_wrong_and_is_not_quietly_off(name: str, text: str, emulated: dict[str, str]) -> None:
    wrong: list[str] = []
    identity_rules({name: text, **emulated}, wrong)
    assert wrong == [f"{name}: must be on or off"]
