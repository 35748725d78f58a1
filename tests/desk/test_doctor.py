import io
import json
import re
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import httpx
import pytest
from rich.console import Console

from cases.source import Health, SourceUnavailable
from cases.text import TextUnreadable
from desk.doctor import Examined, Part, as_json, examine, exit_status, show
from desk.doctor_parts import local_parts
from desk.init import init
from desk.up import _checked
from infra import health
from infra.durable import create_private
from infra.secrets_ref import SecretError
from infra.settings import Settings
from infra.store.engine import migrate, open_engine
from outputs.seal_key import new_signer
from tests.desk.test_unfinished import left_open

TODAY = date(2026, 11, 1)


def nothing(settings: Settings) -> list[Part]:
    return []


def parts(*checks: Callable[[], Health]) -> Callable[[Settings], list[Part]]:
    return lambda settings: [Part(f"part {number}", check) for number, check in enumerate(checks, 1)]


def well() -> Health:
    return Health(True, "works")


def ill() -> Health:
    return Health(False, "refused", "ask the administrator")


def breaks() -> Health:
    raise ZeroDivisionError("Anna Bauer hunter2")


def unavailable() -> Health:
    raise SourceUnavailable("crm", "credentials", "check the password")


def no_secret() -> Health:
    raise SecretError("missing", "env:MAIL: the environment variable is not set")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A configuration as `init` leaves it."""
    init(tmp_path / "firma", None, None, {"XDG_CONFIG_HOME": str(tmp_path / "config")})
    return tmp_path / "firma" / "auskunft.toml"


@pytest.fixture
def filled(file: Path) -> Path:
    for path in (file, file.with_name("ropa.toml")):
        seat = 'country = {{ de = "{0}", en = "{0}" }}'
        text = path.read_text().replace(seat.format("AUSFUELLEN"), seat.format("EU"))
        text = text.replace("AUSFUELLEN", "Muster").replace("ausfuellen", "muster").replace("00000", "18055")
        path.write_text(text.replace('"Muster 1"', '"Anna Bauer"'))
    return file


def by_part(report: list[Examined]) -> dict[str, Examined]:
    assert len({line.part for line in report}) == len(report)
    return {line.part: line for line in report}


def test_a_filled_configuration_is_well(filled: Path) -> None:
    report = examine(filled, parts(well), TODAY)
    assert [line.part for line in report] == ["settings", "register", "part 1"]
    assert exit_status(report) == 0, report
    assert "holidays of BE" in report[0].summary
    assert report[1].summary == "6 activities, 5 systems"


def test_what_init_left_open_is_not_well(file: Path) -> None:
    report = by_part(examine(file, nothing, TODAY))
    assert not report["settings"].ok
    assert "controller.name" in report["settings"].advice
    assert not report["register"].ok
    assert "AUSFUELLEN" in report["register"].advice


def test_one_failing_part_never_hides_the_others(filled: Path) -> None:
    report = by_part(examine(filled, parts(ill, breaks, unavailable, no_secret, well), TODAY))
    assert [report[f"part {number}"].ok for number in range(1, 6)] == [False, False, False, False, True]
    assert report["part 1"].advice == "ask the administrator"
    assert "credentials" in report["part 3"].advice
    assert "env:MAIL" in report["part 4"].advice
    assert exit_status(report.values()) == 1


def test_the_text_of_an_unknown_error_is_not_shown(filled: Path) -> None:
    report = examine(filled, parts(breaks), TODAY)
    assert "ZeroDivisionError" in report[-1].summary
    assert "hunter2" not in as_json(report)


def test_a_part_that_hangs_is_given_up(filled: Path) -> None:
    release = threading.Event()

    def hangs() -> Health:
        release.wait(30)
        return well()

    report = examine(filled, parts(hangs, well), TODAY, patience=0.2)
    release.set()
    assert [line.ok for line in report[2:]] == [False, True]
    assert "no answer within 0.2 seconds" in report[2].summary


def test_parts_that_cannot_be_made_do_not_hide_those_that_were(filled: Path) -> None:
    def wiring(settings: Settings) -> Iterator[Part]:
        yield Part("first", well)
        raise SourceUnavailable("crm", "protocol")

    report = by_part(examine(filled, wiring, TODAY))
    assert report["first"].ok
    assert not report["wiring"].ok
    assert "crm: protocol" in report["wiring"].advice


def test_bad_settings_leave_the_register_to_be_asked(filled: Path) -> None:
    filled.write_text(filled.read_text().replace('land = "BE"', 'land = "XX"'))
    report = by_part(examine(filled, parts(well), TODAY))
    assert not report["settings"].ok
    assert 'controller.land = "XX"' in report["settings"].advice
    assert report["register"].ok
    assert "part 1" not in report


def test_a_bad_register_is_shown_with_its_faults(filled: Path) -> None:
    register = filled.with_name("ropa.toml")
    register.write_text(register.read_text().replace('coverage = "by_hand"', 'coverage = "never"'))
    report = by_part(examine(filled, parts(well), TODAY))
    assert 'coverage = "never" is not allowed' in report["register"].advice
    assert report["part 1"].ok


def test_json_has_every_line() -> None:
    content = json.loads(as_json([Examined("a", True, "für"), Examined("b", False, "x", "y")]))
    assert content["ok"] is False
    assert content["parts"][1] == {"part": "b", "ok": False, "summary": "x", "advice": "y"}
    assert json.loads(as_json([Examined("a", True, "x")]))["ok"] is True


def test_the_table_shows_texts_as_they_are() -> None:
    console = Console(file=io.StringIO(), width=120)
    show([Examined("[mailbox]", False, "[red]refused[/red]", "[bold]")], console)
    assert isinstance(console.file, io.StringIO)
    shown = console.file.getvalue()
    assert "[mailbox]" in shown
    assert "[red]refused[/red]" in shown
    assert "FAILS" in shown


def test_the_parts_of_this_machine_as_init_leaves_them(filled: Path) -> None:
    report = by_part(examine(filled, lambda settings: local_parts(settings, {}, None), TODAY))
    assert report["master key"].ok
    assert report["key store"].ok
    assert report["database"].summary == "not begun yet"
    assert not (filled.parent / "data" / "auskunft.db").exists()
    assert not report["prefect"].ok
    assert {"vault", "documents"} <= set(report)


class Certificate:
    """The company's own, as its authority would give it, and its key, in files beside the settings."""

    def __init__(self, folder: Path, ends: datetime) -> None:
        signer = new_signer("Muster GmbH", "dsb@muster.example", ends - timedelta(days=3653))
        (folder / "signing.pem").write_bytes(b"".join(signer.certificates))
        create_private(folder / "signing.key", signer.key)
        self.fingerprint = signer.fingerprint


def signing(file: Path, key: str = "signing.key") -> Examined:
    """What is said of the certificate that the settings name."""
    own = {"certificate": "signing.pem", "certificate_key": f"file:{file.parent / key}"}
    text = file.read_text()
    for name, value in own.items():
        text, found = re.subn(rf'(?m)^{name} = ".*?"', f'{name} = "{value}"', text)
        assert found == 1
    file.write_text(text)
    return by_part(examine(file, lambda settings: local_parts(settings, {}, None), TODAY))["signing certificate"]


@pytest.mark.parametrize(
    ("days", "ok", "summary", "advice"),
    [
        (31, True, "can be used until", ""),
        (29, True, "can be used until", "renew it"),
        (-1, False, "unusable_certificate", "has ended"),
    ],
)
def test_the_certificate_that_signs_is_tried_and_its_end_told_a_month_before(
    filled: Path, days: int, ok: bool, summary: str, advice: str
) -> None:
    ours = Certificate(filled.parent, datetime.now(UTC) + timedelta(days=days, hours=1))
    found = signing(filled)
    assert found.ok is ok
    assert summary in found.summary
    assert (ours.fingerprint in found.summary) is ok
    assert advice in found.advice
    assert bool(found.advice) is bool(advice)


def test_a_certificate_that_cannot_sign_says_what_is_wrong(filled: Path) -> None:
    Certificate(filled.parent, datetime.now(UTC) + timedelta(days=400))
    other = filled.parent / "other"
    other.mkdir()
    Certificate(other, datetime.now(UTC) + timedelta(days=400))
    assert "does not belong to" in signing(filled, "other/signing.key").advice
    assert "file" in signing(filled, "nowhere.key").advice
    (filled.parent / "signing.pem").unlink()
    assert "the file cannot be read" in signing(filled).advice


def test_without_a_certificate_nothing_is_said_of_one(filled: Path) -> None:
    report = by_part(examine(filled, lambda settings: local_parts(settings, {}, None), TODAY))
    assert "signing certificate" not in report


def test_up_and_doctor_remove_what_a_killed_print_left_open(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    vault, out = filled.parent / "data" / "vault", filled.parent / "post"
    left_open(vault, out)
    with pytest.raises(SystemExit):  # the passwords of its sources are not there: nothing else starts
        _checked(filled)
    assert f"removed what a killed print left: {out}" in capsys.readouterr().err
    assert not out.exists()
    left_open(vault, out)
    report = by_part(examine(filled, lambda settings: local_parts(settings, {}, None), TODAY))
    assert str(out) in report["printing"].summary
    assert not out.exists()


def test_a_master_key_beside_the_data_fails(filled: Path, tmp_path: Path) -> None:
    source = next((tmp_path / "config").rglob("master.key"))
    beside = filled.parent / "data" / "master.key"
    beside.write_bytes(source.read_bytes())
    beside.chmod(0o600)
    filled.write_text(filled.read_text().replace(f"file:{source}", f"file:{beside}"))
    report = by_part(examine(filled, lambda settings: local_parts(settings, {}, None), TODAY))
    assert not report["master key"].ok
    assert "lies beside the data" in report["master key"].summary


def test_a_master_key_that_is_missing_fails() -> None:
    found = health.master_key_health("env:NONE", (), {}, None)
    assert not found.ok
    assert "NONE is not set" in found.advice


@pytest.mark.parametrize("what", ["folder", "file", "link"])
def test_a_key_store_open_to_others_fails(tmp_path: Path, what: str) -> None:
    folder = tmp_path / "keys"
    folder.mkdir(mode=0o700)
    key = folder / "case-1.key"
    key.touch(mode=0o600)
    assert health.key_store_health(folder).ok
    if what == "folder":
        folder.chmod(0o750)
    elif what == "file":
        key.chmod(0o604)
    else:
        (folder / "case-2.key").symlink_to(key)
    assert "chmod" in health.key_store_health(folder).advice


def test_a_key_store_that_is_not_there_fails(tmp_path: Path) -> None:
    assert not health.key_store_health(tmp_path / "none").ok


def test_a_database_is_asked_for_its_version(tmp_path: Path) -> None:
    path = tmp_path / "auskunft.db"
    sqlite3.connect(path).close()
    url = f"sqlite:///{path}"
    assert "empty" in health.database_health(url).summary
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()
    assert health.database_health(url).ok


def test_a_database_of_another_version_fails(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/auskunft.db"
    engine = open_engine(url)
    migrate(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    found = health.database_health(url)
    assert not found.ok
    assert "at version 9999" in found.summary


def test_a_database_that_is_none_or_does_not_answer_fails(tmp_path: Path) -> None:
    path = tmp_path / "auskunft.db"
    path.write_bytes(b"no database at all, " * 100)
    assert not health.database_health(f"sqlite:///{path}").ok
    found = health.database_health("postgresql+psycopg://u:hunter2@127.0.0.1:1/x")
    assert not found.ok
    assert "hunter2" not in found.summary + found.advice


def test_the_vault_is_writable_private_and_has_room(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    assert not health.vault_health(folder).ok
    folder.mkdir(mode=0o700)
    assert health.vault_health(folder, least_free=1).ok
    assert list(folder.iterdir()) == []
    assert "make room" in health.vault_health(folder, least_free=2**62).advice
    folder.chmod(stat.S_IRWXU | stat.S_IROTH)
    assert "chmod 700" in health.vault_health(folder, least_free=1).advice


class FakeExtractor:
    def __init__(self, answer: str) -> None:
        self._answer = answer

    def text(self, name: str, media_type: str, stream: BinaryIO) -> str:
        if self._answer == "no_isolation":
            raise TextUnreadable("no_isolation")
        return self._answer


def test_documents_need_their_isolation() -> None:
    assert health.isolation_health(FakeExtractor("Lesbar")).ok
    assert not health.isolation_health(FakeExtractor("")).ok
    assert "no_isolation" in health.isolation_health(FakeExtractor("no_isolation")).summary


class Server:
    """Prefect as far as `doctor` sees it: 401 without the login, or open to everybody."""

    def __init__(self, login: str) -> None:
        self._login = login

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/api/admin/version"
        known = not self._login or request.headers.get("authorization") == self._login
        return httpx.Response(200 if known else 401, json="3.8.8")


def asked(login: str, auth: str) -> Health:
    with httpx.Client(transport=httpx.MockTransport(Server(login))) as client:
        return health.prefect_health("http://127.0.0.1:4200/api", auth, client)


def test_prefect_answers_to_the_login_alone() -> None:
    login = "Basic " + "YXVza3VuZnQ6Z2VoZWlt"  # auskunft:geheim
    assert asked(login, "auskunft:geheim").ok
    assert "refuses the login" in asked(login, "auskunft:falsch").summary
    assert "asks for no login" in asked("", "auskunft:geheim").summary


def test_a_prefect_that_is_not_there_fails_without_its_login() -> None:
    with httpx.Client(trust_env=False) as client:
        found = health.prefect_health("http://127.0.0.1:1/api", "auskunft:hunter2", client)
    assert "auskunft up" in found.advice
    assert "hunter2" not in found.summary + found.advice
