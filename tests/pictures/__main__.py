"""Draws the pictures into the folder that is named; needs Chromium to be installed."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bot.kit.reply import Reply
from tests.fakes.discord_world import discord_world
from tests.fakes.telegram_world import telegram_journey
from tests.pictures.page import draw_page
from tests.pictures.read_back import from_discord, from_telegram

TYPED = ("/next", "/define overfitting")


async def discord_page(folder: Path) -> str:
    said: list[tuple[str, Reply]] = []
    async with discord_world(folder / "discord.db") as world:
        ana = world.person("Ana")
        for typed in TYPED:
            await ana.says(typed)
            assert ana.latest is not None
            said.append((typed, from_discord(ana.latest.payload)))
    return draw_page("Discord", "Roadmate · app", said)


async def telegram_page(folder: Path) -> str:
    said: list[tuple[str, Reply]] = []
    async with telegram_journey(folder / "telegram.db") as world:
        ana = world.person("Ana")
        for typed in TYPED:
            await ana.says(typed)
            latest = ana.latest
            said.append((typed, from_telegram(latest.text, latest.entities, latest.rows)))
    return draw_page("Telegram", "Roadmate · bot", said)


def main() -> int:
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None or len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    target = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for place, drawn in (
            ("telegram", asyncio.run(telegram_page(folder))),
            ("discord", asyncio.run(discord_page(folder))),
        ):
            page, picture = folder / f"{place}.html", target / f"{place}.png"
            page.write_text(drawn, "utf-8")
            subprocess.run(
                [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=2",
                 "--window-size=454,980", f"--screenshot={picture}", page.as_uri()],
                check=True, capture_output=True, timeout=120,
            )  # fmt: skip
            print(picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
