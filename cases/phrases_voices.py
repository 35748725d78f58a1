# ruff: noqa: E501 - one form of words per line is easier to check than a broken pattern
"""Who speaks, and for whom: companies that answer a request, newsletters, people who ask for others, people of few words.

All patterns are matched against folded text (`cases.wording.fold`).
"""

from __future__ import annotations

from cases.phrases_access import NOT_OWN, PAST
from cases.wording import Cue

# What only the one who was asked can say: the request stands with the reader.
ANSWER = (
    r"\b(?:wir|ich)\b(?: \w+){0,3} ihnen (?:\w+ ){0,4}(?:gewuenscht\w*|angefordert\w*|erbeten\w*|beantragt\w*|begehrt\w*|angefragt\w*|verlangt\w*|folgende) (?:\w+ ){0,2}(?:daten|auskunft|auskuenfte|datenauskunft|kopien?|datenkopie|informationen|unterlagen)\b",
    r"\b(?:wir|ich)\b(?: \w+){0,3} ihnen (?:\w+ ){0,4}(?:auskunft|kopie|datenkopie)\b.{0,60}\b(?:die wir|die bei uns|ihrer (?:\w+ )?daten|ueber ihre)\b",
    r"\b(?:wir haben|haben wir|bei uns|in unseren systemen|unsererseits)\b.{0,60}\bkeine\w* (?:\w+ ){0,3}(?:daten|informationen|eintraege)\b.{0,40}\b(?:ueber sie|zu ihnen|zu ihrer person|von ihnen|ueber ihre person)\b|"
    r"\b(?:ueber sie|zu ihnen|zu ihrer person|von ihnen|ueber ihre person)\b.{0,60}\bkeine\w* (?:\w+ ){0,3}(?:daten|informationen|eintraege)\b.{0,40}\b(?:gespeichert|vorhanden|verarbeitet|gefunden|verarbeiten wir|speichern wir)\b|\bnegativauskunft\b",
    r"\b(?:wir haben|haben wir|wir bestaetigen)\b.{0,40}\bihre?[nrs]? (?:\w+ ){0,2}(?:antrag|anfrage|auskunfts\w+|ersuchen|datenanfrage|datenschutzanfrage|anliegen|eingang)\b.{0,120}\b(?:erhalten|empfangen|eingegangen|erfasst|bearbeite\w*|geprueft|weitergeleitet)\b|"
    r"\bihre?[nrs]? (?:\w+ ){0,2}(?:antrag|anfrage|auskunfts\w+|ersuchen|datenanfrage|datenschutzanfrage)\b.{0,120}\b(?:bei uns eingegangen|eingegangen ist|wird (?:\w+ ){0,3}bearbeitet|wurde (?:\w+ ){0,4}(?:bearbeitet|weitergeleitet))\b",
    r"\b(?:erteilen|uebermitteln|uebersenden|senden|schicken|erhalten|geben|teilen|informieren|beauskunften)\b (?:wir (?:ihnen|sie)|sie von uns)\b.{0,120}\b(?:ueber sie|zu ihrer person|ihrer (?:\w+ )?daten|ueber ihre (?:\w+ )?(?:person|daten))\b|"
    r"\bwir\b.{0,12} ihnen\b.{0,120}\b(?:ueber sie|zu ihrer person|zu ihnen)\b.{0,60}\b(?:gespeichert|verarbeite\w*|vorliegen|verarbeitet)\b|"
    r"\b(?:daten|auskunft|informationen),? (?:die )?wir (?:zu|ueber) (?:sie|ihrer person|ihnen)\b|\bauf ihre[nrs]? (?:\w+ ){0,3}(?:antrag|anfrage|ersuchen|auskunfts\w+)\b.{0,100}\bwir ihnen\b",
    r"\b(?:attached|enclosed|below)\b.{0,60}\b(?:your (?:personal )?(?:data|information)|data (?:that )?we (?:hold|process|store|have) (?:about|on) you)\b.{0,100}\b(?:request\w*|article 15|art\. ?15|gdpr)\b",
    r"\b(?:data|information) (?:that |which )?we (?:hold|process|store|have)(?: \w+){0,2} (?:about|on|concerning) you\b.{0,60}\b(?:attached|enclosed|below|listed|following)\b|\byour (?:\w+ ){0,6}request\b.{0,60}\bhas been (?:answered|fulfilled|dealt|handled|forwarded|completed)\b|"
    r"\b(?:in response|in reply|further|pursuant|with regard|in answer) to your (?:\w+ ){0,5}request\b|\bwe (?:have|hold|store|process|found)(?: \w+){0,2} no (?:\w+ ){0,2}(?:data|information|records?)\b.{0,40}\b(?:about|on|concerning|relating to|of) you\b|"
    r"\bwe (?:do not|don't|could not) (?:hold|store|process|have|find) any (?:\w+ ){0,2}(?:data|information|records?)\b.{0,40}\b(?:about|on|concerning|relating to|of) you\b|"
    r"\bwe (?:have |hereby |acknowledge |confirm )(?:\w+ ){0,3}(?:receipt of |received )your (?:\w+ ){0,6}request\b|\bwe acknowledge (?:\w+ ){0,3}your (?:\w+ ){0,6}request\b",
)
# Whoever asks of it in the same letter speaks of it as their own.
OWN_MATTER = (
    r"\b(?:ich|mir|mich|meine?[rnms]?|mandant\w*|beauftragt\w*|bevollmaechtigt\w*|namens|vollmacht)\b|\buns (?:\w+ ){0,4}mitzuteilen\b|"
    r"\b(?:bitten|fordern|verlangen|beantragen|ersuchen|begehren) (?:\w+ )?wir\b|\bwir (?:\w+ )?(?:bitten|fordern|verlangen|beantragen|ersuchen|begehren)\b",
    r"\b(?:i|i'm|i'd|me|my|mine|myself|our client|on behalf)\b|\bwe (?:\w+ )?(?:request|ask|demand|require)\b",
)
NEWSLETTER_SENDER = (
    r"^(?:[\w.+-]*[.+_-])?(?:newsletters?|mailings?|rundbrief|infobrief|infoletter)(?:[.+_-][\w.+-]*)?@",
)
NEWSLETTER = (
    r"\bnewsletter\w*|\bausgabe\b|\babonn\w+|\bmuster(?:brief|schreiben|text|anfrage)\w*|\bvorlagen?\b|\bformulierung\w*|\bso (?:kann|koennte|sieht)\b|"
    r"\b(?:sample|template|model) (?:letter|text|request|wording)s?\b|\btemplates?\b|\bsubscri\w+|\bunsubscribe\b|\bissue\b|\bliebe leser\w*|\bdear readers?\b|\btipps?\b|\btips?\b",
)
# A person who has an answer to give passes an agency's letter on even where a bulk mailer sent it.
AUTHORISED = (
    r"\bauthori[sz]ed (?:\w+ ){0,4}(?:to|by|agent|representative)\b|\bon behalf of\b|\bacting (?:for|on)\b|\bmandated by\b|\bpower of attorney\b",
    r"\b(?:bevollmaechtigt|beauftragt|ermaechtigt)\w*\b|\bin vollmacht\b|\bim (?:namen|auftrag) (?:von|der|des|unser\w*|folgende\w*)\b|\bvertret\w* (?:wir|ich)\b|\b(?:wir|ich) vertret\w*",
)
_OTHERS_DE = r"\b(?:er|sie|es|herrn?|frau|dame|kund(?:e|in|en)|mandant\w*|klient\w*|mutter|vater|eltern|oma|opa|grossmutter|grossvater|nachbar\w*|freund\w*|bekannte\w*|kolleg\w*|tante|onkel|bruder|schwester|sohn|tochter|kind|mann|betreute\w*|partner\w*|schwiegermutter|schwiegervater|person|die genannt\w+)\b"
_ABOUT_THEM_DE = (
    r"\b(?:ueber|zu|von) (?:ihn|ihm|sie|ihr|ihnen|sich|seine person|ihre person|diese person)\b|"
    r"\b(?:seine|ihre|deren|dessen)[rnms]? (?:\w+ ){0,3}daten\b"
)
_HELD_DE = r"\b(?:ge)?speicher\w*|\bverarbeite\w*|\bauskunft\b|\bgesammelt\b|\bhaben\b|\bhabt\b|\bvorlieg\w*|\bliegen\b|\bkopie\b"
FOR_OTHERS = (
    Cue(
        "asks on somebody's behalf what is held on that person",
        (
            _OTHERS_DE
            + r" (?:\S+ ){0,8}(?:moechte|wuenscht|will|wuerde|haette|verlangt|fordert|bittet|beantragt|fragt|interessiert)\b|"
            r"\b(?:moechte|wuenscht|will|wuerde|haette|verlangt|bittet) (?:\w+ ){0,2}" + _OTHERS_DE,
            r"\bwissen\b|\berfahren\b|\bauskunft\b|\bkopie\b|\bwelche\b|\bob\b",
            _HELD_DE,
            _ABOUT_THEM_DE,
            r"\b(?:sie|ihr|ihnen|euch|ihrem|ihrer|eure[rnms]?)\b",
        ),
        (*NOT_OWN, r"\b(?:wir|uns|unsere[rnms]?)\b", r"\bangebot\w*|\bbestell\w*|\brechnung\b"),
        extra="representative",
    ),
    Cue(
        "asks on somebody's behalf what is held on that person",
        (
            r"\b(?:he|she|they|mr|mrs|ms|miss|my (?:\w+ ){0,2}(?:client|mother|father|mum|mom|dad|neighbou?r|friend|husband|wife|partner|brother|sister|son|daughter|aunt|uncle|gran\w*|colleague)|our client|the (?:client|person|customer|individual)|data subject)\b"
            r"(?:\W+\w+){0,4} (?:wants?|would like|wishes|wish|requests?|asks?|is asking|demands?|seeks?|'d like)\b",
            r"\bknow\b|\bwhat\b|\bwhich\b|\bcop(?:y|ies)\b|\baccess\b|\bwhether\b|\btold\b|\binformed\b",
            r"\b(?:on|about|of|concerning|regarding|relating to) (?:him|her|them|himself|herself|themselves)\b|\b(?:his|her|their) (?:\w+ ){0,2}(?:data|information|records?|file)\b",
            r"\byou\b|\byour\b|\baccess\b|\bcopy\b",
        ),
        (
            *NOT_OWN,
            r"\b(?:we|our (?:company|team|systems?|records)|us)\b",
            r"\b(?:order|invoice|booking|cv|application)\b",
        ),
        extra="representative",
    ),
    Cue(
        "says that the writer is authorised to ask for somebody",
        (
            "|".join(AUTHORISED),
            r"\bart(?:icle|ikel|\.)? ?15\b|\b(?:data )?subject access\b|\bd?sar\b|\bauskunft\w*|\bright of access\b",
            r"\brequest\w*|\bersuch\w*|\bantrag\b|\banfrage\b|\bauskunft\w*|\bbeantrag\w*|\bverlang\w*",
        ),
        (
            *NOT_OWN[:2],
            *PAST,
            r"\byour (?:\w+ ){0,3}request\b|\bihre?[nrs]? (?:\w+ ){0,2}(?:antrag|anfrage|ersuchen)\b",
        ),
        extra="representative",
    ),
)
_LAW_ALONE = r"\bart(?:\.|ikel|icle)? ?(?:15|fuenfzehn|fifteen)\b"
SPELLED_OUT = (
    Cue(
        "asks for access and names the law",
        (
            r"\bartikels? fuenfzehn\b|\bart(?:\.|ikels?)? ?15 (?:\w+ ){0,3}grundverordnung\b|\barticle fifteen\b",
            r"\bgrundverordnung\b|\bgdpr\b|\bds-?gvo\b|\bdatenschutz\w*|\bdata protection\b",
            r"\b(?:ich|mein\w*|hiermit|wir|i|my|hereby)\b",
            r"\bgebrauch\b|\bgeltend\b|\bberufe\b|\bwahrnehm\w*|\bverlang\w*|\bforder\w*|\bbitte\b|\bexercis\w*|\binvok\w*|\brequest\b|\bauskunft\b",
        ),
        (*NOT_OWN, *PAST),
    ),
    Cue(
        "demands what Art. 15 obliges to, without naming the law",
        (
            _LAW_ALONE,
            r"\bpflicht\w*|\bverpflicht\w*|\brecht\w*|\banspruch\w*|\bobligat\w*|\bdut(?:y|ies)\b|\brights?\b",
            r"\b(?:ich|mein\w*|hiermit|wir|i|my|hereby)\b",
            r"\bforder\w*|\bverlang\w*|\bbitte\b|\bgebrauch\b|\bgeltend\b|\bnachzukommen\b|\berfuellen\b|\bexercis\w*|\bcomply\b|\bdemand\b|\brequest\b|\bask\b",
        ),
        (
            *NOT_OWN,
            *PAST,
            r"\b(?:gg|grundgesetz\w*|verfassung\w*|vertrag\w*|satzung\w*|agb|contract|constitution|mietvertrag\w*)\b",
        ),
        3,
    ),
)
TERSE = 120  # characters of a mail that does little more than name its matter
TERSE_REQUEST = (
    r"\b(?:data )?subject access(?: request)?\b|\bd?sars?\b|\bdata access request\b|\bgdpr (?:access )?request\b|\bright of access\b",
    r"\b(?:dsgvo-?|daten|datenschutz|selbst|betroffenen)?auskunfts?(?:ersuchen|anfrage|begehren|verlangen|antrag|gesuch|anspruch|recht)\b|\bdatenauskunft\b|\bselbstauskunft\b|\bdsgvo[- ](?:auskunft|anfrage)\b|"
    r"\bart(?:\.|ikel|icle)? ?15\b.{0,20}\b(?:ds-?gvo|gdpr)\b|\bmeine daten\b\W{0,3}$",
)
NOT_TERSE = (
    r"\bschulung\w*|\bseminar\w*|\bwebinar\w*|\btraining\b|\bangebot\w*|\btermin\b|\bmeeting\b|\bprotokoll\w*|\bsoftware\b|\bworkshop\w*|\bcorona\b|\bcovid\b|\bschufa\b|\bmieter\w*|\bradio\b|\bsar (?:team|dog|image\w*|data)\b|\bstatistik\w*",
)
