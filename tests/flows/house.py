"""A whole house for tests: the real store, key store and vault on a temporary folder; everything outside is written."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from cases.case import Case, Status
from cases.draft import Decision, DecisionKind
from cases.finding import Blob, DataField, Finding, Gap, GapReason, Match, Strength
from cases.identifiers import Identifier, Kind, Origin, Subject
from cases.message import AuthResults
from cases.register import Register
from cases.source import Contact, Health, Searched, SourceUnavailable, Stage
from cases.subjects import SubjectIndex
from cases.text import TextUnreadable
from flows.api import EngineRun, Start
from flows.house import House
from infra.keystore import KeyStore
from infra.mailbox import Fetched, MailboxUnavailable, MailGone, MailKey, Moved, Removal
from infra.master import MasterKey
from infra.parse import parse_message
from infra.ropa import load_register
from infra.settings import Settings, load_settings
from infra.store.engine import migrate, open_engine
from infra.store.store import Store
from infra.vault import Vault

NOON = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
MASTER = MasterKey(bytes(32))
LENA = "lena.krueger@mail.example"
US = "datenschutz@nordlicht.example"
DPO = "dsb@nordlicht.example"
REVIEWER, RELEASER = "Frauke Nissen", "Torben Ahrens"

SETTINGS = f"""
[controller]
name = "Nordlicht Bürobedarf GmbH"
street = "Werftstraße 12"
postcode = "19053"
city = "Schwerin"
land = "MV"
email = "{US}"
[dpo]
name = "Mara Petersen"
email = "{DPO}"
[[people]]
name = "{REVIEWER}"
roles = ["reviewer"]
[[people]]
name = "{RELEASER}"
roles = ["releaser", "reviewer"]
[release]
one_person_may_do_both = true
[keys]
master = "file:@FOLDER@/master/master.key"
[mailbox]
host = "imap.nordlicht.example"
user = "{US}"
password = "env:MAIL_PASSWORD"
[post]
host = "smtp.nordlicht.example"
user = "{US}"
password = "env:MAIL_PASSWORD"
from_address = "{US}"
from_name = "Nordlicht Datenschutz"
[prefect]
auth = "env:PREFECT_AUTH"
port = 1
[retention]
reason = "Erfundene Firma: so lange wie vorgeschlagen."
"""

ACTIVITY = """
[[activity]]
key = "{key}"
name = {{ de = "{key}", en = "{key}" }}
purposes = [{{ de = "Verkauf", en = "selling" }}]
categories = [{{ de = "Kontaktdaten", en = "contact details" }}]
retention = {{ de = "drei Jahre", en = "three years" }}
origin = {{ de = "von Ihnen", en = "from you" }}
legal_basis = ["6(1)(b)"]
evidence = {evidence}
automated = false
  [[activity.recipient]]
  name = "Hansewolke GmbH, Hamburg"
  role = {{ de = "Hosting", en = "hosting" }}
  transfer = false
"""
ROPA = (
    ACTIVITY.format(key="shop", evidence='["crm/*", "cloud/*", "paper/*"]')
    + ACTIVITY.format(key="requests", evidence='["auskunft/*"]')
    + """
[[system]]
key = "crm"
name = { de = "Kundendatenbank", en = "Customer database" }
coverage = "source"
source = "crm"
[[system]]
key = "cloud"
name = { de = "Ablage", en = "Files" }
coverage = "source"
source = "cloud"
[[label]]
source = "*"
name = "*"
category = { de = "Kontaktdaten", en = "contact details" }
"""
)
PAPER = """
[[system]]
key = "paper"
name = { de = "Papierordner", en = "Paper files" }
coverage = "by_hand"
responsible = "Torben Ahrens"
days = 5
"""


class MovableClock:
    """Stands still until it is moved."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


class Dies(Exception):
    """The process is killed here: nothing in the product catches it."""


@dataclass
class FakeMailbox:
    """A mailbox in memory. `trouble`: why it cannot be asked; `dies_at`: names of calls that kill the process once;
    `refuses`: calls that the server does not allow."""

    folders: dict[str, dict[int, tuple[datetime, bytes]]] = field(default_factory=lambda: {"INBOX": {}})
    trouble: str = ""
    dies_at: set[str] = field(default_factory=set)
    refuses: set[str] = field(default_factory=set)
    limit: int | None = None
    calls: list[str] = field(default_factory=list)
    uid: int = 0
    uidvalidity: int = 7
    keywords: dict[int, set[str]] = field(default_factory=dict)
    sent: str = ""  # the folder that the server says is for sent mail
    breaks_after: int = 0  # so many batches are fetched, then the connection breaks, once

    def put(self, raw: bytes, at: datetime, folder: str = "INBOX") -> MailKey:
        self.uid += 1
        self.folders.setdefault(folder, {})[self.uid] = (at, raw)
        return MailKey(folder, self.uidvalidity, self.uid)

    def put_elsewhere(self, key: MailKey, folder: str, at: datetime | None = None) -> MailKey:
        """As a person moves a mail; some servers give it a new time of arrival."""
        before, raw = self.folders[key.folder].pop(key.uid)
        return self.put(raw, at or before, folder)

    def raws(self, folder: str) -> list[bytes]:
        return [raw for _, raw in self.folders.get(folder, {}).values()]

    def __enter__(self) -> Self:
        self._happens("enter")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None: ...

    def has_folder(self, folder: str) -> bool:
        return folder in self.folders

    def sent_folder(self) -> str:
        self._happens("sent_folder")
        return self.sent

    def keys(self, folder: str) -> list[MailKey]:
        self._happens("keys")
        return [MailKey(folder, self.uidvalidity, uid) for uid in sorted(self.folders.get(folder, {}))]

    def fetch(self, keys: Sequence[MailKey], max_bytes: int) -> Iterator[list[Fetched]]:
        most = min(max_bytes, self.limit or max_bytes)
        for number, key in enumerate(keys):
            self._happens("fetch")
            if number and number == self.breaks_after:
                self.breaks_after = 0
                raise MailboxUnavailable("refused")
            with suppress(MailGone):
                at, raw = self._mail(key)
                yield [Fetched(key, at, len(raw), raw[:most], truncated=len(raw) > most)]

    def move(self, keys: Sequence[MailKey], folder: str) -> dict[MailKey, Moved]:
        self._happens("move")
        moved = {}
        for key in keys:
            with suppress(MailGone):
                self._mail(key)
                moved[key] = Moved(self.put_elsewhere(key, folder), Removal.GONE)
        self._happens("moved")
        return moved

    def mark(self, keys: Sequence[MailKey], keyword: str) -> None:
        self._happens("mark")
        for key in keys:
            self.keywords.setdefault(key.uid, set()).add(keyword)

    def delete(self, key: MailKey) -> Removal:
        self._happens("delete")
        self._mail(key)
        del self.folders[key.folder][key.uid]
        return Removal.GONE

    def find_by_message_id(self, folder: str, message_id: str) -> list[MailKey]:
        self._happens("find")
        wanted = f"Message-ID: {message_id}\r\n".encode()
        there = self.folders.get(folder, {})
        return [MailKey(folder, self.uidvalidity, uid) for uid in sorted(there) if wanted in there[uid][1]]

    def _mail(self, key: MailKey) -> tuple[datetime, bytes]:
        found = self.folders.get(key.folder, {}).get(key.uid)
        if found is None or key.uidvalidity != self.uidvalidity:
            raise MailGone
        return found

    def _happens(self, call: str) -> None:
        self.calls.append(call)
        if self.trouble or call in self.refuses:
            raise MailboxUnavailable(self.trouble or "protocol")
        if call in self.dies_at:
            self.dies_at.discard(call)
            raise Dies(call)


@dataclass
class FakePost:
    """Records what it takes; `outcomes` are raised one after the other: before DATA, or (in a tuple) after it."""

    sent: list[tuple[bytes, str]] = field(default_factory=list)
    outcomes: list[BaseException | tuple[BaseException] | None] = field(default_factory=list)
    before: Callable[[], None] = lambda: None
    during: Callable[[], None] = lambda: None

    def send(self, raw: bytes, sender: str, recipient: str, before_data: Callable[[], None] = lambda: None) -> str:
        self.before()
        outcome = self.outcomes.pop(0) if self.outcomes else None
        if isinstance(outcome, BaseException):
            raise outcome
        before_data()
        self.during()
        if outcome is not None:
            raise outcome[0]
        self.sent.append((raw, recipient))
        return "250 2.0.0"

    def to(self, recipient: str) -> list[bytes]:
        return [raw for raw, to in self.sent if to == recipient]


@dataclass
class FakeSource:
    """A source in memory: `holds` maps an e-mail address or phone to what is found about its owner; `meanwhile` happens
    while it is read."""

    name: str
    holds: dict[str, list[Finding | Gap]] = field(default_factory=dict)
    contacts: list[Contact] = field(default_factory=list)
    stage: Stage = Stage.QUERY
    trouble: str = ""
    bug: Exception | None = None
    ends_early: bool = False
    searches: list[tuple[str, ...]] = field(default_factory=list)
    limits: tuple[str, ...] = ()
    meanwhile: Callable[[], None] = lambda: None

    def search(self, subjects: SubjectIndex) -> Iterator[Finding | Gap | Searched]:
        self.searches.append(tuple(subject.id for subject in subjects.subjects))
        if self.trouble:
            raise SourceUnavailable(self.name, self.trouble)
        for subject in subjects.subjects:
            yield from self._about(subject)
        self.meanwhile()
        if self.bug:
            raise self.bug
        if not self.ends_early:
            yield Searched(self.name, 100, self.limits)

    def _about(self, subject: Subject) -> Iterator[Finding | Gap]:
        for address in {item.normal for item in (*subject.of(Kind.EMAIL), *subject.of(Kind.PHONE))}:
            for item in self.holds.get(address, []):
                yield for_subject(item, subject.id)

    def lookup(self, claims: Subject) -> tuple[Contact, ...]:
        if self.trouble:
            raise SourceUnavailable(self.name, self.trouble)
        keys = {item.key for item in claims.identifiers}
        return tuple(one for one in self.contacts if keys & {item.key for item in one.identifiers})

    def stating(self, items: Iterable[Identifier]) -> tuple[Contact, ...]:
        return self.lookup(Subject("", tuple(items)))

    def names(self) -> Iterator[str]:
        if self.trouble:
            raise SourceUnavailable(self.name, self.trouble)
        return (item.value for one in self.contacts for item in one.identifiers if item.kind is Kind.NAME)

    def check(self) -> Health:
        return Health(True, "in memory")


def for_subject(item: Finding | Gap, subject: str) -> Finding | Gap:
    if isinstance(item, Gap) or item.subject:
        return item
    return replace(item, subject=subject)


def finding(
    locator: str,
    source: str = "crm",
    strength: Strength = Strength.CERTAIN,
    value: str = "blaues Fahrrad",
    files: Mapping[str, bytes] | None = None,
    subject: str = "",
) -> Finding:
    blobs = tuple(_blob(name, content) for name, content in (files or {}).items())
    matched = (Match(Identifier(Kind.EMAIL, LENA, Origin.VERIFIED), "email"),)
    fields = (DataField("text", value),)
    return Finding(source, "order", subject, locator, strength, matched, fields, blobs, NOON)


def _blob(name: str, content: bytes) -> Blob:
    return Blob(name, "application/pdf", len(content), lambda: BytesIO(content))


def gap(source: str = "cloud", subject: str = "") -> Gap:
    return Gap(source, "ordner/verschluesselt.zip", GapReason.ENCRYPTED, "encrypted", subject)


def contact(email: str = LENA, name: str = "Lena Krüger", locator: str = "customers/1") -> Contact:
    values = ((Kind.EMAIL, email), (Kind.NAME, name), (Kind.CUSTOMER_NUMBER, f"K-{locator[-1]}77"))
    return Contact(locator, tuple(Identifier(kind, value, Origin.FOUND) for kind, value in values))


class PlainText:
    """Reads text files as they are, and nothing else."""

    def text(self, name: str, media_type: str, stream: BinaryIO) -> str:
        if media_type != "text/plain":
            raise TextUnreadable("unsupported")
        return stream.read().decode()

    def close(self) -> None: ...


class HeaderAuth:
    """Believes the header `X-Auth` of a test's mail: pass, fail, or nothing."""

    def stated(self, raw: bytes) -> AuthResults:
        for verdict in ("pass", "fail"):
            if f"X-Auth: {verdict}".encode() in raw:
                domain = parse_message(raw, NOON).sender.domain
                return AuthResults(dmarc=verdict, authserv_id="mx.nordlicht.example", dmarc_domain=domain)
        return AuthResults()

    def checked(self, raw: bytes, stated: AuthResults) -> AuthResults:
        return stated


@dataclass
class FakeApi:
    """Prefect as far as the reconciler sees it; a key never starts twice, as there."""

    states: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    started: list[Start] = field(default_factory=list)
    forms: set[str] = field(default_factory=set)
    replies: dict[str, str] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    events: list[Mapping[str, object]] = field(default_factory=list)
    during_start: Callable[[], None] = lambda: None

    def start(self, start: Start) -> str:
        self.during_start()
        if start.key in self.keys:
            return self.keys[start.key]
        run = f"run-{len(self.keys) + 1}"
        self.keys[start.key] = run
        self.states[run], self.names[run] = "SCHEDULED", start.name
        self.started.append(start)
        return run

    def run(self, run: str) -> EngineRun | None:
        return EngineRun(run, self.names.get(run, run), self.states[run], "d") if run in self.states else None

    def runs(self, *states: str) -> tuple[EngineRun, ...]:
        return tuple(EngineRun(run, run, state, "d") for run, state in self.states.items() if state in states)

    def has_form(self, run: EngineRun) -> bool:
        return run.id in self.forms

    def reply(self, run: str, keyset: Mapping[str, str]) -> str | None:
        return self.replies.get(run)

    def delete_form(self, run: str, keyset: Mapping[str, str]) -> None:
        self.deleted.append(run)
        self.replies.pop(run, None)
        self.forms.discard(run)

    def set_state(self, run: str, state: str, message: str) -> None:
        self.states[run] = state

    def rename(self, run: str, name: str, tags: Sequence[str]) -> None:
        self.names[run] = name

    def emit(self, events: Sequence[Mapping[str, object]]) -> None:
        self.events += events

    def of(self, deployment: str) -> list[Start]:
        return [start for start in self.started if start.deployment == deployment]


@dataclass
class World:
    """A house with everything around it in reach."""

    folder: Path
    house: House
    clock: MovableClock
    box: FakeMailbox
    post: FakePost
    crm: FakeSource
    cloud: FakeSource
    extra: dict[str, Any] = field(default_factory=dict)

    def arrives(self, raw: bytes) -> MailKey:
        return self.box.put(raw, self.clock.now())

    def cases(self) -> tuple[Case, ...]:
        with self.house.store.begin() as tx:
            return tx.cases.all()

    def case(self, number: str) -> Case:
        with self.house.store.begin() as tx:
            return tx.cases.get(number)

    def steps(self, number: str) -> list[str]:
        with self.house.store.begin() as tx:
            return [event.what for event in tx.cases.history(number)]

    def alarms(self) -> set[tuple[str, str]]:
        with self.house.store.begin() as tx:
            return {(item.subject, item.code) for item in tx.alarms.standing()}

    def waiting(self, number: str) -> set[tuple[str, str]]:
        with self.house.store.begin() as tx:
            return {(item.kind, item.about) for item in tx.questions.open_ones(number)}

    def outbox(self, number: str) -> list[tuple[str, str]]:
        with self.house.store.begin() as tx:
            return [(item.kind, item.state) for item in tx.outbox.of_case(number)]

    def decide(self, number: str, finding_number: int, kind: DecisionKind = DecisionKind.INCLUDE) -> None:
        with self.house.store.begin() as tx:
            decision = Decision(kind, REVIEWER, tx.now, "")
            tx.findings.decide(tx.cases.row(number), finding_number, decision)

    def files(self) -> list[Path]:
        return [path for path in self.house.settings.store.vault.rglob("*") if path.is_file()]


def mail(
    subject: str = "Auskunft nach Art. 15 DSGVO",
    text: str = "Guten Tag,\n\nich bitte um Auskunft über alle meine Daten nach Art. 15 DSGVO.\n\nLena Krüger\n",
    sender: str = f"Lena Krüger <{LENA}>",
    auth: str = "pass",
    message_id: str = "<1@mail.example>",
    **headers: str,
) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, US, subject
    message["Message-ID"] = message_id
    if auth:
        message["X-Auth"] = auth
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


def write_settings(folder: Path, settings: str = SETTINGS, ropa: str = ROPA) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "auskunft.toml"
    path.write_text(settings.replace("@FOLDER@", str(folder)))
    (folder / "ropa.toml").write_text(ropa)
    return path


def migrated(folder: Path) -> Path:
    """An empty database of the newest version, to be copied: migrating takes longer than most tests."""
    path = folder / "empty.db"
    engine = open_engine(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path


def build_world(folder: Path, empty: Path, settings: str = SETTINGS, ropa: str = ROPA) -> World:
    read = load_settings(write_settings(folder, settings, ropa))
    (folder / "data").mkdir(mode=0o700, exist_ok=True)
    database = folder / "data" / "auskunft.db"
    if not database.exists():
        shutil.copyfile(empty, database)
    crm, cloud = FakeSource("crm", contacts=[contact()]), FakeSource("cloud", stage=Stage.SCAN)
    clock, box, post = MovableClock(), FakeMailbox(), FakePost()
    register = load_register(folder / "ropa.toml")
    house = make(read, register, clock, box, post, crm, cloud)
    return World(folder, house, clock, box, post, crm, cloud)


def make(
    settings: Settings,
    register: Register,
    clock: MovableClock,
    box: FakeMailbox,
    post: FakePost,
    crm: FakeSource,
    cloud: FakeSource,
) -> House:
    keystore = KeyStore(settings.store.keys, MASTER)
    store = Store(open_engine(settings.database_url()), keystore, clock)
    return House(
        settings=settings,
        register=register,
        controller=settings.controller_value(),
        clock=clock,
        keystore=keystore,
        vault=Vault(settings.store.vault, keystore),
        store=store,
        extractor=PlainText(),
        sources={"crm": crm, "cloud": cloud},
        record=crm,
        mailbox=lambda _: box,  # type: ignore[arg-type,return-value]
        post=post,  # type: ignore[arg-type]
        authenticity=HeaderAuth(),
        close=store.close,
    )


def in_status(world: World, *statuses: Status) -> list[str]:
    return [case.number for case in world.cases() if case.status in statuses]
