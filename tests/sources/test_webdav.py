from collections.abc import Callable
from urllib.parse import quote

import httpx
import pytest

from cases.finding import Finding, Gap
from cases.source import SourceUnavailable
from cases.subjects import SubjectIndex
from sources.building import BadOptions, Tools
from sources.documents import DocumentSearch
from sources.webdav import WebdavSource, build, locate
from tests.conformance.worlds import LENA
from tests.sources.fakes import PlainText

BASE = "https://cloud.firma.example/dav/files/reader"
Answer = Callable[[httpx.Request], httpx.Response]


def entry(href: str, etag: str = '"1"', size: int = 11, folder: bool = False, more: str = "") -> str:
    kind = "<d:resourcetype><d:collection/></d:resourcetype>" if folder else "<d:resourcetype/>"
    length = "" if folder else f"<d:getcontentlength>{size}</d:getcontentlength>"
    prop = f"<d:prop>{kind}{length}<d:getetag>{etag}</d:getetag></d:prop>"
    good = f"<d:propstat>{prop}<d:status>HTTP/1.1 200 OK</d:status></d:propstat>"
    absent = "<d:propstat><d:prop><d:creationdate/></d:prop><d:status>HTTP/1.1 404 Not Found</d:status></d:propstat>"
    return f"<d:response><d:href>{href}</d:href>{absent}{good}{more}</d:response>"


def listing(*entries: str) -> httpx.Response:
    body = f'<?xml version="1.0"?><d:multistatus xmlns:d="DAV:">{"".join(entries)}</d:multistatus>'
    return httpx.Response(207, content=body.encode())


class FakeCloud:
    """Answers by method and path, and remembers what it was asked."""

    def __init__(self, answers: dict[tuple[str, str], httpx.Response | Exception]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, str]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/dav/files/reader")
        self.asked.append((request.method, path))
        answer = self.answers.get((request.method, path), httpx.Response(404))
        if isinstance(answer, Exception):
            raise answer
        return answer

    def search(self) -> tuple[list[Finding], dict[str, str]]:
        source = WebdavSource(
            "cloud", BASE, "u", "p", DocumentSearch("cloud", PlainText()), transport=lambda: httpx.MockTransport(self)
        )
        items = list(source.search(SubjectIndex([LENA])))
        gaps = {item.locator: item.code for item in items if isinstance(item, Gap)}
        return [item for item in items if isinstance(item, Finding)], gaps


ROOT = entry("/dav/files/reader/", folder=True)


def test_names_are_decoded_and_several_propstats_read() -> None:
    name = "Krüger Lena 100%#1.txt"
    href = "/dav/files/reader/" + quote(name)
    cloud = FakeCloud(
        {("PROPFIND", "/"): listing(ROOT, entry(href)), ("GET", f"/{name}"): httpx.Response(200, content=b"x")}
    )
    (found,), gaps = cloud.search()
    assert (found.locator, gaps) == (name, {})
    assert {field.name: field.value for field in found.fields} == {"path": name, "size": "11"}


@pytest.mark.parametrize(
    "href",
    [
        "/dav/files/other/secret.txt",
        "https://evil.example/dav/files/reader/a.txt",
        "/dav/files/reader/../other/a.txt",
        "/dav/files/reader/%2e%2e/a.txt",
        "/dav/files/reader/a%2Fb.txt",
    ],
)
def test_what_lies_outside_is_not_read(href: str) -> None:
    cloud = FakeCloud({("PROPFIND", "/"): listing(ROOT, entry(href))})
    found, gaps = cloud.search()
    assert found == []
    assert set(gaps.values()) <= {"outside_base", "outside_folder"}
    assert gaps
    assert cloud.asked == [("PROPFIND", "/")]


def test_a_folder_inside_itself_ends() -> None:
    inner = entry("/dav/files/reader/a/", folder=True)
    cloud = FakeCloud({("PROPFIND", "/"): listing(ROOT, inner), ("PROPFIND", "/a/"): listing(inner, ROOT)})
    cloud.search()
    assert cloud.asked == [("PROPFIND", "/"), ("PROPFIND", "/a/")]


BOMB = b'<!DOCTYPE d [<!ENTITY a "aaaa">]><d:multistatus xmlns:d="DAV:">&a;</d:multistatus>'


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (httpx.Response(401), "credentials"),
        (httpx.Response(403), "credentials"),
        (httpx.Response(404), "not_found"),
        (httpx.Response(500), "protocol"),
        (httpx.Response(503), "refused"),
        (httpx.Response(200, content=b"<html>"), "protocol"),
        (httpx.Response(207, content=b"not xml"), "protocol"),
        (httpx.Response(207, content=BOMB), "protocol"),
        (httpx.Response(207, content=b"<other/>"), "protocol"),
        (httpx.Response(302, headers={"Location": "https://evil.example/"}), "protocol"),
        (httpx.Response(302, headers={"Location": "http://cloud.firma.example/dav/files/reader/"}), "protocol"),
        (httpx.Response(302, headers={"Location": "/dav/files/other/"}), "protocol"),
        (httpx.Response(302, headers={"Location": "/dav/files/reader/"}), "protocol"),
        (httpx.ConnectError("no route to lena"), "refused"),
        (httpx.ReadTimeout("lena"), "timeout"),
    ],
)
def test_a_server_that_cannot_be_asked(answer: httpx.Response | Exception, code: str) -> None:
    cloud = FakeCloud({("PROPFIND", "/"): answer})
    with pytest.raises(SourceUnavailable) as raised:
        cloud.search()
    assert raised.value.code == code
    assert "lena" not in str(raised.value)
    assert all(path == "/" for _, path in cloud.asked)


class Breaking(httpx.SyncByteStream):
    """A body that ends in the middle."""

    def __iter__(self):  # type: ignore[no-untyped-def]
        yield b"Lena"
        raise httpx.ReadError("gone")


@pytest.mark.parametrize(
    "answer", [httpx.ConnectError(""), httpx.Response(200, stream=Breaking()), httpx.Response(401)]
)
def test_a_connection_lost_in_the_middle_is_no_short_answer(answer: httpx.Response | Exception) -> None:
    cloud = FakeCloud({("PROPFIND", "/"): listing(ROOT, entry("/dav/files/reader/a.txt")), ("GET", "/a.txt"): answer})
    with pytest.raises(SourceUnavailable):
        cloud.search()


def test_single_files_that_cannot_be_read_are_gaps() -> None:
    names = ("gone.txt", "forbidden.txt", "locked.txt", "bad.txt", "film.mp4", "huge.txt", "strange.txt")
    entries = [entry(f"/dav/files/reader/{name}", size=10**12 if name == "huge.txt" else 11) for name in names]
    full = "<d:status>HTTP/1.1 507 Insufficient Storage</d:status>"
    status = f"<d:response><d:href>/dav/files/reader/x.txt</d:href>{full}</d:response>"
    cloud = FakeCloud(
        {
            ("PROPFIND", "/"): listing(ROOT, *entries, status, entry("/dav/files/reader/f/", folder=True)),
            ("PROPFIND", "/f/"): httpx.Response(403),
            ("GET", "/forbidden.txt"): httpx.Response(403),
            ("GET", "/locked.txt"): httpx.Response(200, content=b"!encrypted"),
            ("GET", "/bad.txt"): httpx.Response(200, content=b"!damaged"),
            ("GET", "/strange.txt"): httpx.Response(200, content=b"!crashed"),
        }
    )
    assert cloud.search() == (
        [],
        {
            "gone.txt": "gone", "forbidden.txt": "unreadable", "locked.txt": "encrypted", "bad.txt": "damaged",
            "film.mp4": "no_text", "huge.txt": "too_large", "strange.txt": "crashed", "x.txt": "status_507",
            "f/": "forbidden",
        },
    )  # fmt: skip


def test_the_original_is_the_version_that_matched() -> None:
    answers: dict[tuple[str, str], httpx.Response | Exception] = {
        ("PROPFIND", "/"): listing(ROOT, entry("/dav/files/reader/a.txt", etag='"old"')),
        ("GET", "/a.txt"): httpx.Response(200, headers={"ETag": '"new"'}, content=b"Lena Kr\xc3\xbcger"),
    }
    cloud = FakeCloud(answers)
    (found,), _ = cloud.search()
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["If-Match"])
        return httpx.Response(412)

    cloud.__class__ = type("Changed", (FakeCloud,), {"__call__": lambda self, request: answer(request)})
    with pytest.raises(FileNotFoundError):
        found.blobs[0].open()
    assert seen == ['"new"']


def test_the_password_travels_only_encrypted_and_never_in_a_message() -> None:
    tools = Tools(PlainText())
    for url in ("http://cloud.firma.example/dav", "ftp://x.example/", "https://user:geheim@cloud.firma.example/dav"):
        with pytest.raises(BadOptions) as raised:
            build("cloud", {"url": url}, str, tools)
        assert "geheim" not in str(raised.value)
    with pytest.raises(BadOptions):
        locate("webdav", "http://user:geheim@cloud.firma.example/dav", tools)
    source = locate("webdav", "https://us%40er:geh%3Aeim@cloud.firma.example/dav", tools)
    assert (source.user, source.password, source.url) == ("us@er", "geh:eim", "https://cloud.firma.example/dav")
    assert "geh" not in repr(source)


def test_settings_give_folder_and_secret() -> None:
    options = {"url": "https://cloud.firma.example/dav/", "path": "Kunden/Müller", "user": "u", "password": "env:PW"}
    source = build("cloud", options, lambda reference: f"secret of {reference}", Tools(PlainText()))
    assert source.url == "https://cloud.firma.example/dav/Kunden/M%C3%BCller"
    assert source.password == "secret of env:PW"
