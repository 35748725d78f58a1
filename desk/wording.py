"""`auskunft texts check` and `texts export`: the wording that a lawyer may change."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from desk.console import fail, plain
from infra.durable import create_private
from infra.faults import ConfigurationError
from infra.settings import load_settings
from outputs.errors import OutputError
from outputs.letter_pdf import paper_faults
from outputs.text_lint import faults, hard_to_read
from outputs.text_trial import unwritten
from outputs.texts import LANGUAGES, own_texts
from outputs.wording import checked_paper


def check_texts(settings_path: Path, folder: Path | None) -> int:
    """Prints what is wrong with own texts (of `folder`, else of the settings) and with the letterhead; 0: nothing."""
    problems: list[str] = []
    paper = None
    if folder is None:
        try:
            settings = load_settings(settings_path)
        except ConfigurationError as error:
            fail(str(error))
        folder, paper = settings.own_texts, settings.letterhead
    try:
        own = own_texts(folder) if folder else {}
        problems += (faults(own) or unwritten(own)) + hard_to_read(own)
        if paper:
            problems += [f"{paper}: {fault}" for fault in paper_faults(checked_paper(paper))]
    except OutputError as error:
        problems.append(str(error))
    print(plain("\n".join(problems)) if problems else "nothing found")
    return 1 if problems else 0


def export_texts(folder: Path) -> int:
    """Copies the shipped texts into a folder; never over a file that is there."""
    folder.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        source = resources.files("outputs.texts").joinpath(f"{language}.toml").read_bytes()
        try:
            create_private(folder / f"{language}.toml", source)
        except FileExistsError:
            fail(f"{folder / language}.toml is there already; choose another folder")
    print(f"{folder}: de.toml, en.toml. Keep the keys that you change, delete the others: those stay up to date")
    return 0
