"""A command as a shell takes it: what a person copies does what the runner would do."""

from __future__ import annotations

import subprocess

import pytest

from tools.deploy.action import Action, said
from tools.deploy.settings import NUMBER_UNKNOWN


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


@pytest.mark.parametrize(("answer", "status"), [("ALREADY_EXISTS: index", 0), ("PERMISSION_DENIED", 1)])
def test_only_that_it_was_done_before_is_no_failure(answer: str, status: int) -> None:
    command = ("sh", "-c", f"echo '{answer}' >&2; exit 7")
    action = Action(what="it", command=command, done_before="ALREADY_EXISTS")
    done = subprocess.run(["sh", "-c", action.shell()], capture_output=True, text=True, check=False)
    assert done.returncode == status
    assert done.stderr.strip() == ("" if status == 0 else answer)
