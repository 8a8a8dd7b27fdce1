"""The judge of a simulated life: what answers can be explained, and which can't."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tools.chaos.possible_states import Judge, Told, Try, World

AT = "2026-03-02T09:00:00+00:00"
LATER = "2026-03-02T09:00:20+00:00"
Step = dict[str, Any]


def guide(name: str, at: str = AT) -> Step:
    return {"at": at, "do": "record", "activity_id": name, "activity_type": "study_guide_completed", "metadata": {}}


def told(world: World, step: Step) -> Told:
    """What a right service says to the step in that world."""
    expected, _ = world.fork().play(step)
    return expected


def after(world: World, *steps: Step) -> World:
    other = world.fork()
    for step in steps:
        other.play(step)
    return other


def explained(world: World, *lanes: list[Try], ledger: str = "") -> list[World]:
    """The worlds that explain the answers where the ledger holds those activities, as name@moment."""
    entries = [part.split("@") for part in ledger.split()]
    written = [(f"activity.{name}", datetime.fromisoformat(at)) for name, at in entries]
    return Judge(written).explain(world.fork(), lanes)


def test_a_right_answer_is_explained_and_a_wrong_one_is_not() -> None:
    right = told(World(), guide("a"))
    assert right.answer
    wrong = Told(answer={**right.answer, "streak": {**right.answer["streak"], "xp_total": 16}})
    assert len(explained(World(), [Try(guide("a"), right)])) == 1
    judge = Judge()
    assert judge.explain(World(), [[Try(guide("a"), wrong)]]) == []
    assert judge.complaint == "answer.streak.xp_total: expected 15, got 16"


@pytest.mark.parametrize(("code", "worlds"), [("activity_not_found", 1), ("undo_too_late", 0), (None, 0)])
def test_a_refusal_has_to_be_the_right_one(code: str | None, worlds: int) -> None:
    undo = {"at": AT, "do": "undo", "activity_id": "a"}
    answer = Told(refusal=code) if code else Told(answer={})
    assert len(explained(World(), [Try(undo, answer)])) == worlds


def test_two_at_once_may_come_in_the_order_of_the_ledger_but_not_both_first() -> None:
    world = World()
    a_first, b_first = told(world, guide("a")), told(world, guide("b"))
    b_second = told(after(world, guide("a")), guide("b"))
    lanes = [Try(guide("a"), a_first)], [Try(guide("b"), b_second)]
    assert len(explained(world, *lanes, ledger=f"a@{AT} b@{AT}")) == 1
    assert explained(world, *lanes, ledger=f"b@{AT} a@{AT}") == []
    assert explained(world, *lanes, ledger=f"a@{AT}") == []
    both_first = [Try(guide("a"), a_first)], [Try(guide("b"), b_first)]
    assert explained(world, *both_first, ledger=f"a@{AT} b@{AT}") == []


def test_a_command_that_nobody_answered_has_taken_effect_or_not_as_the_ledger_says() -> None:
    unknown = Try(guide("a"), Told())
    taken = Try(guide("b", LATER), told(after(World(), guide("a")), guide("b", LATER)))
    lost = Try(guide("b", LATER), told(World(), guide("b", LATER)))
    with_it, without = f"a@{AT} b@{LATER}", f"b@{LATER}"
    assert len(explained(World(), [unknown, taken], ledger=with_it)) == 1
    assert len(explained(World(), [unknown, lost], ledger=without)) == 1
    assert explained(World(), [unknown, taken], ledger=without) == []
    assert explained(World(), [unknown, lost], ledger=with_it) == []


def test_an_unanswered_command_that_took_effect_gives_its_first_answer_when_it_is_asked_again() -> None:
    first, afresh = told(World(), guide("a")), told(World(), guide("a", LATER))
    assert first != afresh
    again = [Try(guide("a"), Told()), Try(guide("a", LATER), first)]
    assert len(explained(World(), again, ledger=f"a@{AT}")) == 1
    assert explained(World(), again, ledger=f"a@{LATER}") == []
    assert explained(World(), again, ledger=f"a@{AT} a@{LATER}") == []
    anew = [Try(guide("a"), Told()), Try(guide("a", LATER), afresh)]
    assert len(explained(World(), anew, ledger=f"a@{LATER}")) == 1


def test_sixty_unanswered_tries_of_three_devices_are_told_apart() -> None:
    begun = datetime.fromisoformat(AT)
    moments = [(begun + timedelta(seconds=20 * number)).isoformat() for number in range(21)]
    first = told(World(), guide("a", moments[7]))
    tries = [Try(guide("a", moment), Told()) for moment in moments[:20]]
    lanes = [[*tries, Try(guide("a", moments[20]), first)] for _ in range(3)]
    found = explained(World(), *lanes, ledger=f"a@{moments[7]}")
    assert [written.at for written in found[0].journal] == [datetime.fromisoformat(moments[7])]
    assert explained(World(), *lanes, ledger=f"a@{moments[8]}") == []


def test_a_key_gives_the_first_answer_again_and_refuses_another_content() -> None:
    reset = {"at": AT, "do": "reset", "key": "k"}
    world = after(World(), guide("a"), reset)
    again, _ = world.fork().play({**reset, "at": LATER})
    other, _ = world.fork().play({"at": LATER, "do": "resume", "key": "k"})
    assert again == told(after(World(), guide("a")), reset)
    assert other.refusal == "idempotency_key_reused"


def test_the_journal_holds_what_took_effect_once_and_nothing_else() -> None:
    reset = {"at": AT, "do": "reset"}
    undo = {"at": AT, "do": "undo", "activity_id": "a"}
    world = after(World(), guide("a"), guide("a"), reset, reset, undo, undo, {**undo, "activity_id": "b"})
    assert [written.entry for written in world.journal] == ["activity.a", "0000000002.reset", "undo.a"]


def test_a_fork_goes_its_own_way() -> None:
    world = World()
    after(world, guide("a"))
    assert (world.journal, world.model.activities) == ([], {})
