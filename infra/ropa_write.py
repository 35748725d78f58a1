"""`ropa.toml` written from an import: TOML 1.0, every value quoted, every gap marked."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from infra.ropa_audit import UNFILLED
from infra.scaffold import register_text

_HEAD = """\
# Verzeichnis der Verarbeitungstätigkeiten, übernommen aus einer Tabelle (taken over from a spreadsheet).
# AUSFUELLEN: fehlt noch (still missing). Prüfen (check): auskunft ropa check
"""
_DETAILS = {"dpf": "verified_on", "scc": "module", "bcr": "detail", "art49": "detail", "adequacy": "detail"}
_LONGEST_KEY, _LONGEST_LINE = 60, 300
_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


class Writer:
    """One activity as TOML; `language` is that of the spreadsheet, the other one is left to be filled in."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._lines: list[str] = []

    def table(self, head: str) -> None:
        self._lines.append(head if not self._lines else f"\n{head}")

    def plain(self, name: str, value: str) -> None:
        self._lines.append(f"{name} = {value}")

    def line(self, name: str, value: str) -> None:
        self.plain(name, quoted(value))

    def text(self, name: str, value: str) -> None:
        self.plain(name, self._both(value))

    def texts(self, name: str, values: Sequence[str]) -> None:
        listed = "".join(f"\n  {self._both(value)}," for value in values or [UNFILLED])
        self.plain(name, f"[{listed}\n]")

    def owed(self, name: str) -> None:
        """What has to be said and is not: the register is refused until somebody does."""
        indent = name[: len(name) - len(name.lstrip())]
        self._lines.append(f"{indent}# {name.strip()} = {UNFILLED}")

    def comment(self, name: str, text: str) -> None:
        """What has no place in the register, on one line."""
        if text:
            self._lines.append(f"# {' '.join(str(name).split())}: {' '.join(text.split())}")

    def recipient(self, told: str, *, named: bool) -> None:
        """`Hansewolke GmbH (Hosting)`: a name with its role; without a legal form it is a role whose name lacks."""
        found = re.fullmatch(r"(.+?)\s*\(([^()]+)\)", told)
        name, role = (found[1], found[2]) if named and found else (told, UNFILLED)
        self.table("  [[activity.recipient]]")
        self.line("  name", name[:_LONGEST_LINE] if named else UNFILLED)
        self.text("  role", role if named else told)

    def transfer(self, country: str, mechanism: str) -> None:
        self.table("    [activity.recipient.transfer]")
        self.text("    country", " ".join(country.split()))
        self.line("    mechanism", mechanism)
        if detail := _DETAILS.get(mechanism):
            self.owed(f"    {detail}")

    def whole(self) -> str:
        return "\n".join(self._lines) + "\n"

    def _both(self, value: str) -> str:
        other = UNFILLED
        german, english = (value, other) if self._language == "de" else (other, value)
        return f"{{ de = {quoted(german)}, en = {quoted(english)} }}"


def quoted(text: str) -> str:
    """A TOML basic string: JSON's escapes are a part of TOML's."""
    return json.dumps(text, ensure_ascii=False)


def strings(values: Sequence[str]) -> str:
    return f"[{', '.join(quoted(value) for value in values)}]"


def key(name: str, taken: set[str]) -> str:
    """A short name of its own, made from the activity's."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower().translate(_SPELLED)).strip("-")[: _LONGEST_KEY - 5].strip("-")
    base = plain if plain[:1].isalpha() else f"activity-{plain}".rstrip("-")
    chosen, number = base, 1
    while chosen in taken:
        number += 1
        chosen = f"{base}-{number}"
    taken.add(chosen)
    return chosen


def whole(activities: Sequence[str], systems: Sequence[str]) -> str:
    """The file: the activities, the one of handling requests, a system by hand for each that was named, and a label
    that gives every field a category."""
    return "\n".join((_HEAD, *activities, _own_activity(), *_systems(systems), _label()))


def _own_activity() -> str:
    """The activity of handling requests, as in the register to begin with."""
    template = register_text()
    start = template.index('[[activity]]\nkey = "data-subject-requests"')
    return template[start : template.index("# --- Systeme", start)]


def _systems(names: Sequence[str]) -> list[str]:
    taken: set[str] = set()
    return [_system(key(name, taken) if name != UNFILLED else "system", name) for name in names or [UNFILLED]]


def _system(short: str, name: str) -> str:
    lines = ("[[system]]", f"key = {quoted(short)}", f"name = {{ de = {quoted(name)}, en = {quoted(name)} }}")
    return "\n".join((*lines, 'coverage = "by_hand"', f'responsible = "{UNFILLED}"', "days = 7\n"))


def _label() -> str:
    return f'[[label]]\nsource = "*"\nname = "*"\ncategory = {{ de = "{UNFILLED}", en = "{UNFILLED}" }}\n'
