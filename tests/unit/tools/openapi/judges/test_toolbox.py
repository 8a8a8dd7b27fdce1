"""Where the judges' programs are looked for, and that their folder is made once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tools.openapi.judges.toolbox import made_once, run

if TYPE_CHECKING:
    from pathlib import Path


def write_program(folder: Path, name: str, said: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\necho {said}\n", encoding="utf-8")
    (folder / name).chmod(0o755)


@pytest.mark.parametrize(("is_on_path", "said"), [(False, "brought"), (True, "on the path")])
def test_a_node_on_the_path_comes_before_the_one_that_make_brings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, *, is_on_path: bool
) -> None:
    write_program(tmp_path / "venv", "node", "brought")
    if is_on_path:
        write_program(tmp_path / "bin", "node", "on the path")
    monkeypatch.setattr("sys.executable", str(tmp_path / "venv" / "python"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert run("node", at=tmp_path).said == f"{said}\n"


def test_of_two_who_want_it_at_once_one_makes_it_and_both_find_it_whole(tmp_path: Path) -> None:
    folder, begun, both_at_it = tmp_path / "cache" / "tools", threading.Event(), threading.Event()
    made: list[Path] = []

    def fill() -> None:
        made.append(folder)
        if begun.is_set():
            both_at_it.set()
        begun.set()
        # With nothing in their way the other one gets here meanwhile.
        both_at_it.wait(0.3)
        (folder / "tool").touch()

    def wanted() -> bool:
        made_once(folder, fill)
        return (folder / "tool").exists()

    with ThreadPoolExecutor(2) as pool:
        assert all(one.result() for one in [pool.submit(wanted), pool.submit(wanted)])
    assert made == [folder]


def test_what_was_broken_off_is_made_anew(tmp_path: Path) -> None:
    folder = tmp_path / "tools"

    def break_off() -> None:
        (folder / "half").touch()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        made_once(folder, break_off)
    made_once(folder, (folder / "tool").touch)
    assert {one.name for one in folder.iterdir()} == {"tool", "made"}
