"""The sealed page in a real browser, from a file on disk: it opens for the right passphrase, says kindly what is wrong,
accepts no altered content, and gives what it shows no rights."""

from __future__ import annotations

import base64
import hashlib
import os
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, cast

import pytest
from playwright.sync_api import Browser, Page, expect

import outputs
from cases.draft import Approval, Package, approve
from outputs.errors import Mistyped
from outputs.package import build_package
from outputs.passphrase import Passphrase, read_passphrase
from outputs.seal import seal
from outputs.seal_format import CHUNK_LINE, HEADER_LINE, ROUNDS
from tests.e2e.ui import BrowserMissing, chromium
from tests.outputs.conftest import AT, DRAFT

pytestmark = pytest.mark.e2e

TEXTS = tomllib.loads((Path(outputs.__file__).parent / "templates/sealed.toml").read_text("utf-8"))
WORDS = "apfel-biene-dampf-eisberg-falke-garten-flasche-gerste-jaguar-konzert-lampe"
SECRET = Passphrase(f"{WORDS}-sieben")
OTHER = Passphrase("-".join(["akkord"] * 11 + ["inhalt"]))  # of another file
PATIENCE_MS = 60_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    try:
        with chromium() as started:
            yield started
    except BrowserMissing as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing), pytrace=False)
        pytest.skip(str(missing))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that notes what it asked for and what it complained of."""
    context = browser.new_context(accept_downloads=True)
    made = context.new_page()
    made.set_default_timeout(PATIENCE_MS)
    yield made
    context.close()


def packed(files: dict[str, bytes], language: str = "de") -> Package:
    def write(sink: BinaryIO) -> None:
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)

    return Package("DSAR-2026-0001", "0" * 64, write, language)


def sealed_page(package: Package) -> bytes:
    sink = BytesIO()
    seal(package, SECRET, sink)
    return sink.getvalue()


def visit(page: Page, folder: Path, content: bytes) -> None:
    path = folder / "Antwort.html"
    path.write_bytes(content)
    page.goto(path.as_uri())
    expect(page.locator("#status")).not_to_have_text(TEXTS["de"]["reading"], timeout=PATIENCE_MS)


def try_to_open(page: Page, typed: str) -> None:
    page.fill("#passphrase", typed)
    page.click("#open")


def says(page: Page, code: str, n: str = "", language: str = "de") -> None:
    expect(page.locator("#status")).to_have_text(TEXTS[language][code].replace("{n}", n), timeout=PATIENCE_MS)
    assert not page.locator("#result").is_visible()


def opened(page: Page) -> None:
    try_to_open(page, SECRET.reveal())
    expect(page.locator("#result")).to_be_visible(timeout=PATIENCE_MS)


def saved(page: Page, press: str) -> bytes:
    with page.expect_download(timeout=PATIENCE_MS) as waiting:
        page.click(press)
    return Path(waiting.value.path()).read_bytes()


def answer() -> Package:
    """A whole answer of the invented company."""
    return build_package(approve(DRAFT, Approval(DRAFT.case, DRAFT.digest, "dsb@nordlicht.example", AT)))


def test_an_answer_opens_from_a_file_is_read_searched_and_saved(page: Page, tmp_path: Path) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    package, clear = answer(), BytesIO()
    package.write(cast(BinaryIO, clear))
    visit(page, tmp_path, sealed_page(package))
    opened(page)
    with zipfile.ZipFile(BytesIO(saved(page, "#save"))) as whole, zipfile.ZipFile(clear) as archive:
        assert {name: whole.read(name) for name in whole.namelist()} == {
            name: archive.read(name) for name in archive.namelist()
        }
        assert saved(page, "li:has-text('Anschreiben.pdf') a") == archive.read("Anschreiben.pdf")
    page.click("#show")
    copy = page.frame_locator("#frame")
    expect(copy.locator("h1")).to_be_visible()
    assert copy.locator("h1").evaluate("node => getComputedStyle(node).fontSize") == "38.4px"  # its own style sheet
    copy.locator("#query").fill("R-2024-118")  # its own search
    expect(copy.locator("#shown")).to_have_text("1")
    page.click("#back")
    expect(page.locator("#result")).to_be_visible()
    outside = [url for url in asked if not url.startswith(("file:", "blob:", "data:", "about:"))]
    assert (outside, complaints) == ([], [])


def test_a_slip_and_a_wrong_passphrase_are_told_kindly_and_a_right_one_opens_however_typed(
    page: Page, tmp_path: Path
) -> None:
    visit(page, tmp_path, sealed_page(packed({"Auskunft.html": b"<p>da</p>"})))
    for typed, code, n in (
        ("", "empty", ""),
        ("Kennwort", "wrong", ""),
        ("aaaaa-bbbbb-ccccc-ddddd-eeeee", "wrong", ""),
        (SECRET.reveal().replace("eisberg", "eizberg"), "unknown_word", "4"),
        (WORDS, "word_count", "11"),
        (SECRET.reveal().replace("apfel-biene", "biene-apfel"), "checksum", ""),
        (OTHER.reveal(), "other", ""),
    ):
        try_to_open(page, typed)
        says(page, code, n)
        if code in ("unknown_word", "word_count", "checksum"):
            with pytest.raises(Mistyped, match=code):
                read_passphrase(typed)
    try_to_open(page, " ".join(word[:4] for word in SECRET.reveal().upper().split("-")))
    expect(page.locator("#result")).to_be_visible(timeout=PATIENCE_MS)


def test_an_english_answer_speaks_english(page: Page, tmp_path: Path) -> None:
    visit(page, tmp_path, sealed_page(packed({"Report.html": b"<p>here</p>"}, "en")))
    assert page.locator("html").get_attribute("lang") == "en"
    try_to_open(page, "something else")
    says(page, "wrong", language="en")


def test_without_script_it_says_what_to_do(browser: Browser, tmp_path: Path) -> None:
    """As the preview of a phone shows it."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    (tmp_path / "a.html").write_bytes(sealed_page(packed({"Auskunft.html": b"<p>da</p>"})))
    page.goto((tmp_path / "a.html").as_uri())
    assert TEXTS["de"]["no_script"] in page.inner_text("noscript")
    context.close()


def chunks_of(content: bytes) -> list[bytes]:
    """What stands before the chunks, each chunk's line, and what stands behind."""
    first, last = content.index(CHUNK_LINE[0]), content.rindex(CHUNK_LINE[0])
    behind = content.index(b"\n", last) + 1
    return [content[:first], *content[first:behind].splitlines(keepends=True), content[behind:]]


def flipped(line: bytes, at: int) -> bytes:
    before, after = CHUNK_LINE
    sealed = bytearray(base64.b64decode(line[len(before) : -len(after)]))
    sealed[at] ^= 1
    return base64.b64encode(sealed).join((before, after))


def alterations(whole: bytes) -> Iterator[tuple[str, bytes, str]]:
    """Name, altered file, and what the page must say of it."""
    parts = chunks_of(whole)
    assert len(parts) == 6  # the check, three chunks
    start, check, one, two, three, end = parts
    yield "a bit of the first chunk", start + check + flipped(one, 0) + two + three + end, "damaged"
    yield "a bit in the middle", start + check + one + flipped(two, 600_000) + three + end, "damaged"
    yield "a bit of the last tag", start + check + one + two + flipped(three, -1) + end, "damaged"
    yield "two chunks exchanged", start + check + two + one + three + end, "damaged"
    yield "a chunk twice", start + check + one + one + two + three + end, "damaged"
    yield "a chunk left out", start + check + one + three + end, "damaged"
    yield "the last chunk left out", start + check + one + two + end, "damaged"
    yield "every chunk left out", start + check + end, "damaged"
    yield "cut off within a chunk", (start + check + one + two)[:-1000], "incomplete"
    yield "cut off behind a chunk", start + check + one + two, "incomplete"
    yield "no base64", start + check + one.replace(b"A", b"!", 1) + two + three + end, "damaged"
    yield "the check of another file", start + flipped(check, 3) + one + two + three + end, "other"
    rest = check + one + two + three + end
    yield "fewer rounds", start.replace(b'"rounds":600000', b'"rounds":599999') + rest, "weak"
    yield (
        "more rounds",
        start.replace(b'"rounds":600000', b'"rounds":600001') + rest,
        "other",
    )
    yield "another version", start.replace(b'"version":1', b'"version":2') + rest, "weak"
    yield (
        "another chunk size",
        start.replace(b'"chunk":1048576', b'"chunk":1048577') + rest,
        "damaged",
    )


def test_no_altered_content_is_accepted(page: Page, tmp_path: Path) -> None:
    assert str(ROUNDS).encode() in sealed_page(packed({})).partition(HEADER_LINE[0])[2][:300]
    whole = sealed_page(packed({"Auskunft.html": b"<p>da</p>", "dateien/0001.bin": os.urandom((5 << 20) // 2)}))
    for name, altered, code in alterations(whole):
        assert altered != whole, name
        visit(page, tmp_path, altered)
        if code != "incomplete":
            try_to_open(page, SECRET.reveal())
        says(page, code)
    visit(page, tmp_path, whole)
    opened(page)


HOSTILE = b"""<!doctype html><p id=here>da</p>
<script>document.title = 'ran'; try { parent.document.title = 'reached'; } catch (error) { window.kept = error.name; }
</script><a id=out target=_top href='https://evil.example/'>x</a>"""


def test_what_is_shown_runs_no_script_of_its_own_and_reaches_nothing_even_without_the_policy(
    page: Page, tmp_path: Path
) -> None:
    whole = sealed_page(packed({"Auskunft.html": HOSTILE, "dateien/0001.html": HOSTILE}))
    start = whole.index(b'<meta http-equiv="Content-Security-Policy"')
    unprotected = whole[:start] + whole[whole.index(b"\n", start) + 1 :]
    for content, ran in ((whole, False), (unprotected, True)):
        visit(page, tmp_path, content)
        opened(page)
        page.click("#show")
        frame = page.frame_locator("#frame")
        expect(frame.locator("#here")).to_be_visible()
        shown = page.frames[-1]
        assert shown.evaluate("[document.title === 'ran', window.kept || '']") == [ran, "SecurityError" if ran else ""]
        assert shown.evaluate("self.origin") == "null"
        frame.locator("#out").click()
        assert page.url.startswith("file:") and "reached" not in page.title()


def test_200_mb_open(page: Page, tmp_path: Path) -> None:
    size = 200 << 20
    block, digest = os.urandom(1 << 20), hashlib.sha256()

    def write(sink: BinaryIO) -> None:
        with zipfile.ZipFile(sink, "w") as archive, archive.open("dateien/0001.bin", "w") as entry:
            for _ in range(size >> 20):
                entry.write(block)

    with (tmp_path / "Antwort.html").open("wb") as sink:
        seal(replace(packed({}), write=write), SECRET, sink)
    page.goto((tmp_path / "Antwort.html").as_uri(), timeout=PATIENCE_MS)
    opened(page)
    with page.expect_download(timeout=PATIENCE_MS) as waiting:
        page.click("#save")
    with zipfile.ZipFile(waiting.value.path()) as archive, archive.open("dateien/0001.bin") as entry:
        while piece := entry.read(1 << 20):
            digest.update(piece)
    assert digest.digest() == hashlib.sha256(block * (size >> 20)).digest()
