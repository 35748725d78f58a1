# ruff: noqa: E501, SIM905 - one alternative per line is easier to check than broken patterns
"""What a text of the register says, in German and English: a period that can be counted, an event that can be named,
a place holder, or nothing.

Art. 15(1)(d) asks for the period or the criteria by which it is determined; "as long as necessary", the name of a
statute or of a policy alone are neither (ANS-08).
"""

from __future__ import annotations

import re

# -- place holders and mere references, in whatever text of the register ------------------------------------------------
_OWED = frozenset(
    "todo|to do|tbd|tba|tbc|fixme|n/a|n.a.|n. a.|k.a.|k. a.|n.n.|n. n.|xxx|xyz|lorem ipsum|platzhalter|placeholder|"
    "wird ergänzt|wird nachgereicht|noch zu klären|zu klären|in klärung|noch festzulegen|zu ergänzen|noch offen|folgt|"
    "n.v.|n. v.|in arbeit|wird noch ergänzt|wird noch geklärt|zu definieren|dummy|work in progress|wip|coming soon|"
    "to be determined|to be defined|to be decided|to be confirmed|to be added|to follow".split("|")
)
_NOTHING = frozenset(
    "unbekannt|unknown|unklar|unclear|nicht bekannt|not known|offen|keine angabe|keine angaben|ohne angabe|ohne angaben|"
    "entfällt|nicht zutreffend|not applicable|not specified|not stated|unspecified|pending|s.o.|s. o.|s.u.|s. u.|dito|"
    "ditto|wie oben|as above|etc|usw|diverse|diverses|verschiedene|verschiedenes|sonstiges|sonstige|various|"
    "miscellaneous|other|others|keine|none|nichts|nothing".split("|")
)
_POINTED = r"(siehe|s\.|vgl\.?|vergleiche|verweis auf|see|cf\.?|refer to|reference to)"
_CITED = r"(gemäß|gem\.|laut|lt\.|nach|entsprechend|wie in|im rahmen|geregelt in|in|according to|in accordance with|as per|per|pursuant to|under|as (described|set out|stated|defined|laid down) in|based on)"
_POLICY = (
    r"\w*(datenschutz(erklärung|hinweis|information|richtlinie|konzept|bestimmung)|(lösch|aufbewahrungs)(konzept|plan|fristenplan|richtlinie|matrix|regel|vorgabe)|vvt|verarbeitungsverzeichnis|verzeichnis der verarbeitung|"
    r"privacy (policy|notice|statement|information)|retention (policy|schedule|concept|plan)|deletion (policy|concept|schedule)|data protection (policy|notice|statement)|records? of processing|"
    r"internal (policy|policies|guidelines?)|interne\w* (vorgabe|richtlinie|regelung))\w*"
)
_PAPER = rf"({_POLICY}|anlage\b|anhang\w*|annex|appendix)"
_REFERENCE = re.compile(
    rf"{_POINTED}\s[^:;,–—]{{1,100}}|{_CITED}\s(\w+\s){{0,3}}{_PAPER}(\s[^:;,–—]{{0,40}})?|((unsere?|die|das|our|the) )?{_POLICY}"
)
_AROUND = "-–—. ?!()[]<>*_/…"
_SAYS_SOMETHING = re.compile(r"[^\W_]")

# -- periods --------------------------------------------------------------------------------------------------------------
_NUMBER = (
    r"(\d*[½¼¾]|\d+([.,]\d+)?|ein(e|em|en|er|es)?|anderthalb|eineinhalb|zwei(einhalb)?|zwo|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|vierzehn|"
    r"fünfzehn|achtzehn|zwanzig|einundzwanzig|vierundzwanzig|fünfundzwanzig|achtundzwanzig|dreißig|sechsunddreißig|vierzig|achtundvierzig|fünfzig|"
    r"sechzig|zweiundsiebzig|neunzig|hundert|an?|half an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    r"eighteen|twenty([- ](four|five|eight))?|thirty([- ]six)?|forty([- ]eight)?|fifty|sixty|seventy[- ]two|ninety|(a |one )hundred)"
)
_WHOLE = r"(volle[rnms]?|ganze[rnms]?|weitere[rnms]?|halbe[rnms]?|(drei)?viertel|vollständige[rn]?|aufeinander ?folgende[rn]?|full|more|further|whole|additional|complete|half|calendar|business|working|consecutive|financial)"
_OF = r"(kalender|geschäfts|werk|arbeits|schul|lebens|wirtschafts|haushalts|bank|betriebs|beitrags|halb|viertel|dreiviertel)?"
_UNIT = (
    r"(minuten?|stunden?|std\.?|tag(e|en|es)?|wochen?|monat(e|en|s)?|quartal(e|en|s)?|semestern?|jahr(e|en|es)?|jahres-?(frist|zeitraum)|monats-?(frist|zeitraum)|"
    r"tage-?(frist|zeitraum)|jahrzehnt(e|en|s)?|dekaden?|saisons?|spielzeit(en)?|j\.|t\.|wo\.|mon\.?|mte?\.|min\.?|"
    r"minutes?|hours?|hrs?\.?|days?|weeks?|wks?\.?|fortnights?|months?|mos?\.?|mths?\.?|quarters?|terms?|seasons?|years?|yrs?\.?|decades?)"
)
_LONG = r"(minütig|stündig|tägig|wöchig|monatig|jährig)(e[rnms]?)?"
_BETWEEN = r"[\s\u00a0()-]{0,3}"
_COUNTED = rf"(?<!\w)(\d+ ?[hdwy](?!\w)|{_NUMBER}\.?{_BETWEEN}(\((\d+|{_NUMBER})\) )?({_WHOLE} )?{_OF}{_UNIT}(?![\w-])|{_NUMBER}-?{_LONG}(?!\w))"
_YEAR_END = r"\b(ende|ablauf|schluss|end|close|expiry) (des|der|of (the|that|this|each)) (?!tages\b|day\b)([\w-]+ ){0,6}?\w*(jahr(es)?|monats|quartals|woche|semesters|saison|spielzeit|year|month|quarter|week|term|season)(?!\w)|\b(jahres|monats|quartals)ende\b|\byear[- ]end\b"
_DATE = r"\b(\d{1,2}\. ?(\d{1,2}\.|januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember)|\d{1,2}(st|nd|rd|th)? (january|february|march|april|may|june|july|august|september|october|november|december)|(bis|until|to|zum|by|ende|mitte|end of) (ende |the end of |end of )?20\d\d)"
_PERIOD = re.compile(f"{_COUNTED}|{_YEAR_END}|{_DATE}")
# What has a number and still no end: "mindestens ein Tag"; when or how often somebody looks; "eines Tages".
_OPEN_PERIOD = re.compile(
    rf"\b(mindestens|wenigstens|min\.|frühestens( nach)?|at least|a minimum of|minimum|no less than|not less than|at the earliest( after)?) (for |noch )?{_COUNTED}"
    rf"|\b(nach|after) {_COUNTED} (wird|werden|is|are|will be|we|prüfen|überprüfen)( \w+){{0,3}} (geprüft|überprüft|wir|reviewed|review|checked|check|assessed|assess)\b"
    rf"|^(mehr als|länger als|über|more than|longer than|over) {_COUNTED}[ .]*$|{_COUNTED} (oder|und|or|and) (länger|mehr|longer|more)\b"
    rf"|\beines tages\b|\b(one|some) day\b(?! (after|from|following|later))"
)
_LOOKED_AT = re.compile(
    rf"\b(alle|aller|jede\w*|every|each|once (in )?)( {_COUNTED}| \w*(jahr|monat|quartal|year|month|quarter)\w*)"
)
# No length at all, and the letter of a norm that looks like a unit: "Art. 6 Abs. 1 d".
_NO_LENGTH = re.compile(
    rf"(?<![\w.,])(0+([.,]0+)?|null|zero|no)(?![\d.,])({_BETWEEN}({_WHOLE} )?{_OF}{_UNIT}(?![\w-])| ?[hdwy](?!\w))"
    r"|(\b(abs|absatz|art|artikel|article|para|paragraph|section|nr|no|satz)\b\.?|§) ?\d+(\.\d+)* ?[a-z](?!\w)"
)
_MOST_YEARS = 50
_LENGTH = re.compile(
    r"(?<![\w.,])(?<!über )(?<!unter )(?<!over )(?<!under )(?P<number>\d+(?:[.,]\d+)*|sechzig|zweiundsiebzig|neunzig|(?:ein)?hundert|sixty|seventy[- ]two|ninety|(?:a |one )?hundred)"
    rf"[\s\u00a0-]?(?:\(\w+\) )?(?:{_WHOLE} )?(?:kalender)?(?P<unit>jahrzehnt|dekade|decade|jahr|jährig|j\.|year|yr|y\b|monat|month|tag|day)(?![-\w]* (?:alt|old|of age))"
)
_YEARS_OF = {
    "jahrzehnt": 10.0,
    "dekade": 10.0,
    "decade": 10.0,
    "monat": 1 / 12,
    "month": 1 / 12,
    "tag": 1 / 365,
    "day": 1 / 365,
}
_STATUTE = re.compile(
    r"§|\b(art\.?|artikel|article|section|sec\.) ?\d|\b[^\W\d_]{4,}(?<!aufbewahrungs)(gesetz(es|buch|buchs)?|ordnung)\b|\b(?!the |an |by |this |under )\w{2,} (act|code)\b"
)
_LOOKING = re.compile(r"prüf|kontroll|evaluier|durchgesehen|review|check|assess|evaluat|examin")

# -- events ---------------------------------------------------------------------------------------------------------------
_MATTER_DE = (
    r"\w*(vertrag|vertrags|vertrages|vertragsverhältnis|verhältnis|vereinbarung|mitgliedschaft|beschäftigung|anstellung|beziehung|konto|abonnement|bestellung|auftrag|"
    r"lieferung|reparatur|gewährleistung|garantie|veranstaltung|verfahren|verfahrens|projekt|kurs|seminar|lehrgang|reise|aufenthalt|sitzung|session|gewinnspiel|wettbewerb|umfrage|studie|teilnahme|probezeit|"
    r"bearbeitung|anfrage|vorgang|vorgangs|beschwerde|reklamation|prüfung|ausbildung|amtszeit|wahl|rechtsstreit|mandat|mandats|besuch|behandlung|pflege|betreuung|miete|nutzung|registrierung|gespräch|telefonat|kampagne|insolvenz|verträge|zusammenarbeit|kooperation|verbindung|angelegenheit|einwilligung|berechtigung|darlehen|zahlung|sendung)\w*"
)
_MATTER_EN = (
    r"(contracts?|agreement|employment|membership|lease|tenancy|relationship|account|subscription|orders?|delivery|repair|warranty|guarantee|event|procedure|process|proceedings?|project|course|seminar|trip|stay|session|"
    r"competition|contest|draw|campaign|survey|study|participation|probation|inquiry|enquiry|request|matter|case|complaint|examination|training|term of office|election|litigation|dispute|mandate|visit|treatment|registration|conversation|call|insolvency)"
)
_END_DE = r"(ende|ablauf|beendigung|abschluss|erledigung|abwicklung|erfüllung|auflösung|abschließende[rn]?|dauer|laufzeit|auslaufen|wegfall|erlöschen|durchführung|beantwortung|bearbeitung|ausführung|abrechnung|beendet|abgeschlossen|endet|läuft|besteht)"
_EVENTS = (
    rf"\b{_END_DE}( \w+){{0,4}} {_MATTER_DE}",
    rf"\b(solange|während|sobald|wenn|bis)( \w+){{0,4}} {_MATTER_DE}( \w+){{0,4}} (läuft|besteht|endet|beendet|abgeschlossen|erledigt|beantwortet)\b",
    r"\b\w*(vertrags|mitgliedschafts|verfahrens|projekt|auftrags|beschäftigungs|gewährleistungs|garantie|miet|abo|nutzungs)(ende|laufzeit|dauer|ablauf|frist|zeit|abschluss|beendigung)\b",
    r"\b(bis|nach|mit|bei|ab|zu[mr]?|durch|unmittelbar|unverzüglich|sofort)( \w+){0,4} \w*(abmeldung|abbestellung|widerspruch|widerrufs?|kündigung|austritts?|ausscheidens?|rückgabe|rücksendung|auszug|abreise|check-?out|abholung|auslieferung|zustellung|zusendung|bezahlung|zahlungseingang|überschreiben|überschreibung|auslosung|stellenbesetzung|besetzung der stelle|absage|rechtskraft|entlastung|auswertung|eingabe|ausgabe|übermittlung|freischaltung|vorstellungsgespräch\w*|todesfall|ableben|volljährigkeit|tod(es)?|geburt|umzugs?|entlassung|versand(s|es)?|versendung|rückrufs?|schlussrechnung|schlusszahlung|rechnungsstellung|abschaltung|neuwahl|vereinswechsel|rückzahlung|tilgung|begleichung|übergabe|abnahme|fertigstellung|verkauf|stilllegung|genehmigung|ablehnung|entscheidung|löschverlangen|löschantrag|ihr verlangen|auf verlangen|amtszeit\w*|schulabschluss\w*|zeugnisausgabe)\b",
    r"\b(schließen|schließung|verlassen|löschen|löschung|deaktivieren|deaktivierung|abmelden|kündigen|auflösung)( \w+){0,3} \w*(kontos?|kundenkontos?|nutzerkontos?|browsers?|accounts?|profils?|seite|website|newsletters?|abonnements?|app|fensters?)\b",
    r"\b(bis|sobald|wenn|solange) (sie|der nutzer|die person|der kunde|die kundin)( \w+){0,5} (löschen|löscht|abmelden|abbestellen|widersprechen|widerrufen|widerruft|kündigen|kündigt|schließen|schließt|austreten|austritt|ausscheidet|verlassen|nutzen|angemeldet|bestellt|abonniert|mitglied|folgen|entfolgen|ausziehen|abholen|zurückgeben|bezahlen|bezahlt haben|teilnehmen)\b",
    r"\b(as long as|while) you (still )?(follow|subscribe|are following)\b",
    r"\b(bis|sobald|wenn) sie uns( \w+){0,3} (bitten|auffordern|mitteilen|sagen|schreiben)\b",
    rf"\b(solange|während) sie( \w+){{0,4}} ({_MATTER_DE}|mitglied|kund\w*|mieter\w*|\w*(abonnent|follower|gast|gäste|patient|teilnehmer|schüler|student|studierend|bewohner|nutzer|spender|lieferant|mitarbeiter|klient|mandant)\w*|angestellt|beschäftigt|abonniert|angemeldet|registriert)\b",
    rf"\b(as long as|while) you( \w+){{1,4}} ({_MATTER_EN}|members?|customers?|tenants?|patients?|subscribers?|followers?|guests?|residents?|donors?|students?|participants?|users?|employed|registered|subscribed|logged in)\b",
    r"\b((halb|viertel|zwei|drei)?(jähr|monat|wöchent|täg|nächt)lich\w*|(quartals|monats|wochen)weise) (\w+ )?(gelöscht|löschung|überschrieben|vernichtet)\b|\b(deleted|erased|overwritten|destroyed) (daily|weekly|fortnightly|monthly|quarterly|annually|yearly|half-yearly|every (night|day|week|fortnight|month|quarter|year))\b",
    r"\b(sofort|unverzüglich|umgehend)\w* (gelöscht|löschung|verworfen|vernichtet)\b|\b(deleted|erased|discarded) (immediately|at once)\b|\bimmediately (deleted|erased|discarded)\b",
    r"\bletzte[nrms]? (\w+ )?(kontakts?|kontaktaufnahme|bestellung|kaufs?|anmeldung|nutzung|zahlung|logins?|besuchs?|buchung|aktivität|nachricht|änderung|bearbeitung|rechnung|lieferung|eintrags?|behandlung|termins?)\b",
    r"\b(nicht gespeichert|keine speicherung)\b|\b(are|is) not (stored|kept|recorded|retained)\b|\bno storage\b",
    rf"\b(end|ends|ended|expiry|expires|termination|completion|conclusion|processing|handling|execution|close|closing|closed|duration|fulfilment|settlement|lifetime|life|term|finished|answered|over)( [\w-]+){{0,4}} {_MATTER_EN}\b",
    rf"\b(while|when|until|after|once|as soon as)( [\w-]+){{0,4}} {_MATTER_EN}( [\w-]+){{0,3}} (runs|lasts|ends|ended|expires|is over|has ended|is closed|is settled|is completed|is answered|has been \w+)\b",
    r"\b(until|when|once|after|as long as|while|upon|on|if|immediately after|with)( [\w-]+){0,4} (unsubscrib\w*|unfollow\w*|opt(s|ed)? out|picked up|collected|dies|died|mov(e|es|ed) out|objects?|objection|withdraw\w*|revok\w*|cancel\w*|resign\w*|leaves?|left|leaving|log(s|ged)? (out|off)|logout|check-?out|departure|returned|return|delivered|delivery|paid|payment|refused|overwritten|drawn|draw|drawing|terminat\w*|departs?|subscribed|enrolled|revocation|death|sold|approved|rejected|decision|transmission|dispatch|shipment|shipping|filled|handed over|collection of|come of age)\b",
    r"\b(clos(e|es|ed|ing)|delet(e|es|ed|ing)|deactivat\w*|leav(e|es|ing))( [\w-]+){0,3} (account|browser|profile|window|website|site|app|newsletter|company|association|club)\b",
    r"\b(bis|wenn|sobald) sie (uns )?(die|deren|ihre) löschung (verlangen|beantragen)\b|\b(until|when|once) you (ask|request|tell)( [\w-]+){0,3} (eras|delet|remov|forget|stop)\w*",
    r"\b(account|contract|membership|employment|subscription)s? (lifetime|closure|deletion|end|term|termination)\b",
    r"\b(last|latest|final|most recent) (\w+ )?(contact|order|purchase|log-?in|login|visit|use|activity|booking|payment|message|entry|change|invoice|delivery|treatment|appointment)\b",
)
_EVENT = re.compile("|".join(_EVENTS))
# What looks like an event: on which the period "depends", and what the controller alone decides.
_BOSS = r"(geschäftsführ|geschäftsleit|vorst[aä]nd|verantwortlich|leitung|inhaber|chef|management|manager|board|controller|director|owner)"
_NO_EVENT = re.compile(
    r"\b(abhängig vo[nm]|in abhängigkeit vo[nm]|hängt vo[nm]|je nach|depending on|depends on|dependent on)\b[^,;.:]*?(?=$|[,;.:]| (bis|nach|spätestens|höchstens|until|after) )"
    r"|\b(unser\w*|eigene\w*|interne\w*|our|own|internal) (\w+ ){0,2}(entscheidung|beschluss\w*|ermessen|genehmigung|decision|approval|discretion)\b(?! (über|zu|on|about|regarding) (ihr|your)\w*)"
    rf"|\b(entscheidung|beschluss\w*|ermessen|genehmigung|decision|approval|discretion) (der|des|durch|by|of) ((die|den|der|das|the) )?(\w+ )?{_BOSS}\w*\b(?! (über|zu|on|about|regarding) (ihr|your)\w*)"
    rf"|\b{_BOSS}\w*['’]s? (decision|approval|discretion)\b(?! (on|about|regarding) your)"
)
# A clause with a subject and a verb: what happened to a thing or a person can be known; not what the controller does
# with the data, wants or may.
_CLAUSE = re.compile(
    r"\b((?:bis|solange|so lange|sobald|nachdem|wenn|während) (?:dass )?(?:über )?(?:der|die|das|den|ein|eine|einer|alle|ihr|ihre[rnms]?)"
    r"|(?:until|till|while|as long as|as soon as|once|when|after) (?:the|a|an|all|your)) (?=([^,;.:()–—]{1,120}))"
)
_HAPPENS = re.compile(
    r"\b(\w*ge\w+(t|en)|(ab|an|be|ver|zer|ent|er|über|unter|wider|voll)\w+(t|en)|\w+iert) (worden )?(ist|sind|wird|werden|wurden?|hat|haben)\b"
    r"|\b(in|im|auf) (\w+ )?\w*(reparatur|wartung|behandlung|ausbildung|miete|leihe|urlaub|umlauf)( \w+)? (ist|sind)\b|\bvolljährig (ist|sind|wird|werden)\b"
    r"|\b(endet|enden|abläuft|ablaufen|stirbt|verstirbt|auszieht|umzieht|abreist|abholt|zurückgibt|zurückkommt|eintrifft|ankommt|kündigt|teilnimmt|entfolgt)\b"
    r"|\b(is|are|was|were|has|have|gets?)( been| being)? (\w+ )?(\w{2,}ed|sold|paid|sent|found|built|won|held|gone|taken|given back|broken|written|drawn|under repair|in repair|being repaired|of age)\b"
    r"|\b(ends?|expires?|dies|leaves|closes|lapses|returns|arrives|departs|retires|graduates|moves (out|away))\b"
)
_STANDS = re.compile(
    r"\b(besteht|bestehen|existiert|existieren|exists?|remains? (open|active)|is (open|active)|aktiv ist)\b"
)
_UNKNOWABLE = re.compile(
    rf"\b(wir|we|us|es|it|\w*daten|datens[aä]tz\w*|\w*zweck\w*|ziele?|gr[uü]nd\w*|rechtsgrund\w*|\w*interesse\w*|\w*verarbeit\w*|\w*speicher\w*|\w*aufbewahr\w*|\w*gesetz\w*|\w*recht|\w*frist\w*|\w*bedarf\w*|\w*notwendig\w*|\w*bedürfnis\w*|"
    r"anlass|wunsch|\w*pflicht\w*|richtlinie\w*|\w*lösch\w*|entsch\w+|beschl\w+|veraltet|überholt|erlaubt|zulässig|gestattet|gerechtfertigt|berechtigt|begründet|geboten|angebracht|angemessen|geeignet|gewünscht|gewollt|gegeben|vorgesehen|geregelt|vorgeschrieben|verwendet|genutzt|verwertet|vernichtet|überprüft|geprüft|technik|systeme?|systems?|"
    rf"data|information|records?|purposes?|interests?|reasons?|basis|grounds?|goals?|aims?|needs?|necessity|needed|required|obligations?|duty|duties|laws?|polic(y|ies)|period|limitation|deadline|processing|processed|storage|stored|retention|retained|decid\w*|decision|discretion|allow\w*|permitted|justified|"
    rf"outdated|used|useful|wanted|desired|expected|intended|considered|deemed|concerned|interested|limited|related|based|provided|deleted|erased|destroyed|discarded|reviewed|deletion|erasure|{_BOSS}\w*)\b"
)
# Phrases that name neither; beside them an event is no help, a period is.
_NEEDED = r"nötig|notwendig|erforderlich|benötigt|gebraucht|brauchen|benötigen|verlangt|verlangen|vorschreibt|erfordert|erfordern|wollen|möchten"
_EMPTY = re.compile(
    "|".join(
        (
            rf"\b(solange|so lange)\b.{{0,60}}\b({_NEEDED})\b",
            rf"\b(wenn|sobald)\b.{{0,60}}\bnicht (mehr|länger) ({_NEEDED})\b",
            r"\b(nach|gemäß|entsprechend|laut|im rahmen) (der |den |dem )?(gesetz|gesetzlich\w*|geltend\w*)\b",
            r"\bgesetzlich\w* (aufbewahrungs)?(frist|pflicht|dauer)\w*|\baufbewahrungs(frist|pflicht)\w*",
            r"\b(bis auf weiteres|auf unbestimmte zeit|(je )?nach bedarf|unbegrenzt|unbefristet|dauerhaft|für immer|zeitlich unbeschränkt|nie|niemals|never)\b",
            r"\b(und|oder|auch) (darüber|noch länger|länger|weiter|danach)\b( hinaus)?",
            r"\b(wegfall|entfallen|erreichung|erreichen|erfüllung|erledigung) (\w+ ){0,2}(zwecks?|zwecke|erforderlichkeit|speicherzwecks?|verarbeitungszwecks?)\b|\bzweck(erreichung|erfüllung|fortfall|wegfall|entfall)\b",
            r"\b(angemessene[nrms]?|übliche[nrms]?) (zeit|dauer|frist|zeitraum)\b",
            r"\bas long as\b.{0,60}\b(necessary|needed|required|need|require|requires|want|wish|allows?)\b",
            r"\b(when|once|until)\b.{0,60}\b(no longer|not) (needed|necessary|required)\b",
            r"\b(in accordance with|according to|as required by|pursuant to) (the )?(applicable )?(law|laws|legislation)\b",
            r"\b(statutory|legal) (retention )?(periods?|obligations?|requirements?)\b|\bretention periods\b",
            r"\b(until further notice|for an indefinite period|indefinitely|as needed|permanently|for ?ever|without limit|no limit|unlimited)\b",
            r"\b(and|or) (beyond|longer|thereafter|afterwards)\b",
            r"\bpurposes? (\w+ )?(ceases?|ends?|is fulfilled|has been (fulfilled|achieved)|no longer)\b",
            r"\b(reasonable|appropriate|usual|adequate) (period|time|duration)\b",
        )
    )
)
_VAGUE = frozenset(
    "personenbezogene daten|daten|alle daten|personal data|data|all data|geschäftszwecke|geschäftliche zwecke|interne zwecke|"
    "eigene zwecke|diverse zwecke|verschiedene zwecke|datenverarbeitung|verarbeitung|business purposes|internal purposes|"
    "various purposes|own purposes|data processing|processing".split("|")
)


def is_owed(text: str) -> bool:
    """Whether a text stands for one that somebody still owes: a dash, `TODO`, "tbd"."""
    plain = _plain(text)
    return not _SAYS_SOMETHING.search(plain) or bool({plain, plain.strip(_AROUND)} & _OWED)


def is_holder(text: str) -> bool:
    """That, or a word that tells nothing ("unknown", "various"), or the mere name of another paper, which the reader
    of the letter does not have."""
    plain = _plain(text)
    bare = plain.strip(_AROUND)
    return is_owed(text) or bool({plain, bare} & _NOTHING) or _REFERENCE.fullmatch(bare) is not None


def is_vague(text: str) -> bool:
    """Whether a purpose or a category holds for everything: "personal data", "business purposes"."""
    return _plain(text).strip(". ") in _VAGUE


def is_empty_phrase(text: str) -> bool:
    """Whether a storage period says neither how long nor until which event."""
    plain = _plain(text)
    if _is_absurd(plain):
        return True
    return not _ends(plain) and (bool(_EMPTY.search(plain)) or not _has_event(plain))


def _has_event(plain: str) -> bool:
    told = _NO_EVENT.sub(" ", plain)
    return _EVENT.search(told) is not None or any(_can_be_known(*each.groups()) for each in _CLAUSE.finditer(told))


def _can_be_known(opening: str, clause: str) -> bool:
    """Whether the reader can know when it happens; what merely "exists" or is "active" must be something of theirs."""
    if _UNKNOWABLE.search(clause):
        return False
    theirs = re.search(r" (ihr\w*|your)$", opening) is not None
    return _HAPPENS.search(clause) is not None or (theirs and _STANDS.search(clause) is not None)


def _is_absurd(plain: str) -> bool:
    """Whether a length is longer than anybody plans for, and no statute is named that asks for it."""
    lengths = (_years(found["number"], found["unit"]) for found in _LENGTH.finditer(_NO_LENGTH.sub(" ", plain)))
    return any(length > _MOST_YEARS for length in lengths) and not _STATUTE.search(plain)


def _years(number: str, unit: str) -> float:
    """Number words in the pattern are those above fifty."""
    if not number[0].isdecimal():
        return 60 * _YEARS_OF.get(unit, 1.0)
    whole = re.sub(r"[.,](?=\d{3}(?!\d))", "", number)
    return float(re.split("[.,]", whole)[0]) * _YEARS_OF.get(unit, 1.0)


def _ends(plain: str) -> bool:
    """Whether a period is counted that has an end."""
    told = _OPEN_PERIOD.sub(" ", _NO_LENGTH.sub(" ", plain))
    if _LOOKING.search(told):
        told = _LOOKED_AT.sub(" ", told)
    return _PERIOD.search(told) is not None


def _plain(text: str) -> str:
    return " ".join(text.lower().split())
