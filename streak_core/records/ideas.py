"""Ideas in Firestore: `records/{user}/ideas/{idea}`, at most so many of a user.

It must not know HTTP, or what an idea says.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from google.cloud import firestore

from streak_core.domain.actor import Actor
from streak_core.records.acts import acting, told_of, user
from streak_core.records.chain import RETENTION
from streak_core.records.changes import Change, Made, Standing
from streak_core.records.counted_records import counts_of_idea, counts_of_selection
from streak_core.records.counting import COUNTED_ON
from streak_core.records.held import held_of, with_held
from streak_core.records.homes import home_ref
from streak_core.records.idea import Idea, IdeaNotFound, Refinement, TooManyIdeas, idea_of
from streak_core.records.keys import Key
from streak_core.records.own_kinds import IDEA, IDEA_MARK, REFINEMENT
from streak_core.records.quotas import Quotas
from streak_core.records.standing import check_may_write, check_ours
from streak_core.records.trails import Trails
from streak_core.store.documents import Document
from streak_core.store.ledgers import latest_page
from streak_core.store.reading import Cursor, contents, read_one
from streak_core.store.writing import Writer, both

Ref = firestore.DocumentReference
Sent = Mapping[str, Any]
# Below a home.
IDEAS: Final = "ideas"
# The day on which one was first selected: by that, and its part, it is found once more.
SELECTED_ON: Final = "selected_on"
# What an act of a person is about.
_ENTITY: Final = "idea"
_PAGE: Final = 100


@dataclass(frozen=True, kw_only=True)
class IdeaPage:
    """Ideas, the last made first, and where the next page begins after."""

    ideas: Sequence[Idea]
    after: Cursor | None


@dataclass(frozen=True)
class Ideas:
    """The ideas of users. `now` is always timezone-aware."""

    trails: Trails
    quotas: Quotas

    def make(self, user_id: str, said: Sent, now: datetime, key: str | None, actor: Actor | None) -> tuple[Idea, bool]:
        """Keeps an idea once, however often it is sent under the same key; and whether it had been kept before.

        Raises `Blocked`, `QuotaExceeded`, `TooManyIdeas`, `ForeignDocument`, what `Trails.append` does, and
        `IdeaNotFound` where that of the key was deleted since.
        """
        idea = Idea(idea_id=uuid.uuid4().hex, at=now, updated_at=now, said=said, marks={})
        named = None if key is None else Key.sent(key, {"idea": dict(said)}, acting(user_id, actor))
        most, is_listed = self.quotas.kinds.count_max(IDEA), self.quotas.kinds.is_counted_by_list(IDEA)

        def decide(found: Standing) -> Change:
            check_may_write(found.streak, actor, now)
            held = held_of(found.home.held, IDEA)
            if held >= most:
                raise TooManyIdeas(most=most)
            home = self.quotas.counted(IDEA, said, found, actor, now) | with_held(found.home.held, IDEA, held + 1)
            counted = self.trails.counters.counted(found.home, counts_of_idea(said, is_listed=is_listed), now)
            return Change(
                actor=actor,
                act=told_of(actor, "make_idea", _ENTITY, idea.idea_id, user_id),
                also=both(self._writing(user_id, idea, counted.record), counted.also),
                home=home | counted.home,
                made=Made(name=idea.idea_id, kept_until=now + RETENTION),
                is_done=lambda found: bool(found.others[0]),
            )

        changed = self.trails.change(user(user_id), now, decide, [self._ref(user_id, idea.idea_id)], named)
        assert changed  # noqa: S101 - what is decided here is always a change
        if changed.replayed:
            return idea_of(changed.name, contents(read_one(self._ref(user_id, changed.name)))), True
        return idea, False

    def mark(self, user_id: str, idea_id: str, marks: Sent, now: datetime, actor: Actor | None) -> Idea:
        """The idea with what the user thinks of it now; what changes nothing is not written.

        Raises `IdeaNotFound`, `Blocked`, `QuotaExceeded`, `ForeignDocument`, and what `Trails.append` does.
        """
        idea: Idea | None = None
        is_listed = self.quotas.kinds.is_counted_by_list(IDEA)

        def decide(found: Standing) -> Change | None:
            nonlocal idea
            check_may_write(found.streak, actor, now)
            before = idea_of(idea_id, found.others[0])
            idea = before.marked(marks, now)
            if idea is before:
                return None
            home = self.quotas.counted(IDEA_MARK, marks, found, actor, now)
            is_first = idea.fits({"selected": True}) and SELECTED_ON not in found.others[0]
            counts = counts_of_selection(idea.said, is_listed=is_listed) if is_first else ()
            counted = self.trails.counters.counted(found.home, counts, now)
            record = {SELECTED_ON: counted.record[COUNTED_ON]} if is_first else {}
            return Change(
                actor=actor,
                act=told_of(actor, "mark_idea", _ENTITY, idea_id, user_id),
                also=both(self._writing(user_id, idea, record), counted.also),
                home=home | counted.home,
            )

        self.trails.change(user(user_id), now, decide, [self._ref(user_id, idea_id)])
        assert idea  # noqa: S101 - it was read, or refused
        return idea

    def refine(
        self, user_id: str, idea_id: str, said: Sent, now: datetime, key: str | None, actor: Actor | None
    ) -> tuple[Refinement, bool]:
        """Adds a step of refining once, however often it is sent under the same key; and whether it was there before.

        Raises `IdeaNotFound`, `TooManyRefinements`, and as `make`.
        """
        refinement_id, kinds = uuid.uuid4().hex, self.quotas.kinds
        content = {"idea_id": idea_id, "refinement": dict(said)}
        named = None if key is None else Key.sent(key, content, acting(user_id, actor))
        refined: dict[str, Refinement] = {}

        def decide(found: Standing) -> Change:
            check_may_write(found.streak, actor, now)
            idea = idea_of(idea_id, found.others[0]).refined(said, now, refinement_id, kinds.count_max(REFINEMENT))
            refined[refinement_id] = idea.refinements[-1]
            return Change(
                actor=actor,
                act=told_of(actor, "refine_idea", _ENTITY, idea_id, user_id),
                also=self._writing(user_id, idea),
                home=self.quotas.counted(REFINEMENT, said, found, actor, now),
                made=Made(name=refinement_id, kept_until=now + RETENTION),
                is_done=lambda found: _has(idea_id, found.others[0], refinement_id),
            )

        changed = self.trails.change(user(user_id), now, decide, [self._ref(user_id, idea_id)], named)
        assert changed  # noqa: S101 - what is decided here is always a change
        if not changed.replayed:
            return refined[changed.name], False
        before = idea_of(idea_id, contents(read_one(self._ref(user_id, idea_id)))).refinement(changed.name)
        if before is None:
            raise IdeaNotFound
        return before, True

    def find(self, user_id: str, idea_id: str) -> Idea:
        """The idea. Raises `IdeaNotFound`, `ForeignDocument`, and what `Trails.read` does."""
        found = self.trails.read(user_id, [self._ref(user_id, idea_id)])
        check_ours(found.streak)
        return idea_of(idea_id, found.others[0])

    def page(self, user_id: str, limit: int, after: Cursor | None, wanted: Callable[[Idea], bool]) -> IdeaPage:
        """Ideas that are wanted, at a read for each that is looked at: there are so few of a user. Raises as `find`."""
        check_ours(self.trails.read(user_id, []).streak)
        collection, found = self._home(user_id).collection(IDEAS), list[Idea]()
        while True:
            page = [idea_of(one.id, contents(one)) for one in latest_page(collection, collection, _PAGE, after)]
            found += [one for one in page if wanted(one)]
            if len(page) < _PAGE or len(found) > limit:
                break
            after = page[-1].at, page[-1].idea_id
        shown = found[:limit]
        return IdeaPage(ideas=shown, after=(shown[-1].at, shown[-1].idea_id) if len(found) > limit else None)

    def delete(self, user_id: str, idea_id: str, now: datetime, actor: Actor | None) -> None:
        """Deletes an idea and all that came of it, which who is blocked may.

        Raises `IdeaNotFound`, `ForeignDocument`, and what `Trails.append` does.
        """

        def decide(found: Standing) -> Change:
            check_ours(found.streak)
            if not found.others[0]:
                raise IdeaNotFound
            return Change(
                actor=actor,
                act=told_of(actor, "delete_idea", _ENTITY, idea_id, user_id),
                also=lambda transaction: transaction.delete(self._ref(user_id, idea_id)),
                home=with_held(found.home.held, IDEA, held_of(found.home.held, IDEA) - 1),
                is_done=lambda found: not found.others[0],
            )

        self.trails.change(user(user_id), now, decide, [self._ref(user_id, idea_id)])

    def _writing(self, user_id: str, idea: Idea, more: Document | None = None) -> Writer:
        # By what it is found that it was counted stays.
        fields = idea.document() | (more or {})
        return lambda transaction: transaction.set(self._ref(user_id, idea.idea_id), fields, merge=True)

    def _home(self, user_id: str) -> Ref:
        return home_ref(self.trails.client, user(user_id))

    def _ref(self, user_id: str, idea_id: str) -> Ref:
        found: Ref = self._home(user_id).collection(IDEAS).document(idea_id)
        return found


def _has(idea_id: str, document: Mapping[str, Any], refinement_id: str) -> bool:
    return bool(document) and idea_of(idea_id, document).refinement(refinement_id) is not None
