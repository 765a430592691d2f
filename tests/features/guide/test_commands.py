"""The first words and the help."""

from __future__ import annotations

from bot.kit.request import Role
from tests.fakes.core import ROOM, CoreWorld, Person


async def test_a_newcomer_is_greeted_by_name_and_led_to_the_first_stage(ana: Person) -> None:
    message = await ana.says("/start")
    assert "Hello Ana" in message.text
    assert "Stage 1" in (await ana.presses("Open stage 1", on=message)).text


async def test_a_newcomer_may_find_their_level_first(ana: Person) -> None:
    question = await ana.presses("Find my level", on=await ana.says("/start"))
    assert "Question 1" in question.text
    assert not question.public


async def test_help_lists_every_command_with_a_summary(ana: Person, world: CoreWorld) -> None:
    message = await ana.says("/help")
    for command in world.app.commands:
        if Role.MEMBER.may(command.needs):
            assert f"/{command.name}" in message.text
            assert command.summary in message.text


async def test_every_example_in_the_help_works(ana: Person, world: CoreWorld) -> None:
    for command in world.app.commands:
        message = await ana.says(command.example)
        assert message.text
        assert "Did you mean" not in message.text
        assert "There is no" not in message.text


async def test_help_in_a_room_is_private(ana: Person) -> None:
    assert not (await ana.says("/help", ROOM)).public
