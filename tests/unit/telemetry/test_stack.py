"""A stack says where, and never what somebody sent."""

from __future__ import annotations

import re

import pytest
from google.api_core import exceptions

from streak_core.domain.policy import parse_policy
from streak_core.telemetry.stack import EXCEPTIONS_MAX, FRAMES_MAX, MESSAGE_CHARACTERS_MAX, described, kind_of, stack_of

# No secret: it says {"sub": "ada"}, and its signature is a word.
TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl"  # noqa: S105


def caught(error: Exception) -> Exception:
    """The error, once raised."""
    try:
        raise error
    except type(error) as found:
        return found


def test_it_names_the_places_and_the_kind() -> None:
    stack = stack_of(caught(KeyError("x")))
    assert stack.startswith("Traceback (most recent call last):\n")
    assert "test_stack.py" in stack
    assert ", in caught" in stack
    assert stack.endswith("KeyError\n")


@pytest.mark.parametrize("error", [ValueError("secret"), KeyError("secret"), RuntimeError("secret"), OSError("secret")])
def test_what_an_error_quotes_is_left_out(error: Exception) -> None:
    assert "secret" not in stack_of(error)


@pytest.mark.parametrize("error", [TypeError("no len()"), AttributeError("no len()"), ZeroDivisionError("no len()")])
def test_what_an_error_says_of_the_code_is_kept(error: Exception) -> None:
    assert stack_of(error).endswith(f"{kind_of(error)}: no len()\n")


def test_what_google_answers_is_kept_without_addresses_and_tokens() -> None:
    said = f"the query requires an index; ada@example.com sent Bearer abc and {TOKEN}"
    stack = stack_of(exceptions.FailedPrecondition(said))
    assert stack.endswith("the query requires an index; [address] sent [token] and [token]\n")


def test_what_led_to_an_error_is_told_first_and_a_suppressed_one_is_not() -> None:
    first, second = KeyError(), TypeError("second")
    second.__cause__ = first
    stack = stack_of(second)
    assert stack.index("KeyError") < stack.index("This led to") < stack.index("TypeError: second")
    second.__cause__, second.__context__, second.__suppress_context__ = None, first, False
    assert "KeyError" in stack_of(second)
    second.__suppress_context__ = True
    assert "KeyError" not in stack_of(second)


def test_a_stack_is_bounded() -> None:
    def deeper(left: int) -> None:
        if left:
            deeper(left - 1)
        raise TypeError("x" * 10_000)

    with pytest.raises(TypeError) as caught_error:
        deeper(200)
    stack = stack_of(caught_error.value)
    assert stack.count("  File ") <= FRAMES_MAX
    assert "x" * MESSAGE_CHARACTERS_MAX in stack
    assert "x" * (MESSAGE_CHARACTERS_MAX + 1) not in stack
    error: Exception = KeyError()
    for _ in range(100):
        later = KeyError()
        later.__cause__ = error
        error = later
    assert stack_of(error).count("Traceback") == EXCEPTIONS_MAX


def test_it_is_described_by_its_kind_and_the_last_place_of_ours_that_it_came_through() -> None:
    with pytest.raises(ValueError, match="TOML") as raised:
        parse_policy("secret")
    assert re.fullmatch(r"\w+ at policy\.py:\d+", described(raised.value))
    assert re.fullmatch(r"KeyError at test_stack\.py:\d+", described(caught(KeyError("secret"))))
    assert described(KeyError("secret")) == "KeyError"
