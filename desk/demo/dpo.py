"""The DPO of the demo, where no person is at the keyboard: looks, decides, reads and approves through the same API that
the button in the Prefect UI uses."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from functools import partial

from cases.case import Status
from cases.draft import Decision, DecisionKind, Draft, Ground, Item
from cases.finding import Strength
from desk.demo.people import Protagonist
from flows import draft as drafts
from flows.api import EngineRun
from flows.approval import read_draft
from flows.dispatch import hand_over
from flows.engine import reconcile
from flows.house import House
from flows.knowledge import CannotDecide, Yes, accept
from flows.wiring import open_api
from outputs.rendered import render_preview

NAME = "Frauke Nissen"
BY_HAND = "Torben Ahrens"
PATIENCE = 120.0
SEARCH_PATIENCE = 600.0


class NoForm(Exception):
    """No run asks what should be asked now."""


class Dpo:
    """Acts on one case."""

    def __init__(self, house: House, case: str, person: Protagonist) -> None:
        self._house = house
        self._case = case
        self._thread = "".join(char for char in person.instagram_handle if char.isalnum())

    def found(self) -> str:
        """Counts by strength."""
        draft = self._draft()
        counts = {strength: sum(item.strength is strength for item in draft.items) for strength in Strength}
        return ", ".join(f"{count} {strength}" for strength, count in counts.items())

    def widen(self) -> int:
        """What her record states beside, and nobody else's does, is searched for, too; returns how much that is, once
        everything was searched."""
        try:
            count = accept(self._house, self._case, Yes(NAME))
        except CannotDecide:
            return 0
        self._until(self._searched, SEARCH_PATIENCE, pause=2.0)
        return count

    def _searched(self) -> bool:
        """The run of the search before may not have ended yet: then nothing starts the next one but another look."""
        with open_api(self._house.settings) as api:
            reconcile(self._house, api)
        with self._house.store.begin() as tx:
            return tx.cases.get(self._case).status is Status.REVIEW

    def answer_by_hand_questions(self) -> None:
        """Somebody looked into the paper files: nothing."""
        with self._house.store.begin() as tx:
            asked = [item for item in tx.questions.open_ones(self._case) if item.kind == "by_hand"]
        for question in asked:
            run = self._run(f"{self._case} · by_hand · {question.about}")
            self._submit(run, {"decision": "nothing", "by": BY_HAND, "note": "alle Ordner durchgesehen"})
            self._until(partial(self._settled, question.id))

    def decide(self) -> None:
        """What a person sees at once: the conversation in her own account's folder and the letters to her are hers, the
        list that names other customers too is held back for their sake, and the rest is about her namesake."""
        draft = self._draft()
        with self._house.store.begin() as tx:
            row = tx.cases.row(self._case)
            for item in draft.items:
                if item.undecided:
                    tx.findings.decide(row, item.number, self._judged(item, tx.now))
            tx.cases.note(self._case, "decided", NAME)

    def _judged(self, item: Item, now: datetime) -> Decision:
        if item.locator.endswith(".csv"):
            return Decision(DecisionKind.WITHHOLD, NAME, now, f"{Ground.OTHERS}: nennt andere Kunden")
        hers = item.strength is not Strength.POSSIBLE or f"/{self._thread}_" in item.locator
        kind = DecisionKind.INCLUDE if hers else DecisionKind.EXCLUDE
        return Decision(kind, NAME, now, "Anschrift und Verlauf verglichen")

    def decided(self) -> str:
        draft = self._draft()
        return f"{len(draft.released)} von / of {len(draft.items)} gehören ihr / are hers"

    def approve(self) -> None:
        """Reads the draft as the person would get it, then submits the form with the code it was given."""
        with self._house.store.begin() as tx:
            reading = read_draft(self._house, tx, self._case, NAME)
        render_preview(reading.draft)
        typed = {"decision": "release", "approver": NAME, "release_code": reading.code, "reason": ""}
        self._submit(self._run(f"{self._case} · review"), typed)

    def hand_over(self) -> str:
        """Tells the passphrase on the phone."""
        with self._house.store.begin() as tx:
            package = tx.answers.package(tx.cases.row(self._case))
            if package is None or package.kept is None:
                raise LookupError("there is no sealed answer")
            if tx.cases.get(self._case).open:
                hand_over(tx, self._case, NAME, "phone")
            return package.kept.passphrase

    def _draft(self) -> Draft:
        with self._house.store.begin() as tx:
            return drafts.current(self._house, tx, self._case)[1]

    def _settled(self, question: str) -> bool:
        with self._house.store.begin() as tx:
            return tx.questions.get(question).state != "open"

    def _run(self, name: str) -> EngineRun:
        """The suspended run of this name, with its form; whose name begins with the days left."""
        found: list[EngineRun] = []

        def look() -> bool:
            with open_api(self._house.settings) as api:
                found[:] = [run for run in api.runs("PAUSED") if _is(run, name) and api.has_form(run)]
            return bool(found)

        self._until(look)
        return found[0]

    def _submit(self, run: EngineRun, typed: dict[str, str]) -> None:
        with open_api(self._house.settings) as api:
            answer = api.resume(run.id, typed)
        if answer != "ACCEPT":
            raise NoForm(f"{self._case}: the form was not accepted: {answer}")

    def _until(self, ready: Callable[[], bool], patience: float = PATIENCE, pause: float = 0.3) -> None:
        give_up = time.monotonic() + patience
        while not ready():
            if time.monotonic() > give_up:
                raise NoForm(f"{self._case}: it did not go on in the Prefect UI")
            time.sleep(pause)  # the engine works in other processes


def _is(run: EngineRun, name: str) -> bool:
    """`030 Tage · DSAR-2026-0001 · review` is an approval's, `… · DSAR-2026-0001 · by_hand · paper` a question's."""
    return name in run.name
