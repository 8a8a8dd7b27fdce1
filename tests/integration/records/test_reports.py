"""Each report says what a plain count over the records and events says, and costs what it says."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from math import ceil
from statistics import fmean
from typing import TYPE_CHECKING, Any, Final

import pytest

from streak_core import reports
from streak_core.domain.actor import Actor, ActorKind
from streak_core.domain.commands import BlockUser
from streak_core.domain.errors import Malformed
from streak_core.domain.events import EventKind
from streak_core.records.active_users import DAYS_KEPT, ActiveUser, acted, active_users
from streak_core.records.acts import ActStatus, user
from streak_core.records.blocked import blocked_users
from streak_core.records.conversations import Conversations
from streak_core.records.counted_days import counted_days
from streak_core.records.counting import COUNTED_ON
from streak_core.records.ideas import Ideas
from streak_core.records.kinds import shipped_kinds
from streak_core.records.quotas import Quotas
from streak_core.records.recent_ideas import recent_ideas
from streak_core.records.recounting import Recounting
from streak_core.records.usage import FeatureUsage
from streak_core.reports import Report, ReportName, Reports, days_of
from streak_core.store.event_counts import EventCounts
from streak_core.telemetry.context import Work, during
from testing import contract
from tests.integration.records.trailed import NOTE, NOW, give, trails
from tests.support.shipped_policy import policies
from tests.support.stored_life import write_documents

if TYPE_CHECKING:
    from google.cloud import firestore

    from tests.support.recorded_client import RecordedClient

TODAY: Final = NOW.date()
DAYS: Final = [TODAY + timedelta(days=number) for number in range(3)]
LATER: Final = NOW + timedelta(days=3)


def asked(client: firestore.Client, name: ReportName, days: list[date] = DAYS) -> tuple[Report, int]:
    """The report, and how many reads it cost."""
    told = Reports(
        events=EventCounts(client),
        counted=partial(counted_days, client),
        active_users=partial(active_users, client),
        blocked_users=lambda now, limit: blocked_users(client, now, limit, None),
        recent_ideas=partial(recent_ideas, client),
    )
    with during(Work(function="admin", request_id="r")) as work:
        return told.report(name, days, LATER), work.tally.reads


def test_failed_actions_are_those_of_the_records_before_and_after_the_check(client: RecordedClient) -> None:
    dice = random.Random(7)  # noqa: S311 - any acts, the same each time
    plain: Counter[tuple[str, str]] = Counter()
    for number in range(30):
        act = replace(NOTE, action=dice.choice(("app.1", "app.2", "block")), status=dice.choice(list(ActStatus)))
        at = NOW + timedelta(hours=2 * number)
        trails(client).append(user(f"user {number % 4}"), act, at)
        if act.status is not ActStatus.SUCCESS and at.date() in DAYS:
            plain[act.action, act.status.value] += 1
    rows = sorted(((*key, times) for key, times in plain.items()), key=lambda one: (-one[2], one[:2]))
    found, reads = asked(client, ReportName.FAILED_ACTIONS)
    assert (found.columns, found.rows) == (("action", "status", "times"), rows)
    assert (found.unchecked, reads) == (DAYS, 3 + 3 * 64)
    Recounting(client).check_some(LATER)
    found, reads = asked(client, ReportName.FAILED_ACTIONS)
    assert (found.rows, found.unchecked, reads) == (rows, [], 3)


def test_the_most_active_are_those_with_most_acts_of_their_own(client: RecordedClient) -> None:
    for name, times in (("ada", 3), ("ben", 1), ("cleo", 2)):
        for number in range(times):
            own = replace(NOTE, actor=user(name))
            trails(client).append(user(name), own, NOW + timedelta(days=number))
    # What others do for a user is nothing that the user did, whether it is told or not.
    trails(client).append(user("dan"), NOTE, NOW)
    talks = Conversations(trails(client), Quotas(shipped_kinds(), policies))
    talks.add("dan", "talk", {"role": "user", "content": "hello"}, NOW, None, Actor(kind=ActorKind.SERVER, id="api"))
    talks.add("eve", "talk", {"role": "user", "content": "hello"}, NOW, None, None)
    found, _ = asked(client, ReportName.ACTIVE_USERS)
    assert (found.rows, found.is_whole) == ([("ada", 3), ("cleo", 2), ("eve", 1), ("ben", 1)], True)
    assert asked(client, ReportName.ACTIVE_USERS, DAYS[1:])[0].rows == [("ada", 2), ("cleo", 1)]


def test_the_ten_of_random_users_are_those_of_a_plain_count_and_not_all_are_read(client: RecordedClient) -> None:
    dice = random.Random(7)  # noqa: S311 - any users, the same each time
    homes, plain = dict[str, dict[str, Any]](), Counter[str]()
    for number in range(150):
        acts: dict[str, int] = {}
        for day in DAYS:
            if times := int(dice.paretovariate(0.8)) % 500:
                acts = acted(acts, day, times)
        homes[f"records/user{number}"] = {"acts": acts}
        plain[f"user{number}"] = sum(acts.values())
    write_documents(client, homes)
    with during(Work(function="admin", request_id="r")) as work:
        found, is_certain = active_users(client, DAYS, 10)
    best = sorted(plain.items(), key=lambda one: (one[1], one[0]), reverse=True)[:10]
    assert found == [ActiveUser(user_id=name, acts=times) for name, times in best]
    assert is_certain
    assert work.tally.reads < 3 * 150


def test_a_day_that_is_longer_ago_than_is_kept_is_gone_from_the_home() -> None:
    first = acted({}, TODAY, 2)
    assert acted(first, TODAY, 1) == {"d20260302": 3}
    assert acted(first, TODAY + timedelta(days=DAYS_KEPT - 1), 1).keys() >= first.keys()
    assert not acted(first, TODAY + timedelta(days=DAYS_KEPT), 1).keys() & first.keys()
    assert acted(None, TODAY, 1) == acted("no map", TODAY, 1) == {"d20260302": 1}


def test_who_is_blocked_is_listed_at_a_read_each(client: RecordedClient) -> None:
    give(client, BlockUser(until=LATER + timedelta(days=1), reason="spam"), uid="ada")
    give(client, BlockUser(until=None, reason="spam"), uid="ben")
    give(client, BlockUser(until=LATER - timedelta(days=1), reason="spam"), uid="cleo")
    found, reads = asked(client, ReportName.BLOCKED_USERS)
    assert (found.columns, found.rows, reads) == (
        ("user_id", "until"),
        [("ada", "2026-03-06T09:00:00Z"), ("ben", None)],
        2,
    )


@pytest.fixture
def happened(client: RecordedClient) -> list[tuple[str, EventKind, date, int]]:
    """Random events of some users, each with its length."""
    dice = random.Random(7)  # noqa: S311 - any events, the same each time
    found, documents = list[tuple[str, EventKind, date, int]](), dict[str, dict[str, Any]]()
    for number in range(300):
        kind, day = dice.choice(list(EventKind)), TODAY + timedelta(days=dice.randint(-1, 3))
        who, length = f"user{dice.randint(1, 9)}", 1 if kind is EventKind.STREAK_STARTED else dice.randint(1, 5)
        found.append((who, kind, day, length))
        documents[f"streaks/{who}/events/e{number}"] = {
            "kind": kind.value,
            "day": day.isoformat(),
            "at": NOW + (day - TODAY) + timedelta(seconds=number),
            "details": {"length": length},
        }
    write_documents(client, documents)
    return found


def test_reports_on_streaks_are_what_a_plain_count_of_events_says(
    client: RecordedClient, happened: list[tuple[str, EventKind, date, int]]
) -> None:
    own = [one for one in happened if one[2] in DAYS]
    by_day = Counter((kind, day) for _, kind, day, _ in own)
    found, reads = asked(client, ReportName.FREEZES)
    assert found.columns[1:3] == ("applied", "refunded")
    assert [row[:3] for row in found.rows] == [
        (str(day), by_day[EventKind.FREEZE_APPLIED, day], by_day[EventKind.FREEZE_REFUNDED, day]) for day in DAYS
    ]
    assert reads == 4 * 3
    lengths = Counter((kind, length) for _, kind, _, length in own)
    found, reads = asked(client, ReportName.SURVIVAL)
    assert (len(found.rows), reads) == (30, 61)
    assert [row[:3] for row in found.rows[1:5]] == [
        (length, lengths[EventKind.STREAK_EXTENDED, length], lengths[EventKind.STREAK_BROKEN, length])
        for length in range(2, 6)
    ]
    assert found.rows[0][1] == lengths[EventKind.STREAK_STARTED, 1]
    found, reads = asked(client, ReportName.COMEBACKS)
    assert [row[:2] for row in found.rows] == [(str(day), by_day[EventKind.STREAK_BROKEN, day]) for day in DAYS]
    kinds = (EventKind.STREAK_BROKEN, EventKind.STREAK_STARTED, EventKind.STREAK_RESTORED)
    assert reads == 3 + sum(kind in kinds for _, kind, _, _ in own)


def test_what_would_read_too_many_events_is_refused_at_the_cost_of_counting_them(
    client: RecordedClient, happened: list[tuple[str, EventKind, date, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "EVENTS_MAX", 3)
    assert happened
    with pytest.raises(Malformed) as refusal:
        asked(client, ReportName.COMEBACKS)
    assert "say fewer days" in refusal.value.errors[0].message


def test_messages_and_response_times_are_those_of_a_plain_count_before_and_after_the_check(
    client: RecordedClient,
) -> None:
    dice = random.Random(7)  # noqa: S311 - any messages, the same each time
    talks = Conversations(trails(client), Quotas(shipped_kinds(), policies))
    messages, talking, acts = Counter[date](), defaultdict[date, set[str]](set), Counter[str]()
    times = defaultdict[str, list[int]](list)
    for number in range(40):
        who, at = f"user{dice.randint(1, 4)}", NOW + timedelta(hours=number)
        said: dict[str, Any] = {"role": "assistant", "content": "hello", "intent": dice.choice(["greet", "bye"])}
        if dice.random() < 0.7:
            said["response_time_ms"] = dice.randint(0, 5_000)
            times[said["intent"]].append(said["response_time_ms"])
        talks.add(who, "s", said, at, None, None)
        messages[at.date()] += 1
        acts[who] += 1
        talking[at.date()].add(who)
    for _ in range(2):
        found, _ = asked(client, ReportName.CONVERSATIONS)
        assert found.rows == [(str(day), messages[day], len(talking[day])) for day in DAYS]
        found, _ = asked(client, ReportName.RESPONSE_TIMES)
        assert [row[0] for row in found.rows] == sorted(times, key=lambda one: (-len(times[one]), one))
        for intent, answers, mean_ms, p50_ms, p95_ms in found.rows:
            own = sorted(times[str(intent)])
            assert (answers, mean_ms) == (len(own), round(fmean(own), 1))
            for told, share in ((p50_ms, 0.5), (p95_ms, 0.95)):
                true = own[ceil(share * len(own)) - 1]
                assert isinstance(told, int)
                assert true <= told <= max(true, 1.2 * true)
        Recounting(client).check_some(LATER)
    # What users say themselves is told to no trail, and is what they did.
    assert {row[0]: row[1] for row in asked(client, ReportName.ACTIVE_USERS)[0].rows} == acts
    checked = [one.to_dict() or {} for one in client.collection("counters").stream() if "." not in one.id]
    assert [one["mended"] for one in checked] == [0] * 3


def test_features_are_those_of_a_plain_count_before_and_after_the_check(client: RecordedClient) -> None:
    dice = random.Random(7)  # noqa: S311 - any events, the same each time
    usage, days = FeatureUsage(trails(client), Quotas(shipped_kinds(), policies)), defaultdict[str, set[object]](set)
    uses, seconds = Counter[str](), defaultdict[str, list[int]](list)
    for number in range(12):
        who, at = f"user{dice.randint(1, 3)}", NOW + timedelta(hours=4 * number)
        events: list[dict[str, Any]] = [{"feature": dice.choice(["chat", "ideas"])} for _ in range(3)]
        for event in events[1:]:
            event["duration_seconds"] = dice.randint(0, 900)
            seconds[event["feature"]].append(event["duration_seconds"])
        usage.count(who, events, at, None, None)
        uses.update(event["feature"] for event in events)
        for event in events:
            days[event["feature"]].add((who, at.date()))
    expected = [
        (feature, times, len(days[feature]), round(fmean(seconds[feature]), 1), sum(seconds[feature]))
        for feature, times in sorted(uses.items(), key=lambda one: (-one[1], one[0]))
    ]
    found, reads = asked(client, ReportName.FEATURES)
    assert (found.rows, found.unchecked, reads) == (expected, DAYS, 3 + 3 * 64)
    Recounting(client).check_some(LATER)
    found, reads = asked(client, ReportName.FEATURES)
    assert (found.rows, found.unchecked, reads) == (expected, [], 3)
    assert (client.document("counters/2026-03-02").get().to_dict() or {})["mended"] == 0


def test_ideas_are_those_of_a_plain_count_and_the_last_ones_are_listed(client: RecordedClient) -> None:
    ideas = Ideas(trails(client), Quotas(shipped_kinds(), policies))
    made = [
        ideas.make(
            f"user{number % 2}", {"title": f"{number}", "category": category}, NOW + timedelta(hours=number), None, None
        )[0]
        for number, category in enumerate(["habit", "study", "habit", "habit"])
    ]
    for number, selected in ((0, True), (1, True), (2, True), (2, False)):
        ideas.mark(f"user{number % 2}", made[number].idea_id, {"selected": selected}, NOW + timedelta(days=1), None)
    for _ in range(2):
        assert asked(client, ReportName.IDEAS)[0].rows == [("habit", 3, 2), ("study", 1, 1)]
        Recounting(client).check_some(LATER)
    assert (client.document("counters/2026-03-02").get().to_dict() or {})["mended"] == 0
    # What an app keeps under our name is none.
    client.document("ideas/theirs").set({COUNTED_ON: "2026-03-02", "at": NOW})
    found, reads = asked(client, ReportName.RECENT_IDEAS)
    assert [row[2] for row in found.rows] == ["3", "2", "1", "0"]
    assert (found.rows[0], reads) == (("2026-03-02", "user1", "3", "habit"), 5)


def test_the_contract_names_every_report_and_its_columns(client: RecordedClient) -> None:
    assert contract.DOCUMENT["components"]["schemas"]["ReportName"]["enum"] == [*ReportName]
    operation = contract.operation_of("GET", "/admin/reports/x")
    assert operation
    rows = dict(re.findall(r"^\| `([\w-]+)` \| (.+) \|$", operation.content["description"], re.MULTILINE))
    assert list(rows) == [*ReportName]
    for name in ReportName:
        columns = asked(client, name, DAYS[:1])[0].columns
        assert tuple(one for one in re.findall(r"`(\w+)`", rows[name]) if one in columns) == columns


def test_where_nothing_was_counted_a_day_costs_one_read(client: RecordedClient) -> None:
    days = list(days_of(ReportName.FAILED_ACTIONS, None, None, NOW))
    found, reads = asked(client, ReportName.FAILED_ACTIONS, days)
    assert (found.rows, found.unchecked, reads) == ([], [], 30)
