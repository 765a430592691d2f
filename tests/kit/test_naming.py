"""Commands in people's own words, and back."""

from __future__ import annotations

from collections.abc import Mapping

from bot.kit.command import Command
from bot.kit.naming import Names, called
from bot.kit.reply import Reply
from bot.kit.request import Role
from bot.kit.wording import ENGLISH


class Words:
    """A catalogue of a few entries."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self.words = words

    def gettext(self, message: str, /) -> str:
        return self.words.get(message, message)

    def ngettext(self, singular: str, plural: str, count: int, /) -> str:
        return singular if count == 1 else plural


async def nothing(*_arguments: object) -> Reply:
    return Reply()


COMMANDS = [Command(name, "Does it", nothing, needs=Role.STRANGER) for name in ("roadmap", "next", "done", "list")]
GERMAN = Words({"command:roadmap": "Fahrplan", "command:next": "weiter", "command:done": "next", "command:list": "ü b"})
DUTCH = Words({"command:roadmap": "weiter", "command:next": "volgende"})
NAMES = Names(lambda: COMMANDS, {"de": GERMAN, "nl": DUTCH})


def test_a_language_calls_commands_by_names_that_fit_and_mean_nothing_else() -> None:
    assert called(["roadmap", "next", "done", "list"], GERMAN) == {"roadmap": "fahrplan", "next": "weiter"}
    assert called(["roadmap"], ENGLISH) == {}


def test_two_commands_are_never_called_the_same() -> None:
    both = Words({"command:next": "x", "command:done": "x"})
    assert called(["next", "done"], both) == {"next": "x"}


def test_a_typed_command_is_understood_in_every_language_first_in_ones_own() -> None:
    assert NAMES.translated("/fahrplan 2", "nl") == "/roadmap 2"
    assert NAMES.translated("/WEITER@some_bot x", "de") == "/next@some_bot x"
    assert NAMES.translated("/weiter", "nl-BE") == "/roadmap"
    assert NAMES.translated("/volgende") == "/next"


def test_english_names_and_everything_else_stay_as_they_are() -> None:
    for text in ("/roadmap 2", "/next", "/unknown x", "fahrplan", "", "/", "/ fahrplan", "x /fahrplan"):
        assert NAMES.translated(text, "de") == text
    assert Names(lambda: COMMANDS, {}).translated("/fahrplan") == "/fahrplan"
