# ruff: noqa: E501 - one form of words per line is easier to check than a broken pattern
"""What people say they do not want: "do not erase my data" asks for no erasure.

Only wishes are meant, not facts and conditions ("you have not erased my data", "if you do not send me a copy"). The
patterns are matched against sentences as written, in any case; no repetition in them is unbounded.
"""

from __future__ import annotations

import re

from cases.wording import any_of, fold, sentences

_CONDITION = (
    r"\b(?:wenn|falls|sollte[nst]*|sofern|solange|warum|wieso|weshalb|habt|hast|wurden?|if|unless|why|should you|failure|fail)\b",
    r"\bhaben (?:sie )?(?:\w+ ){0,8}nicht\b|\byou (?:still )?(?:do not|don't|did not|didn't|have not|haven't)\b|\bwhy don't\b",
)
_NOT = r"(?:nicht|keinesfalls|keineswegs|auf keinen fall|niemals|never|nie)(?! nur| allein| bloß| bloss)"
_ERASE = r"l(?:ö|oe)sch"
_DATA = r"(?:auskunft|auskünfte|auskuenfte|daten\w*|kopien?|abschrift\w*|übersicht|uebersicht)"
_REFUSED = (
    # "löschen Sie meine Daten nicht", "nicht löschen", "nicht gelöscht werden"
    re.compile(
        rf"\b(?:{_ERASE}(?:en|t|e)?|entfern(?:en|t|e)|vernichte[nt]?|sperr(?:en|t|e))\b(?:\s(?!aber\b|sondern\b|und\b|oder\b)\w+){{0,8}}(?:\saber)?(?:\sauch)?\s{_NOT}\b",
        re.I,
    ),
    re.compile(
        rf"\b{_NOT}\s(?:\w+\s){{0,2}}(?:(?:zu\s)?{_ERASE}en|gel(?:ö|oe)scht\swerden|{_ERASE}t|zu\sentfernen|entfernen|entfernt\swerden|vernichten|vernichtet\swerden)\b",
        re.I,
    ),
    re.compile(
        rf"\b(?:keine|gegen eine|nicht die)\s(?:\w+\s){{0,2}}{_ERASE}ung\b|\b(?:möchte|moechte|will|wünsche|wuensche)\s{_NOT},?\sdass\b[^.;!?]{{0,100}}",
        re.I,
    ),
    # "schicken Sie mir keine Kopie", "ich brauche keine Auskunft"
    re.compile(
        rf"\b(?:schick|send|übersend|uebersend|übermittel|uebermittel|erteil|geb)\w*\s(?:\w+\s){{0,3}}kein(?:e|erlei)\s(?:\w+\s){{0,2}}{_DATA}\b[^.;!?,]{{0,120}}|"
        rf"\b(?:möchte|moechte|will|brauche|benötige|benoetige|wünsche|wuensche|verlange)\s(?:\w+\s){{0,3}}kein(?:e|erlei)\s(?:\w+\s){{0,2}}{_DATA}\b[^.;!?,]{{0,120}}",
        re.I,
    ),
    re.compile(
        r"\b(?:do\snot|don['’]t|never|must\snot|should\snot|shouldn['’]t|not\sto|rather\sthan|without)\s(?:\w+\s){0,2}(?:delet\w+|eras\w+|remov\w+|destroy\w*|wipe|purge)\b[^.;!?,]{0,80}?(?=\bbut\b|\band\b|[.;!?,]|$)",
        re.I,
    ),
    re.compile(
        r"(?:^|[,;:]\s|\bplease\s|\bi\s|\bkindly\s|\bjust\s|\bbut\s|\band\s)(?:do\snot|don['’]t)\s(?:\w+\s)?(?:send|provide|give|need|want|require|share|ask\sfor)\s(?:me\s|to\sreceive\s|to\shave\s|to\ssee\s)?"
        r"(?:(?:a|an|any|the|another)\s)?(?:\w+\s)?(?:cop(?:y|ies)|data|information|export|access|disclosure)\b[^.;!?,]{0,80}?(?=\bbut\b|\band\b|[.;!?,]|$)",
        re.I,
    ),
)


def without_refusals(text: str) -> str:
    """`text` with an ellipsis for every wish that is refused in it; `text` itself where there is none."""
    whole = " ".join(text.split())
    if not any(pattern.search(whole) for pattern in _REFUSED):
        return text
    return "\n\n".join(_cleared(part) for part in sentences(text))


def _cleared(sentence: str) -> str:
    if any_of(fold(sentence), _CONDITION):
        return sentence
    for pattern in _REFUSED:
        sentence = pattern.sub(" … ", sentence)
    return sentence
