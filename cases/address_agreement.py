"""How two postal addresses agree: a closed list, strongest first, and what each of its values says."""

from __future__ import annotations

from enum import Enum

from cases.postal_addresses import PostalAddress, parse_address


class AddressAgreement(Enum):
    """Strongest first. Even `SAME` is a household's or a block of flats', never one person's alone."""

    SAME = "same"  # street and house, or post office box, and the postcode or else the town
    OTHER_UNIT = "other_unit"  # the same house, and both name a flat: another one
    SAME_WITHOUT_TOWN = "same_without_town"  # street and house; one of them states neither postcode nor town
    OVERLAPPING_NUMBERS = "overlapping_numbers"  # 5 and 5-7, at the same place
    SAME_OTHER_POSTCODE = (
        "same_other_postcode"  # street, house and town; the postcodes differ (a slip, or a large town)
    )
    SAME_STREET_WITHOUT_NUMBER = "same_street_without_number"  # one of them states no house
    SAME_STREET_OTHER_NUMBER = "same_street_other_number"  # the house next door, 5 and 5a: never the same
    SAME_TOWN = "same_town"  # one of them states no street; postcode or town are the same
    DIFFERENT = "different"
    NOT_STATED = "not_stated"  # one of them is no address

    @property
    def rank(self) -> int:
        """0 is the strongest."""
        return _RANK[self]


_RANK = {value: rank for rank, value in enumerate(AddressAgreement)}


class _Place(Enum):
    SAME = 0
    UNSAID = 1
    OTHER_POSTCODE = 2
    DIFFERENT = 3


def address_agreement(one: str | PostalAddress, other: str | PostalAddress) -> AddressAgreement:
    """How two addresses agree; symmetrical. Labels, c/o and an unstated country do not count."""
    mine = parse_address(one) if isinstance(one, str) else one
    theirs = parse_address(other) if isinstance(other, str) else other
    if not mine or not theirs:
        return AddressAgreement.NOT_STATED
    place = _place(mine, theirs)
    if place is _Place.DIFFERENT:
        return AddressAgreement.DIFFERENT
    if mine.po_box and theirs.po_box:
        return _at(place, AddressAgreement.SAME) if mine.po_box == theirs.po_box else AddressAgreement.DIFFERENT
    if not mine.street or not theirs.street:
        return AddressAgreement.SAME_TOWN if place is _Place.SAME else AddressAgreement.DIFFERENT
    return _at(place, _house(mine, theirs)) if mine.street == theirs.street else AddressAgreement.DIFFERENT


def _place(one: PostalAddress, other: PostalAddress) -> _Place:
    """A postcode decides; towns are written in too many ways (`Berlin-Mitte`) to speak against the same postcode."""
    if one.country and other.country and one.country != other.country:
        return _Place.DIFFERENT
    towns = bool(one.town and other.town) and _same_town(one.town, other.town)
    if one.postcode and other.postcode:
        if one.postcode == other.postcode:
            return _Place.SAME
        return _Place.OTHER_POSTCODE if towns else _Place.DIFFERENT
    if one.town and other.town:
        return _Place.SAME if towns else _Place.DIFFERENT
    return _Place.UNSAID


def _same_town(one: str, other: str) -> bool:
    """`Frankfurt` and `Frankfurt am Main`: one begins with all the words of the other."""
    fewer, more = sorted((one.split(), other.split()), key=len)
    return more[: len(fewer)] == fewer


def _house(one: PostalAddress, other: PostalAddress) -> AddressAgreement:
    if not one.number or not other.number:
        return AddressAgreement.SAME_STREET_WITHOUT_NUMBER
    if (one.number, one.letter) != (other.number, other.letter):
        return AddressAgreement.SAME_STREET_OTHER_NUMBER
    if one.extra != other.extra:
        known = not one.extra or not other.extra
        return AddressAgreement.OVERLAPPING_NUMBERS if known else AddressAgreement.SAME_STREET_OTHER_NUMBER
    if one.unit and other.unit and one.unit != other.unit:
        return AddressAgreement.OTHER_UNIT
    return AddressAgreement.SAME


def _at(place: _Place, found: AddressAgreement) -> AddressAgreement:
    """The agreement of two houses, limited by what is known of the place."""
    limits = {
        _Place.UNSAID: AddressAgreement.SAME_WITHOUT_TOWN,
        _Place.OTHER_POSTCODE: AddressAgreement.SAME_OTHER_POSTCODE,
    }
    return max(found, limits.get(place, found), key=lambda value: value.rank)
