"""`auskunft report` and `auskunft calendar`: every form, every period, and what is said where something is wrong."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import docx
import pytest
from click.testing import Result
from typer.testing import CliRunner

from cases.case import Status
from desk.main import app
from flows import wiring
from tests.flows import history
from tests.flows.house import World

Auskunft = Callable[..., Result]


@pytest.fixture
def auskunft(world: World, monkeypatch: pytest.MonkeyPatch) -> Auskunft:
    """Runs a command on a house with an answered and an open case, on 20 November 2026."""

    @contextmanager
    def open_house(*_: object) -> Iterator[object]:
        yield world.house

    monkeypatch.setattr(wiring, "open_house", open_house)
    for name in ("MAIL_PASSWORD", "PREFECT_AUTH"):
        monkeypatch.setenv(name, "user:invented")
    config = str(world.folder / "auskunft.toml")
    history.ended(world, history.case(world, "2026-02-02"), "2026-02-12", Status.ANSWERED)
    history.case(world, "2026-11-16")
    world.clock.at = history.at("2026-11-20")
    return lambda *words: CliRunner().invoke(app, [*words, "--config", config])


def refused(result: Result, *words: str) -> None:
    assert result.exit_code == 2, result.output
    assert all(word in result.stderr for word in words), result.stderr
    assert "Traceback" not in result.output


def figures(result: Result) -> tuple[int, int]:
    """Requests and responses."""
    read = json.loads(result.stdout)["figures"]
    return read["requests"]["number"], read["responses"]["number"]


def test_the_default_is_this_year_up_to_today(auskunft: Auskunft) -> None:
    result = auskunft("report", "--format", "json")
    assert json.loads(result.stdout)["figures"]["period"] == {"first": "2026-01-01", "last": "2026-11-20"}
    assert figures(result) == (2, 1)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--from", "2026-02-01", "--to", "2026-02-28"), (1, 1)),
        (("--from", "2026-02-10"), (1, 1)),
        (("--to", "2026-02-05"), (1, 0)),
        (("--from", "2025-01-01", "--to", "2025-12-31"), (0, 0)),
    ],
)
def test_a_period_can_be_chosen(auskunft: Auskunft, words: tuple[str, ...], expected: tuple[int, int]) -> None:
    assert figures(auskunft("report", "--format", "json", *words)) == expected


@pytest.mark.parametrize("format_", ["text", "markdown", "json", "html"])
def test_every_form_for_a_terminal_shows_the_open_case(auskunft: Auskunft, format_: str) -> None:
    shown = auskunft("report", "--format", format_)
    assert shown.exit_code == 0
    assert "DSAR-2026-0002" in shown.stdout
    assert "lena" not in shown.stdout.casefold()


def test_a_document_goes_to_a_private_file(auskunft: Auskunft, tmp_path: Path) -> None:
    path = tmp_path / "bericht.docx"
    assert auskunft("report", "--format", "docx", "--out", str(path)).exit_code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    text = " ".join(cell.text for table in docx.Document(str(path)).tables for cell in table._cells)
    assert "DSAR-2026-0002" in text


def test_a_document_can_be_piped(auskunft: Auskunft) -> None:
    piped = auskunft("report", "--format", "docx")
    assert docx.Document(BytesIO(piped.stdout_bytes)).core_properties.language == "de-DE"


def test_the_calendar_on_the_terminal_and_as_a_file(auskunft: Auskunft, tmp_path: Path) -> None:
    shown = auskunft("calendar").stdout
    assert "UID:dsar-2026-0002-due@nordlicht.example" in shown
    path = tmp_path / "fristen.ics"
    assert auskunft("calendar", "--out", str(path)).exit_code == 0
    assert "dsar-2026-0001" not in path.read_text(encoding="utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_what_is_wrong_is_said(auskunft: Auskunft, tmp_path: Path) -> None:
    refused(auskunft("report", "--format", "pdf"), "text, markdown, json, docx, html")
    refused(auskunft("report", "--from", "gestern"), "--from", "2026-01-31")
    refused(auskunft("report", "--from", "2026-03-01", "--to", "2026-02-01"), "--to is before --from")
    lost = auskunft("report", "--out", str(tmp_path / "none" / "a.txt"))
    assert (lost.exit_code, "could not be written" in lost.stderr) == (1, True)
