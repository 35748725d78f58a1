"""The page that opens itself: the package in chunks of AES-256-GCM inside one HTML file, with the script that asks for
the passphrase. It needs a browser with WebCrypto, loads nothing, and its policy allows exactly our own texts."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tomllib
from functools import cache
from importlib import resources
from typing import BinaryIO, cast

import pybase64
from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from cases.draft import Package
from outputs.passphrase import COUNT, Passphrase
from outputs.seal_format import CHECK, CHUNK_LINE, END_LINE, HEADER_LINE, TAG, Chunks, Header, make_header
from outputs.texts import texts
from outputs.words import LANGUAGES, words

MARK = "<!-- sealed -->\n"  # stands in the template where header and chunks go


def write_html(package: Package, passphrase: Passphrase, sink: BinaryIO, salt: bytes) -> None:
    """Streams the page; see `outputs.seal.seal`."""
    before, after = page(package.case, package.language)
    header = make_header(salt)
    sink.write(before + header.raw.join(HEADER_LINE))
    body = _Body(sink, header, Chunks(header, passphrase.reveal()))
    package.write(cast(BinaryIO, body))
    body.finish()
    sink.write(END_LINE + after)


def page(case: str, language: str) -> tuple[bytes, bytes]:
    """What stands before and behind the sealed part. Holds nothing about the person."""
    said = tomllib.loads(_resource("sealed.toml"))[language]
    style, script = _resource("sealed.css"), _resource("sealed.js")
    known = {"texts": said, "words": {name: words(name) for name in LANGUAGES}, "count": COUNT,
             "inner": texts(language)("file.inner")}  # fmt: skip
    filled = _template().render(
        case=case,
        language=language,
        words=said,
        style=Markup(style),  # noqa: S704 - our own file, holds no data
        script=Markup(script),  # noqa: S704 - our own file, holds no data
        known=Markup(json.dumps(known, ensure_ascii=True).replace("<", "\\u003c")),  # noqa: S704 - our own texts
        policy=policy(),
    )
    before, _, after = filled.partition(MARK)
    return before.encode(), after.encode()


def policy() -> str:
    """The Content-Security-Policy (CSP level 3): this page's own texts, and those of the readable copy, because a frame
    that shows it inherits this policy."""
    styles = " ".join(f"'{_digest(_resource(name))}'" for name in ("sealed.css", "copy.css"))
    scripts = " ".join(f"'{_digest(_resource(name))}'" for name in ("sealed.js", "copy.js"))
    return f"default-src 'none'; style-src {styles}; script-src {scripts}; base-uri 'none'; form-action 'none'"


class _Body(io.RawIOBase):
    """A sink that seals what it gets in whole chunks and writes each as a line of base64. Its two buffers are used for
    every chunk: taking fresh memory from the system for each costs more than encrypting it."""

    def __init__(self, sink: BinaryIO, header: Header, chunks: Chunks) -> None:
        super().__init__()
        self._sink, self._chunks, self._index, self._filled = sink, chunks, 0, 0
        self._clear, self._sealed = memoryview(bytearray(header.chunk)), memoryview(bytearray(header.chunk + TAG))
        self.write(CHECK)
        self._put(last=False)

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        piece = memoryview(cast(bytes, data)).cast("B")
        left = piece
        while left:
            if self._filled == len(self._clear):  # something follows, so this chunk is not the last
                self._put(last=False)
            taken = min(len(left), len(self._clear) - self._filled)
            self._clear[self._filled : self._filled + taken] = left[:taken]
            self._filled += taken
            left = left[taken:]
        return len(piece)

    def finish(self) -> None:
        self._put(last=True)

    def _put(self, *, last: bool) -> None:
        sealed = self._sealed[: self._filled + TAG]
        self._chunks.seal(self._index, self._clear[: self._filled], sealed, last=last)
        self._sink.write(pybase64.b64encode(sealed).join(CHUNK_LINE))
        self._index, self._filled = self._index + 1, 0


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _template() -> Template:
    return Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True).from_string(
        _resource("sealed.html")
    )


@cache
def _resource(name: str) -> str:
    return resources.files("outputs").joinpath("templates", name).read_text("utf-8")
