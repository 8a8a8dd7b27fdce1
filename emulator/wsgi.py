"""Every function in one WSGI application, each made by functions-framework as in the cloud, and the page beside them.

Must not know what the functions do, nor how they are served.
"""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import functions_framework

from emulator.page import page_answer
from emulator.project import PROJECT_VARIABLE
from functions.catalogue import FUNCTIONS, SEGMENTS
from functions.http.logs import log_readably

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Who answers that there is nothing, and to anybody who is not signed in not even that; and at which path of its own.
_ELSEWHERE: Final = "streak"
_NOWHERE: Final = f"/{_ELSEWHERE}/nowhere"
# What the framework answers itself, whatever the function.
_FRAMEWORKS_OWN: Final = ("robots.txt", "favicon.ico")


def local_app(main: str) -> "WSGIApplication":
    """The functions that the file `main` defines; the first segment of a path says which one answers.

    The path stays whole, as behind a Hosting rewrite, which also has the page at its root.
    """
    log_readably()
    project = os.environ[PROJECT_VARIABLE]
    apps: dict[str, WSGIApplication] = {each: functions_framework.create_app(each, main) for each in FUNCTIONS}

    def dispatch(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        first_segment = environ["PATH_INFO"].removeprefix("/").partition("/")[0]
        if first_segment in SEGMENTS:
            return apps[SEGMENTS[first_segment]](environ, start_response)
        page = page_answer(environ, project)
        if page is not None:
            return page(environ, start_response)
        # A function at a host of its own also answers without its name; here that would be a path that is nowhere else.
        own = first_segment in _FRAMEWORKS_OWN
        return apps[_ELSEWHERE](environ if own else {**environ, "PATH_INFO": _NOWHERE}, start_response)

    return dispatch
