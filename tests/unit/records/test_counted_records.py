"""What is counted of what users say, use and make, also where an app has made something else of a field."""

from __future__ import annotations

from streak_core.records.counted_records import counts_of_idea, counts_of_message, counts_of_selection, counts_of_usage
from streak_core.records.counters import Count

SAID = Count(name="conversations", is_of_user=True)


def test_a_message_counts_and_the_time_of_an_answer_by_its_intent() -> None:
    assert counts_of_message({"role": "user"}) == [SAID]
    answer = {"role": "assistant", "intent": "planning", "response_time_ms": 820}
    assert counts_of_message(answer) == [SAID, Count(name="response-times", key=("planning",), values=(820,))]
    without = Count(name="response-times", key=("",), values=(0,))
    assert counts_of_message({"response_time_ms": 0}) == [SAID, without]
    for other in ("820", True, -1, None):
        assert counts_of_message({"response_time_ms": other}) == [SAID]


def test_events_of_a_feature_are_counted_together_and_their_durations_in_milliseconds() -> None:
    events: list[dict[str, object]] = [
        {"feature": "chat", "duration_seconds": 1.5},
        {"feature": "calendar"},
        {"feature": "chat", "duration_seconds": 2},
    ]
    assert counts_of_usage(events) == [
        Count(name="features", key=("chat",), times=2, values=(1500, 2000), is_of_user=True),
        Count(name="features", key=("calendar",), is_of_user=True),
    ]


def test_an_idea_counts_by_its_category() -> None:
    said = {"title": "t", "category": "habit"}
    assert counts_of_idea(said) == [Count(name="ideas", key=("habit",))]
    assert counts_of_selection(said) == [Count(name="ideas-selected", key=("habit",))]


def test_what_an_app_lets_be_left_out_is_counted_together() -> None:
    assert counts_of_idea({"title": "t"}) == [Count(name="ideas", key=("",))]
    assert counts_of_usage([{}]) == [Count(name="features", key=("",), is_of_user=True)]
