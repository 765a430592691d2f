"""What Discord is told about commands keeps its rules and changes only when commands do."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import ClassVar

from bot.kit.command import Command, Param
from bot.kit.reply import Reply
from bot.kit.request import Role
from bot.platforms.discord import limits
from bot.platforms.discord.commands import declarations, fingerprint
from tests.fakes.core import CoreWorld

NAME = re.compile(r"[-_'a-z0-9]{1,32}")


async def _nothing(**_values: str) -> Reply:
    return Reply()


async def _other(**_values: str) -> Reply:
    return Reply()


class German:
    """A few sentences in German."""

    words: ClassVar = {
        "Mark something as learned": "Etwas als gelernt markieren",
        "Explain this term": "Begriff erklären",
        "command:roadmap": "übersicht",
        "command:done": "Erledigt",
        "command:next": "zwei worte",
        "command:help": "roadmap",
        "command:search": "übersicht",
    }

    def gettext(self, message: str, /) -> str:
        return self.words.get(message, message)

    def ngettext(self, singular: str, plural: str, count: int, /) -> str:
        return singular if count == 1 else plural


def command(**more: object) -> Command:
    values: dict[str, object] = {"name": "x", "summary": "Does x", "handler": _nothing, "needs": Role.MEMBER, **more}
    return Command(**values)  # type: ignore[arg-type]


async def test_every_command_keeps_discords_rules(world: CoreWorld) -> None:
    told = declarations(world.app.commands)
    assert len({(entry["type"], entry["name"]) for entry in told}) == len(told) <= limits.COMMANDS
    for entry in told:
        assert entry["contexts"] == [0, 1]
        assert entry["integration_types"] == [0]
        if entry["type"] == 3:
            assert 1 <= len(entry["name"]) <= 32
            continue
        assert NAME.fullmatch(entry["name"])
        assert 1 <= len(entry["description"]) <= 100
        parts = [
            entry,
            *entry["options"],
            *(choice for option in entry["options"] for choice in option.get("choices", ())),
        ]
        said = [part.get(name, "") for part in parts for name in ("name", "description", "value")]
        assert sum(map(len, said)) <= limits.COMMAND_TEXT
        assert len(entry["options"]) <= 25
        for option in entry["options"]:
            assert NAME.fullmatch(option["name"])
            assert 1 <= len(option["description"]) <= 100
            assert not ("choices" in option and option.get("autocomplete"))
            assert option.get("max_length", 1) <= 6000


def test_options_are_typed_from_their_declaration() -> None:
    params = (
        Param("free", "Anything", longest=9000),
        Param("one", "One of", choices=("a", "b")),
        Param("topic", "A topic", suggests="topic"),
        Param("must", "Needed", required=True),
    )
    (told,) = declarations([command(params=params)])
    assert [option["name"] for option in told["options"]] == ["must", "free", "one", "topic"]
    must, free, one, topic = told["options"]
    assert must["required"] is True
    assert (free["max_length"], "autocomplete" in free) == (6000, False)
    assert one["choices"] == [{"name": "a", "value": "a"}, {"name": "b", "value": "b"}]
    assert topic["autocomplete"] is True


def test_rights_are_hinted_at() -> None:
    assert "default_member_permissions" not in declarations([command()])[0]
    assert declarations([command(needs=Role.MODERATOR)])[0]["default_member_permissions"] == "32"
    assert declarations([command(needs=Role.OWNER)])[0]["default_member_permissions"] == "0"


def test_a_message_can_be_explained_only_where_terms_can() -> None:
    assert [entry["type"] for entry in declarations([command()])] == [1]
    define = command(name="define", params=(Param("term", "The term"),))
    assert [entry["name"] for entry in declarations([define])] == ["define", "Explain this term"]


def test_descriptions_are_told_in_other_languages() -> None:
    define = command(name="define", summary="Mark something as learned", params=(Param("term", "The term"),))
    told, menu = declarations([define], {"de": German()})
    assert told["description_localizations"] == {
        "de": "Etwas als gelernt markieren",
        "en-US": "Mark something as learned",
    }
    assert "description_localizations" not in told["options"][0]
    assert menu["name_localizations"] == {"de": "Begriff erklären", "en-US": "Explain this term"}


def test_the_fingerprint_changes_with_what_is_told_and_only_then() -> None:
    before = command(params=(Param("topic", "A topic"),))
    assert fingerprint(declarations([before])) == fingerprint(
        declarations([replace(before, handler=_other, example="/x y")])
    )
    assert fingerprint(declarations([before])) != fingerprint(declarations([replace(before, summary="Other")]))
    assert fingerprint(declarations([before])) != fingerprint(declarations([before, command(name="y")]))


def test_languages_discord_does_not_know_are_left_out_and_english_stays_english() -> None:
    define = command(name="define", summary="Mark something as learned", params=(Param("term", "The term"),))
    told, _menu = declarations([define], {"de": German(), "tlh": German(), "en-GB": German()})
    assert set(told["description_localizations"]) == {"de", "en-GB", "en-US"}
    assert told["description_localizations"]["en-US"] == "Mark something as learned"


def test_names_are_localized_where_discord_takes_them_and_nothing_else_has_them() -> None:
    commands = [command(name=name) for name in ("roadmap", "done", "next", "help", "search", "start")]
    told = {entry["name"]: entry.get("name_localizations") for entry in declarations(commands, {"de": German()})}
    assert told == {
        "roadmap": {"de": "übersicht", "en-US": "roadmap"},
        "done": {"de": "erledigt", "en-US": "done"},
        "next": None,
        "help": None,
        "search": None,
        "start": None,
    }
