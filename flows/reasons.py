"""By what a record was found, in words: which identifier stood where, and where it did not stand there literally, how
it is written. Without that nobody could tell why a finding is only possible."""

from __future__ import annotations

from cases.finding import Reason
from cases.identifiers import Identifier, Kind, Origin
from infra.store.findings import Kept

KINDS = {
    Kind.EMAIL: ("E-Mail-Adresse", "e-mail address"),
    Kind.PHONE: ("Telefonnummer", "phone number"),
    Kind.NAME: ("Name", "name"),
    Kind.BIRTH_DATE: ("Geburtsdatum", "date of birth"),
    Kind.ADDRESS: ("Anschrift", "postal address"),
    Kind.CUSTOMER_NUMBER: ("Kundennummer", "customer number"),
    Kind.HANDLE: ("Benutzername", "user name"),
    Kind.COOKIE_ID: ("Cookie-Kennung", "cookie id"),
    Kind.EMAIL_HASH: ("Prüfsumme der E-Mail-Adresse", "hash of the e-mail address"),
    Kind.PHONE_HASH: ("Prüfsumme der Telefonnummer", "hash of the phone number"),
    Kind.IBAN: ("IBAN", "IBAN"),
    Kind.ORDER_NUMBER: ("Bestellnummer", "order number"),
    Kind.USER_NAME: ("Anmeldename", "log-in name"),
}
HOW = {
    Reason.EXACT: ("", ""),
    Reason.ALIAS: ("andere Adresse desselben Postfachs", "another address of the same mailbox"),
    Reason.HASHED: ("als Prüfsumme", "as a hash"),
    Reason.PARTIAL: ("nur zum Teil angegeben", "stated only in part"),
    Reason.SHORT_FORM: ("Kurzform", "short form"),
    Reason.BIRTH_NAME: ("Geburtsname", "name at birth"),
    Reason.TRANSLITERATED: ("mit anderen Buchstaben umschrieben", "in other letters"),
    Reason.PHONETIC: ("klingt nur ähnlich", "only sounds alike"),
    Reason.SIMILAR: ("nur ähnlich geschrieben", "only spelled alike"),
}


def why(kept: Kept, language: str) -> str:
    """Which identifiers led to the record, each kind once for every way in which it is written there, with the fields
    in which it stood: `E-Mail-Adresse (mail); Name, klingt nur ähnlich (name)`. A field that states the same kind in
    several ways is told by the first, the surest."""
    place = 0 if language == "de" else 1
    told: dict[tuple[Kind, Reason], list[str]] = {}
    stated: set[tuple[Kind, str]] = set()
    for identifier, where, reason in _telling(kept):
        if (identifier.kind, where) not in stated:
            stated.add((identifier.kind, where))
            told.setdefault((identifier.kind, reason), []).append(where)
    heads = {key: ", ".join(filter(None, (KINDS[key[0]][place], HOW[key[1]][place]))) for key in told}
    return "; ".join(f"{heads[key]} ({', '.join(fields)})" for key, fields in told.items())


def _telling(kept: Kept) -> tuple[tuple[Identifier, str, Reason], ...]:
    """What was known before, where there is any: a key learned from the record itself explains nothing."""
    met = kept.finding.met
    return tuple(one for one in met if one[0].origin is not Origin.FOUND) or met
