"""The forms in the Prefect UI. Nothing on them has a default that decides anything; required fields are required.

What is typed is taken into our store and deleted from Prefect's (`flows.engine.take_reply`), then checked again there:
a form can also be resumed through the API, with anything in it.
"""

from __future__ import annotations

from typing import Literal

from prefect.input import RunInput
from pydantic import Field

BY = "Ihr Name / your name"


class ReviewForm(RunInput):
    """Approve an answer. Few fields with short texts: each takes room from the summary above them. Only reasons of the
    law extend the period (Art. 12(3) GDPR)."""

    decision: Literal[
        "release",
        "search again",
        "extend: volume",
        "extend: retrieval",
        "extend: redaction",
        "extend: explanation",
        "extend: peak",
        "refuse: manifestly_unfounded",
        "refuse: excessive",
        "refuse: not_identifiable",
        "refuse: secrecy",
    ] = Field(
        title="Entscheidung / decision",
        description="release: freigeben · search again: neu suchen · extend: verlängern · refuse: ablehnen",
    )
    approver: str = Field(title=BY)
    release_code: str = Field(
        default="",
        title="Freigabecode / release code",
        description="release: auskunft case review · refuse: auskunft case refuse",
    )
    reason: str = Field(default="", title="Begründung / reason (extend, refuse: Pflicht / required)")


class ReviewWithoutExtensionForm(ReviewForm):
    """The same where no extension is possible any more; the text above says why."""

    decision: Literal[
        "release",
        "search again",
        "refuse: manifestly_unfounded",
        "refuse: excessive",
        "refuse: not_identifiable",
        "refuse: secrecy",
    ] = Field(
        title="Entscheidung / decision",
        description="release: freigeben · search again: neu suchen · refuse: ablehnen",
    )


class AlarmOrExtendForm(RunInput):
    """Somebody has seen the alarms of a case that can still be extended: they come again only at their next stage."""

    decision: Literal[
        "seen", "extend: volume", "extend: retrieval", "extend: redaction", "extend: explanation", "extend: peak"
    ] = Field(
        title="Gesehen oder verlängern? / seen, or extend?",
        description="seen: gesehen, ich kümmere mich / I look after it · extend: Frist verlängern / extend the period",
    )
    by: str = Field(title=BY)
    note: str = Field(default="", title="Anmerkung / note (extend: Tatsachen, Pflicht / the facts, required)")


class AlarmForm(AlarmOrExtendForm):
    """The same of a part, or of a case that cannot be extended."""

    decision: Literal["seen"] = Field(
        title="Gesehen? / seen?", description="seen: gesehen, ich kümmere mich / seen, I look after it"
    )


class TriageForm(RunInput):
    """Is it a request, and for which right?"""

    decision: Literal[
        "access",
        "erasure",
        "rectification",
        "restriction",
        "portability",
        "objection",
        "not_a_request",
    ] = Field(title="Was ist das? / what is it?", description="auskunft case show CASE zeigt die Nachricht")
    by: str = Field(title=BY)
    note: str = Field(default="", title="Anmerkung / note")


class IdentityForm(RunInput):
    """Who asks?"""

    decision: Literal["checked", "cannot_identify"] = Field(title="Ergebnis / result")
    by: str = Field(title=BY)
    how: str = Field(title="Wie geprüft? / how was it checked?")
    record: str = Field(
        default="",
        title="Datensatz / record",
        description="Nummer aus auskunft case show CASE; 0: in keinem System bekannt / 0: on file nowhere",
    )


class ByHandForm(RunInput):
    """What does a system hold that is asked by hand?"""

    decision: Literal["nothing", "added"] = Field(
        title="Ergebnis / result",
        description="nothing: nichts gefunden; added: mit auskunft case add hinzugefügt / added with that command",
    )
    by: str = Field(title=BY)
    note: str = Field(default="", title="Anmerkung / note")


class HandoverForm(RunInput):
    """The passphrase was handed over."""

    channel: Literal["phone", "letter", "sms", "in_person"] = Field(
        title="Weg / channel", description="nie die E-Mail der Antwort / never the mail of the answer"
    )
    by: str = Field(title=BY)


class DeliveryForm(RunInput):
    """Did an answer arrive whose delivery is uncertain?"""

    decision: Literal["arrived", "did_not_arrive", "wrong_person"] = Field(
        title="Ergebnis / result",
        description="wrong_person: bei jemand anderem, vielleicht; öffnet die Prüfung nach Art. 33 DSGVO / it may have "
        "reached somebody else",
    )
    by: str = Field(title=BY)
    how: str = Field(title="Woher wissen Sie das? / how do you know?")


class AuthorityForm(RunInput):
    """May somebody act for the data subject?"""

    decision: Literal["checked", "not_proven"] = Field(
        title="Vollmacht / authority",
        description="checked: geprüft, darf handeln; not_proven: nicht nachgewiesen, die Frist läuft / clock runs",
    )
    receives: Literal["", "subject", "proxy"] = Field(
        default="",
        title="Antwort geht an / answer goes to",
        description="subject: hinterlegte Adresse der Person / address on file; proxy: Vertretung, wenn die Vollmacht "
        "den Empfang umfasst / the proxy, if the authority covers receiving",
    )
    by: str = Field(title=BY)
    how: str = Field(title="Wie geprüft? / how was it checked?")


class WithdrawalForm(RunInput):
    """Did the person take the request back?"""

    decision: Literal["withdrawn", "goes_on"] = Field(
        title="Ergebnis / result",
        description="withdrawn: zurückgenommen, der Vorgang endet / it ends; goes_on: er geht weiter",
    )
    by: str = Field(title=BY)
    note: str = Field(default="", title="Anmerkung / note")


class AcknowledgeForm(RunInput):
    """Is the receipt acknowledged although the mail may not be from its sender?"""

    decision: Literal["send", "do_not_send"] = Field(
        title="Eingang bestätigen? / acknowledge receipt?",
        description="Die Prüfung des Absenders spricht gegen ihn / the evidence speaks against the sender",
    )
    by: str = Field(title=BY)
    note: str = Field(default="", title="Anmerkung / note")


class BreachForm(RunInput):
    """Is a breach notified to the supervisory authority?"""

    decision: Literal["notified", "not_notifiable"] = Field(
        title="Meldung / notification",
        description="notified: der Behörde gemeldet / the authority was told; not_notifiable: kein Risiko / no risk",
    )
    by: str = Field(title=BY)
    notified_at: str = Field(
        default="",
        title="Gemeldet am / notified at",
        description="2026-11-20 14:30, Ortszeit; leer: jetzt / now",
    )
    reason: str = Field(default="", title="Begründung / reason (not_notifiable: Pflicht / required)")


QUESTIONS: dict[str, type[RunInput]] = {
    "triage": TriageForm,
    "identity": IdentityForm,
    "by_hand": ByHandForm,
    "handover": HandoverForm,
    "delivery": DeliveryForm,
    "authority": AuthorityForm,
    "withdrawal": WithdrawalForm,
    "acknowledge": AcknowledgeForm,
    "breach": BreachForm,
}
