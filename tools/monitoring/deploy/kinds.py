"""What a kind of object has to know to be deployed: how each is found again, created, changed and deleted.

It must not know files, nor any one kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection

    from tools.monitoring.deploy.comparing import Json

MessageT = TypeVar("MessageT")


class Kind(Protocol[MessageT]):
    """One kind of object in one project. Each method that calls the service raises `Refusal`."""

    title: ClassVar[str]

    def found(self, names: Collection[str], /) -> dict[str, MessageT]:
        """Ours among those of the project, by name; `names` are those that the folder has."""

    def create(self, name: str, wanted: MessageT) -> None:
        """Makes it."""

    def update(self, name: str, found: MessageT, wanted: MessageT, /) -> None:
        """Makes the one that is there what is wanted."""

    def delete(self, name: str, found: MessageT, /) -> None:
        """Deletes it."""

    def stated(self, message: MessageT) -> Json:
        """Its content without what only the server fills."""

    def is_same(self, found: Json, wanted: Json) -> bool:
        """Whether the server has what the file says; both as `stated`."""
