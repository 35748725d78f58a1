# ruff: noqa: E501 - patterns: a broken one is harder to check than a long one
"""What a mail states about the person who asks. Everything here is claimed and proves nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date

from cases.iban import normal_iban
from cases.message import Message
from cases.passed_on import Way, is_machine
from cases.request import Claims
from cases.signature import is_name, signature_names
from cases.wording import considered, fold

__all__ = ["birth_date_in", "is_machine", "read_claims"]

_MOST = 10  # values of one kind
_EMAIL = re.compile(r"(?<![\w.+-])[A-Za-z0-9_.+'-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}(?![\w@-])")

_NAME_LABEL = (
    r"(?:(?:vor-? ?(?:und|&|u\.) ?(?:nach|zu)name)|(?:(?:voller|vollstaendiger|ihr|dein|mein) ?)?name(?: \(.{0,30}\))?|full name|your name|"
    r"absender|nom(?: complet)?|nombre(?: completo)?|nome(?: completo| e cognome)?|naam|imie i nazwisko|jmeno(?: a prijmeni)?|ime i prezime)"
)
_LABELLED = r"^[\s>*•·–-]{{0,6}}(?:{label})\s{{0,3}}(?:[:=]|\.{{3,40}}|\t)\s{{0,3}}(?P<value>[^\n]{{1,120}})$"
_LEADER = re.compile(r"[:=]|\.{3,}|\t")
_STATED_NAME = re.compile(
    r"\b(?:[Mm]ein Name ist|[Ii]ch hei(?:ß|ss)e|[Ii]ch bin (?=[A-ZÄÖÜ])|[Mm]y name is|[Jj]e m'appelle|[Mm]i chiamo|[Mm]e llamo|"
    r"[Mm]ijn naam is|[Nn]azywam się|[Ii]ch, )\s*(?P<value>[^\W\d_][^\n,.;:()]{2,60})"
)
_BIRTH_LABEL = (
    r"(?:geburtsdatum|geburtstag|geb\. ?(?:am)?|geboren(?: am)?|date of birth|birth ?date|d\.?o\.?b\.?|born(?: on)?|date de naissance|nee? le|"
    r"fecha de nacimiento|nacid[oa] el|data di nascita|nat[oa] il|geboortedatum|geboren op|data urodzenia|datum narozeni|data de nascimento|"
    r"datum rodenja|data nasterii)"
)
_CUSTOMER_LABEL = (
    r"(?:kunden-? ?(?:nummer|nr|no|id|konto)|kd\.?-? ?nr|knr|vertrags(?:konto)?-? ?(?:nummer|nr)|mitglieds-? ?(?:nummer|nr)|"
    r"versicherungs-? ?(?:nummer|nr)|konto-?referenz|nutzer-? ?id|benutzer-? ?id|mitarbeiter-? ?id|personal-? ?(?:nummer|nr)|customer (?:number|no|id|reference)|"
    r"client (?:number|no|id)|account(?: ?id| number| no| reference|/reference)|membership (?:number|no|id)|member (?:id|number)|user ?id|"
    r"numero (?:de )?client\w*|numero (?:di )?cliente|n[°o] client|klantnummer|numer klienta|zakaznicke cislo|cislo zakaznika|"
    r"account id ?/ ?booking reference ?/ ?customer number)"
)
_CUSTOMER = re.compile(
    _CUSTOMER_LABEL
    + r"(?:\s?\([^)\n]{0,20}\))?[.\s]{0,2}(?:[:=#]|ist|lautet|is)?\s{0,3}(?P<value>[a-z0-9][a-z0-9./_-]{2,30})"
)
_ORDER_LABEL = (
    r"(?:bestell(?:ung(?:s|en)?)?-? ?(?:nummern?|nr|no|id)|auftrags-? ?(?:nummer|nr|no|id)|(?:meine )?bestellung(?= ?(?:#|[:=] ?[a-z]*[-#]?\d))|"
    r"order (?:number|no|id|reference)|order(?= ?#)|purchase (?:number|id)|numero (?:de )?commande|numero (?:di )?ordine|numero de pedido|"
    r"bestelnummer|numer zamowienia|cislo objednavky)"
)
_ORDER = re.compile(
    _ORDER_LABEL
    + r"(?:\s?\([^)\n]{0,20}\))?[.\s]{0,2}(?:[:=]|ist|lautet|is)?\s{0,3}#?(?P<value>[a-z0-9][a-z0-9./_-]{2,30})"
)
_USER_LABEL = (
    r"(?:benutzer-? ?name|nutzer-? ?name|anmelde-? ?name|login(?:-? ?name)?|user ?name|user-name|login ?name|nom d'utilisateur|"
    r"nombre de usuario|nome utente|gebruikersnaam|nazwa uzytkownika|uzivatelske jmeno)"
)
_USER = re.compile(r"\b" + _USER_LABEL + r"\s{0,2}(?:[:=]|ist|lautet|is)\s{0,3}(?P<value>[^\s,;:()<>\"]{2,40})")
_IBAN = re.compile(r"\bIBAN\b\W{0,5}(?P<value>[A-Z]{2}\d{2}(?:[ .-]?[A-Z0-9]){11,30})", re.I)
_PHONE_LABEL = r"(?:tel\w*\.?(?: ?nr\.?| ?nummer)?|mobil\w*|handy\w*|phone(?: number)?(?: \(.{0,30}\))?|cell|fon|rufnummer|gsm|festnetz|telephone|movil)"
_PHONE = re.compile(r"(?:\+|00|\(?0)[\d()/ .-]{6,22}\d")
_ADDRESS_LABEL = r"(?:(?:post|wohn|melde|privat)?-?(?:adresse|anschrift)|(?:postal |home |mailing )?address|adresse postale|direccion|indirizzo|adres|morada|adresa)"
_TOWN = re.compile(
    r"(?:\b(?:D-|A-|CH-|DE-)?\d{4,5}\s+[^\W\d_][\w .'/()-]{1,40}$|\b[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b|\b\d{4}\s?[A-Z]{2}\s+\w+|\b[A-Z]\d{2}\s[A-Z0-9]{4}\b)"
)
_STREET = re.compile(
    r"^[^\W_][^\n@:]{2,60}?\s\d{1,4}\s?[a-zA-Z]?(?:\s?[-/]\s?\d{1,4}\s?[a-z]?)?$|^\d{1,4}[a-z]?,? [^\W\d_][^\n@:]{2,60}$|^Flat \d|^The [A-Z]"
)
_ONE_LINE_ADDRESS = re.compile(
    r"[^\W\d_][^\n@:,]{2,50}?\s\d{1,4}\s?[a-zA-Z]?,\s{0,2}(?:D-)?\d{5}\s+[^\W\d_][\w .'-]{1,40}"
)
_PLATFORMS = (
    "instagram",
    "facebook",
    "whatsapp",
    "twitter",
    "tiktok",
    "linkedin",
    "xing",
    "youtube",
    "threads",
    "mastodon",
    "bluesky",
    "telegram",
    "discord",
    "slack",
    "pinterest",
    "snapchat",
    "twitch",
    "reddit",
    "github",
)
_PLATFORM = "|".join((*_PLATFORMS, "insta"))
_HANDLE = re.compile(
    rf"@(?P<before>[a-z0-9_.]{{2,40}})\W{{1,3}}(?:auf|on|bei|at|via|sur|su|en|op)?\W{{0,3}}(?P<on>{_PLATFORM})\b|"
    rf"\b(?P<at>{_PLATFORM})(?:[ -]?(?:name|nutzername|benutzername|konto|account|profil|profile|handle|user(?:name)?))?"
    rf"(?:\s?(?::|=|ist|lautet|is|heisst|als|as|unter|mit)){{0,2}}\s?(?P<after>@[a-z0-9_.]{{2,40}}|(?<=[:=] )[a-z0-9_.]{{3,40}})"
)
_COOKIE = re.compile(
    r"\bGA1\.\d\.\d{5,12}\.\d{8,12}\b|(?:[Cc]ookie|[Bb]esucher|[Vv]isitor|[Cc]lient|[Dd]evice|[Tt]racking|[Ww]erbe|[Aa]dvertising|IDFA|AAID|GAID|_ga|_pk_id)"
    r"[-_ .]?(?:ID|Id|id|[Kk]ennung)?(?:[.\w]{0,12})?\s{0,2}[:=]\s{0,2}(?P<value>[A-Za-z0-9][A-Za-z0-9.-]{7,60})"
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar january jaenner janvier gennaio enero januari",
            "februar february fevrier febbraio febrero februari feber",
            "maerz march mars marzo maart marz",
            "april avril aprile abril",
            "mai may maggio mayo mei",
            "juni june juin giugno junio",
            "juli july juillet luglio julio",
            "august aout agosto augustus",
            "september septembre settembre septiembre",
            "oktober october octobre ottobre octubre",
            "november novembre noviembre",
            "dezember december decembre dicembre diciembre",
        ),
        1,
    )
    for name in names.split()
}
_DATE = re.compile(
    r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})|(?P<d2>\d{1,2})\s?[./-]\s?(?P<m2>\d{1,2})\s?[./-]\s?(?P<y2>\d{4}|\d{2}\b)|"
    r"(?P<d3>\d{1,2})(?:\.|st|nd|rd|th|er|º)?\s(?:de\s)?(?P<m3>[a-z]{3,10})\.?,?\s(?:de\s)?(?P<y3>\d{4})|(?P<m4>[a-z]{3,10})\s(?P<d4>\d{1,2}),?\s(?P<y4>\d{4})"
)


def read_claims(message: Message, texts: Iterable[str], own: Collection[str], through_form: bool = False) -> Claims:
    """Claims of the mail. `texts`: where the person speaks, most important first; `own`: the controller's addresses.

    With `through_form` the sender is a web server: only the person in the body counts.
    """
    text = considered("\n\n".join(part for part in texts if part))
    folded = _folded_lines(text)
    way = Way.of(message, own, text, through_form)
    return Claims(
        names=_names(message, text, folded, way),
        emails=_emails(message, text, own, way),
        phones=_phones(folded),
        birth_date=_birth_date(folded),
        addresses=_addresses(text),
        customer_numbers=_numbers(_CUSTOMER, folded, text),
        handles=_handles(folded),
        cookie_ids=_unique(found["value"] or found.group() for found in _COOKIE.finditer(text)),
        order_numbers=_numbers(_ORDER, folded, text),
        user_names=_user_names(folded, text),
        ibans=_unique(iban for found in _IBAN.finditer(text) if (iban := normal_iban(found["value"]))),
    )


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    """The first values without repetition, whatever their case."""
    seen: dict[str, str] = {}
    for value in values:
        clean = " ".join(value.split()).strip(" ,;")
        if clean and len(seen) < _MOST:
            seen.setdefault(clean.casefold(), clean)
    return tuple(seen.values())


def _folded_lines(text: str) -> str:
    return "\n".join(fold(line) for line in text.split("\n"))


def _labelled(label: str, text: str, folded: str) -> list[str]:
    """Values as written of "label: value" lines; the label is looked for in the folded text, line by line."""
    found = re.compile(_LABELLED.format(label=label), re.M)
    written = text.split("\n")
    return [
        _LEADER.split(written[number], maxsplit=1)[-1].strip()
        for number, line in enumerate(folded.split("\n"))
        if len(line) < 200 and found.match(line)
    ]


def _names(message: Message, text: str, folded: str, way: Way) -> tuple[str, ...]:
    found: list[str] = []
    writer = way.writer if way.passed_on else None if "name_is_address" in message.defects else message.sender
    if writer is not None:
        found.append(_display_name(writer.name, writer.email))
    found += [name for name in _labelled(_NAME_LABEL, text, folded) if is_name(name)]
    if way.passed_on:
        found += [found_name for line in text.split("\n") if (found_name := _unmarked_field(line))]
    first, last = (
        _labelled("vorname|first name|given name|prenom", text, folded),
        _labelled("nachname|familienname|zuname|last name|surname", text, folded),
    )
    if first and last:
        found.append(f"{first[0]} {last[0]}")
    found += [_name_at_start(match["value"]) for match in _STATED_NAME.finditer(text[:8_000])]
    return _unique([*found, *signature_names(text)])


def _unmarked_field(line: str) -> str:
    """The name of a form's line "Name Jane Doe", which has no mark between label and value."""
    label, _, value = line.strip().partition(" ")
    return value.strip() if label.casefold() in ("name", "absender", "kunde", "kundin") and is_name(value) else ""


def _display_name(name: str, email: str) -> str:
    """The display name as a person's name: "Doe, Jane" turned round, "(via …)" cut, company words and addresses refused."""
    name = re.split(r"\s(?:via|über|per)\s|\s[|(]", name)[0].strip("\"' ")
    if name.count(",") == 1:
        name = " ".join(part.strip() for part in reversed(name.split(",")))
    return name if is_name(name) and not is_machine(email) else ""


def _name_at_start(words: str) -> str:
    """The leading capitalised words: "Max Muster und möchte" gives "Max Muster"."""
    kept: list[str] = []
    for word in words.split()[:6]:
        if not (
            word[0].isupper()
            or word.lower() in ("von", "van", "de", "der", "zu", "da", "di", "del", "den", "ten", "le", "la", "geb.")
        ):
            break
        kept.append(word)
    name = " ".join(kept)
    return name if len(kept) >= 2 and is_name(name) else ""


def _emails(message: Message, text: str, own: Collection[str], way: Way) -> tuple[str, ...]:
    ours = {address.lower() for address in own} | {address.email.lower() for address in (*message.to, *message.cc)}
    found = [way.writer.email] if way.writer else [] if way.passed_on else [message.sender.email]
    found += [match.group() for match in _EMAIL.finditer(text) if _is_of_the_writer(text, match)]
    return _unique(
        email for email in found if email and email.lower() not in ours and not (found and is_machine(email))
    )


def _is_of_the_writer(text: str, match: re.Match[str]) -> bool:
    """An address counts if its line names it as an e-mail address, or holds nothing else (a signature)."""
    begin = text.rfind("\n", 0, match.start()) + 1
    stop = text.find("\n", match.end())
    line = fold(text[begin : stop if stop >= 0 else len(text)][:300])
    return (
        bool(re.search(r"\be-?mails?\b|\bmail\w*\b|\bcorreo\b|\bcourriel\b|\bmeine adresse\b|\bmy address\b", line))
        or len(line) < len(match.group()) + 6
    )


def _phones(folded: str) -> tuple[str, ...]:
    labelled = re.compile(r"\b" + _PHONE_LABEL + r"\s{0,2}[:=.]?\s{0,3}(?P<value>(?:\+|00|\(?0)[\d()/ .-]{6,22}\d)")
    found = [match["value"] for match in labelled.finditer(folded)]
    found += [line.strip() for line in folded.split("\n")[-40:] if _PHONE.fullmatch(line.strip())]
    return _unique(number for value in found[:_MOST] if (number := _e164(value)))


def _e164(value: str) -> str:
    import phonenumbers  # here, because its metadata cost a tenth of a second and most mails name no number

    try:
        number = phonenumbers.parse(value, "DE")
    except phonenumbers.NumberParseException:
        return ""
    return (
        phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        if phonenumbers.is_possible_number(number)
        else ""
    )


def birth_date_in(text: str) -> date | None:
    """The first date in `text` that is called one of birth."""
    return _birth_date(_folded_lines(text))


def _birth_date(folded: str) -> date | None:
    for label in re.finditer(r"\b" + _BIRTH_LABEL + r"\W{0,6}", folded):
        found = _DATE.match(folded[label.end() : label.end() + 40].replace("\n", " ").lstrip())
        if found and (day := _date(found)):
            return day
    return None


def _date(found: re.Match[str]) -> date | None:
    parts = found.groupdict()
    year = next(parts[name] for name in ("y", "y2", "y3", "y4") if parts[name])
    month = next(parts[name] for name in ("m", "m2", "m3", "m4") if parts[name])
    day = next(parts[name] for name in ("d", "d2", "d3", "d4") if parts[name])
    number = int(month) if month.isdigit() else _month(month)
    full = int(year) + (1900 if len(year) == 2 else 0)
    try:
        return date(full, number, int(day)) if 1880 <= full <= 2100 else None
    except ValueError:
        return None


def _month(word: str) -> int:
    return next(
        (number for name, number in _MONTHS.items() if name.startswith(word[:3]) and word[:4] == name[: len(word[:4])]),
        0,
    )


def _addresses(text: str) -> tuple[str, ...]:
    lines = [line.strip() for line in text.split("\n")]
    found = [match.group() for line in lines for match in _ONE_LINE_ADDRESS.finditer(line[:300])]
    label = re.compile(rf"(?:- ?)?{_ADDRESS_LABEL}\s{{0,2}}[:=]\s{{0,2}}(?P<rest>.{{0,120}})$")
    for number, line in enumerate(lines):
        named = label.match(fold(line[:160]))
        if named:
            block = [line.partition(":")[2].strip(), *lines[number + 1 : number + 4]]
            found.append(_joined(block))
        elif number and len(line) < 60 and _TOWN.search(line) and _STREET.match(lines[number - 1][:80]):
            found.append(f"{lines[number - 1]}, {line}")
    return _unique(value for value in found if any(char.isdigit() for char in value))


def _joined(block: list[str]) -> str:
    kept: list[str] = []
    for line in block:
        if (not line and kept) or ":" in line or "@" in line or len(line) > 100:
            break
        kept += [line] if line else []
        if _TOWN.search(line):
            break
    return ", ".join(kept)


def _user_names(folded: str, text: str) -> tuple[str, ...]:
    """Log-in names for our own systems; one with an `@` is an address or an account elsewhere."""
    found = (match["value"].rstrip(".!?'") for match in _USER.finditer(folded) if not _of_platform(folded, match))
    return _unique(_as_written(value, text) for value in found if "@" not in value)


def _of_platform(folded: str, match: re.Match[str]) -> bool:
    """Whether the label is of a platform (`Instagram-Benutzername: …`): that is a handle."""
    begin = folded.rfind("\n", 0, match.start()) + 1
    return bool(re.search(rf"\b(?:{_PLATFORM})\b", folded[max(begin, match.start() - 30) : match.start()]))


def _as_written(value: str, text: str) -> str:
    written = re.search(r"(?<![\w-])" + re.escape(value) + r"(?![\w])", text, re.I)
    return written.group() if written else value


def _numbers(pattern: re.Pattern[str], folded: str, text: str) -> tuple[str, ...]:
    """Numbers with their case as written, where folding did not move anything on the line."""
    found: list[str] = []
    for match in pattern.finditer(folded):
        value = match["value"].rstrip(".-/_")
        if any(char.isdigit() for char in value):
            found.append(_as_written(value, text))
    return _unique(found)


def _handles(folded: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for match in _HANDLE.finditer(folded):
        platform = match["on"] or match["at"]
        account = (match["before"] or match["after"]).lstrip("@").rstrip(".")
        found.setdefault("instagram" if platform == "insta" else platform, []).append(account)
    return {platform: _unique(accounts) for platform, accounts in found.items()}
