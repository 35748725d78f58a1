"""What somebody could write into a record to make an answer do something: all of it invented, none of it harmful."""

from __future__ import annotations

from dataclasses import replace

from cases.draft import Draft, Item, ItemField
from tests.outputs.conftest import DRAFT

CANARY = "window.__touched=1"
MARKUP = (
    f"<script>{CANARY}</script>",
    f"</script><script>{CANARY}</script>",
    f"</style><script>{CANARY}</script>",
    f'"><img src=x onerror="{CANARY}">',
    f"'\"><svg/onload={CANARY}>",
    f"<iframe srcdoc='<script>parent.{CANARY}</script>'></iframe>",
    f"<details open ontoggle={CANARY}>",
    f'<a href="javascript:{CANARY}">hier</a>',
    f"javascript:{CANARY}",
    '<meta http-equiv=refresh content="0;url=http://127.0.0.1:9/">',
    '<link rel=stylesheet href="http://127.0.0.1:9/x.css">',
    "<style>@import url(http://127.0.0.1:9/y.css);*{display:none}</style>",
    "<style>@font-face{font-family:x;src:url(http://127.0.0.1:9/f.woff)}*{font-family:x}</style>",
    '<base href="http://127.0.0.1:9/">',
    '<form action="http://127.0.0.1:9/"><button autofocus>weiter</button></form>',
    f"<!--><script>{CANARY}</script>-->",
    f"]]><script>{CANARY}</script><![CDATA[",
    "{{ draft.controller }} {% for x in y %}{# #}",
    f"&lt;script&gt;{CANARY}&lt;/script&gt; &amp;#60; &notit;",
    "</bdi></td></table></article></section></main></body></html>",
    '<bdi class="v">untergeschoben</bdi><code class="f">dateien/9999.exe</code>',
)
SIGNS = (
    "a\u202eegassen\u202c b",
    "\u2067x\u2069 \u200b\u200f\ufeff",
    "null\x00 escape\x1b[31m bell\x07 del\x7f next\x85",
    "half \ud83d of a sign \udfff",
    "no character \ufffe\uffff",
    "lines\r\nof\rall\nsystems\u2028and\u2029more",
    "Z" + "\u0301" * 400,
    "مرحبا Lena שלום",
    "\U000e0041\U000e0042",
)
FORMULAS = (
    "=1+1",
    '=HYPERLINK("http://127.0.0.1:9/";"Rechnung")',
    "=cmd|' /C calc'!A1",
    "+49 171 3920012",
    "-5",
    "@SUM(1;1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    '"=1+1',
    "'=1+1",
    'x";"=1+1',
    'x",=1+1,"',
    "x\r\n=1+1",
    "\uff1d1+1",
)
TYPST = (
    '#read("/etc/passwd")',
    '#eval("1+1")',
    '#import "@preview/x:0.1.0"',
    "$ sum_(i=0)^n $ #panic()",
    "*fett* _schräg_ `#raw` @verweis <marke>",
    '"] #set page(width: 1pt) [',
    "// kein Kommentar /* auch nicht */",
    "= Überschrift\n- Liste\n+ eins\n/ Begriff: x",
    "\\u{202e} \\",
)
EVERYTHING = (*MARKUP, *SIGNS, *FORMULAS, *TYPST)


def hostile_item(number: int, *values: str) -> Item:
    """An item whose fields, names, kind, explanation and file name are the given texts."""
    fields = tuple(ItemField(value, value, "", "Bestelldaten") for value in values)
    file = replace(DRAFT.items[1].files[0], name=values[0], path=f"dateien/{number:04}.pdf")
    item = replace(DRAFT.items[0], number=number, fields=fields, files=(file,), why=values[0], earlier=fields[:2])
    return replace(item, change="changed", changed_on=DRAFT.written_on, kind=values[-1])


def hostile_draft() -> Draft:
    """One entry for each kind of attack, and a conversation of it."""
    groups = (MARKUP, SIGNS, FORMULAS, TYPST)
    items = [hostile_item(number, *values) for number, values in enumerate(groups, start=1)]
    talk = (ItemField(name, value) for value in EVERYTHING for name in ("time", "sender", "text"))
    items.append(replace(DRAFT.items[3], number=9, fields=tuple(talk)))
    return replace(DRAFT, items=tuple(items), person=MARKUP[3])
