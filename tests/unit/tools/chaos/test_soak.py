"""How a soak is judged: memory that grows, and endings that nothing explains."""

from __future__ import annotations

from collections import Counter

import pytest

from tools.chaos.soak import GROWTH_PERCENT_MAX, Seen, Watched, growth_percent, unexpected, untried


def watched(mib_at_the_end: float, samples: int = 100) -> list[float]:
    """A worker that starts small, is at 100 MiB when it has warmed up, and goes to its end in a straight line."""
    warm = samples // 4
    rest = samples - warm
    grown = [100 + (mib_at_the_end - 100) * n / rest for n in range(rest)]
    return [40.0] * warm + grown


@pytest.mark.parametrize(("mib_at_the_end", "is_flat"), [(100, True), (110, True), (130, False), (60, True)])
def test_memory_is_judged_after_warming_up_and_by_its_last_quarter(mib_at_the_end: float, *, is_flat: bool) -> None:
    assert (growth_percent({1: watched(mib_at_the_end)}) <= GROWTH_PERCENT_MAX) is is_flat


def test_the_worker_that_lived_longest_is_judged_and_one_that_was_hardly_seen_is_not() -> None:
    assert growth_percent({1: watched(100), 2: watched(200, samples=40)}) == pytest.approx(0)
    assert growth_percent({1: watched(200, samples=3)}) == 0
    assert growth_percent({}) == 0


def test_a_lost_connection_is_the_killed_worker_and_an_error_of_the_service_is_not() -> None:
    endings = Counter({"answered": 9, "refused": 3, "connection: ReadError": 2, "500 internal": 1, "503 contention": 4})
    assert unexpected(endings) == Counter({"500 internal": 1, "503 contention": 4})


def seen(users: int = 1, *answers_ms: float) -> Seen:
    return Seen(users=users, different=[], endings=Counter(), took_ms=list(answers_ms))


def soaked(*, killed: int = 1, job: str | None = "completed", samples: int = 4) -> Watched:
    return Watched(memory={1: [100.0] * samples}, killed=killed, jobs=Counter([job] if job else []))


def test_a_soak_that_tried_everything_shows_something() -> None:
    assert untried(seen(1, 5.0), soaked()) == []


@pytest.mark.parametrize(
    ("result", "watched", "missing"),
    [
        (seen(1), soaked(), "no request was answered"),
        (seen(0, 5.0), soaked(), "no user was proved"),
        (seen(1, 5.0), soaked(killed=0), "no worker was killed"),
        (seen(1, 5.0), soaked(job=None), "the job was never called"),
        (seen(1, 5.0), soaked(samples=3), "no worker was watched for long enough"),
    ],
)
def test_a_soak_that_was_too_short_for_something_says_what_it_never_tried(
    result: Seen, watched: Watched, missing: str
) -> None:
    assert untried(result, watched) == [missing]


def test_a_soak_that_tried_nothing_shows_nothing() -> None:
    assert len(untried(seen(0), Watched())) == 5
