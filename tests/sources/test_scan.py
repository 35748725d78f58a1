"""A search that skips what cannot be meant finds exactly what a search finds that parses everything."""

from __future__ import annotations

import base64
import io
import json
import quopri
import unicodedata
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.finding import Finding, Gap
from cases.identifiers import Identifier, Kind, Origin, Subject, email_hashes, phone_hashes
from cases.source import Searched
from cases.subjects import SubjectIndex
from sources.json_files import JsonFiles
from sources.scan_bytes import MARKS
from sources.scan_filter import Filter
from sources.scan_match import HyperscanMatcher, MakeMatcher, PortableMatcher
from sources.scan_records import Counted, cut_document, cut_lines
from tests.sources.fakes import verified

ENGINES: list[MakeMatcher] = [PortableMatcher]
try:
    HyperscanMatcher([b"x"])
    ENGINES.append(HyperscanMatcher)
except ImportError:  # no wheel for this machine: the portable engine is the only one
    pass

LENA = verified(
    "A",
    (Kind.EMAIL, "lena.krueger@mail.example"),
    (Kind.NAME, "Lena Krüger"),
    (Kind.PHONE, "030 23125099"),
    (Kind.CUSTOMER_NUMBER, "K-100123"),
    (Kind.IBAN, "DE89 3704 0044 0532 0130 00"),
)
OEZGUER = verified("B", (Kind.EMAIL, "özi@bücher.example"), (Kind.NAME, "Özgür Öztürk"), (Kind.PHONE, "0171 3920012"))
ROESSLER = verified("D", (Kind.NAME, "Lena Rößler"), (Kind.IBAN, "GB29 NWBK 6016 1331 9268 19"))
SEAN = verified("C", (Kind.NAME, "Seán O'Neill"), (Kind.EMAIL, "so@mail.example"), (Kind.HANDLE, "sean.o", ""))
ALL = (LENA, OEZGUER, SEAN, ROESSLER)


def items(path: Path, subjects: tuple[Subject, ...], *, skipping: bool) -> list[Finding | Gap | Searched]:
    return list(JsonFiles("x", path, skipping=skipping).search(SubjectIndex(subjects)))


def found_in(data: bytes, *subjects: Subject, name: str = "e.json") -> list[tuple[str, str, str]]:
    """Subject, place and strength of each finding; the search without skipping must agree."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        quick, slow = (items(path, subjects, skipping=skipping) for skipping in (True, False))
    assert quick == slow
    return [
        (one.subject, one.locator.partition("#")[2], one.strength.value) for one in quick if isinstance(one, Finding)
    ]


def as_mojibake(text: str) -> str:
    return text.encode().decode("latin-1")


def as_entities(text: str) -> str:
    return "".join(char if char.isascii() and char != "@" else f"&#{ord(char)};" for char in text)


def hidden(text: str) -> str:
    return "".join(f"&#x{ord(char):X};" for char in text)


def as_quoted(text: str) -> str:
    return quopri.encodestring(text.encode()).decode()


def as_data_url(text: str) -> str:
    return "data:text/plain;charset=utf-8;base64," + base64.b64encode(text.encode()).decode()


def one_line(records: list[Any]) -> bytes:
    return json.dumps({"list": records}).encode()


def indented(records: list[Any]) -> bytes:
    return json.dumps({"list": records}, indent=2, ensure_ascii=False).encode()


def escaped(records: list[Any]) -> bytes:
    return json.dumps({"list": records}, indent=4).replace("/", "\\/").encode()


def lines(records: list[Any]) -> bytes:
    return "\n".join(json.dumps(record, ensure_ascii=False) for record in records).encode()


def utf16(records: list[Any]) -> bytes:
    return json.dumps({"list": records}, ensure_ascii=False, indent=1).encode("utf-16")


def everything_escaped(records: list[Any]) -> bytes:
    def every(text: str) -> str:
        return '"' + "".join(f"\\u{unit:04x}" for unit in _units(text)) + '"'

    return ('{"list": [' + ",".join(f'{{"t": {every(record["t"])}}}' for record in records) + "]}").encode()


def _units(text: str) -> Iterator[int]:
    data = text.encode("utf-16-be", "surrogatepass")
    return (int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2))


LAYOUTS = [one_line, indented, escaped, lines, utf16, everything_escaped]
DISGUISES: list[Callable[[str], str]] = [
    str, str.upper, as_mojibake, as_entities, as_quoted, as_data_url, quote, escape,
    lambda text: unicodedata.normalize("NFD", text), lambda text: json.dumps({"t": f"\n{text}"}),
]  # fmt: skip
TRACES = [
    "Lena Krüger", "krueger, lena", "LENA KRUGER", "lena.krueger@mail.example", "+49 30 23125099", "(030) 231 250 99",
    "K 100123", "k100123", "DE89370400440532013000", "DE89 3704 0044 0532 0130 00", "Özgür Öztürk", "Oezguer Oeztuerk",
    "özi@bücher.example", "0171 392 00 12", "Seán O'Neill", "Sean O’Neill", "so@mail.example", "/sean.o",
    *email_hashes(LENA.identifiers[0]), *phone_hashes(LENA.identifiers[2]), "Krüger", "Lena", "231250", "nichts",
    "030/23125-099", "+49 30 23125 099", "030\u00a0231\u202f25099", "030 2312\u20135099", "LENA RÖSSLER",
    "DE89\u00a03704\u00a00044\u00a00532\u00a00130\u00a000", "GB29\u00a0NWBK\u00a06016\u00a01331\u00a09268\u00a019",
]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.text(max_size=12), st.sampled_from(TRACES), st.sampled_from(DISGUISES), st.text(max_size=12)),
        max_size=6,
    ),
    st.sampled_from(LAYOUTS),
)
def test_skipping_changes_nothing(
    parts: list[tuple[str, str, Callable[[str], str], str]], layout: Callable[[list[Any]], bytes]
) -> None:
    records = [
        {"t": f"{before} {disguise(trace)} {after}".replace("\ud800", "")} for before, trace, disguise, after in parts
    ]
    try:
        data = layout(records)
    except UnicodeEncodeError:  # a lone surrogate cannot stand in UTF-8
        return
    found_in(data, *ALL, name="e.jsonl" if layout is lines else "e.json")


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("trace", ["lena.krueger@mail.example", "Lena Krüger"])
def test_every_encoding_is_found(trace: str, layout: Callable[[list[Any]], bytes]) -> None:
    data = layout([{"t": "nichts"}, *({"t": f"an {disguise(trace)} ."} for disguise in DISGUISES)])
    found = found_in(data, *ALL, name="e.jsonl" if layout is lines else "e.json")
    numbers = range(1, len(DISGUISES) + 1)
    want = [str(number + 1) if layout is lines else f"list[{number}]" for number in numbers]
    assert [(subject, place) for subject, place, _ in found] == [("A", place) for place in want]


def test_an_address_hidden_from_harvesters_is_found() -> None:
    assert found_in(one_line([{"t": f"<a>{hidden('lena.krueger@mail.example')}</a>"}]), LENA)


@pytest.mark.parametrize(
    "written",
    [
        *("030 23125099", "030/23125099", "+49 (0)30 23125099", "0049 30 23 12 50 99", "030 231 250 99"),
        *("030-2312-5099", "030/23125-099", "+49 30 23125 099", "030\u00a0231\u00a025099", "030 – 2312–5099"),
    ],
)
def test_the_usual_ways_of_writing_a_phone_number_are_found(written: str) -> None:
    for layout in (escaped, everything_escaped):
        assert found_in(layout([{"t": f"Tel. {written}"}]), LENA) == [("A", "list[0]", "possible")]
    assert found_in(lines([{"phone": written}]).decode().encode("cp1252", "replace"), LENA, name="e.jsonl")
    assert found_in(lines([{"t": f"Tel. {written}"}]), LENA, name="e.jsonl") == [("A", "1", "possible")]


@pytest.mark.parametrize(
    "written", ["l.krueger@gmail.com", "lkrueger@gmail.com", "l.krueger+shop@gmail.com", "LKrueger+x@googlemail.com"]
)
def test_the_aliases_of_a_mailbox_are_found(written: str) -> None:
    lena = verified("A", (Kind.EMAIL, "l.krueger@gmail.com"))
    assert [found[0] for found in found_in(json.dumps({"email": written}).encode(), lena)] == ["A"]


@pytest.mark.parametrize("written", ["Krüger", "Lena", "Lena Krger", "23125098", "mail.example", "K-10012"])
def test_what_is_not_promised_is_not_found(written: str) -> None:
    assert found_in(lines([{"t": written}]), LENA, name="e.jsonl") == []


def test_a_name_in_two_fields_and_a_number_are_found() -> None:
    record = {"first_name": "Lena", "x": 1, "last_name": "Krueger", "geburtsdatum": "1984-03-02", "phone": 493023125099}
    assert [found[0] for found in found_in(one_line([record]), LENA)] == ["A"]


@pytest.mark.parametrize("engine", ENGINES)
@given(data=st.binary(max_size=200), cuts=st.lists(st.tuples(st.integers(0, 199), st.integers(1, 9)), max_size=8))
def test_engines_give_every_place(engine: MakeMatcher, data: bytes, cuts: list[tuple[int, int]]) -> None:
    patterns = sorted({data[at : at + size].lower() for at, size in cuts if data[at : at + size]})
    lowered = data.lower()
    want = sorted(
        (end, number)
        for number, pattern in enumerate(patterns)
        for end in range(len(data) + 1)
        if lowered[:end].endswith(pattern)
    )
    assert engine(patterns).find(data) == want


@pytest.mark.skipif(len(ENGINES) < 2, reason="one engine only")
def test_both_engines_see_the_same_traces() -> None:
    corpus = b"\n".join(
        layout([{"t": f"ab {disguise(trace)} yz"} for trace in TRACES]) for layout in LAYOUTS for disguise in DISGUISES
    )
    index = SubjectIndex(ALL)
    portable, fast = (list(Filter(index, engine).traces(corpus)) for engine in ENGINES)
    assert portable == fast
    assert len(fast) > 500


def test_no_mark_is_so_short_that_it_slows_the_search() -> None:
    assert min(map(len, MARKS)) >= 3


def test_many_at_once_get_what_each_gets_alone() -> None:
    people = [
        verified(
            f"P{number}",
            (Kind.EMAIL, f"gast{number}@mail.example"),
            (Kind.NAME, f"Gast{chr(97 + number % 26) * 2} Höfer{chr(97 + number // 26)}"),
        )
        for number in range(200)
    ]
    records = [
        {"t": f"{people[number].identifiers[number % 2].value} und gast{number // 2}@mail.example"}
        for number in range(200)
    ]
    data = indented(records)
    together = found_in(data, *people)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "e.json"
        path.write_bytes(data)
        alone = [
            (one.subject, one.locator.partition("#")[2], one.strength.value)
            for person in people
            for one in items(path, (person,), skipping=True)
            if isinstance(one, Finding)
        ]
    assert sorted(together) == sorted(alone)
    assert len(together) > 300


def test_all_records_count_and_only_those_with_traces_are_cut() -> None:
    records = [{"t": "nichts", "in": [{"deep": {"er": number}}]} for number in range(1000)]
    records[700]["t"] = "Lena Krüger"
    index = Filter(SubjectIndex([LENA]))
    for layout, cut in ((indented, cut_document), (lines, cut_lines)):
        counted = Counted()
        places = [one.place for one in cut(io.BytesIO(layout(records)), index, counted) if one.place]  # type: ignore[operator, union-attr]
        assert places == ["list[700]" if layout is indented else "701"]
        assert counted.records == 1000


@pytest.mark.parametrize(
    "data",
    [
        b'{"t": "x"}\n{"t": "ab\n{"t": "y"}\n',
        b'{"t": "x"}\n{"t": "cut of',
        b'{"t": "x"}\n{"t": "kr\xfc\n',
        b'{"t": "x"}\n{"t": "lena krueger" x}\n',
    ],
)
def test_a_damaged_line_is_a_gap(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "e.jsonl"
    path.write_bytes(data)
    found = items(path, (LENA,), skipping=True)
    assert found == items(path, (LENA,), skipping=False)
    assert [(one.locator, one.code) for one in found if isinstance(one, Gap)] == [("e.jsonl#2", "damaged")]


@pytest.mark.parametrize("cut_at", [20, 300, -3])
@pytest.mark.parametrize("layout", [one_line, indented, escaped])
def test_a_document_that_is_cut_off_is_a_gap(tmp_path: Path, layout: Callable[[list[Any]], bytes], cut_at: int) -> None:
    path = tmp_path / "e.json"
    path.write_bytes(layout([{"t": "nichts " * 9} for _ in range(9)])[:cut_at])
    found = items(path, (LENA,), skipping=True)
    assert [one.code for one in found if isinstance(one, Gap)] == ["damaged"]


def test_a_large_document_is_read_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.json_files.SMALL", 0)
    monkeypatch.setattr("sources.scan_records.BLOCK", 500)
    records = [{"id": number, "t": "Lena Krüger" if number % 7 == 0 else "x" * (number % 90)} for number in range(300)]
    want = [("A", f"list[{number}]", "possible") for number in range(0, 300, 7)]
    assert found_in(indented(records), LENA) == want
    assert found_in(one_line(records), LENA) == want


def test_windows_1252_is_read(tmp_path: Path) -> None:
    assert found_in('{"t": "Lena Krüger"}\n{"t": "x"}\n'.encode("cp1252"), LENA, name="e.jsonl") == [
        ("A", "1", "possible")
    ]


def test_an_identifier_that_is_shared_proves_as_little_alone_as_in_a_pass(tmp_path: Path) -> None:
    path = tmp_path / "e.jsonl"
    path.write_bytes(b'{"email": "so@mail.example"}\n')
    index = SubjectIndex([SEAN], shared={(Kind.EMAIL, "so@mail.example")})
    (found,) = [one for one in JsonFiles("x", path).search(index) if isinstance(one, Finding)]
    assert found.strength.value == "possible"


def test_whose_case_is_claimed_only_is_never_certain() -> None:
    claimed = Subject("A", (Identifier(Kind.EMAIL, "so@mail.example", Origin.CLAIMED),))
    assert found_in(b'{"email": "so@mail.example"}', claimed)[0][2] == "probable"


@pytest.mark.parametrize("written", ["FRAU LENA RÖSSLER", "Rössler, Lena", "lena roeßler"])
def test_a_sharp_s_beside_an_umlaut_is_found(written: str) -> None:
    for layout in LAYOUTS:
        assert found_in(layout([{"t": written}]), ROESSLER, name="e.jsonl" if layout is lines else "e.json")


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("trace", ["<lena.krueger@mail.example>", "\nLena Krüger", 'von "Lena Krüger"'])
def test_json_in_a_text_of_json_is_read(trace: str, times: int) -> None:
    for _ in range(times):
        trace = json.dumps({"msg": trace}).replace("<", "\\u003c")
    assert found_in(lines([{"payload": trace}]), LENA, name="e.jsonl")


def test_digests_of_audiences_are_found() -> None:
    digest = email_hashes(LENA.identifiers[0])[0]
    for record in (
        {"user_data": {"em": digest}},
        {"em": [digest]},
        {"email": digest},
        {"row": f"a;{digest.upper()};b"},
    ):
        assert found_in(lines([record]), LENA, name="e.jsonl") == [("A", "1", "certain")]
    assert found_in(lines([{"ph": phone_hashes(LENA.identifiers[2])[0]}]), LENA, name="e.jsonl")


@pytest.mark.parametrize(
    "record", [{"persons": [{"nachname": "Krüger", "vorname": "Lena"}]}, {"t": "Name: Krüger\nVorname: Lena"}]
)
def test_a_name_in_two_places_is_possible(record: dict[str, Any]) -> None:
    assert found_in(lines([record]), LENA, name="e.jsonl") == [("A", "1", "possible")]


def test_a_login_is_found_as_it_is() -> None:
    login = verified("A", (Kind.USER_NAME, "jmueller84"))
    assert found_in(lines([{"username": "jmueller84"}]), login, name="e.jsonl") == [("A", "1", "possible")]
