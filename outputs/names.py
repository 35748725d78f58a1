"""How things are named to the reader: files of an answer, systems, kinds of entries."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

from cases.coverage import Cell
from cases.draft import Draft, Item
from outputs.copy_words import general_kind
from outputs.texts import Texts

ENDINGS = frozenset(
    re.findall(
        r"\S+",
        "pdf txt md rtf doc docx odt xls xlsx ods csv tsv ppt pptx odp "
        "jpg jpeg png gif webp tif tiff bmp heic heif svg "
        "mp3 m4a wav ogg oga opus aac amr flac mp4 m4v mov avi mkv webm 3gp "
        "eml msg mbox ics vcf html htm xml json jsonl zip 7z gz tar rar",
    )
)
UNUSUAL = "bin"
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def utf8(text: str) -> bytes:
    """Text as UTF-8; a lone surrogate, which no valid text has but hostile data may, becomes U+FFFD."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text).encode()


def printable(text: str) -> str:
    """Text as a letter can hold it: line breaks and control characters as blanks, no lone surrogates."""
    shown = utf8(text).decode()
    return "".join(" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in shown)


def belongs(item: Item, cell: Cell) -> bool:
    """Whether an item was found in the system of this cell."""
    system = cell.system
    return item.system in (system.key, system.name.de, system.name.en) or item.source == system.source != ""


def system_name(draft: Draft, item: Item) -> str:
    """The register's name for the system of an item, in the language of the draft."""
    names = (cell.system.name.in_(draft.language) for cell in draft.cells if belongs(item, cell))
    return next(names, item.system or item.source)


def kind_name(kind: str, words: Texts) -> str:
    """`invoice` as `Rechnung`, `order_item` as `Bestellposition`; a kind that nobody translated by its own name."""
    key = f"kinds.{kind}"
    return words(key) if words.known(key) else general_kind(kind, words.language) or words("copy.kind", kind=kind)


def file_size(count: int, words: Texts) -> str:
    """`13,8 kB` (decimal units, as file managers show them)."""
    if count < 1000:
        return words("copy.size", size=count)
    for unit, power in (("kB", 1), ("MB", 2), ("GB", 3)):
        if count < 1000 ** (power + 1) or unit == "GB":
            break
    return f"{count / 1000**power:.1f} {unit}".replace(".", words("money.point"))


def neutral_ending(name: str) -> str:
    """`.pdf` of `Rechnung Meier.PDF`. Only usual endings are kept: `brief.meier` ends with a name, and nobody should
    start a program out of an answer; whatever else there is ends with `.bin`."""
    ending = PurePosixPath(name).suffix.lower()[1:]
    return f".{ending if ending in ENDINGS else UNUSUAL}"


def file_folder(draft: Draft) -> str:
    """The folder of original files inside the package, with a trailing slash; empty where there are none."""
    paths = (file.path for item in draft.released for file in item.files)
    first = next(paths, "")
    return first.rpartition("/")[0] + "/" if "/" in first else ""
