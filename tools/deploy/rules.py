"""Releases firestore.rules through the Firebase Rules API, unless they are what is released already.

It must not know what the rules say; Google's API compiles them and refuses what it can't.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tools.deploy.errors import DeploymentStopped

if TYPE_CHECKING:
    from google.auth.transport.requests import AuthorizedSession

ENDPOINT: Final = "https://firebaserules.googleapis.com"
SCOPE: Final = "https://www.googleapis.com/auth/cloud-platform"
FILE: Final = "firestore.rules"
RELEASE: Final = "cloud.firestore"
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


def release(session: AuthorizedSession, project: str, text: str, endpoint: str = ENDPOINT) -> bool:
    """Make `text` the rules of the project's database; answers whether that changed anything.

    Raises `DeploymentStopped`.
    """
    parent = f"{endpoint}/v1/projects/{project}"
    released = _call(session, "GET", f"{parent}/releases/{RELEASE}")
    if released:
        before = _call(session, "GET", f"{endpoint}/v1/{released['rulesetName']}")
        if [one["content"] for one in before.get("source", {}).get("files", [])] == [text]:
            return False
    source = {"source": {"files": [{"name": FILE, "content": text}]}}
    made = _call(session, "POST", f"{parent}/rulesets", source)
    named = {"name": f"projects/{project}/releases/{RELEASE}", "rulesetName": made["name"]}
    if released:
        _call(session, "PATCH", f"{parent}/releases/{RELEASE}", {"release": named})
    else:
        _call(session, "POST", f"{parent}/releases", named)
    return True


def _call(session: AuthorizedSession, method: str, url: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """What is answered; nothing where what is to be read is not there."""
    import requests
    from google.auth import exceptions

    try:
        answer = session.request(method, url, json=body, timeout=SECONDS_MAX)
    except (requests.RequestException, exceptions.GoogleAuthError) as error:
        message = f"the Firebase Rules API does not answer: {error}"
        raise DeploymentStopped(message) from error
    if answer.status_code == requests.codes.not_found and method == "GET":
        return {}
    if not answer.ok:
        message = f"the Firebase Rules API refused {method} {url} with {answer.status_code}:\n{answer.text.strip()}"
        raise DeploymentStopped(message)
    content: dict[str, Any] = answer.json()
    return content
