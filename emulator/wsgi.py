"""Every function in one WSGI application, each made by functions-framework as in the cloud.

Must not know what the functions do, nor how they are served.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import functions_framework

from functions.catalogue import FUNCTIONS
from functions.http.logs import log_readably

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ANY_OTHER_PATH: Final = "streak"


def local_app(main: str) -> "WSGIApplication":
    """The functions that the file `main` defines; the first segment of a path says which one answers.

    The path stays whole, as behind a Hosting rewrite.
    """
    log_readably()
    apps: dict[str, WSGIApplication] = {each: functions_framework.create_app(each, main) for each in FUNCTIONS}

    def dispatch(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        first_segment = environ["PATH_INFO"].removeprefix("/").partition("/")[0]
        return apps.get(first_segment, apps[ANY_OTHER_PATH])(environ, start_response)

    return dispatch
