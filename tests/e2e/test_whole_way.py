"""The whole way on real servers: a mail arrives, a data protection officer decides in a real browser, the answer lies
sealed in the person's mailbox. Whoever waits here waits for a condition, with a deadline."""

from __future__ import annotations

import html
import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from cases.case import Status
from desk.demo.company import Company, build_company
from desk.demo.mails import make_mails
from tests.e2e.dpo import DPO, until
from tests.e2e.office import STORE, Office, open_office
from tests.e2e.ui import WINDOW, BrowserMissing, PrefectUi, chromium
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]


@pytest.fixture
def page() -> Iterator[Page]:
    try:
        with chromium() as browser, browser.new_context(viewport=WINDOW) as context:
            yield context.new_page()
    except BrowserMissing as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing), pytrace=False)
        pytest.skip(str(missing))


@pytest.fixture
def office(
    tmp_path: Path,
    dovecot_with: Callable[..., Dovecot],
    postfix_for: Callable[..., Postfix],
) -> Iterator[Office]:
    company = build_company(tmp_path / "company", customers=300)
    passwords = {address: f"geheim-{number}" for number, address in enumerate(company.mail_addresses)}
    dovecot = dovecot_with(passwords, extra=f"hostname = {STORE}")
    postfix = postfix_for(dovecot, extra=f"myhostname = {STORE}")
    with open_office(tmp_path, company, dovecot, postfix) as running:
        yield running


@pytest.fixture
def ui(page: Page, office: Office) -> PrefectUi:
    return PrefectUi(page, office.ui)


def test_a_person_writes_and_gets_one_sealed_answer_with_her_data_alone(
    ui: PrefectUi, office: Office, tmp_path: Path
) -> None:
    office.up()
    case = a_scheduled_poll_opens_a_case(office)
    run = the_dpo_reads_a_summary_without_personal_data(office, ui, case)
    run = a_form_without_a_code_is_asked_again(office, ui, case, run)
    run = a_restart_leaves_the_form_waiting(office, ui, case, run)
    a_cancelled_run_is_started_again(office, ui, case, run)
    office.dpo.decide(case)
    what_was_read_is_released(office, ui, case)
    answer = one_answer_arrives(office)
    opened = she_opens_it(office, case, answer, tmp_path)
    only_her_data_are_in_it(office.company, opened)
    the_hand_over_of_the_passphrase_ends_the_case(office, case)
    assert ui.outside == []


def a_scheduled_poll_opens_a_case(office: Office) -> str:
    mails = make_mails(office.company.protagonist, office.company.neighbours.delivery, datetime.now(UTC))
    for mail in (mails.newsletter, mails.request):
        office.arrive(mail)
    until(lambda: bool(office.dpo.cases()), "a case")
    (case,) = office.dpo.cases()
    assert case.status is not Status.TRIAGE
    until(lambda: bool(_opened(office)), "what the poll logged")
    runs = office.intake_runs()
    assert all(run["auto_scheduled"] for run in runs), "nobody but the schedule starts a poll"
    (opening,) = _opened(office)
    assert opening["auto_scheduled"] and "auto-scheduled" in opening["tags"]
    return case.number


def _opened(office: Office) -> list[dict[str, Any]]:
    return [run for run in office.intake_runs() if any("opened 1" in line for line in run["logs"])]


def the_dpo_reads_a_summary_without_personal_data(office: Office, ui: PrefectUi, case: str) -> str:
    run = office.dpo.approval_run(case)
    ui.log_in(office.password)
    ui.open_from_list(run)
    summary = ui.resume()
    assert case in summary and "days left" in summary
    assert re.search(r"Kundendatenbank: durchsucht / searched \(\d+\) · \d+/0/\d+", summary)
    assert re.search(r"Instagram-Nachrichten: durchsucht / searched \(\d+\) · 0/0/\d", summary)
    assert re.search(r"Cloud-Ablage: durchsucht / searched \(\d+\) · \d/\d/\d", summary)
    assert "Werkstattordner (Papier): offen / open" in summary
    assert re.search(r"\d+ unentschiedene Funde / undecided findings", summary)
    seen = html.unescape(ui.page.content())
    assert [datum for datum in _personal(office.company) if datum in seen] == []
    return run


def _personal(company: Company) -> list[str]:
    person, namesake = company.protagonist, company.neighbours.namesake
    words = [*person.name.split(), person.email, person.phone, person.street, person.customer_number]
    return [*words, person.instagram_handle, person.request_subject, namesake.email, namesake.street]


def a_form_without_a_code_is_asked_again(office: Office, ui: PrefectUi, case: str, run: str) -> str:
    ui.choose("Entscheidung / decision", "release")
    ui.type("Ihr Name / your name", DPO)
    ui.submit()
    again = office.dpo.approval_run(case, after=run)
    assert office.dpo.status(case) == Status.REVIEW
    ui.open(again)
    assert "Der Freigabecode passt nicht zu Entwurf und Name" in ui.resume()
    return again


def a_restart_leaves_the_form_waiting(office: Office, ui: PrefectUi, case: str, run: str) -> str:
    ui.leave()
    office.down()
    office.up()
    assert office.dpo.approval_run(case) == run
    ui.open(run)
    return run


def a_cancelled_run_is_started_again(office: Office, ui: PrefectUi, case: str, run: str) -> None:
    ui.cancel()
    office.dpo.approval_run(case, after=run)
    assert office.dpo.status(case) == Status.REVIEW


def what_was_read_is_released(office: Office, ui: PrefectUi, case: str) -> None:
    with office.dpo.reading(case, DPO) as code:
        ui.open(office.dpo.approval_run(case))
        summary = ui.resume()
        assert "unentschiedene" not in summary and "von Hand beantwortet / answered by hand" in summary
        ui.choose("Entscheidung / decision", "release")
        ui.type("Ihr Name / your name", DPO)
        ui.type("Freigabecode / release code", code)
        ui.submit()
    until(lambda: office.dpo.status(case) == Status.SENT, "the answer's dispatch")


def one_answer_arrives(office: Office) -> bytes:
    until(lambda: bool(_answers(office)), "the answer in her mailbox")
    (attachment,) = _answers(office)[0].iter_attachments()
    assert str(attachment.get_filename()).endswith(".html")
    content = attachment.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def _answers(office: Office) -> list[EmailMessage]:
    """Every mail to her that carries something; the acknowledgement does not."""
    return [mail for mail in office.received(office.company.protagonist.email) if any(mail.iter_attachments())]


def she_opens_it(office: Office, case: str, answer: bytes, folder: Path) -> Path:
    package, words = folder / "answer.html", folder / "passphrase.txt"
    package.write_bytes(answer)
    words.write_text(office.dpo.auskunft("case", "passphrase", case, "--as", DPO))
    said = office.dpo.auskunft("open", str(package), "--passphrase-file", str(words), "--out", str(folder / "opened"))
    assert case in said and "each as the manifest says" in said
    return folder / "opened"


def only_her_data_are_in_it(company: Company, opened: Path) -> None:
    (page,) = opened.rglob("Auskunft.html")
    text = html.unescape(page.read_text(encoding="utf-8"))
    person, namesake = company.protagonist, company.neighbours.namesake
    for datum in (person.name, person.email, person.street, person.customer_number, "Lastenrad zieht nach links"):
        assert datum in text
    birth_dates = (f"{namesake.birth_date:%Y-%m-%d}", f"{namesake.birth_date:%d.%m.%Y}")
    theirs = (namesake.email, namesake.customer_number, namesake.street, namesake.city, namesake.phone, *birth_dates)
    assert [datum for datum in theirs if datum and datum in text] == []


def the_hand_over_of_the_passphrase_ends_the_case(office: Office, case: str) -> None:
    assert office.dpo.status(case) == Status.SENT
    office.dpo.auskunft("case", "passphrase", case, "--as", DPO, "--handed-over", "phone")
    assert office.dpo.status(case) == Status.ANSWERED
    assert len(_answers(office)) == 1
    acknowledgement, *_ = office.received(office.company.protagonist.email)
    assert case in str(acknowledgement["Subject"])
