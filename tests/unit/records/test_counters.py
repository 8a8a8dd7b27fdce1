"""What is counted as it happens is what a plain count of all records finds; percentiles are off as far as is said."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from statistics import fmean
from typing import Final

import pytest

from streak_core.records.counters import (
    BOUNDS,
    BROUGHT_MAX,
    KEYS_MAX,
    Count,
    Counts,
    KnownKeys,
    Seen,
    day_of,
    key_of,
    key_text,
    mean,
    percentile,
    plain_count,
    tallied,
    times_by_name,
    total,
    with_new,
)

NOW: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
TODAY: Final = NOW.date()
GREETING: Final = key_text(("greeting",))


def placed(counts: list[Count], known: KnownKeys | None = None) -> KnownKeys:
    """The keys once all of these were counted."""
    found = known or KnownKeys()
    for one in counts:
        if found.place(one) is None:
            found = found.with_one(one)
    return found


def one_of(rng: random.Random) -> tuple[str, Count]:
    """A user, and something of theirs."""
    values = tuple(rng.choices(range(5_000_000), k=rng.randint(0, 2)))
    key = (f"intent {int(rng.paretovariate(0.4))}",)
    return f"user {rng.randint(1, 300)}", Count(name=rng.choice("ab"), key=key, values=values, is_of_user=True)


def test_ten_thousand_random_records_counted_as_they_come_are_what_plain_lists_say() -> None:
    rng = random.Random(7)  # noqa: S311 - any records, the same each time
    records = [one_of(rng) for _ in range(10_000)]
    known, seen, parts = KnownKeys(), dict[str, Seen](), list[Counts]()
    for user_id, count in records:
        known = placed([count], known)
        more, seen[user_id] = tallied([count], known, seen.get(user_id, Seen(TODAY)))
        parts.append(more)
    found = total(parts)
    assert found == plain_count([(user_id, [count]) for user_id, count in records], known)
    plain: dict[tuple[str, str], list[tuple[str, Count]]] = defaultdict(list)
    for user_id, count in records:
        plain[count.name, known.place(count) or ""].append((user_id, count))
    assert len(plain) == 2 * (KEYS_MAX + 1)
    for (name, text), own in plain.items():
        numbers, values = found[name][text], sorted(value for _, one in own for value in one.values)
        assert (numbers["times"], numbers["users"]) == (len(own), len({user_id for user_id, _ in own}))
        assert mean(numbers) == (fmean(values) if values else None)
        for share in (0.5, 0.95) if values else ():
            true = values[-int(-share * len(values) // 1) - 1]
            told = percentile(numbers, share)
            assert told is not None
            assert min(true, BOUNDS[-1]) <= told <= true * 1.2


def test_of_nothing_that_was_measured_there_is_neither_a_mean_nor_a_percentile() -> None:
    assert (mean({"times": 3}), percentile({"times": 3}, 0.5)) == (None, None)


@pytest.mark.parametrize("value", [0, 1, 2, 3, 4, 5, 6, 7, 8])
def test_a_percentile_of_small_values_is_exact(value: int) -> None:
    found, _ = tallied([Count(name="a", values=(value,))], placed([Count(name="a")]), Seen(TODAY))
    assert percentile(found["a"]["[]"], 0.5) == value


def test_half_and_nearly_all_are_told_apart() -> None:
    count = Count(name="a", values=(*[10] * 50, *[100] * 45, *[1_000] * 5))
    found, _ = tallied([count], placed([count]), Seen(TODAY))
    assert [percentile(found["a"]["[]"], share) for share in (0.5, 0.51, 0.95, 0.96)] == [10, 108, 108, 1_024]


def test_a_user_counts_once_a_day_under_each_key() -> None:
    twice = [Count(name="a", key=(key,), is_of_user=True) for key in ("greeting", "greeting", "farewell")]
    known = placed(twice)
    first, seen = tallied(twice, known, Seen(TODAY))
    assert first["a"][GREETING] == {"times": 2, "users": 1}
    again, _ = tallied(twice[:1], known, Seen.read(seen.text).on(NOW))
    assert again == {"a": {GREETING: {"times": 1}}}
    tomorrow, _ = tallied(twice[:1], known, seen.on(NOW + timedelta(days=1)))
    assert tomorrow == {"a": {GREETING: {"times": 1, "users": 1}}}


def test_a_clock_that_is_behind_counts_on_the_day_that_the_user_was_counted_on_last() -> None:
    seen = Seen(TODAY, frozenset({("a", GREETING)}))
    assert seen.on(NOW - timedelta(days=1)) == seen
    assert Seen.read("no such text") == Seen.read(None) == Seen()


def test_a_hundred_keys_have_numbers_of_their_own_and_the_next_one_is_counted_with_all_others() -> None:
    many = [Count(name="a", key=(f"{number}", "failed")) for number in range(KEYS_MAX)]
    known = placed(many)
    assert known.place(many[-1]) == '["99","failed"]'
    assert known.place(Count(name="a", key=("100", "failed"))) == '["other","other"]'
    # Another name has as many.
    assert known.place(Count(name="b", key=("100", "failed"))) is None
    assert KnownKeys.read(known.text) == known


def made_up(*numbers: int, name: str = "a") -> list[Count]:
    return [Count(name=name, key=(f"my words {number}",)) for number in numbers]


def test_of_each_name_a_user_brings_five_keys_a_day_and_what_is_more_is_counted_with_all_others() -> None:
    known, seen = with_new(made_up(*range(BROUGHT_MAX + 1)), KnownKeys(), Seen(TODAY))
    assert [known.place(one) is not None for one in made_up(*range(BROUGHT_MAX + 1))] == [True] * BROUGHT_MAX + [False]
    found, _ = tallied(made_up(*range(BROUGHT_MAX + 1)), known, seen)
    assert found["a"]['["other"]'] == {"times": 1}
    assert times_by_name(found) == {"a": BROUGHT_MAX + 1}
    # It holds for the rest of the day, and for that name; what is there already, anybody is counted by.
    again = Seen.read(seen.text).on(NOW)
    assert with_new([*made_up(6), *made_up(0)], known, again) == (known, again)
    assert with_new(made_up(6, name="b"), known, again)[0].of["b"]
    assert with_new(made_up(6), known, again.on(NOW + timedelta(days=1)))[0] != known


def test_keys_of_a_list_are_nobodys_own_and_none_of_them_is_too_many_for_one_user() -> None:
    listed = [Count(name="a", key=(f"{number}",), is_listed=True) for number in range(BROUGHT_MAX + 1)]
    known, seen = with_new(listed, KnownKeys(), Seen(TODAY))
    assert (len(known.of["a"]), seen) == (BROUGHT_MAX + 1, Seen(TODAY))


def test_of_who_is_erased_it_is_known_how_many_keys_they_brought_and_not_which() -> None:
    _, seen = with_new(made_up(1), KnownKeys(), Seen(TODAY, frozenset({("a", GREETING)})))
    assert Seen.read(seen.erased.text) == Seen(TODAY, frozenset(), {"a": 1})
    assert "words" not in seen.text


def test_keys_that_nothing_is_counted_by_are_let_go() -> None:
    known = placed([*made_up(1, 2), *made_up(1, name="b")])
    assert known.counted_in({"a": {key_text(("my words 2",)): {"times": 1}}}) == placed(made_up(2))


def test_a_key_is_the_name_of_a_field_whatever_it_says_and_never_longer_than_firestore_takes() -> None:
    for part in ("__name__", "", ".", "a`b\\", "\ud800", "\U0001f600" * 300):
        text = key_text((part, part, part))
        assert len(text.encode()) < 1_500
        assert not text.startswith("__")
        assert all(len(one) <= 64 for one in key_of(text))
    assert key_of(key_text(("app.note", "failed"))) == ("app.note", "failed")


def test_a_day_is_that_of_utc() -> None:
    assert day_of(datetime.fromisoformat("2026-03-02T01:00:00+05:30")) == date(2026, 3, 1)
