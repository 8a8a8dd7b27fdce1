"""Programs on a machine that speaks Turkish, whose capital of i is none of ASCII. Must not set this process' locale."""

import os
import subprocess
import sys
from typing import Final

import pytest

from emulator.places import ROOT

TURKISH: Final = "tr_TR.UTF-8"
CAPITAL: Final = "import locale; locale.setlocale(locale.LC_CTYPE, ''); print(locale.getlocale()[0])"
NAMES: Final = """
import tools.monitoring
from google.cloud.monitoring_v3 import AlertPolicy
condition = AlertPolicy.Condition.PrometheusQueryLanguageCondition.pb()
print(condition.DESCRIPTOR.fields_by_name["evaluation_interval"].json_name)
"""
SHOWN: Final = "include Makefile\nshown: ; @echo $$LC_ALL\n"


def spoken(script: str) -> subprocess.CompletedProcess[str]:
    command, environment = [sys.executable, "-c", script], {**os.environ, "LC_ALL": TURKISH}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_the_names_of_alerts_are_those_that_google_reads() -> None:
    if spoken(CAPITAL).stdout.strip() != "tr_TR":
        pytest.skip(f"there is no {TURKISH}; on Debian: apt-get install locales, localedef -i tr_TR -f UTF-8 {TURKISH}")
    done = spoken(NAMES)
    assert done.stdout == "evaluationInterval\n", done.stderr


def test_make_lets_its_programs_speak_plainly() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    environment |= {"LC_ALL": TURKISH}
    done = subprocess.run(
        ["make", "-f", "-", "shown"], cwd=ROOT, env=environment, input=SHOWN, capture_output=True, text=True, check=True
    )
    assert done.stdout == "C.UTF-8\n"
