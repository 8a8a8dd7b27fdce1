"""A client of an empty database, through a recorder. Must not know what is tested."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.recorded_client import RecordedClient, Recorder

if TYPE_CHECKING:
    from emulator.firestore import FirestoreEmulator


@pytest.fixture
def recorder() -> Recorder:
    """What the client sends, and where it fails."""
    return Recorder()


@pytest.fixture
def client(emulator: FirestoreEmulator, project_id: str, recorder: Recorder) -> RecordedClient:
    """A client of a project that no other test uses."""
    assert emulator.host
    return RecordedClient(project_id, recorder)
