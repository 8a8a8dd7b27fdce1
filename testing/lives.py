"""Random lives: sequences of scenario steps with every command mixed, as hypothesis strategies.

A life knows nothing of what will be answered: many of its commands are refused, late, doubled or senseless.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, assert_never

from hypothesis import strategies as st

from testing.drawing import FIRST_MOMENT, HARD_ZONES, LAST_MOMENT, ZONES, Drawer
from testing.often import OTHERS
from testing.steps import CommandStep, JobStep, Step

zones: Final = st.one_of(st.sampled_from(HARD_ZONES), st.sampled_from(ZONES))
moments: Final = st.one_of(
    st.datetimes(FIRST_MOMENT.replace(tzinfo=None), LAST_MOMENT.replace(tzinfo=None), timezones=st.just(UTC)),
    # The days on which Apia and Fakaofo lost a date, and an ordinary year of the future.
    st.datetimes(datetime(2011, 12, 15), datetime(2011, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
)
# Dice that hypothesis throws, so that it makes a life that fails smaller.
dice: Final = st.randoms(use_true_random=False)
_STEPS: Final = (*(CommandStep.RECORD,) * 30, *OTHERS, JobStep.MAINTENANCE)


@st.composite
def lives(
    draw: st.DrawFn, *, steps_max: int = 40, may_come_along: bool = True, begins_at: datetime | None = None
) -> list[Step]:
    """A life of up to `steps_max` moments; most begin with a time zone, and some say it late or never.

    Some come along from another system, if they may. It begins at a moment (timezone-aware), or at any.
    """
    now, drawer = begins_at or draw(moments), Drawer(draw(dice))
    is_daily = drawer.happens(70)
    first = {"at": now.isoformat(), "do": CommandStep.SET_TIME_ZONE.value, "time_zone": draw(zones)}
    begins = CommandStep.OPEN if may_come_along and drawer.happens(40) else CommandStep.CHECK_IN
    known = [do for do in _STEPS if may_come_along or do is not CommandStep.OPEN]
    steps = [first] if drawer.happens(60) else [drawer.command(begins, now)]
    for _ in range(draw(st.integers(1, steps_max))):
        now = min(now + drawer.gap(is_daily=is_daily), LAST_MOMENT)
        do = drawer.dice.choice(known)
        match do:
            case CommandStep():
                step = drawer.command(do, now)
                steps.append(step if do is CommandStep.RECORD else {**drawer.key(), **step})
            case JobStep():
                steps.append({"at": now.isoformat(), "do": do.value})
            case never:
                assert_never(never)
    return steps
