"""Where what the sender wrote ends and what was quoted or forwarded begins."""

from __future__ import annotations

import re

_SEPARATOR = re.compile(
    r"^\W*(?:urspr(?:ü|ue)ngliche (?:nachricht|e-?mail|mail)|original(?:nachricht| message| e-?mail)|"
    r"(?:weitergeleitete nachricht|forwarded message|message transf[ée]r[ée]|doorgestuurd bericht|messaggio inoltrato|"
    r"mensaje reenviado|message d'origine|messaggio originale|mensaje original|oorspronkelijk bericht|"
    r"wiadomo[śs][ćc] oryginalna|p[ůu]vodn[íi] zpr[áa]va)|"
    r"(?:anfang der weitergeleiteten (?:nachricht|e-?mail)|begin forwarded message|"
    r"d[ée]but du message r[ée]exp[ée]di[ée]))"
    r"\W*(?:von .{0,80})?$",
    re.I,
)
_ATTRIBUTION = re.compile(
    r"^(?:>\s?)*(?:am|on|le|il|el|op|em|dne|dnia|w dniu)\b.{3,200}"
    r"(?:schrieb|geschrieben|wrote|a écrit|ha scritto|escribió|schreef|escreveu|napsal\(?a?\)?|napisał\(?a?\)?)"
    r".{0,120}:\s*$",
    re.I,
)
_HEADER_LINE = re.compile(
    r"^\W{0,3}(?P<name>von|from|de|da|van|od|gesendet|sent|datum|date|envoyé|inviato|enviado|verzonden|data|an|to|à|a|"
    r"aan|para|do|betreff|subject|objet|oggetto|asunto|onderwerp|assunto|temat|cc|kopie)\W{0,3}\s*:",
    re.I,
)
_FROM_NAMES = frozenset({"von", "from", "de", "da", "van", "od"})
_SENT_NAMES = frozenset({"gesendet", "sent", "datum", "date", "envoyé", "inviato", "enviado", "verzonden", "data"})
_LONGEST_LINE = 1_000


def split_quoted(text: str) -> tuple[str, str]:
    """`text` as (what the sender wrote, what was quoted or forwarded below or between). Linear in its length."""
    own: list[str] = []
    quoted: list[str] = []
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        if _begins_rest(lines, at):
            quoted += [line.lstrip("> ") if line.startswith(">") else line for line in lines[at:]]
            break
        skipped = _attribution_lines(lines, at)
        if skipped:
            quoted += lines[at : at + skipped]
            at += skipped
        else:
            is_quote = lines[at].startswith(">")
            (quoted if is_quote else own).append(lines[at].lstrip("> ") if is_quote else lines[at])
            at += 1
    return "\n".join(own).strip(), "\n".join(quoted).strip()


def _begins_rest(lines: list[str], at: int) -> bool:
    """True where everything from line `at` on is an earlier mail: a separator, or a block of its headers."""
    line = lines[at][:_LONGEST_LINE].strip()
    if len(line) < 200 and _SEPARATOR.match(line.lstrip("> ")):
        return True
    return _is_header_block(lines[at : at + 6])


def _is_header_block(lines: list[str]) -> bool:
    """Outlook's way to quote: "Von: … / Gesendet: … / An: …". A web form's fields lack the date and do not count."""
    names = [found["name"].lower() for line in lines if (found := _HEADER_LINE.match(line[:_LONGEST_LINE]))]
    return (
        len(names) >= 3
        and names[0] in _FROM_NAMES
        and bool(_SENT_NAMES & set(names))
        and _HEADER_LINE.match(lines[0][:_LONGEST_LINE]) is not None
    )


def _attribution_lines(lines: list[str], at: int) -> int:
    """Number of lines (0 to 2) of an "Am … schrieb …:" at `at` that stands before a quotation."""
    for count in (1, 2):
        joined = " ".join(line.strip() for line in lines[at : at + count])
        if len(joined) < 400 and _ATTRIBUTION.match(joined):
            following = [line for line in lines[at + count : at + count + 3] if line.strip()]
            return count if following and following[0].startswith(">") else 0
    return 0
