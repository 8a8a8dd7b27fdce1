"""The final standing of a final period: told once to each who is placed, also where the run is killed or doubled."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count as counting
from typing import TYPE_CHECKING, Any, Final

import pytest

from streak_core.boards.pages import BoardPages
from streak_core.boards.placing import CALL_SECONDS_MAX, WRITTEN_AFTER, Placing, final_periods
from streak_core.boards.standings import KEPT_FOR, StandingStore
from streak_core.commands import StreakCommands
from streak_core.domain.boards import Period, Span, Standing
from streak_core.domain.commands import ChangeSettings, JoinLeaderboard, LeaveLeaderboard, RecordActivity
from streak_core.domain.events import EventKind
from streak_core.domain.webhooks import Chosen, chosen_by
from streak_core.proving.page import proved_page
from streak_core.retry import Attempts
from streak_core.store.due import DueStore
from streak_core.store.failures import WriteRefused
from streak_core.store.users import UserStore
from streak_core.telemetry import LogEvent
from streak_core.write_gate import never_closed
from testing.logged import Logged
from tests.support.board_world import entry
from tests.support.closing import Closing
from tests.support.shipped_policy import policies
from tests.support.told_world import endpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from google.cloud import firestore

    from streak_core.store.due import Settled
    from tests.support.recorded_client import RecordedClient, Recorder

# A Wednesday.
NOW: Final = datetime(2026, 3, 4, 9, tzinfo=UTC)
DAY: Final = timedelta(days=1)
WEEK: Final = Period.of(Span.WEEK, NOW.date())
FINAL: Final = WEEK.final_at(policies().day_starts)
DUE: Final = FINAL + WRITTEN_AFTER


def placing(client: firestore.Client, chosen: Chosen | None = None, **more: Any) -> Placing:
    due = DueStore(client, chosen) if chosen else DueStore(client)
    more = {"is_closed": never_closed, **more}
    return Placing(BoardPages(client), StandingStore(client), due, policies, **more)


def lived(client: firestore.Client, scores: dict[str, int], group: str | None = None, now: datetime = NOW) -> None:
    commands = StreakCommands(UserStore(client, policies), policies)
    for name, count in scores.items():
        commands.execute(name, now, JoinLeaderboard(board_name=name, group=group))
        for number in range(count):
            wish = RecordActivity(activity_id=f"a{number}", activity_type="study_guide_completed", metadata={})
            commands.execute(name, now, wish)


def told(client: firestore.Client) -> dict[str, list[tuple[str, int, int]]]:
    """Each user's places, by board and group."""
    found: dict[str, list[tuple[str, int, int]]] = {}
    for one in client.collection_group("events").stream():
        event = one.to_dict() or {}
        if event["kind"] == "placed":
            details = event["details"]
            board = ".".join((details["period"], details["by"], *filter(None, [details.get("group")])))
            found.setdefault(one.reference.parent.parent.id, []).append((board, details["rank"], details["score"]))
    return {user_id: sorted(places) for user_id, places in found.items()}


EXPECTED: Final = {
    "ada": [("2026-03-02.streak", 1, 1), ("2026-03-02.xp", 1, 45)],
    "bo": [("2026-03-02.streak", 1, 1), ("2026-03-02.xp", 2, 15)],
    "cy": [("2026-03-02.streak", 1, 1), ("2026-03-02.xp", 2, 15)],
}


def test_each_who_is_placed_is_told_once_when_the_period_is_final_and_not_before(client: RecordedClient) -> None:
    lived(client, {"ada": 3, "bo": 1, "cy": 1, "none": 0})
    placing(client).place_some(DUE - timedelta(seconds=1))
    assert told(client) == {}
    for late in (timedelta(0), timedelta(hours=1), 2 * DAY):
        placing(client).place_some(DUE + late)
        assert told(client) == EXPECTED


def test_what_is_kept_of_a_standing_has_no_group_no_score_and_nobody_and_ends_by_itself(client: RecordedClient) -> None:
    lived(client, {"ada": 3, "bo": 1}, "a-word-of-users")
    placing(client).place_some(DUE)
    kept = {one.id: one.to_dict() or {} for one in client.collection("leaderboard_standings").stream()}
    assert not [name for name in kept if "a-word-of-users" in f"{name} {kept[name]}"]
    boards = [document for document in kept.values() if "placed" in document]
    assert [sorted(one) for one in boards] == 4 * [["at", "expire_at", "placed", "schema_version"]]
    assert {one["placed"] for one in boards} == {2}
    periods = [document for document in kept.values() if "placed" not in document]
    assert [(one["is_done"], one["through"]) for one in periods] == 4 * [(True, None)]
    # Longer than any period is among those that the job goes on with.
    month = Period.of(Span.MONTH, NOW.date()).before
    last = max(DUE + n * DAY for n in range(150) if month in final_periods(policies(), DUE + n * DAY))
    assert {one["expire_at"] - DUE for one in kept.values()} == {KEPT_FOR}
    assert last - month.final_at(policies().day_starts) < KEPT_FOR


def test_groups_have_standings_of_their_own(client: RecordedClient) -> None:
    lived(client, {"ada": 2}, "g")
    lived(client, {"bo": 1}, "h")
    placing(client).place_some(DUE)
    assert [one for one in told(client)["bo"] if one[0].endswith(("xp", ".h"))] == [
        ("2026-03-02.streak.h", 1, 1),
        ("2026-03-02.xp", 2, 15),
        ("2026-03-02.xp.h", 1, 15),
    ]


def looks(seconds: float) -> Callable[[], float]:
    """A clock on which so much time goes by between one look and the next."""
    return partial(next, counting(step=seconds))


@pytest.mark.parametrize("seconds", [CALL_SECONDS_MAX / turns for turns in (5.5, 6.5, 9.5)])
def test_what_a_call_has_no_time_for_the_next_ones_go_on_with(client: RecordedClient, seconds: float) -> None:
    lived(client, {"ada": 3, "bo": 1, "cy": 1})
    placing(client, clock=looks(CALL_SECONDS_MAX)).place_some(DUE)
    assert told(client) == {}
    for _ in range(20):
        placing(client, clock=looks(seconds)).place_some(DUE)
    assert told(client) == EXPECTED


@pytest.mark.parametrize("questions", [0, 1, 3, 4, 6, 7, 9])
def test_once_documents_are_restored_nothing_more_is_written_and_the_next_call_goes_on(
    client: RecordedClient, recorder: Recorder, questions: int
) -> None:
    lived(client, {"ada": 3, "bo": 1, "cy": 1})
    closing = Closing(recorder, questions)
    with Logged() as logged:
        placing(client, is_closed=closing.is_closed).place_some(DUE)
    closing.check()
    assert logged.of("standings_failed") == []
    placing(client).place_some(DUE)
    assert told(client) == EXPECTED


# The four periods that are open have a turn for everybody first, and from then on each has a group in turn.
@pytest.mark.parametrize(("turns", "boards"), [(4, 2), (8, 4), (12, 6), (40, 12)])
def test_everybody_s_boards_of_all_periods_come_first_and_then_a_group_of_each_in_turn(
    client: RecordedClient, turns: int, boards: int
) -> None:
    now = datetime(2026, 4, 2, 9, tzinfo=UTC)
    for name in "abcde":
        lived(client, {name: 1}, f"group-{name}", now)
    due = Period.of(Span.WEEK, now.date()).final_at(policies().day_starts) + WRITTEN_AFTER
    placing(client, clock=looks(CALL_SECONDS_MAX / (turns + 0.5))).place_some(due)
    found = {board for places in told(client).values() for board, *_ in places}
    assert len(found) == boards
    assert {"2026-03-30.xp", "2026-03-30.streak"} <= found


def test_with_two_periods_each_has_its_share(client: RecordedClient) -> None:
    ends = datetime(2026, 2, 27, 9, tzinfo=UTC)
    for name in "abcdef":
        lived(client, {name: 1}, f"group-{name}", ends)
    week = Period.of(Span.WEEK, ends.date()).final_at(policies().day_starts) + WRITTEN_AFTER
    assert [one.label for one in final_periods(policies(), week - WRITTEN_AFTER)][1::2] == ["2026-02-23", "2026-02"]
    # Four turns of everybody's, and three rounds of all four periods' groups.
    placing(client, clock=looks(CALL_SECONDS_MAX / 16.5)).place_some(week)
    boards = {board for places in told(client).values() for board, *_ in places}
    assert Counter(board.partition(".")[0] for board in boards) == {"2026-02-23": 2 + 2 * 3, "2026-02": 2 + 2 * 3}


def test_of_a_board_on_which_nobody_is_nothing_is_written(client: RecordedClient) -> None:
    lived(client, {"ada": 1}, "g")
    lived(client, {"none": 0}, "h")
    placing(client).place_some(DUE)
    written = [one.to_dict() or {} for one in client.collection("leaderboard_standings").stream()]
    # Everybody's and one group's, each by both scores.
    assert [one["placed"] for one in written if "placed" in one] == [1, 1, 1, 1]


def test_what_can_not_be_gone_on_with_for_one_period_is_for_the_others(client: RecordedClient) -> None:
    lived(client, {"ada": 3, "bo": 1, "cy": 1})
    client.document("leaderboard_standings/week.2026-02-23").set({"schema_version": 0})
    with Logged() as logged:
        placing(client).place_some(DUE)
    assert (len(logged.of(LogEvent.STANDINGS_FAILED)), told(client)) == (1, EXPECTED)


class Killed(BaseException):
    """The process is gone."""


class Mortal(DueStore):
    """Whose process is killed at a commit, after so many."""

    def __init__(self, client: firestore.Client, survived: int) -> None:
        super().__init__(client)
        self._left = survived

    def commit(self, batch: Sequence[Settled], also: Callable[[firestore.Transaction], None]) -> None:
        if not self._left:
            raise Killed
        self._left -= 1
        super().commit(batch, also)


def test_killed_at_any_commit_and_called_again_the_same_is_written(client: RecordedClient) -> None:
    lived(client, {"ada": 3, "bo": 1, "cy": 1})
    whole = 0
    for survived in range(40):
        try:
            replace(placing(client), due=Mortal(client, survived)).place_some(DUE)
        except Killed:
            continue
        whole += 1
        break
    assert whole
    assert told(client) == EXPECTED


class Refusing(DueStore):
    """Which takes nothing of one user."""

    def commit(self, batch: Sequence[Settled], also: Callable[[firestore.Transaction], None]) -> None:
        if batch[0].user.user_id == "bo":
            raise WriteRefused
        super().commit(batch, also)


@pytest.mark.parametrize("damage", ["refused", "unreadable"])
def test_whoever_can_not_be_told_is_named_and_keeps_nobody_else_from_a_place(
    client: RecordedClient, damage: str
) -> None:
    lived(client, {"ada": 3, "bo": 1, "cy": 1})
    if damage == "unreadable":
        client.document("streaks/bo").update({"state": "{}"})
    due = Refusing(client) if damage == "refused" else DueStore(client)
    with Logged() as logged:
        for _ in range(2):
            replace(placing(client), due=due, attempts=lambda: Attempts(sleep=lambda _: None)).place_some(DUE)
    assert told(client) == {name: EXPECTED[name] for name in ("ada", "cy")}
    named = [one["user_id"] for one in logged.of(LogEvent.STANDINGS_FAILED)]
    assert named == (["bo", "bo"] if damage == "refused" else []), "once a board; who can't be read is named by the job"


def test_runs_at_the_same_time_tell_everybody_once_and_so_they_do_an_app_s_server(client: RecordedClient) -> None:
    lived(client, {"ada": 3, "bo": 1, "cy": 1})
    chosen = chosen_by([endpoint("crm", frozenset({EventKind.PLACED}))])
    with ThreadPoolExecutor(6) as threads:
        [*threads.map(lambda _: placing(client, chosen).place_some(DUE), range(6))]
    assert told(client) == EXPECTED
    waiting = [one.to_dict() or {} for one in client.collection_group("outbox").stream()]
    assert sorted(one["number"] for one in waiting) == [1, 1, 1, 2, 2, 2]


def test_no_ledger_is_asked_for_a_place_and_what_else_is_there_is_still_proved(client: RecordedClient) -> None:
    lived(client, {"ada": 3, "bo": 1})
    placing(client).place_some(DUE)
    assert list(proved_page(client, policies(), "", DUE + DAY).wrong) == []


def test_late_by_a_week_whoever_has_not_moved_on_by_three_is_placed_as_they_were(client: RecordedClient) -> None:
    lived(client, {"ada": 3, "bo": 1, "cy": 1})
    commands = StreakCommands(UserStore(client, policies), policies)
    for weeks in (1, 2):
        wish = RecordActivity(activity_id=f"w{weeks}", activity_type="study_guide_completed", metadata={})
        commands.execute("ada", NOW + 7 * weeks * DAY, wish)
    placing(client).place_some(DUE + 7 * DAY)
    assert told(client)["ada"][:2] == EXPECTED["ada"]
    assert {"bo", "cy"} <= told(client).keys()


def test_whoever_left_or_was_erased_meanwhile_is_not_placed(client: RecordedClient) -> None:
    lived(client, {"ada": 3, "bo": 1, "cy": 1})
    StreakCommands(UserStore(client, policies), policies).execute("ada", NOW + DAY, LeaveLeaderboard())
    placing(client).place_some(DUE)
    assert told(client) == {
        "bo": [("2026-03-02.streak", 1, 1), ("2026-03-02.xp", 1, 15)],
        "cy": [("2026-03-02.streak", 1, 1), ("2026-03-02.xp", 1, 15)],
    }


def test_a_document_of_another_app_is_placed_nowhere_and_keeps_nobody_from_a_place(client: RecordedClient) -> None:
    lived(client, {"ada": 3, "bo": 1, "cy": 1})
    for path in ("leaderboard_entries/x", "games/ada/leaderboard_entries/entry", "streaks/bo/leaderboard_entries/x"):
        client.document(path).set(entry("Zed", NOW, Standing(99, 9)))
    placing(client).place_some(DUE)
    assert told(client) == EXPECTED


def test_a_user_at_either_end_of_the_world_is_in_the_week_of_their_own_labels(client: RecordedClient) -> None:
    commands = StreakCommands(UserStore(client, policies), policies)
    # In Kiritimati it is Monday by then, and twelve hours behind UTC still Sunday morning.
    now = datetime(2026, 3, 8, 20, tzinfo=UTC)
    for name, zone in (("east", "Pacific/Kiritimati"), ("west", "Etc/GMT+12")):
        commands.execute(name, now, ChangeSettings(time_zone=zone))
        commands.execute(name, now, JoinLeaderboard(board_name=name))
        wish = RecordActivity(activity_id="a", activity_type="study_guide_completed", metadata={})
        commands.execute(name, now, wish)
    placing(client).place_some(DUE)
    assert told(client).keys() == {"west"}
    placing(client).place_some(DUE + 7 * DAY)
    assert [board for board, *_ in told(client)["east"]] == ["2026-03-09.streak", "2026-03-09.xp"]


def test_the_periods_are_those_that_were_final_last_and_the_ones_before() -> None:
    labels = [one.label for one in final_periods(policies(), FINAL)]
    assert labels == ["2026-02-23", "2026-03-02", "2026-01", "2026-02"]
    assert [one.label for one in final_periods(policies(), FINAL - timedelta(seconds=1))][:2] == [
        "2026-02-16",
        "2026-02-23",
    ]
