"""The migrations there are, in their order, and the way from one form to another.

It must not know what any of them does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

from streak_core.migrations.migration import Migration, MigrationRefusedError
from streak_core.store.forms import tombstone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from streak_core.store.documents import Document
    from streak_core.store.migrated import Beside

_FOLDER: Final = Path(__file__).parent
_NAME: Final = re.compile(r"(?P<number>\d{4})_[a-z0-9_]+", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One migration on a way, and whether it is gone backwards."""

    migration: Migration
    is_down: bool


class Chain:
    """Migrations without a gap and with one head."""

    def __init__(self, migrations: Iterable[Migration], newest: int) -> None:
        """`newest` is the form that the code writes. Raises `MigrationRefusedError`."""
        self._by_number: dict[int, Migration] = {}
        for one in sorted(migrations, key=lambda each: (each.number, each.name)):
            if other := self._by_number.get(one.number):
                message = f"{other.name} and {one.name} both lead to form {one.number}: renumber the later one"
                raise MigrationRefusedError(message)
            self._by_number[one.number] = one
        for before, after in pairwise(self._by_number):
            if after != (wanted := _beside(before, 1)):
                message = f"no migration leads to form {wanted}, and one to {after}: numbers follow one another"
                raise MigrationRefusedError(message)
        if tombstone.VERSION in self._by_number:
            message = f"form {tombstone.VERSION} is what is left of users who were erased: take the next number"
            raise MigrationRefusedError(message)
        if newest not in self._by_number or max(self._by_number) != newest:
            message = f"the code writes form {newest}, migrations lead to {max(self._by_number, default='none')}"
            raise MigrationRefusedError(message)
        self.newest = newest

    @property
    def migrations(self) -> tuple[Migration, ...]:
        """In their order."""
        return tuple(self._by_number.values())

    @property
    def oldest(self) -> int:
        """The oldest form that documents may still have."""
        return _beside(min(self._by_number), -1)

    def check_recorded(self, checksums: Mapping[int, str]) -> None:
        """What was begun on a database, by number, is what is here. Raises `MigrationRefusedError`."""
        if later := [number for number in sorted(checksums) if number > self.newest]:
            message = (
                f"the database has been migrated to form {later[-1]}, and this code knows {self.newest} at most: "
                "use the version that migrated it"
            )
            raise MigrationRefusedError(message)
        for number, checksum in sorted(checksums.items()):
            here = self._by_number.get(number)
            if here and here.checksum != checksum:
                message = (
                    f"{here.name} is not what was run on this database (checksum {checksum[:12]} there, "
                    f"{here.checksum[:12]} here): bring its source back, and make the change a migration of its own"
                )
                raise MigrationRefusedError(message)

    def way(self, start: int, end: int) -> tuple[Step, ...]:
        """The steps from one form to another, in the order in which they are gone. Raises `MigrationRefusedError`."""
        forms = (self.oldest, *self._by_number)
        for form in (start, end):
            if form not in forms:
                message = f"no way leads to or from form {form}: this code knows {', '.join(map(str, forms))}"
                raise MigrationRefusedError(message)
        low, high = sorted((start, end))
        between = [one for number, one in self._by_number.items() if low < number <= high]
        if start <= end:
            return tuple(Step(migration=one, is_down=False) for one in between)
        return tuple(Step(migration=one, is_down=True) for one in reversed(between))


def whole_way(steps: Sequence[Step]) -> Step:
    """Several steps of one way as one, to be looked at and not to be gone: each finds what the one before has made."""
    first, *others = steps
    if not others:
        return first

    def up(document: Document, beside: Beside) -> Document:
        for one in steps:
            document = one.migration.up(document, beside)
        return document

    def down(document: Document, beside: Beside, *, accept_loss: bool = False) -> Document:
        for one in steps:
            document = one.migration.down(document, beside, accept_loss=accept_loss)
        return document

    named = " and ".join(one.migration.name for one in steps)
    return Step(migration=replace(others[-1].migration, name=named, up=up, down=down), is_down=first.is_down)


def _beside(form: int, by: int) -> int:
    """The form after another, or before it."""
    return form + by if form + by != tombstone.VERSION else form + 2 * by


def kept_in(folder: Path = _FOLDER, package: str = __package__ or "") -> tuple[Migration, ...]:
    """The migrations whose modules are in that folder. Raises `MigrationRefusedError`."""
    return tuple(_migration(path, package) for path in sorted(folder.glob("[0-9]*.py")))


def checksum_of(sources: Iterable[bytes]) -> str:
    """The same however lines end."""
    digest = sha256()
    for source in sources:
        digest.update(sha256(source.replace(b"\r\n", b"\n")).digest())
    return digest.hexdigest()


def _migration(path: Path, package: str) -> Migration:
    named = _NAME.fullmatch(path.stem)
    if not named:
        message = f"{path.name}: a migration is called NNNN_name.py, as in 0002_second_edition.py"
        raise MigrationRefusedError(message)
    module = import_module(f"{package}.{path.stem}")
    try:
        return Migration(
            number=int(named["number"]),
            name=path.stem,
            collections=module.COLLECTIONS,
            up=module.up,
            down=module.down,
            checksum=checksum_of([path.read_bytes(), *(Path(one.__file__).read_bytes() for one in module.MADE_OF)]),
        )
    except AttributeError as error:
        message = f"{path.name} has no {error.name}: a migration has COLLECTIONS, MADE_OF, up and down"
        raise MigrationRefusedError(message) from error
