"""Every mail in every configured folder accounted for: what became of it, exactly once. Reads only; what it says holds
folders, UIDs, case numbers and counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from cases.case import Status
from flows.house import House
from infra.imap_session import MailboxUnavailable
from infra.mailbox import Mailbox
from infra.settings_sections import AccountSection
from infra.store.messages import Place, Seen


class Fate(StrEnum):
    """What became of a mail."""

    CASE = "case"
    ATTACHED = "attached"
    TRIAGE = "triage"
    NOT_A_REQUEST = "not_a_request"
    FORGOTTEN = "forgotten"  # its period has ended here; it still lies in the mailbox
    WAITING = "waiting"  # not stored yet, or stored and not looked at yet


@dataclass(frozen=True, slots=True)
class Wrong:
    """A mail that is not accounted for. `code`: no_state, two_states, no_such_case."""

    folder: str
    uid: int
    code: str


@dataclass(frozen=True, slots=True)
class Audited:
    """One mailbox. `elsewhere`: stored mails that lie in none of its folders any more, because people moved or deleted
    them. `trouble`: a code where the mailbox could not be read, so that nothing is proved."""

    name: str
    fates: Mapping[Fate, int] = field(default_factory=dict)
    elsewhere: int = 0
    wrong: tuple[Wrong, ...] = ()
    trouble: str = ""

    @property
    def sound(self) -> bool:
        return not self.wrong and not self.trouble


def audit_inboxes(house: House) -> tuple[Audited, ...]:
    """What became of every mail in every mailbox."""
    return tuple(_audit(house, name) for name in house.settings.accounts)


def _audit(house: House, name: str) -> Audited:
    """The mailbox is listed before the store is read: what is stored meanwhile is found."""
    try:
        with house.mailbox(name) as mailbox:
            listed = _listed(mailbox, name, house.settings.accounts[name])
    except MailboxUnavailable as error:
        return Audited(name, trouble=error.code)
    with house.store.begin() as tx:
        stored = tx.messages.places(name)
        cases = {case.number: case.status for case in tx.cases.all()}
    return _accounted(name, listed, stored, cases)


def _listed(mailbox: Mailbox, name: str, account: AccountSection) -> list[Place]:
    folders = [*account.folders]
    if account.filing == "move" and mailbox.has_folder(account.done):
        folders.append(account.done)
    keys = [key for folder in folders for key in mailbox.keys(folder)]
    return [Place(name, key.folder, key.uidvalidity, key.uid) for key in keys]


def _accounted(name: str, listed: Sequence[Place], stored: Iterable[Seen], cases: Mapping[str, Status]) -> Audited:
    known: dict[Place, list[Seen]] = {}
    for seen in stored:
        known.setdefault(seen.place, []).append(seen)
    fates = dict.fromkeys(Fate, 0)
    wrong = []
    for place in listed:
        found = fate_of(known.pop(place, []), cases)
        if isinstance(found, Fate):
            fates[found] += 1
        else:
            wrong.append(Wrong(place.folder, place.uid, found))
    for place, seens in known.items():
        found = fate_of(seens, cases)
        if not isinstance(found, Fate):
            wrong.append(Wrong(place.folder, place.uid, found))
    elsewhere = sum(seen.state != "forgotten" for seens in known.values() for seen in seens)
    return Audited(name, fates, elsewhere, tuple(wrong))


def fate_of(seens: Sequence[Seen], cases: Mapping[str, Status]) -> Fate | str:
    """What became of the mail of which the store knows this, or a code where that is not one thing."""
    if not seens:
        return Fate.WAITING
    if len(seens) > 1:
        return "two_states"
    (seen,) = seens
    if seen.state in ("stored", "copy"):
        return Fate.WAITING
    if seen.state == "forgotten":
        return Fate.FORGOTTEN
    if seen.case is None:
        return Fate.NOT_A_REQUEST if seen.outcome == "left" else "no_state"
    if seen.case not in cases:
        return "no_such_case"
    return _fate_with_case(seen.outcome, cases[seen.case])


def _fate_with_case(outcome: str, status: Status) -> Fate | str:
    """A mail that opened a case is in doubt as long as the case is, and no request if a person said so."""
    if outcome == "attached":
        return Fate.ATTACHED
    if outcome != "opened":
        return "no_state"
    return {Status.TRIAGE: Fate.TRIAGE, Status.NOT_A_REQUEST: Fate.NOT_A_REQUEST}.get(status, Fate.CASE)
