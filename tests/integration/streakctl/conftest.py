"""A user who did everything, lived once, and copied into each test's own project. Must not know what is tested."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from google.cloud import firestore

from tests.integration.streakctl.proving import Documents, answers
from tests.support.projects import new_project
from tests.support.stored_life import StoredLife, documents_of, full_life, write_documents

if TYPE_CHECKING:
    from emulator.firestore import FirestoreEmulator
    from tests.support.recorded_client import RecordedClient


@pytest.fixture(scope="session")
def life(emulator: FirestoreEmulator) -> tuple[Documents, dict[str, Any]]:
    """Everything that is stored of a user who did everything, and everything that is answered about them."""
    assert emulator.host
    client = firestore.Client(project=new_project())
    StoredLife(client, "ada").live(full_life())
    documents = documents_of(client, "ada")
    stored = {one.reference.path for one in client.collection("streaks").recursive().stream()}
    assert documents.keys() == stored, "a test would not see what is left out here"
    return documents, answers(client)


@pytest.fixture(scope="session")
def lived(life: tuple[Documents, dict[str, Any]]) -> Documents:
    """Everything that is stored of that user."""
    return life[0]


@pytest.fixture(scope="session")
def before(life: tuple[Documents, dict[str, Any]]) -> dict[str, Any]:
    """Everything that is answered about that user."""
    return life[1]


@pytest.fixture(scope="module")
def source(emulator: FirestoreEmulator, lived: Documents) -> firestore.Client:
    """A project that holds that user; for a module, as what was stored before the next may be gone by then."""
    assert emulator.host
    client = firestore.Client(project=new_project())
    write_documents(client, lived)
    return client


@pytest.fixture
def ada(client: RecordedClient, lived: Documents) -> firestore.DocumentReference:
    """That user, in a project of the test's own."""
    write_documents(client, lived)
    return client.collection("streaks").document("ada")
