"""An identity document is recognised, and what only looks a little like one is left alone: it would be wiped."""

from __future__ import annotations

import pytest

from cases.id_document import Likeness, has_machine_lines, likeness

CARD = "IDD<<LZ6311T475<<<<<<<<<<<<<<<\n8405173<3108011D<<<<<<<<<<<<<4\nKRUEGER<<LENA<<<<<<<<<<<<<<<<<"
PASSPORT = "P<D<<KRUEGER<<LENA<<<<<<<<<<<<<<<<<<<<<<<<<<\nC01X00T478D<<8405173F3108011<<<<<<<<<<<<<<<4"
SCANNED = "I D D < < L Z 6 3 1 1 T 4 7 5 < < < < < < < < < < <\n840517 7<310 8011D<<<"
PRINTED = (
    "BUNDESREPUBLIK DEUTSCHLAND / FEDERAL REPUBLIC OF GERMANY\nPERSONALAUSWEIS / IDENTITY CARD\nKRÜGER\nLENA\n"
    "Staatsangehörigkeit DEUTSCH\nGültig bis 01.08.2031\n"
)
LETTER = (
    "Sehr geehrte Damen und Herren, ich bitte um Auskunft nach Art. 15 DSGVO. Meinen Personalausweis "
    "schicke ich nicht; Geburtsort und Staatsangehörigkeit stehen dort, gültig bis 2031.\n"
    + "Mit freundlichen Grüßen\n"
    * 100
)


@pytest.mark.parametrize(
    ("name", "kind", "text"),
    [
        ("scan0001.jpg", "image/jpeg", CARD),
        ("scan0001.pdf", "application/pdf", PASSPORT),
        ("scan0001.jpg", "image/jpeg", SCANNED),
        ("anlage.txt", "text/plain", f"Anlage\n{PASSPORT}\n"),
        ("IMG_2231.jpg", "image/jpeg", PRINTED),
        ("Personalausweis.jpg", "image/jpeg", ""),
        ("personalausweis_vorderseite.png", "image/png", ""),
        ("Perso Rückseite.pdf", "application/pdf", ""),
        ("Kopie Reisepass.jpeg", "image/jpeg", "KRUEGER"),
        ("Führerschein.pdf", "application/pdf", ""),
        ("id-card front.jpg", "image/jpeg", ""),
        ("ausweiskopie.pdf", "application/pdf", ""),
        ("passport.jpg", "image/jpeg", ""),
    ],
)
def test_an_identity_document_is_recognised(name: str, kind: str, text: str) -> None:
    assert likeness(name, kind, text)


@pytest.mark.parametrize(
    ("name", "kind", "text"),
    [
        ("Anfrage.pdf", "application/pdf", LETTER),
        ("Anfrage mit Ausweis.pdf", "application/pdf", LETTER),
        ("Antrag ohne Ausweis.pdf", "application/pdf", ""),
        ("Auskunftsantrag Kopie Personalausweis.pdf", "application/pdf", ""),
        ("Reisepass Lena.jpeg", "image/jpeg", ""),
        ("Personalausweis.pdf", "application/pdf", "Sehr geehrte Damen und Herren,\nbrauchen Sie ihn?"),
        ("Personalausweis.jpg", "image/jpeg", "Den Ausweis gibt es. Er liegt hier. Kommen Sie vorbei. Wann passt es?"),
        ("anlage.pdf", "application/pdf", f"Guten Tag,\nanbei eine Kopie?\n{PRINTED}"),
        ("Lohnausweis.pdf", "application/pdf", ""),
        ("Mitgliedsausweis.jpg", "image/jpeg", ""),
        ("Ausweisung.pdf", "application/pdf", ""),
        ("Reisepasshülle.jpg", "image/jpeg", "Rechnung"),
        ("Passwort.jpg", "image/jpeg", ""),
        ("pass.jpg", "image/jpeg", ""),
        ("id 7.jpg", "image/jpeg", ""),
        ("personalausweis.zip", "application/zip", ""),
        ("rechnung.pdf", "application/pdf", "P<<<<<<<<< 1234 <<<<<<<"),
        ("foto.jpg", "image/jpeg", "Bitte keinen Personalausweis schicken"),
    ],
)
def test_what_is_none_is_left_alone(name: str, kind: str, text: str) -> None:
    assert likeness(name, kind, text) is Likeness.NONE


@pytest.mark.parametrize("text", ["<" * 50_000, "P<D<<" + "A<" * 50_000, "I D D " * 20_000])
def test_hostile_text_costs_little(text: str) -> None:
    assert not has_machine_lines(text)


@pytest.mark.parametrize(
    ("name", "kind", "text", "sure"),
    [
        ("scan.pdf", "application/pdf", CARD, Likeness.SURE),
        ("scan.pdf", "application/pdf", f"{PRINTED}\n{PASSPORT}", Likeness.SURE),
        ("scan.pdf", "application/pdf", CARD.replace("8405173", "8405177"), Likeness.LIKELY),
        ("Personalausweis.jpg", "image/jpeg", "", Likeness.LIKELY),
        ("Personalausweis.pdf", "application/pdf", "", Likeness.UNSURE),
        ("scan.pdf", "application/pdf", f"{LETTER}\n{CARD}", Likeness.UNSURE),
        ("scan.pdf", "application/pdf", f"Ich bitte um Auskunft.\n{CARD}", Likeness.UNSURE),
        ("scan.pdf", "application/pdf", "Zeile 4711\n" * 400 + CARD, Likeness.UNSURE),
    ],
)
def test_how_sure_it_is_says_whose_yes_it_needs(name: str, kind: str, text: str, sure: Likeness) -> None:
    assert likeness(name, kind, text) is sure
