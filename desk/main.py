"""`auskunft`: the command line. Commands import what they need when they are called, so that `--help` and `deadline`
answer at once."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from desk.console import fail, house_of, plain, settings_path
from desk.delivery_cases import cases
from desk.inbox import inbox

app = typer.Typer(
    help="Answers requests under Art. 15 GDPR: from the mail that asks to the sealed package that answers.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
sources = typer.Typer(help="The places that are searched.", no_args_is_help=True)
ropa = typer.Typer(help="The record of processing activities (ropa.toml).", no_args_is_help=True)
audit = typer.Typer(help="The history of cases: that nothing in it was changed.", no_args_is_help=True)
texts = typer.Typer(help="The wording of letters and mails.", no_args_is_help=True)
app.add_typer(texts, name="texts")
app.add_typer(cases, name="case")
app.add_typer(inbox, name="inbox")
app.add_typer(sources, name="sources")
app.add_typer(ropa, name="ropa")
app.add_typer(audit, name="audit")

Config = Annotated[Path | None, typer.Option("--config", help="auskunft.toml; else AUSKUNFT_SETTINGS or this folder's")]
AsJson = Annotated[bool, typer.Option("--json", help="for machines: JSON")]


@app.command()
def demo(
    headless: Annotated[
        bool, typer.Option("--headless", help="approve without asking, through the UI's own API")
    ] = False,
    out: Annotated[
        Path, typer.Option("--out", help="a new or empty folder for everything that the demo leaves")
    ] = Path("demo-out"),
) -> None:
    """The main job on embedded parts, start to finish: a person writes, the company answers."""
    from desk.demo.run import run_demo

    raise SystemExit(run_demo(out, headless=headless))


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="a new folder for the configuration")],
    master: Annotated[
        str, typer.Option("--master", help="where the master key goes: keyring, file:/absolute/path, env:NAME …")
    ] = "",
) -> None:
    """A configuration to begin with, and keys."""
    import os

    import keyring

    from desk.init import init as begin
    from desk.init_secrets import InitRefused
    from infra.faults import ConfigurationError
    from infra.master import MasterKeyError

    try:
        lines = begin(folder, master or None, keyring, os.environ)
    except (InitRefused, MasterKeyError, ConfigurationError, OSError) as error:
        fail(str(error))
    print("\n".join(lines))


@app.command()
def doctor(config: Config = None, as_json: AsJson = False) -> None:
    """Asks every configured part whether it works and says what to do."""
    from desk.checks import run_doctor

    raise SystemExit(run_doctor(settings_path(config), as_json=as_json))


@app.command()
def up(config: Config = None) -> None:
    """Starts the Prefect server (if none is configured) and the flows, and keeps them running."""
    from desk.up import keep_up

    raise SystemExit(keep_up(settings_path(config)))


@app.command()
def classify(
    files: Annotated[list[Path], typer.Argument(help="mails as files (.eml)")],
    as_json: Annotated[bool, typer.Option("--json", help="one JSON line per mail (the only form)")] = True,  # noqa: ARG001 - a promise
) -> None:
    """What each mail is: one JSON line per file, in the order given. Ends with 2 where a file could not be read."""
    from desk.classify import Unreadable
    from desk.classify import classify as each
    from infra.extract import IsolatedExtractor

    failed = []
    with IsolatedExtractor() as extractor:
        for found in each(files, extractor):
            if isinstance(found, Unreadable):
                failed.append(f"{found.file}: {found.why}")
                print(plain(failed[-1]), file=sys.stderr)
            else:
                line = json.dumps(found, ensure_ascii=False)
                print(line.encode("utf-8", "surrogateescape").decode("utf-8", "replace"), flush=True)
    if failed:
        fail(f"{len(failed)} of {len(files)} files could not be read; give the paths of mails as files")


@app.command()
def deadline(
    received: Annotated[str, typer.Option("--received", help="when it arrived: 2026-11-21T10:00+01:00")],
    land: Annotated[str, typer.Option("--land", help="the Land whose public holidays count: BE, BY …")] = "",
    region: Annotated[str, typer.Option("--region", help="catholic or augsburg, where holidays differ")] = "",
    extended: Annotated[bool, typer.Option("--extended", help="extended to three months (Art. 12(3) s. 2)")] = False,
    extension: Annotated[str, typer.Option("--extension", help="from_receipt or chained")] = "from_receipt",
    paused_days: Annotated[int, typer.Option("--paused-days", help="days for which the clock stood still")] = 0,
    restarted_on: Annotated[str, typer.Option("--restarted-on", help="a date from which the month runs anew")] = "",
    as_json: AsJson = False,
) -> None:
    """When an answer is due, and why."""
    from desk.deadline import deadline_json

    try:
        found = deadline_json(received, land, region, extended, extension, paused_days, restarted_on)
    except ValueError as error:
        fail(str(error))
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        derivation = found["derivation"]
        print(f"{found['due']}\n{derivation['de']}" if isinstance(derivation, dict) else found["due"])


@app.command()
def search(
    subject: Annotated[Path, typer.Option("--subject", help="subject.json: what is known of the person")],
    source: Annotated[
        list[str] | None, typer.Option("--source", help="KIND=LOCATION; else the configured ones")
    ] = None,
    config: Config = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines (the only form)")] = True,  # noqa: ARG001 - a promise
) -> None:
    """What is held about a person: findings, gaps and what was searched, as JSON lines. Status 3: not everything."""
    from desk.searching import run_search

    raise SystemExit(run_search(subject, source or [], settings_path(config)))


@app.command()
def report(
    format_: Annotated[str, typer.Option("--format", help="text, markdown, json, docx or html")] = "text",
    first: Annotated[str, typer.Option("--from", help="the first day, such as 2026-01-01; else 1 January")] = "",
    last: Annotated[str, typer.Option("--to", help="the last day; else today")] = "",
    out: Annotated[Path | None, typer.Option("--out", help="a file; else the standard output")] = None,
    config: Config = None,
) -> None:
    """The open cases with days left, and the figures of a period; no personal data."""
    from desk.reporting import show_report

    with house_of(config) as house:
        show_report(house, format_, first, last, out)


@app.command()
def calendar(
    out: Annotated[Path | None, typer.Option("--out", help="a file (.ics); else the standard output")] = None,
    config: Config = None,
) -> None:
    """The due dates of the open cases as a calendar (RFC 5545): case numbers only."""
    from desk.reporting import show_calendar

    with house_of(config) as house:
        show_calendar(house, out)


@app.command("open")
def open_(
    package: Annotated[Path, typer.Argument(help="the sealed answer (.html or .zip)")],
    passphrase_file: Annotated[Path, typer.Option("--passphrase-file", help="a file with the passphrase")],
    out: Annotated[Path, typer.Option("--out", help="a new or empty folder")],
) -> None:
    """Opens a sealed answer and verifies every file in it."""
    from outputs.errors import OpenError
    from outputs.open import open_package
    from outputs.seal import Passphrase

    try:
        opened = open_package(package, Passphrase(passphrase_file.read_text().strip()), out)
    except (OpenError, OSError, UnicodeDecodeError) as error:
        fail(str(error), 1)
    print(f"{opened.case}: {opened.files} files, each as the manifest says")
    if opened.replaces_on:
        day = opened.replaces_on
        print(plain(f"Fassung {opened.version}, ersetzt die vom / version {opened.version}, replaces that of {day}"))
    for file in opened.paths:
        print(f"  {plain(file)}")


@sources.command("propose")
def propose(
    kind: Annotated[str, typer.Argument(help="sql")],
    url: Annotated[str, typer.Argument(help="the database's URL")],
) -> None:
    """Proposes tables, identifying columns and relations of a database, to paste into auskunft.toml."""
    from cases.source import SourceUnavailable
    from sources.sql_propose import propose as look
    from sources.sql_propose import render_toml

    if kind != "sql":
        fail("only `sql` can be proposed: other kinds have no tables")
    try:
        print(render_toml(look(url)))
    except SourceUnavailable as error:
        fail(str(error), 3)


@texts.command("check")
def check_texts_(
    folder: Annotated[
        Path | None, typer.Option("--folder", help="own texts to check; else those of the settings")
    ] = None,
    config: Config = None,
) -> None:
    """Finds what is missing by law, does not fit or is hard to read in the texts, and checks the letterhead."""
    from desk.wording import check_texts

    raise SystemExit(check_texts(settings_path(config), folder))


@texts.command("export")
def export_texts_(folder: Annotated[Path, typer.Argument(help="a folder for de.toml and en.toml")]) -> None:
    """Copies the shipped texts, to be reworded: letters.texts in auskunft.toml names the folder."""
    from desk.wording import export_texts

    raise SystemExit(export_texts(folder))


@app.command()
def letter(
    kind: Annotated[
        str, typer.Argument(help="cannot_identify, identity, clarification, extension, refusal, fee or cover")
    ],
    case: Annotated[str, typer.Argument(help="a case number: DSAR-2026-0001")],
    by: Annotated[str, typer.Option("--by", help="your name")],
    out: Annotated[Path | None, typer.Option("--out", help="a new file, .docx or .pdf; nothing is sent")] = None,
    send: Annotated[bool, typer.Option("--send", help="send clarification or fee as a mail instead")] = False,
    reason: Annotated[str, typer.Option("--reason", help="of an extension: volume, redaction …")] = "",
    ground: Annotated[str, typer.Option("--ground", help="of a refusal: excessive, secrecy …")] = "",
    earlier: Annotated[str, typer.Option("--earlier", help="of a fee: the case with the first copy")] = "",
    cents: Annotated[int, typer.Option("--cents", help="of a fee: its amount")] = 0,
    item: Annotated[
        list[str] | None, typer.Option("--item", help="costs of a fee, or what a cover encloses; repeat it")
    ] = None,
    large: Annotated[bool, typer.Option("--large", help="large print (.pdf)")] = False,
    config: Config = None,
) -> None:
    """Writes one of a case's letters to be printed, or sends a question as a mail."""
    from desk.console import known_case
    from desk.letter import Wanted, send_letter, write_letter
    from desk.recording import listed
    from outputs.letter_values import LetterKind

    if send == (out is not None):
        fail("say --out FILE for a letter to print, or --send for a mail")
    if kind not in list(LetterKind):
        fail(f"{kind!r} is no letter; allowed: {', '.join(LetterKind)}")
    with house_of(config, asks_sources=False) as house:
        options = (reason, ground, earlier, cents, tuple(item or ()), large)
        wanted = Wanted(LetterKind(kind), listed(house, by), *options)
        if out is not None:
            write_letter(house, known_case(house, case), wanted, out)
        else:
            send_letter(house, known_case(house, case), wanted)


@app.command()
def outside(
    deleted: Annotated[
        list[str] | None, typer.Option("--deleted", help="its sign in the list; you deleted it by hand")
    ] = None,
    by: Annotated[str, typer.Option("--by", help="your name, as under [[people]]")] = "",
    how: Annotated[str, typer.Option("--how", help="such as: the mailbox was given up, its server wiped")] = "",
    config: Config = None,
) -> None:
    """What of destroyed cases still lies in a mailbox or the Nextcloud. The program tries every night; what it can
    reach no more you delete by hand, and say so."""
    from desk.leftovers import record_deleted, what_is_left

    with house_of(config, asks_sources=False) as house:
        if deleted:
            record_deleted(house, deleted, by, how)
        print(what_is_left(house))


@app.command()
def signature(
    out: Annotated[Path | None, typer.Option("--out", help="a folder for certificate and public key")] = None,
    config: Config = None,
) -> None:
    """The fingerprints of the keys that sign answers by S/MIME and OpenPGP; with --out the keys, to be published."""
    from desk.delivering import write_signature

    with house_of(config, asks_sources=False) as house:
        print(write_signature(house, out))


@cases.command()
def clarified(
    case: Annotated[str, typer.Argument(help="a case number: DSAR-2026-0001")],
    by: Annotated[str, typer.Option("--by", help="your name")],
    config: Config = None,
) -> None:
    """Records that the person has answered the question for clarification, or that its day is over."""
    from desk.console import known_case
    from desk.letter import record_clarified
    from desk.recording import listed

    with house_of(config, asks_sources=False) as house:
        record_clarified(house, known_case(house, case), listed(house, by))


@ropa.command("check")
def check_ropa(config: Config = None) -> None:
    """Finds everything in the register that would make an answer fail."""
    from desk.ropa import run_check

    raise SystemExit(run_check(settings_path(config)))


@ropa.command("import")
def import_ropa(
    file: Annotated[Path, typer.Argument(help="the record of processing activities as spreadsheet (.xlsx, .csv)")],
    out: Annotated[Path, typer.Option("--out", help="the file to write")] = Path("ropa.toml"),
) -> None:
    """Makes a register of a spreadsheet; what is missing is marked, what has no place is told."""
    from desk.ropa import run_import

    raise SystemExit(run_import(file, out))


@audit.command("verify")
def verify(
    config: Config = None,
    head: Annotated[str, typer.Option("--head", help="the combined head of a daily report")] = "",
) -> None:
    """Checks the chain of every case's history, and the combined head against one from outside."""
    from desk.auditing import verify_histories

    with house_of(config) as house:
        raise SystemExit(verify_histories(house, head))


@audit.command("export")
def export(case: str, config: Config = None) -> None:
    """The history of one case as JSON: what was done when, by whom, why; no exported data."""
    from desk.auditing import export_history

    with house_of(config) as house:
        print(export_history(house, case))


def run() -> None:
    """The entry point; a broken pipe (`| head`) is not an error."""
    try:
        app()
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None
