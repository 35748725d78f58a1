"""The words in which a deadline explains itself, German and English. A lawyer may change any of them.

In a template places like `{day}` take a date, a number, a bilingual text or a word; the language decides the form.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from cases.bilingual import Text
from cases.holidays_de import holiday_on
from cases.laender import LAENDER, REGIONS

Value = date | int | str | Text
Step = tuple[str, Mapping[str, Value]]

_WEEKDAYS = (
    Text("Montag", "Monday"),
    Text("Dienstag", "Tuesday"),
    Text("Mittwoch", "Wednesday"),
    Text("Donnerstag", "Thursday"),
    Text("Freitag", "Friday"),
    Text("Samstag", "Saturday"),
    Text("Sonntag", "Sunday"),
)
_MONTHS = (
    Text("Januar", "January"),
    Text("Februar", "February"),
    Text("März", "March"),
    Text("April", "April"),
    Text("Mai", "May"),
    Text("Juni", "June"),
    Text("Juli", "July"),
    Text("August", "August"),
    Text("September", "September"),
    Text("Oktober", "October"),
    Text("November", "November"),
    Text("Dezember", "December"),
)

TEMPLATES: Mapping[str, Text] = MappingProxyType(
    {
        "received": Text(
            "Der Antrag ist am {day} eingegangen (Ortszeit {zone}).",
            "The request arrived on {day} (local time {zone}).",
        ),
        "restart": Text(
            "Die Frist wird ab {day} neu gezählt, dem Tag, an dem die erbetenen Angaben vorlagen (Auslegung nach den"
            " Leitlinien 01/2022 des EDSA, Rn. 159; der Wortlaut von Art. 12 Abs. 3 DSGVO regelt dies nicht).",
            "The period is counted anew from {day}, the day on which the information asked for had arrived (a"
            " reading of EDPB Guidelines 01/2022, par. 159; the wording of Art. 12(3) GDPR does not lay this down).",
        ),
        "month": Text(
            "Die Frist beträgt einen Monat (Art. 12 Abs. 3 Satz 1 DSGVO) und endet mit dem Tag des nächsten Monats,"
            " der dieselbe Zahl trägt (Art. 3 Abs. 2 Buchst. c der Verordnung (EWG, Euratom) Nr. 1182/71): {day}.",
            "The period is one month (Art. 12(3) first sentence GDPR) and ends with the same-numbered day of the next"
            " month (Art. 3(2)(c) of Regulation (EEC, Euratom) No 1182/71): {day}.",
        ),
        "extended": Text(
            "Die Frist ist um zwei Monate auf insgesamt drei Monate ab Eingang verlängert (Art. 12 Abs. 3 Satz 2 DSGVO)"
            " und endet mit dem Tag derselben Zahl (Art. 3 Abs. 2 Buchst. c der Verordnung (EWG, Euratom)"
            " Nr. 1182/71): {day}.",
            "The period is extended by two months to three months from receipt in all (Art. 12(3) second sentence"
            " GDPR) and ends with the same-numbered day (Art. 3(2)(c) of Regulation (EEC, Euratom) No 1182/71): {day}.",
        ),
        "extended_restart": Text(
            "Die Frist ist um zwei Monate auf insgesamt drei Monate ab dem neuen Beginn verlängert (Art. 12 Abs. 3"
            " Satz 2 DSGVO) und endet mit dem Tag derselben Zahl (Art. 3 Abs. 2 Buchst. c der Verordnung (EWG,"
            " Euratom) Nr. 1182/71): {day}.",
            "The period is extended by two months to three months from the new start in all (Art. 12(3) second sentence"
            " GDPR) and ends with the same-numbered day (Art. 3(2)(c) of Regulation (EEC, Euratom) No 1182/71): {day}.",
        ),
        "chained": Text(
            "Die Frist ist um zwei weitere Monate ab diesem Tag verlängert (Art. 12 Abs. 3 Satz 2 DSGVO): {day}.",
            "The period is extended by two further months from that day (Art. 12(3) second sentence GDPR): {day}.",
        ),
        "clamped": Text(
            "Einen {number}. hat dieser Monat nicht; es gilt sein letzter Tag.",
            "That month has no day {number}; its last day counts.",
        ),
        "paused": Text(
            "Zeit, in der die Frist ausgesetzt war (Tage: {days}), kommt hinzu (Leitlinien 01/2022 des EDSA, Rn. 159;"
            " der Wortlaut von Art. 12 Abs. 3 DSGVO regelt dies nicht): {day}.",
            "The time for which the period was suspended (days: {days}) is added (EDPB Guidelines 01/2022, par. 159;"
            " the wording of Art. 12(3) GDPR does not lay this down): {day}.",
        ),
        "calendar": Text(
            "Es gilt der Feiertagskalender: {place}.",
            "The calendar of public holidays is: {place}.",
        ),
        "shifted": Text(
            "{day}, ist kein Arbeitstag; die Frist endet daher mit dem nächsten Arbeitstag (Art. 3 Abs. 4 der"
            " Verordnung (EWG, Euratom) Nr. 1182/71). Übersprungen werden: {days}.",
            "{day}, is no working day, so the period ends with the next one (Art. 3(4) of Regulation (EEC, Euratom)"
            " No 1182/71). Passed over: {days}.",
        ),
        "working_day": Text(
            "{day}, ist ein Arbeitstag; das Ende verschiebt sich nicht.",
            "{day}, is a working day; the end is not shifted.",
        ),
        "due": Text(
            "Die Frist endet am {day} um 24:00 Uhr (Ortszeit {zone}).",
            "The period ends on {day} at 24:00 (local time {zone}).",
        ),
        "notice": Text(
            "Die Verlängerung gilt nur, wenn sie der betroffenen Person mit den Gründen spätestens am {day} mitgeteilt"
            " wurde (Art. 12 Abs. 3 Satz 3 DSGVO).",
            "The extension holds only if the person was told of it and of the reasons on {day} at the latest"
            " (Art. 12(3) third sentence GDPR).",
        ),
    }
)
_NATIONWIDE = Text("bundesweite Feiertage", "holidays in all of Germany")
_NATIONWIDE_HOLIDAY = Text("bundesweiter Feiertag", "holiday in all of Germany")
_HOLIDAY_OF = Text("Feiertag", "public holiday")


def written(day: date) -> Text:
    """A date in words: `Freitag, 3. April 2026` and `Friday, 3 April 2026`."""
    weekday, month = _WEEKDAYS[day.weekday()], _MONTHS[day.month - 1]
    return Text(f"{weekday.de}, {day.day}. {month.de} {day.year}", f"{weekday.en}, {day.day} {month.en} {day.year}")


def place(land: str | None, region: str | None) -> Text:
    """Whose holidays count: `Bayern (Stadt Augsburg)`, or the nation-wide ones."""
    if land is None:
        return _NATIONWIDE
    name = LAENDER[land].name
    if region is None:
        return name
    return Text(f"{name.de} ({REGIONS[region].de})", f"{name.en} ({REGIONS[region].en})")


def passed_over(days: Sequence[date], land: str | None, region: str | None) -> Text:
    """The days on which the period could not end, each holiday with its name, its Land and its statute."""
    each = [_day_off(day, land, region) for day in days]
    return Text("; ".join(one.de for one in each), "; ".join(one.en for one in each))


def _day_off(day: date, land: str | None, region: str | None) -> Text:
    shown, holiday = written(day), holiday_on(day, land, region)
    if holiday is None:
        return shown
    where = _NATIONWIDE_HOLIDAY if holiday.nationwide else _holiday_of(land, region)
    return Text(
        f"{shown.de} ({holiday.name.de}, {where.de}, {holiday.statute})",
        f"{shown.en} ({holiday.name.en}, {where.en}, {holiday.statute})",
    )


def _holiday_of(land: str | None, region: str | None) -> Text:
    where = place(land, region)
    return Text(f"{_HOLIDAY_OF.de}: {where.de}", f"{_HOLIDAY_OF.en}: {where.en}")


def told(steps: Iterable[Step]) -> Text:
    """The steps as running text, a sentence or two for each."""
    each = [_sentence(*step) for step in steps]
    return Text(" ".join(one.de for one in each), " ".join(one.en for one in each))


def _sentence(key: str, values: Mapping[str, Value]) -> Text:
    words = {name: _worded(value) for name, value in values.items()}
    template = TEMPLATES[key]
    return Text(
        template.de.format(**{name: word.de for name, word in words.items()}),
        template.en.format(**{name: word.en for name, word in words.items()}),
    )


def _worded(value: Value) -> Text:
    if isinstance(value, date):
        return written(value)
    return value if isinstance(value, Text) else Text(str(value), str(value))
