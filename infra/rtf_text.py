"""The text of Rich Text Format, and the HTML that Outlook hides in it.

RTF 1.9.1 and [MS-OXRTFEX] (HTML and plain text inside RTF). One pass, bounded; never fails. Documents in RTF are read
by the confined extractor; this is for the body of a mail, which comes as RTF in `winmail.dat`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from infra.mime_text import canonical

MAX_RTF = 1024 * 1024
MAX_GROUPS = 200
_TOKEN = re.compile(
    rb"\\'([0-9a-fA-F]{2})|\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.S
)
_SILENT = frozenset({
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "footer", "headerl", "headerr", "headerf",
    "footerl", "footerr", "footerf", "listtable", "listoverridetable", "rsidtbl", "generator", "themedata", "datastore",
    "xmlnstbl", "latentstyles", "fldinst", "bkmkstart", "bkmkend", "annotation", "revtbl", "filetbl", "mmathPr",
    "pntext", "nonshppict",
})  # fmt: skip
_BREAKS = {"par": "\n", "line": "\n", "sect": "\n\n", "page": "\n\n", "row": "\n", "tab": "\t", "cell": " "}
_SIGNS = {
    "lquote": "\u2018", "rquote": "\u2019", "ldblquote": "\u201c", "rdblquote": "\u201d", "endash": "\u2013",
    "emdash": "\u2014", "bullet": "\u2022", "emspace": " ", "enspace": " ",
}  # fmt: skip


def rtf_text(rtf: bytes) -> str:
    """The visible text; empty for what is no RTF."""
    return _Reader(html=False).read(rtf) if rtf.lstrip().startswith(b"{\\rtf") else ""


def rtf_html(rtf: bytes) -> str:
    """The HTML from which Outlook made the RTF; empty where it was not made from HTML."""
    return _Reader(html=True).read(rtf) if b"\\fromhtml" in rtf[:2_000] else ""


@dataclass(slots=True)
class _Group:
    silent: bool = False
    skip: int = 1  # characters in place of a Unicode one, for readers without Unicode
    tag: bool = False


class _Reader:
    """Walks the tokens. For HTML, groups `htmltag` are the HTML, and what stands between `htmlrtf` and `htmlrtf0` is
    only for readers of RTF."""

    def __init__(self, *, html: bool) -> None:
        self._html = html
        self._found: list[str] = []
        self._octets = bytearray()
        self._group = _Group()
        self._above: list[_Group] = []
        self._too_deep = 0
        self._starred = self._for_rtf = False
        self._charset = "cp1252"
        self._to_skip = 0

    def read(self, rtf: bytes) -> str:
        for token in _TOKEN.finditer(rtf[:MAX_RTF]):
            octet, word, number, sign, brace, text = token.groups()
            if octet:
                self._characters(bytes([int(octet, 16)]))
            elif word:
                self._word(word.decode(), int(number) if number else None)
            elif sign:
                self._sign(sign)
            elif brace:
                self._brace(opens=brace == b"{")
            elif text:
                self._characters(text)
        self._flush()
        return "".join(self._found)

    def _brace(self, *, opens: bool) -> None:
        self._flush()
        self._starred, self._to_skip = False, 0
        if opens and (self._too_deep or len(self._above) >= MAX_GROUPS):
            self._too_deep += 1
        elif opens:
            self._above.append(self._group)
            self._group = _Group(self._group.silent, self._group.skip)
        elif self._too_deep:
            self._too_deep -= 1
        elif self._above:
            self._group = self._above.pop()

    def _word(self, word: str, number: int | None) -> None:
        starred, self._starred = self._starred, False
        if word == "u" and number is not None:
            self._flush()
            self._write(chr(number % 0x10000) if not 0xD800 <= number % 0x10000 < 0xE000 else "\ufffd")
            self._to_skip = self._group.skip
        elif word == "uc":
            self._group.skip = min(max(number or 0, 0), 10)
        elif word == "ansicpg" and number:
            self._charset = canonical(f"cp{number}") or "cp1252"
        elif word == "htmlrtf":
            self._flush()
            self._for_rtf = self._html and number != 0
        elif word == "htmltag" and starred:
            self._group.tag, self._group.silent = self._html, not self._html
        elif word in _SILENT or starred:
            self._group.silent = True
        elif word in _BREAKS or word in _SIGNS:
            self._flush()
            self._write(_BREAKS.get(word, _SIGNS.get(word, "")))

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self._starred = True
        elif sign in b"{}\\":
            self._characters(sign)
        elif sign == b"~":
            self._characters(b" ")
        elif sign in b"\r\n":
            self._flush()
            self._write("\n")

    def _characters(self, content: bytes) -> None:
        skipped = min(self._to_skip, len(content))
        self._to_skip -= skipped
        self._octets += content[skipped:]

    def _flush(self) -> None:
        """Octets become text together: a character may have two."""
        if self._octets:
            self._write(bytes(self._octets).decode(self._charset, "replace"))
            self._octets.clear()

    def _write(self, text: str) -> None:
        if not self._group.silent and not self._for_rtf:
            self._found.append(text)
