"""What an app notes of its users in the audit trail: `POST /log`.

It must not know HTTP, nor what an app's actions mean. What the service itself tells has no dot in its action, what an
app notes begins with one word and a dot: nobody can have the trail say that the service did something.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from streak_core.domain.actor import Actor
from streak_core.domain.errors import FieldError, Malformed
from streak_core.records.acts import APP, DETAILS_BYTES_MAX, Act, ActStatus, acting, json_text, user
from streak_core.records.changes import Appended, Change, Standing
from streak_core.records.keys import Key
from streak_core.records.own_kinds import LOG
from streak_core.records.quotas import Quotas
from streak_core.records.standing import check_may_write
from streak_core.records.trails import Trails


@dataclass(frozen=True, kw_only=True)
class Noted:
    """What an app says that somebody did."""

    action: str
    entity_type: str
    entity_id: str
    status: str
    details: Mapping[str, Any] = field(default_factory=dict)
    # The fields of the app's own, which are kept among the details.
    more: Mapping[str, Any] = field(default_factory=dict)

    def kept_details(self) -> Mapping[str, Any]:
        """All that is kept besides. Raises `Malformed` where a name stands twice in it, or it is more than is kept."""
        if twice := sorted(self.details.keys() & self.more.keys()):
            raise Malformed(*(FieldError(f"details.{name}", f"is a field of its own: send {name}") for name in twice))
        kept = {**self.details, **self.more}
        if (size := len(json_text(kept).encode())) > DETAILS_BYTES_MAX:
            message = f"must have at most {DETAILS_BYTES_MAX} bytes as JSON with the app's own fields, and has {size}"
            raise Malformed(FieldError("details", message))
        return kept


@dataclass(frozen=True)
class Logbook:
    """The notes of apps. `now` is always timezone-aware."""

    trails: Trails
    quotas: Quotas

    def note(self, user_id: str, noted: Noted, now: datetime, key: str | None, actor: Actor | None) -> Appended:
        """Notes it once, however often it is sent under the same key.

        Raises `Malformed`, `Blocked`, `QuotaExceeded`, `ForeignDocument`, and what `Trails.append` does.
        """
        act = Act(
            actor=acting(user_id, actor),
            action=f"{APP}{noted.action}",
            entity_type=noted.entity_type,
            entity_id=noted.entity_id,
            status=ActStatus(noted.status),
            details=noted.kept_details(),
        )
        asked = {"action": act.action, "entity": [act.entity_type, act.entity_id], "status": act.status.value}
        content = {**asked, "details": dict(act.details)}
        named = None if key is None else Key.sent(key, content, act.actor)

        def decide(found: Standing) -> Change:
            check_may_write(found.streak, actor, now)
            return Change(act=act, home=self.quotas.counted(LOG, content, found, actor, now))

        appended = self.trails.change(user(user_id), now, decide, key=named)
        assert isinstance(appended, Appended)  # noqa: S101 - what is decided here is always told
        return appended
