"""The nightly job over HTTP: who may call it, and what it reports."""

from __future__ import annotations

from tests.e2e.client import User, problem

REPORT = (
    "run_id, status, users_processed, freezes_applied, streaks_broken, errors, transaction_retries, "
    "duration_seconds, users_per_second, peak_memory_mib, oldest_overdue_seconds, timestamp"
)
LATER = "2026-03-05T09:00:00Z"


def test_an_admin_gets_the_whole_report(user: User, admin: User) -> None:
    user.earn(1)
    report = admin.do("POST", "/maintenance", at=LATER)
    assert list(report) == REPORT.split(", ")
    assert report["status"] == "success"
    assert report["timestamp"] == LATER
    assert report["run_id"] == "2026-03-05T09:00Z"
    assert report["users_processed"] >= 1
    assert report["freezes_applied"] >= 1
    assert report["streaks_broken"] >= 1
    assert report["oldest_overdue_seconds"] >= 29 * 3600


def test_a_second_run_finds_nothing_to_do(user: User, admin: User) -> None:
    user.record()
    admin.do("POST", "/maintenance", at=LATER)
    report = admin.do("POST", "/maintenance", at=LATER)
    assert (report["users_processed"], report["streaks_broken"], report["freezes_applied"]) == (0, 0, 0)
    assert report["oldest_overdue_seconds"] == 0


def test_it_changes_no_answer(user: User, admin: User) -> None:
    user.earn(1)
    paths = ("/streak", "/calendar", "/consistency", "/streak/events", "/streak/explain", "/streak/settings")
    before = [user.get(path, at=LATER) for path in paths]
    admin.do("POST", "/maintenance", at=LATER)
    assert [user.get(path, at=LATER) for path in paths] == before


def test_a_plain_user_may_not_call_it(user: User) -> None:
    assert user.refusal("POST", "/maintenance") == (403, "forbidden")


def test_without_a_token_it_asks_for_one(user: User) -> None:
    for header in ("", "Bearer", "Basic abc"):
        assert problem(user.ask("POST", "/maintenance", headers={"Authorization": header}))[0] == 401


def test_it_is_only_ever_posted(admin: User) -> None:
    answer = admin.ask("GET", "/maintenance")
    assert problem(answer) == (405, "method_not_allowed")
    assert answer.headers["Allow"] == "POST"


def test_a_body_is_ignored(admin: User) -> None:
    assert admin.send("POST", "/maintenance", b"anything at all", at=LATER).status_code == 200
