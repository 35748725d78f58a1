"""Files of a cloud storage reached by WebDAV (Nextcloud, ownCloud, any other). Only PROPFIND and GET are sent."""

from __future__ import annotations

import io
import logging
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast
from urllib.parse import quote, unquote, urlsplit

import httpx
from pydantic import Field, field_validator

from cases.anchors import SCAN_LIMITS
from cases.finding import DataField, Finding, Gap, GapReason
from cases.source import Health, Searched, SourceUnavailable, Stage
from cases.subjects import SubjectIndex
from sources.building import BadOptions, Options, Secret, Tools, checked
from sources.documents import Document, DocumentSearch, Gone
from sources.scan_filter import Filter
from sources.webdav_client import Entry, Forbidden, OutsideBase, WebdavClient

_DEEPEST = 64
_TIMEOUT = httpx.Timeout(30, read=120)
_HOME = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class WebdavSource:
    """The documents below `url`. `verify` is True or a file of certificates (PEM); `transport` is for tests."""

    name: str
    url: str = field(repr=False)
    user: str = field(repr=False)
    password: str = field(repr=False)
    search_text: DocumentSearch
    verify: bool | Path = True
    transport: Callable[[], httpx.BaseTransport] | None = None
    stage: Stage = Stage.SCAN

    def search(self, subjects: SubjectIndex) -> Iterator[Finding | Gap | Searched]:
        records, select = 0, Filter(subjects)
        with self._client() as client:
            for entry in self._walk(client):
                records += 1
                if isinstance(entry, Gap):
                    yield entry
                else:
                    yield from self.search_text.examine(self._document(client, entry), select)
        yield Searched(self.name, records, SCAN_LIMITS)

    def check(self) -> Health:
        try:
            with self._client() as client:
                for _ in client.listing(""):
                    break
        except SourceUnavailable as error:
            return Health(False, error.code, error.advice)
        return Health(True, "the folder can be read")

    def _client(self) -> WebdavClient:
        for library in ("httpx", "httpcore"):  # they log addresses, which hold names of files, and headers
            logging.getLogger(library).setLevel(logging.WARNING)
        try:
            trust = ssl.create_default_context(cafile=str(self.verify) if isinstance(self.verify, Path) else None)
        except OSError:
            raise SourceUnavailable(self.name, "not_found", "the file of certificates cannot be read") from None
        client = httpx.Client(
            auth=httpx.BasicAuth(self.user, self.password) if self.user else None,
            verify=trust,
            timeout=_TIMEOUT,
            follow_redirects=False,
            transport=self.transport() if self.transport else None,
        )
        return WebdavClient(self.name, self.url, client)

    def _walk(self, client: WebdavClient) -> Iterator[Entry | Gap]:
        """Depth first, each folder once: a server that names a folder inside itself cannot keep us."""
        waiting, seen = [""], {""}
        while waiting:
            folder = waiting.pop()
            try:
                entries = list(client.listing(folder))
            except (Gone, Forbidden) as error:
                yield self._gap(folder, "gone" if isinstance(error, Gone) else "forbidden")
                continue
            deeper = []
            for entry in entries:
                placed = self._placed(folder, entry)
                if isinstance(placed, Entry) and placed.folder:
                    deeper.append(placed.path)
                else:
                    yield placed
            for path in reversed(deeper):
                if path.count("/") > _DEEPEST:
                    yield Gap(self.name, path, GapReason.UNSUPPORTED, "too_deep")
                elif path not in seen:
                    seen.add(path)
                    waiting.append(path)

    def _placed(self, folder: str, entry: Entry | OutsideBase) -> Entry | Gap:
        if isinstance(entry, OutsideBase):
            return self._gap(folder, "outside_base")
        if not entry.path.startswith(folder) or "/" in entry.path.removeprefix(folder).rstrip("/"):
            return self._gap(folder, "outside_folder")
        if entry.status != httpx.codes.OK:
            return self._gap(entry.path, f"status_{entry.status}")
        return entry

    def _document(self, client: WebdavClient, entry: Entry) -> Document:
        version = _Version(entry.etag)

        def read() -> BinaryIO:
            """Through the client of the search; the first reading fixes the version that matched."""
            try:
                remote = client.open(entry.path)
            except Forbidden:
                raise PermissionError from None
            version.etag = remote.etag or version.etag
            return cast(BinaryIO, io.BufferedReader(remote))

        def read_again() -> BinaryIO:
            """For the vault, perhaps after the search: the same version, by a client of its own."""
            return _Owned(self._client(), entry.path, version.etag).opened()

        created = (DataField("creationdate", entry.created),) if entry.created else ()
        return Document(
            entry.path, entry.size, entry.modified, read, entry.owner, entry.media_type, created, reopen=read_again
        )

    def _gap(self, path: str, code: str) -> Gap:
        return Gap(self.name, path or "/", GapReason.UNREACHABLE, code)


@dataclass(slots=True)
class _Version:
    etag: str


@dataclass(frozen=True, slots=True)
class _Owned:
    """A file together with the client that reads it, closed together."""

    client: WebdavClient
    path: str
    etag: str

    def opened(self) -> BinaryIO:
        try:
            remote = self.client.open(self.path, self.etag if not self.etag.startswith("W/") else "")
        except (Gone, Forbidden) as error:
            self.client.close()
            raise FileNotFoundError("the file changed after it was searched: search again") from error
        return cast(BinaryIO, _Closing(remote, self.client))


class _Closing(io.BufferedReader):
    def __init__(self, raw: io.RawIOBase, client: WebdavClient) -> None:
        super().__init__(raw)
        self._client = client

    def close(self) -> None:
        super().close()
        self._client.close()


class WebdavOptions(Options):
    url: str = Field(description="an https address such as https://cloud.firma.example/remote.php/dav/files/USER")
    user: str = Field(default="", description="the name of a user who may only read")
    password: str = Field(default="", description="a reference to the secret such as env:NAME, not the secret itself")
    path: str = Field(default="/", description="a folder below the address, such as /Kunden")
    ca_file: Path | None = Field(default=None, description="a file of certificates (PEM)")
    ignore_extensions: frozenset[str] = Field(default=frozenset(), description="a list of extensions such as mp4")
    largest_mb: int = Field(default=200, ge=1, le=4096, description="a size in MB from 1 to 4096")

    @field_validator("url")
    @classmethod
    def _safe(cls, value: str) -> str:
        if not _is_safe(value):
            raise ValueError("not an https address without user and password")
        return value


def _is_safe(url: str) -> bool:
    """A password travels only encrypted, or inside this machine."""
    parts = urlsplit(url)
    return (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HOME)) and not (
        parts.username or parts.password
    )


def build(name: str, options: Mapping[str, object], secret: Secret, tools: Tools) -> WebdavSource:
    """The source of a section `kind = "webdav"`."""
    chosen = checked(WebdavOptions, name, options)
    ignored = frozenset(extension.lower().lstrip(".") for extension in chosen.ignore_extensions)
    return WebdavSource(
        name=name,
        url=chosen.url.rstrip("/") + quote("/" + chosen.path.strip("/")),
        user=chosen.user,
        password=secret(chosen.password) if chosen.password else "",
        search_text=DocumentSearch(name, tools.extractor, chosen.largest_mb * 1024 * 1024, ignored),
        verify=tools.folder / chosen.ca_file if chosen.ca_file else True,
    )


def locate(name: str, location: str, tools: Tools) -> WebdavSource:
    """The source of `--source webdav=https://user:password@host/path`."""
    parts = urlsplit(location)
    host = parts.netloc.rpartition("@")[2]
    url = parts._replace(netloc=host).geturl()
    if not host or not _is_safe(url):
        raise BadOptions(name, ("allowed: an https address such as https://user:password@cloud.firma.example/dav",))
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return WebdavSource(name, url, user, password, DocumentSearch(name, tools.extractor))
