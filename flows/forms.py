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
    """Approve an answer. Few fields with short texts: each takes room from the summary above them."""

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
    approver: str = Field(title=BY)
    release_code: str = Field(default="", title="Freigabecode / release code")
    reason: str = Field(default="", title="Begründung / reason (refuse: Pflicht / required)")


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

    decision: Literal["arrived", "did_not_arrive"] = Field(title="Ergebnis / result")
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


QUESTIONS: dict[str, type[RunInput]] = {
    "triage": TriageForm,
    "identity": IdentityForm,
    "by_hand": ByHandForm,
    "handover": HandoverForm,
    "delivery": DeliveryForm,
    "authority": AuthorityForm,
    "withdrawal": WithdrawalForm,
    "acknowledge": AcknowledgeForm,
}
