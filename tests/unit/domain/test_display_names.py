"""Names that others see: what is taken, as what it is kept, and each refusal beside the nearest name that is taken."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streak_core.domain.display_names import (
    DIGITS_MAX,
    MARKS_MAX,
    NAME_LENGTH_MAX,
    NameNotAllowed,
    display_name,
)
from tests.support.thoroughness import examples

TAKEN = (
    "Ada",
    "a",
    "7",
    "🎉",
    "Zoë O\u2019Neill",
    "Jean-Luc",
    "J. R. R.",
    "Łukasz 99",
    "@ada",
    "Ada ❤",
    "Дмитрий",
    "Γιώργος",
    "מרים",
    "محمد ٢٠",
    "प्रिया",
    "ज़ीं",
    "ปริญญา",
    "山田はなこ",
    "らーめん",
    "佐々木 Ken",
    "Ada は",
    "김철수",
    "ㅋㅋ",
    "金さん",
    "Nguyễn",
    "a.b",
    "Kamehameha \u02bbOkina",
    "x" * NAME_LENGTH_MAX,
    "Ada 123456",
    "0171_23",
    "1,2,3,4,5,6",
    "1,2,3,4a5,6,7",
    "a\u3002b",
    "example\u3002 com",
    "娘\u3002",
    "ADMIN",
    "Kung!",
    "|Xam",
    "Ada ✗",
    "Ada ☐",
    "Ada ⭐",
    "🆗 Ada",
    "🇩🇪",
)

REFUSED = (
    ("", "1 to"),
    ("   ", "1 to"),
    ("x" * (NAME_LENGTH_MAX + 1), "at most 32"),
    ("x" * 100_000, "at most 32"),
    ("Ada\n", "control"),
    ("A\tda", "control"),
    ("A\u200dda", "U+200D"),
    ("\u0639\u0644\u06cc\u200c\u0631\u0636\u0627", "write a space"),
    ("👩\u200d💻", "next to each other"),
    ("A\u200eda", "control"),
    ("A\u202eda", "control"),
    ("A\u2066da", "control"),
    ("A\u00adda", "control"),
    ("A\u2028da", "control"),
    ("A\ue000", "control"),
    ("A\u0378", "control"),
    ("A\ud800", "control"),
    ("A\u3164", "nobody sees"),
    ("A\u2800", "nobody sees"),
    ("A\u034fd", "nobody sees"),
    ("A\U000e0101", "nobody sees"),
    ("A" + "\u0316" * (MARKS_MAX + 1), "accents"),
    ("\u0316A", "accents"),
    ("A \u0316", "accents"),
    ("\U0001d400da", "plain letters"),
    ("Ⓐda", "plain letters"),
    ("\uff41da", "plain letters"),
    ("Ada²", "plain letters"),
    ("ﬁn", "plain letters"),
    ("ᴀᴅᴍɪɴ", "plain letters"),
    ("\ua731am", "plain letters"),
    ("\u1d26", "plain letters"),
    ("\U0001f150da", "plain letters"),
    ("\U0001f170da", "plain letters"),
    ("Ada \u2776", "plain letters"),
    ("Ada \u24f5", "plain letters"),
    ("A\u20ddda", "plain letters"),
    ("A\u0336d\u0336a\u0336", "plain letters"),
    ("1\ufe0f\u20e3", "plain letters"),
    ("\u01c3Kung", "plain letters"),
    ("\u01c0Xam", "plain letters"),
    ("\u0298", "plain letters"),
    ("Ada ✓", "no tick"),
    ("Ada ✔", "no tick"),
    ("Ada \u2714\ufe0f", "no tick"),
    ("☑ Ada", "no tick"),
    ("✅", "no tick"),
    ("Ada \U0001f5f8", "no tick"),
    ("\u0410da", "one script"),
    ("Ad\u03b1", "one script"),
    ("Ada٢", "one script"),
    ("はな김", "one script"),
    ("Ада は", "one script"),
    ("...", "a letter"),
    ("_", "a letter"),
    ("ada@example.org", "e-mail"),
    ("a@b", "e-mail"),
    ("a\uff20b", "e-mail"),
    ("https://a", "link"),
    ("www.x", "link"),
    ("ada.com", "link"),
    ("ada\uff0ecom", "link"),
    ("example\u3002com", "link"),
    ("example\uff61com", "link"),
    ("www\u3002x", "link"),
    ("10\u30020\uff610.1", "link"),
    ("10.0.0.1", "link"),
    ("1234567", "telephone"),
    ("+49 30 12 34 5", "telephone"),
    ("Ada (030) 123-45", "telephone"),
    ("0171_234_5678", "telephone"),
    ("1,2,3,4,5,6,7", "telephone"),
    ("0171 ❤ 234", "telephone"),
)


@pytest.mark.parametrize("name", TAKEN)
def test_names_of_all_the_world_are_taken_as_they_are(name: str) -> None:
    assert display_name(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(("name", "why"), REFUSED)
def test_what_would_fool_or_disturb_others_is_refused_with_its_reason(name: str, why: str) -> None:
    with pytest.raises(NameNotAllowed) as refused:
        display_name(name, "their_name")
    [error] = refused.value.errors
    assert (refused.value.code, error.field) == ("name_not_allowed", "their_name")
    assert why in error.message


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("  Ada  ", "Ada"),
        ("Ada   Lovelace", "Ada Lovelace"),
        ("Ada\u00a0L", "Ada L"),
        ("花\u3000子", "花 子"),
        ("Zoe\u0308", "Zoë"),
        ("\u2764\ufe0f", "\u2764"),
        ("A" + "\u0316" * MARKS_MAX, "A" + "\u0316" * MARKS_MAX),
        ("1" * DIGITS_MAX, "1" * DIGITS_MAX),
    ],
)
def test_a_name_is_kept_composed_and_without_needless_spaces(sent: str, kept: str) -> None:
    assert display_name(sent) == kept


@examples(500)
@given(st.text(max_size=40))
def test_whatever_is_sent_is_refused_or_kept_as_something_that_stays_so(text: str) -> None:
    try:
        kept = display_name(text)
    except NameNotAllowed:
        return
    assert 1 <= len(kept) <= NAME_LENGTH_MAX
    assert kept == kept.strip() == unicodedata.normalize("NFC", kept)
    assert not any(unicodedata.category(one).startswith("C") for one in kept)
    assert display_name(kept) == kept


@examples(200)
@given(
    st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=10),
    st.text(alphabet="абвгдежзийклмноп", min_size=1, max_size=10),
)
def test_two_scripts_that_look_alike_are_never_one_name(latin: str, cyrillic: str) -> None:
    assert display_name(latin) == latin
    assert display_name(cyrillic) == cyrillic
    for mixed in (latin + cyrillic, f"{cyrillic} {latin}"):
        with pytest.raises(NameNotAllowed):
            display_name(mixed)
