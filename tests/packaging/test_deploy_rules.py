"""Releasing firestore.rules, over real HTTP, to a Firebase Rules API that keeps its rulesets and its release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from google.auth.credentials import AnonymousCredentials
from google.auth.transport.requests import AuthorizedSession

from emulator.port import free_port
from tests.packaging.rules_api import RELEASE, RulesApi, released, serving
from tools.deploy import rules
from tools.deploy.errors import DeploymentStopped

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT: Final = "rules_version = '2';\n"


@pytest.fixture
def api() -> Iterator[RulesApi]:
    with serving() as server:
        yield server


def release(api_url: str, text: str, database: str = "(default)") -> bool:
    session = AuthorizedSession(AnonymousCredentials())
    return rules.RulesOfDatabase(session=session, project="demo-prod", database=database, endpoint=api_url).release(
        text
    )


def test_rules_are_released_the_first_time_and_when_they_change_and_not_again(api: RulesApi) -> None:
    assert release(api.url, TEXT) is True
    assert released(api) == TEXT
    assert release(api.url, TEXT) is False
    assert len(api.rulesets) == 1
    assert release(api.url, f"{TEXT}// changed\n") is True
    assert released(api) == f"{TEXT}// changed\n"


def test_another_database_has_rules_of_its_own(api: RulesApi) -> None:
    release(api.url, TEXT)
    assert release(api.url, f"{TEXT}// ours\n", database="unbroken") is True
    assert (released(api), released(api, f"{RELEASE}/unbroken")) == (TEXT, f"{TEXT}// ours\n")
    assert release(api.url, f"{TEXT}// ours\n", database="unbroken") is False


def test_rules_that_do_not_compile_leave_the_released_ones(api: RulesApi) -> None:
    release(api.url, TEXT)
    with pytest.raises(DeploymentStopped, match=r"(?s)400.*line 1: syntax"):
        release(api.url, "servic cloud.firestore {}")
    assert released(api) == TEXT


def test_a_release_whose_rules_are_gone_is_made_anew(api: RulesApi) -> None:
    release(api.url, TEXT)
    api.rulesets.clear()
    assert release(api.url, TEXT) is True
    assert released(api) == TEXT


def test_an_api_that_does_not_answer_stops_the_deployment() -> None:
    with pytest.raises(DeploymentStopped, match="does not answer"):
        release(f"http://127.0.0.1:{free_port()}", TEXT)
