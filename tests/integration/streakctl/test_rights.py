"""`streakctl export` and `erase`: what is printed and what is left, and that a user who was erased stays so."""

from __future__ import annotations

import json
import re
from itertools import count
from typing import TYPE_CHECKING

import pytest
from google.api_core import exceptions

from streak_core.domain.errors import DatabaseUnavailable
from streak_core.rights import UserRights
from streak_core.store import whole_user
from streak_core.store.whole_user import WholeUserStore
from tests.integration.streakctl.calling import call, lines
from tests.integration.streakctl.meanwhile import Meanwhile
from tests.integration.streakctl.proving import prover
from tests.support.stored_life import documents_of
from tools.streakctl import rights as by_hand
from tools.streakctl.mending import MendingStore
from tools.streakctl.progress import NowAndThen
from tools.streakctl.proving import Finding
from tools.streakctl.rights import RightsByHand

if TYPE_CHECKING:
    from google.cloud import firestore

    from tests.integration.streakctl.proving import Documents
    from tests.support.recorded_client import RecordedClient, Recorder

WHY = ("--reason", "asked for it by mail")


def test_an_export_is_every_document_and_says_how_many_lines_it_has(
    project_id: str, lived: Documents, ada: firestore.DocumentReference
) -> None:
    result = call(project_id, "export", ada.id)
    first, *found, last = lines(result)
    assert result.exit_code == 0
    assert first["user_id"] == "ada"
    assert last == {"lines": len(lived) + 2}
    assert [one["id"] for one in found if one["collection"] == "streaks"] == ["ada"]
    assert {f"{one['collection']}/{one['id']}" for one in found} == {"/".join(path.split("/")[-2:]) for path in lived}


def test_erased_by_hand_nothing_is_left_and_again_nothing_changes(
    client: RecordedClient, project_id: str, ada: firestore.DocumentReference
) -> None:
    result = call(project_id, "erase", ada.id, *WHY)
    assert result.exit_code == 0
    left = documents_of(client, "ada")
    assert list(left) == ["streaks/ada"]
    assert left["streaks/ada"].keys() == {"schema_version", "erased_at"}
    assert re.fullmatch(r"erased ada: of sign-ins until \S+Z nothing is taken any more\n", result.stdout)
    assert call(project_id, "erase", ada.id, *WHY).stdout == result.stdout
    assert documents_of(client, "ada") == left


@pytest.mark.parametrize("why", [[], ["--reason", ""], ["--reason", " "], ["--reason", "x" * 201]])
def test_erasing_says_why_or_is_not_done(
    client: RecordedClient, project_id: str, lived: Documents, ada: firestore.DocumentReference, why: list[str]
) -> None:
    assert call(project_id, "erase", ada.id, *why).exit_code == 2
    assert documents_of(client, "ada") == lived


@pytest.mark.parametrize("said", ["n\n", "\n", "", "ada\n"])
def test_erasing_in_production_asks_and_without_a_yes_nothing_is_even_read(
    monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.delenv("FIRESTORE_EMULATOR_HOST")
    result = call("prod", "erase", "ada", *WHY, said=said)
    assert result.exit_code == 2
    assert "Erase the user ada in" in result.stderr
    assert "nothing was changed" in result.stderr


@pytest.mark.parametrize("words", [["export", "nobody"], ["erase", "nobody", *WHY]])
def test_of_whom_nothing_is_stored_is_said_so_and_leaves_no_trace(
    client: RecordedClient, project_id: str, words: list[str]
) -> None:
    result = call(project_id, *words)
    assert result.exit_code == 2
    assert "nothing is stored of the user nobody" in result.stderr
    assert documents_of(client, "nobody") == {}


def test_a_user_who_was_erased_is_none_to_look_at_and_none_who_differs(
    project_id: str, ada: firestore.DocumentReference
) -> None:
    call(project_id, "erase", ada.id, *WHY)
    for words in (["show", "ada"], ["explain", "ada"], ["export", "ada"]):
        result = call(project_id, *words)
        assert result.exit_code == 2
        assert "was erased" in result.stderr
    for words in (["verify", "--json"], ["verify", "--json", "--fix"], ["verify", "--json", "--uid", "ada", "--fix"]):
        result = call(project_id, *words)
        (summary,) = lines(result)
        assert (result.exit_code, summary["users"], summary["mended"]) == (0, 0, 0)


@pytest.mark.parametrize("moment", ["mend", "user_doc"])
def test_whoever_is_erased_while_being_mended_is_not_brought_back(
    client: RecordedClient, ada: firestore.DocumentReference, moment: str
) -> None:
    ada.update({"current_streak": 99})
    user_doc = MendingStore(client).user_document("ada")

    def erase() -> None:
        UserRights(WholeUserStore(client)).erase("ada")

    store = Meanwhile(client, **{moment: 1}, do=erase)
    assert prover(client, fix=True, store=store).prove(user_doc).finding is Finding.ERASED
    assert documents_of(client, "ada")["streaks/ada"].keys() == {"schema_version", "erased_at"}
    assert len(documents_of(client, "ada")) == 1


def by_hand_of(client: firestore.Client, said: list[str]) -> RightsByHand:
    """With a clock that is a second further each time it is looked at."""
    ticking = count()
    return RightsByHand(client, said.append, NowAndThen(lambda: next(ticking)))


def test_erasing_that_broke_off_is_gone_on_with_and_says_how_far_it_is(
    client: RecordedClient, recorder: Recorder, ada: firestore.DocumentReference, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole_user, "BATCH_DOCUMENTS", 20)
    monkeypatch.setattr(by_hand, "BATCHES_AT_ONCE", 1)
    assert len(documents_of(client, ada.id)) > 100
    said: list[str] = []
    recorder.before["Commit"] = [None] * 3 + [exceptions.PermissionDenied("not sent")]
    with pytest.raises(DatabaseUnavailable):
        by_hand_of(client, said).erase("ada", "asked")
    recorder.before.clear()
    begun = documents_of(client, "ada")["streaks/ada"]["erased_at"]
    by_hand_of(client, said).erase("ada", "asked")
    left = documents_of(client, "ada")
    assert (list(left), left["streaks/ada"]["erased_at"]) == (["streaks/ada"], begun)
    assert said[:2] == ["erasing goes on: 2 commits so far; Ctrl-C loses nothing"] * 2


def test_each_line_of_an_export_is_written_as_it_is_read(
    client: RecordedClient, ada: firestore.DocumentReference
) -> None:
    assert ada.id
    written: list[str] = []
    by_hand_of(client, []).export("ada", written.append)
    assert all(line.endswith("\n") and json.loads(line) for line in written)
