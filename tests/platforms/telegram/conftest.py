"""A bot with a pretend engine on the fake Telegram, over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.fakes.telegram_bot import TelegramBot, telegram_bot


@pytest.fixture
async def bot() -> AsyncIterator[TelegramBot]:
    """A bot that is connected."""
    async with telegram_bot() as running:
        yield running


@pytest.fixture
async def idle() -> AsyncIterator[TelegramBot]:
    """A bot that has not been started."""
    async with telegram_bot(started=False) as waiting:
        yield waiting
