"""Databases that a backup is read back into, by Firestore's admin API: made, filled from an export, and deleted.

It must not know when that is due. Nothing but a database that such a name is of is ever written or deleted here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from google.api_core import exceptions

from streak_core.store.firestore_admin import SECONDS_MAX, admin_client, asking, looked_up

if TYPE_CHECKING:
    from streak_core.store.firestore_admin import Exported, ExportProgress

_NAME: Final = re.compile(r"verify-\d{8}-[0-9a-f]{8}", re.ASCII)
# A day, as in 20260302, and eight hexadecimal digits.
NAME: Final = "verify-{day}-{chance}"


class VerifyDatabases:
    """Those of a project, beside the database that is backed up."""

    def __init__(self, exported: Exported) -> None:
        """Connects to nothing yet."""
        self._project = f"projects/{exported.project}"
        # The database that is backed up, as Google names it.
        self.source = exported.name
        self._bucket = exported.bucket
        self._collections = list(exported.collections)
        self._client = admin_client(exported.emulator_host)

    def names(self) -> list[str]:
        """The names of those that there are. Raises `BackupUnavailable`."""
        with asking("firestore.list_databases"):
            found = self._client.list_databases(parent=self._project, timeout=SECONDS_MAX).databases
        names = [one.name.rpartition("/")[2] for one in found]
        return [one for one in names if _NAME.fullmatch(one)]

    def make(self, name: str) -> None:
        """Has it made where the other one lies; twice is once. Raises `BackupUnavailable`."""
        from google.cloud.firestore_admin_v1.types import Database, firestore_admin

        with asking("firestore.get_database"):
            source = self._client.get_database(name=self.source, timeout=SECONDS_MAX)
        made = Database(location_id=source.location_id, type_=Database.DatabaseType.FIRESTORE_NATIVE)
        request = firestore_admin.CreateDatabaseRequest(parent=self._project, database=made, database_id=_checked(name))
        with asking("firestore.create_database"):
            try:
                self._client.create_database(request, timeout=SECONDS_MAX, retry=None)
            except exceptions.AlreadyExists:
                return

    def is_there(self, name: str) -> bool:
        """Whether it is made by now, or not deleted yet. Raises `BackupUnavailable`."""
        with asking("firestore.get_database"):
            try:
                self._client.get_database(name=self._path(name), timeout=SECONDS_MAX)
            except exceptions.NotFound:
                return False
        return True

    def fill(self, name: str, export: str) -> str:
        """Has an export read in; answers the operation's name. Twice is once. Raises `BackupUnavailable`."""
        from google.cloud.firestore_admin_v1 import ImportDocumentsRequest

        request = ImportDocumentsRequest(
            name=self._path(name),
            collection_ids=self._collections,
            input_uri_prefix=f"gs://{self._bucket}/{export}",
        )
        with asking("firestore.import_documents"):
            return str(self._client.import_documents(request, timeout=SECONDS_MAX, retry=None).operation.name)

    def look(self, operation: str) -> ExportProgress:
        """How far reading in is; one that Google does not know has failed. Raises `BackupUnavailable`."""
        from google.cloud.firestore_admin_v1 import ImportDocumentsMetadata

        return looked_up(self._client, operation, ImportDocumentsMetadata())

    def delete(self, name: str) -> None:
        """Has it deleted; twice is once. Raises `BackupUnavailable`."""
        with asking("firestore.delete_database"):
            try:
                self._client.delete_database(name=self._path(name), timeout=SECONDS_MAX, retry=None)
            except exceptions.NotFound:
                return

    def _path(self, name: str) -> str:
        return f"{self._project}/databases/{_checked(name)}"


def _checked(name: str) -> str:
    """Raises `ValueError` for a name that no such database has."""
    if not _NAME.fullmatch(name):
        message = f"{name} is no database to verify a backup in"
        raise ValueError(message)
    return name
