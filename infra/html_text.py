"""HTML of a mail turned into plain text without executing or fetching anything."""

from __future__ import annotations

import re
from html.parser import HTMLParser

MAX_HTML = 400_000  # characters considered; a letter is far below, a hostile page far above

_INVISIBLE = ("script", "style", "head", "title", "template", "noscript", "object", "svg", "xml")
_BREAKS = frozenset(
    {
        "br",
        "p",
        "div",
        "tr",
        "table",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "section",
        "article",
        "header",
        "footer",
        "blockquote",
        "pre",
        "hr",
        "dt",
        "dd",
        "address",
        "form",
    }
)
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table"})
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9:_-]{0,40}(?:[\s/][^<>]{0,2000})?>")
_SPACES = re.compile(r"[ \t\u00a0]+")
_DECLARATION = re.compile(r"<![a-zA-Z\[][^<>]{0,1000}>")
_DATA = re.compile(r"data:[\w/+.;=-]{0,80},[A-Za-z0-9+/=%\s]{200,}")  # pictures written into attributes
_HIDING = re.compile(
    r"(?:^|;)(?:display:none|visibility:hidden|mso-hide:all|opacity:0(?:\.0*)?(?=;|!|$)|max-height:0(?:px)?(?=;|!|$))",
    re.I,
)
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})


def html_to_text(html: str) -> str:
    """Text of `html` with its lines; quoted blocks get "> " before each line. Never raises, whatever the input."""
    return html_texts(html)[0]


def html_texts(html: str) -> tuple[str, str]:
    """The text that a reader of `html` sees, and the text that it hides from her (`display:none` and the like)."""
    writer = _Writer()
    writer.feed(_only_simple_tags(_without_invisible(_DATA.sub("data:,", html)[:MAX_HTML])))
    writer.close()
    return writer.text(), writer.hidden_text()


def _without_invisible(html: str) -> str:
    html = _DECLARATION.sub("", _cut_between(html, "<!--", "-->"))
    for name in _INVISIBLE:
        html = _cut_element(html, name)
    return html


def _cut_between(html: str, start: str, end: str) -> str:
    """`html` without what stands between the two marks; an unclosed start takes only itself away. Linear."""
    kept, at = [], 0
    while (begin := html.find(start, at)) >= 0:
        kept.append(html[at:begin])
        stop = html.find(end, begin + len(start))
        if stop < 0:
            return "".join(kept) + html[begin + len(start) :]
        at = stop + len(end)
    return "".join(kept) + html[at:]


def _cut_element(html: str, name: str) -> str:
    """`html` without the elements `name` and their content. Unclosed ones stay: better odd words than a lost letter."""
    opening, closing = re.compile(rf"<{name}[\s>/]", re.I), re.compile(rf"</{name}[^<>]{{0,100}}>", re.I)
    ends = [match.span() for match in closing.finditer(html)]
    kept, at, next_end = [], 0, 0
    for match in opening.finditer(html):
        if match.start() < at:
            continue
        while next_end < len(ends) and ends[next_end][0] < match.start():
            next_end += 1
        if next_end == len(ends):
            break
        kept.append(html[at : match.start()])
        at = ends[next_end][1]
    return "".join(kept) + html[at:]


def _only_simple_tags(html: str) -> str:
    """Every `<` that opens no ordinary tag becomes text: half-open constructs cost the parser quadratic time."""
    parts, at = [], 0
    for match in _TAG.finditer(html):
        parts += [html[at : match.start()].replace("<", "&lt;"), match.group()]
        at = match.end()
    return "".join([*parts, html[at:].replace("<", "&lt;")])


class _Writer(HTMLParser):
    """Collects the text between tags, a line for each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._quote = 0
        self._hidden: list[str] = []
        self._hider, self._depth, self._shown = "", 0, 0

    def set_cdata_mode(self, elem: str, **_: object) -> None:
        """No tag switches the mode: what a script or style would hide has been cut already."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._hider == tag:
            self._depth += 1
        elif not self._hider and tag not in _VOID and _hides(attrs):
            self._hider, self._depth, self._shown = tag, 1, len(self._parts)
        if tag == "blockquote":
            self._break(tag)
            self._quote = min(self._quote + 1, 5)
        elif tag == "li":
            self._parts += ["\n", self._mark(), "- "]
        elif tag in ("td", "th"):
            self._parts.append(" ")
        elif tag in _BREAKS:
            self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _BREAKS:
            self._break(tag)
        if tag == "blockquote":
            self._quote = max(self._quote - 1, 0)
        if tag == self._hider:
            self._depth -= 1
            if self._depth == 0:
                self._hide()

    def _hide(self) -> None:
        """Only a hiding element that is closed hides: an open one would take the rest of the letter with it."""
        self._hidden += self._parts[self._shown :]
        del self._parts[self._shown :]
        self._hider = ""

    def handle_data(self, data: str) -> None:
        flat = _SPACES.sub(" ", data.replace("\r", " ").replace("\n", " "))
        at_line_start = not self._parts or self._parts[-1].endswith("\n")
        if flat.strip():
            self._parts += [self._mark(), flat] if at_line_start else [flat]
        elif flat and not at_line_start and not self._parts[-1].endswith(" "):
            self._parts.append(" ")

    def _mark(self) -> str:
        return "> " * self._quote

    def _break(self, tag: str) -> None:
        self._parts.append("\n\n" if tag in _PARAGRAPHS else "\n")

    def text(self) -> str:
        return _in_lines(self._parts)

    def hidden_text(self) -> str:
        return _in_lines(self._hidden)


def _hides(attributes: list[tuple[str, str | None]]) -> bool:
    for name, value in attributes:
        if name == "hidden" or (name == "style" and _HIDING.search("".join((value or "").split()))):
            return True
    return False


def _in_lines(parts: list[str]) -> str:
    lines = [_SPACES.sub(" ", line).strip() for line in "".join(parts).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
