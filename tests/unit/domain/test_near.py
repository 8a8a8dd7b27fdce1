"""A name that is nearly known is told the one that may have been meant; any other is told none."""

from __future__ import annotations

import pytest

from streak_core.domain.errors import Malformed
from streak_core.domain.near import did_you_mean
from streak_core.domain.xp import base_xp_of
from streak_core.domain.zones import zone
from tests.support.shipped_policy import POLICY


@pytest.mark.parametrize(
    ("sent", "near"),
    [
        ("activityType", "; did you mean activity_type?"),
        ("activity-types", "; did you mean activity_type?"),
        ("TIMEZONE", "; did you mean time_zone?"),
        ("type", ""),
        ("", ""),
    ],
)
def test_a_name_is_near_however_its_words_are_joined(sent: str, near: str) -> None:
    assert did_you_mean(sent, ["activity_type", "time_zone"]) == near


@pytest.mark.parametrize(
    ("sent", "near"),
    [
        ("europe/amsterdam", "; did you mean Europe/Amsterdam?"),
        ("America/NewYork", "; did you mean America/New_York?"),
        ("GMT+1", ""),
        ("Mars/Olympus", ""),
    ],
)
def test_a_zone_that_is_none_is_told_the_place_that_is_near(sent: str, near: str) -> None:
    with pytest.raises(Malformed) as error:
        zone(sent)
    (told,) = error.value.errors
    assert told.message == f"is not a time zone of the IANA database, such as Europe/Amsterdam{near}"


@pytest.mark.parametrize(
    ("kind", "metadata", "told"),
    [
        ("quizCompleted", {}, {"activity_type": "; did you mean quiz_completed?"}),
        (
            "quiz_completed",
            {"difficulty": "hard", "scores": 80},
            {"metadata.score": "from 0 to 100", "metadata.scores": "activity type; did you mean score?"},
        ),
        (
            "quiz_completed",
            {"difficulty": "hard", "score": 80, "scores": 80},
            {"metadata.scores": "activity type, which takes difficulty and score"},
        ),
        ("check_in", {"mood": "good"}, {"metadata.mood": "activity type, which takes none"}),
    ],
)
def test_a_type_and_its_metadata_are_told_what_is_near(
    kind: str, metadata: dict[str, object], told: dict[str, str]
) -> None:
    with pytest.raises(Malformed) as error:
        base_xp_of(POLICY, kind, metadata)
    found = {one.field: one.message for one in error.value.errors}
    assert found.keys() == told.keys()
    assert all(found[field].endswith(end) for field, end in told.items())
