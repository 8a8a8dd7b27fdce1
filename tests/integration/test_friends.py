"""Friends on Google's emulator: who becomes one, whatever comes at once, what each is told, and what ends it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any, Final

import pytest
from google.api_core.exceptions import ServiceUnavailable

from streak_core.commands import StreakCommands
from streak_core.domain.commands import BlockUser, ChangeSettings, CheckIn
from streak_core.domain.errors import StreakError
from streak_core.domain.friend_streaks import FriendStreak
from streak_core.domain.model import Verdict
from streak_core.domain.refusals import Blocked, IdempotencyKeyReused
from streak_core.domain.rules import Rules
from streak_core.friends.accepting import Accepted
from streak_core.friends.friend_days import UserDays
from streak_core.friends.friendships import Friend
from streak_core.friends.invitations import LIFE, OPEN_MAX
from streak_core.friends.limits import INVITATIONS_A_DAY, WRONG_CODES_A_DAY
from streak_core.friends.pairs import FRIENDS_MAX
from streak_core.friends.refusals import (
    AlreadyFriends,
    BlockNotFound,
    FriendNotFound,
    InvitationNotFound,
    OwnInvitation,
    TooManyFriends,
    TooManyInvitations,
)
from streak_core.records.quotas import QuotaExceeded
from streak_core.retry import Attempts, RetryRules
from streak_core.rights import UserRights
from streak_core.store.shared_documents import INVITATIONS, PAIRS
from streak_core.store.users import UserStore
from streak_core.store.whole_user import WholeUserStore
from streak_core.write_gate import Restoring
from testing.amnesties import with_declared
from tests.support.befriending import Befriending, befriended, befriended_for_long
from tests.support.shipped_policy import RULES, policies

if TYPE_CHECKING:
    from google.cloud import firestore

    from tests.support.recorded_client import RecordedClient, Recorder

NOW: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECOND: Final = timedelta(seconds=1)
DAY: Final = timedelta(days=1)
UNKNOWN: Final = "0123456789AB"


@pytest.fixture
def doing(client: RecordedClient) -> Befriending:
    return Befriending(client)


def accept(doing: Befriending, user_id: str, code: str, at: datetime = NOW, key: str | None = None) -> str:
    return doing.accepting.accept(user_id, Accepted(code=code, name=f"The {user_id}"), at, key)[0]


def refusal_of(do: Callable[[], object]) -> type[StreakError] | None:
    try:
        do()
    except StreakError as refused:
        return type(refused)
    return None


def names(doing: Befriending, user_id: str, at: datetime = NOW) -> list[str]:
    return [friend.name for friend in doing.friendships.all(user_id, at)]


def keep(client: firestore.Client, user_id: str, *at: datetime) -> None:
    for one in at:
        StreakCommands(UserStore(client, policies), policies).execute(user_id, one, CheckIn())


def dump(client: firestore.Client) -> dict[str, Any]:
    """Every document that there is."""
    found: dict[str, Any] = {}

    def below(collections: Any) -> None:
        for collection in collections:
            for ref in collection.list_documents():
                found[ref.path] = ref.get().to_dict()
                below(ref.collections())

    below(client.collections())
    return found


def test_two_become_friends_and_are_told_of_each_other_by_name(client: RecordedClient, doing: Befriending) -> None:
    keep(client, "ben", NOW)
    friend_id = doing.befriend("ada", "ben", NOW)
    [ada_s], [ben_s] = doing.friendships.all("ada", NOW), doing.friendships.all("ben", NOW)
    nothing = FriendStreak()
    seen = Friend(friend_id=friend_id, name="The ben", own_name="The ada", kept_today=True, streak=nothing, since=NOW)
    assert ada_s == seen
    assert ben_s == replace(seen, name="The ada", own_name="The ben", kept_today=False)
    keep(client, "ada", NOW + SECOND)
    assert doing.friendships.one("ben", friend_id, NOW + SECOND).streak == FriendStreak(count=1, longest=1)
    assert doing.friendships.all("eve", NOW) == []
    with pytest.raises(FriendNotFound):
        doing.friendships.one("eve", friend_id, NOW)


def test_an_invitation_works_once_for_one_until_its_end(doing: Befriending) -> None:
    code, late = doing.code("ada", NOW), doing.code("ada", NOW)
    accept(doing, "ben", code)
    assert [one.code for one in doing.invitations.own("ada", NOW)] == [late]
    with pytest.raises(InvitationNotFound):
        accept(doing, "cy", code)
    with pytest.raises(InvitationNotFound):
        accept(doing, "cy", late, NOW + LIFE)
    assert doing.invitations.own("ada", NOW + LIFE) == []
    accept(doing, "cy", late, NOW + LIFE - SECOND)
    assert names(doing, "ada") == ["The ben", "The cy"]


def test_who_has_withdrawn_an_invitation_is_no_friend_by_it_and_nobody_else_withdraws_it(doing: Befriending) -> None:
    code = doing.code("ada", NOW)
    with pytest.raises(InvitationNotFound):
        doing.invitations.withdraw("ben", code, NOW)
    doing.invitations.withdraw("ada", code, NOW)
    for do in (lambda: doing.invitations.withdraw("ada", code, NOW), lambda: accept(doing, "ben", code)):
        assert refusal_of(do) is InvitationNotFound


def test_nobody_accepts_their_own_or_befriends_somebody_twice(doing: Befriending) -> None:
    code = doing.code("ada", NOW)
    assert refusal_of(lambda: accept(doing, "ada", code)) is OwnInvitation
    accept(doing, "ben", code)
    for one, other in (("ada", "ben"), ("ben", "ada")):
        again = doing.code(one, NOW)
        assert refusal_of(partial(accept, doing, other, again)) is AlreadyFriends
        # It stays for somebody else.
        assert again in [each.code for each in doing.invitations.own(one, NOW)]


def test_as_many_invitations_are_open_as_can_be_and_made_on_a_day(client: RecordedClient, doing: Befriending) -> None:
    codes = [doing.code("ada", NOW) for _ in range(OPEN_MAX)]
    assert refusal_of(lambda: doing.code("ada", NOW)) is TooManyInvitations
    # What is over makes room, and lies there no more.
    later = NOW + LIFE
    assert len({doing.code("ada", later) for _ in range(OPEN_MAX)} | {*codes}) == 2 * OPEN_MAX
    assert len(list(client.collection(INVITATIONS).stream())) == OPEN_MAX
    most = INVITATIONS_A_DAY.quota.count_a_day or 0
    for _ in range(most - OPEN_MAX):
        doing.invitations.withdraw("ada", doing.invitations.own("ada", later)[0].code, later)
        doing.code("ada", later)
    doing.invitations.withdraw("ada", doing.invitations.own("ada", later)[0].code, later)
    assert refusal_of(lambda: doing.code("ada", later)) is QuotaExceeded
    doing.code("ada", later + DAY)


def test_wrong_codes_are_counted_and_once_they_are_too_many_the_right_one_is_refused_as_well(
    doing: Befriending,
) -> None:
    code = doing.code("ada", NOW)
    for _ in range(WRONG_CODES_A_DAY.quota.count_a_day or 0):
        assert refusal_of(lambda: accept(doing, "eve", UNKNOWN)) is InvitationNotFound
    for sent in (UNKNOWN, code):
        assert refusal_of(partial(accept, doing, "eve", sent)) is QuotaExceeded
    # Others are not concerned, and tomorrow is another day.
    assert refusal_of(lambda: accept(doing, "ben", UNKNOWN)) is InvitationNotFound
    accept(doing, "eve", code, NOW + DAY)


def test_neither_of_two_has_more_friends_than_can_be(doing: Befriending) -> None:
    for number in range(FRIENDS_MAX):
        doing.befriend("ada", f"friend-{number}", NOW)
    code = doing.code("ada", NOW)
    assert refusal_of(lambda: accept(doing, "ben", code)) is TooManyFriends
    assert refusal_of(lambda: accept(doing, "ada", doing.code("ben", NOW))) is TooManyFriends
    [first, *_] = doing.friendships.all("ada", NOW)
    doing.friendships.end("ada", first.friend_id, NOW)
    accept(doing, "ben", code)
    assert len(doing.friendships.all("ada", NOW)) == FRIENDS_MAX


def patient() -> Attempts:
    return Attempts(RetryRules(attempts_max=100, deadline_seconds=60))


def at_once(*do: Callable[[], object]) -> list[type[StreakError] | None]:
    with ThreadPoolExecutor(len(do)) as pool:
        return [one.result() for one in [pool.submit(refusal_of, each) for each in do]]


def test_of_those_who_accept_one_code_at_once_one_is_a_friend(client: RecordedClient) -> None:
    doing = Befriending(client, attempts=patient)
    code = doing.code("ada", NOW)
    answers = at_once(*(partial(accept, doing, f"u{number}", code) for number in range(4)))
    assert sorted(str(one) for one in answers) == sorted(map(str, [None, *[InvitationNotFound] * 3]))
    assert len(doing.friendships.all("ada", NOW)) == 1
    assert len(list(client.collection(PAIRS).stream())) == 1


def test_of_those_who_accept_different_codes_at_once_as_many_are_friends_as_can_be(client: RecordedClient) -> None:
    doing = Befriending(client, attempts=patient)
    for number in range(FRIENDS_MAX - 1):
        doing.befriend("ada", f"friend-{number}", NOW)
    codes = [doing.code("ada", NOW) for _ in range(3)]
    answers = at_once(*(partial(accept, doing, f"u{number}", code) for number, code in enumerate(codes)))
    assert sorted(str(one) for one in answers) == sorted(map(str, [None, TooManyFriends, TooManyFriends]))
    assert len(doing.friendships.all("ada", NOW)) == FRIENDS_MAX


def test_two_who_accept_each_other_at_once_are_friends_once(client: RecordedClient) -> None:
    doing = Befriending(client, attempts=patient)
    ada_s, ben_s = doing.code("ada", NOW), doing.code("ben", NOW)
    answers = at_once(lambda: accept(doing, "ben", ada_s), lambda: accept(doing, "ada", ben_s))
    assert sorted(str(one) for one in answers) == sorted(map(str, [None, AlreadyFriends]))
    assert names(doing, "ada") == ["The ben"]


def test_a_key_brings_the_same_once_and_nothing_that_has_ended(doing: Befriending) -> None:
    made, is_replayed = doing.invitations.invite("ada", "Ada", NOW, "k")
    assert not is_replayed
    assert doing.invitations.invite("ada", "Ada", NOW + SECOND, "k") == (made, True)
    with pytest.raises(IdempotencyKeyReused):
        doing.invitations.invite("ada", "Eve", NOW, "k")
    friend_id = accept(doing, "ben", made.code, key="k")
    assert doing.accepting.accept("ben", Accepted(code=made.code, name="The ben"), NOW, "k") == (friend_id, True)
    with pytest.raises(IdempotencyKeyReused):
        doing.accepting.accept("ben", Accepted(code=made.code, name="Eve"), NOW, "k")
    with pytest.raises(InvitationNotFound):
        doing.invitations.invite("ada", "Ada", NOW, "k")
    # A code that was wrong has no key: sent again, it is looked at again.
    assert refusal_of(lambda: accept(doing, "cy", UNKNOWN, key="w")) is InvitationNotFound
    accept(doing, "cy", doing.code("ada", NOW), key="w")


def test_what_a_reply_was_lost_of_was_done_once(client: RecordedClient, recorder: Recorder, doing: Befriending) -> None:
    lost = [ServiceUnavailable("gone"), None, None]
    recorder.after["Commit"] = list(lost)
    code = doing.code("ada", NOW)
    recorder.after["Commit"] = list(lost)
    friend_id = accept(doing, "ben", code)
    assert [one.code for one in doing.invitations.own("ada", NOW)] == []
    recorder.after["Commit"] = list(lost)
    block = doing.friendships.block("ada", friend_id, NOW)
    assert doing.friendships.blocks("ada") == [block]
    recorder.after["Commit"] = list(lost)
    doing.friendships.unblock("ada", friend_id, NOW)
    again = doing.befriend("ada", "ben", NOW)
    recorder.after["Commit"] = list(lost)
    doing.friendships.end("ada", again, NOW)
    assert list(client.collection(PAIRS).stream()) == []


def test_ended_by_one_it_has_ended_for_both(doing: Befriending) -> None:
    friend_id = doing.befriend("ada", "ben", NOW)
    with pytest.raises(FriendNotFound):
        doing.friendships.end("eve", friend_id, NOW)
    doing.friendships.end("ben", friend_id, NOW)
    assert (names(doing, "ada"), names(doing, "ben")) == ([], [])
    assert refusal_of(lambda: doing.friendships.end("ada", friend_id, NOW)) is FriendNotFound
    doing.befriend("ada", "ben", NOW)
    assert names(doing, "ada") == ["The ben"]


def test_who_is_blocked_is_told_what_everybody_is_told_of_no_code(doing: Befriending) -> None:
    friend_id = doing.befriend("ada", "ben", NOW)
    block = doing.friendships.block("ada", friend_id, NOW)
    assert doing.friendships.block("ada", friend_id, NOW + SECOND) == block
    assert (names(doing, "ada"), names(doing, "ben")) == ([], [])
    assert doing.friendships.blocks("ben") == []
    # To ben it has ended, and nothing else is to be seen.
    for do in (doing.friendships.end, doing.friendships.block):
        assert refusal_of(partial(do, "ben", friend_id, NOW)) is FriendNotFound
    assert refusal_of(lambda: doing.friendships.unblock("ben", friend_id, NOW)) is BlockNotFound
    for one, other in (("ada", "ben"), ("ben", "ada")):
        code = doing.code(one, NOW)
        assert refusal_of(partial(accept, doing, other, code)) is InvitationNotFound
    # A code of somebody else's works.
    doing.befriend("ada", "cy", NOW)
    doing.friendships.unblock("ada", block.friend_id, NOW)
    assert doing.friendships.blocks("ada") == []
    assert names(doing, "ada") == ["The cy"]
    doing.befriend("ada", "ben", NOW)


def test_whom_an_operator_has_blocked_neither_invites_nor_accepts_and_the_other_is_not_told(
    client: RecordedClient, doing: Befriending
) -> None:
    friend_id, code, hers = doing.befriend("ada", "ben", NOW), doing.code("ben", NOW), doing.code("ada", NOW)
    before = doing.friendships.all("ada", NOW)
    StreakCommands(UserStore(client, policies), policies).execute("ben", NOW, BlockUser(reason="spam"))
    for do in (lambda: doing.code("ben", NOW), lambda: accept(doing, "ben", hers)):
        assert refusal_of(do) is Blocked
    assert refusal_of(lambda: accept(doing, "cy", code)) is InvitationNotFound
    assert doing.friendships.all("ada", NOW) == before
    assert names(doing, "ben") == ["The ada"]
    # What takes away stays allowed.
    doing.invitations.withdraw("ben", code, NOW)
    doing.friendships.end("ben", friend_id, NOW)


@pytest.mark.parametrize("erased", ["fay", "fay-0", "fay-1", "fay-2"])
def test_of_whom_is_erased_nothing_is_left_with_anybody(
    client: RecordedClient, doing: Befriending, erased: str
) -> None:
    befriended(client, "fay", NOW)
    UserRights(WholeUserStore(client)).erase(erased)
    left = dump(client)
    homes = {f"{home}/{erased}" for home in ("streaks", "records")}
    told = "\n".join(f"{path} {content}" for path, content in left.items() if path not in homes)
    assert f"'{erased}'" not in told
    assert f"The {erased}'" not in told
    shared = [path for path in left if path.startswith((PAIRS, INVITATIONS))]
    assert len(shared) == {"fay": 0}.get(erased, 3)
    assert f"The {erased}" not in names(doing, "fay") if erased != "fay" else True


def test_a_block_is_gone_with_the_erasing_of_whoever_is_blocked(client: RecordedClient, doing: Befriending) -> None:
    doing.friendships.block("ada", doing.befriend("ada", "ben", NOW), NOW)
    UserRights(WholeUserStore(client)).erase("ben")
    assert doing.friendships.blocks("ada") == []
    assert list(client.collection(PAIRS).stream()) == []


def test_who_is_being_erased_is_nobodys_friend_any_more_and_makes_none(
    client: RecordedClient, doing: Befriending
) -> None:
    doing.befriend("ada", "ben", NOW)
    code = doing.code("ada", NOW)
    rights = UserRights(WholeUserStore(client))
    assert not rights.erase("ada", batches_max=0).is_finished
    assert names(doing, "ben") == []
    assert refusal_of(lambda: accept(doing, "cy", code)) is InvitationNotFound
    rights.erase("ada")
    assert list(client.collection(PAIRS).stream()) == []


@pytest.mark.parametrize("erased", ["ada", "ben"])
def test_who_is_erased_between_the_reading_and_the_writing_of_an_acceptance_has_no_friend(
    client: RecordedClient, doing: Befriending, erased: str
) -> None:
    code, calls = doing.code("ada", NOW), count()

    def rules() -> Rules:
        # The second time all was read that it goes by.
        if next(calls) == 1:
            UserRights(WholeUserStore(client)).erase(erased)
        return policies()

    refused = refusal_of(lambda: accept(Befriending(client, rules=rules), "ben", code))
    assert refused is not None
    assert list(client.collection(PAIRS).stream()) == []
    assert f"'{erased}'" not in str({path: one for path, one in dump(client).items() if "/ada" not in path})


def test_in_the_usual_case_a_friend_costs_two_documents(client: RecordedClient, recorder: Recorder) -> None:
    befriended_for_long(client, "ida", "joe", NOW)
    recorder.calls.clear()
    [friend] = Befriending(client).friendships.all("ida", NOW + timedelta(days=41))
    assert friend.streak == FriendStreak(count=42, longest=42)
    assert recorder.documents_read() == [["streaks/ida"], ["streaks/joe"]]
    assert recorder.methods().count("RunQuery") == 1
    assert recorder.documents_written() == []


def test_a_month_is_read_once_however_often_more_are_looked_up_unless_the_user_has_changed(
    client: RecordedClient, recorder: Recorder
) -> None:
    keep(client, "ida", *(NOW + timedelta(days=number) for number in (0, 35, 70, 105)))
    days = UserDays(UserStore(client, policies), RULES, "ida", NOW + timedelta(days=106))
    march, april, may = (NOW.date() + timedelta(days=number) for number in (0, 35, 70))
    recorder.calls.clear()
    assert days.look_up([march])
    assert days.look_up([march, april])
    assert not days.look_up([april, march])
    home, months = "streaks/ida", [f"streaks/ida/months/2026-0{number}" for number in (3, 4, 5)]
    assert recorder.documents_read() == [[home, months[0]], [home, months[1]]]
    assert {days.known.all[day] for day in (march, april)} == {Verdict.ACTIVE}
    # What was decided before may be so no more.
    keep(client, "ida", NOW + timedelta(days=106))
    recorder.calls.clear()
    assert days.look_up([may])
    assert recorder.documents_read() == [[home, months[2]], [home, *months]]
    whole = UserDays(UserStore(client, policies), RULES, "ida", NOW + timedelta(days=106))
    whole.look_up([march, april, may])
    assert days.known == whole.known


def test_what_is_decided_is_noted_once_and_not_while_nothing_may_be_written(
    client: RecordedClient, recorder: Recorder, doing: Befriending
) -> None:
    doing.befriend("ada", "ben", NOW)
    days = [NOW + timedelta(days=number) for number in range(40)]
    for user_id in ("ada", "ben"):
        keep(client, user_id, *days)

    def closed(_user_id: str) -> None:
        raise Restoring

    shut = doing.friendships
    shut = replace(shut, noting=replace(shut.noting, check_open=closed))
    recorder.calls.clear()
    [seen] = shut.all("ben", days[-1])
    assert recorder.documents_written() == []
    assert doing.friendships.all("ben", days[-1]) == [seen]
    [written] = recorder.documents_written()
    assert written.startswith(PAIRS)
    assert seen.streak == FriendStreak(count=40, longest=40)
    assert doing.friendships.all("ben", days[-1]) == [seen]
    assert recorder.documents_written() == [written]


def test_an_amnesty_for_days_that_are_noted_heals_what_they_had_broken(client: RecordedClient) -> None:
    doing = Befriending(client)
    doing.befriend("ada", "ben", NOW)
    days = [NOW + timedelta(days=number) for number in range(40)]
    keep(client, "ada", *days)
    keep(client, "ben", *days[:3], *days[4:])
    [broken] = doing.friendships.all("ada", days[-1])
    assert broken.streak == FriendStreak(count=36, longest=36)
    healed = with_declared(RULES, days[3] - timedelta(hours=2), days[3], days[-1])
    after = Befriending(client, rules=lambda: healed)
    for _ in range(2):
        for user_id in ("ada", "ben"):
            assert [one.streak for one in after.friendships.all(user_id, days[-1])] == [
                FriendStreak(count=39, longest=39)
            ]


def test_a_zone_of_a_friend_that_nobody_knows_any_more_is_told_nobody(client: RecordedClient) -> None:
    doing = Befriending(client)
    doing.befriend("ada", "ben", NOW)
    commands = StreakCommands(UserStore(client, policies), policies)
    commands.execute("ben", NOW, ChangeSettings(time_zone="Europe/Berlin"))
    keep(client, "ben", NOW + SECOND)
    home = client.document("streaks/ben")
    state = (home.get().to_dict() or {})["state"]
    home.update({"state": state.replace("Europe/Berlin", "Mars/Olympus")})
    [friend] = doing.friendships.all("ada", NOW + SECOND)
    assert friend.kept_today
