"""Labelled records that nobody's data went into: German people, seeded, written down again with slips and changes.

What goes wrong is what goes wrong in customer files: letters exchanged, left out or doubled, words that only sound
alike, umlauts written out, short forms, fields left empty, first name and surname exchanged, another surname after a
wedding, a move, a birth date with day and month exchanged, a mistyped customer number - and, rarely, one that is
somebody else's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random

from cases.identifiers import Kind
from tests.matching.records import Record, record


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GIVEN = _listed("""
    Anna Lena Marie Sophie Laura Julia Katharina Johanna Elisabeth Margarete Gisela Ursula Renate Helga Monika Petra
    Sabine Birgit Susanne Andrea Claudia Stefanie Nicole Sandra Melanie Christina Franziska Hannah Emma Mia Charlotte
    Peter Michael Thomas Andreas Stefan Christian Markus Alexander Daniel Tobias Sebastian Johannes Maximilian Lukas
    Jonas Leon Paul Felix Elias Karl Heinz Günter Jürgen Dieter Klaus Wolfgang Manfred Uwe Jörg Björn Mehmet Fatma Ayşe
    Piotr Agnieszka Giulia Marco Dragan Svetlana
""")
SURNAMES = _listed("""
    Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein Wolf
    Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt Werner Schmitz Krause Meier Lehmann
    Schmid Schulze Maier Köhler Herrmann König Walter Mayer Huber Kaiser Fuchs Peters Lang Scholz Möller Weiß Jung Hahn
    Schubert Vogel Friedrich Keller Günther Frank Berger Winkler Roth Beck Lorenz Baumann Franke Albrecht Schuster Simon
    Ludwig Böhm Winter Kraus Martin Schumacher Krämer Vogt Stein Jäger Otto Sommer Groß Seidel Heinrich Brandt Haas
    Schreiber Graf Schulte Dietrich Ziegler Kuhn Kühn Pohl Engel Horn Busch Bergmann Thomas Voigt Sauer Arnold Wolff
    Pfeiffer Yılmaz Kowalski Nowak Petrović Rossi Okafor Nguyen
""")
STREETS = _listed("""
    Hauptstraße Schulstraße Gartenstraße Bahnhofstraße Dorfstraße Bergstraße Birkenweg Lindenstraße Kirchstraße
    Waldstraße Ringstraße Schillerstraße Goethestraße Amselweg Jahnstraße Wiesenweg Blumenstraße Rosenweg Mühlenweg
""")
TOWNS = _listed(
    "Berlin Hamburg München Köln Nürnberg Lübeck Göttingen Würzburg Düren Görlitz Fulda Emden Kempten Soest"
)
KEYBOARD = ("qwertzuiop", "asdfghjkl", "yxcvbnm", "1234567890")


@dataclass(frozen=True, slots=True)
class Person:
    given: str
    surname: str
    born: str
    street: str
    town: str
    number: str


@dataclass(frozen=True, slots=True)
class Hardness:
    """`changes`: at most so many in a copy; `copies` of each person at most; `keys`: share of copies whose customer
    number is mistyped, `missing`: left empty, `stolen`: somebody else's."""

    name: str
    changes: int
    copies: int
    keys: float
    missing: float = 0.0
    stolen: float = 0.0


LIGHT = Hardness("light", changes=2, copies=1, keys=0.01)
MEDIUM = Hardness("medium", changes=3, copies=2, keys=0.015, missing=0.05, stolen=0.002)
HEAVY = Hardness("heavy", changes=6, copies=5, keys=0.02, missing=0.1, stolen=0.005)


def people(seed: int, count: int, hardness: Hardness) -> list[Record]:
    """`count` people, each written down once as they are and up to `hardness.copies` times again."""
    dice = Random(seed)
    originals = [_person(dice) for _ in range(count)]
    found: list[Record] = []
    for place, person in enumerate(originals):
        found.append(_record(f"{place}-org", place, person))
        for copy in range(dice.randint(1, hardness.copies)):
            other = originals[dice.randrange(count)]
            found.append(_record(f"{place}-dup-{copy}", place, _copied(dice, person, other, hardness)))
    return found


def slip(dice: Random, text: str) -> str:
    """One slip of the pen: two letters exchanged, one left out, doubled, or the next key."""
    if len(text) < 3:
        return text
    at = dice.randrange(len(text) - 1)
    neighbours = [row[place + 1] for row in KEYBOARD for place in range(len(row) - 1) if row[place] == text[at].lower()]
    return dice.choice(
        [
            text[:at] + text[at + 1] + text[at] + text[at + 2 :],
            text[:at] + text[at + 1 :],
            text[:at] + text[at] + text[at:],
            text[:at] + dice.choice(neighbours or ["e"]) + text[at + 1 :],
        ]
    )


def _person(dice: Random) -> Person:
    given = dice.choice(GIVEN) if dice.random() < 0.85 else f"{dice.choice(GIVEN)} {dice.choice(GIVEN)}"
    born = f"{dice.randint(1930, 2006)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
    street = f"{dice.choice(STREETS)} {dice.randint(1, 120)}"
    town = f"{dice.randint(10000, 99999)} {dice.choice(TOWNS)}"
    return Person(given, dice.choice(SURNAMES), born, street, town, str(dice.randint(10**6, 10**7 - 1)))


def _copied(dice: Random, person: Person, other: Person, hardness: Hardness) -> Person:
    for change in dice.choices(_CHANGES, k=dice.randint(1, hardness.changes)):
        person = change(dice, person)
    chance = dice.random()
    if chance < hardness.stolen:
        return replace(person, number=other.number)
    if chance < hardness.stolen + hardness.missing:
        return replace(person, number="")
    mistyped = chance < hardness.stolen + hardness.missing + hardness.keys
    return replace(person, number=slip(dice, person.number)) if mistyped else person


def _change_given(dice: Random, person: Person) -> Person:
    return replace(person, given=slip(dice, person.given))


def _change_surname(dice: Random, person: Person) -> Person:
    return replace(person, surname=slip(dice, person.surname))


def _write_out(_: Random, person: Person) -> Person:
    table = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
    return replace(person, given=person.given.translate(table), surname=person.surname.translate(table))


def _sound(dice: Random, person: Person) -> Person:
    pairs = (("ei", "ai"), ("ie", "i"), ("dt", "tt"), ("ff", "f"), ("k", "ck"), ("z", "tz"), ("th", "t"), ("ey", "ai"))
    fitting = [pair for pair in pairs if pair[0] in person.surname] or [("", "")]
    return replace(person, surname=person.surname.replace(*dice.choice(fitting), 1))


def _marry(dice: Random, person: Person) -> Person:
    return replace(person, surname=dice.choice(SURNAMES)) if dice.random() < 0.3 else person


def _exchange(_: Random, person: Person) -> Person:
    return replace(person, given=person.surname, surname=person.given)


def _shorten(_: Random, person: Person) -> Person:
    return replace(person, given=person.given.split()[0]) if " " in person.given else person


def _lose(dice: Random, person: Person) -> Person:
    field = dice.choice(["given", "born", "street", "surname"])
    return replace(person, **{field: ""})


def _misdate(dice: Random, person: Person) -> Person:
    if not person.born:
        return person
    year, month, day = person.born.split("-")
    if int(day) < 13 and dice.random() < 0.5:
        return replace(person, born=f"{year}-{day}-{month}")
    return replace(person, born=f"{year}-{month}-{dice.randint(1, 28):02}")


def _move(dice: Random, person: Person) -> Person:
    return replace(
        person, street=f"{dice.choice(STREETS)} {dice.randint(1, 120)}", town=f"{dice.randint(10000, 99999)} Trier"
    )


def _misspell_street(dice: Random, person: Person) -> Person:
    return replace(person, street=slip(dice, person.street))


_CHANGES: list[Callable[[Random, Person], Person]] = [
    *(_change_given, _change_surname, _write_out, _sound, _marry, _exchange, _shorten),
    *(_lose, _misdate, _move, _misspell_street),
]


def _record(id_: str, entity: int, person: Person) -> Record:
    address = f"{person.street}, {person.town}" if person.street else ""
    return record(id_, str(entity), Kind.CUSTOMER_NUMBER, _stated(person, address))


def _stated(person: Person, address: str) -> Iterator[tuple[Kind, str]]:
    yield Kind.NAME, f"{person.given} {person.surname}"
    yield Kind.BIRTH_DATE, person.born
    yield Kind.ADDRESS, address
    yield Kind.CUSTOMER_NUMBER, person.number
