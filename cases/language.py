# ruff: noqa: E501 - a language's words on one line
"""The language of a mail, by its small words. ISO 639-1, or "und" where nothing speaks for one."""

from __future__ import annotations

import re

from cases.wording import fold

_WORDS = {
    "de": "ich und der die das nicht ist sie mir mich wir bitte mit von zu fuer auf eine einen gruessen auskunft daten haben meine was wie wo ueber habt ihr bei als auch an im um dass kann alle gruss liebe hallo",
    "en": "the and you i to of is my me please have for with that this your are regards it not data would what do be are an or we can all about how hi hello thanks",
    "fr": "je vous et le la les des que une pour dans mes mon est cordialement par avec au ne pas",
    "it": "il che di per con sono mi vi gli della dei saluti cordiali una miei dati non si lei",
    "es": "el que los las una por con mis para de saludos usted ustedes sobre datos solicito se mi es",
    "nl": "ik de het een van en mijn u te voor niet met dat is op groet aan over wil",
    "pl": "ze na nie sie do jest moich prosze w z o i dane pozdrawiam przez jakie oraz mnie",
    "cs": "se na ze je to jsem mi prosim o v a s udaje mych dekuji pozdravem zadam ktere mne",
    "pt": "os que uma com meus dados para eu nao por voces cumprimentos do da em meu solicito sobre",
    "ro": "si de la cu pe ce nu este sa va rog mele date imi despre mea multumesc dumneavoastra",
    "hr": "i da na se za koje moje mi molim vas o podatke sam je ste osobne postovani pozdrav",
    "tr": "ve bir bu icin hakkimda kisisel veri olarak ile verilerimin lutfen saygilarimla",
    "sv": "jag och att det som en ni mina uppgifter om har inte vill min",
    "da": "jeg og at det som en mine oplysninger om har ikke vil min venlig hilsen",
    "hu": "es az hogy nem kerem adataim szemelyes rolam milyen tisztelt udvozlettel",
}
_SETS = {language: frozenset(text.split()) for language, text in _WORDS.items()}


def language_of(text: str) -> str:
    """The likeliest language of the first thousand words."""
    folded = fold(text[:6_000])
    if len(re.findall(r"[α-ω]", folded)) > 15:
        return "el"
    if len(re.findall(r"[а-яё]", folded)) > 15:
        return "uk" if re.search(r"[іїє]", folded) else "ru"
    words = re.findall(r"[a-z]+", folded)[:1_000]
    points = {language: sum(word in known for word in words) for language, known in _SETS.items()}
    best = max(points, key=lambda language: points[language])
    return best if points[best] >= 2 else "und"
