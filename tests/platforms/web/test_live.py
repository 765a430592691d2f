"""Live windows: they hear what happens, miss nothing, see only what is theirs, and are let go when they must be."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack

import aiohttp
import pytest
from aiohttp import web

from bot.domain.commons.cast import PERSONAS
from bot.kit.platform import Delivery
from bot.kit.reply import Button, reply
from bot.platforms.web import limits
from bot.platforms.web.cast import ROOMS
from bot.platforms.web.live import Windows
from bot.platforms.web.store import MessageStore
from bot.platforms.web.stream import Stream
from tests.fakes.web_page import parse
from tests.fakes.web_world import WebWorld

KEYS = ((Button("Next", "map.next:2"),),)


async def test_everybody_in_the_room_hears_what_is_said_answered_and_edited(world: WebWorld) -> None:
    ana, ben = world.person("ana", "study-hall"), world.person("ben", "study-hall")
    await ben.looks()
    async with ben.follows() as window:
        world.engine.next(reply("page one", buttons=KEYS))
        await ana.says("/roadmap")
        assert "/roadmap" in (await window.hears())["html"]
        card = await window.hears()
        assert "page one" in card["html"]
        world.engine.next(reply("page two", buttons=KEYS), Delivery.EDIT)
        await ana.presses("Next")
        edited = await window.hears()
        assert "page two" in edited["html"]
        assert edited["id"] == card["id"]


async def test_a_window_that_comes_back_misses_nothing(world: WebWorld) -> None:
    ana, ben = world.person("ana", "study-hall"), world.person("ben", "study-hall")
    await ana.says("before")
    await ben.looks()
    await ana.says("meanwhile")
    async with ben.follows() as window:
        assert "meanwhile" in (await window.hears())["html"]
    async with world.http.get(f"{ben.address}live?after=0", headers={"Last-Event-ID": "1"}) as response:
        lines = [(await response.content.readline()).decode() for _count in range(9)]
    assert not any("before" in line for line in lines)


async def test_answers_for_one_reach_only_their_own_window(world: WebWorld) -> None:
    ana, ben = world.person("ana", "study-hall"), world.person("ben", "study-hall")
    await ana.looks()
    await ben.looks()
    async with ana.follows() as anas, ben.follows() as bens:
        world.engine.next(reply("yours alone"), only_you=True)
        await ana.says("/progress")
        await ana.says("for all")
        assert "/progress" in (await anas.hears())["html"]
        assert "yours alone" in (await anas.hears())["html"]
        assert "for all" in (await bens.hears())["html"]


async def test_a_live_piece_is_drawn_for_its_viewer_and_leaves_the_event_to_the_script(world: WebWorld) -> None:
    ana = world.person("ana")
    await ana.looks()
    async with ana.follows() as window:
        world.engine.next(reply("x", buttons=KEYS))
        await ana.says("/roadmap")
        assert "mine" in parse((await window.hears())["html"]).one("li").kinds
        assert set(parse((await window.hears())["html"]).one("form").fields()) == {"message"}


async def test_windows_are_told_when_the_clock_was_moved(world: WebWorld) -> None:
    ana, ben = world.person("ana"), world.person("ben")
    await ben.looks()
    async with ben.follows() as window:
        assert (await window.hears("clock"))["now"] == world.clock.now().isoformat()
        await ana.posts("clock", {"by": "day"})
        assert (await window.hears("clock"))["now"] == world.clock.now().isoformat()


async def test_one_window_too_many_is_refused_clearly_until_another_closes(world: WebWorld) -> None:
    ana = world.person("ana")
    async with AsyncExitStack() as stack:
        for _count in range(limits.STREAMS):
            await (await stack.enter_async_context(ana.follows(after=0))).hears("clock")
        async with world.http.get(f"{ana.address}live") as response:
            assert response.status == 503
            assert "Too many windows" in await response.text()
        await ana.looks()
        assert ana.status == 200


async def test_a_closed_window_makes_room_at_once() -> None:
    windows = Windows(most=1)
    window = windows.open("hall")
    assert window is not None
    assert windows.open("hall") is None
    windows.close(window)
    assert windows.open("hall") is not None


async def test_stopping_ends_open_windows_and_finishes_what_is_in_hand(world: WebWorld) -> None:
    ana = world.person("ana")
    await ana.looks()
    async with ana.follows() as window:
        await window.hears("clock")
        world.engine.gate = asyncio.Event()
        sending = asyncio.create_task(ana.says("/roadmap"))
        await world.engine.asked.wait()
        began = time.monotonic()
        stopping = asyncio.create_task(world.platform.stop())
        assert await window.ends()
        world.engine.gate.set()
        await stopping
        assert time.monotonic() - began < 5
        with pytest.raises(aiohttp.ClientError):  # the line was answered; the page it led to is closed
            await sending
    await world.platform.start(world.engine.respond)
    again = world.person("ana")
    await again.looks()
    assert again.cards == ["You said /roadmap"]


async def test_stopping_does_not_wait_for_an_answer_that_never_comes(
    world: WebWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.web.adapter.FINISH_SECONDS", 0.05)
    world.engine.gate = asyncio.Event()
    sending = asyncio.create_task(world.person("ana").says("/roadmap"))
    await world.engine.asked.wait()
    began = time.monotonic()
    await world.platform.stop()
    assert time.monotonic() - began < 5
    with pytest.raises(aiohttp.ClientError):
        await sending


async def test_a_window_that_does_not_read_is_let_go(world: WebWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.platforms.web.stream.STREAM_WRITE_SECONDS", 0.01)

    class Stuck(web.StreamResponse):
        async def write(self, data: bytes | bytearray | memoryview) -> None:
            await asyncio.Event().wait()

    windows = Windows()
    window = windows.open("roadmate-ana")
    assert window is not None
    stream = Stream(Stuck(), window, windows, MessageStore(world.database), "UTC")
    with pytest.raises(TimeoutError):
        await stream.follow(ROOMS[1], PERSONAS[0], 0, None)


async def test_a_silent_stream_still_shows_that_it_lives(world: WebWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.platforms.web.stream.STREAM_PAUSE_SECONDS", 0.01)
    async with world.http.get(f"{world.person('ana').address}live") as response:
        async with asyncio.timeout(5):
            while b"still here" not in await response.content.readline():
                pass
