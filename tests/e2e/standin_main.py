"""Functions that only say who they are, for tests of what serves them. Must not know the project's own."""

import os
import time
from collections.abc import Callable
from typing import Any, Final

import flask
import functions_framework

from functions.catalogue import FUNCTIONS

SLOW_SECONDS: Final = 60


def _function(name: str) -> Callable[..., Any]:
    def answer(request: flask.Request) -> dict[str, Any]:
        if request.path.endswith("/slow"):
            time.sleep(SLOW_SECONDS)
        names = ("FIRESTORE_EMULATOR_HOST", "FIREBASE_AUTH_EMULATOR_HOST", "GOOGLE_CLOUD_PROJECT")
        return {
            "function": name,
            "path": request.path,
            "environment": {each: os.environ[each] for each in names},
        }

    answer.__name__ = name
    return functions_framework.http(answer)


globals().update({name: _function(name) for name in FUNCTIONS})
