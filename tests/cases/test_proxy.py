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


@pytest.mark.parametrize(
    ("text", "role", "name"),
    [
        ("Guten Tag, mein Bruder Jan Hollweg will gern erfahren, was Sie über ihn wissen.", Role.OTHER, "Jan Hollweg"),
        ("Unsere Nachbarin Rosa Pell wünscht Auskunft über ihre Daten.", Role.OTHER, "Rosa Pell"),
        (
            "Als Hausverwalterin der Eheleute Amsel brauche ich eine Auskunft nach Art. 15 zu Herrn Amsel.",
            Role.OTHER,
            "Amsel",
        ),
        (
            "Send my mum (Rita Hollweg, born 7 June 1951) everything you have on her, please.",
            Role.OTHER,
            "Rita Hollweg",
        ),
        (
            "Ich melde mich für Frau Ida Brenner. Sie möchte wissen, welche Daten gespeichert sind.",
            Role.OTHER,
            "Ida Brenner",
        ),
        ("Meine Cousine Eva Stamm ist krank. Welche Daten haben Sie über sie?", Role.OTHER, "Eva Stamm"),
        ("My stepson Leo Hollweg asks for a copy of his data.", Role.PARENT, "Leo Hollweg"),
        ("Als Mutter von Mila Hollweg bitte ich um Auskunft über ihre Daten.", Role.PARENT, "Mila Hollweg"),
        ("Bitte geben Sie mir Auskunft über Herrn Otto Lindqvist.", Role.OTHER, "Otto Lindqvist"),
    ],
)
def test_a_wish_about_a_third_persons_data(text: str, role: Role, name: str) -> None:
    found = proxy_of(text)
    assert found is not None
    assert found.role in (role, Role.OTHER)
    assert [claims.names for claims in represented(found, text)] == [(name,)]


def test_a_birth_date_in_words_is_the_one_of_whom_it_stands_beside() -> None:
    text = "Please send my mum (Rita Hollweg, born 7 June 1951) all the information you hold on her."
    found = proxy_of(text)
    assert found is not None
    assert represented(found, text)[0].birth_date == date(1951, 6, 7)


@pytest.mark.parametrize(
    "text",
    [
        "Guten Tag Frau Amsel, welche Daten haben Sie über mich? Mein Bruder hat auch schon gefragt.",
        "Meine Schwester möchte, dass ich Sie um Auskunft über meine Daten bitte.",
        "Ich habe mit Herrn Amsel telefoniert. Er wollte mir eine Kopie meiner Daten schicken.",
        "My husband bought the lamp. I would like to know what data you hold about me.",
        "Mein Nachbar ist auch Kunde bei Ihnen. Ich möchte Auskunft nach Art. 15 DSGVO.",
        "Ich habe von meiner Cousine gehört, dass man Auskunft über gespeicherte Daten bekommt. Die will ich.",
        "I close my studio and want my clients' bookings and my data as a file.",
        "Bitte Auskunft über die Daten zu Frau Agnes Hollweg.",
        "Wir sind umgezogen. Mein Mann und ich wohnen jetzt am Markt. Welche Daten haben Sie von mir?",
    ],
)
def test_a_mail_about_oneself_that_mentions_somebody(text: str) -> None:
    assert proxy_of(text) is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Wir, Agnes und Piet Hollweg, möchten wissen, was Sie über uns speichern.", ["Agnes Hollweg", "Piet Hollweg"]),
        ("Wir, die Eheleute Agnes und Piet Hollweg, wollen unsere Daten sehen.", ["Agnes Hollweg", "Piet Hollweg"]),
        ("Please send us all data about us.\n\nAgnes Hollweg & Ed Stone", ["Agnes Hollweg", "Ed Stone"]),
        ("Mein Mann Piet Hollweg und ich bitten um Auskunft über unsere Daten.", ["Agnes Hollweg", "Piet Hollweg"]),
    ],
)
def test_two_who_write_together_are_both_meant(text: str, names: list[str]) -> None:
    found = proxy_of(text)
    assert found is not None
    assert found.role is Role.OTHER
    first, second = represented(found, text)
    assert [*first.names, *second.names] == names
    assert (first.emails, second.emails) == ((WRITER.email,), ())


def test_the_word_that_begins_a_sentence_is_nobodys_name() -> None:
    text = "Frage zu meinem Nachbarn\nMein Nachbar bittet um Auskunft über seine Daten.\n"
    found = proxy_of(text)
    assert found is not None
    assert represented(found, text) == ()


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
