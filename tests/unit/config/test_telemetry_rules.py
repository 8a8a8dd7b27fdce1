"""What the environment says of telemetry."""

from __future__ import annotations

import pytest

from streak_core.config import ConfigError, load_config
from streak_core.config.telemetry import TelemetryRules

NAMED = {"GOOGLE_CLOUD_PROJECT": "p"}


@pytest.mark.parametrize(
    ("environ", "rules"),
    [
        ({}, TelemetryRules(slow_ms=500, writes_gauges=False)),
        ({"STREAK_SLOW_MS": ""}, TelemetryRules(slow_ms=500, writes_gauges=False)),
        ({"STREAK_SLOW_MS": "1"}, TelemetryRules(slow_ms=1, writes_gauges=False)),
        ({"STREAK_SLOW_MS": "60000"}, TelemetryRules(slow_ms=60_000, writes_gauges=False)),
        ({"K_SERVICE": "maintenance"}, TelemetryRules(slow_ms=500, writes_gauges=True)),
        ({"K_SERVICE": "maintenance", "STREAK_GAUGES": "off"}, TelemetryRules(slow_ms=500, writes_gauges=False)),
        ({"STREAK_GAUGES": "on"}, TelemetryRules(slow_ms=500, writes_gauges=True)),
    ],
)
def test_gauges_are_on_where_a_function_is_deployed_and_half_a_second_is_slow(
    environ: dict[str, str], rules: TelemetryRules
) -> None:
    assert load_config({**NAMED, **environ}).telemetry == rules


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STREAK_SLOW_MS", "0"),
        ("STREAK_SLOW_MS", "60001"),
        ("STREAK_SLOW_MS", "0.5"),
        ("STREAK_SLOW_MS", "-1"),
        ("STREAK_SLOW_MS", "٣"),
        ("STREAK_GAUGES", "yes"),
        ("STREAK_GAUGES", "ON"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=f"{name}: must be"):
        load_config({**NAMED, name: value})
