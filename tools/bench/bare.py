"""The bare client: single RPCs with requests that are made beforehand, and nothing around them.

It must not know streaks. What it costs is the least that anything on this client can cost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from google.cloud.firestore_v1.types import CommitRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from google.cloud import firestore


def rpc(client: firestore.Client, method: str, request: Any) -> Any:  # noqa: ANN401 - each method has types of its own
    """One RPC, with the metadata that the client itself sends."""
    api = client._firestore_api  # noqa: SLF001 - the lowest layer of the client that is still the client
    return getattr(api, method)(request=request, metadata=client._rpc_metadata)  # noqa: SLF001


def database_of(client: firestore.Client) -> str:
    """The name of the database, as requests want it."""
    name: str = client._database_string  # noqa: SLF001 - it is public nowhere
    return name


def send(client: firestore.Client, request: CommitRequest, *, in_transaction: bool) -> None:
    """One commit, in a transaction of its own or without any."""
    if in_transaction:
        begun = rpc(client, "begin_transaction", {"database": database_of(client)})
        CommitRequest.pb(request).transaction = begun.transaction
    rpc(client, "commit", request)


def prepared(kept: bytes, changed: Mapping[str, str]) -> CommitRequest:
    """A commit that was sent once, made ready to be sent elsewhere.

    Each text becomes another one of the same length, so that the request stays as large as it was. That a document
    must not have changed since it was read becomes that it must exist.
    """
    for before, after in changed.items():
        if len(before.encode()) != len(after.encode()):
            message = f"{before!r} and {after!r} differ in length"
            raise ValueError(message)
        kept = kept.replace(before.encode(), after.encode())
    request: CommitRequest = CommitRequest.deserialize(kept)
    encoded = CommitRequest.pb(request)
    encoded.transaction = b""
    for write in encoded.writes:
        if write.current_document.HasField("update_time"):
            write.current_document.exists = True
    return request
