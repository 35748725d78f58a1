"""`auskunft ropa check` and `auskunft ropa import`."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cases.finding import Shape
from cases.source import Describing, SourceUnavailable
from desk.console import fail, plain
from infra.durable import create_private
from infra.faults import ConfigurationError
from infra.ropa import check_register, load_register
from infra.ropa_import import CannotImport, imported
from infra.scaffold import REGISTER_FILE
from infra.settings import Settings, load_settings

if TYPE_CHECKING:
    from collections.abc import Mapping


def run_check(settings_path: Path) -> int:
    """Prints what would make an answer fail; 0 where nothing would. The sources are asked what their records look
    like; one that cannot be asked is told, because nothing was compared with it."""
    try:
        settings = load_settings(settings_path)
        register = load_register(settings.folder / REGISTER_FILE)
    except ConfigurationError as error:
        fail(str(error))
    shapes, unasked = shapes_of(settings)
    today = datetime.now(UTC).date()
    problems = check_register(register, tuple(settings.sources), today, shapes)
    problems += [f"{name}: {why}; its records were not compared with the register" for name, why in unasked.items()]
    print(plain("\n".join(problems)) if problems else "nothing found")
    return 1 if problems else 0


def shapes_of(settings: Settings) -> tuple[Mapping[str, tuple[Shape, ...]], dict[str, str]]:
    """What the records of each source look like, and the sources that could not be asked with the reason."""
    from flows.wiring import UNUSABLE, make_sources
    from infra.extract import IsolatedExtractor

    shapes: dict[str, tuple[Shape, ...]] = {}
    unasked: dict[str, str] = {}
    try:
        with IsolatedExtractor() as extractor:
            for name, source in make_sources(settings, extractor).items():
                try:
                    shapes[name] = source.shapes() if isinstance(source, Describing) else ()
                except SourceUnavailable as error:
                    unasked[name] = error.code
    except UNUSABLE as error:
        unasked = {name: str(error) for name in settings.sources}
    return shapes, unasked


def run_import(file: Path, out: Path) -> int:
    """Writes a register made from a spreadsheet and tells what became of every column; never over an existing file."""
    if out.exists():
        fail(f"{out} is there already; choose another name with --out, and compare the two")
    try:
        made = imported(file)
    except (CannotImport, OSError) as error:
        fail(str(error))
    create_private(out, made.text.encode())
    print(plain(os.linesep.join([f"{out}: {made.activities} activities", *made.report])))
    print(f"Search {out} for AUSFUELLEN, complete it, put it in place as {REGISTER_FILE}: `auskunft ropa check`")
    return 0
