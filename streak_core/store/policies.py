"""The policies in time as Firestore documents: `policies/{number}`, each written once and only ever withdrawn.

It must not know which of them is in force. One that this program can't read is refused, never read in part.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from streak_core.domain.errors import Unavailable
from streak_core.domain.policy import PolicyError, parse_policy
from streak_core.domain.rules import PolicyInTime
from streak_core.store.reading import contents, read_one, read_page
from streak_core.store.writing import both, commit, nothing_else

if TYPE_CHECKING:
    from google.cloud import firestore

    from streak_core.domain.policy import Policy
    from streak_core.store.reading import Snapshot
    from streak_core.store.writing import Writer

POLICIES: Final = "policies"
# As many as there can ever be, so that the list is one page.
POLICIES_MAX: Final = 200
SCHEMA_VERSION: Final = 1


class PolicyUnreadable(Unavailable):
    """A stored policy does not read: a later version of this program published it, and alone knows what it says."""

    code = "policy_unreadable"
    message = (
        "Policy {number} is not one that this version of the service can read, so that it can tell nobody's streak. "
        "Deploy the version that published it again; it can withdraw it, too."
    )
    retry_after_seconds = 60


class StoredPolicy(BaseModel):
    """The document of a policy; closed, as all that is stored."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    schema_version: Literal[1] = SCHEMA_VERSION
    number: int = Field(ge=1)
    # A label.
    effective_from: date
    # The policy file, as TOML.
    text: str
    published_at: AwareDatetime
    by: str
    reason: str
    withdrawn_at: AwareDatetime | None = None


class PolicyStore:
    """The policies that were published: number 1 and those after it."""

    def __init__(self, client: firestore.Client) -> None:
        """Uses `client`."""
        self._client = client

    def published(self) -> tuple[PolicyInTime, ...]:
        """All of them in the order of their numbers, by one query. Raises `PolicyUnreadable`, `DatabaseUnavailable`."""
        found = read_page(self._client.collection(POLICIES).order_by("__name__"), POLICIES_MAX + 1)
        if len(found) > POLICIES_MAX:
            raise PolicyUnreadable(number=POLICIES_MAX + 1)
        policies = (_policy_in_time(one) for one in found)
        return tuple(sorted((one for one in policies if one), key=lambda one: one.number))

    def add(self, one: PolicyInTime, also: Writer = nothing_else) -> None:
        """Writes one whose number nobody has taken. Raises `CommitFailed`, `DatabaseUnavailable`."""
        document = StoredPolicy(
            number=one.number,
            effective_from=one.effective_from,
            text=one.text,
            published_at=one.published_at or datetime.now(UTC),
            by=one.by,
            reason=one.reason,
        )
        content = {**document.model_dump(), "effective_from": one.effective_from.isoformat()}
        ref = self._policy_doc(one.number)
        commit(self._client, both(lambda transaction: transaction.create(ref, content), also))

    def withdraw(self, number: int, at: datetime, also: Writer = nothing_else) -> None:
        """Withdraws one that is there and was not withdrawn yet. Raises `CommitFailed`, `DatabaseUnavailable`."""
        found = read_one(self._policy_doc(number))
        if contents(found).get("withdrawn_at") is not None:
            return
        option = self._client.write_option(last_update_time=found.update_time)
        content = {"withdrawn_at": at}
        commit(
            self._client, both(lambda transaction: transaction.update(found.reference, content, option=option), also)
        )

    def _policy_doc(self, number: int) -> firestore.DocumentReference:
        return self._client.collection(POLICIES).document(str(number))


def _policy_in_time(snapshot: Snapshot) -> PolicyInTime | None:
    """The policy of a document; None for one that does not read and was withdrawn, so that it is never in force."""
    document = contents(snapshot)
    try:
        stored = StoredPolicy.model_validate(document)
        if str(stored.number) != snapshot.id:
            raise PolicyUnreadable(number=snapshot.id)
        return PolicyInTime(
            number=stored.number,
            effective_from=stored.effective_from,
            policy=_parsed(stored.text),
            text=stored.text,
            published_at=stored.published_at.astimezone(UTC),
            withdrawn_at=stored.withdrawn_at and stored.withdrawn_at.astimezone(UTC),
            by=stored.by,
            reason=stored.reason,
        )
    except (ValidationError, PolicyError) as error:
        if isinstance(document.get("withdrawn_at"), datetime):
            return None
        raise PolicyUnreadable(number=snapshot.id) from error


# What is published never changes, and the list is read again and again.
@lru_cache(maxsize=POLICIES_MAX)
def _parsed(text: str) -> Policy:
    return parse_policy(text)
