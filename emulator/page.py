"""The files that the pages are made of, and how they are answered locally. Must not know what a page does."""

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
# The page of operators, whose folder is served under another name: what begins with /admin is the function's.
ADMIN_INDEX: Final = f"operators/{INDEX}"
# Of these folders pages load, each with its place on the site; what else lies beside them are tests and tools.
_FOLDERS: Final = {
    **{name: name for name in ("app", "app/local", "client/src", "components/src")},
    "admin": "operators",
    "admin/local": "operators/local",
}
# Said here: what the machine itself knows of names differs, and a browser runs no script of a wrong type.
_TYPES: Final = {".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".svg": "image/svg+xml"}
# As firebase.json says of Hosting: what was changed is seen at once, and nobody frames what a tap decides.
_HEADERS: Final = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY"}


def page_files() -> dict[str, Path]:
    """Each file of the pages by its path on the site."""
    files = {
        f"{place}/{path.name}": path
        for folder, place in _FOLDERS.items()
        for path in (WEB / folder).iterdir()
        if path.suffix in _TYPES
    }
    # It leads the other files by where it is served.
    return {INDEX: files.pop(f"app/{INDEX}"), **files}


def file_name(path: str) -> str:
    """The file that a path of the site is of: a folder's is the page that is in it."""
    name = path.removeprefix("/")
    return f"{name}{INDEX}" if name in {"", ADMIN_INDEX.removesuffix(INDEX)} else name


def page_answer(environ: "WSGIEnvironment", project: str = PROJECT) -> Response | None:
    """The file that was asked for; None where that is none, or something else is wanted of it."""
    # As it was sent: the library makes one slash of several.
    name = file_name(environ["PATH_INFO"])
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
