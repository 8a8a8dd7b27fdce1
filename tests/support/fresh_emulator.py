"""The emulator that all tests of a worker share, as it was at its start. Must not know what is tested."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.token import PROJECT
from tests.support.index_file import undeclared
from tests.support.projects import forget_projects, projects_of_this_run

if TYPE_CHECKING:
    from emulator.firestore import FirestoreEmulator


def nothing_undeclared(emulator: FirestoreEmulator) -> None:
    """No query of the product, in any test until now, needed an index that is not declared."""
    missing = undeclared(emulator.host, (PROJECT, *projects_of_this_run()))
    assert not missing, "a test before this one: what asks what the product never asks has to ask elsewhere"


def start_anew(emulator: FirestoreEmulator) -> None:
    """Without what the modules before have left: with no index, the emulator goes through it all for each query.

    It does so through what was deleted, too. Of an emulator of somebody else's, our project alone is emptied.
    """
    if emulator.child is None:
        emulator.reset(PROJECT)
        return
    try:
        nothing_undeclared(emulator)
    finally:
        emulator.reset_all()
        forget_projects()
