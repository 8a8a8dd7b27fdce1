"""Entries of the ledger of form 2 as the model. Must not know documents; what is none of ours is a `ValueError`."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from streak_core.domain.actor import Actor, ActorKind
from streak_core.domain.commands import (
    ActivityRecorded,
    ActivityRedone,
    ActivityUndone,
    ChallengeJoined,
    ChallengeLeft,
    DayRepaired,
    DayRestored,
    DaysExcused,
    FreezesGranted,
    LeaderboardHidden,
    LeaderboardJoined,
    LeaderboardLeft,
    LeaderboardShown,
    NothingChanged,
    NoticesChosen,
    PauseEnded,
    PauseStreak,
    PlanFreeze,
    ResetStreak,
    ResetTakenBack,
    SettingsChanged,
    StreakLengthened,
    UnplanFreeze,
    UserBlocked,
    UserOpened,
    UserUnblocked,
    XpGranted,
)
from streak_core.domain.entries import LedgerEntry
from streak_core.domain.imported import Numbers
from streak_core.domain.model import Activity
from streak_core.domain.zone_statements import ZoneEffect, ZoneSaid
from streak_core.store.forms.kinds import known
from streak_core.store.forms.to_model import day_record_of, notices_of, standings_of, terms_of

if TYPE_CHECKING:
    from streak_core.domain.commands import Content
    from streak_core.store.forms import v2_board_entries, v2_entries


def entry_of(stored: v2_entries.Entry) -> LedgerEntry:
    """An entry of the ledger. Raises `ValueError` for an actor of a kind that is not known."""
    actor = stored.get("actor")
    return LedgerEntry(
        entry_id=stored["entry_id"],
        seq=stored["seq"],
        at=stored["at"],
        today=stored["today"],
        time_zone=stored["time_zone"],
        content=_content(stored),
        actor=Actor(kind=known(ActorKind, actor["kind"]), id=actor["id"]) if actor else None,
        amnesties=stored.get("amnesties", 0),
    )


def _content(stored: v2_entries.Entry) -> Content:  # noqa: C901, PLR0911, PLR0912 - one line for each kind
    if stored["kind"] == "activity":
        zone = _zone_said_if_any(stored.get("zone"))
        return ActivityRecorded(activity=Activity(**stored["activity"]), sent=stored["sent"], zone=zone)
    if stored["kind"] == "undo":
        activity, forgets = Activity(**stored["activity"]), stored.get("forgets_zones", False)
        return ActivityUndone(activity=activity, of_seq=stored["of_seq"], forgets_zones=forgets)
    if stored["kind"] == "redo":
        return ActivityRedone(activity=Activity(**stored["activity"]), of_seq=stored["of_seq"])
    if stored["kind"] == "reset":
        return ResetStreak()
    if stored["kind"] == "unreset":
        return ResetTakenBack(day=stored["day"])
    if stored["kind"] == "freeze":
        return PlanFreeze(day=stored["day"])
    if stored["kind"] == "unfreeze":
        return UnplanFreeze(day=stored["day"])
    if stored["kind"] == "repair":
        return DayRepaired(day=stored["day"])
    if stored["kind"] == "pause":
        return PauseStreak(from_day=stored["from_day"], until_day=stored["until_day"])
    if stored["kind"] == "resume":
        return PauseEnded(pause_id=stored["pause_id"], last_day=stored["last_day"])
    if stored["kind"] == "settings":
        return _settings_changed(stored)
    if stored["kind"] == "notices":
        return NoticesChosen(choices=notices_of(stored["choices"]))
    if stored["kind"] == "note":
        zone = _zone_said_if_any(stored.get("zone"))
        return NothingChanged(command=stored["command"], repeats=stored["repeats"], zone=zone)
    if stored["kind"] == "join" or stored["kind"] == "leave":
        return _of_challenge(stored)
    if stored["kind"] == "board_join" or stored["kind"] == "board_leave":
        return _of_leaderboard(stored)
    if stored["kind"] == "board_hide" or stored["kind"] == "board_show":
        return _of_leaderboard(stored)
    return _content_for_user(stored)


def _of_challenge(stored: v2_entries.ChallengeEntry) -> Content:
    if stored["kind"] == "join":
        return ChallengeJoined(terms=terms_of(stored["terms"]))
    return ChallengeLeft(of_seq=stored["of_seq"])


def _of_leaderboard(stored: v2_board_entries.BoardEntry) -> Content:
    if stored["kind"] == "board_join":
        return LeaderboardJoined(
            board_name=stored["board_name"],
            group=stored.get("group"),
            is_new=stored.get("is_new", False),
            before=standings_of(stored.get("before", {})),
            since=stored.get("since"),
        )
    if stored["kind"] == "board_leave":
        return LeaderboardLeft()
    return LeaderboardHidden() if stored["kind"] == "board_hide" else LeaderboardShown()


def _content_for_user(stored: v2_entries.EntryForUser) -> Content:
    if stored["kind"] == "grant":
        return FreezesGranted(count=stored["count"], over_cap=stored.get("over_cap", False))
    if stored["kind"] == "excuse":
        return DaysExcused(from_day=stored["from_day"], until_day=stored["until_day"])
    if stored["kind"] == "restore":
        return DayRestored(day=stored["day"])
    if stored["kind"] == "lengthen":
        return StreakLengthened(length=stored["length"], started_on=stored.get("started_on"))
    if stored["kind"] == "xp":
        return XpGranted(amount=stored["amount"])
    if stored["kind"] == "block":
        return UserBlocked(until=stored["until"])
    if stored["kind"] == "unblock":
        return UserUnblocked()
    if stored["kind"] == "open":
        return UserOpened(zone=_zone_said(stored["zone"]), numbers=_numbers(stored["numbers"]), reason=stored["reason"])
    assert_never(stored)  # pragma: no cover - the type checker knows that there is no other


def _numbers(stored: v2_entries.Numbers) -> Numbers:
    days = stored["active_days"]
    return Numbers(
        current_streak=stored["current_streak"],
        longest_streak=stored["longest_streak"],
        last_active_date=stored["last_active_date"],
        freezes=stored["freezes"],
        xp_total=stored["xp_total"],
        active_days=None if days is None else tuple(days),
    )


def _settings_changed(stored: v2_entries.SettingsEntry) -> SettingsChanged:
    weekdays = stored.get("rest_weekdays")
    return SettingsChanged(
        zone=_zone_said_if_any(stored.get("zone")),
        auto_freeze=stored.get("auto_freeze"),
        rest_weekdays=None if weekdays is None else tuple(weekdays),
        replaces=tuple(stored.get("replaces", ())),
    )


def _zone_said_if_any(stored: v2_entries.ZoneSaid | None) -> ZoneSaid | None:
    return None if stored is None else _zone_said(stored)


def _zone_said(stored: v2_entries.ZoneSaid) -> ZoneSaid:
    tail = stored.get("tail")
    return ZoneSaid(
        time_zone=stored["time_zone"],
        since=stored["since"],
        effect=known(ZoneEffect, stored["effect"]),
        by_activity=stored["by_activity"],
        used=stored["used"],
        tail=None if tail is None else {day: day_record_of(record) for day, record in tail.items()},
    )
