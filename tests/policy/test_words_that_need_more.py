"""A word that only moderators may begin a command with is refused to others, however it reaches the command."""

from __future__ import annotations

import pytest

from bot.kit.request import Role, Trigger
from tests.fakes.core import ROOM, CoreWorld, Person

GAPS = (" ", "\n", "\t", "\u00a0", "  ")


async def typed(who: Person, text: str) -> str:
    return (await who.says(text, ROOM)).text


async def given(who: Person, name: str, values: dict[str, str]) -> str:
    """Ask as a platform does that tells a command's options apart."""
    return (await who._ask(Trigger.COMMAND, f"/{name}", ROOM, values=values)).text


def strict(world: CoreWorld) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return each command with such words: its name, the word, its options."""
    found = [
        (command.name, word, tuple(param.name for param in command.params))
        for command in world.app.commands
        for word, needs in command.stricter.items()
        if needs is Role.MODERATOR
    ]
    assert found
    return found


@pytest.mark.parametrize("gap", GAPS)
async def test_a_member_is_refused_whatever_stands_between_the_words(world: CoreWorld, ana: Person, gap: str) -> None:
    for name, word, _options in strict(world):
        assert "Only moderators" in await typed(ana, f"/{name} {word}{gap}1 none"), (name, word)


async def test_a_member_is_refused_in_whichever_options_the_words_come(world: CoreWorld, ana: Person) -> None:
    for name, word, options in strict(world):
        for place, option in enumerate(options):
            assert "Only moderators" in await given(ana, name, {option: f"{word} 1 none"}), (name, option)
            for other in options[place + 1 :]:
                assert "Only moderators" in await given(ana, name, {option: word, other: "1 none"}), (name, option)


async def test_a_moderator_is_heard_in_each_of_these_ways(world: CoreWorld) -> None:
    mo = world.person("Mo", Role.MODERATOR)
    for name, word, options in strict(world):
        for gap in GAPS:
            assert "Only moderators" not in await typed(mo, f"/{name} {word}{gap}1 none")
        for option in options:
            assert "Only moderators" not in await given(mo, name, {option: f"{word} 1 none"})
