"""Says a text in a place of a reply, draws it for both platforms, and tells what went wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Final

from bot.kit.reply import Button, Choice, Menu, Reply, reply
from bot.kit.text import (  # fmt: skip
    Bold,
    Bullets,
    CodeBlock,
    Facts,
    Heading,
    Italic,
    Link,
    Mention,
    Paragraph,
    Plain,
    Quote,
    Spoiler,
    Table,
)
from bot.platforms.discord import render as discord
from bot.platforms.telegram import render as telegram
from tests.fakes.discord_payloads import refusals, shown, texts
from tests.fakes.telegram_reader import read
from tests.fakes.telegram_spec import problems_of
from tests.platforms.telegram.payloads import as_form

PLACES: Final[dict[str, Callable[[str], Reply]]] = {
    "paragraph": reply,
    "name": lambda words: reply((Mention(7, words), Plain(" has joined."))),
    "title": lambda words: reply("x", title=words),
    "heading": lambda words: reply(Heading((Plain(words),))),
    "bold": lambda words: reply((Bold((Plain(words),)), Plain(" and "), Italic((Plain(words),)))),
    "hidden": lambda words: reply((Plain("Answer: "), Spoiler((Plain(words),)))),
    "link": lambda words: reply((Link((Plain(words),), "https://example.org/a_b*c"),)),
    "quote": lambda words: reply(Quote((Plain(words),))),
    "list": lambda words: reply(Bullets(((Plain(words),), (Plain("second"),)))),
    "small": lambda words: reply(Paragraph((Plain(words),), small=True)),
    "facts": lambda words: reply(Facts((("Name", (Plain(words),)),))),
    "code": lambda words: reply(CodeBlock(words)),
    "table": lambda words: reply(Table(((Plain("a"),), (Plain("b"),)), (((Plain(words),), (Plain("2"),)),))),
    "button": lambda words: reply("x", buttons=((Button(words[:60], "a.b"),),)),
    "menu": lambda words: reply("x", menu=Menu(words, (Choice(words[:60], "a.b", words), Choice("Other", "a.c")))),
}
"""Where words can stand. Buttons and menus may cut, so only their beginning is looked for."""

CUTS: Final = frozenset(("button", "menu"))
_MARKS = "\u0333\u033f\u030a\ufffd"
_PAGE_NUMBER: Final = re.compile(r"\(\d+/\d+\)")
"""Stands at the end of each message of a long text."""
_FILLERS = "\u115f\u3164\u034f"


def visible(text: str) -> str:
    """Return what can be seen of a text: no space, nothing that steers, nothing that stands for such."""
    text = unicodedata.normalize("NFC", text)
    unseen = ("Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp", "Mn", "Me")
    return "".join(char for char in text if unicodedata.category(char) not in unseen and char not in _MARKS + _FILLERS)


def troubles(words: str, place: str) -> Iterator[str]:
    """Yield everything that is wrong with how ``words`` look at ``place``; nothing if all is well."""
    said = PLACES[place](words)
    wanted = visible(words[:20])[:-1] if place in CUTS else visible(words)  # the cut may part a letter from its marks
    for name, look in (("Telegram", _telegram), ("Discord", _discord)):
        found: list[str] = []
        seen = visible(look(said, found))
        if wanted not in seen and wanted not in _PAGE_NUMBER.sub("", seen):
            found.append("characters were lost")
        yield from (f"{name}, {place}: {trouble}" for trouble in found)


def refused(said: Reply) -> list[str]:
    """Return why a platform would not take a reply, or what it would do that it must not."""
    found: list[str] = []
    for look in (_telegram, _discord):
        look(said, found)
    return found


def _telegram(said: Reply, found: list[str]) -> str:
    parts = []
    for message in telegram.render(said):
        found += problems_of("sendMessage", as_form(message))[1]
        one = read(message.text, list(message.entities))
        found += one.problems
        found += [f"pings {ping}" for ping in one.pings]
        if not one.text or len(message.text) > 4096:
            found.append("the message is refused for its length")
        parts += [one.text, *(key["text"] for row in message.keyboard for key in row)]
    return "".join(parts)


def _discord(said: Reply, found: list[str]) -> str:
    parts = []
    for message in discord.render(said, "discord.form:1"):
        found += refusals(message)
        for seen in texts(message):
            found += [f"pings {ping}" for ping in seen.mentions]
            found += [f"draws {emoji}" for emoji in seen.emoji]
        parts.append(shown(message))
    return "".join(parts)
