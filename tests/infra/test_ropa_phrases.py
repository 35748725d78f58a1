"""What counts as a storage period (Art. 15(1)(d), ANS-08), as registers of processing state it in German and English,
and what says nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.ropa import RegisterError, load_register
from infra.ropa_phrases import is_empty_phrase, is_holder, is_owed, is_vague
from infra.scaffold import register_text

PERIODS = (
    "10 Jahre nach Behandlungsabschluss (§ 630f BGB)",
    "bei Wegfall der Einwilligung",
    "bis zum Vereinswechsel",
    "bei Ende der Zusammenarbeit",
    "nach vollständiger Rückzahlung des Darlehens",
    "bis zur Übergabe des Fahrzeugs",
    "nach Bearbeitung der Bestellung",
    "bis Sie die Löschung verlangen",
    "unmittelbar nach Ablauf des Schuljahres",
    "bis Ende 2028",
    "6 Monate (Bewerbungen), 10 Jahre (Lohnunterlagen)",
    "zwei bis drei Tage",
    "Mahnungen: bis zur Begleichung der Forderung",
    "Account lifetime",
    "until revoked",
    "until you ask us to erase them",
    "after processing of the order",
    "by the end of 2027",
    "when the employee leaves the company",
    "no longer than two years",
    "zehn Jahre ab Ende des Kalenderjahres (§ 147 AO)",
    "8 Jahre nach Schluss des Kalenderjahres, in dem der Beleg entstanden ist (§ 147 Abs. 3 AO, § 257 HGB)",
    "sechs Monate nach Abschluss des Bewerbungsverfahrens (§ 15 Abs. 4 AGG)",
    "bis zur Abmeldung vom Newsletter",
    "bis zum Widerruf Ihrer Einwilligung",
    "bis zu Ihrem Widerspruch",
    "Vertragslaufzeit zzgl. 3 Jahre Verjährungsfrist (§ 195 BGB)",
    "72 Stunden, danach automatische Überschreibung",
    "Server-Logs: 7 Tage",
    "Mitgliedsdaten bis zum Austritt aus dem Verein, Beitragsdaten 10 Jahre",
    "mit dem Ausscheiden aus dem Unternehmen",
    "nach Rückgabe des Schlüssels",
    "zwölf Monate nach der letzten Anmeldung",
    "für die Dauer der Mitgliedschaft",
    "für die Dauer des Vertrags, danach zwei Wochen",
    "unverzüglich nach der Auslosung des Gewinnspiels",
    "bis Sie Ihr Konto löschen",
    "10 (zehn) Jahre nach Auszug",
    "bis zum Ablauf des auf die Veranstaltung folgenden Jahres",
    "dreijährige Regelverjährung ab Jahresende (§§ 195, 199 BGB)",
    "Videoaufnahmen: 48 Std.",
    "Buchungsbelege 8 Jahre, Handelsbriefe 6 Jahre, Personalakte bis 3 Jahre nach Austritt",
    "so lange wie nötig, höchstens drei Jahre",
    "gesetzliche Aufbewahrungsfrist von 8 Jahren (§ 147 AO)",
    "spätestens am 31.12.2028",
    "Sitzungs-Cookies bis zum Schließen des Browsers",
    "30 Jahre (§ 85 Abs. 2 StrlSchG)",
    "Backups werden alle 30 Tage überschrieben",
    "bis zur Beendigung des Arbeitsverhältnisses, Lohnkonten sechs Jahre (§ 41 EStG)",
    "nach der letzten Bestellung drei Jahre",
    "bis zur Vollendung des 18. Lebensjahres",
    "die Daten werden nicht gespeichert",
    "bis zur abschließenden Bearbeitung Ihrer Anfrage",
    "six years from the end of the financial year",
    "until you unsubscribe",
    "30 days after delivery",
    "for the duration of the contract and three years thereafter",
    "until the end of the employment relationship",
    "two years from your last login",
    "CCTV footage: 72 hours",
    "until you object",
    "twelve months after the application procedure has ended",
    "at most 90 days",
    "until 31 March 2027",
    "until you withdraw your consent",
    "until you close your account",
    "ten years (section 147 of the Fiscal Code)",
    "a ninety-day period, then overwritten",
    "until the end of the following year",
    "half a year after the contest",
    "as long as necessary, at most 30 days",
    "invoices eight years from the end of the calendar year, everything else three years after the last order",
    "one day after the event",
    "Löschung 6 Monate nach Absage",
    "nach Ablauf der Verjährungsfrist (3 Jahre)",
    "Ende des dritten auf die Erhebung folgenden Kalenderjahres",
    "bis zum Ende der Veranstaltung",
    "mit Beendigung des Mietverhältnisses",
    "solange das Kundenkonto besteht",
    "solange Sie Mitglied sind",
    "solange Sie ein Konto bei uns haben",
    "bis auf Widerruf",
    "Löschung nach Zweckerfüllung, spätestens nach 12 Monaten",
    "Aufbewahrung gem. § 257 HGB 6 bzw. 10 Jahre",
    "24h",
    "for as long as you have an account",
    "Deleted upon termination of the contract",
    "until the position is filled",
    "until end of event",
    "six (6) months",
    "duration of employment plus 3 years",
    "tägliche Löschung",
    "die Eingaben werden sofort gelöscht",
    "zwei Jahre nach der Prüfung",
    "ab dem Ende der Gewährleistung",
    "two terms",
    "Aufzeichnungen 14-tägig überschrieben",
    "rolling 30-day window",
    "bis zum Abschluss Ihrer Reparatur",
    "until your repair is completed",
    "immediately after the draw",
    "für die Laufzeit Ihres Abonnements",
    "bis Sie sich vom Newsletter abmelden",
)

EMPTY = (
    "zehn Jahre oder länger",
    "mehr als fünf Jahre",
    "ten years or more",
    "wird nie gelöscht, auch nicht nach der Kündigung",
    "nach Erledigung des Zwecks",
    "solange die Geschäftsbeziehung es erfordert",
    "XX Jahre",
    "bis zum Ende der Verarbeitung",
    "Vertragsende, ggf. dauerhaft",
    "never deleted",
    "bis der Zweck entfällt",
    "bis zum Wegfall des Zwecks",
    "nach Zweckerreichung",
    "bis zur Zweckerfüllung",
    "gemäß Löschkonzept",
    "siehe Löschkonzept",
    "siehe Datenschutzerklärung",
    "-",
    "k. A.",
    "unbekannt",
    "TODO",
    "dauerhaft",
    "unbegrenzt",
    "angemessene Zeit",
    "so kurz wie möglich",
    "gemäß DSGVO",
    "nach § 147 AO",
    "im Rahmen der Aufbewahrungsfristen",
    "solange es einen Zweck gibt, mindestens 1 Tag",
    "nach Wegfall der Erforderlichkeit",
    "bis zur Löschung",
    "bis wir sie löschen",
    "wird regelmäßig geprüft",
    "wird alle drei Jahre geprüft",
    "until the purpose ceases",
    "until deletion",
    "see our privacy policy",
    "for a reasonable period",
    "n/a",
    "unknown",
    "tbd",
    "as long as we want",
    "according to the retention policy",
    "for the duration of the business relationship and beyond",
    "until it is deleted",
    "as long as the law says",
    "no limit",
    "permanently",
    "solange wie der 1-Jahres-Plan es erfordert",
    "so lange wie nötig",
    "So lange, wie dies für die genannten Zwecke erforderlich ist.",
    "nach den gesetzlichen Vorschriften",
    "gemäß den geltenden Bestimmungen",
    "bis zum Ablauf der gesetzlichen Aufbewahrungsfristen",
    "bis auf weiteres",
    "sobald die Daten nicht mehr benötigt werden",
    "bis zum Vertragsende und darüber hinaus gemäß Gesetz",
    "mindestens zehn Jahre",
    "einige Jahre",
    "ein paar Jahre",
    "mehrere Monate",
    "irgendwann, eines Tages",
    "a few years",
    "several years",
    "at least two years",
    "reviewed every two years",
    "until no longer required",
    "in accordance with applicable law",
    "for the statutory retention periods",
    "until further notice",
    "some day",
    "when we see fit",
    "as required by section 147 AO",
    "standard retention",
    "kurz",
    "Löschung erfolgt automatisch",
    "nach Maßgabe des Verantwortlichen",
    "Ende der Speicherung",
    "in accordance with Art. 17 GDPR",
    "bis zur Erfüllung des Verarbeitungszwecks",
    "after fulfilment of the purpose",
    "n. n.",
    "siehe § 257 HGB",
    "keine Angaben",
    "für die Dauer der Verarbeitung",
    "for the duration of processing",
    "until the data subject's data are erased",
    "solange die Rechtsgrundlage besteht",
    "10",
    "Löschfrist 3",
    "zwei",
    "as long as permitted by contract law",
    "bis die Daten veraltet sind",
    "nach einem Jahr wird geprüft, ob die Daten noch benötigt werden",
    "Nach drei Jahren prüfen wir, ob wir die Daten löschen können",
    "Verjährungsfrist (§ 195 BGB)",
    "bis zum Vertragsende; steuerliche Aufbewahrungspflichten bleiben unberührt",
    "Art. 6(1)(d)",
    "nach Ende, spätestens irgendwann",
    "regelmäßige Prüfung",
    "periodic review",
    "solange sie für die Bearbeitung benötigt werden",
    "keine dauerhafte Speicherung",
    "wird nach interner Vorgabe gelöscht",
    "see section 7 of the handbook",
    "until the legitimate interest ends",
    "until the end of processing",
    "bis zum Ende der Notwendigkeit",
    "according to internal rules",
    "in der Regel kurz",
    "so lange wie im Vertrag geregelt",
    "no retention period defined",
    "Speicherbegrenzung nach Art. 5",
)


def test_periods_and_events_pass() -> None:
    assert [text for text in PERIODS if is_empty_phrase(text)] == []


def test_what_names_neither_period_nor_event_is_refused() -> None:
    assert [text for text in EMPTY if not is_empty_phrase(text)] == []


HOLDERS = (
    *("-", "–", "…", "???", "n/a", "N/A", "TODO", "[TODO]", "tbd.", "k. A.", "n.n.", "xxx", "Platzhalter", "folgt"),
    *("unbekannt", "Unknown", "diverse", "keine Angabe", "sonstiges", "various", "wie oben", "not specified"),
    *("siehe Datenschutzerklärung", "s. Löschkonzept", "vgl. Anlage 3", "gemäß unserem Löschkonzept"),
    *("laut Verarbeitungsverzeichnis", "see our privacy policy", "refer to the handbook", "as set out in the annex"),
    *("according to our data protection policy", "under our privacy policy", "siehe oben"),
    *("Löschkonzept", "unsere Datenschutzhinweise", "our retention policy", "wird noch ergänzt", "WIP", "n. v."),
)
TEXTS = (
    *("Beantwortung Ihrer Anfragen", "von Ihnen selbst", "wie von Ihnen angegeben", "laut Ihrer Bestellung", "Hosting"),
    *("gemäß Ihren Angaben im Bestellformular", "über unsere Website", "Per Post", "B2B", "Nutzung der Website", "TÜV"),
    *("Erfüllung der Aufbewahrungspflichten (§ 147 AO)", "Versand der Datenschutzhinweise", "Siehl & Co. KG", "IT"),
    *("as stated by you", "from publicly accessible registers", "tax adviser", "Offene Posten", "Otherwise Ltd"),
    *("Vertragsdaten, siehe auch: Zahlungen", "Seeversicherung AG", "keine besonderen Kategorien", "AUSFUELLEN"),
    *("Anhang der E-Mail", "Anlage", "Zustimmung zu den Datenschutzhinweisen", "acceptance of our privacy policy"),
)


def test_holders_and_mere_references_are_no_text() -> None:
    assert [text for text in HOLDERS if not is_holder(text)] == []
    assert [text for text in TEXTS if is_holder(text)] == []


def test_a_code_may_stand_for_what_is_unknown() -> None:
    assert [is_owed(text) for text in ("unbekannt", "Sonstiges", "keine", "TODO", "-")] == [False] * 3 + [True] * 2


def test_what_holds_for_everything_names_no_category() -> None:
    assert [is_vague(text) for text in ("Personenbezogene Daten", "data", "business purposes.")] == [True] * 3
    assert [is_vague(text) for text in ("Kontaktdaten", "personenbezogene Daten Ihrer Bestellung")] == [False] * 2


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('de = "Versanddienstleister"', 'de = "-"', '"orders": recipient[1].role.de = "-" says nothing'),
        (
            'name = "Meta Platforms Ireland Limited"',
            'name = "tbd"',
            '"social-media": recipient[1].name = "tbd" says nothing',
        ),
        ('en = "from you, through the network"', 'en = "unknown"', 'origin.en = "unknown" says nothing'),
        ('de = "Rechnungsanschrift"', 'de = "siehe Anlage 2"', 'categories[2].de = "siehe Anlage 2" says nothing'),
        ('en = "billing address"', 'en = "personal data"', 'categories[2].en = "personal data" holds for everything'),
        (
            'de = "Newsletter", en = "Newsletter"',
            'de = "TODO", en = "n"',
            'name.de = "TODO" says nothing',
        ),
        ('responsible = "AUSFUELLEN"', 'responsible = "N. N."', '"papier": responsible = "N. N." says nothing'),
        ('de = "Cloud-Speicher", en', 'de = "...", en', '"cloud": name.de = "..." says nothing'),
        ('de = "Telefon"', 'de = "todo"', 'label[2].label.de = "todo" says nothing'),
        ('en = "two years from the last message"', 'en = "tbd"', '"social-media": retention.en = "tbd" says nothing'),
    ],
)
def test_each_text_of_a_register_is_looked_at(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = tmp_path / "ropa.toml"
    assert register_text().count(old) == 1
    path.write_text(register_text().replace(old, new))
    with pytest.raises(RegisterError) as refused:
        load_register(path)
    assert len(refused.value.faults) == 1, str(refused.value)
    assert told in str(refused.value)


def test_a_text_of_the_longest_kind_is_read_at_once() -> None:
    """Patterns that go back and forth would take minutes of it."""
    for word in ("bis der ", "ende der ", "ein ", "nach 1 ", "solange nicht ", "siehe x", "last new ", "end of "):
        assert is_empty_phrase((word * 1000)[:4000])
