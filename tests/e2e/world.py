"""The invented company with its servers, and the program as `auskunft up` runs it, to be killed and started again."""

from __future__ import annotations

import os
import re
import secrets
import sqlite3
import time
from collections.abc import Callable, Container, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import format_datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from cases.case import Case, Status
from cases.draft import Decision, DecisionKind
from cases.finding import Strength
from desk.demo.client import read_mailbox, send_mail
from desk.demo.company import CANARY_FIELDS, Company, build_company
from desk.demo.dav_server import DavServer
from desk.demo.installation import CloudPlace, Habits, MailPlace, write_installation
from desk.demo.mail_server import MailServer
from flows import draft as drafts
from flows.api import EngineRun, EngineUnavailable
from flows.approval import read_draft
from flows.house import House
from flows.proposed import undecided
from flows.wiring import make_house, open_api
from infra.clock import SystemClock
from infra.scaffold import REGISTER_FILE
from infra.settings import load_settings
from infra.store.knowledge import State
from tests.e2e.program import Program
from tests.e2e.scan import Leak, scan_apart

REQUEST = """Sehr geehrte Damen und Herren,

ich bitte um Auskunft nach Art. 15 DSGVO über alle Daten, die Sie über mich gespeichert haben.
{word}

Mit freundlichen Grüßen
{name}
"""
DPO = "Frauke Nissen"
SENT = (Status.SENT, Status.ANSWERED, Status.ANSWERED_NOTHING_HELD)
TYPED = ("release_reason", "search_reason", "refused_approver", "by_hand_by", "by_hand_note", "decision", "identity")


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody on file who can send a mail; `text`: what they write, where it is not the usual."""

    name: str = field(repr=False)
    email: str = field(repr=False)
    text: str = field(default="", repr=False)


# A world without paper files: each question by hand costs a case two runs and a second draft.
BY_HAND_SYSTEM = """coverage = "by_hand"
responsible = "Torben Ahrens"
days = 5
"""
NO_SYSTEM = """coverage = "excluded"
reason = "bdsg-34-1-2"
explanation = { de = "Die Ordner sind leer.", en = "The binders are empty." }
"""


class World(Program):
    """One installation below `root`; a context manager. `up` starts what people would start."""

    def __init__(self, root: Path, *, customers: int = 60, poll_seconds: int = 20, by_hand: bool = True) -> None:
        super().__init__(root)
        self.words = _words(secrets.token_hex(6))
        self.began = time.time()
        self._habits = Habits(poll_seconds=poll_seconds, notices_per_hour=20)
        self._customers = customers
        self._by_hand = by_hand
        self._known = set(_strewn())

    def __enter__(self) -> Self:
        os.umask(0o077)
        for name in ("tmp", "logs"):
            (self.root / name).mkdir()
        planted = {name: self.words[name] for name in CANARY_FIELDS}
        self.company: Company = build_company(self.root / "company", customers=self._customers, extra_tokens=planted)
        self.askers = _askers(self.company)
        servers = self.root / "company" / "servers"
        addresses = dict.fromkeys((*self.company.mail_addresses, *(asker.email for asker in self.askers)))
        self.mail = self._stack.enter_context(MailServer(servers, addresses))
        self.dav = self._stack.enter_context(DavServer(servers, self.company.cloud))
        self._install()
        self.settings = load_settings(self.settings_file)
        self.house: House = make_house(self.settings, SystemClock())
        self._stack.callback(self.house.close)
        self._stack.callback(self.kill_everything)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stack.close()

    def _install(self) -> None:
        user = self.company.mailbox
        mail = MailPlace(
            self.mail.imap_port, self.mail.submission_port, user, self.mail.accounts[user], self.mail.ca_file,
            authserv_ids=(f"mail.{self.company.domain}",),
        )  # fmt: skip
        cloud = CloudPlace(self.dav.url, self.dav.user, self.dav.password, self.dav.ca_file)
        write_installation(self.settings_file.parent, self.root / "operator", self.company, mail, cloud, self._habits)
        if not self._by_hand:
            register = self.settings_file.with_name(REGISTER_FILE)
            register.write_text(register.read_text().replace(BY_HAND_SYSTEM, NO_SYSTEM))

    def move_cloud(self) -> None:
        """The cloud is there again, under another port."""
        old = self.settings_file.read_text()
        self.dav.start()
        new = re.sub(r"https://127\.0\.0\.1:\d+/", self.dav.url, old)
        self.settings_file.write_text(new)

    # -- people --------------------------------------------------------------------------------------------------

    def ask(self, asker: Asker) -> None:
        """A request by mail, with the words that a canary looks for."""
        message = EmailMessage(policy=SMTP)
        message["From"], message["To"] = f"{asker.name} <{asker.email}>", self.company.mailbox
        message["Subject"] = f"Auskunft nach Art. 15 DSGVO {self.words['request_subject']}"
        message["Date"] = format_datetime(datetime.now(UTC))
        message["Message-ID"] = f"<{secrets.token_hex(8)}@demo.example>"
        message.set_content(asker.text or REQUEST.format(word=self.words["request_text"], name=asker.name))
        auth = (asker.email, self.mail.accounts[asker.email])
        send_mail(self.mail.smtp_port, self.mail.ca_file, message, asker.email, (self.company.mailbox,), auth)

    def received(self, address: str) -> list[EmailMessage]:
        raws = read_mailbox(self.mail.imap_port, self.mail.ca_file, address, self.mail.accounts[address])
        return [message_from_bytes(raw, policy=default) for raw in raws]

    def answers(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.received(address) if any(mail.iter_attachments())]

    def acknowledgements(self, address: str) -> set[str]:
        """The Message-IDs of everything received that is no answer."""
        return {str(mail["Message-ID"]) for mail in self.received(address) if not any(mail.iter_attachments())}

    # -- cases ---------------------------------------------------------------------------------------------------

    def cases_of(self, asker: Asker) -> tuple[Case, ...]:
        with self.house.store.begin() as tx:
            return tx.cases.of_sender(asker.email)

    def case_of(self, asker: Asker) -> str:
        """The one case of somebody, waited for."""
        self.wait_for(lambda: bool(self.cases_of(asker)), "a case")
        (case,) = self.cases_of(asker)
        return case.number

    def status(self, case: str) -> Status:
        with self.house.store.begin() as tx:
            return tx.cases.get(case).status

    def alarms(self, subject: str) -> set[str]:
        with self.house.store.begin() as tx:
            return {alarm.code for alarm in tx.alarms.standing() if alarm.subject == subject}

    def wait_for_status(self, case: str, *statuses: Status) -> None:
        self.wait_for(lambda: self.status(case) in statuses, f"{case} {' or '.join(statuses)}")

    def decide(self, case: str, mine: Container[Strength] = (Strength.PROBABLE,)) -> None:
        """Whatever is undecided belongs to the asker where its strength is one of `mine`, else to a namesake. Nothing
        that was learned is searched for."""
        why = f"geklärt {self.words['decision']}"
        with self.house.store.begin() as tx:
            row = tx.cases.row(case)
            for one in undecided(tx, case):
                tx.proposals.decide(row, one.number, State.DECLINED, DPO, why)
            for item in drafts.current(self.house, tx, case)[1].items:
                if item.undecided:
                    kind = DecisionKind.INCLUDE if item.strength in mine else DecisionKind.EXCLUDE
                    tx.findings.decide(row, item.number, Decision(kind, DPO, tx.now, why))

    # -- forms ---------------------------------------------------------------------------------------------------

    def form(self, name: str) -> EngineRun:
        """The suspended run whose name holds this and whose form can be filled in, waited for."""
        found: list[EngineRun] = []

        def look() -> bool:
            with open_api(self.settings) as api:
                found[:] = [run for run in api.runs("PAUSED") if name in run.name and api.has_form(run)]
            return bool(found)

        self.wait_for(_unless_unreachable(look), f"a form {name}")
        return found[0]

    def approval_form(self, case: str) -> EngineRun:
        """The suspended run that asks for the newest draft, waited for: one for a draft that changed goes away."""
        found: list[EngineRun] = []

        def look() -> bool:
            with self.house.store.begin() as tx:
                number = drafts.current(self.house, tx, case)[0].number
                ours = tx.runs.get(f"fulfil/{case}/{number}")
            with open_api(self.settings) as api:
                run = api.run(ours.flow_run) if ours and ours.flow_run else None
                found[:] = [run] if run and run.state == "PAUSED" and api.has_form(run) else []
            return bool(found)

        self.wait_for(_unless_unreachable(look), f"the approval form of {case}")
        return found[0]

    def submit(self, run: EngineRun, typed: Mapping[str, str]) -> None:
        """As the button in the UI does."""
        with open_api(self.settings) as api:
            assert api.resume(run.id, typed) == "ACCEPT"

    def typed_release(self, case: str, approver: str = DPO) -> dict[str, str]:
        """What a releaser types who has read the draft."""
        with self.house.store.begin() as tx:
            code = read_draft(self.house, tx, case, DPO).code
        reason = f"geprüft {self.words['release_reason']}"
        return {"decision": "release", "approver": approver, "release_code": code, "reason": reason}

    def approve(self, case: str) -> None:
        self.submit(self.approval_form(case), self.typed_release(case))

    # -- time and traces -----------------------------------------------------------------------------------------

    def leaks(self) -> list[Leak]:
        """Every word outside of the company's own folder: our data, settings and logs, Prefect's, and what lies about
        in temporary places since this world began."""
        return scan_apart(self.words, [self.root, *self._new_files()], leave_out=[self.root / "company"])

    def wait_clean(self, seconds: float = 60) -> None:
        """Nothing is left where it should not be; what is typed may stand in Prefect's database until it is taken."""
        left: list[Leak] = []

        def clean() -> bool:
            left[:] = self.leaks()
            return not left

        give_up = time.monotonic() + seconds
        while not clean():
            if time.monotonic() > give_up:
                raise AssertionError("\n".join(sorted({f"{leak.word} ({leak.way}) in {leak.path}" for leak in left})))
            time.sleep(1)

    def _new_files(self) -> list[Path]:
        """Files that appeared in places open to everybody; other tests' own folders are left alone."""
        new = [path for path in _strewn() if path not in self._known and not self.root.is_relative_to(path)]
        inside = (Path(folder, name) for path in new for folder, _, names in os.walk(path) for name in names)
        return [file for file in (*new, *inside) if _changed_since(file, self.began)]


def _changed_since(file: Path, moment: float) -> bool:
    """Whether it is a file that was written since; others come and go meanwhile."""
    try:
        return file.is_file() and not file.is_symlink() and file.stat().st_mtime >= moment
    except OSError:
        return False


def _strewn() -> list[Path]:
    places = (Path("/tmp"), Path("/dev/shm"), Path("/var/tmp"))
    found = [path for place in places if place.is_dir() for path in place.iterdir() if not path.is_symlink()]
    return [path for path in found if not path.name.startswith("pytest-of-")]


def _words(prefix: str) -> dict[str, str]:
    """One word for each field, with a random beginning that they share; letters first, so that none is a number."""
    names = (*CANARY_FIELDS, *TYPED)
    return {name: f"zq{prefix}{''.join(filter(str.isalnum, name))}" for name in names}


def _askers(company: Company) -> list[Asker]:
    """Customers whom nobody can be mixed up with, the protagonist first."""
    protagonist = Asker(company.protagonist.name, company.protagonist.email, company.protagonist.request_text)
    with closing(sqlite3.connect(company.crm)) as connection:
        rows = connection.execute("SELECT first_name, last_name, email FROM customers WHERE id > 13").fetchall()
    families = [row[1] for row in rows]
    alone = [Asker(f"{first} {last}", email) for first, last, email in rows if families.count(last) == 1]
    return [protagonist, *(asker for asker in alone if asker.email != protagonist.email)]


def _unless_unreachable(look: Callable[[], bool]) -> Callable[[], bool]:
    """A server that is just starting again is no failure of who waits."""

    def inside() -> bool:
        try:
            return look()
        except EngineUnavailable:
            return False

    return inside
