"""What people are told: a sentence for each refusal, with the numbers in force, and in every mode of Python."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from importlib import import_module
from itertools import combinations
from string import Formatter
from typing import TYPE_CHECKING, Final

import pytest

from emulator.places import ROOT
from functions.http import problems
from streak_core.domain import errors
from streak_core.domain.errors import StreakError
from streak_core.domain.refusals import NothingToRepair, RepairOnCooldown
from streak_core.store.unreadable import StoredByNewerVersion

if TYPE_CHECKING:
    from collections.abc import Iterator

# The kinds: nothing is ever refused with one of them itself.
KINDS: Final = {
    StreakError,
    errors.Unprocessable,
    errors.Conflict,
    errors.PreconditionFailed,
    errors.NotFound,
    errors.NotAllowed,
    errors.Gone,
    errors.Unavailable,
    errors.Limited,
    problems.EdgeError,
}


def family(kind: type[StreakError] = StreakError) -> Iterator[type[StreakError]]:
    for child in kind.__subclasses__():
        if child.__module__.startswith(("streak_core.", "functions.")):
            yield child
            yield from family(child)


for _path in (*(ROOT / "streak_core").rglob("*.py"), *(ROOT / "functions").rglob("*.py")):
    import_module(str(_path.relative_to(ROOT)).removesuffix(".py").removesuffix("/__init__").replace("/", "."))

REFUSALS: Final = sorted(set(family()) - KINDS, key=lambda one: one.__name__)


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda one: one.__name__)
def test_a_refusal_has_a_code_and_a_message_of_its_own(refusal: type[StreakError]) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", refusal.code)
    assert refusal.code != StreakError.code
    # Said in the class itself, unless it is a case of another one with the same code.
    assert "message" in vars(refusal) or refusal.code == refusal.__mro__[1].code  # type: ignore[attr-defined]
    assert refusal.message.endswith(".")


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda one: one.__name__)
def test_a_message_states_no_number_that_a_policy_can_change(refusal: type[StreakError]) -> None:
    words = r"\b(two|three|four|five|six|seven|eight|nine|ten|thirty|week)\b|\d"
    constant = re.findall(words, re.sub(r"\{\w+\}", "", refusal.message))
    assert constant == []


def test_no_two_refusals_share_a_code_unless_one_is_a_case_of_the_other() -> None:
    owners = [refusal for refusal in REFUSALS if "code" in vars(refusal)]
    for one, other in combinations(owners, 2):
        assert one.code != other.code, (one, other)


def test_the_message_has_the_numbers_it_is_given() -> None:
    told = RepairOnCooldown(days=12, again_from=date(2026, 4, 1)).detail
    assert told == "A streak can be repaired once in 12 days; again from 2026-04-01 on."
    assert {name for _, name, _, _ in Formatter().parse(RepairOnCooldown.message) if name} == {"days", "again_from"}


def test_messages_are_there_without_docstrings() -> None:
    script = (
        "from functions.http.problems import Unauthenticated\n"
        "from streak_core.domain.refusals import NothingToRepair\n"
        "print(NothingToRepair().detail)\nprint(Unauthenticated('missing').detail)"
    )
    shown = subprocess.run([sys.executable, "-OO", "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert shown.stdout.splitlines() == [NothingToRepair.message, problems.Unauthenticated.message]


def test_what_a_newer_version_wrote_is_worth_another_try() -> None:
    assert StoredByNewerVersion("schema_version").retry_after_seconds > errors.Unavailable.retry_after_seconds
