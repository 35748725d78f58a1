"""The deadline as the command line prints it, and how soon it can."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from desk.deadline import deadline_json


def test_the_stable_keys() -> None:
    answer = deadline_json("2026-05-04T09:00+02:00", "nw", "", False, "", 0, "")
    derivation, listed = answer.pop("derivation"), answer.pop("holiday_list")
    assert isinstance(derivation, dict)
    assert set(derivation) == {"de", "en"}
    assert answer == {
        "due": "2026-06-05",
        "nominal_end": "2026-06-04",
        "due_at": "2026-06-05T22:00:00Z",
        "safe_target": "2026-06-04",
        "internal_target": "2026-05-18",
        "notice_due": "2026-06-05",
        "notice_safe_target": "2026-06-04",
        "due_unsuspended": "2026-06-05",
    }
    assert isinstance(listed, str)
    as_of, checksum = listed.split()
    assert date.fromisoformat(as_of) >= date(2026, 11, 21)
    assert f"Prüfsumme {checksum}" in derivation["de"]


def test_a_time_without_offset_is_local() -> None:
    assert deadline_json("2026-03-31T23:30")["nominal_end"] == "2026-04-30"
    assert deadline_json("2026-03-31T23:30+00:00")["nominal_end"] == "2026-05-01"
    assert deadline_json("2026-03-31")["nominal_end"] == "2026-04-30"
    assert deadline_json("2026-03-31T22:30:00Z")["nominal_end"] == "2026-05-01"


def test_every_option_counts() -> None:
    received = "2026-01-31T09:00+01:00"
    assert deadline_json(received, extended=True)["due"] == "2026-04-30"
    assert deadline_json(received, extended=True, extension="from_receipt")["due"] == "2026-04-30"
    assert deadline_json(received, extended=True, extension="chained")["due"] == "2026-04-28"
    assert deadline_json(received, paused_days=3)["nominal_end"] == "2026-03-03"
    assert deadline_json(received, restarted_on="2026-02-10")["nominal_end"] == "2026-03-10"
    assert deadline_json("2025-07-08", land="BY", region="Augsburg")["due"] == "2025-08-11"
    assert deadline_json("2026-03-31T22:30:00Z", zone="Europe/London")["nominal_end"] == "2026-04-30"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"received": "yesterday"}, "--received"),
        ({"received": ""}, "--received"),
        ({"received": "2026-02-30"}, "--received"),
        ({"restarted_on": "17.06.2026"}, "--restarted-on"),
        ({"extension": "twice"}, "from_receipt, chained"),
        ({"land": "Bavaria"}, "BB, BE, BW, BY"),
        ({"land": "HH", "region": "catholic"}, "SN: catholic"),
        ({"paused_days": -1}, "0 to"),
        ({"zone": "Nowhere"}, "Europe/Berlin"),
        ({"received": "0001-01-01T00:00+14:00"}, "2017 to 2199"),
        ({"received": "1969-12-31T23:59:59+01:00"}, "2017 to 2199"),
        ({"received": "9999-12-31T23:59:59.999999-14:00"}, "2017 to 2199"),
        ({"received": "-2026-01-01"}, "--received"),
        ({"received": "2026-01-01T00:00" * 100_000}, "--received"),
        ({"received": "2199-12-31"}, "2016 to 2199"),
        ({"paused_days": 10**30}, "0 to"),
        ({"restarted_on": "9999-12-31"}, "2199"),
    ],
)
def test_bad_input_says_what_is_allowed(wrong: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        deadline_json(**({"received": "2026-06-01"} | wrong))  # type: ignore[arg-type]


def test_nothing_heavy_is_imported() -> None:
    heavy = ("prefect", "holidays", "phonenumbers", "pydantic", "sqlalchemy", "typer", "rich")
    code = f"import sys, desk.deadline; print(*(name for name in {heavy!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def run(*options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "desk", "deadline", *options]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ | environment, check=False)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--received", "1960-02-29T10:00+01:00"), "2017 to 2199"),
        (("--received", "2026-06-01", "--paused-days", "-5"), "0 to"),
        (("--received", "2026-06-01", "--land", "BY\x1b[2J"), "BB, BE, BW"),
    ],
)
def test_a_mistake_is_one_line_and_status_2(options: tuple[str, ...], says: str) -> None:
    done = run(*options, "--json")
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert says in done.stderr
    assert "\x1b" not in done.stderr


def test_missing_time_zone_data_say_what_to_install(tmp_path: Path) -> None:
    hidden = tmp_path / "tzdata"  # a package of that name without data, as on a machine that has none
    hidden.mkdir()
    (hidden / "__init__.py").touch()
    done = run("--received", "2026-06-01", PYTHONTZPATH="", PYTHONPATH=str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert "install the system's package `tzdata`" in done.stderr
