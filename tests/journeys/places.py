"""The kinds of places a bot is let into."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from tests.journeys.discord_place import discord
from tests.journeys.place import Place
from tests.journeys.telegram_place import telegram

PLACES: dict[str, Callable[[Path], AbstractAsyncContextManager[Place]]] = {
    "telegram-group": lambda path: telegram(path, "group"),
    "telegram-supergroup": lambda path: telegram(path, "supergroup"),
    "telegram-topic": lambda path: telegram(path, "supergroup", 7),
    "telegram-channel": lambda path: telegram(path, "channel"),
    "discord-text": lambda path: discord(path, "text"),
    "discord-thread": lambda path: discord(path, "thread"),
    "discord-forum": lambda path: discord(path, "forum"),
}
