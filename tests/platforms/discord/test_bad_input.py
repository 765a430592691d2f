"""Whatever is sent instead of what the bot offered gets a kind answer and changes nothing wrongly."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.kit.action import BadActionDataError
from bot.platforms.discord.limits import CUSTOM_ID
from tests.fakes.discord_payloads import touchables
from tests.fakes.discord_people import COMMAND, FORM, PRESS, DiscordPerson
from tests.fakes.discord_server import Interaction, Message
from tests.platforms.discord.conftest import DiscordWorld, open_hall

CARDS: tuple[tuple[str, dict[str, str]], ...] = (
    ("roadmap", {}),
    ("roadmap", {"what": "2"}),
    ("roadmap", {"what": "1.2"}),
    ("roadmap", {"what": "linear algebra"}),
    ("next", {}),
    ("progress", {}),
    ("search", {"text": "regression"}),
    ("define", {"term": "overfitting"}),
    ("help", {}),
    ("start", {}),
)


async def offered(who: DiscordPerson) -> list[tuple[Message, str]]:
    """Every id of every button and menu entry of many cards, with the card it is on."""
    found: dict[str, tuple[Message, str]] = {}
    for name, options in CARDS:
        for message in (await who.slash(name, **options)).messages:
            for data in touchables(message.payload).values():
                found.setdefault(data, (message, data))
    return list(found.values())


def kind(one: Interaction) -> bool:
    """Whether somebody got an answer that Discord took and that is not about a mistake of ours."""
    said = "\n".join(message.text for message in one.messages)
    return bool(one.answers) and (bool(said) or one.modal is not None or one.kinds == [6]) and "on my side" not in said


async def sent(who: DiscordPerson, data: str, on: Message) -> Interaction:
    """Press a button of any id."""
    return await who.send({"component_type": 2, "custom_id": data}, on)


@pytest.mark.parametrize("alone", [True, False])
async def test_a_truncated_button_changes_nothing_or_is_another_button(hall: DiscordWorld, alone: bool) -> None:
    ana = hall.person(alone=alone)
    known = {data for _message, data in await offered(ana)}
    before = await hall.rows()
    for message, data in await offered(ana):
        for size in {1, len(data) // 2, len(data) - 1}:
            if (short := data[:size]) and short not in known and not is_valid(hall, short):
                one = await sent(ana, short, message)
                assert kind(one), short
    assert await hall.rows() == before


def is_valid(hall: DiscordWorld, data: str) -> bool:
    """Whether some action can read this."""
    handler = hall.app.registry.actions.get(data.partition(":")[0])
    if handler is None:
        return False
    try:
        handler.action.read(data)
    except BadActionDataError:
        return False
    return True


async def test_an_altered_button_changes_nothing_or_is_another_button(hall: DiscordWorld) -> None:
    ana = hall.person()
    before = await hall.rows()
    for message, data in await offered(ana):
        for altered in (
            data + ":x",
            data + "#",
            data.upper(),
            ":" + data,
            data.replace(".", "_"),
            "x" + data,
            data + "\x00",
            "9" * 99,
        ):
            if not is_valid(hall, altered):
                assert kind(await sent(ana, altered, message)), altered
    assert await hall.rows() == before


async def test_a_button_from_somebody_elses_card_works_for_the_one_who_presses_alone(hall: DiscordWorld) -> None:
    ana, ben = hall.person(), hall.person()
    cards = await offered(ana)
    public = next(message for message, _data in cards if not message.seen_by)
    nothing_yet = (await ana.slash("progress")).messages[0].text
    for _message, data in cards:
        one = await sent(ben, data, public)
        assert kind(one), data
        assert {said.seen_by for said in one.messages} <= {"", ben.account}
    assert (await ana.slash("progress")).messages[0].text == nothing_yet
    assert (await ben.slash("progress")).messages[0].text != nothing_yet


@pytest.mark.parametrize("later", [timedelta(0), timedelta(days=366)])
async def test_every_button_works_in_another_channel_and_a_year_later(hall: DiscordWorld, later: timedelta) -> None:
    ana = hall.person()
    cards = await offered(ana)
    await hall.restart()
    if later:
        hall.clock.travel(later)
    for place in ("6003", "6009"):
        ana.channel = place
        for message, data in cards:
            assert kind(await sent(ana, data, message)), data


async def test_free_text_where_completions_were_offered_is_understood_or_met_half_way(hall: DiscordWorld) -> None:
    ana = hall.person()
    assert await ana.types("roadmap", "what", "backprop")
    for text in ("back propagation", "no such thing at all", "@everyone", "```", "\u202e", " ", "9" * 200, "2"):
        one = await ana.slash("roadmap", what=text)
        assert kind(one), text
    assert "Backpropagation" in (await ana.slash("roadmap", what="back propagation")).messages[0].text


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("roadmap", {"what": "x" * 6000}),
        ("roadmap", {"what": ""}),
        ("roadmap", {"nothing": "like this"}),
        ("done", {}),
        ("define", {"term": "\x00\x01"}),
        ("gone", {"what": "x"}),
        ("", {}),
        ("../../etc", {}),
    ],
)
async def test_options_out_of_range_and_unknown_commands_are_met_half_way(
    hall: DiscordWorld, name: str, options: dict[str, str]
) -> None:
    before = await hall.rows()
    assert kind(await hall.person().slash(name, **options))
    assert await hall.rows() == before


async def test_numbers_and_switches_where_words_belong_are_read_as_words(hall: DiscordWorld) -> None:
    ana = hall.person()
    for value in (2, 2.5, True, None):
        data = {"id": "1", "name": "roadmap", "type": 1, "options": [{"name": "what", "type": 4, "value": value}]}
        assert kind(await ana.settled(await ana.does(COMMAND, data)))


@pytest.mark.parametrize(
    "data",
    [
        {"custom_id": "lookup.find", "components": []},
        {
            "custom_id": "lookup.find",
            "components": [{"type": 18, "component": {"type": 4, "custom_id": "other", "value": "x"}}],
        },
        {"custom_id": "nothing.here", "components": []},
        {"custom_id": "discord.form:" + "0" * 32, "components": []},
        {"custom_id": "", "components": []},
    ],
)
async def test_a_form_nobody_showed_is_answered_kindly(hall: DiscordWorld, data: dict[str, Any]) -> None:
    before = await hall.rows()
    ana = hall.person()
    assert kind(await ana.settled(await ana.does(FORM, data)))
    assert await hall.rows() == before


@pytest.mark.parametrize(
    ("what", "data"),
    [
        (COMMAND, {"type": 3, "name": "Other entry", "target_id": "1"}),
        (PRESS, {}),
        (FORM, {}),
        (COMMAND, {"options": [{}]}),
    ],
)
async def test_what_cannot_be_read_at_all_is_said_to_be_so(hall: DiscordWorld, what: int, data: dict[str, Any]) -> None:
    ana = hall.person()
    one = await ana.settled(await ana.does(what, data))
    assert "I could not read that" in one.messages[0].text
    assert one.messages[0].seen_by == ana.account


async def test_a_menu_left_empty_is_met_half_way(hall: DiscordWorld) -> None:
    ana = hall.person()
    card = (await ana.slash("roadmap")).messages[0]
    one = await ana.send({"component_type": 3, "custom_id": "discord.menu", "values": []}, card)
    assert kind(one)


async def test_a_button_of_a_kept_form_of_somebody_else_opens_for_the_one_who_presses(hall: DiscordWorld) -> None:
    card = (await hall.person().slash("roadmap")).messages[0]
    for name in ("0" * 32, "", "'; DROP TABLE discord_form; --", "x" * 80):
        assert kind(await sent(hall.person(), f"discord.form:{name}", card))


ODD = st.text(max_size=CUSTOM_ID) | st.builds(
    lambda name, rest: f"{name}:{rest}"[:CUSTOM_ID],
    st.sampled_from(("roadmap.mark", "roadmap.stage", "lookup.find", "engine.run", "discord.form", "guide.tour")),
    st.text(max_size=80),
)


def test_no_button_and_no_menu_entry_ever_breaks_anything() -> None:
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        hall = runner.run(stack.enter_async_context(open_hall()))
        runner.run(hall.start())
        ana = hall.person()
        card = runner.run(ana.slash("roadmap")).messages[0]

        @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
        @given(data=ODD, values=st.lists(ODD, max_size=2))
        def presses(data: str, values: list[str]) -> None:
            told = {"component_type": 3, "custom_id": data, "values": values}
            assert kind(runner.run(ana.send(told, card)))

        presses()
        runner.run(stack.aclose())
