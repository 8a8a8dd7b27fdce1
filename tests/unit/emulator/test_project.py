"""Which project is played locally. Must not start a server."""

import base64
import json

import pytest

from emulator.__main__ import main
from emulator.errors import SetupError
from emulator.project import requested_project
from emulator.token import PROJECT


@pytest.mark.parametrize(
    ("text", "project"),
    [("", PROJECT), (" ", PROJECT), ("my-app", "my-app"), ("demo-my-app-2", "demo-my-app-2"), ("a" * 30, "a" * 30)],
)
def test_a_project_is_named_or_the_usual_one(text: str, project: str) -> None:
    assert (
        requested_project({"PROJECT": text})
        == requested_project({"PROJECT": text, "GOOGLE_CLOUD_PROJECT": "x"})
        == project
    )
    assert requested_project({}) == PROJECT


@pytest.mark.parametrize(
    "text", ["my-ap", "a" * 31, "My-app", "my_app", "my-app-", "1my-app", "my app", "projects/my-app", "m\u00fc-app"]
)
def test_what_can_be_no_projects_id_is_refused_and_says_how_one_looks(text: str) -> None:
    with pytest.raises(SetupError, match=f"PROJECT={text} is not a project's id: .* as in PROJECT=demo-my-app"):
        requested_project({"PROJECT": text})


def test_the_printed_token_is_of_that_project(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def printed() -> tuple[int, str]:
        return main(["token", "--uid=ada"]), capsys.readouterr().out

    monkeypatch.setenv("PROJECT", "my-app")
    status, token = printed()
    part = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    assert (status, claims["aud"], claims["iss"]) == (0, "my-app", "https://securetoken.google.com/my-app")
    monkeypatch.setenv("PROJECT", "my_app")
    assert printed() == (1, "")
