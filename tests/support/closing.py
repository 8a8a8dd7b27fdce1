"""A restore that begins after so many questions whether there is one. Must not know who asks, or what they write."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.recorded_client import Recorder


class Closing:
    """Nothing is to be written once it has answered yes."""

    def __init__(self, recorder: Recorder, questions: int) -> None:
        """Open for so many questions."""
        self._recorder = recorder
        self._left = questions
        self._written: int | None = None

    def is_closed(self) -> bool:
        """Whether documents are restored by now."""
        self._left -= 1
        if self._left >= 0:
            return False
        if self._written is None:
            self._written = len(self._recorder.documents_written())
        return True

    def check(self) -> None:
        """It has closed, and nothing was written since."""
        assert len(self._recorder.documents_written()) == self._written
