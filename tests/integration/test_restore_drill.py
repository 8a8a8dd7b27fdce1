"""What was backed up while 200 users lived is what is answered after all was lost, of every user."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tools.restore_drill.__main__ import main

if TYPE_CHECKING:
    import pytest

    from emulator.firestore import FirestoreEmulator


def test_two_hundred_lives_are_lost_and_restored_as_of_the_moment_of_their_backup(
    emulator: FirestoreEmulator, capfd: pytest.CaptureFixture[str]
) -> None:
    assert emulator.host
    assert main(["--users", "200", "--steps", "6"]) == 0
    out, errors = capfd.readouterr()
    assert "200 users: 200 equal" in out
    assert ": 0 answers differ from the model's" in out
    later = re.search(r"; ([0-9,]+) commands came later", errors)
    assert later
    assert int(later[1].replace(",", "")) > 0
