"""openapi.yaml and the functions say the same: routes, request bodies, examples, limits."""

from __future__ import annotations

import importlib
import re
from typing import TYPE_CHECKING, Any

import pytest
from openapi_spec_validator import validate

from emulator.places import ROOT
from emulator.port import PORTS
from functions import leaderboards, notices, reminders, share, streak
from functions.catalogue import FUNCTIONS
from functions.http import parsing, receiving
from functions.http.rendering import PUBLIC_SECONDS
from functions.operators import amnesties, bringing, giving, many, policies
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
from tools.deploy.smoke import base_url
from tools.openapi.rendering import rendered
from tools.openapi.words import codes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel

    from functions.http.dispatch import Route
    from tests.e2e.client import User

SCHEMAS = contract.DOCUMENT["components"]["schemas"]
PARAMETERS = contract.DOCUMENT["components"]["parameters"]
# What is about one user: of one who was erased it says so.
OF_THE_CALLER = (
    *("/streak", "/calendar", "/consistency", "/policy", "/insights", "/achievements", "/challenges"),
    "/leaderboard/me",
    *("/notices/preferences", "/profile", "/log", "/conversations", "/usage", "/ideas"),
    "/records",
)
OF_A_USER = (*OF_THE_CALLER, "/leaderboards", "/notices", "/admin/users/{uid}")
# Below which a streak is changed.
CHANGED = ("/streak", "/notices/preferences", "/challenges", "/leaderboard/me", "/admin")
# What holds for everybody.
OF_ALL = ("/admin/policies", "/admin/amnesties", "/admin/audit", "/admin/reports")
# The limits of which what others do uses nothing up.
OF_THE_USER_ALONE = {"rate_limited", "quota_exceeded"}
# What is recorded of a user beside the streak, under a key.
RECORDED = {
    "/records/{kind}",
    "/log",
    "/usage",
    "/ideas",
    "/ideas/{idea_id}/refinements",
    "/conversations/{session_id}/messages",
}
# What is as it is said, or is taken away: done again, it changes nothing.
WITHOUT_A_KEY = (
    ":batch",
    "/import",
    "/profile",
    "/conversations/{session_id}",
    "/ideas/{idea_id}",
    "/records/{kind}/{record_id}",
)
# What is there of an erased user as well, and hangs on no streak.
OF_THE_ERASED_TOO = ("/admin/users/{uid}/audit",)
# The codes that stand in the result of one alone: where many users are brought along, where a batch ended before it.
OF_ONE_AMONG_MANY = {"user_exists", "not_tried"}
# What schedules and triggers call.
CALLED_WITHOUT = {"/maintenance", "/reminders", "/reminders/webhooks/written", "/backup", "/backup/drill"}
BODIES: dict[str, type[BaseModel]] = {
    "ActivityBody": recording.ActivityBody,
    "CheckInBody": streak.CheckInBody,
    "FreezeBody": streak.FreezeBody,
    "PauseBody": streak.PauseBody,
    "SettingsBody": streak.SettingsBody,
    "PreferencesBody": notices.PreferencesBody,
    "ReadBody": notices.ReadBody,
    "DeviceBody": notices.DeviceBody,
    "SendingBody": reminders.SendingBody,
    "TellingBody": reminders.TellingBody,
    "ChannelsBody": notices.ChannelsBody,
    "QuietHoursBody": notices.QuietHoursBody,
    "SeatBody": leaderboards.SeatBody,
    "ShareBody": share.ShareBody,
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
    "WithdrawalBody": giving.WithdrawalBody,
    "BatchBody": recording.BatchBody,
    "GrantsBody": many.GrantsBody,
    "ExcusesBody": many.ExcusesBody,
    "PolicyBody": policies.PolicyBody,
}


def declared() -> dict[tuple[str, str], Route]:
    """Every route that a function of the catalogue declares, with the function's name in front."""
    found = {}
    for name in FUNCTIONS:
        for route in importlib.import_module(f"functions.{name}").FUNCTION.routes:
            path = re.sub(r"<(\w+)>", r"{\1}", f"/{route.below or name}{route.path}".rstrip("/"))
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
        changes = one.method != "GET" and one.path.startswith(CHANGED)
        # Erasing is no command, since no key of it could be kept; a policy or an amnesty is no single user's; what
        # is asked by POST changes nothing.
        is_none = one.content["operationId"].startswith("erase") or one.path.startswith(OF_ALL)
        is_none = is_none or one.path.endswith(":find")
        is_command = changes and not is_none
        assert ("x-command" in one.content) is (is_command and "x-for-user" not in one.content), one.place
        # In a batch, and of users who are brought along, each has a name of its own.
        may_have_key = is_command and not one.path.endswith(WITHOUT_A_KEY)
        may_have_key = (
            may_have_key
            or (one.method == "POST" and one.path in RECORDED)
            or one.content["operationId"] == "make_share"
        )
        parameters = one.content.get("parameters", ())
        assert ({"$ref": "#/components/parameters/IdempotencyKey"} in parameters) is may_have_key, one.place


def test_what_is_done_for_a_user_is_documented_as_what_the_user_does() -> None:
    named = {one.content["operationId"]: one for one in contract.OPERATIONS}
    own_routes = {(one.method, one.path) for one in contract.OPERATIONS if one.path.startswith(OF_THE_CALLER)}
    mirrored = [one for one in contract.OPERATIONS if "x-for-user" in one.content]
    assert {(one.method, one.path) for one in mirrored} == {
        (method, f"/admin/users/{{uid}}{path}") for method, path in own_routes
    }
    for one in mirrored:
        own = named[one.content["x-for-user"]]
        assert (one.method, one.path) == (own.method, f"/admin/users/{{uid}}{own.path}")
        answers, own_answers = one.content["responses"], own.content["responses"]
        # What others do uses nothing of the user's rate limit up.
        limits = {"429"} if codes_of(own, "429") <= OF_THE_USER_ALONE else set()
        assert answers.keys() == own_answers.keys() - limits | {"403"}
        # What may not be done for a user is another matter than what a user may not do.
        for status in answers.keys() - {"401", "403", "429", "503"}:
            assert _without_links(answers[status]) == _without_links(own_answers[status])
        assert codes_of(one, "429") == codes_of(own, "429") - OF_THE_USER_ALONE
        # Whoever operates has no app that could prove itself, and may ask as much at a time as it takes.
        assert codes_of(one, "401") == codes_of(own, "401") - {"app_check_failed"}
        needless = {"contention"} if one.method == "GET" else set[str]()
        # The rules tell the day that a quota is of.
        needless |= {"policy_unreadable", "amnesty_unreadable"} if codes_of(own, "429") == {"quota_exceeded"} else set()
        assert codes_of(own, "503") - codes_of(one, "503") <= needless
        assert codes_of(one, "503") <= codes_of(own, "503")
        assert _content_of(one.content.get("requestBody", {})) == _content_of(own.content.get("requestBody", {}))


def test_a_link_leads_on_for_the_same_user() -> None:
    named = {one.content["operationId"]: one for one in contract.OPERATIONS}
    led = {
        (one.content["operationId"], name): (named[link["operationId"]], link.get("parameters", {}))
        for one in contract.OPERATIONS
        for answer in one.content["responses"].values()
        for name, link in _content_of(answer).get("links", {}).items()
    }
    for (operation_id, name), (target, given) in led.items():
        wanted = re.findall(r"\{(\w+)\}", target.path)
        assert set(wanted) <= given.keys(), (operation_id, name)
        assert ("{uid}" in named[operation_id].path) is ("uid" in wanted), (operation_id, name)
        assert given.get("uid", "$request.path.uid") == "$request.path.uid"
    # What follows for the user follows for whoever acts for the user.
    for one in contract.OPERATIONS:
        if "x-for-user" in one.content:
            own, ours = (
                {name: target.content["operationId"] for (of, name), (target, _) in led.items() if of == each}
                for each in (one.content["x-for-user"], one.content["operationId"])
            )
            assert ours == {name: f"{target}_for_user" for name, target in own.items()}, one.place


def codes_of(operation: contract.Operation, status: str) -> set[str]:
    """The codes that an operation documents with a status; none where it does not document the status."""
    answer = _content_of(operation.content["responses"].get(status, {}))
    problem = answer.get("content", {}).get(contract.PROBLEM)
    return set(problem["schema"]["properties"]["code"]["enum"]) if problem else set()


def _without_links(one: Any) -> Any:
    """Where an answer leads hangs on whose operation it is."""
    return {name: each for name, each in _content_of(one).items() if name != "links"}


def _content_of(one: Any) -> Any:
    return contract.resolved(one, "")[0]


def test_every_answer_is_documented_to_carry_its_request_id() -> None:
    places = [(one.place, one.content) for one in contract.OPERATIONS]
    answers = [contract.resolved(each, place)[0] for place, content in places for each in content["responses"].values()]
    assert len(answers) > len(contract.OPERATIONS)
    assert not [one for one in answers if "X-Request-Id" not in one.get("headers", {})]


def test_what_can_be_refused_for_its_number_says_what_is_left() -> None:
    for one in contract.OPERATIONS:
        # Of a batch each is refused by itself.
        is_counted = "rate_limited" in codes_of(one, "429") or one.content["operationId"] == "record_activities"
        counted = [status for status in one.content["responses"] if status.startswith("2") or status == "429"]
        for status in counted if one.path.startswith("/streak") else ():
            headers = _content_of(one.content["responses"][status]).get("headers", {})
            assert ({"RateLimit", "RateLimit-Policy"} <= headers.keys()) is is_counted, (one.place, status)


def test_an_operation_has_the_name_of_its_handler() -> None:
    for (method, path), route in declared().items():
        operation = contract.operation_of(method, re.sub(r"{\w+}", "x", path))
        assert operation is not None
        assert operation.content["operationId"] == route.handler.__name__


def named_schemas(name: str) -> list[Any]:
    """The schema, or each of those that it is one of."""
    return [contract.resolved(one, "")[0] for one in SCHEMAS[name].get("oneOf", [SCHEMAS[name]])]


@pytest.mark.parametrize("name", BODIES)
def test_a_body_has_exactly_the_documented_fields(name: str) -> None:
    form = BODIES[name]
    fields = {field.alias or name: field for name, field in form.model_fields.items()}
    required = {name for name, field in fields.items() if field.is_required()}
    assert form.model_config.get("extra") == "forbid"
    for schema in named_schemas(name):
        assert schema["additionalProperties"] is False
        assert set(schema["properties"]) == set(fields)
        # What an activity type takes is required where the type requires it, which the policy says.
        assert set(schema.get("required", [])) - {"metadata"} == required


def test_every_operation_takes_a_body_exactly_where_the_method_has_one() -> None:
    for one in contract.OPERATIONS:
        takes_none = one.method == "GET" or one.path in CALLED_WITHOUT
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
        is_of_a_user = one.path.startswith(OF_A_USER) and not one.path.startswith(OF_THE_ERASED_TOO)
        is_of_a_user = is_of_a_user or "sharing" in one.content["tags"]
        assert ("410" in answers) is is_of_a_user
        assert ("foreign_document" in codes_of(one, "409")) is is_of_a_user
        has_condition = {"$ref": "#/components/parameters/IfMatch"} in one.content.get("parameters", ())
        assert ("412" in answers) is has_condition is one.content["operationId"].startswith("change_settings")
        # There is none where no key is taken.
        has_key = {"$ref": "#/components/parameters/IdempotencyKey"} in one.content.get("parameters", ())
        assert has_key or "idempotency_key_reused" not in codes_of(one, "422")


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
    assert f"of more than {parsing.PAGE_SIZE_MAX} it has" in PARAMETERS["PageSize"]["description"]
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
