"""How what a person is found by stands in the bytes of a file: JSON escapes, UTF-8, and the older one-byte encodings.

What is common is looked for in every form. What is rare (entities, percent signs, quoted-printable, text read in the
wrong encoding, JSON escapes of what nobody escapes) is recognised by a mark: a record that has one is decoded, and then
looked at. Which of both it is changes how long a search takes, never what it finds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import product

from cases.anchors import ODD_DASHES, ODD_SPACES

# What writers of JSON escape now and then although they need not: `\\/`, and what HTML would take for markup.
_OFTEN_ESCAPED = re.compile(r"[/+'<>\"=`]|[^\x00-\x7f]")
_MOST_UNITS = 4  # of one trace, each raw or escaped; more are all of them raw or all of them escaped
_NEVER_ESCAPED = re.compile(rb"[a-z0-9@._;#%(): -]", re.I)
_TEXT_URL = re.compile(
    rb"data:(?:(?:text|message)(?:\\?/|\\u002f)|application(?:\\?/|\\u002f)(?:json|xml|ld))[^\"]{0,120}$", re.I
)
_LETTER_ENTITY = re.compile(rb"&#(?:x0{0,2}([0-9a-f]{2,5})|0{0,2}(\d{2,6}));", re.I)
_PLAIN_ENTITY = re.compile(rb"(?:nbsp|lt|gt|amp|quot|apos);", re.I)
_ENTITY = re.compile(rb"#|[a-z]{2,8};", re.I)


def byte_patterns(trace: str) -> Iterator[bytes]:
    """The common ways in which a trace stands in a file; ASCII letters in lower case, to be looked for without case."""
    raw = trace.encode("utf-8", "surrogatepass")
    if not _OFTEN_ESCAPED.search(trace):
        yield raw
        return
    units = [_unit(part) for part in re.split(rf"({_OFTEN_ESCAPED.pattern})", trace) if part]
    if sum(len(unit) > 1 for unit in units) <= _MOST_UNITS:
        yield from (b"".join(chosen) for chosen in product(*units))
    else:
        yield from (raw, b"".join(unit[-1] for unit in units))
    if not trace.isascii():
        yield from _one_byte(trace)
        yield b"".join(_unit(char)[-1] for char in raw.decode("latin-1"))  # Meta: bytes of UTF-8 as characters


def _unit(part: str) -> tuple[bytes, ...]:
    raw = part.encode("utf-8", "surrogatepass")
    if len(part) > 1 or not _OFTEN_ESCAPED.match(part):
        return (raw,)
    code = part.encode("utf-16-be", "surrogatepass").hex()
    escaped = "".join(f"\\u{code[at : at + 4]}" for at in range(0, len(code), 4)).encode()
    return (raw, b"\\" + raw, escaped) if part in '/"' else (raw, escaped)


def _one_byte(trace: str) -> Iterator[bytes]:
    for encoding in ("latin-1", "cp1252"):
        try:
            yield trace.encode(encoding)
        except UnicodeEncodeError:
            continue


def _odd_escape(block: bytes, end: int) -> bool:
    """`\\u0041` for what is never escaped, `\\u0026` before an entity; the mark ends before the last digit."""
    try:
        code = int(block[end - 3 : end + 1], 16)
    except ValueError:
        return False
    if code == ord("&"):
        return _ENTITY.match(block, end + 1) is not None and not _PLAIN_ENTITY.match(block, end + 1)
    return _NEVER_ESCAPED.match(bytes((code,))) is not None


def _letter_entity(block: bytes, end: int) -> bool:
    """`&#252;` or `&#x40;`: of what an anchor may have, not of a dash or a space."""
    found = _LETTER_ENTITY.match(block, end - 3)
    if found is None:
        return False
    code = int(found[1], 16) if found[1] else int(found[2])
    return (chr(code).isalnum() or chr(code) in "@+._-\u00a0" or 0x300 <= code < 0x370) if code < 0x110000 else False


def _is_text_url(block: bytes, end: int) -> bool:
    """Whether the data of a `data:` URL are text; a picture is not looked at."""
    return _TEXT_URL.search(block[max(0, end - 160) : end - len(b";base64,")]) is not None


def _between_letters(block: bytes, end: int) -> bool:
    """`M=FCller`, and not `?id=fc01`."""
    before = block[end - 4 : end - 3]
    return before.isalpha() or before >= b"\x80" or before == b"="


def _between_digits(size: int) -> Callable[[bytes, int], bool]:
    """Whether a mark of this size stands between digits, or what may be one in another encoding."""

    def test(block: bytes, end: int) -> bool:
        before = block[end - size - 1 : end - size]
        return block[end : end + 1].isdigit() and (before.isdigit() or before >= b"\x80")

    return test


def _joints() -> Iterator[tuple[bytes, Callable[[bytes, int], bool]]]:
    """Spaces and dashes that `lower` makes plain ones between digits: raw, escaped, as Meta writes them, and in the
    older encodings."""
    digits = [str(digit).encode() for digit in range(10)]
    for joint in (*ODD_SPACES, *ODD_DASHES):
        raw, misread = joint.encode(), joint.encode().decode("latin-1")
        as_bytes = "".join(f"\\u{ord(char):04x}" for char in misread).encode()
        for form in (raw, f"\\u{ord(joint):04x}".encode(), misread.encode(), as_bytes):
            if len(form) > 2:
                yield form, _between_digits(len(form))
            else:
                yield from ((form + digit, _always) for digit in digits)
    for old in (b"\xa0", b"\x96"):
        yield from ((one + old + other, _always) for one in digits for other in digits)


def _always(_block: bytes, _end: int) -> bool:
    return True


_NAMED = (
    "uml;",
    "lig;",
    "acute;",
    "grave;",
    "circ;",
    "tilde;",
    "cedil;",
    "ring;",
    "slash;",
    "caron;",
    "commat;",
    "plus;",
)
_ONE_BYTE = ("e4", "f6", "fc", "c4", "d6", "dc", "df", "e9", "e8", "e1", "e0", "e7", "f1", "f3", "f8", "e5", "c9", "c5")
_UTF8_LEADS = ("c3", "c4", "c5", "cc", "cd", "ce", "cf", "d0", "d1", "e1")
# What follows a letter such as `Ã` that is one half of a letter: another one beyond ASCII, raw or escaped.
_AFTER_MISREAD = (b"\xc2", b"\xc5", b"\xc6", b"\xcb", b"\xe2", b"\\u00", b"\\u01", b"\\u02", b"\\u20")
# Every mark, with the test that says whether it is one where it stands.
MARKS: dict[bytes, Callable[[bytes, int], bool]] = {
    **dict.fromkeys([f"\\u00{digit}".encode() for digit in "234567"], _odd_escape),
    **dict.fromkeys([f"&#{first}".encode() for first in "0123456789x"], _letter_entity),
    b";base64,": _is_text_url,
    **dict.fromkeys([name.encode() for name in _NAMED], _always),
    **dict(_joints()),
    b"\\\\u": _always,  # JSON within a text of JSON
    **dict.fromkeys([f"%{byte}".encode() for byte in dict.fromkeys((*_ONE_BYTE, *_UTF8_LEADS))], _always),
    **dict.fromkeys([f"={byte}".encode() for byte in dict.fromkeys((*_ONE_BYTE, *_UTF8_LEADS))], _between_letters),
    **dict.fromkeys([char.encode() + after for char in "ÃÄÅÌÍÎÏÐÑ" for after in _AFTER_MISREAD], _always),
}
