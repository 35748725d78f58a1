# ruff: noqa: E501 - lines of the code are quoted as they stand
"""Takes each feature that the law demands out of a copy of the code and expects its test to fail.

    python -m tests.legal_mutations [ANS-04 …]
    python -m tests.legal_mutations --table      writes docs/legal-mutations.md

Not part of the test run: it takes a quarter of an hour. `tests/test_legal.py` checks in every run that each line that is
taken out here still stands in the code, once, and that no requirement of level M is without one.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
EVIDENCE = "legal-mutations.md"
_HEAD = """# What is taken out, and what notices

`python -m tests.legal_mutations` makes each of these changes in a copy of the code, one after the other, runs the test beside it and expects it to fail. This page is written by `python -m tests.legal_mutations --table`.

| requirement | without the feature | taken out of | noticed by |
|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Mutation:
    """`without`: what the program no longer does once `old` is `new`; `test`: which notices, below `tests/`."""

    requirement: str
    without: str
    file: str
    old: str
    new: str
    test: str


_INFORMATION = "outputs/test_information.py::"
_LETTER = f"{_INFORMATION}test_the_letter_says_everything_that_is_owed"
_ENTRY = "infra/test_ropa.py::test_a_bad_entry_gives_one_message"
_PACKAGE = "outputs/test_package.py::test_the_package_holds_everything_once"
_COMPLETE = "outputs/test_copies_complete.py::"
_GAPS = "flows/test_register_gaps.py::"
_OWN_TEXTS = "outputs/test_letter_texts.py::test_own_texts_that_do_not_fit_are_told"

MUTATIONS: tuple[Mutation, ...] = (
    Mutation(
        "ANS-01",
        "the answer does not say whether data are processed",
        "outputs/information.py",
        "_DATA: tuple[Section, ...] = (\n    letter_frame.confirmation,",
        "_DATA: tuple[Section, ...] = (",
        f"{_INFORMATION}test_there_is_exactly_one_confirmation",
    ),
    Mutation(
        "ANS-02",
        "nothing held: the letter does not say with what was searched",
        "outputs/information.py",
        "    letter_search.identifiers,\n",
        "",
        f"{_INFORMATION}test_nothing_held_says_where_with_what_and_until_when",
    ),
    Mutation(
        "ANS-03",
        "a letter says that nothing is held while a system is open",
        "outputs/information.py",
        "if draft.kind is AnswerKind.NOTHING_HELD and not draft.complete:",
        "if False:",
        f"{_INFORMATION}test_nothing_held_is_refused_while_a_system_is_open",
    ),
    Mutation(
        "ANS-03",
        "such a draft can be released",
        "cases/draft.py",
        "if self.kind is AnswerKind.NOTHING_HELD and not self.complete:",
        "if False:",
        "cases/test_draft.py::test_nothing_held_is_said_only_when_nothing_is_open",
    ),
    Mutation(
        "ANS-03",
        "a search that failed counts as one",
        "cases/coverage.py",
        "if log is None or log.searched_at is None or log.failed:",
        "if log is None or log.searched_at is None:",
        "flows/test_collect.py::test_a_failure_after_a_success_opens_the_cell_again",
    ),
    Mutation(
        "ANS-03",
        "an answer by hand counts for identifiers that were learned after it",
        "cases/coverage.py",
        "    if answer.outdated:\n",
        "    if False:\n",
        "flows/test_questions.py::test_nothing_held_is_not_said_while_nobody_has_looked_for_what_was_learned",
    ),
    Mutation(
        "ANS-04",
        "everybody is told of every activity of the register",
        "cases/register.py",
        "return tuple(item for item in self.activities if any(item.concerns(*pair) for pair in pairs))",
        "return self.activities if pairs else ()",
        f"{_GAPS}test_what_is_withheld_for_others_still_tells_its_purposes",
    ),
    Mutation(
        "ANS-04",
        "the letter names no purposes",
        "outputs/letter_register.py",
        '            Term(words("activities.purposes"), _each(activity, "purposes", activity.purposes, words)),\n',
        "",
        _LETTER,
    ),
    Mutation(
        "ANS-05",
        "a field without category goes out",
        "flows/draft.py",
        '        *(f"unmapped_field:{pair}" for pair in sorted(bare)),\n',
        "",
        f"{_GAPS}test_a_field_without_category_blocks_until_a_label_gives_one",
    ),
    Mutation(
        "ANS-06",
        "a recipient may have neither name nor reason",
        "infra/ropa_checks.py",
        "if not entry.name and not entry.category_reason:",
        "if False:",
        _ENTRY,
    ),
    Mutation(
        "ANS-06",
        "recipients are told by what they do, without their names",
        "outputs/letter_register.py",
        'return words("activities.recipient", name=name, role=told) if told else name',
        "return told",
        _LETTER,
    ),
    Mutation(
        "ANS-07",
        "who of the house dealt with it is given",
        "outputs/staff.py",
        "if not naming or _given(item):",
        "if naming or _given(item):",
        f"{_GAPS}test_who_of_the_house_dealt_with_it_is_given_only_by_decision",
    ),
    Mutation(
        "ANS-08",
        "a period that says nothing is accepted",
        "infra/ropa_checks.py",
        "        if is_empty_phrase(text):",
        "        if False:",
        _ENTRY,
    ),
    Mutation(
        "ANS-08",
        "an event stands beside an empty phrase",
        "infra/ropa_phrases.py",
        "return not _ends(plain) and (bool(_EMPTY.search(plain)) or not _has_event(plain))",
        "return not _ends(plain) and not _has_event(plain)",
        "infra/test_ropa_phrases.py::test_what_names_neither_period_nor_event_is_refused",
    ),
    Mutation(
        "ANS-04",
        "a place holder is a purpose",
        "infra/ropa_checks.py",
        "            if is_holder(text):\n",
        "            if False:\n",
        "infra/test_ropa_phrases.py::test_each_text_of_a_register_is_looked_at",
    ),
    Mutation(
        "ANS-08",
        "the letter names no period",
        "outputs/letter_register.py",
        '            Term(words("activities.retention"), _each(activity, "retention", (activity.retention,), words)),\n',
        "",
        _LETTER,
    ),
    Mutation(
        "ANS-09",
        "a right is left out",
        "outputs/letter_register.py",
        'for right in ("rectification", "erasure", "restriction")]',
        'for right in ("rectification", "erasure")]',
        _LETTER,
    ),
    Mutation(
        "ANS-09",
        "only the legal basis tells of the right against direct marketing",
        "cases/register.py",
        "        return self.direct_marketing\n",
        "        return LegalBasis.LEGITIMATE_INTERESTS in self.legal_basis\n",
        f"{_INFORMATION}test_direct_marketing_may_be_objected_to_whatever_its_basis",
    ),
    Mutation(
        "ANS-13",
        "the English explanation of a decision is not looked at",
        "infra/ropa_audit.py",
        '(("de", logic.de), ("en", logic.en)) if logic',
        '(("de", logic.de),) if logic',
        "infra/test_ropa.py::test_a_formula_alone_explains_no_decision",
    ),
    Mutation(
        "ANS-09",
        "objection is offered whatever the legal basis",
        "outputs/letter_register.py",
        "_OBJECTION = {LegalBasis.PUBLIC_TASK, LegalBasis.LEGITIMATE_INTERESTS}",
        "_OBJECTION = set(LegalBasis)",
        f"{_INFORMATION}test_objection_only_where_the_basis_gives_it",
    ),
    Mutation(
        "ANS-10",
        "companies in Bavaria are sent to the authority for public bodies",
        "cases/authorities.py",
        "supervised = Remit.PUBLIC if public_body else Remit.PRIVATE",
        "supervised = Remit.PUBLIC",
        f"{_INFORMATION}test_bavarian_companies_have_their_own_authority",
    ),
    Mutation(
        "ANS-10",
        "letters beside the answer name the authority of one Land to everybody",
        "outputs/letter_other.py",
        "one = competent(to.controller.land, to.controller.public_body)",
        'one = competent("MV")',
        "outputs/test_letters.py::test_every_letter_that_may_be_complained_of_names_the_authority_of_the_seat_and_no_other",
    ),
    Mutation(
        "ANS-10",
        "the letter names no right to complain",
        "outputs/letter_register.py",
        '        Paragraph(words("complaint.text")),\n',
        "",
        f"{_INFORMATION}test_nothing_held_says_where_with_what_and_until_when",
    ),
    Mutation(
        "ANS-11",
        "a source that nobody recorded is passed over",
        "outputs/letter_register.py",
        'one.origin.in_(words.language) or words("origin.unknown"))',
        "one.origin.in_(words.language))",
        _LETTER,
    ),
    Mutation(
        "ANS-11",
        "the source that a record names is not told",
        "outputs/letter_register.py",
        "recorded = tuple(_recorded(draft, words))",
        "recorded = ()",
        f"{_INFORMATION}test_where_an_entry_names_its_source_the_letter_does",
    ),
    Mutation(
        "ANS-12",
        "without automated decisions nothing is said of them",
        "outputs/letter_register.py",
        'return heading, Paragraph(words("automated.none"))',
        "return (heading,)",
        f"{_INFORMATION}test_no_automated_decision_and_no_transfer_are_said",
    ),
    Mutation(
        "ANS-12",
        "a register that says nothing of automated decisions denies them",
        "outputs/letter_register.py",
        'if "automated" in activity.silent:',
        "if False:",
        f"{_INFORMATION}test_what_nobody_denied_is_not_denied",
    ),
    Mutation(
        "ANS-15",
        "a register that says nothing of transfers denies them",
        "outputs/letter_register.py",
        'if "transfers" in activity.silent:',
        "if False:",
        f"{_INFORMATION}test_what_nobody_denied_is_not_denied",
    ),
    Mutation(
        "ROP-08",
        "a register may be silent on automated decisions",
        "infra/ropa_checks.py",
        'if "automated" not in entry.model_fields_set:',
        "if False:",
        "infra/test_ropa.py::test_silence_denies_nothing_and_is_told_with_the_line_to_add",
    ),
    Mutation(
        "ANS-12",
        "the logic of a decision is not told",
        "outputs/letter_register.py",
        '{"logic": parts.logic, "significance"',
        '{"significance"',
        _LETTER,
    ),
    Mutation(
        "ANS-13",
        "a formula alone explains a decision",
        "infra/ropa_audit.py",
        "if len(text) < _SHORTEST_LOGIC or _ONLY_FORMULA.match(text.strip().lower()):",
        "if False:",
        "infra/test_ropa.py::test_a_formula_alone_explains_no_decision",
    ),
    Mutation(
        "ANS-14",
        "scoring is not put to anybody",
        "infra/ropa_audit.py",
        "and _SCORED.search(told):",
        "and False:",
        "infra/test_ropa.py::test_scoring_is_to_be_described_or_denied",
    ),
    Mutation(
        "ANS-15",
        "transfers are not told",
        "outputs/letter_register.py",
        "sentences = tuple(dict.fromkeys(_transfer_sentences(draft, words)))",
        "sentences = ()",
        f"{_INFORMATION}test_each_transfer_says_what_it_rests_on",
    ),
    Mutation(
        "ANS-15",
        "a transfer may rest on what a court annulled",
        "flows/draft.py",
        '        *(f"transfer_withdrawn:{key}" for key in register.fallen(register.concerned(met | {OWN_REQUEST}))),\n',
        "",
        f"{_GAPS}test_a_transfer_on_a_mechanism_that_fell_blocks",
    ),
    Mutation(
        "ANS-16",
        "the letter goes alone, without a copy of the data",
        "outputs/rendered.py",
        "return (*written, *_copies(draft, words, tables)) if draft.kind is AnswerKind.DATA else tuple(written)",
        "return tuple(written)",
        _PACKAGE,
    ),
    Mutation(
        "ANS-16",
        "the copy names the fields and leaves out the values",
        "outputs/copy_view.py",
        "shown(part.label or general), bool(general), shown(part.name), shown(part.value), means, shown(part.category)",
        'shown(part.label or general), bool(general), shown(part.name), "", means, shown(part.category)',
        "outputs/test_copies.py::test_every_released_value_with_name_label_and_category",
    ),
    Mutation(
        "ANS-16",
        "a finding that was lost on the way is not missed",
        "flows/complete.py",
        '            raise _refused(kept.number, "is not in the draft")',
        "            continue",
        "flows/test_complete.py::test_a_draft_that_lost_a_finding_is_not_sealed",
    ),
    Mutation(
        "ANS-17",
        "a first copy may cost something",
        "cases/fee.py",
        '        return "first_copy"',
        '        return ""',
        "cases/test_fee.py::test_everything_else_is_free",
    ),
    Mutation(
        "ANS-18",
        "a copy of another period may cost something",
        "cases/fee.py",
        '        return "other_period"',
        '        return ""',
        "cases/test_fee.py::test_everything_else_is_free",
    ),
    Mutation(
        "ANS-18",
        "a reminder may cost something",
        "cases/fee.py",
        '        return "reminder"',
        '        return ""',
        "flows/test_asking.py::test_another_period_and_an_open_case_are_free",
    ),
    Mutation(
        "ANS-19",
        "what surely is this person's waits for somebody to include it",
        "cases/draft.py",
        "return not self.needs_decision",
        "return False",
        "cases/test_draft.py::test_letters_and_internal_notes_are_given_unless_a_ground_is_named",
    ),
    Mutation(
        "ANS-19",
        "something is held back without a ground",
        "cases/draft.py",
        "if any(item.decision and not item.decision.grounds for item in self.left_out):",
        "if False:",
        "cases/test_draft.py::test_letters_and_internal_notes_are_given_unless_a_ground_is_named",
    ),
    Mutation(
        "ANS-20",
        "what names others goes out unseen",
        "cases/draft.py",
        "return self.strength is not Strength.CERTAIN or self.shared",
        "return self.strength is not Strength.CERTAIN",
        "cases/test_draft.py::test_what_may_be_about_others_too_needs_a_persons_yes_however_certain",
    ),
    Mutation(
        "ANS-20",
        "what was redacted goes out",
        "outputs/redaction.py",
        "if decision is None or not item.redacted:",
        "if True:",
        "desk/test_redaction_cases.py::test_one_person_is_redacted_by_number_everywhere",
    ),
    Mutation(
        "ANS-21",
        "the letter does not say what was left out",
        "outputs/information.py",
        "    letter_search.withheld,\n",
        "",
        _LETTER,
    ),
    Mutation(
        "ANS-21",
        "the letter calls an answer whole that lacks names of staff",
        "outputs/letter_search.py",
        '"withheld": bool(draft.left_out or draft.masked),',
        '"withheld": bool(draft.left_out),',
        f"{_COMPLETE}test_that_names_of_staff_are_left_out_is_told_with_the_reason",
    ),
    Mutation(
        "ANS-21",
        "an entry without a name of staff gives no reason",
        "outputs/copy_view.py",
        "if not item.redacted and not item.masked:",
        "if not item.redacted:",
        f"{_COMPLETE}test_that_names_of_staff_are_left_out_is_told_with_the_reason",
    ),
    Mutation(
        "ANS-23",
        "what changed between two searches is not told",
        "outputs/information.py",
        "    letter_search.changed,\n",
        "",
        "flows/test_breach_and_snapshot.py::test_the_letter_and_the_copy_say_so",
    ),
    Mutation(
        "ANS-24",
        "who cannot be identified is not told that more may be supplied",
        "outputs/texts/de.toml",
        "Sie können uns weitere Angaben machen, mit denen wir Sie finden, zum Beispiel:",
        "Das ist zum Beispiel:",
        "outputs/test_letter_texts.py::test_what_is_shipped_is_complete_and_plain",
    ),
    Mutation(
        "ANS-24",
        "nothing is done once nobody can be identified",
        "flows/identify.py",
        '    tx.cases.needs_attention(case, "cannot_identify")\n',
        "",
        "flows/test_identify.py::test_who_cannot_be_identified_is_handed_to_a_person",
    ),
    Mutation(
        "FRM-01",
        "sentences of any length pass",
        "outputs/text_lint.py",
        "if len(_WORD.findall(sentence)) > LONGEST_SENTENCE:",
        "if False:",
        _OWN_TEXTS,
    ),
    Mutation(
        "FRM-01",
        "large print is as small as any",
        "outputs/letter_pdf.py",
        '"scale": _LARGE if large else 1.0,',
        '"scale": 1.0,',
        "outputs/test_letters.py::test_large_print_is_larger",
    ),
    Mutation(
        "FRM-02",
        "who asked for paper gets a mail",
        "flows/delivering.py",
        'if person.wishes.form == "paper" and person.postal:',
        "if False:",
        "flows/test_delivering.py::test_who_asked_for_paper_gets_it_where_the_postal_address_is_known",
    ),
    Mutation(
        "FRM-02",
        "who asked by mail gets paper",
        "flows/delivering.py",
        "    return Way(house.settings.delivery.by)",
        "    return Way.POST",
        "flows/test_delivering.py::test_who_asked_for_paper_gets_it_where_the_postal_address_is_known",
    ),
    Mutation(
        "FRM-03",
        "there is no PDF of the copy",
        "outputs/rendered.py",
        "    yield from (_paper(draft, part) for part in pdf_parts(draft))\n",
        "",
        _PACKAGE,
    ),
    Mutation(
        "FRM-04",
        "fields have no label",
        "outputs/copy_view.py",
        "shown(part.label or general), bool(general)",
        "shown(general), bool(general)",
        "outputs/test_copies.py::test_every_released_value_with_name_label_and_category",
    ),
    Mutation(
        "FRM-05",
        "the letter does not say what is enclosed",
        "outputs/information.py",
        "    letter_frame.enclosures,\n",
        "",
        f"{_INFORMATION}test_the_order_is_that_of_article_15",
    ),
    Mutation(
        "FRM-06",
        "every letter is in German",
        "flows/house.py",
        'return language if language in ("de", "en") else "de"',
        'return "de"',
        "flows/test_wording.py::test_letters_are_in_german_or_english_as_the_person_wrote",
    ),
    Mutation(
        "FRM-07",
        "a text may guess a gender",
        "outputs/text_lint.py",
        'if _GENDERED & set(re.findall(r"\\w+", text)):',
        "if False:",
        _OWN_TEXTS,
    ),
    Mutation(
        "SEC-01",
        "what is found lies in clear on the disk",
        "infra/vault.py",
        'return self._aead.encrypt(index.to_bytes(12, "big"), clear, self._aad(index, last=last))',
        "return clear + bytes(16)",
        "infra/test_vault.py::test_no_clear_text_and_no_foreign_eyes_on_disk",
    ),
    Mutation(
        "SEC-01",
        "an answer that differs from the approved one is packaged",
        "cases/draft.py",
        "if approval.digest != draft.digest:",
        "if False:",
        "cases/test_draft.py::test_another_case_or_another_draft_is_refused",
    ),
    Mutation(
        "SEC-03",
        "the passphrase may be handed over by mail",
        "flows/questions.py",
        'CHANNELS = ("phone", "letter", "sms", "in_person")',
        'CHANNELS = ("phone", "letter", "sms", "in_person", "mail")',
        "flows/test_questions.py::test_an_answer_that_says_nothing_changes_nothing_and_is_asked_again",
    ),
    Mutation(
        "SEC-04",
        "a page with fewer rounds is opened",
        "outputs/seal_format.py",
        "if not ROUNDS <= rounds <= MOST_ROUNDS or not",
        "if rounds > MOST_ROUNDS or not",
        "outputs/test_seal.py::test_fewer_rounds_than_ours_are_refused",
    ),
    Mutation(
        "SEC-05",
        "a passphrase has nine words",
        "outputs/passphrase.py",
        "COUNT = 11  #",
        "COUNT = 9  #",
        "outputs/test_passphrase.py::test_a_passphrase_has_110_bits_and_a_checksum_word",
    ),
    Mutation(
        "SEC-08",
        "a value may become a formula",
        "outputs/copy_csv.py",
        '    safe = _FORMULA.sub(r"\\1\'\\2", value)\n    return f"\'{safe}" if _FIRST.match(safe) else safe\n',
        "    return value\n",
        "outputs/test_copies_hostile.py::test_no_cell_begins_as_a_formula_whatever_a_program_takes_for_a_separator",
    ),
    Mutation(
        "ACC-01",
        "the record for the authority does not say what was searched",
        "desk/auditing.py",
        '            "searches": [_search(one) for one in tx.passes.facts(case)],\n',
        "",
        "desk/test_cases.py::test_the_record_for_the_authority_says_what_was_done_and_holds_no_data",
    ),
    Mutation(
        "ACC-01",
        "what proves the answer goes with the material: for three years the record says nothing of it",
        "flows/retain.py",
        "    keep_record(house, tx, case)\n",
        "",
        "desk/test_auditing.py::test_the_record_says_after_the_material_is_gone_what_it_said_before",
    ),
    Mutation(
        "ACC-01",
        "a changed history is not noticed",
        "desk/auditing.py",
        '"chain_is_sound": broken_at(events) is None,',
        '"chain_is_sound": None,',
        "desk/test_cases.py::test_the_record_for_the_authority_says_what_was_done_and_holds_no_data",
    ),
    Mutation(
        "ACC-01",
        "facts of a case are in no step: whoever rewrites the day of receipt is not noticed",
        "infra/store/store.py",
        "            transaction.evidence.settle()\n",
        "",
        "desk/test_auditing.py::test_a_rewritten_fact_is_told_with_its_case_and_step_and_without_its_value",
    ),
    Mutation(
        "ACC-02",
        "one person may review and release, whatever the settings say",
        "flows/approval.py",
        '    return any(reader != approver and _person_with(house, reader, "reviewer") for reader in readers)',
        "    return True",
        "flows/test_approval.py::test_where_two_are_needed_one_is_not_enough",
    ),
    Mutation(
        "ACC-03",
        "the record stays a year longer",
        "flows/retain.py",
        "house.settings.retention.record_years + 1",
        "house.settings.retention.record_years + 2",
        "flows/test_retain.py::test_the_record_goes_after_the_third_new_year_in_local_time",
    ),
    Mutation(
        "ACC-05",
        "an answer says nothing of the request's own data",
        "outputs/information.py",
        "    letter_search.remedy,\n    letter_frame.handling,\n",
        "    letter_search.remedy,\n",
        _LETTER,
    ),
    Mutation(
        "ACC-05",
        "nor does one that nothing is held",
        "outputs/information.py",
        "    letter_search.excluded,\n    letter_frame.handling,\n",
        "    letter_search.excluded,\n",
        f"{_INFORMATION}test_nothing_held_says_where_with_what_and_until_when",
    ),
    Mutation(
        "ACC-06",
        "a register without the handling of requests is accepted",
        "infra/ropa_audit.py",
        "if not register.concerned([(OWN_SOURCE, OWN_KIND)]):",
        "if False:",
        "infra/test_ropa.py::test_a_register_without_its_own_activity_is_reported",
    ),
    Mutation(
        "ACC-06",
        "nobody is told of that activity",
        "flows/draft.py",
        "activities=house.register.concerned(met | {OWN_REQUEST}),",
        "activities=house.register.concerned(met),",
        f"{_GAPS}test_what_is_withheld_for_others_still_tells_its_purposes",
    ),
    Mutation(
        "ROP-01",
        "an activity without purposes is accepted",
        "infra/ropa_tables.py",
        "purposes: Annotated[tuple[TextTable, ...], Field(min_length=1)]",
        "purposes: Annotated[tuple[TextTable, ...], Field(min_length=0)]",
        _ENTRY,
    ),
    Mutation(
        "ROP-02",
        "a recipient's country is not told",
        "outputs/letter_register.py",
        "name = _list(part for part in (one.name, one.country.in_(words.language)) if part)",
        "name = one.name",
        f"{_INFORMATION}test_a_recipient_is_told_with_country_and_period",
    ),
    Mutation(
        "ROP-03",
        "fields that nobody described are found only when somebody asks",
        "infra/ropa_audit.py",
        "if bare := register.undescribed(source, shape):",
        "if bare := ():",
        "infra/test_ropa.py::test_kinds_and_fields_that_nobody_described_are_reported",
    ),
    Mutation(
        "ROP-04",
        "a transfer names the DPF and not when the list was looked at",
        "infra/ropa_checks.py",
        "case Mechanism.DPF if entry.verified_on is None:",
        "case Mechanism.DPF if False:",
        _ENTRY,
    ),
    Mutation(
        "ROP-05",
        "a text may stand in one language only",
        "infra/ropa_tables.py",
        '    en: Words = Field(description="an English text, not empty")',
        '    en: str = Field(default="", description="an English text")',
        _ENTRY,
    ),
    Mutation(
        "ROP-06",
        "measures of security are taken over from a spreadsheet",
        "infra/ropa_import.py",
        "for column in (Column.SUBJECTS, Column.INTERNAL):",
        "for column in (Column.SUBJECTS, Column.INTERNAL, Column.MEASURES):",
        "infra/test_ropa_import.py::test_nothing_is_dropped_silently",
    ),
    Mutation(
        "ROP-07",
        "the letter does not name the data protection officer",
        "outputs/letter_frame.py",
        "if dpo := officer(sender):",
        'if dpo := "":',
        _LETTER,
    ),
    Mutation(
        "ROP-07",
        "the letterhead lacks the controller's address",
        "outputs/letter_frame.py",
        'return_line=" · ".join((sender.name, sender.street, place)),',
        'return_line="",',
        "outputs/test_letters.py::test_every_letter_reads_as_it_was_found_good",
    ),
    Mutation(
        "ROP-08",
        "an automated decision may lack its significance",
        "infra/ropa_tables.py",
        "    significance: TextTable = Field(description=TEXT)",
        '    significance: TextTable = Field(default=TextTable(de="-", en="-"), description=TEXT)',
        "infra/test_ropa.py::test_automated_decisions_have_three_parts",
    ),
    Mutation(
        "TIM-13",
        "a refusal repeats the law and tells no facts",
        "outputs/notices_refusal.py",
        "if not (told or sentence) or len(told) > MOST_FACTS",
        "if len(told) > MOST_FACTS",
        "outputs/test_notices_refusal.py::test_the_law_alone_is_no_reason",
    ),
)


def caught(folder: Path, one: Mutation) -> bool:
    """Makes the change in the copy, runs the test, and takes the change back. A line that is not there once cannot be
    taken out: nothing was noticed."""
    path = folder / one.file
    before = path.read_text()
    if before.count(one.old) != 1:
        return False
    path.write_text(before.replace(one.old, one.new))
    try:
        return one.test in failed(folder, one.test)
    finally:
        path.write_text(before)


def failed(folder: Path, *tests: str) -> frozenset[str]:
    """Which of the tests fail in the copy; an error while they are collected is no failed test."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-rf",
        "-p",
        "no:cacheprovider",
        *(f"tests/{one}" for one in tests),
    ]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    lines = (line.split(" - ")[0] for line in done.stdout.splitlines() if line.startswith("FAILED tests/"))
    found = frozenset(line.removeprefix("FAILED tests/").partition("[")[0] for line in lines)
    if done.returncode not in (0, 1) or (done.returncode == 1 and not found):
        print(done.stdout[-2000:], done.stderr[-500:], sep="\n")
    return found


def uncaught(folder: Path, chosen: tuple[Mutation, ...]) -> Iterator[Mutation]:
    """Makes one change after the other; yields those that no test noticed."""
    for one in chosen:
        noticed = caught(folder, one)
        print(
            f"{one.requirement}  {'caught    ' if noticed else 'NOT CAUGHT'}  {one.without}  ({one.test})", flush=True
        )
        if not noticed:
            yield one


def table() -> str:
    """The list as a page of the documentation."""
    rows = (f"| {one.requirement} | {one.without} | `{one.file}` | `{one.test}` |\n" for one in MUTATIONS)
    return _HEAD + "".join(rows)


def main(wanted: list[str]) -> int:
    if wanted == ["--table"]:
        (ROOT / "docs" / EVIDENCE).write_text(table())
        return 0
    chosen = tuple(one for one in MUTATIONS if not wanted or one.requirement in wanted)
    with tempfile.TemporaryDirectory() as holding:
        folder = Path(holding) / "copy"
        subprocess.run(["git", "clone", "--quiet", "--local", str(ROOT), str(folder)], check=True)
        broken = failed(folder, *dict.fromkeys(one.test for one in chosen))
        for name in sorted(broken):
            print(f"fails without any change: {name}")
        left = list(uncaught(folder, chosen))
    print(f"{len(chosen) - len(left)} of {len(chosen)} caught")
    return int(bool(left or broken))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
