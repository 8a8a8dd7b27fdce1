"""The page about threats names tests that exist, variables that are read, and each of the ten risks."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import pytest

from emulator.places import ROOT

PAGE: Final = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
SECTIONS: Final = {text.partition("\n")[0]: text for text in PAGE.split("\n## ")[1:]}
NAMED: Final = sorted(set(re.findall(r"`(test_\w+)`", PAGE)))
TEST: Final = re.compile(r"^(?:    )?def (test_\w+)\(", re.MULTILINE)


@cache
def names_of_tests() -> frozenset[str]:
    """The name of every test."""
    files = (ROOT / "tests").rglob("test_*.py")
    return frozenset(name for file in files for name in TEST.findall(file.read_text(encoding="utf-8")))


def rows(section: str) -> list[list[str]]:
    """The cells of a section's table."""
    lines = [line for line in SECTIONS[section].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@pytest.mark.parametrize("name", NAMED)
def test_a_test_that_is_named_exists(name: str) -> None:
    assert name in names_of_tests()


def test_each_threat_has_an_answer_and_a_test() -> None:
    threats = rows("Threats")
    assert len(threats) > 15
    for threat, answer, tests in threats:
        assert threat
        assert answer
        assert re.fullmatch(r"`test_\w+`( `test_\w+`)*", tests), threat


def test_each_of_the_ten_risks_is_there_once() -> None:
    risks = rows("OWASP API Security Top 10 (2023)")
    assert [risk.split()[0] for risk, _ in risks] == [f"API{number}" for number in range(1, 11)]
    assert all(here for _, here in risks)


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(STREAK_\w+)=", PAGE))))
def test_a_variable_that_is_named_is_read(name: str) -> None:
    assert f'"{name}"' in (ROOT / "streak_core" / "config" / "__init__.py").read_text(encoding="utf-8")
