"""What the reference model answers: the streak, the calendar and the consistent week, each judged from nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from testing.model_history import CATEGORIES, History, Life, monday_of
from testing.model_time import DAY

if TYPE_CHECKING:
    import datetime as dt

Step = dict[str, Any]

NEUTRAL = ("amnesty", "paused", "rest", "travel")
HORIZONS = (2, 5, 10, 20, 40, 100, 1000, 4000)


class Questioned(History):
    """A history that can be asked."""

    def moment(self, clock: dt.datetime) -> dt.datetime:
        return clock if self.last_accepted is None else max(clock, self.last_accepted)

    def judged(self, day: dt.date, today: dt.date) -> Life | None:
        return next((life for life in self.judge(today) if life.date == day), None)

    def freezes_available(self, today: dt.date) -> int:
        now = self.judged(today, today)
        return now.held if now else self.freezes_at_start

    def days(self, now: dt.datetime) -> list[tuple[dt.date, str]]:
        return [(life.date, life.verdict) for life in self.judge(self.label(self.moment(now)))]

    def expires_at(self, today: dt.date) -> dt.datetime | None:
        """Lets the days go by without anything happening until one is judged frozen or missed."""
        for horizon in HORIZONS:
            for life in self.judge(today + horizon * DAY):
                if today <= life.date and life.verdict in ("frozen", "missed"):
                    return self.timeline.begins(life.date + DAY)
        return None

    def get_streak(self, _step: Step, now: dt.datetime) -> dict[str, Any]:
        today = self.label(now)
        life = self.judged(today, today) or Life(held=self.freezes_at_start)
        status = "pending"
        if life.current_streak == 0:
            status = "none"
        elif life.verdict == "active":
            status = "extended"
        elif life.verdict in NEUTRAL:
            status = "protected"
        bonus = self.bonus_holds_in_week_of(today)
        last_active = max((a.day for a in self.live() if a.counted), default=None)
        return {
            "current_streak": life.current_streak,
            "longest_streak": life.longest_streak,
            "status": status,
            "today": today.isoformat(),
            "time_zone": self.timeline.zone,
            "last_active_date": last_active.isoformat() if last_active else None,
            "run_started_on": life.run_started_on.isoformat() if life.run_started_on else None,
            "freezes_available": life.held,
            "xp_total": sum(a.xp for a in self.live()),
            "bonus_active": bonus,
            "bonus_multiplier": float(self.multiplier) if bonus else 1.0,
            "expires_at": self.expires_at(today) if life.current_streak > 0 else None,
        }

    def get_calendar(self, step: Step, now: dt.datetime) -> list[dict[str, Any]]:
        today = self.label(now)
        verdicts = {life.date: life.verdict for life in self.judge(today)}
        rows = []
        for back in reversed(range(step["days"])):
            day = today - back * DAY
            those = [a for a in self.live() if a.day == day]
            verdict = verdicts.get(day, "none")
            rows.append(
                {
                    "date": day.isoformat(),
                    "verdict": verdict,
                    "has_activity": any(a.counted for a in those),
                    "freeze_used": verdict == "frozen",
                    "activity_count": len(those),
                    "xp": sum(a.xp for a in those),
                    "categories": [c for c in CATEGORIES if any(a.counted and a.category == c for a in those)],
                }
            )
        return rows

    def get_consistency(self, _step: Step, now: dt.datetime) -> dict[str, Any]:
        monday = monday_of(self.label(now))
        done = self.categories_in_week(monday)
        bonus = self.bonus_holds_in_week_of(monday)
        return {
            "week_start": monday.isoformat(),
            "week_end": (monday + 6 * DAY).isoformat(),
            "categories": {c: c in done for c in CATEGORIES},
            "completed_count": len(done),
            "total_count": len(CATEGORIES),
            "progress": 100 * len(done) // len(CATEGORIES),
            "bonus_active": bonus,
            "bonus_multiplier": float(self.multiplier) if bonus else 1.0,
        }
