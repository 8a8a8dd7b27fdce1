"""openapi.yaml and the functions say the same: routes, request bodies, examples, limits."""

from __future__ import annotations

import importlib
import re
from typing import TYPE_CHECKING, Any

import pytest
from openapi_spec_validator import validate

from functions import recording, streak
from functions.catalogue import FUNCTIONS
from functions.http import parsing, receiving
from functions.operators import amnesties, bringing, giving, many
from streak_core.config import shipped_policy
from streak_core.domain import imported
from streak_core.domain.events import EventKind
from streak_core.domain.model import Status, Verdict
from streak_core.domain.offers import OfferKind
from testing import contract

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel

    from functions.http.dispatch import Route
    from tests.e2e.client import User

SCHEMAS = contract.DOCUMENT["components"]["schemas"]
PARAMETERS = contract.DOCUMENT["components"]["parameters"]
# What is about one user: of one who was erased it says so.
OF_A_USER = ("/streak", "/calendar", "/consistency", "/admin/users/{uid}")
BODIES: dict[str, type[BaseModel]] = {
    "ActivityBody": recording.ActivityBody,
    "CheckInBody": streak.CheckInBody,
    "FreezeBody": streak.FreezeBody,
    "PauseBody": streak.PauseBody,
    "SettingsBody": streak.SettingsBody,
    "ImportBody": bringing.ImportBody,
    "ImportedUser": bringing.ImportedUser,
    "EmptyBody": parsing.NoBody,
    "AmnestyBody": amnesties.AmnestyBody,
    "GrantBody": giving.GrantBody,
    "ExcuseBody": giving.ExcuseBody,
    "RestorationBody": giving.RestorationBody,
    "XpBody": giving.XpBody,
    "BlockBody": giving.BlockBody,
    "ReasonBody": giving.ReasonBody,
    "BatchBody": recording.BatchBody,
    "GrantsBody": many.GrantsBody,
    "ExcusesBody": many.ExcusesBody,
}


def declared() -> dict[tuple[str, str], Route]:
    """Every route that a function of the catalogue declares, with the function's name in front."""
    found = {}
    for name in FUNCTIONS:
        for route in importlib.import_module(f"functions.{name}").FUNCTION.routes:
            path = re.sub(r"<(\w+)>", r"{\1}", f"/{name}{route.path}".rstrip("/"))
            found[route.method, path] = route
    return found


def test_the_contract_is_valid_openapi() -> None:
    validate(contract.DOCUMENT)
    assert contract.DOCUMENT["openapi"].startswith("3.1.")


def test_the_contract_and_the_functions_have_the_same_routes() -> None:
    assert {(one.method, one.path) for one in contract.OPERATIONS} == declared().keys()


def test_a_route_takes_the_documented_parameters_and_no_other() -> None:
    routes = declared()
    for one in contract.OPERATIONS:
        documented = [contract.resolved(each, "")[0] for each in one.content.get("parameters", ())]
        named = [each["name"] for each in documented if each["in"] == "query"]
        assert sorted(named) == sorted(routes[one.method, one.path].parameters), one.place


def test_what_changes_a_streak_is_a_command_and_may_have_a_key() -> None:
    for one in contract.OPERATIONS:
        # Erasing is no command: no key of it could be kept.
        is_erasing = one.content["operationId"].startswith("erase")
        is_command = one.method != "GET" and one.path.startswith(("/streak", "/admin")) and not is_erasing
        is_named = "x-command" in one.content or "x-for-user" in one.content
        # Users are brought along once, each under a name of its own: there is no key.
        is_command, is_named = (each and one.path != "/admin/import" for each in (is_command, is_named))
        # An amnesty is nobody's command; the same one declared twice is one.
        is_command = is_command and not one.path.startswith("/admin/amnesties")
        assert is_named is is_command or one.method == "GET" or is_erasing, one.place
        parameters = one.content.get("parameters", ())
        # In a batch each has a name of its own.
        may_have_key = is_command and not one.path.endswith(":batch")
        assert ({"$ref": "#/components/parameters/IdempotencyKey"} in parameters) is may_have_key, one.place


def test_what_is_done_for_a_user_is_documented_as_what_the_user_does() -> None:
    named = {one.content["operationId"]: one for one in contract.OPERATIONS}
    mirrored = [one for one in contract.OPERATIONS if "x-for-user" in one.content]
    assert len(mirrored) > 20
    for one in mirrored:
        own = named[one.content["x-for-user"]]
        assert (one.method, one.path) == (own.method, f"/admin/users/{{uid}}{own.path}")
        assert one.content["responses"].keys() == own.content["responses"].keys() | {"403"}
        for status, answer in own.content["responses"].items():
            # What may not be done for a user is another matter than what a user may not do.
            assert status == "403" or _content_of(one.content["responses"][status]) == _content_of(answer)
        assert _content_of(one.content.get("requestBody", {})) == _content_of(own.content.get("requestBody", {}))


def _content_of(one: Any) -> Any:
    return contract.resolved(one, "")[0]


def test_every_answer_is_documented_to_carry_its_request_id() -> None:
    places = [(one.place, one.content) for one in contract.OPERATIONS]
    answers = [contract.resolved(each, place)[0] for place, content in places for each in content["responses"].values()]
    assert len(answers) > len(contract.OPERATIONS)
    assert not [one for one in answers if "X-Request-Id" not in one.get("headers", {})]


def test_an_operation_has_the_name_of_its_handler() -> None:
    for (method, path), route in declared().items():
        operation = contract.operation_of(method, re.sub(r"{\w+}", "x", path))
        assert operation is not None
        assert operation.content["operationId"] == route.handler.__name__


@pytest.mark.parametrize("name", BODIES)
def test_a_body_has_exactly_the_documented_fields(name: str) -> None:
    form = BODIES[name]
    fields = {field.alias or name: field for name, field in form.model_fields.items()}
    assert SCHEMAS[name]["additionalProperties"] is False
    assert form.model_config.get("extra") == "forbid"
    assert set(SCHEMAS[name]["properties"]) == set(fields)
    assert set(SCHEMAS[name].get("required", [])) == {name for name, field in fields.items() if field.is_required()}


def test_every_operation_takes_a_body_exactly_where_the_method_has_one() -> None:
    for one in contract.OPERATIONS:
        takes_none = one.method == "GET" or one.path == "/maintenance"
        assert ("requestBody" in one.content) is not takes_none
        assert {"413", "415"} <= one.content["responses"].keys() or takes_none


def test_every_operation_documents_what_may_happen_to_any_request() -> None:
    for one in contract.OPERATIONS:
        answers = one.content["responses"]
        assert {"422", "500", "503"} <= answers.keys()
        assert ("401" in answers) is (one.content.get("security") != [])
        # A file that is sent as it is read has no tag.
        is_tagged = one.method == "GET" and not (one.path.startswith("/health") or one.path.endswith("/export"))
        assert ("304" in answers) is is_tagged
        assert ("410" in answers) is (one.path.startswith(OF_A_USER))


def test_the_documented_words_are_those_of_the_code() -> None:
    policy = shipped_policy()
    assert SCHEMAS["ActivityType"]["enum"] == list(policy.activity_types)
    assert SCHEMAS["Category"]["enum"] == list(policy.categories)
    assert sorted(SCHEMAS["Verdict"]["enum"]) == sorted(Verdict)
    assert sorted(SCHEMAS["Status"]["enum"]) == sorted(Status)
    assert sorted(SCHEMAS["Offer"]["properties"]["kind"]["enum"]) == sorted(OfferKind)
    assert sorted(SCHEMAS["Event"]["properties"]["type"]["enum"]) == sorted(EventKind)


def test_each_kind_of_event_is_described_once() -> None:
    described = [one["properties"]["type"] for one in SCHEMAS["Event"]["oneOf"]]
    names = [name for one in described for name in one.get("enum", [one.get("const")])]
    assert sorted(names) == sorted(EventKind)


def test_each_type_of_activity_is_described_once() -> None:
    described = [one["properties"]["activity_type"]["const"] for one in SCHEMAS["ActivityBody"]["oneOf"]]
    assert sorted(described) == sorted(shipped_policy().activity_types)


def test_the_documented_limits_are_those_of_the_code() -> None:
    policy = shipped_policy()
    assert PARAMETERS["PageSize"]["schema"]["maximum"] == parsing.PAGE_SIZE_MAX
    assert SCHEMAS["SettingsBody"]["properties"]["rest_weekdays"]["maxItems"] == policy.rest.weekdays_max
    assert f"for {policy.timeline_days} streak days" in SCHEMAS["Streak"]["properties"]["timeline"]["description"]
    assert SCHEMAS["QuizMetadata"]["properties"]["difficulty"]["enum"] == ["easy", "hard"]
    assert receiving.BODY_BYTES_MAX == 32 * 1024
    assert "32 KiB" in contract.DOCUMENT["info"]["description"]
    assert f"{bringing.BODY_BYTES_MAX // 1024} KiB" in contract.DOCUMENT["info"]["description"]
    assert SCHEMAS["ImportBody"]["properties"]["users"]["maxItems"] == bringing.USERS_MAX
    assert SCHEMAS["ImportResult"]["properties"]["result"]["enum"] == list(bringing.RESULTS)
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
    assert (contract.fault("/components/schemas/NewActivityId", text) is None) is is_id
    body = {"activity_type": "check_in", "activity_id": text}
    try:
        recording.ActivityBody.model_validate(body)
    except ValueError:
        assert not is_id
    else:
        assert is_id


def examples(node: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Each example of the contract, and the place of the schema that it is an example of."""
    if isinstance(node, list):
        for number, one in enumerate(node):
            yield from examples(one, f"{place}/{number}")
    if not isinstance(node, dict):
        return
    schema = f"{place}/schema" if "schema" in node else place
    if "example" in node and "properties" not in place.rpartition("/")[2]:
        yield schema, node["example"]
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
    assert len(found) > 30
    assert [(place, fault) for place, example in found if (fault := contract.fault(place, example))] == []
