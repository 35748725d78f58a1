"""Words from which the invented company is made: names, streets, products, sentences. Data only."""


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FEMALE_NAMES = _split(
    "Anna Lea Mia Emma Hannah Sofia Marie Emilia Lina Mila Clara Ida Frieda Greta Johanna Charlotte Katharina Julia "
    "Sandra Nicole Stefanie Melanie Anja Silke Kerstin Birgit Petra Sabine Monika Renate Ursula Ingrid Elke Heike "
    "Gudrun Antje Wiebke Frauke Imke Svenja Tomke Merle Lotta Pia Jule Ronja Aylin Zeynep Fatma Elif Agnieszka "
    "Małgorzata Olga Natalia Chiara Giulia Inès Chloé Lena Maren Swantje Dörte Käthe Bärbel"
)
MALE_NAMES = _split(
    "Ben Jonas Leon Finn Elias Paul Luis Felix Lukas Max Henry Emil Anton Jakob Moritz Oskar Theo Matthias Stefan "
    "Andreas Thomas Michael Christian Markus Frank Jürgen Klaus Dieter Günter Werner Horst Heinz Manfred Wolfgang "
    "Uwe Jörg Björn Sven Torben Hauke Malte Ole Fiete Jannes Lasse Thies Enno Mehmet Mustafa Emre Piotr Krzysztof "
    "Ivan Dmitri Luca Matteo José André Jan-Philipp Karl-Heinz Hans-Jürgen Sören Jörn Götz"
)
LAST_NAMES = _split(
    "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein Wolf "
    "Schröder Neumann Schwarz Zimmermann Braun Hofmann Hartmann Lange Schmitt Werner Krause Lehmann Schmid Schulze "
    "Maier Köhler Herrmann König Walter Mayer Huber Kaiser Fuchs Peters Lang Scholz Möller Weiß Jung Hahn Schubert "
    "Vogel Friedrich Keller Günther Frank Berger Winkler Roth Beck Lorenz Baumann Franke Albrecht Schuster Simon "
    "Ludwig Böhm Winter Kraus Martin Schumacher Krämer Vogt Stein Jäger Otto Sommer Groß Seidel Heinrich Haas "
    "Graf Schreiber Schulte Dietrich Ziegler Kuhn Kühn Pohl Engel Horn Busch Bergmann Thomas Voigt Sauer Arnold Wolff "
    "Pfeiffer Petersen Hansen Jensen Jansen Lorenzen Christiansen Paulsen Thomsen Nissen Harms Behrens Ahrens Lüders "
    "Lübcke Wulff Stahl Kröger Jahnke Bülow Dörnberg Westphal Nehls Kruse Prieß Yılmaz Kaya Demir Şahin Nowak "
    "Kowalski Wójcik Nguyen Rossi Dubois Novák Çelik Öztürk"
)
DOUBLE_NAMES = ("von der Heide", "zu Dohna-Prieß", "Meyer-Lüders", "Groth-Öztürk", "de Boer", "van den Berg")

STREETS = (
    "Am Alten Hafen", "Barnstorfer Weg", "Doberaner Straße", "Fischerweg", "Gartenstraße",
    "Hundertmännerstraße", "Kastanienallee", "Kröpeliner Straße", "Lange Straße", "Lindenstraße",
    "Mühlendamm", "Parkstraße", "Petersilienstraße", "Rosa-Luxemburg-Straße", "Schillerplatz", "Seestraße",
    "Strandweg", "Ulmenstraße", "Wismarsche Straße", "Zur Fähre", "Ahornweg", "Bahnhofstraße", "Dorfstraße",
    "Goethestraße", "Hafenallee", "Kirchgasse", "Mozartstraße", "Schulstraße",
)  # fmt: skip
CITIES = (
    ("18055", "Rostock"), ("18057", "Rostock"), ("18059", "Rostock"), ("18106", "Rostock"), ("18119", "Rostock"),
    ("18439", "Stralsund"), ("17489", "Greifswald"), ("19053", "Schwerin"), ("23966", "Wismar"), ("23552", "Lübeck"),
    ("18209", "Bad Doberan"), ("18225", "Ostseebad Kühlungsborn"), ("17033", "Neubrandenburg"), ("18273", "Güstrow"),
    ("20099", "Hamburg"), ("24103", "Kiel"), ("10115", "Berlin"), ("04109", "Leipzig"), ("28195", "Bremen"),
    ("80331", "München"), ("50667", "Köln"), ("70173", "Stuttgart"), ("26121", "Oldenburg"), ("37073", "Göttingen"),
)  # fmt: skip
MAIL_DOMAINS = (
    "posteo.example", "webpost.example", "freipost.example", "mailbox-nord.example", "kabelnetz.example",
    "uni-ostsee.example", "handwerk-mv.example",
)  # fmt: skip
SOURCES = ("Webshop", "Ladengeschäft", "Messe Rad & Reise", "Empfehlung", "Werkstatt", "Telefon")

PRODUCTS = (
    ("LR-100", "Lastenrad „Kogge“", 389900), ("LR-200", "Lastenrad „Kogge“ mit Regenverdeck", 424900),
    ("TR-010", "Trekkingrad „Warnow“", 129900), ("TR-020", "Trekkingrad „Recknitz“ Damen", 134900),
    ("EB-110", "E-Bike „Leuchtturm“", 279900), ("EB-130", "E-Bike „Leuchtturm“ Tiefeinstieg", 289900),
    ("KR-020", "Kinderrad „Seepferdchen“ 20 Zoll", 34900), ("KR-016", "Kinderrad „Stichling“ 16 Zoll", 27900),
    ("FR-400", "Faltrad „Jolle“", 99900), ("GR-500", "Gravelrad „Dünenläufer“", 189900),
    ("ZB-001", "Fahrradhelm „Mütze“", 6990), ("ZB-002", "Bügelschloss „Anker“", 7990),
    ("ZB-003", "Packtasche wasserdicht, Paar", 11990), ("ZB-004", "Frontleuchte 80 Lux", 5490),
    ("ZB-005", "Kindersitz „Klabauter“", 12990), ("ZB-006", "Regenponcho", 4490),
    ("ET-010", "Kette 9-fach", 2490), ("ET-011", "Bremsbeläge, Satz", 1890), ("ET-012", "Schlauch 28 Zoll", 790),
    ("WS-001", "Inspektion klein", 5900), ("WS-002", "Inspektion groß", 11900), ("WS-003", "Laufrad zentrieren", 2500),
)  # fmt: skip

TICKET_SUBJECTS = (
    "Bremse quietscht", "Lieferung unvollständig", "Schaltung lässt sich nicht einstellen", "Frage zur Rechnung",
    "Akku lädt nicht", "Umtausch gewünscht", "Termin in der Werkstatt", "Schlüssel verloren", "Garantie Rahmenbruch",
    "Falsche Größe bestellt",
)  # fmt: skip
TICKET_TEXTS = (
    "Guten Tag, seit der letzten Inspektion quietscht die hintere Bremse bei Nässe. Können Sie bitte nachsehen?",
    "Moin, im Paket fehlte das Schloss. Auf dem Lieferschein ist es aufgeführt. Wann kommt der Rest?",
    "Der dritte Gang springt unter Last. Ich habe schon nachgestellt, ohne Erfolg.",
    "Auf der Rechnung steht noch meine alte Anschrift. Bitte schicken Sie mir eine neue.",
    "Der Akku zeigt nach der Nacht am Ladegerät nur zwei Striche. Ist das ein Garantiefall?",
    "Das Rad ist meinem Sohn zu klein. Kann ich es gegen die nächste Größe tauschen?",
    "Ich bräuchte vor dem Urlaub noch einen Termin, am liebsten am Vormittag.",
    "Mir ist der Schlüssel für das Rahmenschloss ins Hafenbecken gefallen. Die Nummer habe ich notiert.",
    "Am Sitzrohr ist ein feiner Riss. Fotos hängen an.",
    "Bei der Bestellung habe ich mich in der Rahmenhöhe vertan. Das Rad ist noch ungefahren.",
)
NOTE_TEXTS = (
    "Ruft lieber an, als zu schreiben.", "Zahlt immer bar im Laden.", "Wünscht Rückruf nur nach 17 Uhr.",
    "Hat den Kulanzrabatt von 5 % bekommen.", "War wegen der Wartezeit verärgert, Gutschein angeboten.",
    "Interessiert sich für das neue Lastenrad, im Frühjahr ansprechen.", "Mahnung zurückgezogen, Zahlung war da.",
    "Braucht das Rad beruflich, bei Reparaturen vorziehen.", "Möchte keine Werbung per Post.",
    "Probefahrt am Samstag gemacht, überlegt noch.",
)  # fmt: skip
CAMPAIGNS = ("Frühjahrsputz 2025", "Sommerräder 2025", "Lichtwochen 2025", "Frühjahrsputz 2026", "Lastenradtage 2026")

CHAT_CUSTOMER = (
    "Moin! Habt ihr das Lastenrad auch in Grün? 😊", "Wie lange dauert zurzeit eine Inspektion?",
    "Danke, das Rad fährt sich großartig!", "Ich hätte gern eine Probefahrt am Samstag.", "Habt ihr heute geöffnet?",
    "Könnt ihr mir den Preis für größere Laufräder schicken?", "Mein Schlauch ist schon wieder platt 🙈",
    "Kann ich das Rad auch nach Güstrow liefern lassen?", "Super, bis später!", "Schönes Foto vom Stadthafen 😍",
    "Gibt es Winterreifen in 28 Zoll?", "Ist der Gutschein übertragbar?",
)  # fmt: skip
CHAT_SHOP = (
    "Moin und danke für deine Nachricht!", "Ja, in Grün ist es ab Mitte März wieder da.", "Zurzeit etwa eine Woche.",
    "Komm gern vorbei, wir haben bis 18 Uhr geöffnet.", "Das freut uns sehr 🚲",
    "Schreib uns bitte kurz deine Rahmenhöhe.",
    "Wir melden uns, sobald das Teil da ist.", "Gern geschehen, gute Fahrt!", "Das prüfen wir in der Werkstatt.",
)  # fmt: skip
HANDLE_WORDS = (
    "rad", "ostsee", "nord", "wind", "kette", "speiche", "moewe", "deich", "unterwegs", "foto", "kiez", "strand",
    "tour", "berg", "garten", "kaffee", "hund", "laufen",
)  # fmt: skip
