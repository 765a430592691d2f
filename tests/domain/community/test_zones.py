from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.community.cities import CITIES
from bot.domain.community.zones import zones


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("Berlin", "Europe/Berlin"),
        ("munich", "Europe/Berlin"),
        ("München", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("New_York", "America/New_York"),
        ("San Francisco", "America/Los_Angeles"),
        ("Bengaluru", "Asia/Kolkata"),
        ("São Paulo", "America/Sao_Paulo"),
        ("Poland", "Europe/Warsaw"),
        ("japan", "Asia/Tokyo"),
        ("UTC", "UTC"),
        ("gmt", "UTC"),
        ("UTC+3", "Etc/GMT-3"),
        ("GMT -05:00", "Etc/GMT+5"),
        ("+0", "UTC"),
        ("Kathmandu", "Asia/Kathmandu"),
        ("Berlinn", "Europe/Berlin"),
    ],
)
def test_a_place_is_found_by_what_people_call_it(said: str, zone: str) -> None:
    assert zones().find(said).zone == zone


@pytest.mark.parametrize("said", ["Mars", "UTC+99", "", "?", "12", "@everyone", "<b>"])
def test_what_is_no_place_on_earth_is_not_guessed_for_certain(said: str) -> None:
    assert zones().find(said).zone is None


def test_a_country_with_several_zones_asks_which() -> None:
    found = zones().find("Australia")
    assert found.zone is None
    assert "Australia/Sydney" in found.guesses


def test_a_language_tells_where_most_of_its_speakers_are() -> None:
    assert zones().guess("de") == "Europe/Berlin"
    assert zones().guess("de-AT") == "Europe/Vienna"
    assert zones().guess("pl") == "Europe/Warsaw"
    assert zones().guess("en") is None
    assert zones().guess("en-US") is None
    assert zones().guess("") is None


def test_every_city_has_a_zone_that_exists() -> None:
    for city, zone in CITIES.items():
        assert ZoneInfo(zone).key == zone
        assert zone in (zones().find(city).zone, *zones().find(city).guesses), city


@given(st.text(max_size=60))
def test_whatever_is_typed_has_an_answer(said: str) -> None:
    found = zones().find(said)
    for zone in (*([found.zone] if found.zone else []), *found.guesses):
        assert ZoneInfo(zone).key == zone
