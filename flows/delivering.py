"""By which way a sealed answer reaches the person: in a mail, behind a link of a Nextcloud, or by post.

A person may choose for a case; else paper was asked for, or there is no e-mail address, or the settings say. The link
and the mail go to the same address on file: which of the two it is may still change when the answer is sealed and
turns out to be too large. Post is another channel, which the approved draft names. What is
sealed for the person's own key is a mail, for it is their mail program that opens it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from pathlib import PurePath

from cases.case import Status
from cases.draft import Notice
from cases.person import Person
from flows.bounces import CAME_BACK
from flows.house import House
from flows.readable import ENDED, unreadable
from infra.share import Share, ShareFailed
from infra.store.answers import GONE, LOADING, MADE, OVER, WANTED, Link, PackageRecord
from infra.store.outbox import Attempt, alive, this_process
from infra.store.sealed import KeptPackage, Posted
from infra.store.store import Transaction
from outputs.notices import RenderedMail, render

FAILED = "share_failed"
# Alarms that end when an answer is with the person, or on its way again.
NOT_DELIVERED = ("delivery_uncertain", "mail_refused", "answer_too_large", FAILED, CAME_BACK, ENDED)
PATIENCE = timedelta(hours=4)  # a cloud that is away for longer is put to a person
# What an answer that left, or did not leave, has to be in for a link of it to be made.
_WAITS = (Status.SEALED, Status.DELIVERY_UNCERTAIN, Status.ANSWERED, Status.ANSWERED_NOTHING_HELD)
_HELD = "links"  # one process at a time: two would upload the same twice
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # without signs that look like others
_MEDIA = {
    ".html": "text/html",
    ".zip": "application/zip",
    ".p7m": "application/pkcs7-mime",
    ".asc": "application/pgp-encrypted",
}


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
    """A person chooses the way: before the approval for the draft, or for a sealed answer that reached nobody. Raises
    `NoSuchWay`."""
    person, row, value = tx.cases.person(case), tx.cases.row(case), tx.cases.get(case)
    _check(house, person, way)
    before = way_of(house, row.delivery, person)
    if value.status is Status.SEALED and Way.POST in (before, way) and before != way:
        raise NoSuchWay("approved_for_another_channel")
    if value.status not in (Status.COLLECTING, Status.REVIEW):
        _go_another_way(house, tx, case, way)
    row.delivery = way.value
    tx.cases.note(case, f"delivery:{way.value}", by, why)


def _check(house: House, person: Person, way: Way) -> None:
    if way is Way.LINK and house.cloud is None:
        raise NoSuchWay("no_cloud")
    if way is Way.POST and not person.postal:
        raise NoSuchWay("no_postal_address")
    if way is not Way.POST and not person.recipient:
        raise NoSuchWay("no_address_on_file")
    if way is not Way.MAIL and person.own_key:
        raise NoSuchWay("sealed_for_own_key")


def _go_another_way(house: House, tx: Transaction, case: str, way: Way) -> None:
    """For a sealed answer of which nothing reached the person, or only a link that opens nothing. What is on its way
    already stays so."""
    package = tx.answers.package(tx.cases.row(case))
    if package is None or package.kept is None:
        raise NoSuchWay("not_now")
    attempts = tx.outbox.attempts(case, package.version)
    nothing_left = tx.cases.get(case).status is Status.SEALED and all(each.failed for each in attempts)
    if way is Way.LINK and (nothing_left or _is_link_lost(tx, case, attempts)):
        _want_link(tx, case, package)
    elif way is Way.MAIL and nothing_left:
        _attach(house, tx, case, package)
    else:
        raise NoSuchWay("not_now")


def _is_link_lost(tx: Transaction, case: str, attempts: tuple[Attempt, ...]) -> bool:
    """Whether the person holds a link that opens nothing, and somebody still has to see to that: of an answered case
    only where its answer came back."""
    value = tx.cases.get(case)
    asked = any(item.kind == "delivery" and not item.about for item in tx.questions.open_ones(case))
    left = value.status in (Status.SENT, Status.DELIVERY_UNCERTAIN) or (value.status in _WAITS and asked)
    return left and not any(each.pending for each in attempts) and unreadable(tx, case)


def _want_link(tx: Transaction, case: str, package: PackageRecord) -> None:
    """A new link, in a folder of its own. One that is being made stays as it is. The question about the delivery stands
    until a mail with it is queued."""
    if package.link_state not in (WANTED, LOADING):
        wanted = Link(WANTED, package.link.upload + 1 if package.link.state else 0)
        if not tx.answers.swap_link(tx.cases.row(case), package.version, package.link, wanted):
            raise NoSuchWay("not_now")
    if tx.cases.get(case).status is Status.SENT:
        tx.cases.move(case, Status.DELIVERY_UNCERTAIN, why=ENDED)
        tx.questions.settle(case, "handover")
        _ask(tx, case, ENDED)


def _attach(house: House, tx: Transaction, case: str, package: PackageRecord) -> None:
    """The file itself, where no link to it has left: one that is being made ends."""
    if package.size > house.settings.post.max_megabytes * 1_000_000:
        raise NoSuchWay("too_large")
    row = tx.cases.row(case)
    tx.answers.end_links(row)
    mail = _file_mail(house, tx, case, package)
    if not tx.outbox.put_answer(case, package.version, row.material_key, mail, house.mail_domain):
        raise NoSuchWay("not_now")
    _settle(tx, case)


def _file_mail(house: House, tx: Transaction, case: str, package: PackageRecord) -> Posted:
    """The mail that was tried before or, of an answer that was to go as a link, the one that it would have gone in."""
    if package.kept is None:
        raise LookupError(f"{case} has no sealed answer")
    before = [mail.mail for mail in tx.outbox.of_case(case) if mail.mail.blob == package.kept.blob]
    if before:
        return before[-1]
    person, said = tx.cases.person(case), _cover(house, tx, case, package)
    media_type, blob = _MEDIA[PurePath(package.filename).suffix], package.kept.blob
    return Posted(person.recipient, said.subject, said.text, person.message_id, package.filename, media_type, blob)


def _cover(house: House, tx: Transaction, case: str, package: PackageRecord) -> RenderedMail:
    """Sealed for the person's own key its text lies inside; the subject says nothing of keys."""
    own, language = tx.cases.person(case).own_key, tx.cases.get(case).language
    if own is None:
        fields = (("filename", package.filename), ("channel", "person"))
        return render(Notice("answer_cover", language, case, fields), house.controller)
    keys = (("kind", own.kind), ("theirs", own.fingerprint), ("ours", own.fingerprint))
    return replace(render(Notice("answer_own_key", language, case, keys), house.controller), text="")


def send_off(house: House, tx: Transaction, package: PackageRecord, case: str) -> Way | None:
    """Starts a freshly sealed answer on its way; None where a person has to bring it."""
    row, person = tx.cases.row(case), tx.cases.person(case)
    way = way_of(house, row.delivery, person)
    too_large = package.size > house.settings.post.max_megabytes * 1_000_000
    if way is Way.POST:
        _ask(tx, case, "answer_by_post")
        return None
    if way is Way.LINK or (too_large and house.cloud is not None and not person.own_key):
        tx.answers.swap_link(row, package.version, package.link, Link(WANTED))
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
    """Makes the links that are waited for and queues their mails; returns how many. One that fails for good, or for
    hours, is put to a person; it is tried again all the same where that may help."""
    with house.store.begin() as tx:
        _end_expired(house, tx)
        waiting, before = tx.answers.links(WANTED, LOADING), tx.runs.get(_HELD)
        if not (waiting or house.cloud) or not tx.runs.hold(_HELD, this_process(), alive):
            return 0
        beside = before is not None and before.owner != "" and alive(before.owner)
    try:
        made = sum(_publish(house, case, version, beside=beside) for case, version, _ in waiting)
        withdraw_expired(house)
        return made
    finally:
        with house.store.begin() as tx:
            tx.runs.let_go(_HELD, this_process())


def _publish(house: House, case: str, version: int, *, beside: bool) -> bool:
    """`beside`: another process may still be at it, and is too slow; it keeps its folder."""
    package = _to_publish(house, case, version, beside=beside)
    if package is None or package.kept is None:
        return False
    until = house.today(house.clock.now()) + timedelta(days=house.settings.delivery.days)
    try:
        share = _upload(house, package, package.kept, until)
    except ShareFailed as error:
        done, goes_on = False, _failed(house, case, package, error)
    else:
        done = goes_on = _noted(house, case, package, share, until)
    if not goes_on:
        _overtaken(house, case, package)
    if done:
        _drop(house, package.sha256, range(1, package.link.upload))
    return done


def _upload(house: House, package: PackageRecord, kept: KeptPackage, until: date) -> Share:
    if house.cloud is None:
        raise ShareFailed("unreachable", "no Nextcloud is set up any more under [delivery]")
    folder = _folder(package.sha256, package.link.upload)
    with house.vault.open(kept.blob) as stream:
        return house.cloud.publish(folder, package.filename, stream, package.size, kept.link_password, until)


def _to_publish(house: House, case: str, version: int, *, beside: bool) -> PackageRecord | None:
    """The package, its link noted as being uploaded. None where another has said meanwhile what becomes of it, or
    nobody is to get it any more, and its file goes."""
    with house.store.begin() as tx:
        row, link = tx.cases.row(case), tx.answers.link(tx.cases.row(case), version)
        if link.state not in (WANTED, LOADING):
            return None
        if not _still_goes(tx, case, version):
            tx.answers.swap_link(row, version, link, link.ended)
            return None
        if house.cloud is not None:
            another = beside and link.state == LOADING
            tx.answers.swap_link(row, version, link, Link(LOADING, max(link.upload, 1) + int(another)))
        return tx.answers.package(row)


def _still_goes(tx: Transaction, case: str, version: int) -> bool:
    package = tx.answers.package(tx.cases.row(case))
    current = package is not None and package.kept is not None and package.version == version
    return current and tx.cases.get(case).status in _WAITS


def _noted(house: House, case: str, package: PackageRecord, share: Share, until: date) -> bool:
    """Keeps the link and queues its mail, unless another has said during the upload what becomes of it."""
    with house.store.begin() as tx:
        row, version = tx.cases.row(case), package.version
        if package.kept is None or not _still_goes(tx, case, version):
            return False
        kept = replace(package.kept, link=share.url, link_path=share.path)
        if not tx.answers.keep_link(row, version, package.link, kept, until):
            return False
        tx.cases.note(case, f"link_made:{until.isoformat()}", why=f"version {version}")
        mail = _link_mail(house, tx, case, package, share, until.isoformat())
        if tx.outbox.put_answer(case, version, row.material_key, mail, house.mail_domain, link=True):
            _settle(tx, case)
        return True


def _overtaken(house: House, case: str, package: PackageRecord) -> None:
    """Another has said meanwhile what becomes of the link: what was uploaded here goes, and nothing else does."""
    with house.store.begin() as tx:
        row = tx.cases.row(case)
        link = tx.answers.link(row, package.version)
        if link.upload == package.link.upload and link.state in (LOADING, MADE, GONE):
            tx.answers.swap_link(row, package.version, link, link.ended)
        if link == Link(MADE, package.link.upload):  # in the same folder: nobody knows whose link works
            _has_ended(tx, case, package.version)
    if link.upload != package.link.upload:
        _drop(house, package.sha256, (package.link.upload,))


def _drop(house: House, digest: str, uploads: Iterable[int]) -> None:
    """Deletes what serves no link; where that fails it is tried again when the link that there is ends."""
    with suppress(ShareFailed):
        for upload in uploads:
            _delete(house, digest, upload)


def _folder(digest: str, upload: int) -> str:
    """The name of an upload's folder in the cloud: known before the upload, and nobody's."""
    return digest[:20] if upload == 1 else f"{digest[:20]}-{upload}"


def _failed(house: House, case: str, package: PackageRecord, error: ShareFailed) -> bool:
    """False where another has said meanwhile what becomes of the link."""
    with house.store.begin() as tx:
        then = package.link.ended if error.for_good else package.link  # what lies there already goes
        if not tx.answers.swap_link(tx.cases.row(case), package.version, package.link, then):
            return False
        tx.cases.needs_attention(case, FAILED)
        tx.alarms.raise_(case, FAILED)
        if error.for_good:
            tx.cases.note(case, f"link_failed:{error.code}")
        since = next(item.raised_at for item in tx.alarms.of(case) if item.code == FAILED)
        if error.for_good or tx.now - since >= PATIENCE:
            tx.questions.ask(case, "delivery", tx.cases.get(case).due)
        return True


def _link_mail(house: House, tx: Transaction, case: str, package: PackageRecord, share: Share, until: str) -> Posted:
    """The mail with the link: a closed template, and never the password of either."""
    fields = (("filename", package.filename), ("channel", "person"), ("url", share.url), ("until", until))
    rendered = render(Notice("answer_link", tx.cases.get(case).language, case, fields), house.controller)
    person = tx.cases.person(case)
    return Posted(person.recipient, rendered.subject, rendered.text, person.message_id)


def _settle(tx: Transaction, case: str) -> None:
    """A mail of the answer is queued: what stood against it is over, until that says otherwise."""
    for code in NOT_DELIVERED:
        tx.alarms.clear(case, code)
    tx.questions.settle(case, "delivery")


def _ask(tx: Transaction, case: str, hint: str) -> None:
    tx.cases.needs_attention(case, hint)
    tx.questions.ask(case, "delivery", tx.cases.get(case).due)


def withdraw_expired(house: House) -> int:
    """Deletes the files whose link has ended, or that nobody is to get; returns of how many cases. What cannot be
    reached is tried again."""
    with house.store.begin() as tx:
        _end_expired(house, tx)
        ended = tx.answers.links(OVER)
    return sum(_withdraw(house, case, version, link) for case, version, link in ended)


def _end_expired(house: House, tx: Transaction) -> None:
    for case, version, link in tx.answers.links(MADE, before=house.today(tx.now)):
        if tx.answers.swap_link(tx.cases.row(case), version, link, replace(link, state=OVER)):
            _has_ended(tx, case, version)


def _has_ended(tx: Transaction, case: str, version: int) -> None:
    """A link that ends before its passphrase is handed over opens nothing any more: a person sees to a new one."""
    package, value = tx.answers.package(tx.cases.row(case)), tx.cases.get(case)
    if package is None or package.version != version or not value.open or not unreadable(tx, case):
        return
    for each in tx.outbox.attempts(case, version):
        tx.outbox.withdraw(each.once, ENDED)
    if value.status is Status.SENT:
        tx.cases.move(case, Status.DELIVERY_UNCERTAIN, why=ENDED)
    tx.questions.settle(case, "handover")
    _ask(tx, case, ENDED)
    tx.alarms.raise_(case, ENDED)


def take_back(house: House, case: str) -> bool:
    """Takes the links of a case back and deletes their files; True where none is left. What cannot be reached now is
    tried again (`withdraw_expired`, `flows.outside`): the material of the case does not wait for it."""
    with house.store.begin() as tx:
        links = [(version, link) for version, link in tx.answers.link_states(case) if link.state not in ("", GONE)]
    left = [(version, link) for version, link in links if link.upload]
    return sum(_withdraw(house, case, *each) for each in left) == len(left)  # each is tried


def _withdraw(house: House, case: str, version: int, link: Link) -> bool:
    """True where the link is gone with its files, those of earlier uploads as well."""
    with house.store.begin() as tx:
        digest = tx.answers.link_digest(case, version)
    try:
        for upload in range(1, link.upload + 1):
            _delete(house, digest, upload)
    except ShareFailed:
        return _cannot_take_back(house, case)
    with house.store.begin() as tx:
        if not tx.answers.swap_link(tx.cases.row(case), version, link, replace(link, state=GONE)):
            return False
        tx.cases.note(case, "link_gone", why=f"version {version}")
        tx.alarms.clear(case, "link_not_taken_back")
    return True


def _delete(house: House, digest: str, upload: int) -> None:
    if house.cloud is None:
        raise ShareFailed("unreachable", "no Nextcloud is set up any more under [delivery]")
    house.cloud.withdraw(f"{house.settings.delivery.folder.strip('/')}/{_folder(digest, upload)}")


def _cannot_take_back(house: House, case: str) -> bool:
    with house.store.begin() as tx:
        tx.alarms.raise_(case, "link_not_taken_back")
    return False
