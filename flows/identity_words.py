"""Why somebody is not verified, what they were asked, and by what is on file they can be asked; nothing personal in it.

Only data that is held already is compared or used as a way (ID-02): nobody is asked for an identity document.
"""

from __future__ import annotations

from cases.case import Case, Status
from cases.challenge import SENTENCES, TRIES, Doubt, Way, next_steps
from flows.house import House
from infra.store.challenges import Identity
from infra.store.store import Transaction

STEPS = {
    "mail": "Code per E-Mail / by mail",
    "post": "Code per Brief / by post",
    "phone": "Code am Telefon / by phone",
    "customer_number": "Kundennummer vergleichen / compare the customer number",
    "birth_date": "Geburtsdatum vergleichen / compare the birth date",
}
QUESTIONS = {
    "waiting": "Rückfrage wartet, die Adresse hat genug Mails für jetzt / the question waits, enough mails for now",
    "by_hand": "Kein Programm schreibt dorthin; bitte von Hand fragen / no program writes there, please ask by hand",
}
ADDRESSED = {
    Way.MAIL: "an die hinterlegte E-Mail-Adresse / to the e-mail address on file",
    Way.POST: "für einen Brief an die hinterlegte Anschrift / for a letter to the address on file",
    Way.PHONE: "für einen Anruf unter der hinterlegten Nummer / for a call to the number on file",
}
STATES = {
    "open": "offen / open",
    "used": "richtig zurückgekommen / came back",
    "void": "gilt nicht mehr / good no more",
    "denied": "„Nicht ich“ / “not me”",
}
NO_ID = "Keinen Ausweis verlangen; was schon bekannt ist, genügt. / Ask for no ID; what is known already will do."


def why_and_next(house: House, tx: Transaction, case: Case) -> list[str]:
    """Lines for whoever decides who asks; none where nothing was ever in doubt."""
    identity, row = tx.challenges.identity(case.number), tx.cases.row(case.number)
    asked = [*_doubt(identity), *_asked(house, identity), *_codes(house, tx, case.number)]
    if case.status is Status.IDENTIFYING and row.sealed_person is not None:
        asked += [*_next(tx, case.number), NO_ID]
    return [*asked, *_id_documents(tx, case.number)]


def _doubt(identity: Identity) -> list[str]:
    if identity.doubt not in set(Doubt):
        return []
    why = SENTENCES[Doubt(identity.doubt)]
    return [f"Warum / why: {why.de} / {why.en}"]


def _asked(house: House, identity: Identity) -> list[str]:
    if identity.question == "asked" and identity.asked_at is not None:
        return [f"Rückfrage an die anfragende Adresse / question to the address that asks: {_day(house, identity)}"]
    return [QUESTIONS[identity.question]] if identity.question in QUESTIONS else []


def _day(house: House, identity: Identity) -> str:
    return f"{house.today(identity.asked_at):%d.%m.%Y}" if identity.asked_at is not None else ""


def _codes(house: House, tx: Transaction, case: str) -> list[str]:
    lines = []
    for sent in tx.challenges.of_case(tx.cases.row(case)):
        days = f"{house.today(sent.sent_at):%d.%m.%Y}, gilt bis / good until {house.today(sent.expires_at):%d.%m.%Y}"
        state = "abgelaufen / expired" if sent.state == "open" and sent.expires_at <= tx.now else STATES[sent.state]
        lines.append(f"Einmalcode / one-time code {ADDRESSED[sent.way]}: {days}; {state}")
    tries = tx.challenges.tries(case)
    return [*lines, *([f"Falsche Codes / wrong codes: {tries} ({TRIES})"] if tries else [])]


def _next(tx: Transaction, case: str) -> list[str]:
    """What is proportionate: by record, the ways and comparisons that its own data allow."""
    records = [next_steps(contact) for contact in tx.cases.person(case).candidates]
    lines = [
        f"Datensatz / record {number}: {', '.join(STEPS[step] for step in steps)}"
        for number, steps in enumerate(records, start=1)
        if steps
    ]
    if not lines:
        return ["Kein Datensatz passt / no record fits"]
    return [*lines, f"auskunft case challenge {case} --record N --by mail|post|phone --as NAME"]


def _id_documents(tx: Transaction, case: str) -> list[str]:
    number = tx.id_documents.count(case)
    if not number:
        return []
    return [
        f"⚠ Ein Ausweis kam ungefragt ({number}); er wird nach Ihrer Entscheidung gelöscht. / An ID was sent unasked; "
        "it is wiped after your decision."
    ]
