"""One user kept in Firestore: the service and the job's own writes, driven by the steps of random lives.

Must not know what is answered: what is refused is refused.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, assert_never

from streak_core.commands import StreakCommands
from streak_core.domain.errors import StreakError
from streak_core.domain.settlement import settle
from streak_core.proving.marks import command_name
from streak_core.queries import StreakQueries
from streak_core.store import documents
from streak_core.store.documents import user_doc_id
from streak_core.store.due import DueStore, Settled
from streak_core.store.users import UserStore
from testing.pure_user import PureUser
from testing.scenario_commands import actor_of, command_of
from testing.steps import CommandStep, JobStep, QueryStep, Step, kind_of
from tests.support.shipped_policy import POLICY, RULES, policies

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from google.cloud import firestore

    from streak_core.domain.entries import LedgerEntry


PARTS: Final = ("ledger", "months", "events")
_WRITES_MAX: Final = 400
BEGINS: Final = datetime(2025, 1, 6, 9, tzinfo=UTC)
_WORTH: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("quiz_completed", {"difficulty": "hard", "score": 80}),
    ("flashcard_set_completed", {"correct": 400}),
    ("evaluation_completed", {"grade": 8}),
    ("study_guide_completed", {}),
)


_GUIDE: Final = {"do": "record", "activity_type": "study_guide_completed"}


@dataclass(frozen=True)
class StoredLife:
    """A user of the service."""

    client: firestore.Client
    user_id: str

    def live(self, steps: Iterable[Step]) -> datetime:
        """Takes each step; answers the last moment of all."""
        moments = [(datetime.fromisoformat(step["at"]), step) for step in steps]
        for now, step in moments:
            with suppress(StreakError):
                self._take(step, now)
        return max(now for now, _ in moments)

    def _take(self, step: Step, now: datetime) -> None:
        match kind_of(step):
            case CommandStep():
                service = StreakCommands(UserStore(self.client, policies), policies)
                if step["do"] == "end_pause" and "pause_id" not in step:
                    step = {**step, "pause_id": self._pause_id(step, now)}
                service.execute(self.user_id, now, command_of(step), step.get("key"), actor_of(step))
            case JobStep():
                self._settle(now)
            case QueryStep():
                pass
            case never:
                assert_never(never)

    def _pause_id(self, step: Step, now: datetime) -> str:
        pauses = StreakQueries(UserStore(self.client, policies), policies).pauses(self.user_id, now)["pauses"]
        return next((one["pause_id"] for one in pauses if one["from"] == step["from"]), "none")

    def _settle(self, now: datetime) -> None:
        """What the job does with a due user."""
        due = DueStore(self.client)
        user = due.reload(user_doc_id(self.user_id))
        if user and user.streak and user.is_due(now):
            settlement = settle(user.streak, user.settled_through, RULES, now)
            due.commit([Settled(user=user, settlement=settlement)], lambda _: None)


def full_life(days: int = 52) -> list[Step]:
    """A life with every kind of entry, months of decided days, and a job that runs now and then; it ends active."""
    steps = [
        _step(0, 0, do="record", activity_id="before", activity_type="study_guide_completed"),
        _step(0, 0, do="set_time_zone", time_zone="Europe/Amsterdam"),
    ]
    for day in range(days):
        if day % 11 != 4 or day == days - 1:
            kind, metadata = _WORTH[day % len(_WORTH)]
            steps.append(_step(day, 0, do="record", activity_id=f"a{day}", activity_type=kind, metadata=metadata))
        steps += [_step(day, 1 + number, **more) for number, more in enumerate(_also(day))]
    return steps


def _also(day: int) -> list[Step]:
    today = (BEGINS + timedelta(days=day)).date()
    vacation = {"from": _iso(today, 10), "until": _iso(today, 11)}
    late = (BEGINS + timedelta(days=day - 1)).isoformat()
    more: dict[int, list[Step]] = {
        1: [{"do": "check_in", "key": f"k{day}"}, {"do": "check_in", "key": f"again{day}"}],
        2: [{"do": "undo", "activity_id": f"a{day}"}, {"do": "redo", "activity_id": f"a{day}", "key": f"redo{day}"}],
        3: [{"do": "check_in"}, {"do": "undo", "activity_id": f"a{day}"}, {"do": "check_in"}],
        4: [{"do": "maintenance"}],
        5: [{"do": "check_in"}, {"do": "repair"}, {"do": "plan_freeze", "date": _iso(today, 2)}],
        6: [{"do": "unplan_freeze", "date": _iso(today, 1)}, {"do": "maintenance"}],
        7: [{"do": "add_pause", **vacation}, {"do": "add_pause", "from": _iso(today, 20), "until": _iso(today, 21)}],
        8: [{"do": "end_pause", "from": _iso(today, 19)}],
        9: [
            {"do": "check_in"},
            {"do": "repair"},
            {"do": "set_rest_weekdays", "weekdays": ["saturday"]},
            {"do": "set_auto_freeze", "on": day // 20 % 2 == 0},
        ],
        10: [{**_GUIDE, "activity_id": f"z{day}", "time_zone": "Europe/Lisbon", "occurred_at": late}],
        12: [{"do": "pause", "from": _iso(today, 1), "until": _iso(today, 3)}],
        14: [{"do": "resume"}, {"do": "set_time_zone", "time_zone": "Asia/Tokyo"}],
        16: [{"do": "set_time_zone", "time_zone": "Europe/Paris", "since": late}],
        17: [{"do": "reset"}, {"do": "reset"}, {"do": "set_time_zone", "time_zone": "America/New_York"}],
        18: [{"do": "reset"}, {"do": "take_reset_back"}],
    }
    return more.get(day % 20, [])


def _step(day: int, hour: int, **step: Any) -> Step:
    return {"at": (BEGINS + timedelta(days=day, hours=hour)).isoformat(), **step}


def _iso(today: date, days: int) -> str:
    return (today + timedelta(days=days)).isoformat()


def documents_of(client: firestore.Client, user_id: str) -> dict[str, dict[str, Any]]:
    """Every document of a user by its path."""
    home = client.collection("streaks").document(user_doc_id(user_id))
    found = [home.get(), *(one for name in PARTS for one in home.collection(name).stream())]
    return {one.reference.path: one.to_dict() or {} for one in found if one.exists}


def long_life(user_id: str, days: int, last: datetime) -> dict[str, dict[str, Any]]:
    """Every document of a user who was active each day until `last`, decided in memory, by its path."""
    user = PureUser(POLICY)
    for day in range(days):
        at = (last - timedelta(days=days - 1 - day)).isoformat()
        user.step({"at": at, "do": "record", "activity_id": f"a{day}", "activity_type": "study_guide_completed"})
    assert user.streak
    home = f"{documents.STREAKS}/{user_doc_id(user_id)}"
    months = documents.month_documents(user.decided[day] for day in sorted(user.decided))
    return {
        home: documents.streak_document(user_id, user.streak, user.state(last).view, user.settled_through),
        **{f"{home}/ledger/{one.entry_id}": _entry(one) for one in user.entries},
        **{f"{home}/events/{one.event_id}": documents.event_document(one) for one in user.events.values()},
        **{f"{home}/months/{name}": month for name, month in months.items()},
    }


def _entry(entry: LedgerEntry) -> dict[str, Any]:
    return documents.entry_document(entry, "r", command_name(entry.content), {}, {})


def write_documents(client: firestore.Client, found: Mapping[str, Mapping[str, Any]]) -> None:
    """Writes them as they are."""
    paths = list(found)
    for begin in range(0, len(paths), _WRITES_MAX):
        batch = client.batch()
        for path in paths[begin : begin + _WRITES_MAX]:
            batch.set(client.document(path), dict(found[path]))
        batch.commit()
