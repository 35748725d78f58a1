"""What is asked of people says nothing of whether they are known, and never asks for an ID."""

from __future__ import annotations

import re

import pytest

from cases.challenge import codes_in
from cases.draft import Controller, Notice
from outputs.errors import NoticeRefused
from outputs.notices import render
from outputs.texts import LANGUAGES, texts
from tests.outputs.test_notices import CASE

CODE = "K7M-4XP-9RA"
ASKED = {"received": "2026-11-02", "expires": "2026-11-16", "code": CODE, "requester": "lena@mail.example"}
CONTROLLER = Controller("Nordlicht GmbH", "Werftstraße 12", "19053", "Schwerin", "MV", "datenschutz@nordlicht.example")
ID = re.compile(
    r"ausweis|reisepass|f(?:ü|ue)hrerschein|identity (?:card|document)|\bID\b|passport|driving licen[cs]e", re.I
)
NOT_ASKED = re.compile(r"\bkein|\bnicht\b|\bohne\b|\bnever\b|\bnot\b|\bno\b|\bwithout\b|ungefragt|unasked", re.I)


def said(template: str, language: str, **fields: str) -> str:
    return render(Notice(template, language, CASE, tuple(fields.items())), CONTROLLER).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_asks_for_an_identity_document(language: str) -> None:
    """Every sentence of every text that names one says that none is wanted, or that one came unasked."""
    naming = [
        (key, sentence)
        for key, text in texts(language).entries.items()
        for sentence in re.split(r"(?<=[.!?;])\s|\n", text)
        if ID.search(sentence) and not key.startswith("alarm.id_document")
    ]
    assert naming  # the question does name one: to say that none is needed
    assert [key for key, sentence in naming if not NOT_ASKED.search(sentence)] == []


@pytest.mark.parametrize("language", ["de", "en", "both"])
def test_the_code_mail_names_the_address_and_what_to_do(language: str) -> None:
    text = said("identity_code", language, **ASKED)
    assert f"    {CODE}\n" in text
    assert "lena@mail.example" in text
    assert "Nicht ich" in text or "not me" in text
    assert "16. November 2026" in text or "16 November 2026" in text


@pytest.mark.parametrize("language", ["de", "en", "both"])
def test_a_code_in_our_own_mail_never_counts_when_it_comes_back(language: str) -> None:
    """However a program quotes: what stands below the line above the code is ours."""
    assert codes_in(said("identity_code", language, **ASKED)) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_request_that_was_no_mail_names_no_address(language: str) -> None:
    text = said("identity_code", language, **{key: value for key, value in ASKED.items() if key != "requester"})
    assert "@mail" not in text
    assert "E-Mail" in text or "e-mail" in text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("requester", "lena@mail.example klicken Sie hier"),
        ("requester", "https://boese.example/a@b"),
        ("requester", "x" * 300 + "@mail.example"),
        ("code", "IIII"),
        ("code", "K7M-4XP-9RA und Ihre Anschrift"),
    ],
)
def test_nothing_else_can_stand_in_a_field(name: str, value: str) -> None:
    with pytest.raises(NoticeRefused):
        said("identity_code", "de", **{**ASKED, name: value})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", ["identity_request", "code_not_accepted"])
def test_what_a_stranger_gets_does_not_say_whether_we_know_somebody(template: str, language: str) -> None:
    fields = {"received": "2026-11-02"} if template == "identity_request" else {}
    assert re.search(r"sagt nicht, ob wir|does not say whether we", said(template, language, **fields))
