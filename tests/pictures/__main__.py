"""Draws the pictures into the folder that is named; needs Chromium to be installed."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

from bot.kit.reply import Reply
from tests.fakes.discord_world import discord_world
from tests.fakes.telegram_world import telegram_journey
from tests.pictures.page import draw_page
from tests.pictures.read_back import from_discord, from_telegram
from tests.pictures.web import SCENES

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


async def photograph(
    browser: str, address: str, picture: Path, size: tuple[int, int], *, dark: bool, scale: int
) -> None:
    """Let a browser without a window load a page and keep what it shows."""
    process = await asyncio.create_subprocess_exec(
        browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--force-device-scale-factor={scale}",
        f"--blink-settings=preferredColorScheme={0 if dark else 1}", "--timeout=4000",
        f"--window-size={size[0]},{size[1]}", f"--screenshot={picture}", address,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    async with asyncio.timeout(60):
        if await process.wait():
            raise RuntimeError(f"the browser made no {picture.name}")
    print(picture)


async def draw_all(browser: str, target: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for place, draw in (("telegram", telegram_page), ("discord", discord_page)):
            page = folder / f"{place}.html"
            page.write_text(await draw(folder), "utf-8")
            await photograph(browser, page.as_uri(), target / f"{place}.png", (454, 980), dark=False, scale=2)
        for scene, size, dark, play in SCENES:
            await play(
                folder / f"{scene}.db",
                lambda address, scene=scene, size=size, dark=dark: photograph(  # type: ignore[misc]
                    browser, address, target / f"{scene}.png", size, dark=dark, scale=1
                ),
            )


def main() -> int:
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None or len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    asyncio.run(draw_all(browser, Path(sys.argv[1])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
