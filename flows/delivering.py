"""By which way a sealed answer reaches the person: in a mail, behind a link of a Nextcloud, or by post.

A person may choose for a case; else paper was asked for, or there is no e-mail address, or the settings say. The link
and the mail go to the same address on file: which of the two it is may still change when the answer is sealed and
turns out to be too large. Post is another channel, which the approved draft names. What is
sealed for the person's own key is a mail, for it is their mail program that opens it.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum

from cases.case import Status
from cases.draft import Notice
from cases.person import Person
from flows.house import House
from infra.share import Share, ShareFailed
from infra.store.answers import PackageRecord
from infra.store.outbox import alive, answer_mails, this_process
from infra.store.sealed import Posted
from infra.store.store import Transaction
from outputs.notices import render

# What became of a link: `loading` from before the upload, so that a file never lies in the cloud unknown to us; `over`
# where nobody is to get it any more.
WANTED, LOADING, MADE, OVER, GONE = "wanted", "loading", "made", "over", "gone"
FAILED = "share_failed"
_HELD = "links"  # one process at a time: a second one would take back the link that the first has just made
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # without signs that look like others


class Way(StrEnum):
    MAIL = "mail"
    LINK = "link"
    POST = "post"


class NoSuchWay(Exception):
    """The answer cannot go this way. `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def way_of(house: House, chosen: str, person: Person) -> Way:
    """`chosen`: what a person chose for the case, or nothing. Somebody who asked for paper gets it where their postal
    address is on file (Art. 12(3) sentence 4); who has no e-mail address on file gets it always."""
    if not person.recipient:
        return Way.POST
    if chosen:
        return Way(chosen)
    if person.own_key:
        return Way.MAIL
    if person.wishes.form == "paper" and person.postal:
        return Way.POST
    return Way(house.settings.delivery.by)


def choose(house: House, tx: Transaction, case: str, way: Way, by: str, why: str) -> None:
    """A person chooses the way: before the approval for the draft, or for a sealed answer that has not left. Raises
    `NoSuchWay`."""
    person, row, value = tx.cases.person(case), tx.cases.row(case), tx.cases.get(case)
    _check(house, person, way)
    before = way_of(house, row.delivery, person)
    if value.status not in (Status.COLLECTING, Status.REVIEW, Status.SEALED):
        raise NoSuchWay("not_now")
    if value.status is Status.SEALED and Way.POST in (before, way) and before != way:
        raise NoSuchWay("approved_for_another_channel")
    row.delivery = way.value
    tx.cases.note(case, f"delivery:{way.value}", by, why)
    if value.status is Status.SEALED:
        _go_another_way(tx, case, way)


def _check(house: House, person: Person, way: Way) -> None:
    if way is Way.LINK and house.cloud is None:
        raise NoSuchWay("no_cloud")
    if way is Way.POST and not person.postal:
        raise NoSuchWay("no_postal_address")
    if way is not Way.POST and not person.recipient:
        raise NoSuchWay("no_address_on_file")
    if way is not Way.MAIL and person.own_key:
        raise NoSuchWay("sealed_for_own_key")


def _go_another_way(tx: Transaction, case: str, way: Way) -> None:
    """For an answer that did not go by mail: refused there, or too large. What is on its way already stays so."""
    package = tx.answers.package(tx.cases.row(case))
    states = tx.outbox.states(*answer_mails(case, package.version)) if package else frozenset()
    if package is None or way is not Way.LINK or states & {"queued", "claimed", "sending", "sent", "uncertain"}:
        raise NoSuchWay("not_now")
    tx.answers.link(tx.cases.row(case), package.version, WANTED)
    _settle(tx, case)


def send_off(house: House, tx: Transaction, package: PackageRecord, case: str) -> Way | None:
    """Starts a freshly sealed answer on its way; None where a person has to bring it."""
    row, person = tx.cases.row(case), tx.cases.person(case)
    way = way_of(house, row.delivery, person)
    too_large = package.size > house.settings.post.max_megabytes * 1_000_000
    if way is Way.POST:
        _ask(tx, case, "answer_by_post")
        return None
    if way is Way.LINK or (too_large and house.cloud is not None and not person.own_key):
        tx.answers.link(row, package.version, WANTED)
        return Way.LINK
    if too_large:
        _ask(tx, case, "answer_too_large")
        tx.alarms.raise_(case, "answer_too_large")
        return None
    return Way.MAIL


def link_password() -> str:
    """20 signs out of 31: 99 bits, and within what password rules of a Nextcloud accept (letters, a digit, a capital,
    a special sign)."""
    groups = ("".join(secrets.choice(_SIGNS) for _ in range(5)) for _ in range(4))
    return "-".join(groups).capitalize() + "-7"


def publish_waiting(house: House) -> int:
    """Makes the links that are waited for and queues their mails; returns how many. One that fails for good is put to
    a person, any other is tried again."""
    if house.cloud is None or not _hold(house):
        return 0
    try:
        with house.store.begin() as tx:
            waiting = (*tx.answers.links(WANTED), *tx.answers.links(LOADING))
        made = sum(_publish(house, case, version) for case, version in waiting)
        withdraw_expired(house)
        return made
    finally:
        with house.store.begin() as tx:
            tx.runs.let_go(_HELD, this_process())


def _hold(house: House) -> bool:
    with house.store.begin() as tx:
        return tx.runs.hold(_HELD, this_process(), alive)


def _publish(house: House, case: str, version: int) -> bool:
    package = _to_publish(house, case, version)
    if package is None or package.kept is None or house.cloud is None:
        return False
    until = house.today(house.clock.now()) + timedelta(days=house.settings.delivery.days)
    try:
        with house.vault.open(package.kept.blob) as stream:
            password = package.kept.link_password
            share = house.cloud.publish(_folder(package), package.filename, stream, package.size, password, until)
    except ShareFailed as error:
        _failed(house, case, version, error)
        return False
    return _noted(house, case, package, share, until)


def _to_publish(house: House, case: str, version: int) -> PackageRecord | None:
    """The package, noted as being uploaded; None where nobody is to get it any more, and its file goes."""
    with house.store.begin() as tx:
        row = tx.cases.row(case)
        package = tx.answers.package(row)
        wanted = package is not None and package.kept is not None and package.version == version
        if not wanted or tx.cases.get(case).status is not Status.SEALED:
            tx.answers.link(row, version, OVER)
            return None
        tx.answers.link(row, version, LOADING)
        return package


def _noted(house: House, case: str, package: PackageRecord, share: Share, until: date) -> bool:
    """Keeps the link and queues its mail, unless the answer was taken back during the upload."""
    with house.store.begin() as tx:
        row, version = tx.cases.row(case), package.version
        now = tx.answers.package(row)
        if now is None or now.version != version or now.link_state != LOADING or package.kept is None:
            tx.answers.link(row, version, OVER)
            return False
        if tx.cases.get(case).status is not Status.SEALED:
            tx.answers.link(row, version, OVER)
            return False
        tx.answers.keep_link(row, version, replace(package.kept, link=share.url, link_path=share.path), until)
        tx.cases.note(case, f"link_made:{until.isoformat()}")
        mail = _link_mail(house, tx, case, package, share, until.isoformat())
        tx.outbox.put("answer", answer_mails(case, version)[1], case, row.material_key, mail, house.mail_domain)
        _settle(tx, case)
    return True


def _folder(package: PackageRecord) -> str:
    """The name of a package's folder in the cloud: known before the upload, and nobody's."""
    return package.sha256[:20]


def _failed(house: House, case: str, version: int, error: ShareFailed) -> None:
    with house.store.begin() as tx:
        tx.cases.needs_attention(case, FAILED)
        tx.alarms.raise_(case, FAILED)
        if error.for_good:  # what lies there already goes
            tx.answers.link(tx.cases.row(case), version, OVER)
            tx.cases.note(case, f"link_failed:{error.code}")
            tx.questions.ask(case, "delivery", tx.cases.get(case).due)


def _link_mail(house: House, tx: Transaction, case: str, package: PackageRecord, share: Share, until: str) -> Posted:
    """The mail with the link: a closed template, and never the password of either."""
    fields = (("filename", package.filename), ("channel", "person"), ("url", share.url), ("until", until))
    rendered = render(Notice("answer_link", tx.cases.get(case).language, case, fields), house.controller)
    person = tx.cases.person(case)
    return Posted(person.recipient, rendered.subject, rendered.text, person.message_id)


def _settle(tx: Transaction, case: str) -> None:
    for code in (FAILED, "answer_too_large", "mail_refused"):
        tx.alarms.clear(case, code)
    tx.questions.settle(case, "delivery")


def _ask(tx: Transaction, case: str, hint: str) -> None:
    tx.cases.needs_attention(case, hint)
    tx.questions.ask(case, "delivery", tx.cases.get(case).due)


def withdraw_expired(house: House) -> int:
    """Deletes the files whose link has ended, or that nobody is to get; returns of how many cases. What cannot be
    reached is tried again."""
    today = house.today(house.clock.now())
    with house.store.begin() as tx:
        ended = (*tx.answers.links(MADE, before=today), *tx.answers.links(OVER))
    return sum(_withdraw(house, case, version) for case, version in ended)


def take_back(house: House, case: str) -> bool:
    """Takes the links of a case back and deletes their files; True where none is left. Called before the material of a
    case is destroyed, which waits for it."""
    with house.store.begin() as tx:
        left = [version for version, state in tx.answers.link_states(case) if state in (LOADING, MADE, OVER)]
    return sum(_withdraw(house, case, version) for version in left) == len(left)  # each is tried


def _withdraw(house: House, case: str, version: int) -> bool:
    with house.store.begin() as tx:
        digest = tx.answers.link_digest(case, version)
    if house.cloud is None:
        return _cannot_take_back(house, case)
    try:
        house.cloud.withdraw(f"{house.settings.delivery.folder.strip('/')}/{digest[:20]}")
    except ShareFailed:
        return _cannot_take_back(house, case)
    with house.store.begin() as tx:
        tx.answers.link(tx.cases.row(case), version, GONE)
        tx.cases.note(case, "link_gone")
        tx.alarms.clear(case, "link_not_taken_back")
    return True


def _cannot_take_back(house: House, case: str) -> bool:
    with house.store.begin() as tx:
        tx.alarms.raise_(case, "link_not_taken_back")
    return False
