"""Users who live by revisions that write form 1 and form 2 side by side, each answer judged by the model at once.

Must not know who else writes meanwhile.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from streak_core.commands import StreakCommands
from streak_core.domain.errors import StreakError, Unavailable
from streak_core.queries import StreakQueries
from streak_core.store.documents import FORM_1, SCHEMA_VERSION
from streak_core.store.users import UserStore
from testing.drawing import Drawer
from testing.scenario_commands import actor_of, command_of
from testing.scenarios import difference
from testing.steps import CommandStep, QueryStep, Step
from tests.support.shipped_policy import policies
from tools.chaos.devices import answer_to, quick_attempts
from tools.chaos.judge import Judge
from tools.chaos.possible_states import PossibleState, Response, Try

if TYPE_CHECKING:
    from collections.abc import Iterator

    from google.cloud import firestore

_BEGIN: Final = datetime(2026, 1, 5, 9, tzinfo=UTC)
# What a revision that writes form 1 answers as the rules of today have it, or refuses until the next release.
_BESIDE_RECORDING: Final = (
    CommandStep.UNDO,
    CommandStep.REDO,
    CommandStep.RESET,
    CommandStep.TAKE_RESET_BACK,
    CommandStep.PLAN_FREEZE,
    CommandStep.UNPLAN_FREEZE,
    CommandStep.REPAIR,
    CommandStep.ADD_PAUSE,
    CommandStep.SET_REST_WEEKDAYS,
    CommandStep.SET_AUTO_FREEZE,
)
_TRIES_MAX: Final = 20


@dataclass
class Fleet:
    """Revisions of both kinds over one database; who is told to come again meets the other kind."""

    client: firestore.Client
    # What is wrong, in words.
    complaints: list[str] = field(default_factory=list)
    # Answers by the form that the revision writes; and how often one said that it can't yet.
    answered: Counter[int] = field(default_factory=Counter)
    came_again: int = 0

    def __post_init__(self) -> None:
        stores = {form: UserStore(self.client, policies, form) for form in (FORM_1, SCHEMA_VERSION)}
        self._commands = {form: StreakCommands(one, policies, quick_attempts) for form, one in stores.items()}
        self._queries = {form: StreakQueries(one, policies) for form, one in stores.items()}

    def give(self, user_id: str, step: Step, form: int) -> tuple[Response, int]:
        """What becomes of a command that comes to a revision of that form first, and by which it was answered."""
        for _ in range(_TRIES_MAX):
            try:
                outcome = self._commands[form].execute(
                    user_id, datetime.fromisoformat(step["at"]), command_of(step), step.get("key"), actor_of(step)
                )
            except Unavailable:
                # Nothing was written.
                self.came_again += 1
                form = _other(form)
            except StreakError as refused:
                return Response(refusal=refused.code), form
            else:
                return Response(answer=dict(outcome.response)), form
        return Response(), form

    def ask(self, user_id: str, step: Step, form: int) -> Any:
        return answer_to(self._queries[form], user_id, step)


@dataclass
class Living:
    """One user, and how the model has them."""

    user_id: str
    steps: Iterator[Step]
    state: PossibleState = field(default_factory=PossibleState)

    def take(self, fleet: Fleet, form: int) -> None:
        """Takes the next step at a revision of that form, and asks one of the other."""
        step = next(self.steps)
        response, by = fleet.give(self.user_id, step, form)
        fleet.answered[by] += 1
        judge = Judge()
        if not judge.explain(self.state, [[Try(step, response)]]):
            fleet.complaints.append(f"{self.user_id} {step}: {judge.complaint}")
        for query in (QueryStep.STREAK, QueryStep.CALENDAR):
            question: Step = {"do": query.value, "at": step["at"], "days": 40}
            answer = fleet.ask(self.user_id, question, _other(by))
            expected = self.state.ask(question)
            if query is QueryStep.STREAK:
                # What form 1 can't hold is not offered while it is written.
                del expected["offers"]
            if found := difference(expected, answer, query.value):
                fleet.complaints.append(f"{self.user_id} after {step}: {found}")


def _other(form: int) -> int:
    return FORM_1 if form == SCHEMA_VERSION else SCHEMA_VERSION


def living(seed: int, number: int) -> Living:
    """A user who begins by saying where they are."""
    return Living(f"user-{number}", _steps(seed, number))


def _steps(seed: int, number: int) -> Iterator[Step]:
    dice = random.Random(f"{seed}/{number}/migrating")  # noqa: S311 - repeatable, no secret
    drawer, now = Drawer(dice, f"a{number}."), _BEGIN + timedelta(minutes=dice.randrange(5_000))
    yield {"do": CommandStep.SET_TIME_ZONE.value, "at": now.isoformat(), "time_zone": "Europe/Paris", "key": "zone"}
    for step in range(10**6):
        now += timedelta(hours=dice.randrange(16, 40))
        if dice.randrange(10) < 3:
            yield drawer.command(dice.choice(_BESIDE_RECORDING), now)
        else:
            recorded = {"activity_type": "study_guide_completed", "activity_id": f"a{number}.{step}"}
            yield {"do": CommandStep.RECORD.value, "at": now.isoformat(), **recorded}
