import hashlib
from datetime import date
from pathlib import Path

import pytest

from cases.finding import DataField, Shape
from cases.register import Coverage, Exclusion, LegalBasis, Mechanism
from infra.ropa import RegisterError, check_register, load_register
from infra.scaffold import register_text

VALID = """
[[activity]]
key = "orders"
name = { de = "Bestellungen", en = "Orders" }
purposes = [{ de = "Lieferung", en = "delivery" }]
categories = [{ de = "Bestelldaten", en = "order data" }]
retention = { de = "acht Jahre", en = "eight years" }
origin = { de = "von Ihnen", en = "from you" }
legal_basis = ["6(1)(b)"]
evidence = ["crm/order*", "auskunft/*"]
automated = false
  [[activity.recipient]]
  name = "Paketdienst Nord GmbH"
  role = { de = "Versand", en = "carrier" }
    [activity.recipient.transfer]
    country = { de = "USA", en = "USA" }
    mechanism = "dpf"
    verified_on = 2026-05-04
[[system]]
key = "crm"
name = { de = "Kundenverzeichnis", en = "Customers" }
coverage = "source"
source = "crm"
[[system]]
key = "papier"
name = { de = "Akten", en = "Files" }
coverage = "by_hand"
responsible = "Anna Bauer"
[[system]]
key = "backup"
name = { de = "Sicherung", en = "Backup" }
coverage = "excluded"
reason = "bdsg-34-1-2"
explanation = { de = "nur Sicherung", en = "backup only" }
[[label]]
source = "crm*"
name = "tel"
label = { de = "Telefon", en = "telephone" }
category = "Kontaktdaten"
"""
DECIDED = "automated = { {0} }\n".replace(
    "{0}", ", ".join(f'{part} = {{ de = "a", en = "a" }}' for part in ("logic", "significance", "consequences"))
)
DPF = 'mechanism = "dpf"\n    verified_on = 2026-05-04'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ropa.toml"
    path.write_text(VALID)
    return path


def with_changed(path: Path, old: str, new: str) -> Path:
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))
    return path


def fault_of(path: Path) -> str:
    with pytest.raises(RegisterError) as refused:
        load_register(path)
    assert len(refused.value.faults) == 1, str(refused.value)
    return str(refused.value)


def test_the_file_becomes_the_values_of_the_register(file: Path) -> None:
    register = load_register(file)
    orders = register.activities[0]
    assert orders.purposes[0].in_("en") == "delivery"
    assert orders.legal_basis == (LegalBasis.CONTRACT,)
    assert orders.concerns("crm", "order_line")
    recipient = orders.recipients[0]
    assert recipient.transfer is not None
    assert (recipient.name, recipient.transfer.mechanism) == ("Paketdienst Nord GmbH", Mechanism.DPF)
    assert recipient.transfer.verified_on == date(2026, 5, 4)
    assert [system.coverage for system in register.systems] == [Coverage.SOURCE, Coverage.BY_HAND, Coverage.EXCLUDED]
    assert (register.systems[1].responsible, register.systems[1].days) == ("Anna Bauer", 7)
    assert register.systems[2].reason is Exclusion.BACKUP_ONLY
    assert register.labels[0].label.de == "Telefon"
    assert check_register(register, {"crm"}, date(2026, 11, 1)) == []


def test_the_version_is_the_digest_of_the_bytes(file: Path) -> None:
    first = load_register(file).version
    assert first == hashlib.sha256(VALID.encode()).hexdigest()
    file.write_text(VALID + "\n")
    assert load_register(file).version != first


def test_automated_decisions_have_three_parts(file: Path) -> None:
    text = '{ de = "a", en = "b" }'
    table = f"[activity.automated]\nlogic = {text}\nsignificance = {text}\nconsequences = {text}\n"
    with_changed(file, "automated = false\n", "")
    with_changed(file, '[[system]]\nkey = "crm"', f'{table}[[system]]\nkey = "crm"')
    automated = load_register(file).activities[0].automated
    assert automated is not None
    assert automated.consequences.en == "b"
    with_changed(file, f"significance = {text}\n", "")
    assert "activity[1].automated.significance is missing; allowed: a text in both languages" in fault_of(file)


BAD = [
    (
        'evidence = ["crm/order*", "auskunft/*"]',
        "evidence = []",
        "activity[1].evidence = (a list) is not allowed; allowed: a list, not empty",
    ),
    ('evidence = ["crm/order*", "auskunft/*"]\n', "", "activity[1].evidence is missing; allowed: a list, not empty"),
    ('evidence = ["crm/order*", "auskunft/*"]', 'evidence = ["crm"]', 'activity[1].evidence[1] = "crm" is not allowed'),
    ('purposes = [{ de = "Lieferung", en = "delivery" }]', "purposes = []", "activity[1].purposes = (a list) is not"),
    (
        'purposes = [{ de = "Lieferung", en = "delivery" }]',
        'purposes = [{ de = " ", en = "x" }]',
        'purposes[1].de = " " is',
    ),
    (
        'origin = { de = "von Ihnen", en = "from you" }',
        'origin = { de = "von Ihnen" }',
        "activity[1].origin.en is missing",
    ),
    (
        'legal_basis = ["6(1)(b)"]',
        'legal_basis = ["6 I b"]',
        'activity[1].legal_basis[1] = "6 I b" is not allowed; allowed: a',
    ),
    (
        'name = "Paketdienst Nord GmbH"\n',
        "",
        'activity "orders": recipient[1].name is missing; allowed: the recipient\'s name',
    ),
    (DPF, 'mechanism = "dpf"', "transfer.verified_on is missing with mechanism"),
    (DPF, 'mechanism = "scc"', "transfer.module is missing with mechanism"),
    (
        DPF,
        'mechanism = "scc"\nmodule = 5',
        "transfer.module = 5 is not allowed; allowed: the module of the SCC, 1 to 4",
    ),
    (DPF, 'mechanism = "adequacy"', "transfer.detail is missing with mechanism"),
    (DPF, 'mechanism = "bcr"', "transfer.detail is missing with mechanism"),
    (
        DPF,
        'mechanism = "art49"\ndetail = "x"',
        'transfer.detail = "x" does not fit mechanism = "art49"; allowed: the letter',
    ),
    (DPF, 'mechanism = "trust"', 'transfer.mechanism = "trust" is not allowed; allowed: one of adequacy, dpf'),
    (DPF, "verified_on = 2026-05-04", "transfer.mechanism is missing"),
    (
        'country = { de = "USA", en = "USA" }',
        'country = { de = "Irland", en = "Ireland" }',
        'transfer.country = "Irland" needs no mechanism; write transfer = false',
    ),
    (
        'retention = { de = "acht Jahre"',
        'retention = { de = "So lange wie nötig"',
        'retention.de = "So lange wie nötig" says nothing',
    ),
    (
        'en = "eight years"',
        'en = "as long as necessary"',
        'retention.en = "as long as necessary" says nothing; allowed: a period',
    ),
    (
        'reason = "bdsg-34-1-2"\n',
        "",
        'system "backup": reason is missing with coverage = "excluded"; allowed: one of bdsg',
    ),
    (
        'reason = "bdsg-34-1-2"',
        'reason = "effort"',
        'system[3].reason = "effort" is not allowed; allowed: one of bdsg-34-1-2',
    ),
    ('explanation = { de = "nur Sicherung", en = "backup only" }\n', "", 'system "backup": explanation is missing'),
    ('responsible = "Anna Bauer"\n', "", 'system "papier": responsible is missing with coverage = "by_hand"'),
    (
        'responsible = "Anna Bauer"',
        'responsible = "Anna Bauer"\ndays = 40',
        "system[2].days = 40 is not allowed; allowed: days from",
    ),
    ('source = "crm"\n[', "[", 'system "crm": source is missing with coverage = "source"'),
    (
        'source = "crm"\n[',
        'source = "crm"\nreason = "processor"\n[',
        'system "crm": reason does not go with coverage = "source"',
    ),
    ('key = "papier"', 'key = "crm"', 'system.key = "crm" is there twice; allowed: each key once'),
    (
        'coverage = "by_hand"',
        'coverage = "never"',
        'system[2].coverage = "never" is not allowed; allowed: one of source, by_hand',
    ),
    ("[[label]]", "[[lable]]", 'lable is not known; did you mean "label"?'),
    (
        "  [[activity.recipient]]",
        "  recipients = []\n  [[activity.recipient]]",
        'activity[1].recipients is not known; did you mean "recipient"?',
    ),
]


@pytest.mark.parametrize(("old", "new", "expected"), BAD)
def test_a_bad_entry_gives_one_message(file: Path, old: str, new: str, expected: str) -> None:
    message = fault_of(with_changed(file, old, new))
    assert message.startswith("ropa.toml: ")
    assert expected in message


RECIPIENT = VALID[VALID.index("  [[activity.") : VALID.index("[[system]]")]
TRANSFER = RECIPIENT[RECIPIENT.index("    [activity.") :]
SILENT = {
    "add the line automated = false": ("automated = false\n", ""),
    "recipient is missing; add the line recipient = []": (
        RECIPIENT,
        "",
    ),
    "recipient[1].transfer is missing; add the line transfer = false": (
        TRANSFER,
        'country = { de = "USA", en = "USA" }\n',
    ),
    "recipient[1].transfer = false does not go with country": (
        TRANSFER,
        'transfer = false\ncountry = { de = "Irland", en = "USA" }\n',
    ),
}


@pytest.mark.parametrize("told", SILENT)
def test_silence_denies_nothing_and_is_told_with_the_line_to_add(file: Path, told: str) -> None:
    """Art. 15(1)(c), (h), (2): "none" is a statement; it is made only where somebody made it."""
    message = fault_of(with_changed(file, *SILENT[told]))
    assert 'activity "orders"' in message
    assert told in message


def test_what_is_denied_is_a_value(file: Path) -> None:
    with_changed(file, TRANSFER, "transfer = false\n")
    told = load_register(file).activities[0]
    assert (told.silent, told.not_automated, told.recipients[0].no_transfer) == ((), True, True)
    with_changed(file, RECIPIENT.replace(TRANSFER, "transfer = false\n"), "")
    with_changed(file, "automated = false\n", "automated = false\nrecipient = []\n")
    assert load_register(file).activities[0].no_recipients


def test_a_company_of_a_third_country_without_transfer_is_reported(file: Path) -> None:
    with_changed(file, TRANSFER, "transfer = false\n")
    assert check_register(load_register(file), {"crm"}) == []
    with_changed(file, "Paketdienst Nord GmbH", "Cloudhost Inc., Portland")
    assert "but Cloudhost Inc., Portland seems to sit outside" in check_register(load_register(file), {"crm"})[0]


def test_advertising_is_to_be_said_or_denied(file: Path) -> None:
    assert load_register(file).activities[0].direct_marketing is None
    with_changed(file, 'de = "Lieferung"', 'de = "Lieferung und Postwerbung"')
    assert "speaks of advertising (Art. 21(2))" in check_register(load_register(file), {"crm"})[0]
    for said in (True, False):
        file.write_text(
            file.read_text().replace("automated = false", f"automated = false\ndirect_marketing = {said}".lower())
        )
        register = load_register(file)
        assert (register.activities[0].advertises, check_register(register, {"crm"})) == (said, [])
        file.write_text(file.read_text().replace(f"\ndirect_marketing = {said}".lower(), ""))


def test_an_activity_listed_twice_is_refused(file: Path) -> None:
    activity = VALID[: VALID.index("  [[activity.recipient]]")]
    file.write_text(f"{activity}recipient = []\n{VALID}")
    assert 'activity.key = "orders" is there twice' in fault_of(file)


def test_a_category_instead_of_a_name_needs_its_reason(file: Path) -> None:
    with_changed(file, 'name = "Paketdienst Nord GmbH"', 'category_reason = "not-yet-known"')
    assert load_register(file).activities[0].recipients[0].name == ""
    with_changed(file, '"not-yet-known"', '"zu viel Aufwand"')
    assert "category_reason" in fault_of(file)
    assert "allowed: why no name can be given (C-154/21): one of not-yet-known, not-identifiable" in fault_of(file)


def test_an_empty_register_proves_nothing(file: Path) -> None:
    file.write_text("activity = []\nsystem = []\n")
    with pytest.raises(RegisterError) as refused:
        load_register(file)
    assert [fault.key for fault in refused.value.faults] == ["activity", "system"]


def test_a_missing_file_is_a_register_error(tmp_path: Path) -> None:
    assert "auskunft init" in fault_of(tmp_path / "ropa.toml")


def test_a_system_on_a_source_that_is_not_configured_is_reported(file: Path) -> None:
    messages = check_register(load_register(file), {"crn"})
    assert 'ropa.toml: system "crm": source = "crm" is not configured in auskunft.toml; did you mean "crn"?' in messages


def test_a_source_that_no_system_names_is_reported(file: Path) -> None:
    messages = check_register(load_register(file), {"crm", "shop"})
    assert len(messages) == 1
    assert 'the source "shop" of auskunft.toml belongs to no system' in messages[0]


def test_evidence_that_can_never_be_met_is_reported(file: Path) -> None:
    with_changed(
        file,
        'evidence = ["crm/order*", "auskunft/*"]',
        'evidence = ["crm/*", "papier/*", "auskunft/*", "*/mail", "cmr/*"]',
    )
    messages = check_register(load_register(file), {"crm"})
    assert len(messages) == 1
    assert 'evidence = "cmr/*" names no source; did you mean "crm"?' in messages[0]


@pytest.mark.parametrize("today", [date(2027, 6, 1), date(2026, 5, 3)])
def test_an_old_look_at_the_list_of_certified_companies_is_reported(file: Path, today: date) -> None:
    register = load_register(file)
    assert check_register(register, {"crm"}) == []
    assert "verified_on of Paketdienst Nord GmbH" in check_register(register, {"crm"}, today)[0]


def test_what_init_leaves_open_is_reported(file: Path) -> None:
    with_changed(file, "Anna Bauer", "AUSFUELLEN")
    with_changed(file, "Paketdienst Nord GmbH", "AUSFUELLEN")
    messages = check_register(load_register(file), {"crm"})
    assert [message.split(" still")[0] for message in messages] == [
        'ropa.toml: activity "orders"',
        'ropa.toml: system "papier"',
    ]


def test_the_register_of_init_is_complete_but_for_names(tmp_path: Path) -> None:
    path = tmp_path / "ropa.toml"
    path.write_text(register_text())
    register = load_register(path)
    messages = check_register(register, {"crm", "instagram", "cloud"}, date(2026, 11, 1))
    assert messages
    assert all("AUSFUELLEN" in message for message in messages)
    seat = 'country = {{ de = "{0}", en = "{0}" }}'
    filled = register_text().replace(seat.format("AUSFUELLEN"), seat.format("EU"))
    path.write_text(filled.replace('"AUSFUELLEN"', '"Muster GmbH"'))
    assert check_register(load_register(path), {"crm", "instagram", "cloud"}) == []
    assert "data-subject-requests" in [activity.key for activity in register.activities]  # ACC-06
    assert {system.coverage for system in register.systems} == set(Coverage)


def with_added(path: Path, before: str, added: str) -> Path:
    return with_changed(path, before, f"{added}{before}")


def test_an_origin_that_nobody_recorded_is_said_so(file: Path) -> None:
    with_changed(file, 'origin = { de = "von Ihnen", en = "from you" }', 'origin = "unknown"')
    assert load_register(file).activities[0].origin.de == ""


def test_a_register_without_its_own_activity_is_reported(file: Path) -> None:
    with_changed(file, ', "auskunft/*"', "")
    messages = check_register(load_register(file), {"crm"})
    assert [message for message in messages if "handling of requests itself" in message] == messages
    assert len(messages) == 1


def test_a_mechanism_that_fell_is_reported_where_a_transfer_rests_on_it(file: Path) -> None:
    file.write_text('withdrawn = ["dpf"]\n' + file.read_text())
    register = load_register(file)
    assert register.fallen(register.activities) == ("orders",)
    assert 'activity "orders": a transfer rests on what is withdrawn (dpf)' in check_register(register, {"crm"})[0]
    with_changed(file, 'withdrawn = ["dpf"]', 'withdrawn = ["bcr"]')
    assert check_register(load_register(file), {"crm"}) == []


def test_an_adequacy_decision_is_looked_at_once_a_year(file: Path) -> None:
    with_changed(file, DPF, 'mechanism = "adequacy"\n    detail = "2019/419"')
    assert "verified_on of Paketdienst" in check_register(load_register(file), {"crm"}, date(2026, 11, 1))[0]
    with_changed(file, 'detail = "2019/419"', 'detail = "2019/419"\n    verified_on = 2026-10-01')
    assert check_register(load_register(file), {"crm"}, date(2026, 11, 1)) == []


def test_scoring_is_to_be_described_or_denied(file: Path) -> None:
    """`automated = false` alone is no answer to a score on which somebody may draw strongly."""
    with_changed(file, 'de = "Lieferung"', 'de = "Bonitätsprüfung und Lieferung"')
    assert "speaks of scoring or profiling (C-634/21)" in check_register(load_register(file), {"crm"})[0]
    with_added(file, "  [[activity.recipient]]", "scored = true\n")
    assert check_register(load_register(file), {"crm"}) == []
    with_changed(file, "automated = false\n", DECIDED)
    assert "scored does not go with [activity.automated]" in fault_of(file)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(
    ("logic", "reported"),
    [
        ("score = 0.3 * umsatz + 0.7 * bestellungen", True),
        ("Es kommt ein Random Forest aus scikit-learn zum Einsatz, der mit historischen Daten trainiert ist.", True),
        ("score is a logistic regression over turnover and orders, trained with the data of earlier years", True),
        (
            "Aus Zahl und Wert Ihrer Bestellungen der letzten zwei Jahre und offenen Rechnungen entsteht eine Stufe "
            "von A bis C. Ohne die offene Rechnung vom Mai wären Sie in Stufe A.",
            False,
        ),
    ],
)
def test_a_formula_alone_explains_no_decision(file: Path, language: str, logic: str, reported: bool) -> None:
    """In each language: whoever reads the English letter has no German one."""
    texts = {"de": "Daten, Verwendung, Wirkung " * 5, "en": "data, use and effect " * 5, language: logic}
    table = f'[activity.automated]\nlogic = {{ de = "{texts["de"]}", en = "{texts["en"]}" }}\n'
    rest = 'significance = { de = "a", en = "a" }\nconsequences = { de = "a", en = "a" }\n'
    with_changed(file, "automated = false\n", "")
    with_added(file, '[[system]]\nkey = "crm"', table + rest)
    messages = check_register(load_register(file), {"crm"})
    assert [m for m in messages if f"automated.logic.{language} does not explain the decision" in m] == messages
    assert bool(messages) is reported


def test_a_label_for_every_field_of_a_source(file: Path) -> None:
    with_added(file, "[[label]]", '[[label]]\nsource = "crm"\nname = "*"\ncategory = { de = "Daten", en = "data" }\n')
    register = load_register(file)
    named, other = (register.label("crm", DataField(name, "")) for name in ("tel", "score"))
    assert named is not None
    assert named.label.de == "Telefon"
    assert other is not None
    assert (other.label.de, other.category_in("de"), other.category_in("en")) == ("", "Daten", "data")
    assert register.label("shop", DataField("tel", "")) is None


def test_a_label_without_text_needs_a_pattern(file: Path) -> None:
    with_changed(file, 'label = { de = "Telefon", en = "telephone" }\n', "")
    assert "label[1].label is missing; allowed: a text in both languages; only a name with *" in fault_of(file)


def test_kinds_and_fields_that_nobody_described_are_reported(file: Path) -> None:
    with_changed(file, '"auskunft/*"]', '"auskunft/*", "papier/*"]')
    with_added(file, "[[label]]", '[[label]]\nsource = "papier"\nname = "*"\ncategory = "Akten"\n')
    register = load_register(file)
    told = check_register(register, {"crm"}, shapes={"crm": (Shape("order", ("tel",)), Shape("note", ("tel", "text")))})
    assert len(told) == 2
    assert 'no activity has evidence for "crm/note"' in told[0]
    assert '"crm/note": no [[label]] gives a category to "text"' in told[1]
    assert check_register(register, {"crm"}, shapes={"crm": (Shape("order", ("tel",)),)}) == []


def test_a_source_that_cannot_say_what_it_yields_needs_patterns(file: Path) -> None:
    with_changed(file, '"auskunft/*"]', '"auskunft/*", "papier/*"]')
    with_added(file, "[[label]]", '[[label]]\nsource = "papier"\nname = "*"\ncategory = "Akten"\n')
    told = check_register(load_register(file), {"crm"}, shapes={"crm": ()})
    assert ['"crm" may yield records of any kind' in told[0], '"crm" may yield fields of any name' in told[1]] == [
        True
    ] * 2
    with_changed(file, '"crm/order*"', '"crm/*"')
    with_changed(file, 'source = "papier"', 'source = "*"')
    assert check_register(load_register(file), {"crm"}, shapes={"crm": ()}) == []


def test_a_label_says_what_the_codes_of_its_field_mean(file: Path) -> None:
    codes = 'values = { B = { de = "Stammkunde", en = "regular customer" }, X = "VIP" }'
    labelled = f'[[label]]\nsource = "crm"\nname = "seg"\nlabel = "Gruppe"\ncategory = "Daten"\n{codes}\n'
    with_added(file, "[[label]]", labelled.replace('label = "Gruppe"', 'label = { de = "Gruppe", en = "group" }'))
    label = load_register(file).label("crm", DataField("seg", "B"))
    assert label is not None
    assert [label.means(value, "en") for value in ("B", "X", "b", "")] == ["regular customer", "VIP", "", ""]
