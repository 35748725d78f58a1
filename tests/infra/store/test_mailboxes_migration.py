"""An installation of the first schema keeps its mails: they belong to the main mailbox, and what became of each is
known."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from infra.store.engine import open_engine

CASE = """INSERT INTO cases (number, status, "right", language, channel, received_at, due, nominal_end, safe_target,
    derivation_de, derivation_en, opened_at, changed_at, material_key, record_key, sender_hmac, draft, collected,
    attention) VALUES (:number, 'review', 'access', 'de', :channel, '2026-03-02 11:00:00', '2026-04-02', '2026-04-02',
    '2026-04-02', '', '', '2026-03-02 11:00:00', '2026-03-02 11:00:00', 'm', 'r', 'h', 0, 0, '')"""
MAIL = """INSERT INTO messages (id, folder, uidvalidity, uid, raw_hmac, message_id_hmac, arrived_at, stored_at, state,
    verdict, problem, attempts, "case", key_id, sealed_blob) VALUES (:id, 'INBOX', 7, :uid, :id, :id, :at, :at, :state,
    'access', '', 0, :case, 'day-2026-03-02', x'00')"""
MAILS = [
    ("first", "filed", "DSAR-2026-0001", "2026-03-02 11:00:00"),
    ("second", "filed", "DSAR-2026-0001", "2026-03-03 11:00:00"),
    ("by-phone", "filed", "DSAR-2026-0002", "2026-03-02 11:00:00"),
    ("no-request", "filed", None, "2026-03-02 11:00:00"),
    ("new", "stored", None, "2026-03-02 11:00:00"),
]


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Engine]:
    """A database of the first schema with a few mails."""
    engine = open_engine(f"sqlite:///{tmp_path / 'old.db'}")
    _to(engine, "0001")
    with engine.begin() as connection:
        for number, channel in (("DSAR-2026-0001", "mail"), ("DSAR-2026-0002", "phone")):
            connection.execute(text(CASE), {"number": number, "channel": channel})
        for uid, (name, state, case, at) in enumerate(MAILS, start=1):
            connection.execute(text(MAIL), {"id": name, "uid": uid, "state": state, "case": case, "at": at})
    yield engine
    engine.dispose()


def _to(engine: Engine, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(files("infra") / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        if revision == "0001" and connection.dialect.has_table(connection, "messages"):
            command.downgrade(config, revision)
        else:
            command.upgrade(config, revision)


def _outcomes(engine: Engine) -> dict[str, tuple[str, str]]:
    with engine.connect() as connection:
        return {
            row[0]: (row[1], row[2]) for row in connection.execute(text("SELECT id, mailbox, outcome FROM messages"))
        }


def test_every_mail_belongs_to_the_main_mailbox_and_has_its_outcome(old: Engine) -> None:
    _to(old, "0002")
    assert _outcomes(old) == {
        "first": ("main", "opened"),
        "second": ("main", "attached"),
        "by-phone": ("main", "attached"),
        "no-request": ("main", "left"),
        "new": ("main", ""),
    }


def test_the_same_number_in_another_mailbox_is_another_mail(old: Engine) -> None:
    _to(old, "0002")
    copy = "INSERT INTO messages SELECT 'x' || id, folder, uidvalidity, uid, raw_hmac, message_id_hmac, arrived_at, "
    copy += """stored_at, state, verdict, problem, attempts, "case", key_id, sealed_blob, :box, '', '' FROM messages"""
    with old.begin() as connection:
        connection.execute(text(copy), {"box": "info"})
    with pytest.raises(IntegrityError), old.begin() as connection:
        connection.execute(text(f"{copy} WHERE mailbox = 'info'"), {"box": "main"})


def test_the_way_back_keeps_the_mails_of_the_main_mailbox(old: Engine) -> None:
    _to(old, "0002")
    _to(old, "0001")
    with old.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM messages")).scalar() == len(MAILS)
    _to(old, "0002")
    assert _outcomes(old)["first"] == ("main", "opened")
