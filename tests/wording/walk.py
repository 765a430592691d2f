"""A walk through the whole bot, over content without Latin letters: what is left in them was said by the bot itself."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from bot.app import build_app, open_shelf
from bot.domain.curriculum.curriculum import Curriculum
from bot.domain.curriculum.shelf import Indexes
from bot.domain.questions.bank import Bank
from bot.domain.questions.shapes import LevelWord, Option, Question
from bot.infra.database_inline import open_inline
from tests.fakes.clock import FakeClock
from tests.fakes.core import PRIVATE, ROOM, CoreWorld, Message, Person, presses_of, shipped_shelf

Check = Callable[[Message], None]


@cache
def examples() -> re.Pattern[str]:
    """What finds commands in an answer, with the content's own words that follow them in examples."""
    app = build_app(open_inline(), shipped_shelf(), FakeClock())
    known = sorted({re.escape(command.example) for command in app.commands if command.example}, key=len, reverse=True)
    settings = r"/settings [a-z-]+( on| off)?"
    return re.compile("|".join((*known, r"/privacy [a-z]+", settings, r"/[a-z]+\b")))


TYPED = (
    "/start", "/help", "/roadmap", "/roadmap 1", "/roadmap 4.1", "/roadmap py-syntax", "/roadmap dlf-pytorch", "/roadmap ψψψψ",
    "/roadmap 9", "/next", "/done", "/done py-syntax", "/done py-syntax", "/done 1", "/done ψψψψ", "/progress", "/search",
    "/settings", "/settings zone", "/settings zone 日本", "/settings quiet 9", "/settings ψ", "/schedule",
    "/search ψψψψ", "/search λ", "/define", "/define λ1", "/define ψψψψ", "/rodmap", "/roadmap papers-with-code",
    "/quiz", "/review", "/privacy", "/privacy erase",
)  # fmt: skip
"""What a learner types, alone and in a room."""
MODERATED = ("/setup", "/settings community", "/settings changes", "/roles", "/roles 日本", "/schedule", "/help")
LEVELS: tuple[LevelWord, ...] = ("easy", "medium", "hard")
STRAY = ("roadmap.stage:xx", "nobody.knows:1", "engine.run:", "roadmap.undo:999", "roadmap.topic:gone", "x" * 64)
"""Data of buttons that lead nowhere."""


def greek(value: Any) -> Any:
    """Rewrite all prose of the curriculum without Latin letters; ids, numbers and addresses stay."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        kept = {"id", "number", "url", "kind", "cost", "level", "status", "verified", "spot", "requires", "helps",
                "resources", "topic", "topics", "more", "one_of", "successor"}  # fmt: skip
        changed = {
            field.name: greek(getattr(value, field.name))
            for field in dataclasses.fields(value)
            if field.name not in kept or field.name in ("topics", "subtopics")
        }
        return dataclasses.replace(value, **changed)
    if isinstance(value, tuple):
        return tuple(greek(item) for item in value)
    if isinstance(value, str):
        return value if re.fullmatch(r"[a-z0-9-]+", value) and "-" in value else re.sub(r"[A-Za-z]", "λ", value)
    return value


def greek_curriculum() -> Curriculum:
    """The shipped curriculum with the same shape and no Latin letter in its prose."""
    shipped = shipped_shelf().curriculum
    resources = {name: greek(entry) for name, entry in shipped.resources.items()}
    terms = tuple(
        dataclasses.replace(greek(term), term=f"λ{number}", aliases=(), see=())
        for number, term in enumerate(shipped.terms)
    )
    return Curriculum(tuple(map(greek, shipped.stages)), resources, terms, ())


def greek_bank() -> Bank:
    """Short questions without a Latin letter, about every topic."""
    options = [Option(f"λ{number}", "λλλ") for number in range(4)]
    return Bank(
        Question(
            f"q-{topic}-{number}", topic, level, f"λλ {number}?", tuple(options[:1]), "λλλλ", "λ", tuple(options[1:])
        )
        for topic in shipped_shelf().curriculum.places
        for number, level in enumerate(LEVELS)
    )


def teach_greek(world: CoreWorld, patch: pytest.MonkeyPatch) -> None:
    """Let a world teach ``greek_curriculum`` and ask about it."""
    shelf = open_shelf()
    shelf.reload()
    patch.setattr(shelf, "_indexes", Indexes(greek_curriculum(), greek_bank()))
    object.__setattr__(world.app.tools, "shelf", shelf)


async def as_learner(person: Person, check: Check) -> int:
    """Type everything and press each kind of button once; return how many were pressed."""
    pressed: set[tuple[str, str]] = set()
    for text in TYPED:
        for where in (PRIVATE, ROOM):
            message = await person.says(text, where)
            check(message)
            for data in list(presses_of(message.reply).values()):
                name = ":".join(data.split(":")[:2]) if data.startswith("roadmap.mark") else data.split(":")[0]
                if (name, where) not in pressed:
                    pressed.add((name, where))
                    check(await person.sends(data, message))
                    message = await person.says(text, where)
    return len(pressed)


async def as_moderator(person: Person, check: Check) -> None:
    """Type what moderators may, and press every button there is."""
    for text in MODERATED:
        pressed: set[str] = set()
        message = await person.says(text, ROOM)
        check(message)
        while left := [data for data in presses_of(message.reply).values() if data not in pressed]:
            pressed.add(left[0])
            message = await person.sends(left[0], message)
            check(message)


async def as_somebody_lost(person: Person, check: Check) -> None:
    """Press what is not there, and type far too much."""
    card = await person.says("/roadmap")
    for data in STRAY:
        check(await person.sends(data, card))
    check(await person.says("/roadmap " + "λ" * 500))
