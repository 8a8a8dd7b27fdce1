"""Where letters go: to an address that the user has shown to be theirs, and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from firebase_admin import auth, exceptions

from streak_core.channels.mailbox import address_of
from streak_core.channels.smtp import MailUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass
class Account:
    """What of a user's account in Firebase matters here."""

    email: str | None = "ada@example.org"
    email_verified: bool = True
    disabled: bool = False


def answering(account: Account) -> Callable[[str], Any]:
    return lambda _: account


def failing(error: Exception) -> Callable[[str], Any]:
    def fail(_: str) -> Any:
        raise error

    return fail


@pytest.mark.parametrize(
    ("account", "address"),
    [
        (Account(), "ada@example.org"),
        (Account(email_verified=False), None),
        (Account(disabled=True), None),
        (Account(email=None), None),
    ],
)
def test_a_letter_goes_to_a_verified_address_of_an_account_that_is_open(account: Account, address: str | None) -> None:
    assert address_of(answering(account), "ada") == address


def test_of_whom_firebase_does_not_know_there_is_none_and_where_it_does_not_answer_it_is_asked_again() -> None:
    assert address_of(failing(auth.UserNotFoundError("no")), "ada") is None
    assert address_of(failing(ValueError("too long")), "a" * 200) is None
    with pytest.raises(MailUnavailable):
        address_of(failing(exceptions.UnavailableError("no")), "ada")
