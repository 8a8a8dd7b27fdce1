"""What the audit trail is told of other rooms' work, in the commit of that work: which acts of it, and how.

It must not know how an entry is stored. Users' own commands are in their ledger; telling them twice would double what
they cost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from streak_core.domain.actor import Actor
from streak_core.domain.commands import (
    BlockUser,
    Command,
    ExcuseDays,
    GrantFreezes,
    GrantXp,
    HideFromLeaderboard,
    NothingChanged,
    OpenUser,
    Restore,
    ShowOnLeaderboard,
    UnblockUser,
)
from streak_core.domain.errors import ErasingUnfinished, Malformed, NotTried, StreakError, Unavailable
from streak_core.domain.refusals import ReasonRequired, UserErased
from streak_core.records.acts import EVERYBODY, Act, ActStatus, Party, acting, bounded, is_person, user
from streak_core.records.blocked import noted_block
from streak_core.records.changes import Change, Standing
from streak_core.records.keys import Key, once_a_day
from streak_core.records.trails import Trails
from streak_core.store.failures import CommitFailed
from streak_core.store.users import Write
from streak_core.store.writing import Audit, Writer, nothing_else
from streak_core.telemetry import LogEvent, log

# Told whoever gives them; of the others those that a person gives for a user.
_FOR_USERS: Final = (GrantFreezes, ExcuseDays, Restore, GrantXp, BlockUser, UnblockUser, OpenUser)
_OF_BOARDS: Final = (HideFromLeaderboard, ShowOnLeaderboard)
_ONLY_OPERATORS: Final = frozenset(one.name for one in (*_FOR_USERS, *_OF_BOARDS))
# What has no form, or met no database, was no act; nor was what stands behind the end of a batch.
_NO_ACT: Final = (Malformed, NotTried, ReasonRequired, Unavailable, UserErased)
_FORBIDDEN: Final = "forbidden"
# What an act of a command is about.
_ENTRY: Final = "ledger_entry"


def is_told(command: str, actor: Actor | None) -> bool:
    """Whether the trail tells of a command that somebody gave for a user."""
    return is_person(actor) or (actor is not None and command in _ONLY_OPERATORS)


def told_alongside(trails: Trails, user_id: str, writes: Sequence[Write]) -> Writer:
    """What the commit of these decisions tells the user's trail. Raises as `Trails.appending`."""
    acts = [act for write in writes for act in _acts_of(user_id, write)]
    if not acts:
        return nothing_else
    decision, command = writes[-1].decision, writes[-1].command
    return trails.appending(user(user_id), acts, decision.view.now, noted_block(command, decision.streak))


def audit_of(trails: Trails, actor: Party, entity_type: str) -> Audit:
    """What tells the trail of everybody's that an actor has done something about such an entity."""

    def audit(action: str, entity_id: str, details: Mapping[str, Any], now: datetime) -> Writer:
        act = Act(actor=actor, action=action, entity_type=entity_type, entity_id=entity_id, details=details)
        return trails.appending(EVERYBODY, [act], now)

    return audit


def told_if_refused(
    trails: Callable[[], Trails], user_id: str, command: Command, actor: Actor | None, now: datetime
) -> AbstractContextManager[None]:
    """Tells the user's trail of a command that was refused."""
    if not is_told(command.name, actor):
        return nullcontext()
    by, details = acting(user_id, actor), _details(command.request())
    act = Act(actor=by, action=command.name, entity_type=_ENTRY, entity_id="", details=details)
    return telling_refusals(trails, user(user_id), act, now)


@contextmanager
def telling_refusals(trails: Callable[[], Trails], subject: Party, act: Act, now: datetime) -> Iterator[None]:
    """Tells the subject's trail of an act that was refused."""
    try:
        yield
    except _NO_ACT:
        raise
    except StreakError as refusal:
        _tell(trails(), subject, replace(act, status=ActStatus.FAILED, code=refusal.code), now)
        raise


def tell_refused(
    trails: Trails, user_id: str, command: str, refusals: Sequence[StreakError], actor: Actor | None, now: datetime
) -> None:
    """Tells the user's trail what was refused of many of a command at once: one entry, with how many by code."""
    codes = Counter(one.code for one in refusals if not isinstance(one, _NO_ACT))
    if not codes or not is_told(command, actor):
        return
    act = Act(
        actor=acting(user_id, actor),
        action=command,
        entity_type=_ENTRY,
        entity_id="",
        status=ActStatus.FAILED,
        code=codes.most_common(1)[0][0],
        details=bounded({"refused": dict(codes)}),
    )
    _tell(trails, user(user_id), act, now)


def tell_forbidden(trails: Trails, subject: Party, action: str, route: str, actor: Actor, now: datetime) -> None:
    """Tells a trail of what somebody's role does not allow: once a day for each person and route."""
    by = acting(actor.id, actor)
    act = Act(actor=by, action=action, entity_type="route", entity_id=route, status=ActStatus.FAILED, code=_FORBIDDEN)
    _tell(trails, subject, act, now, once_a_day("forbidden", [by.kind.value, by.id, route], now))


def _tell(trails: Trails, subject: Party, act: Act, now: datetime, once: Key | None = None) -> None:
    """The refusal is the answer, also where it could not be told.

    Of whom nothing is stored nothing is begun, else whoever asks for ids that are made up has a document made of each:
    that somebody asked is in the trail of everybody, once a day for each who asks, act and code, and not for whom.
    """
    try:
        if subject == EVERYBODY:
            trails.append(subject, act, now, once)
        elif not _is_told_of_known(trails, subject, act, now, once):
            by, entity_id = act.actor, "" if act.entity_id == subject.id else act.entity_id
            key = once or once_a_day("refused", [by.kind.value, by.id, act.action, act.code], now)
            trails.append(EVERYBODY, replace(act, entity_id=entity_id, details={}), now, key)
    except (StreakError, CommitFailed) as error:
        log(LogEvent.AUDIT_FAILED, "a refusal could not be told to the audit trail", error=error, user_id=subject.id)


def _is_told_of_known(trails: Trails, subject: Party, act: Act, now: datetime, once: Key | None) -> bool:
    """Whether the user's own trail has it: not of whom nothing is stored, or what was is erased."""

    def decide(found: Standing) -> Change | None:
        return Change(act=act) if found.is_of_somebody else None

    with suppress(UserErased, ErasingUnfinished):
        return trails.change(subject, now, decide, key=once) is not None
    return False


def _acts_of(user_id: str, write: Write) -> Iterator[Act]:
    entry = write.decision.entry
    if entry is None or write.decision.repeats is not None or not is_told(write.command, entry.actor):
        return
    if isinstance(entry.content, NothingChanged):
        # The key is kept; nothing was done that could be told.
        return
    yield Act(
        actor=acting(user_id, entry.actor),
        action=write.command,
        entity_type=_ENTRY,
        entity_id=entry.entry_id,
        details=_details(write.request),
    )


def _details(request: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was asked; of what is too much for a trail only the reason: the ledger has it whole."""
    return bounded(request, {"reason": request["reason"]} if "reason" in request else None)
