"""IANA time zones, read from the pinned `tzdata` package so that every machine knows the same rules.

It must not know streaks, users or the machine's own time zone files.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import Final
from zoneinfo import ZoneInfo

from streak_core.domain.errors import FieldError, Malformed
from streak_core.domain.near import did_you_mean
from streak_core.domain.refusals import TimeZoneUnknown

UTC_NAME: Final = "UTC"
_NOT_A_PLACE: Final = frozenset({"Factory", "localtime"})


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Every name that users may choose, exactly as the tz database spells it."""
    listed = resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()
    return frozenset(listed) - _NOT_A_PLACE


@lru_cache(maxsize=1)
def data_version() -> str:
    """Which tz database this is, such as 2026a."""
    with resources.files("tzdata").joinpath("zoneinfo", "tzdata.zi").open(encoding="utf-8") as data:
        return data.readline().removeprefix("# version ").strip()


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """The zone of that name. Raises `Malformed` for a name that the tz database does not have."""
    if name not in zone_names():
        message = "is not a time zone of the IANA database, such as Europe/Amsterdam"
        # Names without a place, such as GMT+0, are near to too much.
        places = [known for known in zone_names() if "/" in known]
        raise Malformed(FieldError("time_zone", message + did_you_mean(name, places)))
    file = resources.files("tzdata").joinpath("zoneinfo", *name.split("/"))
    with file.open("rb") as data:
        return ZoneInfo.from_file(data, key=name)


def stored_zone(name: str) -> ZoneInfo:
    """The zone that a user lives in. Raises `TimeZoneUnknown`, as after going back to an older tz database."""
    if name not in zone_names():
        raise TimeZoneUnknown(zone=name[:64])
    return zone(name)
