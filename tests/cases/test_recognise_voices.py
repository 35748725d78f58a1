# ruff: noqa: E501 - mails as they stand, one per line
"""Who speaks in a mail, and what is refused in it: forms, agencies, companies, newsletters, postscripts, few words."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cases.message import Address, Attachment, Message
from cases.recognise import recognise
from cases.refusals import without_refusals
from cases.request import FollowUp, Request, Right, Verdict
from cases.voices import spoken_part

SERVER = Address("Web", "wordpress@kesselhaus.example")
GENERATED = {"auto-submitted": ("auto-generated",)}


def asked(text: str, subject: str = "Frage", **changes: object) -> Request:
    start = Message(
        raw=b"",
        received_at=datetime(2026, 3, 2, 8, 0, tzinfo=UTC),
        sender=Address("Runa Achterberg", "runa@posteo.example"),
        to=(Address("", "kontakt@kesselhaus.example"),),
        subject=subject,
        text=text,
    )
    return recognise(replace(start, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "Vorname | Runa\nNachname | Achterberg\nMailadresse | runa@posteo.example\nAnliegen | Was habt ihr über mich gespeichert?",
        "Name\tRuna Achterberg\nE-Mail\truna@posteo.example\nNachricht\tIch bitte um eine Kopie meiner Daten.",
        "Runa Achterberg (runa@posteo.example) schrieb: Welche Angaben habt ihr zu meiner Person?",
        "Runa Achterberg <runa@posteo.example> wrote: What data do you hold about me?",
    ],
)
def test_forms_of_any_shape_are_read_though_a_machine_sent_them(text: str) -> None:
    request = asked(text, "Neuer Eintrag", sender=SERVER, headers=GENERATED)
    assert request.verdict is Verdict.ACCESS
    assert "web_form" in request.extras


def test_a_person_in_a_generated_mail_is_at_least_in_doubt() -> None:
    text = "Über die Seite kam herein:\n\nIch will wissen, welche Daten Sie über mich haben."
    assert asked(text, "Neuer Eintrag", sender=SERVER, headers=GENERATED).verdict is Verdict.UNCLEAR


def test_a_generated_acknowledgement_that_repeats_the_request_stays_a_machine_s() -> None:
    text = "Vielen Dank für Ihre Nachricht! Sie lautete: Ich will wissen, welche Daten Sie über mich haben."
    assert asked(text, "Eingang", sender=SERVER, headers=GENERATED).verdict is Verdict.AUTO_REPLY


@pytest.mark.parametrize("sender", ["anfragen@datenanwalt.example", "noreply@datenanwalt.example"])
@pytest.mark.parametrize(
    "headers",
    [
        {"auto-submitted": ("auto-generated",)},
        {"precedence": ("bulk",)},
        {"list-unsubscribe": ("<mailto:x@y.example>",)},
    ],
)
def test_an_agency_s_letter_is_kept_though_it_was_sent_in_bulk(
    sender: str, headers: dict[str, tuple[str, ...]]
) -> None:
    text = (
        "Hello,\n\nour service is authorised to file this request under Article 15 GDPR for the person below. Kindly provide a copy of her data.\n\n"
        "Name: Runa Achterberg\nEmail: runa@posteo.example"
    )
    request = asked(text, "Request", sender=Address("Service", sender), headers=headers)
    assert request.verdict in (Verdict.ACCESS, Verdict.UNCLEAR)
    assert Right.ACCESS in request.rights


BUSINESS = "Guten Tag, die Lieferung von gestern ist leider beschädigt angekommen."


@pytest.mark.parametrize(
    "below",
    [
        "PS: Bitte teilen Sie mir mit, was Sie alles über mich gespeichert haben.",
        "P.S. Welche Daten habt ihr über mich?",
        "\nAußerdem verlange ich Auskunft nach Art. 15 DSGVO über meine Daten.",
    ],
)
def test_what_is_asked_below_a_signature_mark_counts(below: str) -> None:
    assert asked(f"{BUSINESS}\n-- \nRuna Achterberg\n{below}").verdict is Verdict.ACCESS


@pytest.mark.parametrize(
    "below",
    [
        "Auskunft darüber, welche Daten wir über Sie speichern, erhalten Sie nach Art. 15 DSGVO unter https://y.example",
        "\nYou have the right to access the data we hold about you under Article 15 GDPR. See our privacy notice.",
        "\nIch widerspreche der Nutzung und Übermittlung meiner Daten zu Werbezwecken.",
    ],
)
def test_standing_footers_ask_for_nothing(below: str) -> None:
    assert asked(f"{BUSINESS}\n-- \nRuna Achterberg\n{below}").verdict is Verdict.OTHER
    assert spoken_part(f"{BUSINESS}\n-- \nRuna\n{below}") == BUSINESS


def test_a_letter_in_an_archive_is_unread_whatever_the_note_above_it_says() -> None:
    text = (
        "Guten Tag, im Anhang finden Sie mein Schreiben als gepackte Datei, ich bitte um Antwort innerhalb der Frist."
    )
    archive = Attachment("brief.zip", "application/zip", b"PK\x03\x04")
    assert asked(text, "Mein Brief", attachments=(archive,)).verdict is Verdict.UNCLEAR


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Subject access request.", "SAR"),
        ("", "DSAR - Runa Achterberg"),
        ("Datenauskunft, aber schnell!!", ""),
        ("Selbstauskunft!\n\nRuna Achterberg", "Hallo"),
        ("Ich verlange, dass Sie Ihre Pflicht aus Artikel 15 erfüllen.", "Hallo"),
    ],
)
def test_few_words_are_for_a_person(text: str, subject: str) -> None:
    assert asked(text, subject).verdict is Verdict.UNCLEAR


def test_an_article_may_be_spelled_out() -> None:
    assert (
        asked("Hiermit nutze ich mein Recht aus Artikel fünfzehn der Grundverordnung und mache es geltend.").verdict
        is Verdict.ACCESS
    )


@pytest.mark.parametrize(
    "text",
    [
        "Access request for the shared drive, see ticket 12.",
        "Please approve my access request for the team folder.",
        "Ein Kunde will eine Selbstauskunft von uns, wie beantworten wir das?",
    ],
)
def test_other_people_s_few_words_stay_other(text: str) -> None:
    assert asked(text, "Intern").verdict is Verdict.OTHER


@pytest.mark.parametrize(
    "text",
    [
        "Sehr geehrte Frau Achterberg, in der Anlage senden wir Ihnen die erbetene Auskunft nach Art. 15 DSGVO.",
        "In unseren Systemen sind zu Ihrer Person keine personenbezogenen Daten gespeichert. Dies ist eine Auskunft nach Art. 15 DSGVO.",
        "Hiermit erteilen wir Ihnen Auskunft gemäß Art. 15 DSGVO über die zu Ihrer Person gespeicherten Daten.",
        "Wir haben Ihr Ersuchen um Auskunft nach Art. 15 DSGVO vom 3. März erhalten und bitte haben Sie etwas Geduld.",
        "Attached is a copy of your personal data, which you requested under Article 15 GDPR.",
        "We confirm that we have received your access request under Art. 15 GDPR and will answer within a month.",
        "We do not hold any personal data about you. This answers your request under Article 15 GDPR.",
    ],
)
def test_what_companies_answer_opens_no_case(text: str) -> None:
    assert asked(text, "Ihr Schreiben").verdict in (Verdict.AUTO_REPLY, Verdict.OTHER)


@pytest.mark.parametrize(
    "text",
    [
        "Sie schrieben: Wir haben keine personenbezogenen Daten über Sie gespeichert. Das stimmt nicht. Ich verlange Auskunft nach Art. 15 DSGVO über meine Daten.",
        "Frau Kern hat uns beauftragt. Wir fordern Sie auf, Auskunft nach Art. 15 DSGVO über die über sie gespeicherten Daten zu erteilen.",
    ],
)
def test_people_who_quote_an_answer_or_write_as_we_are_not_lost(text: str) -> None:
    assert asked(text).verdict in (Verdict.ACCESS, Verdict.UNCLEAR)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Löschen Sie meine Daten bitte auf keinen Fall.", Right.ERASURE),
        ("Ich möchte nicht, dass Sie meine Daten löschen.", Right.ERASURE),
        ("Welche Daten haben Sie über mich? Meine Daten sollen Sie aber auch nicht löschen.", Right.ERASURE),
        ("Please never delete my account data.", Right.ERASURE),
        ("Please do not send me a copy of my data.", Right.ACCESS),
        ("Ich brauche keine Kopie meiner Daten.", Right.ACCESS),
    ],
)
def test_what_is_refused_is_not_asked_for(text: str, right: Right) -> None:
    assert right not in asked(text).rights


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Meine Daten haben Sie noch immer nicht gelöscht!", Right.ERASURE),
        ("Wenn Sie meine Daten nicht löschen, beschwere ich mich.", Right.ERASURE),
        ("Löschen Sie nicht nur meine Adresse, sondern alle meine Daten.", Right.ERASURE),
        ("Why don't you just send me a copy of my data?", Right.ACCESS),
    ],
)
def test_facts_and_conditions_are_no_refusal(text: str, right: Right) -> None:
    assert right in asked(text).rights
    assert without_refusals("Nichts davon.") == "Nichts davon."


@pytest.mark.parametrize(
    ("text", "follow_up"),
    [
        ("Meine Anfrage ziehe ich ausdrücklich nicht zurück.", None),
        ("I am not going to withdraw my request.", None),
        ("Meine Anfrage ziehe ich zurück.", FollowUp.WITHDRAWAL),
    ],
)
def test_who_upholds_a_request_does_not_take_it_back(text: str, follow_up: FollowUp | None) -> None:
    assert asked(text, "Re: Anfrage").follow_up is follow_up


def test_a_newsletter_s_sample_letter_is_nobody_s_request() -> None:
    text = "Tipps im März. Unser Musterbrief:\n\nHiermit verlange ich Auskunft nach Art. 15 DSGVO über meine gespeicherten Daten."
    assert asked(text, "März", sender=Address("Rat", "newsletter@rat.example")).verdict is Verdict.OTHER
    assert (
        asked("Welche Daten haben Sie über mich?", sender=Address("Rat", "newsletter@rat.example")).verdict
        is Verdict.UNCLEAR
    )


@pytest.mark.parametrize(
    "text",
    [
        "Ich melde mich wegen Herrn Ansgar Lüth. Er würde gern erfahren, was Sie über ihn gespeichert haben.",
        "Meine Nachbarin möchte wissen, welche Daten Sie zu ihr haben.",
        "My neighbour is 90. She would like to know what you hold on her.",
        "My client wants a copy of the data you keep about him.",
    ],
)
def test_who_asks_for_somebody_else_asks(text: str) -> None:
    request = asked(text)
    assert request.verdict is Verdict.ACCESS
    assert "representative" in request.extras


@pytest.mark.parametrize(
    "text", ["Herr Lüth möchte wissen, ob Sie das Paket erhalten haben.", "She wants to know when you open."]
)
def test_who_passes_on_other_questions_does_not(text: str) -> None:
    assert asked(text).verdict is Verdict.OTHER


@pytest.mark.parametrize("where", ["text", "quoted", "subject"])
def test_signs_that_stand_for_sentences_cost_no_more_than_others(where: str) -> None:
    changes = {"text": "Guten Tag", where: "\ufdfa" * 30_000}
    begin = time.process_time()
    asked(**changes)
    assert time.process_time() - begin < 2.5
