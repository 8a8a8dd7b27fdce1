"""A life that differs is made small: what it takes is left, and all else is left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from testing.steps import Step
from tools.chaos.faults import Fault, Mode, Site
from tools.chaos.playing import Game, Played, Shrinking

STEPS: list[Step] = [{"number": number, "at": "2026-03-02T09:00:00Z"} for number in range(40)]
SITES = [Site(number, "device 0", "Commit", 1) for number in range(40)]


def playing(differs: Callable[[set[int], set[int]], bool]) -> Callable[[Game], Played]:
    """Plays nothing: a game differs by the numbers of its steps and of the steps that meet a fault."""

    def play(game: Game) -> Played:
        steps = STEPS if game.steps is None else game.steps
        numbers = {part["number"] for step in steps for part in (step, *step.get("lanes", ()))}
        met = [(site, Fault(Mode.AFTER)) for site in SITES if site.step in numbers and site not in game.spared]
        is_different = differs(numbers, {site.step for site, _ in met})
        return Played(
            game=game,
            steps=steps,
            met=met,
            different="different" if is_different else None,
            different_at=max(steps, key=lambda step: step["number"]) if is_different else None,
        )

    return play


def smallest(differs: Callable[[set[int], set[int]], bool], steps: list[Step] = STEPS, **more: Any) -> Played:
    play = playing(differs)
    game = Game(1, 0, steps)
    return Shrinking(game, play=play, **more).smallest_of(play(game))


def test_only_the_steps_and_the_faults_that_it_takes_are_left() -> None:
    left = smallest(lambda steps, faults: {3, 17, 30} <= steps and {17} <= faults)
    assert [step["number"] for step in left.steps] == [3, 17, 30]
    assert [site.step for site, _ in left.met] == [17]


def test_a_life_of_which_nothing_can_be_left_out_stays_whole() -> None:
    left = smallest(lambda steps, faults: len(steps) == 40 and len(faults) == 40)
    assert (len(left.steps), len(left.met)) == (40, 40)


def test_of_commands_at_once_those_that_it_takes_are_left() -> None:
    lanes = [{"number": 100}, {"number": 101}, {"number": 102}]
    left = smallest(lambda steps, _: {5, 101} <= steps, [*STEPS[:5], {**STEPS[5], "lanes": lanes}])
    assert [[lane["number"] for lane in step["lanes"]] for step in left.steps] == [[101]]


def test_it_ends_when_its_time_is_over_with_what_it_has() -> None:
    ticks = iter(range(1000))
    left = smallest(lambda steps, _: 3 in steps, clock=lambda: next(ticks), seconds_max=2)
    assert 1 < len(left.steps) < 40
