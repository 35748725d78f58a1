# ruff: noqa: E501 - one form of words per line is easier to check than a broken pattern
"""How people ask for erasure, rectification, restriction, portability and objection (Art. 16 to 21 GDPR): German, English."""

from __future__ import annotations

from cases.phrases_access import NOT_OWN
from cases.request import Right
from cases.wording import Cue

# The information under Art. 15(1)(e) names these rights without asking for them; so do reservations.
_ONLY_NAMED = (
    r"\bbesteh(?:en|t|ens)\b|\bbehalte ich mir\b|\bexistence of\b|\breserve the right\b|\beines? widerspruchsrecht|"
    r"\bl'existence\b|\bwann\b|\bwhen (?:will|did|have|are)\b|\bwarum\b|\bwieso\b|\bwhy\b",
    *NOT_OWN,
)
_MINE_DE = (
    r"\bmein(?:e[rnms]?|s)? (?:[\w-]+,? ){0,4}(?:\w*daten|\w*kontos?|accounts?|\w*profil\w*|angaben|e-?mail\w*(?:-adresse)?|mailadresse|"
    r"\w*adresse|\w*nummer|\w*unterlagen|bewerbung\w*|informationen|eintrag|eintraege|namen?|fotos?|bilder)\b|\bmich betreffend\w*|"
    r"\bue?ber (?:mich|meine person)\b|\bzu (?:mir|meiner person)\b|\bpersonenbezogen\w* daten\b|\b(?:unter|mit) meine[rm]\b|"
    r"\bue?ber (?:unseren?|meinen?) mandant\w*|\bvon mir\b"
)
_BY_MISTAKE = r"\bversehentlich\b|\birrtuemlich\b|\bnicht (?:der|die) (?:richtige|vorgesehene)|\bdiese e-?mail\b|\bdiese nachricht\b"
_MINE_EN = (
    r"\bmy (?:[\w-]+,? ){0,4}(?:data|information|info|accounts?|profile|details|records|e-?mails?|address|number|name|photos?|files?)\b|"
    r"\b(?:about|on|concerning|regarding|relating to|associated with) me\b|\ball personal data\b|\bpersonal data associated\b"
)

ERASURE = (
    Cue(
        "asks to erase data about the person",
        (r"\b(?:ge)?loesch\w*|\bl[o]sch(?:en|ung|t|e)\b|\bentfern\w*|\bvernicht\w*|\bausloesch\w*", _MINE_DE),
        (*_ONLY_NAMED, _BY_MISTAKE, r"\bverteiler\w*|\b(?:schon|bereits|leider) geloescht\b|\brueckruf|\bpasswort\b"),
        right=Right.ERASURE,
    ),
    Cue(
        "invokes the right to erasure",
        (
            r"\brecht\w* auf (?:\w+ )?(?:loeschung|vergessen\w*)|\bloesch(?:antrag|ersuchen|anfrage|begehren|"
            r"verlangen)|\bart(?:\.|ikel)? ?17\b.{0,40}\b(?:ds-?gvo|datenschutz)|\bantrag auf (?:\w+ )?loeschung\b",
            r"\b(?:ich|hiermit|mein\w*|bitte\w*|gebrauch|antrag|meiner)\b",
        ),
        (*_ONLY_NAMED, r"\bihr loesch"),
        right=Right.ERASURE,
    ),
    Cue(
        "asks to erase data about the person",
        (r"\b(?:delet\w*|eras\w*|remov\w*|forget|forgotten|destroy|wipe|purge)\b", _MINE_EN),
        (
            *_ONLY_NAMED,
            r"\b(?:mailing|marketing|distribution|email|subscription) lists?\b|\bmarketing\b.{0,30}\blists?\b|\bprevent deletion|"
            r"\bpreserve\b|\byour (?:\w+ )?request\b|\baccidentally\b|\bby mistake\b|\bcannot\b",
        ),
        right=Right.ERASURE,
    ),
    Cue(
        "invokes the right to erasure",
        (
            r"\bright (?:to (?:erasure|be forgotten|deletion)|of erasure)\b|\b(?:erasure|deletion) request\b|"
            r"\bart(?:icle|\.)? ?17\b.{0,40}\bgdpr",
            r"\b(?:i|my|me|hereby|please)\b",
        ),
        (*_ONLY_NAMED, r"\byour (?:\w+ )?(?:erasure|deletion) request"),
        right=Right.ERASURE,
    ),
)

_FIELD_DE = r"\b(?:\w*daten|\w*namen?|\w*adresse|anschrift|\w*nummer|geburts\w+|angaben|e-?mail\w*|titel|familienstand|anrede|eintrag)\b"
_NOT_DATA_DE = (
    r"\brechnung\w*|\bliefer\w*|\bbestell\w*|\bpasswort\b|\bangebot\w*|\bzaehler|\bverkabel|\bartikel\w*nummer"
)
RECTIFICATION = (
    Cue(
        "asks to correct data about the person",
        (
            r"\bberichtig\w*|\bkorrigier\w*|\bkorrektur\w*|\brichtig ?(?:zu)?stell\w*|\bvervollstaendig\w*",
            r"\bmein\w*\b|\bmich betreffend\w*|\bpersonenbezogen\w*",
            r"\b\w*daten\b|" + _FIELD_DE,
        ),
        (*_ONLY_NAMED, _NOT_DATA_DE),
        right=Right.RECTIFICATION,
    ),
    Cue(
        "says that data about the person are wrong",
        (
            r"\bfalsch\w*|\bunrichtig\w*|\bveraltet\w*|\bstimm(?:t|en) nicht\b|\bfehlerhaft\w*|"
            r"\bnicht (?:mehr )?(?:korrekt|richtig|aktuell)\b|\bnicht mehr\b",
            r"\bmein\w*\b",
            _FIELD_DE,
            r"\bfalsch\w*|\bunrichtig\w*|\bveraltet\w*|\bstimm|\bfehlerhaft\w*|\bkorrekt\b|\brichtig\b|\baktuell\b",
        ),
        (*_ONLY_NAMED, _NOT_DATA_DE, r"\bgeworben\b"),
        right=Right.RECTIFICATION,
    ),
    Cue(
        "invokes the right to rectification",
        (
            r"\brecht\w* auf (?:\w+ )?berichtigung|\bart(?:\.|ikel|icle)? ?16\b|\bright (?:to|of) rectification|"
            r"\brectification request|\bberichtigungs(?:antrag|ersuchen|anspruch)",
            r"\b(?:ich|hiermit|mein\w*|bitte\w*|i|my|hereby|please|request\w*)\b",
        ),
        _ONLY_NAMED,
        right=Right.RECTIFICATION,
    ),
    Cue(
        "asks to correct data about the person",
        (
            r"\b(?:rectif\w*|correct(?:ion|ions|ed|ing)?|amend\w*|updat\w*|fix)\b",
            r"\bmy (?:[\w-]+ ){0,4}(?:data|information|records?|name|address|details|number|date of birth|surname|profile)\b|"
            r"\bpersonal data\b|\bdata (?:\w+ ){0,3}about me\b|\bthem with the correct\b",
        ),
        (*_ONLY_NAMED, r"\b(?:order|invoice|password|booking|payment)\b|\bi will\b|\bwhile this\b"),
        right=Right.RECTIFICATION,
    ),
    Cue(
        "says that data about the person are wrong",
        (
            r"\b(?:inaccura\w*|outdated|incorrect\w*|wrong|misspel\w*|out of date|no longer correct)\b",
            r"\bmy (?:[\w-]+ ){0,4}(?:data|information|name|address|number|details|records?|date of birth|surname|e-?mail)\b|"
            r"\b(?:data|information) (?:\w+ ){0,3}about me\b",
        ),
        (*_ONLY_NAMED, r"\b(?:order|invoice|password|booking)\b"),
        right=Right.RECTIFICATION,
    ),
)

RESTRICTION = (
    Cue(
        "asks to restrict processing",
        (
            r"\beinschraenk\w*|\bbeschraenk\w*|\bsperr\w*",
            r"\bverarbeitung\b|\bmein\w* (?:\w+ ){0,3}\w*daten\b",
            r"\b(?:ich|mein\w*|mich|mir)\b",
        ),
        (*_ONLY_NAMED, r"\bart\.? ?17\b|\bkarte\b|\bkonto sperr"),
        right=Right.RESTRICTION,
    ),
    Cue(
        "asks to restrict processing",
        (r"\brestrict\w*\b", r"\bprocess\w*\b", r"\b(?:i|my|me|please|hereby)\b"),
        _ONLY_NAMED,
        right=Right.RESTRICTION,
    ),
    Cue(
        "invokes the right to restriction",
        (r"\bart(?:\.|ikel|icle)? ?18\b.{0,40}\b(?:ds-?gvo|gdpr)", r"\b(?:ich|hiermit|bitte\w*|mein\w*|i|my|hereby)\b"),
        _ONLY_NAMED,
        right=Right.RESTRICTION,
    ),
)

PORTABILITY = (
    Cue(
        "asks to have the data in a portable format",
        (
            r"\bdatenuebertragbarkeit|\bdatenportabilitaet|\bdatenuebertragung\b|\bart(?:\.|ikel)? ?20\b",
            r"\bdaten",
            r"\b(?:ich|mir|mein\w*|hiermit|bitte\w*)\b",
        ),
        _ONLY_NAMED,
        right=Right.PORTABILITY,
    ),
    Cue(
        "asks to have the data in a portable format",
        (
            r"\bmaschinenlesbar\w*|\bneuen? anbieter|\banderen? anbieter",
            r"\bmein\w* (?:\w+ ){0,3}\w*daten\b",
            r"\buebertrag\w*|\buebermitt\w*|\bbereitstell\w*|\bherausgabe\b|\bgeben\b|\bschick\w*|\bsend\w*",
        ),
        _ONLY_NAMED,
        right=Right.PORTABILITY,
    ),
    Cue(
        "asks to have the data in a portable format",
        (
            r"\bportab\w*|\bart(?:icle|\.)? ?20\b|\bmachine[- ]readable\b|\b(?:another|new|other) (?:service )?"
            r"(?:provider|controller)\b",
            r"\bdata\b",
            r"\b(?:i|my|me)\b",
        ),
        (*_ONLY_NAMED, r"\bpreferred\b"),
        right=Right.PORTABILITY,
    ),
)

_ADVICE = r"\bwenn sie\b|\bfalls sie\b|\bklick\w*|\bif you\b|\bclick\b|\bto unsubscribe\b|\byou can\b|\bunter folgendem link\b|\bhttps?:|\bsollte ich\b"
OBJECTION = (
    Cue(
        "objects to processing or advertising",
        (
            r"\bwidersprech\w*|\bwiderspruch\w*|\buntersag\w*|\bverbiete\b",
            r"\bverarbeitung\b|\bnutzung\b|\bverwendung\b|"
            r"\bweitergabe\b|\bwerb\w*|\bprofiling\b|\w*daten\b|\bnewsletter\w*|\bmarketing\w*|\bart(?:\.|ikel)? ?21\b|\bdirektwerbung|\bdatenverarbeitung",
        ),
        (
            *_ONLY_NAMED,
            r"\brechnung\b|\bmahn(?:bescheid|ung)\b|\bkein widerspruch\b|\bwiderspruchsrecht\b|\bbuchung\b|\bbescheid\b",
            r"\bwenn sie\b|\bfalls sie\b|\bart(?:\.|ikel)? ?15\b",
        ),
        right=Right.OBJECTION,
    ),
    Cue(
        "wants no more advertising",
        (
            r"\bkeine?\w*\b|\bnicht (?:mehr|laenger)\b|\bstopp?\w*|\bunterlass\w*|\babmeld\w*|\babbestell\w*|\baustrag\w*|\bstreich\w*|"
            r"\bentfern\w*|\bnehm\w*|\bloesch\w*",
            r"\bwerbung\b|\bwerbe\w*|\bnewsletter\w*|\bmarketing\w*|\bmailing\w*|\bwerbemail\w*|\bverteiler\w*|\brundmail\w*",
            r"\b(?:ich|mich|mir|mein\w*|bitte|erbeten|hiermit)\b",
        ),
        (*_ONLY_NAMED, _ADVICE),
        right=Right.OBJECTION,
    ),
    Cue(
        "withdraws consent (Art. 7(3) GDPR), to be handled like an objection",
        (
            r"\bwiderruf\w*|\bwithdraw\w*|\brevoke\b|\bziehe\b.{0,60}\bzurueck\b",
            r"\beinwilligung\w*|\bconsent\b|\bzustimmung\b|\beinverstaendnis\w*",
            r"\b(?:ich|hiermit|mein\w*|i|my|hereby)\b",
        ),
        (*_ONLY_NAMED, _ADVICE, r"\bif i have\b|\bfalls ich\b"),
        right=Right.OBJECTION,
    ),
    Cue(
        "objects to processing or advertising",
        (
            r"\bobject(?:s|ing|ion)?\b|\bopt(?:ing)?[ -]?out\b|\bunsubscribe\b|\bstop\b|\bremove me\b|\bno longer (?:wish|want)\b|"
            r"\bdo not (?:contact|send|email)\b|\bdon't (?:contact|send|email)\b|\bcease\b",
            r"\bprocessing\b|\bmarketing\b|\bnewsletters?\b|\bmailing\b|\bprofiling\b|\badvert\w*|\bpromotional\b|\bspam(?:ming)?\b|\bcommunications\b|\bemails\b",
            r"\b(?:i|my|me)\b",
        ),
        (*_ONLY_NAMED, _ADVICE),
        right=Right.OBJECTION,
    ),
)

OTHER_RIGHTS = (*ERASURE, *RECTIFICATION, *RESTRICTION, *PORTABILITY, *OBJECTION)
