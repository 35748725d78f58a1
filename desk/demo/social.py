"""Archives as Meta's "download your information" writes them: an Instagram account, and a small Facebook page.

Form of 2025: JSON with `your_instagram_activity/messages/inbox/<slug>_<id>/message_<n>.json`, newest message first.
Every string is written as its UTF-8 bytes, each as one `\\u00xx` escape, which is what Meta really does.
"""

from __future__ import annotations

import json
import random
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from desk.demo import words
from desk.demo.people import DATA_END, Customer, Neighbours, Protagonist, ascii_slug, with_token

INSTAGRAM_FILE = "instagram-nordlicht-2026.zip"
FACEBOOK_FILE = "facebook-nordlicht-2026.zip"
INSTAGRAM_ROOT = "your_instagram_activity"
FACEBOOK_ROOT = "your_facebook_activity"
SHOP = "Nordlicht Fahrräder"
MESSAGES_PER_FILE = 25
_ZIP_TIME = (DATA_END.year, DATA_END.month, DATA_END.day, 18, 0, 0)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Thread:
    """One conversation before it is cut into files; `messages` are oldest first."""

    folder: str = field(repr=False)
    title: str = field(repr=False)
    participants: tuple[str, ...] = field(repr=False)
    messages: tuple[Json, ...] = field(repr=False)
    photos: tuple[str, ...] = field(default=(), repr=False)


def write_instagram(
    folder: Path,
    rng: random.Random,
    customers: Sequence[Customer],
    protagonist: Protagonist,
    neighbours: Neighbours,
    tokens: Mapping[str, str],
    total: int = 150,
) -> Path:
    """Write the archive with `total` conversations (fewer if there are fewer customers) and return its path."""
    threads = _fixed_threads(rng, protagonist, neighbours, tokens)
    fixed = {protagonist.name, *(person.name for person in neighbours.all())}
    people = [customer for customer in customers if customer.name not in fixed]
    chosen = rng.sample(people, min(total - len(threads), len(people)))
    threads += [_random_thread(rng, person) for person in chosen]
    comments = [_comment(rng, f"@{protagonist.instagram_handle} Danke, wir melden uns bei dir!")]
    comments += [_comment(rng, rng.choice(words.CHAT_SHOP)) for _ in range(20)]
    return _write_archive(folder / INSTAGRAM_FILE, INSTAGRAM_ROOT, threads, comments)


def write_facebook(
    folder: Path, rng: random.Random, customers: Sequence[Customer], protagonist: Protagonist
) -> Path:  # fmt: skip
    """Write a small archive of the shop's Facebook page, a dozen conversations, and return its path."""
    hers = _dialogue(rng, protagonist.name, ("Moin, ich schreibe auch hier einmal: Ist mein Lastenrad fertig?",))
    people = rng.sample([customer for customer in customers if customer.name != protagonist.name], 12)
    threads = [_thread("inbox/lenakruger_3141592653589", protagonist.name, hers)]
    threads += [_random_thread(rng, person) for person in people]
    return _write_archive(folder / FACEBOOK_FILE, FACEBOOK_ROOT, threads, [])


def mojibake(value: Any) -> Any:
    """The value with every string, keys too, turned into one character for each byte of its UTF-8 form."""
    if isinstance(value, str):
        return value.encode("utf-8").decode("latin-1")
    if isinstance(value, dict):
        return {mojibake(key): mojibake(item) for key, item in value.items()}
    if isinstance(value, list):
        return [mojibake(item) for item in value]
    return value


# --- conversations ---------------------------------------------------------------------------------------------------


def _fixed_threads(
    rng: random.Random, protagonist: Protagonist, neighbours: Neighbours, tokens: Mapping[str, str]
) -> list[Thread]:
    namesake = _dialogue(rng, neighbours.namesake.name, ("Hallo nach Rostock, liefert ihr auch nach Lübeck?",))
    return [
        _protagonist_thread(rng, protagonist, tokens),
        _request_thread(rng),
        _thread("inbox/lenakrueger84_17841400000000084", neighbours.namesake.name, namesake),
        _mention_thread(rng, neighbours, protagonist),
        _group_thread(rng, neighbours),
        _deleted_user_thread(rng),
    ]


def _protagonist_thread(rng: random.Random, protagonist: Protagonist, tokens: Mapping[str, str]) -> Thread:
    folder = f"inbox/{_slug(protagonist.instagram_handle)}_17841400000004233"
    start = datetime(2026, 2, 20, 9, 15, tzinfo=UTC)
    messages = _dialogue(rng, protagonist.name, words.CHAT_CUSTOMER * 2, start)
    text = "Mein Lastenrad zieht nach links. Mit meinem Rücken schaffe ich den Weg zu euch nicht 😕"
    photo = "-".join(filter(None, ("lastenrad", tokens.get("dm_photo_name")))) + ".jpg"
    uri = f"{INSTAGRAM_ROOT}/messages/{folder}/photos/{photo}"
    later = messages[-1]["timestamp_ms"] + 60_000
    messages += [
        _message(protagonist.name, later, with_token(text, tokens.get("dm_text"))),
        _message(protagonist.name, later + 20_000, f"{protagonist.name} hat ein Foto gesendet."),
        _message(protagonist.name, later + 21_000, photos=[{"uri": uri, "creation_timestamp": later // 1000}]),
        _message(SHOP, later + 90_000, "Oh je! Wir holen es am Dienstag ab, Lena.", reactions=[
            {"reaction": "❤", "actor": protagonist.name, "timestamp": later // 1000 + 120}]),
        _message(protagonist.name, later + 150_000, is_unsent=True),
    ]  # fmt: skip
    return _thread(folder, protagonist.name, messages, photos=(uri,))


def _request_thread(rng: random.Random) -> Thread:
    """A message request by somebody who is no customer and names nobody."""
    text = f"Hi {SHOP}! Wir hätten da eine Kooperation für euch. Schaut in unser Profil 🔥"
    return _thread("message_requests/reichweiteplus_17841499999999991", "Reichweite Plus", [
        _message("Reichweite Plus", _milliseconds(_some_time(rng)), text)])  # fmt: skip


def _mention_thread(rng: random.Random, neighbours: Neighbours, protagonist: Protagonist) -> Thread:
    """Here the protagonist is spoken about by somebody else; she never writes."""
    name = neighbours.delivery.name
    said = f"Meine Nachbarin {protagonist.name} aus der Doberaner Straße hat mir euch empfohlen."
    return _thread("inbox/jornwestphal_17841400000000013", name, _dialogue(rng, name, (said, "Danke!")))


def _group_thread(rng: random.Random, neighbours: Neighbours) -> Thread:
    """A group of three in which one participant is only listed and greeted, and never writes."""
    she, he = neighbours.couple
    messages = _dialogue(rng, he.name, (f"Ich habe {she.first_name} dazugenommen, es geht um unser Tandem.",))
    when = messages[-1]["timestamp_ms"] + 1000
    messages.append(_message(he.name, when, f"{he.name} hat die Gruppe „Tandem“ genannt."))
    return Thread("inbox/tandem_6543210987654321", "Tandem", (he.name, she.name, SHOP), tuple(messages))


def _deleted_user_thread(rng: random.Random) -> Thread:
    name = "Instagram-Nutzer"
    return _thread("inbox/instagramuser_17841477777777777", name, _dialogue(rng, name, ("Ist das Rad noch da?",)))


def _random_thread(rng: random.Random, customer: Customer) -> Thread:
    name = customer.name if rng.random() < 0.7 else _handle(rng, customer)
    said = rng.choices(words.CHAT_CUSTOMER, k=rng.choice((1, 2, 3, 5, 8, 20)))
    folder = f"inbox/{_slug(_handle(rng, customer))}_{rng.randrange(10**16, 10**17)}"
    messages = _dialogue(rng, name, said)
    return _thread(folder, name, messages)


def _handle(rng: random.Random, customer: Customer) -> str:
    return f"{ascii_slug(customer.first_name)}_{rng.choice(words.HANDLE_WORDS)}{rng.randrange(10, 99)}"


def _slug(handle: str) -> str:
    return "".join(filter(str.isalnum, handle))


def _thread(folder: str, name: str, messages: Iterable[Json], photos: tuple[str, ...] = ()) -> Thread:
    return Thread(folder, name, (name, SHOP), tuple(messages), photos)


def _dialogue(
    rng: random.Random, customer: str, said: Sequence[str], start: datetime | None = None
) -> list[Json]:  # fmt: skip
    """The customer's sentences, each answered by the shop after some minutes."""
    when, messages = _milliseconds(start or _some_time(rng)), []
    for sentence in said:
        messages.append(_message(customer, when, sentence))
        when += rng.randrange(60_000, 3_600_000)
        messages.append(_message(SHOP, when, rng.choice(words.CHAT_SHOP)))
        when += rng.randrange(60_000, 86_400_000)
    return messages


def _message(sender: str, timestamp_ms: int, content: str | None = None, **more: Any) -> Json:
    text = {} if content is None else {"content": content}
    flags = {"is_geoblocked_for_viewer": False, "is_unsent_image_by_messenger_kid_parent": False}
    return {"sender_name": sender, "timestamp_ms": timestamp_ms, **text, **more, **flags}


def _comment(rng: random.Random, text: str) -> Json:
    """A comment the shop wrote below somebody's post; the archive holds nobody else's."""
    owner = f"{rng.choice(words.HANDLE_WORDS)}.{rng.choice(words.HANDLE_WORDS)}"
    at = _milliseconds(_some_time(rng)) // 1000
    return {"media_list_data": [{"uri": ""}], "string_map_data": {
        "Comment": {"value": text}, "Media Owner": {"value": owner}, "Time": {"timestamp": at}}}  # fmt: skip


def _some_time(rng: random.Random) -> datetime:
    return DATA_END.replace(tzinfo=UTC) - timedelta(minutes=rng.randrange(60 * 24 * 30, 60 * 24 * 900))


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp()) * 1000


# --- the archive -----------------------------------------------------------------------------------------------------


def _write_archive(path: Path, root: str, threads: Iterable[Thread], comments: list[Json]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for thread in threads:
            _write_thread(archive, root, thread)
        if comments:
            _write_json(archive, f"{root}/comments/post_comments_1.json", comments)
    return path


def _write_thread(archive: zipfile.ZipFile, root: str, thread: Thread) -> None:
    newest_first = thread.messages[::-1]
    for number, first in enumerate(range(0, len(newest_first), MESSAGES_PER_FILE), start=1):
        content = {
            "participants": [{"name": name} for name in thread.participants],
            "messages": list(newest_first[first : first + MESSAGES_PER_FILE]),
            "title": thread.title,
            "is_still_participant": True,
            "thread_path": thread.folder,
            "magic_words": [],
        }
        _write_json(archive, f"{root}/messages/{thread.folder}/message_{number}.json", content)
    for photo in thread.photos:
        _write(archive, photo, tiny_jpeg(photo))


def _write_json(archive: zipfile.ZipFile, name: str, content: Any) -> None:
    _write(archive, name, json.dumps(mojibake(content), indent=2).encode("ascii"))


def _write(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, _ZIP_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, data, compresslevel=1)


def tiny_jpeg(comment: str) -> bytes:
    """A grey picture of 8 x 8 pixels (baseline JFIF), with a comment that makes it unlike any other."""
    note = comment.encode()
    return b"".join((
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00",
        b"\xff\xfe" + (len(note) + 2).to_bytes(2, "big") + note,
        b"\xff\xdb\x00\x43\x00" + b"\x01" * 64,
        b"\xff\xc0\x00\x0b\x08\x00\x08\x00\x08\x01\x01\x11\x00",
        b"\xff\xc4\x00\x14\x00\x01" + bytes(16),
        b"\xff\xc4\x00\x14\x10\x01" + bytes(16),
        b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x3f\xff\xd9",
    ))  # fmt: skip
