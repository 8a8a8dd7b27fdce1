"""The files that the page is made of, and how they are answered locally. Must not know what the page does."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from werkzeug.wrappers import Response

from emulator.places import ROOT
from emulator.token import PROJECT

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

WEB: Final = ROOT / "web"
INDEX: Final = "index.html"
# Where Hosting says of which project a site is.
CONFIGURATION: Final = "__/firebase/init.json"
# Of these folders a page loads; what else lies beside them are tests and tools.
_FOLDERS: Final = ("app", "app/local", "client/src", "components/src")
# Said here: what the machine itself knows of names differs, and a browser runs no script of a wrong type.
_TYPES: Final = {".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".svg": "image/svg+xml"}
# As firebase.json says of Hosting: what was changed is seen at once, and nobody frames what a tap decides.
_HEADERS: Final = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY"}


def page_files() -> dict[str, Path]:
    """Each file of the page by its path on the site."""
    found = (path for folder in _FOLDERS for path in (WEB / folder).iterdir() if path.suffix in _TYPES)
    files = {path.relative_to(WEB).as_posix(): path for path in found}
    # It leads the other files by where it is served.
    return {INDEX: files.pop(f"app/{INDEX}"), **files}


def page_answer(environ: "WSGIEnvironment", project: str = PROJECT) -> Response | None:
    """The file that was asked for; None where that is none, or something else is wanted of it."""
    # As it was sent: the library makes one slash of several.
    name = environ["PATH_INFO"].removeprefix("/") or INDEX
    path = page_files().get(name)
    if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
        return None
    if name == CONFIGURATION:
        answer = Response(json.dumps({"projectId": project}), content_type="application/json")
    elif path is not None:
        answer = Response(path.read_bytes(), content_type=f"{_TYPES[path.suffix]}; charset=utf-8")
    else:
        return None
    answer.headers.update(_HEADERS)
    answer.add_etag()
    answer.make_conditional(environ)
    return answer
