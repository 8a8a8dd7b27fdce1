"""What a run left out for want of a program is said, with how to get it; what was left out otherwise is not."""

from __future__ import annotations

import pytest

from tests.support.wanted import needs, what_was_missing


def skipped(reason: str) -> pytest.TestReport:
    return pytest.TestReport(
        nodeid="test.py::test",
        location=("test.py", 1, "test"),
        keywords={},
        outcome="skipped",
        longrepr=("test.py", 1, f"Skipped: {reason}"),
        when="setup",
    )


def test_each_missing_program_is_told_once_with_the_number_of_tests_and_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    for_want = [skipped(needs(name).kwargs["reason"]) for name in ("prometheus", "gcloud", "prometheus")]
    assert all(needs(name).args == (True,) for name in ("prometheus", "gcloud"))
    assert what_was_missing([*for_want, skipped("looks for processes in /proc")]) == (
        "Not everything was tested, for want of gcloud (1 skipped; https://cloud.google.com/sdk/docs/install), "
        "prometheus (2 skipped; apt-get install prometheus, or brew install prometheus)"
    )


def test_where_no_program_was_missing_nothing_is_said() -> None:
    assert what_was_missing([]) is None
    assert what_was_missing([skipped("looks for processes in /proc")]) is None


def test_a_program_that_nobody_knows_how_to_get_is_refused() -> None:
    with pytest.raises(KeyError):
        needs("firefox")
