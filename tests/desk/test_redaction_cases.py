"""A finding is redacted by places or by people, goes out without them, and nothing of them is in the sealed answer."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from typer.testing import CliRunner, Result

from cases.case import Status
from cases.finding import DataField, Finding
from cases.identifiers import Subject
from desk.main import app
from flows import draft as drafts
from flows import wiring
from flows.answer import package_and_queue
from flows.appearing import onlooker
from infra.store.sealed import Judged, Typed
from outputs.open import open_package
from outputs.passphrase import Passphrase
from tests.flows import steps
from tests.flows.house import LENA, RELEASER, REVIEWER, World, finding

Auskunft = Callable[..., Result]
TEXT = "Jule Arendt hat Ihre Bestellung gepackt. Fragen an Jule Arendt oder jule@werkstatt.example, Gruß Ole Tamm"
GROUND = ("--ground", "art-15-4")


def note(**changes: object) -> Finding:
    """A note that names two colleagues, one of them in the name of a field, with a scan of the same."""
    fields = (DataField("subject", "Bestellung 7"), DataField("text", TEXT), DataField("gepackt: Jule Arendt", "ja"))
    made = finding("notes/1", files={"Notiz Jule Arendt.pdf": b"%PDF-1.7 invented scan of the note"})
    return replace(made, fields=fields, others=("Jule Arendt", "Ole Tamm"), **changes)  # type: ignore[arg-type]


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


@pytest.fixture
def case(world: World) -> str:
    world.crm.holds[LENA] = [note()]
    return steps.in_review(world, holding=False)


def seen(auskunft: Auskunft, case: str) -> str:
    """The code of the finding as it is shown now."""
    return auskunft("case", "show", case, "--finding", "1").stdout.rpartition("--seen ")[2][:9]


def redact(auskunft: Auskunft, case: str, *words: str) -> Result:
    """By somebody who has just looked, for others' sake, unless the words say something else."""
    ground = () if "--ground" in words else GROUND
    looked = () if "--seen" in words else ("--seen", seen(auskunft, case))
    return auskunft("case", "redact", case, "1", "--by", REVIEWER, *words, *ground, *looked)


def going_out(world: World, case: str) -> str:
    with world.house.store.begin() as tx:
        item = drafts.build(world.house, tx, case, world.house.today(tx.now)).items[0]
    return item.fields[1].value


def test_one_person_is_redacted_by_number_everywhere(world: World, auskunft: Auskunft, case: str) -> None:
    shown = auskunft("case", "show", case, "--finding", "1").stdout
    assert "other person 1: name Jule Arendt (participant) 1:0-11, 1:51-62" in shown
    assert "[1] text (0-105): Jule Arendt hat" in shown
    for command in (("case", "show", case), ("case", "review", case, "--as", REVIEWER)):
        assert "other person 2: name Ole Tamm" in auskunft(*command).stdout
    done = redact(auskunft, case, "--other", "1")
    assert done.exit_code == 0, done.output
    assert "2 Stellen" in done.stdout
    assert "1 Dateien zurückgehalten" in done.stdout
    assert going_out(world, case) == TEXT.replace("Jule Arendt", "[geschwärzt: Rechte anderer]")


def test_places_add_up_and_another_decision_ends_them(world: World, auskunft: Auskunft, case: str) -> None:
    assert redact(auskunft, case, "--span", "1:97-105").exit_code == 0
    assert redact(auskunft, case, "--other", "3", "--ground", "bdsg-29-1-2").exit_code == 0
    said = going_out(world, case)
    assert said.endswith("oder [geschwärzt: geheim zu halten], Gruß [geschwärzt: Rechte anderer]")
    assert auskunft("case", "include", case, "1", "--by", REVIEWER).exit_code == 0
    assert going_out(world, case) == TEXT
    assert redact(auskunft, case, "--all-others").exit_code == 0
    assert not any(word in going_out(world, case) for word in ("Jule", "jule", "Ole", "Tamm"))


def test_what_still_stands_is_said(auskunft: Auskunft, case: str) -> None:
    told = redact(auskunft, case, "--span", "1:0-11").stdout
    assert "still stands in field: 1" in told


def test_parts_of_a_redacted_name_are_said_where_they_still_stand(world: World, auskunft: Auskunft) -> None:
    texts = (
        "Jule Arendt verdient zu viel",
        "Das Gehalt von Arendt ist zu hoch, sagt Jule.",
        "Peter Krüger kam",
        "Frau Krüger",
    )
    fields = tuple(DataField(f"text{place}", text) for place, text in enumerate(texts))
    world.crm.holds[LENA] = [replace(finding("notes/1"), fields=fields, others=("Jule Arendt", "Peter Krüger"))]
    case = steps.in_review(world, holding=False)
    told = redact(auskunft, case, "--other", "1").stdout
    assert "parts of a name still stand in:\n  Feld / field 1: Arendt, Jule\n" in told
    whole = redact(auskunft, case, "--span", "1:15-21", "--span", "1:40-44", "--span", "2:0-12").stdout
    assert "parts of a name" not in whole  # hers is everybody's here: it would stand in every field


NO_PLACE = {
    (): "name a place",
    ("--other", "4"): "no other person 4",
    ("--span", "1:5"): "FIELD:START-END",
    ("--span", "9:0-1"): "no_field",
    ("--span", "1:0-999"): "outside",
    ("--span", "1:5-5"): "empty",
    ("--other", "1", "--ground", "because"): "allowed: art-15-4",
}


def test_what_names_no_place_or_reason_is_refused(world: World, auskunft: Auskunft, case: str) -> None:
    for words, said in NO_PLACE.items():
        refused = redact(auskunft, case, *words)
        assert refused.exit_code == 2, refused.output
        assert said in refused.stderr
        assert not any(word in refused.stderr for word in ("Jule", "Tamm"))
    with world.house.store.begin() as tx:
        assert tx.findings.all(tx.cases.row(case))[0].decision is None


def test_nobody_else_redacts_and_nothing_that_is_sealed(world: World, auskunft: Auskunft, case: str) -> None:
    stranger = auskunft("case", "redact", case, "1", "--other", "1", "--by", "Niemand", *GROUND)
    assert "not listed" in stranger.stderr
    redact(auskunft, case, "--all-others")
    assert steps.release(world, case) == ""
    assert world.case(case).status is Status.APPROVED
    assert "decided while" in redact(auskunft, case, "--other", "1").stderr


def test_a_redaction_falls_with_the_content(world: World, auskunft: Auskunft, case: str) -> None:
    redact(auskunft, case, "--all-others")
    with world.house.store.begin() as tx:
        row = tx.cases.row(case)
        again = replace(note(), fields=(DataField("text", "kurz"),))
        tx.findings.keep(row, again, tx.findings.all(row)[0].finding.files, "p9")
        assert tx.findings.all(row)[0].decision is None


def found_again(world: World, case: str, finding: Finding) -> None:
    """The source is asked again, as it may be while a case is collecting, and later."""
    with world.house.store.begin() as tx:
        row = tx.cases.row(case)
        tx.findings.keep(row, finding, tx.findings.all(row)[0].finding.files, "p9")


@pytest.mark.parametrize("words", [("--span", "1:0-11"), ("--other", "1"), ("--all-others",)])
def test_a_place_is_bound_to_the_text_in_which_it_was_seen(
    world: World, auskunft: Auskunft, case: str, words: tuple[str, ...]
) -> None:
    with world.house.store.begin() as tx:
        tx.cases.move(case, Status.COLLECTING)
    before = seen(auskunft, case)
    fields = (DataField("subject", "Bestellung 7"), DataField("text", f"Von Ole Tamm: {TEXT}"))
    look = onlooker(world.house, [Subject(case, ())]).look
    found_again(world, case, look(replace(note(subject=case), fields=fields)))
    refused = redact(auskunft, case, *words, "--seen", before)
    assert refused.exit_code == 2
    assert "it has changed since you looked" in refused.stderr
    assert f"case show {case} --finding 1" in refused.stderr
    with world.house.store.begin() as tx:
        assert tx.findings.all(tx.cases.row(case))[0].decision is None
    assert redact(auskunft, case, *words, "--seen", seen(auskunft, case).lower().replace("-", " ")).exit_code == 0


def test_the_same_text_with_other_people_in_it_is_another_state(world: World, auskunft: Auskunft, case: str) -> None:
    """Numbers of people mean somebody else then."""
    before = seen(auskunft, case)
    found_again(world, case, note())
    assert before != seen(auskunft, case)


def test_without_saying_what_was_seen_only_everybody_is_redacted(auskunft: Auskunft, case: str) -> None:
    for words in (("--span", "1:0-11"), ("--other", "1"), ("--all-others", "--with-files")):
        refused = redact(auskunft, case, *words, "--seen", "")
        assert refused.exit_code == 2
        assert "say what you looked at: --seen CODE" in refused.stderr
    assert redact(auskunft, case, "--all-others", "--seen", "").exit_code == 0
    shown = auskunft("case", "show", case).stdout
    assert f"--seen {seen(auskunft, case)}" in shown


def test_a_decision_sealed_before_there_were_redactions_is_read(world: World, case: str) -> None:
    with world.house.store.begin() as tx:
        row, place = tx.cases.row(case), f"decision/{case}/1"
        envelope = tx.findings._envelope
        old = envelope.seal(row.record_key, place, Typed(REVIEWER, "alt", tx.now))
        assert envelope.open(row.record_key, place, Judged, old) == Judged(REVIEWER, "alt", tx.now)


@pytest.mark.parametrize("with_files", [False, True])
def test_nothing_of_it_is_in_the_sealed_answer(
    world: World,
    auskunft: Auskunft,
    case: str,
    with_files: bool,
) -> None:
    assert redact(auskunft, case, "--all-others", *(("--with-files",) if with_files else ())).exit_code == 0
    assert steps.release(world, case, RELEASER) == ""
    package_and_queue(world.house, case)
    members = opened(world, case)
    whole = b"\n".join((*members.values(), *(name.encode() for name in members)))
    for gone in ("Jule", "Arendt", "jule@", "Ole Tamm", "Tamm"):
        assert gone.encode() not in whole, gone
        assert gone.encode("utf-16-be") not in whole, gone
    assert "[geschwärzt: Rechte anderer]" in members["Auskunft.html"].decode()
    assert "Was wir weggelassen haben" in letter_text(members)
    assert any(name.startswith("dateien/") for name in members) is with_files
    assert "files_withheld" in members["daten.json"].decode()
    assert ("eine Datei" in letter_text(members)) is not with_files


def letter_text(members: dict[str, bytes]) -> str:
    return members["Anschreiben.docx!word/document.xml"].decode()


def opened(world: World, case: str) -> dict[str, bytes]:
    """Every member of the opened answer; of a DOCX, which is a zip, its parts as well, and of a PDF its text."""
    with world.house.store.begin() as tx:
        package = tx.answers.package(tx.cases.row(case))
    assert package is not None
    assert package.kept is not None
    sealed = world.folder / package.filename
    with world.house.vault.open(package.kept.blob) as stream:
        sealed.write_bytes(stream.read())
    folder = world.folder / "opened"
    open_package(sealed, Passphrase(package.kept.passphrase), folder)
    found = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for name in [name for name in found if name.endswith(".docx")]:
        with zipfile.ZipFile(io.BytesIO(found[name])) as docx:
            found |= {f"{name}!{part}": docx.read(part) for part in docx.namelist()}
    return found


def test_files_of_a_redacted_finding_have_neutral_names(world: World, auskunft: Auskunft, case: str) -> None:
    assert redact(auskunft, case, "--span", "1:97-105", "--with-files").exit_code == 0
    with world.house.store.begin() as tx:
        (item,) = drafts.build(world.house, tx, case, world.house.today(tx.now)).items
    assert [file.name for file in item.files] == ["0001001.pdf"]


@pytest.mark.parametrize(
    ("name", "ending"),
    [("brief.meier", "bin"), ("Rechnung Meier.PDF", "pdf"), ("scan.tar.gz", "gz"), ("Meier", "bin"), ("a.exe", "bin")],
)
def test_an_original_keeps_no_ending_that_may_be_a_name(world: World, name: str, ending: str) -> None:
    world.crm.holds[LENA] = [finding("orders/1", files={name: b"%PDF-1.7 invented"})]
    number = steps.in_review(world)
    with world.house.store.begin() as tx:
        (item,) = drafts.build(world.house, tx, number, world.house.today(tx.now)).items
    assert [file.path for file in item.files] == [f"dateien/0001001.{ending}"]
