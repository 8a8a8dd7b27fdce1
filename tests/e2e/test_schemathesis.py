"""What schemathesis makes of the contract, sent to the served functions: signed in and not, and along the links."""

from __future__ import annotations

import uuid
from typing import Any, Final

import schemathesis
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from schemathesis.specs.openapi import checks as openapi_checks

from emulator.places import ROOT
from emulator.token import unsigned_token

# Left out of every other run, for the time it takes to load.
pytest_plugins: Final = ["schemathesis.pytest.plugin"]
SCHEMA: Final = schemathesis.openapi.from_path(ROOT / "openapi.yaml")
# Where every answer is the same refusal, to send each field at each of its bounds would take the time of all the rest.
REFUSED: Final = schemathesis.openapi.from_path(ROOT / "openapi.yaml")
REFUSED.config.phases.coverage.enabled = False
# All but these: `positive_data_acceptance` takes every 422 for malformed, and a day out of range is answered so too.
LEFT_OUT: Final[list[Any]] = [openapi_checks.positive_data_acceptance]

Case = schemathesis.Case[Any]
Response = schemathesis.Response
OPERATORS: Final = r"^/(admin|maintenance|reminders|backup)"
CASES_MAX: Final = 8
# Where every answer is the same refusal.
REFUSED_CASES_MAX: Final = 3
STEPS_MAX: Final = 12
LINE_MAX: Final = 60_000
WALKS: Final = (16, 32, 64)
LINKED: Final = r"^/(streak/(activities|update|reset|freezes|pauses?|events)|notices)(/|$)"
_BY_SEED: Final = settings(
    max_examples=CASES_MAX,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture],
)
_FEW_BY_SEED: Final = settings(_BY_SEED, max_examples=REFUSED_CASES_MAX)


def signed_in() -> dict[str, str]:
    """The header of a user of whom nothing is known, who is not an admin."""
    return {"Authorization": f"Bearer {unsigned_token(f'user-{uuid.uuid4().hex}')}"}


@SCHEMA.exclude(path_regex=OPERATORS).parametrize()
@_BY_SEED
def test_every_operation_keeps_to_the_contract(case: Case, served: str) -> None:
    answer = case.call_and_validate(base_url=served, headers=signed_in(), excluded_checks=LEFT_OUT)
    assert answer.status_code < 500


@REFUSED.include(path_regex=OPERATORS).parametrize()
@_FEW_BY_SEED
def test_whatever_somebody_else_sends_to_a_route_of_operators_is_refused(case: Case, served: str) -> None:
    answer = case.call_and_validate(base_url=served, headers=signed_in(), excluded_checks=LEFT_OUT)
    # A preflight is asked by a browser for nobody; with another token beside theirs, nobody is signed in.
    assert answer.status_code in ({204} if case.method == "OPTIONS" else {401, 403})


@REFUSED.exclude(path_regex="^/health").exclude(tag="shared pictures").parametrize()
@_FEW_BY_SEED
def test_without_a_token_nothing_is_told_whatever_is_sent(case: Case, served: str) -> None:
    answer = case.call(base_url=served, headers={"Authorization": ""})
    case.validate_response(answer, excluded_checks=LEFT_OUT)
    # A preflight never has a token.
    assert answer.status_code == (204 if case.method == "OPTIONS" else 401)


def test_the_links_lead_on(served: str) -> None:
    # All that is linked, without what lies below /admin: who is walking here has no role.
    schema = schemathesis.openapi.from_path(ROOT / "openapi.yaml").include(path_regex=LINKED)
    # What is refused leads nowhere.
    schema.config.generation.update(modes=[schemathesis.GenerationMode.POSITIVE])
    schema.config.update(base_url=served)
    walked: list[tuple[str, int]] = []

    class OneUser(schema.as_state_machine()):  # type: ignore[misc]  # made of the contract as the test runs
        def setup(self) -> None:
            self.headers = signed_in()

        def get_call_kwargs(self, case: Case) -> dict[str, Any]:
            del case
            return {"headers": self.headers}

        def validate_response(self, response: Response, case: Case, **more: Any) -> None:
            walked.append((case.operation.label, response.status_code))
            del more
            # A line that is too long for the server that receives requests reaches no function.
            if len(response.request.url or "") < LINE_MAX:
                case.validate_response(response, excluded_checks=LEFT_OUT)

    led_to = {("POST /streak/activities", 201), ("DELETE /streak/activities/{activity_id}", 200)}
    # What is drawn hangs on the constants of all modules that are loaded, so on the other tests of a run: where the
    # first walks were led nowhere, some more are taken.
    for walks in WALKS:
        bounded = settings(_BY_SEED, max_examples=walks, stateful_step_count=STEPS_MAX)
        run_state_machine_as_test(OneUser, settings=bounded)
        if led_to <= set(walked):
            break
    assert led_to <= set(walked)
