# ruff: noqa: E501 - one form of words per line is easier to check than a broken pattern
"""How people ask for access (Art. 15 GDPR), as data: German and English in full, other languages in their main forms.

All patterns are matched against folded text (`cases.wording.fold`): lower case, "ae" for "ä", no accents.
"""

from __future__ import annotations

from cases.wording import Cue

# Statements about rights in general (privacy notices, advice, offers) ask for nothing.
NOT_OWN = (
    r"\b(?:sie|ihr|du|kunden|nutzer|betroffene|personen) (?:\w+ )?(?:haben|habt|hast|hat) (?:\w+ ){0,4}(?:recht|anspruch)\b",
    r"\bihre rechte\b|\bihr recht\b|\bunsere(?:r|n)? (?:kunden|nutzer|mandanten|mitglieder)\b|\bbetroffenenrechte\b",
    r"\byou (?:\w+ ){0,2}have (?:the|a) right\b|\byour rights?\b|\byou (?:may|can) request\b|\bour (?:customers|users|clients)\b",
    r"\b(?:kunde|kundin|nutzer|mitarbeiter|bewerber)(?:in|innen)? (?:\w+ ){0,2}(?:verlangt|fordert)\b|\bvon uns auskunft\b",
    r"\bhow (?:to|do (?:we|you)|should we) (?:handle|respond|answer|deal|process)\b|\bumgang mit (?:auskunft|betroffenen|anfragen)",
    r"\bwie (?:gehen|beantworten|bearbeiten|reagieren) (?:wir|sie)\b|\b(?:webinar|seminar|whitepaper|e-?book|checkliste)\b",
    r"\bvous (?:avez|disposez) (?:\w+ ){0,3}(?:droit|d'un droit)\b|\bvos droits\b|\bha(?:i)? (?:il )?diritto\b|\btiene(?:s)? derecho\b",
    r"\bbewerbe (?:ich )?mich\b|\berfahrung(?:en)? (?:\w+ ){0,2}(?:mit|in|bei)\b|\bexperience (?:with|in|of)\b|\bi (?:have )?worked (?:on|with|as)\b|\bmy application\b",
    r"\bsus derechos\b|\bi (?:suoi|tuoi) diritti\b|\bu heeft (?:het )?recht\b|\buw rechten\b|\bma pan(?:i)? prawo\b",
)
PAST = (
    r"\b(?:hatte|habe) ich (?:\w+ ){0,6}(?:gestellt|gesendet|geschickt|gewandt|gebeten|gerichtet|angefragt|beantragt)\b|"
    r"\bhatte ich\b|\bi (?:have )?(?:already )?(?:sent|submitted|filed|made)\b|\bje vous ai (?:envoye|adresse)\b|"
    r"\bj'ai (?:envoye|adresse)\b",
)

_LAW15 = (
    r"\bart(?:\.|ikel|icle|icolo|iculo|igo|ykul\w*|\. ?c\.)? ?15\b|§ ?(?:34|57) (?:\w+\.? ?\d? ?){0,3}bdsg|"
    r"§ ?19 (?:\w+\.? ?\d? ?){0,6}(?:dsg-ekd|kirchengesetz)|§ ?17 (?:\w+\.? ?\d? ?){0,6}(?:kdg|kirchliche)|"
    r"\bart(?:\.|ikel)? ?25 (?:\w+\.? ?\d? ?){0,3}dsg\b|§ ?44 (?:\w+\.? ?\d? ?){0,3}dsg\b|\bczl\. ?15\b|\bclanak 15|\bcl\. ?15\b"
)
_GDPR = (
    r"\bds-?gvo\b|\bdatenschutz|\bgdpr\b|\brgpd\b|\bavg\b|\brodo\b|\bbdsg\b|\bdsg\b|\bdsg-ekd\b|\bkdg\b|\bkirchen?|"
    r"\bkirchlich|\bdata protection|\bregolamento|\breglement|\bverordening|\bgkpd\b|\buredb|\bdaten|\bdata\b|\bauskunft"
)
_ASK_DE = (
    r"\b(?:bitte\w*|gebeten|erbeten|erbitte\w*|ersuche\w*|fordere\w*|fordern|verlange\w*|beantrage\w*|wuensche\w*|moechte\w*|"
    r"hiermit|begehre\w*|gebrauch|geltend|haette\w*|wuerde\w*|will|wollen|koenn\w+|kannst|antrag|teil\w* (?:sie )?mir|"
    r"schick\w*|send\w*|gebt|geben sie|mitzuteilen|berufe|wahrnehme\w*|ausueb\w*|ueb\w*|brauche|benoetige)\b"
)
_ME_DE = r"\b(?:ich|mich|mir|mein(?:e[rnms]?|s)?|wir|meinerseits|mandant\w+)\b"
_DATA_DE = (
    r"\b(?:daten|datens(?:atz|aetze)|(?:personen|kunden|nutzer|nutzungs|konto|profil|stamm|kontakt|bewerber|standort|"
    r"gesundheits)daten|informationen|infos?|angaben)\b|\bpersonenbezogen|\bpersoenliche\w* daten"
)
_ABOUT_ME_DE = (
    r"\bue?ber (?:mich|meine person|meine familie|uns)\b|\bzu (?:mir|meiner person|meinem (?:namen|konto|account|profil))\b|"
    r"\bvon (?:mir|meiner person)\b|\bmein(?:e[rn]?|em)? (?:\w+,? ){0,5}(?:(?:personen|kunden|nutzer|nutzungs|profil|bewerber|standort|"
    r"gesundheits|stamm|kontakt|vertrags|mitglieds)?daten|angaben|informationen|infos)\b|\bmich (?:\w+ ){0,2}(?:betreffend|bezogen|bezieh)|\bbetreffend\w* (?:\w+ )?meine person\b|\bauf mich\b|"
    r"\b(?:ue?ber|zu|von) (?:mein|unser)(?:e[rnm]?)? (?:\w+ ){0,2}(?:mandant\w*|sohn\w*|tochter|kind\w*|vater\w*|mutter|"
    r"verstorben\w*)|\bunter mein\w* (?:namen?|e-?mail\w*|adresse|nummer)\b|\bwas mich betrifft\b|\bmit meinem namen\b"
)
_HOLD_DE = (
    r"\b(?:ge)?speicher\w*|\bverarbeite\w*|\bhabt\b|\bhaben\b|\bhast\b|\bhat\b|\b(?:vor)?lieg\w*|\bbesitz\w*|\berhob\w*|"
    r"\berheb\w*|\berfass\w*|\bgesammelt\b|\bsammel\w*|\bhinterlegt\b|\bverwende\w*|\bnutzt\b|\bnutzen\b|\bvorhanden\b|\bvorh[ae]lt"
)
_KEEP_DE = (
    r"\b(?:ab)?(?:ge)?speicher\w*|\bverarbeite\w*|\b(?:vor)?lieg\w*|\berhob\w*|\bgesammelt\b|\bsammel\w*|\bhinterlegt\b|"
    r"\bwiss(?:t|en)\b|\bweisst\b|\bvorhanden\b|\berfasst\b"
)
_NOUN_DE = (
    r"\b(?:dsgvo-?|daten|datenschutz|selbst|betroffenen)?auskunfts?(?:ersuchen|anfrage|begehren|verlangen|antrag|gesuch|anspruch|"
    r"recht|anforderung)\w*\b|\bdatenschutzanfrage|\bbetroffenenanfrage|\bdatenauskunft\b|\bauskunftserteilung\b|"
    r"\bselbstauskunft\b|\bdsgvo-auskunft\b"
)
_AUTHORITY = (
    r"\bstpo\b|\bpolizei(?:praesidium|inspektion|direktion)|\bstaatsanwaltschaft (?!ber)|\bermittlungsverfahren\b|"
    r"§ ?93 (?:\w+ )?ao\b|\bfinanzamt\b|\bmieter|\bschufa\b|\bbonitaet"
)
_NEED_DE = r"\b(?:benoetig\w*|brauch(?:en|t|st)) (?:sie|ihr|du)\b|\bbenoetigt werden\b|\bgeben (?:wir|soll ich)\b"
_DELETE_DE = r"\b(?:ge)?loesch\w*|\bentfern\w*|\bvernicht\w*|\bkorrig\w*|\bberichtig\w*|\bsperr\w*|\bwiderspr\w*"
# "Send me everything, then delete it" asks for access as well; "delete everything and confirm it" does not.
_DELETE_FIRST_DE = (
    r"^(?:(?!\b(?:schick\w*|(?:zu)?send\w*|uebermitt\w*|mitteil\w*|mitzuteil\w*|teil\w*|auskunft|kopie|nennen|zukommen|gebt|geben|wissen|erfahren|"
    r"sagt?|sagen)\b).)*\b(?:(?:ge|zu)?loesch|entfern|vernicht|korrig|berichtig|sperr|widerspr)|\balles,? was (?:[\w,]+ ){0,8}(?:zu )?loesch"
)
_GIVEN_DE = (
    r"\banbei\b|\bbeigefuegt\b|\bim anhang\b|\b(?:habe|hatte) ich (?:ihnen|euch|dir|bereits|schon)\b|\bich (?:sende|schicke|habe)"
    r" (?:ihnen|euch|dir)\b|\bhier (?:sind|meine)\b|\bnicht (?:an|weiter)|\bzugangsdaten\b"
)

GERMAN = (
    Cue(
        "asks for access and names the law",
        (_LAW15, _GDPR, _ASK_DE, r"\bauskunft|\bkopie|\bdaten\b|\banfrage|\bantrag|\banspruch|\brecht\b|\bersuch"),
        (
            *NOT_OWN,
            *PAST,
            _AUTHORITY,
            r"\bbeschwerde nach\b",
            r"\b(?:teilen sie uns|ihre? software|von betroffenen|betroffener)\b",
            r"\bart\.? ?77\b",
            r"\bfragen? (?:zu|zum|zur|ueber)\b|\bkoennen wir\b|\bsprechen\b|\b(?:training|projekt|prozess)\b",
        ),
    ),
    Cue(
        "asks for information about the data held on the person",
        (r"\bauskunft|\bauskuenfte", _DATA_DE, _ABOUT_ME_DE, _HOLD_DE + "|" + _ASK_DE),
        (
            *NOT_OWN,
            *PAST,
            r"\bdank fuer (?:die|ihre|eure) \w*auskunft",
            _AUTHORITY,
            r"\bauskunftei",
            _NEED_DE,
            r"\b(?:bestell|liefer|vertrags|rechnungs)status\b",
        ),
    ),
    Cue(
        "asks to be informed about the data held on the person",
        (
            r"\b(?:informier\w*|aufklaer\w*|mitteil\w*|teil\w* (?:sie )?mir)\b",
            _DATA_DE,
            _ABOUT_ME_DE,
            _KEEP_DE,
            _ASK_DE,
        ),
        (*NOT_OWN, *PAST, _NEED_DE, _DELETE_DE),
    ),
    Cue(
        "asks which data are held about the person",
        (
            r"\b(?:welche\w*|was (?:\w+ ){0,2}fuern?|wieviele?) (?!die\b|diese\b|sich\b)(?:[\w-]+,? ){0,4}(?:\w*daten|datens\w+|informationen|infos?|angaben|eintraege|unterlagen)\b",
            _HOLD_DE,
            r"\bue?ber mich\b|\bzu (?:mir|meiner person)\b|\bue?ber meine person\b|\bvon mir\b|\bmich betreffend|\bmein(?:e[rn]?|e[ms])?\b|"
            r"\bue?ber (?:unseren?|meinen?) (?:mandant|sohn|tochter)|\bhabe ich\b|\bdarin\b",
        ),
        (*NOT_OWN, _NEED_DE, _GIVEN_DE),
    ),
    Cue(
        "asks what is known about the person",
        (
            r"\b(?:was|alles,? was|wieviel|wie viel)\b",
            _KEEP_DE + r"|\bhabt ihr\b|\bhaben sie\b",
            r"\bue?ber mich\b|\bzu (?:mir|meiner person)\b|\bue?ber meine person\b|\bvon mir (?:ge)?speicher",
        ),
        (*NOT_OWN, _DELETE_FIRST_DE),
    ),
    Cue(
        "asks whether data about the person are processed",
        (
            r"\bob\b|\binwiefern\b|\binwieweit\b|\bspeichern sie\b|\bspeichert ihr\b|"
            r"\bhaben sie\b|\bhabt ihr\b",
            r"\bdaten\b|\bpersonenbezogen|\binformationen\b",
            _ABOUT_ME_DE,
            _KEEP_DE + r"|\bbetroffen\b",
        ),
        (*NOT_OWN, _DELETE_DE, r"\bstand\b|\bangekommen\b|\berhalten\b"),
    ),
    Cue(
        "asks whether the person is on file",
        (
            r"\b(?:bin ich|ich)\b",
            r"\bgespeichert\b|\bdatenbank\w*|\bkartei\b|\bgelistet\b",
            r"\bbin\b|\bstehe\b|\bgefuehrt werde\b",
            r"\b(?:ihnen|ihrer?|ihrem|ihren|euch|eurer?|eurem|euren)\b",
        ),
        (*NOT_OWN, _DELETE_FIRST_DE),
    ),
    Cue(
        "asks for a copy of the person's data",
        (
            r"\b(?:daten)?kopien?\b|\babschrift|\bausdruck|\bdatenauszug|\bauszug\b|\bdatenexport|"
            r"\bexport\b|\bauflistung|\bliste\b|\buebermittlung\b|\buebersendung\b|\bzusendung\b|\bherausgabe\b|\baufstellung|\buebersicht|\bzusammenstellung",
            r"\bdaten\b|\bdatens(?:atz|aetze)|\bpersonenbezogen|"
            r"\bdatenkopie",
            _ABOUT_ME_DE,
        ),
        (*NOT_OWN, _GIVEN_DE),
    ),
    Cue(
        "files a request for access",
        (
            _NOUN_DE,
            r"\b(?:hiermit|ich|mein(?:e[nsm]?)?|stelle\w*|richte\w*|mache|bitte)\b",
            _ASK_DE + r"|\bstelle\b|\bsende\b|\bdies ist\b|\bgemaess\b|\bnach art",
        ),
        (*NOT_OWN, *PAST, _AUTHORITY, r"\b(?:bearbeitung|beantwortung|erfahrung\w*) (?:\w+ ){0,2}(?:von|mit|in) "),
    ),
    Cue(
        "invokes the right of access",
        (
            r"\brecht\w* auf (?:\w+ )?auskunft|\bauskunfts(?:recht|anspruch)|\banspruch auf (?:\w+ )?auskunft|"
            r"\brecht auf (?:eine )?(?:daten)?kopie",
            r"\bgebrauch\b|\bgeltend\b|\bausueb\w*|\bueb\w*\b|\bnehme\b|\bwahrnehm\w*|\bberufe\b|"
            r"\bnutze\w*\b|\bmoechte\b|\bhabe ich\b|\bmein",
        ),
        (*NOT_OWN,),
    ),
    Cue(
        "asks for access under data protection law",
        (
            r"\bauskunft (?:\w+ ){0,3}(?:nach|gemaess|gem\.?|laut|lt\.?|entsprechend|aufgrund|"
            r"im sinne|im rahmen|zu|aus|zum) (?:\w+ ){0,3}(?:ds-?gvo|datenschutz\w*|bdsg)|\bauskunft (?:ds-?gvo|gdpr)\b|"
            r"\bds-?gvo[- ]auskunft|\bdatenauskunft\b|\bdatenschutz(?:rechtliche)? auskunft|\bdatenschutzauskunft\b",
            _ASK_DE + "|" + _ME_DE,
        ),
        (*NOT_OWN, *PAST, _AUTHORITY),
    ),
    Cue(
        "asks where the person's data come from",
        (
            r"\bwoher\b|\bwo (?:haben sie|habt ihr) (?:\w+ )?mein|\bherkunft\b|\bquelle\b",
            r"\bmein(?:e[rnms]?)? (?:\w+,? ){0,2}(?:\w*daten|(?:\w*-)?(?:e-?mail|mail)\w*(?:-?adresse)?|\w*adresse|\w*nummer|anschrift|namen?|"
            r"kontakt\w*)\b",
            r"\bhaben\b|\bhabt\b|\bhast\b|\bstamm\w*|\bkomm\w*|\bkennt\b|\bkennen\b|\berhalten\b|\bauskunft\b",
        ),
        NOT_OWN,
    ),
    Cue(
        "asks to whom the person's data were given",
        (
            r"\ban wen\b|\bwelche\w* (?:\w+ )?(?:dritte\w*|empfaenger\w*|partner\w*|firmen|"
            r"unternehmen|stellen)\b|\bwem\b|\bwer (?:\w+ )?(?:hat|erhaelt|bekommt)\b",
            r"\bmein\w* (?:\w+ ){0,2}\w*(?:daten|adresse|nummer)\b",
            r"\bweiter\w*|\buebermitt\w*|\bverkauf\w*|\bgeteilt\b|\bzugriff\b|\berhalten\b",
        ),
        NOT_OWN,
    ),
    Cue(
        "asks why or how long the person's data are kept",
        (
            r"\bwie ?lange\b|\bzu welche[mn] zweck\w*|\bwarum\b|\bwozu\b|\bspeicherdauer",
            r"\bmein\w* (?:\w+ ){0,2}(?:\w*daten|angaben)\b",
            r"\bspeicher\w*|\bgespeichert\b|\bverarbeite\w*|\baufbewahr\w*",
        ),
        (*NOT_OWN, _DELETE_DE),
    ),
    Cue(
        "wants to see the person's data",
        (
            r"\beinsicht\w*|\beinblick\b|\beinsehen\b|\bzugang\b|\bzugriff\b|\banschauen\b|\bansehen\b",
            _ABOUT_ME_DE,
            r"\bgespeichert\w*|\bverarbeite\w*|\bpersonenbezogen\w*|\ball\w*\b|\bsaemtlich\w*|\bdatenschutz|\bhaben\b|\bhabt\b",
            _ASK_DE,
        ),
        (*NOT_OWN, r"\bkein(?:en)? zug|\bportal\b|\bpasswort\b|\bzugangsdaten\b|\bwieder\b"),
    ),
    Cue(
        "wants all of the person's data",
        (
            r"\b(?:all\w*|saemtlich\w*|gespeichert\w*|vorhanden\w*|personenbezogen\w*)\b",
            _ABOUT_ME_DE,
            r"\b(?:mir|zukommen|zusend\w*|zuschick\w*|herausgabe|herausgeben|rausgeben|aushaendig\w*|mitteil\w*|offenleg\w*|auflisten|nennen|"
            r"zur verfuegung|wissen|erfahren|ich will|haben moechte|sehen)\b",
            _ASK_DE,
        ),
        (*NOT_OWN, _DELETE_FIRST_DE, _GIVEN_DE),
        4,
    ),
    Cue(
        "passes on someone's request for access",
        (
            r"\b(?:herr|frau|kund(?:e|in)|anrufer(?:in)?|person|bewerber(?:in)?|jemand|er|sie)\b",
            r"\b(?:moechte|verlangt|fordert|wuenscht|will|bittet|fragt|hat)\b",
            r"\bauskunft\b|\bwelche daten\b",
            r"\b(?:seine|ihre|deren) (?:\w+ ){0,2}daten\b|\bue?ber (?:ihn|sie|sich)\b",
        ),
        (*NOT_OWN[:3],),
        3,
        extra="representative",
    ),
    Cue("mentions Art. 15 GDPR or its national counterpart", (_LAW15, _GDPR), NOT_OWN, 2),
    Cue("mentions a request for access", (_NOUN_DE,), (*NOT_OWN, _AUTHORITY), 2),
)

_LAW15_EN = r"\bart(?:icle|\.)? ?15\b"
_ASK_EN = (
    r"\b(?:i (?:am|hereby|would|want|wish|request|demand|require|write|exercise|need|like|formally|kindly|make|ask)|i'm|i'd|please|"
    r"hereby|my right|(?:this is|as) (?:a|my) (?:\w+ ){0,2}request|request(?:ing)?|kindly|can i|could i|may i|can you|could you|"
    r"provide me|send me|give me|let me|tell me|formal)\b"
)
_MY_DATA_EN = r"\bmy (?:own )?(?:\w+ )?(?:data|information|info|records|file|details)\b"
_ABOUT_ME_EN = (
    r"\b(?:about|on|concerning|regarding|relating to|related to|associated with|linked to|belonging to|of) (?:me|myself|mine|"
    r"my (?:client|son|daughter|child|person|account|name|email|activities))\b|" + _MY_DATA_EN
)
_DATA_EN = r"\b(?:data|information|info|records?|details|files?)\b"
_HOLD_EN = (
    r"\b(?:hold|holding|held|have|has|store[sd]?|storing|process\w*|keep|kept|keeping|collect\w*|got|gathered|possess|retain\w*|"
    r"maintain\w*|saved?|know)\b"
)
_OTHER_WISH_EN = (
    r"\b(?:consent|object(?:ing|ion)?|withdraw\w*|delet\w*|eras\w*|remov\w*|rectif\w*|correct\w*|updat\w*|chang\w*|forg[eo]t\w*|restrict\w*|stop|unsubscribe|"
    r"transfer|restore|recover\w*|lost|roaming|mobile data|data plan|backup|attached|here is|here are|i have sent)\b"
)
_DELETE_FIRST_EN = (
    r"^(?:(?!\b(?:send|provide|tell|give|show|cop(?:y|ies)|access|know|see|disclose|list|export)\b).)*\b(?:delet\w*|eras\w*|remov\w*|destroy\w*|"
    r"rectif\w*|correct\w*|updat\w*|forget|restrict\w*|stop|unsubscribe|transfer)\b"
)
_OTHER_MATTER_EN = (
    r"\b(?:including (?:any |all )?copies|backup copies|consent|object(?:ing|ion)?|withdraw\w*|restore|recover\w*|lost|roaming|mobile data|data plan|backup|attached|here is|here are|i have sent|"
    r"(?:delet|eras|remov|destroy)\w* (?:\w+ ){0,5}(?:cop(?:y|ies)|what|which|whatever|exports?))\b"
)
_LOCKED_OUT = r"\b(?:cannot|can't|can not|unable|couldn't|could not|trouble|log ?in|logging in|password|no longer have access|error)\b"
# What colleagues ask the people who run their computers for.
_OTHER_ACCESS = r"\baccess (?:request )?(?:for|to) (?:\w+ ){0,3}(?:drive|folder|share|server|repository|repo|wiki|calendar|building|vpn|intranet|sharepoint)\b"
_NOT_MINE_EN = (
    r"\byour (?:\w+ ){0,4}request\b|\bhas been (?:received|completed|processed)\b|\bdsar (?:workflow|software|platform|portal|"
    r"automation|tool|solution)s?\b|\b(?:our|the) (?:software|platform|solution)\b",
)

ENGLISH = (
    Cue(
        "asks for access and names the law",
        (_LAW15_EN, r"\b(?:gdpr|data|access|copy|information|regulation|dpa)\b", _ASK_EN),
        (
            *NOT_OWN,
            *PAST,
            *_NOT_MINE_EN,
            r"\blodg\w+ (?:a|this) complaint (?:under|according|pursuant|with you)",
            r"\bart\w*\.? ?77\b",
        ),
    ),
    Cue(
        "asks for a copy of the person's data",
        (r"\b(?:cop(?:y|ies)|export|printout|disclosure|extract|download|archive|report)\b", _DATA_EN, _ABOUT_ME_EN),
        (*NOT_OWN, *_NOT_MINE_EN, _OTHER_MATTER_EN, _LOCKED_OUT, r"\bportab"),
    ),
    Cue(
        "asks which data are held about the person",
        (
            r"\b(?:what|which|whatever) (?:[\w-]+,? ){0,4}(?:data|information|info|records?|details|files?)\b",
            _HOLD_EN,
            _ABOUT_ME_EN + r"|\bmy\b",
        ),
        (*NOT_OWN, *_NOT_MINE_EN, r"\b(?:need|require) from me\b", _LOCKED_OUT, _OTHER_MATTER_EN),
    ),
    Cue(
        "asks what is known about the person",
        (
            r"\b(?:what|everything|anything|all)\b",
            r"\byou(?:'ve| have| hold| know|r company \w+|"
            r"r systems?|r records?| store| keep| collected| got)\b",
            r"\b(?:about|on|regarding|concerning) (?:me|myself)\b",
        ),
        (*NOT_OWN, _OTHER_MATTER_EN, _DELETE_FIRST_EN),
    ),
    Cue(
        "asks whether the person is on file",
        (
            r"\b(?:am i|i am|i'm)\b",
            r"\b(?:whether|if|am i)\b",
            r"\bin your (?:\w+ )?(?:database|system|files|records|crm)\b",
        ),
        (*NOT_OWN, _LOCKED_OUT),
    ),
    Cue(
        "asks for the data held on the person",
        (
            _DATA_EN,
            r"\byou(?:r company)?(?:'ve| have| hold| store| keep| process| collect\w*| got| possess| retain| maintain)",
            r"\b(?:about|on|concerning|regarding|relating to) (?:me|myself)\b",
            _ASK_EN,
        ),
        (*NOT_OWN, *_NOT_MINE_EN, _OTHER_MATTER_EN, _DELETE_FIRST_EN, _LOCKED_OUT),
    ),
    Cue(
        "files a request for access",
        (
            r"\b(?:data )?subject access(?: request)?\b|\bd?sars?\b|\b(?:personal )?(?:data|information) access request|"
            r"\bgdpr (?:data |access |information )?request|\brights? (?:of|to) access\b|\baccess rights?\b|\brequest (?:for|to) access\b|"
            r"\baccess request\b",
            r"\b(?:i|i'm|i'd|my|me|hereby|please)\b",
        ),
        (
            *NOT_OWN,
            *PAST,
            *_NOT_MINE_EN,
            _LOCKED_OUT,
            _OTHER_ACCESS,
            r"\bwe (?:help|offer|provide|support|received)\b|\bexperience\b",
        ),
    ),
    Cue(
        "wants access to the person's data",
        (
            r"\baccess(?:ing)?\b|\bsee\b|\bview\b|\binspect\b|\breview\b",
            _ABOUT_ME_EN,
            _DATA_EN,
            r"\b(?:want|request\w*|would like|wish|like to|seek\w*|grant|give|provide|exercise|exercising|entitled|demand|need|require|can i|"
            r"may i|how (?:can|do) i)\b",
        ),
        (*NOT_OWN, *_NOT_MINE_EN, _LOCKED_OUT, _OTHER_WISH_EN),
    ),
    Cue(
        "asks whether data about the person are processed",
        (
            r"\b(?:confirm|whether|if you (?!have (?:made|disclosed))|do you|does your)\b",
            r"\b(?:process\w*|hold\w*|stor\w*|have|keep)\b",
            r"\b(?:personal )?(?:data|information)\b",
            r"\b(?:concerning|about|on|regarding|relating to) me\b|\bmy (?:personal )?(?:data|information)\b",
        ),
        (*NOT_OWN, *_NOT_MINE_EN, _OTHER_WISH_EN, _LOCKED_OUT),
    ),
    Cue(
        "asks where the person's data come from",
        (
            r"\b(?:where|how) (?:did|have|do) you (?:get|got|obtain\w*|find|found|acquire\w*|come by|"
            r"have|collect\w*|receive\w*)\b|\bsource of\b",
            r"\bmy (?:\w+ ){0,2}(?:data|e-?mail|address|number|details|name|information|contact)\b",
        ),
        NOT_OWN,
    ),
    Cue(
        "asks to whom the person's data were given",
        (
            r"\b(?:who|whom(?! it may)|which (?:companies|third parties|partners|recipients))\b",
            r"\b(?:shared?|disclosed|passed|sold|given|sent|has access)\b",
            r"\bmy (?:\w+ ){0,2}(?:data|information|details|address)\b",
        ),
        NOT_OWN,
    ),
    Cue(
        "wants all of the person's data",
        (
            r"\ball (?:of )?(?:the |my |personal |any )*(?:data|information|info|records)\b|\bany and all\b",
            _HOLD_EN,
            r"\b(?:about|on|regarding|concerning|relating to) me\b|\bmy\b",
            _ASK_EN,
        ),
        (*NOT_OWN, _OTHER_MATTER_EN, _DELETE_FIRST_EN, _LOCKED_OUT),
    ),
    Cue(
        "wants the person's data",
        (
            r"\b(?:i (?:want|need|request|demand|require)|i would like|i'd like|(?:please )?(?:send|give|provide|show)"
            r"(?: me)?|can i (?:have|get|see)|may i (?:have|see|get)|could i (?:have|get|see)|request(?:ing)?) "
            r"(?:(?:to|have|get|receive|see|with|all|of|any|the|a|copy|for) ){0,5}my (?:own )?(?:personal |stored |full |complete )?(?:data|information|records)\b",
        ),
        (
            *NOT_OWN,
            _OTHER_MATTER_EN,
            _DELETE_FIRST_EN,
            _LOCKED_OUT,
            r"\bportab|\bconfidential|\bprivate\b|\bdata (?:to be )?(?:delet|eras|remov|correct|updat)\w*",
        ),
        4,
    ),
    Cue("mentions Art. 15 GDPR", (_LAW15_EN, r"\b(?:gdpr|data|ukgdpr)\b"), NOT_OWN, 2),
    Cue(
        "mentions a request for access",
        (
            r"\bsubject access request|\bdata access request|\b(?:personal )?data access\b|\bdsar\b|"
            r"\baccess to (?:\w+ )?personal data\b|\brequest regarding my (?:personal )?data\b",
        ),
        (*NOT_OWN, *_NOT_MINE_EN),
        2,
    ),
)
