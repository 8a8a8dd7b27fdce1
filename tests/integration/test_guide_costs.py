"""The reads and writes that the guide says each call has are those that it has, against the emulator."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

import pytest
from google.cloud import firestore

from streak_core.commands import StreakCommands
from streak_core.domain.commands import CheckIn, Command, RecordActivity
from streak_core.friends.accepting import Accepted
from streak_core.friends.pairs import FRIENDS_MAX, pair_ref
from streak_core.friends.refusals import InvitationNotFound
from streak_core.queries import StreakQueries
from streak_core.store.users import UserStore
from streak_core.telemetry.context import Work, during
from tests.support.befriending import Befriending, befriended_for_long
from tests.support.guide import FOLDER
from tests.support.shipped_policy import policies

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.recorded_client import RecordedClient, Recorder

NOW: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAYS: Final = 400
ROW: Final = re.compile(r"^\| (.+) \| (?:at most )?(\d+) \| (\d+) \|$", re.MULTILINE)
SAID: Final = {
    name: (int(reads), int(writes))
    for name, reads, writes in ROW.findall((FOLDER / "costs.md").read_text(encoding="utf-8"))
}
FIRST: Final = "`POST /streak/activities`, the first of the day"
ANOTHER: Final = "the same, another one that day"
AGAIN: Final = "the same again, with its key"
CHECK_IN: Final = "`POST /streak/update`, the first of the day"
KEYED: Final = "`POST /streak/update` with an `Idempotency-Key`, the first of the day"
MONTH: Final = "`GET /calendar?days=30`"
YEAR: Final = "`GET /calendar?days=366`"
FRIENDS: Final = "`GET /friends`, of five friends"
NOBODY: Final = "`GET /friends`, of nobody"
INVITED: Final = "`POST /friends/invitations`, the first one"
ACCEPTED: Final = "`POST /friends`, of two who have four friends each"
WRONG: Final = "`POST /friends` with a code that is none"
ENDED: Final = "`DELETE /friends/{id}`, of five"
BLOCKED: Final = "`PUT /friends/blocks/{id}`, of five"
NOTED: Final = "`GET /friends`, the first after days of two were put away, in one month: besides, a friend"
QUESTIONS: Final = "`GET /streak`, `/streak/offers`, `/streak/settings`, `/streak/explain`, `/consistency`, `/policy`"


def cost(recorder: Recorder, act: Callable[[], object]) -> tuple[int, int]:
    recorder.calls.clear()
    act()
    assert set(recorder.methods()) <= {"BatchGetDocuments", "BeginTransaction", "Commit"}, "a query is billed apart"
    return sum(map(len, recorder.documents_read())), len(recorder.documents_written())


@pytest.fixture
def commands(client: RecordedClient) -> StreakCommands:
    """For somebody who was active yesterday."""
    user = StreakCommands(UserStore(client, policies), policies)
    user.execute("ada", NOW - timedelta(days=1), guide("yesterday"))
    return user


def guide(name: str) -> Command:
    return RecordActivity(activity_id=name, activity_type="study_guide_completed", metadata={})


def test_each_recording_costs_what_the_guide_says(commands: StreakCommands, recorder: Recorder) -> None:
    assert cost(recorder, lambda: commands.execute("ada", NOW, guide("a"))) == SAID[FIRST]
    assert cost(recorder, lambda: commands.execute("ada", NOW, guide("b"))) == SAID[ANOTHER]
    assert cost(recorder, lambda: commands.execute("ada", NOW, guide("b"))) == SAID[AGAIN]


def test_a_check_in_costs_what_the_guide_says(commands: StreakCommands, recorder: Recorder) -> None:
    assert cost(recorder, lambda: commands.execute("ada", NOW, CheckIn())) == SAID[CHECK_IN]
    tomorrow = NOW + timedelta(days=1)
    assert cost(recorder, lambda: commands.execute("ada", tomorrow, CheckIn(key="k"), "k")) == SAID[KEYED]


def test_each_question_costs_what_the_guide_says(commands: StreakCommands, recorder: Recorder) -> None:
    ask = StreakQueries(commands.store, policies)
    asked = {
        "streak": lambda: ask.streak("ada", NOW),
        "offers": lambda: ask.offers("ada", NOW),
        "settings": lambda: ask.settings("ada", NOW),
        "explain": lambda: ask.explain("ada", NOW, 14),
        "consistency": lambda: ask.consistency("ada", NOW),
        "policy": lambda: ask.policy("ada", NOW),
    }
    assert {name.split("/")[-1] for name in re.findall(r"[\w/]+(?=`)", QUESTIONS)} == set(asked)
    assert {name: cost(recorder, act) for name, act in asked.items()} == dict.fromkeys(asked, SAID[QUESTIONS])


def test_a_calendar_costs_at_most_what_the_guide_says(commands: StreakCommands, recorder: Recorder) -> None:
    for day in range(0, DAYS, 10):
        commands.execute("ada", NOW + timedelta(days=day), guide(f"a{day}"))
    ask = StreakQueries(commands.store, policies)
    last = NOW + timedelta(days=DAYS)
    for days, said in ((30, SAID[MONTH]), (366, SAID[YEAR])):
        moments = [last + timedelta(days=on) for on in range(0, 62, 3)]
        assert max(cost(recorder, partial(ask.calendar, "ada", at, days)) for at in moments) == said


def billed(act: Callable[[], object]) -> tuple[int, int]:
    """Each document that a query finds is a read, and a query that finds none is one as well."""
    with during(Work(function="friends", request_id="r")) as work:
        act()
    return work.tally.reads, work.tally.writes


def with_four_each(client: RecordedClient) -> Befriending:
    """Two who have as many friends as can be but one."""
    doing = Befriending(client)
    for number in range(FRIENDS_MAX - 1):
        for user_id in ("ada", "ben"):
            doing.befriend(f"{user_id}-{number}", user_id, NOW)
    return doing


def friend_named(doing: Befriending, user_id: str, name: str) -> str:
    return next(one.friend_id for one in doing.friendships.all(user_id, NOW) if one.name == name)


def test_what_is_done_with_friends_costs_what_the_guide_says(client: RecordedClient) -> None:
    assert billed(lambda: Befriending(client).friendships.all("ada", NOW)) == SAID[NOBODY]
    doing = with_four_each(client)
    assert billed(lambda: doing.code("eve", NOW)) == SAID[INVITED]
    accepted = Accepted(code=doing.code("ada", NOW), name="Ben")

    def accept() -> None:
        friend_id, _ = doing.accepting.accept("ben", accepted, NOW, None)
        doing.friendships.one("ben", friend_id, NOW)

    assert billed(accept) == SAID[ACCEPTED]

    def accept_none() -> None:
        with pytest.raises(InvitationNotFound):
            doing.accepting.accept("ben", accepted, NOW, None)

    assert billed(accept_none) == SAID[WRONG]
    assert billed(lambda: doing.friendships.all("ada", NOW)) == SAID[FRIENDS]
    one, other = (friend_named(doing, user_id, f"The {user_id}-0") for user_id in ("ada", "ben"))
    assert billed(lambda: doing.friendships.end("ada", one, NOW)) == SAID[ENDED]
    assert billed(lambda: doing.friendships.block("ben", other, NOW)) == SAID[BLOCKED]


def test_days_of_friends_that_were_put_away_are_read_once(client: RecordedClient) -> None:
    friends = Befriending(client).friendships
    befriended_for_long(client, "ida", "joe", NOW)
    last, usual = NOW + timedelta(days=41), (3, 0)
    assert billed(lambda: friends.all("ida", last)) == usual
    pair_ref(client, "ida", "joe").update({"counted": firestore.DELETE_FIELD})
    reads, writes = billed(lambda: friends.all("ida", last))
    assert (reads - usual[0], writes) == SAID[NOTED]
    assert billed(lambda: friends.all("ida", last)) == usual
