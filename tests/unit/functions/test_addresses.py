"""The address of a request is the one that a trusted proxy wrote, never what the client says."""

from __future__ import annotations

import pytest

from functions.http.addresses import client_address, kept_address
from streak_core.config.audit import AuditIp, AuditRules, audit_rules

SPOOFED = "1.1.1.1, 2.2.2.2, 198.51.100.7, 203.0.113.9"


@pytest.mark.parametrize(
    ("hops", "address"),
    [(0, "10.0.0.1"), (1, "203.0.113.9"), (2, "198.51.100.7"), (4, "1.1.1.1"), (5, None)],
)
def test_it_stands_as_many_hops_from_the_right_as_are_trusted(hops: int, address: str | None) -> None:
    assert client_address("10.0.0.1", SPOOFED, hops) == address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("203.0.113.9:4711", "203.0.113.9"),
        ("2001:DB8::1", "2001:db8::1"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("fe80::1%eth0", "fe80::1"),
        ("unknown", None),
        ("", None),
        ("203.0.113.999", None),
        ("<script>", None),
    ],
)
def test_what_is_no_address_is_none(text: str, address: str | None) -> None:
    assert client_address(None, text, 1) == address
    assert client_address(text, "", 0) == address


def test_an_empty_list_has_no_address() -> None:
    assert client_address("10.0.0.1", " ", 1) is None
    assert client_address(None, "1.1.1.1", 0) is None


@pytest.mark.parametrize(
    ("address", "truncated"), [("203.0.113.9", "203.0.113.0"), ("2001:db8:1:2::3", "2001:db8:1::"), (None, None)]
)
def test_as_much_is_kept_as_is_said(address: str | None, truncated: str | None) -> None:
    assert kept_address(address, AuditIp.FULL) == address
    assert kept_address(address, AuditIp.TRUNCATED) == truncated
    assert kept_address(address, AuditIp.OFF) is None


@pytest.mark.parametrize(
    ("environ", "rules"),
    [
        ({}, AuditRules()),
        ({"K_SERVICE": "admin"}, AuditRules(trusted_hops=1)),
        ({"K_SERVICE": "admin", "STREAK_TRUSTED_HOPS": "0"}, AuditRules()),
        ({"AUDIT_IP": "full", "STREAK_TRUSTED_HOPS": "9"}, AuditRules(ip=AuditIp.FULL, trusted_hops=9)),
        ({"AUDIT_IP": "off"}, AuditRules(ip=AuditIp.OFF)),
    ],
)
def test_the_environment_says_both(environ: dict[str, str], rules: AuditRules) -> None:
    wrong: list[str] = []
    assert (audit_rules(environ, wrong), wrong) == (rules, [])


@pytest.mark.parametrize(
    ("name", "text"),
    [("AUDIT_IP", "on"), ("AUDIT_IP", "FULL"), ("STREAK_TRUSTED_HOPS", "10"), ("STREAK_TRUSTED_HOPS", "-1")],
)
def test_any_other_word_is_refused_by_the_name_of_the_variable(name: str, text: str) -> None:
    wrong: list[str] = []
    audit_rules({name: text}, wrong)
    assert [one.partition(":")[0] for one in wrong] == [name]
