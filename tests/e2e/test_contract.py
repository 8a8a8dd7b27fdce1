"""openapi.yaml and the functions say the same: routes, parameters and request bodies."""

from __future__ import annotations

import importlib
import re
from typing import TYPE_CHECKING, Any

import pytest
from openapi_spec_validator import validate

from functions import friends, leaderboards, notices, reminders, share, streak
from functions.catalogue import FUNCTIONS
from functions.http import parsing
from functions.operators import amnesties, bringing, giving, many, policies
from functions.users import recording
from testing import contract
from tests.support.schemas import named_schemas

if TYPE_CHECKING:
    from pydantic import BaseModel

    from functions.http.dispatch import Route


PARAMETERS = contract.DOCUMENT["components"]["parameters"]
# What is about one user: of one who was erased it says so.
OF_THE_CALLER = (
    *("/streak", "/calendar", "/consistency", "/policy", "/insights", "/achievements", "/challenges"),
    "/leaderboard/me",
    *("/notices/preferences", "/profile", "/log", "/conversations", "/usage", "/ideas"),
    "/records",
)
OF_A_USER = (*OF_THE_CALLER, "/leaderboards", "/notices", "/friends", "/admin/users/{uid}")
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
    "/friends",
    "/friends/invitations",
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
    "InvitationBody": friends.InvitationBody,
    "FriendBody": friends.FriendBody,
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
