"""What is removed is gone: whatever places are named, nothing of them stays, and nothing else goes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.draft import Ground, Redaction
from cases.finding import Other, Part, Span
from cases.identifiers import Kind
from cases.readable import whole
from cases.redaction import NoSuchPlace, burn, check, left, name_parts, named, places_of, removed, without

MARK = "█"


def cut(start: int, end: int, ground: Ground = Ground.OTHERS, field: int = 0) -> Redaction:
    return Redaction(Span(field, start, end), ground)


def marked(value: str, *cuts: Redaction) -> str:
    return burn(value, cuts, lambda _: MARK)


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=6))
def test_exactly_the_named_letters_go(text: str, pairs: list[tuple[int, int]]) -> None:
    spans = [whole(text, start, end) for start, end in pairs if start < end <= len(text)]
    gone = {index for start, end in spans for index in range(start, end)}
    expected, inside = "", False
    for index, sign in enumerate(text):
        expected += sign if index not in gone else ("" if inside else MARK)
        inside = index in gone
    assert marked(text, *(cut(*span) for span in spans)) == expected


def test_the_mark_says_why_and_not_how_long() -> None:
    cuts = [cut(0, 4), cut(9, 18, Ground.SECRECY)]
    assert burn("Jule hat 4711 Euro.", cuts, lambda ground: f"[{ground}]") == "[art-15-4] hat [bdsg-29-1-2]."
    assert marked("Jo kam", cut(0, 2)) == marked("Maximiliane kam", cut(0, 11))


@pytest.mark.parametrize(
    ("span", "code"),
    [
        (Span(1, 0, 1), "no_field"),
        (Span(-1, 0, 1), "no_field"),
        (Span(0, 0, 5), "outside"),
        (Span(0, -1, 2), "outside"),
        (Span(0, 2, 2), "empty"),
        (Span(0, 3, 2), "empty"),
    ],
)
def test_a_place_that_is_none_is_refused(span: Span, code: str) -> None:
    with pytest.raises(NoSuchPlace, match=code) as raised:
        check(span, ["Jule"])
    assert "Jule" not in str(raised.value)
    check(Span(0, 0, 4), ["Jule"])


def test_what_was_removed_is_found_where_it_is_left() -> None:
    values = ["Jule Arendt rief an", "von JULE ARENDT", "ab"]
    gone = removed(values, [cut(0, 11), cut(0, 1, field=2)])
    assert gone == ("Jule Arendt", "a")
    assert left([MARK, values[1], values[2]], gone) == (1,)  # one letter is everywhere and means nothing
    assert without("Brief an jule arendt.pdf", gone, MARK) == f"Brief an {MARK}.pdf"


def test_people_are_named_by_number() -> None:
    jule = Other(Kind.NAME, Part.SIGNED, "Jule Arendt", (Span(0, 0, 4), Span(1, 2, 6)))
    ole = Other(Kind.NAME, Part.PARTICIPANT, "Ole", ())
    assert places_of((jule, ole), (1, 1, 2)) == jule.spans
    for number in (0, 3, -1):
        with pytest.raises(LookupError):
            places_of((jule, ole), (number,))


@pytest.mark.parametrize("name", ["Müller", "Mu\u0308ller", "Mueller", "MÜLLER", "Akte_müller_7"])
def test_a_name_is_found_in_every_spelling(name: str) -> None:
    gone = removed(["mit Erna Müller"], [cut(4, 15)])
    assert without(name, gone, MARK) == name.replace(name.removeprefix("Akte_").removesuffix("_7"), MARK)
    assert left([name, "Müllerei"], removed(["Müller"], [cut(0, 6)])) == (0, 1)
    assert without("Müllerei", gone, MARK) == "Müllerei"


def test_places_that_touch_are_one_text_and_space_is_no_difference() -> None:
    assert removed(["Meier"], [cut(0, 2), cut(2, 5)]) == ("Meier",)
    assert left(["von Erna Meier"], removed(["Erna\n Meier"], [cut(0, 11)])) == (0,)


def test_a_name_inside_another_word_is_told_and_a_sentence_takes_no_words_along() -> None:
    assert named(["Kundin Muellerin", "Mueller", "Text"], ("Müller",)) == (0,)
    assert without("steht in text", ("in dem Text steht es so",), MARK) == "steht in text"


@pytest.mark.parametrize(
    ("value", "spans", "kept"),
    [
        ("Frau Mu\u0308ller war da", [(5, 7), (8, 12)], f"Frau {MARK} war da"),
        ("x👩\u200d👧y", [(1, 2)], f"x{MARK}y"),
        ("Jule\u00adArendt", [(0, 4)], f"{MARK}Arendt"),
        ("🇩🇪🇫🇷", [(1, 2)], f"{MARK}🇫🇷"),
    ],
)
def test_no_part_of_a_letter_is_left_behind(value: str, spans: list[tuple[int, int]], kept: str) -> None:
    cuts = [cut(*span) for span in spans]
    assert marked(value, *cuts) == kept
    assert all(text in value and text not in kept for text in removed([value], cuts))


@pytest.mark.parametrize(
    "written", ["Mu\u0308ller", "Mül\u00adler", "M\u200bü\u200bller", "Ｍüller", "𝐌üller", "\u2067Müller\u2069"]
)
def test_a_removed_name_is_found_however_it_is_stored(written: str) -> None:
    for gone in (removed(["mit Erna Müller"], [cut(9, 15)]), removed([written], [cut(0, len(written))])):
        assert left([f"von {written} selbst", "von Müller", "von Maler"], gone) == (0, 1)
        assert without(f"Akte_{written}_7", gone, MARK) == without("Akte_Müller_7", gone, MARK) == f"Akte_{MARK}_7"
    assert without(f"Kundin {written}in", ("Müller",), MARK) == f"Kundin {MARK}in"


def test_what_is_not_seen_may_part_the_words_of_a_removed_name() -> None:
    assert left(["Jule Arendt", "JuleArendt", "Jule\u200bArendt"], ("Jule\u200bArendt",)) == (0, 1, 2)
    assert left(["Jule\u200bArendt"], ("Jule Arendt",)) == (0,)


def test_an_accent_parts_no_word_of_a_fields_name() -> None:
    assert without("von_Nx̂ller", ("Erna Nx̂ller",), MARK) == f"von_{MARK}"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("Das Gehalt von Arendt ist zu hoch, sagt Jule.", ("Arendt", "Jule")),
        ("Frau ARENDT, Arendts Lohn", ("ARENDT", "Arendts")),
        ("arendt meint, das passt", ("arendt",)),  # who writes no capitals writes none in names
        ("Bitte an arendt@mail.example", ("arendt",)),
        ("Frau Are\u00adndt-Sommer", ("Arendt",)),
        ("Frau A\u0301rendt", ("Árendt",)),
        ("Jul Arend Arendtsee Julerich", ()),
        ("Die arendt der Jahre", ()),  # a small word in a text with capitals
    ],
)
def test_the_words_of_a_removed_name_are_found_by_themselves(value: str, words: tuple[str, ...]) -> None:
    assert name_parts(["x", value], ("Dr. Jule Arendt",)) == (((1, words),) if words else ())


@pytest.mark.parametrize(
    ("gone", "value"),
    [
        ("Rabatt einer Kollegin", "Der Rabatt der Kollegin"),
        ("Frau von der Li", "Frau Li von der Post"),
        ("0171 39200 07", "Nummer 39200"),
        ("info@teeladen.example", "Info vom Teeladen"),
        ("ben@teeladen.example", "vom Teeladen"),
        ("Ihr Ben", "Ihr Paket"),
        ("Peter Krüger", "Frau Krüger"),  # the name of who asks, too
    ],
)
def test_what_anybody_writes_is_no_part_of_a_name(gone: str, value: str) -> None:
    assert name_parts([value], (gone,), own=("Lena Krüger",)) == ()


def test_whom_somebody_knows_to_be_a_name_has_parts_in_any_case() -> None:
    assert name_parts(["Das war Arendt"], ("jule arendt",)) == ()
    assert name_parts(["Das war Arendt"], ("jule arendt",), known=("jule arendt",)) == ((0, ("Arendt",)),)
    assert name_parts(["Das war Ben"], ("ben.okafor@mail.example",)) == ((0, ("Ben",)),)
