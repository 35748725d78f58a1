# ruff: noqa: E501 - one form of words per line is easier to check than a broken pattern
"""The main forms of requests in further languages: enough that the mail reaches a person with the clock running."""

from __future__ import annotations

from cases.phrases_access import NOT_OWN, PAST
from cases.request import Right
from cases.wording import Cue

_A = "asks for access to the person's data"
_W = "asks which data are held about the person"
_E = "asks to erase data about the person"
_R = "asks to correct data about the person"
_O = "objects to processing or advertising"


def _cues(says: str, right: Right, *forms: tuple[str, ...]) -> tuple[Cue, ...]:
    never = (*NOT_OWN, *_NAMED, *((*PAST, _OTHER_WISH) if right is Right.ACCESS else ()))
    return tuple(Cue(says, form, never, right=right) for form in forms)


_NAMED = (
    r"\bl'existence\b|\besistenza\b|\bexistencia\b|\bhet bestaan\b|\bje me reserve\b|\bmi riservo\b|\bme reservo\b",
    r"\bcliquez\b|\bclicca\b|\bhaga clic\b|\bklik\b|\bsi vous (?:souhaitez|voulez)\b|\bse (?:desidera|vuole)\b|\bsi (?:desea|quiere)\b",
)

# A sentence that first speaks of erasing or correcting asks for that; "a copy, then erasure" asks for both.
_OTHER_WISH = (
    r"^(?:(?!\b(?:copi|kopi|acces|dostep|inzage|afschrift|pristup|uvid|αντιγραφ|προσβασ|quelle|quali\b|welke|jakie|jake\b|koje\b)).)*(?:\bsupprim|\bsuppression|\beffac|\brectif|\bm'oppose|\bcancell|\brettific|\bborr[aeo]|\bsuprim|\bsupresion|\belimin|\bverwijder|\bwissen\b|"
    r"\busun|\busuw|\bvymaz|\bsmaz|\bodstran|\bapag|\bδιαγρα|\bsterg|\bbris|\bizbris|\bobris)|\bmot de passe\b|\bpassword\b|\bcontrasena|"
    r"\bwachtwoord|\bheslo\b|\bhaslo\b|\bplus acces\b|\bd'acces (?:a mon|au) compte"
)

_FR_MY = r"\b(?:me concernant|a mon sujet|sur moi|mes|mon|ma|moi|me concernent)\b"
_IT_MY = r"\b(?:miei|mio|mia|mie|su di me|mi riguard\w*|che mi riguardano|a me relativi)\b"
_ES_MY = r"\b(?:mis|mi|sobre mi|me conciernen|mia|mios|de mi|que me)\b"
_NL_MY = r"\b(?:mijn|mij|over mij|me)\b"
_PL_MY = r"\b(?:moich|moje|mnie|mi|mna|moj|mojej|mojego|dotyczacych mnie)\b"
_CS_MY = r"\b(?:me|mne|mych|moje|mojich|moj|moji|mojej|meho|o mne|mi|svych|svym)\b"
_PT_MY = r"\b(?:meus|meu|mim|minha|minhas|a meu respeito|me)\b"
_RO_MY = r"\b(?:mele|mea|mine|ma privesc|despre mine|meu|imi|mi)\b"
_HR_MY = r"\b(?:moj\w*|meni|mnom|mene|o meni|mi|svoj\w*)\b"
_EL_MY = r"\b(?:μου|εμενα|με αφορουν)\b"

ACCESS = (
    *_cues(
        _A,
        Right.ACCESS,
        (
            r"\b(?:acces|acceder|copie|communiqu\w*|communication|obtenir|connaitre|consulter)\b",
            r"\b(?:donnees|informations)\b",
            _FR_MY,
        ),
        (r"\bart(?:icle|\.)? ?15\b", r"\brgpd\b", r"\b(?:demand\w*|veuillez|souhaite|exerce\w*|merci|prie)\b"),
        (r"\b(?:accesso|accedere|copia|ottenere|conoscere|sapere|ricevere)\b", r"\b(?:dati|informazioni)\b", _IT_MY),
        (
            r"\bart(?:icolo|\.)? ?15\b",
            r"\b(?:gdpr|rgpd|regolamento)\b",
            r"\b(?:chied\w+|richied\w+|esercit\w*|richiesta|prego|domanda)\b",
        ),
        (r"\b(?:acceso|acceder|copia|conocer|saber|obtener|recibir)\b", r"\b(?:datos|informacion)\b", _ES_MY),
        (
            r"\bart(?:iculo|\.)? ?15\b",
            r"\b(?:rgpd|reglamento|gdpr)\b",
            r"\b(?:solicit\w*|ejerc\w*|ruego|pido|derecho)\b",
        ),
        (
            r"\b(?:inzage|inzien|kopie|afschrift|toegang|overzicht)\b",
            r"\b(?:persoonsgegevens|gegevens|data|informatie)\b",
            _NL_MY,
        ),
        (r"\bart(?:ikel|\.)? ?15\b", r"\bavg\b", r"\b(?:verzoek\w*|graag|wil|vraag|beroep)\b"),
        (r"\b(?:dostep\w*|kopi\w*|informacj\w*|udostepni\w*)\b", r"\bdan(?:e|ych|ymi)\b", _PL_MY),
        (r"\bart\w*\.? ?15\b", r"\brodo\b", r"\b(?:prosze|wnosz\w*|zadam|wniosek|zwracam|korzyst\w*)\b"),
        (r"\b(?:pristup\w*|kopi\w*|informac\w*|vypis\w*)\b", r"\b(?:udaj\w*|dat)\b", _CS_MY),
        (
            r"\b(?:cl\.|clanku|clanok|cl) ?15\b",
            r"\b(?:gdpr|narizeni|nariadenia)\b",
            r"\b(?:zad\w*|pros\w*|uplatn\w*)\b",
        ),
        (r"\b(?:acesso|aceder|acessar|copia|saber|conhecer|obter)\b", r"\b(?:dados|informac\w*)\b", _PT_MY),
        (
            r"\bart(?:igo|\.)? ?15\b",
            r"\b(?:rgpd|lgpd|regulamento)\b",
            r"\b(?:solicit\w*|pedido|venho|peco|exerc\w*|requeir\w*)\b",
        ),
        (r"\b(?:προσβαση\w*|αντιγραφο\w*|ενημερω\w*|γνωρι\w*|πληροφορ\w*)", r"\bδεδομεν\w*", _EL_MY),
        (r"\b(?:αρθρο\w*|αρθ\.) ?15\b", r"\b(?:γκπδ|γενικου κανονισμου|gdpr)\b"),
        (r"\b(?:acces\w*|copi\w*|informat\w*|informez\w*)\b", r"\bdate(?:le|lor)?\b", _RO_MY),
        (r"\b(?:pristup\w*|uvid\w*|kopij\w*|presli\w*|informacij\w*)\b", r"\bpodat\w*", _HR_MY),
        (r"\b(?:clan\w*|cl\.) ?15\b", r"\b(?:gdpr|uredb\w*)\b", r"\b(?:molim|zahtjev\w*|trazim|zelim|ostvar\w*)\b"),
        (r"\b(?:erisim\w*|kopya\w*|bilgi\w*)\b", r"\bveri\w*", r"\b(?:hakkimda\w*|kisisel|bana ait|verilerim\w*)\b"),
        (
            r"\b(?:доступ\w*|копи\w*|информаци\w*|інформаці\w*)",
            r"\bдан(?:ные|ных|ным|ними|их|i|і)\b",
            r"\b(?:мо\w+|мне|мной|мене|мені|меня)\b",
        ),
        (
            r"\b(?:tillgang|registerutdrag|utdrag|indsigt|innsyn|kopia?|adgang)\b",
            r"\b(?:\w*uppgifter|\w*oplysninger|\w*opplysninger|data)\b",
            r"\b(?:mig|mina|mine|meg|min)\b",
        ),
        (r"\b(?:hozzafer\w*|masolat\w*|tajekoztat\w*)", r"\badat\w*", r"\b(?:szemelyes|rolam|adataim\w*)\b"),
    ),
    *_cues(
        _W,
        Right.ACCESS,
        (r"\bquelles?\b", r"\b(?:donnees|informations)\b", r"\b(?:avez|detenez|possedez|traitez|conservez|stockez)\b"),
        (
            r"\bquali\b",
            r"\b(?:dati|informazioni)\b",
            r"\b(?:avete|ha|conserva\w*|tratta\w*|possied\w*|possed\w*|detien\w*)\b",
        ),
        (
            r"\b(?:que|cuales)\b",
            r"\bdatos\b",
            r"\b(?:tienen?|tiene|guardan?|conservan?|almacenan?|tratan?|poseen?)\b",
            _ES_MY,
        ),
        (
            r"\bwelke\b",
            r"\b(?:\w*gegevens|data|informatie)\b",
            r"\b(?:heeft|hebben|hebt|heb je|bewaart|verwerkt|bewaren|verwerken)\b",
        ),
        (r"\bjakie\b", r"\bdane\b", r"\b(?:panstwo|macie|posiad\w*|przetwarza\w*|przechow\w*)\b"),
        (
            r"\b(?:jake|ake|ktere|ktore)\b",
            r"\b(?:udaje|data)\b",
            r"\b(?:mate|zpracovav\w*|spracuv\w*|uchovav\w*|evidujete|vedete)\b",
        ),
        (r"\b(?:que|quais)\b", r"\bdados\b", r"\b(?:tem|têm|possu\w*|guard\w*|trat\w*|armazen\w*|detem)\b"),
        (r"\bποια\b", r"\bδεδομεν\w*"),
        (r"\bce\b", r"\bdate\b", r"\b(?:aveti|detineti|prelucrati|stocati|pastrati)\b"),
        (
            r"\b(?:koje|koji|koja)\b",
            r"\bpodatke\b|\bpodaci\b",
            r"\b(?:imate|obradujete|cuvate|posjedujete|pohranjujete)\b",
        ),
        (r"\bкакие\b|\bякі\b", r"\bданные\b|\bдані\b"),
        (r"\bvilka\b|\bhvilke\b", r"\b(?:\w*uppgifter|\w*oplysninger|\w*opplysninger|data)\b"),
    ),
)

OTHER_RIGHTS = (
    *_cues(
        _E,
        Right.ERASURE,
        (r"\b(?:supprim\w*|suppression|effac\w*|droit a l'oubli)\b", r"\b(?:donnees|compte|informations)\b", _FR_MY),
        (
            r"\b(?:cancell\w*|elimina\w*|oblio|rimuov\w*|rimozione)\b",
            r"\b(?:dati|account|profilo|informazioni)\b",
            _IT_MY,
        ),
        (r"\b(?:elimin\w*|borr\w*|suprim\w*|supresion|olvido)\b", r"\b(?:datos|cuenta|informacion)\b", _ES_MY),
        (r"\b(?:verwijder\w*|wissen|gewist|vergetelheid)\b", r"\b(?:\w*gegevens|account|data|profiel)\b", _NL_MY),
        (r"\b(?:usun\w*|usuw\w*|skasow\w*|zapomni\w*)\b", r"\b(?:dan(?:e|ych)|konto)\b", _PL_MY),
        (r"\b(?:vymaz\w*|smaz\w*|odstran\w*|zrus\w*)\b", r"\b(?:udaj\w*|data|ucet|uctu|konto)\b", _CS_MY),
        (r"\b(?:apag\w*|elimin\w*|exclu\w*|remov\w*|esquecimento)\b", r"\b(?:dados|conta|perfil)\b", _PT_MY),
        (r"\bδιαγρα\w*", r"\b(?:δεδομεν\w*|λογαριασμ\w*)"),
        (r"\b(?:sterg\w*)\b", r"\b(?:date\w*|contul\w*|cont)\b", _RO_MY),
        (r"\b(?:bris\w*|obris\w*|izbris\w*|uklon\w*)\b", r"\b(?:podat\w*|racun\w*|profil\w*)\b", _HR_MY),
    ),
    *_cues(
        _R,
        Right.RECTIFICATION,
        (r"\b(?:rectifi\w*|corrig\w*|correction)\b", r"\b(?:donnees|informations|adresse|nom)\b", _FR_MY),
        (r"\b(?:rettific\w*|corregg\w*|correzione)\b", r"\bdati\b", _IT_MY),
        (r"\b(?:rectific\w*|corregir|correccion)\b", r"\bdatos\b", _ES_MY),
        (r"\b(?:rectific\w*|corrige\w*|verbeter\w*)\b", r"\b\w*gegevens\b", _NL_MY),
        (r"\b(?:sprostow\w*|popraw\w*)\b", r"\bdan(?:e|ych)\b", _PL_MY),
        (r"\b(?:oprav\w*)\b", r"\budaj\w*", _CS_MY),
        (r"\b(?:retific\w*|corrig\w*|correc\w*)\b", r"\bdados\b", _PT_MY),
    ),
    *_cues(
        _O,
        Right.OBJECTION,
        (
            r"\b(?:m'oppose|opposition|desabonn\w*|desinscri\w*|ne (?:plus|souhaite plus) recevoir)\b",
            r"\b(?:traitement|publicit\w*|prospection|marketing|"
            r"newsletter|donnees|e-?mails|communications)\b",
        ),
        (
            r"\b(?:mi oppongo|oppongo|opposizione|disiscriv\w*|cancellatemi)\b",
            r"\b(?:trattamento|marketing|newsletter|pubblicit\w*|dati)\b",
        ),
        (
            r"\b(?:me opongo|oposicion|darme de baja)\b",
            r"\b(?:tratamiento|publicidad|marketing|boletin|newsletter|datos)\b",
        ),
        (
            r"\b(?:maak bezwaar|bezwaar|uitschrijven|afmelden)\b",
            r"\b(?:verwerking|marketing|nieuwsbrief|reclame|gegevens)\b",
            _NL_MY + r"|\bik\b",
        ),
        (r"\bsprzeciw\w*", r"\b(?:przetwarza\w*|marketing\w*|dan(?:e|ych))\b"),
        (r"\b(?:namitk\w*|namiet\w*)", r"\b(?:zpracov\w*|spracov\w*|udaj\w*)"),
        (r"\b(?:oponho|oposicao)\b", r"\b(?:tratamento|marketing|dados)\b"),
    ),
)
