"""Starting and stopping the web chat, and what an operator is told when it cannot start."""

from __future__ import annotations

import socket

import pytest

from bot.kit.errors import SettingsError
from bot.platforms.web import WebOptions
from tests.fakes.clock import FakeClock
from tests.fakes.web_world import FakeEngine, WebWorld, build_platform, open_web_database


async def refusal(options: WebOptions) -> str:
    database = await open_web_database()
    platform = build_platform(database, FakeClock(), [], options)
    with pytest.raises(SettingsError) as error:
        await platform.start(FakeEngine().respond)
    await platform.stop()
    await database.close()
    return str(error.value)


async def test_a_port_in_use_is_told_with_the_next_step() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert await refusal(WebOptions(port=port)) == (
            f"Port {port} on 127.0.0.1 is in use. Stop the other program or set ROADMATE_WEB to another address,"
            f" such as 127.0.0.1:{port + 1 if port < 65_535 else 8642}."
        )


async def test_an_address_of_another_computer_is_told() -> None:
    assert "This computer has no address 192.0.2.1" in await refusal(WebOptions(host="192.0.2.1", port=0))


async def test_a_name_nobody_knows_is_told() -> None:
    assert "This computer has no address no-such-host.invalid" in await refusal(
        WebOptions(host="no-such-host.invalid", port=0)
    )


async def test_a_number_that_is_no_port_is_told() -> None:
    assert "70000 is not a port" in await refusal(WebOptions(port=70_000))


async def test_port_zero_takes_a_free_one_and_says_which(world: WebWorld) -> None:
    host, _colon, port = world.platform.address.partition(":")
    assert host == "127.0.0.1"
    assert int(port) > 0
    assert world.platform.name == "web"


async def test_stopping_twice_or_before_starting_is_fine(world: WebWorld) -> None:
    await world.platform.stop()
    await world.platform.stop()
    with pytest.raises(RuntimeError, match="has not been started"):
        world.platform.address  # noqa: B018 - reading it is the test


async def test_it_can_be_started_again_on_the_same_port() -> None:
    database = await open_web_database()
    first = build_platform(database, FakeClock(), [])
    await first.start(FakeEngine().respond)
    port = int(first.address.rpartition(":")[2])
    await first.stop()
    second = build_platform(database, FakeClock(), [], WebOptions(port=port))
    await second.start(FakeEngine().respond)
    await second.stop()
    await database.close()
