"""How an answer reaches the person: printed, its passphrase by another way, and once more where it was wrong."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from typer.testing import CliRunner, Result

from cases.case import Status
from desk.main import app
from desk.unfinished import NOTES
from flows import sealing, wiring
from flows.answer import package_and_queue
from flows.delivering import Way, choose, publish_waiting
from flows.dispatch import dispatch, hand_over
from flows.sealing import signer_of
from infra.post import DeliveryUncertain
from infra.settings_delivery import DeliverySection
from outputs.open import open_package
from outputs.passphrase import Passphrase
from outputs.seal_key import PUBLIC_KEY
from tests.desk.test_unfinished import left_open
from tests.flows import steps
from tests.flows.house import LENA, REVIEWER, US, World, finding
from tests.flows.test_delivering import URL, FakeCloud
from tests.flows.test_sealing import certificate

Auskunft = Callable[..., Result]
STREET = ("Lena Krüger", "Kai 1", "18055 Rostock")
PDF = b"%PDF-1.7 erfundene Rechnung"


@pytest.fixture
def auskunft(world: World, monkeypatch: pytest.MonkeyPatch) -> Auskunft:
    @contextmanager
    def open_house(*_: object) -> Iterator[object]:
        yield world.house

    monkeypatch.setattr(wiring, "open_house", open_house)
    config = str(world.folder / "auskunft.toml")
    for name in ("MAIL_PASSWORD", "PREFECT_AUTH"):
        monkeypatch.setenv(name, "user:invented")

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, [*words, "--config", config], input="\n")

    return run


def by_post(world: World, files: dict[str, bytes], value: str = "blau", way: Way = Way.POST) -> str:
    world.crm.holds[LENA] = [finding("orders/1", value=value, files=files)]
    case = steps.in_review(world)
    with world.house.store.begin() as tx:
        tx.cases.set_person(case, replace(tx.cases.person(case), postal=STREET))
        choose(world.house, tx, case, way, REVIEWER, "am Telefon gewünscht")
    assert steps.release(world, case) == ""
    package_and_queue(world.house, case)
    return case


def passphrase_of(world: World, case: str) -> str:
    with world.house.store.begin() as tx:
        package = tx.answers.package(tx.cases.row(case))
    assert package is not None
    assert package.kept is not None
    return package.kept.passphrase


def text(path: Path) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(path).pages).split())


def test_two_envelopes_and_a_carrier_are_printed_and_nothing_else_stays(
    world: World, auskunft: Auskunft, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "elsewhere"))
    case = by_post(world, {"rechnung.pdf": PDF, "tabelle.xlsx": b"PK erfunden"})
    out = tmp_path / "post"
    result = auskunft("case", "print", case, "--out", str(out), "--by", REVIEWER)
    assert result.exit_code == 0, result.stderr
    made = {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()}
    assert {"umschlag-1/00-Deckblatt.pdf", "umschlag-1/Anschreiben.pdf", "umschlag-1/unterlagen/0001001.pdf"} < made
    assert {"umschlag-2-passwort/Passwort.pdf", f"datentraeger/Antwort-{case}.html"} < made
    assert not [path for path in made if path.startswith(".") or path.endswith((".json", ".xlsx"))]
    assert all(stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 for path in (out, *out.rglob("*")))
    assert "dateien/0001002.xlsx" in text(out / "umschlag-1/00-Deckblatt.pdf")
    passphrase = passphrase_of(world, case)
    assert passphrase in text(out / "umschlag-2-passwort/Passwort.pdf").replace("- ", "-")
    first = " ".join(text(path) for path in (out / "umschlag-1").glob("*.pdf"))
    assert not [word for word in (passphrase, " ".join(passphrase.split("-")[:4])) if word in first]
    open_package(out / f"datentraeger/Antwort-{case}.html", Passphrase(passphrase), tmp_path / "opened")
    assert "printed:1" in world.steps(case)
    assert not (tmp_path / "elsewhere").exists()


def test_the_next_print_removes_what_a_killed_one_left_open(world: World, auskunft: Auskunft, tmp_path: Path) -> None:
    case, vault = by_post(world, {"rechnung.pdf": PDF}), world.house.settings.store.vault
    left_open(vault, tmp_path / "before")
    result = auskunft("case", "print", case, "--out", str(tmp_path / "post"), "--by", REVIEWER)
    assert result.exit_code == 0
    assert f"removed what a killed print left: {tmp_path / 'before'}" in result.stderr
    assert not (tmp_path / "before").exists()
    assert not list((vault / NOTES).iterdir())


def test_what_fails_leaves_no_folder(world: World, auskunft: Auskunft, tmp_path: Path) -> None:
    case = by_post(world, {"tabelle.xlsx": b"PK erfunden"})
    out = tmp_path / "post"
    result = auskunft("case", "print", case, "--out", str(out), "--by", REVIEWER, "--paper-only")
    assert result.exit_code == 2
    assert "1 Dateien" in result.stderr
    assert not out.exists()


def test_paper_alone_is_never_a_part_that_calls_itself_complete(
    world: World, auskunft: Auskunft, tmp_path: Path
) -> None:
    """A value that is cut on paper; and a letter that was released for a mail, which names files."""
    case = by_post(world, {}, "A" * 20_000 + " ENDE")
    out = tmp_path / "post"
    printed = ("case", "print", case, "--out", str(out), "--by", REVIEWER)
    result = auskunft(*printed, "--paper-only")
    assert result.exit_code == 2
    assert "--paper-only" in result.stderr
    assert not out.exists()
    assert auskunft("case", "delivered", case, "--yes", "--by", REVIEWER, "--how", "Einschreiben").exit_code == 0
    needless = auskunft("case", "passphrase", case, "--as", REVIEWER, "--handed-over", "not_needed")
    assert "--paper-only" in needless.stderr
    assert auskunft(*printed, "--again", "--why", "mit Datenträger").exit_code == 0
    letter = text(out / "umschlag-1/Anschreiben.pdf")
    assert "1 sehr lange Angabe ist gekürzt" in letter
    assert "Auf dem Datenträger, der beiliegt" in letter


def test_a_letter_for_a_mail_does_not_go_on_paper_alone(world: World, auskunft: Auskunft, tmp_path: Path) -> None:
    case = by_post(world, {}, way=Way.MAIL)
    out = tmp_path / "post"
    result = auskunft("case", "print", case, "--out", str(out), "--by", REVIEWER, "--paper-only")
    assert result.exit_code == 2
    assert "für die Post" in result.stderr
    assert not out.exists()


def test_what_is_all_on_paper_needs_no_passphrase_and_only_that(
    world: World, auskunft: Auskunft, tmp_path: Path
) -> None:
    case = by_post(world, {"rechnung.pdf": PDF})
    needless = ("case", "passphrase", case, "--as", REVIEWER, "--handed-over", "not_needed")
    assert auskunft("case", "delivered", case, "--yes", "--by", REVIEWER, "--how", "Einschreiben").exit_code == 0
    assert "--paper-only" in auskunft(*needless).stderr
    out = tmp_path / "post"
    assert auskunft("case", "print", case, "--out", str(out), "--by", REVIEWER, "--paper-only").exit_code == 0
    assert [path.name for path in out.iterdir()] == ["umschlag-1"]
    assert "Datenträger" not in text(out / "umschlag-1/00-Deckblatt.pdf")
    assert auskunft(*needless).exit_code == 0
    assert world.case(case).status is Status.ANSWERED


def test_a_passphrase_is_shown_once_and_again_only_for_a_reason(
    world: World, auskunft: Auskunft, tmp_path: Path
) -> None:
    case = steps.sent(world)
    shown, letter = ("case", "passphrase", case, "--as", REVIEWER), tmp_path / "brief.pdf"
    passphrase = passphrase_of(world, case)
    assert auskunft(*shown).stdout.strip() == passphrase
    for refused in (auskunft(*shown), auskunft(*shown, "--again"), auskunft(*shown, "--letter", str(letter))):
        assert refused.exit_code == 2
        assert passphrase not in refused.output
        assert REVIEWER in refused.stderr
    assert not letter.exists()
    assert auskunft(*shown, "--letter", str(letter), "--again", "--why", "Zettel verlegt").exit_code == 0
    assert passphrase in text(letter).replace("- ", "-")
    with world.house.store.begin() as tx:
        whys = [event.why for event in tx.cases.history(case) if event.what == "passphrase_letter"]
    assert whys == ["Zettel verlegt"]


def test_a_corrected_answer_has_a_passphrase_of_its_own_that_was_not_shown(world: World, auskunft: Auskunft) -> None:
    case = steps.sent(world)
    first = auskunft("case", "passphrase", case, "--as", REVIEWER).stdout
    assert auskunft("case", "passphrase", case, "--as", REVIEWER, "--handed-over", "phone").exit_code == 0
    assert "mindestens" in auskunft("case", "correct", case, "--by", REVIEWER, "--why", "falsch").stderr
    done = auskunft("case", "correct", case, "--by", REVIEWER, "--why", "Bestellung 4 ist von jemand anderem")
    assert "version 2" in done.stdout
    assert steps.release(world, case) == ""
    package_and_queue(world.house, case)
    dispatch(world.house)
    second = auskunft("case", "passphrase", case, "--as", REVIEWER)
    assert second.exit_code == 0
    assert second.stdout != first


def test_the_record_for_the_authority_proves_delivery_without_content(world: World, auskunft: Auskunft) -> None:
    world.house = replace(world.house, cloud=FakeCloud())  # type: ignore[arg-type]
    linked = DeliverySection(by="link", url="https://cloud.nordlicht.example", user="dsb", password="env:CLOUD")
    object.__setattr__(world.house.settings, "delivery", linked)
    case = steps.sealed(world)
    publish_waiting(world.house)
    dispatch(world.house)
    auskunft("case", "passphrase", case, "--as", REVIEWER)
    with world.house.store.begin() as tx:
        package = tx.answers.package(tx.cases.row(case))
        (mail,) = [one for one in tx.outbox.of_case(case) if one.kind == "answer"]
        hand_over(tx, case, REVIEWER, "phone")
    assert package is not None
    assert package.kept is not None
    exported = auskunft("audit", "export", case).stdout
    told = json.loads(exported)["delivery"]
    by_step = {one["what"].partition(":")[0]: one for one in told}
    assert by_step["sealed"]["sha256"] == package.sha256
    assert by_step["sent"]["smtp"] == "250 2.0.0"
    assert re.fullmatch("[0-9a-f]{64}", by_step["sent"]["message_id_sha256"])
    assert {"link_made", "passphrase_shown", "passphrase_handed_over"} < set(by_step)
    assert "passphrase_handed_over:phone" in exported
    secrets = (LENA, package.kept.passphrase, package.kept.link_password, URL, mail.message_id, "Krüger")
    assert [secret for secret in secrets if secret in exported.replace(US, "")] == []


def test_of_an_answer_nobody_knows_about_the_message_id_is_named_for_the_log_of_the_mail_server(
    world: World, auskunft: Auskunft
) -> None:
    case = steps.sealed(world)
    world.post.outcomes = [(DeliveryUncertain("lost"),)]
    dispatch(world.house)
    assert world.case(case).status is Status.DELIVERY_UNCERTAIN
    with world.house.store.begin() as tx:
        (mail,) = [one for one in tx.outbox.of_case(case) if one.kind == "answer"]
    assert f"uncertain, {mail.message_id}" in auskunft("case", "show", case).stdout


def test_a_key_is_chosen_by_its_file_and_then_there_is_no_passphrase(
    world: World, auskunft: Auskunft, tmp_path: Path
) -> None:
    case = steps.in_review(world)
    file = tmp_path / "lena.pem"
    file.write_bytes(certificate())
    seal = ("case", "seal", case, "--by", REVIEWER)
    assert "10" in auskunft(*seal, "--key", str(file), "--why", "ja").stderr
    assert "either" in auskunft(*seal).stderr
    result = auskunft(*seal, "--key", str(file), "--why", "am Telefon verglichen")
    assert result.exit_code == 0, result.stderr
    digest = x509.load_pem_x509_certificate(certificate()).fingerprint(hashes.SHA256()).hex().upper()
    assert digest in result.stdout.replace(" ", "")
    assert steps.release(world, case) == ""
    package_and_queue(world.house, case)
    assert "case seal CASE --passphrase" in auskunft("case", "passphrase", case, "--as", REVIEWER).stderr
    assert not [step for step in world.steps(case) if step.startswith("passphrase")]


def test_our_signing_keys_can_be_published_and_are_public(world: World, auskunft: Auskunft, tmp_path: Path) -> None:
    result = auskunft("signature", "--out", str(tmp_path))
    assert result.exit_code == 0, result.stderr
    files = {path.name: path.read_text() for path in tmp_path.iterdir() if path.is_file()}
    assert set(files) >= {"certificate.pem", PUBLIC_KEY}
    assert not [name for name, text in files.items() if "PRIVATE" in text]
    with world.house.store.begin() as tx:
        signer = signer_of(world.house, tx)
    assert all(said in result.stdout for said in (signer.fingerprint, signer.openpgp_fingerprint))
    assert auskunft("signature", "--out", str(tmp_path)).exit_code == 2


def test_a_key_from_a_mail_is_chosen_by_the_fingerprint_that_the_person_named(
    world: World, auskunft: Auskunft, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anybody who writes into a case can put a key there, and junk before it."""
    case = steps.in_review(world)
    foreign, theirs = certificate(days=300), certificate()
    monkeypatch.setattr(sealing, "keys_in_mails", lambda *_: iter((b"junk", foreign, theirs)))
    seal = ("case", "seal", case, "--by", REVIEWER, "--from-mail", "--why", "am Telefon verglichen")
    digests = [
        x509.load_pem_x509_certificate(pem).fingerprint(hashes.SHA256()).hex().upper() for pem in (foreign, theirs)
    ]
    listed = auskunft(*seal)
    assert listed.exit_code == 2
    assert all(digest in listed.stderr.replace(" ", "") for digest in digests)
    assert auskunft(*seal, "--fingerprint", digests[1][:8]).exit_code == 2
    assert auskunft(*seal, "--fingerprint", digests[1][:16]).exit_code == 0
    with world.house.store.begin() as tx:
        own = tx.cases.person(case).own_key
    assert own is not None
    assert own.fingerprint.replace(" ", "") == digests[1]
