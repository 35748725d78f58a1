"""`auskunft inbox`: what became of the mail in the mailboxes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.console import house_of

if TYPE_CHECKING:
    from flows.inbox_audit import Audited

inbox = typer.Typer(help="The mailboxes: what became of every mail in them.", no_args_is_help=True)

WORDS = {
    "case": "opened a case",
    "attached": "belong to a case",
    "triage": "wait for a person's word",
    "not_a_request": "are no request",
    "forgotten": "are forgotten here (their period has ended)",
    "waiting": "wait to be read",
}
FAULTS = {
    "no_state": "nobody knows what became of it",
    "two_states": "it is stored twice",
    "no_such_case": "its case does not exist",
}


@inbox.callback()
def of_the_inbox() -> None:
    """So that `audit` is a command of its own."""


@inbox.command()
def audit(
    config: Annotated[
        Path | None, typer.Option("--config", help="auskunft.toml; else AUSKUNFT_SETTINGS or here")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="for machines: JSON")] = False,
) -> None:
    """Accounts for every mail in every configured folder. Status 1: one is in no state or in two, or a mailbox could
    not be read."""
    from flows.inbox_audit import audit_inboxes

    with house_of(config) as house:
        found = audit_inboxes(house)
    print(json.dumps(_for_machines(found), ensure_ascii=False) if as_json else "\n".join(_for_people(found)))
    raise SystemExit(0 if all(one.sound for one in found) else 1)


def _for_machines(found: tuple[Audited, ...]) -> dict[str, object]:
    return {"ok": all(one.sound for one in found), "mailboxes": [_one(mailbox) for mailbox in found]}


def _one(mailbox: Audited) -> dict[str, object]:
    wrong = [{"folder": item.folder, "uid": item.uid, "code": item.code} for item in mailbox.wrong]
    return {
        "name": mailbox.name,
        "trouble": mailbox.trouble,
        "states": dict(mailbox.fates),
        "elsewhere": mailbox.elsewhere,
        "wrong": wrong,
    }


def _for_people(found: tuple[Audited, ...]) -> list[str]:
    lines = []
    for mailbox in found:
        if mailbox.trouble:
            lines.append(f"{mailbox.name}: cannot be read ({mailbox.trouble}); ask `auskunft doctor`")
            continue
        lines.append(f"{mailbox.name}: {sum(mailbox.fates.values()) + len(mailbox.wrong)} mails")
        lines += [f"  {count:6} {WORDS[fate]}" for fate, count in mailbox.fates.items()]
        if mailbox.elsewhere:
            lines.append(f"  (and {mailbox.elsewhere} stored ones that lie in none of these folders any more)")
        lines += [f"! {item.folder} {item.uid}: {FAULTS[item.code]} ({item.code})" for item in mailbox.wrong]
    return lines
