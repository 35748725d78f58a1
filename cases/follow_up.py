# ruff: noqa: E501 - one form of words per line is easier to check than a broken pattern
"""What a mail says of an earlier request of its writer: a reminder, an addition, or that it is taken back.

Patterns are matched against folded text (`cases.wording.fold`).
"""

from __future__ import annotations

import re

from cases.phrases_machine import EARLIER_REQUEST, REMINDER
from cases.request import FollowUp
from cases.wording import any_of

_MATTER = (
    r"\b(?:anfrage|antrag|ersuchen|auskunft\w*|anliegen|datenauskunft|begehren|schreiben|mail|nachricht)\b|\b(?:request|enquiry|inquiry|email|e-mail|letter|message|case|sar|dsar)\b|\bdsar-\d{4}|\bdemande\b|\brichiesta\b|\bsolicitud\b",
)
TAKEN_BACK = (
    r"\b(?:ziehe|nehme|moechte|will|wuerde)\b.{0,80}\b(?:zurueck(?:ziehen|nehmen|zuziehen|zunehmen)?)\b(?! (?:auf|zu))|\bhiermit zurueck\b|\bhat sich (?:\w+ ){0,4}erledigt\b|\bbrauche?n? (?:ich |wir )?(?:\w+ ){0,4}(?:nicht mehr|keine auskunft mehr)\b|"
    r"\b(?:nicht|keine) (?:\w+ ){0,3}(?:weiter|laenger) (?:\w+ )?(?:verfolgen|noetig|erforderlich|bearbeiten)\b|\bgegenstandslos\b|\bkoennen (?:sie |wir )?(?:\w+ ){0,4}(?:als erledigt|vergessen|schliessen|einstellen)\b",
    r"\b(?:withdraw|retract|cancel|drop|rescind)(?:ing)?\b.{0,60}\b(?:request|enquiry|inquiry|sar|dsar|it)\b|\b(?:no longer|don't|do not) (?:\w+ ){0,2}(?:need|require|wish|want)\b.{0,60}\b(?:request|data|copy|information|answer|response|reply|proceed|pursue)\b|"
    r"\b(?:please )?(?:disregard|ignore|forget about|close) (?:\w+ ){0,3}(?:request|enquiry|email|case|sar)\b|\bconsider (?:it|my request|this|the matter) (?:closed|withdrawn|settled)\b",
    r"\bje retire ma demande\b|\britiro la (?:mia )?richiesta\b|\bretiro mi solicitud\b|\bik trek mijn verzoek\b|\bwycofuj\w+",
)
# "I do not take it back" says the opposite.
_UPHELD = re.compile(
    r"\b(?:nicht|keinesfalls|keineswegs|niemals|nie) (?:\w+ ){0,2}(?:zurueck(?:ziehen|nehmen|zuziehen|zunehmen|gezogen|genommen)?|gegenstandslos|erledigt)\b|"
    r"\b(?:not|never|n't) (?:\w+ ){0,3}(?:withdraw|retract|cancel|drop|rescind|disregard|ignore|close)(?:ing|n)?\b"
)
_ADDED = (
    r"\bach ja\b|\bnachtrag\b|\bergaenz\w*|\bnachreichen\b|\b(?:noch )?vergessen\b|\bzusaetzlich(?:e)? (?:info\w*|angabe\w*|daten)\b|\bwas mir noch (?:ein|auf)|\bfrueher(?:e[rns]?)? (?:\w+ )?(?:adresse|anschrift|name|nachname|e-?mail|nummer)\b|\balte (?:adresse|anschrift|mail\w*|e-?mail\w*|nummer|handynummer)\b|"
    r"\bmaedchenname\w*|\bgeburtsname\w*|\bdamals (?:hiess|wohnte)\b|\bmeine kundennummer (?:ist|war|lautet)\b",
    r"\b(?:forgot|should have|meant) to (?:mention|say|add|include|give)\b|\b(?:just )?to add\b|\bin addition to (?:my|what)\b|\bfurther to my\b|\b(?:old|previous|former|maiden|earlier) (?:address|name|surname|e-?mail|phone|number)\b|\bmy customer number (?:is|was)\b|\badditional (?:info\w*|details)\b|\balso relevant\b",
)


def takes_back(folded: str) -> bool:
    """True if words take an earlier request back. `folded`: one line of folded text."""
    return any_of(_UPHELD.sub(" ", folded), TAKEN_BACK)


def follow_up_of(folded: str, is_reply: bool, asks: bool) -> FollowUp | None:
    """What the mail means for an earlier request. `folded`: subject and own text on one line; `is_reply`: it answers
    another mail; `asks`: it asks for something itself, so that it takes nothing back."""
    speaks_of_it = is_reply or any_of(folded, EARLIER_REQUEST) or any_of(folded, _MATTER)
    if not asks and speaks_of_it and takes_back(folded):
        return FollowUp.WITHDRAWAL
    if any_of(folded, REMINDER) and any_of(folded, EARLIER_REQUEST):
        return FollowUp.REMINDER
    return FollowUp.ADDITION if speaks_of_it and any_of(folded, _ADDED) else None
