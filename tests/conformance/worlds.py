"""For every connector a small world: two people whom the company knows, one whom it does not, and things unknown.

The people are invented. What is planted everywhere: data of Lena Krüger and of Ben Okafor, a datum that the connector
cannot place, a field it does not know, and as many strangers as asked for.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import column as sql_column
from sqlalchemy import create_engine, insert, make_url, select, table, text

from cases.identifiers import Kind, Subject
from cases.source import Source
from sources.building import Tools
from sources.documents import DocumentSearch
from sources.folder import FolderSource
from sources.json_files import JsonFiles
from sources.meta_messages import MetaMessages
from sources.sql import SqlSource
from sources.sql_connect import parsed, read_only_engine
from sources.sql_tables import BelongsTo, Identifying, SqlTable
from sources.webdav import WebdavSource
from tests.sources.fakes import PASSWORD, USER, PlainText, dav_server, verified

LENA = verified(
    "A",
    (Kind.EMAIL, "lena.krueger@mail.example"),
    (Kind.NAME, "Lena Krüger"),
    (Kind.HANDLE, "lenakrueger", "instagram"),
    (Kind.HANDLE, "lenakrueger", "facebook"),
)
BEN = verified("B", (Kind.EMAIL, "ben@mail.example"), (Kind.NAME, "Ben Okafor"))
STRANGER = verified("S", (Kind.EMAIL, "mia@mail.example"), (Kind.NAME, "Mia Sommer"), (Kind.PHONE, "030 23125 099"))
SECRETS = ("lena.krueger@mail.example", "Lena", "Krüger", "krueger", "okafor", PASSWORD)


@dataclass(frozen=True)
class World:
    """`held`: the locators each subject must get. `gap`: where the datum is that cannot be placed. `known_by`: a
    locator and the name of a field that no connector knows. `fingerprint` changes when anything was written."""

    source: Source
    held: dict[str, set[str]]
    gap: str
    known_by: tuple[str, str]
    gone: Source
    fingerprint: Callable[[], str]
    lena: Subject = LENA
    ben: Subject = BEN
    stranger: Subject = STRANGER


Build = Callable[[Path, int], World]

TOOLS = Tools(PlainText())
PADDING = "Lorem ipsum dolor sit amet. " * 100


def sqlite_world(folder: Path, strangers: int) -> World:
    path = folder / "crm.db"
    return sql_world(f"sqlite:///{path}", strangers, lambda: _hash_of([path]))


def sql_world(url: str, strangers: int, fingerprint: Callable[[], str] | None = None) -> World:
    _fill_database(url, strangers)
    tables = (
        SqlTable(
            "customers",
            "customer",
            identifying=(
                Identifying(Kind.EMAIL, ("email",)),
                Identifying(Kind.NAME, ("first_name", "last_name")),
            ),
            system_keys=("customer_number",),
            record=True,
        ),
        SqlTable("orders", "order", belongs_to=(BelongsTo("customer_id", "customers", "id"),), time="ordered_at"),
        SqlTable("items", "item", belongs_to=(BelongsTo("order_id", "orders", "id"),)),
        SqlTable("tickets", "ticket", text=("body",)),
        SqlTable("loyalty", "loyalty", identifying=(Identifying(Kind.CUSTOMER_NUMBER, ("card",)),)),
    )
    gone = make_url(url).set(database="nothing-here", port=None if "sqlite" in url else 9)
    return World(
        source=SqlSource("crm", lambda: read_only_engine("crm", parsed("crm", url)), tables),
        held={
            "A": {"customers[id=1]", "orders[id=10]", "items[id=100]", "tickets[id=1]", "loyalty[id=1]"},
            "B": {"customers[id=2]", "orders[id=11]", "tickets[id=2]"},
        },
        gap="leads",
        known_by=("customers[id=1]", "favourite_tea"),
        gone=SqlSource("crm", lambda: read_only_engine("crm", gone), tables),
        fingerprint=fingerprint or (lambda: _content_of(url)),
    )


SCAN = b"\x00\xff" * 700_000  # more than is asked for at once
_BYTES = {"sqlite": "blob", "postgresql": "bytea", "mysql": "longblob", "mariadb": "longblob"}
_SCHEMA = (
    "create table customers(id integer primary key, customer_number varchar(20), first_name varchar(80), "
    "last_name varchar(80), email varchar(120), favourite_tea varchar(40))",
    "create table orders(id integer primary key, customer_id integer, ordered_at timestamp null, note text, "
    "scan {bytes})",
    "create table items(id integer primary key, order_id integer, sku varchar(40))",
    "create table tickets(id integer primary key, body text)",
    "create table loyalty(id integer primary key, card varchar(40), points integer)",
    "create table leads(id integer primary key, email varchar(120))",
)
_ROWS: dict[str, list[dict[str, Any]]] = {
    "customers": [
        {"id": 1, "customer_number": "K-1001", "first_name": "LENA", "last_name": "KRUEGER", "favourite_tea": "Assam",
         "email": "Lena.Krueger@Mail.Example"},
        {"id": 2, "customer_number": "K-1002", "first_name": "Ben", "last_name": "Okafor", "favourite_tea": "",
         "email": "ben@mail.example"},
    ],
    "orders": [
        {"id": 10, "customer_id": 1, "ordered_at": "2024-01-02 10:00:00", "note": "Grüße", "scan": SCAN},
        {"id": 11, "customer_id": 2, "ordered_at": None, "note": None, "scan": None},
    ],
    "items": [{"id": 100, "order_id": 10, "sku": "TEA-1"}],
    "tickets": [{"id": 1, "body": "Frau Krüger, Lena rief an"}, {"id": 2, "body": "Antwort an ben@mail.example"}],
    "loyalty": [{"id": 1, "card": "k1001", "points": 7}],
    "leads": [{"id": 1, "email": "nobody@mail.example"}],
}  # fmt: skip


def _fill_database(url: str, strangers: int) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        for name in _ROWS:
            connection.execute(text(f"drop table if exists {name}"))
        for statement in _SCHEMA:
            connection.execute(text(statement.format(bytes=_BYTES[engine.dialect.name])))
        for name, rows in _ROWS.items():
            columns = [sql_column(key) for key in rows[0]]
            connection.execute(insert(table(name, *columns)), rows)
        others = [{"id": 1000 + n, "body": f"{n} {PADDING}"} for n in range(strangers)]
        if others:
            connection.execute(insert(table("tickets", sql_column("id"), sql_column("body"))), others)
    engine.dispose()


def _content_of(url: str) -> str:
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = [str(connection.execute(select(text("*")).select_from(text(name))).all()) for name in _ROWS]
    engine.dispose()
    return hashlib.sha256("".join(sorted(rows)).encode()).hexdigest()


def meta_world(folder: Path, strangers: int, platform: str, zipped: bool) -> World:
    files = _export(platform, strangers)
    location = folder / "export.zip" if zipped else folder / "export"
    if zipped:
        with zipfile.ZipFile(location, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files.items():
                archive.writestr(name, data)
    else:
        for name, data in files.items():
            (location / name).parent.mkdir(parents=True, exist_ok=True)
            (location / name).write_bytes(data)
    inbox = f"your_{platform}_activity/messages/inbox"
    kind = "instagram" if platform == "instagram" else "facebook"
    return World(
        source=MetaMessages("dm", kind, location),
        held={
            "A": {f"{inbox}/lenakrueger_1"},
            "B": {f"{inbox}/benokafor_2", f"{inbox}/lenakrueger_1/message_1.json#messages[0]"},
        },
        gap=f"{inbox}/benokafor_2/notes.xyz",
        known_by=(f"{inbox}/lenakrueger_1", "messages[1].mood_ring.color"),
        gone=MetaMessages("dm", kind, folder / "nowhere.zip"),
        fingerprint=lambda: _hash_of(sorted(path for path in folder.rglob("*") if path.is_file())),
    )


def _export(platform: str, strangers: int) -> dict[str, bytes]:
    inbox = f"your_{platform}_activity/messages/inbox"
    files = {
        f"{inbox}/lenakrueger_1/message_1.json": thread(
            ["Lena Krüger", "Teeladen"],
            [
                {"sender_name": "Teeladen", "timestamp_ms": 1700000100000, "content": "Frag Ben Okafor."},
                {"sender_name": "Lena Krüger", "timestamp_ms": 1700000000000, "content": "Grüße 🌹",
                 "photos": [{"uri": f"{inbox}/lenakrueger_1/photos/1.jpg"}], "mood_ring": {"color": "blue"}},
            ],
        ),
        f"{inbox}/lenakrueger_1/photos/1.jpg": b"a picture",
        f"{inbox}/benokafor_2/message_1.json": thread(
            ["Ben Okafor", "Teeladen"], [{"sender_name": "Ben Okafor", "timestamp_ms": 1700000200000, "content": "Hi"}]
        ),
        f"{inbox}/benokafor_2/notes.xyz": b"?",
    }  # fmt: skip
    for number in range(strangers):
        said = [{"sender_name": f"Gast {number}", "timestamp_ms": 1700000300000, "content": PADDING}]
        files[f"{inbox}/gast_{number + 10}/message_1.json"] = thread([f"Gast {number}", "Teeladen"], said)
    return files


def thread(participants: list[str], messages: list[dict[str, Any]], **more: Any) -> bytes:
    """A `message_1.json` as Meta writes it: UTF-8 bytes as characters, escaped."""
    value = {"participants": [{"name": name} for name in participants], "messages": messages, **more}
    return json.dumps(_broken(value)).encode()


def _broken(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode().decode("latin-1")
    if isinstance(value, list):
        return [_broken(item) for item in value]
    if isinstance(value, dict):
        return {_broken(key): _broken(item) for key, item in value.items()}
    return value


def folder_world(folder: Path, strangers: int) -> World:
    root = folder / "files"
    _fill_folder(root, strangers)
    return World(
        source=FolderSource("files", root, DocumentSearch("files", PlainText())),
        held=_FILES_HELD,
        gap="films/fest.mp4",
        known_by=("Kunden/Krüger_Lena/Vertrag.txt", "modified"),
        gone=FolderSource("files", folder / "unmounted", DocumentSearch("files", PlainText())),
        fingerprint=lambda: _hash_of(sorted(path for path in root.rglob("*") if path.is_file())),
    )


_FILES_HELD = {
    "A": {"Kunden/Krüger_Lena/Vertrag.txt", "Post/brief #7 100%.txt"},
    "B": {"Post/liste.txt"},
}


def _fill_folder(root: Path, strangers: int) -> None:
    files = {
        "Kunden/Krüger_Lena/Vertrag.txt": "Vertrag Nr. 7",
        "Post/brief #7 100%.txt": "Sehr geehrte Frau Lena Krüger",
        "Post/liste.txt": "a@mail.example, ben@mail.example",
        "films/fest.mp4": "not text",
    }
    files |= {f"Ablage/{number // 10}/{number}.txt": PADDING for number in range(strangers)}
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)


def webdav_world(folder: Path, strangers: int, stack: ExitStack) -> World:
    root = folder / "files"
    _fill_folder(root, strangers)
    dav = stack.enter_context(dav_server(root))
    search = DocumentSearch("cloud", PlainText())

    def fingerprint() -> str:
        unexpected = {*dav.methods} - {"GET", "PROPFIND"}
        return _hash_of(sorted(path for path in root.rglob("*") if path.is_file())) + "".join(sorted(unexpected))

    return World(
        source=WebdavSource("cloud", dav.url, USER, PASSWORD, search),
        held=_FILES_HELD,
        gap="films/fest.mp4",
        known_by=("Kunden/Krüger_Lena/Vertrag.txt", "creationdate"),
        gone=WebdavSource("cloud", "http://127.0.0.1:9", USER, PASSWORD, search),
        fingerprint=fingerprint,
    )


def json_world(folder: Path, strangers: int) -> World:
    root = folder / "export"
    root.mkdir()
    customers: list[dict[str, Any]] = [
        {
            "email": "Lena.Krueger@mail.example",
            "first_name": "Lena",
            "last_name": "Krüger",
            "favourite_tea": {"name": "Assam"},
        },
        {"email": "ben@mail.example", "created_at": "2024-01-02T10:00:00+01:00"},
        *({"email": f"gast{number}@mail.example", "note": PADDING} for number in range(strangers)),
    ]
    (root / "customers.jsonl").write_text("".join(json.dumps(one) + "\n" for one in customers))
    talk = [{"from": "Teeladen", "text": "Frag Ben Okafor."}, {"from": "Lena Krüger", "text": "Grüße"}]
    (root / "chat.json").write_text(json.dumps({"messages": talk}, indent=2))
    for number in range(strangers):
        (root / f"ticket{number}.json").write_text(json.dumps({"id": number, "text": PADDING}))
    (root / "notes.xyz").write_bytes(b"?")
    return World(
        source=JsonFiles("shop", root),
        held={"A": {"customers.jsonl#1", "chat.json#messages[1]"}, "B": {"customers.jsonl#2", "chat.json#messages[0]"}},
        gap="notes.xyz",
        known_by=("customers.jsonl#1", "favourite_tea.name"),
        gone=JsonFiles("shop", folder / "nowhere"),
        fingerprint=lambda: _hash_of(sorted(path for path in root.rglob("*") if path.is_file())),
    )


def _hash_of(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(str(path).encode() + path.read_bytes())
    return digest.hexdigest()


def built(kind: str, folder: Path, strangers: int, stack: ExitStack, url: str = "") -> World:
    """The world of one kind of connector; `url` of the database server for those that need one."""
    folder.mkdir(parents=True, exist_ok=True)
    match kind:
        case "sqlite":
            return sqlite_world(folder, strangers)
        case "postgres" | "mariadb":
            return sql_world(url, strangers)
        case "folder":
            return folder_world(folder, strangers)
        case "webdav":
            return webdav_world(folder, strangers, stack)
        case "json":
            return json_world(folder, strangers)
        case _:
            platform, _, form = kind.partition("-")
            return meta_world(folder, strangers, platform, zipped=form == "zip")


KINDS = (
    "sqlite",
    "postgres",
    "mariadb",
    "instagram-zip",
    "instagram-folder",
    "facebook-zip",
    "folder",
    "webdav",
    "json",
)
