"""`auskunft demo`: a person writes in German, the program answers. Everything runs on this machine and is invented."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from cases.case import Status
from desk.console import fail
from desk.demo.client import read_mailbox, send_demo_mail
from desk.demo.company import Company, build_company
from desk.demo.dav_server import DavServer
from desk.demo.dpo import Dpo
from desk.demo.installation import CloudPlace, MailPlace, write_installation
from desk.demo.mail_server import MailServer
from desk.demo.mails import make_mails
from desk.demo.received import keep_answer, print_letter, save_mails
from flows.house import House
from flows.wiring import open_api, open_house
from infra.lifeline import PARENT
from infra.settings import load_settings

PATIENCE = 600.0  # seconds that a step may take where no person is waited for
PEOPLE_PATIENCE = 24 * 3600.0


@dataclass(slots=True)
class Steps:
    """What happens, with the time that each step took."""

    console: Console
    taken: list[tuple[str, float]] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    def done(self, what: str, detail: str = "") -> None:
        seconds = time.monotonic() - self.began - sum(step[1] for step in self.taken)
        self.taken.append((what, seconds))
        self.console.print(
            f"[green]✓[/green] {what} [dim]({seconds:.1f} s)[/dim]" + (f"\n  {detail}" if detail else "")
        )

    def table(self) -> Table:
        table = Table("Schritt / step", "Sekunden / seconds", title="Dauer / time taken", title_justify="left")
        for what, seconds in self.taken:
            table.add_row(what, f"{seconds:.1f}")
        table.add_row("zusammen / together", f"{sum(step[1] for step in self.taken):.1f}")
        return table


@dataclass(frozen=True, slots=True)
class Stage:
    """The company with its servers and the installation that answers for it."""

    out: Path
    company: Company
    mail: MailServer
    settings_file: Path
    up: subprocess.Popen[bytes]


def run_demo(out: Path, *, headless: bool) -> int:
    """Runs the demo into a new or empty folder; returns the exit status."""
    if out.exists() and any(out.iterdir()):
        fail(f"{out} is not empty; give a new folder: --out DIR, or make demo OUT=DIR")
    os.umask(0o077)
    steps = Steps(Console(highlight=False))
    steps.console.print("[bold]Auskunft[/bold]: Nordlicht Fahrräder GmbH (erfunden / invented) bekommt eine Anfrage.\n")
    with ExitStack() as stack:
        stage = _set_up(out.resolve(), stack, steps)
        house = stack.enter_context(open_house(load_settings(stage.settings_file)))
        case = _ask(house, stage, steps)
        _answer(house, stage, case, steps, headless=headless)
        passphrase = _hand_over(house, stage, case, steps)
    opened = keep_answer(stage.out, case, passphrase)
    steps.done("Geöffnet und geprüft / opened and verified", f"{opened.files} Dateien / files")
    print_letter(steps.console, stage.out)
    steps.console.print(steps.table())
    steps.console.print(f"Alles liegt in / everything is in [bold]{stage.out}[/bold]")
    return 0


def _set_up(out: Path, stack: ExitStack, steps: Steps) -> Stage:
    company = build_company(out / "company")
    steps.done("Firma erfunden / company invented", "5.000 Kunden, Instagram-Export, Cloud-Ordner")
    servers = out / "company" / "servers"
    mail = stack.enter_context(MailServer(servers, company.mail_addresses))
    dav = stack.enter_context(DavServer(servers, company.cloud))
    user = company.mailbox
    place = MailPlace(
        mail.imap_port,
        mail.submission_port,
        user,
        mail.accounts[user],
        mail.ca_file,
        authserv_ids=(f"mail.{company.domain}",),
    )
    cloud = CloudPlace(dav.url, dav.user, dav.password, dav.ca_file)
    settings_file = write_installation(out / "auskunft", out / "operator", company, place, cloud)
    steps.done("Server gestartet / servers started", "IMAP, SMTP, WebDAV")
    up = _start(out, settings_file, stack)
    _wait(steps, "Prefect", lambda: _healthy(settings_file), up)
    steps.done("Prefect gestartet / Prefect started")
    return Stage(out, company, mail, settings_file, up)


def _start(out: Path, settings_file: Path, stack: ExitStack) -> subprocess.Popen[bytes]:
    log = stack.enter_context((out / "up.log").open("wb"))
    command = [sys.executable, "-m", "desk", "up", "--config", str(settings_file)]
    environment = {**os.environ, PARENT: str(os.getpid())}
    up = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=environment)
    stack.callback(_stop, up)
    return up


def _stop(up: subprocess.Popen[bytes]) -> None:
    up.terminate()
    try:
        up.wait(40)
    except subprocess.TimeoutExpired:
        up.kill()


def _healthy(settings_file: Path) -> bool:
    with open_api(load_settings(settings_file)) as api:
        return api.healthy()


def _ask(house: House, stage: Stage, steps: Steps) -> str:
    """The mails arrive: a request among a newsletter, an out-of-office reply, a bounce and a customer's question."""
    company = stage.company
    mails = make_mails(company.protagonist, company.neighbours.delivery, datetime.now(UTC))
    for mail in (mails.newsletter, mails.out_of_office, mails.bounce, mails.delivery_question, mails.request):
        send_demo_mail(stage.mail.smtp_port, stage.mail.ca_file, mail, stage.mail.accounts)
    steps.done("Fünf Mails verschickt, eine ist eine Anfrage / five mails sent, one is a request")
    _wait(steps, "Eingang / intake", lambda: bool(_cases(house)), stage.up)
    case = _cases(house)[0]
    with house.store.begin() as tx:
        due = tx.cases.get(case).due
    steps.done(f"Erkannt / recognised: {case}", f"Frist / due {due:%d.%m.%Y}")
    _wait(steps, "Bestätigung / acknowledgement", lambda: bool(_received(stage)), stage.up)
    steps.done("Eingang bestätigt / acknowledged")
    return case


def _answer(house: House, stage: Stage, case: str, steps: Steps, *, headless: bool) -> None:
    _wait(steps, "Suche / search", lambda: _status(house, case) is Status.REVIEW, stage.up)
    dpo = Dpo(house, case, stage.company.protagonist)
    steps.done("Identität geprüft, alles durchsucht / identified, everything searched", dpo.found())
    if headless:
        if widened := dpo.widen():
            steps.done("Mit Angaben aus dem Datensatz gesucht / searched by what is on file, too", f"{widened}")
        dpo.decide()
        dpo.answer_by_hand_questions()
        steps.done("Unentschiedenes entschieden, Papierordner geprüft / decided, paper files checked", dpo.decided())
        dpo.approve()
        steps.done("Gelesen und freigegeben / read and approved")
    else:
        _tell_what_to_do(house, stage, case, steps.console)
    sent = (Status.SENT, Status.ANSWERED, Status.ANSWERED_NOTHING_HELD)
    patience = PATIENCE if headless else PEOPLE_PATIENCE
    _wait(steps, "Versand / dispatch", lambda: _status(house, case) in sent, stage.up, patience)
    steps.done("Verpackt, verschlüsselt, verschickt / packaged, sealed, sent")


def _tell_what_to_do(house: House, stage: Stage, case: str, console: Console) -> None:
    """The interactive part: a person approves where they would in real life."""
    settings = house.settings
    auth = (stage.out / "operator" / "prefect-auth").read_text()
    command = f"{sys.executable} -m desk case"
    config = f"--config {stage.settings_file}"
    console.print(f"""
[bold]Jetzt sind Sie dran / now it is your turn[/bold]

1. Oberfläche öffnen / open the UI:  [bold]{settings.prefect_api.removesuffix("/api")}/runs[/bold]
   Anmeldung / login:                {auth}
2. Ansehen und entscheiden / look and decide:
     {command} show {case} {config}
     {command} accept {case} --all --as "Frauke Nissen" {config}
     {command} include {case} NUMMER … --by "Frauke Nissen" {config}
     {command} exclude {case} --system crm --record NUMMER --by "Frauke Nissen" {config}
   Papierordner / paper files:
     {command} add {case} --system paper --nothing --by "Torben Ahrens" {config}
3. Entwurf lesen, Code notieren / read the draft, note the code:
     {command} review {case} --as "Frauke Nissen" {config}
4. Lauf „{case} …“ öffnen, Resume, release, Name und Code eintragen, Submit
   (open that run, Resume, release, type name and code, Submit)
""", soft_wrap=True)  # fmt: skip


def _hand_over(house: House, stage: Stage, case: str, steps: Steps) -> str:
    _wait(steps, "Zustellung / delivery", lambda: len(_received(stage)) > 1, stage.up)
    save_mails(stage.out, _received(stage))
    passphrase = Dpo(house, case, stage.company.protagonist).hand_over()
    steps.done("Angekommen; Passwort übergeben / arrived; passphrase handed over", "telefonisch / by phone")
    return passphrase


def _received(stage: Stage) -> list[bytes]:
    person = stage.company.protagonist.email
    return read_mailbox(stage.mail.imap_port, stage.mail.ca_file, person, stage.mail.accounts[person])


def _cases(house: House) -> list[str]:
    with house.store.begin() as tx:
        return [case.number for case in tx.cases.all()]


def _status(house: House, case: str) -> Status:
    with house.store.begin() as tx:
        return tx.cases.get(case).status


def _wait(
    steps: Steps, what: str, ready: Callable[[], bool], up: subprocess.Popen[bytes], patience: float = PATIENCE
) -> None:
    """Waits with a sign of life; ends the demo with a message where the program died or the time is up."""
    give_up = time.monotonic() + patience
    with steps.console.status(f"{what} …"):
        while not ready():
            if up.poll() is not None:
                fail(f"`auskunft up` ended with status {up.returncode}; its messages are in up.log", 1)
            if time.monotonic() > give_up:
                fail(f"{what}: nothing happened for {patience:.0f} s; the messages are in up.log", 1)
            time.sleep(0.3)  # other processes work: the store and the mailbox are asked again
