"""`auskunft case …`: what each command does, and what it says when it cannot."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from cases.case import Status
from cases.finding import Finding, Strength
from cases.identifiers import Identifier, Kind, Origin
from desk import console, reading
from desk.main import app
from flows import wiring
from flows.dispatch import dispatch
from flows.identify import identify_all
from flows.inbox import poll
from infra.post import DeliveryUncertain
from tests.flows import steps
from tests.flows.house import LENA, RELEASER, REVIEWER, World, finding, mail

Auskunft = Callable[..., Result]
UNCLEAR = mail("Frage", "Ich habe eine Frage zu meinen personenbezogenen Daten, bitte um Rückruf.\n\nLena Krüger\n")
FACTS = "Die dritte gleichlautende Anfrage innerhalb einer Woche."


@pytest.fixture
def auskunft(world: World, monkeypatch: pytest.MonkeyPatch) -> Auskunft:
    """Runs a command on the test's house."""

    @contextmanager
    def open_house(*_: object) -> Iterator[object]:
        yield world.house

    monkeypatch.setattr(wiring, "open_house", open_house)
    config = str(world.folder / "auskunft.toml")
    for name in ("MAIL_PASSWORD", "PREFECT_AUTH"):
        monkeypatch.setenv(name, "user:invented")

    def run(*words: str, entered: str = "\n") -> Result:
        return CliRunner().invoke(app, [*words, "--config", config], input=entered)

    return run


def refused(result: Result, *words: str) -> None:
    """A message that says what to do, and no traceback."""
    assert result.exit_code == 2, result.output
    assert all(word in result.stderr for word in words), result.stderr
    assert "Traceback" not in result.output


def test_the_list_shows_open_cases_and_on_demand_all(world: World, auskunft: Auskunft) -> None:
    one = steps.acknowledged(world)
    two = steps.acknowledged(world, mail(sender="Ole <ole@mail.example>", message_id="<2@m.example>"))
    with world.house.store.begin() as tx:
        tx.cases.move(two, Status.WITHDRAWN)
    listed = json.loads(auskunft("case", "list", "--json").stdout)
    assert [case["case"] for case in listed] == [one]
    assert listed[0]["due"] == "2026-04-02"
    assert len(json.loads(auskunft("case", "list", "--all", "--json").stdout)) == 2
    assert one in auskunft("case", "list").stdout


def test_a_case_is_shown_with_who_asks_what_was_found_and_what_waits(world: World, auskunft: Auskunft) -> None:
    world.crm.holds[LENA] = [finding("orders/1", strength=Strength.PROBABLE)]
    case = steps.in_review(world, holding=False)
    shown = auskunft("case", "show", case, "--mail").stdout
    for word in ("Lena Krüger", LENA, "probable", "blaues Fahrrad", "searched", "ich bitte um Auskunft"):
        assert word in shown
    unclear = UNCLEAR.replace(b"lena.krueger@", b"lena@")  # of a sender without a case
    assert steps.acknowledged(world, unclear) in auskunft("case", "list").stdout


def test_an_unknown_case_is_refused(auskunft: Auskunft) -> None:
    refused(auskunft("case", "show", "DSAR-2026-0099"), "no case DSAR-2026-0099")


def test_the_history_tells_every_step(world: World, auskunft: Auskunft) -> None:
    case = steps.approved(world)
    told = auskunft("case", "history", case).stdout
    assert "status:approved  Torben Ahrens" in told
    assert "02.03.2026 12:00:00" in told  # local time


def test_a_request_by_phone_is_recorded_with_the_day_it_came(world: World, auskunft: Auskunft) -> None:
    words = ("--name", "Lena Krüger", "--channel", "phone", "--by", REVIEWER, "--email", LENA)
    told = auskunft("case", "new", *words, "--received", "2026-02-27T10:00:00").stdout
    assert told.startswith("DSAR-2026-0001: due 27.03.2026")
    assert world.case("DSAR-2026-0001").status is Status.ACKNOWLEDGED


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"--channel": "pigeon"}, "phone, letter"),
        ({"--right": "money"}, "access"),
        ({"--language": "french"}, "two letters"),
        ({"--received": "yesterday"}, "2026-11-20"),
        ({"--phone": "none"}, "phone"),
        ({"--handle": "lena"}, "PLATFORM:NAME"),
        ({"--birth-date": "17.5.84"}, "1984-05-17"),
        ({"--on-behalf": "friend"}, "lawyer"),
        ({"--scan": "/nowhere/letter.pdf"}, "cannot be read"),
        ({"--received": "2026-03-03T10:00:00"}, "future"),
    ],
)
def test_what_cannot_be_recorded_is_refused(
    world: World, auskunft: Auskunft, changed: dict[str, str], word: str
) -> None:
    said = {"--name": "L", "--channel": "phone", "--by": "F", "--received": "2026-02-27T10:00:00"} | changed
    refused(auskunft("case", "new", *(part for pair in said.items() for part in pair)), word)
    assert world.cases() == ()


def test_findings_are_included_by_number_or_by_one_persons_record(world: World, auskunft: Auskunft) -> None:
    """Two namesakes are customers of one shop: nobody releases both by one command."""
    mine = [in_record(n, "customers/1") for n in (1, 2)]
    world.crm.holds[LENA] = [*mine, *(in_record(n, "customers/2") for n in (3, 4)), in_record(5, "customers/3")]
    case = steps.in_review(world, holding=False)
    refused(auskunft("case", "include", case, "--system", "crm", "--by", REVIEWER), "3 records", "--record 1, 3, 5")
    assert "--system crm --record 3" in auskunft("case", "show", case).stdout
    included = auskunft("case", "include", case, "--system", "crm", "--record", "2", "--by", REVIEWER)
    assert "2 findings: include" in included.stdout
    assert decided(world, case) == {1: "include", 2: "include", 3: "", 4: "", 5: ""}
    named = ("--system", "crm", "--record", "customers/2")
    assert "2 findings: exclude" in auskunft("case", "exclude", case, *named, "--by", REVIEWER).stdout
    refused(auskunft("case", "include", case, *named, "--by", REVIEWER), "no such record")
    assert "1 findings: exclude" in auskunft("case", "exclude", case, "--system", "crm", "--by", REVIEWER).stdout
    assert steps.release(world, case) == ""


def in_record(number: int, record: str) -> Finding:
    return replace(finding(f"orders/{number}", strength=Strength.POSSIBLE), group=record)


def decided(world: World, case: str) -> dict[int, str]:
    with world.house.store.begin() as tx:
        found = tx.findings.all(tx.cases.row(case))
    return {one.number: one.decision.kind if one.decision else "" for one in found}


def test_what_cannot_be_decided_is_refused(world: World, auskunft: Auskunft) -> None:
    case = steps.in_review(world)
    refused(auskunft("case", "include", case, "7", "--by", REVIEWER), "no finding 7")
    refused(auskunft("case", "include", case, "1"), "--by")
    refused(auskunft("case", "include", case, "--by", REVIEWER), "numbers")
    refused(auskunft("case", "include", case, "1", "--system", "crm", "--by", REVIEWER), "--system")
    refused(auskunft("case", "include", case, "--system", "fax", "--by", REVIEWER), "fax")
    assert steps.release(world, case) == ""
    refused(auskunft("case", "include", case, "1", "--by", REVIEWER), "approved")


def with_a_phone(world: World) -> str:
    phone = Identifier(Kind.PHONE, "030 23125 011", Origin.FOUND, "", "crm:orders/1")
    world.crm.holds[LENA] = [replace(finding("orders/1"), learned=(phone,))]
    return steps.in_review(world, holding=False)


def test_a_proposal_is_shown_with_where_it_comes_from_and_waits_for_a_yes(world: World, auskunft: Auskunft) -> None:
    case = with_a_phone(world)
    shown = auskunft("case", "show", case).stdout
    assert f"1: phone  030 23125 011 (offen / open) aus / from crm:orders/1 ← email {LENA}" in shown
    read = auskunft("case", "review", case, "--as", REVIEWER).stdout
    assert "proposal 1: phone" in read and "cannot be released yet: undecided_proposals" in read
    refused(auskunft("case", "accept", case, "1", "--as", "Niemand"), "not listed")
    refused(auskunft("case", "accept", case, "--as", REVIEWER), "--all")
    refused(auskunft("case", "accept", case, "9", "--as", REVIEWER), "no proposal 9")
    refused(auskunft("case", "accept", case, "1", "--as", REVIEWER, "--proven", "ja"), "10 characters")
    assert "every source is asked again" in auskunft("case", "accept", case, "--all", "--as", REVIEWER).stdout
    assert world.case(case).status is Status.COLLECTING
    assert "angenommen / accepted: phone  030 23125 011" in auskunft("case", "show", case).stdout
    refused(auskunft("case", "decline", case, "1", "--as", REVIEWER), "accepted already")


def test_declined_proposals_are_searched_for_by_nobody(world: World, auskunft: Auskunft) -> None:
    case = with_a_phone(world)
    assert "1 declined" in auskunft("case", "decline", case, "--all", "--as", REVIEWER, "--reason", "alt").stdout
    assert world.case(case).status is Status.REVIEW
    assert "(abgelehnt / declined" in auskunft("case", "show", case).stdout
    assert steps.release(world, case) == ""


def test_the_log_of_searches_says_by_what_each_system_was_searched(world: World, auskunft: Auskunft) -> None:
    case = steps.in_review(world)
    assert "exact" not in auskunft("case", "show", case).stdout
    shown = auskunft("case", "show", case, "--searches").stdout
    assert "crm 02.03.2026 12:00: 100 Datensätze / records, 1 Funde / findings" in shown
    assert f"email {LENA} [bestätigt / verified]: 1 Treffer / hits" in shown
    assert "name Lena Krüger [bestätigt / verified]: 0 Treffer / hits" in shown
    assert shown.count("literally only") == 1


def test_a_decision_that_fails_in_the_middle_decides_nothing(world: World, auskunft: Auskunft) -> None:
    world.crm.holds[LENA] = [finding("orders/1", strength=Strength.POSSIBLE)]
    case = steps.in_review(world, holding=False)
    refused(auskunft("case", "include", case, "1", "7", "--by", REVIEWER), "no finding 7")
    with world.house.store.begin() as tx:
        assert tx.findings.all(tx.cases.row(case))[0].decision is None


def test_the_draft_is_read_in_memory_and_gone_after_enter(
    world: World, auskunft: Auskunft, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = steps.in_review(world)
    seen: list[str] = []

    class Keyboard:
        def readline(self) -> str:
            folders = list(reading.MEMORY.glob(f"{reading.PREFIX}*"))
            seen.extend(path.name for folder in folders for path in folder.rglob("*") if path.is_file())
            assert all(folder.stat().st_mode & 0o077 == 0 for folder in folders)
            return "\n"

    with monkeypatch.context() as patched:
        from desk import reviewing

        patched.setattr(reviewing.sys, "stdin", Keyboard())
        told = run_review(world, case, RELEASER)
    assert any(name.endswith(".pdf") for name in seen)
    assert "0001001.pdf" in seen
    code = next(line.rpartition(": ")[2] for line in told.splitlines() if "release code" in line)
    assert steps.release(world, case, RELEASER, code) == ""
    assert own_folders() == []


def run_review(world: World, case: str, reader: str) -> str:
    import contextlib
    import io

    from desk.reviewing import review_draft

    with contextlib.redirect_stdout(io.StringIO()) as out:
        review_draft(world.house, case, reader)
    return out.getvalue()


def own_folders() -> list[Path]:
    folders = reading.MEMORY.glob(f"{reading.PREFIX}*")
    return [one for one in folders if f":{os.getpid()}:" in (one / "owner").read_text()]


READER = """
import sys, time
from desk.reading import in_memory
with in_memory({"brief.pdf": b"invented", "daten/a.json": b"{}"}) as folder:
    print(folder, flush=True)
    time.sleep(60)
"""


def test_what_a_killed_reader_left_is_swept_by_the_next(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", READER], stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None
        folder = Path(reader.stdout.readline().strip())
        assert (folder / "brief.pdf").read_bytes() == b"invented"
        reading.sweep()
        assert folder.exists()  # it is being read
        reader.send_signal(signal.SIGKILL)
        reader.wait(10)
    assert folder.exists()
    with reading.in_memory({}):
        assert not folder.exists()


def test_a_file_of_a_draft_stays_in_its_folder() -> None:
    with pytest.raises(ValueError, match="stays"), reading.in_memory({"../x": b""}):
        pass


def test_a_draft_is_read_only_by_those_who_may_and_only_in_review(world: World, auskunft: Auskunft) -> None:
    case = steps.in_review(world)
    refused(auskunft("case", "review", case, "--as", "Eva Fremd"), "[[people]]")
    assert steps.release(world, case) == ""
    refused(auskunft("case", "review", case, "--as", RELEASER), "approved")


def test_the_passphrase_is_shown_to_people_of_the_settings_and_its_hand_over_ends_the_case(
    world: World, auskunft: Auskunft
) -> None:
    case = steps.sent(world)
    refused(auskunft("case", "passphrase", case, "--as", "Eva Fremd"), "[[people]]")
    shown = auskunft("case", "passphrase", case, "--as", REVIEWER).stdout.strip()
    with world.house.store.begin() as tx:
        package = tx.answers.package(tx.cases.row(case))
    assert package is not None
    assert package.kept is not None
    assert shown == package.kept.passphrase
    refused(auskunft("case", "passphrase", case, "--as", REVIEWER, "--handed-over", "mail"), "phone")
    assert "answered" in auskunft("case", "passphrase", case, "--as", REVIEWER, "--handed-over", "phone").stdout
    assert world.case(case).status is Status.ANSWERED
    assert "passphrase_shown" in world.steps(case)


def test_there_is_no_passphrase_before_there_is_an_answer(world: World, auskunft: Auskunft) -> None:
    case = steps.in_review(world)
    refused(auskunft("case", "passphrase", case, "--as", REVIEWER), "no sealed answer")
    refused(auskunft("case", "passphrase", case, "--as", REVIEWER, "--handed-over", "phone"), "no sealed answer")


def test_a_sealed_answer_is_saved_to_a_new_private_file(world: World, auskunft: Auskunft, tmp_path: Path) -> None:
    case = steps.sent(world)
    out = tmp_path / "antwort.html"
    assert "SHA-256" in auskunft("case", "package", case, "--out", str(out), "--by", REVIEWER).stdout
    assert out.read_bytes().startswith(b"<!doctype html>")
    assert out.stat().st_mode & 0o777 == 0o600
    refused(auskunft("case", "package", case, "--out", str(out), "--by", REVIEWER), "new file")


def test_triage_by_command(world: World, auskunft: Auskunft) -> None:
    case = steps.acknowledged(world, UNCLEAR)
    refused(auskunft("case", "triage", case, "--is", "maybe", "--by", REVIEWER), "decision")
    assert "recorded" in auskunft("case", "triage", case, "--is", "access", "--by", REVIEWER).stdout
    assert world.case(case).status is Status.ACKNOWLEDGED
    refused(auskunft("case", "triage", case, "--is", "access", "--by", REVIEWER), case)


def test_identity_by_command(world: World, auskunft: Auskunft) -> None:
    case = steps.acknowledged(world, mail(auth=""))
    identify_all(world.house)
    assert "record 1" in auskunft("case", "show", case).stdout
    how = ("--by", REVIEWER, "--how", "am Telefon nach der letzten Bestellung gefragt")
    refused(auskunft("case", "identify", case, *how, "--record", "9"), "no such record")
    assert "recorded" in auskunft("case", "identify", case, *how, "--record", "1").stdout
    assert world.case(case).status is Status.COLLECTING


def test_delivery_by_command(world: World, auskunft: Auskunft) -> None:
    case = steps.sealed(world)
    world.post.outcomes = [(DeliveryUncertain("timeout"),)]
    dispatch(world.house)
    how = ("--by", REVIEWER, "--how", "am Telefon bestätigt")
    assert "recorded" in auskunft("case", "delivered", case, *how, "--yes").stdout
    assert world.case(case).status is Status.SENT


def test_refusing_by_command_needs_a_person_of_the_settings_a_ground_and_facts(
    world: World, auskunft: Auskunft
) -> None:
    case = steps.in_review(world)
    told = "Dieselbe Anfrage kam in dieser Woche an jedem Tag."
    mine = ("case", "refuse", case, "--by", RELEASER)
    refused(
        auskunft("case", "refuse", case, "--by", "Eva Fremd", "--ground", "excessive", "--tell", told), "[[people]]"
    )
    refused(auskunft(*mine, "--ground", "lazy", "--tell", told), "allowed")
    refused(auskunft(*mine, "--ground", "excessive"), "facts")
    refused(auskunft(*mine, "--ground", "excessive", "--tell", "Fragen Sie bei ole@mail.example nach."), "address")
    shown = auskunft(*mine, "--ground", "excessive", "--tell", told)
    assert f"- {told}" in shown.stdout
    assert world.case(case).status is Status.REVIEW
    words = ("--ground", "excessive", "--code", re.findall(r"--code ([A-Z2-7]{4}-[A-Z2-7]{4})", shown.stdout)[0])
    refused(auskunft(*mine, *words, "--reason", "x"), "20")
    refused(auskunft(*mine, *words, "--reason", FACTS, "--tell", "Noch ein anderer Satz dazu."), "read it first")
    assert auskunft(*mine, *words, "--reason", FACTS).exit_code == 0
    assert world.case(case).status is Status.REFUSED


def test_a_reviewer_cannot_refuse_by_command_what_the_form_does_not_let_them(world: World, auskunft: Auskunft) -> None:
    case = steps.in_review(world)
    words = ("--ground", "excessive", "--reason", FACTS)
    for code in ((), ("--code", "ABCD-EFGH")):
        refused(auskunft("case", "refuse", case, "--by", REVIEWER, *words, *code), "release")


def test_withdrawing_ends_a_case_and_not_one_that_is_sealed(world: World, auskunft: Auskunft) -> None:
    case = steps.in_review(world)
    assert "withdrawn" in auskunft("case", "withdraw", case, "--by", REVIEWER, "--reason", "per Telefon").stdout
    refused(auskunft("case", "withdraw", case, "--by", REVIEWER, "--reason", "noch einmal"), "cannot become")


def test_by_hand_by_command(world: World, auskunft: Auskunft, tmp_path: Path) -> None:
    case = steps.in_review(world)
    page = tmp_path / "seite.pdf"
    page.write_bytes(b"%PDF-1.7 erfunden")
    refused(auskunft("case", "add", case, "--system", "cloud", "--by", RELEASER), "--nothing")
    refused(auskunft("case", "add", case, str(page), "--system", "garage", "--by", RELEASER), "garage")
    added = auskunft("case", "add", case, str(page), "--system", "cloud", "--by", RELEASER)
    assert "1 files were added" in added.stdout


@pytest.mark.parametrize("sign", ["\x1b]0;x\x07", "\x9b2J", "\u202e", "\x7f"])
def test_no_mail_and_no_finding_steers_the_terminal(world: World, auskunft: Auskunft, sign: str) -> None:
    world.crm.holds[LENA] = [finding("orders/1", value=f"Rad{sign}rot")]
    text = f"Ich bitte um Auskunft über meine Daten nach Art. 15 DSGVO.{sign}\n\nLena Krüger\n"
    world.arrives(mail(text=text))
    poll(world.house)
    identify_all(world.house)
    steps.search_all(world)
    case = world.cases()[0].number
    for words in (("show", case, "--mail"), ("history", case), ("list",)):
        result = auskunft("case", *words)
        assert result.exit_code == 0, result.output
        assert sign[0] not in result.stdout
    assert sign[0] not in auskunft("audit", "export", case).stdout


def test_plain_text_keeps_letters_and_lines_and_nothing_else() -> None:
    assert console.plain("Größe\n\tÄ") == "Größe\n\tÄ"
    assert console.plain("a\x1b[31mb\x00c\u2066d") == "a�[31mb�c�d"


def test_histories_are_verified_and_a_changed_one_is_found(world: World, auskunft: Auskunft) -> None:
    from sqlalchemy import text

    steps.acknowledged(world)
    good = auskunft("audit", "verify")
    assert good.exit_code == 0
    head = good.stdout.split()[-1]
    assert auskunft("audit", "verify", "--head", head).exit_code == 0
    with world.house.store._engine.begin() as connection:
        connection.execute(text("UPDATE events SET what = 'x' WHERE seq = 2"))
    bad = auskunft("audit", "verify")
    assert bad.exit_code == 1
    assert "step 2" in bad.stdout
    assert auskunft("audit", "verify", "--head", "0" * 64).exit_code == 1


def test_the_record_for_the_authority_says_what_was_done_and_holds_no_data(world: World, auskunft: Auskunft) -> None:
    case = steps.sent(world)
    result = auskunft("audit", "export", case)
    record = json.loads(result.stdout)
    assert next(event["what"] for event in record["events"]).startswith("opened")
    assert {mail["kind"] for mail in record["mails"]} >= {"answer", "notice"}
    assert {system["state"] for system in record["systems"]} <= {"searched", "answered", "excluded", "gaps", "open"}
    (crm,) = (one for one in record["searches"] if one["source"] == "crm")
    assert (crm["records"], crm["findings"], crm["kinds"]["email"]) == (100, 1, {"identifiers": 1, "hits": 1})
    assert len(record["answer"]["sha256"]) == 64
    assert record["case"]["counted"]["de"]
    assert record["case"].keys() >= {"channel", "received_at", "due", "extension", "right", "language"}
    done = {event["what"].partition(":")[0]: event["who"] for event in record["events"]}
    assert done.keys() >= {"identified", "approved", "status"}
    assert done["approved"] == RELEASER
    assert record["chain_is_sound"] is True
    assert not any(word in result.stdout for word in ("blaues Fahrrad", LENA, "Krüger"))


@pytest.mark.parametrize("format_", ["text", "markdown", "json"])
def test_the_report_shows_open_cases_without_anything_personal(world: World, auskunft: Auskunft, format_: str) -> None:
    case = steps.in_review(world)
    shown = auskunft("report", "--format", format_).stdout
    assert case in shown
    assert "Krüger" not in shown


def test_a_broken_installation_is_one_message(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["case", "list", "--config", str(tmp_path / "none.toml")])
    refused(result, "none.toml")


HEAVY = ("prefect", "sqlalchemy", "cryptography", "pydantic_settings", "httpx", "alembic", "kreuzberg", "dns", "flows")


@pytest.mark.parametrize("words", [["--help"], ["deadline", "--received", "2026-03-02T10:00+01:00", "--json"]])
def test_what_must_answer_at_once_imports_nothing_heavy(words: list[str]) -> None:
    program = f"""
import sys
sys.argv = ["auskunft", *{words!r}]
from desk.main import run
try:
    run()
except SystemExit:
    pass
print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr.strip() == "[]"
