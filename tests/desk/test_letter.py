"""`auskunft letter`, `texts` and `ropa`: what they write, what they refuse, and that nothing leaves by them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import docx
import pytest
from click.testing import Result
from typer.testing import CliRunner

from cases.case import Status
from desk.main import app
from flows import wiring
from flows.asking import WHY_NOT
from flows.identify import identify_all
from outputs import letterhead
from outputs.wording import use_wording
from tests.flows import steps
from tests.flows.house import RELEASER, World, mail
from tests.outputs.papers import company, paper, run

Auskunft = Callable[..., Result]


@pytest.fixture
def auskunft(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Auskunft]:
    @contextmanager
    def open_house(*_: object) -> Iterator[object]:
        yield world.house

    monkeypatch.setattr(wiring, "open_house", open_house)
    for name in ("MAIL_PASSWORD", "PREFECT_AUTH"):
        monkeypatch.setenv(name, "user:invented")
    config = str(world.folder / "auskunft.toml")
    yield lambda *words: CliRunner().invoke(app, [*words, "--config", config])
    use_wording()


def text_of(path: Path) -> str:
    file = docx.Document(io.BytesIO(path.read_bytes()))
    return "\n".join(node.text or "" for node in file.element.body.iter() if node.tag.endswith("}t"))


def letter(auskunft: Auskunft, kind: str, case: str, out: Path, *more: str) -> Result:
    return auskunft("letter", kind, case, "--by", RELEASER, "--out", str(out), *more)


def test_a_letter_is_written_noted_and_sends_nothing(world: World, auskunft: Auskunft, tmp_path: Path) -> None:
    case = steps.in_review(world)
    sent = len(world.post.sent)
    unseen = letter(auskunft, "refusal", case, tmp_path / "unseen.docx", "--ground", "excessive")
    assert unseen.exit_code == 2
    reason = "Dieselbe Anfrage kam in dieser Woche an jedem Tag."
    refuse = ("case", "refuse", case, "--by", RELEASER, "--ground", "excessive", "--tell", reason)
    assert auskunft(*refuse).exit_code == 0
    for number, (kind, more, told) in enumerate(
        (
            ("extension", ("--reason", "volume"), "Art. 12 Abs. 3 Satz 2 DSGVO"),
            ("refusal", ("--ground", "excessive"), reason),
            ("cannot_identify", (), "Art. 11 Abs. 2"),
            ("identity", (), "Ausweis brauchen wir nicht"),
        )
    ):
        out = tmp_path / f"letter{number}.docx"
        done = letter(auskunft, kind, case, out, *more)
        assert done.exit_code == 0, done.output
        assert told in text_of(out)
        assert out.stat().st_mode & 0o077 == 0
        assert f"letter:{kind}" in world.steps(case)
    assert len(world.post.sent) == sent
    assert world.case(case).status is Status.REVIEW


def test_large_print_and_existing_files(world: World, auskunft: Auskunft, tmp_path: Path) -> None:
    case = steps.in_review(world)
    out = tmp_path / "a.pdf"
    assert letter(auskunft, "identity", case, out, "--large").exit_code == 0
    assert out.read_bytes().startswith(b"%PDF-")
    assert letter(auskunft, "identity", case, out).exit_code == 2
    assert letter(auskunft, "identity", case, tmp_path / "a.odt").exit_code == 2


@pytest.mark.parametrize("kind", ["answer", "partial", "nothing_held", "poem"])
def test_an_answer_leaves_only_through_its_release(world: World, auskunft: Auskunft, tmp_path: Path, kind: str) -> None:
    done = letter(auskunft, kind, steps.in_review(world), tmp_path / "a.docx")
    assert done.exit_code == 2
    assert not list(tmp_path.glob("*.docx"))


def test_a_clarification_needs_a_large_quantity_and_offers_what_is_held(
    world: World, auskunft: Auskunft, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = steps.in_review(world)
    refused = letter(auskunft, "clarification", case, tmp_path / "a.docx")
    assert refused.exit_code == 2
    assert "not_many" in refused.stderr
    monkeypatch.setattr("outputs.letter_values.LARGE_QUANTITY", 1)
    assert letter(auskunft, "clarification", case, tmp_path / "a.docx").exit_code == 0
    text = text_of(tmp_path / "a.docx")
    assert "Bisher sind es 1 Einträge" in text
    assert "Kundendatenbank" in text


def test_a_fee_is_announced_only_for_the_same_copy_once_more(world: World, auskunft: Auskunft, tmp_path: Path) -> None:
    first = steps.sent(world)
    fee = ("--earlier", first, "--cents", "640", "--item", "postage")
    with world.house.store.begin() as tx:
        tx.cases.move(first, Status.ANSWERED)
    again = steps.acknowledged(world, mail(subject="Auskunft", message_id="<again@m.example>"))
    identify_all(world.house)
    out = tmp_path / "fee.docx"
    own = letter(auskunft, "fee", again, out, "--earlier", again, "--cents", "640", "--item", "postage")
    assert own.exit_code == 2
    assert WHY_NOT["reminder"][:30] in own.stderr
    missing = letter(auskunft, "fee", again, out, "--cents", "640", "--item", "postage", "--earlier", "DSAR-2020-0001")
    assert missing.exit_code == 2
    done = letter(auskunft, "fee", again, out, *fee)
    assert done.exit_code == 0, done.output
    text = text_of(out)
    assert "6,40 €" in text
    assert "Bisher schulden Sie uns nichts." in text


def test_a_question_goes_by_mail_instead_and_its_answer_is_recorded(
    world: World, auskunft: Auskunft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.asking.LARGE_QUANTITY", 1)
    case = steps.in_review(world)
    assert auskunft("letter", "clarification", case, "--by", RELEASER).exit_code == 2
    assert auskunft("letter", "identity", case, "--by", RELEASER, "--send").exit_code == 2
    assert auskunft("case", "clarified", case, "--by", RELEASER).exit_code == 2
    sent = auskunft("letter", "clarification", case, "--by", RELEASER, "--send")
    assert sent.exit_code == 0, sent.output
    assert "asked:clarification" in world.steps(case)
    assert auskunft("case", "clarified", case, "--by", RELEASER).exit_code == 0
    assert "answered:clarification" in world.steps(case)


def test_a_cover_needs_a_postal_address(world: World, auskunft: Auskunft, tmp_path: Path) -> None:
    case = steps.in_review(world)
    with world.house.store.begin() as tx:
        postal = tx.cases.person(case).postal
    done = letter(auskunft, "cover", case, tmp_path / "a.docx")
    assert done.exit_code == (0 if postal else 2)


def test_own_words_are_checked_and_exported(auskunft: Auskunft, tmp_path: Path) -> None:
    runner = CliRunner()
    folder = tmp_path / "texte"
    assert runner.invoke(app, ["texts", "export", str(folder)]).exit_code == 0
    assert runner.invoke(app, ["texts", "export", str(folder)]).exit_code == 2
    assert auskunft("texts", "check", "--folder", str(folder)).stdout == "nothing found\n"
    (folder / "de.toml").write_text('[notices.refusal]\ntext = "Nein. {ground}"\n')
    found = auskunft("texts", "check", "--folder", str(folder))
    assert found.exit_code == 1
    assert "lacks: judicial remedy (Art. 79)" in found.stdout
    assert auskunft("texts", "check").stdout == "nothing found\n"


def test_the_check_says_what_of_a_letterhead_no_pdf_letter_shows(world: World, auskunft: Auskunft) -> None:
    settings = world.folder / "auskunft.toml"
    settings.write_text(settings.read_text() + '\n[letters]\nletterhead = "papier.docx"\n')
    path = world.folder / "papier.docx"
    path.write_bytes(paper(company))
    assert auskunft("texts", "check").stdout == "nothing found\n"
    path.write_bytes(paper(lambda section: run(section.header.paragraphs[0], "<w:pict/>")))
    found = auskunft("texts", "check")
    assert found.exit_code == 1
    assert f"{path}: the PDF letter cannot show a drawing in the old format" in found.stdout
    assert letterhead.in_use() is None


def test_a_spreadsheet_becomes_a_register_beside_the_one_in_use(tmp_path: Path) -> None:
    table = tmp_path / "vvt.csv"
    table.write_text("Bezeichnung;Zwecke;Löschfristen\nVersand;Lieferung;zwei Jahre\n")
    out = tmp_path / "neu.toml"
    done = CliRunner().invoke(app, ["ropa", "import", str(table), "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert '"Versand": fehlt / missing:' in done.stdout
    assert 'de = "Lieferung"' in out.read_text()
    assert CliRunner().invoke(app, ["ropa", "import", str(table), "--out", str(out)]).exit_code == 2


def test_the_check_asks_the_sources_what_their_records_look_like(
    world: World, auskunft: Auskunft, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cases.finding import Shape
    from cases.source import SourceUnavailable

    class Described:
        def __init__(self, shapes: tuple[Shape, ...] | None) -> None:
            self._shapes = shapes

        def shapes(self) -> tuple[Shape, ...]:
            if self._shapes is None:
                raise SourceUnavailable("crm", "refused")
            return self._shapes

    found: dict[str, Described] = {"crm": Described((Shape("order", ("total",)),)), "cloud": Described(())}
    monkeypatch.setattr(wiring, "make_sources", lambda *_: found)
    (world.folder / "ropa.toml").write_text(
        (world.folder / "ropa.toml").read_text().replace('"crm/*", ', '"crm/note", ')
    )
    checked = auskunft("ropa", "check")
    assert checked.exit_code == 1
    assert 'no activity has evidence for "crm/order"' in checked.stdout
    found["crm"] = Described(None)
    assert "crm: refused; its records were not compared with the register" in auskunft("ropa", "check").stdout
