"""An answer that is the client's already is found out by its version, and never made."""

from __future__ import annotations

from flask import Request
from werkzeug.test import EnvironBuilder

from functions.http.rendering import versioned_response
from streak_core.versions import Versioned

CONTENT = {"days": [1, 2]}


class Asking:
    """What answers, and what was asked of it."""

    def __init__(self, version: str = "v1") -> None:
        self.now = version
        self.asked: list[str] = []

    def version(self) -> str:
        self.asked.append("version")
        return self.now

    def content(self) -> Versioned[dict[str, list[int]]]:
        self.asked.append("content")
        return Versioned(version=self.now, content=CONTENT)

    def get(self, tag: str | None = None, asked: tuple[object, ...] = ("calendar", 30)) -> tuple[int, str, bytes]:
        headers = [("If-None-Match", tag)] if tag else []
        request = Request(EnvironBuilder(headers=headers).get_environ())
        response = versioned_response(request, asked, self.version, self.content)
        assert response.headers["Cache-Control"] == "private, no-cache"
        return response.status_code, response.headers["ETag"], response.get_data()


def test_without_a_tag_the_content_is_asked_for_alone() -> None:
    asking = Asking()
    status, tag, body = asking.get()
    assert (status, body) == (200, b'{"days": [1, 2]}')
    assert tag.startswith('"')
    assert asking.asked == ["content"]


def test_the_tag_of_the_same_version_costs_the_version_alone() -> None:
    asking = Asking()
    tag = asking.get()[1]
    asking.asked.clear()
    assert asking.get(tag) == (304, tag, b"")
    assert asking.asked == ["version"]


def test_the_tag_of_another_version_or_question_is_answered_in_full() -> None:
    asking = Asking()
    tag = asking.get()[1]
    status, of_more_days, _ = asking.get(tag, ("calendar", 31))
    assert (status, of_more_days == tag) == (200, False)
    asking.now = "v2"
    asking.asked.clear()
    status, newer, _ = asking.get(tag)
    assert (status, newer == tag) == (200, False)
    assert asking.asked == ["version", "content"]
