"""`streakctl policy try`: what a policy would have made of real users, told without writing anything."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from streak_core.domain.rules import Rules
from streak_core.proving.repository import ProofStore
from testing.rules_in_time import policy_with
from tests.integration.streakctl.calling import call
from tests.support.shipped_policy import RULES, TEXT
from tests.support.stored_life import BEGINS, StoredLife, write_documents
from tools.streakctl.policy.reliving import candidate_rules
from tools.streakctl.policy.trying import Totals, Trial, kept_totals, size_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.streakctl.proving import Documents
    from tests.support.recorded_client import RecordedClient, Recorder

NOW = BEGINS + timedelta(days=53)
SINCE = BEGINS.date()


def guide(day: int, user: str) -> dict[str, Any]:
    at = (BEGINS + timedelta(days=day)).isoformat()
    metadata = {"grade": 9}
    return {
        "at": at,
        "do": "record",
        "activity_id": f"{user}{day}",
        "activity_type": "evaluation_completed",
        "metadata": metadata,
    }


def live(client: RecordedClient, user: str, days: list[int]) -> None:
    StoredLife(client, user).live([guide(day, user) for day in days])


def trial(client: RecordedClient, numbers: dict[str, Any], rules: Rules = RULES, day: int = 11) -> Trial:
    candidate = candidate_rules(rules, policy_with(numbers), SINCE)
    return Trial(
        store=ProofStore(client), rules=rules, candidate=candidate, since=SINCE, now=BEGINS + timedelta(days=day)
    )


def outcome(one: Trial) -> Totals:
    totals = Totals()
    for _ in one.run(totals, 1.0, None):
        pass
    return totals


def test_the_policy_that_is_in_force_makes_no_difference_to_anybody(client: RecordedClient, lived: Documents) -> None:
    write_documents(client, lived)
    totals = outcome(trial(client, {}, day=53))
    assert (totals.users, totals.unreadable, totals.refused, totals.examples) == (1, 0, 0, [])
    assert {name: dict(sizes) for name, sizes in totals.sizes.items()} == {
        name: {"0": 1} for name in ("current_streak", "longest_streak", "freezes_available", "xp_total")
    }


def test_cheaper_freezes_keep_a_streak_that_was_broken_and_the_days_are_named(client: RecordedClient) -> None:
    # Five days of 50 XP, then a day missed: 500 XP are not there for a freeze, 200 are.
    live(client, "ada", [0, 1, 2, 3, 4, 6])
    live(client, "bob", [0, 1, 2])
    totals = outcome(trial(client, {"freezes.xp_per_freeze": 200}, day=6))
    assert totals.users == 2
    assert dict(totals.sizes["current_streak"]) == {"2 to 7": 1, "0": 1}
    (example,) = totals.examples
    assert (example["user_id"], example["current_streak"]) == ("ada", {"is": 1, "would_be": 6})
    assert example["days"] == [{"date": "2025-01-11", "is": "missed", "would_be": "frozen"}]


def test_activities_are_priced_and_placed_anew_and_what_would_be_refused_is_counted(client: RecordedClient) -> None:
    # At two in the night: the day before, where days begin at four, and the day itself, where they begin at midnight.
    night = [{**guide(day, "a"), "at": (BEGINS + timedelta(days=day, hours=-7)).isoformat()} for day in range(1, 6)]
    StoredLife(client, "ada").live(night)
    at_midnight = outcome(trial(client, {"days.day_start_hour": 0}, day=5))
    assert (at_midnight.refused, dict(at_midnight.sizes["xp_total"])) == (0, {"0": 1})
    kinds = dict(policy_with({}).activity_types)
    cheaper = kinds["evaluation_completed"].model_copy(update={"xp": kinds["study_guide_completed"].xp})
    priced = outcome(trial(client, {"activity_types": {**kinds, "evaluation_completed": cheaper}}, day=5))
    # The metadata of before is no metadata of what has one price.
    assert (priced.refused, dict(priced.sizes["xp_total"])) == (5, {"-101 to -1000": 1})
    del kinds["evaluation_completed"]
    without = outcome(trial(client, {"activity_types": kinds}, day=5))
    assert (without.refused, dict(without.sizes["current_streak"])) == (5, {"-2 to -7": 1})


def test_it_writes_nothing(client: RecordedClient, recorder: Recorder, lived: Documents, tmp_path: Path) -> None:
    write_documents(client, lived)
    recorder.calls.clear()
    outcome(trial(client, {"freezes.held_max": 0}, day=53))
    assert set(recorder.methods()) <= {"ListDocuments", "BatchGetDocuments", "RunQuery"}
    assert "RunQuery" in recorder.methods()
    assert not list(tmp_path.iterdir())


def test_what_was_broken_off_is_gone_on_with_and_comes_to_the_same(client: RecordedClient, tmp_path: Path) -> None:
    for number in range(5):
        live(client, f"u{number}", [0, 1, 2, 3, 4, 6])
    file, kept = tmp_path / "policy.toml", tmp_path / "progress.json"
    file.write_text(TEXT.replace("xp_per_freeze = 500", "xp_per_freeze = 200"), encoding="utf-8")
    words = ("policy", "try", str(file), "--from", SINCE.isoformat(), "--now", NOW.isoformat().replace("+00:00", "Z"))
    whole = json.loads(call(client.project, *words, "--json").stdout)
    assert whole.pop("seconds") > 0
    assert whole.pop("peak_memory_mib") > 1
    first = call(client.project, *words, "--resume", str(kept), "--users", "2", "--json")
    assert json.loads(first.stdout)["users"] == 2
    assert kept.stat().st_mode & 0o777 == 0o600, "it names users"
    rest = call(client.project, *words, "--resume", str(kept), "--json")
    assert rest.exit_code == 0
    assert json.loads(rest.stdout).items() >= whole.items()
    assert whole["longest_streak"]["more"] == 5
    shown = call(client.project, *words).stdout
    assert "longest streak" in shown
    assert "2025-01-11 missed > frozen" in shown
    other = call(client.project, *words[:3], "--from", "2025-01-07", "--resume", str(kept))
    assert (other.exit_code, "another trial" in other.stderr) == (2, True)


def test_progress_that_does_not_read_is_not_written_over(client: RecordedClient, tmp_path: Path) -> None:
    kept = tmp_path / "progress.json"
    kept.write_text("{", encoding="utf-8")
    with pytest.raises(Exception, match="does not read"):
        kept_totals(kept, trial(client, {}), TEXT)
    assert kept.read_text(encoding="utf-8") == "{"


def test_progress_that_can_not_be_noted_ends_it_with_a_sentence(client: RecordedClient, tmp_path: Path) -> None:
    live(client, "ada", [0, 1])
    file = tmp_path / "policy.toml"
    file.write_text(TEXT, encoding="utf-8")
    words = ("policy", "try", str(file), "--from", SINCE.isoformat(), "--resume", str(tmp_path / "nowhere" / "kept"))
    done = call(client.project, *words)
    assert (done.exit_code, "can't be written: No such file" in done.stderr) == (2, True)


def test_a_sample_is_a_part_of_the_users_and_the_same_ones_each_time(client: RecordedClient) -> None:
    for number in range(20):
        live(client, f"user-{number}", [0])
    counts = []
    for _ in range(2):
        totals = Totals()
        for _step in trial(client, {}).run(totals, 0.5, None):
            pass
        counts.append(totals.users)
    assert counts[0] == counts[1]
    assert 2 < counts[0] < 18


def test_a_policy_that_was_published_gives_way_to_the_one_on_trial_from_that_day_on() -> None:
    rules = candidate_rules(RULES, policy_with({"freezes.held_max": 3}), SINCE)
    again = candidate_rules(rules, policy_with({"freezes.held_max": 4}), SINCE)
    assert [one.policy.freezes.held_max for one in again.policies] == [5, 4]
    assert again.on(SINCE - timedelta(days=1)).freezes.held_max == 5


@pytest.mark.parametrize(
    ("difference", "size"),
    [(0, "0"), (1, "1"), (-1, "-1"), (2, "2 to 7"), (-7, "-2 to -7"), (8, "8 to 30"), (20_000, "10001 and more")],
)
def test_differences_are_counted_by_their_size(difference: int, size: str) -> None:
    assert size_of(difference) == size


def test_a_ledger_is_read_once_for_both_lives(client: RecordedClient, recorder: Recorder) -> None:
    live(client, "ada", [0, 1, 2])
    recorder.calls.clear()
    outcome(trial(client, {"freezes.held_max": 5}))
    assert recorder.methods().count("RunQuery") == 1
