"""A database under security rules, reached over REST as an app would, and the emulator's word on the rules.

Must not know what the rules should say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

import httpx

from emulator.token import Users, unsigned_token
from tests.support.projects import new_project

ADMIN: Final = {"Authorization": "Bearer owner"}
CHANGE: Final = {"fields": {"n": {"integerValue": "2"}}}

Json = Any


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who asks; a person without an id is not signed in."""

    uid: str | None
    is_admin: bool = False
    tenant: str | None = None
    # Sent in place of a good one.
    token: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        if self.uid is None:
            return {}
        token = self.token or unsigned_token(self.uid, admin=self.is_admin, of=Users(tenant=self.tenant))
        return {"Authorization": f"Bearer {token}"}


class RuledDatabase:
    """An empty database of its own; `ask` is under the rules, `put` is not."""

    def __init__(self, http: httpx.Client, host: str) -> None:
        """Uses the emulator at `host`."""
        self._http = http
        project = new_project()
        self._admin = f"http://{host}/emulator/v1/projects/{project}"
        self._root = f"projects/{project}/databases/(default)/documents"
        self._documents = f"http://{host}/v1/{self._root}"

    def load(self, rules: str) -> list[Json]:
        """Puts rules into force, and answers what the emulator finds wrong with them. Raises for a syntax error."""
        content = {"rules": {"files": [{"name": "firestore.rules", "content": rules}]}}
        answer = self._http.put(f"{self._admin}:securityRules", json=content)
        answer.raise_for_status()
        issues: list[Json] = answer.json().get("issues", [])
        return issues

    def coverage(self) -> list[Json]:
        """The emulator's report: a tree of expressions, each with its values until now."""
        answer = self._http.get(f"{self._admin}:ruleCoverage")
        answer.raise_for_status()
        report: list[Json] = answer.json()["report"]
        return report

    def put(self, path: str) -> None:
        """Writes a document, as the functions do."""
        self._commit(path, ADMIN).raise_for_status()

    def ask(self, who: Person, operation: str, path: str) -> int:
        """The status of an attempt; `operation` is the name of one of the methods below without its underscore."""
        attempt = getattr(self, f"_{operation}")
        answer: httpx.Response = attempt(path, who.headers)
        return answer.status_code

    def _get(self, path: str, headers: dict[str, str]) -> httpx.Response:
        return self._http.get(self._url(path), headers=headers)

    def _batch_get(self, path: str, headers: dict[str, str]) -> httpx.Response:
        names = {"documents": [f"{self._root}/{path}"]}
        return self._http.post(f"{self._documents}:batchGet", json=names, headers=headers)

    def _list(self, path: str, headers: dict[str, str]) -> httpx.Response:
        return self._http.get(self._url(path), headers=headers)

    def _query(self, path: str, headers: dict[str, str]) -> httpx.Response:
        return self._run(path, "runQuery", {"structuredQuery": _everything(path)}, headers)

    def _count(self, path: str, headers: dict[str, str]) -> httpx.Response:
        counted = {"structuredQuery": _everything(path), "aggregations": [{"alias": "n", "count": {}}]}
        return self._run(path, "runAggregationQuery", {"structuredAggregationQuery": counted}, headers)

    def _query_by_name(self, path: str, headers: dict[str, str]) -> httpx.Response:
        named = {"op": "EQUAL", "field": {"fieldPath": "__name__"}, "value": {"referenceValue": f"{self._root}/{path}"}}
        collection = path.rpartition("/")[0]
        query = {"structuredQuery": {**_everything(collection), "where": {"fieldFilter": named}}}
        return self._run(collection, "runQuery", query, headers)

    def _query_group(self, path: str, headers: dict[str, str]) -> httpx.Response:
        return self._run(path, "runQuery", {"structuredQuery": _everything(path, everywhere=True)}, headers)

    def _create(self, path: str, headers: dict[str, str]) -> httpx.Response:
        collection, _, name = path.rpartition("/")
        new = {"documentId": f"{name}-new"}
        return self._http.post(self._url(collection), params=new, json=CHANGE, headers=headers)

    def _set(self, path: str, headers: dict[str, str]) -> httpx.Response:
        return self._http.patch(self._url(path), json=CHANGE, headers=headers)

    def _update(self, path: str, headers: dict[str, str]) -> httpx.Response:
        known = {"currentDocument.exists": "true"}
        return self._http.patch(self._url(path), params=known, json=CHANGE, headers=headers)

    def _delete(self, path: str, headers: dict[str, str]) -> httpx.Response:
        return self._http.delete(self._url(path), headers=headers)

    def _commit(self, path: str, headers: dict[str, str]) -> httpx.Response:
        writes = {"writes": [{"update": {"name": f"{self._root}/{path}", **CHANGE}}]}
        return self._http.post(f"{self._documents}:commit", json=writes, headers=headers)

    def _run(self, path: str, method: str, body: Json, headers: dict[str, str]) -> httpx.Response:
        parent = path.rpartition("/")[0]
        where = self._url(parent) if parent else self._documents
        return self._http.post(f"{where}:{method}", json=body, headers=headers)

    def _url(self, path: str) -> str:
        # NOTE: the emulator decodes a path twice, so an id with a percent sign is only right in a body.
        return f"{self._documents}/{quote(path)}"


def _everything(path: str, *, everywhere: bool = False) -> Json:
    collection = path.rpartition("/")[2]
    return {"from": [{"collectionId": collection, "allDescendants": everywhere}], "limit": 10}
