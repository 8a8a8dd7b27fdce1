"""What a notice says, in the language that the user chose. Must not know who sends it, or by which channel."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from streak_core.domain.notices import LANGUAGE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.domain.notices import Notice

    Texts = Mapping[str, Mapping[str, Mapping[str, str]]]

FILE: Final = "notice_texts.toml"


@dataclass(frozen=True, kw_only=True)
class Message:
    """What is sent: one of the same id takes the place of an earlier one."""

    message_id: str
    kind: str
    title: str
    body: str


@lru_cache(maxsize=1)
def shipped_texts() -> Texts:
    """The texts that the package ships, by language and kind."""
    return tomllib.loads(resources.files("streak_core").joinpath(FILE).read_text(encoding="utf-8"))


def message(notice: Notice, language: str) -> Message:
    """The notice in that language, without its region where there is no text for that, else in English."""
    texts = shipped_texts()
    known = next(one for one in (language, language.partition("-")[0], LANGUAGE) if one in texts)
    said = texts[known][notice.kind]
    title, body = (said[name].format_map(notice.details) for name in ("title", "body"))
    return Message(message_id=notice.notice_id, kind=notice.kind.value, title=title, body=body)
