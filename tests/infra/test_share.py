"""The link of a Nextcloud: the answers of the Share API are told after Nextcloud 30 (OCS v2, JSON)."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import parse_qs, unquote

import httpx
import pytest

from infra.share import Nextcloud, ShareFailed

CLOUD = "https://cloud.nordlicht.example"
UNTIL = date(2026, 12, 6)
SECRET = "Kiesel-Anker-Motte-4711"


@dataclass
class Cloud:
    """A Nextcloud in memory, as far as a link needs one. `before`: what it answers instead, by method and path end."""

    files: dict[str, bytes] = field(default_factory=dict)
    links: dict[str, dict[str, str]] = field(default_factory=dict)
    pieces: dict[str, bytes] = field(default_factory=dict)
    before: dict[tuple[str, str], httpx.Response] = field(default_factory=dict)
    asked: list[httpx.Request] = field(default_factory=list)
    host: str = CLOUD
    expiration: str = ""
    made: int = 0
    now: datetime = datetime(2026, 11, 22, 9, tzinfo=UTC)  # the server lives in UTC

    def opens(self, link: str) -> bool:
        """Whether a stranger gets the file now: a link ends as the day of its expiry begins."""
        return link in self.links and self.now < at_midnight(date.fromisoformat(self.links[link]["expireDate"]))

    def handle(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.asked.append(request)
        path = unquote(request.url.path)
        for (method, end), answer in self.before.items():
            if request.method == method and path.endswith(end):
                return answer
        if request.headers["authorization"] != httpx.BasicAuth("dsb", "app-word")._auth_header:
            return httpx.Response(401)
        if path.startswith("/remote.php/dav/uploads/"):
            return self._upload(request, path)
        if path.startswith("/remote.php/dav/files/dsb/"):
            return self._file(request, path.removeprefix("/remote.php/dav/files/dsb/"))
        return self._ocs(request, path)

    def _upload(self, request: httpx.Request, path: str) -> httpx.Response:
        if request.method == "PUT":
            self.pieces[path] = request.content
        if request.method == "MOVE":
            target = unquote(httpx.URL(request.headers["destination"]).path).removeprefix("/remote.php/dav/files/dsb/")
            self.files[target] = b"".join(self.pieces[key] for key in sorted(self.pieces))
        return httpx.Response(201)

    def _file(self, request: httpx.Request, path: str) -> httpx.Response:
        if request.method == "PUT":
            self.files[path] = request.content
        if request.method == "MKCOL" and path in self.files:
            return httpx.Response(405)
        if request.method == "MKCOL":
            self.files[path] = b""
        if request.method == "DELETE":
            self.files = {key: value for key, value in self.files.items() if not key.startswith(path)}
            return httpx.Response(204)
        return httpx.Response(201)

    def _ocs(self, request: httpx.Request, path: str) -> httpx.Response:
        assert request.headers["ocs-apirequest"] == "true"
        if path.endswith("/capabilities"):
            return told({"capabilities": {"files_sharing": {"public": {"enabled": True}}}})
        if request.method == "DELETE":
            self.links.pop(path.rpartition("/")[2])
            return told([])
        if request.method == "GET":
            wanted = request.url.params["path"]
            return told([{"id": key} for key, link in self.links.items() if link["path"] == wanted])
        asked = {key: values[0] for key, values in parse_qs(request.content.decode()).items()}
        self.made += 1
        self.links[str(self.made)] = asked
        until = self.expiration or f"{asked['expireDate']} 00:00:00"
        return told({"id": str(self.made), "url": f"{self.host}/s/aB3dE5", "expiration": until})


def at_midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def told(data: object, code: int = 200, status: int = 200) -> httpx.Response:
    body = {"ocs": {"meta": {"status": "ok", "statuscode": code, "message": "OK"}, "data": data}}
    return httpx.Response(status, content=json.dumps(body))


@pytest.fixture
def cloud() -> Cloud:
    return Cloud()


def account(cloud: Cloud, word: str = "app-word") -> Nextcloud:
    return Nextcloud(CLOUD, "dsb", lambda: word, transport=lambda: httpx.MockTransport(cloud.handle))


def publish(cloud: Cloud, content: bytes = b"sealed", word: str = "app-word") -> str:
    sent = io.BytesIO(content)
    return account(cloud, word).publish("k7mfa", "Antwort.html", sent, len(content), SECRET, UNTIL).url


def test_the_file_lies_in_a_folder_of_its_own_behind_a_password_until_a_day(cloud: Cloud) -> None:
    assert publish(cloud) == f"{CLOUD}/s/aB3dE5"
    assert cloud.files["Auskunft/k7mfa/Antwort.html"] == b"sealed"
    (link,) = cloud.links.values()
    assert link == {
        "path": "/Auskunft/k7mfa",
        "shareType": "3",
        "permissions": "1",
        "password": SECRET,
        "expireDate": "2026-12-07",
    }
    assert not any(SECRET in str(request.url) for request in cloud.asked)


def test_the_link_works_on_the_day_that_the_person_is_told_and_no_longer(cloud: Cloud) -> None:
    publish(cloud)
    cloud.now = at_midnight(UNTIL) + timedelta(hours=23, minutes=59)
    assert cloud.opens("1")
    cloud.now += timedelta(minutes=1)
    assert not cloud.opens("1")


def test_a_second_try_leaves_one_link(cloud: Cloud) -> None:
    publish(cloud)
    publish(cloud, b"again")
    assert list(cloud.links) == ["2"]
    assert cloud.files["Auskunft/k7mfa/Antwort.html"] == b"again"


def test_a_large_file_goes_up_in_pieces(cloud: Cloud) -> None:
    content = bytes(range(256)) * (170 * 1024)  # 42.5 MB: two whole pieces and a rest
    publish(cloud, content)
    assert cloud.files["Auskunft/k7mfa/Antwort.html"] == content
    assert len(cloud.pieces) == 3


def test_what_was_published_is_taken_back_and_may_be_gone_already(cloud: Cloud) -> None:
    publish(cloud)
    for _ in range(2):
        account(cloud).withdraw("Auskunft/k7mfa")
    assert cloud.links == {}
    assert not any("k7mfa" in path for path in cloud.files)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"host": "https://evil.example"}, "protocol"),
        ({"host": "http://cloud.nordlicht.example"}, "protocol"),
        ({"expiration": "2036-12-06 00:00:00"}, "protocol"),
        ({"expiration": "null"}, "protocol"),
    ],
)
def test_another_link_than_was_asked_for_is_taken_back(cloud: Cloud, change: dict[str, str], code: str) -> None:
    for name, value in change.items():
        setattr(cloud, name, value)
    with pytest.raises(ShareFailed) as raised:
        publish(cloud)
    assert raised.value.code == code
    assert cloud.links == {}


@pytest.mark.parametrize(
    ("method", "end", "answer", "code", "for_good"),
    [
        ("PUT", "Antwort.html", httpx.Response(507), "too_large", True),
        ("PUT", "Antwort.html", httpx.Response(503), "unreachable", False),
        ("MKCOL", "Auskunft", httpx.Response(302, headers={"location": "https://evil.example/"}), "protocol", True),
        ("POST", "/shares", told([], 403, 403), "forbidden", True),
        (
            "POST",
            "/shares",
            httpx.Response(403, text="Password needs to be at least 30 characters"),
            "password_rule",
            True,
        ),
        ("POST", "/shares", httpx.Response(200, text="<html>login</html>"), "protocol", True),
    ],
)
def test_what_the_server_refuses_has_a_code_and_advice(
    cloud: Cloud, method: str, end: str, answer: httpx.Response, code: str, for_good: bool
) -> None:
    cloud.before[method, end] = answer
    with pytest.raises(ShareFailed) as raised:
        publish(cloud)
    assert (raised.value.code, raised.value.for_good) == (code, for_good)
    assert raised.value.advice
    assert SECRET not in str(raised.value)


def test_a_wrong_app_password_is_refused_and_no_network_is_unreachable(cloud: Cloud) -> None:
    with pytest.raises(ShareFailed) as raised:
        publish(cloud, word="wrong")
    assert raised.value.code == "refused"

    def down(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route", request=request)

    with pytest.raises(ShareFailed) as raised:
        Nextcloud(CLOUD, "dsb", lambda: "x", transport=lambda: httpx.MockTransport(down)).check()
    assert raised.value.code == "unreachable"
    assert raised.value.__suppress_context__


def test_the_check_says_whether_public_links_are_on(cloud: Cloud) -> None:
    account(cloud).check()
    cloud.before["GET", "/capabilities"] = told({"capabilities": {"files_sharing": {"public": {"enabled": False}}}})
    with pytest.raises(ShareFailed) as raised:
        account(cloud).check()
    assert raised.value.code == "forbidden"
