"""The contract `openapi.yaml` as data: which operation a request is, and whether its answer is a documented one.

Must not know who asks or what any answer should say.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, unquote

import yaml
from jsonschema_rs import Draft202012Validator, Registry

from emulator.places import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

Json = Any

METHODS: Final = ("get", "put", "post", "delete", "patch")
PROBLEM: Final = "application/problem+json"
NDJSON: Final = "application/x-ndjson"
# What the edge answers before it knows an operation.
ELSEWHERE: Final = {401: "Unauthenticated", 404: "NotFound", 405: "MethodNotAllowed"}
# The functions that are not everybody's refuse who may not call before they look at the rest of the path.
_FOR_OPERATORS: Final = ("/admin/", "/maintenance/", "/reminders/", "/backup/")
_NOT_LET_IN: Final = {403: "Forbidden"}
# The codes of problems that name what is wrong, each by itself.
WITH_ERRORS: Final = frozenset({"invalid_request", "unknown_parameter", "configuration_wrong", "name_not_allowed"})

_URN: Final = "urn:contract"
# Words that only the inside of the program uses.
_INSIDE: Final = re.compile(r"Traceback|\.py\b|site-packages|/\w+/\w+/|\b[a-z]+\.[a-z]+\(|\b[A-Z][a-z]+[A-Z]\w\w+")


def _closed(schema: Json) -> Json:
    """The schema with every object that lists its properties closed: an answer with an undocumented field is found."""
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _closed(one) for name, one in schema.items()}
    if closed.get("type") == "object" and "properties" in closed:
        closed.setdefault("additionalProperties", False)
    return closed


# The loader in C, where there is one, takes a tenth of the time.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DOCUMENT: Final[Json] = yaml.load((ROOT / "openapi.yaml").read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506  (safe)
_REGISTRY: Final = Registry([(_URN, _closed(DOCUMENT))])


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One documented method and path; `place` is its JSON pointer."""

    method: str
    path: str
    place: str
    content: Json

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What its paths look like."""
        return re.compile(re.sub(r"\{\w+\}", "[^/]+", self.path))

    def matches(self, path: str) -> bool:
        """Whether a path is one of this operation's."""
        return self.pattern.fullmatch(path) is not None


def _operations() -> Iterator[Operation]:
    for path, item in DOCUMENT["paths"].items():
        for method in METHODS:
            if method in item:
                place = f"/paths/{path.replace('/', '~1')}/{method}"
                yield Operation(method=method.upper(), path=path, place=place, content=item[method])


OPERATIONS: Final = tuple(_operations())


def operation_of(method: str, path: str) -> Operation | None:
    """The operation that a request is; HEAD is GET without the body. A fixed path wins over one with a parameter.

    Of two with as many, the longer one does, which has more that is fixed.
    """
    named, decoded = "GET" if method == "HEAD" else method, unquote(path)
    found = [one for one in OPERATIONS if one.method == named and one.matches(decoded)]
    return min(found, key=lambda one: (one.path.count("{"), -len(one.path)), default=None)


# What a refusal may name: our own paths, with whatever stands in them.
_PATHS: Final = re.compile(
    "|".join(re.sub(r"\{\w+\}", r"[^/\\s]+", path) for path in sorted(DOCUMENT["paths"], key=len, reverse=True))
)


def resolved(content: Json, place: str) -> tuple[Json, str]:
    """What stands at a place, and the place it really stands at when it is a reference."""
    if "$ref" not in content:
        return content, place
    pointer: str = content["$ref"].removeprefix("#")
    target = DOCUMENT
    for name in pointer.strip("/").split("/"):
        target = target[unquote(name).replace("~1", "/")]
    return target, pointer


def fault(place: str, instance: Json) -> str | None:
    """Why JSON data does not fit the schema at a place of the contract; None when it does."""
    error = next(_validator(place).iter_errors(instance), None)
    return None if error is None else f"{'.'.join(map(str, ['$', *error.instance_path]))}: {error.message}"


@cache
def _validator(place: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"{_URN}#{quote(place)}"}, registry=_REGISTRY, validate_formats=True)


def request_fault(operation: Operation, body: Json) -> str | None:
    """Why a JSON body is not the documented one."""
    content, place = resolved(operation.content["requestBody"], f"{operation.place}/requestBody")
    assert list(content["content"]) == ["application/json"]
    return fault(f"{place}/content/application~1json/schema", body)


def check_answer(method: str, path: str, answer: httpx.Response) -> None:
    """Holds an answer to the contract: status, content type, headers, body, and that nothing of the inside shows."""
    documented, place = _documented(method, path, answer.status_code)
    for name, header in documented.get("headers", {}).items():
        _check_header(name, header, f"{place}/headers/{name}", answer)
    content = documented.get("content", {})
    if not content:
        assert answer.content == b""
        assert "content-type" not in answer.headers
        return
    media_type = answer.headers["content-type"]
    assert media_type in content
    if method == "HEAD":
        assert answer.content == b""
        return
    if media_type == NDJSON:
        _check_lines(content[NDJSON], f"{place}/content/{media_type.replace('/', '~1')}", answer)
        return
    if not media_type.endswith("json"):
        # A picture, or a page.
        assert answer.content
        return
    body = json.loads(answer.content)
    assert fault(f"{place}/content/{media_type.replace('/', '~1')}/schema", body) is None
    if media_type == PROBLEM:
        check_members(path, body)
        check_discreet(body)


def _check_lines(content: Json, place: str, answer: httpx.Response) -> None:
    """Holds each line to what the contract says of lines, and the number of them to what the last one says."""
    lines = [json.loads(line) for line in answer.content.splitlines()]
    _, place = resolved(content["x-lines"], f"{place}/x-lines")
    assert [found for line in lines if (found := fault(place, line))] == []
    assert lines[-1] == {"lines": len(lines)}


def check_members(path: str, problem: Json) -> None:
    """Holds the members that a problem has only with some codes to those."""
    assert ("errors" in problem) is (problem["code"] in WITH_ERRORS)
    is_of_database = problem["code"] == "database_unavailable" and path.rstrip("/") == "/health/database"
    assert {"database", "timestamp"} & problem.keys() == ({"database", "timestamp"} if is_of_database else set())


def check_discreet(problem: Json) -> None:
    """Holds what people read of a problem to saying nothing of the inside of the program."""
    said = [problem["detail"], problem["title"], *(one["message"] for one in problem.get("errors", []))]
    assert not [text for text in said if _INSIDE.search(_PATHS.sub("", text))]


def _documented(method: str, path: str, status: int) -> tuple[Json, str]:
    operation = operation_of(method, path)
    if operation is None:
        known = ELSEWHERE | _NOT_LET_IN if f"{unquote(path)}/".startswith(_FOR_OPERATORS) else ELSEWHERE
        assert status in known, f"{method} {path} is not documented, and answers {status}"
        return DOCUMENT["components"]["responses"][known[status]], f"/components/responses/{known[status]}"
    answers = operation.content["responses"]
    assert str(status) in answers, f"{method} {path} does not document status {status}"
    return resolved(answers[str(status)], f"{operation.place}/responses/{status}")


def _check_header(name: str, header: Json, place: str, answer: httpx.Response) -> None:
    header, place = resolved(header, place)
    if name not in answer.headers:
        assert not header.get("required"), f"the header {name} is missing"
        return
    assert fault(f"{place}/schema", answer.headers[name]) is None
