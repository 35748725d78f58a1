"""Makes the pictures of the documentation: `python -m tests.e2e.screenshots` (`make screenshots`).

It runs `auskunft demo` as a person would, decides, reads and approves in the Prefect UI, and takes pictures on the way.
Everybody in them is invented. Needs Chromium and pdftoppm (apt-get install chromium poppler-utils).
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Browser, ViewportSize, expect

from flows.house import House
from flows.wiring import open_api, open_house
from infra.settings import load_settings
from tests.e2e.dpo import DPO, Dpo, until
from tests.e2e.ui import WINDOW, PrefectUi, chromium
from tests.servers.process import program

IMAGES = Path("docs/images")
LARGEST = 300_000  # bytes of a picture
PHONE: ViewportSize = {"width": 390, "height": 844}
LIST: ViewportSize = {"width": 1280, "height": 1150}  # the list begins below a chart
PATIENCE = 600.0
YOUR_TURN = "now it is your turn"  # what the demo prints when it waits for a person


def main() -> None:
    program("pdftoppm", "poppler-utils")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        out = Path(folder) / "demo"
        with _demo(out) as demo:
            _approve(browser, out)
            until(lambda: demo.poll() is not None, "the end of the demo", PATIENCE)
            if demo.returncode != 0:
                raise SystemExit(f"the demo ended with status {demo.returncode}")
        (page,) = out.rglob("Auskunft.html")
        _answer(browser, page, "answer", WINDOW)
        _answer(browser, page, "answer-phone", PHONE)
        (letter,) = out.rglob("Anschreiben.pdf")
        _first_page(letter)
    _check()


@contextmanager
def _demo(out: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The demo as a process; entered when it waits for a person to approve."""
    said = out.with_suffix(".log")
    with said.open("wb") as log:
        command = [sys.executable, "-m", "desk", "demo", "--out", str(out)]
        demo = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        until(lambda: YOUR_TURN in said.read_text() or demo.poll() is not None, "the demo", PATIENCE)
        yield demo
    finally:
        demo.terminate()
        demo.wait(60)


def _approve(browser: Browser, out: Path) -> None:
    settings_file = out / "auskunft" / "auskunft.toml"
    with open_house(load_settings(settings_file)) as house:
        dpo = Dpo(settings_file, house)
        (case,) = (item.number for item in dpo.cases())
        dpo.decide(case)
        late = _late_letter(dpo)
        with browser.new_context(viewport=WINDOW) as context:
            ui = PrefectUi(context.new_page(), house.settings.prefect_api.removesuffix("/api"))
            ui.log_in((out / "operator" / "prefect-auth").read_text())
            _runs(ui, dpo.approval_run(case))
            _alarm(ui, house, late)
            _form(ui, dpo, case)


def _runs(ui: PrefectUi, run: str) -> None:
    """The list of runs, the one that waits for approval among them."""
    ui.page.set_viewport_size(LIST)
    ui.page.goto(f"{ui.base}/runs")
    waiting = ui.page.locator(".flow-run-list-item", has=ui.page.locator(f"a[href='/runs/flow-run/{run}']"))
    expect(waiting.get_by_text("fulfil").first).to_be_visible()
    _take(ui, "runs")
    ui.page.set_viewport_size(WINDOW)


def _late_letter(dpo: Dpo) -> str:
    """A letter that somebody records only when its month is nearly over: its alarms stand at once."""
    received = (date.today() - timedelta(days=27)).isoformat()  # noqa: DTZ011 - a picture needs no more
    said = dpo.auskunft(
        "case", "new", "--name", "Ole Brandt", "--channel", "letter", "--by", DPO, "--received", received,
        "--address", "Birkenweg 4, 19053 Schwerin",
    )  # fmt: skip
    return re.search(r"DSAR-\d{4}-\d{4}", said)[0]  # type: ignore[index]


def _alarm(ui: PrefectUi, house: House, case: str) -> None:
    """The form on which somebody says that they have seen the alarms of a case."""
    ui.open(_alarm_run(house, case))
    ui.resume()
    ui.choose("Gesehen oder verlängern? / seen, or extend?", "seen")
    ui.type("Ihr Name / your name", DPO)
    _take(ui, "alarm-form")


def _alarm_run(house: House, case: str) -> str:
    """The suspended run of the case's alarms, waited for."""
    found: list[str] = []

    def look() -> bool:
        with house.store.begin() as tx:
            ours = {run.flow_run for run in tx.runs.all() if run.key.startswith(f"alarm/{case}/")}
        with open_api(house.settings) as api:
            found[:] = [run.id for run in api.runs("PAUSED") if run.id in ours and api.has_form(run)]
        return bool(found)

    until(look, f"the alarms of {case}", PATIENCE)
    return found[0]


def _form(ui: PrefectUi, dpo: Dpo, case: str) -> None:
    """The approval form, filled in; the picture is taken before it is submitted."""
    with dpo.reading(case, DPO) as code:
        ui.open(dpo.approval_run(case))
        ui.resume()
        ui.choose("Entscheidung / decision", "release")
        ui.type("Ihr Name / your name", DPO)
        ui.type("Freigabecode / release code", code)
        _take(ui, "approval-form")
        ui.submit()


def _take(ui: PrefectUi, name: str) -> None:
    ui.page.screenshot(path=IMAGES / f"{name}.png", animations="disabled")


def _answer(browser: Browser, page: Path, name: str, viewport: ViewportSize) -> None:
    """The person's copy of the data, opened from the disk as she opens it."""
    with browser.new_context(viewport=viewport, offline=True) as context:
        tab = context.new_page()
        tab.goto(page.as_uri())
        tab.screenshot(path=IMAGES / f"{name}.png")


def _first_page(letter: Path) -> None:
    target = IMAGES / "letter"
    subprocess.run(["pdftoppm", "-png", "-r", "80", "-f", "1", "-singlefile", str(letter), str(target)], check=True)


def _check() -> None:
    if large := [path.name for path in IMAGES.glob("*.png") if path.stat().st_size > LARGEST]:
        raise SystemExit(f"larger than {LARGEST} bytes: {', '.join(sorted(large))}")


if __name__ == "__main__":
    main()
