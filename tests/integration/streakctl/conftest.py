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
def source(emulator: FirestoreEmulator) -> firestore.Client:
    """A project in which one user did everything."""
    assert emulator.host
    client = firestore.Client(project=new_project())
    StoredLife(client, "ada").live(full_life())
    return client


@pytest.fixture(scope="session")
def lived(source: firestore.Client) -> Documents:
    """Everything that is stored of that user."""
    return documents_of(source, "ada")


@pytest.fixture(scope="session")
def before(source: firestore.Client) -> dict[str, Any]:
    """Everything that is answered about that user."""
    return answers(source)


@pytest.fixture
def ada(client: RecordedClient, lived: Documents) -> firestore.DocumentReference:
    """That user, in a project of the test's own."""
    write_documents(client, lived)
    return client.collection("streaks").document("ada")
