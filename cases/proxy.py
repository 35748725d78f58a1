# ruff: noqa: E501 - one form of words per line is easier to check than a broken pattern
"""Who writes for whom: lawyers, parents, carers, and services that write for many people (ID-06).

Whatever is found here only makes a case wait for a person who checks the authority to act, so doubt counts as "writes
for another". Patterns are matched against folded text (`cases.wording.fold`), line by line or sentence by sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from cases import third_person
from cases.claims import birth_date_in
from cases.message import Address
from cases.request import Claims, Proxy, Role
from cases.signature import is_name
from cases.third_person import RELATIVES
from cases.wording import any_of, fold, sentences

_LAWYER = (
    r"\b(?:unser\w*|mein\w*) mandant\w*|\bmandantschaft\b|\banwaltlich (?:vertret|versicher|bevollmaecht)\w*|\bzeig\w* (?:\w+ ){0,4}(?:vertretung|interessen)\b|"
    r"\bour clients\b|\b(?:my|our) client(?:'s)?\b(?! (?:id|number|no))|\b(?:act|acting|instructed) (?:on behalf of|for|by) (?:our|my|the) client|\bmandante?\b (?:hat|wuenscht|macht)",
)
_LAWYER_SIGN = (
    r"\brechtsanw\w*|\bkanzlei\b|\bfachanw\w*|\bsolicitors?\b|\battorney|\blaw (?:firm|office)|\bbarrister|\bverbraucherzentrale\b|\bmandant\w*|\bmieterverein\b",
)
_CHILD = (
    r"\b(?:mein\w*|unser\w*) (?:\w+ ){0,3}(?:sohn\w*|tochter\w*|toechter\w*|soehne\w*|kind(?:er|es|ern|s)?|zwilling\w*|enkel\w*|baby)\b|"
    r"\b(?:my|our) (?:\w+ ){0,3}(?:son|daughter|child(?:ren)?|kids?|twins|boy|girl|toddler)(?:'s)?\b|\b(?:parent|mother|father|mum|mom|dad) of\b|\b(?:vater|mutter|eltern) von \w",
)
_CARED_FOR = (
    r"\b(?:betreuer(?:in)?|betreuung|betreute\w*|vormund\w*|(?:vorsorge|general)vollmacht|bevollmaechtigt\w*|gesetzliche\w* vertret\w*|nachlass\w*|erbe[ni]?\b)\w*|"
    r"\bpower of attorney\b|\b(?:legal )?guardian\b|\bcarer\b|\bdeputy\b|\bexecutor\b|\bnext of kin\b",
)
_RELATIVE = (
    r"\b(?:fuer|im namen|im auftrag|anstelle|stellvertretend fuer)\W+(?:von )?(?:mein\w*|unser\w*) (?:\w+ ){0,2}(?:vater|mutter|mama|papa|opa|oma|grossmutter|grossvater|mann|frau|ehemann|ehefrau|partner\w*|bruder|schwester|eltern|schwieger\w+|freund\w*|nachbar\w*|tante|onkel|lebensgefaehrt\w*)\b|"
    r"\b(?:on behalf of|for) (?:my|our) (?:\w+ ){0,2}(?:father|mother|mum|mom|dad|gran\w*|husband|wife|partner|brother|sister|parents?|friend|neighbou?r|aunt|uncle)(?:'s)?\b|"
    r"\b(?:ueber|zu|von) (?:mein\w*|unser\w*) (?:\w+ ){0,2}(?:vater|mutter|mann|frau|ehemann|ehefrau|bruder|schwester|oma|opa|eltern)\b|\babout my (?:late |elderly )?(?:father|mother|mum|mom|dad|husband|wife|gran\w*)\b",
)
_MANY = (
    r"\b(?:im namen|im auftrag|stellvertretend|in vertretung)\b.{0,60}\b(?:folgende\w*|unserer|mehrere\w*|der unten|nachstehend\w*|nutzer\w*|mitglieder|personen|kundinnen|kunden|betroffenen)\b|"
    r"\bfuer (?:die )?(?:folgende\w*|nachstehend\w*|unten (?:genannt|aufgefuehrt|aufgelistet)\w*) (?:\w+ ){0,2}(?:personen|nutzer\w*|mitglieder|betroffene\w*|mandant\w*|menschen|kund\w+)\b|"
    r"\bon behalf of\b.{0,60}\b(?:following|our (?:users|members|customers|subscribers)|individuals|persons|people|data subjects|users)\b|"
    r"\bfor (?:each of )?the (?:following|individuals|persons|people|data subjects|users)\b",
)
_BEHALF = (
    r"\bim namen (?:von|und (?:im )?auftrag|meine[rs]|des|der|unsere\w+)\b|\bim auftrag (?:von|meine[rs]|des|der|unsere\w+)\b|\bin vollmacht\b|\bvollmacht (?:anbei|liegt|beigefuegt|im anhang)\b|\bon behalf of\b(?! (?:myself|the (?:company|team)|my company))|"
    r"\bas (?:the |an? )?(?:authori[sz]ed )?(?:agent|representative) (?:of|for)\b|\bau nom de\b(?! mon)|\ba nombre de\b|\bper conto di\b|\bnamens\b",
)
# "I shall see my lawyer" is said by a person who writes alone.
_OWN_MATTER = (
    r"\b(?:mein\w*|einen|einem|zum|my|a|our) (?:rechts)?(?:anw(?:alt|aeltin)\w*|lawyer|solicitor|attorney)\b",
)

_TITLE = r"(?:(?:[Hh]errn?|[Ff]rau|Dr\.|Mr\.?|Mrs\.?|Ms\.?|Mx\.?|Miss)\s){0,2}"
_NAME = r"(?P<name>[^\W\d_a-zäöüß][\w'’.-]{0,30}(?:\s(?:von|van|de|der|zu|da|di|del|el|al)){0,2}(?:\s[^\W\d_a-zäöüß][\w'’.-]{1,30}){1,3})"
_OF_WHOM = re.compile(
    r"(?:[Mm]andant(?:in|en|schaft)?s?|[Cc]lients?|[Tt]ochter|[Ss]ohn(?:es|s)?|[Kk]ind(?:es)?|[Mm]utter|[Vv]aters?|[Mm]ann(?:es)?|[Ff]rau|[Ee]he(?:mann|frau)(?:es)?|[Ee]nkel(?:in|s)?|"
    r"[Oo]ma|[Oo]pa|[Bb]ruders?|[Ss]chwester|[Bb]etreuten?|[Nn]achbar(?:in|s|n)?|[Ff]reund(?:in|es|s)?|[Pp]artner(?:in|s)?|son|daughter|child|mother|father|mum|mom|dad|husband|wife|brother|sister|friend|neighbou?r|"
    r"[Bb]etreuer(?:in)? (?:von|f.r)|[Nn]amen (?:von|der|des)|[Aa]uftrag (?:von|der|des)|[Vv]ertret(?:e|en|ung)(?: (?:von|der|des|f.r))?|on behalf of|(?:[Vv]ater|[Mm]utter|[Ee]ltern) von|[Gg]uardian of|[Pp]arent of|[Mm]other of|[Ff]ather of|[Aa]ttorney for|[Dd]eputy for|[Aa]gent (?:of|for)|[Ff].r|[Ff]or)"
    rf"[\s,:(]{{1,3}}{_TITLE}{_NAME}"
)
_RELATIVE_NAMED = re.compile(
    rf"\b(?i:mein|unser|my|our)\w{{0,2}}\s(?:\w+\s){{0,2}}?(?i:{RELATIVES})[\s,:(]{{1,3}}{_TITLE}{_NAME}"
)
_TITLED = re.compile(
    r"\b(?:[Hh]errn?|[Ff]rau|Mr\.?|Mrs\.?|Ms\.?|Mx\.?|Miss|[Ee]heleuten?|[Ff]amilie)\s(?:Dr\.\s)?(?P<name>[^\W\d_a-zäöüß][\w'’-]{1,30}(?:\s[^\W\d_a-zäöüß][\w'’-]{1,30}){0,3})"
)
_TWO = (
    r"(?P<one>[^\W\d_a-zäöüß][\w'’-]{1,30}(?:\s[^\W\d_a-zäöüß][\w'’-]{1,30}){0,2})\s(?:und|and|&|sowie)\s"
    r"(?P<two>[^\W\d_a-zäöüß][\w'’-]{1,30}(?:\s[^\W\d_a-zäöüß][\w'’-]{1,30}){1,2})"
)
_TOGETHER = re.compile(
    rf"\b(?i:wir|we)\b(?:\s?[,:(–-]|,?\s(?:sind|are|heißen|heissen)\b)\s?(?:(?:die|das)\s(?:Eheleute|Ehepaar|Geschwister)\s)?{_TWO}"
)
_SIGNED = re.compile(rf"^\s*{_TWO}\s*$", re.M)
_WITH_ME = re.compile(
    rf"\b(?i:mein|my)\w{{0,2}}\s(?i:{RELATIVES})(?:[\s,(]{{1,3}}(?P<name>[^\W\d_a-zäöüß][\w'’-]{{1,30}}(?:\s[^\W\d_a-zäöüß][\w'’-]{{1,30}}){{0,2}})\)?)?,?\s(?:und|and|&)\s(?:ich|I|me)\b"
)
_NO_FIRST = frozenset(
    fold(
        "mein meine im in ich er sie es der die das wir unser unsere my our the i he she we it they please bitte"
    ).split()
)
_OF_US = (
    r"\b(?:ueber|zu|von) uns(?: beide\w*)?\b|\bunser\w* (?:\w+ ){0,2}(?:daten|angaben)\b|\b(?:about|on|of) (?:both of )?us\b|\b(?:both )?our (?:personal )?(?:data|information|records)\b",
)
_BORN = re.compile(
    r"(?:geb(?:oren|\.)?(?: am)?|born(?: on)?|d\.?o\.?b\.?|date of birth|geburtsdatum|\*)\W{0,4}(?P<d>\d{1,2})[./-]\s?(?P<m>\d{1,2})[./-]\s?(?P<y>\d{4})|(?P<iso>\b(?:19|20)\d{2}-\d{2}-\d{2}\b)|"
    r"\b(?P<d2>\d{1,2})[./](?P<m2>\d{1,2})[./](?P<y2>(?:19|20)\d{2})\b",
    re.I,
)
_EMAIL = re.compile(r"[A-Za-z0-9_.+'-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}")
_NUMBER = re.compile(
    r"(?:kunden(?:nummer|nr)|kd\.?-?nr|customer (?:no|number|id))\W{0,4}([A-Za-z0-9][A-Za-z0-9./_-]{2,30})", re.I
)
_ITEM = re.compile(r"^\s{0,8}(?:[-*•·–]|\(?\d{1,3}[.):]?)\s{0,4}(?P<rest>\S.{3,300})$")
_MOST_SUBJECTS = 500


def read_proxy(sender: Address, text: str) -> Proxy | None:
    """Who writes, if it is for somebody else. `text`: what the writer says (body and attached letter)."""
    folded = " ".join(fold(text).split())
    listed = listed_subjects(text)
    own = any(sender.email and sender.email in claims.emails for claims in listed)
    if len(listed) >= 2 and (any_of(folded, _MANY) or not own):
        return Proxy(Role.AGENCY, sender.name, sender.email)
    for role, expressions in _ROLES:
        if any(any_of(fold(part), expressions) and _acts(role, fold(part), folded) for part in sentences(text)[:200]):
            return Proxy(role, sender.name, sender.email)
    if third_person.is_meant(sender.name, text):
        return Proxy(_role_of_relative(folded), sender.name, sender.email)
    return Proxy(Role.OTHER, sender.name, sender.email) if _together(sender, text) else None


def _role_of_relative(folded: str) -> Role:
    return Role.PARENT if any_of(folded, _CHILD) else Role.OTHER


_ROLES: Sequence[tuple[Role, Sequence[str]]] = (
    (Role.LAWYER, _LAWYER),
    (Role.PARENT, _CHILD),
    (Role.CARER, _CARED_FOR),
    (Role.OTHER, (*_RELATIVE, *_BEHALF)),
)
_FOR_THEM = (
    r"\b(?:ueber|zu|fuer|von|im namen|vertret\w*|sorgeberechtigt\w*|erziehungsberechtigt\w*|gesetzlich\w*)\b.{0,60}\b(?:sohn|tochter|kind|toechter|soehne|zwilling|enkel)|"
    r"\b(?:about|for|of|on behalf of|concerning|regarding|holds? on|have on|on) (?:\w+ ){0,3}(?:my|our) (?:\w+ ){0,3}(?:son|daughter|child|kid|twins|boy|girl)|\b(?:my|our) (?:\w+ ){0,3}(?:son|daughter|child|kid)(?:ren|s)?'s? (?:personal )?(?:data|information|records?|details|account)|"
    r"\b(?:daten|angaben|konto|account|informationen) (?:mein\w*|unser\w*|der|des|von) (?:\w+ ){0,3}(?:sohn|tochter|kind|toechter|soehne|zwilling)|\b(?:parent|mother|father) of\b|\b(?:vater|mutter|eltern) von \w",
)
_ASKS_DATA = (
    r"\bdaten\b|\bauskunft|\bgespeichert\b|\binformationen\b|\bunterlagen\b|\bdata\b|\binformation\b|\brecords?\b|\bhold\b|\baccess\b|\bcopy\b|\bkopie\b",
)
_ACTING_FOR = (
    r"\bals (?:\w+ ){0,3}(?:betreuer|vormund|bevollmaechtigt|vertreter|erbe)|\bbetreuer(?:in)? (?:von|fuer|des|der|meine)|\bich (?:betreue|vertrete)\b|\b(?:vorsorge|general)vollmacht\b|\bbin (?:\w+ ){0,4}(?:betreuer|vormund|bevollmaechtigt)|"
    r"\b(?:have|hold|holding|under|with) (?:\w+ ){0,3}power of attorney\b|\b(?:am|as) (?:[\w']+ ){0,4}(?:guardian|carer|deputy|executor)\b|\bgesetzliche\w* vertret\w* (?:von|fuer|des|der|meine)",
)


def _acts(role: Role, sentence: str, whole: str) -> bool:
    """Whether a sentence that names another person says that the letter is about that person's data."""
    match role:
        case Role.LAWYER:
            return any_of(whole, _LAWYER_SIGN) or not any_of(sentence, _OWN_MATTER)
        case Role.PARENT:
            return any_of(sentence, _FOR_THEM) and any_of(whole, _ASKS_DATA)
        case Role.CARER:
            return any_of(sentence, _ACTING_FOR)
        case _:
            return any_of(sentence, _BEHALF) or any_of(sentence, _ASKS_DATA)


def represented(proxy: Proxy, text: str) -> tuple[Claims, ...]:
    """The claims of everybody a proxy writes for, in the order of the text; empty where nobody is named. Of two who
    write together both are meant; the one who sent the mail has its address."""
    listed = listed_subjects(text)
    if len(listed) >= 2:
        return tuple(listed)
    together = _together(Address(proxy.name, proxy.email), text) if proxy.role is Role.OTHER else ()
    if together:
        return together
    names = [name for name in _named(text) if name.casefold() != proxy.name.casefold()]
    if names:
        return (_one(names[0], text),)
    return tuple(listed) or _by_family_name(proxy, text)


def _by_family_name(proxy: Proxy, text: str) -> tuple[Claims, ...]:
    """ "zu Frau Maler", where no fuller name is found."""
    names = (found["name"] for found in _TITLED.finditer(third_person.without_greetings(text)[:8_000]))
    name = next((name for name in names if not third_person.is_own_name(name, proxy.name)), "")
    return (_one(name, text),) if name else ()


def _together(sender: Address, text: str) -> tuple[Claims, ...]:
    """Both people where two write in one mail about the data of both; else nobody."""
    if not any(
        any_of(fold(part), _OF_US) and any_of(fold(part), third_person.ASKS_DATA) for part in sentences(text)[:200]
    ):
        return ()
    names = _two_names(sender, text)
    mine = next((name for name in names if third_person.is_own_name(name, sender.name)), "")
    return tuple(
        Claims(names=(name,) if name else (), emails=(sender.email,) if name and name == mine else ()) for name in names
    )


def _two_names(sender: Address, text: str) -> tuple[str, ...]:
    for form in (_TOGETHER, _SIGNED):
        for found in form.finditer(text[:8_000]):
            two = found["two"]
            one = found["one"] if " " in found["one"] else f"{found['one']} {two.rpartition(' ')[2]}"
            if is_name(one) and is_name(two):
                return one, two
    relative = _WITH_ME.search(text[:8_000])
    if relative is None or not is_name(sender.name):
        return ()
    return sender.name, relative["name"] or ""


def listed_subjects(text: str) -> list[Claims]:
    """People in list items or table lines: a name with at least an address, a birth date or a number beside it."""
    found: list[Claims] = []
    for line in text.split("\n"):
        item = _ITEM.match(line)
        claims = _of_item(item["rest"] if item else line.strip(), listed=bool(item)) if len(line) < 400 else None
        if claims is not None and len(found) < _MOST_SUBJECTS:
            found.append(claims)
    return found


def _of_item(line: str, listed: bool) -> Claims | None:
    cells = [cell.strip(" *_") for cell in re.split(r"[,;|\t]|\s[-–—]\s|\(|\s{2,}", line.strip()) if cell.strip(" *_")]
    name = next((_plain(cell) for cell in cells[:2] if is_name(_plain(cell))), "")
    mails = tuple(dict.fromkeys(match.group() for match in _EMAIL.finditer(line)))
    born, number = _birth(line), _NUMBER.search(fold(line))
    if not name or not (mails or born or number) or not (listed or len(cells) >= 2):
        return None
    return Claims(names=(name,), emails=mails, birth_date=born, customer_numbers=(number[1],) if number else ())


def _plain(cell: str) -> str:
    return re.sub(r"^(?:(?:Herrn?|Frau|Dr\.|Mr\.?|Mrs\.?|Ms\.?|Mx\.?|Name:)\s)+", "", cell).strip(" .:")


def _named(text: str) -> Iterator[str]:
    for form in (_RELATIVE_NAMED, _OF_WHOM):
        for found in form.finditer(text[:8_000]):
            name = _trimmed(found["name"])
            if is_name(name) and fold(name.split()[0]) not in _NO_FIRST:
                yield name


def _trimmed(name: str) -> str:
    """Without a title, without a word that the next sentence began with, and without the dot between."""
    return _plain(re.sub(r"(?<=\w{3})\.\s.*", "", name))


def _one(name: str, text: str) -> Claims:
    """What stands in the sentence or line that names the person."""
    near = _near(name, text)
    mails = tuple(dict.fromkeys(match.group() for match in _EMAIL.finditer(near)))
    number = _NUMBER.search(near)
    return Claims(names=(name,), emails=mails, birth_date=_birth(near), customer_numbers=(number[1],) if number else ())


def _near(name: str, text: str) -> str:
    at = text.find(name)
    return text[at : at + 300].partition("\n\n")[0] if at >= 0 else ""


def _birth(line: str) -> date | None:
    found = _BORN.search(line)
    if not found:
        return birth_date_in(line)
    parts = found.groupdict()
    try:
        if parts["iso"]:
            return date.fromisoformat(parts["iso"])
        year, month, day = (int(parts[key] or parts[key + "2"]) for key in ("y", "m", "d"))
        return date(year, month, day) if year >= 1880 else None
    except ValueError:
        return None
