"""A second opinion: the client under simcord, an independent model of Discord in the same process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
import simcord
from discord.http import Route
from discord.webhook.async_ import async_context

from bot.platforms.discord.client import LeanClient
from bot.platforms.discord.exchange import Payload, Upload
from tests.fakes.databases import IN_PLACE
from tests.fakes.discord_payloads import shown
from tests.platforms.discord.conftest import DiscordWorld

pytestmark = IN_PLACE  # simcord has to know of everything that is waited for


class SimSender:
    """Sends answers to simcord, which stands where the library would send them."""

    client: LeanClient

    async def close(self) -> None:
        pass

    async def send(
        self,
        method: str,
        path: str,
        body: Payload | None,
        *,
        token: str,
        until: datetime,
        upload: Upload | None = None,
        authorization: str = "",
    ) -> None:
        assert upload is None
        assert until.tzinfo is not None
        assert token in path
        if authorization:
            await self.client.http.request(Route(method, path), json=body)
            return
        await async_context.get().request(Route(method, path), None, payload=body)  # type: ignore[arg-type]


@pytest.fixture
async def sim(idle: DiscordWorld) -> AsyncIterator[simcord.Env]:
    """The bot in simcord's world, its commands registered."""
    conversation = idle.platform.conversation(idle.app.router.respond)
    idle.platform._sender = sender = SimSender()  # type: ignore[assignment]
    sender.client = client = idle.platform.client(conversation)
    env = simcord.Env(client)
    await env.start()
    try:
        await idle.platform.register(client)
        yield env
    finally:
        await conversation.finish(1)
        await env.shutdown()


@dataclass
class Hall:
    """A channel, and somebody in it."""

    channel: Any
    ana: Any


@pytest.fixture
def hall(sim: simcord.Env) -> Hall:
    guild = sim.create_guild()
    return Hall(guild.create_text_channel("general"), guild.add_member(sim.create_user("ana")))


def words(message: Any) -> str:
    """Everything a message says, read by our own reader from what simcord kept."""
    return shown({"components": message.components, "content": message.content})


async def test_a_card_and_its_buttons_work(sim: simcord.Env, hall: Hall) -> None:
    card = (await hall.ana.slash(hall.channel, "roadmap")).response
    assert "Machine learning roadmap" in words(card)
    assert not card.ephemeral
    pressed = await hall.ana.click(card, label="1")
    assert "Stage 1" in words(pressed.response)
    assert sim.bot.user is not None


async def test_what_is_personal_is_for_the_asker_alone(hall: Hall) -> None:
    assert (await hall.ana.slash(hall.channel, "next")).response.ephemeral
    done = await hall.ana.slash(hall.channel, "done", topic="linear algebra")
    assert "Done: Linear algebra" in words(done.response)
    assert done.response.ephemeral


async def test_options_are_completed(hall: Hall) -> None:
    offered = await hall.ana.autocomplete(hall.channel, "roadmap", "what", "backprop")
    assert any("ackpropagation" in choice["name"] for choice in offered)


async def test_a_form_is_shown_and_taken(hall: Hall) -> None:
    asked = await hall.ana.slash(hall.channel, "search")
    assert asked.modal is not None
    found = await hall.ana.submit_modal(asked, {"text": "pandas"})
    assert "pandas documentation" in words(found.response)


async def test_a_term_in_a_message_is_explained(hall: Hall) -> None:
    message = await hall.ana.send(hall.channel, "overfitting")
    explained = await hall.ana.context_menu(hall.channel, "Explain this term", message)
    assert "Example" in words(explained.response)
    assert explained.response.ephemeral


async def test_words_written_in_private_are_looked_up_with_the_intents_there_are(sim: simcord.Env) -> None:
    ben = sim.create_user("ben")
    await ben.send_dm("overfitting")
    assert len(ben.dm_channel.history()) == 2
    card = ben.dm_channel.last_message
    assert card is not None
    assert "Found for “overfitting”" in shown({"components": [part.to_dict() for part in card.components]})
    pressed = await ben.click(card, label="early stopping")
    assert "Stopping the training" in words(pressed.response)


async def test_words_in_a_server_are_left_alone(hall: Hall) -> None:
    await hall.ana.send(hall.channel, "overfitting")
    assert len(hall.channel.history()) == 1
