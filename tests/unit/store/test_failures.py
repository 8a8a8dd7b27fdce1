"""What counts as the database's failure, and what does not."""

from __future__ import annotations

import pytest
from google.api_core import exceptions
from google.auth.exceptions import DefaultCredentialsError

from streak_core.domain.errors import DatabaseUnavailable
from streak_core.store.failures import StoreOverloaded, WriteConflict, WriteRefused, commit_errors, database_errors

GOOGLES = [
    exceptions.ServiceUnavailable("gone"),
    exceptions.FailedPrecondition("index"),
    exceptions.RetryError("late", None),
    DefaultCredentialsError("nobody to ask as"),
]


@pytest.mark.parametrize("error", GOOGLES, ids=lambda error: type(error).__name__)
def test_what_google_says_is_that_the_database_is_unavailable(error: Exception) -> None:
    with pytest.raises(DatabaseUnavailable) as raised, database_errors():
        raise error
    assert raised.value.__cause__ is error


@pytest.mark.parametrize("error", [TypeError("ours"), ValueError("ours"), KeyError("ours")])
def test_a_mistake_of_our_own_stays_what_it_is(error: Exception) -> None:
    with pytest.raises(type(error)) as raised, database_errors():
        raise error
    assert raised.value is error


def raised_over(first: Exception) -> TypeError:
    """A `TypeError` that was raised while another error was handled."""
    error = TypeError("second")
    error.__context__ = first
    return error


def test_the_clients_type_error_over_a_stream_that_broke_before_its_first_document_is_the_databases() -> None:
    gone = exceptions.ServiceUnavailable("gone")
    with pytest.raises(DatabaseUnavailable) as raised, database_errors():
        raise raised_over(gone)
    assert raised.value.__cause__ is gone


def test_a_type_error_that_another_error_of_ours_led_to_stays_what_it_is() -> None:
    with pytest.raises(TypeError, match="second"), database_errors():
        raise raised_over(KeyError("first"))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (exceptions.Aborted("busy"), WriteConflict),
        (exceptions.AlreadyExists("there"), WriteConflict),
        (exceptions.ResourceExhausted("busy"), StoreOverloaded),
        (exceptions.RetryError("late", None), StoreOverloaded),
        (exceptions.InvalidArgument("closed"), WriteRefused),
        (exceptions.PermissionDenied("no"), DatabaseUnavailable),
        (DefaultCredentialsError("nobody to ask as"), DatabaseUnavailable),
        (exceptions.OutOfRange("what is this"), exceptions.OutOfRange),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, Exception) else one.__name__,
)
def test_what_google_says_of_a_commit_means_what_failed_first_whatever_failed_after_it(
    said: Exception, meant: type[Exception]
) -> None:
    with pytest.raises(meant), commit_errors():
        raise said
    with pytest.raises(meant), commit_errors():
        raise ValueError from said


def test_a_value_error_of_our_own_in_a_commit_stays_what_it_is() -> None:
    with pytest.raises(ValueError, match="ours"), commit_errors():
        raise ValueError("ours")
