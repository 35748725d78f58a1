"""What the person received: the mails, the sealed answer, and what is in it."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import cast

from rich.console import Console
from rich.panel import Panel

from infra.durable import create_private
from outputs.open import OpenedReport, open_package
from outputs.seal import Passphrase

MAILS, OPENED, PASSPHRASE = "mails", "opened", "passphrase.txt"


def save_mails(out: Path, raws: list[bytes]) -> None:
    """The mails as the person's program would save them."""
    (out / MAILS).mkdir()
    for number, raw in enumerate(raws, start=1):
        create_private(out / MAILS / f"{number:02}.eml", raw)


def keep_answer(out: Path, case: str, passphrase: str) -> OpenedReport:
    """Saves the attachment and the passphrase, opens the answer with it and verifies every file."""
    name, content = _attachment(out)
    create_private(out / name, content)
    create_private(out / PASSPHRASE, f"{passphrase}\n".encode())
    opened = open_package(out / name, Passphrase(passphrase), out / OPENED)
    if opened.case != case:
        raise ValueError("the answer is about another case")
    return opened


def print_letter(console: Console, out: Path) -> None:
    """Prints what arrived: subjects, the files of the opened answer, and where to look."""
    lines = [f"{_mail(path)['Subject']}" for path in sorted((out / MAILS).glob("*.eml"))]
    console.print(Panel("\n".join(lines), title="Was die Person bekam / what the person received", title_align="left"))
    for path in sorted(path for path in (out / OPENED).rglob("*") if path.is_file()):
        console.print(f"  {path.relative_to(out)} [dim]({path.stat().st_size:,} Bytes)[/dim]")


def _attachment(out: Path) -> tuple[str, bytes]:
    for path in sorted((out / MAILS).glob("*.eml"), reverse=True):
        for part in _mail(path).iter_attachments():
            return str(part.get_filename()), cast(bytes, part.get_payload(decode=True))
    raise LookupError("no mail carries an answer")


def _mail(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), policy=default)
