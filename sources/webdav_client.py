"""A reader of WebDAV (RFC 4918): PROPFIND depth 1 and GET, and no other method ever.

The server is not trusted: redirects stay on the configured origin, paths below the configured base, XML has no DTD and
no entities, and answers are bounded.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Self
from urllib.parse import quote, unquote, urlsplit
from xml.etree.ElementTree import Element, ParseError

import httpx
from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from cases.source import SourceUnavailable
from sources.documents import Gone

_DAV = "{DAV:}"
_OWNER = "{http://owncloud.org/ns}owner-display-name"
_ASKED = b"""<?xml version="1.0" encoding="utf-8"?>
<d:propfind xmlns:d="DAV:" xmlns:oc="http://owncloud.org/ns"><d:prop>
<d:resourcetype/><d:getcontentlength/><d:getlastmodified/><d:creationdate/><d:getetag/><d:getcontenttype/>
<oc:owner-display-name/></d:prop></d:propfind>"""
_LARGEST_LISTING = 64 * 1024 * 1024
_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a listing. `path` is decoded and relative to the base; a folder's ends with a slash.

    `status` is what the server says of this entry (RFC 4918, 13): 200, or why it cannot be told.
    """

    path: str = field(repr=False)
    folder: bool
    size: int | None = None
    modified: datetime | None = None
    etag: str = ""
    media_type: str = ""
    owner: str = field(default="", repr=False)
    created: str = ""
    status: int = 200


class Forbidden(Exception):
    """The server refuses this one folder or file to the configured user."""


class OutsideBase(Exception):
    """The server names something outside the folder that may be searched."""


class WebdavClient:
    """Lists and reads below `url`. Raises `SourceUnavailable`, and for a single path `Gone` or `Forbidden`."""

    def __init__(self, source: str, url: str, client: httpx.Client) -> None:
        self._source = source
        parts = urlsplit(url)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._base = unquote(parts.path).rstrip("/") + "/"
        self._client = client

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._client.close()

    def listing(self, folder: str) -> Iterator[Entry | OutsideBase]:
        """What lies directly in a folder (`""` for the base, else ending with a slash), in the order of the paths."""
        body = self._listed(folder)
        try:
            root: Element = ElementTree.fromstring(body, forbid_dtd=True)
        except (ParseError, DefusedXmlException):
            raise self._failure("protocol", "the address does not answer as WebDAV does") from None
        if root.tag != f"{_DAV}multistatus":
            raise self._failure("protocol", "the address does not answer as WebDAV does")
        entries = [self._entry(response) for response in root.findall(f"{_DAV}response")]
        yield from (entry for entry in entries if isinstance(entry, OutsideBase))
        inside = {entry.path: entry for entry in entries if isinstance(entry, Entry)}
        yield from (inside[path] for path in sorted(inside) if path.rstrip("/") != folder.rstrip("/"))

    def open(self, path: str, etag: str = "") -> RemoteFile:
        """The bytes of a file as a stream. With `etag` only that version; raises `Gone` where it is another now."""
        headers = {"Accept-Encoding": "identity"} | ({"If-Match": etag} if etag else {})
        response = self._send("GET", path, headers)
        if response.status_code == httpx.codes.PRECONDITION_FAILED:
            response.close()
            raise Gone
        self._judge(response, path)
        if response.headers.get("Content-Encoding", "identity") != "identity":
            response.close()
            raise self._failure("protocol", "the server compresses although asked not to")
        return RemoteFile(self._source, response)

    def _listed(self, folder: str) -> bytes:
        headers = {"Depth": "1", "Content-Type": "application/xml; charset=utf-8"}
        response = self._send("PROPFIND", folder, headers, _ASKED)
        self._judge(response, folder, expected=httpx.codes.MULTI_STATUS)
        with RemoteFile(self._source, response) as stream:
            body = stream.read(_LARGEST_LISTING + 1)
        if len(body) > _LARGEST_LISTING:
            raise self._failure("protocol", "a folder's listing is too long: split the folder")
        return body

    def _send(self, method: str, path: str, headers: dict[str, str], content: bytes | None = None) -> httpx.Response:
        url = self._origin + quote(self._base + path)
        for _ in range(_REDIRECTS):
            try:
                request = self._client.build_request(method, url, headers=headers, content=content)
                response = self._client.send(request, stream=True)
            except httpx.TimeoutException:
                raise self._failure("timeout", "the server does not answer in time") from None
            except httpx.HTTPError:
                raise self._failure("refused", "the server cannot be reached: name, port, certificate?") from None
            if not response.has_redirect_location:
                return response
            url = self._redirected(response)
        raise self._failure("protocol", "the server redirects in a circle")

    def _redirected(self, response: httpx.Response) -> str:
        response.close()
        target = response.url.join(response.headers["Location"])
        here = httpx.URL(self._origin)
        if (target.scheme, target.host, target.port) != (here.scheme, here.host, here.port):
            raise self._failure("protocol", "the server redirects to another one: set the address it redirects to")
        if not unquote(target.path).startswith(self._base.rstrip("/")):
            raise self._failure("protocol", "the server redirects outside the folder that is searched")
        return str(target)

    def _judge(self, response: httpx.Response, path: str, expected: int = httpx.codes.OK) -> None:
        status = response.status_code
        if status == expected:
            return
        response.close()
        if status == httpx.codes.UNAUTHORIZED or (status == httpx.codes.FORBIDDEN and not path):
            raise self._failure("credentials", "user and (app) password; may the user read the folder?")
        if status == httpx.codes.FORBIDDEN:
            raise Forbidden
        if status in (httpx.codes.NOT_FOUND, httpx.codes.GONE):
            if not path:
                raise self._failure("not_found", "there is no such folder on the server")
            raise Gone
        raise self._failure("refused" if status in (429, 503) else "protocol", f"the server answered {status}")

    def _failure(self, code: str, advice: str) -> SourceUnavailable:
        return SourceUnavailable(self._source, code, advice)

    def _entry(self, response: Element) -> Entry | OutsideBase:
        path = self._inside(response.findtext(f"{_DAV}href") or "")
        if path is None:
            return OutsideBase()
        if (status := _status(response)) != httpx.codes.OK:
            return Entry(path, folder=path.endswith("/"), status=status)
        found = _properties(response)
        kind = found.get(f"{_DAV}resourcetype")
        folder = kind is not None and kind.find(f"{_DAV}collection") is not None
        texts = {tag: (element.text or "").strip() for tag, element in found.items()}
        return Entry(
            path=path.rstrip("/") + "/" if folder and path else path,
            folder=folder,
            size=_number(texts.get(f"{_DAV}getcontentlength", "")),
            modified=_date(texts.get(f"{_DAV}getlastmodified", "")),
            etag=texts.get(f"{_DAV}getetag", ""),
            media_type=texts.get(f"{_DAV}getcontenttype", "").partition(";")[0],
            owner=texts.get(_OWNER, ""),
            created=texts.get(f"{_DAV}creationdate", ""),
        )

    def _inside(self, href: str) -> str | None:
        """The decoded path below the base, or None: hrefs are absolute paths or URLs (RFC 4918, 8.3)."""
        parts = urlsplit(href)
        if parts.netloc and f"{parts.scheme}://{parts.netloc}".lower() != self._origin.lower():
            return None
        path = unquote(parts.path)
        if path + "/" == self._base:
            return ""
        below = path.removeprefix(self._base)
        unsafe = any(part in ("", ".", "..") for part in below.rstrip("/").split("/")) if below else False
        return None if unsafe or "\0" in below or not path.startswith(self._base) else below


class RemoteFile(io.RawIOBase):
    """A response as a stream. A connection that breaks raises `SourceUnavailable`: never a short file."""

    def __init__(self, source: str, response: httpx.Response) -> None:
        self._source = source
        self._response = response
        self._chunks = response.iter_bytes(64 * 1024)
        self._rest = b""

    @property
    def etag(self) -> str:
        return str(self._response.headers.get("ETag", ""))

    @property
    def size(self) -> int | None:
        return _number(self._response.headers.get("Content-Length", ""))

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            while not self._rest and (chunk := next(self._chunks, b"")):
                self._rest = chunk
        except (httpx.HTTPError, httpx.StreamError):
            raise SourceUnavailable(self._source, "refused", "the connection broke while a file was read") from None
        given = min(len(buffer), len(self._rest))
        buffer[:given] = self._rest[:given]
        self._rest = self._rest[given:]
        return given

    def read(self, size: int = -1) -> bytes:
        """All of it or up to `size` bytes: fewer only at the end."""
        parts: list[bytes] = []
        while size < 0 or sum(map(len, parts)) < size:
            part = super().read(min(64 * 1024, size - sum(map(len, parts))) if size >= 0 else 64 * 1024)
            if not part:
                break
            parts.append(part)
        return b"".join(parts)

    def close(self) -> None:
        if not self.closed:
            self._response.close()
        super().close()


def _status(response: Element) -> int:
    """Of the whole entry, or of its propstats where none of them is good (several per entry are usual)."""
    stated = [response.findtext(f"{_DAV}status")]
    if stated == [None]:
        stated = [part.findtext(f"{_DAV}status") for part in response.findall(f"{_DAV}propstat")]
    codes = [_number((text or "").split(" ")[1] if " " in (text or "") else "") or 0 for text in stated]
    return 200 if 200 in codes else (codes or [0])[0]


def _properties(response: Element) -> dict[str, Element]:
    found: dict[str, Element] = {}
    for part in response.findall(f"{_DAV}propstat"):
        if " 200 " in (part.findtext(f"{_DAV}status") or "") + " ":
            prop = part.find(f"{_DAV}prop")
            found |= {element.tag: element for element in (prop if prop is not None else ())}
    return found


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _date(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
