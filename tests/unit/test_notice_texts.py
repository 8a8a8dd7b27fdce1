"""What notices say: in each language that is shipped, and in English where there is no other text."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

import pytest

from emulator.places import ROOT
from streak_core.domain.notices import Notice, NoticeKind
from streak_core.notice_texts import FILE, IF_OFFERED, NUMBERS, TextsError, message, parse_texts, shipped_texts

NOTICE: Final = Notice(
    notice_id="2026-03-03.reminder",
    kind=NoticeKind.REMINDER,
    day=date(2026, 3, 3),
    at=datetime(2026, 3, 3, 18, tzinfo=UTC),
    details={"current_streak": 12, "freezes_available": 0},
)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Keep your streak of 12"),
        ("en-GB", "Keep your streak of 12"),
        ("de", "Halte deine Serie von 12"),
        ("de-AT", "Halte deine Serie von 12"),
        ("fr", "Keep your streak of 12"),
    ],
)
def test_a_notice_is_told_in_the_language_that_was_chosen_or_in_english(language: str, title: str) -> None:
    told = message(NOTICE, language, shipped_texts())
    assert (told.message_id, told.title) == (NOTICE.notice_id, title)


def test_every_language_has_a_text_of_every_kind_that_the_rules_for_an_app_s_own_take() -> None:
    texts = shipped_texts()
    assert {frozenset(kinds) for kinds in texts.values()} == {frozenset(NoticeKind)} == {frozenset(NUMBERS)}
    assert parse_texts((ROOT / "streak_core" / FILE).read_text(encoding="utf-8")) == texts


def broken(**details: int) -> Notice:
    return replace(NOTICE, kind=NoticeKind.STREAK_BROKEN, details=details)


def test_what_would_bring_a_streak_back_is_said_where_something_would() -> None:
    said = shipped_texts()["en"]["streak_broken"]
    assert message(broken(length=5), "en", shipped_texts()).body == said["body"]
    offered = message(broken(length=5, current_streak_after=6), "en", shipped_texts()).body
    assert offered == said[IF_OFFERED].format(current_streak_after=6)
    own = parse_texts('[en.streak_broken]\ntitle = "Oh"\nbody = "{length} ended"')
    assert message(broken(length=5, current_streak_after=6), "en", own).body == "5 ended"


def test_an_app_brings_words_and_languages_of_its_own_and_has_ours_for_the_rest() -> None:
    texts = parse_texts('[fr.reminder]\ntitle = "Encore {current_streak} {{jours}}"\nbody = "Allez."')
    assert message(NOTICE, "fr-CA", texts).title == "Encore 12 {jours}"
    assert message(broken(length=5), "fr", texts).title == "Your streak of 5 has ended"
    assert message(NOTICE, "de", texts).title == "Halte deine Serie von 12"


def about(kind: NoticeKind, **details: int | str) -> Notice:
    return replace(NOTICE, kind=kind, details=details)


def test_what_is_earned_is_told_by_the_name_of_the_policy_or_by_the_one_that_the_app_has_for_it() -> None:
    earned = about(NoticeKind.ACHIEVEMENT_UNLOCKED, achievement="two_weeks")
    assert message(earned, "en", shipped_texts()).title == "Achievement unlocked: Two weeks"
    own = parse_texts('[en.achievements]\ntwo_weeks = "A {fortnight}"\n[de.achievements]\ntwo_weeks = "Vierzehn"')
    for language, name in [("de-AT", "Vierzehn"), ("fr", "A {fortnight}")]:
        assert message(earned, language, own).title.endswith(f": {name}")
    # An achievement of that name is no challenge.
    joined = about(NoticeKind.CHALLENGE_COMPLETED, challenge="two_weeks", xp=0, freezes=0)
    assert message(joined, "en", own).title == "Challenge completed: Two weeks"


def test_a_challenge_is_told_with_what_it_gave() -> None:
    said = shipped_texts()["en"]["challenge_completed"]
    for xp, freezes, body in [
        (50, 0, "Your reward: 50 XP."),
        (0, 2, "Your reward in freezes: 2."),
        (0, 0, said["body"]),
    ]:
        done = about(NoticeKind.CHALLENGE_COMPLETED, challenge="go", xp=xp, freezes=freezes)
        assert message(done, "en", shipped_texts()).body == body
    own = parse_texts('[en.challenge_completed]\ntitle = "t"\nbody = "{challenge}!"')
    plain = about(NoticeKind.CHALLENGE_COMPLETED, challenge="go", xp=50, freezes=0)
    assert message(plain, "en", own).body == "Go!"


FINE: Final = '[en.milestone]\ntitle = "{length}"\nbody = "b"\n'


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ("x", "is no TOML"),
        (FINE.replace("en.", "english."), "english: must be a language"),
        # Which nobody could wish for.
        (FINE.replace("en.", f"en{'-abcdefgh' * 4}."), "must be a language"),
        ("en = 5", "en: must be a table"),
        (FINE.replace("milestone", "snooze"), "en.snooze: must be of reminder"),
        ('[en]\nmilestone = "m"', "en.milestone: must be a table"),
        (FINE.replace("body", "text"), "en.milestone.body: is missing; en.milestone.text: is not known"),
        (FINE + 'body_if_offered = "o"', "en.milestone.body_if_offered: is not known"),
        (FINE.replace('"b"', '" "'), "en.milestone.body: must be a text of 1 to 500"),
        (FINE.replace('"b"', f'"{"b" * 501}"'), "en.milestone.body: must be a text of 1 to 500"),
        (FINE.replace('"b"', "5"), "en.milestone.body: must be a text"),
        (FINE.replace("length", "current_streak"), "en.milestone.title: may have in braces: length"),
        (FINE.replace("{length}", "{length.__class__}"), "en.milestone.title: may have in braces"),
        (FINE.replace("{length}", "{length:>9999}"), "en.milestone.title: may have in braces"),
        (FINE.replace("{length}", "{length!r}"), "en.milestone.title: may have in braces"),
        (FINE.replace("{length}", "{length"), "en.milestone.title: may have in braces"),
        ("[en]\nachievements = 5", "en.achievements: must be a table of names"),
        ('[en.challenges]\ngo = "a\\nb"', "en.challenges.go: must be one line of 1 to 100 characters"),
        (f'[en.challenges]\ngo = "{"b" * 101}"', "en.challenges.go: must be one line"),
        ('[en.challenges]\ngo = " "', "en.challenges.go: must be one line"),
        ("[en.challenges]\ngo = 5", "en.challenges.go: must be one line"),
        (FINE.replace("milestone", "challenge_completed").replace("length", "xp"), "may have in braces: challenge"),
        (FINE.replace("milestone", "bonus_earned"), "en.bonus_earned.title: may have in braces: nothing"),
    ],
)
def test_a_text_that_could_not_be_said_is_refused_with_its_place(wrong: str, place: str) -> None:
    assert parse_texts(FINE)["en"]["milestone"]["body"] == "b"
    with pytest.raises(TextsError) as refused:
        parse_texts(wrong)
    assert place in str(refused.value)
