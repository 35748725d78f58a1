"""A notice says what it is made for, in both languages, and cannot be made to say anything else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.draft import Controller, Draft, Notice
from outputs.errors import NoticeRefused
from outputs.notices import RenderedMail, render
from outputs.texts import texts

CASE = "DSAR-2026-0001"
FIELDS: dict[str, dict[str, str]] = {
    "acknowledgement": {
        "row": "DSAR-2026-0001|2026-11-02|2026-12-02",
        "material_days": "30",
        "record_years": "3",
        "authority": "MV",
    },
    "identity_request": {"received": "2026-11-02"},
    "extension": {"received": "2026-11-02", "due": "2027-02-02", "reason": "volume"},
    "refusal": {"received": "2026-11-02", "ground": "excessive", "authority": "MV", "fact": "unchanged|2026-10-12"},
    "answer_cover": {"filename": "Antwort-DSAR-2026-0001.zip", "channel": "sms"},
    "alarm": {"code": "due_tomorrow", "due": "2026-12-02", "days_left": "1"},
    "other_right": {"right": "erasure", "due": "2026-12-02", "days_left": "9"},
    "system_alarm": {"code": "intake_failed"},
    "many_alarms": {"code": "due_soon", "number": "500"},
    "flood": {"number": "500", "held": "440"},
    "weekly_report": {
        "first": "2026-11-16",
        "last": "2026-11-22",
        "received": "7",
        "answered": "5",
        "in_month": "4",
        "late": "1",
        "open": "12",
        "overdue": "2",
    },
    "daily_report": {
        "day": "2026-11-20",
        "cases": "1",
        "overdue": "0",
        "head": "ab" * 32,
        "row": "DSAR-2026-0001|review|2026-11-02|2026-12-02|12|reviewer|0",
    },
}
SAID = {
    ("acknowledgement", "de"): (
        "2. November 2026",
        "2. Dezember 2026",
        CASE,
        "Art. 6 Abs. 1 lit. c",
        "Art. 77",
        "dsb@",
        "30 Tage",
        "Mecklenburg-Vorpommern",
    ),
    ("acknowledgement", "en"): (
        "2 November 2026",
        "2 December 2026",
        CASE,
        "Art. 6(1)(c)",
        "Art. 77",
        "dsb@",
        "30 days",
        "Mecklenburg-Vorpommern",
    ),
    ("identity_request", "de"): (CASE, "2. November 2026", "Art. 12 Abs. 6", "Einen Ausweis brauchen wir nicht"),
    ("identity_request", "en"): (CASE, "2 November 2026", "Art. 12(6)", "We do not need an identity card"),
    ("extension", "de"): (CASE, "2. Februar 2027", "Art. 12 Abs. 3", "große Menge", "Art. 77", "Art. 79"),
    ("extension", "en"): (CASE, "2 February 2027", "Art. 12(3)", "large amount", "Art. 77", "Art. 79"),
    ("refusal", "de"): (CASE, "exzessiv (Art. 12 Abs. 5", "Mecklenburg-Vorpommern", "Art. 77", "Art. 79"),
    ("refusal", "en"): (CASE, "excessive (Art. 12(5)", "Mecklenburg-Vorpommern", "Art. 77", "Art. 79"),
    ("answer_cover", "de"): (
        "7-Zip",
        "macOS",
        "Linux",
        "iPhone",
        "Android",
        "per SMS",
        "inhalt.zip",
        "Anschreiben.pdf",
    ),
    ("answer_cover", "en"): ("7-Zip", "macOS", "Linux", "iPhone", "Android", "by text message", "content.zip"),
    ("alarm", "de"): (CASE, "die Frist läuft morgen ab", "2. Dezember 2026", "noch 1 Tag"),
    ("alarm", "en"): (CASE, "the deadline is tomorrow", "2 December 2026", "1 day left"),
    ("other_right", "de"): (CASE, "Löschung (Art. 17 DSGVO)", "2. Dezember 2026", "noch 9 Tage", "case done"),
    ("other_right", "en"): (CASE, "erasure (Art. 17 GDPR)", "2 December 2026", "9 days left", "case done"),
    ("many_alarms", "de"): ("500 Vorgänge", "läuft bald ab"),
    ("many_alarms", "en"): ("500 cases",),
    ("flood", "de"): ("500 Anfragen", "440 Mails"),
    ("flood", "en"): ("500 requests", "440 mails"),
    ("system_alarm", "de"): ("das Postfach konnte nicht gelesen werden", "auskunft doctor"),
    ("system_alarm", "en"): ("the mailbox could not be read", "auskunft doctor"),
    ("weekly_report", "de"): ("22. November 2026", "Jetzt offen: 12", "--from 2026-11-16"),
    ("weekly_report", "en"): ("22 November 2026", "Open now: 12", "--from 2026-11-16"),
    ("daily_report", "de"): (CASE, "liegt zur Prüfung vor", "noch 12 Tage", "ab" * 32),
    ("daily_report", "en"): (CASE, "to be reviewed", "12 days left", "ab" * 32),
}


def notice(template: str, language: str = "de", **changes: str) -> Notice:
    return Notice(template, language, CASE, tuple((FIELDS[template] | changes).items()))


@pytest.fixture
def controller(draft: Draft) -> Controller:
    return draft.controller


@pytest.mark.parametrize(("template", "language"), list(SAID))
def test_every_notice_in_both_languages(controller: Controller, template: str, language: str) -> None:
    mail = render(notice(template, language), controller)
    assert [part for part in SAID[template, language] if part not in mail.text] == []
    assert "\n" not in mail.subject
    assert "{" not in mail.subject + mail.text


@pytest.mark.parametrize("template", list(FIELDS))
def test_each_field_is_needed_once(controller: Controller, template: str) -> None:
    whole = notice(template)
    for name, value in whole.fields:
        less = tuple(part for part in whole.fields if part[0] != name)
        with pytest.raises(NoticeRefused):
            render(replace(whole, fields=less), controller)
        with pytest.raises(NoticeRefused):
            render(replace(whole, fields=(*whole.fields, (name, value))), controller)


SMUGGLED = (
    "Lena Krüger",
    "lena.krueger@post.example",
    "2026-11-02\nLena Krüger",
    "2026-11-02\n",
    "2026-11-02 Lena",
    "٢٠٢٦-١١-٠٢",
    "2026-13-45",
    "{controller}",
    "Antwort-DSAR-2026-0001.zip\r\nBcc: x@post.example",
    "AntwortKrueger-DSAR-2026-0001.zip",
    "DSAR-2026-0001|Lena Krüger|2026-11-02|2026-12-02|12|reviewer|0",
    "DSAR-2026-0001|review|2026-11-02|2026-12-02|12|lena_krueger|0",
    "DSAR-2026-0001|lena|2026-11-02|2026-12-02|12|reviewer|0",
    "",
)


@pytest.mark.parametrize("template", list(FIELDS))
@pytest.mark.parametrize("value", SMUGGLED)
def test_no_field_carries_anything_else(controller: Controller, template: str, value: str) -> None:
    for name in FIELDS[template]:
        with pytest.raises(NoticeRefused) as refusal:
            render(notice(template, **{name: value}), controller)
        assert "Krüger" not in str(refusal.value)
    with pytest.raises(NoticeRefused):
        render(notice(template, finding=value), controller)


@given(st.text(max_size=40))
def test_free_text_is_refused_or_not_shown(value: str) -> None:
    controller = Controller("N GmbH", "Weg 1", "19053", "Schwerin", "MV", "a@nordlicht.example")
    try:
        mail = render(notice("system_alarm", code=value), controller)
    except NoticeRefused:
        return
    known = texts("de").known(f"alarm.{value}.what")
    assert known or mail == render(notice("system_alarm", code="unknown"), controller)


def test_an_alarm_without_words_of_its_own_is_sent_all_the_same(controller: Controller) -> None:
    mail = render(notice("alarm", code="lena_krueger"), controller)
    assert isinstance(mail, RenderedMail)
    assert "lena" not in mail.subject + mail.text
    assert "der Vorgang braucht Ihre Aufmerksamkeit" in mail.text


@pytest.mark.parametrize("case", ["", "Lena", "DSAR-2026-0001\nx", "DSAR-2026-0001 Lena"])
def test_a_notice_names_its_case_by_number(controller: Controller, case: str) -> None:
    with pytest.raises(NoticeRefused, match="case_invalid"):
        render(replace(notice("acknowledgement"), case=case), controller)


def test_the_cover_of_a_corrected_answer_names_its_file(controller: Controller) -> None:
    name = "Antwort-DSAR-2026-0001-2.html"
    assert name in render(notice("answer_cover", filename=name), controller).text


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_cover_of_a_page_says_where_it_opens_and_that_there_is_another_way(
    controller: Controller, language: str
) -> None:
    text = render(notice("answer_cover", language, filename="Antwort-DSAR-2026-0001.html"), controller).text
    named = ("Windows", "macOS", "Linux", "Android", "iPhone")
    assert [name for name in named if name not in text] == []
    assert "7-Zip" not in text
    for way in ("per Post", "Link") if language == "de" else ("by post", "link"):
        assert way in text


def test_a_refusal_names_the_competent_authority_and_no_other(controller: Controller) -> None:
    with pytest.raises(NoticeRefused, match="authority"):
        render(notice("refusal", authority="BY"), controller)
    assert "BayLDA" in render(notice("refusal", authority="BY"), replace(controller, land="BY")).text


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_closed_word_has_a_text(controller: Controller, language: str) -> None:
    for ground in ("manifestly_unfounded", "excessive", "not_identifiable", "secrecy"):
        assert render(notice("refusal", language, ground=ground), controller).text
    for reason in ("volume", "retrieval", "redaction", "explanation", "peak"):
        assert render(notice("extension", language, reason=reason), controller).text
    for channel in ("sms", "phone", "letter", "portal", "person"):
        assert render(notice("answer_cover", language, channel=channel), controller).text


def test_an_unknown_template_is_refused(controller: Controller) -> None:
    with pytest.raises(NoticeRefused, match="template_unknown"):
        render(Notice("free_text", "de", CASE, ()), controller)


def test_an_empty_daily_report_says_so(controller: Controller) -> None:
    fields = {name: value for name, value in (FIELDS["daily_report"] | {"cases": "0"}).items() if name != "row"}
    mail = render(Notice("daily_report", "de", "", tuple(fields.items())), controller)
    assert "Keine offenen Vorgänge." in mail.text
    assert mail.subject == "Auskunftsersuchen am 20. November 2026: 0 offen, 0 überfällig"


def test_without_phone_and_officer_the_clauses_are_left_out(controller: Controller) -> None:
    mail = render(notice("acknowledgement"), replace(controller, phone="", dpo_name="", dpo_email=""))
    assert "Telefon" not in mail.text
    assert "Datenschutzkontakt" not in mail.text


def test_one_acknowledgement_for_many_cases_names_each_once_and_nobody(controller: Controller) -> None:
    rows = [("row", f"DSAR-2026-{serial:04}|2026-11-02|2026-12-02") for serial in (1, 2, 3)]
    rest = [(name, value) for name, value in FIELDS["acknowledgement"].items() if name != "row"]
    mail = render(Notice("acknowledgement", "de", CASE, (*rows, *rest)), controller)
    assert [mail.text.count(f"DSAR-2026-{serial:04}:") for serial in (1, 2, 3)] == [1, 1, 1]
    assert mail.text.count("spätestens am 2. Dezember 2026") == 3


def test_a_request_in_another_language_is_acknowledged_in_both_german_first(controller: Controller) -> None:
    mail = render(notice("acknowledgement", "both"), controller)
    assert mail.text.index("Guten Tag") < mail.text.index("Hello")
    assert "2. Dezember 2026" in mail.text
    assert "2 December 2026" in mail.text
    assert mail.subject.startswith(f"[{CASE}] Ihre Anfrage")


@pytest.mark.parametrize("row", ["DSAR-2026-0001|2026-13-45|2026-12-02", "DSAR-2026-0001|2026-11-02"])
def test_an_acknowledgement_needs_real_dates(controller: Controller, row: str) -> None:
    with pytest.raises(NoticeRefused):
        render(notice("acknowledgement", row=row), controller)


def test_whoever_handles_an_erasure_is_told_to_wait_for_the_access_case(controller: Controller) -> None:
    fields = (*FIELDS["other_right"].items(), ("note", "access_open"), ("first", "DSAR-2026-0007"))
    mail = render(Notice("other_right", "de", CASE, fields), controller)
    assert "DSAR-2026-0007" in mail.text
    assert "noch nichts löschen" in mail.text
    with pytest.raises(NoticeRefused, match="first"):
        render(Notice("other_right", "de", CASE, fields[:-1]), controller)


def test_the_daily_report_counts_what_is_not_put_yet(controller: Controller) -> None:
    fields = (*FIELDS["daily_report"].items(), ("queued", "450"), ("held", "440"))
    text = render(Notice("daily_report", "de", CASE, fields), controller).text
    assert "noch nicht in der Oberfläche stehen: 450" in text
    assert "noch warten: 440" in text


def test_a_weekly_report_says_where_its_files_are_or_how_to_get_one(controller: Controller) -> None:
    fields = FIELDS["weekly_report"] | {"file": "bericht-2026-11-23"}
    written = render(Notice("weekly_report", "de", "", tuple(fields.items())), controller).text
    without = render(Notice("weekly_report", "de", "", tuple(FIELDS["weekly_report"].items())), controller).text
    assert "bericht-2026-11-23.docx" in written
    assert "bericht-2026" not in without
    assert all("--from 2026-11-16 --to 2026-11-22" in text for text in (written, without))


@pytest.mark.parametrize("file", ["../../etc/passwd", "bericht-2026-11-23.docx", "bericht von Lena"])
def test_the_file_of_a_weekly_report_is_only_its_name(controller: Controller, file: str) -> None:
    fields = FIELDS["weekly_report"] | {"file": file}
    with pytest.raises(NoticeRefused, match="field_invalid"):
        render(Notice("weekly_report", "de", "", tuple(fields.items())), controller)
