"""Notices about who asks. What goes to an address that is not on file says the same whether or not we know somebody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from cases.challenge import ALPHABET
from outputs.texts import Texts

_DATE = r"\d{4}-\d{2}-\d{2}"
_GROUP = f"[{ALPHABET}]{{3}}"
PATTERNS: Mapping[str, Mapping[str, str]] = {
    "identity_request": {"received": _DATE},
    "identity_code": {
        "received": _DATE,
        "expires": _DATE,
        "code": f"{_GROUP}-{_GROUP}-{_GROUP}",
        "requester": r"[a-z0-9._+?-]{1,64}@[a-z0-9.?-]{1,189}",
    },
    "code_not_accepted": {},
}
OPTIONAL = {("identity_code", "requester")}


class Making(Protocol):
    """A notice's checked fields with what is needed to say them."""

    @property
    def fields(self) -> Mapping[str, list[str]]: ...

    @property
    def words(self) -> Texts: ...

    def one(self, name: str) -> str: ...

    def day(self, name: str) -> str: ...


def _identity_request(making: Making) -> dict[str, str]:
    return {"received": making.day("received")}


def _identity_code(making: Making) -> dict[str, str]:
    """Goes to the address on file and names the address that asks, in a form in which nothing else can stand."""
    address = next(iter(making.fields.get("requester", ())), "")
    key = "notices.identity_code.from_mail" if address else "notices.identity_code.not_by_mail"
    days = {name: making.day(name) for name in ("received", "expires")}
    return {**days, "code": making.one("code"), "requester": making.words(key, address=address)}


def _code_not_accepted(making: Making) -> dict[str, str]:  # noqa: ARG001 - no fields: it says the same to everybody
    return {}


MAKERS: Mapping[str, Callable[[Making], dict[str, str]]] = {
    "identity_request": _identity_request,
    "identity_code": _identity_code,
    "code_not_accepted": _code_not_accepted,
}
