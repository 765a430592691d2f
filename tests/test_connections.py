"""The command as a process with real platforms: what it connects to, what it refuses, how it stops."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.connections import build_web, refuse_what_cannot_run
from bot.engine.migrate import Migrations, migrate
from bot.infra.clock import MovableClock
from bot.kit.errors import SettingsError
from bot.platforms import web
from bot.settings import read_settings
from tests.fakes.core import CoreWorld
from tests.fakes.discord_clock import PatientClock
from tests.fakes.discord_server import TOKEN as DISCORD_TOKEN
from tests.fakes.discord_server import FakeDiscord, fake_discord
from tests.fakes.telegram_server import TOKEN as TELEGRAM_TOKEN
from tests.fakes.telegram_server import FakeTelegram

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 30


@dataclass
class Platforms:
    """Both platforms, and settings that lead there."""

    telegram: FakeTelegram
    discord: FakeDiscord

    def settings(self, *names: str, **more: str) -> dict[str, str]:
        found = {"ROADMATE_TELEGRAM_API": self.telegram.root, "ROADMATE_DISCORD_API": self.discord.api,
                 "ROADMATE_DISCORD_GATEWAY": self.discord.gateway}  # fmt: skip
        if "telegram" in names:
            found["ROADMATE_TELEGRAM_TOKEN"] = TELEGRAM_TOKEN
        if "discord" in names:
            found["ROADMATE_DISCORD_TOKEN"] = DISCORD_TOKEN
        return found | more


@pytest.fixture
async def platforms() -> AsyncIterator[Platforms]:
    telegram = FakeTelegram()
    await telegram.start()
    async with fake_discord(PatientClock()) as discord:
        yield Platforms(telegram, discord)
        assert discord.problems == []
    await telegram.stop()
    assert telegram.problems == []


class Running:
    """A process that has begun."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.said = ""

    async def until(self, words: str) -> None:
        """Read what it says until it says ``words``."""
        assert self.process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            while words not in self.said:
                line = (await self.process.stdout.readline()).decode()
                assert line, self.said
                self.said += line

    async def ends(self) -> int:
        """Read everything else it says and return its exit code."""
        assert self.process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            self.said += (await self.process.stdout.read()).decode()
            return await self.process.wait()


@asynccontextmanager
async def roadmate(folder: Path, settings: dict[str, str], module: str = "bot") -> AsyncIterator[Running]:
    """Run the command in an empty folder; ``module``: another one that begins as it does."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ROADMATE_")}
    environment = kept | {"ROADMATE_HOME": str(folder / "data"), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"} | settings
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, cwd=folder, env=environment, stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        yield Running(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_one_process_serves_both_platforms_and_the_web_chat(tmp_path: Path, platforms: Platforms) -> None:
    web = {"ROADMATE_WEB": "127.0.0.1:0", "ROADMATE_WEB_SECRET": "a long secret"}
    async with roadmate(tmp_path, platforms.settings("telegram", "discord", **web)) as run:
        await run.until("Ctrl-C stops it")
        assert "Roadmate is ready on Telegram and Discord. Open http://127.0.0.1:" in run.said
        assert "https://discord.com/oauth2/authorize?client_id=" in run.said
        begun = asyncio.get_running_loop().time()
        run.process.send_signal(signal.SIGTERM)
        assert await run.ends() == 0
        assert asyncio.get_running_loop().time() - begun < 5
        assert "Traceback" not in run.said
        for secret in (TELEGRAM_TOKEN, DISCORD_TOKEN, "a long secret"):
            assert secret not in run.said


@pytest.mark.parametrize("name", ["telegram", "discord"])
async def test_with_one_token_there_is_one_platform_and_no_web_chat(
    tmp_path: Path, platforms: Platforms, name: str
) -> None:
    async with roadmate(tmp_path, platforms.settings(name)) as run:
        await run.until("Ctrl-C stops it")
        assert f"Roadmate is ready on {name.title()}.\n" in run.said
        run.process.send_signal(signal.SIGTERM)
        assert await run.ends() == 0


@pytest.mark.parametrize(
    ("setting", "token"),
    [
        ("ROADMATE_TELEGRAM_TOKEN", "123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"),
        ("ROADMATE_DISCORD_TOKEN", "MTAx.wrong.token"),
    ],
)
async def test_a_token_nobody_knows_ends_with_a_sentence(
    tmp_path: Path, platforms: Platforms, setting: str, token: str
) -> None:
    async with roadmate(tmp_path, platforms.settings(**{setting: token})) as run:
        assert await run.ends() == 2
        assert setting in run.said
        assert "Traceback" not in run.said
        assert token not in run.said


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"ROADMATE_TELEGRAM_TOKEN": "MTA1MDYwNzA4MDkwMTAxMTEy.GabcdE.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}, "token of Discord"),
        ({"ROADMATE_DISCORD_TOKEN": "123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"}, "token of Telegram"),
        ({"ROADMATE_TELEGRAM_TOKEN": "hello"}, "@BotFather"),
        ({"ROADMATE_TELEGRAM_TOKEN": "1:abcdefghijklmn", "ROADMATE_TELEGRAM_WEBHOOK_URL": "https://a.example/t"}, "_LISTEN is missing"),
        ({"ROADMATE_TELEGRAM_TOKEN": "1:abcdefghijklmn", "ROADMATE_TELEGRAM_WEBHOOK_LISTEN": "127.0.0.1:1"}, "_URL is missing"),
    ],
)  # fmt: skip
def test_settings_that_cannot_work_are_refused_before_anything_starts(
    tmp_path: Path, settings: dict[str, str], words: str
) -> None:
    with pytest.raises(SettingsError, match=words):
        refuse_what_cannot_run(read_settings(settings, tmp_path))


def test_all_settings_that_cannot_work_are_told_at_once(tmp_path: Path) -> None:
    settings = {
        "ROADMATE_CLOCK": "yesterday",
        "ROADMATE_TELEGRAM_TOKEN": "nonsense",
        "ROADMATE_DISCORD_TOKEN": "123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr",
        "ROADMATE_TELEGRAM_WEBHOOK_URL": "https://bot.example.org/hook",
    }
    with pytest.raises(SettingsError) as refused:
        refuse_what_cannot_run(read_settings(settings, tmp_path))
    told = str(refused.value).splitlines()
    assert len(told) == 4
    for name in ("ROADMATE_CLOCK", "ROADMATE_TELEGRAM_TOKEN", "ROADMATE_DISCORD_TOKEN", "WEBHOOK_LISTEN"):
        assert any(name in line for line in told), name


@pytest.mark.parametrize(
    ("settings", "absent"),
    [
        ({"ROADMATE_TELEGRAM_TOKEN": "1:abcdefghijklmn"}, ("discord", "resvg_py", "asyncpg")),
        ({"ROADMATE_DISCORD_TOKEN": "MTA.fake.token"}, ("telegram", "httpx", "resvg_py", "asyncpg")),
        ({}, ("discord", "telegram", "httpx", "resvg_py", "asyncpg")),
    ],
)
async def test_what_is_not_needed_is_not_loaded(
    tmp_path: Path, settings: dict[str, str], absent: tuple[str, ...]
) -> None:
    program = f"""
import asyncio, pathlib, sys
from bot.app import build_app
from bot.connections import build_platforms, build_web
from bot.infra.clock import MovableClock
from bot.infra.database_inline import open_inline
from bot.serve import open_shelf
from bot.settings import read_settings
settings = read_settings({settings!r}, pathlib.Path({str(tmp_path)!r}))
shelf = open_shelf()
shelf.reload().refuse()
database, clock = open_inline(), MovableClock()
app = build_app(database, shelf, clock)
build_platforms(settings, app, database)
build_web(settings, app, database, clock)
print([name for name in {absent!r} if name in sys.modules])
"""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _nothing = await process.communicate()
    assert said.decode().strip() == "[]"


async def test_it_can_be_stopped_before_a_platform_has_answered(tmp_path: Path) -> None:
    asked, over = asyncio.Event(), asyncio.Event()
    handlers: list[asyncio.Task[None] | None] = []

    async def never(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        handlers.append(asyncio.current_task())
        asked.set()
        await over.wait()
        writer.close()
        await asyncio.wait([asyncio.ensure_future(writer.wait_closed())])

    silent = await asyncio.start_server(never, "127.0.0.1", 0)
    root = f"http://127.0.0.1:{silent.sockets[0].getsockname()[1]}"
    settings = {"ROADMATE_TELEGRAM_TOKEN": TELEGRAM_TOKEN, "ROADMATE_TELEGRAM_API": root}
    async with roadmate(tmp_path, settings) as run:
        async with asyncio.timeout(30):
            await asked.wait()
        begun = asyncio.get_running_loop().time()
        run.process.send_signal(signal.SIGTERM)
        assert await run.ends() == 0
        assert asyncio.get_running_loop().time() - begun < 5
        assert "Traceback" not in run.said
    over.set()
    silent.close()
    await asyncio.gather(*(handler for handler in handlers if handler is not None), return_exceptions=True)


@pytest.mark.parametrize("token", ["", TELEGRAM_TOKEN])
async def test_nobody_on_the_page_moves_the_clock_that_people_elsewhere_go_by(tmp_path: Path, token: str) -> None:
    world = await CoreWorld.open(tmp_path / "roadmate.db")
    await migrate(world.database, [Migrations("web", web.migrations())], before_change=None, now=0)
    secret = "correct horse battery"
    settings = read_settings(
        {"ROADMATE_WEB": "127.0.0.1:0", "ROADMATE_WEB_SECRET": secret, "ROADMATE_TELEGRAM_TOKEN": token}, tmp_path
    )
    clock = MovableClock(world.clock.now())
    page = build_web(settings, world.app, world.database, clock)
    await page.start(world.app.respond)
    url = f"http://{page.address}"
    try:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), headers={"Origin": url}) as http:
            async with http.post(f"{url}/login", data={"secret": secret}) as response:
                text = await response.text()
            assert ("+1 day" in text) == (not token)
            async with http.post(f"{url}/room/study-hall/as/mo/clock", data={"by": "day"}) as response:
                assert (response.status == 200) == (not token)
        assert (clock.now() - world.clock.now() > timedelta(hours=23)) == (not token)
    finally:
        await page.stop()
        await world.close()
