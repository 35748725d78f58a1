"""Somebody opens a shop account with their own e-mail address and a victim's phone, postal address, name or handle,
asks from that address, and is verified for their own account. Nothing of the victim goes out with it."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from cases.case import Status
from cases.draft import DecisionKind, Draft
from cases.identifiers import Kind
from flows import draft as drafts
from flows.identify import identify_all
from flows.inbox import poll
from sources.sql import SqlSource
from sources.sql_connect import parsed, read_only_engine
from sources.sql_tables import BelongsTo, Identifying, SqlTable
from tests.flows import steps
from tests.flows.house import World, mail

EVE, SECRET = "eve@woanders.example", "Nachttisch Eiche"
SHOP = """
create table customers(id integer primary key, number text, name text, mail text, phone text, street text, insta text);
create table orders(id integer primary key, customer integer, what text);
create table tickets(id integer primary key, phone text, name text, insta text, what text);
insert into customers values (1, 'K-1', 'Lena Krüger', 'lena@mail.example', '030 23125001',
    'Lange Straße 5, 19053 Schwerin', 'lena.k'),
    (2, 'K-2', '{name}', 'eve@woanders.example', '{phone}', '{street}', '{insta}');
insert into orders values (10, 1, 'Nachttisch Eiche'), (11, 2, 'Radiergummi');
insert into tickets values (20, '030 23125001', 'Lena Krüger', 'lena.k', 'Nachttisch Eiche wackelt');
"""
OWN = {"name": "Eva Maier", "phone": "030 23125002", "street": "Kurze Gasse 1, 19053 Schwerin", "insta": "eve"}
THEIRS = {
    "phone": "030 23125001", "street": "Lange Straße 5, 19053 Schwerin", "name": "Lena Krüger", "insta": "lena.k"
}  # fmt: skip
PEOPLE = (
    Identifying(Kind.NAME, ("name",)),
    Identifying(Kind.PHONE, ("phone",)),
    Identifying(Kind.HANDLE, ("insta",), "instagram"),
)
TABLES = (
    SqlTable(
        "customers",
        "customer",
        identifying=(*PEOPLE, Identifying(Kind.EMAIL, ("mail",)), Identifying(Kind.ADDRESS, ("street",))),
        system_keys=("number",),
        record=True,
    ),
    SqlTable("orders", "order", belongs_to=(BelongsTo("customer", "customers", "id"),)),
    SqlTable("tickets", "ticket", identifying=PEOPLE),
)


def shop(folder: Path, **stated: str) -> SqlSource:
    path = folder / "shop.db"
    with sqlite3.connect(path) as connection:
        connection.executescript(SHOP.format(**(OWN | stated)))
    connection.close()
    url = parsed("crm", f"sqlite:///{path}")
    return SqlSource("crm", lambda: read_only_engine("crm", url), TABLES)


def draft_of(world: World, case: str) -> Draft:
    with world.house.store.begin() as tx:
        return drafts.build(world.house, tx, case, world.house.today(tx.now))


def said(draft: Draft) -> str:
    return " ".join(field.value for item in draft.released for field in item.fields)


def asks(name: str) -> bytes:
    text = (
        f"Guten Tag,\n\nich bitte um Auskunft nach Art. 15 DSGVO. Telefon 030 23125001, "
        f"Lange Straße 5, 19053 Schwerin, Instagram @lena.k.\n\n{name}\n"
    )
    return mail(text=text, sender=f"{name} <{EVE}>")


@pytest.mark.parametrize(
    "stated",
    [("phone",), ("street",), ("insta",), ("name",), ("name", "phone"), ("name", "phone", "street", "insta")],
    ids="+".join,
)
def test_nothing_of_the_victim_goes_out_without_a_persons_yes(
    world: World, tmp_path: Path, stated: tuple[str, ...]
) -> None:
    known = {key: THEIRS[key] for key in stated}
    source = shop(tmp_path, **known)
    name = known.get("name", OWN["name"])
    house = replace(world.house, sources={"crm": source, "cloud": world.cloud}, record=source)
    attacked = replace(world, house=house)
    attacked.arrives(asks(name))
    poll(house)
    identify_all(house)
    (case,) = attacked.cases()
    assert case.status is Status.COLLECTING  # it is Eve's own account, and her own address
    steps.search_all(attacked)
    draft = draft_of(attacked, case.number)
    assert "Radiergummi" in said(draft)
    assert SECRET not in said(draft)
    assert "lena@mail.example" not in said(draft)
    victims = [item.number for item in draft.items if not item.released]
    for number in victims:
        attacked.decide(case.number, number, DecisionKind.EXCLUDE)
    assert SECRET not in said(draft_of(attacked, case.number))
    if stated == ("name", "phone", "street", "insta"):
        assert victims  # they are proposed, and somebody has to look
