"""`auskunft case deliver` and `correct`: the way on which an answer leaves, and a new version of one that left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.console import fail
from desk.recording import listed
from flows.correcting import CannotCorrect, correct
from flows.delivering import NoSuchWay, Way, choose

if TYPE_CHECKING:
    from flows.house import House

WHY_NOT = {
    "no_cloud": "Es ist keine Nextcloud eingerichtet ([delivery] in auskunft.toml) / no Nextcloud is set up",
    "no_postal_address": "Es ist keine Postanschrift bekannt / no postal address is on file",
    "no_address_on_file": "Es ist keine E-Mail-Adresse bekannt / no e-mail address is on file",
    "approved_for_another_channel": "Freigegeben ist ein anderer Weg: erst mit auskunft case delivered --no zurück"
    " in die Prüfung / another channel was approved: take it back to review first",
    "not_now": "Die Antwort ist schon unterwegs, oder es gibt noch keine / it is on its way, or there is none yet",
}


def choose_way(house: House, case: str, way: str, by: str, why: str) -> str:
    name = listed(house, by)
    if way not in set(Way):
        fail(f"--way {way!r} is not known; allowed: {', '.join(Way)}")
    try:
        with house.store.begin() as tx:
            choose(house, tx, case, Way(way), name, why)
    except NoSuchWay as error:
        fail(WHY_NOT[error.code])
    return f"{case}: {way}"


CANNOT_CORRECT = {
    "not_answered": "Es ging noch keine Antwort hinaus / no answer has left yet",
    "material_gone": "Der Inhalt ist gelöscht: als neuen Vorgang aufnehmen (auskunft case new) /"
    " the content has been destroyed: record it as a new case",
    "why_needed": "--why sagt in mindestens 10 Zeichen, was falsch war / says in at least 10 signs what was wrong",
}


def correct_answer(house: House, case: str, by: str, why: str) -> str:
    name = listed(house, by)
    try:
        with house.store.begin() as tx:
            version = correct(tx, case, name, why)
    except CannotCorrect as error:
        fail(f"{case}: {CANNOT_CORRECT[error.code]}")
    return f"{case}: Fassung / version {version}: auskunft case review {case}"
