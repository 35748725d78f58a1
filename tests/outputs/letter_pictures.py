"""Draws the pictures of docs/letters.md: python -m tests.outputs.letter_pictures (needs pdftoppm and soffice)."""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import docx
import typst
from docx.shared import Pt, RGBColor

from cases.coverage import Cell, CellState
from outputs import letterhead
from outputs.letter_docx import docx_bytes
from outputs.letter_pdf import pdf
from outputs.letter_values import LetterKind
from outputs.letters import render_letter
from tests.outputs.conftest import AT, CELLS, CRM, DRAFT
from tests.outputs.letters import every_letter
from tests.outputs.papers import anchored, picture, run

IMAGES = Path(__file__).parents[2] / "docs" / "images"
PAGES = (
    ("letter", LetterKind.PARTIAL, "de", 1),
    ("letter-left-out", LetterKind.PARTIAL, "de", 3),
    ("letter-nothing-held", LetterKind.NOTHING_HELD, "de", 1),
    ("letter-cannot-identify", LetterKind.CANNOT_IDENTIFY, "de", 1),
    ("letter-fee", LetterKind.FEE, "de", 1),
    ("letter-refusal", LetterKind.REFUSAL, "en", 1),
    ("letter-cover", LetterKind.COVER, "de", 1),
    ("letter-passphrase", LetterKind.PASSPHRASE, "de", 1),
)
LOGO = b"""#set page(width: 16mm, height: 16mm, margin: 0mm, fill: none)
#rect(width: 100%, height: 100%, radius: 3mm, fill: rgb("#1f5f8b"), stroke: none,
  align(center + horizon, text(30pt, white, weight: "bold")[N]))"""
WRITTEN = datetime(2026, 11, 20, 8, 5, tzinfo=UTC)


def main() -> None:
    nothing = replace(DRAFT, items=(), activities=(), cells=(Cell(CRM, CellState.SEARCHED, 4210, at=AT), CELLS[3]))
    with tempfile.TemporaryDirectory() as folder:
        for name, kind, language, page in PAGES:
            both = replace(DRAFT, language=language), replace(nothing, language=language)
            file = Path(folder) / f"{name}.pdf"
            file.write_bytes(pdf(render_letter(kind, every_letter(*both)[kind]), WRITTEN))
            _draw(file, page, IMAGES / name, "-gray")
        letterhead.use(invented_letterhead())
        fee = render_letter(LetterKind.FEE, every_letter(DRAFT, nothing)[LetterKind.FEE])
        drawn = Path(folder) / "letter-on-letterhead-pdf.pdf"
        drawn.write_bytes(pdf(fee, WRITTEN))
        _draw(drawn, 1, IMAGES / drawn.stem)
        word = Path(folder) / "letter-on-letterhead.docx"
        word.write_bytes(docx_bytes(fee, WRITTEN))
        command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", folder, str(word)]
        subprocess.run(command, check=True, capture_output=True)
        _draw(word.with_suffix(".pdf"), 1, IMAGES / "letter-on-letterhead")


def invented_letterhead() -> bytes:
    """As a small company would make one in Word: a logo at its place on the page, name and address, the register."""
    file = docx.Document()
    section = file.sections[0]
    logo = typst.compile(LOGO, format="png", ppi=300)
    assert isinstance(logo, bytes)
    place = ("page", "174"), ("page", "11")
    run(section.header.paragraphs[0], anchored(picture(section.header, logo), (16, 16), *place))
    name = section.header.paragraphs[0].add_run("NORDLICHT")
    name.font.size, name.font.color.rgb, name.bold = Pt(22), RGBColor(0x1F, 0x5F, 0x8B), True
    section.header.add_paragraph("Bürobedarf seit 1987 · Werftstraße 12 · 19053 Schwerin")
    section.footer.paragraphs[
        0
    ].text = "Nordlicht Bürobedarf GmbH · Amtsgericht Schwerin HRB 00000 · Geschäftsführung: A. Beispiel"
    file.styles["Normal"].font.name = "Georgia"
    file.styles["Normal"].font.size = Pt(10)
    made = io.BytesIO()
    file.save(made)
    return made.getvalue()


def _draw(file: Path, page: int, target: Path, *gray: str) -> None:
    pages = ["-f", str(page), "-l", str(page), "-r", "80", "-singlefile", "-png", *gray]
    subprocess.run(["pdftoppm", *pages, str(file), str(target)], check=True)
    print(target.with_suffix(".png").name, file=sys.stderr)


if __name__ == "__main__":
    main()
