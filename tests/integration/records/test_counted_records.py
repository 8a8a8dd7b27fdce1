"""What users say, use and make is counted once, by the commit of it, and counted once more it is the same."""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from google.api_core.exceptions import ServiceUnavailable

from streak_core.records.active_users import active_users
from streak_core.records.blocked import blocked_users
from streak_core.records.conversations import Conversations
from streak_core.records.counted_days import counted_days
from streak_core.records.counters import SUM, TIMES, USERS, key_text, total
from streak_core.records.counting import read_parts
from streak_core.records.ideas import Ideas
from streak_core.records.kinds import shipped_kinds
from streak_core.records.quotas import Quotas
from streak_core.records.recent_ideas import recent_ideas
from streak_core.records.recounting import Recounting
from streak_core.records.usage import FeatureUsage
from streak_core.reports import ReportName, Reports
from streak_core.store.event_counts import EventCounts
from tests.integration.records.trailed import NOW, SUE, trails
from tests.support.shipped_policy import policies

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from google.cloud import firestore

    from streak_core.reports import Cell
    from tests.support.recorded_client import RecordedClient, Recorder

NIGHT: Final = NOW.replace(hour=1) + timedelta(days=1)
Rooms = tuple[Conversations, FeatureUsage, Ideas]


def rooms(client: firestore.Client) -> Rooms:
    quotas = Quotas(shipped_kinds(), policies)
    return Conversations(trails(client), quotas), FeatureUsage(trails(client), quotas), Ideas(trails(client), quotas)


def rows(client: firestore.Client, name: ReportName, days: Sequence[date]) -> Sequence[tuple[Cell, ...]]:
    told = Reports(
        events=EventCounts(client),
        counted=partial(counted_days, client),
        active_users=partial(active_users, client),
        blocked_users=lambda now, limit: blocked_users(client, now, limit, None),
        recent_ideas=partial(recent_ideas, client),
    )
    return told.report(name, days, NOW).rows


def counted(client: firestore.Client, name: str) -> dict[str, Any]:
    return dict(total(read_parts(client, NOW.date()).values()).get(name, {}))


def checked(client: firestore.Client) -> tuple[dict[str, Any], int]:
    """The numbers of the day once they were counted once more, and how many parts were mended for it."""
    Recounting(client).check_some(NIGHT)
    document = client.document("counters/2026-03-02").get().to_dict() or {}
    return json.loads(document["totals"]), document["mended"]


def test_the_counters_are_what_a_plain_count_of_random_records_says(client: RecordedClient) -> None:
    talks, usage, ideas = rooms(client)
    dice = random.Random(3)  # noqa: S311 - any records, the same each time
    said, times, used, made = Counter[str](), defaultdict[str, list[int]](list), Counter[str](), Counter[str]()
    users, selected = defaultdict[str, set[str]](set), Counter[str]()
    for number in range(40):
        uid, at = f"user {dice.randint(1, 5)}", NOW + timedelta(seconds=number)
        intent, milliseconds = dice.choice("ab"), dice.randint(0, 9_000)
        talks.add(
            uid, "chat", {"role": "assistant", "intent": intent, "response_time_ms": milliseconds}, at, None, None
        )
        said["[]"] += 1
        times[key_text((intent,))].append(milliseconds)
        users["said"].add(uid)
        feature = dice.choice(("chat", "streak"))
        usage.count(uid, [{"feature": feature, "duration_seconds": 0.5}] * 2, at, f"u{number}", None)
        used[key_text((feature,))] += 2
        users[feature].add(uid)
        if number % 4 == 0:
            category = dice.choice("xy")
            idea, _ = ideas.make(uid, {"title": "t", "category": category}, at, None, SUE)
            made[key_text((category,))] += 1
            if number % 8 == 0:
                ideas.mark(uid, idea.idea_id, {"selected": True}, at, SUE)
                selected[key_text((category,))] += 1
    assert counted(client, "conversations") == {"[]": {TIMES: 40, USERS: len(users["said"])}}
    assert {key: one[SUM] for key, one in counted(client, "response-times").items()} == {
        key: sum(each) for key, each in times.items()
    }
    assert {key: (one[TIMES], one[SUM]) for key, one in counted(client, "features").items()} == {
        key: (number, 500 * number) for key, number in used.items()
    }
    assert counted(client, "features")[key_text(("chat",))][USERS] == len(users["chat"])
    assert {key: one[TIMES] for key, one in counted(client, "ideas").items()} == made
    assert {key: one[TIMES] for key, one in counted(client, "ideas-selected").items()} == selected
    before = total(read_parts(client, NOW.date()).values())
    assert checked(client) == (before, 0)


def test_what_is_sent_again_or_has_lost_its_reply_is_counted_once(client: RecordedClient, recorder: Recorder) -> None:
    talks, usage, ideas = rooms(client)
    for _ in range(2):
        talks.add("ada", "chat", {"role": "user"}, NOW, "m", None)
        usage.count("ada", [{"feature": "chat"}], NOW, "u", None)
        ideas.make("ada", {"title": "t", "category": "x"}, NOW, "i", None)
    recorder.after["Commit"] = [ServiceUnavailable("gone"), None, None]
    talks.add("ada", "chat", {"role": "user"}, NOW, None, None)
    assert counted(client, "conversations") == {"[]": {TIMES: 2, USERS: 1}}
    assert counted(client, "features") == {key_text(("chat",)): {TIMES: 1, USERS: 1}}
    assert counted(client, "ideas") == {key_text(("x",)): {TIMES: 1}}


def test_an_idea_that_was_changed_is_found_once_more_and_what_was_deleted_in_time_counts_no_more(
    client: RecordedClient,
) -> None:
    talks, _, ideas = rooms(client)
    first, second = (ideas.make("ada", {"title": "t", "category": "x"}, NOW, None, None)[0] for _ in range(2))
    ideas.mark("ada", first.idea_id, {"selected": True}, NOW, None)
    ideas.refine("ada", first.idea_id, {"prompt": "p"}, NOW, None, None)
    ideas.delete("ada", second.idea_id, NOW, None)
    talks.add("ada", "chat", {"role": "user"}, NOW, None, None)
    talks.delete("ada", "chat", NOW, None)
    totals, mended = checked(client)
    assert totals == {name: {key_text(("x",)): {TIMES: 1}} for name in ("ideas", "ideas-selected")}
    assert mended == 2


def test_the_reports_tell_what_was_counted(client: RecordedClient) -> None:
    talks, usage, ideas = rooms(client)
    for number, (intent, milliseconds) in enumerate((("plan", 3), ("plan", 5), ("plan", 7), ("ask", 8_000))):
        said = {"role": "assistant", "intent": intent, "response_time_ms": milliseconds}
        talks.add(f"user {number % 2}", "chat", said, NOW, None, None)
    usage.count("ada", [{"feature": "chat", "duration_seconds": 1.5}, {"feature": "chat"}], NOW, None, None)
    usage.count("eve", [{"feature": "streak"}], NOW, None, None)
    for category in ("game", "habit"):
        ideas.make("ada", {"title": "t", "category": category}, NOW, None, None)
    idea, _ = ideas.make("ada", {"title": "t", "category": "habit"}, NOW, None, None)
    for selected in (True, False, True):
        ideas.mark("ada", idea.idea_id, {"selected": selected}, NOW + timedelta(days=1), None)
    day = NOW.date()
    assert rows(client, ReportName.CONVERSATIONS, [day, day + timedelta(days=1)]) == [
        ("2026-03-02", 4, 2),
        ("2026-03-03", 0, 0),
    ]
    # A bound is at most a fifth more than what was measured, and exact up to 8.
    assert rows(client, ReportName.RESPONSE_TIMES, [day]) == [
        ("plan", 3, 5.0, 5, 7),
        ("ask", 1, 8_000.0, 8_192, 8_192),
    ]
    assert rows(client, ReportName.FEATURES, [day]) == [("chat", 2, 1, 1.5, 1.5), ("streak", 1, 1, None, 0.0)]
    assert rows(client, ReportName.IDEAS, [day]) == [("habit", 2, 0), ("game", 1, 0)]
    assert rows(client, ReportName.IDEAS, [day, day + timedelta(days=1)]) == [("habit", 2, 1), ("game", 1, 0)]
