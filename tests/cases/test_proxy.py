"""Who writes for whom. All people are invented."""

from __future__ import annotations

from datetime import date

import pytest

from cases.message import Address
from cases.proxy import read_proxy, represented
from cases.request import Proxy, Role

WRITER = Address("Agnes Hollweg", "hollweg@kanzlei-hollweg.example")


def proxy_of(text: str) -> Proxy | None:
    return read_proxy(WRITER, text)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        (
            "Wir zeigen an, dass wir unsere Mandantin Frau Ida Brenner anwaltlich vertreten. Sie verlangt Auskunft.",
            Role.LAWYER,
        ),
        ("Our client, Mr Joseph Tarn, instructs us to ask what data you hold. Hollweg Solicitors", Role.LAWYER),
        (
            "Als Mutter möchte ich wissen, welche Daten Sie über meine Tochter Mila Hollweg gespeichert haben.",
            Role.PARENT,
        ),
        ("Please tell me what information you hold about my son Theo.", Role.PARENT),
        (
            "Ich bin als Betreuerin von Herrn Otto Lindqvist bestellt und bitte um Auskunft über seine Daten.",
            Role.CARER,
        ),
        ("I hold power of attorney for my aunt and ask for a copy of her data.", Role.CARER),
        ("Im Namen meines Mannes Jürgen Hollweg bitte ich um Auskunft über seine Daten.", Role.OTHER),
        ("I am writing on behalf of my neighbour Rosa Pell, who wants to know what you store.", Role.OTHER),
    ],
)
def test_somebody_who_writes_for_another(text: str, role: Role) -> None:
    found = proxy_of(text)
    assert found is not None
    assert (found.role, found.email) == (role, WRITER.email)


@pytest.mark.parametrize(
    "text",
    [
        "Was haben Sie über mich gespeichert? Sonst gehe ich zu meinem Anwalt.",
        "Please send me my data. I have already spoken to my lawyer about this.",
        "Meine Tochter hat mir gesagt, dass ich Sie fragen darf: Welche Daten haben Sie von mir?",
        "Der Stuhl ist ein Geschenk für meine Frau. Welche Daten haben Sie über mich?",
        "Ich bitte um Auskunft nach Art. 15 DSGVO.",
    ],
)
def test_somebody_who_writes_for_themselves(text: str) -> None:
    assert proxy_of(text) is None


def test_an_agency_names_each_person() -> None:
    text = (
        "Im Namen unserer Nutzer verlangen wir für die folgenden Personen Auskunft über die gespeicherten Daten:\n\n"
        "1. Berit Sandau, berit.sandau@post.example, geb. 03.04.1981\n"
        "2. Cem Aydin, cem@aydin.example\n"
        "3. Dora Vietz, geb. 11.12.1990\n\n"
        "Vollmachten anbei.\n"
    )
    found = proxy_of(text)
    assert found is not None
    assert found.role is Role.AGENCY
    people = represented(found, text)
    assert [claims.names for claims in people] == [("Berit Sandau",), ("Cem Aydin",), ("Dora Vietz",)]
    assert people[0].emails == ("berit.sandau@post.example",)
    assert (people[0].birth_date, people[2].birth_date) == (date(1981, 4, 3), date(1990, 12, 11))


def test_the_one_person_a_lawyer_writes_for() -> None:
    text = (
        "Wir vertreten unsere Mandantin Frau Ida Brenner, geb. 02.05.1970, ida.brenner@post.example. "
        "Namens der Mandantin fordern wir Auskunft."
    )
    found = proxy_of(text)
    assert found is not None
    (claims,) = represented(found, text)
    assert (claims.names, claims.emails, claims.birth_date) == (
        ("Ida Brenner",),
        ("ida.brenner@post.example",),
        date(1970, 5, 2),
    )


def test_an_impossible_birth_date_is_left_out() -> None:
    text = "Für die folgenden Personen:\n- Berit Sandau, b@post.example, geb. 31.02.1981\n- Cem Aydin, c@post.example\n"
    found = proxy_of(text)
    assert found is not None
    assert [claims.birth_date for claims in represented(found, text)] == [None, None]
