"""The store on PostgreSQL: what it says does not depend on the server's time zone."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from cases.case import Status, broken_at
from cases.coverage import SearchLog
from cases.deadline import deadline
from cases.person import Person
from infra.clock import SystemClock
from infra.keystore import KeyStore
from infra.master import MasterKey
from infra.store.answers import LOADING, Link, PackageRecord
from infra.store.cases import Opening
from infra.store.engine import migrate, open_engine
from infra.store.sealed import KeptPackage, Posted
from infra.store.store import Store
from infra.vault import BlobRef
from tests.servers.databases import Database

ARRIVED = datetime(2026, 7, 1, 22, 30, 0, 123456, tzinfo=UTC)


@pytest.fixture
def berlin(postgres: Database) -> Iterator[Engine]:
    """A database of its own whose sessions are in Europe/Berlin."""
    admin = create_engine(postgres.url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE store"))
        connection.execute(text("ALTER DATABASE store SET timezone = 'Europe/Berlin'"))
    engine = open_engine(postgres.url.rpartition("/")[0] + "/store")
    yield engine
    engine.dispose()
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE store"))
    admin.dispose()


def test_times_come_back_as_they_were_and_the_history_holds(berlin: Engine, tmp_path: Path) -> None:
    migrate(berlin)
    store = Store(berlin, KeyStore(tmp_path / "keys", MasterKey(bytes(32))), SystemClock())
    with store.begin() as tx:
        person = Person(name="Lena Krüger", sender="lena@mail.example")
        opening = Opening(Status.RECEIVED, "access", "de", ARRIVED, deadline(ARRIVED, land="BE"), person)
        case = tx.cases.open(opening, "").number
        tx.cases.move(case, Status.ACKNOWLEDGED)
    with store.begin() as tx:
        found = tx.cases.get(case)
        assert (found.received_at, found.received_at.tzinfo) == (ARRIVED, UTC)
        assert broken_at(tx.cases.history(case)) is None
        assert tx.cases.person(case) == person


def test_facts_that_two_processes_change_at_once_are_each_fixed(berlin: Engine, tmp_path: Path) -> None:
    """Without the case being held, each would fix its own change only, or take the other's for a stranger's."""
    migrate(berlin)
    keystore = KeyStore(tmp_path / "keys", MasterKey(bytes(32)))
    stores = [Store(berlin, keystore, SystemClock()) for _ in range(2)]
    with stores[0].begin() as tx:
        person = Person(name="Lena Krüger", sender="lena@mail.example")
        opening = Opening(Status.RECEIVED, "access", "de", ARRIVED, deadline(ARRIVED, land="BE"), person)
        case = tx.cases.open(opening, "").number

    def search(store: Store, source: str) -> None:
        for records in range(10):
            with store.begin() as tx:
                tx.findings.searched(case, SearchLog(source, ARRIVED, records=records))

    with ThreadPoolExecutor() as pool:
        for done in [
            pool.submit(search, store, source) for store, source in zip(stores, ("crm", "files"), strict=True)
        ]:
            done.result()
    with stores[0].begin() as tx:
        assert tuple(tx.evidence.differences()) == ()
        assert broken_at(tx.cases.history(case)) is None
        assert [event.what for event in tx.cases.history(case)] == ["opened", *["facts:searches"] * 20]


def test_of_two_processes_one_sends_a_mail_and_each_change_of_a_link_counts(berlin: Engine, tmp_path: Path) -> None:
    """Whatever of the case they change first: neither waits for the other for ever."""
    migrate(berlin)
    keystore = KeyStore(tmp_path / "keys", MasterKey(bytes(32)))
    stores = [Store(berlin, keystore, SystemClock()) for _ in range(2)]
    with stores[0].begin() as tx:
        opening = Opening(Status.RECEIVED, "access", "de", ARRIVED, deadline(ARRIVED, land="BE"), Person())
        case = tx.cases.open(opening, "").number
        row = tx.cases.row(case)
        kept = KeptPackage("", BlobRef("owner", "blob", row.material_key, 1, ""))
        tx.answers.keep_package(row, PackageRecord(1, "a", "0" * 64, 1, "data", "0" * 64, ARRIVED, None, kept))
        for version in range(10):
            mail = Posted("lena@mail.example", "", "")
            assert tx.outbox.put_answer(case, version, row.material_key, mail, "nordlicht.example")

    def change(store: Store, me: str) -> int:
        sent = 0
        for number in range(10):
            with store.begin() as tx:
                if me == "one":
                    tx.findings.searched(case, SearchLog("crm", ARRIVED, records=number))
                row, link = tx.cases.row(case), tx.answers.link(tx.cases.row(case), 1)
                assert tx.answers.swap_link(row, 1, link, Link(LOADING, link.upload + 1))
                tx.cases.note(case, "changed")
            with store.begin() as tx:
                claimed = [tx.outbox.claim(mail, me) for mail in tx.outbox.due()[:1]]
            with store.begin() as tx:
                sent += sum(tx.outbox.sending(mail.id, me) for mail in claimed if mail)
        return sent

    with ThreadPoolExecutor() as pool:
        sent = [pool.submit(change, store, me) for store, me in zip(stores, ("one", "two"), strict=True)]
        assert sum(each.result() for each in sent) == 10
    with stores[0].begin() as tx:
        assert tx.answers.link(tx.cases.row(case), 1) == Link(LOADING, 20)
        assert tuple(tx.evidence.differences()) == ()
