"""The German data protection authorities: who supervises whom, and how to reach them.

Dated data: an address or a remit changes by law or by a move (a reform of the supervision of companies is planned for
the end of 2027), so every value says when it was checked. Churches and broadcasters have authorities of their own
(Art. 85 and 91 GDPR) that are not listed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from cases.laender import land_of


class Remit(StrEnum):
    """Whom an authority supervises."""

    ALL = "public and private"
    PRIVATE = "private only"
    PUBLIC = "public only"
    FEDERAL = "federal public bodies; telecoms and postal providers"


class StreetCheck(StrEnum):
    """How well the street address is known; letters use `postal`, which was checked for every authority."""

    SEEN = "seen"
    ONE_UNOFFICIAL_SOURCE = "one unofficial source"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Authority:
    """One authority as it is named in a letter. `verified_on`: when name, postal address, web, e-mail and phone were
    last compared with a public source."""

    code: str
    land: str
    name: str
    remit: Remit
    street: str
    street_check: StreetCheck
    postal: str
    web: str
    email: str
    phone: str
    verified_on: date


_VERIFIED = date(2026, 7, 21)

_ALL = (
    Authority(
        code="BW",
        land="Baden-Württemberg",
        name="Der Landesbeauftragte für den Datenschutz und die Informationsfreiheit Baden-Württemberg",
        remit=Remit.ALL,
        street="Heilbronner Straße 35, 70191 Stuttgart",
        street_check=StreetCheck.SEEN,
        postal="Postfach 10 29 32, 70025 Stuttgart",
        web="https://www.baden-wuerttemberg.datenschutz.de",
        email="poststelle@lfdi.bwl.de",
        phone="+49 711 615541-0",
        verified_on=_VERIFIED,
    ),
    Authority(
        code="BY",
        land="Bayern",
        name="Bayerisches Landesamt für Datenschutzaufsicht (BayLDA)",
        remit=Remit.PRIVATE,
        street="Promenade 18, 91522 Ansbach",
        street_check=StreetCheck.UNCHECKED,
        postal="Postfach 1349, 91504 Ansbach",
        web="https://www.lda.bayern.de",
        email="poststelle@lda.bayern.de",
        phone="+49 981 180093-0",
        verified_on=_VERIFIED,
    ),
    Authority(
        code="BY-PUB",
        land="Bayern",
        name="Der Bayerische Landesbeauftragte für den Datenschutz (BayLfD)",
        remit=Remit.PUBLIC,
        street="Wagmüllerstraße 18, 80538 München",
        street_check=StreetCheck.UNCHECKED,
        postal="Postfach 22 12 19, 80502 München",
        web="https://www.datenschutz-bayern.de",
        email="poststelle@datenschutz-bayern.de",
        phone="+49 89 212672-0",
        verified_on=_VERIFIED,
    ),
    Authority(
        code="BE",
        land="Berlin",
        name="Berliner Beauftragte für Datenschutz und Informationsfreiheit",
        remit=Remit.ALL,
        street="Alt-Moabit 59-61, 10555 Berlin",
        street_check=StreetCheck.SEEN,
        postal="Alt-Moabit 59-61, 10555 Berlin",
        web="https://www.datenschutz-berlin.de",
        email="mailbox@datenschutz-berlin.de",
        phone="+49 30 13889-0",
        verified_on=_VERIFIED,
    ),
    Authority(
        code="BB",
        land="Brandenburg",
        name="Die Landesbeauftragte für den Datenschutz und für das Recht auf Akteneinsicht Brandenburg",
        remit=Remit.ALL,
        street="Stahnsdorfer Damm 77, 14532 Kleinmachnow",
        street_check=StreetCheck.SEEN,
        postal="Stahnsdorfer Damm 77, 14532 Kleinmachnow",
        web="https://www.lda.brandenburg.de",
        email="poststelle@lda.brandenburg.de",
        phone="+49 33203 356-0",
        verified_on=_VERIFIED,
    ),
    Authority(
        code="HB",
        land="Bremen",
        name="Die Landesbeauftragte für Datenschutz und Informationsfreiheit der Freien Hansestadt Bremen",
        remit=Remit.ALL,
        street="Arndtstraße 1, 27570 Bremerhaven",
        street_check=StreetCheck.SEEN,
        postal="Arndtstraße 1, 27570 Bremerhaven",
        web="https://www.datenschutz.bremen.de",
        email="office@datenschutz.bremen.de",
        phone="+49 421 361-2010",
        verified_on=_VERIFIED,
    ),
    Authority(
        code="HH",
        land="Hamburg",
        name="Der Hamburgische Beauftragte für Datenschutz und Informationsfreiheit",
        remit=Remit.ALL,
        street="Ludwig-Erhard-Straße 22, 20459 Hamburg",
        street_check=StreetCheck.SEEN,
        postal="Ludwig-Erhard-Straße 22 (7. OG), 20459 Hamburg",
        web="https://datenschutz-hamburg.de",
        email="mailbox@datenschutz.hamburg.de",
        phone="+49 40 42854-4040",
        verified_on=_VERIFIED,
    ),
    Authority(
        code="HE",
        land="Hessen",
        name="Der Hessische Beauftragte für Datenschutz und Informationsfreiheit",
        remit=Remit.ALL,
        street="Gustav-Stresemann-Ring 1, 65189 Wiesbaden",
        street_check=StreetCheck.ONE_UNOFFICIAL_SOURCE,
        postal="Postfach 31 63, 65021 Wiesbaden",
        web="https://datenschutz.hessen.de",
        email="poststelle@datenschutz.hessen.de",
        phone="+49 611 1408-0",
        verified_on=_VERIFIED,
    ),
    Authority(
        code="MV",
        land="Mecklenburg-Vorpommern",
        name="Der Landesbeauftragte für Datenschutz und Informationsfreiheit Mecklenburg-Vorpommern",
        remit=Remit.ALL,
        street="Werderstraße 74a, 19055 Schwerin",
        street_check=StreetCheck.SEEN,
        postal="Schloss Schwerin, Lennéstraße 1, 19053 Schwerin",
        web="https://www.datenschutz-mv.de",
        email="info@datenschutz-mv.de",
        phone="+49 385 59494-0",
        verified_on=_VERIFIED,
    ),
    Authority(
        code="NI",
        land="Niedersachsen",
        name="Der Landesbeauftragte für den Datenschutz Niedersachsen",
        remit=Remit.ALL,
        street="Prinzenstraße 5, 30159 Hannover",
        street_check=StreetCheck.ONE_UNOFFICIAL_SOURCE,
        postal="Postfach 2 21, 30002 Hannover",
        web="https://lfd.niedersachsen.de",
        email="poststelle@lfd.niedersachsen.de",
        phone="+49 511 120-4500",
        verified_on=_VERIFIED,
    ),
    Authority(
        code="NW",
        land="Nordrhein-Westfalen",
        name="Landesbeauftragte für Datenschutz und Informationsfreiheit Nordrhein-Westfalen",
        remit=Remit.ALL,
        street="Kavalleriestraße 2-4, 40213 Düsseldorf",
        street_check=StreetCheck.SEEN,
        postal="Kavalleriestraße 2-4, 40213 Düsseldorf",
        web="https://www.ldi.nrw.de",
        email="poststelle@ldi.nrw.de",
        phone="+49 211 38424-0",
        verified_on=_VERIFIED,
    ),
    Authority(
        code="RP",
        land="Rheinland-Pfalz",
        name="Der Landesbeauftragte für den Datenschutz und die Informationsfreiheit Rheinland-Pfalz",
        remit=Remit.ALL,
        street="Hintere Bleiche 34, 55116 Mainz",
        street_check=StreetCheck.ONE_UNOFFICIAL_SOURCE,
        postal="Postfach 30 40, 55020 Mainz",
        web="https://www.datenschutz.rlp.de",
        email="poststelle@datenschutz.rlp.de",
        phone="+49 6131 8920-0",
        verified_on=_VERIFIED,
    ),
    Authority(
        code="SL",
        land="Saarland",
        name="Unabhängiges Datenschutzzentrum Saarland",
        remit=Remit.ALL,
        street="Fritz-Dobisch-Straße 12, 66111 Saarbrücken",
        street_check=StreetCheck.SEEN,
        postal="Fritz-Dobisch-Straße 12, 66111 Saarbrücken",
        web="https://datenschutz.saarland.de",
        email="poststelle@datenschutz.saarland.de",
        phone="+49 681 94781-0",
        verified_on=_VERIFIED,
    ),
    Authority(
        code="SN",
        land="Sachsen",
        name="Sächsische Datenschutz- und Transparenzbeauftragte",
        remit=Remit.ALL,
        street="Maternistraße 17, 01067 Dresden",
        street_check=StreetCheck.SEEN,
        postal="Postfach 11 01 32, 01330 Dresden",
        web="https://www.datenschutz.sachsen.de",
        email="post@sdtb.sachsen.de",
        phone="+49 351 85471-101",
        verified_on=_VERIFIED,
    ),
    Authority(
        code="ST",
        land="Sachsen-Anhalt",
        name="Die Landesbeauftragte für den Datenschutz Sachsen-Anhalt",
        remit=Remit.ALL,
        street="Otto-von-Guericke-Straße 34a, 39104 Magdeburg",
        street_check=StreetCheck.SEEN,
        postal="Postfach 19 47, 39009 Magdeburg",
        web="https://datenschutz.sachsen-anhalt.de",
        email="poststelle@lfd.sachsen-anhalt.de",
        phone="+49 391 81803-0",
        verified_on=_VERIFIED,
    ),
    Authority(
        code="SH",
        land="Schleswig-Holstein",
        name="Unabhängiges Landeszentrum für Datenschutz Schleswig-Holstein (ULD)",
        remit=Remit.ALL,
        street="Holstenstraße 98, 24103 Kiel",
        street_check=StreetCheck.ONE_UNOFFICIAL_SOURCE,
        postal="Postfach 71 16, 24171 Kiel",
        web="https://www.datenschutzzentrum.de",
        email="mail@datenschutzzentrum.de",
        phone="+49 431 988-1200",
        verified_on=_VERIFIED,
    ),
    Authority(
        code="TH",
        land="Thüringen",
        name="Thüringer Landesbeauftragter für den Datenschutz und die Informationsfreiheit (TLfDI)",
        remit=Remit.ALL,
        street="Häßlerstraße 8, 99096 Erfurt",
        street_check=StreetCheck.ONE_UNOFFICIAL_SOURCE,
        postal="Postfach 90 04 55, 99107 Erfurt",
        web="https://www.tlfdi.de",
        email="poststelle@datenschutz.thueringen.de",
        phone="+49 361 573112900",
        verified_on=_VERIFIED,
    ),
    Authority(
        code="DE",
        land="Bund",
        name="Die Bundesbeauftragte für den Datenschutz und die Informationsfreiheit (BfDI)",
        remit=Remit.FEDERAL,
        street="Graurheindorfer Straße 153, 53117 Bonn",
        street_check=StreetCheck.SEEN,
        postal="Graurheindorfer Straße 153, 53117 Bonn",
        web="https://www.bfdi.bund.de",
        email="poststelle@bfdi.bund.de",
        phone="+49 228 997799-0",
        verified_on=_VERIFIED,
    ),
)
AUTHORITIES: Mapping[str, Authority] = MappingProxyType({one.code: one for one in _ALL})
FEDERAL = AUTHORITIES["DE"]


def competent(land: str, public_body: bool = False) -> Authority:
    """The authority for a controller seated in the Land: in Bavaria the BayLDA for companies, the BayLfD for public
    bodies. Federal bodies, telecoms and postal providers have `FEDERAL`. ValueError names the sixteen Länder."""
    name = land_of(land).name.de
    supervised = Remit.PUBLIC if public_body else Remit.PRIVATE
    return next(one for one in _ALL if one.land == name and one.remit in (Remit.ALL, supervised))
