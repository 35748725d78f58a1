"""Nordlicht Fahrräder GmbH, Rostock: an invented company, made from a seed as files below one folder."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from desk.demo import people
from desk.demo.cloud import write_cloud
from desk.demo.crm import write_crm
from desk.demo.people import Neighbours, Protagonist, Stranger
from desk.demo.social import write_facebook, write_instagram

#: Where a canary token can be planted: each is a place in which something about the protagonist is stored.
#:
#: street           customers.street, orders.delivery_address, invoices.text and her documents (also in her mail)
#: order_comment    orders.comment
#: invoice_text     invoices.text
#: ticket_text      tickets.text
#: note             notes.text
#: dm_text          text of a direct message in the Instagram archive
#: dm_photo_name    file name of a photo in the Instagram archive
#: cloud_file_name  file name of a DOCX in the cloud
#: docx_text        text inside that DOCX
#: pdf_text         text inside a PDF in the cloud
#: txt_text         text inside a TXT file in the cloud
#: csv_text         a cell of her row in a CSV file in the cloud
#: request_subject  subject of her mail
#: request_text     text of her mail
CANARY_FIELDS = (
    "street", "order_comment", "invoice_text", "ticket_text", "note", "dm_text", "dm_photo_name", "cloud_file_name",
    "docx_text", "pdf_text", "txt_text", "csv_text", "request_subject", "request_text",
)  # fmt: skip

_TOKEN = re.compile(r"[A-Za-z0-9]{6,64}")


@dataclass(frozen=True, slots=True)
class Company:
    """Where the company's data lie, and who matters in them."""

    folder: Path
    crm: Path
    instagram: Path
    facebook: Path | None
    cloud: Path
    protagonist: Protagonist = field(repr=False)
    stranger: Stranger = field(repr=False)
    neighbours: Neighbours = field(repr=False)
    staff: tuple[str, ...] = people.STAFF
    name: str = "Nordlicht Fahrräder GmbH"
    street: str = "Am Stadthafen 12"
    postcode: str = "18055"
    city: str = "Rostock"
    land: str = "MV"
    domain: str = people.DOMAIN
    mailbox: str = people.MAILBOX
    dpo_mailbox: str = people.DPO_MAILBOX
    dpo_name: str = "Dr. Frauke Nissen"

    @property
    def mail_addresses(self) -> tuple[str, ...]:
        """Every address that needs a mailbox in the demo, the company's own first."""
        outside = (self.protagonist.email, self.stranger.email, self.neighbours.delivery.email)
        return (self.mailbox, self.dpo_mailbox, *outside)


def build_company(
    folder: Path,
    seed: int = 2026,
    customers: int = 5000,
    with_damaged: bool = False,
    *,
    with_facebook: bool = False,
    extra_tokens: Mapping[str, str] | None = None,
) -> Company:
    """Write `crm.sqlite3`, `instagram/`, `cloud/` (and `facebook/`) below `folder`, which must not hold a company yet.

    The same seed gives the same rows and files, byte by byte apart from the database's own pages. `extra_tokens` maps
    names of CANARY_FIELDS to words that are appended there, so that a test can look for them afterwards.

    Raises ValueError for an unknown canary field, a token that is not 6 to 64 ASCII letters and digits, or fewer than
    40 customers; FileExistsError if the folder holds a company.
    """
    tokens = _checked(extra_tokens or {})
    if customers < 40:
        raise ValueError("the company needs at least 40 customers")
    if (folder / "crm.sqlite3").exists():
        raise FileExistsError(f"there is a company in {folder} already; take an empty folder")
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(seed)  # noqa: S311 - repeatable on purpose, nothing here is secret
    protagonist, neighbours = people.make_protagonist(tokens), people.make_neighbours()
    everybody = people.make_customers(rng, customers, protagonist, neighbours)
    write_crm(folder / "crm.sqlite3", rng, everybody, protagonist, neighbours, tokens)
    instagram = write_instagram(folder / "instagram", rng, everybody, protagonist, neighbours, tokens)
    write_cloud(folder / "cloud", rng, everybody, protagonist, neighbours, tokens, with_damaged)
    facebook = write_facebook(folder / "facebook", rng, everybody, protagonist) if with_facebook else None
    return Company(
        folder, folder / "crm.sqlite3", instagram, facebook, folder / "cloud", protagonist, people.STRANGER, neighbours
    )


def _checked(tokens: Mapping[str, str]) -> Mapping[str, str]:
    if unknown := sorted(set(tokens) - set(CANARY_FIELDS)):
        raise ValueError(f"unknown canary fields: {', '.join(unknown)}; CANARY_FIELDS lists them")
    if not all(_TOKEN.fullmatch(token) for token in tokens.values()):
        raise ValueError("a canary token is 6 to 64 ASCII letters and digits")
    return tokens
