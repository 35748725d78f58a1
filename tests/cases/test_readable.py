"""A text as it is read, with places in it as it is stored."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.folding import fold
from cases.identifiers import Identifier, Kind, Subject, normalise
from cases.readable import plain, readings, whole
from cases.subjects import Clue, SubjectIndex

ODD = "aKxzüßé \u0308\u0301\u0316\u093e\u00ad\u200b\u200d\ufe0f\u1100\u1161\u11a8한𝐉Ａﬁ😀👩🏽🇩🇪שַׁ"
TEXT = st.text(st.sampled_from(ODD), max_size=24) | st.text(max_size=24)


@given(TEXT)
def test_every_sign_that_is_read_has_a_place_and_no_sign_is_without_one(text: str) -> None:
    for reading in readings(text):
        places = [reading.place(at, at + 1) for at in range(len(reading.text))]
        assert all(0 <= start < end <= len(text) and (start, end) == whole(text, start, end) for start, end in places)
        assert places == sorted(places)
        covered = {at for place in places for at in range(*place)}
        alone = (sign for at, sign in enumerate(text) if at not in covered)
        assert all(unicodedata.category(sign)[0] == "M" or not plain(sign) for sign in alone)


@given(st.text(st.sampled_from("aKxzüßéñ \u0302Nạ̈한")))
def test_a_text_reads_the_same_however_it_is_stored(text: str) -> None:
    composed, apart = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert [one.text for one in readings(composed)] == [one.text for one in readings(apart)]
    assert (plain(composed), fold(composed)) == (plain(apart), fold(apart))


@pytest.mark.parametrize("text", ["Jule Arendt", "Käthe Bürger – 5 €", "Łukasz 日本 😀"])
def test_a_usual_text_is_read_as_it_is(text: str) -> None:
    (reading,) = readings(text)
    assert reading.text is text
    assert plain(text) == text


def test_what_is_not_seen_may_part_words_or_not() -> None:
    joined, parted = readings("Jule\u200bArendt\u00ad kam")
    assert (joined.text, parted.text) == ("JuleArendt kam", "Jule Arendt kam")
    assert joined.place(0, 10) == parted.place(0, 11) == (0, 12)


@pytest.mark.parametrize(
    ("text", "cut", "taken"),
    [
        ("Mu\u0308ller", (0, 2), "Mu\u0308"),
        ("Mu\u0308ller", (2, 3), "u\u0308"),
        ("x👩\u200d👩\u200d👧y", (1, 2), "👩\u200d👩\u200d👧"),
        ("x👩\u200d👩\u200d👧y", (5, 6), "👩\u200d👩\u200d👧"),
        ("👍🏽!", (0, 1), "👍🏽"),
        ("🇩🇪🇫🇷", (3, 4), "🇫🇷"),
        ("🇩🇪🇫🇷", (0, 1), "🇩🇪"),
        ("\u1112\u1161\u11ab!", (0, 1), "\u1112\u1161\u11ab"),
        ("ש\u05c1\u05b7x", (1, 2), "ש\u05c1\u05b7"),
        ("a\r\nb", (1, 2), "\r\n"),
        ("can\u00adnot", (0, 3), "can\u00ad"),
        ("r\u200d😀", (0, 1), "r\u200d"),
        ("\u0931\u094dx", (0, 1), "\u0931\u094d"),
        ("𑀓𑀸x", (0, 1), "𑀓𑀸"),
        ("abc", (1, 2), "b"),
    ],
)
def test_a_place_is_never_a_part_of_a_letter(text: str, cut: tuple[int, int], taken: str) -> None:
    start, end = whole(text, *cut)
    assert text[start:end] == taken


@pytest.mark.parametrize(
    "text", ["\u0301\u0316" * 100_000, "a\u0301\u0316" * 60_000, "a\u200b" * 100_000, "🇩" * 200_000, "\u1161" * 200_000]
)
def test_no_text_holds_a_reader_up(text: str) -> None:
    started = time.process_time()
    fold(text)
    for reading in readings(text):
        reading.place(0, len(reading.text) or 1)
    whole(text, 1, 2)
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.NAME, "Lena Krüger"),
        (Kind.EMAIL, "lena.krüger@mail.example"),
        (Kind.PHONE, "030 23125 017"),
        (Kind.BIRTH_DATE, "2. März 1984"),
        (Kind.ADDRESS, "Grüner Weg 5, 10115 Berlin"),
        (Kind.CUSTOMER_NUMBER, "K-10017"),
        (Kind.HANDLE, "@sönnenlena"),
        (Kind.IBAN, "DE02 1203 0000 0000 2020 51"),
        (Kind.USER_NAME, "jmüller84"),
        (Kind.COOKIE_ID, "GA1.2.1234567890.1700000000"),
    ],
)
@pytest.mark.parametrize("unseen", ["\u00ad", "\u200b", "\ufeff", "\u2060"])
def test_a_value_is_the_same_however_it_is_stored(kind: Kind, value: str, unseen: str) -> None:
    stored = unseen + unicodedata.normalize("NFD", value[:3] + unseen + value[3:])
    assert normalise(kind, stored) == normalise(kind, value) != ""
    index = SubjectIndex([Subject("A", (Identifier(kind, value),))], number_formats=("K-#####",))
    asked = (index.match([Clue(kind, stored)]), index.match([Clue(kind, value)]))
    read = (index.match_text(f"siehe {stored} hier"), index.match_text(f"siehe {value} hier"))
    assert asked[0] == asked[1]
    assert read[0] == read[1]
    assert kind is Kind.BIRTH_DATE or asked[1] + read[1]
