"""For one release form 1 can be written: what it holds leads to the same answers, what it does not is refused whole."""

from __future__ import annotations

import copy
import json
from contextlib import suppress
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streak_core.domain.entries import EntryKind
from streak_core.domain.errors import StreakError
from streak_core.domain.offers import Offer, OfferKind, offers
from streak_core.domain.rules import always
from streak_core.old_form import NotAvailableYet, offers_in_form_1
from streak_core.store import documents
from streak_core.store.documents import FORM_1
from streak_core.store.forms import v1
from testing.lives import lives
from testing.rules_in_time import ACHIEVEMENTS, CHALLENGES, policy_with
from testing.steps import Step
from tests.support.kept_documents import KeptDocuments
from tests.support.kept_user import KeptUser
from tests.support.thoroughness import examples

OF_OPERATORS = {
    *(EntryKind.GRANT, EntryKind.EXCUSE, EntryKind.RESTORE, EntryKind.LENGTHEN, EntryKind.XP),
    *(EntryKind.BLOCK, EntryKind.UNBLOCK),
}
GUIDE: Step = {"do": "record", "activity_type": "study_guide_completed"}


def at(day: int, hour: int = 9, **step: Any) -> Step:
    return {"at": f"2026-03-{day:02}T{hour:02}:00:00+00:00", **step}


def active(*days: int, zone: str | None = "Europe/Paris") -> KeptUser:
    user = KeptUser(form=FORM_1)
    if zone:
        user.step(at(days[0], 8, do="set_time_zone", time_zone=zone))
    for day in days:
        user.step(at(day, **GUIDE, activity_id=f"a{day}"))
    return user


def test_while_form_1_is_written_nothing_is_unlocked_and_then_what_was_reached_is_earned_without_a_word() -> None:
    offered = {"two": {"by": "streak", "target": 2}, "four": {"by": "streak", "target": 4}}
    rules = always(policy_with({ACHIEVEMENTS: offered}))
    user = KeptUser(form=FORM_1, rules=rules)
    for day in (2, 3):
        user.step(at(day, **GUIDE, activity_id=f"a{day}"))
    check_is_form_1(user)
    user.form = documents.SCHEMA_VERSION
    for day in (4, 5):
        user.step(at(day, **GUIDE, activity_id=f"a{day}"))
    streak, _ = user.read()
    assert streak
    assert {name: since.day for name, since in streak.earned.items()} == {"two": 3, "four": 5}
    assert [name for name in user.documents["events"] if "unlocked" in name] == ["achievement_unlocked.four"]
    audit = KeptDocuments(user.documents).audit(moment(user), rules=rules)
    assert (audit.fault, audit.differences) == (None, ())


def test_a_challenge_is_not_joined_while_form_1_is_written() -> None:
    march = {"from": "2026-03-01", "until": "2026-03-31", "target": 2, "reward": {"xp": 1}}
    user = KeptUser(form=FORM_1, rules=always(policy_with({CHALLENGES: {"march": march}})))
    user.step(at(2, **GUIDE, activity_id="a2"))
    before = copy.deepcopy(user.documents)
    with pytest.raises(NotAvailableYet):
        user.step(at(2, 10, do="join_challenge", challenge="march"))
    assert user.documents == before


def moment(user: KeptUser) -> datetime:
    streak, _ = user.read()
    assert streak
    return streak.updated_at


def check_is_form_1(user: KeptUser) -> None:
    """Every document is one that the program before reads."""
    assert user.documents["streak"]["schema_version"] == v1.VERSION
    v1.STREAK.validate_json(user.documents["streak"]["state"])
    for stored in user.documents["ledger"].values():
        assert "schema_version" not in stored
        assert "undone" not in stored
        v1.ENTRY.validate_json(stored["entry"])


@given(lives())
@examples(15)
def test_whatever_is_written_reads_as_form_1_and_is_answered_as_the_command_was(life: list[Step]) -> None:
    user = KeptUser(form=FORM_1)
    for step in life:
        try:
            answer = user.step(step)
        except StreakError:
            continue
        if answer is not None:
            check_is_form_1(user)
            assert user.answer(moment(user)) == {**answer["streak"], "streak_created": False}


@given(lives(), lives())
@examples(15)
def test_a_ledger_of_both_forms_proves_what_is_stored(life: list[Step], later: list[Step]) -> None:
    user = KeptUser(form=FORM_1)
    last = max(step["at"] for step in (*life, *later))
    for form, steps in ((FORM_1, life), (documents.SCHEMA_VERSION, later)):
        user.form = form
        for step in steps:
            try:
                user.step(step)
            except StreakError:
                continue
    if user.documents["streak"] is not None:
        now = max(moment(user), moment(user).fromisoformat(last))
        audit = KeptDocuments(user.documents).audit(now)
        assert (audit.fault, audit.differences) == (None, ())


def taking(user: KeptUser, offer: Offer, at: datetime) -> None:
    """Does what is offered, in form 1, after the activities that it needs."""
    for number in range(offer.needs):
        user.step({"at": at.isoformat(), **GUIDE, "activity_id": f"needed{number}"})
    steps: dict[OfferKind, Step] = {
        OfferKind.FREEZE: {"do": "plan_freeze", "date": offer.day.isoformat()},
        OfferKind.REPAIR: {"do": "repair"},
        OfferKind.REDO: {"do": "redo", "activity_id": offer.activity_id},
        OfferKind.RESUME: {"do": "end_pause", "pause_id": offer.pause_id},
    }
    user.step({"at": at.isoformat(), **steps[offer.kind]})


@given(lives(), st.floats(0, 1))
@examples(150)
def test_an_offer_that_is_made_in_form_1_is_accepted_there(life: list[Step], when: float) -> None:
    user = KeptUser(form=FORM_1)
    for step in life:
        with suppress(StreakError):
            user.step(step)
    if user.documents["streak"] is None:
        return
    state = user.state(datetime.fromisoformat(life[-1]["at"]))
    for offer in offers_in_form_1(state):
        for moment in (state.view.now, state.view.now + (offer.until - state.view.now) * when * 0.999):
            taking(copy.deepcopy(user), offer, moment)


def test_in_form_1_what_it_cannot_hold_is_not_offered_and_a_repair_is() -> None:
    user = active(2, 3)
    missed = user.state(datetime.fromisoformat(at(5, 11)["at"]))
    assert [one.kind for one in offers_in_form_1(missed)] == [OfferKind.REPAIR]
    user.step(at(3, 10, **{"do": "pause", "from": "2026-03-05", "until": "2026-03-09"}))
    paused = user.state(datetime.fromisoformat(at(5, 11)["at"]))
    # The pause ends by leaving today excused, and the repair is one of a day that was not yesterday.
    assert [one.kind for one in offers(paused)] == [OfferKind.REPAIR, OfferKind.RESUME]
    assert [one.kind for one in offers_in_form_1(paused)] == [OfferKind.REPAIR]
    two_days_on = user.state(datetime.fromisoformat(at(6, 11)["at"]))
    assert [one.kind for one in offers(two_days_on)] == [OfferKind.REPAIR, OfferKind.RESUME]
    assert offers_in_form_1(two_days_on) == ()


# A command, and the one nearest to it that form 1 does hold.
PAIRS: list[tuple[str, list[Step], Step, Step]] = [
    (
        "bringing an activity back",
        [at(4, 10, do="undo", activity_id="a4")],
        at(4, 11, do="redo", activity_id="a4"),
        at(4, 11, **GUIDE, activity_id="again"),
    ),
    (
        "taking a reset back",
        [at(4, 10, do="reset")],
        at(4, 11, do="take_reset_back"),
        at(4, 11, **GUIDE, activity_id="again"),
    ),
    (
        "a second pause",
        [at(4, 10, **{"do": "pause", "from": "2026-03-10", "until": "2026-03-12"})],
        at(4, 11, **{"do": "add_pause", "from": "2026-03-20", "until": "2026-03-21"}),
        at(4, 11, do="resume"),
    ),
    (
        "ending a pause that has begun, which leaves today excused",
        [at(4, 10, **{"do": "pause", "from": "2026-03-05", "until": "2026-03-12"})],
        at(6, 11, do="resume"),
        at(4, 11, do="resume"),
    ),
    (
        "an activity that says another zone",
        [],
        at(4, 11, **GUIDE, activity_id="b", time_zone="Asia/Tokyo"),
        at(4, 11, **GUIDE, activity_id="b", time_zone="Europe/Paris"),
    ),
    (
        "a check-in that says another zone",
        [],
        at(4, 11, do="check_in", time_zone="Asia/Tokyo"),
        at(4, 11, do="check_in"),
    ),
    (
        "a zone that held since a while",
        [],
        at(4, 11, do="set_time_zone", time_zone="Asia/Tokyo", since="2026-03-03T09:00:00+00:00"),
        at(4, 11, do="set_time_zone", time_zone="Asia/Tokyo"),
    ),
    (
        "the repair of a day before rest days",
        [
            at(4, 10, do="set_rest_weekdays", weekdays=["saturday", "sunday"]),
            at(9, 8, do="check_in"),
            at(9, **GUIDE, activity_id="a9"),
        ],
        at(9, 11, do="repair"),
        at(9, 11, do="reset"),
    ),
]


@pytest.mark.parametrize(("before", "refused", "taken"), [one[1:] for one in PAIRS], ids=[one[0] for one in PAIRS])
def test_what_form_1_cannot_hold_is_refused_whole_and_what_is_nearest_to_it_is_taken(
    before: list[Step], refused: Step, taken: Step
) -> None:
    days = (2, 3, 4, 5) if "repair" in refused["do"] else (2, 3, 4)
    user = active(*days)
    for step in before:
        assert user.step(step)
    stored = copy.deepcopy(user.documents)
    with pytest.raises(NotAvailableYet) as error:
        user.step(refused)
    assert error.value.retry_after_seconds > 0
    assert "Nothing was changed" in error.value.detail
    assert user.documents == stored
    assert user.step(taken)
    check_is_form_1(user)
    # And what was refused is taken as soon as form 2 is written.
    newer = KeptUser(documents=stored)
    assert newer.step(refused)
    assert newer.documents["streak"]["schema_version"] == documents.SCHEMA_VERSION


@pytest.mark.parametrize(("form", "xp"), [(FORM_1, 37), (documents.SCHEMA_VERSION, 25)])
def test_what_is_done_anew_has_in_form_1_the_bonus_that_the_first_had_not(form: int, xp: int) -> None:
    user = KeptUser(form=form)
    quiz: Step = {"do": "record", "activity_type": "quiz_completed", "metadata": {"difficulty": "hard", "score": 80}}
    user.step(at(3, 9, **quiz, activity_id="quiz"))
    for kind, metadata in (("evaluation_completed", {"grade": 8}), ("flashcard_set_completed", {"correct": 10})):
        user.step(at(3, 10, do="record", activity_id=kind, activity_type=kind, metadata=metadata))
    user.step(at(3, 10, **quiz, activity_id="other"))
    user.step(at(3, 11, **GUIDE, activity_id="guide"))
    user.step(at(3, 12, do="undo", activity_id="quiz"))
    anew = user.step(at(3, 13, **quiz, activity_id="anew"))
    assert anew
    assert anew["activity"]["xp_awarded"] == xp


def test_a_first_zone_is_taken_before_the_first_activity_and_refused_after_it() -> None:
    fresh = KeptUser(form=FORM_1)
    assert fresh.step(at(2, do="set_time_zone", time_zone="Asia/Tokyo"))
    for zone in ("Europe/Paris", "UTC"):
        with pytest.raises(NotAvailableYet):
            fresh.step(at(2, 10, do="set_time_zone", time_zone=zone))
        with pytest.raises(NotAvailableYet):
            active(2, zone=None).step(at(2, 10, do="set_time_zone", time_zone=zone))
    with pytest.raises(NotAvailableYet):
        KeptUser(form=FORM_1).step(at(2, do="set_time_zone", time_zone="UTC"))


def test_the_only_activity_of_a_user_is_undone_unless_that_would_forget_zones() -> None:
    undo = at(2, 12, do="undo", activity_id="a2")
    assert active(2).step(undo)
    user = active(2)
    assert user.step(at(2, 10, do="set_time_zone", time_zone="Asia/Tokyo"))
    with pytest.raises(NotAvailableYet):
        user.step(undo)


def test_a_check_in_is_recorded_by_its_day_whatever_its_key_and_its_repetition_is_not_kept() -> None:
    user = active(2, 3)
    assert user.step(at(4, do="check_in", key="k"))
    assert "activity.check-in.2026-03-04.1" in user.documents["ledger"]
    stored = copy.deepcopy(user.documents)
    assert user.step(at(4, 10, do="check_in", key="l")) is None
    assert user.documents == stored
    assert user.step(at(5, do="check_in", key="m"))


def test_what_is_asked_under_a_key_and_what_is_undone_is_kept_where_the_program_before_looks_for_it() -> None:
    user = active(2, 3)
    user.step(at(3, 10, do="reset", key="k"))
    user.step(at(3, 11, do="undo", activity_id="a3", key="l"))
    assert {"key.k", "undo.a3"} < user.documents["ledger"].keys()
    assert user.found()["activity.a3"].undone
    assert not user.found()["activity.a2"].undone


def test_a_user_in_form_2_stays_in_it_and_nothing_is_refused() -> None:
    user = active(2, 3)
    user.form = documents.SCHEMA_VERSION
    user.step(at(4, **GUIDE, activity_id="a4"))
    user.form = FORM_1
    assert user.step(at(4, 10, do="undo", activity_id="a4"))
    assert user.step(at(4, 11, do="redo", activity_id="a4"))
    assert user.documents["streak"]["schema_version"] == documents.SCHEMA_VERSION
    assert user.documents["ledger"]["activity.a4"]["undone"] is False


def test_what_was_undone_in_form_1_can_be_redone_and_undone_in_form_2() -> None:
    user = active(2, 3)
    user.step(at(3, 10, do="undo", activity_id="a3"))
    user.form = documents.SCHEMA_VERSION
    for hour, do, is_undone in ((11, "redo", False), (12, "undo", True), (13, "redo", False)):
        assert user.step(at(3, hour, do=do, activity_id="a3"))
        assert user.found()["activity.a3"].undone is is_undone
    audit = KeptDocuments(user.documents).audit(moment(user))
    assert (audit.fault, audit.differences) == (None, ())


def test_the_check_in_of_a_day_that_the_program_before_recorded_is_not_recorded_again() -> None:
    user = active(2, 3)
    user.step(at(4, do="check_in"))
    user.form = documents.SCHEMA_VERSION
    assert user.step(at(4, 10, do="check_in")) is None
    assert user.step(at(4, 11, do="reset"))
    assert user.step(at(4, 12, do="check_in"))


def test_every_kind_of_entry_that_the_program_before_knew_is_written_for_it() -> None:
    user = active(2, 3, 4)
    steps = [
        at(4, 10, do="undo", activity_id="a4"),
        at(4, 11, do="set_auto_freeze", on=False),
        at(4, 12, **GUIDE, activity_id="b"),
        *(
            at(
                4,
                13,
                **{**GUIDE, "activity_type": "flashcard_set_completed"},
                metadata={"correct": 1_000},
                activity_id=f"c{n}",
            )
            for n in range(2)
        ),
        at(5, 10, do="plan_freeze", date="2026-03-06"),
        at(5, 11, do="unplan_freeze", date="2026-03-06"),
        at(6, 10, **GUIDE, activity_id="d"),
        at(6, 11, do="check_in"),
        at(6, 12, do="repair"),
        at(6, 13, **{"do": "pause", "from": "2026-03-10", "until": "2026-03-12"}),
        at(6, 14, do="resume"),
        at(6, 15, do="reset"),
    ]
    for step in steps:
        assert user.step(step), step
    check_is_form_1(user)
    later = {EntryKind.REDO, EntryKind.UNRESET, EntryKind.NOTE, EntryKind.OPEN, EntryKind.NOTICES, *OF_OPERATORS}
    later |= {EntryKind.JOIN, EntryKind.LEAVE, EntryKind.BOARD_JOIN, EntryKind.BOARD_LEAVE}
    later |= {EntryKind.BOARD_HIDE, EntryKind.BOARD_SHOW}
    assert {one["kind"] for one in user.documents["ledger"].values()} == {kind.value for kind in EntryKind} - later
    assert json.loads(user.documents["streak"]["state"])["settings"]["repairs"] == ["2026-03-05"]


@pytest.mark.parametrize(
    "step",
    [
        {"do": "grant_freezes", "count": 1},
        {"do": "excuse_days", "from": "2026-03-05", "until": "2026-03-05"},
        {"do": "restore", "day": "2026-03-03"},
        {"do": "restore", "length": 2},
        {"do": "grant_xp", "amount": 10},
        {"do": "block"},
    ],
    ids=lambda one: "_".join(map(str, one)),
)
def test_what_an_operator_does_has_no_place_in_form_1(step: Step) -> None:
    user = active(2, 4)
    before = copy.deepcopy(user.documents)
    with pytest.raises(NotAvailableYet):
        user.step({**at(5), **step, "reason": "asked for"})
    assert user.documents == before
    user.form = documents.SCHEMA_VERSION
    assert user.step({**at(5), **step, "reason": "asked for"})


def test_what_a_user_wishes_to_be_told_of_has_no_place_in_form_1() -> None:
    user = active(2, 4)
    before = copy.deepcopy(user.documents)
    with pytest.raises(NotAvailableYet):
        user.step(at(5, do="choose_notices", channels={"reminder": ["push"]}))
    assert user.documents == before
    assert user.step(at(5, do="choose_notices", channels={"reminder": []})) is None


def test_where_nothing_is_blocked_lifting_a_block_writes_nothing_in_form_1_either() -> None:
    assert active(2).step(at(3, do="unblock", reason="sorry")) is None
