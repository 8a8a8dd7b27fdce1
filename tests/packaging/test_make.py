"""The Makefile's small promises. Must not start a server: tests/e2e does."""

import base64
import json
import os
import re
import subprocess
from typing import Any

import pytest

from emulator.places import ROOT


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make as a person does: not from inside another make."""
    outer = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "UID", "ADMIN"}
    environment = {name: value for name, value in os.environ.items() if name not in outer}
    return subprocess.run(["make", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def claims_of(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return claims


@pytest.mark.parametrize("arguments", [(), ("help",)])
def test_help_is_the_default_and_names_every_target_for_people(arguments: tuple[str, ...]) -> None:
    makefile = (ROOT / "Makefile").read_text()
    declared = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert declared is not None
    listed = re.findall(r"^  make ([\w-]+) ", make(*arguments).stdout, re.MULTILINE)
    # Those that only bring a Java, a Node, and what the client is tested with, are a part of others.
    assert sorted(listed) == sorted(set(declared[1].split()) - {"java", "node", "web-tools"})


@pytest.mark.parametrize("uid", ["ada", "two words", "it's", 'say "hi"', "a;b|c&d", "-x", "ada`id`", "\u00e9"])
def test_token_prints_the_token_of_that_very_user_alone(uid: str) -> None:
    answer = make("token", f"UID={uid}")
    assert answer.stdout.count("\n") == 1
    claims = claims_of(answer.stdout.strip())
    assert claims["sub"] == uid
    assert "admin" not in claims


@pytest.mark.parametrize(("admin", "claimed"), [("1", True), ("0", False), ("", False)])
def test_token_has_the_admin_claim_when_asked(admin: str, *, claimed: bool) -> None:
    claims = claims_of(make("token", "UID=ada", f"ADMIN={admin}", "PROJECT=my-app").stdout.strip())
    assert (claims.get("admin", False), claims["aud"]) == (claimed, "my-app")


def test_token_without_a_user_is_wrong_use() -> None:
    answer = make("token")
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert "as in: make token UID=ada" in answer.stderr
