"""Words that stand nowhere else are planted in everything that a case touches; after a run in which everything also
failed once, none of them lies in clear outside of the company's own systems and the person's mailbox."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from pypdf import PdfReader

from cases.case import Status
from cases.finding import Strength
from desk.demo.company import CANARY_FIELDS
from outputs.open import open_package
from outputs.seal import Passphrase
from tests.e2e.scan import scan_apart
from tests.e2e.world import DPO, SENT, Asker, World

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]  # a world starts within the first test that needs it


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, str]]:
    """The protagonist asks while no source can be asked, and everything comes back."""
    with World(tmp_path_factory.mktemp("canary")) as world:
        away = _break(world)
        world.up()
        world.ask(_protagonist(world))
        case = world.case_of(_protagonist(world))
        world.wait_for(lambda: "source_unavailable" in world.alarms(case), "an alarm about the customer database")
        world.wait_clean()
        assert not world.company.crm.exists()
        away.rename(world.company.crm)
        world.wait_for_status(case, Status.REVIEW)
        yield world, case


def _protagonist(world: World) -> Asker:
    return world.askers[0]


def _break(world: World) -> Path:
    """The customer database is gone, the export broke off while it was downloaded, the cloud is down."""
    away = world.company.crm.with_suffix(".away")
    world.company.crm.rename(away)
    whole = world.company.instagram.read_bytes()
    world.company.instagram.with_suffix(".whole").write_bytes(whole)
    world.company.instagram.write_bytes(whole[: len(whole) // 2])
    world.dav.stop()
    return away


def _mend(world: World) -> None:
    whole = world.company.instagram.with_suffix(".whole")
    whole.replace(world.company.instagram)
    world.move_cloud()


def test_sources_that_fail_leave_no_trace_of_anybody(asked: tuple[World, str]) -> None:
    world, case = asked
    with world.house.store.begin() as tx:
        failed = {log.source for log in tx.findings.logs(case) if log.failed}
    assert failed == {"instagram", "cloud"}
    world.wait_clean()


def test_what_is_typed_wrongly_is_deleted_too(asked: tuple[World, str]) -> None:
    world, case = asked
    typed = world.typed_release(case, approver=f"{DPO} {world.words['refused_approver']}")
    world.submit(world.approval_form(case), typed)
    world.wait_for(lambda: _was_refused(world, case), "the refusal of the form")
    world.wait_clean()
    assert world.status(case) is Status.REVIEW


def _was_refused(world: World, case: str) -> bool:
    with world.house.store.begin() as tx:
        return any(event.what == "form_refused:not_a_releaser" for event in tx.cases.history(case))


def test_a_second_search_leaves_no_trace_of_anybody(asked: tuple[World, str]) -> None:
    world, case = asked
    _mend(world)
    typed = {"decision": "search again", "approver": DPO, "release_code": ""}
    world.submit(world.approval_form(case), typed | {"reason": f"alles wieder da {world.words['search_reason']}"})
    world.wait_for(lambda: _all_searched(world, case), "a search of everything")
    world.wait_clean()


def _all_searched(world: World, case: str) -> bool:
    with world.house.store.begin() as tx:
        logs = tx.findings.logs(case)
    return world.status(case) is Status.REVIEW and not any(log.failed for log in logs)


def test_the_answer_of_somebody_who_looked_by_hand_leaves_no_trace(asked: tuple[World, str]) -> None:
    world, case = asked
    by, note = world.words["by_hand_by"], world.words["by_hand_note"]
    run = world.form(f"{case} · by_hand · paper")
    world.submit(run, {"decision": "nothing", "by": f"Torben {by}", "note": f"alle Ordner {note}"})
    world.wait_for(lambda: _no_question(world, case), "the answer to be taken over")
    world.wait_clean()


def _no_question(world: World, case: str) -> bool:
    with world.house.store.begin() as tx:
        return not tx.questions.open_ones(case)


def test_deciding_approving_and_sending_leave_no_trace(asked: tuple[World, str]) -> None:
    world, case = asked
    world.decide(case, mine=tuple(Strength))
    world.approve(case)
    world.wait_for_status(case, *SENT)
    world.submit(world.form(f"{case} · handover"), {"channel": "phone", "by": DPO})
    world.wait_for_status(case, Status.ANSWERED)
    world.wait_clean()


def test_the_words_did_go_all_the_way(asked: tuple[World, str]) -> None:
    """Else nothing could have leaked: what was planted stands in the opened answer."""
    world, case = asked
    opened = _open_answer(world, case)
    found = {leak.word for leak in scan_apart(world.words, [opened])} | _in_pdfs(world, opened)
    assert set(CANARY_FIELDS) - {"request_subject", "request_text"} <= found


def _in_pdfs(world: World, opened: Path) -> set[str]:
    """A PDF writes numbers of glyphs, not letters: what its reader sees has to be asked of a reader."""
    pages = (page.extract_text().lower() for path in opened.rglob("*.pdf") for page in PdfReader(path).pages)
    text = "\n".join(pages).replace("\n", "")
    return {name for name, word in world.words.items() if word in text}


def _open_answer(world: World, case: str) -> Path:
    """In the company's folder, which is the only one where the words may lie."""
    (answer,) = world.answers(_protagonist(world).email)
    (attached,) = answer.iter_attachments()
    package = world.company.folder / str(attached.get_filename())
    package.write_bytes(cast(bytes, attached.get_payload(decode=True)))
    with world.house.store.begin() as tx:
        kept = tx.answers.package(tx.cases.row(case))
    assert kept is not None
    assert kept.kept is not None
    opened = world.company.folder / "opened"
    open_package(package, Passphrase(kept.kept.passphrase), opened)
    return opened


def test_nothing_is_left_once_everything_has_stopped(asked: tuple[World, str]) -> None:
    world, _ = asked
    world.down()
    assert world.leaks() == []
