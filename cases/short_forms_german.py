"""German given names and what their bearers are called; other spellings of given names."""

from __future__ import annotations

# Full name: what is short for it.
GERMAN = """
Adelheid: Heidi Heide Adele Alida
Adolf: Dolf Adi
Albert: Bert Berti Al
Albrecht: Bert Berti
Alexander: Alex Sascha Sandro Lex Xander Xandi
Alexandra: Alex Sandra Sascha Xandra Lexi
Alfons: Fons Fonsi
Alfred: Fred Fredi Freddy Fredl
Alois: Lois Loisl Luis
Amalie: Mali Malchen
Andrea: Andi Andy Drea
Andreas: Andi Andy Andre Anderl
Angelika: Geli Angie Angela
Anna: Anni Anne Annerl Anne Ann Anja Antje Annika Anke Änne
Annemarie: Anni Annemie Anne Marie
Anneliese: Anni Liesel Anne Lise
Anton: Toni Tönnes
Antonia: Toni Tonia Nia
Antonie: Toni
August: Gustl Gust Gustel
Auguste: Gustl Guste Gustel
Barbara: Babsi Bärbel Babette Barbel Babs Bärbl
Bartholomäus: Barthel Bartl Bartel
Benedikt: Bene Beni
Benjamin: Ben Benni Benny Benno
Bernadette: Detta Berni
Bernhard: Bernd Berni Benno Bernie Bernt
Bertold: Bert Berti
Birgit: Gitta Biggi Gitti
Brigitte: Gitta Gitte Gitti Biggi Britta Birgit
Christian: Chris Christl Krischan Kris
Christiane: Chris Jane Christel Nane
Christina: Chris Tina Christel Kristl Stina
Christine: Chris Tine Christel Christl Stine
Christoph: Chris Stoffel Toffel
Cornelia: Conny Nele Nelly Lia Corny
Daniel: Dani Danny Dan
Daniela: Dani Danni Ela
Dietrich: Dieter Dirk Dietz Didi
Dominik: Dom Domi Nick
Dorothea: Dora Doro Dorle Thea Dorchen Dörte
Eberhard: Ebbo Hardy Eberl
Edeltraud: Traudl Edel Traudel
Eduard: Edi Eddy Ed
Eleonore: Nora Lore Ella Elli Leonore
Elfriede: Frieda Friedel Elfi Elli
Elisabeth: Lisa Elli Else Lisbeth Sissi Sisi Betty Elsbeth Lisi Liesel Lilli Liesl Ilse Bettina Elise Babette Elsa Lies
Emilia: Emmi Mila Emmy Emily Milla
Erhard: Hardy
Erika: Rike Riki
Ernst: Erni Ernstl
Eugen: Geno
Evelyn: Eve Evi Eva
Eva: Evi Ev Evchen
Felicitas: Feli Fee Lizzy
Ferdinand: Ferdi Ferdl Nando Fernand
Florian: Flo Flori
Franz: Franzl Franzi
Franziska: Franzi Fanny Fränzi Ziska Franzl Siska
Franz-Josef: Franzjosef
Friedrich: Fritz Fred Friedel Frieder Fiete Freddy Fiddi
Friederike: Rike Frieda Fritzi Riekchen Friedel Riki
Gabriel: Gabi Gabe
Gabriele: Gabi Gaby Gabriela
Georg: Schorsch Jörg Jürgen Girgl Gerg Jürg
Gerhard: Gerd Gert Hardy Geri
Gerlinde: Linde Gerli Linda
Gertrud: Trude Trudi Gerti Gerda Traudl Trudel
Gisela: Gisi Gila Gisa
Gottfried: Friedel Götz Gotti
Gregor: Greg Grischa
Günther: Günni Guenni
Gustav: Gustl Gustel Gus
Hannelore: Lore Hanne Hanni Lorchen
Hans-Joachim: Hajo Hansjoachim Hans Achim
Hans-Jürgen: Hansjürgen Hajü Hans Jürgen
Hans-Peter: Hape Hanspeter Hans Peter
Hans-Dieter: Hansdieter Hans Dieter
Hans-Georg: Hansgeorg Hans
Hartmut: Hardy Harti
Hedwig: Hedi Hede Hedda Wiggerl
Heinrich: Heinz Heiner Heini Hein Hinrich Henrik Henry Heiko Henner
Helena: Lena Leni Helen Nele Hella Lene Ella
Helene: Leni Lene Lena Hella Hele Nele
Helga: Helgi
Helmut: Helle Heli Hellmuth
Henriette: Henni Jette Rike Jettchen
Herbert: Bert Herbi Berti Hebbe
Hermann: Männe Mandi Manni
Hieronymus: Ronny Grommes
Hildegard: Hilde Gard Hildchen Hilda
Hubert: Bert Hubsi Hubi Bertl
Hugo: Hugi
Ignaz: Naz Igi
Ingeborg: Inge Inga Ingeli
Irmgard: Irmi Irma
Irmtraud: Irmi Traudl
Isabella: Isa Bella Isabel Bell Isi
Jacqueline: Jacky Jaqui
Jakob: Jockel Jack Jackl Köbi Jaköble Jaki
Jennifer: Jenny Jenni Jen
Jessica: Jessi Jess Jessy
Joachim: Achim Jochen Jochim Jo Kim Joki
Johann: Hans Hannes Hansi Hänschen Hanns Jan Jo Hansl Joh
Johanna: Hanna Hanni Hanne Jo Johanne Hannah Hannchen Jana
Johannes: Hannes Hans Hanns Jan Jens Johann Jo Hansi Hennes Janni Johnny Jannes
Jonas: Joni Jona
Jonathan: Jon Joni Nathan Johnny
Josef: Sepp Jupp Beppo Peppi Seppl Jos Seppi Pepi Jo
Josefine: Josi Fine Finni Josie Josefa Finchen
Julia: Jule Juli Jules Lia
Juliane: Jule Juli Jane
Julius: Juli Jule Jul
Karl: Kalle Karli Carlo Karlchen
Karl-Heinz: Kalle Karlheinz Heinz Kalli
Karoline: Karo Lina Line Carolin Linchen
Karolina: Karo Lina
Kaspar: Kasper Kappes
Katharina: Kathi Katja Kati Käthe Katrin Kathrin Kathrina Trine Rina Kate Ina Nina Kat Katinka Kaja Tinka
Klara: Klärchen Clärchen Kläre
Klaus-Dieter: Klausdieter Klaus
Konrad: Conny Kurt Radi Konni Kuno
Konstantin: Kosta Konni Stani Tino
Korbinian: Korbi
Kunigunde: Gundi Kuni Gunda
Laura: Lauri Lolo
Leonhard: Leo Hardy Leonard Lienhard Hartl Leon
Leopold: Leo Poldi Poldl
Lorenz: Lenz Enz Lore
Ludwig: Lutz Wiggerl Lui Luggi Lude Ludi
Luise: Lulu Isa Lou
Magdalena: Lena Leni Magda Madlen Lene Magdi Malena Lenchen
Manfred: Manni Fred Manny Mane
Manuela: Manu Ela Nela Mani
Manuel: Manu Mani
Margarete: Grete Gretel Gretl Marga Gitta Grit Gritt Greta Meta Rita Gretchen Margit Margret Reta Magret
Margareta: Greta Grete Gretel Marga Rita Gitta
Maria: Mia Mizzi Marie Mitzi Mimi Ria Maja Mariechen Marei Mariele
Marianne: Anne Nanne Janne Mariann
Marion: Mari
Markus: Mark Max Maxi Kusi
Martin: Tinus Maddin Martl Märten
Martina: Tina Marti Ina
Mathilde: Tilda Hilde Thilde Tilly Tilli Thilda
Matthäus: Matz Hias
Matthias: Matze Mattes Hias Matz Matti Hiasl Thias Mats Matte
Maximilian: Max Maxi Maxl Milan
Melanie: Melli Mel Mella Meli Lani
Michael: Michi Micha Michel Mike Mischa Michl Mich
Michaela: Michi Micha Ela Michele
Monika: Moni Mona Nika Monni
Nicole: Niki Nicki Nico Colly Nicky
Nikolaus: Klaus Niko Nick Nico Niklas Klas Nikki Claus
Norbert: Bert Norbi Nobbi Bertl
Olivia: Livia Liv Oli
Oliver: Oli Olli
Ottilie: Otti Tilli Odi
Patricia: Pat Patty Trixi Patsy Tricia
Patrick: Pat Paddy Rick
Pauline: Paula Line Pauli
Peter: Pit Pitt Peterl Pete Petz
Petra: Peti Petzi
Philipp: Phil Lipp Flip Fips Lippo
Rainer: Raini Reini
Raphael: Raffi Rafi Rafa
Raimund: Raimi Mundi
Rebekka: Becky Bekki Becca Rebi
Regina: Gina Regi Ina
Reinhard: Reini Hardy Hartl
Reinhold: Reini Holdi
Renate: Nate Reni Rena Nati
Richard: Rick Richi Ricky Hardy Richie
Robert: Rob Robbi Bert Robi Berti
Roland: Rolli Roli Rolle
Rosa: Rosi Rosl Röschen
Rosemarie: Rosi Romy Rose Marie Rosel
Rosina: Rosi Sina
Rudolf: Rudi Rolf Dolf Rudl Ruedi
Rupert: Bertl Rupi Rupp
Sabine: Bine Biene Bini Sabi Sabinchen
Samuel: Sam Sami Sammy
Sebastian: Basti Bastian Sebi Wastl Seb Baschtl Bas
Siegfried: Sigi Siggi Siggy Friedel
Sieglinde: Sigi Linde Siggi
Sigismund: Sigi
Sigmund: Sigi Mundi
Silvia: Silvi Silvie Sylvie Via
Simone: Moni Simi Mone
Sophia: Sophie Fia Soph Sofie
Stefan: Steff Steffen Stef Steffel Steve
Stefanie: Steffi Steffie Stef Fanny Nie
Susanne: Susi Sanne Suse Sanni Suzie Susan Sus
Susanna: Susi Sanna Sanne
Tamara: Tami Mara
Theodor: Theo Teo Teddy Dori
Theresa: Resi Tessa Resl Thesi Thesa Reserl Terry
Therese: Resi Resl Reserl
Thomas: Tom Tommy Tommi Thommy Thom
Tobias: Tobi Tobbe Bias
Ulrich: Uli Ulli Ule Utz Ricky
Ulrike: Uli Ulli Rike Ulla Riki
Urban: Urbi
Ursula: Uschi Ulla Ursel Ursl Uschie Urschel
Valentin: Valti Vale Velten Tino
Valentina: Vale Tina
Veronika: Vroni Moni Vera Roni Ronja Vreni Nika
Verena: Vreni Vera Rena Vroni
Viktor: Vik Vicki
Viktoria: Vicky Vicki Tori Ria
Vinzenz: Vinz Zenz Vini Vinnie
Volker: Volki
Waldemar: Waldi Wladi
Walburga: Burgi Wally Walli
Walter: Walli Wolli Waldi Wälti
Waltraud: Traudl Traudel Walli Trautchen
Werner: Werni Wernher
Wilhelm: Willi Willy Wim Helm Wille Will Bill
Wilhelmine: Minna Mina Helma Wilma Minchen Mine
Wolfgang: Wolf Wolfi Wolle Wolli Wölfi
Xaver: Xaverl Veri Vere
Franz-Xaver: Xaver Franzxaver Veri Franz
"""

# Other spellings of one name; each line is one name.
SPELLINGS = """
Alexa Alexia
Annette Anette
Annika Anika
Bernd Bernt
Britta Brita
Carl Karl
Carla Karla
Carolin Karolin Caroline Karoline
Carsten Karsten
Christa Krista
Christian Kristian
Christina Kristina
Christine Kristine
Christof Christoph Kristof Kristoph
Claudia Klaudia
Claus Klaus
Clara Klara
Clemens Klemens
Conrad Konrad
Constantin Konstantin
Cornelia Kornelia
Denis Dennis
Detlef Detlev
Dieter Diether
Dominic Dominik
Eric Erik Erich
Erica Erika
Eveline Evelyn Evelin
Filip Philip Philipp Phillip Phillipp
Franciska Franziska
Frederic Frederik Frederick Fredrick
Gaby Gabi
Geoffrey Jeffrey
Gerd Gert
Günter Günther
Hanna Hannah
Hellmut Helmut Helmuth Hellmuth
Hendrik Henrik
Hermann Herrmann
Ines Inez
Isabel Isabell Isabelle
Jakob Jacob
Jannik Yannick Yannik Jannick Yanick
Jasmin Yasmin Jasmine Yasmine
Jenni Jenny
Joachim Jochim
Jonny Johnny
Josef Joseph
Josefine Josephine Josefina Josephina
Judit Judith
Jürgen Juergen
Karin Carin
Karina Carina
Katharina Katarina Catharina Catarina
Katrin Kathrin Catrin Cathrin
Kai Kay Cai
Kirsten Kirstin
Kurt Curt
Laurenz Lorenz
Lea Leah
Leonard Leonhard Lennard Lennart
Lotar Lothar
Luca Luka
Lucas Lukas
Ludwig Ludewig
Luis Louis
Luise Louise
Lydia Lidia
Magdalena Magdalene
Maik Mike Meik Maic
Maja Maya
Manuel Emanuel Emmanuel Immanuel
Marc Mark
Marco Marko
Marcus Markus
Margarete Margarethe Margaret
Margarita Margaritha
Marlies Marlis Marliese
Martha Marta
Mathilda Matilda Mathilde
Mathis Matthis Mattis
Matias Matthias Mathias
Moritz Mauritz
Melani Melanie
Mia Mya
Monica Monika
Mohamed Mohammed Muhammad Mohammad Muhammed
Natalie Nathalie
Natascha Natasha
Nicol Nicole
Niclas Niklas Nicklas
Nico Niko
Nicolas Nikolas Nicholas
Nicolaus Nikolaus
Olaf Olav
Oscar Oskar
Otmar Ottmar Othmar
Patric Patrick Patrik
Rafael Raphael
Raimund Raymund
Rainer Reiner Rainier
Ralf Ralph
Rebecca Rebekka Rebeka
Renee Rene
Rosemarie Rosemary
Rüdiger Ruediger
Rudolf Rudolph
Sandy Sandi
Sara Sarah
Sebastian Sebastien
Siegfried Sigfried Sigfrid
Siegrid Sigrid
Silvia Sylvia
Sofia Sophia
Sofie Sophie
Sören Soeren Søren
Stefan Stephan Steffan Steven Stephen
Stefanie Stephanie
Steffi Stephi
Susann Susanne Suzanne
Sven Swen
Tanja Tania
Tatjana Tatiana
Teresa Theresa Theresia Therese
Theodor Teodor
Thilo Tilo
Thimo Timo
Thomas Tomas
Thorben Torben
Thorsten Torsten
Tom Thom
Ullrich Ulrich
Valeri Valerie
Veronica Veronika
Viktor Victor
Viktoria Victoria
Vincent Vinzent Vinzenz
Walter Walther
Waltraud Waltraut
Wenke Venke
Wiebke Wibke
Willi Willy
Wladimir Vladimir
Yvonne Ivonne
Zoe Zoey
"""
