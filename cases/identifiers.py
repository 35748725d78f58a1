"""What points to a person: identifiers, the form in which they are compared, and the subject they make up."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

import idna
import phonenumbers


class Kind(StrEnum):
    EMAIL = "email"
    PHONE = "phone"
    NAME = "name"
    BIRTH_DATE = "birth_date"
    ADDRESS = "address"
    CUSTOMER_NUMBER = "customer_number"
    HANDLE = "handle"
    COOKIE_ID = "cookie_id"
    EMAIL_HASH = "email_hash"


class Origin(StrEnum):
    """How we know it. Only `VERIFIED` makes a certain match; a claim is what anybody can type into a mail."""

    CLAIMED = "claimed"
    VERIFIED = "verified"
    FOUND = "found"


@dataclass(frozen=True, slots=True)
class Identifier:
    """One thing that points to a person, as it was stated.

    `scope` is the system or platform in which the value is valid (`instagram`, `crm`); empty means everywhere.
    `found_in` names the source and locator where it was learned, for the chain of provenance.
    """

    kind: Kind
    value: str = field(repr=False)
    origin: Origin = Origin.CLAIMED
    scope: str = ""
    found_in: str = field(default="", repr=False)

    @property
    def normal(self) -> str:
        """The form in which two identifiers of this kind are compared; empty where the value is not one."""
        return normalise(self.kind, self.value)

    @property
    def key(self) -> tuple[Kind, str, str]:
        return self.kind, self.scope, self.normal


@dataclass(frozen=True, slots=True)
class Subject:
    """The person of one case, as far as known: `id` is the case number, never a name."""

    id: str
    identifiers: tuple[Identifier, ...] = field(repr=False)

    def of(self, kind: Kind) -> tuple[Identifier, ...]:
        return tuple(item for item in self.identifiers if item.kind is kind)

    def knowing(self, more: Iterable[Identifier]) -> Subject:
        """This subject with further identifiers; one already known keeps its stronger origin."""
        known = {item.key: item for item in self.identifiers}
        for item in more:
            if item.normal and (item.key not in known or item.origin is Origin.VERIFIED):
                known[item.key] = item
        return Subject(self.id, tuple(known.values()))


def normalise(kind: Kind, value: str) -> str:
    """The form in which values of `kind` are compared; empty where `value` is none of that kind."""
    return _NORMAL[kind](value.strip())


def fold(text: str) -> str:
    """Letters without case, umlauts or accents: `Müller`, `MUELLER` and `mueller` are one, `Muller` another.

    German transliteration first (DIN 5007-2: ä = ae), then every other diacritic is dropped.
    """
    lowered = unicodedata.normalize("NFC", text).casefold().translate(_UMLAUTS)
    decomposed = unicodedata.normalize("NFKD", lowered)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "å": "aa", "æ": "ae", "œ": "oe"})
_TITLES = frozenset(["herr", "frau", "dr", "prof", "dipl", "ing", "med", "mr", "mrs", "ms", "mx"])


def _email(value: str) -> str:
    local, at, domain = value.removeprefix("mailto:").casefold().rpartition("@")
    if not at or not local or not domain or any(char.isspace() for char in local + domain):
        return ""
    try:
        host = str(idna.encode(domain, uts46=True), "ascii")
        return f"{local}@{host}"
    except idna.IDNAError:
        return f"{local}@{domain}"


def _phone(value: str) -> str:
    try:
        number = phonenumbers.parse(value.replace("(0)", ""), "DE")
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _name(value: str) -> str:
    """Order does not matter (`Krüger, Lena`), titles and particles' case neither."""
    words = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", fold(value))
    return " ".join(sorted(word for word in words if word not in _TITLES))


def _birth_date(value: str) -> str:
    """ISO date of `1984-03-02`, `2.3.1984`, `02.03.84` is refused: its century is a guess."""
    if match := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?", value):
        year, month, day = match.groups()
    elif match := re.fullmatch(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", value):
        day, month, year = match.groups()
    else:
        return ""
    return f"{year}-{int(month):02}-{int(day):02}"


def _address(value: str) -> str:
    text = re.sub(r"(?<=\w)str(?:\.|asse)?(?=\W|\d|$)", "str", fold(value))
    return " ".join(re.findall(r"\w+", text))


def _plain(value: str) -> str:
    return re.sub(r"[\s\-./]+", "", value).casefold()


def _handle(value: str) -> str:
    return value.rstrip("/").rpartition("/")[2].removeprefix("@").casefold()


_NORMAL = {
    Kind.EMAIL: _email,
    Kind.PHONE: _phone,
    Kind.NAME: _name,
    Kind.BIRTH_DATE: _birth_date,
    Kind.ADDRESS: _address,
    Kind.CUSTOMER_NUMBER: _plain,
    Kind.HANDLE: _handle,
    Kind.COOKIE_ID: lambda value: value,
    Kind.EMAIL_HASH: str.casefold,
}
