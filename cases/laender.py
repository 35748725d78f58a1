"""The sixteen Länder: their names, holiday statutes and the regions with holidays of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cases.bilingual import Text


@dataclass(frozen=True, slots=True)
class Land:
    """One Land by its ISO 3166-2 code without `DE-`. `statute` is the paragraph that lists its public holidays."""

    code: str
    name: Text
    statute: str
    regions: tuple[str, ...] = ()


CATHOLIC = "catholic"
AUGSBURG = "augsburg"

REGIONS: Mapping[str, Text] = MappingProxyType(
    {
        CATHOLIC: Text("katholisch geprägte Gemeinde", "mainly Catholic municipality"),
        AUGSBURG: Text("Stadt Augsburg", "city of Augsburg"),
    }
)

_ALL = (
    Land("BB", Text("Brandenburg", "Brandenburg"), "§ 2 FTG BB"),
    Land("BE", Text("Berlin", "Berlin"), "§ 1 FeiertG BE"),
    Land("BW", Text("Baden-Württemberg", "Baden-Württemberg"), "§ 1 FTG BW"),
    Land("BY", Text("Bayern", "Bavaria"), "Art. 1 BayFTG", (CATHOLIC, AUGSBURG)),
    Land("HB", Text("Bremen", "Bremen"), "§ 2 BremSFTG"),
    Land("HE", Text("Hessen", "Hesse"), "§ 1 HFeiertagsG"),
    Land("HH", Text("Hamburg", "Hamburg"), "§ 1 FeiertG HH"),
    Land("MV", Text("Mecklenburg-Vorpommern", "Mecklenburg-Western Pomerania"), "§ 2 FTG M-V"),
    Land("NI", Text("Niedersachsen", "Lower Saxony"), "§ 2 NFeiertagsG"),
    Land("NW", Text("Nordrhein-Westfalen", "North Rhine-Westphalia"), "§ 2 Feiertagsgesetz NW"),
    Land("RP", Text("Rheinland-Pfalz", "Rhineland-Palatinate"), "§ 2 LFtG RP"),
    Land("SH", Text("Schleswig-Holstein", "Schleswig-Holstein"), "§ 2 SFTG SH"),
    Land("SL", Text("Saarland", "Saarland"), "§ 2 SFG SL"),
    Land("SN", Text("Sachsen", "Saxony"), "§ 1 SächsSFG", (CATHOLIC,)),
    Land("ST", Text("Sachsen-Anhalt", "Saxony-Anhalt"), "§ 2 FeiertG LSA"),
    Land("TH", Text("Thüringen", "Thuringia"), "§ 2 ThürFGtG", (CATHOLIC,)),
)
LAENDER: Mapping[str, Land] = MappingProxyType({land.code: land for land in _ALL})


def land_of(code: str) -> Land:
    """The Land of a code such as `BY`; ValueError names the sixteen codes."""
    if code not in LAENDER:
        raise ValueError(f"unknown Land: use one of {', '.join(LAENDER)}")
    return LAENDER[code]


def checked_region(land: Land | None, region: str | None) -> str | None:
    """`region` where the Land has it; ValueError says which regions there are."""
    if region is None:
        return None
    known = land.regions if land else ()
    if region in known:
        return region
    allowed = "; ".join(f"{one.code}: {', '.join(one.regions)}" for one in LAENDER.values() if one.regions)
    raise ValueError(f"unknown region for this Land: leave it out or use one of {allowed}")
