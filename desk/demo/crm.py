"""The company's CRM and shop database: one SQLite file with foreign keys, filled from a seed."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import astuple
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from desk.demo import words
from desk.demo.people import DATA_END, STAFF, Customer, Neighbours, Protagonist, with_token

SCHEMA = """
CREATE TABLE customers (
    id INTEGER PRIMARY KEY, customer_number TEXT NOT NULL UNIQUE, salutation TEXT, first_name TEXT NOT NULL,
    last_name TEXT NOT NULL, email TEXT NOT NULL, phone TEXT, birth_date TEXT, street TEXT NOT NULL,
    postcode TEXT NOT NULL, city TEXT NOT NULL, newsletter INTEGER NOT NULL, created_at TEXT NOT NULL,
    source TEXT NOT NULL
);
CREATE TABLE orders (
    id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers(id), order_number TEXT NOT NULL UNIQUE,
    ordered_at TEXT NOT NULL, status TEXT NOT NULL, payment TEXT NOT NULL, delivery_address TEXT, comment TEXT
);
CREATE TABLE order_items (
    id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders(id), article_number TEXT NOT NULL,
    article TEXT NOT NULL, quantity INTEGER NOT NULL, unit_price_cents INTEGER NOT NULL
);
CREATE TABLE invoices (
    id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders(id),
    customer_id INTEGER NOT NULL REFERENCES customers(id), invoice_number TEXT NOT NULL UNIQUE,
    issued_on TEXT NOT NULL, amount_cents INTEGER NOT NULL, paid INTEGER NOT NULL, text TEXT NOT NULL
);
CREATE TABLE tickets (
    id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers(id), subject TEXT NOT NULL,
    text TEXT NOT NULL, status TEXT NOT NULL, assigned_to TEXT NOT NULL, created_at TEXT NOT NULL
);
CREATE TABLE notes (
    id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers(id), author TEXT NOT NULL,
    text TEXT NOT NULL, created_at TEXT NOT NULL
);
CREATE TABLE newsletter_log (
    id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers(id), email TEXT NOT NULL, event TEXT NOT NULL,
    campaign TEXT NOT NULL, at TEXT NOT NULL
);
CREATE INDEX customers_email ON customers(email);
CREATE INDEX orders_customer ON orders(customer_id);
CREATE INDEX order_items_order ON order_items(order_id);
CREATE INDEX invoices_customer ON invoices(customer_id);
CREATE INDEX tickets_customer ON tickets(customer_id);
CREATE INDEX notes_customer ON notes(customer_id);
CREATE INDEX newsletter_log_customer ON newsletter_log(customer_id);
"""

Row = tuple[str | int | None, ...]


def write_crm(
    path: Path,
    rng: random.Random,
    customers: Sequence[Customer],
    protagonist: Protagonist,
    neighbours: Neighbours,
    tokens: Mapping[str, str],
) -> None:
    """Write the database at `path`, which must not exist; times are local and written as ISO 8601 without offset."""
    sales = _Sales(rng)
    hers = next(c for c in customers if c.customer_number == protagonist.customer_number)
    for customer in customers:
        if customer is not hers:
            sales.add_customer(customer)
    _add_protagonist(sales, hers, tokens)
    _add_mention(sales, neighbours, protagonist)
    with closing(sqlite3.connect(path)) as database:
        database.executescript(SCHEMA)
        _insert(database, "customers", (_customer_row(customer) for customer in customers))
        for table, rows in sales.tables.items():
            _insert(database, table, rows)
        database.commit()


def _insert(database: sqlite3.Connection, table: str, rows: Iterable[Row]) -> None:
    iterator = iter(rows)
    first = next(iterator)
    marks = ", ".join("?" for _ in first)
    statement = f"INSERT INTO {table} VALUES ({marks})"  # noqa: S608 - the table names are this module's own
    database.execute(statement, first)
    database.executemany(statement, iterator)


def _customer_row(customer: Customer) -> Row:
    values = astuple(customer)
    birth_date = customer.birth_date.isoformat() if customer.birth_date else None
    return (*values[:7], birth_date, *values[8:11], int(customer.newsletter), _at(customer.created_at), customer.source)


def _at(moment: datetime) -> str:
    return moment.isoformat(sep=" ", timespec="seconds")


class _Sales:
    """What customers did, table by table in the order of the foreign keys."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.tables: dict[str, list[Row]] = {
            name: [] for name in ("orders", "order_items", "invoices", "tickets", "notes", "newsletter_log")
        }
        self._ids: dict[str, Iterator[int]] = {name: count(1) for name in self.tables}

    def add(self, table: str, *values: str | int | None) -> int:
        """Append a row under the table's next id, and return the id."""
        id_ = next(self._ids[table])
        self.tables[table].append((id_, *values))
        return id_

    def moment(self, customer: Customer) -> datetime:
        """Some minute between the customer's first day and the end of the data."""
        minutes = int((DATA_END - customer.created_at).total_seconds()) // 60
        return customer.created_at + timedelta(minutes=self.rng.randrange(minutes + 1))

    def add_customer(self, customer: Customer) -> None:
        for _ in range(self.rng.choice((0, 1, 1, 1, 2, 2, 3, 6))):
            self.add_order(customer, self.moment(customer))
        if self.rng.random() < 0.3:
            topic = self.rng.randrange(len(words.TICKET_SUBJECTS))
            text = f"{words.TICKET_TEXTS[topic]}\n\nViele Grüße\n{customer.name}"
            self.add_ticket(customer, words.TICKET_SUBJECTS[topic], text)
        if self.rng.random() < 0.35:
            self.add_note(customer, self.rng.choice(words.NOTE_TEXTS))
        if customer.newsletter:
            self.add_newsletter(customer)

    def add_order(self, customer: Customer, at: datetime, comment: str | None = None, suffix: str = "") -> int:
        """An order with its items and its invoice."""
        rng = self.rng
        address = f"{customer.name}, {customer.street}, {customer.postcode} {customer.city}"
        number = f"B-{at.year}-{len(self.tables['orders']) + 1:06d}"
        status, payment = rng.choice(("geliefert", "geliefert", "storniert", "abgeholt")), rng.choice(_PAYMENTS)
        order_id = self.add("orders", customer.id, number, _at(at), status, payment, address, comment)
        total = 0
        for article, name, price in rng.sample(words.PRODUCTS, rng.choice((1, 1, 2, 3))):
            self.add("order_items", order_id, article, name, 1, price)
            total += price
        text = with_token(f"Rechnung an {address}. Zahlbar ohne Abzug innerhalb von 14 Tagen.", suffix or None)
        self.add("invoices", order_id, customer.id, f"R{number[1:]}", at.date().isoformat(), total, 1, text)
        return order_id

    def add_ticket(self, customer: Customer, subject: str, text: str) -> None:
        status = self.rng.choice(("offen", "erledigt", "erledigt", "wartet"))
        colleague, at = self.rng.choice(STAFF), _at(self.moment(customer))
        self.add("tickets", customer.id, subject, text, status, colleague, at)

    def add_note(self, customer: Customer, text: str) -> None:
        self.add("notes", customer.id, self.rng.choice(STAFF), text, _at(self.moment(customer)))

    def add_newsletter(self, customer: Customer) -> None:
        self.add("newsletter_log", customer.id, customer.email, "angemeldet", "", _at(customer.created_at))
        for campaign in words.CAMPAIGNS:
            event = self.rng.choice(("zugestellt", "zugestellt", "geöffnet", "geklickt"))
            self.add("newsletter_log", customer.id, customer.email, event, campaign, _at(self.moment(customer)))


_PAYMENTS = ("Rechnung", "Lastschrift", "Bar", "Überweisung", "Karte")


def _add_protagonist(sales: _Sales, hers: Customer, tokens: Mapping[str, str]) -> None:
    """Her history is the same whatever the seed: what a reader of the demo sees should not change."""
    comment = with_token("Bitte beim Nachbarn abgeben, ich arbeite im Schichtdienst.", tokens.get("order_comment"))
    sales.add_order(hers, datetime.fromisoformat("2021-03-12 10:52"), comment, tokens.get("invoice_text", ""))
    sales.add_order(hers, datetime.fromisoformat("2024-05-06 17:08"))
    sales.add_order(hers, datetime.fromisoformat("2026-03-03 12:30"))
    ticket = (
        "Moin, das Lastenrad zieht beim Bremsen nach links und der Ständer klemmt. Wegen meines Rückens kann ich es\n"
        "nicht selbst in die Werkstatt heben, könnt ihr es abholen?\n\nViele Grüße\nLena Krüger"
    )
    sales.add_ticket(hers, "Lastenrad zieht nach links", with_token(ticket, tokens.get("ticket_text")))
    note = "Hat Rückenprobleme, Abholung kostenlos zugesagt. Rabatt 10 % auf die nächste Inspektion."
    sales.add_note(hers, with_token(note, tokens.get("note")))
    sales.add_newsletter(hers)


def _add_mention(sales: _Sales, neighbours: Neighbours, protagonist: Protagonist) -> None:
    """Notes on other customers that name the protagonist: her data in somebody else's record."""
    text = f"{protagonist.name} ({protagonist.customer_number}) hat für ihn angerufen, sie holt das Rad am Freitag ab."
    sales.add_note(neighbours.delivery, text)
    sales.add_ticket(
        neighbours.namesake, "Verwechslung", "Ich habe eine Rechnung für eine andere Lena Krüger aus Rostock bekommen."
    )
