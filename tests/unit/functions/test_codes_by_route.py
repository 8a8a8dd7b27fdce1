"""The contract lists of each route the codes that it can answer, and no other: what it can is told from the code."""

from __future__ import annotations

import ast
import importlib
from typing import TYPE_CHECKING, Final

import pytest

from emulator.places import ROOT
from functions.catalogue import FUNCTIONS, SEGMENTS
from functions.http.identity import anybody, authenticated_actor, authenticated_operator, authenticated_user
from functions.share import whoever_asks
from streak_core.domain.commands import COMMANDS
from streak_core.domain.errors import StreakError
from testing import contract

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DOMAIN: Final = "streak_core.domain"
Codes = frozenset[str]

ANYTHING: Final = Codes({"invalid_request", "unknown_parameter", "internal_error"})
BODY: Final = Codes({"bad_request", "content_too_large", "unsupported_media_type"})
# What each way to find out who asks is refused with. Only the app's own routes ask for the genuine app.
_TOKEN: Final = Codes({"unauthenticated", "wrong_tenant", "identity_unavailable"})
SIGNING_IN: Final[dict[object, Codes]] = {
    authenticated_user: _TOKEN | {"app_check_failed"},
    authenticated_actor: _TOKEN | {"forbidden"},
    authenticated_operator: _TOKEN | {"forbidden"},
    anybody: Codes(),
}
# Of a function, whatever it is asked. How many requests are answered at a time is limited for users alone.
_GATES: Final = Codes({"restoring", "stored_by_newer_version", "database_unavailable"})
FUNCTION: Final = {
    "health": Codes({"configuration_wrong"}),
    "maintenance": _GATES,
    "reminders": _GATES,
    "backup": _GATES - {"stored_by_newer_version"},
    "admin": _GATES,
    # Whoever looks at a picture is nobody in particular, and so is who asks.
    "share": _GATES,
}
OF_USERS: Final = _GATES | {"contention"}
_RULES: Final = Codes({"policy_unreadable", "amnesty_unreadable"})
# Of what is asked about one user, of what is stored whole, and of what changes it.
A_USER: Final = Codes({"user_erased", "foreign_document"})
A_STREAK: Final = A_USER | _RULES | {"time_zone_unknown", "erasing_unfinished"}
A_COMMAND: Final = A_STREAK | {"contention", "user_incomplete", "not_available_yet"}
# What neither asks about a streak nor is a command, and what many are done at once.
_POLICIES: Final = Codes({"policy_unreadable"})
_AMNESTIES: Final = Codes({"amnesty_unreadable"})
# Of what tells an audit trail, or reads one; of what is recorded beside a streak.
_TRAIL: Final = Codes({"user_incomplete"})
_RECORDS: Final = A_USER | _TRAIL | {"erasing_unfinished"}
# Limits are the user's alone, by the user's own days, which the rules tell.
OF_THE_USER_ALONE: Final = _RULES | {"blocked", "quota_exceeded"}
_RECORDING: Final = _RECORDS | {"contention"} | OF_THE_USER_ALONE
# Of what is sent with a name for others.
_FRIEND: Final = Codes({"idempotency_key_reused", "name_not_allowed"})
ITS_OWN: Final = {
    "export_streak": A_USER | _TRAIL | {"erasing_unfinished", "contention"},
    "erase_streak": A_USER | _TRAIL | {"recent_sign_in_required", "contention", "blocked"},
    "list_audit_for_user": _TRAIL,
    "list_audit_of_everybody": _TRAIL,
    "get_quotas_for_user": _RECORDS | _RULES,
    "list_usage_for_user": _RECORDS | {"contention"},
    "get_report": Codes(),
    "get_profile": _RECORDS,
    "change_profile": _RECORDING,
    "note": _RECORDING | {"idempotency_key_reused"},
    "add_message": _RECORDING | {"idempotency_key_reused", "session_closed", "too_many_messages"},
    "count_usage": _RECORDING | {"idempotency_key_reused"},
    "make_idea": _RECORDING | {"idempotency_key_reused", "too_many_ideas", "idea_not_found"},
    "mark_idea": _RECORDING | {"idea_not_found"},
    "refine_idea": _RECORDING | {"idempotency_key_reused", "too_many_refinements", "idea_not_found"},
    "add_record": _RECORDING | {"idempotency_key_reused", "unknown_kind", "too_many_records", "record_not_found"},
    "list_records": _RECORDS | {"unknown_kind"},
    "delete_record": _RECORDS | {"contention", "record_not_found", "unknown_kind"},
    "list_ideas": _RECORDS,
    "get_idea": _RECORDS | {"idea_not_found"},
    "delete_idea": _RECORDS | {"contention", "idea_not_found"},
    "list_friends": A_USER | _RULES | {"erasing_unfinished"},
    "accept_invitation": _RECORDING
    | _FRIEND
    | {"invitation_not_found", "own_invitation", "already_friends", "too_many_friends", "friend_not_found"},
    "list_invitations": _RECORDS,
    "invite_friend": _RECORDING | _FRIEND | {"too_many_invitations", "invitation_not_found"},
    "withdraw_invitation": _RECORDS | {"invitation_not_found"},
    "list_blocks": _RECORDS,
    "unblock_friend": _RECORDS | {"block_not_found"},
    "end_friend": _RECORDS | {"friend_not_found"},
    "block_friend": _RECORDS | {"friend_not_found", "too_many_blocks"},
    "list_messages": _RECORDS | {"session_not_found"},
    "list_conversations": _RECORDS,
    "delete_conversation": _RECORDS | {"contention", "session_not_found"},
    "get_health": Codes(),
    "get_database_health": _TOKEN | {"database_unavailable", "stored_by_newer_version"},
    "run_maintenance": _RULES | {"already_running", "queue_unavailable", "run_unreadable", "contention"},
    "run_reminders": _RULES
    | {"already_running", "queue_unavailable", "reminders_unavailable", "run_unreadable", "contention"},
    "send_notice": _RULES | {"mail_unavailable", "notice_not_noted", "notice_not_written", "push_unavailable"},
    **dict.fromkeys(("tell_webhooks", "outbox_written"), Codes({"queue_unavailable"})),
    "list_notices": A_USER | {"erasing_unfinished"},
    "read_notices": A_USER | _RULES | {"blocked", "rate_limited", "erasing_unfinished"},
    "register_device": A_USER
    | _RULES
    | {"blocked", "rate_limited", "erasing_unfinished", "nothing_chosen", "too_many_devices"},
    "take_device_away": A_USER | {"erasing_unfinished"},
    "back_up": Codes({"backup_failed", "backup_unavailable"}),
    "verify_backup": _RULES | {"backup_unavailable"},
    "list_policies": _POLICIES,
    "show_policy": _POLICIES | {"policy_not_found"},
    "withdraw_policy": _POLICIES | _TRAIL | {"policy_not_found", "policy_has_begun", "contention"},
    "publish_policy": _POLICIES
    | _TRAIL
    | {"too_soon", "tails_too_short", "too_many_policies", "reason_required", "not_available_yet", "contention"},
    "list_runs": Codes({"run_unreadable"}),
    "list_backups": Codes(),
    "list_amnesties": _AMNESTIES,
    "get_amnesty": _AMNESTIES | {"amnesty_not_found", "run_unreadable"},
    "declare_amnesty": _AMNESTIES
    | _TRAIL
    | {"too_many_amnesties", "reason_required", "not_available_yet", "contention"},
    "withdraw_amnesty": _AMNESTIES | _TRAIL | {"amnesty_not_found", "too_many_amnesties", "contention"},
    **dict.fromkeys(("find_users", "find_user_by_email"), _TRAIL | {"contention"}),
    "make_share": A_STREAK
    | {"contention", "blocked", "idempotency_key_reused", "nothing_to_share", "too_many_shares", "shared_too_often"},
    "list_shares": A_USER | _RULES | {"erasing_unfinished"},
    "revoke_share": A_USER | _RULES | {"erasing_unfinished", "contention", "share_not_found"},
    **dict.fromkeys(("get_share_page", "get_share_png", "get_share_svg"), Codes({"share_not_found"})),
    # Each part is refused by itself, but for what is wrong for all of them.
    "record_activities": A_COMMAND,
    "record_for_many": Codes(),
    "import_users": Codes({"reason_required"}),
    "grant_to_many": _RULES | {"reason_required"},
    "excuse_many": _RULES | {"reason_required"},
}
# What the name of a command or a condition is refused with, which no module of the domain says.
BESIDES: Final = {
    "record_activity": Codes({"activity_undone"}),
    "check_in": Codes({"activity_undone"}),
    "change_settings": Codes({"precondition_failed"}),
}
# What its command raises and this route can't: an activity that says too many zones is recorded all the same, a
# check-in is always now, and whoever names no pause means the one there is.
NEVER: Final = {
    "record_activity": Codes({"too_many_zone_changes"}),
    "check_in": Codes({"too_many_zone_changes", "occurred_in_the_future", "occurred_too_long_ago"}),
    "resume_streak": Codes({"pause_not_found"}),
}


class Modules:
    """The modules of the domain: what each defines, and where what it imports comes from."""

    def __init__(self) -> None:
        folder = ROOT.joinpath(*DOMAIN.split("."))
        self._defined: dict[str, dict[str, ast.stmt]] = {}
        self._imported: dict[str, dict[str, tuple[str, str]]] = {}
        for path in folder.rglob("*.py"):
            name = _module_of(path)
            importlib.import_module(name)
            tree = ast.parse(path.read_text(encoding="utf-8"))
            self._defined[name] = {
                one.name: one for one in tree.body if isinstance(one, ast.FunctionDef | ast.ClassDef)
            }
            self._imported[name] = {
                each.asname or each.name: (one.module, each.name)
                for one in ast.walk(tree)
                if isinstance(one, ast.ImportFrom) and one.module
                for each in one.names
            }
        self._refusals = {(one.__module__, one.__name__): one.code for one in _refusals(StreakError)}

    def codes(self, module: str, name: str) -> set[str]:
        """The codes of the refusals that a class or a function names, itself or in what it uses."""
        found: set[str] = set()
        seen: set[tuple[str, str]] = set()
        left = [(module, name)]
        while left:
            place = left.pop()
            if place in seen:
                continue
            seen.add(place)
            for used in _used_names(self._defined[place[0]][place[1]]):
                origin = self._origin(place[0], used)
                if origin in self._refusals:
                    found.add(self._refusals[origin])
                elif origin is not None:
                    left.append(origin)
        return found

    def _origin(self, module: str, name: str) -> tuple[str, str] | None:
        while name not in self._defined.get(module, {}):
            if name not in self._imported.get(module, {}):
                return None
            module, name = self._imported[module][name]
        return module, name


def _module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _refusals(kind: type[StreakError]) -> Iterator[type[StreakError]]:
    for one in kind.__subclasses__():
        if "code" in vars(one):
            yield one
        yield from _refusals(one)


def _used_names(node: ast.AST) -> Iterator[str]:
    """The names that code uses; those in annotations only say what is there."""
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns"}:
            continue
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, ast.Name):
                yield one.id
            elif isinstance(one, ast.AST):
                yield from _used_names(one)


@pytest.fixture(scope="module")
def modules() -> Modules:
    return Modules()


def documented(operation: contract.Operation) -> set[str]:
    """Every code that the contract lists of an operation."""
    answers = [contract.resolved(one, "")[0] for one in operation.content["responses"].values()]
    problems = [
        one["content"][contract.PROBLEM]["schema"] for one in answers if contract.PROBLEM in one.get("content", {})
    ]
    return {code for one in problems for code in one["properties"]["code"]["enum"]}


def _way_in(operation: contract.Operation, way: object) -> object:
    """How the route finds out who asks, where not all of its function do so alike."""
    if way is not whoever_asks:
        return way
    return anybody if operation.content.get("security") == [] else authenticated_user


def possible(operation: contract.Operation, modules: Modules) -> Codes:
    """Every code that the route can answer, as the code has it."""
    name, function = operation.content["operationId"], SEGMENTS[operation.path.split("/")[1]]
    is_own = "x-for-user" not in operation.content
    name = name if is_own else operation.content["x-for-user"]
    entry = importlib.import_module(f"functions.{function}").FUNCTION
    codes = ANYTHING | SIGNING_IN[_way_in(operation, entry.authenticate)] | FUNCTION.get(function, OF_USERS)
    if "requestBody" in operation.content:
        codes |= BODY
    if name in ITS_OWN:
        # What is recorded for a user counts for none of the user's limits.
        is_changed_for_user = not is_own and ITS_OWN[name] >= _RECORDING
        # A person who looks at what is personal is told of in the trail first.
        if not is_own and operation.method == "GET" and ITS_OWN[name] >= _RECORDS:
            codes |= {"contention"}
        return codes | ITS_OWN[name] - (OF_THE_USER_ALONE if is_changed_for_user else Codes())
    command = BY_OPERATION.get(name)
    if command is None:
        return codes | A_STREAK
    codes |= A_COMMAND | modules.codes(command.__module__, command.__name__) | BESIDES.get(name, Codes())
    limits = {"rate_limited", "blocked"} if function in {"streak", "notices", "challenges", "leaderboards"} else set()
    return codes - NEVER.get(name, Codes()) | limits


BY_OPERATION: Final = {
    one.content["operationId"]: next(each for each in COMMANDS if each.name == one.content["x-command"])
    for one in contract.OPERATIONS
    if "x-command" in one.content
}


@pytest.mark.parametrize("operation", contract.OPERATIONS, ids=lambda one: one.place)
def test_a_route_lists_the_codes_that_it_can_answer_and_no_other(
    operation: contract.Operation, modules: Modules
) -> None:
    assert sorted(documented(operation)) == sorted(possible(operation, modules))


def test_what_is_said_of_single_routes_is_of_routes_that_there_are() -> None:
    names = {one.content["operationId"] for one in contract.OPERATIONS}
    assert {*ITS_OWN, *BESIDES, *NEVER} <= names
    assert {*FUNCTION} <= {*FUNCTIONS}


def test_what_a_command_can_be_refused_with_is_found_in_what_it_uses(modules: Modules) -> None:
    repair, undo = BY_OPERATION["repair_streak"], BY_OPERATION["undo_activity"]
    assert {"nothing_to_repair", "repair_on_cooldown"} <= modules.codes(repair.__module__, repair.__name__)
    assert "undo_too_late" in modules.codes(undo.__module__, undo.__name__) - modules.codes(
        repair.__module__, repair.__name__
    )
