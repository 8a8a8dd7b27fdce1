"""Days without activity in a row that freezes are spent on all together, or not at all (semantics 5, `whole_gap`).

It must not know when that is so (walk does).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from streak_core.domain.model import DayJudged, Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """Frozen days in a row that are missed after all where the freezes held don't bridge the whole of it."""

    first_day: date
    # How the user stood before it.
    current_streak: int
    freezes: int
    # The shortest streak that the policy of its first day spends freezes on.
    streak_min: int
    # Where something was given since: the day, and the freezes that were held before and after it had none been spent.
    given: tuple[tuple[date, int, int], ...] = ()

    def held(self, day: date) -> tuple[int, int]:
        """The freezes at the start and at the end of a day, had none been spent."""
        before = after = self.freezes
        for given_on, at_start, at_end in self.given:
            if given_on <= day:
                before, after = (at_start if given_on == day else at_end), at_end
        return before, after

    def with_given(self, day: date, before: int, after: int) -> Gap:
        """With what was held at the start and at the end of a day on which something was given or earned."""
        return replace(self, given=(*self.given, (day, before, after)))


def missed_after_all(judged: DayJudged, gap: Gap, day: date) -> DayJudged:
    """A day of a gap that is not bridged: no freeze was spent on it, and its first day broke the streak."""
    was_frozen = judged.verdict is Verdict.FROZEN
    freezes_before, freezes = gap.held(judged.day)
    return DayJudged(
        day=judged.day,
        verdict=Verdict.MISSED if was_frozen else judged.verdict,
        record=judged.record,
        current_streak=0,
        freezes=freezes,
        freezes_before=freezes_before,
        broke=gap.current_streak if judged.day == gap.first_day else 0,
        bridged_until=day if was_frozen else None,
        freezes_until_then=judged.freezes,
    )
