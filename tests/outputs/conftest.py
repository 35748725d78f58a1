"""An invented company and an invented person, and everything an answer to her would say."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import BinaryIO

import pytest

from cases.coverage import Cell, CellState
from cases.draft import (
    Approval,
    Controller,
    Decision,
    DecisionKind,
    Disclosure,
    Draft,
    Item,
    ItemField,
    ItemFile,
    approve,
)
from cases.finding import Strength
from cases.register import (
    Activity,
    Automated,
    CategoryReason,
    Coverage,
    Exclusion,
    LegalBasis,
    Mechanism,
    Recipient,
    System,
    Text,
    Transfer,
)

AT = datetime(2026, 11, 20, 8, 5, tzinfo=UTC)
PDF = b"%PDF-1.7 invented invoice\n" * 40
HTML_FILE = b"<script>alert('mail')</script>"

CONTROLLER = Controller(
    name="Nordlicht Bürobedarf GmbH",
    street="Werftstraße 12",
    postcode="19053",
    city="Schwerin",
    land="MV",
    email="datenschutz@nordlicht.example",
    phone="030 23125 010",
    dpo_name="Mara Petersen",
    dpo_email="dsb@nordlicht.example",
)

SHOP = Activity(
    key="orders",
    name=Text("Bestellungen und Lieferung", "Orders and delivery"),
    purposes=(
        Text("Annahme und Ausführung Ihrer Bestellungen", "Taking and fulfilling your orders"),
        Text("Abrechnung und Buchführung", "Billing and accounting"),
    ),
    categories=(Text("Kontaktdaten", "contact details"), Text("Bestelldaten", "order data")),
    recipients=(
        Recipient(
            "Hansekurier Logistik GmbH, Rostock", Text("Zustellung der Pakete", "parcel delivery"), no_transfer=True
        ),
        Recipient(
            "Paynimbus Inc.",
            Text("Abwicklung der Zahlung", "payment processing"),
            transfer=Transfer(Text("USA", "USA"), Mechanism.DPF, verified_on=date(2026, 9, 1)),
        ),
    ),
    retention=Text(
        "Rechnungen zehn Jahre ab dem Ende des Kalenderjahres (§ 147 AO), alles andere drei Jahre nach der letzten "
        "Bestellung",
        "invoices ten years from the end of the calendar year (Section 147 AO), everything else three years after "
        "the last order",
    ),
    origin=Text("Ihre Angaben bei der Bestellung", "what you told us when ordering"),
    legal_basis=(LegalBasis.CONTRACT, LegalBasis.OBLIGATION),
    evidence=("crm/*", "shop/*"),
    not_automated=True,
)
NEWS = Activity(
    key="newsletter",
    name=Text("Kundenbefragung und Werbung", "Customer surveys and marketing"),
    purposes=(Text("Werbung für ähnliche Produkte", "Marketing of similar products"),),
    categories=(Text("Kontaktdaten", "contact details"), Text("Nutzung des Newsletters", "use of the newsletter")),
    recipients=(
        Recipient(
            "Kestrel Mailings Ltd",
            Text("Versand des Newsletters", "sending the newsletter"),
            transfer=Transfer(Text("Indien", "India"), Mechanism.SCC, module=2),
        ),
        Recipient("", Text("Druckereien", "printers"), category_reason=CategoryReason.NOT_YET_KNOWN, no_transfer=True),
    ),
    retention=Text("bis zu Ihrem Widerspruch", "until you object"),
    origin=Text("", ""),
    legal_basis=(LegalBasis.LEGITIMATE_INTERESTS,),
    evidence=("crm/*",),
    direct_marketing=True,
    automated=Automated(
        Text(
            "Aus Bestellhäufigkeit und Umsatz entsteht eine Gruppe A bis C.",
            "Orders and turnover give a group, A to C.",
        ),
        Text("Gruppe A erhält mehr Angebote.", "Group A receives more offers."),
        Text("Sie bekommen mehr oder weniger Werbung.", "You get more or less marketing."),
    ),
)

CRM = System("crm", Text("Kundenverwaltung", "Customer management"), Coverage.SOURCE, source="crm")
MAILBOX = System("mail", Text("Postfach Service", "Service mailbox"), Coverage.SOURCE, source="mailbox")
CHATS = System("chat", Text("WhatsApp Business", "WhatsApp Business"), Coverage.SOURCE, source="whatsapp")
PAPER = System("paper", Text("Papierakten", "Paper files"), Coverage.BY_HAND, responsible="jan@nordlicht.example")
BACKUP = System(
    "backup",
    Text("Datensicherung", "Backup"),
    Coverage.EXCLUDED,
    reason=Exclusion.BACKUP_ONLY,
    explanation=Text("Die Bänder werden nach 90 Tagen überschrieben.", "The tapes are overwritten after 90 days."),
)
CELLS = (
    Cell(CRM, CellState.SEARCHED, 4210, 2, 0, at=AT),
    Cell(MAILBOX, CellState.SEARCHED, 18022, 3, 0, at=AT),
    Cell(CHATS, CellState.SEARCHED, 912, 1, 0, at=AT),
    Cell(PAPER, CellState.ANSWERED, at=AT),
    Cell(BACKUP, CellState.EXCLUDED),
)


def item_file(path: str, name: str, content: bytes, media_type: str = "application/pdf") -> ItemFile:
    def fresh() -> BinaryIO:
        return BytesIO(content)

    return ItemFile(path, name, media_type, len(content), hashlib.sha256(content).hexdigest(), fresh)


def decided(kind: DecisionKind, reason: str = "") -> Decision:
    return Decision(kind, "dsb@nordlicht.example", AT, reason)


ITEMS = (
    Item(
        1,
        "crm",
        "crm",
        "customer",
        "customers/4711",
        Strength.CERTAIN,
        "Die E-Mail-Adresse stimmt mit Ihrer bestätigten Adresse überein.",
        (
            ItemField("cust_name", "Lena Krüger", "Name", "Kontaktdaten"),
            ItemField("email_1", "lena.krueger@post.example", "E-Mail-Adresse", "Kontaktdaten"),
            ItemField("seg_cd", "B", "Kundengruppe", "Bestelldaten"),
            ItemField("notes", "Ruft gern vormittags an.\nWünscht Rechnung als PDF.", "", ""),
            ItemField("fax", "", "Faxnummer", "Kontaktdaten"),
        ),
        at=datetime(2024, 2, 3, 23, 30, tzinfo=UTC),
    ),
    Item(
        2,
        "crm",
        "crm",
        "invoice",
        "invoices/R-2024-118",
        Strength.CERTAIN,
        "Die Rechnung gehört zu Ihrer Kundennummer.",
        (ItemField("inv_no", "R-2024-118", "Rechnungsnummer", "Bestelldaten"), ItemField("total_eur", "84.90")),
        (item_file("dateien/0001.pdf", "Rechnung Krüger März.pdf", PDF),),
        datetime(2024, 3, 14, 9, 0, tzinfo=UTC),
    ),
    Item(
        3,
        "mailbox",
        "mail",
        "mail",
        "INBOX/812",
        Strength.CERTAIN,
        "Ihre Adresse steht im Absender.",
        (
            ItemField("subject", "Frage zur Lieferung", "Betreff", "Schriftverkehr"),
            ItemField("text", "Guten Tag,\n\nwann kommt mein Paket?\n\nGrüße\nLena Krüger", "Text", "Schriftverkehr"),
        ),
        (item_file("dateien/0002.html", "Nachricht.html", HTML_FILE, "text/html"),),
        datetime(2025, 5, 2, 7, 15, tzinfo=UTC),
    ),
    Item(
        4,
        "whatsapp",
        "chat",
        "chat",
        "chat.txt#1",
        Strength.CERTAIN,
        "Die Telefonnummer stimmt mit Ihrer bestätigten Nummer überein.",
        (
            ItemField("phone", "+49 171 3920012", "Telefonnummer", "Kontaktdaten"),
            ItemField("time", "2025-05-02 10:31", "Zeit", "Schriftverkehr"),
            ItemField("sender", "Lena Krüger", "Absender", "Schriftverkehr"),
            ItemField("text", "Hallo, ist mein Paket schon unterwegs?", "Text", "Schriftverkehr"),
            ItemField("time", "2025-05-02 10:34", "Zeit", "Schriftverkehr"),
            ItemField("sender", "Nordlicht Service", "Absender", "Schriftverkehr"),
            ItemField("text", "Ja! Es kommt morgen zwischen 9 und 12 Uhr.", "Text", "Schriftverkehr"),
        ),
        at=datetime(2025, 5, 2, 8, 31, tzinfo=UTC),
    ),
    Item(
        5,
        "mailbox",
        "mail",
        "mail",
        "INBOX/900",
        Strength.CERTAIN,
        "Ihr Name steht im Text.",
        (ItemField("text", "VERTRAULICH: Gehalt von Kollegin Jule Arendt"),),
        at=datetime(2025, 6, 1, 12, 0, tzinfo=UTC),
        decision=decided(DecisionKind.WITHHOLD, "art-15-4: Gehalt einer Kollegin"),
    ),
    Item(
        6,
        "mailbox",
        "mail",
        "mail",
        "INBOX/901",
        Strength.POSSIBLE,
        "Nur der Name stimmt überein.",
        (ItemField("text", "FREMD: eine andere Lena Krüger aus Kiel"),),
        decision=decided(DecisionKind.EXCLUDE, "andere Person"),
    ),
)

DRAFT = Draft(
    case="DSAR-2026-0001",
    language="de",
    controller=CONTROLLER,
    person="Lena Krüger",
    recipient="lena.krueger@post.example",
    channel="mail",
    received_on=date(2026, 11, 2),
    snapshot_at=AT,
    written_on=date(2026, 11, 21),
    due=date(2026, 12, 2),
    items=ITEMS,
    activities=(SHOP, NEWS),
    cells=CELLS,
    register_version="ab" * 32,
    searched_with=(("email", "lena.krueger@post.example"), ("name", "Lena Krüger")),
)

MakeDraft = Callable[..., Draft]


@pytest.fixture
def make_draft() -> MakeDraft:
    """The draft with some of its fields changed."""
    return lambda **changes: replace(DRAFT, **changes)


@pytest.fixture
def draft() -> Draft:
    return DRAFT


@pytest.fixture
def nothing_held() -> Draft:
    return replace(DRAFT, items=(), activities=(), cells=(Cell(CRM, CellState.SEARCHED, 4210, at=AT), CELLS[3]))


@pytest.fixture
def disclose() -> Callable[[Draft], Disclosure]:
    return lambda draft: approve(draft, Approval(draft.case, draft.digest, "dsb@nordlicht.example", AT))


@pytest.fixture
def make_file() -> Callable[..., ItemFile]:
    return item_file
