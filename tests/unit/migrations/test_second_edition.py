"""Users in form 1 become users in form 2 as their next command would make them, and the way back leads to the same."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streak_core.domain.days import ONE_DAY
from streak_core.domain.replay import replay
from streak_core.migrations.chain import Chain, kept_in
from streak_core.migrations.migration import WouldLoseError
from streak_core.store import documents
from streak_core.store.documents import FORM_1, SCHEMA_VERSION
from streak_core.store.forms import v1
from streak_core.store.tombstones import tombstone_document
from testing.lives import lives
from tests.support.kept_documents import KeptDocuments
from tests.support.kept_user import KeptUser
from tests.support.kept_users import beside
from tests.support.living import attempt
from tests.support.shipped_policy import RULES
from tests.support.stored_files import FILES, STORED, read
from tests.support.thoroughness import examples

if TYPE_CHECKING:
    from pathlib import Path

    from testing.steps import Step

Json = dict[str, Any]
MIGRATION: Final = Chain(kept_in(), SCHEMA_VERSION).way(FORM_1, 2)[0].migration


def stored(form: int, name: str) -> tuple[KeptUser, datetime]:
    kept = read(STORED / f"v{form}" / f"{name}.json")
    return KeptUser(form=form, documents=kept["documents"]), datetime.fromisoformat(kept["now"])


def brought_up(user: KeptUser) -> KeptUser:
    new = deepcopy(user.documents)
    new["streak"] = MIGRATION.up(new["streak"], beside(user))
    return KeptUser(documents=new)


def as_shape(document: Json) -> Json:
    """With the state taken apart: a moment is the same however the program before wrote its offset."""
    return {**document, "state": v1.STREAK.validate_json(document["state"])}


def check_there_and_back(user: KeptUser) -> None:
    old, known = user.documents["streak"], beside(user)
    new = MIGRATION.up(old, known)
    assert documents.form_of(new) == SCHEMA_VERSION
    # What every later command and answer is made of, and nothing else.
    assert documents.read_streak(new) == user.read()
    back = MIGRATION.down(new, known)
    assert as_shape(back) == as_shape(old)
    assert MIGRATION.up(back, known) == new
    assert MIGRATION.up(new, known) == new
    assert MIGRATION.down(old, known) == old


@pytest.mark.parametrize("name", [path.stem for path in FILES if path.parent.name == "v1"])
def test_a_document_of_the_program_before_comes_back_as_it_was(name: str) -> None:
    check_there_and_back(stored(FORM_1, name)[0])


@pytest.mark.parametrize("name", [path.stem for path in FILES if path.parent.name == "v2"])
def test_a_user_with_entries_of_form_2_has_no_way_back_whatever_is_accepted(name: str) -> None:
    user, _ = stored(SCHEMA_VERSION, name)
    known, document = beside(user), user.documents["streak"]
    assert MIGRATION.up(document, known) == document
    for accepts in (False, True):
        with pytest.raises(WouldLoseError, match="entries of the ledger"):
            MIGRATION.down(document, known, accept_loss=accepts)


def lived_in_form_1(life: list[Step]) -> tuple[KeptUser, datetime | None]:
    """The user, and when the document was written last."""
    user, written_at = KeptUser(form=FORM_1), None
    for step in life:
        before = deepcopy(user.documents["streak"])
        attempt(user, step)
        if user.documents["streak"] != before:
            written_at = datetime.fromisoformat(step["at"])
    return user, written_at


@given(lives(), lives())
@examples(40)
def test_a_life_comes_back_as_it_was_and_goes_on_alike_wherever_it_was_migrated(
    life: list[Step], later: list[Step]
) -> None:
    user, written_at = lived_in_form_1(life)
    if written_at is None:
        return
    check_there_and_back(user)
    migrated = brought_up(user)
    user.form = SCHEMA_VERSION
    for step in later:
        assert attempt(migrated, step) == attempt(user, step)
    for name in ("ledger", "months", "events"):
        assert migrated.documents[name] == user.documents[name]


@given(lives(), lives())
@examples(30)
def test_a_ledger_proves_a_migrated_user_there_back_and_later(life: list[Step], later: list[Step]) -> None:
    user, written_at = lived_in_form_1(life)
    if written_at is None:
        return
    known = beside(user)
    check_is_proved(user, written_at)
    migrated = brought_up(user)
    check_is_proved(migrated, written_at)
    back = {**migrated.documents, "streak": MIGRATION.down(migrated.documents["streak"], known)}
    check_is_proved(KeptUser(documents=back), written_at)
    for step in later:
        attempt(migrated, step)
    check_is_proved(migrated, max(datetime.fromisoformat(step["at"]) for step in (*life, *later)))


def check_is_proved(user: KeptUser, now: datetime) -> None:
    audit = KeptDocuments(user.documents).audit(now)
    assert (audit.fault, audit.differences) == (None, ())


@pytest.mark.parametrize("name", [path.stem for path in FILES if path.parent.name == "v1"])
def test_what_form_2_tells_beside_the_state_is_as_of_when_the_rest_was_written(name: str) -> None:
    user, _ = stored(FORM_1, name)
    new = brought_up(user).documents["streak"]
    streak, settled_through = documents.read_streak(new)
    at = datetime.fromisoformat(json.loads(new["timeline"])[0]["from"])
    view = replay(streak, RULES, at)
    assert at >= streak.updated_at
    assert (view.today, new["today"]) == (settled_through and settled_through + ONE_DAY, view.today.isoformat())
    written, old = documents.streak_document("ada", streak, view, settled_through), user.documents["streak"]
    assert new == {**written, **{field: old[field] for field in old if field not in {"state", "schema_version"}}}


@given(st.sampled_from(FILES), lives())
@examples(40)
def test_whatever_is_stored_in_whichever_form_and_lives_on_comes_back_as_it_was_or_stays(
    path: Path, later: list[Step]
) -> None:
    form = int(path.parent.name.removeprefix("v"))
    user, _ = stored(form, path.stem)
    for step in later:
        attempt(user, step)
    if form == FORM_1:
        check_there_and_back(user)
        return
    document, known = user.documents["streak"], beside(user)
    assert MIGRATION.up(document, known) == document
    with pytest.raises(WouldLoseError):
        MIGRATION.down(document, known, accept_loss=True)


def with_state(document: Json, **fields: Any) -> Json:
    return {**document, "state": json.dumps({**json.loads(document["state"]), **fields})}


@pytest.mark.parametrize(
    ("fields", "lost"),
    [
        ({"block": {"until": None}}, "block"),
        ({"amnesties": 3}, "amnesties"),
        ({"told": []}, "told"),
    ],
)
def test_a_way_back_that_would_lose_a_field_is_refused_by_its_name_unless_that_is_accepted(
    fields: Json, lost: str
) -> None:
    user, _ = stored(FORM_1, "everything")
    known = beside(user)
    new = MIGRATION.up(user.documents["streak"], known)
    with pytest.raises(WouldLoseError) as refused:
        MIGRATION.down(with_state(new, **fields), known)
    assert refused.value.lost == (lost,)
    back = MIGRATION.down(with_state(new, **fields), known, accept_loss=True)
    assert as_shape(back) == as_shape(user.documents["streak"])


def test_a_field_within_a_field_is_named_with_it() -> None:
    user, _ = stored(FORM_1, "everything")
    known = beside(user)
    new = MIGRATION.up(user.documents["streak"], known)
    checkpoint = json.loads(new["state"])["checkpoint"]
    with pytest.raises(WouldLoseError, match=r"checkpoint\.active_days"):
        MIGRATION.down(with_state(new, checkpoint={**checkpoint, "active_days": 399}), known)


def test_who_was_erased_stays_so() -> None:
    user, now = stored(FORM_1, "everything")
    known, erased = beside(user), tombstone_document(now)
    assert MIGRATION.up(erased, known) == erased
    assert MIGRATION.down(erased, known) == erased
