"""From what people call their place to its time zone: a city, a country, a zone's own name, or an offset."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

from bot.domain.community.cities import CITIES
from bot.domain.curriculum.names import normal

MOST_GUESSES: Final = 5
CERTAIN: Final = 83.0
MARGIN: Final = 6.0
POSSIBLE: Final = 70.0
POSSIBLE_SHORT: Final = 82.0
"""Of names under six letters, where one letter more or less makes another place."""
_OFFSET: Final = re.compile(r"(?:utc|gmt)?\s*([+-])\s*(\d{1,2})(?::?00)?")
_LANGUAGES: Final = dict(
    pair.split("=")
    for pair in [
        "ar=EG",
        "cs=CZ",
        "da=DK",
        "de=DE",
        "el=GR",
        "es=ES",
        "et=EE",
        "fa=IR",
        "fi=FI",
        "fr=FR",
        "he=IL",
        "hi=IN",
        "hr=HR",
        "hu=HU",
        "id=ID",
        "it=IT",
        "ja=JP",
        "ko=KR",
        "lt=LT",
        "lv=LV",
        "ms=MY",
        "nb=NO",
        "nl=NL",
        "no=NO",
        "pl=PL",
        "pt=PT",
        "ro=RO",
        "ru=RU",
        "sk=SK",
        "sl=SI",
        "sr=RS",
        "sv=SE",
        "th=TH",
        "tr=TR",
        "uk=UA",
        "vi=VN",
        "zh=CN",
    ]
)
"""The country in which most speakers of a language live who would be asked here; English says nothing."""


@dataclass(frozen=True, slots=True)
class FoundZone:
    """Either the ``zone`` (IANA name) that was meant, or up to five ``guesses``, the likeliest first."""

    zone: str | None
    guesses: tuple[str, ...] = ()


class Zones:
    """Every name a zone goes by. Made once, by ``zones``."""

    def __init__(self, zones: Iterable[str], rows: Iterable[tuple[str, str]], countries: Mapping[str, str]) -> None:
        """Take all zones, rows of (country code, zone), the largest first, and the names of countries."""
        self._zones = frozenset(zones)
        self._names: dict[str, list[str]] = {}
        self._of_country: dict[str, list[str]] = {}
        for code, zone in rows:
            self._of_country.setdefault(code, []).append(zone)
            self._add(zone, zone)
            self._add(zone.rpartition("/")[2], zone)
        for city, zone in CITIES.items():
            self._add(city, zone)
        for code, name in countries.items():
            for zone in self._of_country.get(code, ()):
                self._add(name, zone)
        for zone in sorted(self._zones):  # names of long ago still work where nothing else is called so
            if normal(zone.replace("_", " ")) not in self._names:
                self._add(zone, zone)

    def _add(self, name: str, zone: str) -> None:
        known = self._names.setdefault(normal(name.replace("_", " ")), [])
        if zone in self._zones and zone not in known:
            known.append(zone)

    def find(self, text: str) -> FoundZone:
        """Return the zone that ``text`` means, or guesses; ``text`` may be anything."""
        text = text.strip()[:100]
        if (offset := _OFFSET.fullmatch(text.lower())) is not None:
            return self._offset(offset[1], int(offset[2]))
        name = normal(text.replace("_", " "))
        if name in ("utc", "gmt", "z"):
            return FoundZone("UTC")
        known = self._names.get(name, [])
        if known:
            return FoundZone(known[0]) if len(known) == 1 else FoundZone(None, tuple(known[:MOST_GUESSES]))
        return self._near(name)

    def guess(self, language: str) -> str | None:
        """Return the zone of most people whose client speaks a language such as ``de`` or ``pt-BR``; None: no idea."""
        spoken, _hyphen, region = language.replace("_", "-").partition("-")
        code = region.upper() if len(region) == 2 else _LANGUAGES.get(spoken.lower(), "")
        zones = self._of_country.get(code, [])
        return zones[0] if zones and (len(zones) < 4 or not region) else None

    def _offset(self, sign: str, hours: int) -> FoundZone:
        zone = f"Etc/GMT{'-' if sign == '+' else '+'}{hours}" if hours else "UTC"  # the names have the sign reversed
        return FoundZone(zone if zone in self._zones or zone == "UTC" else None)

    def _near(self, name: str) -> FoundZone:
        from rapidfuzz import fuzz, process

        if len(name) < 3:
            return FoundZone(None)
        least = POSSIBLE if len(name) > 5 else POSSIBLE_SHORT
        near = process.extract(name, self._names.keys(), scorer=fuzz.ratio, limit=8, score_cutoff=least)
        guesses = list(dict.fromkeys(zone for key, _score, _position in near for zone in self._names[key]))
        rivals = {zone for key, score, _position in near if score > near[0][1] - MARGIN for zone in self._names[key]}
        if near and near[0][1] >= CERTAIN and len(rivals) == 1:
            return FoundZone(guesses[0])
        return FoundZone(None, tuple(guesses[:MOST_GUESSES]))


@lru_cache(maxsize=1)
def zones() -> Zones:
    """Return the zones of the ``tzdata`` package, read when first asked for."""
    folder = files("tzdata").joinpath("zoneinfo")

    def rows(name: str) -> list[list[str]]:
        lines = folder.joinpath(name).read_text("utf-8").splitlines()
        return [line.split("\t") for line in lines if line and not line.startswith("#")]

    return Zones(
        zoneinfo.available_timezones(),
        [(row[0], row[2]) for row in rows("zone.tab")],
        {row[0]: row[1] for row in rows("iso3166.tab")},
    )
