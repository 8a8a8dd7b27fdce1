"""Equal versions, equal answers: whatever a life brings, and whatever is declared meanwhile."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from streak_core.domain.calendar import sealed_rows
from streak_core.domain.errors import StreakError
from streak_core.domain.rules import Rules, always
from streak_core.responses import calendar_response
from streak_core.versions import version_of
from testing.amnesties import changed
from testing.lives import dice, lives
from testing.pure_user import PureUser
from tests.support.shipped_policy import POLICY, RULES
from tests.support.thoroughness import examples

if TYPE_CHECKING:
    from random import Random

    from testing.steps import Step

DAYS = 60
LIVED = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Document:
    """What stands in for the stored document: the moment of the last write that changed it."""

    def __init__(self, user: PureUser) -> None:
        self.user = user
        self.written = datetime(2000, 1, 1, tzinfo=UTC)
        self.was: Any = None

    def update_time(self) -> datetime:
        now = (self.user.streak, self.user.settled_through)
        if now != self.was:
            self.was, self.written = now, self.written + timedelta(microseconds=1)
        return self.written

    def seen(self, at: datetime) -> tuple[str, Any]:
        """The version, and the calendar, as of a moment."""
        user, state = self.user, self.user.state(at)
        anew = {row.day: row for row in sealed_rows(state.decided_anew, state.rules)}
        answer = calendar_response(state.view, {**user.decided, **anew}, DAYS)
        return version_of("ada", self.update_time(), state), answer


@given(lives(), st.lists(st.integers(0, 20), max_size=4), dice)
@examples(90)
def test_equal_versions_are_equal_calendars(life: list[Step], changes: list[int], chance: Random) -> None:
    user = PureUser(RULES)
    document = Document(user)
    answers: dict[str, Any] = {}

    def hold(moment: datetime) -> None:
        version, answer = document.seen(moment)
        assert answers.setdefault(version, answer) == answer

    for number, step in enumerate(life):
        at = datetime.fromisoformat(step["at"])
        if number in changes:
            hold(at)
            user.rules = changed(chance, user.rules, at)
            hold(at)
        with suppress(StreakError):
            user.step(step)
        hold(at)
        hold(at + timedelta(hours=chance.randrange(40)))


def versions_of(user: PureUser, rules: Rules = RULES, at: datetime = LIVED) -> str:
    user.rules = rules
    return version_of("ada", LIVED, user.state(at))


def test_a_version_is_another_one_for_another_user_document_day_or_rules() -> None:
    user = PureUser(RULES)
    user.step({"at": LIVED.isoformat(), "do": "check_in"})
    state = user.state(LIVED)
    one = version_of("ada", LIVED, state)
    assert version_of("ada", LIVED, state) == one
    assert versions_of(user, at=LIVED + timedelta(hours=5)) == one
    dearer = POLICY.model_copy(update={"timeline_days": POLICY.timeline_days + 1})
    others = [
        version_of("bob", LIVED, state),
        version_of("ada", None, state),
        version_of("ada", LIVED + timedelta(microseconds=1), state),
        versions_of(user, at=LIVED + timedelta(days=1)),
        versions_of(user, always(dearer)),
    ]
    assert len({one, *others}) == len(others) + 1
