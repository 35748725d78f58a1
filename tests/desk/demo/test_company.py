import csv
import io
import json
import sqlite3
import time
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from kreuzberg import extract_file_sync

from desk.demo.cloud import DAMAGED_FILE
from desk.demo.company import CANARY_FIELDS, Company, build_company

CUSTOMERS = 60


def rows(company: Company, query: str, *values: object) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(company.crm)) as database:
        return database.execute(query, values).fetchall()


def dump(company: Company) -> list[str]:
    with closing(sqlite3.connect(company.crm)) as database:
        return list(database.iterdump())


def files_of(company: Company) -> dict[str, bytes]:
    found = [path for path in company.folder.rglob("*") if path.is_file() and path != company.crm]
    return {str(path.relative_to(company.folder)): path.read_bytes() for path in found}


def decoded(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("latin-1").decode("utf-8")
    if isinstance(value, dict):
        return {decoded(key): decoded(item) for key, item in value.items()}
    return [decoded(item) for item in value] if isinstance(value, list) else value


def threads(company: Company) -> dict[str, dict[str, Any]]:
    with zipfile.ZipFile(company.instagram) as archive:
        names = [name for name in archive.namelist() if "/message_" in name and name.endswith(".json")]
        return {name: decoded(json.loads(archive.read(name))) for name in names}


def text_of(path: Path) -> str:
    if path.suffix == ".docx":
        return "\n".join(paragraph.text for paragraph in Document(str(path)).paragraphs)
    if path.suffix == ".pdf":
        return extract_file_sync(str(path)).content
    return path.read_text(encoding="utf-8-sig")


def test_same_seed_gives_same_company(small_company: Company, tmp_path: Path) -> None:
    again = build_company(tmp_path, customers=CUSTOMERS)
    assert dump(again) == dump(small_company)
    assert files_of(again) == files_of(small_company)


def test_other_seed_gives_other_customers(small_company: Company, tmp_path: Path) -> None:
    other = build_company(tmp_path, seed=7, customers=CUSTOMERS)
    names = "SELECT first_name, last_name FROM customers WHERE id > 13 ORDER BY id"
    assert rows(other, names) != rows(small_company, names)
    assert other.protagonist == small_company.protagonist


def test_full_size_is_quick_and_whole(tmp_path: Path) -> None:
    start = time.process_time()
    company = build_company(tmp_path)
    assert time.process_time() - start < 5
    assert rows(company, "SELECT count(*), count(DISTINCT customer_number) FROM customers") == [(5000, 5000)]
    assert rows(company, "PRAGMA foreign_key_check") == []
    for table in ("orders", "order_items", "invoices", "tickets", "notes", "newsletter_log"):
        assert rows(company, f"SELECT count(*) > 1000 FROM {table}") == [(1,)], table
    assert len({name.split("/")[3] for name in threads(company)}) == 150
    assert 55 <= sum(path.is_file() for path in company.cloud.rglob("*")) <= 70


def test_every_string_in_the_archive_is_ascii_and_decodes_back(small_company: Company) -> None:
    with zipfile.ZipFile(small_company.instagram) as archive:
        documents = [archive.read(name) for name in archive.namelist() if name.endswith(".json")]
    assert all(document.isascii() for document in documents)
    assert any(rb"Kr\u00c3\u00bcger" in document for document in documents)
    assert any("😊" in message.get("content", "") for t in threads(small_company).values() for message in t["messages"])


def test_protagonist_is_in_all_three_sources(small_company: Company) -> None:
    her = small_company.protagonist
    found = rows(small_company, "SELECT customer_number, street FROM customers WHERE email = ?", her.email)
    assert found == [(her.customer_number, her.street)]
    assert any("/lenaauftour_" in name for name in threads(small_company))
    naming = [path.name for path in small_company.cloud.rglob("*") if path.is_file() and her.name in text_of(path)]
    assert len(naming) >= 4


def test_stranger_is_in_no_source(small_company: Company) -> None:
    everything = "\n".join(dump(small_company)) + json.dumps(threads(small_company))
    everything += "\n".join(text_of(path) for path in small_company.cloud.rglob("*") if path.is_file())
    assert "Thwaite" not in everything
    assert small_company.stranger.email not in everything


def test_hard_neighbours(small_company: Company) -> None:
    her, people = small_company.protagonist, small_company.neighbours
    same_name = rows(small_company, "SELECT city FROM customers WHERE first_name = 'Lena' AND last_name = 'Krüger'")
    assert sorted(same_name) == [("Lübeck",), ("Rostock",)]
    assert people.couple[0].email == people.couple[1].email
    father, son = people.father_and_son
    assert (father.name, father.street) == (son.name, son.street)
    assert father.birth_date != son.birth_date
    assert [person.last_name for person in people.mueller_and_mueller] == ["Müller", "Mueller"]
    assert her.name.lower() in people.longer_first_name.name.lower()
    assert her.email in people.longer_email.email
    assert her.customer_number in people.longer_number.customer_number
    assert people.staff_customer.name in small_company.staff
    in_crm = {number for (number,) in rows(small_company, "SELECT customer_number FROM customers")}
    assert {person.customer_number for person in people.all()} <= in_crm


def test_others_speak_about_the_protagonist(small_company: Company) -> None:
    her, other = small_company.protagonist, small_company.neighbours.delivery
    notes = rows(small_company, "SELECT text FROM notes WHERE customer_id = ?", other.id)
    assert any(her.customer_number in text for (text,) in notes)
    theirs = next(thread for name, thread in threads(small_company).items() if "/jornwestphal_" in name)
    assert her.name not in {member["name"] for member in theirs["participants"]}
    assert any(her.name in message["content"] for message in theirs["messages"])


def test_archive_has_its_oddities(small_company: Company) -> None:
    found = threads(small_company)
    messages = [message for thread in found.values() for message in thread["messages"]]
    assert any(message.get("is_unsent") and "content" not in message for message in messages)
    assert any(name.endswith("/message_2.json") for name in found)
    assert any("/message_requests/" in name for name in found)
    assert any("/instagramuser_" in name for name in found)
    group = next(thread for name, thread in found.items() if "/tandem_" in name)
    silent = {member["name"] for member in group["participants"]} - {m["sender_name"] for m in group["messages"]}
    assert silent == {small_company.neighbours.couple[0].name}


def test_photos_named_in_messages_are_in_the_archive(small_company: Company) -> None:
    messages = [message for thread in threads(small_company).values() for message in thread["messages"]]
    uris = {photo["uri"] for message in messages for photo in message.get("photos", [])}
    with zipfile.ZipFile(small_company.instagram) as archive:
        photos = {name: archive.read(name) for name in archive.namelist() if name.endswith(".jpg")}
    assert uris
    assert uris == set(photos)
    assert all(data.startswith(b"\xff\xd8\xff") and data.endswith(b"\xff\xd9") for data in photos.values())


def test_phones_are_from_ranges_for_fiction(small_company: Company) -> None:
    for (phone,) in rows(small_company, "SELECT phone FROM customers WHERE phone IS NOT NULL"):
        digits = "".join(filter(str.isdigit, phone.replace("(0)", ""))).removeprefix("0049").removeprefix("49")
        national = digits.removeprefix("0")
        fiction = ("3023125", "4066969", "6990009", "2214710", "8999998", "17139200", "17604069")
        assert national.startswith(fiction), phone


def test_canary_tokens_arrive_each_in_its_place(tmp_path: Path) -> None:
    tokens = {name: f"canary{number:02d}x" for number, name in enumerate(CANARY_FIELDS)}
    company = build_company(tmp_path, customers=CUSTOMERS, extra_tokens=tokens)
    cloud = {path: text_of(path) for path in company.cloud.rglob("*") if path.is_file()}
    her = rows(company, "SELECT id FROM customers WHERE email = ?", company.protagonist.email)[0][0]

    def column(table: str, name: str) -> str:
        where = "id" if table == "customers" else "customer_id"
        return str(rows(company, f"SELECT {name} FROM {table} WHERE {where} = ?", her))

    def in_cloud(suffix: str) -> str:
        return "".join(text for path, text in cloud.items() if path.suffix == suffix)

    with zipfile.ZipFile(company.instagram) as archive:
        photo_names = str([name for name in archive.namelist() if name.endswith(".jpg")])
    places = {
        "street": column("customers", "street"),
        "order_comment": column("orders", "comment"),
        "invoice_text": column("invoices", "text"),
        "ticket_text": column("tickets", "text"),
        "note": column("notes", "text"),
        "dm_text": json.dumps(threads(company)),
        "dm_photo_name": photo_names,
        "cloud_file_name": str([path.name for path in cloud]),
        "docx_text": in_cloud(".docx"),
        "pdf_text": in_cloud(".pdf"),
        "txt_text": in_cloud(".txt"),
        "csv_text": in_cloud(".csv"),
        "request_subject": company.protagonist.request_subject,
        "request_text": company.protagonist.request_text,
    }
    assert set(places) == set(CANARY_FIELDS)
    assert [name for name in CANARY_FIELDS if tokens[name] not in places[name]] == []


def test_refuses_what_it_cannot_do(tmp_path: Path, small_company: Company) -> None:
    with pytest.raises(ValueError, match="unknown canary fields: shoe_size"):
        build_company(tmp_path, extra_tokens={"shoe_size": "canary01"})
    with pytest.raises(ValueError, match="letters and digits"):
        build_company(tmp_path, extra_tokens={"note": "../../etc"})
    with pytest.raises(ValueError, match="at least 40"):
        build_company(tmp_path, customers=12)
    with pytest.raises(FileExistsError):
        build_company(small_company.folder, customers=CUSTOMERS)
    assert list(tmp_path.iterdir()) == []


def test_damaged_file_and_facebook_only_on_demand(tmp_path: Path, small_company: Company) -> None:
    company = build_company(tmp_path, customers=CUSTOMERS, with_damaged=True, with_facebook=True)
    assert not (small_company.cloud / DAMAGED_FILE).exists()
    assert not zipfile.is_zipfile(company.cloud / DAMAGED_FILE)
    assert small_company.facebook is None
    assert company.facebook is not None
    with zipfile.ZipFile(company.facebook) as archive:
        assert "your_facebook_activity/messages/inbox/lenakruger_3141592653589/message_1.json" in archive.namelist()


def test_workshop_lists_are_what_excel_saves(small_company: Company) -> None:
    data = (small_company.cloud / "Werkstatt/Werkstattliste 2026-03.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    table = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    hers = [row for row in table if row["Kundennummer"] == small_company.protagonist.customer_number]
    assert len(hers) == 1


def test_repr_shows_no_personal_value(small_company: Company) -> None:
    shown = repr(small_company) + repr(small_company.protagonist) + repr(small_company.neighbours)
    assert "Krüger" not in shown
    assert "@posteo" not in shown
