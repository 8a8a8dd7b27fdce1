"""Conversations in Firestore: one document for each, one a message, and a number a message without gaps.

It must not know HTTP, or what a message says. The order is that of the commits over the version of the user's home.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from google.cloud import firestore

from streak_core.domain.actor import Actor
from streak_core.records.acts import acting, told_of, user
from streak_core.records.changes import Change, Changed, Made, Standing
from streak_core.records.conversation import (
    Closed,
    Conversation,
    Message,
    SessionClosed,
    SessionNotFound,
    conversation_of,
    message_of,
    spoken,
    spoken_last,
)
from streak_core.records.counted_records import counts_of_message
from streak_core.records.homes import home_ref
from streak_core.records.keys import Key
from streak_core.records.own_kinds import MESSAGE
from streak_core.records.quotas import Quotas
from streak_core.records.standing import check_may_write, check_ours
from streak_core.records.trails import Trails
from streak_core.store.ledgers import latest_page
from streak_core.store.reading import Cursor, contents, read_all, read_one
from streak_core.store.writing import Writer, both

Ref = firestore.DocumentReference
# Below a home.
CONVERSATIONS: Final = "conversations"
MESSAGES: Final = "messages"
# What an act of a person is about.
_ENTITY: Final = "conversation"


@dataclass(frozen=True, kw_only=True)
class Added:
    """A message, and whether it had been added under the same key before."""

    message: Message
    replayed: bool = False


@dataclass(frozen=True, kw_only=True)
class MessagePage:
    """Messages, the last first, and the number that the next page begins after; None after the last."""

    messages: Sequence[Message]
    after: int | None


@dataclass(frozen=True, kw_only=True)
class ConversationPage:
    """Conversations by their names, the one of the last message first, and where the next page begins after."""

    conversations: Mapping[str, Conversation]
    after: Cursor | None


@dataclass(frozen=True)
class Conversations:
    """The conversations of users. `now` is always timezone-aware."""

    trails: Trails
    quotas: Quotas

    def add(
        self,
        user_id: str,
        session_id: str,
        said: Mapping[str, Any],
        now: datetime,
        key: str | None,
        actor: Actor | None,
    ) -> Added:
        """Adds a message once, however often it is sent under the same key; the first one begins the conversation.

        Raises `Blocked`, `QuotaExceeded`, `SessionClosed`, `TooManyMessages`, `ForeignDocument`, and what
        `Trails.append` does.
        """
        kinds, message_id, tried = self.quotas.kinds, uuid.uuid4().hex, dict[str, Message]()
        sent = {"session_id": session_id, "message": dict(said)}
        named = None if key is None else Key.sent(key, sent, acting(user_id, actor))

        def decide(found: Standing) -> Change:
            check_may_write(found.streak, actor, now)
            before = conversation_of(found.others[0], now)
            if isinstance(before, Closed):
                raise SessionClosed
            after, message = spoken(before, said, now, kinds.kept_for(MESSAGE), kinds.count_max(MESSAGE))
            tried[str(message.seq)] = message
            quotas = self.quotas.counted(MESSAGE, said, found, actor, now)
            counts = counts_of_message(said, is_listed=kinds.is_counted_by_list(MESSAGE))
            counted = self.trails.counters.counted(found.home, counts, message.at)
            document = message.document(message_id) | counted.record
            return Change(
                actor=actor,
                act=told_of(actor, "add_message", _ENTITY, session_id, user_id),
                also=both(self._adding(user_id, session_id, after, document), counted.also),
                home=quotas | counted.home,
                made=Made(name=str(message.seq), kept_until=message.expires_at),
                is_done=lambda found: self._is_there(found, user_id, session_id, message.seq, message_id),
            )

        changed = self.trails.change(user(user_id), now, decide, [self._conversation(user_id, session_id)], named)
        assert changed  # noqa: S101 - what is decided here is always a change
        return self._before(user_id, session_id, changed, now) or Added(message=tried[changed.name])

    def _before(self, user_id: str, session_id: str, changed: Changed, now: datetime) -> Added | None:
        """What was added before under the same key, if it was. Raises `SessionClosed` where it was deleted since."""
        if not changed.replayed:
            return None
        messages = self._messages(user_id, session_id, [int(changed.name)], now)
        if not messages:
            raise SessionClosed
        return Added(message=messages[0], replayed=True)

    def messages(self, user_id: str, session_id: str, limit: int, after: int | None, now: datetime) -> MessagePage:
        """Messages that have not expired, by one read each and without an index: their names are their numbers.

        Raises `SessionNotFound`, `ForeignDocument`, `UserErased`, `ErasingUnfinished`, `RecordsUnreadable`.
        """
        found = self.trails.read(user_id, [self._conversation(user_id, session_id)])
        check_ours(found.streak)
        conversation = conversation_of(found.others[0], now)
        if not isinstance(conversation, Conversation):
            raise SessionNotFound
        last = conversation.count if after is None else min(conversation.count, after - 1)
        numbers = range(last, max(last - limit, 0), -1)
        messages = self._messages(user_id, session_id, numbers, now)
        # What comes before one that has expired has expired, too.
        is_last = not numbers or numbers[-1] == 1 or len(messages) < len(numbers)
        return MessagePage(messages=messages, after=None if is_last else numbers[-1])

    def all(self, user_id: str, limit: int, after: Cursor | None, now: datetime) -> ConversationPage:
        """Those that are open and have not expired. Raises as `messages`, but for `SessionNotFound`."""
        check_ours(self.trails.read(user_id, []).streak)
        collection = self._home(user_id).collection(CONVERSATIONS)
        page = latest_page(collection, collection, limit, after)
        read = {one.id: conversation_of(contents(one), now) for one in page}
        found = {name: one for name, one in read.items() if isinstance(one, Conversation)}
        if len(page) < limit:
            return ConversationPage(conversations=found, after=None)
        # Behind one that has expired may be one that has not, where newer ones are kept for less time.
        last = page[-1]
        return ConversationPage(conversations=found, after=(spoken_last(contents(last)), last.id))

    def delete(self, user_id: str, session_id: str, now: datetime, actor: Actor | None) -> datetime:
        """Deletes all messages in one commit, which who is blocked may, and says when; again, it changes nothing.

        Raises `SessionNotFound`, `ForeignDocument`, and what `Trails.append` does.
        """
        closed_at = now

        def decide(found: Standing) -> Change | None:
            nonlocal closed_at
            check_ours(found.streak)
            before = conversation_of(found.others[0], now)
            if before is None:
                raise SessionNotFound
            if isinstance(before, Closed):
                closed_at = before.at
                return None
            closed_at = now
            return Change(
                actor=actor,
                act=told_of(actor, "delete_conversation", _ENTITY, session_id, user_id),
                also=self._closing(user_id, session_id, before, Closed(at=now, expires_at=before.expires_at)),
            )

        self.trails.change(user(user_id), now, decide, [self._conversation(user_id, session_id)])
        return closed_at

    def _adding(self, user_id: str, session_id: str, after: Conversation, message: Mapping[str, Any]) -> Writer:
        def write(transaction: firestore.Transaction) -> None:
            transaction.set(self._conversation(user_id, session_id), after.document())
            # One that has expired may still be there.
            transaction.set(self._message(user_id, session_id, after.count), dict(message))

        return write

    def _closing(self, user_id: str, session_id: str, before: Conversation, closed: Closed) -> Writer:
        def write(transaction: firestore.Transaction) -> None:
            transaction.set(self._conversation(user_id, session_id), closed.document())
            for seq in range(1, before.count + 1):
                transaction.delete(self._message(user_id, session_id, seq))

        return write

    def _messages(self, user_id: str, session_id: str, numbers: Sequence[int], now: datetime) -> list[Message]:
        """Those messages that there are, in that order. Raises `RecordsUnreadable`, `DatabaseUnavailable`."""
        if not numbers:
            return []
        refs = {self._message(user_id, session_id, one).path: one for one in numbers}
        read = read_all(self.trails.client, [self._message(user_id, session_id, one) for one in numbers])
        found = {refs[one.reference.path]: contents(one) for one in read}
        messages = (message_of(one, found[one], now) for one in numbers)
        return [one for one in messages if one]

    def _is_there(self, found: Standing, user_id: str, session_id: str, seq: int, message_id: str) -> bool:
        """Whether that message has that number: others may have been added since."""
        if found.others[0].get("count", 0) < seq:
            return False
        return contents(read_one(self._message(user_id, session_id, seq))).get("message_id") == message_id

    def _home(self, user_id: str) -> Ref:
        return home_ref(self.trails.client, user(user_id))

    def _conversation(self, user_id: str, session_id: str) -> Ref:
        found: Ref = self._home(user_id).collection(CONVERSATIONS).document(session_id)
        return found

    def _message(self, user_id: str, session_id: str, seq: int) -> Ref:
        found: Ref = self._home(user_id).collection(MESSAGES).document(f"{session_id}.{seq:012d}")
        return found
