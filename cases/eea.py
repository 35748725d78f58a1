# ruff: noqa: SIM905 - a list of names is read like one
"""The countries of the European Economic Area (Art. 15(2) GDPR: every other one is a third country), by the names that
a register of processing activities gives them in German and English.

As of 2026: the 27 member states of the Union, Iceland, Liechtenstein and Norway.
"""

from __future__ import annotations

import re

_NAMES = frozenset(
    """
    belgien belgium bulgarien bulgaria dänemark denmark deutschland germany bundesrepublik-deutschland estland
    estonia finnland finland frankreich france griechenland greece irland ireland republik-irland
    republic-of-ireland italien italy kroatien croatia lettland latvia litauen lithuania luxemburg luxembourg malta
    niederlande netherlands österreich austria polen poland portugal rumänien romania schweden sweden slowakei
    slovakia slowenien slovenia spanien spain tschechien czechia tschechische-republik czech-republic ungarn hungary
    zypern cyprus island iceland liechtenstein norwegen norway eu ewr eea europäische-union european-union
    europäischer-wirtschaftsraum european-economic-area federal-republic-of-germany be bg dk de ee fi fr gr ie it hr
    lv lt lu mt nl at pl pt ro se sk si es cz hu cy is li no
    """.split()
)
_BETWEEN = re.compile(r"[,;/()&]|\b(?:und|and|oder|or)\b")
_ARTICLE = re.compile(r"^(?:die|der|das|den|the|in|in der|in den|in the) (?=\w)")


def in_eea(country: str) -> bool:
    """Whether everything that the text names lies in the EEA. What is no name of such a country does not: a place
    that nobody knows is treated as one outside."""
    places = [" ".join(place.split()) for place in _BETWEEN.split(country.casefold())]
    named = [_ARTICLE.sub("", place).replace(" ", "-") for place in places if place]
    return bool(named) and all(place in _NAMES for place in named)
