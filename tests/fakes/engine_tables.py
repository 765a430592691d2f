"""The engine's tables alone, for worlds that need no feature."""

from __future__ import annotations

from importlib.resources import files

from bot.engine.migrate import Migrations


def engine_migrations() -> list[Migrations]:
    """Return what ``migrate`` needs to make them."""
    return [Migrations("engine", files("bot.engine").joinpath("migrations"))]
