"""The persons whom a JSON record states, each with what is said of it, and how much that says about somebody.

An object is a person if its fields are named like a person's. The objects of a list or of a map are different people
until they are known to be one: whose record also states somebody else's name, birth date or number is never certain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from cases.finding import Strength
from cases.identifiers import Kind, name_words
from cases.subjects import Clue, Hit, SubjectIndex, strongest

# By the last part of a field's path, without case and separators.
_KINDS = {
    **dict.fromkeys(("email", "emails", "emailaddress", "mail", "emailadresse", "mailadresse"), Kind.EMAIL),
    **dict.fromkeys(("phone", "phones", "phonenumber", "phonenumbers", "mobile", "mobilephone"), Kind.PHONE),
    **dict.fromkeys(("telefon", "telefonnummer", "handy"), Kind.PHONE),
    **dict.fromkeys(("name", "names", "fullname", "displayname", "customername", "kundenname"), Kind.NAME),
    **dict.fromkeys(("sendername", "participants", "teilnehmer"), Kind.NAME),
    **dict.fromkeys(("birthdate", "birthday", "dateofbirth", "geburtsdatum", "geburtstag"), Kind.BIRTH_DATE),
    **dict.fromkeys(("customernumber", "customerno", "kundennummer", "kundennr"), Kind.CUSTOMER_NUMBER),
    **dict.fromkeys(("iban",), Kind.IBAN),
    **dict.fromkeys(("username", "login", "loginname", "benutzername", "user"), Kind.USER_NAME),
    **dict.fromkeys(("emailhash", "emailsha256", "hashedemail", "sha256emailaddress", "em"), Kind.EMAIL_HASH),
    **dict.fromkeys(("phonehash", "phonesha256", "hashedphone", "sha256phonenumber", "ph"), Kind.PHONE_HASH),
}
_GIVEN = ("firstname", "givenname", "vorname")
_SURNAME = ("lastname", "surname", "familyname", "nachname")
# The name of what has one of these, or stands below one of these, is no person's.
_OF_THINGS = frozenset(
    ("sku", "price", "preis", "quantity", "menge", "qty", "ean", "gtin", "isbn", "artikelnummer", "productid")
)
_THINGS = frozenset(("product", "products", "produkt", "produkte", "article", "artikel", "category", "kategorie"))
_OF_PEOPLE = frozenset((Kind.EMAIL, Kind.PHONE, Kind.BIRTH_DATE))
_KEYS = frozenset((Kind.EMAIL, Kind.CUSTOMER_NUMBER))
_DEEPEST = 8  # objects and lists inside a record in which fields are told by their names
_MOST = 1000  # people of one record who are compared; of more it is a list of people

Person = tuple[Clue, ...]


@dataclass(frozen=True, slots=True)
class Met:
    """A hit in a record, the names of others whom it states, and whether it is about several people."""

    hit: Hit
    others: tuple[str, ...] = field(default=(), repr=False)
    shared: bool = False


def people_in(record: Any, scope: str) -> list[Person]:
    """What each person of a record is said to be: first the record's own, then those of its lists and maps."""
    walk = _Walk(scope)
    walk.through(record, "", 0, walk.person())
    first, *others = (tuple(person) for person in walk.people)
    return [first, *(person for person in others if person)]


def weighed(people: Sequence[Person], index: SubjectIndex, stated: Iterable[Hit], told: Iterable[Hit]) -> Iterator[Met]:
    """What the fields of a record say of a person goes before what is met in its text: who is stated to have another
    name or birth date is not proved by an address that the same record mentions, and somebody else's record neither."""
    found, clues = {hit.subject: hit for hit in strongest(stated)}, [clue for one in people for clue in one]
    for hit in strongest((*found.values(), *told)):
        strange = [one for one in people[:_MOST] if _is_strange(one, index, hit.subject)]
        others = tuple(dict.fromkeys(_other_names(people[:_MOST], strange, index, hit.subject)))
        if strange or others or len(people) > _MOST:
            against = hit.subject in found and index.contradicted(hit.subject, clues)
            hit = hit.at_most(found[hit.subject].strength if against else Strength.PROBABLE).at_most(Strength.PROBABLE)
        yield Met(hit, others, len(people) > _MOST or (len(people) > 1 and bool(strange or others)))


def bare(key: str) -> str:
    return key.lower().replace("_", "").replace("-", "").replace(" ", "")


def text_in(value: Any) -> str:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def is_map(value: Any) -> bool:
    """Whether an object is a list in disguise: objects of one shape under their keys, or addresses as keys."""
    if not isinstance(value, dict) or len(value) < 2 or not all(isinstance(one, dict) for one in value.values()):
        return False
    if all("@" in key for key in value):
        return True
    shapes = [one.keys() for one in value.values() if one]
    return len(shapes) * 2 >= len(value) and all(not shape.isdisjoint(other) for shape, other in pairwise(shapes))


def without_maps(value: Any, taken: list[tuple[str, Any]], path: str = "") -> Any:
    """A document without the elements of its outermost maps; these are added to `taken`, each under its key, with its
    place. What a list holds is not looked at."""
    if not isinstance(value, dict):
        return value
    if is_map(value):
        taken.extend((f"{path}{key}", {key: item}) for key, item in value.items())
        return {}
    return {key: without_maps(item, taken, f"{path}{key}.") for key, item in value.items()}


class _Walk:
    def __init__(self, scope: str) -> None:
        self._scope = scope
        self.people: list[list[Clue]] = []

    def person(self) -> list[Clue]:
        self.people.append([])
        return self.people[-1]

    def through(self, value: Any, path: str, depth: int, person: list[Clue], below: str = "") -> None:
        if depth > _DEEPEST:
            return
        if isinstance(value, list):
            self._list(value, path, depth, person, below)
        elif isinstance(value, dict):
            self._object(value, path, depth, person, below)

    def _list(self, items: list[Any], path: str, depth: int, person: list[Clue], below: str) -> None:
        for number, item in enumerate(items):
            place = f"{path.removesuffix('.')}[{number}]"
            if isinstance(item, dict):
                self.through(item, f"{place}.", depth + 1, self.person(), below)
            elif isinstance(item, list):
                self.through(item, f"{place}.", depth + 1, person, below)
            elif kind := _KINDS.get(below):
                self._clue(kind, item, place, person)

    def _object(self, value: dict[str, Any], path: str, depth: int, person: list[Clue], below: str) -> None:
        each_a_person, thing = is_map(value), _is_thing(value, below)
        for key, item in value.items():
            told = bare(key)
            if isinstance(item, dict | list):
                apart = each_a_person or "@" in key
                whose = self.person() if apart else person
                if "@" in key:
                    self._clue(Kind.EMAIL, key, f"{path}{key}", whose)
                self.through(item, f"{path}{key}.", depth + 1, whose, below if apart else told)
            elif (kind := _KINDS.get(told)) and not (thing and kind is Kind.NAME):
                self._clue(kind, item, path + key, person)
        told_in = {bare(key): text_in(item) for key, item in value.items()}
        given, surname = (next(filter(None, map(told_in.get, names)), "") for names in (_GIVEN, _SURNAME))
        if given and surname:
            self._clue(Kind.NAME, f"{given} {surname}", f"{path}name", person)

    def _clue(self, kind: Kind, value: Any, path: str, person: list[Clue]) -> None:
        if text := text_in(value):
            person.append(Clue(kind, text, path, self._scope))


def _is_thing(value: dict[str, Any], below: str) -> bool:
    told = {bare(key) for key in value}
    return (below in _THINGS or not told.isdisjoint(_OF_THINGS)) and not any(
        _KINDS.get(key) in _OF_PEOPLE for key in told
    )


def _is_strange(person: Person, index: SubjectIndex, subject: str) -> bool:
    """Whether this is somebody else: by name or birth date, or by a number or address where none is the subject's."""
    if index.contradicted(subject, person):
        return True
    keys = [clue for clue in person if clue.kind in _KEYS and index.normal(clue.kind, clue.value)]
    return bool(keys) and not any(hit.subject == subject for clue in keys for hit in index.match([clue]))


def _other_names(
    people: Sequence[Person], strange: Sequence[Person], index: SubjectIndex, subject: str
) -> Iterator[str]:
    """Names that are not the subject's; a nickname beside its own name may be."""
    for person in people:
        for clue in person:
            if clue.kind is not Kind.NAME or not (person in strange or len(name_words(clue.value)) > 1):
                continue
            if index.contradicted(subject, [clue]):
                yield clue.value
