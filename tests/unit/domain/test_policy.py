"""The policy file: the shipped one holds the contract's numbers, and a wrong one names its field."""

from __future__ import annotations

from fractions import Fraction

import pytest

from streak_core.domain.policy import PolicyError, parse_new_policy, parse_policy
from tests.support.shipped_policy import POLICY, TEXT

WINDOW = '\n[[protected_windows]]\nfrom = {}\nuntil = {}\nreason = "outage"\n'


def test_the_shipped_policy_has_the_numbers_of_the_contract() -> None:
    assert POLICY.days.day_start_hour == 4
    assert (POLICY.activities.late_days_max, POLICY.activities.undo_days_max) == (14, 14)
    assert (POLICY.activities.future_minutes_max, POLICY.activities.base_xp_max) == (5, 1000)
    assert (POLICY.freezes.xp_per_freeze, POLICY.freezes.held_max, POLICY.freezes.at_start) == (500, 5, 0)
    assert (POLICY.freezes.plan_days_ahead_max, POLICY.pause.days_max, POLICY.rest.weekdays_max) == (7, 90, 3)
    assert (POLICY.repair.cooldown_days, POLICY.repair.activities_needed) == (30, 2)
    assert (POLICY.days.shortest_day_hours, POLICY.days.travel_grace_days) == (12, 7)
    assert POLICY.consistency.multiplier == Fraction(3, 2)
    assert POLICY.consistency.bonus_window == "same_week"
    assert POLICY.categories == ("flashcards", "quiz", "evaluation", "guide")


@pytest.mark.parametrize(
    ("was", "becomes", "named"),
    [
        ("day_start_hour = 4", "day_start_hour = 13", "days.day_start_hour"),
        ("day_start_hour = 4", "", "days.day_start_hour"),
        ("day_start_hour = 4", "day_start_hour = 4\nsurprise = 1", "days.surprise"),
        ("bonus_multiplier = 1.5", "bonus_multiplier = 2.1", "consistency.bonus_multiplier"),
        ("bonus_multiplier = 1.5", "bonus_multiplier = 0.9", "consistency.bonus_multiplier"),
        ('bonus_window = "same_week"', 'bonus_window = "never"', "consistency.bonus_window"),
        ("at_start = 0", "at_start = 6", "freezes.at_start"),
        ('category = "quiz"', 'category = "sport"', "activity_types.quiz_completed.category"),
        ('"guide"]', '"guide", "quiz"]', "categories"),
        ("[activity_types.check_in]", "[activity_types.checked_in]", "activity_types.check_in"),
        ('rule = "per_step"', 'rule = "magic"', "activity_types.flashcard_set_completed.xp"),
        ("step = 10", "step = 0", "flashcard_set_completed.xp"),
        ("[days]", "[days", "not TOML"),
    ],
)
def test_a_wrong_policy_names_what_is_wrong(was: str, becomes: str, named: str) -> None:
    assert was in TEXT
    with pytest.raises(PolicyError, match=named):
        parse_policy(TEXT.replace(was, becomes))


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("day_start_hour = 4", "day_start_hour = 12"),
        ("bonus_multiplier = 1.5", "bonus_multiplier = 2.0"),
        ("bonus_multiplier = 1.5", "bonus_multiplier = 1"),
        ('bonus_window = "same_week"', 'bonus_window = "following_week"'),
        ("at_start = 0", "at_start = 5"),
    ],
)
def test_the_nearest_right_policies_are_read(was: str, becomes: str) -> None:
    assert parse_policy(TEXT.replace(was, becomes)) != POLICY


ACHIEVEMENT = "\n[achievements.{name}]\n{fields}\n"


@pytest.mark.parametrize(
    ("name", "fields", "named"),
    [
        ("a", 'by = "streak"\ntarget = 1', None),
        ("a", 'by = "streak"\ntarget = 0', "achievements.a.streak.target"),
        ("a", 'by = "xp"', "achievements.a.xp.target"),
        ("a", 'by = "xp"\ntarget = 5\ndays_away = 3', "achievements.a.xp.days_away"),
        ("a", 'by = "luck"\ntarget = 1', "achievements.a"),
        ("A", 'by = "streak"\ntarget = 1', "achievements.A"),
        ("a", 'by = "day_of_year"\ndays = ["02-29", "12-31"]', None),
        ("a", 'by = "day_of_year"\ndays = ["02-30"]', "achievements.a.day_of_year.days.0"),
        ("a", 'by = "day_of_year"\ndays = ["2-28"]', "achievements.a.day_of_year.days.0"),
        ("a", 'by = "day_of_year"\ndays = ["01-01", "01-01"]', "achievements.a.day_of_year.days"),
        ("a", 'by = "day_of_year"\ndays = []', "achievements.a.day_of_year.days"),
        ("a", 'by = "comeback"\ndays_away = 1', None),
        ("a", 'by = "comeback"\ndays_away = 0', "achievements.a.comeback.days_away"),
    ],
)
def test_an_achievement_says_by_what_it_is_earned_and_nothing_else(name: str, fields: str, named: str | None) -> None:
    text = TEXT + ACHIEVEMENT.format(name=name, fields=fields)
    if named is None:
        assert list(parse_policy(text).achievements) == [name]
        return
    with pytest.raises(PolicyError) as refused:
        parse_policy(text)
    assert named in next(field for field, _ in refused.value.fields)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ("target = 1\nreward = { xp = 1 }\nany_activity = true", None),
        ("target = 1\nreward = { xp = 1 }", r"challenges\.a: say which activities count"),
        ("target = 1\nreward = { xp = 1 }\nany_activity = false", "say which activities count"),
        ('target = 1\nreward = { xp = 1 }\nany_activity = true\ncategories = ["quiz"]', "say one of categories"),
        ('target = 1\nreward = { freezes = 1 }\ncategories = ["quiz"]', None),
        ('target = 1\nreward = { freezes = 1 }\nactivity_types = ["check_in"]', None),
        ("target = 0\nreward = { xp = 1 }\nany_activity = true", "challenges.a.target"),
        ("target = 1\nreward = { xp = 1, freezes = 1 }", "challenges.a.reward"),
        ("target = 1\nreward = {}", "challenges.a.reward"),
        ('target = 1\nreward = { xp = 1 }\ncategories = ["quiz"]\nactivity_types = ["check_in"]', "challenges.a"),
        ('target = 1\nreward = { xp = 1 }\ncategories = ["sport"]', "challenges.a.categories"),
        ('target = 1\nreward = { xp = 1 }\nactivity_types = ["run"]', "challenges.a.activity_types"),
    ],
)
def test_a_challenge_says_what_counts_and_gives_one_thing(fields: str, named: str | None) -> None:
    text = f"{TEXT}\n[challenges.a]\nfrom = 2026-03-02\nuntil = 2026-03-31\n{fields}\n"
    if named is None:
        assert list(parse_new_policy(text).challenges) == ["a"]
        return
    with pytest.raises(PolicyError, match=named):
        parse_new_policy(text)


@pytest.mark.parametrize(("until", "is_right"), [("03-02", True), ("03-01", False), ("06-01", True), ("06-02", False)])
def test_a_challenge_has_from_one_to_92_days(until: str, *, is_right: bool) -> None:
    text = f"{TEXT}\n[challenges.a]\nfrom = 2026-03-02\nuntil = 2026-{until}\ntarget = 1\nreward = {{ xp = 1 }}\n"
    text += "any_activity = true\n"
    if is_right:
        assert parse_new_policy(text).challenges
        return
    with pytest.raises(PolicyError, match=r"challenges\.a"):
        parse_new_policy(text)


def test_a_policy_that_was_published_before_may_leave_open_what_counts() -> None:
    text = f"{TEXT}\n[challenges.a]\nfrom = 2026-03-02\nuntil = 2026-03-31\ntarget = 1\nreward = {{ xp = 1 }}\n"
    assert not parse_policy(text).challenges["a"].any_activity
    with pytest.raises(PolicyError) as refused:
        parse_new_policy(text)
    [(field, said)] = refused.value.fields
    assert (field, said.startswith("say which activities count")) == ("challenges.a", True)


def test_a_policy_has_at_most_fifty_achievements() -> None:
    many = [ACHIEVEMENT.format(name=f"a{number}", fields='by = "xp"\ntarget = 1') for number in range(51)]
    assert len(parse_policy(TEXT + "".join(many[:50])).achievements) == 50
    with pytest.raises(PolicyError, match="achievements"):
        parse_policy(TEXT + "".join(many))


def test_a_protected_window_is_a_stretch_of_at_most_31_days() -> None:
    month = WINDOW.format("2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z")
    assert len(parse_policy(TEXT + month).protected_windows) == 1
    for begin, end in [
        ("2026-03-01T00:00:00Z", "2026-04-01T00:00:01Z"),
        ("2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z"),
        ("2026-03-01T00:00:00", "2026-03-02T00:00:00"),
    ]:
        with pytest.raises(PolicyError, match="protected_windows"):
            parse_policy(TEXT + WINDOW.format(begin, end))


def test_milestones_are_the_listed_ones_and_then_each_further_hundred() -> None:
    assert POLICY.milestones.reached(0, 6) == []
    assert POLICY.milestones.reached(6, 7) == [7]
    assert POLICY.milestones.reached(7, 7) == []
    assert POLICY.milestones.reached(5, 61) == [7, 14, 30, 60]
    assert POLICY.milestones.reached(99, 100) == [100]
    assert POLICY.milestones.reached(100, 300) == [200, 300]
    assert POLICY.milestones.reached(199, 199) == []
