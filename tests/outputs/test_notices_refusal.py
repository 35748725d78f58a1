"""What a refusal may say of its facts: a closed list, and one sentence with nothing of anybody else."""

from __future__ import annotations

import pytest

from cases.draft import Notice
from outputs.errors import NoticeRefused
from outputs.notices import render
from outputs.notices_refusal import LONGEST, MOST_FACTS, unfit
from tests.outputs.conftest import CONTROLLER

TOLD = "Sie haben uns geschrieben, dass Sie weitere Anfragen nur gegen Zahlung unterlassen."
LAW = (("received", "2026-11-02"), ("ground", "excessive"), ("authority", "MV"))


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        (TOLD, ""),
        ("Am 3. Februar 2026 und am 5.2.2026 haben Sie dasselbe verlangt (vgl. EuGH vom 19.03.2026).", ""),
        ("You wrote on 3 February 2026 that you would only stop for a payment of 500 euros.", ""),
        ("Zu kurz.", "signs"),
        ("Ein Satz" + " und noch einer" * LONGEST, "signs"),
        ("Ein Absatz, der lang genug ist.\n\nUnd noch einer.", "signs"),
        ("- Ein Satz, der wie eine Liste anfängt.", "signs"),
        ("Ein Satz, der mit \u202e rückwärts weitergeht.", "signs"),
        ("Ein Satz mit einem unsichtbaren\u00ad Zeichen darin.", "signs"),
        ("Fragen Sie dazu bitte ole@mail.example, unseren Kunden.", "address"),
        ("Näheres dazu steht auf https://laden/bestellungen.", "address"),
        ("Näheres dazu steht auf nordlicht.example, wie bekannt.", "address"),
        ("Unser Kunde ist unter 030 23125 010 zu erreichen.", "number"),
        ("Unser Kunde ist unter 0171/3920012 zu erreichen.", "number"),
        ("Das Geld kam vom Konto DE02 1203 0000 0000 2020 51.", "number"),
        ("Das betrifft den Kunden K-4711 und nicht Sie selbst.", "number"),
        ("Das betrifft jemanden in 19055 Schwerin und nicht Sie.", "number"),
        ("Siehe dazu unser Schreiben im Vorgang DSAR-2026-0017.", "number"),
        ("Telefon: 0170\u20131234\u2013567 gehört jemandem, den Sie kennen.", "number"),
        ("Telefon: 0170,1234,567 gehört jemandem, den Sie kennen.", "number"),
        ("Telefon: 0170:1234:5678 gehört jemandem, den Sie kennen.", "number"),
        ("Telefon: 0170_1234_567 gehört jemandem, den Sie kennen.", "number"),
        ("Die Nummer ist 0170 und dann 123 und dann 567 bei uns.", "number"),
        ("Die Nummer ist 0170 2012 2013, wie Sie schon wissen.", "number"),
        ("Die Nummer ist 01 und 70 und 12 und 34 und 56, wie Sie wissen.", "number"),
        ("Die Kundin ²³¹² kennen Sie schon, wie Sie sagen.", "number"),
        ("Konto 13.04.1234 und 15.06.7890 ist das, wie Sie wissen.", "number"),
        ("Unser Kunde kam am 12.03.1980 zur Welt, wie Sie wissen.", "number"),
        ("Unser Kunde kam am 12. März 1995 zur Welt, wie Sie wissen.", "number"),
        ("Ihre Tochter ist am 3. Mai 2021 geboren, wie Sie wissen.", "number"),
        ("Sie heißt petra(at)laden und wohnt dort, wie Sie wissen.", "address"),
        ("Sie heißt petra bei example Punkt com, wie Sie wissen.", "address"),
        ("aaaaaaaaaaaaaaaaaaaaaa", "words"),
        ("Anfragen Anfragen Anfragen Anfragen", "words"),
        ("AUSFUELLEN: hier noch Ihre Begründung", "owed"),
        ("TODO: Begründung hier noch ergänzen", "owed"),
        ("Tatsachen folgen, siehe Anlage bitte.", "owed"),
        ("Sie verlangten zugleich 10.000 Euro und die Rücknahme Ihrer Kündigung.", ""),
        ("Sie verlangten zugleich 1.500,00 Euro und die Rücknahme Ihrer Kündigung.", ""),
        ("You asked for EUR 10,000 for each request on March 3, 2026.", ""),
        ("Der EuGH (C-526/24, Urteil vom 19.03.2026) nennt das missbräuchlich.", ""),
        ("Der BGH (VI ZR 576/19) hat über ein solches Verlangen entschieden.", ""),
        ("Sie haben 2024/2025 schon jeweils im Mai denselben Antrag gestellt.", ""),
        ("Sie haben von 2024-2026 jeweils im Mai denselben Antrag gestellt.", ""),
        ("Sie haben 2024, 2025 und 2026 jeweils im Mai denselben Antrag gestellt.", ""),
        ("Zwischen 01.01.2026 und 31.03.2026 haben Sie 31 Anträge gestellt, alle gleich.", ""),
        ("Am 12. November 2025, am 3. Dezember 2025 und am 7. Januar 2026 haben wir geantwortet.", ""),
        ("Nach § 29 Abs. 1 Satz 2 BDSG (Mandatsgeheimnis) dürfen wir das nicht sagen.", ""),
    ],
)
def test_a_sentence_has_no_address_no_number_and_one_line(sentence: str, fault: str) -> None:
    assert unfit(sentence) == fault
    notice = Notice("refusal", "de", "DSAR-2026-0001", (*LAW, ("sentence", sentence)))
    if not fault:
        assert f"\n\n- {sentence}\n\n" in render(notice, CONTROLLER).text
        return
    with pytest.raises(NoticeRefused) as refused:
        render(notice, CONTROLLER)
    assert sentence not in str(refused.value)


def test_a_sentence_may_name_the_cases_that_the_facts_name() -> None:
    sentence = "Siehe dazu unser Schreiben im Vorgang DSAR-2026-0017."
    told = "asked_before|DSAR-2026-0017|2026-10-05"
    assert (unfit(sentence), unfit(sentence, (told,))) == ("number", "")
    assert unfit(sentence, (told.replace("0017", "0018"),)) == "number"
    assert unfit(sentence.replace("0017", "00170"), (told,)) == "number"
    notice = Notice("refusal", "de", "DSAR-2026-0020", (*LAW, ("fact", told), ("sentence", sentence)))
    assert sentence in render(notice, CONTROLLER).text


@pytest.mark.parametrize(
    "facts", [(), ("fact", "unchanged|2026-02-30"), ("fact", "Ole Hansen schuldet uns Geld"), ("sentence", "")]
)
def test_the_law_alone_is_no_reason(facts: tuple[str, str] | tuple[()]) -> None:
    with pytest.raises(NoticeRefused):
        render(Notice("refusal", "de", "DSAR-2026-0001", (*LAW, *((facts,) if facts else ()))), CONTROLLER)
    many = tuple(("fact", f"asked|2026-01-{day:02}") for day in range(1, MOST_FACTS + 2))
    with pytest.raises(NoticeRefused, match="facts"):
        render(Notice("refusal", "de", "DSAR-2026-0001", (*LAW, *many)), CONTROLLER)
