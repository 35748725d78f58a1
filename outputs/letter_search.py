"""What was searched and what not: coverage, open systems, what is withheld, and the remedies (Art. 12(4), 77, 79)."""

from __future__ import annotations

from cases.coverage import ASKED_BEFORE, Cell, CellState
from cases.draft import AnswerKind, Draft, Item
from cases.register import Exclusion
from outputs.document import Block, Bullets, Heading, Paragraph, Table, Term, Terms
from outputs.names import belongs, kind_name, printable, system_name
from outputs.texts import Texts

_REFUSES = {Exclusion.BACKUP_ONLY, Exclusion.NOT_IDENTIFIABLE}  # a limit of the right, so the remedies are owed
_OWN_WORDS = ("not_answered", "not_searched", ASKED_BEFORE)  # of the codes of an open cell
_MOST_NUMBERS = 20  # of entries that a sentence lists


def searched(draft: Draft, words: Texts) -> tuple[Block, ...]:
    """Every system with its result; the declaration of completeness only where nothing is open (BGH VI ZR 576/19)."""
    header = words("searched.system"), words("searched.result"), words("searched.date")
    rows = tuple(_row(draft, cell, words) for cell in draft.cells)
    blocks: list[Block] = [Heading(words("searched.title")), Table(header, rows, (5, 8, 4))]
    if draft.complete:
        blocks.append(Paragraph(_completeness(draft, words)))
    return tuple(blocks)


def _completeness(draft: Draft, words: Texts) -> str:
    nothing = "_nothing" if draft.kind is AnswerKind.NOTHING_HELD else ""
    sections = ", ".join(words("searched.section", title=words(f"{name}.title")) for name in left_out(draft))
    declared = words(f"searched.complete{nothing}")
    return f"{declared} {words('searched.except', sections=sections)}" if sections else declared


def left_out(draft: Draft) -> tuple[str, ...]:
    """The sections of the letter that say what is missing from the answer: none where it is whole."""
    sections = {
        "open": any(cell.open for cell in draft.cells),
        "withheld": bool(draft.left_out or draft.masked),
        "excluded": limited(draft),
    }
    return tuple(name for name, so in sections.items() if so)


def partial(draft: Draft) -> bool:
    """Whether the answer lacks something: a refusal in part, or a search that is not finished (Art. 12(4))."""
    return not draft.complete or bool(left_out(draft))


def limited(draft: Draft) -> bool:
    """Whether a system that may hold data of the person was left out, by a limit that the right itself has."""
    left = (cell.system.reason for cell in draft.cells if cell.state is CellState.EXCLUDED)
    return any(reason in _REFUSES or reason is None for reason in left)


def _row(draft: Draft, cell: Cell, words: Texts) -> tuple[str, str, str]:
    at = words.day(cell.at, draft.controller.timezone) if cell.at else words("letter.none")
    return cell.system.name.in_(words.language), _result(draft, cell, words), at


def _result(draft: Draft, cell: Cell, words: Texts) -> str:
    if cell.state is CellState.EXCLUDED:
        return words("searched.excluded")
    entries = sum(belongs(item, cell) for item in (*draft.released, *draft.withheld))
    said = {"entries": words.count("count.entries", entries), "parts": words.count("count.parts", cell.gaps)}
    return words(_result_key(cell.state, entries), **said)


def _result_key(state: CellState, entries: int) -> str:
    match state:
        case CellState.OPEN:
            return "searched.open_some" if entries else "searched.open"
        case CellState.GAPS:
            return "searched.gaps_some" if entries else "searched.gaps_nothing"
        case CellState.ANSWERED:
            return "searched.by_hand_some" if entries else "searched.by_hand_nothing"
        case _:
            return "searched.some" if entries else "searched.nothing"


def identifiers(draft: Draft, words: Texts) -> tuple[Block, ...]:
    """What the search was made with: only where nothing was found (ANS-02)."""
    named: dict[str, list[str]] = {}
    for kind, value in draft.searched_with:
        named.setdefault(_identifier_name(kind, words), []).append(printable(value))
    if not named:
        return ()
    terms = Terms(tuple(Term(label, tuple(values)) for label, values in named.items()))
    return Heading(words("identifiers.title")), Paragraph(words("identifiers.intro")), terms


def _identifier_name(kind: str, words: Texts) -> str:
    key = f"identifiers.{kind}"
    return words(key) if words.known(key) else words("identifiers.other")


def still_open(draft: Draft, words: Texts) -> tuple[Block, ...]:
    """The systems that are open or had unreadable parts, and why; nothing where none is."""
    left = [cell for cell in draft.cells if cell.open]
    if draft.complete or not left:
        return ()
    terms = Terms(tuple(Term(cell.system.name.in_(words.language), (_why_open(cell, words),)) for cell in left))
    paragraphs = Paragraph(words("open.intro")), terms, Paragraph(words("open.after"))
    return Heading(words("open.title")), *paragraphs


def _why_open(cell: Cell, words: Texts) -> str:
    if cell.state is CellState.GAPS:
        said = words.count("count.parts", cell.gaps)
        return said[:1].upper() + said[1:] + "."
    key = f"open.{cell.code}"
    return words(key) if cell.code in _OWN_WORDS else words("open.unavailable")


def changed(draft: Draft, words: Texts) -> tuple[Block, ...]:
    """What is given is the state of the first search; what was different later is noted (ANS-23; EDPB Guidelines
    01/2022 par. 34-39)."""
    if not draft.changed:
        return ()
    since = words.day(draft.first_snapshot_at or draft.snapshot_at, draft.controller.timezone)
    lines = (words("changes.entry", number=item.number, what=_change(item, words, "")) for item in draft.changed)
    return Heading(words("changes.title")), Paragraph(words("changes.intro", since=since)), Bullets(tuple(lines))


def _change(item: Item, words: Texts, prefix: str) -> str:
    day = words.date(item.changed_on) if item.changed_on else words("letter.none")
    return words(f"changes.{prefix}{item.change}", date=day)


def copy_change(item: Item, words: Texts) -> str:
    """The same for the copy of the data, at the entry itself; empty where nothing changed."""
    return _change(item, words, "copy_") if item.change else ""


def withheld(draft: Draft, words: Texts) -> tuple[Block, ...]:
    """What is this person's and not handed out, whole or in part, each with its ground (ANS-21, SCP-05). Names of our
    own people may be missing from thousands of entries for one reason: that is said once."""
    if not draft.left_out and not draft.masked:
        return ()
    return Heading(words("withheld.title")), *_entries_left_out(draft, words), *_without_staff(draft, words)


def _entries_left_out(draft: Draft, words: Texts) -> tuple[Block, ...]:
    if not draft.left_out:
        return ()
    header = words("withheld.number"), words("withheld.what"), words("withheld.reason")
    rows = tuple((str(item.number), withheld_entry(draft, item, words), ground(item, words)) for item in draft.left_out)
    intro = words("withheld.intro_redacted" if draft.redacted else "withheld.intro")
    return Paragraph(intro), Table(header, rows, (2, 7, 11))


def _without_staff(draft: Draft, words: Texts) -> tuple[Block, ...]:
    if not draft.masked:
        return ()
    said = {"entries": masked_entries(draft, words), "mark": words("redaction.staff"), "reason": words("ground.staff")}
    return (Paragraph(words("withheld.staff", **said)),)


def masked_entries(draft: Draft, words: Texts) -> str:
    """`2 Einträge (Nr. 34, 36)`; of many only how many they are: each says so itself."""
    numbers = [str(item.number) for item in draft.masked]
    entries = words.count("count.entries", len(numbers))
    if len(numbers) > _MOST_NUMBERS:
        return entries
    return words("withheld.numbered", entries=entries, numbers=", ".join(numbers))


def withheld_entry(draft: Draft, item: Item, words: Texts) -> str:
    """`E-Mail vom 3. Mai 2026, Postfach`: enough to know what is missing, nothing of its content."""
    said = {"kind": kind_name(item.kind, words), "system": system_name(draft, item)}
    key = "withheld.entry"
    if item.at is not None:
        key, said["date"] = "withheld.entry_dated", words.day(item.at, draft.controller.timezone)
    return _extent(item, words(key, **said), words)


def _extent(item: Item, what: str, words: Texts) -> str:
    """How much of the entry is held back: all of it, places of its text, and files that nobody could redact."""
    if not item.redacted:
        return what
    if not item.held_files:
        return words("redaction.entry", what=what)
    count = len(item.held_files)
    files = words("redaction.one_file") if count == 1 else words("redaction.many_files", n=count)
    return words("redaction.entry_files", what=what, files=files)


def ground(item: Item, words: Texts) -> str:
    """The grounds in words. A draft whose item has none of the list can be looked at, but not released."""
    known = [words(f"ground.{one.value}") for one in item.decision.grounds] if item.decision else []
    if item.masked:
        known.append(words("ground.staff"))
    return " ".join(known) if known else words("ground.missing")


def excluded(draft: Draft, words: Texts) -> tuple[Block, ...]:
    """Systems not searched, with the reason the law knows and the controller's explanation (SCP-02)."""
    left = [cell for cell in draft.cells if cell.state is CellState.EXCLUDED]
    if not left:
        return ()
    terms = Terms(tuple(Term(cell.system.name.in_(words.language), _exclusion(cell, words)) for cell in left))
    return Heading(words("excluded.title")), Paragraph(words("excluded.intro")), terms


def _exclusion(cell: Cell, words: Texts) -> tuple[str, ...]:
    reason = words(f"excluded.{cell.system.reason.value}") if cell.system.reason else ""
    return tuple(part for part in (reason, cell.system.explanation.in_(words.language)) if part)


def remedy(draft: Draft, words: Texts) -> tuple[Block, ...]:
    """Complaint and judicial remedy, wherever something is withheld, open or excluded by a limit of the right."""
    if not partial(draft):
        return ()
    return Heading(words("remedy.title")), Paragraph(words("remedy.text"))
