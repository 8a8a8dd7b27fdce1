"""A conversation numbers its messages from 1 on, keeps them to their ends in order, and is read as it was written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from streak_core.records.conversation import (
    Closed,
    Conversation,
    Message,
    TooManyMessages,
    conversation_of,
    message_of,
    spoken,
)
from streak_core.records.homes import RecordsUnreadable

NOW: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
KEPT: Final = timedelta(days=180)
SAID: Final = {"role": "user", "content": "hello"}


def talked(*moments: datetime, count_max: int = 400, kept: timedelta = KEPT) -> tuple[Conversation, Message]:
    conversation, message = spoken(None, SAID, moments[0], kept, count_max)
    for at in moments[1:]:
        conversation, message = spoken(conversation, SAID, at, kept, count_max)
    return conversation, message


def test_the_first_message_begins_it_and_each_has_the_next_number() -> None:
    conversation, message = talked(NOW)
    assert (conversation.started_at, conversation.at, conversation.count) == (NOW, NOW, 1)
    assert (message.seq, message.at, message.expires_at) == (1, NOW, NOW + KEPT)
    later = NOW + timedelta(days=1)
    conversation, message = talked(NOW, later)
    assert (conversation.started_at, conversation.at, conversation.count) == (NOW, later, 2)
    assert (message.seq, conversation.expires_at) == (2, later + KEPT)


def test_neither_a_clock_that_is_behind_nor_a_shorter_term_brings_an_end_before_that_of_the_message_before() -> None:
    conversation, message = talked(NOW, NOW - timedelta(minutes=1))
    assert (message.at, message.expires_at) == (NOW, NOW + KEPT)
    _, shorter = spoken(conversation, SAID, NOW + timedelta(days=1), timedelta(days=1), 400)
    assert shorter.expires_at == NOW + KEPT


def test_it_takes_so_many_and_not_one_more() -> None:
    assert talked(NOW, NOW, count_max=2)[0].count == 2
    with pytest.raises(TooManyMessages, match="2 messages"):
        talked(NOW, NOW, NOW, count_max=2)


def test_it_reads_as_it_was_written_until_its_end() -> None:
    conversation, message = talked(NOW, NOW)
    last = NOW + KEPT - timedelta(microseconds=1)
    assert conversation_of(conversation.document(), last) == conversation
    assert conversation_of(conversation.document(), NOW + KEPT) is None
    assert message_of(2, message.document("m"), last) == message
    assert message_of(2, message.document("m"), NOW + KEPT) is None
    closed = Closed(at=NOW, expires_at=NOW + KEPT)
    assert conversation_of(closed.document(), last) == closed
    assert conversation_of(closed.document(), NOW + KEPT) is None
    assert (conversation_of({}, NOW), message_of(1, {}, NOW)) == (None, None)


def test_of_a_closed_one_nothing_stays_but_that_it_was() -> None:
    assert Closed(at=NOW, expires_at=NOW + KEPT).document().keys() == {"schema_version", "closed_at", "expire_at"}


# Of a program to come.
NEWER: Final = {"schema_version": 2}


@pytest.mark.parametrize("change", [{"at": "today"}, {"count": "many"}, {"expire_at": None}, NEWER])
def test_what_is_no_conversation_is_not_taken_for_one(change: dict[str, object]) -> None:
    document = talked(NOW)[0].document()
    with pytest.raises(RecordsUnreadable):
        conversation_of({**document, **change}, NOW)


@pytest.mark.parametrize("change", [{"message": "x"}, {"message": "1"}, {"message": None}, {"at": 1}, NEWER])
def test_what_is_no_message_is_not_taken_for_one(change: dict[str, object]) -> None:
    document = talked(NOW)[1].document("m")
    with pytest.raises(RecordsUnreadable):
        message_of(1, {**document, **change}, NOW)
