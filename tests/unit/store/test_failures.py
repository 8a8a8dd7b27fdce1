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


def raised_over(first: Exception, kind: type[Exception]) -> Exception:
    """An error that was raised while another one was handled."""
    error = kind("second")
    error.__context__ = first
    return error


@pytest.mark.parametrize("kind", [TypeError, ValueError])
def test_the_clients_error_over_a_stream_that_broke_before_its_first_document_is_the_databases(
    kind: type[Exception],
) -> None:
    gone = exceptions.ServiceUnavailable("gone")
    with pytest.raises(DatabaseUnavailable) as raised, database_errors():
        raise raised_over(gone, kind)
    assert raised.value.__cause__ is gone


@pytest.mark.parametrize("kind", [TypeError, ValueError])
def test_an_error_that_another_error_of_ours_led_to_stays_what_it_is(kind: type[Exception]) -> None:
    with pytest.raises(kind, match="second"), database_errors():
        raise raised_over(KeyError("first"), kind)


def test_of_googles_errors_a_key_error_comes_from_nothing_of_the_clients() -> None:
    with pytest.raises(KeyError, match="second"), database_errors():
        raise raised_over(exceptions.ServiceUnavailable("gone"), KeyError)


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
