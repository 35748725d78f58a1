"""Invented letterheads, made as Word makes them."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.shared import Mm

_NAMES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
}
NAMESPACES = " ".join(f'xmlns:{name}="{address}"' for name, address in _NAMES.items())


def png(width: int = 60, height: int = 20, color: tuple[int, int, int] = (31, 95, 139)) -> bytes:
    """A picture of one colour."""
    rows = (b"\0" + bytes(color) * width) * height
    said = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in ((b"IHDR", said), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    )


def paper(change: Callable[[Any], None]) -> bytes:
    """A letterhead as .docx; `change` gets its only section."""
    file = docx.Document()
    change(file.sections[0])
    made = io.BytesIO()
    file.save(made)
    return made.getvalue()


def run(paragraph: Any, xml: str, *, alternate: bool = False) -> None:
    """Appends a run; as alternate content, the way in which Word writes shapes for older programs, too."""
    held = f'<mc:Choice Requires="wps">{xml}</mc:Choice><mc:Fallback><w:pict/></mc:Fallback>'
    inner = f"<mc:AlternateContent>{held}</mc:AlternateContent>" if alternate else xml
    paragraph._p.append(parse_xml(f"<w:r {NAMESPACES}>{inner}</w:r>"))


def anchored(inner: str, size: tuple[float, float], across: tuple[str, str], down: tuple[str, str]) -> str:
    """A drawing at a place: mm, or `right`, `center` …, counted from `page`, `margin`, `paragraph` …"""
    where = "".join(
        f'<wp:position{axis} relativeFrom="{origin}">{_offset(told)}</wp:position{axis}>'
        for axis, (origin, told) in (("H", across), ("V", down))
    )
    extent = f'<wp:extent cx="{round(size[0] * 36000)}" cy="{round(size[1] * 36000)}"/>'
    return f"<w:drawing><wp:anchor>{where}{extent}{inner}</wp:anchor></w:drawing>"


def _offset(told: str) -> str:
    if told.isalpha():
        return f"<wp:align>{told}</wp:align>"
    return f"<wp:posOffset>{round(float(told) * 36000)}</wp:posOffset>"


def graphic(inner: str) -> str:
    return f'<a:graphic><a:graphicData uri="x">{inner}</a:graphicData></a:graphic>'


def picture(story: Any, content: bytes, crop: str = "") -> str:
    """The graphic of a picture that a header or footer holds."""
    key, _ = story.part.get_or_add_image(io.BytesIO(content))
    return graphic(f'<pic:pic><pic:blipFill><a:blip r:embed="{key}"/>{crop}</pic:blipFill></pic:pic>')


def text_box(xml: str) -> str:
    inner = f"<wps:txbx><w:txbxContent>{xml}</w:txbxContent></wps:txbx>"
    return graphic(f"<wps:wsp><wps:spPr><a:noFill/></wps:spPr>{inner}</wps:wsp>")


def shape(kind: str, color: str = "CC3300") -> str:
    """A line of this colour, or a shape filled with it that has no outline."""
    painted = f'<a:solidFill><a:srgbClr val="{color}"/></a:solidFill>'
    drawn = f'<a:ln w="9525">{painted}</a:ln>' if kind == "line" else f'{painted}<a:ln w="0"><a:noFill/></a:ln>'
    return graphic(f'<wps:wsp><wps:spPr><a:prstGeom prst="{kind}"/>{drawn}</wps:spPr></wps:wsp>')


def company(section: Any) -> None:
    """What most have: logo and name above, another header from the second page on, and three columns below."""
    section.different_first_page_header_footer = True
    first = section.first_page_header.paragraphs[0]
    first.add_run().add_picture(io.BytesIO(png()), width=Mm(34))
    first.add_run("\tim Norden\tNordlicht Bürobedarf").bold = True
    section.header.paragraphs[0].text = "Folgeblatt der Nordlicht"
    table = section.first_page_footer.add_table(1, 3, Mm(165))
    columns = ("Amtsgericht Schwerin HRB 00000", "Sparkasse Beispiel DE00 0000", "Geschäftsführung A. Beispiel")
    for cell, text in zip(table.rows[0].cells, columns, strict=True):
        cell.text = text
    section.footer.paragraphs[0].text = "Werftstraße 12"
