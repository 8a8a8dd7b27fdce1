"""Functions that verify tokens for real, and who signs them. Must not know what is tested."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import httpx

from emulator.token import PROJECT
from testing import contract
from tests.e2e.google_stand_in import GoogleStandIn, Key

SCHEDULER: Final = "scheduler@demo-streak.iam.gserviceaccount.com"
AUDIENCE: Final = "https://europe-west1-demo-streak.cloudfunctions.net/maintenance"
USER: Final = {"iss": f"https://securetoken.google.com/{PROJECT}", "aud": PROJECT}
JOB: Final = {
    "iss": "https://accounts.google.com",
    "aud": AUDIENCE,
    "email": SCHEDULER,
    "email_verified": True,
    "sub": "1",
}
# What proves the app itself, and the header it is sent in.
APP_CHECK: Final = "X-Firebase-AppCheck"
APP: Final = {
    "iss": "https://firebaseappcheck.googleapis.com/123456",
    "aud": [f"projects/{PROJECT}", "projects/123456"],
    "sub": "1:123456:android:abc",
}


@dataclass(frozen=True)
class Verifying:
    """Functions that verify tokens for real, and the stand-in that signs them."""

    google: GoogleStandIn
    urls: dict[str, str]
    http: httpx.Client

    def answer(self, function: str, token: str) -> httpx.Response:
        """What a function answers to the bearer of a token."""
        method, path = ("GET", "/streak") if function == "streak" else ("POST", "/maintenance")
        answer = self.http.request(method, self.urls[function] + path, headers={"Authorization": f"Bearer {token}"})
        contract.check_answer(method, path, answer)
        return answer

    def status(self, function: str, claims: dict[str, Any], *, key: Key | None = None, **more: str) -> int:
        """The status of that answer, for a token with these claims."""
        return self.answer(function, (key or self.google.signing).token(claims, **more)).status_code
