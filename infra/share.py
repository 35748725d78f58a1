"""A sealed answer as a public link of a Nextcloud, with a password and an expiry (OCS Share API v1, WebDAV RFC 4918).

What is put there is sealed already: whoever runs the Nextcloud, or guesses the link and its password, has a file that
opens with the passphrase only. Files lie in a folder of the configured account, one sub-folder for each answer with a
name that is nobody's. Redirects are not followed, and a link to another host is refused.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote, urlsplit

import httpx

_OCS = "/ocs/v2.php/apps/files_sharing/api/v1/shares"
_CAPABILITIES = "/ocs/v2.php/cloud/capabilities"
_DAV = "/remote.php/dav"
_PUBLIC_LINK, _READ = "3", "1"  # shareType and permissions of the Share API
_TIMEOUT = httpx.Timeout(30, read=300, write=300)
_PIECE = 20 * 1024 * 1024  # chunked upload v2: from 5 MB to 5 GB, in order of their names
_MOST_PIECES = 10_000
_READ_BYTES = 256 * 1024
_THERE = (HTTPStatus.METHOD_NOT_ALLOWED,)  # what MKCOL says of a folder that is there (RFC 4918, 9.3.1)


class ShareFailed(Exception):
    """The link could not be made. `code`: `refused` (login), `unreachable`, `forbidden` (public links are off, or a
    rule of the server), `password_rule`, `protocol`, `too_large`; `advice` says what to do. Nothing of the answer."""

    def __init__(self, code: str, advice: str) -> None:
        super().__init__(f"{code} - {advice}")
        self.code = code
        self.advice = advice

    @property
    def for_good(self) -> bool:
        """Whether trying again alone will not help."""
        return self.code not in ("unreachable",)


@dataclass(frozen=True, slots=True)
class Share:
    """A public link. `id` is what the server calls it; `path` the folder in the account that holds the file."""

    url: str = field(repr=False)
    id: str
    path: str


@dataclass(frozen=True, slots=True)
class Nextcloud:
    """The account that answers are put into. `url` is the address of the Nextcloud itself; `transport` is for tests."""

    url: str
    user: str = field(repr=False)
    password: Callable[[], str] = field(repr=False)
    folder: str = "Auskunft"
    ca_file: Path | None = None
    transport: Callable[[], httpx.BaseTransport] | None = None

    def publish(self, name: str, filename: str, content: BinaryIO, size: int, password: str, until: date) -> Share:
        """Uploads to `folder/name/filename` and makes the link, which works up to and on the day `until`. Safe to call
        again after a crash: the file is written anew and links of an earlier try are taken back, so that one link at
        most is alive. Raises `ShareFailed`."""
        path = f"{self.folder.strip('/')}/{name}"
        with self._client() as client:
            self._folders(client, path)
            self._upload(client, f"{path}/{filename}", content, size)
            for old in self._links(client, path):
                self._delete_link(client, old)
            return self._link(client, path, password, until + timedelta(days=1))

    def withdraw(self, share_path: str) -> None:
        """Takes the link back and deletes the file; what is gone already is fine. Raises `ShareFailed`."""
        with self._client() as client:
            for old in self._links(client, share_path):
                self._delete_link(client, old)
            self._expect(client.delete(self._dav(share_path)), *_OK, HTTPStatus.NOT_FOUND)

    def check(self) -> None:
        """Whether login, folder and public links work. Raises `ShareFailed`."""
        with self._client() as client:
            found = self._ocs(client.get(_CAPABILITIES, params={"format": "json"}))
            sharing = found.get("capabilities", {}).get("files_sharing", {})
            if not sharing.get("public", {}).get("enabled"):
                raise ShareFailed("forbidden", "switch on public links in the Nextcloud's sharing settings")
            self._folders(client, self.folder.strip("/"))

    @contextmanager
    def _client(self) -> Iterator[httpx.Client]:
        trust = ssl.create_default_context(cafile=str(self.ca_file) if self.ca_file else None)
        client = httpx.Client(
            base_url=self.url.rstrip("/"),
            auth=httpx.BasicAuth(self.user, self.password()),
            headers={"OCS-APIRequest": "true", "Accept": "application/json"},
            verify=trust,
            timeout=_TIMEOUT,
            follow_redirects=False,
            transport=self.transport() if self.transport else None,
        )
        try:
            with client:
                yield client
        except httpx.HTTPError:
            raise ShareFailed("unreachable", "the Nextcloud cannot be reached; it is tried again") from None

    def _folders(self, client: httpx.Client, path: str) -> None:
        parts = path.split("/")
        for depth in range(1, len(parts) + 1):
            found = client.request("MKCOL", self._dav("/".join(parts[:depth])))
            self._expect(found, *_OK, *_THERE)

    def _upload(self, client: httpx.Client, path: str, content: BinaryIO, size: int) -> None:
        if size <= _PIECE:
            self._expect(client.put(self._dav(path), content=_pieces(content, size)), *_OK)
            return
        if size > _PIECE * _MOST_PIECES:
            raise ShareFailed("too_large", "bring the answer by post or in person")
        upload = f"{_DAV}/uploads/{quote(self.user)}/auskunft-{path.rpartition('/')[0].rpartition('/')[2]}"
        target = {"Destination": f"{self.url.rstrip('/')}{self._dav(path)}", "OC-Total-Length": str(size)}
        client.delete(upload)  # what an earlier try left
        self._expect(client.request("MKCOL", upload, headers=target), *_OK)
        for number, start in enumerate(range(0, size, _PIECE), start=1):
            piece = _pieces(content, min(_PIECE, size - start))
            self._expect(client.put(f"{upload}/{number:05}", content=piece, headers=target), *_OK)
        self._expect(client.request("MOVE", f"{upload}/.file", headers=target), *_OK)

    def _links(self, client: httpx.Client, path: str) -> tuple[str, ...]:
        found = client.get(_OCS, params={"path": f"/{path}", "format": "json"})
        if found.status_code == HTTPStatus.NOT_FOUND:
            return ()
        data = self._ocs(found)
        return tuple(str(item["id"]) for item in data if isinstance(item, dict) and "id" in item)

    def _delete_link(self, client: httpx.Client, link: str) -> None:
        self._expect(client.delete(f"{_OCS}/{quote(link)}", params={"format": "json"}), *_OK, HTTPStatus.NOT_FOUND)

    def _link(self, client: httpx.Client, path: str, password: str, expires: date) -> Share:
        """`expires`: the first day on which it does not work; Nextcloud ends a link as its day begins, at 00:00."""
        asked = {
            "path": f"/{path}",
            "shareType": _PUBLIC_LINK,
            "permissions": _READ,
            "password": password,
            "expireDate": expires.isoformat(),
        }
        data = self._ocs(client.post(_OCS, data=asked, params={"format": "json"}))
        url, link = data.get("url", ""), str(data.get("id", ""))
        if not link or not self._ours(url) or not str(data.get("expiration", "")).startswith(expires.isoformat()):
            if link:  # a link without its expiry must not stay
                self._delete_link(client, link)
            raise ShareFailed(
                "protocol", "the Nextcloud made another link than was asked for; look at its sharing rules"
            )
        return Share(url, link, path)

    def _ours(self, url: object) -> bool:
        """A link into the configured Nextcloud, over TLS as that is: nothing else is ever sent to a person."""
        if not isinstance(url, str) or not url.isascii() or any(char.isspace() for char in url):
            return False
        asked, given = urlsplit(self.url), urlsplit(url)
        return (given.scheme, given.netloc) == (asked.scheme, asked.netloc) and "/s/" in given.path

    def _dav(self, path: str) -> str:
        return f"{_DAV}/files/{quote(self.user)}/{quote(path)}"

    def _ocs(self, answer: httpx.Response) -> Any:
        """The data of an OCS answer; its own status code counts, too (100 in v1, 200 in v2)."""
        if answer.status_code in (HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND):
            raise _refusal(answer)
        self._expect(answer, *_OK)
        try:
            told = answer.json()["ocs"]
            if told["meta"]["statuscode"] not in (100, 200):
                raise _refusal(answer)
            return told["data"]
        except (ValueError, KeyError, TypeError):
            raise ShareFailed("protocol", "the address is no Nextcloud's, or something stands between") from None

    def _expect(self, answer: httpx.Response, *codes: int) -> None:
        if answer.status_code in codes:
            return
        if answer.status_code == HTTPStatus.UNAUTHORIZED:
            raise ShareFailed("refused", "check user and app password in [delivery]")
        if answer.status_code in (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND):
            raise ShareFailed("forbidden", "the account may not write there; check folder and rights")
        if answer.status_code == HTTPStatus.INSUFFICIENT_STORAGE:
            raise ShareFailed("too_large", "the account's quota is used up")
        if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status_code == HTTPStatus.LOCKED:
            raise ShareFailed("unreachable", "the Nextcloud has trouble; it is tried again")
        raise ShareFailed("protocol", "the address is no Nextcloud's, or something stands between")


_OK = (HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.NO_CONTENT)


def _refusal(answer: httpx.Response) -> ShareFailed:
    """400 and 403: a rule of the server. Its words may tell the password rule, and are not repeated."""
    if "password" in answer.text.lower() or "passwor" in answer.text.lower():
        return ShareFailed("password_rule", "the Nextcloud's password rule refuses ours; allow 20 letters and digits")
    return ShareFailed("forbidden", "allow public links with password and expiry in the Nextcloud's sharing settings")


def _pieces(content: BinaryIO, size: int) -> Iterator[bytes]:
    left = size
    while left > 0 and (piece := content.read(min(_READ_BYTES, left))):
        left -= len(piece)
        yield piece
