import ssl
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest

from desk.demo.certificates import certificates_in
from desk.demo.company import Company
from desk.demo.dav_server import DavServer


@pytest.fixture(scope="module")
def dav(small_company: Company, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DavServer]:
    with DavServer(tmp_path_factory.mktemp("servers"), small_company.cloud) as server:
        yield server


@pytest.fixture
def http(dav: DavServer) -> Iterator[httpx.Client]:
    trusted = ssl.create_default_context(cafile=str(dav.ca_file))
    with httpx.Client(base_url=dav.url, verify=trusted, auth=(dav.user, dav.password), trust_env=False) as client:
        yield client


def test_lists_every_file(http: httpx.Client, small_company: Company) -> None:
    names = [path.relative_to(small_company.cloud) for path in small_company.cloud.rglob("*") if path.is_file()]
    answer = http.request("PROPFIND", "/", headers={"Depth": "infinity"})
    assert answer.status_code == 207
    assert all(quote(str(name)) in answer.text for name in names)


def test_gives_a_file_as_it_is(http: httpx.Client, small_company: Company) -> None:
    path = next(path for path in small_company.cloud.rglob("*.docx") if " " in path.name)
    answer = http.get(quote(str(path.relative_to(small_company.cloud))))
    assert answer.status_code == 200
    assert answer.content == path.read_bytes()


@pytest.mark.parametrize("auth", [None, ("auskunft", "wrong"), ("somebody", "wrong")])
def test_refuses_who_is_not_logged_in(dav: DavServer, auth: tuple[str, str] | None) -> None:
    trusted = ssl.create_default_context(cafile=str(dav.ca_file))
    with httpx.Client(verify=trusted, auth=auth, trust_env=False) as client:
        assert client.request("PROPFIND", dav.url).status_code == 401
        assert client.get(dav.url).status_code == 401


@pytest.mark.parametrize("method", ["PUT", "DELETE", "MKCOL", "MOVE"])
def test_changes_nothing(http: httpx.Client, small_company: Company, method: str) -> None:
    before = sorted(small_company.cloud.rglob("*"))
    target = "neu" if method == "MKCOL" else "Werkstatt/Werkstattliste%202026-03.csv"
    headers = {"Destination": f"{http.base_url}Werkstatt/anders.csv"}
    assert http.request(method, target, headers=headers).status_code == 403
    assert sorted(small_company.cloud.rglob("*")) == before


def test_serves_without_tls_on_demand(small_company: Company, tmp_path) -> None:
    with (
        DavServer(tmp_path, small_company.cloud, tls=False) as server,
        httpx.Client(auth=(server.user, server.password), trust_env=False) as client,
    ):
        assert server.url.startswith("http://")
        assert client.request("PROPFIND", server.url, headers={"Depth": "1"}).status_code == 207


def test_servers_in_one_folder_share_an_authority(tmp_path) -> None:
    first = certificates_in(tmp_path)
    made = first.ca_file.read_bytes()
    assert certificates_in(tmp_path) == first
    assert first.ca_file.read_bytes() == made
