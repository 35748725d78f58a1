"""The words of everything that leaves the house, in German and English: data that a lawyer may reword.

`de.toml` and `en.toml` have the same keys and the same placeholders. A folder of the company's own may hold files of
these names with the keys that read differently there (`use`); `outputs.text_lint` says whether they may.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

from outputs.errors import TextMissing, WordingRefused
from outputs.moments import on_clock_of

LANGUAGES = ("de", "en")
_LARGEST = 1024 * 1024  # bytes of a file of texts
_own: dict[str, Mapping[str, str]] = {}  # the company's own wording; empty until the wiring says otherwise


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
        """An aware time as local date; one that has none there as the date that it states itself."""
        return self.date((on_clock_of(at, ZoneInfo(timezone)) or at).date())

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
    return Texts(language, {**shipped(language), **_own.get(language, {})})


@cache
def shipped(language: str) -> Mapping[str, str]:
    """The texts that come with the program, by key."""
    if language not in LANGUAGES:
        raise TextMissing("language_unknown", "answers are written in de or en")
    source = resources.files(__name__).joinpath(f"{language}.toml").read_text("utf-8")
    return dict(_flat(tomllib.loads(source)))


def own_texts(folder: Path) -> dict[str, Mapping[str, str]]:
    """What `de.toml` and `en.toml` of a company's folder say, by language and key; a file that is not there says
    nothing. Raises `WordingRefused` where one is no TOML."""
    found: dict[str, Mapping[str, str]] = {}
    for language in LANGUAGES:
        path = folder / f"{language}.toml"
        if path.exists():
            found[language] = dict(_flat(_read(path)))
    if not found:
        raise WordingRefused(
            "texts_missing", f"{folder} has neither de.toml nor en.toml; see letters.texts in the settings"
        )
    return found


def _read(path: Path) -> Mapping[str, object]:
    try:
        if path.stat().st_size <= _LARGEST:
            return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise WordingRefused("texts_unreadable", f"{path} is no TOML 1.0 in UTF-8 ({type(error).__name__})") from None
    raise WordingRefused("texts_unreadable", f"{path} is larger than texts are")


def use(own: Mapping[str, Mapping[str, str]]) -> None:
    """From now on this process says things as `own` does, and as shipped where it is silent. Called by the wiring; the
    wording belongs to the installation, and every letter, copy and mail of it reads alike."""
    _own.clear()
    _own.update(own)
    texts.cache_clear()


def in_use() -> dict[str, Mapping[str, str]]:
    """The own texts of this process, by language and key."""
    return dict(_own)


def wording() -> str:
    """SHA-256 (hex) of every text in use: an approval is bound to it, for other words are another letter."""
    said = sha256()
    for language in LANGUAGES:
        for key, text in sorted(texts(language).entries.items()):
            said.update(f"{language}\0{key}\0{text}\0".encode())
    return said.hexdigest()


def _flat(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value).strip("\n")
