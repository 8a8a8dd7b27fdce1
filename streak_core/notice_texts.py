"""What a notice says, in the language that the user chose. Must not know who sends it, or by which channel."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from string import Formatter
from typing import TYPE_CHECKING, Final

from streak_core.domain.notices import LANGUAGE, OFFERED, NoticeKind, is_language

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from streak_core.domain.notices import Notice

    Texts = Mapping[str, Mapping[str, Mapping[str, str]]]

FILE: Final = "notice_texts.toml"
# What a message of Firebase Cloud Messaging has room for, several times over.
CHARACTERS_MAX: Final = 500
TITLE: Final = "title"
BODY: Final = "body"
# In place of the body, where something is offered that would bring the streak back.
IF_OFFERED: Final = "body_if_offered"
# The numbers that each kind has.
NUMBERS: Final = {
    NoticeKind.REMINDER: frozenset({"current_streak", "freezes_available"}),
    NoticeKind.FREEZE_USED: frozenset({"freezes_available"}),
    NoticeKind.LAST_FREEZE_USED: frozenset({"freezes_available"}),
    NoticeKind.STREAK_BROKEN: frozenset({"length"}),
    NoticeKind.STREAK_RESTORED: frozenset({"length"}),
    NoticeKind.MILESTONE: frozenset({"length"}),
    NoticeKind.BONUS_EARNED: frozenset[str](),
}


class TextsError(ValueError):
    """The file of texts does not say what it must; the message names each problem with its place."""


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


def parse_texts(text: str) -> Texts:
    """The texts of an app's own, and for what those do not have the shipped ones. Raises `TextsError`."""
    try:
        own = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = f"is no TOML: {error}"
        raise TextsError(message) from error
    wrong = [problem for language, kinds in own.items() for problem in _wrong_of_language(language, kinds)]
    if wrong:
        raise TextsError("; ".join(wrong))
    shipped = shipped_texts()
    return {one: {**shipped.get(one, {}), **own.get(one, {})} for one in {**shipped, **own}}


def _wrong_of_language(language: str, kinds: object) -> Iterator[str]:
    if not is_language(language):
        yield f"{language}: must be a language such as en or pt-BR"
    if not isinstance(kinds, dict):
        yield f"{language}: must be a table of kinds"
        return
    for kind, said in kinds.items():
        place = f"{language}.{kind}"
        if kind not in set(NoticeKind):
            yield f"{place}: must be of {', '.join(NoticeKind)}"
        elif not isinstance(said, dict):
            yield f"{place}: must be a table with {TITLE} and {BODY}"
        else:
            yield from _wrong_of_kind(place, NoticeKind(kind), said)


def _wrong_of_kind(place: str, kind: NoticeKind, said: Mapping[str, object]) -> Iterator[str]:
    may_offer = kind is NoticeKind.STREAK_BROKEN
    for name in sorted({TITLE, BODY} - said.keys()):
        yield f"{place}.{name}: is missing"
    for name, text in said.items():
        if name not in {TITLE, BODY, *((IF_OFFERED,) if may_offer else ())}:
            yield f"{place}.{name}: is not known"
            continue
        numbers = NUMBERS[kind] | ({OFFERED} if name == IF_OFFERED else frozenset())
        if not isinstance(text, str) or not text.strip() or len(text) > CHARACTERS_MAX:
            yield f"{place}.{name}: must be a text of 1 to {CHARACTERS_MAX} characters"
        elif name == TITLE and not text.isprintable():
            yield f"{place}.{name}: must be one line"
        elif not _names_only(text, numbers):
            yield f"{place}.{name}: may have in braces: {', '.join(sorted(numbers)) or 'nothing'}"


def _names_only(text: str, numbers: frozenset[str]) -> bool:
    """Whether nothing stands in braces but those names as they are."""
    try:
        places = list(Formatter().parse(text))
    except ValueError:
        return False
    return all(name is None or (name in numbers and not form and not turned) for _, name, form, turned in places)


def message(notice: Notice, language: str, texts: Texts) -> Message:
    """The notice in that language, without its region where there is no text for that, else in English."""
    kind = notice.kind.value
    known = next(one for one in (language, language.partition("-")[0], LANGUAGE) if kind in texts.get(one, {}))
    said = texts[known][kind]
    body = said.get(IF_OFFERED, said[BODY]) if OFFERED in notice.details else said[BODY]
    title, body = (one.format_map(notice.details) for one in (said[TITLE], body))
    return Message(message_id=notice.notice_id, kind=kind, title=title, body=body)
