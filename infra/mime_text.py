"""Bytes of a part as text: transfer encodings, charsets, soft line breaks, files written into the text, PGP armour.

RFC 2045 (transfer encodings), 3676 (format=flowed), 9580 (clear-signed text). Reads what is damaged as far as it can
be read, and never fails.
"""

from __future__ import annotations

import binascii
import codecs
import re

# Charsets of mail, by Python's names. Not among them: UTF-7, IDNA, Punycode and escapes (slow, or active), EBCDIC.
_CHARSETS = re.compile(
    r"utf-8(?:-sig)?|utf-(?:16|32)(?:-[lb]e)?|ascii|iso8859-\d{1,2}|cp(?:125\d|437|720|737|775|8[56]\d|874|93\d|949|950)"
    r"|koi8-[rtu]|mac-[a-z0-9]{2,12}|gb2312|gbk|gb18030|big5(?:hkscs)?|shift_jis\w{0,5}|euc_\w{2,10}|iso2022_\w{2,8}|johab|hz"
    r"|tis-620|kz1048|ptcp154|hp-roman8"
)
_SINGLE_BYTE = re.compile(r"(?:iso8859|cp1?25|cp437|cp850|ascii|latin|koi8|mac)")
_NO_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))
_SPACE = b" \t\r\n\x0b\x0c"
_BASE64_BODY = re.compile(rb"\s*(?:[A-Za-z0-9+/]{40,76}(?:\r\n|\n|\r))*[A-Za-z0-9+/]{4,76}={0,2}\s*")
_SOFT_BREAK = re.compile(rb"=(?:\r\n|\n|\r)")
_QUOTED_OCTET = re.compile(rb"=(?:[EF][46C]|DF|20|3D)")
_QUOTED_LETTER = re.compile(rb"=C3=[89AB][0-9A-F]|=E2=80=[0-9A-F]{2}")
_MOJIBAKE = re.compile(
    "(?:[\u00c2\u00c3][\u0080-\u00bf\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u017d\u2018"
    "\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178]"
    "|\u00e2(?:\u20ac|\u0080)[\u0080-\u00bf\u0153\u0161\u017e\u201e\u2122\u02dc\u0152\u00a6\u201c\u201d\u2018\u2019\u2013])"
)
_CP1252 = {character: bytes([byte]) for byte in range(256) if (character := bytes([byte]).decode("cp1252", "ignore"))}
_UU_BEGIN = re.compile(r"begin [0-7]{3,4} (\S[^\n]{0,200})")
_PGP_SIGNED = re.compile(
    r"-----BEGIN PGP SIGNED MESSAGE-----[ \t]*\n(?:[A-Za-z]{1,20}:[^\n]{0,200}\n)*[ \t]*\n(.*?)"
    r"(?:\n-----BEGIN PGP SIGNATURE-----.*?(?:-----END PGP SIGNATURE-----[ \t]*|\Z)|\Z)",
    re.S,
)
_FILES = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"\x78\x9f\x3e\x22")
_FLOWED = re.compile(r"(?<!^--)(?<=[^\n>]) \n(?=[^\n>])", re.M)


def canonical(charset: str) -> str:
    """Python's own name of a charset that text may be in; empty for others and for unknown ones."""
    name = charset.strip().strip("\"'")[:60]
    try:
        found = codecs.lookup(name).name if name.isascii() and name else ""
    except (LookupError, ValueError):
        return ""
    return found if _CHARSETS.fullmatch(found) else ""


def is_refused(charset: str) -> bool:
    """Whether `charset` is known but never decoded, such as UTF-7: letters in it look like others."""
    try:
        return (
            bool(charset.strip())
            and charset.isascii()
            and bool(codecs.lookup(charset.strip()[:60]))
            and not canonical(charset)
        )
    except (LookupError, ValueError):
        return False


def bytes_text(content: bytes, charset: str) -> str:
    """`content` in its declared charset where that can be; else UTF-8, else Windows-1252: what senders of wrong labels
    mostly meant. What is UTF-8 under the name of a charset of single bytes is read as UTF-8, and so is UTF-8 of which
    a few bytes are damaged. Characters that were decoded wrongly before they were sent are repaired."""
    name = canonical(charset)
    if name.startswith(("utf-16", "utf-32")) and b"\x00" not in content[:400]:
        name = ""  # every wide letter of a western language has a zero byte
    if not name or name.startswith("utf-8") or _SINGLE_BYTE.match(name) or _is_western_utf8(content):
        utf8 = _as_utf8(content)
        if utf8 is not None:
            return utf8
    if name and name not in ("utf-8", "ascii", "iso8859-1"):
        text = content.decode(name, "replace")
        if text.count("\ufffd") * 20 <= len(text):
            return text
    return content.decode("cp1252", "replace")


def _is_western_utf8(content: bytes) -> bool:
    """Whether bytes with the name of an Asian charset are UTF-8 all the same: western letters and nothing else."""
    if content.isascii():
        return False
    try:
        return all(char < "\u0250" or "\u2010" <= char <= "\u20ac" for char in content[:4_000].decode("utf-8"))
    except ValueError:
        return False


def _as_utf8(content: bytes) -> str | None:
    try:
        return _repaired(content.decode("utf-8"))
    except ValueError:
        text = content.decode("utf-8", "replace")
    whole = sum(1 for char in text[:20_000] if char > "\x7f" and char != "\ufffd")
    return text if whole > text[:20_000].count("\ufffd") else None


def _repaired(text: str) -> str:
    """Mojibake undone: UTF-8 that some program took for Windows-1252 and encoded again. Only sequences that begin with
    letters that German and English do not have."""
    if "\u00c3" not in text and "\u00e2\u20ac" not in text:
        return text
    return _MOJIBAKE.sub(_meant, text)


def _meant(found: re.Match[str]) -> str:
    octets = b"".join(_CP1252.get(char, char.encode("latin-1", "ignore")) for char in found[0])
    try:
        return octets.decode("utf-8")
    except ValueError:
        return found[0]


def transfer_decoded(body: bytes, encoding: str) -> bytes:
    """The body without its transfer encoding; an encoding that nobody knows is guessed from the body."""
    encoding = encoding.lower()
    if "base64" in encoding:
        return lenient_base64(body) if _is_base64(body) else body
    if "quoted" in encoding:
        return quoted_printable(body)
    if encoding.strip() in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return _uudecoded(body)
    if encoding.strip() in ("7bit", "8bit", "binary"):
        return body
    return _guessed(body)


def _guessed(body: bytes) -> bytes:
    head = body[:20_000]
    if _QUOTED_LETTER.search(head) or (_SOFT_BREAK.search(head) and _QUOTED_OCTET.search(head)):
        return quoted_printable(body)
    if 60 < len(body) < 2_000_000 and _BASE64_BODY.fullmatch(body):
        decoded = lenient_base64(body)
        return decoded if looks_like_text(decoded) or decoded.startswith(_FILES) else body
    return body


def _is_base64(body: bytes) -> bool:
    """Whether a body that is called base64 can be that: ordinary text has spaces within its lines."""
    words = body[:2_000].split()
    return not words or max(map(len, words)) > 30 or len(words) < 4


def lenient_base64(body: bytes) -> bytes:
    """What base64 can be read of. Foreign characters are passed over; a damaged line spoils only itself where the
    lines were written in whole groups of four."""
    clean = body.translate(None, _NO_BASE64)
    if _is_whole(body, clean) or b"\n" not in body.strip():
        return _groups(clean)
    lines = [line.translate(None, _NO_BASE64) for line in body.split(b"\n")]
    whole = sum(len(line) % 4 == 0 for line in lines)
    return b"".join(map(_groups, lines)) if whole * 2 > len(lines) else _groups(clean)


def _is_whole(body: bytes, clean: bytes) -> bool:
    """Whether nothing foreign stands between the characters, and the padding is what their number asks for."""
    foreign = len(body) - len(clean) - sum(map(body.count, (b"\n", b"\r", b" ", b"\t")))
    return foreign == -len(clean) % 4 and body.rstrip(_SPACE).endswith(b"=" * foreign)


def _groups(clean: bytes) -> bytes:
    rest = len(clean) % 4
    padded = clean[:-1] if rest == 1 else clean + b"=" * (-len(clean) % 4)
    return binascii.a2b_base64(padded)


def quoted_printable(body: bytes, *, header: bool = False) -> bytes:
    return binascii.a2b_qp(body, header=header)


def _uudecoded(body: bytes) -> bytes:
    begin = re.search(rb"(?:\A|(?<=[\r\n]))begin [^\r\n]*", body)
    found = bytearray()
    for line in re.finditer(rb"[^\r\n]+", body[begin.end() :] if begin else body):
        found += _uu_line(line[0]) if line[0] != b"end" else b""
    return bytes(found)


def _uu_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:  # lines padded wrongly, as old programs did
        count = ((line[0] - 32) & 63) * 4 // 3 + 2 if line else 0
        try:
            return binascii.a2b_uu(line[:count])
        except binascii.Error:
            return b""


def without_uu_files(text: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text without the files that are written into it by uuencode, and these with their names."""
    if "\nbegin " not in "\n" + text:
        return text, []
    kept: list[str] = []
    files: list[tuple[str, list[str]]] = []
    inside = False
    for line in text.split("\n"):
        begin = None if inside else _UU_BEGIN.fullmatch(line)
        if begin:
            files.append((begin[1].strip(), []))
            inside = True
        elif inside and line.strip() == "end":
            inside = False
        elif inside and _is_uu_line(line):
            files[-1][1].append(line)
        else:
            inside = False
            kept.append(line)
    return "\n".join(kept), [(name, _uudecoded("\n".join(lines).encode())) for name, lines in files if lines]


def _is_uu_line(line: str) -> bool:
    """Whether the length that the first character states fits the line; spaces at its end may be lost."""
    if not line or not line.isascii():
        return False
    stated = -(-((ord(line[0]) - 32) & 63) // 3) * 4
    return stated - 4 <= len(line) - 1 <= stated + 1


def without_armour(text: str) -> str:
    """Clear-signed text without its armour and dash-escapes (RFC 9580 sec. 7)."""
    if "-----BEGIN PGP SIGNED MESSAGE-----" not in text:
        return text
    return _PGP_SIGNED.sub(lambda found: re.sub(r"^- ", "", found[1], flags=re.M) + "\n", text)


def unflowed(text: str, *, delsp: bool) -> str:
    """Soft line breaks of format=flowed undone: a line that ends in a space goes on in the next (RFC 3676)."""
    return _FLOWED.sub("" if delsp else " ", text)


def plain_lines(text: str) -> str:
    """Line breaks of one kind, without NUL and byte-order marks."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").replace("\ufeff", "")


def looks_like_text(content: bytes) -> bool:
    """Whether bytes of an unknown kind are for reading."""
    head = content[:4_000]
    odd = sum(byte < 9 or 13 < byte < 32 or byte == 127 for byte in head)
    return bool(head.strip(_SPACE)) and odd * 50 <= len(head) and b"\x00" not in head
