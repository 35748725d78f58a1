"""A letterhead gives header, footer and looks; one that could fetch, run or compute something is refused."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import docx
import pytest

from cases.draft import Draft
from outputs import letterhead
from outputs.errors import WordingRefused
from outputs.information import information
from outputs.letter_docx import docx_bytes
from outputs.letterhead import problems, read_letterhead
from outputs.letterhead_read import read_paper
from outputs.paper import Line
from outputs.wording import use_wording, version
from tests.outputs.letters import docx_text

AT = datetime(2026, 11, 20, 8, 5, tzinfo=UTC)
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELATION = '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" {}/>'
EXTERNAL = 'Target="https://tracker.example/a" TargetMode="External"'
INSIDE = 'Target="other.bin"'


@pytest.fixture(autouse=True)
def _plain_paper() -> Iterator[None]:
    yield
    use_wording()


@pytest.fixture
def paper() -> bytes:
    """As a small company would make one: name above, register and bank below, page numbers."""
    file = docx.Document()
    section = file.sections[0]
    section.header.paragraphs[0].text = "NORDLICHT BÜROBEDARF"
    section.footer.paragraphs[0].text = "Amtsgericht Schwerin HRB 00000"
    file.styles["Normal"].font.name = "Georgia"
    for name in ("List Bullet", "Heading 2"):
        file.styles.element.remove(file.styles[name].element)
    file.core_properties.author, file.core_properties.keywords = "Agentur Beispiel", "Vorlage"
    made = io.BytesIO()
    file.save(made)
    return made.getvalue()


def changed(content: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return made.getvalue()


def with_relation(
    kind: str, where: str, part: str = "word/_rels/document.xml.rels"
) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        closing = b"</Relationships>"
        parts[part] = parts[part].replace(closing, RELATION.format(kind, where).encode() + closing)

    return change


def in_header(xml: str) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        name = next(name for name in parts if name.startswith("word/header"))
        parts[name] = parts[name].replace(b"</w:hdr>", xml.encode() + b"</w:hdr>")

    return change


def instruction(text: str) -> str:
    begin, end = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>', '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    cut = len(text) // 2
    pieces = "".join(f"<w:r><w:instrText>{part}</w:instrText></w:r>" for part in (text[:cut], text[cut:]))
    return f"<w:p>{begin}{pieces}{end}</w:p>"


def replaced(name: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        assert old in parts[name]
        parts[name] = parts[name].replace(old, new)

    return change


def added(name: str, content: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda parts: parts.__setitem__(name, content)


def pictured(content: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        parts["word/media/logo.png"] = content
        default = b'<Default Extension="png" ContentType="image/png"/></Types>'
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", default)

    return change


def hidden(ending: str) -> Callable[[dict[str, bytes]], None]:
    """The header with a field under another name, of the same content type: Word and python-docx read it as one."""

    def change(parts: dict[str, bytes]) -> None:
        in_header(FETCHES)(parts)
        name = next(name for name in parts if name.startswith("word/header"))
        other = name.removesuffix(".xml") + ending
        parts[other] = parts.pop(name)
        for where in ("[Content_Types].xml", "word/_rels/document.xml.rels"):
            parts[where] = parts[where].replace(name.encode()[5:], other.encode()[5:])

    return change


def in_settings(xml: str) -> Callable[[dict[str, bytes]], None]:
    return replaced("word/settings.xml", b"</w:settings>", xml.encode() + b"</w:settings>")


def in_app(xml: str) -> Callable[[dict[str, bytes]], None]:
    return replaced("docProps/app.xml", b"</Properties>", xml.encode() + b"</Properties>")


FETCHES = instruction(' INCLUDEPICTURE "http://tracker.example/a.png" ')
STRICT = FETCHES.replace("w:", "s:").replace(
    "<s:p>", '<s:p xmlns:s="http://purl.oclc.org/ooxml/wordprocessingml/main">'
)
CHILD = FETCHES.replace("</w:instrText></w:r><w:r><w:instrText>", "").replace(
    "<w:instrText>", "<w:instrText>PAGE <w:t/>"
)
BEGIN, SEPARATE, END = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
PAGE, RESULT = "<w:r><w:instrText> PAGE </w:instrText></w:r>", "<w:r><w:t>1</w:t></w:r>"
FETCH = 'INCLUDETEXT "http://tracker.example/a"'
TEXT = f"<w:r><w:t> {FETCH} </w:t></w:r>"
OTHERS = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:x="urn:x"'
FIELDS = {  # in a paragraph of a header; most of them are executed by LibreOffice
    "its instruction in plain text": BEGIN + TEXT + SEPARATE + RESULT + END,
    "its instruction in plain text, without a separator": BEGIN + TEXT + END,
    "plain text behind a page number": BEGIN + PAGE + TEXT + SEPARATE + RESULT + END,
    "deleted text": BEGIN + TEXT.replace("w:t>", "w:delText>") + SEPARATE + END,
    "signs of a symbol font": BEGIN + PAGE + '<w:r><w:sym w:font="x" w:char="0041"/></w:r>' + SEPARATE + END,
    "tabs": BEGIN + PAGE + "<w:r><w:tab/></w:r>" + SEPARATE + END,
    "text in a link": BEGIN + PAGE + f"<w:hyperlink>{TEXT}</w:hyperlink>" + SEPARATE + END,
    "text in the looks of a run": BEGIN + PAGE + f"<w:r><w:rPr><w:t>{FETCH}</w:t></w:rPr></w:r>" + SEPARATE + END,
    "no instruction": BEGIN + SEPARATE + RESULT + END,
    "no end": BEGIN + PAGE + SEPARATE + RESULT,
    "no separator and no end": BEGIN + PAGE,
    "an end in the next paragraph": f"{BEGIN}{PAGE}</w:p><w:p>{TEXT}{SEPARATE}{END}",
    "a field in its instruction": BEGIN + PAGE + BEGIN + PAGE + END + SEPARATE + END,
    "another field in its result": BEGIN + PAGE + SEPARATE + BEGIN + TEXT + END + END,
    "an instruction behind the separator": BEGIN + PAGE + SEPARATE + PAGE + END,
    "an unknown mark": BEGIN + PAGE + END.replace('"end"', '"End"'),
    "its end where another program does not read": (
        f"<mc:AlternateContent {OTHERS}><mc:Choice>{BEGIN}</mc:Choice><mc:Fallback>{PAGE}{END}</mc:Fallback>"
        f"</mc:AlternateContent>{TEXT}<mc:AlternateContent {OTHERS}><mc:Fallback>{BEGIN}{PAGE}</mc:Fallback>"
        f"<mc:Choice>{END}</mc:Choice></mc:AlternateContent>"
    ),
    "its end in a namespace that may be passed over": (
        f"{BEGIN}{PAGE}<x:r {OTHERS}><w:fldChar w:fldCharType='end'/></x:r>{TEXT}"
        f"<x:r {OTHERS}><w:fldChar w:fldCharType='begin'/></x:r>{PAGE}{END}"
    ),
}
HOSTILE: dict[str, Callable[[dict[str, bytes]], None]] = {
    "linked picture": with_relation("image", EXTERNAL),
    "attached template": with_relation("attachedTemplate", EXTERNAL, "word/_rels/document.xml.rels"),
    "hyperlink": with_relation("hyperlink", EXTERNAL),
    "imported content": with_relation("aFChunk", INSIDE),
    "OLE object": with_relation("oleObject", INSIDE),
    "macros": added("word/vbaProject.bin", b"\xd0\xcf\x11\xe0"),
    "embedded file": added("word/embeddings/sheet.xlsx", b"PK"),
    "vector picture": added("word/media/image9.svg", b"<svg/>"),
    "computed field": in_header(instruction(" INCLUDEPICTURE https://tracker.example/a.png ")),
    "DDE field": in_header(instruction(" DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe ")),
    "simple field": in_header('<w:p><w:fldSimple w:instr=" AUTHOR "/></w:p>'),
    "field without an end": in_header("<w:p><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"),
    "field in a part of another ending": hidden(".hdr"),
    "field in a part in capitals": hidden(".XML"),
    "field in another folder": hidden("/more.xml"),
    "field in the Strict namespace": in_header(STRICT),
    "field behind an element": in_header(CHILD),
    "simple field in the Strict namespace": in_header(
        '<s:fldSimple xmlns:s="http://purl.oclc.org/ooxml/wordprocessingml/main" s:instr=" DATE "/>'
    ),
    "form field with a macro": in_header('<w:r><w:fldChar w:fldCharType="end"><w:ffData/></w:fldChar></w:r>'),
    "fields that ask to be computed": in_settings('<w:updateFields w:val="true"/>'),
    "template elsewhere": in_app("<Template>\\\\tracker.example\\a.dotm</Template>"),
    "base of links": in_app("<HyperlinkBase>http://tracker.example/</HyperlinkBase>"),
    "picture on a share": in_header('<v:imagedata xmlns:v="urn:x" src="\\\\tracker.example\\a.png"/>'),
    "macro of a shape": in_header('<wps:cNvPr xmlns:wps="urn:x" macro="Module1.Run"/>'),
    "picture that is none": pictured(b"<svg/>"),
    "part of another kind": replaced("[Content_Types].xml", b"wordprocessingml.header", b"wordprocessingml.comments"),
    "part that nobody knows": added("word/glossary/document.xml", b"<a/>"),
    "altChunk": in_header("<w:altChunk/>"),
    "address in a shape": in_header(
        '<v:imagedata xmlns:v="urn:schemas-microsoft-com:vml" src="http://tracker.example/a"/>'
    ),
    "document type": added("word/header9.xml", b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'),
    "text on the page": replaced("word/document.xml", b"<w:body>", b"<w:body><w:p><w:r><w:t>Rabatt</w:t></w:r></w:p>"),
    "template with macros": replaced(
        "[Content_Types].xml", b"wordprocessingml.document.main", b"wordprocessingml.documentMacro.main"
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_letterhead_must_not_hold(paper: bytes, tmp_path: Path, name: str) -> None:
    path = tmp_path / "paper.docx"
    path.write_bytes(changed(paper, HOSTILE[name]))
    with pytest.raises(WordingRefused) as refused:
        read_letterhead(path)
    assert "tracker" not in str(refused.value)


@pytest.mark.parametrize(
    ("part", "remedy"),
    [
        ("docMetadata/LabelInfo.xml", "take it off in Word (Home, Sensitivity)"),
        ("word/people.xml", "copy header and footer into a new document"),
        ("word/commentsExtended.xml", "copy header and footer into a new document"),
        ("word/media/image1.svg", "delete it in the letterhead and insert the PNG"),
        ("word/media/image2.EMF", "delete it in the letterhead and insert the PNG"),
    ],
)
def test_what_word_adds_unasked_is_refused_with_the_way_out(paper: bytes, part: str, remedy: str) -> None:
    assert [remedy in fault for fault in problems(changed(paper, added(part, b"<a/>")))] == [True]


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_that_is_not_written_as_page_numbers_are_is_refused(paper: bytes, name: str) -> None:
    found = problems(changed(paper, in_header(f"<w:p>{FIELDS[name]}</w:p>")))
    assert found
    assert all(fault.startswith("word/header1.xml holds a field ") for fault in found)


WORD_RUN = '<w:r w:rsidR="00A1"><w:rPr><w:noProof/><w:sz w:val="16"/></w:rPr>{}</w:r>'
NUMBERS = {
    "Word": "".join(
        WORD_RUN.format(one)
        for one in (
            '<w:fldChar w:fldCharType="begin" w:dirty="false"/>',
            '<w:instrText xml:space="preserve"> PA</w:instrText>',
            '<w:instrText xml:space="preserve">GE  \\* Arabic  \\* MERGEFORMAT </w:instrText>',
            '<w:fldChar w:fldCharType="separate"/>',
            "<w:t>2</w:t>",
            '<w:fldChar w:fldCharType="end"/>',
        )
    ),
    "Word, proofread": (
        f'{BEGIN}<w:bookmarkStart w:id="0" w:name="a"/>{PAGE}<w:proofErr w:type="gramEnd"/>'
        f'<w:bookmarkEnd w:id="0"/>{SEPARATE}{RESULT}{END}'
    ),
    "Word, from its gallery": (
        f"<w:sdt><w:sdtPr/><w:sdtContent>{BEGIN}{PAGE}{SEPARATE}{RESULT}{END}</w:sdtContent></w:sdt>"
    ),
    "LibreOffice": (
        '<w:r><w:rPr></w:rPr><w:fldChar w:fldCharType="begin"></w:fldChar></w:r><w:r><w:rPr></w:rPr>'
        '<w:instrText xml:space="preserve"> PAGE \\* ARABIC </w:instrText></w:r><w:r><w:rPr></w:rPr>'
        f'<w:fldChar w:fldCharType="separate"></w:fldChar></w:r>{RESULT}<w:r><w:rPr></w:rPr>'
        '<w:fldChar w:fldCharType="end"></w:fldChar></w:r>'
    ),
    "in one run": '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>PAGE</w:instrText>'
    '<w:fldChar w:fldCharType="separate"/><w:fldChar w:fldCharType="end"/></w:r>',
}


@pytest.mark.parametrize("program", NUMBERS)
def test_page_numbers_are_taken_from_every_program(paper: bytes, program: str) -> None:
    content = changed(paper, in_header(f"<w:p>{NUMBERS[program]}</w:p>"))
    assert problems(content) == []
    read = read_paper(content)
    assert [[piece.kind for piece in line.pieces] for line in read.rest.header.blocks if isinstance(line, Line)] == [
        ["text"],
        ["page"],
    ]
    assert read.lost == ()


def test_a_letterhead_that_libreoffice_has_saved_is_read(paper: bytes) -> None:
    """It writes `start` and `end` for left and right."""
    aligned = (f'<w:p><w:pPr><w:jc w:val="{kind}"/></w:pPr>{RESULT}</w:p>' for kind in ("start", "end", "center"))
    lines = read_paper(changed(paper, in_header("".join(aligned)))).rest.header.blocks
    assert [line.align for line in lines if isinstance(line, Line)] == ["left", "left", "right", "center"]


@pytest.mark.parametrize("name", ["its instruction in plain text", "no end", "no instruction", "text in a link"])
def test_what_a_field_would_compute_is_not_printed(paper: bytes, name: str) -> None:
    """Nor is its instruction, should a file get past the first look."""
    read = read_paper(changed(paper, in_header(f"<w:p>{FIELDS[name]}</w:p><w:p>{RESULT}</w:p>")))
    lines = [line for line in read.rest.header.blocks if isinstance(line, Line)]
    assert [piece.text for line in lines for piece in line.pieces] == ["NORDLICHT BÜROBEDARF", "1"]
    assert read.lost == ("a field other than page numbers",)


def test_no_part_that_was_not_looked_at_gets_into_a_letter(paper: bytes, draft: Draft, tmp_path: Path) -> None:
    """The finished letter is as harmless as the letterhead: nothing speaks against it but that it has text."""
    path = tmp_path / "paper.docx"
    path.write_bytes(changed(paper, pictured(b"\x89PNG")))
    use_wording(paper=path)
    assert problems(docx_bytes(information(draft), AT)) == [
        "its page holds text, which would be lost; a letterhead stands in header and footer"
    ]


def test_a_part_that_is_there_twice_is_refused(paper: bytes) -> None:
    """Of two parts of one name (OPC compares without case) one reader takes the first and another the last."""
    for name in ("word/header1.xml", "word/Header1.xml"):
        twice = io.BytesIO(paper)
        with zipfile.ZipFile(twice, "a") as archive, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            archive.writestr(name, b"<a/>")
        assert "it holds a part twice" in problems(twice.getvalue())


def test_page_numbers_and_plain_pictures_are_welcome(paper: bytes) -> None:
    assert problems(paper) == []
    numbered = changed(paper, in_header(instruction(" PAGE \\* MERGEFORMAT ")))
    assert problems(numbered) == []
    assert problems(changed(paper, pictured(b"\x89PNG"))) == []


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04broken"])
def test_what_is_no_word_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "paper.docx"
    path.write_bytes(content)
    with pytest.raises(WordingRefused):
        read_letterhead(path)
    with pytest.raises(WordingRefused):
        read_letterhead(tmp_path / "missing.docx")
    assert problems(changed(content_bomb(), lambda parts: None)) == ["it unpacks to more than a letterhead holds"]


def content_bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/logo.png", bytes(letterhead.LARGEST_CONTENT + 1))
    return made.getvalue()


def test_the_letter_stands_on_the_letterhead(paper: bytes, draft: Draft, tmp_path: Path) -> None:
    path = tmp_path / "paper.docx"
    path.write_bytes(paper)
    plain, before = docx_bytes(information(draft), AT), version()
    use_wording(paper=path)
    assert version() != before
    content = docx_bytes(information(draft), AT)
    file = docx.Document(io.BytesIO(content))
    section = file.sections[0]
    assert section.header.paragraphs[0].text == "NORDLICHT BÜROBEDARF"
    foot = [paragraph.text for paragraph in section.footer.paragraphs]
    assert foot[0] == "Amtsgericht Schwerin HRB 00000"
    assert foot[-1].startswith("DSAR-2026-0001\tSeite ")
    assert file.styles["Normal"].font.name == "Georgia"
    assert section.top_margin is not None
    assert round(section.top_margin.mm) == 45
    same = docx_text(plain).removeprefix(docx_text(plain).split("Nordlicht Bürobedarf GmbH · ")[0])
    assert docx_text(content).endswith(same)
    properties = file.core_properties
    assert (properties.author, properties.keywords) == (draft.controller.name, "")


def test_lists_and_headings_are_real_on_a_letterhead_that_has_neither(
    paper: bytes, draft: Draft, tmp_path: Path
) -> None:
    path = tmp_path / "paper.docx"
    path.write_bytes(paper)
    use_wording(paper=path)
    content = docx_bytes(information(draft), AT)
    file = docx.Document(io.BytesIO(content))
    styles = {paragraph.style.name for paragraph in file.paragraphs if paragraph.style}
    assert {"Heading 1", "Heading 2", "List Bullet"} <= styles
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        numbering = archive.read("word/numbering.xml").decode()
        styled = archive.read("word/styles.xml").decode()
    number = styled.split('w:styleId="ListBullet"')[1].split('w:numId w:val="')[1].split('"')[0]
    assert f'<w:num w:numId="{number}"' in numbering
    assert 'w:outlineLvl w:val="1"' in styled


def test_a_first_page_of_its_own_names_the_case_too(draft: Draft, tmp_path: Path) -> None:
    file = docx.Document()
    section = file.sections[0]
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].text = "NORDLICHT"
    file.save(str(tmp_path / "paper.docx"))
    use_wording(paper=tmp_path / "paper.docx")
    made = docx.Document(io.BytesIO(docx_bytes(information(draft), AT))).sections[0]
    assert made.first_page_header.paragraphs[0].text == "NORDLICHT"
    for footer in (made.first_page_footer, made.footer):
        assert footer.paragraphs[-1].text.startswith("DSAR-2026-0001\tSeite ")


def test_a_letterhead_without_any_numbering_gets_one(paper: bytes, draft: Draft, tmp_path: Path) -> None:
    def without(parts: dict[str, bytes]) -> None:
        del parts["word/numbering.xml"]
        for name in ("[Content_Types].xml", "word/_rels/document.xml.rels"):
            parts[name] = re.sub(rb"<(Override|Relationship) [^>]*numbering[^>]*/>", b"", parts[name])

    path = tmp_path / "paper.docx"
    path.write_bytes(changed(paper, without))
    use_wording(paper=path)
    content = docx_bytes(information(draft), AT)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b'<w:lvlText w:val="\xe2\x80\xa2"' in archive.read("word/numbering.xml")
    assert docx_text(content)
