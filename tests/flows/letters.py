"""Letters of invented people for the tests of threads, proxies and floods."""

from __future__ import annotations

from tests.flows.house import LENA, mail

ACCESS = "Guten Tag,\n\nich bitte um Auskunft über alle meine Daten nach Art. 15 DSGVO.\n\n{name}\n"
ERASURE = "Guten Tag,\n\nbitte löschen Sie alle Daten über mich (Art. 17 DSGVO).\n\n{name}\n"
REMINDER = "Guten Tag,\n\nich erinnere an mein Auskunftsersuchen nach Art. 15 DSGVO. Wie ist der Stand?\n\n{name}\n"
WITHDRAWAL = "Guten Tag,\n\nich ziehe mein Auskunftsersuchen zurück, die Sache hat sich erledigt.\n\n{name}\n"
ADDITION = "Guten Tag,\n\nach ja, meine Kundennummer ist K-4711.\n\n{name}\n"
LAWYER = (
    "Sehr geehrte Damen und Herren,\n\nich zeige die Vertretung meiner Mandantin Lena Krüger an, geboren am "
    "17.05.1984. Namens meiner Mandantin verlange ich Auskunft nach Art. 15 DSGVO über alle zu ihr gespeicherten "
    "Daten. Vollmacht liegt bei.\n\nDr. Ines Falk\nRechtsanwältin\n"
)
AGENCY = (
    "Guten Tag,\n\nim Namen der folgenden Personen verlangen wir Auskunft nach Art. 15 DSGVO:\n\n"
    "- Lena Krüger, geb. 17.05.1984, lena.krueger@mail.example\n"
    "- Ole Brandt, geb. 02.03.1990, ole@mail.example\n"
    "- Mia Sommer, geb. 09.11.1971, mia@mail.example\n\nIhr Team von Datenfrei\n"
)
KANZLEI, AGENT = "falk@kanzlei-falk.example", "anfragen@datenfrei.example"


def letter(number: int, text: str = ACCESS, name: str = "Lena Krüger", address: str = LENA, **more: str) -> bytes:
    """A mail of its own: `number` makes its Message-ID."""
    subject = more.pop("subject", "Auskunft nach Art. 15 DSGVO")
    sender = f"{name} <{address}>"
    return mail(subject, text.format(name=name), sender, message_id=f"<{number}@mail.example>", **more)


def from_lawyer(number: int = 1, **more: str) -> bytes:
    return letter(number, LAWYER, "Dr. Ines Falk", KANZLEI, **more)


def from_agency(number: int = 1, text: str = AGENCY, **more: str) -> bytes:
    return letter(number, text, "Datenfrei", AGENT, **more)
