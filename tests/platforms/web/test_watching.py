from __future__ import annotations

import base64
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession, web
from aiohttp.typedefs import Handler

from bot.platforms.web.options import WebOptions
from bot.platforms.web.watching import WatchServer, add_watching
from tests.fakes.web_world import WebWorld

SECRET = "long-enough-secret"
EVERYWHERE = "0.0.0.0"  # noqa: S104 - on a free port, for as long as a test takes


class Fake:
    """A bot somebody watches over."""

    def __init__(self) -> None:
        self.parts: dict[str, str] = {"database": "", "discord": ""}
        self.stall = ""

    rehearsal = ""

    def stalled(self) -> str:
        return self.stall

    async def unready(self) -> Mapping[str, str]:
        return self.parts

    async def metrics(self) -> str:
        return "roadmate_up 1\n"


@asynccontextmanager
async def watched(fake: Fake, **options: str) -> AsyncIterator[ClientSession]:
    server = WatchServer(fake, WebOptions(port=0, **options))  # type: ignore[arg-type]
    await server.start()
    try:
        async with ClientSession(f"http://127.0.0.1:{server.port}") as session:
            yield session
    finally:
        await server.stop()


async def ask(session: ClientSession, path: str, **headers: str) -> tuple[int, str]:
    async with session.get(path, headers=headers) as response:
        return response.status, await response.text()


class TestOnThisComputer:
    async def test_a_bot_that_does_well_says_so(self) -> None:
        async with watched(Fake()) as session:
            assert await ask(session, "/healthz") == (200, "alive\nloop: ok\n")
            assert await ask(session, "/readyz") == (200, "ready\ndatabase: ok\ndiscord: ok\n")
            assert await ask(session, "/metrics") == (200, "roadmate_up 1\n")

    async def test_the_numbers_are_in_the_format_prometheus_reads(self) -> None:
        async with watched(Fake()) as session, session.get("/metrics") as response:
            assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"

    async def test_trouble_is_a_503_with_the_cause(self) -> None:
        fake = Fake()
        fake.parts["discord"] = "no connection"
        fake.stall = "the loop stood still for 12 s"
        async with watched(fake) as session:
            assert await ask(session, "/readyz") == (503, "not ready\ndatabase: ok\ndiscord: no connection\n")
            assert await ask(session, "/healthz") == (503, "stalled\nloop: the loop stood still for 12 s\n")

    async def test_a_foreign_name_that_leads_here_learns_nothing(self) -> None:
        async with watched(Fake()) as session:
            assert await ask(session, "/readyz", Host="evil.example") == (200, "ready\n")
            assert (await ask(session, "/metrics", Host="evil.example"))[0] == 403

    async def test_head_is_answered_too(self) -> None:
        async with watched(Fake()) as session, session.head("/healthz") as response:
            assert response.status == 200


class TestForOthers:
    async def test_without_a_secret_others_learn_only_whether_it_is_well(self) -> None:
        fake = Fake()
        fake.parts["database"] = "/srv/roadmate.db is damaged"
        async with watched(fake, host=EVERYWHERE) as session:
            assert await ask(session, "/healthz") == (200, "alive\n")
            assert await ask(session, "/readyz") == (503, "not ready\n")
            status, text = await ask(session, "/metrics")
            assert status == 403
            assert "ROADMATE_WEB_SECRET" in text

    @pytest.mark.parametrize(
        "header",
        [
            f"Bearer {SECRET}",
            f"bearer  {SECRET}",
            "Basic " + base64.b64encode(f"prometheus:{SECRET}".encode()).decode(),
        ],
    )
    async def test_whoever_knows_the_secret_learns_everything(self, header: str) -> None:
        async with watched(Fake(), secret=SECRET, host=EVERYWHERE) as session:
            assert await ask(session, "/metrics", Authorization=header) == (200, "roadmate_up 1\n")
            assert "database: ok" in (await ask(session, "/readyz", Authorization=header))[1]

    @pytest.mark.parametrize(
        "header", ["", "Bearer ", "Bearer wrong", f"Digest {SECRET}", "Basic !!!", "Basic eA==", SECRET]
    )
    async def test_whoever_does_not_is_told_how_and_nothing_else(self, header: str) -> None:
        async with watched(Fake(), secret=SECRET) as session:
            headers = {"Authorization": header} if header else {}
            status, text = await ask(session, "/metrics", **headers)
            assert (status, "Bearer" in text) == (401, True)
            assert await ask(session, "/readyz", **headers) == (200, "ready\n")

    async def test_guessing_is_slowed_down(self) -> None:
        async with watched(Fake(), secret=SECRET) as session:
            for number in range(20):
                await ask(session, "/metrics", Authorization=f"Bearer guess-{number}")
            assert (await ask(session, "/metrics", Authorization=f"Bearer {SECRET}"))[0] == 401


class TestBesideTheChat:
    @asynccontextmanager
    async def beside(self, secret: str | None) -> AsyncIterator[ClientSession]:
        """An application with a guard of its own in front, as the chat has one."""

        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            raise web.HTTPForbidden(text="guarded")

        app = web.Application(middlewares=[guard])
        add_watching(app, Fake(), WebOptions(secret=secret))
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            async with ClientSession(f"http://127.0.0.1:{runner.addresses[0][1]}") as session:
                yield session
        finally:
            await runner.cleanup()

    async def test_the_chats_guard_does_not_stand_before_it(self) -> None:
        async with self.beside(None) as session:
            assert await ask(session, "/healthz") == (200, "alive\nloop: ok\n")

    @pytest.mark.parametrize("path", ["/", "/healthz/", "/readyz/../room", "/metrics/x"])
    async def test_and_stands_before_everything_else(self, path: str) -> None:
        async with self.beside(SECRET) as session:
            assert await ask(session, path) == (403, "guarded")
            async with session.post("/metrics") as response:
                assert response.status == 403

    async def test_a_chat_nobody_watches_has_no_such_addresses(self, world: WebWorld) -> None:
        async with ClientSession() as session, session.get(f"{world.url}/healthz") as response:
            assert response.status == 404


async def test_an_address_in_use_is_said_and_the_bot_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        server = WatchServer(Fake(), WebOptions(port=taken.getsockname()[1]))
        await server.start()
        assert server.port is None
        assert "is in use" in caplog.text
        await server.stop()
