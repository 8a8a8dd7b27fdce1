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
    from collections.abc import Iterator, Mapping, Sequence

    from streak_core.domain.notices import Notice

    Texts = Mapping[str, Mapping[str, Mapping[str, str]]]

FILE: Final = "notice_texts.toml"
# What a message of Firebase Cloud Messaging has room for, several times over.
CHARACTERS_MAX: Final = 500
NAME_CHARACTERS_MAX: Final = 100
TITLE: Final = "title"
BODY: Final = "body"
# In place of the body, where something is offered that would bring the streak back.
IF_OFFERED: Final = "body_if_offered"
# Bodies that a kind can have besides, each said where the number that it is about is there, and is not 0.
FURTHER: Final[Mapping[NoticeKind, Mapping[str, str]]] = {
    NoticeKind.STREAK_BROKEN: {IF_OFFERED: OFFERED},
    NoticeKind.CHALLENGE_COMPLETED: {"body_if_xp": "xp", "body_if_freezes": "freezes"},
}
# What of a policy is called by a name of the app's, and in which tables of a language those names are.
NAMED: Final = {"achievement": "achievements", "challenge": "challenges"}
# The numbers and names that each kind has.
NUMBERS: Final = {
    NoticeKind.REMINDER: frozenset({"current_streak", "freezes_available"}),
    NoticeKind.FREEZE_USED: frozenset({"freezes_available"}),
    NoticeKind.LAST_FREEZE_USED: frozenset({"freezes_available"}),
    NoticeKind.STREAK_BROKEN: frozenset({"length"}),
    NoticeKind.STREAK_RESTORED: frozenset({"length"}),
    NoticeKind.MILESTONE: frozenset({"length"}),
    NoticeKind.BONUS_EARNED: frozenset[str](),
    NoticeKind.ACHIEVEMENT_UNLOCKED: frozenset({"achievement"}),
    NoticeKind.CHALLENGE_COMPLETED: frozenset({"challenge"}),
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
        if kind in NAMED.values():
            yield from _wrong_of_names(place, said)
        elif kind not in set(NoticeKind):
            yield f"{place}: must be of {', '.join((*NoticeKind, *NAMED.values()))}"
        elif not isinstance(said, dict):
            yield f"{place}: must be a table with {TITLE} and {BODY}"
        else:
            yield from _wrong_of_kind(place, NoticeKind(kind), said)


def _wrong_of_kind(place: str, kind: NoticeKind, said: Mapping[str, object]) -> Iterator[str]:
    further = FURTHER.get(kind, {})
    for name in sorted({TITLE, BODY} - said.keys()):
        yield f"{place}.{name}: is missing"
    for name, text in said.items():
        if name not in {TITLE, BODY, *further}:
            yield f"{place}.{name}: is not known"
            continue
        numbers = NUMBERS[kind] | ({further[name]} if name in further else frozenset())
        if not isinstance(text, str) or not text.strip() or len(text) > CHARACTERS_MAX:
            yield f"{place}.{name}: must be a text of 1 to {CHARACTERS_MAX} characters"
        elif name == TITLE and not text.isprintable():
            yield f"{place}.{name}: must be one line"
        elif not _names_only(text, numbers):
            yield f"{place}.{name}: may have in braces: {', '.join(sorted(numbers)) or 'nothing'}"


def _wrong_of_names(place: str, names: object) -> Iterator[str]:
    """Of what the app calls the achievements or the challenges of its policy."""
    if not isinstance(names, dict):
        yield f"{place}: must be a table of names"
        return
    for name, text in names.items():
        if not isinstance(text, str) or not text.strip() or len(text) > NAME_CHARACTERS_MAX or not text.isprintable():
            yield f"{place}.{name}: must be one line of 1 to {NAME_CHARACTERS_MAX} characters"


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
    spoken = [texts[one] for one in (language, language.partition("-")[0], LANGUAGE) if one in texts]
    said = next(one[kind] for one in spoken if kind in one)
    further = FURTHER.get(notice.kind, {})
    about = next((name for name, number in further.items() if name in said and notice.details.get(number)), BODY)
    names = {one: _name(notice, one, spoken) for one in NAMED if one in notice.details}
    title, body = (one.format_map({**notice.details, **names}) for one in (said[TITLE], said[about]))
    return Message(message_id=notice.notice_id, kind=kind, title=title, body=body)


def _name(notice: Notice, what: str, spoken: Sequence[Mapping[str, Mapping[str, str]]]) -> str:
    """What the app calls that of which the notice tells, else the name that the policy has for it, made readable."""
    name = str(notice.details[what])
    own = (kinds[NAMED[what]][name] for kinds in spoken if name in kinds.get(NAMED[what], {}))
    return next(own, name.capitalize().replace("_", " "))
