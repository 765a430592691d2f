"""The doctor as a whole, against platforms of our own: causes and next steps, for people and for programs."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.doctor import examine
from bot.kit.database import Transaction
from bot.kit.posting import Address, Post
from bot.kit.reply import notice
from bot.kit.request import Role
from bot.kit.wording import ENGLISH
from bot.platforms.discord.commands import declarations
from bot.platforms.telegram.commands import listed
from tests.fakes import canary
from tests.fakes.core import CoreWorld
from tests.infra.test_database_sqlite import names
from tests.test_cli import roadmate, served


@dataclass(slots=True)
class Platforms:
    """Both platforms' answers by path; a test changes what it is about."""

    root: str = ""
    telegram: dict[str, Any] = field(default_factory=dict)
    discord: dict[str, tuple[int, Any]] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    hang: bool = False

    async def answer(self, request: web.Request) -> web.Response:
        self.seen.append(request.path)
        if self.hang:
            await asyncio.get_running_loop().create_future()
        if request.path.startswith("/bot"):
            _empty, bot, method = request.path.split("/")
            if bot != f"bot{canary.TELEGRAM}":
                return web.json_response({"ok": False, "error_code": 401, "description": "Unauthorized"}, status=401)
            result = self.telegram[method]
            return result if isinstance(result, web.Response) else web.json_response({"ok": True, "result": result})
        if request.headers.get("Authorization") != f"Bot {canary.DISCORD}":
            return web.json_response({"message": "401: Unauthorized", "code": 0}, status=401)
        status, body = self.discord[request.path]
        return web.json_response(body, status=status)


@pytest.fixture
async def platforms() -> AsyncIterator[Platforms]:
    """Platforms that have nothing to complain about."""
    world = await CoreWorld.open()
    commands = world.app.commands
    await world.close()
    fake = Platforms(
        telegram={
            "getMe": {"username": "road_bot", "can_read_all_group_messages": False, "can_join_groups": True},
            "getWebhookInfo": {"url": "", "pending_update_count": 0},
            "getMyCommands": listed(commands, Role.MEMBER, ENGLISH),
        },
        discord={
            "/users/@me": (200, {"username": "Roadmate", "bot": True}),
            "/applications/@me": (200, {"id": "77", "flags": 0}),
            "/applications/77/commands": (200, [{**one, "id": "1", "version": "2"} for one in declarations(commands)]),
        },
    )
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", fake.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fake.root = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield fake
    await runner.cleanup()


@dataclass(frozen=True, slots=True)
class Report:
    code: int
    text: str

    def line(self, name: str) -> str:
        """The one line about something."""
        found = [line for line in self.text.splitlines() if line[9:].startswith(f"{name} ")]
        assert len(found) == 1, self.text
        return found[0]


async def look(folder: Path, platforms: Platforms | None = None, *, as_json: bool = False, **settings: Any) -> Report:
    environment = {"ROADMATE_HOME": str(folder / "data")}
    if platforms is not None:
        environment |= {
            "ROADMATE_TELEGRAM_TOKEN": canary.TELEGRAM, "ROADMATE_TELEGRAM_API": platforms.root,
            "ROADMATE_DISCORD_TOKEN": canary.DISCORD, "ROADMATE_DISCORD_API": platforms.root,
        }  # fmt: skip
    said: list[str] = []
    code = await examine(environment | settings, folder, said.append, as_json=as_json)
    text = "\n".join(said)
    assert canary.leaks(text) == []
    return Report(code, text)


class TestAWellBot:
    async def test_every_line_is_fine(self, tmp_path: Path, platforms: Platforms) -> None:
        report = await look(tmp_path, platforms)
        assert report.code == 0, report.text
        *lines, end = report.text.splitlines()
        assert [line for line in lines if not line.startswith("ok ")] == []
        assert end == "No problems, no warnings."
        assert "@road_bot" in report.line("Telegram token")
        assert "Roadmate" in report.line("Discord token")

    async def test_nothing_is_changed_anywhere(self, tmp_path: Path, platforms: Platforms) -> None:
        await look(tmp_path, platforms)
        assert names(tmp_path) == []
        assert not [path for path in platforms.seen if "/set" in path or "/delete" in path]

    async def test_programs_get_one_object(self, tmp_path: Path, platforms: Platforms) -> None:
        told = json.loads((await look(tmp_path, platforms, as_json=True)).text)
        assert told["ok"] is True
        assert {"name", "mark", "what", "cause", "step"} == set(told["checks"][0])
        assert {check["mark"] for check in told["checks"]} == {"ok"}


TELEGRAM = {
    "privacy mode off": ("getMe", {"username": "b", "can_read_all_group_messages": True}, "token", "warning", "/setprivacy"),
    "groups forbidden": ("getMe", {"username": "b", "can_join_groups": False}, "token", "warning", "/setjoingroups"),
    "a foreign webhook": ("getWebhookInfo", {"url": "https://else.example/x", "pending_update_count": 3}, "messages", "warning", "else.example"),
    "many wait": ("getWebhookInfo", {"url": "", "pending_update_count": 500}, "messages", "warning", "Is Roadmate running?"),
    "other commands": ("getMyCommands", [{"command": "old", "description": "x"}], "commands", "warning", "Start Roadmate"),
    "no api there": ("getMe", web.Response(text="<html>hotel wifi</html>", content_type="text/html"), "token", "problem", "no Bot API"),
}  # fmt: skip


class TestTelegram:
    @pytest.mark.parametrize("name", TELEGRAM)
    async def test_trouble_names_cause_and_next_step(self, tmp_path: Path, platforms: Platforms, name: str) -> None:
        method, result, about, mark, shown = TELEGRAM[name]
        platforms.telegram[method] = result
        report = await look(tmp_path, platforms)
        line = report.line(f"Telegram {about}")
        assert line.startswith(mark)
        assert shown in line
        assert report.code == (mark == "problem")

    async def test_a_webhook_that_is_wanted_and_there_is_fine(self, tmp_path: Path, platforms: Platforms) -> None:
        wanted: dict[str, Any] = {
            "ROADMATE_TELEGRAM_WEBHOOK_URL": "https://me.example/tg",
            "ROADMATE_TELEGRAM_WEBHOOK_LISTEN": "127.0.0.1:1",
        }
        assert (await look(tmp_path, platforms, **wanted)).line("Telegram messages").startswith("warning")
        platforms.telegram["getWebhookInfo"] = {"url": "https://me.example/tg", "pending_update_count": 0}
        assert (await look(tmp_path, platforms, **wanted)).line("Telegram messages").startswith("ok")
        platforms.telegram["getWebhookInfo"] |= {"last_error_message": "SSL error\nhandshake"}
        assert "SSL error handshake" in (await look(tmp_path, platforms, **wanted)).line("Telegram messages")

    async def test_a_rejected_token_is_a_problem(self, tmp_path: Path, platforms: Platforms) -> None:
        report = await look(tmp_path, platforms, ROADMATE_TELEGRAM_TOKEN="7711223344:" + "B" * 35)
        assert "401 Unauthorized" in report.line("Telegram token")
        assert report.code == 1

    async def test_a_token_in_the_wrong_setting_is_told_from_its_shape(
        self, tmp_path: Path, platforms: Platforms
    ) -> None:
        report = await look(tmp_path, platforms, ROADMATE_TELEGRAM_TOKEN=canary.DISCORD)
        assert "ROADMATE_DISCORD_TOKEN" in report.line("Telegram token")
        assert report.line("Settings").startswith("problem")


DISCORD = {
    "a privileged intent": ("/applications/@me", (200, {"id": "77", "flags": 1 << 19}), "intents", "warning", "Message Content"),
    "an endpoint": ("/applications/@me", (200, {"id": "77", "interactions_endpoint_url": "https://else.example/i"}), "intents", "problem", "else.example"),
    "a person's token": ("/users/@me", (200, {"username": "Ana"}), "token", "problem", "belongs to a person"),
    "no commands": ("/applications/77/commands", (200, []), "commands", "warning", "roadmap"),
    "a strange command": ("/applications/77/commands", (200, [{"name": "stray", "type": 1, "description": "x"}]), "commands", "warning", "unknown here: stray"),
    "an overload": ("/users/@me", (503, {}), "token", "problem", "answers 503"),
    "nothing readable": ("/applications/77/commands", (403, {"code": 50001}), "commands", "warning", "403"),
}  # fmt: skip


class TestDiscord:
    @pytest.mark.parametrize("name", DISCORD)
    async def test_trouble_names_cause_and_next_step(self, tmp_path: Path, platforms: Platforms, name: str) -> None:
        path, answer, about, mark, shown = DISCORD[name]
        platforms.discord[path] = answer
        report = await look(tmp_path, platforms)
        line = report.line(f"Discord {about}")
        assert line.startswith(mark)
        assert shown in line

    async def test_a_rejected_token_is_a_problem(self, tmp_path: Path, platforms: Platforms) -> None:
        report = await look(
            tmp_path, platforms, ROADMATE_DISCORD_TOKEN="MTA4NTk2NzYxNjQ1MTM2ODk2.GabcdE.aBcDeFgHiJkLmNoPqRsTuVwXyZ01"
        )
        assert "Reset Token" in report.line("Discord token")
        assert report.code == 1


class TestTheNetwork:
    async def test_platforms_that_do_not_answer_are_waited_for_only_so_long(
        self, tmp_path: Path, platforms: Platforms, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        platforms.hang = True
        for module in ("infra", "platforms.telegram", "platforms.discord"):
            monkeypatch.setattr(f"bot.{module}.checkup.SECONDS", 0.05)
        report = await look(tmp_path, platforms)
        assert "does not answer within 0.05 s" in report.line("Telegram token")
        assert "does not answer within 0.05 s" in report.line("Discord token")
        assert report.line("Clock").startswith("warning")

    async def test_no_network_shows_no_token(self, tmp_path: Path, platforms: Platforms) -> None:
        nowhere: dict[str, Any] = {
            "ROADMATE_TELEGRAM_API": "http://127.0.0.1:1",
            "ROADMATE_DISCORD_API": "http://127.0.0.1:1",
        }
        report = await look(tmp_path, platforms, **nowhere)
        assert "127.0.0.1:1 cannot be reached (ClientConnectorError)" in report.line("Telegram token")
        assert report.code == 1


class TestThisComputer:
    async def test_wrong_settings_are_told_and_the_rest_is_looked_at(self, tmp_path: Path) -> None:
        report = await look(tmp_path, ROADMATE_WEBB="x", ROADMATE_WEB_SECRET="short")
        assert "Did you mean ROADMATE_WEB?" in report.line("Settings")
        assert "short" not in report.text.replace("too short", "")
        assert report.line("Content").startswith("ok")
        assert report.code == 1

    async def test_one_wrong_setting_leaves_the_others_as_they_are(self, tmp_path: Path) -> None:
        own = tmp_path / "elsewhere" / "own.db"
        own.parent.mkdir()
        own.write_bytes(b"no database at all, but where the operator put one" * 40)
        report = await look(tmp_path, ROADMATE_DATABASE=str(own), ROADMATE_WEB="nonsense")
        assert "ROADMATE_WEB" in report.line("Settings")
        assert report.line("Database").startswith("problem")

    async def test_a_webhook_without_a_token_is_warned_of(self, tmp_path: Path) -> None:
        report = await look(
            tmp_path,
            ROADMATE_TELEGRAM_WEBHOOK_URL="https://bot.example.org/hook",
            ROADMATE_TELEGRAM_WEBHOOK_LISTEN="127.0.0.1:8443",
        )
        assert report.line("Settings").startswith("warning")
        assert "ROADMATE_TELEGRAM_TOKEN is not" in report.text

    async def test_a_rehearsals_clock_is_warned_of(self, tmp_path: Path) -> None:
        report = await look(tmp_path, ROADMATE_CLOCK="2026-11-20T08:58Z*60")
        assert report.line("Settings").startswith("warning")
        assert report.code == 0

    async def test_broken_content_is_shown(self, tmp_path: Path) -> None:
        (tmp_path / "mine" / "glossary").mkdir(parents=True)
        (tmp_path / "mine" / "glossary" / "own.yaml").write_text("- term: x\n  colour: red\n")
        report = await look(tmp_path, ROADMATE_CONTENT=str(tmp_path / "mine"))
        assert "own.yaml:" in report.line("Content")
        assert "roadmate check" in report.line("Content")

    async def test_a_server_that_cannot_be_reached_is_named_without_its_password(self, tmp_path: Path) -> None:
        report = await look(tmp_path, ROADMATE_DATABASE="postgresql://ana:hunter2hunter2@127.0.0.1:1/road")
        line = report.line("Database")
        assert line.startswith("problem")
        assert "postgresql://ana@127.0.0.1:1/road" in line
        assert "hunter2" not in report.text


def test_beside_a_running_bot_it_says_so_and_leaves_everything(tmp_path: Path) -> None:
    with served(tmp_path):
        before = names(tmp_path / "data")
        result = roadmate(tmp_path, "doctor")
        assert result.returncode == 0, result.stdout
        assert "in use by a running Roadmate, sound" in result.stdout
        assert names(tmp_path / "data") == before


def test_a_database_of_a_newer_version_is_a_problem(tmp_path: Path) -> None:
    roadmate(tmp_path, "chat", typed="quit\n")
    with closing(sqlite3.connect(tmp_path / "data" / "roadmate.db")) as raw:
        raw.execute("INSERT INTO schema_migration VALUES ('engine', 9999, 'future', 'x', 0)")
        raw.commit()
    result = roadmate(tmp_path, "doctor", "--json")
    assert result.returncode == 1
    tables = next(check for check in json.loads(result.stdout)["checks"] if check["name"] == "Tables")
    assert tables["mark"] == "problem"
    assert "newer Roadmate" in tables["cause"]


async def test_posts_nobody_knows_the_fate_of_are_warned_of(tmp_path: Path) -> None:
    database = tmp_path / "data" / "roadmate.db"
    database.parent.mkdir()
    world = await CoreWorld.open(database)

    async def work(tx: Transaction) -> None:
        await world.app.postbox.post(tx, Post(to=Address("web", "hall"), reply=notice("Hello"), key="a"))
        await world.app.postbox.post(tx, Post(to=Address("web", "hall"), reply=notice("Hello"), key="b"))
        await tx.execute("UPDATE engine_post SET state = 'unknown', next_try = NULL WHERE key = 'a'")

    await world.database.write(work)
    await world.close()
    line = (await look(tmp_path)).line("Posts")
    assert line.startswith("warning")
    assert "1 planned, 1 unknown: nobody knows whether 1 of them arrived" in line
