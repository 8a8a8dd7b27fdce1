"""The schemas of the contract by name. Must not know what is tested."""

from __future__ import annotations

from typing import Any, Final

from testing import contract

SCHEMAS: Final[Any] = contract.DOCUMENT["components"]["schemas"]


def named_schemas(name: str) -> list[Any]:
    """The schema, or each of those that it is one of."""
    return [contract.resolved(one, "")[0] for one in SCHEMAS[name].get("oneOf", [SCHEMAS[name]])]
