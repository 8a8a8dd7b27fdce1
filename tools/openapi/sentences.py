"""The sentences of the contract that name a number of the policy, so that the number in them is the policy's.

It must not know where in the contract a sentence stands.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from streak_core.domain.policy import Policy

# A number stands where its place in the policy is named.
SENTENCES: Final = (
    "A streak day begins at {days.day_start_hour}:00",
    "may be up to {activities.future_minutes_max} minutes ahead of the server",
    "its day up to {activities.late_days_max} days before",
    "at most {activities.late_days_max} days back and at most {activities.future_minutes_max} minutes ahead",
    "XP is at most {activities.base_xp_max} before the bonus",
    "one for each {freezes.xp_per_freeze} XP; at most {freezes.held_max} are held",
    "For a day from yesterday to {freezes.plan_days_ahead_max} days ahead",
    "For a day from today to {freezes.plan_days_ahead_max} days ahead",
    "until {activities.undo_days_max} days after",
    "Possible until {activities.undo_days_max} days",
    "lies more than {activities.undo_days_max} days before today",
    "in the last {activities.undo_days_max} days that was not taken back",
    "for {timeline_days} streak days",
    "{limits.commands_max} commands in {limits.window_seconds} seconds",
    "as a day can have, {limits.activities_per_day_max}",
    "as there can be, {pause.open_max}",
)
_PLACE: Final = re.compile(r"\\\{[a-z_.\\]+\\\}")


def with_numbers(text: str, policy: Policy) -> str:
    """The text with the policy's numbers in every one of the sentences; a line may break at any of their spaces."""
    for sentence in SENTENCES:
        text = pattern(sentence).sub(partial(_said, sentence, policy), text)
    return text


def pattern(sentence: str) -> re.Pattern[str]:
    """What a sentence looks like in the contract, whatever its numbers are."""
    escaped = _PLACE.sub(r"(\\d+)", re.escape(sentence))
    return re.compile(escaped.replace(r"\ ", r"\s+"))


def _said(sentence: str, policy: Policy, found: re.Match[str]) -> str:
    whole, start = "", found.start()
    for place, name in enumerate(re.findall(r"\{([a-z_.]+)\}", sentence), start=1):
        whole += found.string[start : found.start(place)] + str(_number(policy, name))
        start = found.end(place)
    return whole + found.string[start : found.end()]


def _number(policy: object, name: str) -> object:
    for part in name.split("."):
        policy = getattr(policy, part)
    return policy
