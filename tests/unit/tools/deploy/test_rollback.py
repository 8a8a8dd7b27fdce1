"""Which revision is the one before, by what Google says of revisions and traffic."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tools.deploy.rollback import previous, read_revisions, read_serving


def told(name: str, day: int, *, ready: str = "True") -> dict[str, Any]:
    conditions = [{"type": "Active", "status": "True"}, {"type": "Ready", "status": ready}]
    meta = {"name": name, "creationTimestamp": f"2026-03-{day:02}T08:00:00.5Z"}
    return {"metadata": meta, "status": {"conditions": conditions}}


# In no order; c never became ready.
REVISIONS = json.dumps([told("b", 2), told("d", 4), told("a", 1), told("c", 3, ready="False"), told("e", 5)])


@pytest.mark.parametrize(
    ("serving", "expected"),
    [
        ({"e": 100}, "d"),
        # One that never was ready is passed over.
        ({"d": 100}, "b"),
        # A canary goes back to what serves the others.
        ({"e": 10, "d": 90}, "d"),
        ({"e": 10, "b": 90}, "d"),
        ({"a": 100}, None),
        ({}, None),
        ({"gone": 100}, None),
    ],
)
def test_the_one_before_is_the_newest_ready_one_that_is_older(serving: dict[str, int], expected: str | None) -> None:
    assert previous(read_revisions(REVISIONS), serving) == expected


def test_shares_of_one_revision_add_up_and_tags_without_a_share_do_not_serve() -> None:
    traffic = [
        {"revisionName": "e", "percent": 60, "latestRevision": True},
        {"revisionName": "e", "percent": 40},
        {"revisionName": "d", "tag": "before"},
        {"revisionName": "b", "percent": 0},
    ]
    assert read_serving(json.dumps({"status": {"traffic": traffic}})) == {"e": 100}
    assert read_serving("{}") == {}
