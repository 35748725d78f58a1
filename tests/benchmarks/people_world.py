"""A shop's database from a seed: 100,000 customers, 300,000 orders, and no index beside the primary keys."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice

import psycopg
from sqlalchemy import make_url

from cases.identifiers import Identifier, Kind, Origin, Subject, fold
from desk.demo.words import CITIES, FEMALE_NAMES, LAST_NAMES, MAIL_DOMAINS, MALE_NAMES, PRODUCTS, STREETS
from sources.sql_tables import BelongsTo, Identifying, SqlTable

CUSTOMERS = 100_000
ORDERS = 300_000
OF_THE_BUSIEST = 20_000  # orders of customer 1
SOURCE = "crm"

_SCHEMA = """
drop table if exists orders;
drop table if exists customers;
create table customers (
    id integer primary key, customer_number text not null, salutation text, first_name text, last_name text,
    email text, phone text, birth_date date, street text, postcode text, city text, newsletter boolean,
    created_at timestamp
);
create table orders (
    id integer primary key, customer_id integer not null, order_number text not null, ordered_at timestamp not null,
    status text, payment text, article text, quantity integer, total_cents integer, delivery_address text
);
"""
TABLES = (
    SqlTable(
        "customers",
        "customer",
        identifying=(
            Identifying(Kind.EMAIL, ("email",)),
            Identifying(Kind.PHONE, ("phone",)),
            Identifying(Kind.BIRTH_DATE, ("birth_date",)),
            Identifying(Kind.CUSTOMER_NUMBER, ("customer_number",)),
            Identifying(Kind.NAME, ("first_name", "last_name")),
            Identifying(Kind.ADDRESS, ("street", "postcode", "city")),
        ),
        system_keys=("customer_number",),
        time="created_at",
        record=True,
    ),
    SqlTable("orders", "order", belongs_to=(BelongsTo("customer_id", "customers", "id"),), time="ordered_at"),
)
_HEADS = "Alten Birken Brunn Dorn Eber Eich Feld Grün Hagen Heiden Kirch Linden Moor Neu Rosen Stein Tann Wald Ül"
_TAILS = "bach berg brink dorf feld hof hofer horst kamp mann meier müller roth schmidt stedt stein thal wald weg huß"
_FIRST = tuple(dict.fromkeys((*FEMALE_NAMES, *MALE_NAMES)))
_LAST = (*LAST_NAMES, *(head + tail for head in _HEADS.split() for tail in _TAILS.split()))
# Blocks of numbers that are kept free for fiction, with two digits of an extension behind them.
_AREAS = (("30", "23125"), ("40", "66969"), ("69", "90009"), ("221", "4710"), ("89", "99998"))
_BEGAN = datetime.fromisoformat("2015-01-01 08:00")


@dataclass(frozen=True, slots=True)
class Customer:
    """One row of `customers`, in the order of its columns."""

    id: int
    number: str
    salutation: str
    first: str = field(repr=False)
    last: str = field(repr=False)
    email: str = field(repr=False)
    phone: str = field(repr=False)
    born: date = field(repr=False)
    street: str = field(repr=False)
    postcode: str
    city: str
    newsletter: bool
    created_at: datetime

    @property
    def row(self) -> tuple[object, ...]:
        names = (self.id, self.number, self.salutation, self.first, self.last, self.email, self.phone)
        return (*names, self.born, self.street, self.postcode, self.city, self.newsletter, self.created_at)

    @property
    def lines(self) -> tuple[str, str, str]:
        """The postal address, as on an envelope."""
        return f"{self.first} {self.last}", self.street, f"{self.postcode} {self.city}"

    @property
    def subject(self) -> Subject:
        """What is known of a person whom the system of record has identified."""
        known = (
            (Kind.EMAIL, self.email.lower()),
            (Kind.NAME, f"{self.first} {self.last}"),
            (Kind.BIRTH_DATE, self.born.isoformat()),
            (Kind.ADDRESS, ", ".join(self.lines[1:])),
        )
        own = Identifier(Kind.CUSTOMER_NUMBER, self.number, Origin.VERIFIED, SOURCE)
        claimed = Identifier(Kind.PHONE, self.phone, Origin.CLAIMED)
        return Subject(f"DSAR-{self.id}", (*(Identifier(*one, Origin.VERIFIED) for one in known), own, claimed))


def customers(seed: int = 5) -> Iterator[Customer]:
    rng = random.Random(seed)
    for number in range(1, CUSTOMERS + 1):
        first, last = rng.choice(_FIRST), rng.choice(_LAST)
        postcode, city = rng.choice(CITIES)
        postcode = postcode[:2] + f"{rng.randrange(1000):03}"  # as many as there are, and not 25
        local = fold(f"{first}.{last}").replace(" ", "").replace("ł", "l").replace("ı", "i")
        born = date(1940, 1, 1) + timedelta(days=rng.randrange(24_000))
        created = _BEGAN + timedelta(minutes=rng.randrange(5_000_000))
        street = f"{rng.choice(STREETS)} {rng.randrange(1, 151)}{rng.choice(('', '', '', 'a', ' b'))}"
        yield Customer(
            number,
            f"K-{100_000 + number}",
            rng.choice(("Frau", "Herr")),
            first,
            last,
            f"{local}{number}@{rng.choice(MAIL_DOMAINS)}",
            _phone(rng),
            born,
            street,
            postcode,
            city,
            rng.random() < 0.3,
            created,
        )


def people(count: int, seed: int = 6) -> tuple[Customer, ...]:
    """Some customers of the shop; never the busiest one."""
    chosen = set(random.Random(seed).sample(range(2, CUSTOMERS + 1), count))
    return tuple(item for item in customers() if item.id in chosen)


def busiest() -> Customer:
    return next(customers())


def fill(url: str) -> None:
    """Builds both tables anew at the SQLAlchemy URL of a PostgreSQL database."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        connection.execute(_SCHEMA)
        _copy(connection, "customers", (item.row for item in customers()))
        _copy(connection, "orders", _orders())
        connection.commit()
        connection.autocommit = True
        connection.execute("vacuum analyze")


def _orders() -> Iterator[tuple[object, ...]]:
    rng = random.Random(7)
    buyers = [*islice(iter(lambda: 1, 0), OF_THE_BUSIEST)]
    buyers += [rng.randrange(2, CUSTOMERS + 1) for _ in range(ORDERS - OF_THE_BUSIEST)]
    rng.shuffle(buyers)
    for number, buyer in enumerate(buyers, start=1):
        _, article, cents = rng.choice(PRODUCTS)
        at = _BEGAN + timedelta(minutes=rng.randrange(5_000_000))
        quantity = rng.choice((1, 1, 1, 2))
        where = f"{rng.choice(STREETS)} {rng.randrange(1, 151)}, {' '.join(rng.choice(CITIES))}"
        state, payment = rng.choice(("geliefert", "storniert")), rng.choice(("Rechnung", "Lastschrift"))
        yield (number, buyer, f"B-{number:06}", at, state, payment, article, quantity, quantity * cents, where)


def _copy(connection: psycopg.Connection[tuple[object, ...]], table: str, rows: Iterable[tuple[object, ...]]) -> None:
    with connection.cursor().copy(f"copy {table} from stdin") as copy:  # type: ignore[arg-type]
        for row in rows:
            copy.write_row(row)


def _phone(rng: random.Random) -> str:
    area, block = rng.choice(_AREAS)
    number = f"{block}{rng.randrange(1000):03}{rng.randrange(100):02}"
    return rng.choice((f"0{area}/{number}", f"+49 {area} {number}", f"(0{area}) {number[:5]}-{number[5:]}"))
