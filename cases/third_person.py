# ruff: noqa: E501 - one form of words per line is easier to check than a broken pattern
"""Whether a mail asks about a third person's data: "mein Mann möchte wissen, was Sie über ihn haben".

Doubt counts as "about somebody else", because that only makes a person check. A mail about the writer's own data that
mentions a relative stays the writer's.
"""

from __future__ import annotations

import re

from cases.wording import any_of, fold, sentences

RELATIVES = (
    r"(?:ehe|schwieger|stief|gross|groß|ur)?(?:mann\w{0,2}|frau|gatt\w{1,4}|vater\w?|mutter|bruder\w?|schwester|sohn\w{0,2}|tochter|eltern\w?|vati|mutti|mama|papa|oma|opa)|"
    r"(?:lebens|ex-?|geschäfts)?(?:partner\w{0,3}|gef(?:ä|ae)hrt\w{1,4}|freund\w{0,4})|verlobte\w?|tante|onkels?|cousin\w?|cousine|nichte|neffen?|schw(?:a|ä|ae)ger\w{0,3}|enkel\w{0,3}|"
    r"nachbar\w{0,3}|mitbewohner\w{0,3}|kolleg\w{1,4}|kind\w{0,2}|"
    r"(?:step|grand)?(?:father|mother|son|daughter|child)(?:-in-law)?|(?:brother|sister)(?:-in-law)?|mum|mom|dad|grandma|grandpa|granny|husband|wife|fianc(?:é|e)e?|girlfriend|boyfriend|"
    r"friend|neighbou?r|flatmate|roommate|colleague|aunt|uncle|cousin|niece|nephew|spouse"
)
_HELPED = r"(?:mandant|klient|patient|schuetzling|betreute|auftraggeber|versicherungsnehmer)\w{0,4}|client|ward|patient"
_SOMEBODY = rf"\b(?:(?:mein|unser|my|our)\w{{0,2}} (?:\w+ ){{0,2}}?(?:{fold(RELATIVES)}|{_HELPED}))\b"
_TITLED = r"\b(?:herrn?|frau|eheleuten?|mr\.?|mrs\.?|ms\.?|miss) (?:dr\. )?[a-z][\w'-]+"
_WISHES = r"(?:moechte|will|wuerde|bittet|bat|verlangt|wuenscht|fordert|fragt|beantragt|ersucht|begehrt|hat .{0,40}gebeten|wants?|wishes|would|requests?|asks?|asked|is asking|is requesting|needs?|demands?)\b"
_THEIR_WISH = (rf"{_SOMEBODY}[^.!?;:]{{0,60}}? {_WISHES}",)
_TITLED_WISH = (rf"{_TITLED}[^.!?;:]{{0,40}}? {_WISHES}", rf"^(?:er|sie|he|she|they) {_WISHES}")
ASKS_DATA = (
    r"\b(?:personen)?daten\b|\bauskunft|\bgespeichert\b|\binformationen\b|\bunterlagen\b|\bdata\b|\binformation\b|\brecords?\b|\bhold\b|\bkopie\b|\bcopy\b|\bcopies\b|"
    r"\bwas\b[^.!?]{0,40}\b(?:haben|habt|wissen|wisst|speicher\w*|steht)\b|\b(?:what|everything|anything|all)\b[^.!?]{0,40}\b(?:have|know|keep|store)\b",
)
_ABOUT_SOMEBODY = (
    rf"\b(?:ueber|zu|(?:daten|angaben|unterlagen|informationen) von|betreffend|about|on|concerning|regarding) (?:mein|unser|my|our)\w{{0,2}} (?:\w+ ){{0,2}}?(?:{fold(RELATIVES)}|{_HELPED})\b",
)
_OF_ME = (
    r"\b(?:ueber|von|zu|betreffend) (?:mich|mir|meine[rn]? person)\b|\bmeine[rn]? (?:(?:eigenen|gesamten|persoenlichen|personenbezogenen|gespeicherten) ){0,2}(?:daten|angaben)\b|"
    r"\b(?:about|on|of|concerning) (?:me|myself)\b|\bmy (?:own |personal )?(?:data|information|records|details)\b",
)
_OF_HIM = (
    r"\b(?:ueber|zu|von|betreffend) (?:ihn|ihm)\b|\bseine[rn]? (?:\w+ ){0,2}(?:daten|angaben|unterlagen)\b|\bihn betreffend\w*|"
    r"\b(?:about|on|of|for|concerning|regarding) (?:him|her)\b|\b(?:his|her) (?:\w+ ){0,2}(?:data|information|records?|details|file)\b",
)
# "Sie" and "Ihre" with a capital are the company; a mail without any capital says nothing.
_OF_HER = re.compile(
    r"\b(?:[üÜ]ber|ueber|[Zz]u|[Vv]on)\s(?:sie(?!\sselbst)|ihr)\b(?!\s(?:unternehmen|haus|team|shop))|\bihre[rn]?\s(?:\w+\s){0,2}?(?:Daten|Angaben|Unterlagen)\b|\bsie\sbetreffend"
)
_ACTS = (
    r"\bich (?:schreibe|frage|wende mich|melde mich|bitte|stelle)\b[^.!?]{0,60}\bfuer (?:herrn?|frau|die eheleute|familie)\b|\bi(?:'m| am) (?:writing|asking|enquiring)[^.!?]{0,40} for (?:mr|mrs|ms|miss)\b|"
    r"\bals (?:\w+ ){0,2}\w*(?:berater|beraterin|makler|maklerin|verwalter|verwalterin|bevollmaechtigter?|assistent|assistentin|sekretaerin|sozialarbeiter|sozialarbeiterin|pfleger|pflegerin|dolmetscher|dolmetscherin|treuhaender|sohn|tochter|ehemann|ehefrau|nachbar|nachbarin) (?:von|der|des|fuer|unsere[rs]|meine[rs])\b|"
    r"\bas (?:the |an? )?(?:\w+ )?(?:accountant|adviser|advisor|assistant|secretary|social worker|interpreter|trustee|son|daughter|husband|wife|friend) (?:of|for|to)\b",
)
_ABOUT_TITLED = re.compile(
    r"\b(?:[üÜ]ber|ueber|[Zz]u|[Vv]on|[Dd]aten\svon|about|on|concerning|regarding)\s(?:Herrn?|Frau|Mr\.?|Mrs\.?|Ms\.?|Miss)\s(?:Dr\.\s)?(?P<name>[^\W\d_a-zäöüß][\w'’-]{1,30}(?:\s[^\W\d_a-zäöüß][\w'’-]{1,30}){0,3})"
)
_GREETING = re.compile(
    r"^[^\w\n]{0,8}(?:sehr geehrte\w*|hallo|liebe[rs]?|guten (?:tag|morgen|abend)|dear|hello|hi|moin|servus)\b[^\n,!]{0,80}(?:[,!]|$)",
    re.I | re.M,
)
_NEAR = 2  # sentences back to which "he" or "she" may refer
_MOST = 200


def is_meant(writer: str, text: str) -> bool:
    """Whether the mail asks about a third person's data. `writer`: the name of who wrote, as far as it is known."""
    written = sentences(without_greetings(text))[:_MOST]
    folded = [fold(part) for part in written]
    if not any(any_of(part, ASKS_DATA) for part in folded):
        return False
    if any(any_of(part, _ACTS) and not any_of(part, _OF_ME) for part in folded):
        return True
    return any(
        _about_another(part, folded[at], " ".join(folded[max(0, at - _NEAR) : at]), writer)
        for at, part in enumerate(written)
    )


def without_greetings(text: str) -> str:
    """The text without the lines that greet somebody of the company by name."""
    return _GREETING.sub("", text)


def is_own_name(name: str, writer: str) -> bool:
    """Whether a name, perhaps the family name alone, is the writer's."""
    said = set(fold(name).split())
    return bool(said) and said <= set(fold(writer).replace(",", " ").split())


def _about_another(sentence: str, folded: str, before: str, writer: str) -> bool:
    if not any_of(folded, ASKS_DATA):
        return False
    named = [found["name"] for found in _ABOUT_TITLED.finditer(sentence)]
    if any(not is_own_name(name, writer) for name in named) and writer:
        return True
    if any_of(folded, _OF_ME):
        return False
    if any_of(folded, _ABOUT_SOMEBODY):
        return True
    near = f"{before} {folded}"
    if any_of(near, (_SOMEBODY,)) and (any_of(folded, _OF_HIM) or _OF_HER.search(sentence)):
        return True
    return any_of(folded, _THEIR_WISH) or (any_of(near, (_TITLED,)) and _wish_of_titled(sentence, folded))


def _wish_of_titled(sentence: str, folded: str) -> bool:
    """ "Herr Maler … Er möchte wissen, was Sie über ihn haben": wish and person in one sentence."""
    return any_of(folded, _TITLED_WISH) and (any_of(folded, _OF_HIM) or bool(_OF_HER.search(sentence)))
