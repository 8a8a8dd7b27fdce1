"""What Google's services refuse, as one sentence that says what to do.

It must not know how the sentence is shown.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from google.api_core import exceptions
from google.auth.exceptions import GoogleAuthError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NO_CREDENTIALS: Final = (
    "no credentials that Google accepts; run: gcloud auth application-default login "
    "(in Cloud Build, give the build a service account)"
)
_UNANSWERED: Final = "{api} does not answer; run again, what is done already stays as it is"
_CHANGED: Final = "somebody else has just changed it ({said}); run again to compare with theirs"
_SENTENCES: Final[Mapping[type[Exception], str]] = {
    GoogleAuthError: NO_CREDENTIALS,
    exceptions.RetryError: _UNANSWERED,
    exceptions.PermissionDenied: (
        "permission denied in project {project} ({said}); whoever runs this needs {role}, as in: "
        "gcloud projects add-iam-policy-binding {project} --member=… --role={role}"
    ),
    exceptions.Unauthenticated: NO_CREDENTIALS,
    exceptions.NotFound: "not found ({said}); check the project, and run again if somebody has just deleted it",
    exceptions.AlreadyExists: "somebody else has just created it ({said}); run again to compare with theirs",
    exceptions.ResourceExhausted: (
        "a quota is used up ({said}); wait a minute and run again, or ask for more quota of {api}"
    ),
    exceptions.Aborted: _CHANGED,
    exceptions.FailedPrecondition: _CHANGED,
    exceptions.InvalidArgument: "refused as invalid ({said}); mend its file and run again",
    exceptions.ServiceUnavailable: _UNANSWERED,
    exceptions.DeadlineExceeded: _UNANSWERED,
    exceptions.InternalServerError: _UNANSWERED,
}
_DISABLED: Final = "its API is not enabled; run: gcloud services enable {api} --project={project}"
_METRIC_UNKNOWN: Final = (
    "a metric that it names is not known ({said}); a log metric is known some minutes after it is created: wait, and "
    "run again"
)


class Refusal(Exception):
    """It could not be done; the message says why, and what to do next."""


@contextmanager
def explained(action: str, project: str, *, api: str, role: str) -> Iterator[None]:
    """Turns what the service or the credentials refuse into a `Refusal`; `action` is as in "list dashboards".

    `api` is what must be enabled, and `role` is what whoever deploys must have.
    """
    try:
        yield
    except (exceptions.GoogleAPICallError, exceptions.RetryError, GoogleAuthError) as error:
        message = f"can't {action}: {_sentence(error).format(project=project, said=_said(error), api=api, role=role)}"
        raise Refusal(message) from error


def _said(error: Exception) -> str:
    return getattr(error, "message", "").strip().rstrip(".")


def _sentence(error: Exception) -> str:
    if getattr(error, "reason", None) == "SERVICE_DISABLED":
        return _DISABLED
    if "cannot find metric" in _said(error).lower():
        return _METRIC_UNKNOWN
    return next(
        (text for kind, text in _SENTENCES.items() if isinstance(error, kind)), f"{type(error).__name__}: {{said}}"
    )
