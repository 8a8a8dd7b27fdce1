"""The page's files as the local server answers them: each under its own type, and nothing that lies beside them."""

from __future__ import annotations

import json

import pytest

from emulator.page import WEB, page_answer, page_files
from emulator.places import ROOT

INDEX = (WEB / "app" / "index.html").read_bytes()


def asked(path: str, method: str = "GET") -> tuple[int, str | None, bytes] | None:
    """Status, type and content; None where it is no matter of the page's."""
    answer = page_answer({"PATH_INFO": path, "REQUEST_METHOD": method})
    return None if answer is None else (answer.status_code, answer.content_type, answer.data)


def test_the_page_is_at_the_root_and_what_it_loads_below_it() -> None:
    assert asked("/") == asked("/index.html") == (200, "text/html; charset=utf-8", INDEX)
    for name, kind in (("app/app.js", "javascript"), ("app/app.css", "css"), ("client/src/index.js", "javascript")):
        assert asked(f"/{name}") == (200, f"text/{kind}; charset=utf-8", (WEB / name).read_bytes())


def test_the_page_of_operators_is_beside_it_and_not_where_the_function_admin_answers() -> None:
    index = (WEB / "admin" / "index.html").read_bytes()
    assert asked("/operators/") == asked("/operators/index.html") == (200, "text/html; charset=utf-8", index)
    for name in ("admin.js", "admin.css", "local/start.js"):
        assert asked(f"/operators/{name}") is not None
    assert not [name for name in page_files() if name.startswith("admin")]


@pytest.mark.parametrize(
    "path",
    ["/admin/", "/admin/index.html", "/operators", "/operators//", "/operators/test/views.test.js",
     "/app/test/views.test.js", "/client/package.json", "/app", "/app/", "//", "/app/../index.html", "/app/%2e%2e/x",
     "/components/src/index.d.ts", "/../Makefile", "/app/app.js/"],
)  # fmt: skip
def test_what_is_no_part_of_the_page_is_none_of_its_answers(path: str) -> None:
    assert asked(path) is None


def test_it_is_asked_for_and_nothing_else_is_done_to_it() -> None:
    assert asked("/", "HEAD") == asked("/")
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert asked("/", method) is None


def test_every_module_that_is_imported_is_one_of_its_files() -> None:
    files = page_files()
    loaded = set(files.values())
    for name, path in files.items():
        if path.suffix != ".js":
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith(("import ", "export ")) and (' from "./' in line or ' from "../' in line):
                wanted = (path.parent / line.rpartition('"')[0].rpartition('"')[2]).resolve()
                assert wanted in loaded, f"{name}: {line}"


def test_it_says_where_hosting_does_of_which_project_it_is() -> None:
    answer = page_answer({"PATH_INFO": "/__/firebase/init.json", "REQUEST_METHOD": "GET"}, "my-app")
    assert answer is not None
    assert (answer.content_type, answer.json) == ("application/json", {"projectId": "my-app"})
    assert answer.headers["Cache-Control"] == "no-cache"
    assert asked("/__/firebase/init.json", "POST") is None
    assert asked("/__/firebase/init.js") is None


def test_hosting_says_of_its_answers_what_the_local_server_does() -> None:
    (rule,) = json.loads((ROOT / "firebase.json").read_text(encoding="utf-8"))["hosting"]["headers"]
    told = {one["key"]: one["value"] for one in rule["headers"]}
    answer = page_answer({"PATH_INFO": "/", "REQUEST_METHOD": "GET"})
    assert answer is not None
    assert {name: answer.headers[name] for name in told} == told
