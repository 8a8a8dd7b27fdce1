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
_NOT_FOUND: Final = 404
_REFUSED_MIN: Final = 400


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
    released = _call(session, "GET", f"{parent}/releases/{RELEASE}", may_be_missing=True)
    if released is not None:
        before = _call(session, "GET", f"{endpoint}/v1/{released['rulesetName']}", may_be_missing=True)
        if before is not None and _texts(before) == [text]:
            return False
    source = {"source": {"files": [{"name": FILE, "content": text}]}}
    made = _call(session, "POST", f"{parent}/rulesets", source)
    if made is None:
        message = "the Firebase Rules API made no ruleset"
        raise DeploymentStopped(message)
    named = {"name": f"projects/{project}/releases/{RELEASE}", "rulesetName": made["name"]}
    if released is None:
        _call(session, "POST", f"{parent}/releases", named)
    else:
        _call(session, "PATCH", f"{parent}/releases/{RELEASE}", {"release": named})
    return True


def _texts(ruleset: dict[str, Any]) -> list[str]:
    return [one["content"] for one in ruleset.get("source", {}).get("files", [])]


def _call(
    session: AuthorizedSession,
    method: str,
    url: str,
    body: dict[str, Any] | None = None,
    *,
    may_be_missing: bool = False,
) -> dict[str, Any] | None:
    import requests
    from google.auth import exceptions

    try:
        answer = session.request(method, url, json=body, timeout=SECONDS_MAX)
    except (requests.RequestException, exceptions.GoogleAuthError) as error:
        message = f"the Firebase Rules API does not answer: {error}"
        raise DeploymentStopped(message) from error
    if answer.status_code == _NOT_FOUND and may_be_missing:
        return None
    if answer.status_code >= _REFUSED_MIN:
        message = f"the Firebase Rules API refused {method} {url} with {answer.status_code}:\n{answer.text.strip()}"
        raise DeploymentStopped(message)
    content: dict[str, Any] = answer.json()
    return content
