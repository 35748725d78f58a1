"""Notices that ask the person to decide: a question for clarification (recital 63) and the fee for a further copy. They
say the words of the letters under `[letters]`; what is held is told by number alone, for no mail holds a finding."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from cases.authorities import competent
from cases.draft import Controller
from outputs.document import Block, Bullets, Heading, Paragraph
from outputs.letter_blocks import blocks
from outputs.letter_values import COSTS
from outputs.texts import Texts

_DATE = r"\d{4}-\d{2}-\d{2}"
PATTERNS: Mapping[str, Mapping[str, str]] = {
    "clarification": {"received": _DATE, "entries": r"[1-9]\d{0,6}", "reply_by": _DATE, "due": _DATE},
    "fee": {
        "received": _DATE,
        "answered": _DATE,
        "earlier": r"DSAR-\d{4}-\d{4,6}",
        "cents": r"[1-9]\d{0,4}",
        "cost": "|".join(COSTS),
        "reply_by": _DATE,
    },
}
REPEATED = {"cost"}


class Making(Protocol):
    """A notice's checked fields with what is needed to say them."""

    @property
    def fields(self) -> Mapping[str, list[str]]: ...

    @property
    def words(self) -> Texts: ...

    @property
    def controller(self) -> Controller: ...

    def one(self, name: str) -> str: ...

    def day(self, name: str) -> str: ...


def _clarification(making: Making) -> dict[str, str]:
    words = making.words
    days = {name: making.day(name) for name in ("received", "reply_by")}
    where = {"systems": [words("letters.searched_systems")]}
    body = blocks(words, "letters.clarification.text", {**days, "entries": making.one("entries")}, where)
    due = words("letters.due", due=making.day("due"))
    return {"received": days["received"], "body": f"{plain(body)}\n\n{due}"}


def _fee(making: Making) -> dict[str, str]:
    words = making.words
    said = {name: making.day(name) for name in ("received", "answered", "reply_by")}
    said |= {"earlier": making.one("earlier"), "amount": words.euros(int(making.one("cents")))}
    costs = {"costs": [words(f"letters.costs.{code}") for code in making.fields.get("cost", ())]}
    one = competent(making.controller.land, making.controller.public_body)
    authority = ", ".join((one.name, one.postal or one.street, one.email))
    complaint = words("letters.complaint", authority=authority)
    body = plain(blocks(words, "letters.fee.text", said, costs))
    return {"received": said["received"], "body": f"{body}\n\n{complaint}"}


def plain(body: Sequence[Block]) -> str:
    """Blocks as the text of a mail."""
    return "\n\n".join(_plain(block) for block in body)


def _plain(block: Block) -> str:
    match block:
        case Heading() | Paragraph():
            return block.text
        case Bullets():
            return "\n".join(f"- {item}" for item in block.items)
        case _:
            raise TypeError("a text of a mail has neither terms nor tables")


MAKERS: Mapping[str, Callable[[Making], dict[str, str]]] = {"clarification": _clarification, "fee": _fee}
