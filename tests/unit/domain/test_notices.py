"""What a user wishes to be told of: chosen by a command, and the habit that is kept only where something goes by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from streak_core.domain.commands import ChooseNotices, NoticesChosen
from streak_core.domain.errors import Malformed
from streak_core.domain.judging_anew import rebuild
from streak_core.domain.notices import NO_CHOICES, Channel, NoticeKind, QuietHours
from streak_core.notices_response import preferences_response
from testing.pure_user import PureUser
from tests.support.shipped_policy import POLICY, RULES

if TYPE_CHECKING:
    from streak_core.domain.model import Streak

WISH: Final[dict[str, Any]] = {"do": "choose_notices", "channels": {"reminder": ["push"]}}


def at(day: int, hour: int, minute: int = 0) -> str:
    return f"2026-03-{day:02d}T{hour:02d}:{minute:02d}:00Z"


def wishing(**more: Any) -> PureUser:
    user = PureUser(POLICY)
    user.step({"at": at(2, 8), **WISH, **more})
    return user


def state(user: PureUser) -> Streak:
    assert user.streak
    return user.streak


def habit(user: PureUser) -> dict[int, int]:
    return {day.day: minute for day, minute in state(user).habit.items()}


def test_who_has_chosen_nothing_has_nothing_stored_of_it() -> None:
    user = PureUser(POLICY)
    user.step({"at": at(2, 9), "do": "check_in"})
    assert state(user).settings.notices is None
    assert habit(user) == {}
    told = preferences_response(state(user).settings)
    assert set(map(tuple, told["channels"].values())) == {()}
    assert (told["quiet_hours"], told["remind_at"]) == ({"from": "22:00", "until": "08:00"}, "usual")


def test_what_is_not_named_stays_and_going_back_to_the_default_leaves_nothing() -> None:
    user = wishing(remind_at="18:30")
    user.step({"at": at(2, 9), "do": "choose_notices", "channels": {"reminder": ["inbox", "push"]}, "language": "de"})
    choices = state(user).settings.notices
    assert choices
    assert choices.channels == {NoticeKind.REMINDER: {Channel.INBOX, Channel.PUSH}}
    assert (choices.remind_at_minute, choices.language, choices.quiet) == (18 * 60 + 30, "de", NO_CHOICES.quiet)
    none = {"channels": {"reminder": []}, "remind_at": "usual", "language": "en"}
    user.step({"at": at(2, 10), "do": "choose_notices", **none})
    assert state(user).settings.notices is None


def test_the_same_choice_again_changes_nothing() -> None:
    user = wishing()
    before = state(user)
    assert user.give(ChooseNotices(channels={"reminder": ["push", "push"]}), before.updated_at).entry is None
    entry = user.give(ChooseNotices(channels={"reminder": ["inbox"]}), before.updated_at).entry
    assert entry
    assert isinstance(entry.content, NoticesChosen)


def test_quiet_hours_that_end_when_they_begin_are_none() -> None:
    user = wishing(quiet_hours={"from": "21:00", "until": "06:30"})
    choices = state(user).settings.notices
    assert choices
    assert choices.quiet == QuietHours(from_minute=21 * 60, until_minute=6 * 60 + 30)
    user.step({"at": at(2, 9), "do": "choose_notices", "quiet_hours": {"from": "00:00", "until": "00:00"}})
    choices = state(user).settings.notices
    assert choices
    assert choices.quiet is None
    assert preferences_response(state(user).settings)["quiet_hours"] == {"from": "00:00", "until": "00:00"}


@pytest.mark.parametrize(
    ("fine", "wrong", "field"),
    [
        ({"remind_at": "23:59"}, {"remind_at": "24:00"}, "remind_at"),
        ({"remind_at": "usual"}, {"remind_at": "usually"}, "remind_at"),
        ({"quiet_hours": ("00:00", "23:59")}, {"quiet_hours": ("0:00", "23:59")}, "quiet_hours"),
        ({"quiet_hours": ("22:00", "08:00")}, {"quiet_hours": ("22:00", "08:60")}, "quiet_hours"),
        ({"language": "pt-BR"}, {"language": "pt_BR"}, "language"),
        ({"language": "de"}, {"language": "d"}, "language"),
        ({"language": "en-" + "a" * 8}, {"language": "en" + "-aaaaaaaa" * 4}, "language"),
        ({"channels": {"reminder": ["push"]}}, {"channels": {"snooze": ["push"]}}, "channels"),
        ({"channels": {"reminder": ["inbox"]}}, {"channels": {"reminder": ["pigeon"]}}, "channels.reminder"),
    ],
)
def test_what_can_not_be_chosen_is_refused_by_its_field(fine: Any, wrong: Any, field: str) -> None:
    ChooseNotices(**fine).check(RULES)
    with pytest.raises(Malformed) as refused:
        ChooseNotices(**wrong).check(RULES)
    assert [one.field for one in refused.value.errors] == [field]


def test_the_minute_at_which_a_day_was_kept_is_that_of_what_made_it_count_where_that_was() -> None:
    user = wishing()
    user.step({"at": at(2, 9), "do": "set_time_zone", "time_zone": "Europe/Amsterdam"})
    zero = {"do": "record", "activity_type": "quiz_completed", "metadata": {"difficulty": "easy", "score": 1}}
    user.step({"at": at(2, 9, 30), **zero, "activity_id": "zero"})
    user.step({"at": at(2, 10, 15), "do": "check_in"})
    guide = {"do": "record", "activity_type": "study_guide_completed", "metadata": {}}
    user.step({"at": at(2, 20), **guide, "activity_id": "second"})
    assert habit(user) == {2: 11 * 60 + 15}
    user.step({"at": at(3, 13), **guide, "activity_id": "there", "time_zone": "America/New_York"})
    assert habit(user)[3] == 8 * 60


def test_an_undo_takes_the_minute_of_its_day_only_where_nothing_else_counts() -> None:
    user = wishing()
    guide = {"do": "record", "activity_type": "study_guide_completed", "metadata": {}}
    user.step({"at": at(2, 9), **guide, "activity_id": "a"})
    user.step({"at": at(2, 20), **guide, "activity_id": "b"})
    user.step({"at": at(2, 20, 1), "do": "undo", "activity_id": "a"})
    assert habit(user) == {2: 9 * 60}
    user.step({"at": at(2, 20, 2), "do": "undo", "activity_id": "b"})
    assert habit(user) == {}
    user.step({"at": at(2, 20, 3), "do": "redo", "activity_id": "b"})
    assert habit(user) == {2: 20 * 60}


def test_a_habit_is_of_the_last_fourteen_days_and_forgotten_where_an_hour_is_chosen() -> None:
    user = wishing()
    for day in range(2, 18):
        user.step({"at": at(day, 9, day), "do": "check_in"})
    assert habit(user) == {day: 9 * 60 + day for day in range(4, 18)}
    assert rebuild(user.entries, RULES) == user.streak
    user.step({"at": at(17, 10), "do": "choose_notices", "remind_at": "18:00"})
    assert habit(user) == {}
    user.step({"at": at(18, 9), "do": "check_in"})
    assert habit(user) == {}
    assert rebuild(user.entries, RULES) == user.streak


def test_who_chose_something_and_wishes_for_no_reminder_has_no_habit() -> None:
    user = PureUser(POLICY)
    user.step({"at": at(2, 8), "do": "choose_notices", "language": "de"})
    user.step({"at": at(2, 9), "do": "check_in"})
    assert habit(user) == {}
