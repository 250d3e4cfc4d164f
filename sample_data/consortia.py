"""Who applies together: real municipalities of neighbouring regions, and plainly fictional joint authorities."""

from collections.abc import Sequence
from dataclasses import dataclass

from calls.application import Coordinator, Language, Municipality, Partner
from calls.business_id import check_digit
from calls.register import Register, RegisterEntry
from sample_data.chance import Chance

NEIGHBOURS: dict[str, tuple[str, ...]] = {
    "01": ("02", "05", "07", "08"),
    "02": ("01", "04", "05", "06"),
    "04": ("02", "06", "14", "15"),
    "05": ("01", "02", "06", "07"),
    "06": ("02", "04", "05", "07", "13", "14"),
    "07": ("01", "05", "06", "08", "10", "13"),
    "08": ("01", "07", "09", "10"),
    "09": ("08", "10", "12"),
    "10": ("07", "08", "09", "11", "12", "13"),
    "11": ("10", "12", "13", "17", "18"),
    "12": ("09", "10", "11", "18"),
    "13": ("06", "07", "10", "11", "14", "16", "17"),
    "14": ("04", "06", "13", "15", "16"),
    "15": ("04", "14", "16"),
    "16": ("13", "14", "15", "17"),
    "17": ("11", "13", "16", "18", "19"),
    "18": ("11", "12", "17"),
    "19": ("17",),
}
"""Mainland regions by official code and those they border on."""

SWEDISH_REGIONS = ("15", "01", "02")
_AUTHORITIES = {
    "fi": (
        "Esimerkkikuntayhtymä Lakeus",
        "Esimerkkikuntayhtymä Selkä",
        "Esimerkkikuntayhtymä Harju",
        "Esimerkkikuntayhtymä Salpa",
        "Esimerkkikuntayhtymä Kaira",
        "Esimerkkikuntayhtymä Reitti",
    ),
    "sv": ("Exempelsamkommunen Skärgård", "Exempelsamkommunen Slätten"),
}
_SIZES = (2, 3, 4, 5, 6, 7, 8, 9)
_SIZE_WEIGHTS = (10, 16, 16, 12, 8, 5, 3, 2)


@dataclass(frozen=True, slots=True)
class Consortium:
    """The parties of one application, the coordinator's own entry first, and the region it is named after."""

    coordinator: Coordinator
    partners: tuple[Partner, ...]
    region: str

    @property
    def municipalities(self) -> tuple[Municipality, ...]:
        """All municipalities, those of joint authorities included."""
        return tuple(found for partner in self.partners for found in partner.municipalities)


def fictional_business_id(number: int) -> str:
    """A well-formed business ID of the series 9 000 000, which is far above every number given to anyone.

    ``number``: 0..99 999. The seventh digit is the smallest that leaves a valid check digit.
    """
    for last in range(10):
        digits = f"{9_000_000 + number * 10 + last:07d}"
        check = check_digit(digits)
        if check is not None:
            return f"{digits}-{check}"
    raise ValueError(number)


def draw_consortium(
    chance: Chance, register: Register, region: str, language: Language, led_by_authority: bool, used: set[str]
) -> Consortium:
    """Parties around ``region``. ``used`` holds the codes that already coordinate, and gets this one's."""
    home = [entry for entry in register.entries if entry.region_code == region and _speaks(entry, language)]
    free = [entry for entry in home if entry.code not in used] or home
    lead = chance.weighted(free, [float(entry.population or 1000) ** 0.5 for entry in free])
    size = max(chance.weighted(_SIZES, _SIZE_WEIGHTS), 3 if led_by_authority else 2)
    around = (region, chance.pick(NEIGHBOURS[region])) if chance.happens(0.4) else (region,)
    nearby = [
        entry
        for entry in register.entries
        if entry.region_code in around and entry.code != lead.code and _speaks(entry, language)
    ]
    others = chance.some(nearby, size - 1)
    if led_by_authority:
        return _led_by_authority(chance, language, region, [lead, *others])
    used.add(lead.code)
    partners = [_partner(entry, language) for entry in (lead, *others)]
    if len(others) >= 4 and chance.happens(0.2):
        partners = [*partners[:3], _authority(chance, language, others[2:])]
    name = lead.name(language)
    return Consortium(Coordinator(name, fictional_business_id(int(lead.code)), lead.code), tuple(partners), region)


def _led_by_authority(chance: Chance, language: Language, region: str, entries: Sequence[RegisterEntry]) -> Consortium:
    """The joint authority coordinates for its members; the last municipality takes part by itself."""
    authority = _authority(chance, language, entries[:-1])
    outside = _partner(entries[-1], language)
    number = 10_000 + _AUTHORITIES[language].index(authority.name)
    return Consortium(Coordinator(authority.name, fictional_business_id(number)), (authority, outside), region)


def _authority(chance: Chance, language: Language, members: Sequence[RegisterEntry]) -> Partner:
    return Partner(
        "joint_authority",
        chance.pick(_AUTHORITIES[language]),
        None,
        tuple(Municipality(entry.code, entry.name(language)) for entry in members),
    )


def _partner(entry: RegisterEntry, language: Language) -> Partner:
    return Partner("municipality", entry.name(language), entry.code)


def _speaks(entry: RegisterEntry, language: Language) -> bool:
    return language == "fi" or language in entry.languages
