"""Writes what the JavaScript client knows of the contract: the types of all routes, and their methods and paths.

Must not know how the client sends a request.

    python -m tools.client_contract    after each change of openapi.yaml; a test holds that it was done
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from testing.contract import DOCUMENT

ROOT: Final = Path(__file__).resolve().parent.parent
SOURCES: Final = ROOT / "web" / "client" / "src"
HEADER: Final = "// Made from openapi.yaml by `make client`; do not edit.\n"
METHODS: Final = ("get", "put", "post", "delete", "patch")
# What operators and servers call: no page of a user carries it.
FOR_OPERATORS: Final = {"for a user", "for users", "for everybody", "policies"}
# Called by Cloud Scheduler; shown by browsers.
LEFT_OUT: Final = {"maintenance", "shared pictures"}
WIDTH_MAX: Final = 110

Schema = dict[str, Any]


def camel(name: str) -> str:
    """A name of the contract as JavaScript writes it."""
    return re.sub(r"_([a-z])", lambda found: found[1].upper(), name)


def pascal(name: str) -> str:
    """The name of a type."""
    return name[0].upper() + name[1:]


class Contract:
    """The contract, and how each part of it is written as a type."""

    def __init__(self, document: Schema) -> None:
        self._document = document
        self.schemas: dict[str, Schema] = document["components"]["schemas"]

    def resolved(self, part: Schema) -> Schema:
        """What a part is, wherever it refers to."""
        while "$ref" in part:
            pointer, part = part["$ref"], self._document
            for name in pointer.removeprefix("#/").split("/"):
                part = part[name.replace("~1", "/").replace("%7B", "{").replace("%7D", "}")]
        return part

    def operations(self) -> Iterator[tuple[str, str, Schema]]:
        """Method, path and content of every operation that the client has."""
        for path, item in self._document["paths"].items():
            for method in METHODS:
                if method in item and not LEFT_OUT & set(item[method]["tags"]):
                    yield method, path, item[method]

    def type_of(self, schema: Schema) -> str:
        """A schema as a type."""
        if "$ref" in schema:
            name: str = schema["$ref"].rpartition("/")[2]
            return pascal(name) if name in self.schemas else self.type_of(self.resolved(schema))
        if "const" in schema:
            return json.dumps(schema["const"])
        if "enum" in schema:
            return " | ".join(json.dumps(one) for one in schema["enum"])
        if "anyOf" in schema:
            # The first is what is meant; the others are what is taken, too.
            return self.type_of(schema["anyOf"][0])
        if "allOf" in schema:
            return self._all_of(schema["allOf"])
        if "oneOf" in schema:
            return " | ".join(self.type_of(one) for one in schema["oneOf"])
        return " | ".join(self._plain(kind, schema) for kind in _listed(schema.get("type", "object")))

    def _plain(self, kind: str, schema: Schema) -> str:
        match kind:
            case "integer" | "number":
                return "number"
            case "string" | "boolean" | "null":
                return kind
            case "array":
                of = self.type_of(schema["items"])
                return f"({of})[]" if " " in of else f"{of}[]"
            case "object":
                return self._object(schema)
        raise ValueError(kind)

    def _object(self, schema: Schema) -> str:
        properties, required = schema.get("properties"), schema.get("required", ())
        if properties is None:
            return "Record<string, unknown>"
        if not properties:
            return "NoInput"
        return _braces(
            f"{camel(name)}{'' if name in required else '?'}: {self.type_of(one)}" for name, one in properties.items()
        )

    def _all_of(self, parts: list[Schema]) -> str:
        whole, *more = parts
        name = self.type_of(whole)
        for part in more:
            if "properties" in part:
                name += f" & {self.type_of(part)}"
            elif required := " | ".join(json.dumps(camel(one)) for one in part["required"]):
                name += f" & Required<Pick<{name}, {required}>>"
        return name

    def input_of(self, operation: Schema) -> str:
        """What a caller says: the names in the path, those of the query, and the body, in one object."""
        parameters = [self.resolved(one) for one in operation["parameters"]]
        named = [one for one in parameters if one["in"] in ("path", "query")]
        words = [
            f"{camel(one['name'])}{'' if one.get('required') else '?'}: {self.type_of(one['schema'])}" for one in named
        ]
        types = [_braces(words)] if words else []
        if "requestBody" in operation:
            body = self.type_of(self.resolved(operation["requestBody"])["content"]["application/json"]["schema"])
            types += [] if body == "EmptyBody" else [body]
        return " & ".join(types) or "NoInput"

    def answer_of(self, operation: Schema) -> str:
        """What is answered where all went well."""
        answers = [self.resolved(one)["content"] for status, one in operation["responses"].items() if status < "300"]
        # What is no JSON, an export say, is a text.
        return " | ".join(dict.fromkeys(self.type_of(next(iter(one.values()))["schema"]) for one in answers))

    def codes_of(self, operation: Schema) -> dict[str, int]:
        """The codes of its refusals, each with its status."""
        return {
            code: int(status)
            for status, one in operation["responses"].items()
            if status >= "400"
            for code in self._codes(self.resolved(one))
        }

    def edge_codes(self) -> dict[str, int]:
        """The codes of what is refused before an operation is known."""
        answers = self._document["components"]["responses"]
        named = {"NotFound": 404, "MethodNotAllowed": 405}
        return {code: status for name, status in named.items() for code in self._codes(answers[name])}

    def _codes(self, response: Schema) -> list[str]:
        schema = response["content"].get("application/problem+json", {}).get("schema", {})
        # They stand beside the reference to the one schema of problems.
        codes: list[str] = schema.get("properties", {}).get("code", {}).get("enum", [])
        return codes


def types_text(contract: Contract) -> str:
    """The file of types."""
    codes = contract.edge_codes()
    rows = []
    for method, _, operation in contract.operations():
        own = contract.codes_of(operation)
        codes |= own
        told = " | ".join(json.dumps(one) for one in sorted(own))
        rows.append(
            f"  /** {operation['summary']}. */\n  {camel(operation['operationId'])}: {{\n"
            f"    input: {contract.input_of(operation)};\n    answer: {contract.answer_of(operation)};\n"
            f"    codes: {told};\n    isForUser: {json.dumps(not FOR_OPERATORS.isdisjoint(operation['tags']))};\n"
            f"    isCommand: {json.dumps(method != 'get')};\n  }};\n"
        )
    schemas = "".join(
        f"{_comment(schema)}export type {pascal(name)} = {contract.type_of(schema)};\n"
        for name, schema in contract.schemas.items()
        if name != "EmptyBody" and not name.startswith(("Maintenance", "RunId"))
    )
    statuses = "".join(f"  {code}: {codes[code]};\n" for code in sorted(codes))
    return (
        f"{HEADER}\n/** Nothing is to be said. */\nexport type NoInput = {{ [name: string]: never }};\n\n{schemas}\n"
        f"/** The status that each code of a refusal comes with. */\nexport interface Statuses {{\n{statuses}}}\n\n"
        f"/** Every route by its name. */\nexport interface Operations {{\n{''.join(rows)}}}\n"
    )


def routes_text(contract: Contract, *, for_user: bool) -> str:
    """The file of methods and paths, with a word more for a command that has no key.

    What is sent beside the path is the query of a GET and the body of all others.
    """
    rows = []
    for method, path, operation in contract.operations():
        has_query = any(contract.resolved(one)["in"] == "query" for one in operation["parameters"])
        assert not has_query or method == "get", f"{method} {path} has a query: the client sends none"  # noqa: S101
        if (not FOR_OPERATORS.isdisjoint(operation["tags"])) is for_user:
            name, sent = camel(operation["operationId"]), re.sub(r"\{(\w+)\}", lambda one: f"{{{camel(one[1])}}}", path)
            has_key = any(contract.resolved(one)["name"] == "Idempotency-Key" for one in operation["parameters"])
            more = "" if has_key or method == "get" else " keyless"
            rows.append(f'  {name}: "{method.upper()} {sent}{more}",\n')
    name = "FOR_USER" if for_user else "ROUTES"
    return f"{HEADER}\nexport const {name} = /** @type {{const}} */ ({{\n{''.join(rows)}}});\n"


def texts() -> dict[str, str]:
    """All files that are made, by their names."""
    contract = Contract(DOCUMENT)
    return {
        "contract.d.ts": types_text(contract),
        "routes.js": routes_text(contract, for_user=False),
        "routes-for-user.js": routes_text(contract, for_user=True),
    }


def main() -> None:
    """Write them."""
    for name, text in texts().items():
        (SOURCES / name).write_text(text, encoding="utf-8")


def _listed(kind: str | list[str]) -> list[str]:
    return [kind] if isinstance(kind, str) else kind


def _braces(words: Iterator[str] | list[str]) -> str:
    listed = list(words)
    line = f"{{ {'; '.join(listed)} }}"
    if len(line) <= WIDTH_MAX and "\n" not in line:
        return line
    return "{\n" + "".join(f"  {one};\n" for one in listed) + "}"


def _comment(schema: Schema) -> str:
    told = " ".join(str(schema.get("description", "")).split()).replace("*/", "* /")
    return f"/** {told} */\n" if told else ""


if __name__ == "__main__":
    main()
