"""Reads and releases rules through the Firebase Rules API, unless they are what is released already.

It must not know what the rules say; Google's API compiles them and refuses what it can't.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tools.deploy.errors import DeploymentStopped
from tools.deploy.rules_text import FILE
from tools.deploy.settings import DEFAULT_DATABASE

if TYPE_CHECKING:
    from google.auth.transport.requests import AuthorizedSession

# As the firebase CLI calls it.
ENDPOINT: Final = os.environ.get("FIREBASE_RULES_URL") or "https://firebaserules.googleapis.com"
SCOPE: Final = "https://www.googleapis.com/auth/cloud-platform"
SECONDS_MAX: Final = 30


def session(project: str) -> AuthorizedSession:
    """A session with the credentials of this machine. Raises `DeploymentStopped`."""
    import google.auth
    from google.auth import exceptions
    from google.auth.transport.requests import AuthorizedSession

    try:
        credentials, _ = google.auth.default(scopes=[SCOPE], quota_project_id=project)
    except exceptions.DefaultCredentialsError as error:
        message = "no credentials for Google's APIs: run `gcloud auth application-default login`"
        raise DeploymentStopped(message) from error
    return AuthorizedSession(credentials)


@dataclass(frozen=True, kw_only=True)
class RulesOfDatabase:
    """The rules of one database of a project."""

    session: AuthorizedSession
    project: str
    database: str = DEFAULT_DATABASE
    endpoint: str = ENDPOINT

    def released(self) -> str | None:
        """What is in force; None where nothing is. Raises `DeploymentStopped`."""
        found = _call(self.session, "GET", f"{self._parent}/{self._release}")
        ruleset = _call(self.session, "GET", f"{self.endpoint}/v1/{found['rulesetName']}") if found else {}
        files = ruleset.get("source", {}).get("files", [])
        return "\n".join(one["content"] for one in files) if files else None

    def release(self, text: str) -> bool:
        """Put `text` into force; answers whether that changed anything. Raises `DeploymentStopped`."""
        if self.released() == text:
            return False
        source = {"source": {"files": [{"name": FILE, "content": text}]}}
        made = _call(self.session, "POST", f"{self._parent}/rulesets", source)
        named = {"name": f"projects/{self.project}/{self._release}", "rulesetName": made["name"]}
        if _call(self.session, "GET", f"{self._parent}/{self._release}"):
            _call(self.session, "PATCH", f"{self._parent}/{self._release}", {"release": named})
        else:
            _call(self.session, "POST", f"{self._parent}/releases", named)
        return True

    @property
    def _parent(self) -> str:
        return f"{self.endpoint}/v1/projects/{self.project}"

    @property
    def _release(self) -> str:
        """Each database but the default one has a release that ends with its name."""
        return "releases/cloud.firestore" + ("" if self.database == DEFAULT_DATABASE else f"/{self.database}")


def _call(session: AuthorizedSession, method: str, url: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """What is answered; nothing where what is to be read is not there."""
    import requests
    from google.auth import exceptions

    try:
        answer = session.request(method, url, json=body, timeout=SECONDS_MAX)
    except (requests.RequestException, exceptions.GoogleAuthError) as error:
        message = f"the Firebase Rules API does not answer: {error}"
        raise DeploymentStopped(message) from error
    # Where the API was never enabled nothing can have been released by it.
    is_off = answer.status_code == requests.codes.forbidden and "SERVICE_DISABLED" in answer.text
    if method == "GET" and (is_off or answer.status_code == requests.codes.not_found):
        return {}
    if not answer.ok:
        message = f"the Firebase Rules API refused {method} {url} with {answer.status_code}:\n{answer.text.strip()}"
        raise DeploymentStopped(message)
    content: dict[str, Any] = answer.json()
    return content
