"""The mailboxes: every mail is stored before anything else happens to it, and filed once it was handled. In this order,
so that a process killed anywhere in between goes on where it stopped. Each mailbox fails for itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flows.arrivals import read_mailbox, rekey, settle_copies
from flows.filing import file_all
from flows.house import House, mailbox_part
from flows.intake import handle_stored


@dataclass(frozen=True, slots=True)
class Polled:
    """What a poll did, in numbers. `troubles`: a code for each mailbox (by name) that could not be read or filed."""

    stored: int = 0
    opened: int = 0
    attached: int = 0
    filed: int = 0
    troubles: Mapping[str, str] = field(default_factory=dict)

    @property
    def trouble(self) -> str:
        """The first code, empty where every mailbox works."""
        return next(iter(self.troubles.values()), "")


def poll(house: House) -> Polled:
    """Reads every folder of every mailbox, then handles whatever is stored. A mailbox that cannot be read is an alarm;
    mails that were stored before are handled all the same."""
    stored, troubles = 0, {}
    for name in house.settings.accounts:
        count, trouble = read_mailbox(house, name)
        stored += count
        if trouble:
            troubles[name] = trouble
            _fails(house, name, trouble)
    opened, attached = handle_stored(house)
    settle_copies(house)
    rekey(house)
    filed, not_filed = file_all(house)
    troubles = {**not_filed, **troubles}
    for name in house.settings.accounts:
        if name in troubles:
            _fails(house, name, troubles[name])
        else:
            _works(house, name)
    return Polled(stored, opened, attached, filed, troubles)


def _works(house: House, name: str) -> None:
    part = mailbox_part(name)
    with house.store.begin() as tx:
        tx.state.set(part, read_at=tx.now.isoformat(), trouble="")
        tx.alarms.clear(part, "intake_failed")


def _fails(house: House, name: str, code: str) -> None:
    """An unreadable mailbox must not look like an empty one: the report shows it, and the alarm goes out by mail."""
    part = mailbox_part(name)
    with house.store.begin() as tx:
        before = tx.state.get(part)
        tx.state.set(part, read_at=before.get("read_at", ""), trouble=code)
        tx.alarms.raise_(part, "intake_failed")
