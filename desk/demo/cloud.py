"""The company's cloud folder: offers, workshop lists, contracts and complaints as DOCX, PDF, TXT and CSV."""

from __future__ import annotations

import csv
import io
import json
import random
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date
from pathlib import Path

import typst
from docx import Document

from desk.demo import words
from desk.demo.people import DATA_END, STAFF, Customer, Neighbours, Protagonist, with_token

FOLDERS = ("Angebote", "Werkstatt", "Verträge", "Reklamationen")
DAMAGED_FILE = "Verträge/Rahmenvertrag Flottenräder (Scan).docx"

#: Texts reach Typst as data in `sys.inputs`, never as markup.
_TEMPLATE = b"""#let page-of = json(bytes(sys.inputs.document))
#set document(title: page-of.title, date: none)
#set page(paper: "a4", margin: 25mm)
#set text(lang: "de", size: 11pt)
= #page-of.title
#v(1em)
#for paragraph in page-of.paragraphs { par(paragraph); v(0.6em) }
"""

Writer = Callable[[str, Sequence[str]], bytes]


def write_cloud(
    folder: Path,
    rng: random.Random,
    customers: Sequence[Customer],
    protagonist: Protagonist,
    neighbours: Neighbours,
    tokens: Mapping[str, str],
    with_damaged: bool = False,
) -> None:
    """Fill `folder` with some 60 files; with `with_damaged` one more, a DOCX of which only the first half is left."""
    files = _protagonist_files(protagonist, tokens) | _neighbour_files(neighbours, protagonist)
    files |= _others_files(rng, [c for c in customers if c.name != protagonist.name])
    files |= _lists(rng, customers, protagonist, tokens)
    if with_damaged:
        whole = docx_of("Rahmenvertrag", ("Zwischen der Nordlicht Fahrräder GmbH und der Hafenlogistik Warnow eG.",))
        files[DAMAGED_FILE] = whole[: len(whole) // 2]
    for name in FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)


def docx_of(title: str, paragraphs: Sequence[str]) -> bytes:
    """A Word document; the same text gives the same bytes."""
    document = Document()
    document.core_properties.author = STAFF[0]
    document.core_properties.created = document.core_properties.modified = DATA_END
    document.add_heading(title, level=1)
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    buffer = io.BytesIO()
    document.save(buffer)
    return _with_fixed_times(buffer.getvalue())


def _with_fixed_times(archive: bytes) -> bytes:
    """The archive with the same entries, all dated alike: python-docx writes the time of saving into each of them."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, (2026, 10, 30, 18, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name), compresslevel=1)
    return buffer.getvalue()


def pdf_of(title: str, paragraphs: Sequence[str]) -> bytes:
    """A PDF; the same text gives the same bytes."""
    document = json.dumps({"title": title, "paragraphs": list(paragraphs)})
    made_at = DATA_END.replace(tzinfo=UTC)
    fonts = typst.Fonts(include_system_fonts=False)
    return typst.compile(
        _TEMPLATE, font_paths=fonts, format="pdf", timestamp=made_at, sys_inputs={"document": document}
    )


def txt_of(title: str, paragraphs: Sequence[str]) -> bytes:
    """Plain text in UTF-8."""
    return "\n\n".join((title, *paragraphs, "")).encode()


_WRITERS: Mapping[str, Writer] = {"docx": docx_of, "pdf": pdf_of, "txt": txt_of}


def _protagonist_files(protagonist: Protagonist, tokens: Mapping[str, str]) -> dict[str, bytes]:
    address = f"{protagonist.name}, {protagonist.street}, {protagonist.postcode} {protagonist.city}"
    offer_name = with_token("Angebot 2026-031 Lena Krüger Lastenrad", tokens.get("cloud_file_name"))
    offer = (
        address, f"Kundennummer {protagonist.customer_number}", "Lastenrad „Kogge“ mit Regenverdeck: 4.249,00 €",
        with_token("Gültig bis 31.05.2026.", tokens.get("docx_text")),
    )  # fmt: skip
    complaint = (
        f"Kundin: {address}", f"E-Mail: {protagonist.email}",
        with_token("Das Rad zieht beim Bremsen nach links. Kulanz gewährt.", tokens.get("pdf_text")),
    )  # fmt: skip
    call = f"{protagonist.name} ({protagonist.phone}) angerufen: Abholung Dienstag, Rad steht im Hof, Code am Tor 2281."
    return {
        f"Angebote/{offer_name}.docx": docx_of("Angebot 2026-031", offer),
        "Reklamationen/Reklamation Krüger März 2026.pdf": pdf_of("Reklamation", complaint),
        "Werkstatt/Telefonnotiz 2026-03-05.txt": txt_of("Telefonnotiz", (with_token(call, tokens.get("txt_text")),)),
    }


def _neighbour_files(neighbours: Neighbours, protagonist: Protagonist) -> dict[str, bytes]:
    namesake, father, son = neighbours.namesake, *neighbours.father_and_son
    living = f"{namesake.name}, {namesake.street}, {namesake.postcode} {namesake.city}"
    return {
        "Angebote/Angebot 2026-044 Lena Krüger Lübeck.pdf": pdf_of("Angebot 2026-044", (living, namesake.email)),
        "Verträge/Leihvertrag Hans Brandt.docx": docx_of(
            "Leihvertrag", (f"Mieter: {father.name}, geboren am {_german(father)}", f"Abholung: Sohn {son.name}")
        ),
        "Verträge/Bürgschaft Westphal.docx": docx_of(
            "Bürgschaft", (f"{neighbours.delivery.name} bürgt für den Ratenkauf von {protagonist.name}, Rostock.",)
        ),
    }


def _german(customer: Customer) -> str:
    return customer.birth_date.strftime("%d.%m.%Y") if customer.birth_date else "unbekannt"


def _others_files(rng: random.Random, customers: Sequence[Customer]) -> dict[str, bytes]:
    files = {}
    for number, customer in enumerate(_sample(rng, customers, 48), start=1):
        kind = FOLDERS[number % len(FOLDERS)]
        suffix = ("txt", "docx", "pdf")[number % 3]
        title = f"{_TITLES[kind]} {2023 + number % 4}-{100 + number} {customer.name}"
        product, price = rng.choice(words.PRODUCTS)[1:]
        address = f"{customer.name}, {customer.street}, {customer.postcode} {customer.city}"
        facts = f"Kundennummer {customer.customer_number}, {product}, {price // 100} Euro"
        signed = f"Bearbeitet von {rng.choice(STAFF)}."
        files[f"{kind}/{title}.{suffix}"] = _WRITERS[suffix](title, (address, facts, signed))
    return files


_TITLES = {"Angebote": "Angebot", "Werkstatt": "Werkstattzettel", "Verträge": "Vertrag", "Reklamationen": "Reklamation"}


def _lists(
    rng: random.Random, customers: Sequence[Customer], protagonist: Protagonist, tokens: Mapping[str, str]
) -> dict[str, bytes]:
    """Workshop lists of many customers each; the protagonist stands in one of them."""
    files = {}
    others = [customer for customer in customers if customer.customer_number != protagonist.customer_number]
    for month in range(1, 10):
        rows = [_list_row(rng, customer, month) for customer in _sample(rng, others, 40)]
        if month == 3:
            work = with_token("Bremse einstellen, Ständer richten", tokens.get("csv_text"))
            rows.insert(17, ["2026-03-10", protagonist.name, protagonist.phone, protagonist.customer_number, work])
        files[f"Werkstatt/Werkstattliste 2026-{month:02d}.csv"] = _csv_of(rows)
    return files


def _list_row(rng: random.Random, customer: Customer, month: int) -> list[str]:
    day = date(2026, month, rng.randrange(1, 28)).isoformat()
    return [day, customer.name, customer.phone or "", customer.customer_number, rng.choice(words.PRODUCTS[-3:])[1]]


def _csv_of(rows: Sequence[Sequence[str]]) -> bytes:
    """Semicolons and a byte order mark, as a German Excel saves "CSV UTF-8"."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";")
    writer.writerow(("Datum", "Name", "Telefon", "Kundennummer", "Arbeit"))
    writer.writerows(rows)
    return buffer.getvalue().encode("utf-8-sig")


def _sample(rng: random.Random, customers: Sequence[Customer], wanted: int) -> list[Customer]:
    return rng.sample(customers, min(wanted, len(customers)))
