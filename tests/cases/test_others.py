"""Who else appears in a finding, and where."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.finding import DataField, Other, Part
from cases.identifiers import Identifier, Kind
from cases.others import KnownPeople, others_in
from cases.own import Own

LENA = (
    Identifier(Kind.NAME, "Dr. Lena Marie Krüger"),
    Identifier(Kind.EMAIL, "lena@mail.example"),
    Identifier(Kind.PHONE, "030 23125 017"),
    Identifier(Kind.IBAN, "DE02 1203 0000 0000 2020 51"),
)
SHOP = (Identifier(Kind.EMAIL, "info@teeladen.example"), Identifier(Kind.NAME, "Teeladen am Markt"))
OWN = Own.of(LENA, SHOP)
NOBODY = KnownPeople()


def met(*fields: tuple[str, str], named: tuple[str, ...] = (), known: KnownPeople = NOBODY) -> list[Other]:
    return list(others_in([DataField(name, value) for name, value in fields], named, OWN, known))


def said(*fields: tuple[str, str], **more: object) -> list[tuple[str, str, str]]:
    return [(one.kind.value, one.part.value, one.value) for one in met(*fields, **more)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("Bitte an ben@mail.example senden", "email", "ben@mail.example"),
        ("Rückruf unter 0171 39200 07 ab 17 Uhr", "phone", "0171 39200 07"),
        ("tel +49 (0)30 23125-099.", "phone", "+49 (0)30 23125-099"),
        ("IBAN DE89 3704 0044 0532 0130 00, danke", "iban", "DE89 3704 0044 0532 0130 00"),
        ("Frau Dr. Sommer hat angerufen", "name", "Sommer"),
        ("Herr von der Heide zahlt bar", "name", "von der Heide"),
        ("Besten Dank!\nMit freundlichen Grüßen\nBen Okafor\nEinkauf", "name", "Ben Okafor"),
        ("see you\nKind regards,\n\nB. Okafor", "name", "B. Okafor"),
        ("bis dann, LG Mia", "name", "Mia"),
    ],
)
def test_who_appears_in_a_text(text: str, kind: str, value: str) -> None:
    field = ("note", text)
    assert [(one[0], one[2]) for one in said(field)] == [(kind, value)]
    (other,) = met(field)
    assert [text[span.start : span.end] for span in other.spans] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "Lena Krüger, lena@MAIL.example, Tel. 030/23125-017, IBAN DE02120300000000202051",
        "Liebe Grüße\nLena Krüger",
        "Frau Lena Krüger bestellt Tee",
        "Mit freundlichen Grüßen\nTeeladen am Markt\ninfo@teeladen.example",
        "Auftrag 0171392 vom 02.03.2024, 12.345,00 Euro, DE12",
        "Im Januar kommt die Rechnung 20240301 00471",
        "geändert 2024-03-01 12:00:03.748000+00:00",
    ],
)
def test_the_person_the_company_and_mere_numbers_are_nobody_else(text: str) -> None:
    assert met(("note", text)) == []


def test_a_name_field_of_a_message_says_who_sent_it() -> None:
    fields = (("messages[1].sender_name", "Ben Okafor"), ("to", '"Mia Sommer" <mia@mail.example>'), ("subject", "Tee"))
    assert said(*fields) == [
        ("name", "sender", "Ben Okafor"),
        ("name", "recipient", "Mia Sommer"),
        ("email", "recipient", "mia@mail.example"),
    ]


def test_participants_are_found_wherever_they_stand_and_listed_where_they_do_not() -> None:
    (jan, mia) = met(("text", "Jan kommt im Januar; frag JAN"), named=("Jan", "Mia", "Lena Krüger"))
    assert (jan.value, [(span.start, span.end) for span in jan.spans]) == ("Jan", [(0, 3), (26, 29)])
    assert (mia.value, mia.part, mia.spans) == ("Mia", Part.PARTICIPANT, ())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Das Paket nahm Ben Okafor an", "Ben Okafor"),
        ("Liste: Okafor, Ben; Tee", "Okafor, Ben"),
        ("Zeuge war MÜLLER Änne gestern", "MÜLLER Änne"),
        ("geliefert an Anna von der Heide im Hof", "Anna von der Heide"),
    ],
)
def test_whom_the_system_of_record_knows_is_recognised(text: str, value: str) -> None:
    known = KnownPeople.of(["Ben Okafor", "Aenne Mueller", "Anna von der Heide", "Lena Marie Krüger", "Tee"])
    assert said(("note", text), known=known) == [("name", "contact", value)]
    assert met(("note", text)) == []


def test_words_that_are_no_neighbours_are_no_name() -> None:
    known = KnownPeople.of(["Ben Okafor"])
    assert met(("note", "Ben kauft Tee. Okafor auch. Ben; Okafor und ben okafor"), known=known) == []


def test_one_person_in_two_fields_is_one_with_two_places() -> None:
    (ben,) = met(("a", "ben@mail.example"), ("b", "x BEN@mail.example y"))
    assert [(span.field, span.start, span.end) for span in ben.spans] == [(0, 0, 16), (1, 2, 18)]


@given(st.lists(st.text(max_size=120), max_size=4), st.text(max_size=20))
def test_every_place_lies_inside_its_field(texts: list[str], name: str) -> None:
    fields = [DataField("from" if index % 2 else "note", text) for index, text in enumerate(texts)]
    for other in others_in(fields, (name,), OWN, KnownPeople.of(["Ben Okafor", name])):
        for span in other.spans:
            assert 0 <= span.start < span.end <= len(fields[span.field].value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Danke\nMit freundlichem Gruß\nPeter Meier", "Peter Meier"),
        ("bis morgen, Gruß Peter", "Peter"),
        ("Beste Grüße aus Köln\nÉmile Durand", "Émile Durand"),
        ("Grüße von Łukasz Nowak", "Łukasz Nowak"),
        ("HERR MEIER zahlt bar", "MEIER"),
        ("Frau Şahin ruft an", "Şahin"),
    ],
)
def test_names_begin_with_any_capital_and_greetings_are_many(text: str, value: str) -> None:
    assert [one[2] for one in said(("note", text))] == [value]


HOSTILE = {
    "line breaks": "\n",
    "spaces": " ",
    "digits": "1",
    "zeros": "0",
    "capitals": "A",
    "letters": "a",
    "tabs": "\t",
    "initials": "A.",
    "words": "A ",
    "country codes": "+49 ",
    "other codes": "0049 ",
    "brackets": "+(1 ",
    "at": "a@",
    "forms": "Herr Dr a. ",
    "particles": "Herr von ",
    "closings": "lg Aa\n",
    "half closings": "viele ",
    "tags": "<a ",
    "addresses": "a@b.example ",
    "domains": "a@a.a",
    "ibans": "DE02 1203 ",
    "known": "Ben Ben ",
    "phones": "030/23125-1 ",
    "marks": "a\u0301\u0316",
    "marks on one letter": "\u0301\u0316",
    "unseen": "Ben\u200bOkafor",
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_text_holds_a_pass_up(piece: str) -> None:
    text = piece * (200_000 // len(piece)) + "a<"
    started = time.process_time()
    met(("from", text), named=("- " * 99 + "x",), known=KnownPeople.of(["Ben Okafor", "A B"]))
    assert time.process_time() - started < 5


def test_a_conversation_of_thousands_of_messages_is_no_hindrance() -> None:
    started = time.process_time()
    (ben,) = met(*(("sender_name", "Ben Okafor") for _ in range(8_000)))
    assert len(ben.spans) == 8_000
    assert time.process_time() - started < 5


def test_more_numbers_than_anybody_writes_are_all_somebody_elses() -> None:
    text = "0049 12 34 " * 3_000
    (rest,) = met(("note", text))
    assert rest.spans[-1].end == len(text)


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("Lena Krüger & Max Mut", ["Max Mut"]),
        ("Lena und Peter Krüger", ["Peter Krüger"]),
        ("Krüger, Lena u. Peter", ["Krüger, Peter"]),
    ],
)
def test_of_two_people_in_one_name_the_other_is_told(name: str, others: list[str]) -> None:
    assert [one.value for one in met(("kunde", name), named=(name,))] == others


WHO = KnownPeople.of(["Jörg Höller", "Jule Arendt"])


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Viele Grüße\nKäthe Bürger", ["Käthe Bürger"]),
        ("Frau Müller war da, Herr Özdemir auch.", ["Müller", "Özdemir"]),
        ("Frau Nx̂ller war da", ["Nx̂ller"]),  # a letter that no single sign stands for
        ("Gespräch mit Jörg Höller", ["Jörg Höller"]),
        ("an jürgen@mail.example", ["jürgen@mail.example"]),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_an_accent_stored_as_its_own_sign_hides_nobody(text: str, values: list[str], form: str) -> None:
    stored = unicodedata.normalize(form, text)  # type: ignore[arg-type]
    found = met(("note", stored), known=WHO)
    assert [one.value for one in found] == values
    places = [stored[span.start : span.end] for one in found for span in one.spans]
    assert places == [unicodedata.normalize(form, value) for value in values]  # type: ignore[arg-type]


@pytest.mark.parametrize("unseen", ["\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u200e", "\ufe0f"])
@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("mit Jule|Arendt am Telefon", "Jule|Arendt"),
        ("mit Ju|le Aren|dt am Telefon", "Ju|le Aren|dt"),
        ("Frau Müller|-|Okafor ruft an", "Müller|-|Okafor"),
        ("Frau|Okafor ruft an", "Okafor"),
        ("Frau Oka|for ruft an", "Oka|for"),
        ("Rückruf 0171 392|00 07", "0171 392|00 07"),
        ("an ben@ma|il.example", "ben@ma|il.example"),
        ("IBAN DE89 3704|0044 0532 0130 00", "DE89 3704|0044 0532 0130 00"),
    ],
)
def test_what_is_not_seen_hides_nobody(text: str, place: str, unseen: str) -> None:
    text, place = text.replace("|", unseen), place.replace("|", unseen)
    (other,) = met(("note", text), known=WHO)
    assert [text[span.start : span.end] for span in other.spans] == [place]


def test_who_is_found_only_between_two_words_comes_beside_whom_everybody_finds() -> None:
    text = "Frau Sommer sprach mit Jule\u200bArendt und Herrn Okafor"
    assert [one.value for one in met(("note", text), known=WHO)] == ["Sommer", "Okafor", "JuleArendt"]


def test_a_stated_name_and_a_senders_field_are_found_in_any_form() -> None:
    höller, name = "Jo\u0308rg Ho\u0308ller", unicodedata.normalize("NFD", "empfänger")
    assert said((name, höller), ("text", "Jörg Höller rief an"), named=("Jörg Höller",)) == [
        ("name", "participant", "Jörg Höller")
    ]
    assert said((name, "Ben")) == [("name", "recipient", "Ben")]


@pytest.mark.parametrize("text", ["Grüße\nLena Krüger", "Frau Lena Krü\u00adger", "lena@mail\u200b.example"])
def test_the_person_stays_herself_in_any_form(text: str) -> None:
    assert met(("note", unicodedata.normalize("NFD", text))) == []


@pytest.mark.parametrize("name", ["𝐉𝐮𝐥𝐞 𝐀𝐫𝐞𝐧𝐝𝐭", "Ｊｕｌｅ Ａｒｅｎｄｔ"])
def test_letters_in_another_dress_are_letters(name: str) -> None:
    (jule,) = met(("text", f"von {name}!"), known=WHO)
    assert [(span.start, span.end) for span in jule.spans] == [(4, 4 + len(name))]
