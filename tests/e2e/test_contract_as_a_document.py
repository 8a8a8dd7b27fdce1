"""What openapi.yaml says in itself: codes, limits, ids, addresses and examples, and what generators stumble over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from emulator.places import ROOT
from emulator.port import PORTS
from functions import share
from functions.http import paging, receiving
from functions.http.rendering import PUBLIC_SECONDS
from functions.operators import bringing
from functions.operators.named_users import USERS_MAX
from functions.users import recording
from streak_core.batches import ACTIVITIES_MAX
from streak_core.config import shipped_policy
from streak_core.domain import imported
from streak_core.domain.commands.grant_freezes import COUNT_MAX
from streak_core.domain.commands.restore import LENGTH_MAX
from streak_core.domain.events import EventKind
from streak_core.sharing.snapshot import Language
from streak_core.store.shares import PLACES
from testing import contract
from tests.support.guide import LOCAL
from tests.support.schemas import SCHEMAS, named_schemas
from tools.deploy.smoke import base_url
from tools.openapi.rendering import rendered
from tools.openapi.words import codes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.client import User


PARAMETERS = contract.DOCUMENT["components"]["parameters"]
# The codes that stand in the result of one alone: where many users are brought along, where a batch ended before it.
OF_ONE_AMONG_MANY = {"user_exists", "not_tried"}


def test_what_the_contract_has_of_the_policy_and_the_code_is_rendered() -> None:
    """If this fails: `make openapi`."""
    text = (ROOT / "openapi.yaml").read_text(encoding="utf-8")
    assert rendered(text, shipped_policy()) == text


def test_every_code_is_one_of_some_route_and_no_route_has_another() -> None:
    answers = [
        contract.resolved(each, "")[0] for one in contract.OPERATIONS for each in one.content["responses"].values()
    ]
    answers += [contract.DOCUMENT["components"]["responses"][name] for name in contract.ELSEWHERE.values()]
    schemas = [
        one["content"][contract.PROBLEM]["schema"] for one in answers if contract.PROBLEM in one.get("content", ())
    ]
    documented = {code for one in schemas for code in one["properties"]["code"]["enum"]}
    assert documented | OF_ONE_AMONG_MANY == set(SCHEMAS["ProblemCode"]["enum"]) == codes()


def test_a_problem_is_the_one_schema_and_each_answer_names_its_codes_beside_it() -> None:
    found = list(problems_of(contract.DOCUMENT))
    assert len(found) > 20
    for one in found:
        assert one["$ref"] == "#/components/schemas/Problem"
        assert one["properties"]["status"].keys() == {"type", "const"}
        assert one["properties"]["code"].keys() == {"type", "enum"}


def problems_of(node: Any) -> Iterator[Any]:
    """The schema of each refusal in the contract."""
    if isinstance(node, list):
        for one in node:
            yield from problems_of(one)
    if isinstance(node, dict):
        if contract.PROBLEM in node:
            yield node[contract.PROBLEM]["schema"]
        for one in node.values():
            yield from problems_of(one)


def test_what_generators_stumble_over_is_not_in_the_contract() -> None:
    assert list(stumbling(contract.DOCUMENT)) == []


def stumbling(node: Any, place: str = "") -> Iterator[str]:
    """Where a `const` or an `enum` has no `type`, properties stand beside `oneOf`, or a path refers into another."""
    if isinstance(node, list):
        for number, one in enumerate(node):
            yield from stumbling(one, f"{place}/{number}")
    if not isinstance(node, dict) or place.endswith(("/example", "/examples")):
        return
    is_schema = not place.endswith("/properties")
    if is_schema and node.keys() & {"const", "enum"} and "type" not in node:
        yield f"{place} has no type"
    if is_schema and "oneOf" in node and node.keys() - {"oneOf", "description", "discriminator", "example"}:
        yield f"{place} has more beside its oneOf"
    if str(node.get("$ref", "")).startswith("#/paths/"):
        yield f"{place} refers into a path: name it in the components"
    for name, one in node.items():
        yield from stumbling(one, f"{place}/{name}")


def test_a_header_of_a_request_is_a_plain_text() -> None:
    """Generators make a date of a moment, and send it in a form of their own."""
    named = {one["name"]: one["schema"] for one in PARAMETERS.values() if one["in"] == "header"}
    named |= {
        each["name"]: each["schema"]
        for one in contract.OPERATIONS
        for each in one.content.get("parameters", ())
        if each.get("in") == "header"
    }
    assert {"X-Simulated-Time", "X-CloudScheduler-ScheduleTime", "If-Match"} <= named.keys()
    for name, schema in named.items():
        assert (schema["type"], "format" in schema) == ("string", False), name


def test_the_contract_the_readme_the_client_and_the_guide_say_the_address_that_is_served() -> None:
    local, deployed = (one["url"] for one in contract.DOCUMENT["servers"])
    assert local == LOCAL == f"http://127.0.0.1:{PORTS[0]}"
    assert deployed == "https://{host}"
    for page in ("README.md", "web/client/README.md", "docs/apps/first-hour.md"):
        assert local in (ROOT / page).read_text(encoding="utf-8"), page
    assert base_url(local) == local


def test_each_kind_of_event_and_each_type_of_activity_is_described_once() -> None:
    kinds = [one["properties"]["type"]["const"] for one in named_schemas("Event")]
    assert sorted(kinds) == sorted(SCHEMAS["Event"]["discriminator"]["mapping"]) == sorted(EventKind)
    types = [one["properties"]["activity_type"]["const"] for one in named_schemas("ActivityBody")]
    assert sorted(types) == sorted(SCHEMAS["ActivityBody"]["discriminator"]["mapping"])
    assert sorted(types) == sorted(shipped_policy().activity_types)


def test_the_documented_limits_are_those_of_the_code() -> None:
    assert f"of more than {paging.PAGE_SIZE_MAX} it has" in PARAMETERS["PageSize"]["description"]
    assert receiving.BODY_BYTES_MAX == 32 * 1024
    assert "32 KiB" in contract.DOCUMENT["info"]["description"]
    assert f"{bringing.BODY_BYTES_MAX // 1024} KiB" in contract.DOCUMENT["info"]["description"]
    assert SCHEMAS["ImportBody"]["properties"]["users"]["maxItems"] == USERS_MAX
    assert SCHEMAS["UserIds"]["maxItems"] == USERS_MAX
    assert SCHEMAS["ShareBody"]["properties"]["name"]["maxLength"] == share.NAME_MAX
    assert SCHEMAS["ShareBody"]["properties"]["language"]["enum"] == list(Language)
    assert SCHEMAS["SharesAnswer"]["properties"]["shares"]["maxItems"] == len(PLACES)
    assert PUBLIC_SECONDS == 300
    assert SCHEMAS["BatchBody"]["properties"]["activities"]["maxItems"] == ACTIVITIES_MAX
    assert SCHEMAS["GrantBody"]["properties"]["count"]["maximum"] == COUNT_MAX
    assert SCHEMAS["GrantsBody"]["properties"]["count"]["maximum"] == COUNT_MAX
    assert SCHEMAS["RestorationBody"]["properties"]["length"]["maximum"] == LENGTH_MAX
    assert list(SCHEMAS["ImportResult"]["discriminator"]["mapping"]) == list(bringing.RESULTS)
    user = SCHEMAS["ImportedUser"]["properties"]
    assert user["current_streak"]["maximum"] == user["longest_streak"]["maximum"] == imported.LENGTH_MAX
    assert (user["xp_total"]["maximum"], user["active_days"]["maxItems"]) == (imported.XP_MAX, imported.ACTIVE_DAYS_MAX)


@pytest.mark.parametrize(
    ("text", "is_id"),
    [
        *((text, True) for text in ("a", "a" * 128, "...", "__a", "A.z_0:~-", "check-in")),
        *((text, False) for text in ("", "a" * 129, ".", "..", "__a__", "a/b", "a b", "é", "check-in.x")),
    ],
)
def test_contract_and_code_agree_on_ids(text: str, *, is_id: bool) -> None:
    assert (contract.fault("/components/schemas/ChosenActivityId", text) is None) is is_id
    body = {"activity_type": "check_in", "activity_id": text}
    try:
        recording.ActivityBody.model_validate(body)
    except ValueError:
        assert not is_id
    else:
        assert is_id


def examples(node: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Each example and default of the contract, and the place of the schema that it is one of."""
    if isinstance(node, list):
        for number, one in enumerate(node):
            yield from examples(one, f"{place}/{number}")
    if not isinstance(node, dict):
        return
    schema = f"{place}/schema" if "schema" in node else place
    for name in {"example", "default"} & node.keys() if not place.endswith("/properties") else ():
        yield schema, node[name]
    for one in node["examples"].values() if "examples" in node else ():
        yield schema, one["value"]
    for name, one in node.items():
        if name not in {"example", "examples"}:
            yield from examples(one, f"{place}/{name.replace('/', '~1')}")


def test_the_examples_of_recording_and_of_a_repair_are_true(user: User) -> None:
    quiz = {"activity_type": "quiz_completed", "metadata": {"difficulty": "hard", "score": 87.5}}
    told = user.do("POST", "/streak/activities", quiz, key="quiz-7f3a")
    assert told["streak"] == {**SCHEMAS["Streak"]["example"], "user_id": user.uid}
    assert {**told, "streak": None} == {**SCHEMAS["RecordedAnswer"]["example"], "streak": None}
    offers = user.get("/streak/offers", at="2026-03-04T09:00:00Z")
    assert offers == SCHEMAS["OffersAnswer"]["example"]


def test_every_example_is_one() -> None:
    found = list(examples(contract.DOCUMENT))
    assert len(found) > 160
    assert [(place, fault) for place, example in found if (fault := contract.fault(place, example))] == []
