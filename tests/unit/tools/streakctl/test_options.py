"""What is typed is taken exactly, and what is not of the form is refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import typer

from tools.streakctl.options import moment, user_id


@pytest.mark.parametrize("text", ["2026-03-02T09:00:00Z", "2026-03-02t10:00:00+01:00", "2026-03-02T09:00:00.000Z"])
def test_a_moment_is_an_rfc_3339_instant(text: str) -> None:
    assert moment(text) == datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "2026-03-02", "2026-03-02T09:00:00", "2026-W10-1T09:00:00Z", "0001-01-01T00:00:00+14:00", "tomorrow"]
)
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="must be an instant"):
        moment(text)


@pytest.mark.parametrize("text", ["a", "a" * 1500, "é" * 750, "a/b", "\x1b"])
def test_a_user_id_is_any_text_that_firestore_takes(text: str) -> None:
    assert user_id(text) == text


@pytest.mark.parametrize("text", ["", "a" * 1501, "é" * 751, "\udcff"])
def test_a_user_id_that_no_document_can_have_is_refused(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="1 to 1500 bytes"):
        user_id(text)
