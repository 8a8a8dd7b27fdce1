"""Judges the days of a tail one after the other (semantics 4 and 5): the only place that knows a verdict.

It must not know which day is asked about, or what is done with the answer.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, assert_never

from streak_core.domain.days import ONE_DAY, ZoneLine, days_from
from streak_core.domain.excuses import NEUTRAL, Excuses
from streak_core.domain.gap import Gap, missed_after_all
from streak_core.domain.grants import GrantOf, amount_of, between
from streak_core.domain.model import NO_RECORD, DayJudged, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.domain.grants import Grant
    from streak_core.domain.model import DayRecord, Streak
    from streak_core.domain.rules import Rules


class Walk:
    """Goes through the days of a tail one by one, and holds how the streak stands after the last one."""

    def __init__(self, streak: Streak, rules: Rules) -> None:
        """Stands at the checkpoint, before the first day of the tail."""
        start = streak.checkpoint
        self.zone_line = ZoneLine(streak.settings.zones, rules.day_starts)
        self.days: list[DayJudged] = []
        self.current_streak = start.current_streak
        self.streak_started_on = start.streak_started_on
        self.longest_streak = start.longest_streak
        self.freezes = start.freezes
        # What the verdict of the last day has left of them, before that day brought more.
        self.freezes_left = start.freezes
        self.xp_total = start.xp_total
        self.first_counted_day = start.first_counted_day
        self.last_active_date = start.last_active_date
        self.last_grace = start.last_grace
        self.last_repaired = start.last_repaired
        self.active_days = start.active_days
        self.next_day = start.next_day
        # How many activities count for each challenge so far.
        self.challenges = start.challenges
        self._terms = {one.key: one.terms for one in streak.settings.challenges}
        self.tail = streak.tail
        self._settings = streak.settings
        self._repaired = frozenset(repair.day for repair in streak.settings.repairs)
        self._rules = rules
        # That of the day that was judged last, and the label on which another one begins.
        self._policy, self._policy_until = rules.stretch(start.next_day)
        self._excuses = Excuses(streak.settings, self.zone_line, rules)
        self._gap: Gap | None = None
        # The same days as if nothing were declared, where something is: an amnesty takes nothing from anybody.
        is_declared = rules.excuses_after(self.zone_line.starts_at(start.next_day))
        self.without_amnesties: Walk | None = Walk(streak, rules.without_amnesties) if is_declared else None
        # The excuse that was asked for last, with what it depends on.
        self._excused: tuple[tuple[date, date | None] | None, Verdict | None] = (None, None)

    @property
    def gap_started_on(self) -> date | None:
        """The first day of a gap that freezes have bridged so far, where they are spent on whole gaps alone."""
        return self._gap.first_day if self._gap else None

    def ahead(self, tail: Mapping[date, DayRecord] | None = None) -> Walk:
        """Another one that goes on from here; the days judged so far are not its own, and stay as they are.

        With a `tail` it goes through that one.
        """
        # As copy.copy does, in a third of the time.
        walk = object.__new__(Walk)
        walk.__dict__.update(self.__dict__)
        walk.days = []
        if tail is not None:
            walk.tail = tail
        walk.without_amnesties = self.without_amnesties and self.without_amnesties.ahead(tail)
        return walk

    def pass_by(self, day: date) -> None:
        """Judges one more day, the next one, as over."""
        self._step(day, is_today=False)
        self.next_day = day + ONE_DAY

    def through(self, last: date, today: date | None) -> list[DayJudged]:
        """Judges every further day up to `last`; `today` is the label that is still open, if it is among them."""
        for day in days_from(self.next_day, last):
            self._step(day, is_today=day == today)
        self.next_day = max(self.next_day, last + ONE_DAY)
        return self.days

    def excuse(self, day: date) -> Verdict | None:
        """Why the day needs no activity; None when it needs one."""
        # What is told ahead of a day is asked again when it is judged.
        asked = (day, self.last_grace)
        if self._excused[0] != asked:
            self._excused = (asked, self._excuses.of(day, self.last_grace))
        return self._excused[1]

    def asked(self, judged: DayJudged) -> bool:
        """Whether a day that is judged asked for an activity, whether or not it has one."""
        if judged.verdict is not Verdict.ACTIVE:
            return judged.verdict not in NEUTRAL
        excuse = self._excuses.of(judged.day, self.last_grace)
        # The grace of an old today is given to one without activity alone.
        return excuse is None or (excuse is Verdict.TRAVEL and self._excuses.is_cut_short(judged.day))

    def _step(self, day: date, *, is_today: bool) -> None:
        if day >= self._policy_until:
            self._policy, self._policy_until = self._rules.stretch(day)
        if self.without_amnesties is not None:
            self.without_amnesties.through(day, day if is_today else None)
        record = self.tail.get(day, NO_RECORD)
        if record.grants:
            self._give_freezes(day, record)
        freezes_before = self.freezes
        given = self._place_resets(day, record) if record.resets or record.grants else ()
        if record.is_active:
            verdict, broke = Verdict.ACTIVE, 0
            self._be_active(day, record)
        else:
            verdict = self._verdict_without_activity(day, record, is_today=is_today)
            broke = self._apply(day, verdict, record)
        self.freezes_left = self.freezes
        if given and self.current_streak:
            self._lengthen(given)
        if record.xp or record.grants or record.challenges:
            self._earn(day, record)
        if self.without_amnesties is not None:
            # An excused day uses a grace up as it would have, so that the next one is given when it would have been.
            self.last_grace = self.without_amnesties.last_grace
        self.days.append(DayJudged(day, verdict, record, self.current_streak, self.freezes, freezes_before, broke))

    def _verdict_without_activity(self, day: date, record: DayRecord, *, is_today: bool) -> Verdict:
        if self.first_counted_day is None:
            return Verdict.NONE
        excuse = self.excuse(day)
        if excuse is not None:
            return excuse
        if is_today:
            return Verdict.PENDING
        if day in self._repaired or record.imported is Verdict.REPAIRED:
            return Verdict.REPAIRED
        if self.current_streak and self.freezes and self._spends_a_freeze(day):
            return Verdict.FROZEN
        return Verdict.MISSED

    def _spends_a_freeze(self, day: date) -> bool:
        if self.without_amnesties is not None and self.freezes <= self.without_amnesties.freezes_left:
            # It would still be held but for an amnesty, since the streak had ended without that.
            return False
        if day in self._settings.planned_freezes:
            return True
        # A gap that is bridged whole goes by one policy to its end: what stood before another one stands (law 11).
        streak_min = self._gap.streak_min if self._gap else self._policy.freezes.streak_min
        return self.current_streak >= streak_min and self._freezes_are_automatic(day)

    def _be_active(self, day: date, record: DayRecord) -> None:
        self.last_active_date = day
        self.first_counted_day = self.first_counted_day or day
        self.active_days += 1
        self._gap = None
        if not record.resets:
            self._extend(day)

    def _apply(self, day: date, verdict: Verdict, record: DayRecord) -> int:
        """Lets the verdict of a day without activity take effect; returns the streak that a miss ended."""
        broke = 0
        match verdict:
            case Verdict.FROZEN:
                self._freeze(day)
            case Verdict.MISSED:
                broke = self._miss(day)
            case Verdict.REPAIRED:
                # What came along repaired is no repair that the user waits for another one after.
                self.last_repaired = self.last_repaired if record.imported is Verdict.REPAIRED else day
                self._gap = None
            case Verdict.TRAVEL:
                if self._excuses.is_old_today_only(day, self.last_grace):
                    self.last_grace = day
            case Verdict.NONE | Verdict.ACTIVE | Verdict.AMNESTY | Verdict.EXCUSED | Verdict.PAUSED:
                pass
            case Verdict.REST | Verdict.PENDING:
                pass
            case _:  # pragma: no cover - the type checker knows that there is no other
                assert_never(verdict)
        return broke

    def _freeze(self, day: date) -> None:
        if self._gap is None and self._policy.freezes.spend == "whole_gap":
            self._gap = Gap(
                first_day=day,
                current_streak=self.current_streak,
                freezes=self.freezes,
                streak_min=self._policy.freezes.streak_min,
            )
        self.freezes -= 1

    def _miss(self, day: date) -> int:
        broke, gap = self.current_streak, self._gap
        self._end_streak()
        if gap is None:
            return broke
        self.freezes = gap.held(day)[0]
        self.days = [
            missed_after_all(judged, gap, day) if judged.day >= gap.first_day else judged for judged in self.days
        ]
        return 0

    def _place_resets(self, day: date, record: DayRecord) -> tuple[Grant, ...]:
        """The activities before the day's resets end the old streak, those since them begin the new one.

        Days are given to the streak that was running then; returns those that still wait for one to begin today.
        """
        given = tuple(grant for grant in record.grants if grant.of is GrantOf.DAYS)
        marks = record.resets
        if not marks:
            return self._lengthen(given) if self.current_streak else given
        before = record.counted - sum(mark.counted for mark in marks)
        is_active = before > 0 or record.imported is Verdict.ACTIVE
        self._run(day, between(given, 0, marks[0].seq), counted=is_active)
        for mark, after in zip(marks, (*marks[1:], None), strict=True):
            self._end_streak()
            self._run(day, between(given, mark.seq, after.seq if after else None), counted=bool(mark.counted))
        return ()

    def _run(self, day: date, given: tuple[Grant, ...], *, counted: bool) -> None:
        """What a day holds of one streak, between two resets."""
        if self.current_streak:
            given = self._lengthen(given)
        if counted:
            self._extend(day)
        if self.current_streak:
            self._lengthen(given)

    def _lengthen(self, given: tuple[Grant, ...]) -> tuple[Grant, ...]:
        """The streak that is running has so many days more; nothing is left of what was given."""
        for grant in given:
            self.current_streak += grant.amount
            if grant.started_on and self.streak_started_on:
                self.streak_started_on = min(grant.started_on, self.streak_started_on)
        self.longest_streak = max(self.longest_streak, self.current_streak)
        return ()

    def _extend(self, day: date) -> None:
        self.current_streak += 1
        self.streak_started_on = self.streak_started_on or day
        self.longest_streak = max(self.longest_streak, self.current_streak)

    def _end_streak(self) -> None:
        self.current_streak = 0
        self.streak_started_on = None
        self._gap = None

    def _give_freezes(self, day: date, record: DayRecord) -> None:
        within, over = amount_of(record.grants, GrantOf.FREEZES), amount_of(record.grants, GrantOf.FREEZES_OVER_CAP)
        self.freezes = self._capped(self.freezes, within) + over
        if self._gap:
            held = self._capped(self._gap.held(day)[1], within) + over
            self._gap = self._gap.with_given(day, held, held)

    def _earn(self, day: date, record: DayRecord) -> None:
        each, total = self._policy.freezes.xp_per_freeze, self.xp_total
        xp, freezes = self._rewards(record) if record.challenges else (0, 0)
        self.xp_total = max(0, total + record.xp + amount_of(record.grants, GrantOf.XP) + xp)
        earned = max(0, self.xp_total // each - total // each) + freezes
        if earned:
            # What was given above the cap today takes the place of nothing that is earned today.
            over = amount_of(record.grants, GrantOf.FREEZES_OVER_CAP)
            self.freezes = self._capped(self.freezes - over, earned) + over
            if self._gap:
                before, held = self._gap.held(day)
                self._gap = self._gap.with_given(day, before, self._capped(held - over, earned) + over)

    def _rewards(self, record: DayRecord) -> tuple[int, int]:
        """XP and freezes of the challenges that the day completes."""
        before, counted = self.challenges, record.challenges
        self.challenges = {**before, **{key: before.get(key, 0) + count for key, count in counted.items()}}
        known = [(key, self._terms[key]) for key in counted if key in self._terms]
        done = [terms for key, terms in known if before.get(key, 0) < terms.target <= self.challenges[key]]
        return sum(terms.xp for terms in done), sum(terms.freezes for terms in done)

    def _capped(self, held: int, more: int) -> int:
        """The freezes held after some more: those above the cap are lost, and none that was held is."""
        return max(held, min(self._policy.freezes.held_max, held + more))

    def _freezes_are_automatic(self, day: date) -> bool:
        chosen = [auto.on for auto in self._settings.auto_freeze if auto.from_day <= day]
        return chosen[-1] if chosen else True
