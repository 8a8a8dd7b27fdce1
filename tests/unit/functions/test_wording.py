"""What is wrong with a body is said in words that mend it; the reader's own sentences never get out."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from functions.http.parsing import CALENDAR_DAYS, Body, NoBody
from functions.http.wording import field_error, in_our_words
from functions.streak import CheckInBody, FreezeBody, PauseBody, SettingsBody
from functions.users.recording import ActivityBody, BatchBody

ACTIVITY: dict[str, Any] = {"activity_type": "check_in"}
WEEKDAYS = "must be one of: monday, tuesday, wednesday, thursday, friday, saturday, sunday"
WRONG: list[tuple[type[Body], object, dict[str, str]]] = [
    (ActivityBody, [], {"": "must be a JSON object"}),
    (
        ActivityBody,
        {"activityType": "check_in"},
        {"activity_type": "is missing", "activityType": "is not known here; did you mean activity_type?"},
    ),
    (ActivityBody, {**ACTIVITY, "timezone": "UTC"}, {"timezone": "is not known here; did you mean time_zone?"}),
    (
        ActivityBody,
        {**ACTIVITY, "score": 80},
        {"score": "is not known here; what an activity type takes, such as a score, stands in metadata"},
    ),
    (ActivityBody, {"activity_type": 7}, {"activity_type": "must be a text"}),
    (ActivityBody, {"activity_type": "x" * 65}, {"activity_type": "must have at most 64 characters"}),
    (ActivityBody, {**ACTIVITY, "metadata": []}, {"metadata": "must be a JSON object"}),
    (
        ActivityBody,
        {**ACTIVITY, "occurred_at": "noon"},
        {"occurred_at": "must be an instant such as 2026-03-02T09:00:00Z"},
    ),
    (CheckInBody, {"tz": "UTC"}, {"tz": "is not known here"}),
    (FreezeBody, {"date": "3 March"}, {"date": "must be a date such as 2026-03-02"}),
    (
        PauseBody,
        {"form": "2026-03-02", "until": "2026-03-03"},
        {"from": "is missing", "form": "is not known here; did you mean from?"},
    ),
    (SettingsBody, {"auto_freeze": 1}, {"auto_freeze": "must be true or false"}),
    (SettingsBody, {"rest_weekdays": "monday"}, {"rest_weekdays": "must be a JSON list"}),
    (
        SettingsBody,
        {"rest_weekdays": ["Monday", "some day or other"]},
        {
            "rest_weekdays.0": f"{WEEKDAYS}; did you mean monday?",
            "rest_weekdays.1": WEEKDAYS,
        },
    ),
    (BatchBody, {"activities": []}, {"activities": "must have at least 1 items"}),
    (BatchBody, {"activities": [{}] * 501}, {"activities": "must have at most 500 items"}),
    (NoBody, {"date": "2026-03-02"}, {"date": "is not known here"}),
]


@pytest.mark.parametrize(
    ("form", "sent", "told"), WRONG, ids=[f"{form.__name__} {sent}"[:60] for form, sent, _ in WRONG]
)
def test_what_is_wrong_is_said_field_by_field(form: type[Body], sent: object, told: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as error:
        form.model_validate(sent)
    found = [field_error(one, form) for one in error.value.errors()]
    assert {one.field: one.message for one in found} == told


@pytest.mark.parametrize(("number", "told"), [(0, "must be at least 1"), (367, "must be at most 366")])
def test_a_number_that_is_too_small_or_too_large_is_told_its_bound(number: int, told: str) -> None:
    with pytest.raises(ValidationError) as error:
        CALENDAR_DAYS.validate_python(number)
    assert [in_our_words(one) for one in error.value.errors()] == [told]


def test_what_there_are_no_words_for_is_said_without_the_readers_own() -> None:
    with pytest.raises(ValidationError) as error:
        CALENDAR_DAYS.validate_python("many")
    assert [in_our_words(one) for one in error.value.errors()] == ["does not have the form that is documented"]
