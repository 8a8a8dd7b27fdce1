"""A store of users whom others change just before they are mended, or read again. Must not know what is looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.streakctl.mending import MendingStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from google.cloud import firestore

    from streak_core.proving.repository import Mend, UserDocument


class Meanwhile(MendingStore):
    """Others do something just before a user is mended, or read again."""

    def __init__(self, client: firestore.Client, *, mend: int = 0, user_doc: int = 0, do: Callable[[], object]) -> None:
        super().__init__(client)
        self.left = {"mend": mend, "user_doc": user_doc}
        self.do = do

    def _meanwhile(self, what: str) -> None:
        if self.left[what]:
            self.left[what] -= 1
            self.do()

    def mend(self, user_doc: UserDocument, mend: Mend) -> None:
        self._meanwhile("mend")
        super().mend(user_doc, mend)

    def user_document(self, user_doc_id: str) -> UserDocument:
        self._meanwhile("user_doc")
        return super().user_document(user_doc_id)
