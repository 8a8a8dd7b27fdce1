"""The tokens are those that firebase-admin takes in emulator mode. Must not need a server."""

import subprocess
import sys
from collections.abc import Iterator

import firebase_admin
import firebase_admin.auth
import firebase_admin.credentials
import pytest
from google.auth.credentials import AnonymousCredentials

from emulator.__main__ import UID_LENGTH_MAX, main
from emulator.places import ROOT
from emulator.token import PROJECT, unsigned_token


class NoCredential(firebase_admin.credentials.Base):  # type: ignore[misc]
    """A token that is refused before its signature is looked at needs none."""

    def get_credential(self) -> AnonymousCredentials:
        return AnonymousCredentials()


@pytest.fixture
def firebase(monkeypatch: pytest.MonkeyPatch) -> Iterator[firebase_admin.App]:
    monkeypatch.setenv("FIREBASE_AUTH_EMULATOR_HOST", "127.0.0.1:9099")
    app = firebase_admin.initialize_app(NoCredential(), options={"projectId": PROJECT}, name="test_token")
    yield app
    firebase_admin.delete_app(app)


def test_firebase_admin_takes_the_token_for_its_user(firebase: firebase_admin.App) -> None:
    claims = firebase_admin.auth.verify_id_token(unsigned_token("ada"), app=firebase)
    assert claims["uid"] == "ada"
    assert "admin" not in claims


def test_a_token_may_expire_in_a_minute(firebase: firebase_admin.App, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["token", "--uid=ada", "--ttl=60"]) == 0
    claims = firebase_admin.auth.verify_id_token(capsys.readouterr().out.strip(), app=firebase)
    assert claims["exp"] - claims["iat"] == 70
    for wrong in ("0", "3601", "soon", ""):
        assert main(["token", "--uid=ada", f"--ttl={wrong}"]) == 2
        assert "TTL is a whole number" in capsys.readouterr().err
    assert main(["token", "--uid=ada", "--ttl=3600"]) == 0


def test_an_admin_has_the_admin_claim(firebase: firebase_admin.App) -> None:
    claims = firebase_admin.auth.verify_id_token(unsigned_token("ada", admin=True), app=firebase)
    assert claims["admin"] is True


def test_outside_emulator_mode_the_token_is_refused(
    firebase: firebase_admin.App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FIREBASE_AUTH_EMULATOR_HOST")
    with pytest.raises(firebase_admin.auth.InvalidIdTokenError):
        firebase_admin.auth.verify_id_token(unsigned_token("ada"), app=firebase)


@pytest.mark.parametrize("uid", ["a", "a" * UID_LENGTH_MAX])
def test_the_command_prints_the_token_alone(uid: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["token", f"--uid={uid}"]) == 0
    printed = capsys.readouterr().out
    assert printed.count(".") == 2
    assert printed.endswith(".\n")


@pytest.mark.parametrize("uid", ["", "a" * (UID_LENGTH_MAX + 1)])
def test_a_user_id_that_firebase_would_not_take_is_wrong_use(uid: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["token", f"--uid={uid}"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "make token UID=ada" in told.err


@pytest.mark.parametrize("arguments", [[], ["--help"], ["serve", "--help"], ["nonsense"]])
def test_the_command_line_explains_itself(arguments: list[str]) -> None:
    command = [sys.executable, "-m", "emulator", *arguments]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == (0 if "--help" in arguments else 2)
    assert "usage: python -m emulator" in answer.stdout + answer.stderr
