"""What is to be done so that a project has what the folder says: one change an object, in the order of doing it.

It must not do any of it.
"""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tools.monitoring.deploy.kinds import Json, Kind


class Verdict(StrEnum):
    """What is to become of an object."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    # It is ours, and the folder does not have it any more.
    GONE = "gone"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One object: what the project has of it, and what the folder says."""

    kind: Kind
    name: str
    verdict: Verdict
    found: Any = None
    wanted: Any = None
    # How the two differ, as a unified diff.
    diff: str = ""

    @property
    def title(self) -> str:
        """As in "log metric streak/requests"."""
        return f"{self.kind.title} {self.name}"

    def carry_out(self) -> None:
        """Does it. Raises `Refusal`."""
        match self.verdict:
            case Verdict.CREATE:
                self.kind.create(self.name, self.wanted)
            case Verdict.UPDATE:
                self.kind.update(self.name, self.found, self.wanted)
            case Verdict.GONE:
                self.kind.delete(self.name, self.found)
            case Verdict.UNCHANGED:
                pass


def plan(parts: Iterable[tuple[Kind, Mapping[str, Any]]]) -> list[Change]:
    """The changes to each kind of object, in the order given; what is gone comes last. Raises `Refusal`."""
    changes, gone = [], []
    for kind, wanted in parts:
        found = kind.found(wanted.keys())
        changes += [_change(kind, name, found.get(name), message) for name, message in wanted.items()]
        gone += [
            Change(kind=kind, name=name, verdict=Verdict.GONE, found=message)
            for name, message in found.items()
            if name not in wanted
        ]
    # What leans on another object is deleted before it.
    return [*changes, *reversed(gone)]


def _change(kind: Kind, name: str, found: Any, wanted: Any) -> Change:  # noqa: ANN401 - messages of the kind
    after = kind.stated(wanted)
    before = None if found is None else kind.stated(found)
    if before is not None and kind.is_same(before, after):
        return Change(kind=kind, name=name, verdict=Verdict.UNCHANGED, found=found, wanted=wanted)
    verdict = Verdict.CREATE if before is None else Verdict.UPDATE
    diff = _difference(f"{kind.title}/{name}".replace(" ", "_"), before, after)
    return Change(kind=kind, name=name, verdict=verdict, found=found, wanted=wanted, diff=diff)


def _difference(name: str, found: Json | None, wanted: Json) -> str:
    """The unified diff that leads from what the server has, if anything, to what the file says."""
    before, after = ([] if one is None else _canonical(one).splitlines() for one in (found, wanted))
    return "\n".join(difflib.unified_diff(before, after, f"deployed/{name}", f"folder/{name}", lineterm=""))


def _canonical(content: Json) -> str:
    return json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False)
