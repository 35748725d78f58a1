"""What fields, kinds and codes mean where the register does not say: a dictionary of usual names (FRM-04).

The register's explanation always comes first. What is found here is marked as general, and the source's own name and
value stand beside it, unaltered.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources

_PLACES = {"de": 0, "en": 1}
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LONGEST = 200  # characters of a name that is looked up


def general_label(name: str, language: str) -> str:
    """`messages[3].sender_name`, `SenderName` as `Absender`; empty for a name that is not usual."""
    return _label(name, language) if len(name) <= _LONGEST else ""


@lru_cache(maxsize=4096)
def _label(name: str, language: str) -> str:
    last = re.sub(r"\[\d*\]", "", name).rpartition(".")[2]
    words = re.sub(r"[\W_]+", "_", _CAMEL.sub("_", last)).strip("_").lower()
    known = _dictionary()["columns"]
    found = known.get(words) or known.get(re.sub(r"_?\d{1,2}$", "", words))
    return found[_PLACES[language]] if found else ""


def general_code(value: str, language: str) -> str:
    """`true` as `ja`; empty where the value speaks for itself or nobody knows."""
    found = _dictionary()["codes"].get(value.strip().lower()) if len(value) < 10 else None
    said = found[_PLACES[language]] if found else ""
    return "" if said == value.strip().lower() else said


def general_kind(kind: str, language: str) -> str:
    """`order_item` as `Bestellposition`; empty for a kind that is not usual."""
    found = _dictionary()["kinds"].get(re.sub(r"[\W_]+", "_", kind).strip("_").lower())
    return found[_PLACES[language]] if found else ""


@cache
def _dictionary() -> Mapping[str, Mapping[str, tuple[str, str]]]:
    source = resources.files("outputs.texts").joinpath("columns.toml").read_text("utf-8")
    return {
        table: {name: (both[0], both[1]) for name, both in entries.items()}
        for table, entries in tomllib.loads(source).items()
    }
