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


@pytest.mark.parametrize(
    "facts", [(), ("fact", "unchanged|2026-02-30"), ("fact", "Ole Hansen schuldet uns Geld"), ("sentence", "")]
)
def test_the_law_alone_is_no_reason(facts: tuple[str, str] | tuple[()]) -> None:
    with pytest.raises(NoticeRefused):
        render(Notice("refusal", "de", "DSAR-2026-0001", (*LAW, *((facts,) if facts else ()))), CONTROLLER)
    many = tuple(("fact", f"asked|2026-01-{day:02}") for day in range(1, MOST_FACTS + 2))
    with pytest.raises(NoticeRefused, match="facts"):
        render(Notice("refusal", "de", "DSAR-2026-0001", (*LAW, *many)), CONTROLLER)
