"""A private PostgreSQL and a private MariaDB on free ports of 127.0.0.1, each with an empty database `crm`."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.servers.process import ServerMissing, answers, free_ports, give_to, new_folder, program, unprivileged_user

# One statement a line: the server reads it so.
_FIRST = """create database crm;
create user 'crm'@'127.0.0.1' identified by 'crm';
grant all on crm.* to 'crm'@'127.0.0.1';
"""


@dataclass
class Database:
    """A running server. `url` is the owner's, who may write; it is for building what is then only read."""

    url: str
    folder: Path = field(repr=False)
    process: subprocess.Popen[bytes] = field(repr=False)
    farewell: signal.Signals = signal.SIGTERM

    def stop(self) -> None:
        self.process.send_signal(self.farewell)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(timeout=5)
        shutil.rmtree(self.folder, ignore_errors=True)


def start_postgres() -> Database:
    """PostgreSQL of the newest installed version; needs no service and no root."""
    binaries = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None, key=lambda path: int(path.parent.name))
    if binaries is None:
        raise ServerMissing("PostgreSQL is not installed: apt-get install --no-install-recommends postgresql")
    folder, (port,), user = new_folder("aus-pg-"), free_ports(1), unprivileged_user()
    give_to(user, folder)
    who = {"user": user.pw_uid, "group": user.pw_gid} if os.getuid() == 0 else {}
    make = [
        binaries / "initdb",
        "-D",
        folder / "data",
        "-U",
        "crm",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
    ]
    subprocess.run(make, check=True, capture_output=True, cwd=folder, **who)
    run = [binaries / "postgres", "-D", folder / "data", "-p", str(port), "-c", "listen_addresses=127.0.0.1"]
    run += ["-c", f"unix_socket_directories={folder}", "-c", "fsync=off"]
    database = Database(
        f"postgresql+psycopg://crm@127.0.0.1:{port}/postgres", folder, _started(run, folder, who), signal.SIGINT
    )
    return _accepting(_ready(database, port), port)


def start_mariadb() -> Database:
    server = program("mariadbd", "mariadb-server")
    install = program("mariadb-install-db", "mariadb-server")
    folder, (port,), user = new_folder("aus-my-"), free_ports(1), unprivileged_user()
    give_to(user, folder)
    who = {"user": user.pw_uid, "group": user.pw_gid} if os.getuid() == 0 else {}
    make = [
        install,
        "--no-defaults",
        f"--datadir={folder}/data",
        "--auth-root-authentication-method=normal",
        "--skip-test-db",
    ]
    subprocess.run(make, check=True, capture_output=True, cwd=folder, **who)
    (folder / "init.sql").write_text(_FIRST)
    run = [server, "--no-defaults", f"--datadir={folder}/data", f"--port={port}", "--bind-address=127.0.0.1"]
    run += [f"--socket={folder}/s", f"--pid-file={folder}/pid", f"--init-file={folder}/init.sql", "--skip-name-resolve"]
    database = Database(f"mariadb+pymysql://crm:crm@127.0.0.1:{port}/crm", folder, _started(run, folder, who))
    return _ready(database, port)


def _started(command: list[object], folder: Path, who: dict[str, int]) -> subprocess.Popen[bytes]:
    log = (folder / "log").open("wb")
    with log:
        return subprocess.Popen([str(part) for part in command], stdout=log, stderr=log, cwd=folder, **who)


def _ready(database: Database, port: int) -> Database:
    if not answers(port, within=30):
        tail = (database.folder / "log").read_text(errors="replace")[-400:]
        database.stop()
        raise ServerMissing(f"the database did not start: {tail}")
    return database


def _accepting(database: Database, port: int) -> Database:
    """PostgreSQL listens before it lets anybody in; on a busy machine that takes a while."""
    end = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(host="127.0.0.1", port=port, user="crm", dbname="postgres").close()
        except psycopg.OperationalError:
            if time.monotonic() > end:
                database.stop()
                raise ServerMissing("PostgreSQL did not let anybody in") from None
            time.sleep(0.05)
        else:
            return database
