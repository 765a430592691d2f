"""Twenty thousand texts on each run; ``python -m tests.safety`` makes as many as wanted."""

from __future__ import annotations

import pytest

from bot.platforms.discord import markup as discord_markup
from bot.platforms.telegram import markup as telegram_markup
from tests.safety.__main__ import run
from tests.safety.check import PLACES, troubles

HOSTILE = "@everyone <@1> *b* `c` @durov ||d|| ~~e~~"


@pytest.mark.parametrize("seed", range(1, 21))
def test_a_thousand_texts_are_shown_as_typed_and_do_nothing(seed: int) -> None:
    assert run(seed, 1000) == []


@pytest.mark.parametrize("place", PLACES)
def test_hostile_words_are_harmless_everywhere(place: str) -> None:
    assert list(troubles(HOSTILE, place)) == []


def test_the_check_notices_a_ping_on_telegram(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telegram_markup, "unpinged", lambda text: text)
    assert list(troubles("@durov", "paragraph")) == ["Telegram, paragraph: pings @durov"]


def test_the_check_notices_markup_that_acts_on_discord(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discord_markup, "escape", lambda text: text)
    found = list(troubles(HOSTILE, "paragraph"))
    assert any("pings <@1>" in trouble for trouble in found)
    assert any("characters were lost" in trouble for trouble in found)


def test_the_check_notices_a_text_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telegram_markup, "clean", lambda text: text[:10])
    assert "Telegram, paragraph: characters were lost" in list(troubles("a" * 50, "paragraph"))
