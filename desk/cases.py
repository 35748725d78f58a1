"""`auskunft case …`: what a DPO does with a case."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from desk.console import fail, go_on, house_of, known_case

cases = typer.Typer(help="The cases: list, show, decide, review, hand over.", no_args_is_help=True)

Config = Annotated[Path | None, typer.Option("--config", help="auskunft.toml; else AUSKUNFT_SETTINGS or this folder's")]
Case = Annotated[str, typer.Argument(help="a case number: DSAR-2026-0001")]
By = Annotated[str, typer.Option("--by", help="your name")]
Channel = Annotated[
    str, typer.Option("--channel", help="phone, letter, in_person, direct_message, web_form, other or mail")
]
OnBehalf = Annotated[
    str, typer.Option("--on-behalf", help="somebody asks for them: lawyer, parent, carer, agency or other")
]
System = Annotated[str, typer.Option("--system", help="all undecided findings of one person's record in one system")]
Record = Annotated[str, typer.Option("--record", help="which record, where the system has several: a finding's number")]
AsJson = Annotated[bool, typer.Option("--json", help="for machines: JSON")]


class Decision(NamedTuple):
    """What a command says of findings."""

    kind: str
    by: str
    reason: str
    findings: tuple[int, ...]
    system: str = ""
    record: str = ""


@cases.command("list")
def list_(
    every: Annotated[bool, typer.Option("--all", help="ended cases too")] = False,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Open cases, the most urgent first."""
    from desk.showing import show_list

    with house_of(config, asks_sources=False) as house:
        show_list(house, every=every, as_json=as_json)


@cases.command()
def show(
    case: Case,
    mail: Annotated[bool, typer.Option("--mail", help="the texts of the case's mails too")] = False,
    searches: Annotated[bool, typer.Option("--searches", help="what was searched by what, with hits and time")] = False,
    finding: Annotated[int, typer.Option("--finding", help="one finding whole, with who else is in it and where")] = 0,
    config: Config = None,
) -> None:
    """What is known: who asks, what was found and not found, what waits. For your eyes: personal data."""
    from desk.showing import show_case
    from desk.showing_people import show_finding

    with house_of(config) as house:
        if finding:
            show_finding(house, known_case(house, case), finding)
            return
        show_case(house, known_case(house, case), with_mail=mail, with_searches=searches)


@cases.command()
def history(case: Case, config: Config = None) -> None:
    """Every step of a case: when, what, by whom, why."""
    from desk.showing import show_history

    with house_of(config) as house:
        show_history(house, known_case(house, case))


@cases.command()
def new(
    name: Annotated[str, typer.Option("--name", help="whose data it is about")],
    channel: Channel,
    by: By,
    received: Annotated[str, typer.Option("--received", help="when it arrived, ISO 8601, local time")],
    email: Annotated[str, typer.Option("--email", help="their address, as they say")] = "",
    right: Annotated[str, typer.Option("--right", help="access, erasure, rectification …")] = "access",
    language: Annotated[str, typer.Option("--language", help="theirs: de, en, fr …")] = "de",
    note: Annotated[str, typer.Option("--note", help="what was said")] = "",
    phone: Annotated[list[str] | None, typer.Option("--phone")] = None,
    address: Annotated[list[str] | None, typer.Option("--address", help='"Street 1, 12345 Town"')] = None,
    customer_number: Annotated[list[str] | None, typer.Option("--customer-number")] = None,
    handle: Annotated[list[str] | None, typer.Option("--handle", help="PLATFORM:NAME, as instagram:lena.rad")] = None,
    birth_date: Annotated[str, typer.Option("--birth-date", help="as 1984-05-17")] = "",
    scan: Annotated[list[Path] | None, typer.Option("--scan", help="the letter; goes into the case, encrypted")] = None,
    on_behalf: OnBehalf = "",
    proxy_name: Annotated[str, typer.Option("--proxy-name", help="who asks for them; --email is theirs then")] = "",
    acknowledge: Annotated[bool, typer.Option("--acknowledge", help="acknowledge the receipt to --email")] = False,
    again: Annotated[bool, typer.Option("--again", help="a further request, although the same is open")] = False,
    config: Config = None,
) -> None:
    """Records a request that did not come by mail; its clock runs from the day it arrived."""
    from desk.new_case import Recorded, record_request

    several = (phone, address, customer_number, handle)
    phones, addresses, numbers, handles = (tuple(values or ()) for values in several)
    who = (name, channel, by, received, email, right, language, note, phones, addresses, numbers, handles, birth_date)
    recorded = Recorded(*who, tuple(scan or ()), on_behalf, proxy_name, acknowledge, again)
    with house_of(config, asks_sources=False) as house:
        print(record_request(house, recorded))
        go_on(house)


@cases.command()
def letters(
    case: Case,
    reader: Annotated[str, typer.Option("--as", help="your name, as under [[people]]")],
    config: Config = None,
) -> None:
    """The case's mails and scans as they came, in a folder in memory. Gone when you press Enter."""
    from desk.letters import show_letters
    from desk.recording import listed

    with house_of(config) as house:
        show_letters(house, known_case(house, case), listed(house, reader))


@cases.command()
def add(
    case: Case,
    system: Annotated[str, typer.Option("--system", help="a system of ropa.toml")],
    by: By,
    files: Annotated[list[Path] | None, typer.Argument(help="what was found there; nothing: say --nothing")] = None,
    nothing: Annotated[bool, typer.Option("--nothing", help="somebody looked, and there is nothing")] = False,
    whole: Annotated[
        bool, typer.Option("--whole", help="of a connected system: somebody looked through all of it by hand")
    ] = False,
    note: Annotated[str, typer.Option("--note", help="where and how it was looked for")] = "",
    config: Config = None,
) -> None:
    """A named person's answer for a system that is asked by hand, or that could not be searched whole."""
    from flows.by_hand import ByHand, CannotAdd
    from flows.by_hand import add as take

    if bool(files) == nothing:
        fail("give the files that were found, or say --nothing")
    with house_of(config) as house:
        try:
            count = take(house, known_case(house, case), ByHand(system, by, note, tuple(files or ()), nothing or whole))
        except CannotAdd as error:
            fail(str(error))
        print(f"{case}: {system} is answered, {count} files were added")
        go_on(house)


@cases.command()
def include(
    case: Case,
    findings: Annotated[list[int] | None, typer.Argument(help="numbers as `auskunft case show` lists them")] = None,
    by: By = "",
    system: System = "",
    record: Record = "",
    staff: Annotated[str, typer.Option("--staff", help="give employees' names too, and why (C-579/21)")] = "",
    config: Config = None,
) -> None:
    """These findings are this person's."""
    from outputs.staff import GIVEN

    reason = f"{GIVEN}{staff.strip()}" if staff.strip() else ""
    _decide(config, case, Decision("include", by, reason, tuple(findings or ()), system, record))


@cases.command()
def exclude(
    case: Case,
    findings: Annotated[list[int] | None, typer.Argument(help="numbers as `auskunft case show` lists them")] = None,
    by: By = "",
    system: System = "",
    record: Record = "",
    reason: Annotated[str, typer.Option("--reason", help="why it is somebody else")] = "",
    config: Config = None,
) -> None:
    """These findings are somebody else's."""
    _decide(config, case, Decision("exclude", by, reason, tuple(findings or ()), system, record))


@cases.command()
def withhold(
    case: Case,
    findings: Annotated[list[int], typer.Argument(help="numbers as `auskunft case show` lists them")],
    by: By,
    ground: Annotated[
        str, typer.Option("--ground", help="art-15-4 (others' rights), bdsg-29-1-2 … of the closed list")
    ],
    reason: Annotated[str, typer.Option("--reason", help="the facts; they stay in the house")] = "",
    config: Config = None,
) -> None:
    """These findings are this person's, but are held back on a ground of the law; the answer says so."""
    from cases.draft import Ground

    if ground not in set(Ground):
        fail(f"--ground {ground!r} is not known; allowed: {', '.join(Ground)}")
    said = f"{ground}: {reason}" if reason else ground
    _decide(config, case, Decision("withhold", by, said, tuple(findings)))


@cases.command()
def review(
    case: Case,
    reader: Annotated[str, typer.Option("--as", help="your name, as under [[people]]")],
    config: Config = None,
) -> None:
    """Shows the draft exactly as the person would get it, and the release code. Gone when you press Enter."""
    from desk.reviewing import review_draft

    with house_of(config) as house:
        review_draft(house, known_case(house, case), reader)


@cases.command()
def triage(
    case: Case,
    decision: Annotated[str, typer.Option("--is", help="access, erasure … or not_a_request")],
    by: By,
    note: Annotated[str, typer.Option("--note")] = "",
    config: Config = None,
) -> None:
    """Says of doubtful mail whether it is a request, and for which right."""
    _answer(config, case, "triage", {"decision": decision, "by": by, "note": note})


@cases.command()
def identify(
    case: Case,
    by: By,
    how: Annotated[str, typer.Option("--how", help="how you checked; no copy of an ID")],
    record: Annotated[str, typer.Option("--record", help="number from `case show`; 0: on file nowhere")] = "",
    cannot: Annotated[bool, typer.Option("--cannot", help="it cannot be found out who asks")] = False,
    config: Config = None,
) -> None:
    """Records how it was checked who asks. The answer goes to the address on file."""
    decision = "cannot_identify" if cannot else "checked"
    _answer(config, case, "identity", {"decision": decision, "by": by, "how": how, "record": record})


@cases.command("id-document")
def id_document(
    case: Case,
    by: By,
    wipe: Annotated[bool, typer.Option("--wipe/--keep", help="it is a copy of an ID and goes / it is none and stays")],
    config: Config = None,
) -> None:
    """Says whether what looks like an unasked copy of an ID is one, after a look at the mail (`case show --mail`)."""
    from desk.recording import say_of_id_document

    with house_of(config) as house:
        say_of_id_document(house, known_case(house, case), by, is_one=wipe)


@cases.command()
def answer(
    case: Case,
    question: Annotated[str, typer.Argument(help="authority, withdrawal, acknowledge …: as `case show` names it")],
    decision: Annotated[str, typer.Option("--decision", help="as on the form: checked, withdrawn, send …")],
    by: By,
    how: Annotated[str, typer.Option("--how", help="how it was checked")] = "",
    receives: Annotated[str, typer.Option("--receives", help="authority: the answer goes to subject or proxy")] = "",
    note: Annotated[str, typer.Option("--note")] = "",
    config: Config = None,
) -> None:
    """Answers any question that waits, as its form in the interface does."""
    typed = {"decision": decision, "by": by, "how": how, "receives": receives, "note": note}
    _answer(config, case, question, typed)


@cases.command()
def delivered(
    case: Case,
    by: By,
    how: Annotated[str, typer.Option("--how", help="how you know")],
    arrived: Annotated[bool, typer.Option("--yes/--no", help="did the answer arrive?")],
    config: Config = None,
) -> None:
    """Says of an answer whose delivery is uncertain whether it arrived. `--no` reviews it again."""
    decision = "arrived" if arrived else "did_not_arrive"
    _answer(config, case, "delivery", {"decision": decision, "by": by, "how": how})


@cases.command()
def refuse(
    case: Case,
    by: By,
    ground: Annotated[str, typer.Option("--ground", help="manifestly_unfounded, excessive, not_identifiable, secrecy")],
    fact: Annotated[
        list[str] | None,
        typer.Option("--fact", help="told to the person: earlier:CASE, unchanged:CASE or asked; repeat it"),
    ] = None,
    tell: Annotated[
        str, typer.Option("--tell", help="told to the person: one sentence in the letter's language, no addresses")
    ] = "",
    code: Annotated[str, typer.Option("--code", help="what was shown with this code goes out")] = "",
    reason: Annotated[str, typer.Option("--reason", help="with --code: the facts for the record, 20 characters")] = "",
    config: Config = None,
) -> None:
    """Refuses the answer (Art. 12(4)). Without --code it shows what the person would get: ground, facts, the right to
    complain and the judicial remedy."""
    from desk.recording import refuse_case, show_refusal
    from flows.refusal import Reasons

    if code and (fact or tell):
        fail("--code sends what was shown; to tell something else, leave it out and read it first")
    with house_of(config) as house:
        if not code:
            show_refusal(house, known_case(house, case), by, Reasons(ground, tuple(fact or ()), tell))
            return
        refuse_case(house, known_case(house, case), ground, by, reason, code)
        go_on(house)


@cases.command()
def done(
    case: Case,
    by: By,
    reason: Annotated[str, typer.Option("--reason", help="what was done, and how the person was told")],
    although_access_is_open: Annotated[
        bool, typer.Option("--although-access-is-open", help="end an erasure before the access case that goes first")
    ] = False,
    config: Config = None,
) -> None:
    """A case that was handled by hand (erasure, rectification …) has been answered."""
    from desk.recording import finish_by_hand

    with house_of(config) as house:
        finish_by_hand(house, known_case(house, case), by, reason, early=although_access_is_open)
        go_on(house)


@cases.command()
def withdraw(
    case: Case,
    by: By,
    reason: Annotated[str, typer.Option("--reason", help="how the person took the request back")],
    config: Config = None,
) -> None:
    """The person took the request back."""
    from desk.recording import withdraw_case

    with house_of(config) as house:
        withdraw_case(house, known_case(house, case), by, reason)
        go_on(house)


def _decide(config: Path | None, case: str, decision: Decision) -> None:
    from desk.recording import Decided, decide

    if bool(decision.findings) == bool(decision.system):
        fail("give the numbers of findings, or --system NAME [--record NUMBER]")
    if not decision.by.strip():
        fail("say who decides: --by NAME")
    said = Decided(*decision)
    with house_of(config) as house:
        count = decide(house, known_case(house, case), said)
        print(f"{case}: {count} findings: {decision.kind}")
        go_on(house)


def _answer(config: Path | None, case: str, kind: str, typed: dict[str, str]) -> None:
    from desk.recording import answer_question

    with house_of(config) as house:
        answer_question(house, known_case(house, case), kind, typed)
        go_on(house)
