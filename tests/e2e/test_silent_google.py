"""Where Google takes a question and says nothing, nobody waits longer than ten seconds, whatever is asked of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

import httpx
import pytest

from tests.e2e.client import problem
from tests.e2e.google_stand_in import ACCOUNTS_HOST, APP_CHECK_HOST, CERTIFICATES_HOST, GoogleStandIn
from tests.e2e.one_function import OneFunction
from tests.e2e.verifying import APP, APP_CHECK, AUDIENCE, JOB, SCHEDULER, USER
from tests.support.unkept import HTTP

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from emulator.firestore import FirestoreEmulator

SECONDS_MAX: Final = 10.0
# More than are served at a time by the threads of one process, and more than would fit in ten seconds one by one.
AT_ONCE: Final = 12


@pytest.fixture
def google(tmp_path: Path) -> Iterator[GoogleStandIn]:
    with GoogleStandIn(tmp_path) as stand_in:
        yield stand_in


@pytest.fixture
def own(google: GoogleStandIn, emulator: FirestoreEmulator) -> dict[str, str]:
    checks = {"STREAK_CHECK_REVOKED": "on", "STREAK_APP_CHECK": "on"}
    scheduled = {"MAINTENANCE_SERVICE_ACCOUNT": SCHEDULER, "MAINTENANCE_AUDIENCE": AUDIENCE}
    return {
        "FIRESTORE_EMULATOR_HOST": emulator.host,
        "THREADS": str(AT_ONCE),
        **google.environment,
        **checks,
        **scheduled,
    }


def answers(url: str, google: GoogleStandIn, *uids: str) -> list[httpx.Response]:
    """What each of these users is answered, who all ask at once and wait no longer than is promised."""

    def ask(uid: str) -> httpx.Response:
        sign = google.signing.token
        headers = {"Authorization": f"Bearer {sign({**USER, 'sub': uid})}", APP_CHECK: sign(APP)}
        return HTTP.get(f"{url}/calendar", headers=headers, timeout=SECONDS_MAX)

    with ThreadPoolExecutor(len(uids)) as pool:
        return list(pool.map(ask, uids))


@pytest.mark.parametrize("host", [CERTIFICATES_HOST, APP_CHECK_HOST, ACCOUNTS_HOST])
def test_everybody_is_answered_in_time_and_let_in_when_google_speaks_again(
    google: GoogleStandIn, own: dict[str, str], host: str
) -> None:
    uids = [f"user-{number}" for number in range(AT_ONCE)]
    google.accounts.update({uid: {"validSince": "0"} for uid in [*uids, "after"]})
    google.silent_hosts.add(host)
    with OneFunction("calendar", own) as process:
        assert process.starts(), process.output()
        for answer in answers(process.url, google, *uids):
            assert problem(answer) == (503, "identity_unavailable")
        google.talk_again()
        assert [answer.status_code for answer in answers(process.url, google, "after")] == [200]


def test_the_scheduler_is_answered_in_time_too(google: GoogleStandIn, own: dict[str, str]) -> None:
    google.silent_hosts.add(CERTIFICATES_HOST)
    with OneFunction("maintenance", own) as process:
        assert process.starts(), process.output()
        headers = {"Authorization": f"Bearer {google.signing.token(JOB)}"}
        answer = HTTP.post(f"{process.url}/maintenance", headers=headers, timeout=SECONDS_MAX)
        assert problem(answer) == (503, "identity_unavailable")
        google.talk_again()
        assert HTTP.post(f"{process.url}/maintenance", headers=headers, timeout=60).status_code == 200


def test_keys_that_are_known_are_used_while_google_says_nothing(google: GoogleStandIn, own: dict[str, str]) -> None:
    google.accounts["ada"] = {"validSince": "0"}
    google.cache_control = "max-age=3600"
    with OneFunction("calendar", own) as process:
        assert process.starts(), process.output()
        assert [answer.status_code for answer in answers(process.url, google, "ada")] == [200]
        google.silent_hosts.update({CERTIFICATES_HOST, APP_CHECK_HOST, ACCOUNTS_HOST})
        assert [answer.status_code for answer in answers(process.url, google, *["ada"] * 4)] == [200] * 4
