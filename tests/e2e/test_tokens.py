"""Tokens that are almost good, each next to a good one: signed with real keys, verified by Google's own code."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any, Final

import httpx
import jwt
import pytest

from emulator.firestore import FirestoreEmulator
from emulator.token import PROJECT
from functions.http.identity import CLOCK_SKEW_SECONDS
from tests.e2e.client import problem
from tests.e2e.google_stand_in import KEY_ID, GoogleStandIn, Key
from tests.e2e.one_function import OneFunction
from tests.e2e.verifying import AUDIENCE, JOB, SCHEDULER, USER, Verifying

# Wide enough for a slow machine, and on the right side of the allowance all the same.
NEAR: Final = CLOCK_SKEW_SECONDS - 7
FAR: Final = CLOCK_SKEW_SECONDS + 7
FUNCTIONS: Final[dict[str, dict[str, Any]]] = {"streak": USER, "maintenance": JOB}


def assert_refused(verifying: Verifying, token: str, *, function: str = "streak") -> None:
    """The token is refused, and without saying why."""
    answer = verifying.answer(function, token)
    assert problem(answer) == (401, "unauthenticated")
    assert answer.json()["detail"] == "A valid ID token is needed: Authorization: Bearer <token>."


def part(content: dict[str, Any]) -> str:
    """A part of a token."""
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def claims(**more: Any) -> dict[str, Any]:
    """The claims of a good token."""
    now = int(time.time())
    return {**USER, "sub": "ada", "iat": now - 60, "exp": now + 3600, **more}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_good_token_is_taken(verifying: Verifying, function: str) -> None:
    assert verifying.status(function, FUNCTIONS[function]) == 200


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(("late_seconds", "status"), [(NEAR, 200), (FAR, 401)])
def test_an_expired_token_is_taken_within_the_allowance_and_no_longer(
    verifying: Verifying, function: str, late_seconds: int, status: int
) -> None:
    assert verifying.status(function, FUNCTIONS[function] | {"exp": int(time.time()) - late_seconds}) == status


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(("early_seconds", "status"), [(NEAR, 200), (FAR, 401)])
def test_a_token_of_the_future_is_taken_within_the_allowance_and_no_earlier(
    verifying: Verifying, function: str, early_seconds: int, status: int
) -> None:
    assert verifying.status(function, FUNCTIONS[function] | {"iat": int(time.time()) + early_seconds}) == status


def test_a_token_of_another_project_is_refused(verifying: Verifying) -> None:
    elsewhere = {"iss": "https://securetoken.google.com/other", "aud": "other"}
    assert_refused(verifying, verifying.google.signing.token(elsewhere))
    assert_refused(verifying, verifying.google.signing.token({**USER, "iss": elsewhere["iss"]}))
    assert_refused(verifying, verifying.google.signing.token({**USER, "aud": elsewhere["aud"]}))


def test_a_token_for_several_audiences_is_refused(verifying: Verifying) -> None:
    assert_refused(verifying, verifying.google.signing.token({**USER, "aud": [PROJECT, "other"]}))


def test_a_token_without_a_signature_is_refused(verifying: Verifying) -> None:
    signature = verifying.google.signing.token(USER).rpartition(".")[2]
    for algorithm in ("none", "None", "NONE", "", None):
        for head in ({"alg": algorithm, "typ": "JWT"}, {"alg": algorithm, "typ": "JWT", "kid": KEY_ID}):
            assert_refused(verifying, f"{part(head)}.{part(claims())}.")
            assert_refused(verifying, f"{part(head)}.{part(claims())}.{signature}")
    assert_refused(verifying, f"{part({'alg': 'RS256', 'kid': KEY_ID})}.{part(claims())}.")


def test_the_public_key_is_no_shared_secret(verifying: Verifying) -> None:
    head, body = part({"alg": "HS256", "typ": "JWT", "kid": KEY_ID}), part(claims())
    for secret in (verifying.google.signing.certificate, json.dumps(verifying.google.signing.public), ""):
        code = hmac.new(secret.encode(), f"{head}.{body}".encode(), hashlib.sha256).digest()
        assert_refused(verifying, f"{head}.{body}.{base64.urlsafe_b64encode(code).rstrip(b'=').decode()}")


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256"])
def test_another_algorithm_is_refused_with_the_right_key_too(verifying: Verifying, algorithm: str) -> None:
    assert_refused(verifying, jwt.encode(claims(), verifying.google.signing.private, algorithm, {"kid": KEY_ID}))


@pytest.mark.parametrize("key_id", ["other", "../../stand-in", "stand-in\x00", "' OR 1=1 --", "k" * 2_000])
def test_an_unknown_key_id_is_refused(verifying: Verifying, key_id: str) -> None:
    for function in FUNCTIONS:
        assert_refused(verifying, verifying.google.signing.token(FUNCTIONS[function], key_id=key_id), function=function)


def test_a_token_without_a_key_id_is_refused(verifying: Verifying) -> None:
    assert_refused(verifying, verifying.google.signing.token(USER, key_id=None))


def test_a_key_that_the_token_brings_along_is_not_believed(verifying: Verifying) -> None:
    own = Key("own.example.com")
    for head in (
        {"jwk": own.public},
        {"jku": "https://evil.example.com/keys"},
        {"x5u": "https://evil.example.com/own.pem"},
    ):
        assert_refused(verifying, own.token(USER, **head))
        assert verifying.answer("streak", verifying.google.signing.token(USER, **head)).status_code == 200


@pytest.mark.parametrize(
    ("subject", "status"), [("", 401), ("u" * 129, 401), ("u" * 128, 200), (7, 401), (["ada"], 401)]
)
def test_a_subject_is_a_name_of_at_most_128_characters(verifying: Verifying, subject: Any, status: int) -> None:
    body = part(claims(sub=subject))
    head = part({"alg": "RS256", "typ": "JWT", "kid": KEY_ID})
    signature = jwt.algorithms.RSAAlgorithm(jwt.algorithms.RSAAlgorithm.SHA256)
    signed = signature.sign(f"{head}.{body}".encode(), signature.prepare_key(verifying.google.signing.private))  # type: ignore[arg-type]  # a private key
    token = f"{head}.{body}.{base64.urlsafe_b64encode(signed).rstrip(b'=').decode()}"
    assert verifying.answer("streak", token).status_code == status


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_token_with_one_character_changed_is_refused(verifying: Verifying, place: int) -> None:
    parts = verifying.google.signing.token(USER).split(".")
    middle = len(parts[place]) // 2
    other = "A" if parts[place][middle] != "A" else "B"
    parts[place] = parts[place][:middle] + other + parts[place][middle + 1 :]
    assert_refused(verifying, ".".join(parts))


def test_a_token_cut_off_anywhere_is_refused(verifying: Verifying) -> None:
    token = verifying.google.signing.token(USER)
    for length in (
        1,
        10,
        token.index("."),
        token.index(".") + 1,
        token.rindex("."),
        token.rindex(".") + 1,
        len(token) - 4,
    ):
        assert_refused(verifying, token[:length])


def test_a_session_cookie_and_a_custom_token_are_no_id_tokens(verifying: Verifying) -> None:
    signing = verifying.google.signing
    assert_refused(verifying, signing.token({**USER, "iss": f"https://session.firebase.google.com/{PROJECT}"}))
    audience = "https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit"
    account = "functions@demo-streak.iam.gserviceaccount.com"
    assert_refused(verifying, signing.token({"iss": account, "sub": account, "aud": audience, "uid": "ada"}))


def test_a_service_account_is_no_user_and_a_user_no_service_account(verifying: Verifying) -> None:
    assert_refused(verifying, verifying.google.signing.token(JOB))
    as_user = {**JOB, "iss": USER["iss"], "aud": USER["aud"]}
    answer = verifying.answer("maintenance", verifying.google.signing.token(as_user))
    assert problem(answer) == (403, "forbidden")
    assert_refused(verifying, verifying.google.signing.token(USER | {"iss": JOB["iss"]}), function="maintenance")


@pytest.mark.parametrize("issuer", ["", None, 7, ["https://accounts.google.com"], {"iss": 1}])
def test_an_issuer_that_is_no_text_chooses_no_verification(verifying: Verifying, issuer: Any) -> None:
    head = part({"alg": "RS256", "typ": "JWT", "kid": KEY_ID})
    assert_refused(verifying, f"{head}.{part(claims(iss=issuer))}.AAAA", function="maintenance")


def test_the_keys_are_fetched_once_however_many_tokens_come(
    emulator: FirestoreEmulator, http: httpx.Client, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with GoogleStandIn(tmp_path_factory.mktemp("google")) as google:
        google.cache_control = "public, max-age=3600"
        scheduled = {"MAINTENANCE_SERVICE_ACCOUNT": SCHEDULER, "MAINTENANCE_AUDIENCE": AUDIENCE}
        own = {"FIRESTORE_EMULATOR_HOST": emulator.host, **google.environment, **scheduled}
        with OneFunction("maintenance", own) as process:
            assert process.starts(), process.output()
            verifying = Verifying(google, {"maintenance": process.url}, http)
            for token in (google.signing.token(JOB), Key("stranger.example.com").token(JOB)) * 3:
                verifying.answer("maintenance", token)
            assert google.certificates_served == 1
            # Firebase's keys are others than those of service accounts: once more, for the first user's token.
            for key_id in ("a", "b", "c"):
                for claimed in (JOB, USER):
                    assert_refused(verifying, google.signing.token(claimed, key_id=key_id), function="maintenance")
            assert google.certificates_served == 2
