"""Migrations are numbered in a row, lead to the form that the code writes, and are those that a database was given."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from emulator.places import ROOT
from streak_core.migrations.chain import Chain, checksum_of, kept_in, whole_way
from streak_core.migrations.migration import Migration, MigrationRefusedError
from streak_core.store.documents import FORM_1, SCHEMA_VERSION
from streak_core.store.migrated import Beside
from tests.support.shipped_policy import RULES

if TYPE_CHECKING:
    from pathlib import Path

    from streak_core.store.documents import Document

FOLDER: Final = ROOT / "streak_core" / "migrations"
REAL: Final = kept_in()


def numbered(number: int, name: str = "some") -> Migration:
    return replace(REAL[0], number=number, name=f"{number:04d}_{name}", checksum=checksum_of([name.encode()]))


def chain(*numbers: int) -> Chain:
    return Chain([numbered(one) for one in numbers], numbers[-1])


def test_the_migrations_there_are_lead_from_the_oldest_form_to_the_one_that_is_written() -> None:
    real = Chain(REAL, SCHEMA_VERSION)
    assert (real.oldest, real.migrations) == (FORM_1, REAL)
    assert [one.name for one in REAL] == ["0002_second_edition"]
    assert REAL[0].collections == ("streaks",)


@pytest.mark.parametrize(
    ("migrations", "newest", "because"),
    [
        ([numbered(2), numbered(4), numbered(4, "other")], 4, "0004_other and 0004_some both lead to form 4"),
        ([numbered(2), numbered(5)], 5, "no migration leads to form 4, and one to 5"),
        ([numbered(4), numbered(6)], 6, "no migration leads to form 5, and one to 6"),
        ([numbered(2), numbered(3)], 3, "no migration leads to form 4, and one to 3"),
        ([numbered(3), numbered(4)], 4, "form 3 is what is left of users who were erased"),
        ([numbered(2), numbered(4)], 2, "writes form 2, migrations lead to 4"),
        ([numbered(2)], 4, "writes form 4, migrations lead to 2"),
        ([], 2, "writes form 2, migrations lead to none"),
    ],
)
def test_two_heads_a_gap_and_another_end_than_the_code_has_are_refused(
    migrations: list[Migration], newest: int, because: str
) -> None:
    with pytest.raises(MigrationRefusedError, match=because):
        Chain(migrations, newest)


def test_they_may_begin_with_any_number_and_come_in_any_order() -> None:
    later = Chain([numbered(5), numbered(4)], 5)
    assert ([one.number for one in later.migrations], later.oldest) == ([4, 5], 2)
    assert Chain([numbered(5)], 5).oldest == 4


@pytest.mark.parametrize(
    ("start", "end", "steps"),
    [(1, 4, [(2, False), (4, False)]), (4, 1, [(4, True), (2, True)]), (2, 4, [(4, False)]), (2, 2, [])],
)
def test_a_way_goes_through_each_form_between(start: int, end: int, steps: list[tuple[int, bool]]) -> None:
    assert [(one.migration.number, one.is_down) for one in chain(2, 4).way(start, end)] == steps


@pytest.mark.parametrize(("start", "end"), [(0, 4), (4, 0), (1, 5), (5, 1), (1, 3), (3, 1)])
def test_no_way_leads_beyond_the_forms_that_are_known(start: int, end: int) -> None:
    with pytest.raises(MigrationRefusedError, match="knows 1, 2, 4"):
        chain(2, 4).way(start, end)


def test_what_was_run_on_a_database_must_be_what_is_here() -> None:
    known = chain(4, 5)
    same = numbered(4).checksum
    known.check_recorded({})
    known.check_recorded({4: same, 5: same})
    # Of one that no code has any more, nothing can be said.
    known.check_recorded({2: "gone", 4: same})
    with pytest.raises(MigrationRefusedError, match="0005_some is not what was run on this database"):
        known.check_recorded({4: same, 5: checksum_of([b"other"])})
    with pytest.raises(MigrationRefusedError, match="has been migrated to form 6, and this code knows 5 at most"):
        known.check_recorded({4: same, 6: same})


def test_a_checksum_is_the_same_however_lines_end_and_another_for_each_change() -> None:
    assert checksum_of([b"a\r\nb\r\n", b"c"]) == checksum_of([b"a\nb\n", b"c"])
    assert len({checksum_of(one) for one in ([b"a", b"b"], [b"ab"], [b"b", b"a"], [b"a"], [b"a", b"b", b""])}) == 5


def package(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, change: str = "") -> str:
    """A package with the real migration under that name, with something of it left out."""
    made = folder / f"kept_{name.partition('.')[0]}"
    made.mkdir()
    (made / "__init__.py").touch()
    shutil.copy(FOLDER / "0002_second_edition.py", made / name)
    source = (made / name).read_text(encoding="utf-8")
    (made / name).write_text(source.replace(change, "# ", 1) if change else source, encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder))
    return made.name


def test_a_copy_has_the_same_checksum_and_a_changed_one_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    same = package(tmp_path, monkeypatch, "0002_same.py")
    other = package(tmp_path, monkeypatch, "0002_other.py", "# What of the rest")
    assert kept_in(tmp_path / same, same)[0].checksum == REAL[0].checksum
    assert kept_in(tmp_path / other, other)[0].checksum != REAL[0].checksum


def test_a_module_without_a_part_or_with_another_kind_of_name_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = package(tmp_path, monkeypatch, "0002_short.py", "COLLECTIONS: Final")
    with pytest.raises(MigrationRefusedError, match=r"0002_short\.py has no COLLECTIONS"):
        kept_in(tmp_path / short, short)
    with pytest.raises(MigrationRefusedError, match=r"called NNNN_name\.py"):
        kept_in(tmp_path / package(tmp_path, monkeypatch, "2_second.py"), "any")


def test_a_whole_way_is_gone_as_its_steps_are_one_after_another() -> None:
    def marked(number: int) -> Migration:
        def up(document: Document, beside: Beside) -> Document:
            del beside
            return {"way": [*document["way"], f"up {number}"]}

        def down(document: Document, beside: Beside, *, accept_loss: bool = False) -> Document:
            del beside
            return {"way": [*document["way"], f"down {number} {accept_loss}"]}

        return replace(numbered(number), up=up, down=down)

    both = Chain([marked(4), marked(5)], 5)
    beside = Beside(rules=RULES, decided=(), newest_entry=None)
    up, down = whole_way(both.way(2, 5)), whole_way(both.way(5, 2))
    assert up.migration.up({"way": []}, beside) == {"way": ["up 4", "up 5"]}
    assert down.migration.down({"way": []}, beside, accept_loss=True) == {"way": ["down 5 True", "down 4 True"]}
    assert (down.is_down, down.migration.name) == (True, "0005_some and 0004_some")
    (one,) = both.way(4, 5)
    assert whole_way([one]) is one
