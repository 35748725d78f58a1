"""The readable copy in a real browser, from a file on disk: a person finds what they look for, and whatever stands in
the data does nothing, with the page's policy and without it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from cases.draft import Draft, Item, ItemField
from outputs.copy_html import html
from outputs.copy_view import LINKED
from tests.e2e.ui import BrowserMissing, chromium
from tests.outputs.conftest import DRAFT, item_file
from tests.outputs.hostile import MARKUP, hostile_draft

pytestmark = pytest.mark.e2e

PATIENCE_MS = 60_000
RUNS = b"<!doctype html><html><title>still</title><script>document.title = 'ran'</script>"
CSP = re.compile(r'<meta http-equiv="Content-Security-Policy" content="[^"]*">')


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    try:
        with chromium() as started:
            yield started
    except BrowserMissing as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing), pytrace=False)
        pytest.skip(str(missing))


@dataclass
class Watched:
    """A page and everything that it did of its own accord."""

    page: Page
    done: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("request", lambda request: self.done.append(f"asked for {request.url}"))
        self.page.on("dialog", self._dismiss)
        self.page.on("console", lambda message: self.done.append(f"said {message.text}"))
        self.page.on("pageerror", lambda error: self.done.append(f"failed {error}"))
        self.page.on("popup", lambda _: self.done.append("popup"))
        self.page.on("download", lambda _: self.done.append("download"))

    def _dismiss(self, dialog: Dialog) -> None:
        self.done.append("dialog")
        dialog.dismiss()

    def visit(self, folder: Path, content: str) -> None:
        path = folder / "Auskunft.html"
        path.write_text(content, "utf-8")
        self.page.goto(path.as_uri())
        assert self.done == [f"asked for {path.as_uri()}"]
        self.done.clear()


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, accept_downloads=False)
    yield Watched(context.new_page())
    context.close()


def page_of(draft: Draft) -> str:
    return b"".join(html(draft)).decode()


def many(count: int) -> Draft:
    began = datetime(2024, 1, 1, 12, tzinfo=UTC)
    fields = (ItemField("text", "Wert", "Text", "Bestelldaten"),)
    items = (
        replace(
            DRAFT.items[0], number=n, at=began + timedelta(days=n), fields=(replace(fields[0], value=f"Wert {n}x"),)
        )
        for n in range(1, count + 1)
    )
    return replace(DRAFT, items=tuple(items))


@pytest.mark.parametrize("guarded", [True, False])
def test_nothing_in_the_data_does_anything(watched: Watched, tmp_path: Path, guarded: bool) -> None:
    content = page_of(hostile_draft())
    page = watched.page
    if not guarded:
        content, removed = CSP.subn("", content)
        assert removed == 1
    watched.visit(tmp_path, content)
    page.evaluate("() => window.scrollTo(0, document.body.scrollHeight)")
    for node in page.locator("article").all():
        node.hover(position={"x": 5, "y": 5})
    page.fill("#query", MARKUP[3])
    expect(page.locator("#shown")).to_have_text("2")
    assert page.evaluate("() => window.__touched") is None
    assert watched.done == []
    assert page.evaluate("() => document.scripts.length") == 1
    assert (
        page.locator("img, svg, iframe, object, embed, link, base, details, article form, article style").count() == 0
    )
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390


def test_a_page_without_its_policy_is_dangerous_where_it_is_not_escaped(watched: Watched, tmp_path: Path) -> None:
    """The test above would see something: the same text unescaped runs."""
    watched.visit(tmp_path, f"<!doctype html><p>{MARKUP[0]}</p>")
    assert watched.page.evaluate("() => window.__touched") == 1


def test_no_link_runs_what_is_in_a_file(browser: Browser, tmp_path: Path) -> None:
    """A page with a script, named as anything that is linked: opened from the copy, as a file beside it."""
    paths = [f"dateien/{number:07}.{ending}" for number, ending in enumerate(sorted(LINKED), start=1)]
    (tmp_path / "dateien").mkdir()
    for path in paths:
        (tmp_path / path).write_bytes(RUNS)
    held = replace(DRAFT.items[0], files=tuple(item_file(path, "x", RUNS, "text/html") for path in paths))
    content = page_of(replace(DRAFT, items=(held,)))
    assert "ran" not in opened(browser, tmp_path, content, len(paths))


def test_a_link_to_a_page_would_run_it(browser: Browser, tmp_path: Path) -> None:
    """The test above would see something."""
    (tmp_path / "x.shtml").write_bytes(RUNS)
    assert opened(browser, tmp_path, '<a class="file" href="x.shtml">x</a>', 1) == ["ran"]


def opened(browser: Browser, folder: Path, content: str, count: int) -> list[str]:
    """The title of what stands there after a click on each file."""
    (folder / "Auskunft.html").write_text(content, "utf-8")
    context = browser.new_context(accept_downloads=False)
    page = context.new_page()
    titles = []
    for number in range(count):
        page.goto((folder / "Auskunft.html").as_uri())
        page.locator("a.file").nth(number).click()
        page.wait_for_timeout(100)
        titles.append(page.title())
    context.close()
    return titles


def test_entries_are_found_by_word_system_and_day_and_sorted(watched: Watched, tmp_path: Path) -> None:
    page = watched.page
    watched.visit(tmp_path, page_of(replace(DRAFT, items=(*DRAFT.items, *_more()))))
    shown = page.locator("#shown")
    expect(shown).to_have_text("254")
    page.fill("#query", "paket SERVICE")
    expect(shown).to_have_text("1")
    expect(page.locator("article:visible")).to_have_attribute("id", "e4")
    page.fill("#query", "")
    expect(shown).to_have_text("254")
    page.select_option("#system", label="Postfach Service")
    expect(shown).to_have_text("1")
    page.select_option("#system", "")
    page.fill("#from", "2024-02-04")
    page.fill("#until", "2024-03-14")
    page.dispatch_event("#until", "change")
    expect(shown).to_have_text("42")  # 40 days from the fourth on, an entry of that night and an invoice
    page.fill("#from", "")
    page.fill("#until", "")
    page.dispatch_event("#until", "change")
    expect(shown).to_have_text("254")
    first = page.locator("#s1 article").first
    expect(first).to_have_attribute("data-day", "2024-01-02")
    page.select_option("#order", "newest")
    expect(first).to_have_attribute("data-day", "2024-09-07")
    assert watched.done == []


def _more() -> Iterator[Item]:
    return (replace(item, number=item.number + 100) for item in many(250).items)


def test_it_is_read_without_scripts_and_printed_whole(browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    path = tmp_path / "Auskunft.html"
    path.write_text(page_of(DRAFT), "utf-8")
    page.goto(path.as_uri())
    expect(page.locator("#search")).to_be_hidden()
    expect(page.get_by_text("Ja! Es kommt morgen")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_text("Ja! Es kommt morgen")).to_be_visible()
    assert page.pdf().startswith(b"%PDF")
    context.close()


def test_a_long_page_opens_is_searched_and_jumps(watched: Watched, tmp_path: Path) -> None:
    """Five thousand entries: what is out of sight is not laid out."""
    watched.visit(tmp_path, page_of(many(5_000)))
    page = watched.page
    expect(page.locator("#shown")).to_have_text("5000")
    page.fill("#query", "4777x")
    expect(page.locator("#shown")).to_have_text("1")
    expect(page.locator("#e4777")).to_be_visible()
    page.fill("#query", "")
    expect(page.locator("#shown")).to_have_text("5000")
    page.evaluate("() => { location.hash = '#e4500' }")
    expect(page.locator("#e4500")).to_be_in_viewport()
    assert watched.done == []
