"""Shared pictures over HTTP: who makes and revokes them, and what everybody sees of them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

import httpx
import pytest

from testing import contract
from tests.e2e.client import MONDAY, User, problem, wrong_fields
from tests.e2e.one_function import OneFunction
from tests.support.png import pixels, size

if TYPE_CHECKING:
    from emulator.firestore import FirestoreEmulator

DAY: Final = timedelta(days=1)
HOSTILE: Final = '"/><script>alert(1)</script>&\u202e' + "x" * 5_000
SVG: Final = "{http://www.w3.org/2000/svg}"


class Stranger:
    """Somebody who is not signed in; every answer is held to the contract."""

    def __init__(self, http: httpx.Client, url: str) -> None:
        self._http, self._url = http, url

    def look(self, path: str, *, at: str = MONDAY, method: str = "GET", **headers: str) -> httpx.Response:
        sent = {"X-Simulated-Time": at, **{name.replace("_", "-"): value for name, value in headers.items()}}
        answer = self._http.request(method, f"{self._url}{path}", headers=sent)
        contract.check_answer(method, path, answer)
        return answer


@pytest.fixture
def stranger(http: httpx.Client, served: str) -> Stranger:
    """Somebody who is not signed in."""
    return Stranger(http, served)


def made(user: User, **body: Any) -> Any:
    """A picture of a user who was active today."""
    user.record()
    return user.do("POST", "/share", body)


def later(days: float) -> str:
    return (datetime.fromisoformat(MONDAY) + days * DAY).isoformat().replace("+00:00", "Z")


def test_a_picture_is_seen_by_everybody_in_each_of_its_forms(user: User, stranger: Stranger, served: str) -> None:
    share = made(user, name="Ada")
    path = f"/share/{share['share_id']}"
    assert (share["url"], share["png_url"], share["svg_url"]) == tuple(
        f"{served}{path}{ending}" for ending in ("", ".png", ".svg")
    )
    assert (share["created_at"], share["expires_at"]) == (MONDAY, later(30))
    assert (share["name"], share["current_streak"]) == ("Ada", 1)
    png, svg, page = (stranger.look(f"{path}{ending}") for ending in (".png", ".svg", ""))
    assert [one.headers["Content-Type"] for one in (png, svg, page)] == [
        "image/png",
        "image/svg+xml",
        "text/html; charset=utf-8",
    ]
    assert size(png.content) == (1200, 630)
    assert "Ada" in [one.text for one in ET.fromstring(svg.content).iter(f"{SVG}text")]  # noqa: S314 - ours
    assert f'property="og:image" content="{served}{path}.png"' in page.text
    assert f'rel="canonical" href="{served}{path}"' in page.text
    for one in (png, svg, page):
        assert one.headers["Cache-Control"] == "public, max-age=300"
        assert one.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert one.headers["X-Content-Type-Options"] == "nosniff"
        assert user.uid not in one.text
    assert stranger.look(f"{path}.png", method="HEAD").status_code == 200


def test_two_streaks_have_two_pictures_and_later_days_change_neither(user: User, stranger: Stranger) -> None:
    first = made(user)
    user.now = later(1)
    user.record()
    second = user.do("POST", "/share")
    seen = [stranger.look(f"/share/{one['share_id']}.png", at=later(2)).content for one in (first, second)]
    assert pixels(seen[0]) != pixels(seen[1])
    assert seen[0] == stranger.look(f"/share/{first['share_id']}.png").content


def test_no_name_is_shown_that_was_not_sent_and_a_hostile_one_is_text(user: User, stranger: Stranger) -> None:
    assert made(user)["name"] is None
    share = user.do("POST", "/share", {"name": HOSTILE, "language": "de"})
    assert share["name"] == '"/><script>alert(1)</script>&' + "x" * 10 + "…"
    page = stranger.look(f"/share/{share['share_id']}")
    assert "<script" not in page.text
    assert "Tag in Folge" in page.text
    svg = stranger.look(f"/share/{share['share_id']}.svg")
    assert share["name"] in [one.text for one in ET.fromstring(svg.content).iter(f"{SVG}text")]  # noqa: S314 - ours
    assert not list(ET.fromstring(svg.content).iter("script"))  # noqa: S314 - ours


def test_what_is_kept_is_not_sent_again_and_never_kept_past_its_end(user: User, stranger: Stranger) -> None:
    path = f"/share/{made(user)['share_id']}.png"
    tag = stranger.look(path).headers["ETag"]
    again = stranger.look(path, If_None_Match=tag)
    assert (again.status_code, again.headers["ETag"], again.headers["Cache-Control"]) == (
        304,
        tag,
        "public, max-age=300",
    )
    assert stranger.look(path, If_None_Match='"' + "0" * 32 + '"').status_code == 200
    almost = later(30 - 60 / 86_400)
    assert stranger.look(path, at=almost).headers["Cache-Control"] == "public, max-age=60"
    assert problem(stranger.look(path, at=later(30), If_None_Match=tag)) == (404, "share_not_found")


def test_what_is_revoked_is_found_by_nobody_not_even_by_who_has_its_tag(user: User, stranger: Stranger) -> None:
    share = made(user)
    path = f"/share/{share['share_id']}"
    tags = {ending: stranger.look(f"{path}{ending}").headers["ETag"] for ending in ("", ".png", ".svg")}
    assert user.get("/share") == {"shares": [share]}
    told = user.do("DELETE", path, at=later(1))
    assert told == {"share_id": share["share_id"], "revoked_at": later(1)}
    assert user.do("DELETE", path, at=later(2)) == told
    for ending, tag in tags.items():
        gone = stranger.look(f"{path}{ending}", If_None_Match=tag)
        assert problem(gone) == (404, "share_not_found")
        assert gone.headers["Cache-Control"] == "no-store"
    assert user.get("/share") == {"shares": []}


def test_only_who_is_signed_in_makes_lists_or_revokes_and_only_their_own(
    user: User, other: User, stranger: Stranger
) -> None:
    share = made(user)
    path = f"/share/{share['share_id']}"
    for method, where in (("POST", "/share"), ("GET", "/share"), ("DELETE", path)):
        assert problem(stranger.look(where, method=method)) == (401, "unauthenticated")
    assert other.refusal("DELETE", path) == (404, "share_not_found")
    assert other.get("/share") == {"shares": []}
    assert stranger.look(path).status_code == 200


@pytest.mark.parametrize("name", ["x", "9vD1VbN4cXoQ2m7r5sT0wA", "9vD1VbN4cXoQ2m7r5sT0wA.gif", "share", "..png", "%2e"])
def test_what_is_no_picture_is_not_found_by_anybody(stranger: Stranger, name: str) -> None:
    assert problem(stranger.look(f"/share/{name}")) == (404, "share_not_found")


def test_each_path_of_a_picture_tells_its_own_methods(http: httpx.Client, served: str) -> None:
    told = {ending: http.options(f"{served}/share/x{ending}").headers["Allow"] for ending in ("", ".png", ".svg")}
    assert told == {"": "DELETE, GET, HEAD, OPTIONS", ".png": "GET, HEAD, OPTIONS", ".svg": "GET, HEAD, OPTIONS"}
    assert http.options(f"{served}/share").headers["Allow"] == "GET, HEAD, POST, OPTIONS"


def test_the_same_key_makes_one_picture_and_with_another_name_it_is_refused(user: User) -> None:
    user.record()
    first = user.ask("POST", "/share", {"name": "Ada"}, key="k")
    again = user.ask("POST", "/share", {"name": "Ada"}, key="k")
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert (first.headers.get("Idempotent-Replayed"), again.headers["Idempotent-Replayed"]) == (None, "true")
    assert user.refusal("POST", "/share", {"name": "Eve"}, key="k") == (422, "idempotency_key_reused")
    assert len(user.get("/share")["shares"]) == 1


def test_there_are_twenty_at_most_and_as_many_an_hour(user: User) -> None:
    user.record()
    shares = [user.do("POST", "/share") for _ in range(20)]
    assert user.refusal("POST", "/share") == (409, "too_many_shares")
    user.do("DELETE", f"/share/{shares[0]['share_id']}")
    refused = user.ask("POST", "/share", at=later(0.5 / 24))
    assert problem(refused) == (429, "shared_too_often")
    assert refused.headers["Retry-After"] == "1800"
    assert user.do("POST", "/share", at=later(1 / 24))["share_id"] not in {one["share_id"] for one in shares}


@pytest.mark.parametrize(
    ("body", "field"), [({"name": 7}, "name"), ({"name": "x" * 10_001}, "name"), ({"language": "fr"}, "language")]
)
def test_what_is_asked_for_wrongly_is_refused_by_its_field(user: User, body: Any, field: str) -> None:
    assert wrong_fields(user.ask("POST", "/share", body)) == [field]


def test_who_did_nothing_has_nothing_to_share(user: User) -> None:
    assert user.refusal("POST", "/share") == (409, "nothing_to_share")


def test_who_is_erased_is_seen_no_more(user: User, stranger: Stranger) -> None:
    share = made(user, name="Ada")
    assert f'"share_id": "{share["share_id"]}"' in user.ask("GET", "/streak/export").text
    user.sign_in()
    assert user.ask("DELETE", "/streak").json()["finished"]
    assert problem(stranger.look(f"/share/{share['share_id']}")) == (404, "share_not_found")


def test_a_forged_host_is_in_no_link_of_a_picture(user: User, http: httpx.Client, emulator: FirestoreEmulator) -> None:
    share = made(user)
    own = {"FIRESTORE_EMULATOR_HOST": emulator.host, "STREAK_PUBLIC_URL": "https://app.example.com"}
    forged = {"Host": "evil.example.net", "X-Forwarded-Host": "evil.example.net", "Forwarded": "host=evil.example.net"}
    with OneFunction("share", own) as function:
        assert function.starts(), function.output()
        for ending in ("", ".svg"):
            path = f"{function.url}/share/{share['share_id']}{ending}"
            answer = http.get(path, headers={**forged, **at(MONDAY)})
            assert answer.status_code == 200
            assert "evil" not in answer.text + str(answer.headers)
        assert (
            'og:url" content="https://app.example.com/share/'
            in http.get(f"{function.url}/share/{share['share_id']}", headers={**forged, **at(MONDAY)}).text
        )


def test_a_function_of_its_own_answers_at_its_own_host_too(user: User, http: httpx.Client, served: str) -> None:
    share = made(user)
    answer = http.get(f"{served}/share/{share['share_id']}", headers={"Host": "app.example.com", **at(MONDAY)})
    assert re.search(r'og:url" content="http://app\.example\.com/share/', answer.text)


def at(moment: str) -> dict[str, str]:
    return {"X-Simulated-Time": moment}
