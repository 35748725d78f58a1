"""What needs a person now, in one place of the interface: every form that waits, the most urgent first, with a link."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from flows.house import House
from flows.reconcile import Wanted, put_now, wanted
from infra.store.store import Transaction

KEY = "needs-you-now"
TITLE = "Was Sie jetzt braucht / what needs you now"
NOTHING = "Nichts. / Nothing."
WORDS = {
    "alarm": "Alarm: gesehen? / alarm: seen?",
    "fulfil": "Antwort prüfen und freigeben / review and approve the answer",
    "triage": "Ist das eine Anfrage? / is this a request?",
    "identity": "Wer fragt? / who is asking?",
    "by_hand": "System von Hand prüfen / look into a system by hand",
    "handover": "Passwort übergeben / hand over the passphrase",
    "delivery": "Kam die Antwort an? / did the answer arrive?",
    "authority": "Vollmacht prüfen / check the authority",
    "withdrawal": "Zurückgenommen? / was it taken back?",
    "acknowledge": "Eingang bestätigen? / acknowledge receipt?",
    "breach": "Datenpanne: melden? / breach: notify?",
}


def needs_you_now(house: House) -> str:
    """The page as Markdown; empty where it says what it said last time."""
    base = house.settings.prefect_api.removesuffix("/api")
    everything = wanted(house)
    with house.store.begin() as tx:
        known = {run.key: run.flow_run for run in tx.runs.all()}
        now = [item for item in put_now(everything, known, house.settings.prefect.most_forms) if item.waits]
        page = _page(now, known, base, len([item for item in everything if item.waits]) - len(now))
        return page if _is_news(tx, page) else ""


def _page(now: Sequence[Wanted], runs: dict[str, str], base: str, more: int) -> str:
    ordered = sorted(now, key=lambda item: (item.due, item.name))
    lines = [_line(item, runs.get(item.key, ""), base) for item in ordered]
    rest = [f"\n… {more}"] if more > 0 else []
    return "\n".join([f"## {TITLE}", "", *(lines or [NOTHING]), *rest])


def _line(item: Wanted, run: str, base: str) -> str:
    what = next((WORDS[tag] for tag in (*item.tags, item.deployment) if tag in WORDS), item.deployment)
    name = f"[{item.name}]({base}/runs/flow-run/{run})" if run else item.name
    return f"- {name}: {what}"


def _is_news(tx: Transaction, page: str) -> bool:
    """An artifact keeps every version: one is made only where something has changed."""
    digest = hashlib.sha256(page.encode()).hexdigest()
    if tx.state.get(KEY).get("digest") == digest:
        return False
    tx.state.set(KEY, digest=digest)
    return True
