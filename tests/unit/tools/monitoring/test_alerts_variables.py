"""What the files of monitoring leave open is filled in from the environment, and nothing else of them changes."""

from __future__ import annotations

from typing import Any

import pytest

from tools.deploy.schedule import missing_window
from tools.deploy.settings import SCHEDULE
from tools.monitoring.checks.alerts import ALERTS
from tools.monitoring.files import read_document
from tools.monitoring.variables import EXAMPLES, VARIABLES, VariableError, filled, placeholders

SET = {
    "NOTIFICATION_CHANNELS": "projects/p/notificationChannels/1, projects/p/notificationChannels/2",
    "PLAYBOOKS_URL": "https://example.com/playbooks",
    "HEALTH_HOST": "health-1.europe-west1.run.app",
}


def test_a_list_takes_the_place_of_its_item_and_a_text_that_of_its_name() -> None:
    document = {"channels": ["a", "${NOTIFICATION_CHANNELS}", "b"], "text": "see ${PLAYBOOKS_URL}/x.md", "number": 1}
    assert filled(document, SET) == {
        "channels": ["a", "projects/p/notificationChannels/1", "projects/p/notificationChannels/2", "b"],
        "text": "see https://example.com/playbooks/x.md",
        "number": 1,
    }


def test_googles_own_variables_stay() -> None:
    assert (
        filled("${policy.display_name} ${metric.label.function}", {})
        == "${policy.display_name} ${metric.label.function}"
    )


def test_tickets_go_where_everything_goes_unless_they_have_a_place_of_their_own() -> None:
    assert filled(["${TICKET_CHANNELS}"], SET) == SET["NOTIFICATION_CHANNELS"].split(", ")
    own = {**SET, "TICKET_CHANNELS": "projects/p/notificationChannels/3"}
    assert filled(["${TICKET_CHANNELS}"], own) == ["projects/p/notificationChannels/3"]


@pytest.mark.parametrize(
    ("content", "environ", "complaint"),
    [
        ("${HEALTH_HOST}", {}, "HEALTH_HOST: is not set"),
        ("${HEALTH_HOST}", {"HEALTH_HOST": " "}, "HEALTH_HOST: is not set"),
        ("${HEALTH_HOST}", {"HEALTH_HOST": "https://health.example.com"}, "'https://health.example.com' is not"),
        ("${MAINTENANCE_WINDOW}", {"MAINTENANCE_WINDOW": "3 hours"}, "MAINTENANCE_WINDOW: '3 hours' is not"),
        ("${PLAYBOOKS_URL}", {"PLAYBOOKS_URL": "docs/playbooks"}, "PLAYBOOKS_URL: 'docs/playbooks' is not"),
        ("${PLAYBOOKS_URL}", {"PLAYBOOKS_URL": "https://example.com/"}, "PLAYBOOKS_URL: 'https://example.com/' is not"),
        (["${NOTIFICATION_CHANNELS}"], {"NOTIFICATION_CHANNELS": "a@example.com"}, "'a@example.com' is not"),
        (["${NOTIFICATION_CHANNELS}"], {"NOTIFICATION_CHANNELS": "projects/p/notificationChannels/1,"}, "'' is not"),
        ("${PLAYBOOK_URL}", SET, "PLAYBOOK_URL: is no variable"),
    ],
)
def test_what_is_missing_malformed_or_unknown_is_named(content: Any, environ: dict[str, str], complaint: str) -> None:
    with pytest.raises(VariableError) as refused:
        filled(content, environ)
    assert complaint in str(refused.value)


def test_every_variable_is_used_and_a_filled_policy_has_none_left() -> None:
    uptime_checks = ALERTS.parent / "uptime_checks"
    documents = [read_document(path) for path in (*ALERTS.iterdir(), *uptime_checks.iterdir())]
    assert placeholders(documents) == {variable.name for variable in VARIABLES}
    assert placeholders(filled(documents, SET)) == set()


def test_what_has_a_default_need_not_be_set_and_a_list_without_one_is_empty() -> None:
    assert filled(["${NOTIFICATION_CHANNELS}", "${TICKET_CHANNELS}"], {}) == []
    assert filled("${PLAYBOOKS_URL}/x.md", {}) == "docs/playbooks/x.md"
    assert filled("[${MAINTENANCE_WINDOW}]", {}) == f"[{missing_window(SCHEDULE)}]"


def test_an_example_has_the_form_that_is_wanted() -> None:
    assert filled([f"${{{one.name}}}" for one in VARIABLES], EXAMPLES) == [*filter(None, EXAMPLES.values())]
