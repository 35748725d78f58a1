"""`make bench`: how our hot paths compare with a named peer that does the bare minimum, measured in the same run.

Only the ratio means anything: absolute times are the machine's. Each pair is run in turn, several times; the median of
the ratios is shown with its range.
"""

from __future__ import annotations

import json
import os
import sqlite3
import statistics
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import cast

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cases.identifiers import Identifier, Kind, Origin, Subject
from cases.recognise import recognise
from cases.subjects import SubjectIndex
from desk.demo.company import Company, build_company
from desk.demo.mails import make_mails
from infra.keystore import KeyStore
from infra.master import MasterKey
from infra.parse import parse_message
from infra.vault import Vault
from outputs.seal import KINDS
from sources.building import Tools
from sources.catalogue import build_from_location
from tests.benchmarks import drain, people, scan
from tests.benchmarks import seal as seal_bench
from tests.servers.process import ServerMissing

RUNS = 5
MEGABYTES = 64


@dataclass(frozen=True)
class Pair:
    """What is measured, beside whom."""

    name: str
    peer: str
    ours: Callable[[], object]
    theirs: Callable[[], object]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        company = build_company(Path(folder) / "company")
        print(f"{'what':28} {'peer':52} ratio of seconds (median, range)")
        for pair in pairs(Path(folder), company):
            show(pair.name, pair.peer, [seconds(pair.ours) / seconds(pair.theirs) for _ in range(RUNS)])
        for far in (False, True):
            show_drain(Path(folder), far=far)
        show_people()
        for line in scan.report(Path(folder)):
            print(line, flush=True)
        for kind, peer, ratios in seal_bench.ratios(Path(folder), 3):
            show(f"seal 1 GB as {kind}", peer, ratios)
        for kind in KINDS:
            few, many = (seal_bench.memory(kind, megabytes << 20) for megabytes in (16, 256))
            print(f"{'memory, seal as ' + kind:28} {'peak for 16 MB and for 256 MB, in MB':52} {few:6.1f}  {many:.1f}")


def pairs(folder: Path, company: Company) -> Iterator[Pair]:
    content = os.urandom(MEGABYTES * 1024 * 1024)
    vault = opened_vault(folder)
    yield Pair("vault write 64 MB", "AESGCM over the whole, written to a file", lambda: kept(vault, content),
               lambda: encrypted(folder, content))  # fmt: skip
    mail = make_mails(company.protagonist, company.neighbours.delivery, datetime.now(UTC)).request.message.as_bytes()
    yield Pair("recognise a mail", "email: parse it and take its text", lambda: [recognised(mail) for _ in range(50)],
               lambda: [parsed(mail) for _ in range(50)])  # fmt: skip
    index = SubjectIndex([subject_of(company)])
    crm, instagram = f"sqlite:///{company.crm}", str(company.instagram)
    yield Pair("search the CRM", "sqlite3: read every row of every table", lambda: searched(crm, "sql", index),
               lambda: read_whole(company.crm))  # fmt: skip
    yield Pair("search the Instagram export", "json.loads of every member",
               lambda: searched(instagram, "instagram", index), lambda: loaded(company.instagram))  # fmt: skip


def show(name: str, peer: str, ratios: Sequence[float]) -> None:
    print(f"{name:28} {peer:52} {statistics.median(ratios):6.2f}  {min(ratios):.2f} to {max(ratios):.2f}", flush=True)


def show_drain(folder: Path, *, far: bool) -> None:
    name = "drain a mailbox, 20 ms away" if far else "drain a mailbox, loopback"
    peer = "IMAPClient: fetch each mail, and nothing else"
    try:
        show(name, peer, drain.ratios(folder, RUNS, far=far))
    except ServerMissing:
        print(f"{name:28} {peer:52} (no Dovecot here)")


def show_people() -> None:
    try:
        lines = [*people.report(people.measure())]
    except ServerMissing:
        lines = ["answers from PostgreSQL: no PostgreSQL here"]
    print("\n" + "\n".join(lines), flush=True)


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def opened_vault(folder: Path) -> Vault:
    keystore = KeyStore(folder / "keys", MasterKey(os.urandom(32)))
    keystore.create("bench")
    return Vault(folder / "vault", keystore)


def kept(vault: Vault, content: bytes) -> None:
    with vault.write("bench", "bench") as sink:
        sink.write(content)
    vault.delete(sink.ref)


def encrypted(folder: Path, content: bytes) -> None:
    with (folder / "peer").open("wb") as sink:
        sink.write(AESGCM(os.urandom(32)).encrypt(os.urandom(12), content, b""))
        os.fsync(sink.fileno())


def recognised(mail: bytes) -> None:
    recognise(parse_message(mail, datetime.now(UTC)))


def parsed(mail: bytes) -> None:
    body = message_from_bytes(mail, policy=default).get_body(("plain",))
    if body is not None:
        body.get_content()


def subject_of(company: Company) -> Subject:
    person = company.protagonist
    stated = ((Kind.EMAIL, person.email), (Kind.NAME, person.name), (Kind.CUSTOMER_NUMBER, person.customer_number))
    return Subject("bench", tuple(Identifier(kind, value, Origin.VERIFIED) for kind, value in stated))


def searched(location: str, kind: str, index: SubjectIndex) -> None:
    source = build_from_location(kind, location, Tools(extractor=cast("object", None)))  # type: ignore[arg-type]
    for _ in source.search(index):
        pass


def read_whole(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            connection.execute(f'SELECT * FROM "{table}"').fetchall()


def loaded(path: Path) -> None:
    with members(path) as found:
        for name, archive in found:
            if name.endswith(".json"):
                json.loads(archive.read(name))


@contextmanager
def members(path: Path) -> Iterator[list[tuple[str, zipfile.ZipFile]]]:
    archives = [zipfile.ZipFile(item) for item in ([path] if path.is_file() else sorted(path.glob("*.zip")))]
    try:
        yield [(name, archive) for archive in archives for name in archive.namelist()]
    finally:
        for archive in archives:
            archive.close()


if __name__ == "__main__":
    main()
