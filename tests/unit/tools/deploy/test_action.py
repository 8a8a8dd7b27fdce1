"""A command as a shell takes it: what a person copies does what the runner would do."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tools.deploy.action import FOUND, Action, said
from tools.deploy.settings import NUMBER_UNKNOWN

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "word", ["plain", "two words", "it's", 'say "hi"', "$HOME", "a;b|c", "--flag=two words", "--x=", ""]
)
def test_a_shell_reads_back_the_very_words(word: str) -> None:
    answer = subprocess.run(["sh", "-c", said(("printf", "%s", word))], capture_output=True, text=True, check=True)
    assert answer.stdout == word


@pytest.mark.parametrize("text", ["https://a-{}.run.app", "--set-env-vars=^;^A=1;B=https://a-{}.run.app;C=it's {}"])
def test_the_number_of_the_project_is_a_variable_until_it_is_known(text: str) -> None:
    line = f"PROJECT_NUMBER=42; {said(('printf', '%s', text.format(NUMBER_UNKNOWN, NUMBER_UNKNOWN)))}"
    answer = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=True)
    assert answer.stdout == text.format(42, 42)


@pytest.mark.parametrize(
    ("question", "told", "status"),
    [
        ("exit 0", "updated\n", 0),
        ("echo 'NOT_FOUND: no such thing' >&2; exit 1", "created\n", 0),
        ("echo 'Cannot find service [x]' >&2; exit 1", "created\n", 0),
        # That it was not seen does not mean that it is not there.
        ("echo PERMISSION_DENIED >&2; exit 1", "", 1),
    ],
)
def test_what_is_there_is_updated_and_what_is_not_is_created(question: str, told: str, status: int) -> None:
    action = Action(what="it", question=("sh", "-c", question), command=("echo", "created"), update=("echo", "updated"))
    done = subprocess.run(["sh", "-euc", action.shell()], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode, "PERMISSION_DENIED" in done.stderr) == (told, status, bool(status))


@pytest.mark.parametrize(
    ("listing", "told", "status"),
    [
        ("echo it-1", "updated it-1\n", 0),
        ("exit 0", "created\n", 0),
        # That it was not seen does not mean that it is not there.
        ("echo PERMISSION_DENIED >&2; exit 1", "", 1),
    ],
)
def test_what_a_listing_names_is_updated_by_that_name_and_else_created(listing: str, told: str, status: int) -> None:
    update = ("echo", "updated", FOUND)
    action = Action(what="it", listing=("sh", "-c", listing), command=("echo", "created"), update=update)
    done = subprocess.run(["sh", "-euc", action.shell()], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode, "PERMISSION_DENIED" in done.stderr) == (told, status, bool(status))


@pytest.mark.parametrize(("answer", "status"), [("ALREADY_EXISTS: index", 0), ("PERMISSION_DENIED", 1)])
def test_only_that_it_was_done_before_is_no_failure(answer: str, status: int) -> None:
    command = ("sh", "-c", f"echo '{answer}' >&2; exit 7")
    action = Action(what="it", command=command, done_before="ALREADY_EXISTS")
    done = subprocess.run(["sh", "-c", action.shell()], capture_output=True, text=True, check=False)
    assert done.returncode == status
    assert done.stderr.strip() == ("" if status == 0 else answer)


def tried(tmp_path: Path, answers: list[str], action: Action) -> tuple[subprocess.CompletedProcess[str], list[int]]:
    """How it ends where the command fails with these answers, one after another, and then succeeds; and the pauses."""
    (tmp_path / "sleep").write_text(f'#!/bin/sh\necho "$1" >>{tmp_path}/slept\n')
    (tmp_path / "answers").write_text("".join(f"{one}\n" for one in answers))
    (tmp_path / "make-it").write_text(
        f"#!/bin/sh\ncd {tmp_path}\nread -r first <answers || exit 0\nsed -i 1d answers\necho $first >&2\nexit 1\n"
    )
    for name in ("sleep", "make-it"):
        (tmp_path / name).chmod(0o755)
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    command = ["sh", "-euc", action.shell()]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    slept = tmp_path / "slept"
    return done, [int(one) for one in slept.read_text().split()] if slept.exists() else []


BUSY = Action(what="it", command=("make-it",), busy=("ABORTED", "409"), done_before="ALREADY_EXISTS")


@pytest.mark.parametrize("last", ["ALREADY_EXISTS: index", ""])
def test_what_is_busy_is_tried_again_after_pauses_that_grow(tmp_path: Path, last: str) -> None:
    answers = ["ABORTED: too much contention", "HTTPError 409: operation in progress", "ABORTED", *filter(None, [last])]
    done, pauses = tried(tmp_path, answers, BUSY)
    assert (done.returncode, done.stderr, pauses) == (0, "", [5, 10, 20])


@pytest.mark.parametrize(("question", "told"), [("exit 0", "updated\n"), ("echo NOT_FOUND >&2; exit 1", "")])
def test_what_is_not_there_is_made_as_soon_as_it_is_not_busy(tmp_path: Path, question: str, told: str) -> None:
    asked = replace(BUSY, question=("sh", "-c", question), update=("echo", "updated"), done_before=None)
    done, pauses = tried(tmp_path, ["ABORTED", "HTTPError 409"], asked)
    assert (done.returncode, done.stdout, pauses) == (0, told, [] if told else [5, 10])
    refused, _ = tried(tmp_path, ["PERMISSION_DENIED"], replace(asked, question=("sh", "-c", "echo NOT_FOUND; exit 1")))
    assert (refused.returncode, refused.stderr) == (1, "PERMISSION_DENIED\n")


def test_what_stays_busy_ends_after_ten_minutes_and_with_its_own_words(tmp_path: Path) -> None:
    done, pauses = tried(tmp_path, ["ABORTED: contention"] * 20, BUSY)
    assert done.returncode == 1
    assert done.stderr == "ABORTED: contention\n"
    assert sum(pauses) == 635


def test_an_answer_that_is_neither_busy_nor_done_is_told_at_once(tmp_path: Path) -> None:
    done, pauses = tried(tmp_path, ["ABORTED", "PERMISSION_DENIED"], BUSY)
    assert (done.returncode, done.stderr, pauses) == (1, "PERMISSION_DENIED\n", [5])
