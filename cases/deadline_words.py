"""The words in which a deadline explains itself, German and English. A lawyer may change any of them.

In a template places like `{day}` take a date, a number, a bilingual text or a word; the language decides the form.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from cases.bilingual import Text
from cases.holidays_de import CURRENT, HolidayList, holiday_on
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
            "Es gilt der Feiertagskalender: {place}; Stand der Feiertagsliste: {as_of}, Prüfsumme {checksum}.",
            "The calendar of public holidays is: {place}; the list is as of {as_of}, checksum {checksum}.",
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
        "pause": Text(
            "Die Frist war wegen einer Rückfrage ({reason}) von {asked} bis {until} ausgesetzt (Tage: {days}).",
            "The period was suspended because of a question ({reason}) from {asked} to {until} (days: {days}).",
        ),
        "pause_open": Text(
            "Seit {asked} ist die Frist wegen einer Rückfrage ({reason}) ausgesetzt; die Antwort steht aus. Gezählt ist"
            " bis {until} (Tage: {days}), das Ende ist daher vorläufig.",
            "Since {asked} the period has been suspended because of a question ({reason}); the answer is outstanding."
            " Counted up to {until} (days: {days}), so the end is provisional.",
        ),
        "restart_open": Text(
            "Die Antwort auf die Rückfrage ({reason}) vom {asked} steht aus. Die Frist wird mit ihr neu gezählt"
            " (Auslegung nach den Leitlinien 01/2022 des EDSA, Rn. 159); gerechnet ist, als käme sie am {until}, das"
            " Ende ist daher vorläufig.",
            "The answer to the question ({reason}) of {asked} is outstanding. The period is counted anew with it (a"
            " reading of EDPB Guidelines 01/2022, par. 159); the count is as if it arrived on {until}, so the end is"
            " provisional.",
        ),
        "not_recognised": Text(
            "Die Rückfrage ({reason}) vom {asked} ändert die Frist nicht: eine Aussetzung ist hier nicht vorgesehen"
            " (Art. 12 Abs. 3 DSGVO regelt keine).",
            "The question ({reason}) of {asked} does not change the period: no suspension is recognised here"
            " (Art. 12(3) GDPR lays none down).",
        ),
        "asked_late": Text(
            "Die Rückfrage ({reason}) vom {asked} ändert die Frist nicht: sie wurde nicht unverzüglich gestellt"
            " (höchstens {limit} Tage nach {since}; Leitlinien 01/2022 des EDSA, Rn. 159).",
            "The question ({reason}) of {asked} does not change the period: it was not asked without undue delay (at"
            " most {limit} days after {since}; EDPB Guidelines 01/2022, par. 159).",
        ),
        "asked_too_late": Text(
            "Die Rückfrage ({reason}) vom {asked} ändert die Frist nicht: diese war schon abgelaufen.",
            "The question ({reason}) of {asked} does not change the period: it had already ended.",
        ),
        "void": Text(
            "Die Verlängerung ist unwirksam: ihre Mitteilung ging am {sent} hinaus, möglich war sie nur bis {day} (Art."
            " 12 Abs. 3 Satz 3 DSGVO). Es bleibt bei einem Monat.",
            "The extension is void: its notice went out on {sent}, while it was possible only until {day} (Art. 12(3)"
            " third sentence GDPR). The period remains one month.",
        ),
        "noticed": Text(
            "Die Mitteilung ging am {sent} hinaus und damit rechtzeitig.",
            "The notice went out on {sent} and so in time.",
        ),
        "leans_on_suspension": Text(
            "Wird die Aussetzung nicht anerkannt, war diese Mitteilung zu spät und die Frist endete am {day}.",
            "If the suspension is not recognised, that notice was late and the period ended on {day}.",
        ),
        "notice": Text(
            "Die Verlängerung gilt nur, wenn sie der betroffenen Person mit den Gründen spätestens am {day} mitgeteilt"
            " wurde (Art. 12 Abs. 3 Satz 3 DSGVO).",
            "The extension holds only if the person was told of it and of the reasons on {day} at the latest"
            " (Art. 12(3) third sentence GDPR).",
        ),
        "differs_holidays": Text(
            "Die Feiertagsliste hat sich geändert (jetzt: {list}).",
            "The holiday list has changed (now: {list}).",
        ),
        "differs_place": Text(
            "Für die Frist gilt jetzt ein anderer Feiertagskalender: {place}.",
            "Another calendar of public holidays now holds for the period: {place}.",
        ),
        "differs_facts": Text(
            "Die Grundlagen der Frist haben sich geändert (Eingang, Verlängerung, Aussetzung oder Zählweise).",
            "What the period is counted from has changed (receipt, extension, suspension or the way of counting).",
        ),
        "differs_not": Text(
            "Fällig bleibt {stored}; die gespeicherte Herleitung nennt die frühere Liste.",
            "Due stays {stored}; the stored derivation names the earlier list.",
        ),
        "differs": Text(
            "Fällig war {stored}; nach heutiger Rechnung wäre es {fresh}. Das gespeicherte Datum ändert sich nicht von"
            " selbst; sicher ist der frühere Tag: {safe}.",
            "Due was {stored}; by a count of today it would be {fresh}. The stored date does not change by itself; the"
            " earlier day is the safe one: {safe}.",
        ),
    }
)
REASONS: Mapping[str, Text] = MappingProxyType(
    {
        "identity": Text("Angaben zur Identität", "information on identity"),
        "clarification": Text("Klärung des Umfangs", "clarification of the scope"),
    }
)
_NATIONWIDE = Text("bundesweite Feiertage", "holidays in all of Germany")
_NATIONWIDE_HOLIDAY = Text("bundesweiter Feiertag", "holiday in all of Germany")
_HOLIDAY_OF = Text("Feiertag", "public holiday")


def written(day: date) -> Text:
    """A date in words: `Freitag, 3. April 2026` and `Friday, 3 April 2026`."""
    weekday, rest = _WEEKDAYS[day.weekday()], plain(day)
    return Text(f"{weekday.de}, {rest.de}", f"{weekday.en}, {rest.en}")


def plain(day: date) -> Text:
    """A date without its weekday: `3. April 2026` and `3 April 2026`."""
    month = _MONTHS[day.month - 1]
    return Text(f"{day.day}. {month.de} {day.year}", f"{day.day} {month.en} {day.year}")


def words_of(land: str | None, region: str | None) -> Text:
    """Whose holidays count: `Bayern (Stadt Augsburg)`, or the nation-wide ones."""
    if land is None:
        return _NATIONWIDE
    name = LAENDER[land].name
    if region is None:
        return name
    return Text(f"{name.de} ({REGIONS[region].de})", f"{name.en} ({REGIONS[region].en})")


def passed_over(days: Sequence[date], land: str | None, region: str | None, listed: HolidayList = CURRENT) -> Text:
    """The days on which the period could not end, each holiday with its name, its Land and its statute."""
    each = [_day_off(day, land, region, listed) for day in days]
    return Text("; ".join(one.de for one in each), "; ".join(one.en for one in each))


def _day_off(day: date, land: str | None, region: str | None, listed: HolidayList) -> Text:
    shown, holiday = written(day), holiday_on(day, land, region, listed)
    if holiday is None:
        return shown
    where = _NATIONWIDE_HOLIDAY if holiday.nationwide else _holiday_of(land, region)
    return Text(
        f"{shown.de} ({holiday.name.de}, {where.de}, {holiday.statute})",
        f"{shown.en} ({holiday.name.en}, {where.en}, {holiday.statute})",
    )


def _holiday_of(land: str | None, region: str | None) -> Text:
    where = words_of(land, region)
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
