# ruff: noqa: E501 - a concept's words on one line
"""Concepts that mails about one's data are made of, as words and beginnings of words in thirteen languages.

A model that knows only words learns nothing about the ones it has not seen; by these it sees that "was steht bei euch
über mich drin" and "what've you got on me" are one thing. Matched against folded words (`cases.wording.fold`); `*` ends
a beginning. Short names, because each pair of them is a feature of the model.
"""

from __future__ import annotations

from functools import lru_cache

CONCEPTS = {
    "SELF": "emena eu i ich ick icke ik j je ma me mea mei mein meine meinem meinen meiner meines mele mene meni mes meu meus mi mia mich mie miei mij mijn mim mine minha minhas mio mir mne mnie moi moich moj moja moje moji mon mou muj my myself sto svoje",  # the writer
    "YOU": "dein deine dich dir du dumneavoastra euch euer eure eurem euren ihnen ihr ihre ihrem ihren jij jullie lei pan pani panstwo sas sie su sus te ton tu u usted ustedes uw vas vasa vase vi voce voces voi vos vosotros vossa vostra vostro votre vous vy wasz waszej wy you your yours",  # the one written to
    "SHE": "client dad daughter er father frau he her herr herrn him his husband ihm ihn kind mandant mandantin mann mom mother mr mrs ms mum mutter sein seine seinem seiner she sohn son tochter vater wife",  # somebody else
    "KNOW": "connaitre conocer einseh* einsicht* erfahr* find* inspect inzien kenn* know learn look matho mathw nachles* nachvollzieh* saber sapere savoir see sehen sehn stiu understand vad vedere vedet ver versteh* verstehn videt vidjeti view voir weten wiedziec wiss* wuess* zien znati zobaczyc",  # knowing and seeing
    "TELL": "antwort* aufklaer* auflist* aufzaehl* auskuenft* auskunft* beantwort* bericht* clarify confirm darleg* decir dica diga digan dire disclose dite dites erklaer* explain laat let list list* mitteil* name napiste nenn* offenleg* powiedzcie prosze recite reknete sag* sog* spuneti state teil* tell verrat* vertel zeg",  # telling
    "SEND": "abschrift ausdruck* aushaendig* auszug bekomm* copia copie copies copy druck* dwste enviar enviem envien envoy* export forward furnish geb* gebt get gib* give haben haett* have herausgab* herausgeb* inviare kopi* kopie kopie* kopier* kriag* krieg* mail* manda* posalj* poslat poslete print printout produce provide przesl* receive recevoir rueber* ruebersch* schick* send send* stuur supply trimite* ueberlass* uebermittel* uebersend* want zeig* zukommen zusend* zweitschrift",  # handing over
    "HOLD": "abgespeicher* archiv* aufbewahr* aufgehob* aufgeschrieb* aufgezeichn* aufheb* aufschreib* avete aveti avez bewaart bijhoud* capture* collect* conserv* cuva* detenez drin dring* drinne* drinsteht enregistr* erfass* exete existier* festgehalt* file* fuehr* gardez gather* gefuehrt gemerkt gesammel* gespeicher* got guard* guardad* guardam hab haben habt habts hast hat hebben held hinterleg* hob* hobts hold* imate keep* kept krata* lieg* log* logged macie mate merk* mitgeschnitt* note* noted notier* notiz* opgeslagen pastra* pohranj* process* protokollier* przechowuj* record* registr* registrier* retain* sammel* saved speicher* steh* steht stocat* stock* store* tem* tenete tien* track* uchovavat* ulozen* verarbeit* vermerk* verzeichn* vorlieg* zapisan*",  # keeping and writing down
    "ABOUT": "a about asupra betreff* bezueglich concerning despre di gia hinsichtlich na o of on over peri propos regarding sobre su sur uba uebar ueber uebr van vo von vun zu zur",  # about
    "DATA": "account* akta akte* angab* aufzeichnung* bewertung* bild* cctv chat* dados dane dat data date datei* daten dati datos dedomena details donnees dosar dossier dossier* einstufung* eintraeg* eintrag* entries entry everything expediente fakelo fascicolo ficha fiche ficheiro file files footage foto* gegevens history info* information* informations infos kamera* kartei* karteikart* kommentar* konto log logs mitschnitt* notes paperwork personalakte* podac* podatk* profil* profile protokoll* punktzahl record* recording* score* scoring spis* stuff teczk* transcript* udaje unterlag* verlauf* video*",  # data and files
    "ALL": "all alle alles any anything complete entire every everything full ganze* gesamt* jede* komplett* ois ola saemtlich* sve svi toda todo todos totul tous tout toutes tudo tutti tutto vollstaendig* vsechn* vsechno whole wszystk*",  # everything
    "WHAT": "care ce che co cosa cual cuales jake jaki* jakie koje o poia quais quali que quel quelle* quels quoi sto ti was wat wech* welche* welke what which wie wieviel* wos",  # what and which
    "WHERE": "apo d'ou donde dove odakle odkud onde ou pou skad unde waar whence where wo wohea woher wohin",  # whence
    "WHO": "chi cine cui kdo kome komu kto poios quem qui quien tko wea wem wen wer who whom wie",  # who
    "GOT": "bekommen bezogen came come conseguid* dobili erhalten found gekommen gekregen gekriegt get got her herhab* herhaben herkunft kommt macie mate obtained obtenid* obtenu obtinut obtiv* origin ottenut* pochodz* proven* provenance provin* quelle* received source* stamm* vandaan viene vzali",  # having come from
    "GAVE": "access* ausgeplaudert auskunftei* cedid* cedut* compartid* condivis* disclosed doorgegeven dritt* empfaeng* gedeeld gelesen gesehen geteilt given handed herausgegeb* partage partilh* partner* passed predal* prodal* proslijedi* przekaz* rausgegeb* read recipients seen sell share shared sold sprzeda* teilt third transmis transmis* udostepn* uebergeben vandut* vendid* vendu verhoeker* verkauf* verkocht verraten weiter* weitergegeb* weitergeleit* weitergereich* weiterverk*",  # passing on
    "WHY": "basis but celu de dlaczego doel giati grund* grundlage para perche por porque pourquoi proc purpose* reason* scop scopo svrhu ucel waarom warum weshalb weswegen why wieso wofuer wozu zasto zweck*",  # what for
    "LONG": "cat combien cuanto dauer dlouho dlugo dugo duree frist* hoelang lange long poso quanto retention speicherdauer tempo temps tiempo timp until when",  # how long
    "DELETE": "apag* ausradier* borr* cancell* close delet* destroy* diagra* effac* elimin* eliminier* entfern* entfernt eras* forget forgotten geloescht izbris* loesch* loescht obris* odstran* oubli* purge* rausnehm* rausschmeiss* remov* schredder* scrub* shred* skasowa* smaz* sterg* sters* streich* supprim* suprim* tilg* usun* vergess* vergiss* vernicht* verwijder* vymaz* weg wegschmeiss* wipe* wis wissen",  # deleting
    "CORRECT": "aender* aktualisier* amend* berichtig* bledn* change* chybn* correct* corregg* corrig* diorth* equivocad* errad* erreur errone* falsch* faux fix* geaendert geburtsdatum gresit* incorrect incorrect* ispravi* korrig* lathos misspel* netocn* onjuist* oprav* pogresn* popraw* rectif* richtig* sbagliat* schreibfehler schreibt spelled spelling stimm* stimmt umschreib* update* verbeter* verkehrt wijzig* wrong",  # correcting
    "FREEZE": "anfassen anruehr* aussetz* beperk* bevries* blocc* blocheaz* block* bloqu* congel* einfrier* eingefroren einschraenk* freeze frozen gel* gesperrt hold limit* lock* ogranici* ogranicz* omezi* pause restrict* ruhen sperr* stilllieg* suspend* unberuehrt untouched zamroz* zamrzn* zmraz*",  # freezing
    "MOVE": "anbieter* csv datei excel export* exporter exportier* format* fornitore fournisseur furnizor json machine maschinenles* migrat* mitnehm* overdrag* portab* portier* prenes* prenij* proveedor provider* pružatelj przenie* readable switch transfer* transferer transfér* trasfer* uebertrag* umzieh* umzug",  # taking along
    "OBJECT": "antitass* arret* aufhoeren basta bezwaar cease forbid* hoer* kein* namit* nesouhlas* never nicht nie no not object* oponer* opong* oponho oppos* opt opun* prigovor* prohibit* protivim refus* schluss sprzeciw* stop* stopp* unterlass* untersag* verbiet* verbitt* widerspr* widersprech*",  # objecting
    "ADVERT": "advert* anruf* catalog* diafim* flyer* katalog* leaflet* mailing* market* marketing* newsletter* profiling* promo* pubblicit* publicidad* publicidade* publicit* reclam* reclame* reklam* reklame* spam werb* werbung",  # advertising
    "TRADE": "angebot* appointment artikel* bestell* bezahl* bought buy catalog* chair color* colour* deliver* ersatzteil* furniture garantie* gekauft gutschein* invoice* item* kauf* lampe* liefer* masse moebel* oeffnungszeit* opening order* paket* parcel parts pay* payment preis* price* quote* rabatt* rechnung* refund* regal* reklam* retour* return* schrank* shipping size* sofa sofa* stock stuhl* table termin* tisch* versand* voucher warranty zahlung*",  # orders and furniture
    "WORK": "api auftragsverarbeitung* avv bachelorarbeit* bewerb* clients colleague* contract* customers dissertation employees folder* kollege* kunden masterarbeit* mitarbeiter* nutzer praktik* product* projekt* report* schulung* seminar* server* sharepoint software* statist* student* studie* survey* team* thesis training umfrage* users vendor* vertrag* webinar*",  # business of companies
    "WANT": "beantrag* bestehe bitt* brauch* can chce chci chcialb* could curious dad demand* deseo doresc ersuch* fordere gern* gostaria graag haett* interessier* kindly like mecht* moecht* molim need please prosim prosz* quero quier* request* souhait* thelo verlang* veux voglio vorrei voudr* vreau want wil will wish wollt* wonder* would wuensch* wuerd* wui zelim",  # wishing
    "LAW": "act anspruch art article artikel auskunftsersuchen auskunftsrecht* avg bdsg ccpa datenschutz* derech* direit* diritt* dreptul droit* dsar dsgvo gdpr gesetz* law legal legge lei ley loi prav* praw* recht recht* rgpd right* rodo sar wet zakon*",  # the law
    "THANK": "bedank* bedankt dank danke* dekuj* dziek* gracias grazie hvala merci multumesc obrigad* thank thanks",  # thanks
    "AUTO": "abmelden abwesen* acknowledg* automatic* automatisch* bestaetig* eingegangen holiday noreply office received ticket* unsubscribe urlaub* vacation",  # machines' formulas
    "LINK": "bestaetigen click credentials gesperrt innerhalb klick* konto link* login password passwort* suspended verifizier* verify zugangsdaten",  # links and passwords
}
_SHORTEST = 3  # letters of a beginning


def _compiled() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    words: dict[str, set[str]] = {}
    beginnings: dict[str, set[str]] = {}
    for concept, listed in CONCEPTS.items():
        for entry in listed.split():
            table = beginnings if entry.endswith("*") else words
            table.setdefault(entry.rstrip("*"), set()).add(concept)
    return {word: frozenset(found) for word, found in words.items()}, {
        start: frozenset(found) for start, found in beginnings.items()
    }


_WORDS, _BEGINNINGS = _compiled()
_LONGEST = max(map(len, _BEGINNINGS))


@lru_cache(maxsize=20_000)
def concepts_of(word: str) -> tuple[str, ...]:
    """The concepts of a folded word, in alphabetical order."""
    found = set(_WORDS.get(word, ()))
    for size in range(_SHORTEST, min(len(word), _LONGEST) + 1):
        found |= _BEGINNINGS.get(word[:size], frozenset())
    return tuple(sorted(found))
