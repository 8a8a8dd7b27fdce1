"""When Cloud Scheduler tries a job again, from the settings it is deployed with. Must not know what the job does."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def backoffs(command: Sequence[str]) -> list[float]:
    """The seconds before each further try of a job that is made by this command and fails every time.

    As documented: the first wait is the least one, it doubles so many times, then it grows by the last step, up to the
    longest one.
    """
    settings = dict(word.removeprefix("--").split("=", 1) for word in command if word.startswith("--") and "=" in word)
    first, longest = (float(settings[name].removesuffix("s")) for name in ("min-backoff", "max-backoff"))
    doublings = int(settings["max-doublings"])
    waits: list[float] = []
    for number in range(int(settings["max-retry-attempts"])):
        step = first * 2 ** min(number, doublings)
        waits.append(min(longest, step * max(1, number - doublings + 1)))
    return waits
