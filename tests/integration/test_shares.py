"""Shared pictures on Google's emulator: how many there may be, until when they are seen, and what becomes of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from google.api_core import exceptions

from streak_core.commands import StreakCommands
from streak_core.domain.commands import BlockUser, RecordActivity
from streak_core.domain.errors import StreakError
from streak_core.domain.refusals import (
    Blocked,
    IdempotencyKeyReused,
    UserErased,
)
from streak_core.queries import StreakQueries
from streak_core.rights import UserRights
from streak_core.shares import LIFE, PLACE_KEPT, Share, Shares, Wanted
from streak_core.sharing.refusals import NothingToShare, SharedTooOften, ShareNotFound, TooManyShares
from streak_core.sharing.snapshot import Language
from streak_core.store.shares import PLACES, SHARES, ShareStore
from streak_core.store.unreadable import StoredByNewerVersion
from streak_core.store.users import UserStore
from streak_core.store.whole_user import WholeUserStore
from tests.support.shipped_policy import policies

if TYPE_CHECKING:
    from google.cloud import firestore

    from tests.support.recorded_client import RecordedClient, Recorder

NOW: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECOND: Final = timedelta(seconds=1)
ADA: Final = Wanted(name="Ada", language=Language.EN)


@dataclass(frozen=True)
class Service:
    """The services over one database."""

    client: firestore.Client

    @property
    def users(self) -> UserStore:
        return UserStore(self.client, policies)

    @property
    def shares(self) -> Shares:
        return Shares(ShareStore(self.client), StreakQueries(self.users, policies))

    def record(self, user_id: str, at: datetime, name: str = "a") -> None:
        command = RecordActivity(activity_id=name, activity_type="study_guide_completed", metadata={})
        StreakCommands(self.users, policies).execute(user_id, at, command)

    def make(self, at: datetime = NOW, key: str | None = None, wanted: Wanted = ADA) -> Share:
        return self.shares.make("ada", at, wanted, key)[0]

    def is_seen(self, share: Share, at: datetime) -> bool:
        try:
            return self.shares.find(share.share_id, at) == share
        except ShareNotFound:
            return False

    def stored(self) -> list[dict[str, Any]]:
        return [one.to_dict() or {} for one in self.client.collection_group(SHARES).stream()]


@pytest.fixture
def service(client: RecordedClient) -> Service:
    """With ada, who was active on two days."""
    service = Service(client)
    service.record("ada", NOW - timedelta(days=1), "before")
    service.record("ada", NOW)
    return service


def test_a_picture_stays_as_it_was_when_it_was_made(service: Service) -> None:
    made = service.make()
    shown = made.snapshot
    assert (shown.current_streak, shown.longest_streak, shown.next_milestone, shown.name) == (2, 2, 7, "Ada")
    assert [one.value for one in shown.week] == ["active"]
    service.record("ada", NOW + timedelta(days=1), "later")
    assert service.shares.find(made.share_id, NOW + timedelta(days=2)) == made
    assert service.make(NOW + timedelta(days=1)).snapshot.current_streak == 3


def test_it_is_seen_until_its_end_whether_it_is_deleted_by_then_or_not(service: Service) -> None:
    made = service.make()
    assert service.is_seen(made, NOW + LIFE - SECOND)
    assert not service.is_seen(made, NOW + LIFE)
    assert service.shares.own("ada", NOW + LIFE - SECOND) == [made]
    assert service.shares.own("ada", NOW + LIFE) == []
    with pytest.raises(ShareNotFound):
        service.shares.revoke("ada", NOW + LIFE, made.share_id)
    assert [one["expire_at"] for one in service.stored()] == [NOW + LIFE]


def test_one_that_is_revoked_is_seen_by_nobody_and_shows_nothing_any_more(service: Service) -> None:
    made, other = service.make(), service.make(NOW + SECOND)
    assert service.shares.own("ada", NOW + SECOND) == [other, made]
    assert service.shares.revoke("ada", NOW + SECOND, made.share_id) == NOW + SECOND
    assert service.shares.revoke("ada", NOW + 2 * SECOND, made.share_id) == NOW + SECOND
    assert not service.is_seen(made, NOW + SECOND)
    assert service.is_seen(other, NOW + SECOND)
    assert service.shares.own("ada", NOW + SECOND) == [other]
    assert ["snapshot" in one for one in service.stored()] == [False, True]
    assert "Ada" not in str(service.stored()[0])


def test_only_its_user_can_revoke_it(service: Service) -> None:
    made = service.make()
    service.record("ben", NOW)
    for stranger in ("ben", "nobody"):
        with pytest.raises(ShareNotFound):
            service.shares.revoke(stranger, NOW, made.share_id)
    assert service.is_seen(made, NOW)
    assert service.shares.own("ben", NOW) == []


def test_who_did_nothing_has_nothing_to_share_and_who_is_blocked_may_not(service: Service) -> None:
    with pytest.raises(NothingToShare):
        service.shares.make("nobody", NOW, ADA, None)
    made = service.make()
    StreakCommands(service.users, policies).execute("ada", NOW, BlockUser(reason="spam"))
    with pytest.raises(Blocked):
        service.make()
    assert service.is_seen(made, NOW)
    assert service.shares.revoke("ada", NOW, made.share_id) == NOW


def test_the_same_key_makes_one_picture_as_long_as_it_is_seen(service: Service) -> None:
    made, is_replayed = service.shares.make("ada", NOW, ADA, "k")
    assert not is_replayed
    assert service.shares.make("ada", NOW + SECOND, ADA, "k") == (made, True)
    with pytest.raises(IdempotencyKeyReused):
        service.shares.make("ada", NOW, Wanted(name="Eve", language=Language.EN), "k")
    service.shares.revoke("ada", NOW, made.share_id)
    assert service.make(key="k").share_id != made.share_id
    assert service.make().share_id != service.make().share_id


def test_as_many_can_be_seen_as_there_are_places_and_one_more_once_one_ends(service: Service) -> None:
    made = [service.make(NOW + number * SECOND) for number in range(len(PLACES))]
    late = NOW + timedelta(hours=2)
    with pytest.raises(TooManyShares, match="2026-04-01T09:00:00Z"):
        service.make(late)
    service.shares.revoke("ada", late, made[3].share_id)
    again = service.make(late)
    with pytest.raises(TooManyShares):
        service.make(late)
    assert service.is_seen(again, late)
    assert len(service.shares.own("ada", late)) == len(PLACES)
    assert service.make(NOW + LIFE).expires_at == NOW + 2 * LIFE


def test_making_and_revoking_is_slowed_down_to_as_many_an_hour(service: Service) -> None:
    for number in range(len(PLACES)):
        made = service.make(NOW + number * SECOND)
        service.shares.revoke("ada", NOW + number * SECOND, made.share_id)
    with pytest.raises(SharedTooOften) as refused:
        service.make(NOW + timedelta(minutes=50))
    assert refused.value.retry_after_seconds == 600
    assert service.make(NOW + PLACE_KEPT).created_at == NOW + PLACE_KEPT
    with pytest.raises(SharedTooOften):
        service.make(NOW + PLACE_KEPT)


def test_however_many_come_at_once_no_more_are_made_than_may_be(service: Service) -> None:
    for number in range(len(PLACES) - 3):
        service.make(NOW + number * SECOND)

    def attempt(number: int) -> str:
        try:
            return service.make(NOW, key=f"k{number % 4}").share_id
        except StreakError as refused:
            return refused.code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(attempt, range(8)))
    assert len(service.shares.own("ada", NOW)) == len(service.stored()) == len(PLACES)
    assert len({one for one in answers if one != "too_many_shares"}) == 3


def test_a_commit_of_which_nobody_knows_is_done_once_with_a_key(service: Service, recorder: Recorder) -> None:
    recorder.after["Commit"] = [exceptions.ServiceUnavailable("lost"), None]
    made = service.make(key="k")
    assert service.shares.own("ada", NOW) == [made]


def test_what_is_shared_is_exported_and_erased_and_never_seen_behind_a_tombstone(
    service: Service, client: RecordedClient
) -> None:
    made, rights = service.make(), UserRights(WholeUserStore(client))
    lines = [one for one in rights.export("ada") if one.get("collection") == SHARES]
    assert [one["data"]["share_id"] for one in lines] == [made.share_id]
    assert not rights.erase("ada", batches_max=0).is_finished
    assert service.stored()
    assert not service.is_seen(made, NOW)
    assert rights.erase("ada").is_finished
    assert service.stored() == []
    with pytest.raises(UserErased):
        service.make()
    with pytest.raises(UserErased):
        service.shares.own("ada", NOW)


def test_nothing_is_shared_of_a_user_who_is_erased_meanwhile(service: Service, client: RecordedClient) -> None:
    class Erasing(ShareStore):
        """Erases the user between what is read and what is written."""

        def put(self, *content: Any) -> None:
            UserRights(WholeUserStore(client)).erase("ada")
            super().put(*content)

    with pytest.raises(UserErased):
        Shares(Erasing(client), StreakQueries(service.users, policies)).make("ada", NOW, ADA, None)
    assert service.stored() == []


def test_sharing_changes_nothing_of_the_streak_and_nobody_s_tag(service: Service, client: RecordedClient) -> None:
    def user() -> Any:
        found = client.document("streaks/ada").get()
        return found.to_dict(), found.update_time

    before = user()
    service.shares.revoke("ada", NOW, service.make().share_id)
    assert user() == before


def test_another_app_s_document_with_the_id_is_not_shown_and_hides_nothing(
    service: Service, client: RecordedClient
) -> None:
    made = service.make()
    foreign = {"share_id": made.share_id, "snapshot": "{}"}
    for path in ("shares/00", "apps/x/shares/00", "streaks/ada/more/x/shares/00"):
        client.document(path).set(foreign)
    client.document(f"streaks/ada/{SHARES}/00").delete()
    assert not service.is_seen(made, NOW)


def test_a_picture_of_a_later_form_is_refused(service: Service, client: RecordedClient) -> None:
    made = service.make()
    client.document(f"streaks/ada/{SHARES}/00").update({"frame": "golden"})
    with pytest.raises(StoredByNewerVersion):
        service.shares.find(made.share_id, NOW)


def test_making_one_takes_a_query_and_one_write_more_than_looking_does(service: Service, recorder: Recorder) -> None:
    recorder.calls.clear()
    made = service.make()
    assert recorder.methods() == ["BatchGetDocuments", "RunQuery", "BeginTransaction", "Commit"]
    assert recorder.documents_written() == ["streaks/ada", f"streaks/ada/{SHARES}/00"]
    recorder.calls.clear()
    service.shares.find(made.share_id, NOW)
    assert recorder.methods() == ["RunQuery", "BatchGetDocuments"]
