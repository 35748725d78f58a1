"""Whether the person has an answer that they can open: a mail with a link that has ended is none.

Only the way on which it left last counts. Who took the sealed file out, or printed it, brings it another way and says
so; what a person's own key opens has no passphrase to be handed over, and is always a file in a mail.
"""

from __future__ import annotations

from infra.store.answers import MADE
from infra.store.store import Transaction

ENDED = "link_ended"
_BY_HAND = ("package_saved", "printed:")  # steps by which the sealed file was taken out


class NotReadable(Exception):
    """The person has a link that opens nothing. `code` says so; the text says what to do."""

    code = ENDED

    def __init__(self, case: str) -> None:
        super().__init__(
            f"{case}: der Link gilt nicht (mehr): ein neuer mit auskunft case deliver {case} --way link, oder die Datei"
            f" anders bringen (auskunft case package) / the link does not work: make a new one, or bring the file"
            " another way"
        )


def unreadable(tx: Transaction, case: str) -> bool:
    """Whether the newest answer went as a link that was never made, has ended, or was not told to the person."""
    package = tx.answers.package(tx.cases.row(case))
    attempts = tx.outbox.attempts(case, package.version) if package else ()
    left = [each for each in attempts if not each.failed]
    if package is None or not left or not left[-1].link:
        return False
    works = package.link_state == MADE and left[-1] is attempts[-1]
    return not works and not brought(tx, case)


def check_readable(tx: Transaction, case: str) -> None:
    """Raises `NotReadable`."""
    if unreadable(tx, case):
        raise NotReadable(case)


def brought(tx: Transaction, case: str) -> bool:
    """Whether somebody took the sealed file out, to bring it another way."""
    steps = [event.what for event in tx.cases.history(case)]
    newest = max((at for at, what in enumerate(steps) if what.startswith("sealed:")), default=0)
    return any(what.startswith(_BY_HAND) for what in steps[newest:])
