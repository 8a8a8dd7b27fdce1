"""Looks for the orders of concurrent commands that explain what the devices were answered.

It must not know the rules. A command whose answer was lost has taken effect or not; what the others were answered says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from testing.scenarios import difference
from tools.chaos.possible_states import Json, PossibleState, Try, names_of


@dataclass
class Judge:
    """Looks for the states that explain what the devices were told; `complaint` says why there is none."""

    # The names and moments of the ledger's entries in their order, where that has to say which order it was.
    ledger: Sequence[tuple[str, datetime]] = ()
    complaint: str = ""
    _deepest: int = -1
    _seen: set[tuple[object, ...]] = field(default_factory=set)

    def explain(self, state: PossibleState, lanes: Sequence[Sequence[Try]]) -> list[PossibleState]:
        """The states after all tries; none where no order and no fate of the unanswered ones explains the answers.

        First come those in which unanswered tries took effect: whoever asked again without a name, and was told that
        it caused nothing, was told the truth there.
        """
        if is_plain(lanes):
            return [state] if all(self._agrees(state, one, depth) for depth, one in enumerate(lanes[0])) else []
        before = len(state.journal)
        last = [("", state.model.history.last_accepted), *self.ledger[before:]]
        written = [
            (entry_id, at, after) for (entry_id, at), (_, after) in zip(self.ledger[before:], last, strict=False)
        ]
        self._seen.clear()
        found = self._search(state, [[one for one in lane if _matters(one, written)] for lane in lanes], 0)
        return sorted(found, key=lambda one: one.told)

    def _search(self, state: PossibleState, lanes: list[list[Try]], depth: int) -> Iterator[PossibleState]:
        # The same is left to explain, in the same state, by whichever order it was reached.
        reached = (*map(len, lanes), state.told, *state.journal)
        if reached in self._seen:
            return
        self._seen.add(reached)
        waiting = [number for number, lane in enumerate(lanes) if lane]
        if not waiting:
            yield from self._as_written(state)
        for number in waiting:
            first, *rest = lanes[number]
            left = [*lanes[:number], rest, *lanes[number + 1 :]]
            other = state.fork()
            if self._agrees(other, first, depth) and self._is_written(state, other):
                yield from self._search(other, left, depth + 1)
            if first.response.is_unknown:
                # Last: of two tries at what counts as one moment, the answered one may have found it done.
                yield from self._search(state, left, depth + 1)

    def _is_written(self, before: PossibleState, after: PossibleState) -> bool:
        """Whether the ledger goes on with what took effect."""
        new = after.journal[len(before.journal) :]
        entries = self.ledger[len(before.journal) :]
        return len(new) <= len(entries) and all(w.fits(*entry) for w, entry in zip(new, entries, strict=False))

    def _as_written(self, state: PossibleState) -> Iterator[PossibleState]:
        if len(state.journal) == len(self.ledger):
            yield state
        elif not self.complaint:
            self.complaint = f"the ledger holds {len(self.ledger)} entries, expected {len(state.journal)}"

    def _agrees(self, state: PossibleState, one: Try, depth: int) -> bool:
        expected, took_effect = state.play(one.step)
        if one.response.is_unknown:
            # That it did nothing is what leaving it out says.
            return took_effect
        found = difference(expected.answer, one.response.answer) if expected.answer is not None else None
        if expected.refusal != one.response.refusal:
            found = f"refusal: expected {expected.refusal}, got {one.response.refusal}"
        if took_effect and one.response.answer:
            # What was really answered says more: the events.
            state.lived[-1] = one.step, one.response.answer
            # Of two that are alike in all else, the numbers of their events tell which was which.
            found = found or _of_another_entry(one.response.answer, state.model.history.numbers)
        if found and depth > self._deepest:
            self._deepest, self.complaint = depth, found
        return found is None


def _of_another_entry(answer: Json, number: int) -> str | None:
    """What is wrong where an event that is answered is not of the entry of that number."""
    ids = [event["event_id"] for event in answer.get("events", ())]
    wrong = [one for one in ids if one[:10].isdigit() and int(one[:10]) != number]
    return f"events of entry {number}: got {', '.join(wrong)}" if wrong else None


def is_plain(lanes: Sequence[Sequence[Try]]) -> bool:
    """Whether there is but one order and one fate of all tries."""
    return len(lanes) == 1 and not any(one.response.is_unknown for one in lanes[0])


def _matters(one: Try, written: Sequence[tuple[str, datetime, datetime | None]]) -> bool:
    """Whether an unanswered try can be what an entry was written by; each is its id, its moment and the one before."""
    names, now = names_of(one.step), datetime.fromisoformat(one.step["at"])
    return not one.response.is_unknown or any(
        # A clock that is behind counts as the moment of the last write.
        any(name in entry_id for name in names) and (now == at or now < at == before)
        for entry_id, at, before in written
    )
