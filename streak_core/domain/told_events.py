"""Which notice comes of an event, when it may be told, and whether it still is right then.

It must not know who tells, or how. All is worked out of the event, what the user chose, and how the streak stands.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, assert_never

from streak_core.domain.challenges import is_done
from streak_core.domain.consistency import week_is_consistent
from streak_core.domain.days import week_start
from streak_core.domain.events import EventKind, completed_id
from streak_core.domain.model import Verdict
from streak_core.domain.notices import OFFERED, Channel, Notice, NoticeKind
from streak_core.domain.offers import OfferKind, offers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from streak_core.domain.events import Event
    from streak_core.domain.joined import Joined
    from streak_core.domain.model import Streak
    from streak_core.domain.notices import NoticeChoices
    from streak_core.domain.replay import View
    from streak_core.domain.state import UserState

# Of what is longer ago nobody is told any more.
TOLD_WITHIN: Final = timedelta(days=2)
# What must be left before quiet hours begin, so that whoever sends has the time.
BEFORE_QUIET: Final = timedelta(minutes=5)
WAITING_MAX: Final = 20
# What a policy calls that of which a notice tells.
NAMES: Final = ("achievement", "challenge")

Details = dict[str, int | str]


def kinds_of(event: Event) -> tuple[NoticeKind, ...]:
    """What a user can be told of it: the first kind that is wished for and right is the one."""
    match event.kind:
        case EventKind.FREEZE_APPLIED:
            is_last = event.details.get("freezes_available") == 0
            return (*((NoticeKind.LAST_FREEZE_USED,) if is_last else ()), NoticeKind.FREEZE_USED)
        case EventKind.STREAK_BROKEN | EventKind.STREAK_RESTORED | EventKind.BONUS_EARNED:
            # What is called alike.
            return (NoticeKind(event.kind.value),)
        case EventKind.ACHIEVEMENT_UNLOCKED | EventKind.CHALLENGE_COMPLETED:
            return (NoticeKind(event.kind.value),)
        case EventKind.MILESTONE_REACHED:
            return (NoticeKind.MILESTONE,)
        case EventKind.STREAK_IMPORTED | EventKind.STREAK_STARTED | EventKind.STREAK_EXTENDED | EventKind.STREAK_RESET:
            return ()
        case EventKind.FREEZE_EARNED | EventKind.FREEZE_REFUNDED | EventKind.FREEZES_GRANTED | EventKind.XP_GRANTED:
            return ()
        case EventKind.DAYS_EXCUSED | EventKind.DAY_RESTORED | EventKind.USER_BLOCKED | EventKind.USER_UNBLOCKED:
            return ()
        case EventKind.PLACED:
            return ()
        case _:  # pragma: no cover - the type checker knows that there is no other
            assert_never(event.kind)


def waiting_after(
    waiting: Sequence[Event], told: Mapping[str, Event | None], choices: NoticeChoices, now: datetime
) -> tuple[Event, ...]:
    """What waits to be told once more has happened, by the ids of events; those that are None were taken back."""
    known = {**{event.event_id: event for event in waiting}, **told}
    wished = (event for event in known.values() if event and any(map(choices.wishes, kinds_of(event))))
    return tuple(event for event in wished if event.at > now - TOLD_WITHIN)[-WAITING_MAX:]


def is_undone(event: Event, streak: Streak, view: View) -> bool:
    """Whether it tells of a challenge that is done no more.

    That is known only until the challenge is left, or no day of it can change: whoever keeps what waits asks each time.
    """
    one = _joined(event.event_id, streak) if event.kind is EventKind.CHALLENGE_COMPLETED else None
    return one is not None and not is_done(one, view)


def told_at(event: Event, view: View, choices: NoticeChoices) -> datetime:
    """The moment (UTC) from which on the user may be told of it, not before now: what is sent waits for no quiet."""
    channels = {channel for kind in kinds_of(event) for channel in choices.channels.get(kind, ())}
    if channels <= {Channel.INBOX}:
        return view.now
    last = view.now + TOLD_WITHIN
    free = choices.free(view.zone_line.time_zone, view.now, last)
    return next((begins for begins, ends in free if ends - begins >= BEFORE_QUIET), last)


def is_quiet(view: View, choices: NoticeChoices) -> bool:
    """Whether nothing may be sent now."""
    free = choices.free(view.zone_line.time_zone, view.now, view.now + BEFORE_QUIET)
    return all(begins > view.now for begins, _ in free)


def notice_of(event: Event, state: UserState, choices: NoticeChoices) -> Notice | None:
    """The notice of an event as of now; None where it was taken back, or nobody wants to know."""
    said = {name: value for name, value in event.details.items() if isinstance(value, int) or name in NAMES}
    for kind in kinds_of(event):
        notice = Notice(notice_id=event.event_id, kind=kind, day=event.day, at=state.view.now, details=said)
        if is_now := as_of_now(notice, state, choices):
            return is_now
    return None


def as_of_now(notice: Notice, state: UserState, choices: NoticeChoices) -> Notice | None:
    """The notice of an event with the numbers of now; None where it is not right any more."""
    details = _details(notice, state) if choices.wishes(notice.kind) else None
    return None if details is None else replace(notice, details=details)


def _details(notice: Notice, state: UserState) -> Details | None:
    """What holds of what the notice tells; None where that is not so. A day that has left the tail stays as it is."""
    view, day, length = state.view, notice.day, int(notice.details.get("length", 0))
    judged, started = view.on(day), view.streak_started_on
    match notice.kind:
        case NoticeKind.FREEZE_USED | NoticeKind.LAST_FREEZE_USED:
            is_frozen = judged is None or judged.verdict is Verdict.FROZEN
            is_so = is_frozen and not (notice.kind is NoticeKind.LAST_FREEZE_USED and view.freezes_available)
            return {"freezes_available": view.freezes_available} if is_so else None
        case NoticeKind.STREAK_BROKEN:
            ended = judged.broke if judged else length * (started is None or started > day)
            return {"length": ended, **_offered(state, day)} if ended else None
        case NoticeKind.STREAK_RESTORED:
            return {"length": view.current_streak} if started is not None and started <= day else None
        case NoticeKind.MILESTONE:
            return {"length": length} if view.current_streak >= length else None
        case NoticeKind.BONUS_EARNED:
            return {} if week_is_consistent(state.streak, state.rules, week_start(day)) else None
        case NoticeKind.ACHIEVEMENT_UNLOCKED:
            return dict(notice.details) if notice.details["achievement"] in state.streak.earned else None
        case NoticeKind.CHALLENGE_COMPLETED:
            one = _joined(notice.notice_id, state.streak)
            return dict(notice.details) if (is_done(one, view) if one else judged is None) else None
        case NoticeKind.REMINDER:
            # It comes of no event, but of there being none.
            return None
        case _:  # pragma: no cover - the type checker knows that there is no other
            assert_never(notice.kind)


def _joined(event_id: str, streak: Streak) -> Joined | None:
    """The challenge that an event tells of, where the user has it."""
    return next((one for one in streak.settings.challenges if completed_id(one.terms) == event_id), None)


def _offered(state: UserState, day: date) -> Details:
    """What the streak would be again if what is offered for the day that broke it were taken."""
    healing = {OfferKind.FREEZE, OfferKind.REPAIR}
    offered = next((one for one in offers(state) if one.kind in healing and one.day == day), None)
    return {OFFERED: offered.current_streak_after} if offered else {}
