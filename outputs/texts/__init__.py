"""The words of everything that leaves the house, in German and English: data that a lawyer may reword.

`de.toml` and `en.toml` have the same keys and the same placeholders.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from outputs.errors import TextMissing

LANGUAGES = ("de", "en")


class Texts:
    """The texts of one language. Called with a key and the values of its placeholders it gives the text."""

    def __init__(self, language: str, entries: Mapping[str, str]) -> None:
        self.language = language
        self.entries = entries

    def __call__(self, key: str, /, **values: object) -> str:
        """Raises `TextMissing` for an unknown key or a placeholder without value; values are not read as templates."""
        return self.filled(key, self.raw(key), **values)

    def raw(self, key: str) -> str:
        """The text with its placeholders; raises `TextMissing` for an unknown key."""
        if key not in self.entries:
            raise TextMissing("text_missing", f"outputs/texts/{self.language}.toml lacks the key {key}")
        return self.entries[key]

    def filled(self, key: str, text: str, /, **values: object) -> str:
        """A piece of the text of `key` with the values of its placeholders."""
        try:
            return text.format(**values)
        except (KeyError, IndexError):
            advice = f"{key} in outputs/texts/{self.language}.toml has a placeholder that nobody fills"
        raise TextMissing("placeholder_unknown", advice)

    def known(self, key: str) -> bool:
        return key in self.entries

    def date(self, day: date) -> str:
        """`21. November 2026`, `21 November 2026`."""
        return self("date.form", day=day.day, month=self(f"date.months.{day.month}"), year=day.year)

    def day(self, at: datetime, timezone: str) -> str:
        """An aware time as local date."""
        return self.date(at.astimezone(ZoneInfo(timezone)).date())

    def moment(self, at: datetime, timezone: str) -> str:
        """An aware time as local date and time: `21. November 2026, 09:05 Uhr`."""
        local = at.astimezone(ZoneInfo(timezone))
        return self("date.moment", date=self.date(local.date()), time=f"{local:%H:%M}")

    def euros(self, cents: int) -> str:
        """`4,50 €`, `EUR 4.50`."""
        amount = f"{cents // 100}{self('money.point')}{cents % 100:02}"
        return self("money.form", amount=amount)

    def count(self, key: str, number: int) -> str:
        """`1 Eintrag`, `7 Einträge`: keys `<key>.one` and `<key>.many`."""
        return self(f"{key}.one" if number == 1 else f"{key}.many", n=number)


@cache
def texts(language: str) -> Texts:
    """The texts in `de` or `en`; `TextMissing` for any other language."""
    if language not in LANGUAGES:
        raise TextMissing("language_unknown", "answers are written in de or en")
    source = resources.files(__name__).joinpath(f"{language}.toml").read_text("utf-8")
    return Texts(language, dict(_flat(tomllib.loads(source))))


def _flat(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value).strip("\n")
