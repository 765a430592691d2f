"""Requests on their way: what each failure says about whether Telegram heard, and what is never told to anybody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.platforms.telegram.api import (
    Api,
    ConflictError,
    ForbiddenError,
    LostError,
    MovedError,
    RefusedError,
    RejectedError,
    WaitError,
)
from bot.platforms.telegram.limits import CALLS_AT_ONCE
from tests.fakes.discord_clock import PatientClock
from tests.fakes.telegram_chats import Json
from tests.fakes.telegram_server import TOKEN, FakeTelegram


@pytest.fixture
async def server() -> AsyncIterator[FakeTelegram]:
    fake = FakeTelegram()
    await fake.start()
    yield fake
    await fake.stop()


async def asked(root: str, method: str = "getMe", **parameters: Any) -> Any:
    """Ask once, with a connection of its own."""
    api = Api(TOKEN, root, PatientClock())
    try:
        return await api.once(method, **parameters)
    finally:
        await api.close()


async def test_an_answer_is_plain_data(server: FakeTelegram) -> None:
    assert (await asked(server.root))["username"] == "roadmate_bot"
    assert (await asked(server.root + "/"))["username"] == "roadmate_bot"


@pytest.mark.parametrize(
    ("status", "more", "kind"),
    [
        (400, {"words": "Bad Request: something"}, RefusedError),
        (400, {"words": "Bad Request: chat not found"}, ForbiddenError),
        (400, {"words": "Bad Request: upgraded", "migrate_to_chat_id": -1005}, MovedError),
        (401, {"words": "Unauthorized"}, RejectedError),
        (403, {"words": "Forbidden: bot was blocked by the user"}, ForbiddenError),
        (404, {"words": "Not Found"}, RejectedError),
        (409, {"words": "Conflict"}, ConflictError),
        (429, {"retry_after": 7}, WaitError),
    ],
)
async def test_each_refusal_is_told_apart(
    server: FakeTelegram, status: int, more: dict[str, Any], kind: type[Exception]
) -> None:
    server.fail("getMe", status, **more)
    with pytest.raises(kind) as told:
        await asked(server.root)
    assert TOKEN not in str(told.value)


@pytest.mark.parametrize(
    ("status", "page", "heard"),
    [
        (500, "", False),
        (502, "", False),
        (503, "", False),
        (504, "<html>", True),
        (502, "<html>", True),
        (418, "<html>", True),
        (301, "<html>", True),
        (404, "<html>", False),
        (200, "<html>", True),
    ],
)
async def test_telegrams_own_trouble_was_heard_and_refused_but_a_page_on_the_way_tells_nothing(
    server: FakeTelegram, status: int, page: str, *, heard: bool
) -> None:
    server.fail("getMe", status, page=page)
    with pytest.raises(LostError) as told:
        await asked(server.root)
    assert told.value.heard == heard


async def test_a_broken_connection_tells_nothing(server: FakeTelegram) -> None:
    server.break_off("getMe")
    with pytest.raises(LostError) as told:
        await asked(server.root)
    assert told.value.heard


async def test_no_answer_in_time_tells_nothing(server: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.platforms.telegram.api.CALL_SECONDS", 0.1)
    hold = asyncio.Event()

    async def slow(_values: Json) -> Json:
        await hold.wait()
        return {}

    monkeypatch.setattr(server, "_get_me", slow)
    with pytest.raises(LostError) as told:
        await asked(server.root)
    assert told.value.heard
    hold.set()


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_where_nobody_answers_nothing_was_heard(server: FakeTelegram, scheme: str) -> None:
    await server.stop()
    with pytest.raises(LostError) as told:
        await asked(f"{scheme}://127.0.0.1:{server.port}")
    assert not told.value.heard
    assert TOKEN not in str(told.value)


@pytest.mark.parametrize(
    "root", ["https://127.0.0.1:{port}", "http://127.0.0.1:0", "http://[::1", "nonsense", "ftp://127.0.0.1"]
)
async def test_an_address_that_cannot_work_was_heard_by_nobody_and_hides_the_token(
    server: FakeTelegram, root: str
) -> None:
    with pytest.raises(LostError) as told:
        await asked(root.format(port=server.port))
    assert not told.value.heard
    assert TOKEN.partition(":")[2] not in str(told.value)


async def test_a_proxy_of_the_environment_leads_out(server: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", server.root)
    assert (await asked("http://telegram.invalid"))["username"] == "roadmate_bot"


async def test_text_of_every_kind_arrives_as_it_is(server: FakeTelegram) -> None:
    chat = server.group()
    for text in ("x&y=z+%20", "Ünïcödé 😀", '{"a": "b"}', "\\u0041", "5", "null", "a\nb"):
        await asked(server.root, "sendMessage", chat_id=chat.id, text=text)
        assert chat.seen[-1].text == text
    assert server.problems == []


async def test_only_so_many_requests_are_in_flight(server: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> None:
    chat, flying, most, full, hold = server.group(), 0, 0, asyncio.Event(), asyncio.Event()
    sending = server._send_message

    async def slow(values: Json) -> Json:
        nonlocal flying, most
        flying += 1
        most = max(most, flying)
        if flying == CALLS_AT_ONCE:
            full.set()
        await hold.wait()
        flying -= 1
        return await sending(values)

    monkeypatch.setattr(server, "_send_message", slow)
    api = Api(TOKEN, server.root, PatientClock())
    calls = [asyncio.ensure_future(api.once("sendMessage", chat_id=chat.id, text="x")) for _ in range(40)]
    await full.wait()
    hold.set()
    await asyncio.gather(*calls)
    await api.close()
    assert (most, len(chat.seen)) == (CALLS_AT_ONCE, 40)
