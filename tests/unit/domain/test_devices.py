"""The devices of a user: each once, a token on one of them, and no more than ten."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import pytest

from streak_core.domain.devices import (
    DEVICES_MAX,
    TOKEN_LENGTH_MAX,
    Device,
    Platform,
    TooManyDevices,
    check_device_id,
    check_token,
    with_device,
    without_addresses,
    without_device,
)
from streak_core.domain.errors import Malformed
from streak_core.store.notices import devices_text, read_devices
from streak_core.store.unreadable import UnreadableStreakError

NOW: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
PHONE: Final = Device(device_id="phone", address="p", platform=Platform.ANDROID, registered_at=NOW)
TABLET: Final = Device(device_id="tablet", address="t", platform=Platform.IOS, registered_at=NOW)
LATER: Final = NOW.replace(hour=10)


def test_the_same_device_again_changes_nothing_and_another_token_takes_the_place_of_the_old_one() -> None:
    known = (PHONE, TABLET)
    assert with_device(known, replace(PHONE, registered_at=LATER)) == known
    renewed = replace(PHONE, address="q", registered_at=LATER)
    assert with_device(known, renewed) == (TABLET, renewed)


def test_a_token_is_one_devices() -> None:
    moved = replace(TABLET, address="p")
    assert with_device((PHONE, TABLET), moved) == (moved,)


def test_there_are_ten_devices_at_most() -> None:
    ten = tuple(replace(PHONE, device_id=f"d{n}", address=f"t{n}") for n in range(DEVICES_MAX))
    assert len(with_device(ten[1:], TABLET)) == DEVICES_MAX
    assert len(with_device(ten, replace(ten[0], address="new"))) == DEVICES_MAX
    with pytest.raises(TooManyDevices):
        with_device(ten, TABLET)


def test_devices_are_taken_away_by_their_id_or_by_what_reaches_nothing_any_more() -> None:
    assert without_device((PHONE, TABLET), "phone") == without_addresses((PHONE, TABLET), frozenset("p")) == (TABLET,)
    assert without_device((TABLET,), "phone") == without_addresses((TABLET,), frozenset("p")) == (TABLET,)


def test_an_id_and_a_token_are_what_can_be_sent_on() -> None:
    for check, fine, wrong in (
        (check_device_id, "a" * 128, "a" * 129),
        (check_device_id, "a.b_c:d~e-f", "a/b"),
        (check_token, "a" * TOKEN_LENGTH_MAX, "a" * (TOKEN_LENGTH_MAX + 1)),
        (check_token, "cD:APA91b_-", "a b"),
        (check_token, "!", ""),
    ):
        check(fine)
        with pytest.raises(Malformed):
            check(wrong)


def test_devices_are_read_as_they_were_written_and_what_is_none_is_refused() -> None:
    text = devices_text((PHONE, TABLET))
    assert read_devices({"devices": text}) == (PHONE, TABLET)
    assert read_devices({}) == ()
    for wrong in (text.replace("ios", "amiga"), text.replace("token", "key"), "{}"):
        with pytest.raises(UnreadableStreakError):
            read_devices({"devices": wrong})
