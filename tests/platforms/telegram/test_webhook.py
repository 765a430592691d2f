"""Updates that Telegram brings by itself: kept before it is told so, and from nobody else."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from bot.kit.errors import SettingsError
from bot.platforms.telegram import WebhookOptions, limits
from bot.platforms.telegram.webhook import HEADER, secret_of
from tests.fakes.telegram_bot import TelegramBot, build_platform, open_telegram_database, telegram_bot
from tests.fakes.telegram_server import TOKEN, FakeTelegram

SECRET = {HEADER: secret_of(TOKEN)}


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def called_bot(*, started: bool = True, host: str = "127.0.0.1") -> AsyncIterator[TelegramBot]:
    """A bot with a webhook."""
    port = free_port()
    options = WebhookOptions(f"http://127.0.0.1:{port}/telegram", host, port)
    async with telegram_bot(webhook=options, started=started) as bot:
        yield bot


async def call(bot: TelegramBot, body: bytes | str, method: str = "POST", **headers: str) -> int:
    """Call the webhook as anybody could."""
    data = io.BytesIO(body.encode() if isinstance(body, str) else body)
    async with aiohttp.ClientSession() as http, http.request(method, bot.more["webhook"].url, data=data, headers=headers) as answer:  # fmt: skip
        return answer.status


async def brought(bot: TelegramBot, number: int) -> None:
    """Let Telegram call until an update was taken and answered."""
    async with asyncio.timeout(10):
        while bot.server.updates:
            await bot.server.deliver()
    await bot.database.handled(number)


async def test_telegram_is_told_where_to_call_and_with_what_secret() -> None:
    async with called_bot() as bot:
        assert bot.server.webhook == {
            "url": bot.more["webhook"].url,
            "secret_token": secret_of(TOKEN),
            "allowed_updates": ["message", "channel_post", "callback_query", "poll_answer", "my_chat_member"],
            "max_connections": limits.WEBHOOK_CONNECTIONS,
        }
        assert bot.server.called("getUpdates") == []


def test_the_secret_comes_from_the_token_and_tells_nothing_about_it() -> None:
    assert secret_of(TOKEN) == secret_of(TOKEN)
    assert secret_of(TOKEN) != secret_of(TOKEN + "x")
    assert len(secret_of(TOKEN)) == 64
    assert not set(secret_of(TOKEN)) - set("0123456789abcdef")


async def test_people_are_answered() -> None:
    async with called_bot() as bot:
        ana, group = bot.server.person("Ana"), bot.server.group()
        assert (await bot.says(ana, "/roadmap"))[0].text == "You said /roadmap"
        assert await bot.says(ana, "/roadmap", group)
        assert bot.server.deliveries == [200, 200]


@pytest.mark.parametrize(
    "given", [{}, {HEADER: ""}, {HEADER: "wrong"}, {HEADER: secret_of(TOKEN)[:-1]}, {HEADER: "schlüssel"}]
)
async def test_whoever_lacks_the_secret_changes_nothing(
    given: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    async with called_bot() as bot:
        ana = bot.server.person("Ana")
        body = {"message_id": 1, "date": 1, "chat": ana.alone.as_json, "from": ana.user, "text": "/roadmap"}
        for _ in range(3):
            assert await call(bot, json.dumps({"update_id": 5, "message": body}), **given) == 403
        assert bot.engine.heard == []
        assert await bot.database.unhandled() == []
    assert caplog.text.count("without the secret") == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400), ("{", 400), ("\udcff".encode("utf-8", "surrogateescape"), 400), ("[" * 100_000, 400),
        ("[]", 200), ("{}", 200), ("5", 200), ('{"update_id": "7"}', 200), ('{"update_id": 7}', 200),
        (b"x" * (limits.WEBHOOK_BODY_BYTES + 1), 413),
    ],
)  # fmt: skip
async def test_bodies_of_any_kind_are_got_over(body: bytes | str, status: int) -> None:
    async with called_bot() as bot:
        assert await call(bot, body, **SECRET) == status
        assert await bot.says(bot.server.person("Ana"), "/roadmap")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
async def test_only_posts_are_taken(method: str) -> None:
    async with called_bot() as bot:
        assert await call(bot, "", method, **SECRET) == 405


async def test_a_body_that_never_ends_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.platforms.telegram.webhook.WEBHOOK_BODY_SECONDS", 0.05)
    async with called_bot() as bot:
        reader, writer = await asyncio.open_connection("127.0.0.1", bot.more["webhook"].listen_port)
        writer.write(
            f"POST / HTTP/1.1\r\nHost: x\r\n{HEADER}: {SECRET[HEADER]}\r\nContent-Length: 100\r\n\r\n{{".encode()
        )
        assert b" 408 " in await reader.readline()
        writer.close()
        await writer.wait_closed()


async def test_an_update_that_cannot_be_kept_is_brought_again() -> None:
    async with called_bot() as bot:
        ana = bot.server.person("Ana")
        bot.database.refuses = 1
        number = await ana.types("/roadmap")
        assert bot.server.deliveries == [503]
        await bot.server.deliver()
        await bot.database.handled(number)
        assert (bot.server.deliveries, bot.engine.texts) == ([503, 200], ["/roadmap"])


async def test_the_same_update_twice_is_answered_once() -> None:
    async with called_bot() as bot:
        ana = bot.server.person("Ana")
        number = await ana.types("/roadmap")
        body = {"message_id": 1, "date": 1, "chat": ana.alone.as_json, "from": ana.user, "text": "/roadmap"}
        await bot.server.push({"message": body}, number)
        await bot.says(ana, "/roadmap 2")
        assert bot.engine.texts == ["/roadmap", "/roadmap 2"]


async def test_more_than_can_be_answered_is_left_with_telegram(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.platforms.telegram.intake.WAITING_UPDATES", 1)
    async with called_bot() as bot:
        ana, ben = bot.server.person("Ana"), bot.server.person("Ben")
        bot.engine.gate = asyncio.Event()
        first, second = await ana.types("/roadmap"), await ben.types("/roadmap 2")
        assert bot.server.deliveries == [200, 503]
        bot.engine.gate.set()
        await bot.database.handled(first)
        await bot.server.deliver()
        await bot.database.handled(second)


async def test_calls_before_telegram_was_reached_are_put_off() -> None:
    async with called_bot(started=False) as bot:
        bot.server.fail("getMe", 502)
        await bot.start()
        assert await call(bot, '{"update_id": 7}', **SECRET) == 503
        await bot.clock.passes(at_most=60)
        await bot.server.until(lambda: bot.server.webhook)
        await brought(bot, await bot.server.person("Ana").types("/roadmap"))
        assert bot.engine.texts == ["/roadmap"]


async def test_what_was_kept_is_answered_after_a_restart_exactly_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.platforms.telegram.adapter.FINISH_SECONDS", 0.05)
    async with called_bot() as bot:
        ana = bot.server.person("Ana")
        bot.engine.gate = asyncio.Event()
        number = await ana.types("/roadmap")
        await bot.engine.asked.wait()
        await bot.platform.stop()
        bot.engine.gate = None
        bot.rebuild()
        await bot.start()
        await bot.database.handled(number)
        await bot.restart()
        assert [message.text for message in ana.alone.seen] == ["You said /roadmap"]


async def test_what_happens_between_two_runs_is_brought_later() -> None:
    async with called_bot() as bot:
        ana = bot.server.person("Ana")
        await bot.platform.stop()
        number = await ana.types("/roadmap")
        assert bot.server.deliveries == [0]
        bot.rebuild()
        await bot.start()
        await bot.server.deliver()
        await bot.database.handled(number)
        assert len(ana.alone.seen) == 1


async def test_a_webhook_takes_the_place_of_fetching_and_the_other_way_round() -> None:
    async with called_bot() as bot:
        ana = bot.server.person("Ana")
        await bot.restart(webhook=None)
        assert bot.server.webhook == {}
        assert await bot.says(ana, "/roadmap")
        port = free_port()
        await bot.restart(webhook=WebhookOptions(f"http://127.0.0.1:{port}/", "127.0.0.1", port))
        fetched = len(bot.server.called("getUpdates"))
        assert await bot.says(ana, "/roadmap 2")
        assert len(bot.server.called("getUpdates")) == fetched


async def test_a_token_that_is_revoked_is_noticed_when_something_is_sent() -> None:
    async with called_bot() as bot:
        waiting = asyncio.ensure_future(bot.platform.wait())
        ana = bot.server.person("Ana")
        bot.server.token = "123456:AnotherTokenThatIsTheRightOne"
        await ana.types("/roadmap")
        with pytest.raises(SettingsError, match="does not know the token"):
            async with asyncio.timeout(10):
                await waiting


# settings -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    ["https://bot.example.org/telegram", "https://bot.example.org:8443", "http://127.0.0.1:9000/x", "http://localhost/", "http://[::1]:80/"],
)  # fmt: skip
def test_an_address_telegram_or_a_test_can_call_is_taken(url: str) -> None:
    WebhookOptions(url, "127.0.0.1", 8443).check()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (WebhookOptions("http://bot.example.org/"), "begin with https://"),
        (WebhookOptions("http://10.0.0.1/"), "begin with https://"),
        (WebhookOptions("http://127.0.0.1.example.org/"), "begin with https://"),
        (WebhookOptions("ftp://bot.example.org/"), "begin with https://"),
        (WebhookOptions("bot.example.org"), "must be an address"),
        (WebhookOptions("https://"), "must be an address"),
        (WebhookOptions("https://bot.example.org:port/"), "must be an address"),
        (WebhookOptions("https://[bot/"), "must be an address"),
        (WebhookOptions("https://me:secret@bot.example.org/"), "password"),
        (WebhookOptions("https://bot.example.org/", listen_port=0), "between 1 and 65535"),
    ],
)
async def test_what_cannot_work_is_refused_with_the_setting_to_mend(options: WebhookOptions, words: str) -> None:
    server = FakeTelegram()
    database = await open_telegram_database()
    with pytest.raises(SettingsError, match=words) as refused:
        build_platform(server, database, None, webhook=options)  # type: ignore[arg-type]
    assert "ROADMATE_TELEGRAM_WEBHOOK_" in str(refused.value)
    await database.close()


async def test_a_place_where_nothing_can_listen_is_told() -> None:
    async with called_bot() as bot:
        other = build_platform(bot.server, bot.database, bot.clock, webhook=bot.more["webhook"])
        with pytest.raises(SettingsError, match="ROADMATE_TELEGRAM_WEBHOOK_LISTEN"):
            await other.start(bot.engine.respond)
        await other.stop()
        assert await bot.says(bot.server.person("Ana"), "/roadmap")


async def test_an_address_telegram_refuses_is_told() -> None:
    async with called_bot(started=False) as bot:
        bot.server.fail("setWebhook", 400, words="Bad Request: bad webhook: IP address 192.168.1.5 is reserved")
        with pytest.raises(SettingsError, match=r"ROADMATE_TELEGRAM_WEBHOOK_URL.*is reserved"):
            await bot.start()


@pytest.mark.parametrize(
    "trouble",
    [{"status": 400, "words": "Bad Request: bad webhook: Failed to resolve host: Name or service not known"}, {"status": 502}],
)  # fmt: skip
async def test_an_address_not_known_everywhere_yet_is_tried_again(trouble: dict[str, Any]) -> None:
    async with called_bot(started=False) as bot:
        bot.server.fail("setWebhook", **trouble)
        await bot.start()
        await bot.clock.passes(at_most=60)
        await bot.server.until(lambda: bot.server.webhook)
        await brought(bot, await bot.server.person("Ana").types("/roadmap"))
        assert bot.engine.texts == ["/roadmap"]


async def test_listening_where_others_can_reach_it_is_noted(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    async with called_bot(host="0.0.0.0") as bot:  # noqa: S104 - that this is noted is the point
        assert await bot.says(bot.server.person("Ana"), "/roadmap")
    assert "without encryption" in caplog.text
