"""The judge of a simulated life: what answers can be explained, and which can't."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from testing.steps import Step
from tools.chaos.judge import Judge
from tools.chaos.possible_states import PossibleState, Response, Try, entry_name

AT = "2026-03-02T09:00:00+00:00"
LATER = "2026-03-02T09:00:20+00:00"
SAID = "2026-03-02T09:00:00Z"


def guide(name: str, at: str = AT) -> Step:
    return {"at": at, "do": "record", "activity_id": name, "activity_type": "study_guide_completed", "metadata": {}}


def reset(number: int) -> Step:
    return {"at": AT, "do": "reset", "key": f"r{number}"}


def answered(state: PossibleState, step: Step) -> Response:
    """What a right service says to the step in that state."""
    expected, _ = state.fork().play(step)
    return expected


def after(state: PossibleState, *steps: Step) -> PossibleState:
    other = state.fork()
    for step in steps:
        other.play(step)
    return other


def explained(state: PossibleState, *lanes: list[Try], ledger: str = "") -> list[PossibleState]:
    """The possible_states that explain the answers where the ledger holds those activities, as name@moment."""
    entries = [part.split("@") for part in ledger.split()]
    written = [(f"activity.{name}", datetime.fromisoformat(at)) for name, at in entries]
    return Judge(written).explain(state.fork(), lanes)


def test_a_right_answer_is_explained_and_a_wrong_one_is_not() -> None:
    right = answered(PossibleState(), guide("a"))
    assert right.answer
    wrong = Response(answer={**right.answer, "streak": {**right.answer["streak"], "xp_total": 16}})
    assert len(explained(PossibleState(), [Try(guide("a"), right)])) == 1
    judge = Judge()
    assert judge.explain(PossibleState(), [[Try(guide("a"), wrong)]]) == []
    assert judge.complaint == "answer.streak.xp_total: expected 15, got 16"


@pytest.mark.parametrize(("code", "possible_states"), [("activity_not_found", 1), ("undo_too_late", 0), (None, 0)])
def test_a_refusal_has_to_be_the_right_one(code: str | None, possible_states: int) -> None:
    undo = {"at": AT, "do": "undo", "activity_id": "a"}
    answer = Response(refusal=code) if code else Response(answer={})
    assert len(explained(PossibleState(), [Try(undo, answer)])) == possible_states


def test_two_at_once_may_come_in_the_order_of_the_ledger_but_not_both_first() -> None:
    state = PossibleState()
    a_first, b_first = answered(state, guide("a")), answered(state, guide("b"))
    b_second = answered(after(state, guide("a")), guide("b"))
    lanes = [Try(guide("a"), a_first)], [Try(guide("b"), b_second)]
    assert len(explained(state, *lanes, ledger=f"a@{AT} b@{AT}")) == 1
    assert explained(state, *lanes, ledger=f"b@{AT} a@{AT}") == []
    assert explained(state, *lanes, ledger=f"a@{AT}") == []
    both_first = [Try(guide("a"), a_first)], [Try(guide("b"), b_first)]
    assert explained(state, *both_first, ledger=f"a@{AT} b@{AT}") == []


def test_a_command_that_nobody_answered_has_taken_effect_or_not_as_the_ledger_says() -> None:
    unknown = Try(guide("a"), Response())
    taken = Try(guide("b", LATER), answered(after(PossibleState(), guide("a")), guide("b", LATER)))
    lost = Try(guide("b", LATER), answered(PossibleState(), guide("b", LATER)))
    with_it, without = f"a@{AT} b@{LATER}", f"b@{LATER}"
    assert len(explained(PossibleState(), [unknown, taken], ledger=with_it)) == 1
    assert len(explained(PossibleState(), [unknown, lost], ledger=without)) == 1
    assert explained(PossibleState(), [unknown, taken], ledger=without) == []
    assert explained(PossibleState(), [unknown, lost], ledger=with_it) == []


def test_an_unanswered_command_that_took_effect_gives_its_first_answer_when_it_is_asked_again() -> None:
    first, afresh = answered(PossibleState(), guide("a")), answered(PossibleState(), guide("a", LATER))
    assert first != afresh
    again = [Try(guide("a"), Response()), Try(guide("a", LATER), first)]
    assert len(explained(PossibleState(), again, ledger=f"a@{AT}")) == 1
    assert explained(PossibleState(), again, ledger=f"a@{LATER}") == []
    assert explained(PossibleState(), again, ledger=f"a@{AT} a@{LATER}") == []
    anew = [Try(guide("a"), Response()), Try(guide("a", LATER), afresh)]
    assert len(explained(PossibleState(), anew, ledger=f"a@{LATER}")) == 1


def test_sixty_unanswered_tries_of_three_devices_are_told_apart() -> None:
    begun = datetime.fromisoformat(AT)
    moments = [(begun + timedelta(seconds=20 * number)).isoformat() for number in range(21)]
    first = answered(PossibleState(), guide("a", moments[7]))
    tries = [Try(guide("a", moment), Response()) for moment in moments[:20]]
    lanes = [[*tries, Try(guide("a", moments[20]), first)] for _ in range(3)]
    found = explained(PossibleState(), *lanes, ledger=f"a@{moments[7]}")
    assert [written.at for written in found[0].journal] == [datetime.fromisoformat(moments[7])]
    assert explained(PossibleState(), *lanes, ledger=f"a@{moments[8]}") == []


def test_a_key_gives_the_first_answer_again_and_refuses_another_content() -> None:
    reset = {"at": AT, "do": "reset", "key": "k"}
    state = after(PossibleState(), guide("a"), reset)
    again, _ = state.fork().play({**reset, "at": LATER})
    other, _ = state.fork().play({"at": LATER, "do": "resume", "key": "k"})
    assert again == answered(after(PossibleState(), guide("a")), reset)
    assert other.refusal == "idempotency_key_reused"


def test_the_journal_holds_what_took_effect_once_and_nothing_else() -> None:
    reset = {"at": AT, "do": "reset"}
    undo = {"at": AT, "do": "undo", "activity_id": "a"}
    state = after(PossibleState(), guide("a"), guide("a"), reset, reset, undo, undo, {**undo, "activity_id": "b"})
    assert [written.entry for written in state.journal] == [
        "activity.a",
        "0000000002.reset {}",
        '0000000003.undo {"activity_id": "a"}',
    ]


def test_the_key_of_a_command_that_changes_nothing_is_an_entry_and_one_without_a_key_is_none() -> None:
    state = after(PossibleState(), guide("a"), {"at": LATER, "do": "resume"}, {"at": LATER, "do": "resume", "key": "k"})
    assert [(one.entry, one.at) for one in state.journal] == [
        ("activity.a", datetime.fromisoformat(AT)),
        ("activity.k", datetime.fromisoformat(LATER)),
    ]


def test_a_check_in_asked_again_is_answered_with_the_streak_as_it_is_now() -> None:
    check_in = {"at": AT, "do": "check_in", "key": "k"}
    state = after(PossibleState(), check_in)
    first = answered(PossibleState(), check_in).answer or {}
    again = answered(after(state, guide("a")), {**check_in, "at": LATER}).answer or {}
    assert again["activity"] == first["activity"]
    assert (first["streak"]["xp_total"], again["streak"]["xp_total"]) == (0, 15)


@pytest.mark.parametrize(("pause_id", "refusal"), [("pause-1", None), ("pause-2", "pause_not_found")])
def test_a_pause_is_told_by_the_number_of_the_command_that_planned_it(pause_id: str, refusal: str | None) -> None:
    pause = {"at": AT, "do": "add_pause", "from": "2026-03-03", "until": "2026-03-04"}
    ended, _ = after(PossibleState(), pause).play({"at": LATER, "do": "end_pause", "pause_id": pause_id})
    assert ended.refusal == refusal


def test_a_fork_goes_its_own_way() -> None:
    state = PossibleState()
    after(state, guide("a"))
    assert (state.journal, state.model.history.activities, state.model.history.keys) == ([], {}, {})


@pytest.mark.parametrize("zones", [("Asia/Kathmandu", "America/Sao_Paulo"), ("America/Sao_Paulo", "Asia/Kathmandu")])
def test_of_two_settings_at_once_the_ledger_says_which_came_last(zones: tuple[str, str]) -> None:
    state = after(PossibleState(), guide("a"))
    first, last = ({"at": AT, "do": "set_time_zone", "time_zone": zone} for zone in zones)
    tries = [
        [Try(first, answered(state, first))],
        [Try(last, answered(after(state, first), last))],
    ]
    written = [("activity.a", datetime.fromisoformat(AT))] + [
        (entry_name(f"000000000{seq}.settings", {"time_zone": zone, "since": SAID}), datetime.fromisoformat(AT))
        for seq, zone in ((2, zones[0]), (3, zones[1]))
    ]
    for lanes in (tries, tries[::-1]):
        explained_by = Judge(written).explain(state.fork(), lanes)
        assert [one.model.history.line.zone for one in explained_by] == [zones[1]]


def test_a_check_in_without_a_key_that_was_there_and_says_a_zone_is_a_note_in_the_ledger() -> None:
    first: Step = {"at": AT, "do": "check_in"}
    there: Step = {**first, "time_zone": "Africa/Accra"}
    state, at = PossibleState(), datetime.fromisoformat(AT)
    told, repeated = answered(state, first), answered(after(state, first), there)
    written = [("activity.check-in.2026-03-02.1", at), (entry_name("0000000002.note", {}), at)]
    for response in (repeated, Response()):
        lanes = [Try(there, response)], [Try(first, told)]
        (found,) = Judge(written).explain(state.fork(), lanes)
        assert found.model.history.line.known
    assert Judge(written[:1]).explain(state.fork(), ([Try(there, repeated)], [Try(first, told)])) == []


def test_of_two_that_are_answered_alike_the_events_tell_which_came_first() -> None:
    state, at = after(PossibleState(), guide("a"), reset(1), guide("b"), reset(2)), datetime.fromisoformat(AT)
    back: Step = {"at": AT, "do": "take_reset_back"}
    first, second = answered(state, back), answered(after(state, back), back)
    assert first.answer
    told = Response(answer={**first.answer, "events": [{"event_id": "0000000005.streak_restored.2026-03-02"}]})
    entries = [(written.entry, written.at) for written in state.journal]
    written = [*entries, *((entry_name(f"000000000{seq}.unreset", {}), at) for seq in (5, 6))]
    for lanes in ([Try(back, second)], [Try(back, told)]), ([Try(back, told)], [Try(back, second)]):
        (found,) = Judge(written).explain(state.fork(), lanes)
        assert [len(answer.get("events", ())) for _, answer in found.lived[-2:]] == [1, 0]
    wrong = Response(answer={**first.answer, "events": [{"event_id": "0000000007.streak_restored.2026-03-02"}]})
    assert Judge(written).explain(state.fork(), ([Try(back, wrong)], [Try(back, second)])) == []


def test_what_is_asked_again_without_a_key_and_finds_it_done_caused_nothing_itself() -> None:
    """The clock of the first try is behind that of the other device, so that both tries count as the same moment."""
    zone: Step = {"at": AT, "do": "set_time_zone", "time_zone": "Asia/Kathmandu"}
    state, later = after(PossibleState(), guide("a")), {**zone, "at": LATER, "since": AT}
    zone["since"] = AT
    with_b = after(state, guide("b", LATER))
    nothing = answered(after(with_b, zone), later)
    assert nothing.answer
    assert nothing.answer["events"] == []
    asked_twice = [Try(zone, Response()), Try(later, nothing)]
    other = [Try(guide("b", LATER), answered(state, guide("b", LATER)))]
    moment = datetime.fromisoformat(LATER)
    settings = entry_name("0000000003.settings", {"since": SAID, "time_zone": "Asia/Kathmandu"})
    written = [("activity.a", datetime.fromisoformat(AT)), ("activity.b", moment), (settings, moment)]
    for lanes in ([asked_twice, other], [other, asked_twice]):
        found = Judge(written).explain(state.fork(), lanes)
        assert "events" not in found[0].lived[-1][1]
