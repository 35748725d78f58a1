"""`auskunft case deliver`, `seal` and `correct`: the way on which an answer leaves, with what it is sealed, and a new
version of one that left."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from desk.console import fail
from desk.recording import listed
from flows.correcting import CannotCorrect, correct
from flows.delivering import NoSuchWay, Way, choose
from flows.sealing import CannotSeal, choose_key, choose_passphrase, fitting_keys, signer_of
from infra.durable import create_private
from outputs.errors import SealRefused
from outputs.seal_key import PUBLIC_KEY

if TYPE_CHECKING:
    from flows.house import House

WHY_NOT = {
    "no_cloud": "Es ist keine Nextcloud eingerichtet ([delivery] in auskunft.toml) / no Nextcloud is set up",
    "no_postal_address": "Es ist keine Postanschrift bekannt / no postal address is on file",
    "no_address_on_file": "Es ist keine E-Mail-Adresse bekannt / no e-mail address is on file",
    "approved_for_another_channel": "Freigegeben ist ein anderer Weg: erst mit auskunft case delivered --no zurück"
    " in die Prüfung / another channel was approved: take it back to review first",
    "sealed_for_own_key": "Verschlüsselt wird mit dem Schlüssel der Person, das geht nur per E-Mail: erst"
    " auskunft case seal --passphrase / it is sealed for the person's own key, which goes by mail only",
    "too_large": "Für eine E-Mail ist die Antwort zu groß / the answer is too large for a mail",
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


CANNOT_SEAL = {
    "not_now": "Das geht bis zur Freigabe / only until the answer is approved",
    "not_identified": "Erst muss feststehen, wer fragt / it must be known first who asks",
    "not_by_mail": "Diese Antwort geht nicht per E-Mail: erst auskunft case deliver --way mail /"
    " this answer does not go by mail: auskunft case deliver --way mail first",
    "why_needed": "--why sagt in mindestens 10 Zeichen, woher Sie wissen, dass der Schlüssel der Person gehört /"
    " says in at least 10 signs how you know that the key is the person's",
}
MOST_KEY = 1 << 20  # bytes


def seal_with_passphrase(house: House, case: str, by: str, why: str) -> str:
    name = listed(house, by)
    try:
        with house.store.begin() as tx:
            choose_passphrase(tx, case, name, why)
    except CannotSeal as error:
        fail(f"{case}: {CANNOT_SEAL[error.code]}")
    return f"{case}: mit einem Passwort / with a passphrase"


def key_in_mail(house: House, case: str, fingerprint: str) -> bytes:
    """The key that came with a mail of the case and begins like the fingerprint which the person named."""
    found = fitting_keys(house, case)
    if not found:
        fail(f"{case}: keine E-Mail brachte einen passenden Schlüssel mit: --key DATEI / no mail brought one that fits")
    wanted = fingerprint.replace(" ", "").upper()
    chosen = [key for said, key in found.items() if len(wanted) >= LEAST and said.replace(" ", "").startswith(wanted)]
    if len(chosen) != 1:
        listing = "\n".join(f"  {said}" for said in found)
        fail(f"{case}: mit der Person vergleichen, dann / compare with the person, then: --fingerprint …\n{listing}")
    return chosen[0]


LEAST = 16  # hexadecimal digits: as much as a short key id, and one nobody makes a second key for by chance


def seal_with_key(house: House, case: str, key: bytes, by: str, why: str) -> str:
    name = listed(house, by)
    try:
        with house.store.begin() as tx:
            own = choose_key(house, tx, case, key, name, why)
    except CannotSeal as error:
        fail(f"{case}: {CANNOT_SEAL[error.code]}")
    except SealRefused as refused:
        fail(f"{case}: {refused.advice}")
    return f"{case}: {KINDS[own.kind]}, Fingerabdruck / fingerprint {own.fingerprint}"


KINDS = {"smime": "S/MIME", "openpgp": "OpenPGP"}


def key_in_file(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(MOST_KEY + 1)
    except OSError:
        fail(f"{file} cannot be read")


def write_signature(house: House, out: Path | None) -> str:
    """The fingerprints of our keys and, with `out`, the keys themselves, to be published."""
    try:
        with house.store.begin() as tx:
            signer = signer_of(house, tx)
    except SealRefused as refused:
        fail(refused.advice)
    said = f"S/MIME   SHA-256 {signer.fingerprint}\nOpenPGP  {signer.openpgp_fingerprint}"
    if out is None:
        return said
    files = {"certificate.pem": b"".join(signer.certificates), PUBLIC_KEY: signer.openpgp_public}
    for name, content in files.items():
        try:
            create_private(out / name, content)
        except FileExistsError:
            fail(f"{out / name} is there already; give another folder")
    return f"{said}\n{out}: {', '.join(files)}"


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
