"""What the contract has of the policy and of the code is rendered in its place, for any policy."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from emulator.places import ROOT
from streak_core.config import shipped_policy
from streak_core.domain.policy import Policy, parse_policy
from tools.openapi.__main__ import main
from tools.openapi.rendering import BEGIN, END, LOADER, RenderingError, rendered, without_examples
from tools.openapi.sentences import SENTENCES, pattern

CONTRACT = (ROOT / "openapi.yaml").read_text(encoding="utf-8")
SHIPPED = (ROOT / "streak_core" / "policy.toml").read_text(encoding="utf-8")
RUN = """
[activity_types.run_finished]
category = "quiz"
counts = "when_xp"
[activity_types.run_finished.xp]
rule = "choice_from"
choice_field = "pace"
field = "km"
minimum = 0
maximum = 99
from = 5
choices = { slow = 1, fast = 2 }

"""


def fitness() -> Policy:
    """A policy with a type of its own, without quizzes, and with other numbers."""
    before, _, after = SHIPPED.partition("[activity_types.quiz_completed]")
    _, marker, rest = after.partition("[activity_types.evaluation_completed]")
    text = before + RUN + marker + rest
    return parse_policy(text.replace("undo_days_max = 14", "undo_days_max = 3").replace("held_max = 5", "held_max = 8"))


def schemas(text: str) -> Any:
    """The schemas of a contract."""
    return yaml.load(text, Loader=LOADER)["components"]["schemas"]  # noqa: S506 - safe


def test_a_type_of_an_apps_own_has_schemas_of_its_own_and_those_that_are_gone_have_none() -> None:
    found = schemas(rendered(CONTRACT, fitness()))
    assert found["ActivityBody"]["discriminator"]["mapping"]["run_finished"] == (
        "#/components/schemas/RunFinishedActivity"
    )
    assert found["RunFinishedMetadata"]["properties"] == {
        "pace": {"type": "string", "enum": ["slow", "fast"]},
        "km": {"type": "number", "minimum": 0, "maximum": 99},
    }
    assert "run_finished" in found["ActivityType"]["enum"]
    assert "QuizCompletedActivity" not in found
    assert "QuizCompletedActivity" in schemas(CONTRACT)


def test_rendering_twice_is_rendering_once_and_the_way_back_is_the_file() -> None:
    other = rendered(CONTRACT, fitness())
    assert other != CONTRACT
    assert rendered(other, fitness()) == other
    assert rendered(other, shipped_policy()) == CONTRACT


@pytest.mark.parametrize("sentence", SENTENCES)
def test_each_sentence_with_a_number_of_the_policy_stands_in_the_contract(sentence: str) -> None:
    assert pattern(sentence).search(CONTRACT)


def test_the_numbers_in_sentences_are_the_policys() -> None:
    text = rendered(CONTRACT, fitness())
    assert "at most 8 are held" in text
    assert "Possible until 3 days" in text
    assert "Possible until 14 days" in CONTRACT
    # What another number of the policy says stays.
    assert "up to 14 days before" in text


def test_a_type_whose_schema_would_have_a_name_that_is_taken_is_refused() -> None:
    taken = SHIPPED + '[activity_types.listed]\ncounts = "always"\nxp = { rule = "flat", xp = 1 }\n'
    with pytest.raises(RenderingError, match="ListedActivity"):
        rendered(CONTRACT, parse_policy(taken))
    rendered(CONTRACT, parse_policy(taken.replace("activity_types.listed", "activity_types.listed_one")))


def test_a_contract_without_its_marks_is_refused_with_what_they_are() -> None:
    with pytest.raises(RenderingError, match="Here ends what is rendered"):
        rendered(CONTRACT.replace(END, ""), shipped_policy())
    with pytest.raises(RenderingError, match="these two lines once"):
        rendered(CONTRACT + BEGIN, shipped_policy())


def test_examples_are_left_out_and_a_property_of_that_name_is_not() -> None:
    text = yaml.safe_dump({"example": 1, "properties": {"example": {"type": "string", "example": "a"}}, "x": [{}]})
    assert yaml.safe_load(without_examples(text)) == {"properties": {"example": {"type": "string"}}, "x": [{}]}


def test_the_command_prints_the_contract_of_a_policy_and_says_what_is_wrong_with_one(
    tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.toml").write_text(SHIPPED, encoding="utf-8")
    assert main(["--policy", str(tmp_path / "mine.toml")]) == 0
    assert "QuizCompletedActivity" in schemas(capsys.readouterr().out)
    (tmp_path / "mine.toml").write_text("categories = []", encoding="utf-8")
    assert main(["--policy", str(tmp_path / "mine.toml")]) == 1
    assert "error: the policy is wrong:\ncategories" in capsys.readouterr().err
