"""`auskunft case deliver|print|package|passphrase|correct`: how an answer reaches the person, once more if it must."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desk.cases import By, Case, Config
from desk.console import fail, go_on, house_of, known_case
from desk.redaction_cases import cases

__all__ = ["cases"]

Again = Annotated[bool, typer.Option("--again", help="it was shown before; say --why")]
Why = Annotated[str, typer.Option("--why", help="the reason, for the history")]


@cases.command()
def passphrase(
    case: Case,
    reader: Annotated[str, typer.Option("--as", help="your name, as under [[people]]")],
    handed_over: Annotated[
        str,
        typer.Option(
            "--handed-over", help="it was handed over: phone, letter, sms, in_person; not_needed: all on paper"
        ),
    ] = "",
    letter: Annotated[Path | None, typer.Option("--letter", help="a new file, .pdf or .docx: to be sent apart")] = None,
    again: Again = False,
    why: Why = "",
    config: Config = None,
) -> None:
    """Shows the passphrase of a sealed answer, once; or writes it as a letter; or records that it was handed over: only
    that ends the case."""
    from desk.passphrases import record_hand_over, show_passphrase, write_passphrase_letter

    if handed_over and letter:
        fail("--letter writes it, --handed-over says that it has arrived: one after the other")
    with house_of(config) as house:
        number = known_case(house, case)
        if handed_over:
            record_hand_over(house, number, reader, handed_over)
            go_on(house)
        elif letter:
            write_passphrase_letter(house, number, reader, letter, again=again, why=why)
        else:
            show_passphrase(house, number, reader, again=again, why=why)


@cases.command()
def deliver(
    case: Case,
    way: Annotated[str, typer.Option("--way", help="mail, link (of the Nextcloud in [delivery]) or post")],
    by: By,
    why: Annotated[str, typer.Option("--why", help="such as: asked for paper on the phone")] = "",
    config: Config = None,
) -> None:
    """Chooses the way of the answer: before its approval, or for a sealed one that could not go by mail."""
    from desk.delivering import choose_way

    with house_of(config) as house:
        print(choose_way(house, known_case(house, case), way, by, why))
        go_on(house)


@cases.command()
def seal(
    case: Case,
    by: By,
    key: Annotated[
        Path | None, typer.Option("--key", help="the person's certificate (.pem, .cer) or OpenPGP key (.asc)")
    ] = None,
    from_mail: Annotated[
        bool, typer.Option("--from-mail", help="the key that came with a mail of the case: signed, or attached")
    ] = False,
    fingerprint: Annotated[str, typer.Option("--fingerprint", help="with --from-mail: as the person named it")] = "",
    passphrase_: Annotated[bool, typer.Option("--passphrase", help="with a passphrase after all")] = False,
    why: Annotated[str, typer.Option("--why", help="how you made sure that the key is the person's own")] = "",
    config: Config = None,
) -> None:
    """Chooses with what the answer is sealed, before its approval: a key of the person's own, so that their mail
    program opens it (S/MIME, OpenPGP), or a passphrase."""
    from desk.delivering import key_in_file, key_in_mail, seal_with_key, seal_with_passphrase

    if [key is not None, from_mail, passphrase_].count(True) != 1:
        fail("either --key FILE or --from-mail or --passphrase")
    with house_of(config) as house:
        number = known_case(house, case)
        if passphrase_:
            print(seal_with_passphrase(house, number, by, why))
        else:
            given = key_in_file(key) if key else key_in_mail(house, number, fingerprint)
            print(seal_with_key(house, number, given, by, why))
        go_on(house)


@cases.command("print")
def print_(
    case: Case,
    out: Annotated[Path, typer.Option("--out", help="a new folder, best in memory: /dev/shm/…")],
    by: By,
    paper_only: Annotated[bool, typer.Option("--paper-only", help="no data carrier, where all can be printed")] = False,
    again: Again = False,
    why: Why = "",
    config: Config = None,
) -> None:
    """Opens a sealed answer for the post: what is printed, the passphrase letter for a second envelope, and the sealed
    file for a data carrier. Delete the folder when you have printed it."""
    from desk.printing import Printing, print_answer

    with house_of(config) as house:
        print_answer(house, known_case(house, case), Printing(by, out, paper_only, again, why))


@cases.command()
def package(
    case: Case,
    out: Annotated[Path, typer.Option("--out", help="a new file for the sealed answer")],
    by: By,
    config: Config = None,
) -> None:
    """Writes the sealed answer to a file: for post, or where it is too large for a mail."""
    from desk.recording import save_package

    with house_of(config) as house:
        print(save_package(house, known_case(house, case), out, by))


@cases.command()
def correct(case: Case, by: By, why: Why, config: Config = None) -> None:
    """Takes an answer that left back to review: the new version says which letter it replaces."""
    from desk.delivering import correct_answer

    with house_of(config) as house:
        print(correct_answer(house, known_case(house, case), by, why))
        go_on(house)
