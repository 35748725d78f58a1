"""Phone numbers: E.164 (ITU-T) of what people type, German habits first.

In Germany an extension is the end of the number (`030 23125-12`, `Durchwahl 12`), and `-0` is the switchboard's: they
are kept as digits. Elsewhere `ext. 12` is dialled after the call is taken: it is read, and not part of E.164.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers

_HOME, _HOME_CODE = "DE", 49
_MOST = 6  # numbers in one field
_LONGEST = 200  # characters
_SHORTEST = 5  # digits behind the country code
_NATIONAL_ZERO = re.compile(r"\(\s*0\s*\)")
_EXTENSION = re.compile(
    r"(?P<base>[\d)])[\s,;]*(?:-\s*)?(?:ext(?:ension)?|durchwahl|dw|app(?:arat)?|nst|nebenstelle|x|#)\s*[.:]?\s*(?P<number>\d{1,6})\b",
    re.I,
)
# A number begins with +, 00 or 0, or with any digit at the start of the field.
_CHUNK = re.compile(r"(?:\+|\(\s*\+|00|\(?0|^\s*\(?\d)[\d\s()/.\u2010-\u2015-]{3,40}")
_SEPARATORS = re.compile(
    r"\s*[,;|\n]\s*|\s+(?:oder|or|und|and|bzw\.?|&)\s+|\s+/\s+(?=\(?\s*[+0])|(?<=\d)\s{2,}(?=\(?[+0])", re.I
)
_LABELS = re.compile(r"(?i)\(?\b(?:privat|mobil\w*|gesch\w*|dienstl\w*|handy|festnetz|fax|tel\w*|büro)\b\)?\.?:?")


def normal_phone(value: str) -> str:
    """E.164 of the first number in `value`; empty where there is none. Numbers without country code are German."""
    return next(_numbers(value), "")


def phones_in(value: str) -> tuple[str, ...]:
    """E.164 of every number in a field that holds one or several (`030 … / 0171 …`, `… oder …`), each once."""
    return tuple(dict.fromkeys(_numbers(value)))


def phone_extension(value: str) -> str:
    """The digits of an extension that is not part of the number (`+44 … ext. 12`); empty where there is none."""
    found = _EXTENSION.search(value[:_LONGEST])
    return found["number"] if found and not _is_german(value[: found.start() + 1]) else ""


def _numbers(value: str) -> Iterator[str]:
    text = _joined(_LABELS.sub(" ", _NATIONAL_ZERO.sub("", value[:_LONGEST])))
    parts = [part for part in _SEPARATORS.split(text) if part.strip()][:_MOST]
    found = [number for part in parts if (number := _e164(_chunk(part)))]
    if found or not (number := _e164(text)):  # the whole: `0800 AUSKUNFT`, dialled by its letters
        yield from found
    else:
        yield number


def _chunk(part: str) -> str:
    """The digits and joints of a number, without the words around it: phonenumbers would dial them."""
    found = _CHUNK.search(part.strip())
    return found[0] if found else ""


def _joined(text: str) -> str:
    """With the extension of a German number as its last digits, and without that of another."""
    found = _EXTENSION.search(text)
    if found is None:
        return text
    base = text[: found.start() + 1]
    if not _is_german(base):
        return base
    trunk = re.sub(r"-\s*0$", "", base)
    return f"{trunk}-{found['number']}{text[found.end() :]}"


def _is_german(number: str) -> bool:
    digits = re.sub(r"[^\d+]", "", number)
    return digits.startswith(("+49", "0049")) or (digits.startswith("0") and not digits.startswith("00"))


def _e164(text: str) -> str:
    try:
        number = phonenumbers.parse(text, _HOME)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number) or len(str(number.national_number)) < _SHORTEST:
        return ""
    if number.country_code == _HOME_CODE and number.italian_leading_zero:  # no German number begins so behind the +49
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
