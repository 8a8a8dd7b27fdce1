"""Profiles in Firestore: `profiles/{user}`, each change in one commit with its entry of the audit trail.

It must not know what a profile has, or HTTP. The trail has the names of the fields that were changed, and no value.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from google.cloud import firestore

from streak_core.domain.actor import Actor
from streak_core.records.acts import Act, acting, json_text, user
from streak_core.records.changes import Change, Standing
from streak_core.records.homes import SCHEMA_VERSION, reading_record
from streak_core.records.own_kinds import PROFILE
from streak_core.records.profile import Profile, changed
from streak_core.records.quotas import Quotas
from streak_core.records.standing import check_may_write, check_ours
from streak_core.records.trails import Trails
from streak_core.store.documents import Document, user_doc_id
from streak_core.store.whole_user import PROFILES
from streak_core.store.writing import Writer


@dataclass(frozen=True)
class Profiles:
    """The profiles of users, which are there, and empty, before anything is stored. `now` is timezone-aware."""

    trails: Trails
    quotas: Quotas

    def find(self, user_id: str) -> Profile:
        """The profile. Raises `UserErased`, `ErasingUnfinished`, `ForeignDocument`, `RecordsUnreadable`."""
        found = self.trails.read(user_id, [self._ref(user_id)])
        check_ours(found.streak)
        return _profile_of(found.others[0])

    def change(self, user_id: str, sent: Mapping[str, Any], now: datetime, actor: Actor | None) -> Profile:
        """The profile with what is sent; what changes nothing is not written.

        Raises `Malformed` with every wrong field, `Blocked`, `QuotaExceeded`, `ForeignDocument`, and what
        `Trails.append` does.
        """
        profile: Profile = {}

        def decide(found: Standing) -> Change | None:
            nonlocal profile
            check_may_write(found.streak, actor, now)
            before = _profile_of(found.others[0])
            profile = changed(before, sent, now.date())
            names = sorted(name for name in {*before, *profile} if before.get(name) != profile.get(name))
            if not names:
                return None
            details = {"changed": names}
            act = Act(
                actor=acting(user_id, actor),
                action="change_profile",
                entity_type="profile",
                entity_id=user_id,
                details=details,
            )
            counted = self.quotas.counted(PROFILE, profile, found, actor, now)
            return Change(act=act, also=self._writing(user_id, profile, now), home=counted)

        self.trails.change(user(user_id), now, decide, [self._ref(user_id)])
        return profile

    def _writing(self, user_id: str, profile: Profile, now: datetime) -> Writer:
        fields: Document = {"schema_version": SCHEMA_VERSION, "updated_at": now, "profile": json_text(profile)}
        return lambda transaction: transaction.set(self._ref(user_id), fields)

    def _ref(self, user_id: str) -> firestore.DocumentReference:
        found: firestore.DocumentReference = self.trails.client.collection(PROFILES).document(user_doc_id(user_id))
        return found


def _profile_of(document: Mapping[str, Any]) -> Profile:
    if not document:
        return {}
    with reading_record(document):
        return dict(json.loads(document["profile"]))
