"""Leaderboards on the emulator: what a commit writes, who stands where among thousands, erasing, and what it costs."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from streak_core.boards.leaderboards import SHOWN_MAX, Asked, Leaderboards
from streak_core.boards.pages import Ahead, Board, BoardPages
from streak_core.boards.recent import RecentBoards
from streak_core.commands import StreakCommands
from streak_core.domain.actor import Actor, ActorKind
from streak_core.domain.boards import Period, RankedBy, Span, Standing
from streak_core.domain.commands import (
    BlockUser,
    ChangeSettings,
    CheckIn,
    HideFromLeaderboard,
    JoinLeaderboard,
    LeaveLeaderboard,
    RecordActivity,
    ShowOnLeaderboard,
    UnblockUser,
    UndoActivity,
)
from streak_core.domain.standings import placed
from streak_core.queries import StreakQueries
from streak_core.rights import UserRights
from streak_core.store.users import UserStore
from streak_core.store.whole_user import WholeUserStore
from testing.pure_user import PureUser
from tests.support.board_world import entry, entry_of
from tests.support.shipped_policy import POLICY, policies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from google.cloud import firestore

    from streak_core.domain.commands import Command
    from streak_core.domain.standings import Placed
    from tests.support.recorded_client import RecordedClient, Recorder

NOW: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY: Final = timedelta(days=1)
OPERATOR: Final = Actor(kind=ActorKind.ADMIN, id="ops")
GUIDE: Final = "study_guide_completed"
WEEK_XP: Final = Asked(span=Span.WEEK, by=RankedBy.XP)


class World:
    """Users of one database, and the boards that they see."""

    def __init__(self, client: firestore.Client) -> None:
        self.client = client
        self.commands = StreakCommands(UserStore(client, policies), policies)
        self.queries = StreakQueries(UserStore(client, policies), policies)
        pages = BoardPages(client)
        recent = RecentBoards(lambda board: pages.first(board, SHOWN_MAX), 0)
        self.boards = Leaderboards(pages, self.queries.state, recent)

    def give(self, user_id: str, now: datetime, *commands: Command, by: Actor | None = None) -> None:
        for command in commands:
            self.commands.execute(user_id, now, command, actor=by)

    def did(self, user_id: str, now: datetime, name: str, **more: Any) -> None:
        self.give(user_id, now, RecordActivity(activity_id=name, activity_type=GUIDE, metadata={}, **more))

    def top(self, now: datetime, asked: Asked = WEEK_XP, user_id: str = "who") -> list[tuple[int, str, int]]:
        return [(row["rank"], row["name"], row["score"]) for row in self.boards.board(user_id, now, asked)["top"]]

    def entry(self, user_id: str) -> dict[str, Any] | None:
        return self.client.document(f"streaks/{user_id}/leaderboard_entries/entry").get().to_dict()


@pytest.fixture
def world(client: firestore.Client) -> World:
    return World(client)


def test_a_commit_sets_what_others_see_whatever_is_late_undone_or_sent_twice(world: World) -> None:
    world.give("ada", NOW, JoinLeaderboard(board_name=" Ada ", group="g"))
    assert world.top(NOW) == []
    world.did("ada", NOW, "a1")
    world.did("ada", NOW + DAY, "a2")
    world.did("ada", NOW + DAY, "late", occurred_at=NOW - 2 * DAY)
    world.did("ada", NOW + DAY, "late", occurred_at=NOW - 2 * DAY)
    group = Asked(span=Span.WEEK, by=RankedBy.STREAK, group="g")
    assert (world.top(NOW + DAY), world.top(NOW + DAY, group)) == ([(1, "Ada", 30)], [(1, "Ada", 2)])
    assert world.top(NOW + DAY, Asked(span=None, by=RankedBy.XP)) == [(1, "Ada", 45)]
    # February had ended two days ago, and is not final yet.
    assert world.top(NOW + DAY, Asked(span=Span.MONTH, by=RankedBy.XP, is_last=True)) == [(1, "Ada", 15)]
    world.give("ada", NOW + DAY, UndoActivity(activity_id="a2"))
    assert world.top(NOW + DAY) == [(1, "Ada", 15)]
    world.give("ada", NOW + DAY, JoinLeaderboard(board_name="Bo"))
    assert (world.top(NOW + DAY), world.top(NOW + DAY, group)) == ([(1, "Bo", 15)], [])
    assert "group" not in (world.entry("ada") or {})


def test_whoever_is_hidden_blocked_or_gone_is_seen_by_nobody_and_comes_back_as_they_are(world: World) -> None:
    world.give("ada", NOW, JoinLeaderboard(board_name="Ada"))
    world.did("ada", NOW, "a1")
    ways: list[tuple[Command, Command]] = [
        (HideFromLeaderboard(reason="rude"), ShowOnLeaderboard(reason="not so")),
        (BlockUser(reason="rude"), UnblockUser(reason="not so")),
        (LeaveLeaderboard(), JoinLeaderboard(board_name="Ada")),
    ]
    for away, back in ways:
        world.give("ada", NOW, away, by=OPERATOR)
        answer = world.boards.board("ada", NOW, WEEK_XP)
        assert (answer["top"], answer["me"], answer["around"]) == ([], None, [])
        world.give("ada", NOW, back, by=OPERATOR)
        assert world.top(NOW) == [(1, "Ada", 15)]
    world.give("ada", NOW, LeaveLeaderboard())
    assert world.entry("ada") is None
    assert world.queries.seat("ada", NOW)["joined"] is False


def test_of_whoever_is_erased_nothing_is_seen_from_the_first_commit_of_it_on(world: World) -> None:
    world.give("ada", NOW, JoinLeaderboard(board_name="Ada"))
    world.did("ada", NOW, "a1")
    store = WholeUserStore(world.client)
    store.bury(store.home("ada"), NOW)
    assert world.top(NOW) == []
    UserRights(store).erase("ada")
    assert world.entry("ada") is None


def test_an_export_has_what_others_see(world: World) -> None:
    world.give("ada", NOW, JoinLeaderboard(board_name="Ada", group="g"))
    lines = [*UserRights(WholeUserStore(world.client)).export("ada")]
    [found] = [line["data"] for line in lines if line.get("collection") == "leaderboard_entries"]
    assert (found["name"], found["group"], found["is_shown"]) == ("Ada", "g", True)


def test_whoever_takes_no_part_reads_and_writes_nothing_for_it_and_who_does_writes_one_document_more(
    world: World, recorder: Recorder
) -> None:
    written: dict[str, set[str]] = {}
    reads: dict[str, int] = {}
    world.give("part", NOW, JoinLeaderboard(board_name="Ada"), CheckIn())
    world.give("none", NOW, ChangeSettings(auto_freeze=False), CheckIn())
    for user_id in ("none", "part"):
        recorder.calls.clear()
        world.did(user_id, NOW + DAY, "a")
        written[user_id] = {name.partition(f"/{user_id}/")[2] for name in recorder.documents_written()}
        reads[user_id] = sum(map(len, recorder.documents_read())) + recorder.methods().count("RunQuery")
    assert written["part"] - written["none"] == {"leaderboard_entries/entry"}
    assert not [name for name in written["none"] if "leaderboard" in name]
    assert reads["part"] == reads["none"]


def test_a_final_period_stays_as_it_was_and_the_numbers_of_the_days_go_on(world: World) -> None:
    world.give("ada", NOW, JoinLeaderboard(board_name="Ada"))
    world.did("ada", NOW, "a1")
    final = Period.of(Span.WEEK, NOW.date()).final_at(policies().day_starts)
    last = Asked(span=Span.WEEK, by=RankedBy.XP, is_last=True)
    world.did("ada", final - timedelta(minutes=1), "a2", occurred_at=NOW + DAY)
    assert world.top(final - timedelta(minutes=1), last) == [(1, "Ada", 30)]
    world.did("ada", final, "a3", occurred_at=NOW + DAY)
    world.give("ada", final, UndoActivity(activity_id="a1"))
    answer = world.boards.board("ada", final, last)
    assert (answer["final"], answer["top"][0]["score"]) == (True, 30)
    # Also for whoever is a week ahead of who asks.
    world.did("ada", NOW + 14 * DAY, "a4")
    assert world.top(NOW + 13 * DAY, last) == [(1, "Ada", 30)]


def test_whoever_joins_once_a_period_is_final_is_not_in_it(world: World) -> None:
    world.did("ada", NOW, "a1")
    world.give("ada", NOW + 10 * DAY, JoinLeaderboard(board_name="Ada"))
    assert world.top(NOW + 10 * DAY, Asked(span=Span.WEEK, by=RankedBy.XP, is_last=True)) == []
    assert world.top(NOW + 10 * DAY, Asked(span=Span.MONTH, by=RankedBy.XP)) == [(1, "Ada", 15)]


def test_what_was_decided_before_joining_is_read_once_as_the_calendar_has_it(world: World, recorder: Recorder) -> None:
    for day in range(30):
        world.did("ada", NOW + day * DAY, f"a{day}")
    now = NOW + 29 * DAY
    world.give("ada", now, JoinLeaderboard(board_name="Ada"))
    month = sum(row["xp"] for row in world.queries.calendar("ada", now, 31)["days"])
    assert world.top(now, Asked(span=Span.MONTH, by=RankedBy.XP)) == [(1, "Ada", month)]
    assert world.top(now, Asked(span=Span.MONTH, by=RankedBy.STREAK)) == [(1, "Ada", 30)]
    recorder.calls.clear()
    world.did("ada", now, "once more")
    assert not [name for names in recorder.documents_read() for name in names if "/months/" in name]


def test_thirty_two_at_once_come_to_what_all_of_them_are(world: World) -> None:
    world.give("ada", NOW, JoinLeaderboard(board_name="Ada"))
    with ThreadPoolExecutor(32) as threads:
        [*threads.map(lambda number: world.did("ada", NOW, f"a{number % 16}"), range(32))]
    assert world.top(NOW) == [(1, "Ada", 16 * 15)]


LIVES: Final = 250
LIVED_BY: Final = 20


def three_weeks(dice: random.Random) -> tuple[Placed, datetime]:
    """What others see of somebody who has lived three weeks: comes, misses days, undoes, is late."""
    user, end = PureUser(POLICY), NOW + 20 * DAY + timedelta(hours=dice.randrange(10))
    user.step({"at": NOW.isoformat(), "do": "join_leaderboard", "name": "Ada"})
    for number in range(dice.randrange(3, 12)):
        moment = NOW + timedelta(hours=dice.randrange(20 * 24))
        step = {"do": "record", "activity_type": GUIDE, "activity_id": f"a{number}", "at": end.isoformat()}
        user.step({**step, "occurred_at": max(moment, end - 14 * DAY).isoformat()})
    if dice.random() < 0.3:
        user.step({"at": end.isoformat(), "do": "undo", "activity_id": "a0"})
    assert user.streak
    found = placed(user.streak, user.state(end).view)
    assert found
    return found, end


def test_among_five_thousand_boards_and_ranks_are_those_of_a_sort_over_all(client: RecordedClient) -> None:
    dice = random.Random(7)  # noqa: S311 - the same lives each time
    people: dict[str, tuple[str, str | None, bool, Placed]] = {}
    for life in range(LIVES):
        seen, _ = three_weeks(dice)
        for number in range(LIVED_BY):
            name = f"n{dice.randrange(4_000):04d}"
            people[f"u{life}.{number}"] = (name, dice.choice((None, "g", "h")), dice.random() > 0.02, seen)
    write_all(client, people)
    pages = BoardPages(client)
    week = next(one for one in next(iter(people.values()))[3].periods if one.span is Span.WEEK)
    month = Period.of(Span.MONTH, NOW.date())
    for period, by, group in (
        (week, RankedBy.XP, None),
        (week, RankedBy.STREAK, "g"),
        (month, RankedBy.XP, "h"),
    ):
        board = Board(period=period, by=by, group=group)
        expected = sorted(stand_at(people, board))
        assert [(-row.score, row.name, row.user_doc_id) for row in pages.first(board, 100)] == expected[:100]
        check_somebody(pages, board, expected, dice)


def stand_at(people: dict[str, Any], board: Board) -> Iterator[tuple[int, str, str]]:
    for user_id, (name, group, is_shown, seen) in people.items():
        standing = seen.all_time if board.period is None else seen.periods.get(board.period, Standing())
        value = standing.of(board.by)
        if is_shown and value and (board.group is None or group == board.group):
            yield -value, name, user_id


def check_somebody(pages: BoardPages, board: Board, expected: list[tuple[int, str, str]], dice: random.Random) -> None:
    totals = Counter(-score for score, _, _ in expected)
    for place in dice.sample(range(len(expected)), 2):
        score, _, user_id = expected[place]
        own = pages.own(board, user_id)
        assert own
        assert pages.ahead(board, own.score) == Ahead(
            sum(n for one, n in totals.items() if one > -score), is_certain=True
        )
        beside = [*pages.above(board, own, 2), own, *pages.below(board, own, 2)]
        assert [row.user_doc_id for row in beside] == [one for *_, one in expected[max(0, place - 2) : place + 3]]


def write_all(client: RecordedClient, people: dict[str, Any]) -> None:
    batch, pending = client.batch(), 0
    for user_id, (name, group, is_shown, seen) in people.items():
        document = entry_of(name, NOW, seen.periods, seen.all_time, group=group, is_shown=is_shown)
        batch.set(client.document(f"streaks/{user_id}/leaderboard_entries/entry"), document)
        pending += 1
        if pending == 500:
            batch.commit()
            batch, pending = client.batch(), 0
    batch.commit()


@pytest.mark.parametrize(
    ("path", "stands"),
    [
        ("streaks/bo/leaderboard_entries/entry", True),
        ("leaderboard_entries/entry", False),
        ("streaks/bo/leaderboard_entries/other", False),
        ("games/bo/leaderboard_entries/entry", False),
        ("games/g/streaks/bo/leaderboard_entries/entry", False),
    ],
)
def test_another_app_s_collection_of_that_name_stands_at_no_board(world: World, path: str, *, stands: bool) -> None:
    world.give("ada", NOW, JoinLeaderboard(board_name="Ada", group="g"))
    world.did("ada", NOW, "a1")
    world.client.document(path).set(entry("Bo", NOW, Standing(50, 3)))
    assert world.top(NOW) == ([(1, "Bo", 50), (2, "Ada", 15)] if stands else [(1, "Ada", 15)])
    answer = world.boards.board("ada", NOW, WEEK_XP)
    assert [row["name"] for row in answer["around"]] == (["Bo", "Ada"] if stands else ["Ada"])


def test_a_group_that_is_no_word_of_ours_ends_no_list_of_groups(world: World) -> None:
    world.give("ada", NOW, JoinLeaderboard(board_name="Ada", group="g"))
    for number, group in enumerate((5, True, ["g"], {"g": 1})):
        world.client.document(f"games/{number}/leaderboard_entries/x").set({"is_shown": True, "group": group})
    assert [BoardPages(world.client).next_group(after) for after in (None, "", "f", "g")] == ["g", "g", "g", None]


def test_an_answer_reads_a_bounded_number_of_documents(client: RecordedClient, recorder: Recorder) -> None:
    world = World(client)
    world.give("ada", NOW, JoinLeaderboard(board_name="Zed"))
    world.did("ada", NOW, "a1")
    batch = client.batch()
    for number in range(130):
        batch.set(
            client.document(f"streaks/u{number}/leaderboard_entries/entry"),
            entry(f"n{number}", NOW, Standing(20 + number, 1)),
        )
    batch.commit()
    recorder.calls.clear()
    answer = world.boards.board("ada", NOW, WEEK_XP)
    assert answer["me"] == {"rank": 131, "exact": True, "score": 15}
    assert [row["rank"] for row in answer["around"]] == [129, 130, 131]
    methods = Counter(recorder.methods())
    assert (methods["BatchGetDocuments"], methods["RunQuery"], methods["RunAggregationQuery"]) == (2, 3, 3)
    # Of a board that is kept, the first hundred are not read again.
    pages = BoardPages(client)
    kept = Leaderboards(pages, world.queries.state, RecentBoards(lambda board: pages.first(board, SHOWN_MAX), 600))
    assert kept.board("ada", NOW, WEEK_XP) == answer
    recorder.calls.clear()
    assert kept.board("ada", NOW, WEEK_XP) == answer
    assert Counter(recorder.methods())["RunQuery"] == 2
