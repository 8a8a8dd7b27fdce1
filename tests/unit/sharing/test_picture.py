"""Any name on any picture: well-formed, told as it is drawn, and everything else where it was."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.places import ROOT
from streak_core.domain.model import Verdict
from streak_core.sharing.names import drawn, width
from streak_core.sharing.page import html
from streak_core.sharing.picture import CORE, FLAME, HEIGHT, MARGIN, SIGNS, WIDTH, svg
from streak_core.sharing.raster import png
from streak_core.sharing.snapshot import Language, Snapshot
from tests.support.png import pixels, size
from tests.support.thoroughness import examples
from tests.unit.sharing.snapshots import HOSTILE, NAMES, snapshot

SVG = "{http://www.w3.org/2000/svg}"
WEEKS = st.lists(st.sampled_from(Verdict), min_size=3, max_size=3).map(tuple)
URL = "https://app.example.com/share/9vD1VbN4cXoQ2m7r5sT0wA"
# Of a picture in which nothing else stands there.
NAME_ROWS = range(40, 140)


def texts_of(picture: bytes) -> list[ET.Element]:
    return list(ET.fromstring(picture).iter(f"{SVG}text"))  # noqa: S314 - it is our own


@examples(300)
@given(name=NAMES, streak=st.integers(0, 36_600), language=st.sampled_from(Language), week=WEEKS)
def test_a_name_is_one_text_more_as_it_is_drawn_and_has_room(
    name: str, streak: int, language: Language, week: tuple[Verdict, ...]
) -> None:
    named, plain = snapshot(name, streak, language, week), snapshot("", streak, language, week)
    found, others = texts_of(svg(named)), texts_of(svg(plain))
    if not drawn(name):
        assert svg(named) == svg(plain)
        return
    assert [one.text for one in found] == [drawn(name), *(one.text for one in others)]
    assert {one.tag for one in found[0].iter()} == {f"{SVG}text"}
    for one in found:
        room = float(one.attrib["font-size"]) * width(one.text or "")
        left = float(one.attrib["x"]) - {"start": 0, "middle": room / 2, "end": room}[one.attrib["text-anchor"]]
        assert left >= MARGIN - 1
        assert left + room <= WIDTH - MARGIN + 1


@examples(300)
@given(name=NAMES)
def test_a_page_is_well_formed_and_has_no_other_elements_whatever_the_name_is(name: str) -> None:
    page = html(snapshot(name), URL)
    root = ET.fromstring(page.removeprefix(b"<!doctype html>\n"))  # noqa: S314 - it is our own
    plain = ET.fromstring(html(snapshot(), URL).removeprefix(b"<!doctype html>\n"))  # noqa: S314
    assert [one.tag for one in root.iter()] == [one.tag for one in plain.iter()]
    assert not [one for one in root.iter() if one.tag in {"script", "iframe", "form"}]
    said = {one.attrib["property"]: one.attrib["content"] for one in root.iter("meta") if "property" in one.attrib}
    assert said["og:title"] == ("12 days in a row" if not drawn(name) else f"12 days in a row · {drawn(name)}")
    assert (said["og:image"], said["og:url"]) == (f"{URL}.png", URL)
    assert [one.attrib["href"] for one in root.iter("link")] == [URL]


def test_a_picture_loads_and_runs_nothing() -> None:
    text = svg(snapshot("Ada")).decode()
    assert not re.search(r"href|url\(|script|foreignObject|style|on\w+=|&#|<!", text)


def test_the_signs_are_those_that_the_elements_draw() -> None:
    source = (ROOT / "web" / "components" / "src" / "pictures.js").read_text(encoding="utf-8")
    paths = dict(re.findall(r"^  (\w+): \"(M[^\"]+)\"", source, re.MULTILINE))
    assert {verdict.value: path for verdict, path in SIGNS.items() if path} == {
        name: path for name, path in paths.items() if name != "award"
    }
    assert f'"{FLAME}"' in source
    assert f'"{CORE}"' in source


@pytest.fixture(scope="module")
def plain() -> list[bytes]:
    return pixels(png(svg(snapshot())))


def test_a_png_has_its_size_and_is_not_blank_and_two_streaks_differ(plain: list[bytes]) -> None:
    assert size(png(svg(snapshot()))) == (WIDTH, HEIGHT) == (1200, 630)
    colors = {row[place : place + 4] for row in plain[::9] for place in range(0, len(row), 4)}
    assert len(colors) > 20
    assert all(color[3] == 255 for color in colors)
    assert pixels(png(svg(snapshot(current_streak=13)))) != plain


@pytest.mark.parametrize("name", ["W" * 40, HOSTILE[4] + "علي שָׁלוֹם"])
def test_a_hostile_name_is_drawn_within_its_own_place(plain: list[bytes], name: str) -> None:
    found = pixels(png(svg(snapshot(name))))
    changed = [number for number, row in enumerate(found) if row != plain[number]]
    assert changed
    assert set(changed) <= set(NAME_ROWS)
    border = MARGIN * 4 - 8
    assert all(found[number][:border] == plain[number][:border] for number in NAME_ROWS)
    assert all(found[number][-border:] == plain[number][-border:] for number in NAME_ROWS)


def test_what_is_said_of_one_day_is_said_of_one() -> None:
    def words(one: Snapshot) -> list[str | None]:
        return [text.text for text in texts_of(svg(one))]

    assert "day in a row" in words(snapshot(current_streak=1))
    assert "days in a row" in words(snapshot(current_streak=0))
    assert {"next milestone", "7"} <= set(words(snapshot(current_streak=1)))
    assert {"milestone", "7"} <= set(words(snapshot(current_streak=12)))
    assert {"Tage in Folge", "Meilenstein", "Mi"} <= set(words(snapshot(language=Language.DE)))
