"""What every letter must say, in which order, and what it must never say."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from cases.coverage import ASKED_BEFORE, Cell, CellState
from cases.draft import Draft
from cases.register import CategoryReason, FieldLabel, LegalBasis, Mechanism, Recipient, Text, Transfer
from outputs.document import Document, Heading, Paragraph
from outputs.errors import LetterRefused, TextMissing
from outputs.information import information
from outputs.letter_frame import handling
from outputs.texts import texts

MakeDraft = Callable[..., Draft]
AT = datetime(2026, 11, 20, 8, 5, tzinfo=UTC)


def said(letter: Document) -> str:
    return "\n".join(letter.texts())


def headings(letter: Document) -> list[str]:
    return [block.text for block in letter.blocks if isinstance(block, Heading) and block.level == 1]


def opened(draft: Draft) -> Draft:
    gaps = replace(draft.cells[1], state=CellState.GAPS, gaps=3)
    waiting = replace(draft.cells[3], state=CellState.OPEN, code="not_answered", at=None)
    down = Cell(draft.cells[2].system, CellState.OPEN, code="timeout")
    return replace(draft, cells=(draft.cells[0], gaps, down, waiting, draft.cells[4]))


MANDATORY = {
    "de": (
        "Guten Tag Lena Krüger,",
        "ja, wir verarbeiten personenbezogene Daten von Ihnen.",
        "Annahme und Ausführung Ihrer Bestellungen",
        "Kontaktdaten, Bestelldaten",
        "Hansekurier Logistik GmbH, Rostock (Zustellung der Pakete)",
        "Druckereien – hier nennen wir nur die Kategorie: Welche es sein werden, steht noch nicht fest.",
        "bis zu Ihrem Widerspruch",
        "Berichtigung",
        "Löschung",
        "Einschränkung der Verarbeitung",
        "Das betrifft: Kundenbefragung und Werbung.",
        "Der Landesbeauftragte für Datenschutz und Informationsfreiheit Mecklenburg-Vorpommern",
        "Ihre Angaben bei der Bestellung",
        "Die Herkunft ist bei uns nicht festgehalten.",
        "Aus Bestellhäufigkeit und Umsatz entsteht eine Gruppe A bis C.",
        "Durchführungsbeschluss (EU) 2023/1795",
        "Paynimbus Inc. war am 1. September 2026 in der Liste der zertifizierten Unternehmen eingetragen.",
        "Durchführungsbeschluss (EU) 2021/914 vom 4. Juni 2021, Modul 2",
        "Diese Auskunft ist nach unserem Kenntnisstand vollständig.",
        "durchsucht, 2 Einträge zu Ihnen",
        "von Hand geprüft, nichts zu Ihnen",
        "E-Mail vom 1. Juni 2025, Postfach Service",
        "Art. 15 Abs. 4 DSGVO",
        "§ 34 Abs. 1 Nr. 2 BDSG",
        "Die Bänder werden nach 90 Tagen überschrieben.",
        "Art. 77 DSGVO",
        "Art. 79 DSGVO",
        "Art. 6 Abs. 1 lit. c",
        "30 Tage nach dem Ende des Vorgangs",
        "31. Dezember des 3. Jahres auf, das auf das Jahr des Endes folgt",
        "Mara Petersen, dsb@nordlicht.example",
        "DSAR-2026-0001",
    ),
    "en": (
        "Dear Lena Krüger,",
        "Yes, we process personal data about you.",
        "Taking and fulfilling your orders",
        "contact details, order data",
        "Hansekurier Logistik GmbH, Rostock (parcel delivery)",
        "until you object",
        "Rectification",
        "Erasure",
        "Restriction of processing",
        "This concerns: Customer surveys and marketing.",
        "Der Landesbeauftragte für Datenschutz und Informationsfreiheit Mecklenburg-Vorpommern",
        "what you told us when ordering",
        "We have not recorded where the data come from.",
        "Orders and turnover give a group, A to C.",
        "Implementing Decision (EU) 2023/1795",
        "Implementing Decision (EU) 2021/914 of 4 June 2021, module 2",
        "To the best of our knowledge this information is complete.",
        "searched, 2 entries about you",
        "checked by hand, nothing about you",
        "Art. 15(4) GDPR",
        "Section 34(1) no. 2 BDSG",
        "Art. 77 GDPR",
        "Art. 79 GDPR",
        "Art. 6(1)(c)",
        "30 days after the case has ended",
        "31 December of year 3 following the year in which it ended",
    ),
}


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_letter_says_everything_that_is_owed(make_draft: MakeDraft, language: str) -> None:
    text = said(information(make_draft(language=language)))
    assert [part for part in MANDATORY[language] if part not in text] == []


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_order_is_that_of_article_15(make_draft: MakeDraft, language: str) -> None:
    words = texts(language)
    names = ("enclosed", "activities", "rights", "complaint", "origin", "automated", "transfers", "searched")
    after = ("withheld", "excluded", "remedy", "handling", "contact")
    expected = [words(f"{name}.title") for name in (*names, *after)]
    assert headings(information(make_draft(language=language))) == expected


def test_there_is_exactly_one_confirmation(draft: Draft, nothing_held: Draft) -> None:
    for letter in (information(draft), information(nothing_held)):
        first = letter.blocks[0]
        assert isinstance(first, Paragraph)
        assert sum("personenbezogene" in text and text[:3] in ("ja,", "nei") for text in letter.texts()) == 1


def test_nothing_of_others_and_nothing_withheld_is_told(draft: Draft) -> None:
    text = said(information(draft))
    for secret in ("VERTRAULICH", "Jule Arendt", "Gehalt", "FREMD", "Kiel", "jan@nordlicht.example"):
        assert secret not in text


def test_completeness_is_declared_only_where_nothing_is_open(draft: Draft) -> None:
    text = said(information(opened(draft)))
    assert "vollständig." not in text.replace("Diese Auskunft ist noch nicht vollständig.", "")
    assert "Diese Auskunft ist noch nicht vollständig." in text
    assert "Die Prüfung von Hand ist noch nicht abgeschlossen." in text
    assert "Das System war bisher nicht erreichbar oder gab keine verwertbare Antwort." in text
    assert "3 Teile waren nicht lesbar." in text
    assert "Art. 79 DSGVO" in text


def test_a_check_by_hand_that_has_to_be_repeated_is_told(draft: Draft) -> None:
    again = replace(draft.cells[3], state=CellState.OPEN, code=ASKED_BEFORE, at=None)
    text = said(information(replace(draft, cells=(*draft.cells[:3], again))))
    assert "Die Prüfung von Hand muss mit weiteren Angaben zu Ihnen wiederholt werden" in text


def test_completeness_names_what_is_excepted(draft: Draft) -> None:
    assert "„Was wir weggelassen haben und warum“, „Was wir nicht durchsucht haben“" in said(information(draft))
    whole = replace(draft, items=draft.items[:4], cells=draft.cells[:4])
    text = said(information(whole))
    assert "Ausgenommen" not in text
    assert texts("de")("remedy.title") not in text


def test_nothing_held_says_where_with_what_and_until_when(nothing_held: Draft) -> None:
    letter = information(nothing_held)
    text = said(letter)
    assert "nein, bis zum Eingang Ihrer Anfrage am 2. November 2026 waren bei uns keine" in text
    for part in (
        "Kundenverwaltung",
        "Papierakten",
        "lena.krueger@post.example",
        "31. Dezember des 3. Jahres",
        "Art. 77 DSGVO",
    ):
        assert part in text
    assert "Auskunft.html" not in text
    assert texts("de")("identifiers.title") in headings(letter)
    assert text.count("lena.krueger@post.example") == 2  # whom it goes to, and what was searched for


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_letter_of_december_that_is_handed_over_in_january_names_no_year_of_its_own(
    draft: Draft, nothing_held: Draft, language: str
) -> None:
    """The record is kept from the year in which the case ends (`flows/retain.py`), whatever day is on the letter."""
    for one in (draft, nothing_held):
        december, january = (
            replace(one, language=language, written_on=day) for day in (date(2026, 12, 30), date(2027, 1, 4))
        )
        words = texts(language)
        kept = [block.text for block in handling(december, words) if isinstance(block, Paragraph)][-1]
        assert handling(december, words) == handling(january, words)
        assert not re.search(r"20\d\d", kept)
        more = handling(replace(december, record_years=7), words)[-1]
        assert isinstance(more, Paragraph)
        assert ("des 7. Jahres" if language == "de" else "of year 7") in more.text


def test_nothing_held_beside_an_unsearched_backup_speaks_of_the_searched_systems(
    nothing_held: Draft, draft: Draft
) -> None:
    letter = information(replace(nothing_held, cells=(*nothing_held.cells, draft.cells[4])))
    assert "in den Systemen, die wir durchsucht haben," in said(letter)
    assert "Art. 79 DSGVO" in said(letter)


@pytest.mark.parametrize("cells", [(), "open"])
def test_nothing_held_is_refused_while_a_system_is_open(nothing_held: Draft, cells: object) -> None:
    waiting = replace(nothing_held.cells[0], state=CellState.OPEN)
    draft = replace(nothing_held, cells=() if cells == () else (waiting, nothing_held.cells[1]))
    with pytest.raises(LetterRefused, match="nothing_held_but_open"):
        information(draft)


def test_objection_only_where_the_basis_gives_it(draft: Draft) -> None:
    assert "Widerspruch:" not in said(information(replace(draft, activities=draft.activities[:1])))
    consent = replace(draft.activities[0], legal_basis=(LegalBasis.CONSENT,))
    assert "Art. 7 Abs. 3 DSGVO" in said(information(replace(draft, activities=(consent,))))


@pytest.mark.parametrize("basis", LegalBasis)
@pytest.mark.parametrize(
    ("language", "right", "grounds"),
    [("de", "Art. 21 Abs. 2 DSGVO", "Art. 21 Abs. 1 DSGVO"), ("en", "Art. 21(2) GDPR", "Art. 21(1) GDPR")],
)
def test_direct_marketing_may_be_objected_to_whatever_its_basis(
    make_draft: MakeDraft, basis: LegalBasis, language: str, right: str, grounds: str
) -> None:
    draft = make_draft(language=language)
    shop, news = (replace(one, legal_basis=(basis,)) for one in draft.activities)
    lines = said(information(replace(draft, activities=(shop, news)))).splitlines()
    told = [line for line in lines if right in line]
    assert len(told) == 1
    assert news.name.in_(language) in told[0] and shop.name.in_(language) not in told[0]
    assert any(grounds in line for line in lines) is (basis in ("6(1)(e)", "6(1)(f)"))
    assert right not in said(information(replace(draft, activities=(shop,))))


def test_silence_on_advertising_takes_no_right(draft: Draft) -> None:
    """A register from before has no word on it: name and purposes decide, an application is no advertising."""
    news = replace(draft.activities[1], direct_marketing=None, legal_basis=(LegalBasis.CONSENT,))
    assert "Art. 21 Abs. 2" in said(information(replace(draft, activities=(news,))))
    denied = replace(news, direct_marketing=False)
    assert "Art. 21 Abs. 2" not in said(information(replace(draft, activities=(denied,))))
    hiring = replace(news, name=Text("Bewerbungen", "Applications"), purposes=(Text("Besetzung", "hiring"),))
    assert "Art. 21 Abs. 2" not in said(information(replace(draft, activities=(hiring,))))


def test_no_automated_decision_and_no_transfer_are_said(draft: Draft) -> None:
    plain = replace(draft.activities[0], recipients=draft.activities[0].recipients[:1])
    text = said(information(replace(draft, activities=(plain,))))
    assert "keine Entscheidungen, die ausschließlich auf automatisierter Verarbeitung beruhen" in text
    assert "nicht in Länder außerhalb der Europäischen Union" in text
    alone = replace(plain, recipients=(), no_recipients=True)
    assert "keine" in said(information(replace(draft, activities=(alone,)))).splitlines()


def test_what_nobody_denied_is_not_denied(draft: Draft) -> None:
    """Silence of one activity is enough: "none" speaks of all of them."""
    plain = replace(draft.activities[0], recipients=draft.activities[0].recipients[:1])
    parcel = plain.recipients[0]
    holes = (
        replace(plain, not_automated=False),
        replace(plain, recipients=()),
        replace(plain, recipients=(replace(parcel, no_transfer=False),)),
        replace(plain, recipients=(replace(parcel, country=Text("USA", "USA")),)),
        replace(plain, recipients=(replace(parcel, country=Text("Irland", "Kenya")),)),
    )
    for hole in holes:
        with pytest.raises(LetterRefused, match=f"activity_incomplete.*{hole.key}"):
            information(replace(draft, activities=(plain, hole)))


def test_a_register_with_holes_makes_no_letter(draft: Draft) -> None:
    shop, news = draft.activities
    named = shop.recipients[1]
    assert named.transfer is not None and news.automated is not None
    broken = (
        replace(shop, purposes=()),
        replace(shop, retention=Text("", "")),
        replace(shop, categories=(Text("", "x"),)),
        replace(shop, recipients=(Recipient("", Text("Boten", "couriers")),)),
        replace(shop, recipients=(replace(named, transfer=replace(named.transfer, verified_on=None)),)),
        replace(news, automated=replace(news.automated, logic=Text("", ""))),
    )
    for activity in broken:
        with pytest.raises(LetterRefused, match="activity_incomplete"):
            information(replace(draft, activities=(activity,)))
    with pytest.raises(LetterRefused, match="no_activity"):
        information(replace(draft, activities=()))


def test_bavarian_companies_have_their_own_authority(draft: Draft) -> None:
    company = replace(draft, controller=replace(draft.controller, land="BY"))
    office = replace(draft, controller=replace(draft.controller, land="BY", public_body=True))
    assert "BayLDA" in said(information(company))
    assert "BayLDA" not in said(information(office))


def test_control_characters_in_a_name_do_not_reach_the_letter(draft: Draft) -> None:
    letter = information(replace(draft, person="Lena\n\x00Krüger\ud800"))
    assert letter.greeting == "Guten Tag Lena  Krüger\ufffd,"


def test_an_unknown_language_is_refused(draft: Draft) -> None:
    with pytest.raises(TextMissing):
        information(replace(draft, language="fr"))


def test_where_an_entry_names_its_source_the_letter_does(draft: Draft) -> None:
    told = FieldLabel("crm", "cust_name", Text("Name", "name"), "Kontaktdaten", origin=True)
    letter = information(replace(draft, labels=(told,)))
    assert "In diesen Einträgen ist die Herkunft selbst vermerkt:" in said(letter)
    assert "Nr. 1: Lena Krüger" in said(letter)
    assert "Herkunft selbst vermerkt" not in said(information(draft))
    withheld = replace(told, source="mailbox", name="*")
    assert "VERTRAULICH" not in said(information(replace(draft, labels=(withheld,))))


TRANSFERS = {
    Mechanism.ADEQUACY: (
        "einen Angemessenheitsbeschluss der Europäischen Kommission (Art. 45 DSGVO, 2019/419). Dass der Beschluss "
        "gilt, haben wir am 1. Oktober 2026 geprüft."
    ),
    Mechanism.DPF: "2023/1795, EU-US Data Privacy Framework, Art. 45 DSGVO). Harbour Ltd war am 1. Oktober 2026",
    Mechanism.SCC: "2021/914 vom 4. Juni 2021, Modul 3). Sie sind eine geeignete Garantie nach Art. 46 Abs. 2 lit. c",
    Mechanism.BCR: "interne Datenschutzvorschriften als geeignete Garantie (Art. 46 Abs. 2 lit. b, Art. 47",
    Mechanism.ARTICLE_49: "Ausnahme für bestimmte Fälle (Art. 49 Abs. 1 lit. b DSGVO)",
}


@pytest.mark.parametrize("mechanism", Mechanism)
def test_each_transfer_says_what_it_rests_on(draft: Draft, mechanism: Mechanism) -> None:
    detail = "b" if mechanism is Mechanism.ARTICLE_49 else "2019/419"
    transfer = Transfer(Text("Japan", "Japan"), mechanism, date(2026, 10, 1), 3, detail)
    shop = replace(draft.activities[0], recipients=(Recipient("Harbour Ltd", Text("", ""), transfer=transfer),))
    text = said(information(replace(draft, activities=(shop,))))
    assert "Harbour Ltd" in text
    assert TRANSFERS[mechanism] in text
    if mechanism is Mechanism.ARTICLE_49:
        english = said(information(replace(draft, language="en", activities=(shop,))))
        assert "(Art. 49(1) point (b) GDPR)" in english


def test_a_recipient_is_told_with_country_and_period(draft: Draft) -> None:
    place, year = Text("Irland", "Ireland"), Text("2025", "2025")
    parcel = Recipient("Harbour Ltd", Text("Zustellung", "delivery"), country=place, period=year, no_transfer=True)
    shop = replace(draft.activities[0], recipients=(parcel,))
    assert "Harbour Ltd, Irland (Zustellung; 2025)" in said(information(replace(draft, activities=(shop,))))


@pytest.mark.parametrize("reason", CategoryReason)
def test_each_reason_for_a_category_is_told_in_both_languages(make_draft: MakeDraft, reason: CategoryReason) -> None:
    unnamed = Recipient("", Text("Boten", "couriers"), category_reason=reason, no_transfer=True)
    for language, role in (("de", "Boten – "), ("en", "couriers")):
        draft = make_draft(language=language)
        shop = replace(draft.activities[0], recipients=(unnamed,))
        text = said(information(replace(draft, activities=(shop,))))
        assert role in text
        assert texts(language)(f"activities.category.{reason.value}") in text


@pytest.mark.parametrize(
    ("language", "said"), [("de", "ersetzt unser Schreiben vom"), ("en", "replaces our letter of")]
)
def test_a_corrected_answer_names_its_version_and_the_letter_it_replaces(
    make_draft: MakeDraft, language: str, said: str
) -> None:
    first = make_draft(language=language)
    again = information(replace(first, version=2, replaces_on=date(2026, 11, 20)))
    text = "\n".join(again.texts())
    day = {"de": "20. November 2026", "en": "20 November 2026"}[language]
    assert f"{said} {day}" in text
    assert again.subject.endswith("2")
    assert said not in "\n".join(information(first).texts())
