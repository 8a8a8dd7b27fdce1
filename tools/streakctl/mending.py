"""Writes what was proved to be right in the place of what is stored. It must not decide what is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streak_core.proving.repository import Mend, ProofStore, UserDocument
from streak_core.store import documents
from streak_core.store.writing import commit

if TYPE_CHECKING:
    from google.cloud import firestore

    from streak_core.store.documents import Document


class MendingStore(ProofStore):
    """The documents of all users, of which some are mended."""

    def mend(self, user_doc: UserDocument, mend: Mend) -> None:
        """Writes all of it, if the user is still as read. Raises `CommitFailed`."""
        commit(self._client, lambda transaction: self._write(transaction, user_doc, mend))

    def _write(self, transaction: firestore.Transaction, user_doc: UserDocument, mend: Mend) -> None:
        ref = self._streaks.document(user_doc.user_doc_id)
        if user_doc.update_time is None:
            transaction.create(ref, mend.document)
        else:
            option = self._client.write_option(last_update_time=user_doc.update_time)
            transaction.update(ref, mend.document, option=option)
        for month_id, days in mend.months.items():
            month = documents.month_documents(days).get(month_id)
            _put(transaction, ref.collection(documents.MONTHS).document(month_id), month)
        for event_id, event in mend.events.items():
            kept = documents.event_document(event) if event else None
            _put(transaction, ref.collection(documents.EVENTS).document(event_id), kept)
        for entry_id, fields in mend.entries.items():
            transaction.update(ref.collection(documents.LEDGER).document(entry_id), dict(fields))


def _put(transaction: firestore.Transaction, ref: firestore.DocumentReference, document: Document | None) -> None:
    if document is None:
        transaction.delete(ref)
    else:
        transaction.set(ref, document)
