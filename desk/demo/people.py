"""The people around Nordlicht Fahrräder: customers from a seed, and the hard cases that are always there."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import chain, count, cycle

from desk.demo import words

DOMAIN = "nordlicht-raeder.example"
MAILBOX = f"datenschutz@{DOMAIN}"
DPO_MAILBOX = f"dpo@{DOMAIN}"
STAFF = ("Katrin Lorenz", "Torben Ahrens", "Mehmet Kaya", "Frauke Nissen", "Björn Wulff")
#: The day on which the invented data end; nothing in them is younger.
DATA_END = datetime.fromisoformat("2026-10-30 18:00")


@dataclass(frozen=True, slots=True)
class Customer:
    """One row of `customers`; `created_at` is local time, as a small shop's software stores it."""

    id: int
    customer_number: str = field(repr=False)
    salutation: str | None = field(repr=False)
    first_name: str = field(repr=False)
    last_name: str = field(repr=False)
    email: str = field(repr=False)
    phone: str | None = field(repr=False)
    birth_date: date | None = field(repr=False)
    street: str = field(repr=False)
    postcode: str = field(repr=False)
    city: str = field(repr=False)
    newsletter: bool
    created_at: datetime
    source: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True, slots=True)
class Protagonist:
    """The customer whose request the demo answers; she is in the CRM, in the Instagram archive and in the cloud."""

    name: str = field(repr=False)
    email: str = field(repr=False)
    phone: str = field(repr=False)
    birth_date: date = field(repr=False)
    street: str = field(repr=False)
    postcode: str = field(repr=False)
    city: str = field(repr=False)
    customer_number: str = field(repr=False)
    instagram_handle: str = field(repr=False)
    request_subject: str = field(repr=False)
    request_text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody who asks in English and of whom the company holds nothing."""

    name: str = field(repr=False)
    email: str = field(repr=False)
    request_subject: str = field(repr=False)
    request_text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """People whom a careless search mixes up with each other or with the protagonist."""

    namesake: Customer
    longer_name: Customer
    longer_first_name: Customer
    longer_email: Customer
    longer_number: Customer
    couple: tuple[Customer, Customer]
    father_and_son: tuple[Customer, Customer]
    mueller_and_mueller: tuple[Customer, Customer]
    staff_customer: Customer
    delivery: Customer

    def all(self) -> tuple[Customer, ...]:
        """Every neighbour once, in the order of their ids."""
        single = (self.namesake, self.longer_name, self.longer_first_name, self.longer_email, self.longer_number)
        pairs = (*self.couple, *self.father_and_son, *self.mueller_and_mueller)
        return (*single, *pairs, self.staff_customer, self.delivery)


STRANGER = Stranger(
    name="Oliver Thwaite",
    email="oliver.thwaite@mailbarn.example",
    request_subject="Subject access request under Article 15 GDPR",
    request_text=(
        "Dear Sir or Madam,\n\n"
        "under Article 15 of the General Data Protection Regulation I ask you to confirm whether you process personal\n"
        "data about me and, if so, to give me access to them together with the information of Article 15(1) and (2)\n"
        "and a copy of the data.\n\n"
        "My name is Oliver Thwaite. I believe I once used this e-mail address with your shop.\n"
        "I look forward to your answer within one month.\n\n"
        "Kind regards,\nOliver Thwaite\n"
    ),
)

_REQUEST_TEXT = """Sehr geehrte Damen und Herren,

ich bin seit einigen Jahren Kundin bei Ihnen und bitte hiermit um Auskunft nach Art. 15 DSGVO darüber, welche
personenbezogenen Daten Sie über mich gespeichert haben, woher Sie diese haben, wofür Sie sie verwenden, wie lange
Sie sie aufbewahren und an wen Sie sie weitergegeben haben. Bitte schicken Sie mir auch eine Kopie der Daten.

Damit Sie mich finden: Meine Kundennummer ist {number}, ich wohne in der {street}, {postcode} {city}.
Ich habe Ihnen auch über Instagram geschrieben (@{handle}) und war mit meinem Lastenrad in Ihrer Werkstatt.
{extra}
Mit freundlichen Grüßen
Lena Krüger
"""


def make_protagonist(tokens: Mapping[str, str]) -> Protagonist:
    """The protagonist, with the canary tokens (see `company.CANARY_FIELDS`) of her own fields appended."""
    street = with_token("Doberaner Straße 118", tokens.get("street"))
    facts = {"number": "K-104233", "postcode": "18057", "city": "Rostock", "handle": "lena.auf.tour"}
    extra = with_token("", tokens.get("request_text"))
    return Protagonist(
        name="Lena Krüger",
        email="lena.krueger@posteo.example",
        phone="+49 176 04069017",
        birth_date=date(1991, 4, 17),
        street=street,
        postcode=facts["postcode"],
        city=facts["city"],
        customer_number=facts["number"],
        instagram_handle=facts["handle"],
        request_subject=with_token("Auskunft nach Art. 15 DSGVO", tokens.get("request_subject")),
        request_text=_REQUEST_TEXT.format(street=street, extra=extra, **facts),
    )


def with_token(text: str, token: str | None) -> str:
    """The text with the token as its last word, or unchanged."""
    return text if token is None else f"{text} {token}".strip()


def protagonist_row(protagonist: Protagonist) -> Customer:
    """Her row in the CRM; the id is in the middle of the table, not at its edge."""
    first_name, last_name = protagonist.name.split(" ")
    return Customer(
        4233, protagonist.customer_number, "Frau", first_name, last_name, protagonist.email, protagonist.phone,
        protagonist.birth_date, protagonist.street, protagonist.postcode, protagonist.city, True,
        datetime.fromisoformat("2021-03-12 10:41"), "Webshop",
    )  # fmt: skip


def make_neighbours() -> Neighbours:
    """The fixed hard cases; they take the ids 1 to 13 whatever the seed."""
    return Neighbours(
        namesake=_neighbour(1, "Frau", "Lena Krüger", "lena.krueger84@webpost.example", "1984-11-02", "23552 Lübeck"),
        longer_name=_neighbour(2, "Frau", "Lena Krügermann", "l.kruegermann@freipost.example", None, "18057 Rostock"),
        longer_first_name=_neighbour(3, None, "Marlena Krüger", "marlena@webpost.example", None, "18057 Rostock"),
        longer_email=_neighbour(4, "Herr", "Axel Krüger", "axel-lena.krueger@posteo.example", None, "19053 Schwerin"),
        longer_number=_neighbour(5, "Herr", "Ole Harms", "ole.harms@webpost.example", None, "24103 Kiel", "K-1042331"),
        couple=(
            _neighbour(6, "Frau", "Wiebke Petersen", "familie.petersen@webpost.example", None, "18055 Rostock"),
            _neighbour(7, "Herr", "Jonas Petersen", "familie.petersen@webpost.example", None, "18055 Rostock"),
        ),
        father_and_son=(
            _neighbour(8, "Herr", "Hans Brandt", "hans.brandt@freipost.example", "1951-06-30", "18209 Bad Doberan"),
            _neighbour(9, "Herr", "Hans Brandt", "hb83@webpost.example", "1983-01-09", "18209 Bad Doberan"),
        ),
        mueller_and_mueller=(
            _neighbour(10, "Herr", "Stefan Müller", "s.mueller@posteo.example", "1977-08-21", "18439 Stralsund"),
            _neighbour(11, "Herr", "Stefan Mueller", "stefan@mueller-holz.example", "1969-02-14", "10115 Berlin"),
        ),
        staff_customer=_neighbour(12, "Frau", STAFF[0], "katrin.lorenz@posteo.example", None, "18059 Rostock"),
        delivery=_neighbour(13, "Herr", "Jörn Westphal", "joern.westphal@webpost.example", None, "18119 Rostock"),
    )


def _neighbour(
    id_: int, salutation: str | None, name: str, email: str, born: str | None, place: str, number: str | None = None
) -> Customer:
    first_name, last_name = name.split(" ")
    postcode, city = place.split(" ", 1)
    birth_date = date.fromisoformat(born) if born else None
    since = datetime.fromisoformat(f"2022-01-{id_:02d} 09:30")
    street = {"Brandt": "Seestraße 4", "Petersen": "Strandweg 21"}.get(last_name, f"Lange Straße {10 + id_}")
    return Customer(
        id_, number or f"K-{100000 + id_}", salutation, first_name, last_name, email, f"+49 176 040690{30 + id_}",
        birth_date, street, postcode, city, id_ % 2 == 0, since, "Ladengeschäft",
    )  # fmt: skip


def make_customers(rng: random.Random, total: int, protagonist: Protagonist, neighbours: Neighbours) -> list[Customer]:
    """`total` customers by ascending id, the protagonist and the neighbours among them.

    Raises ValueError if there is no room for the fixed people.
    """
    fixed = [*neighbours.all(), protagonist_row(protagonist)]
    if total < len(fixed):
        raise ValueError(f"the company needs at least {len(fixed)} customers")
    taken = {person.id for person in fixed}
    free_ids = (id_ for id_ in count(1) if id_ not in taken)
    phones, emails = _phones(rng), {person.email for person in fixed}
    others = [_random_customer(rng, next(free_ids), phones, emails) for _ in range(total - len(fixed))]
    return sorted([*fixed, *others], key=lambda person: person.id)


def _random_customer(rng: random.Random, id_: int, phones: Iterator[str], emails: set[str]) -> Customer:
    female = rng.random() < 0.5
    first_name = rng.choice(words.FEMALE_NAMES if female else words.MALE_NAMES)
    last_name = rng.choice(words.DOUBLE_NAMES) if rng.random() < 0.02 else rng.choice(words.LAST_NAMES)
    salutation = None if rng.random() < 0.1 else ("Frau" if female else "Herr")
    postcode, city = rng.choice(words.CITIES)
    phone = next(phones) if rng.random() < 0.85 else None
    birth_date = date(1940, 1, 1) + timedelta(days=rng.randrange(24800)) if rng.random() < 0.6 else None
    street = f"{rng.choice(words.STREETS)} {rng.randrange(1, 160)}{rng.choice(('', '', '', 'a', 'b'))}"
    created_at = DATA_END - timedelta(minutes=rng.randrange(60 * 24 * 365 * 6))
    email = _free_email(rng, first_name, last_name, emails)
    return Customer(
        id_, f"K-{100000 + id_}", salutation, first_name, last_name, email, phone, birth_date, street,
        postcode, city, rng.random() < 0.4, created_at, rng.choice(words.SOURCES),
    )  # fmt: skip


def _free_email(rng: random.Random, first_name: str, last_name: str, taken: set[str]) -> str:
    first, last = ascii_slug(first_name), ascii_slug(last_name)
    local = rng.choice((f"{first}.{last}", f"{first[0]}.{last}", f"{last}.{first}", f"{first}{last}"))
    domain = rng.choice(words.MAIL_DOMAINS)
    candidates = (f"{local}{suffix}@{domain}" for suffix in chain([""], count(rng.randrange(2, 99))))
    email = next(candidate for candidate in candidates if candidate not in taken)
    taken.add(email)
    return email


def _phones(rng: random.Random) -> Iterator[str]:
    """Numbers kept free for fiction, each once before any comes again, in the spellings people use."""
    landlines = [(area, f"{line}{n:03d}") for area, line in _LANDLINES for n in range(1000)]
    mobiles = [("171", f"39200{n:02d}") for n in range(100)]
    numbers = landlines + mobiles
    rng.shuffle(numbers)
    for area, line in cycle(numbers):
        yield rng.choice(_PHONE_FORMATS).format(area=area, line=line)


_LANDLINES = (("30", "23125"), ("40", "66969"), ("69", "90009"), ("221", "4710"), ("89", "99998"))
_PHONE_FORMATS = ("+49 {area} {line}", "0{area} {line}", "0{area}/{line}", "0049{area}{line}", "+49 (0){area} {line}")

_TRANSLITERATION = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ł": "l", "ı": "i", "ş": "s", "ç": "c", " ": "", "-": ""}
)


def ascii_slug(name: str) -> str:
    """A name as people write it in addresses: lower case, umlauts spelled out, other accents dropped."""
    spelled = name.lower().translate(_TRANSLITERATION)
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore")
    return plain.decode("ascii")
