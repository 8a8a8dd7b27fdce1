"""The page about a shared picture, for people and for what shows previews of links. Must not know who asks for it.

It has no script, and is built as a tree of elements, so that no text can become anything but text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement, tostring

from streak_core.sharing import texts
from streak_core.sharing.picture import HEIGHT, WIDTH

if TYPE_CHECKING:
    from streak_core.sharing.snapshot import Snapshot

_LOOK: Final = (
    "html{background:#16181d}"
    "body{margin:0;min-height:100vh;display:grid;place-items:center}"
    "img{max-width:100%;height:auto}"
)
_LOCALES: Final = {"en": "en_GB", "de": "de_DE"}


def html(snapshot: Snapshot, url: str) -> bytes:
    """The page in UTF-8, also well-formed XML; `url` is its own, without an ending, and its picture's with one."""
    title = texts.title(snapshot)
    root = Element("html", {"lang": snapshot.language})
    head = SubElement(root, "head")
    SubElement(head, "meta", {"charset": "utf-8"})
    SubElement(head, "title").text = title
    SubElement(head, "meta", {"name": "viewport", "content": "width=device-width"})
    SubElement(head, "meta", {"name": "robots", "content": "noindex"})
    SubElement(head, "meta", {"name": "description", "content": texts.description(snapshot)})
    SubElement(head, "meta", {"name": "twitter:card", "content": "summary_large_image"})
    SubElement(head, "link", {"rel": "canonical", "href": url})
    graph = {
        "og:type": "website",
        "og:url": url,
        "og:title": title,
        "og:description": texts.description(snapshot),
        "og:locale": _LOCALES[snapshot.language],
        "og:image": f"{url}.png",
        "og:image:type": "image/png",
        "og:image:width": f"{WIDTH}",
        "og:image:height": f"{HEIGHT}",
        "og:image:alt": title,
    }
    for name, content in graph.items():
        SubElement(head, "meta", {"property": name, "content": content})
    SubElement(head, "style").text = _LOOK
    picture = {"src": f"{url}.png", "alt": title, "width": f"{WIDTH}", "height": f"{HEIGHT}"}
    SubElement(SubElement(root, "body"), "img", picture)
    return f"<!doctype html>\n{tostring(root, encoding='unicode')}".encode()
