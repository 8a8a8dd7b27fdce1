"""`streakctl policy`: what an operator publishes, sees and withdraws, and where two policies differ."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from streak_core.commands import StreakCommands
from streak_core.domain.commands import RecordActivity
from streak_core.domain.policy import parse_policy
from streak_core.domain.publishing import earliest_beginning
from streak_core.domain.rules import PolicyInTime, Rules
from streak_core.store.policies import POLICIES, PolicyStore
from streak_core.store.users import UserStore
from tests.integration.streakctl.calling import call, lines
from tests.support.shipped_policy import RULES, TEXT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.recorded_client import RecordedClient

CHEAPER = TEXT.replace("xp_per_freeze = 500", "xp_per_freeze = 300")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A policy whose freezes are cheaper."""
    path = tmp_path / "policy.toml"
    path.write_text(CHEAPER, encoding="utf-8")
    return path


def soon(days: int = 1) -> str:
    """A day on which a policy that is published now may begin, whatever the clock does meanwhile."""
    return (earliest_beginning(RULES, datetime.now(UTC)) + timedelta(days=days)).isoformat()


def test_a_policy_is_published_listed_shown_and_withdrawn(client: RecordedClient, file: Path) -> None:
    words = ("policy", "publish", str(file), "--from", soon(), "--reason", "too dear", "--json")
    told = call(client.project, *words)
    assert told.exit_code == 0, told.stderr
    one = json.loads(told.stdout)
    assert (one["number"], one["effective_from"], one["state"]) == (1, soon(), "to_come")
    assert one["by"].startswith("streakctl:")
    assert json.loads(call(client.project, *words).stdout) == one
    listed = json.loads(call(client.project, "policy", "list", "--json").stdout)["policies"]
    assert [each["state"] for each in listed] == ["in_force", "to_come"]
    assert call(client.project, "policy", "show", "1").stdout == CHEAPER
    assert call(client.project, "policy", "show", "0").stdout == TEXT
    assert "too dear" in call(client.project, "policy", "list").stdout
    withdrawn = json.loads(call(client.project, "policy", "withdraw", "1", "--json").stdout)
    assert withdrawn["state"] == "withdrawn"
    assert [each.number for each in PolicyStore(client).published()] == [1]


def test_what_can_t_be_published_is_said_field_by_field_and_changes_nothing(client: RecordedClient, file: Path) -> None:
    file.write_text(CHEAPER.replace("held_max = 5", "held_max = 500"), encoding="utf-8")
    refused = call(client.project, "policy", "publish", str(file), "--from", soon(), "--reason", "r")
    assert refused.exit_code == 2
    assert "freezes.held_max" in refused.stderr
    file.write_text(CHEAPER, encoding="utf-8")
    refused = call(client.project, "policy", "publish", str(file), "--from", soon(-2), "--reason", "r")
    assert (refused.exit_code, "too_soon" in refused.stderr) == (2, True)
    refused = call(client.project, "policy", "publish", str(file), "--from", soon(), "--reason", " ")
    assert (refused.exit_code, "reason_required" in refused.stderr) == (2, True)
    assert call(client.project, "policy", "publish", str(file), "--from", "soon", "--reason", "r").exit_code == 2
    assert PolicyStore(client).published() == ()


def test_two_policies_are_compared_field_by_field(client: RecordedClient, file: Path) -> None:
    told = call(client.project, "policy", "diff", str(file), "--json")
    assert told.exit_code == 1
    assert json.loads(told.stdout) == {"changes": [{"field": "freezes.xp_per_freeze", "before": 500, "after": 300}]}
    same = call(client.project, "policy", "diff", "0", "0")
    assert (same.exit_code, same.stdout.strip()) == (0, "they say the same")
    back = call(client.project, "policy", "diff", "0", str(file))
    assert back.exit_code == 1
    assert back.stdout.split()[-3:] == ["freezes.xp_per_freeze", "300", "500"]


def test_users_who_lived_across_published_policies_are_proved_by_those_that_are_stored(client: RecordedClient) -> None:
    began = datetime(2026, 3, 2, 9, tzinfo=UTC)
    texts = [CHEAPER.replace("day_start_hour = 4", "day_start_hour = 0"), TEXT.replace("held_max = 5", "held_max = 1")]
    published = [
        PolicyInTime(
            number=number,
            effective_from=(began + timedelta(days=7 * number)).date(),
            policy=parse_policy(text),
            text=text,
            published_at=began,
            by="admin:ops",
            reason="asked for",
        )
        for number, text in enumerate(texts, start=1)
    ]
    for one in published:
        PolicyStore(client).add(one)
    rules = Rules((*RULES.policies, *published))
    service = StreakCommands(UserStore(client, lambda: rules), lambda: rules)
    for day in (*range(12), 14, 15):
        at = began + timedelta(days=day, hours=-7 if day % 2 else 0)
        sets = RecordActivity(activity_id=f"a{day}", activity_type="flashcard_set_completed", metadata={"correct": 900})
        service.execute("ada", at, sets)
    later = (began + timedelta(days=17)).isoformat()
    (summary,) = lines(call(client.project, "verify", "--json", "--now", later))
    assert (summary["users"], summary["equal"], summary["unprovable"]) == (1, 1, 0)
    # By another list it is not what the ledger leads to.
    for document in client.collection(POLICIES).stream():
        document.reference.delete()
    *_, summary = lines(call(client.project, "verify", "--json", "--now", later))
    assert (summary["users"], summary["equal"]) == (1, 0)


@pytest.mark.parametrize("words", [("withdraw", "0"), ("withdraw", "7"), ("show", "7"), ("diff", "7")])
def test_what_is_not_there_or_has_begun_is_said(client: RecordedClient, words: tuple[str, str]) -> None:
    refused = call(client.project, "policy", *words)
    assert refused.exit_code == 2
    assert "policy_" in refused.stderr
