"""What an answer must be for a deployment to count as one that runs and is guarded."""

from __future__ import annotations

import pytest

from functions.catalogue import FUNCTIONS
from tools.deploy.errors import WrongUse
from tools.deploy.smoke import Check, Reply, base_url, checks

PROBLEM = "application/problem+json"
DATABASE = {"status": "healthy", "database": "FIRESTORE", "mode": "production"}


def check(path: str) -> Check:
    return next(one for one in checks(is_local=False) if one.path == path)


def reply(status: int, body: object = None, media_type: str = "application/json") -> Reply:
    return Reply(status=status, media_type=media_type, body=body)


@pytest.mark.parametrize(
    ("path", "good", "bad"),
    [
        ("/streak", reply(401, media_type=PROBLEM), reply(200)),
        # Cloud Run's own refusal: the function is not public.
        ("/streak", reply(401, media_type=PROBLEM), reply(403, media_type="text/html")),
        ("/calendar", reply(401, media_type=PROBLEM), reply(401, media_type="text/html")),
        ("/consistency", reply(401, media_type=PROBLEM), reply(500, media_type=PROBLEM)),
        ("/maintenance", reply(403), reply(200)),
        ("/maintenance", reply(404), reply(202)),
        ("/health", reply(200, {"status": "healthy"}), reply(503, {"status": 503})),
        ("/health", reply(200, {"status": "healthy"}), reply(200, {"status": "ok"})),
        ("/health/database", reply(200, DATABASE), reply(200, {**DATABASE, "mode": "emulator"})),
        ("/health/database", reply(200, DATABASE), reply(503, {})),
    ],
)
def test_a_right_answer_passes_and_the_nearest_wrong_one_does_not(path: str, good: Reply, bad: Reply) -> None:
    assert check(path).verdict(good) is None
    assert check(path).verdict(bad) is not None


def test_every_function_of_the_catalogue_is_asked() -> None:
    assert {one.function for one in checks(is_local=False)} == set(FUNCTIONS)


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("https://streak.example.com/", "http://streak.example.com"),
        ("http://127.0.0.1:8080", "ftp://127.0.0.1:8080"),
        ("http://localhost:8080", "http://localhost.example.com:8080"),
    ],
)
def test_only_this_machine_is_asked_without_encryption(good: str, bad: str) -> None:
    assert base_url(good) == good.rstrip("/")
    with pytest.raises(WrongUse):
        base_url(bad)
