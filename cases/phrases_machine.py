# ruff: noqa: E501 - one form of words per line is easier to check than a broken pattern
"""What machines and mass senders write: automatic replies, bounces, newsletters, spam. Patterns on folded text."""

from __future__ import annotations

AUTO_SUBJECT = (
    r"^(?:\w{2,3}: ?)?(?:auto(?:matic|mated)?[ -]?(?:reply|response|respon\w*|answer)|automatische (?:antwort|e-?mail)|abwesen\w*|out of (?:the )?office|"
    r"\W*ooo\b|autoantwort|urlaubs(?:notiz|meldung|vertretung)|reponse automatique|respuesta automatica|risposta automatica|automatisch antwoord|"
    r"resposta automatica|odpowiedz automatyczna|automaticka odpoved|absence du bureau|eingangsbestaetigung|i am out of)",
)
OUT_OF_OFFICE = (
    r"\b(?:bin|befinde mich) (?:\w+,? ){0,8}(?:nicht (?:im (?:buero|haus|hause)|erreichbar|am (?:platz|arbeitsplatz)|zu erreichen)|im (?:\w+ )?urlaub|abwesend|"
    r"ausser haus|in elternzeit|im mutterschutz|nicht da|auf dienstreise|wieder (?:\w+ ){0,4}(?:erreichbar|da|im buero))\b",
    r"\b(?:i am|i'm|i will be|we are) (?:\w+ ){0,5}(?:out of (?:the )?office|on (?:\w+ )?(?:leave|vacation|holiday)|away|travel\w*|unavailable)\b",
    r"\bthis (?:e-?mail )?(?:inbox|mailbox|address) (?:\S+ )?is no longer (?:in use|monitored|active)\b|\bintermittent access to e?-?mail\b",
    r"\bihre (?:e-?mail|nachricht) wird nicht (?:weitergeleitet|gelesen)\b|\bin dringenden faellen wenden\b|\bkehre am \S+ (?:\w+ )?zurueck\b",
    r"\bje suis (?:actuellement )?(?:absent|en conge)|\bestoy (?:fuera|de vacaciones)|\bsono (?:fuori|in ferie|assente)|\bik ben (?:\w+ ){0,3}(?:afwezig|op vakantie)",
    r"\bdies(?:e e-?mail)? (?:ist|wurde) (?:eine )?automatisch\w*|\bautomatisch (?:erzeugt|generiert|erstellt)\w*|\bthis is an automat\w+",
)
# A company answering our own or somebody else's request: the request stands with the reader, not with the writer.
ACKNOWLEDGEMENT = (
    r"\bihr(?:e|en|em|er)? (?:\w+ )?(?:auskunftsersuchen|loeschersuchen|auskunftsanfrage|loeschanfrage|loeschantrag|anfrage|antrag|anliegen|nachricht|datenanfrage|"
    r"ticket)\b.{0,80}\b(?:erhalten|eingegangen|bearbeitet|abgeschlossen|empfangen|entgegengenommen|registriert|angelegt)\b",
    r"\b(?:wir haben|haben wir) (?:\w+ ){0,4}ihr(?:e|en)? .{0,60}\b(?:erhalten|bearbeitet|empfangen|gepruefet)\b",
    r"\bvielen dank fuer ihre? (?:anfrage|nachricht|auskunfts\w+|antrag|kontaktaufnahme|e-?mail)\b|\bthank you for (?:your|contacting) (?:\w+ ){0,5}"
    r"(?:request|enquiry|inquiry|message|us|email)\b",
    r"\b(?:we have|we've|has been) (?:\w+ )?(?:received|processed|completed|verified|registered)\b.{0,60}\b(?:request|enquiry|ticket)\b|"
    r"\byour (?:[\w-]+ ){0,5}(?:request|enquiry|ticket)\b.{0,80}\b(?:received|processed|completed|verified|registered|closed|fulfilled)\b",
    r"\byour (?:\w+ )?(?:data export|data copy|personal data) (?:is|are) (?:ready|attached|available)\b|\bverification required\b|"
    r"\bihre daten(?:kopie)? (?:steht|stehen|liegt|ist|sind) (?:\w+ ){0,4}(?:bereit|zur verfuegung|abrufbar)",
)
BOUNCE_SENDER = (r"^(?:mailer-daemon|postmaster|poostmaster|mail\.delivery\.system|mailerdaemon|mdaemon|mail-daemon)@",)
BOUNCE_SUBJECT = (
    r"\bundeliver\w*|\bdelivery (?:status notification|failure|has failed|failed|report)|\breturned mail\b|\bmail delivery\b|\bfailure notice\b|"
    r"\bunzustellbar|\bnicht zustellbar|\bnicht zugestellt|\bzustellung fehlgeschlagen|\bnon remis|\bmessage (?:delivery has failed|could not be delivered)|"
    r"\bmail system error\b|\bcould not be delivered\b|\bpostmaster notify\b|\bfailed delivery\b|\bmail delivery status\b",
)
BOUNCE_TEXT = (
    r"\b(?:could not|cannot|was not|couldn't|wasn't|unable to) (?:be )?deliver\w*\b|\bdelivery (?:to the following|has failed|failed)|\buser unknown\b|"
    r"\bkonnte nicht zugestellt werden\b|\bnot listed in domino\b|\bdid not reach the following\b|\bpermanent (?:error|failure)\b|\breturned message\b|"
    r"\bfailure reasons\b|\brecipient (?:name|address) (?:is not|rejected)|\bmailbox (?:full|unavailable|exceeded)|\bwas not delivered\b",
)
PROMOTION = (
    r"\bunsubscribe\b|\babmelden\b|\babbestellen\b|\bdesabonner\b|\bdesinscri\w*|\bdisiscri\w*|\bdarse de baja\b|\bafmelden\b",
    r"\bjetzt (?:registrieren|anmelden|sichern|buchen|kaufen|bestellen|entdecken|lesen|testen)\b|\bmehr erfahren\b|\blearn more\b|\bread more\b|\bweiterlesen\b",
    r"\b(?:webinar|whitepaper|seminar|schulung|workshop|kostenlose\w* (?:demo|erstgespraech|beratung)|free trial|book a demo|angebotspreis|rabatt|discount)\b",
    r"\bwe help\b|\bwir (?:helfen|unterstuetzen|bieten|beraten)\b|\bunsere? (?:loesung|software|produkt|plattform|kanzlei)\b|\bour (?:platform|solution|software)\b",
    r"\bview (?:this email )?in (?:your )?browser\b|\bim browser (?:ansehen|oeffnen|anzeigen)\b|\bonline[- ]version\b|\bin dieser ausgabe\b|\bin der ausgabe\b",
)
SPAM = (
    r"\bverify your (?:identity|account|wallet)\b.{0,80}\b(?:link|click|within)\b|\b(?:account|konto) (?:\w+ ){0,3}(?:limited|suspended|gesperrt|eingeschraenkt)\b",
    r"\b(?:lottery|lotterie|jackpot|inheritance|erbschaft|beneficiary|next of kin|million (?:dollars|usd|euro)|airdrop|stake your|crypto ?wallet|viagra|cialis|keto)\b",
    r"\b(?:gewonnen|gewinner|gewinndaten|gutschein (?:gewinnen|sichern)|auszahlungsbestaetigung|herzlichen glueckwunsch)\b",
    r"\b(?:15|20|30)[- ]?min(?:ute)?s? (?:chat|call)\b|\bscale (?:your )?(?:outbound|leads|sales)\b|\bseo (?:services|ranking|agentur)\b|\bbacklinks?\b",
    r"\b(?:100% free|act now|limited time|risk[- ]free|money back|click here|klicken sie hier)\b|\bdear friend\b|\bunwarranted intrusion\b",
    r"\b(?:xxx|hardcore|porn\w*|casino|gewichtsverlust|abnehmen ohne|schlank ohne|teeth whitening)\b|\bgtube-standard|\bspam: ",
)
ATTACHED_LETTER = (
    r"\b(?:anbei|beigefuegt\w*|im anhang|in der anlage|siehe anhang|s\. anhang|angehaengt\w*|anhaengend\w*|anliegend\w*|als anlage)\b",
    r"\b(?:attached|enclosed|attachment)\b|\bci-?joint\w*|\ben piece jointe\b|\ballegat\w*|\badjunt\w*|\bbijgevoegd\w*|\bbijlage\b|\bw zalaczeniu\b|\bv priloze\b|\banexo\b",
)
REMINDER = (
    r"\bmahnung\b|\berinner\w*|\bkeine (?:antwort|reaktion|rueckmeldung|auskunft)\b|\bnicht (?:geantwortet|beantwortet|reagiert)\b|\bfrist\b.{0,80}"
    r"\b(?:abgelaufen|ueberschritten|verstrichen)\b|\bohne antwort\b|\berneut\b",
    r"\breminder\b|\badmonition\b|\bnot (?:yet )?received (?:an? |any )?(?:answer|response|reply)|\bno (?:response|reply|answer)\b|\bfollow(?:ing)?[ -]up\b|"
    r"\bstill (?:waiting|no)\b|\bstatus of my request\b|\bcontacting you again\b",
    r"\bmise en demeure\b|\brappel\b|\bpas recu de reponse\b|\bsollecito\b|\brecordatorio\b|\bherinnering\b|\bponaglenie\b",
)
EARLIER_REQUEST = (
    r"\b(?:anfrage|antrag|ersuchen|schreiben)\b.{0,60}\b(?:meine\w* (?:\w+ )?daten|personenbezogen\w*|art\.? ?15|datenauskunft|auskunft)|\bauskunftsersuchen\b|"
    r"\bauskunftsanfrage\b|\banfrage nach (?:art|§)|\bantrag auf auskunft\b",
    r"\brequest\b.{0,60}\b(?:my (?:personal )?data|article 15|art\. ?15)|\bdata (?:subject )?access request\b|\bsubject access request\b",
    r"\bdemande\b.{0,60}\b(?:article 15|art\. ?15|mes donnees|donnees personnelles)|\brichiesta di accesso ai\b|\bsolicitud de acceso a\b|\binzageverzoek\b",
)
COMPLAINT = (
    r"\b(?:beschwerde|complaint|plainte|reclamo|reclamacion|klacht|skarg\w*)\b.{0,80}\bart(?:\.|ikel|icle|icolo|iculo)? ?77\b",
    r"\b(?:reiche|lege|erhebe|moechte)\b.{0,60}\bbeschwerde (?:gegen|nach|gemaess|ein)\b.{0,80}\b(?:ds-?gvo|datenschutz)\w*",
)
