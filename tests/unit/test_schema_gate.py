"""Code that is older than the data serves nobody, and all other code everybody; it is asked about once a minute."""

from __future__ import annotations

import pytest

from streak_core.schema_gate import KNOWN_SECONDS, MigratedByNewerVersion, SchemaGate
from streak_core.store.unreadable import StoredByNewerVersion

NEWEST = 4


class Database:
    """Has been migrated to a form; time stands still until it is moved."""

    def __init__(self, migrated_to: int | None) -> None:
        self.migrated_to = migrated_to
        self.asked = 0
        self.seconds = 100.0
        self.gate = SchemaGate(self.find, NEWEST, lambda: self.seconds)

    def find(self) -> int | None:
        self.asked += 1
        return self.migrated_to


@pytest.mark.parametrize("migrated_to", [None, NEWEST - 2, NEWEST])
def test_code_that_knows_the_form_of_the_data_serves(migrated_to: int | None) -> None:
    Database(migrated_to).gate.check()


def test_code_that_is_older_than_the_data_says_so_as_of_one_user_who_is_newer() -> None:
    with pytest.raises(MigratedByNewerVersion) as refused:
        Database(NEWEST + 1).gate.check()
    assert refused.value.code == StoredByNewerVersion.code
    assert refused.value.retry_after_seconds == 30


def test_it_is_asked_about_once_a_minute() -> None:
    database = Database(None)
    for _ in range(9):
        database.gate.check()
    assert database.asked == 1
    database.migrated_to = NEWEST + 1
    database.seconds += KNOWN_SECONDS
    with pytest.raises(MigratedByNewerVersion):
        database.gate.check()
    assert database.asked == 2
