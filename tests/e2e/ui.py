"""The Prefect UI in a headless Chromium, as a data protection officer uses it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Locator, Page, Request, ViewportSize, expect, sync_playwright

SWITCHES = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
WINDOW: ViewportSize = {"width": 1280, "height": 900}
PATIENCE_MS = 30_000


class BrowserMissing(Exception):
    """There is no browser on this machine; the text says how to get one."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The operating system's Chromium, or the one that CHROMIUM names."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        raise BrowserMissing("Chromium is not installed: apt-get install --no-install-recommends chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(SWITCHES))
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class PrefectUi:
    """What the DPO sees and presses. `outside`: addresses elsewhere that the pages asked for."""

    page: Page
    base: str
    outside: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("request", self._note)

    def _note(self, request: Request) -> None:
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.outside.append(request.url)

    def log_in(self, password: str) -> None:
        """Everything but the login page is closed to whoever has no password."""
        self.page.goto(f"{self.base}/runs")
        expect(self.page).to_have_url(f"{self.base}/login?redirect=/runs", timeout=PATIENCE_MS)
        self.page.locator("input[type=password]").fill(password)
        self.page.get_by_role("button", name="Login").click()
        expect(self.page).to_have_url(f"{self.base}/runs", timeout=PATIENCE_MS)

    def open_from_list(self, run: str) -> None:
        """Finds a run in the list of runs, as a person does."""
        self.page.goto(f"{self.base}/runs")
        self.page.locator(f"a[href='/runs/flow-run/{run}']").first.click()
        expect(self.page.get_by_role("button", name="Resume")).to_be_visible(timeout=PATIENCE_MS)

    def open(self, run: str) -> None:
        self.page.goto(f"{self.base}/runs/flow-run/{run}")
        expect(self.page.get_by_role("button", name="Resume")).to_be_visible(timeout=PATIENCE_MS)

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    def resume(self) -> str:
        """Presses Resume; returns the text above the form."""
        self.page.get_by_role("button", name="Resume").click()
        expect(self.dialog.get_by_role("button", name="Submit")).to_be_visible(timeout=PATIENCE_MS)
        summary = self.dialog.locator("article").first
        expect(summary).not_to_have_text("", timeout=PATIENCE_MS)  # it is rendered by a worker, a moment later
        return summary.inner_text()

    def choose(self, title: str, option: str) -> None:
        """Chooses in a list, which opens by a click on its arrow: Prefect's field takes a click elsewhere for two."""
        self._field(title).locator(".p-select-button__icon").click(force=True)
        self.page.locator(".p-select-option").get_by_text(option, exact=True).click()

    def type(self, title: str, text: str) -> None:
        self._field(title).locator("textarea").fill(text)

    def submit(self) -> None:
        self.dialog.get_by_role("button", name="Submit").click()
        expect(self.dialog).to_be_hidden(timeout=PATIENCE_MS)
        self.leave()

    def cancel(self) -> None:
        """Cancels the run that is open, and says yes to the question whether that is meant."""
        self.page.get_by_role("button", name="Cancel").click()
        self.dialog.get_by_role("button", name="Confirm").click()
        expect(self.dialog).to_be_hidden(timeout=PATIENCE_MS)
        expect(self.page.get_by_text(re.compile("^Cancell")).first).to_be_visible(timeout=PATIENCE_MS)
        self.leave()

    def leave(self) -> None:
        """Leaves the page: a run's moving picture, drawn without a graphics card, takes a whole processor."""
        self.page.goto("about:blank")

    def _field(self, title: str) -> Locator:
        label = self.page.locator(".schema-form-property__label", has_text=title)
        return self.dialog.locator(".schema-form-property", has=label)
